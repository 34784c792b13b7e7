"""What this app stores about people. `partnerships.privacy` explains the terms."""

from django.utils.translation import gettext_lazy as _

from partnerships.privacy import Erasure, PersonalField, Reader, Until

PERSONAL_FIELDS = [
    PersonalField(
        model="partnerships.User",
        fields="email name former_names language code is_guest date_joined last_login",
        what=_(
            "your current and earlier names, e-mail address and language, and the days on which you joined and last "
            "signed in"
        ),
        reader=Reader.MEMBERS,
        erasure=Erasure.DELETED,
        path="pk",
    ),
    PersonalField(
        model="partnerships.User",
        fields="password",
        what=_("a code for checking your password (we do not store the password itself)"),
        reader=Reader.PROGRAM,
        erasure=Erasure.DELETED,
        path="pk",
        withheld="password",
    ),
    PersonalField(
        model="partnerships.User",
        fields="is_staff is_superuser is_active",
        what=_("whether you are a staff member of this website, and whether you may sign in"),
        reader=Reader.STAFF,
        erasure=Erasure.DELETED,
        path="pk",
    ),
    PersonalField(
        model="partnerships.User_groups",
        fields="user group",
        what=_("your permissions as a member of staff"),
        reader=Reader.STAFF,
        erasure=Erasure.DELETED,
        path="user",
        export="user group",
    ),
    PersonalField(
        model="partnerships.User_user_permissions",
        fields="user permission",
        what=_("your permissions as a member of staff"),
        reader=Reader.STAFF,
        erasure=Erasure.DELETED,
        path="user",
        export="user permission",
    ),
    PersonalField(
        model="partnerships.GuestKey",
        fields="user digest created_at",
        what=_(
            "a scrambled copy of a guest's resume code, used only to check the code (we do not store the resume "
            "code itself)"
        ),
        reader=Reader.PROGRAM,
        erasure=Erasure.DELETED,
        path="user",
        withheld="digest",
    ),
    PersonalField(
        model="partnerships.ApiToken",
        fields="user code name created_at expires_at last_used_on revoked_at",
        what=_("your access tokens for computer programs: their names, when they expire, and when they were last used"),
        reader=Reader.SELF,
        erasure=Erasure.DELETED,
        path="user",
        export="user code name created_at expires_at last_used_on revoked_at",
    ),
    PersonalField(
        model="partnerships.ApiToken",
        fields="digest once",
        what=_("a code for checking a token (we do not store the token itself)"),
        reader=Reader.PROGRAM,
        erasure=Erasure.DELETED,
        path="user",
        withheld="digest once",
    ),
    PersonalField(
        model="partnerships.Partnership",
        fields="created_by",
        what=_("the partnerships that you started"),
        reader=Reader.MEMBERS,
        erasure=Erasure.UNNAMED,
        path="created_by",
        export="name created_at",
    ),
    PersonalField(
        model="partnerships.Partner",
        fields="side_confirmed_by",
        what=_("your confirmation of your organisation and its side"),
        reader=Reader.MEMBERS,
        erasure=Erasure.UNNAMED,
        path="side_confirmed_by",
        export="name side side_confirmed_at",
    ),
    PersonalField(
        model="partnerships.Membership",
        fields=(
            "partnership code user role partner employer invitation created_at admitted_at voided_at "
            "confirmed_at former_names"
        ),
        what=_("your memberships: partnership, role, organisation and start date"),
        reader=Reader.MEMBERS,
        erasure=Erasure.DELETED,
        path="user",
        export="partnership role partner employer created_at admitted_at voided_at confirmed_at former_names",
    ),
    PersonalField(
        model="partnerships.DeviceKey",
        fields="membership secret",
        what=_("the keys that encrypt the answers stored in your browsers, one for each membership"),
        reader=Reader.PROGRAM,
        erasure=Erasure.DELETED,
        path="membership__user",
        withheld="secret",
    ),
    PersonalField(
        model="partnerships.MembershipConfirmation",
        fields="membership by at",
        what=_("the people whose memberships you confirmed, and the people who confirmed yours"),
        reader=Reader.FACILITATORS,
        erasure=Erasure.DELETED,
        path="by__user",
        export="at",
    ),
    PersonalField(
        model="partnerships.SecondStepYes",
        fields="by at",
        what=_("your agreement to change the rule on two-step sign-in"),
        reader=Reader.FACILITATORS,
        erasure=Erasure.DELETED,
        path="by__user",
        export="at",
    ),
    PersonalField(
        model="partnerships.Invitation",
        fields=(
            "partnership channel code role partner name email language message mailed_at created_by "
            "created_at expires_at withdrawn_at"
        ),
        what=_("invitations that you wrote: name, e-mail address, role and message"),
        reader=Reader.FACILITATORS,
        erasure=Erasure.DELETED,
        until=Until.INVITATION,
        path="created_by__user",
        export="partnership channel role partner name language message created_at expires_at withdrawn_at",
    ),
    PersonalField(
        model="partnerships.Invitation",
        fields="used_at used_by",
        what=_("the invitation that you used"),
        reader=Reader.FACILITATORS,
        erasure=Erasure.DELETED,
        until=Until.INVITATION,
        path="used_by__user",
        export="partnership role channel used_at",
    ),
    PersonalField(
        model="partnerships.Draft",
        fields="user code data changed_at",
        what=_("your drafts of new partnerships"),
        reader=Reader.SELF,
        erasure=Erasure.DELETED,
        until=Until.DRAFT,
        path="user",
        export="data changed_at",
    ),
    PersonalField(
        model="partnerships.Notification",
        fields="recipient kind url context dedupe created_at read_at mailed_at",
        what=_("your notifications (some contain the names of other people)"),
        reader=Reader.SELF,
        erasure=Erasure.DELETED,
        until=Until.NOTIFICATION,
        path="recipient",
        export="kind url context created_at read_at mailed_at",
    ),
    PersonalField(
        model="partnerships.ActivityLogEntry",
        fields="actor",
        what=_("the record of what you did in a partnership, and when (it contains nothing about private answers)"),
        reader=Reader.FACILITATORS,
        erasure=Erasure.UNNAMED,
        until=Until.ACTIVITY_LOG,
        path="actor",
        export="partnership verb at",
    ),
    PersonalField(
        model="partnerships.ActivityLogEntry",
        fields="membership",
        what=_("the history of your membership"),
        reader=Reader.FACILITATORS,
        erasure=Erasure.UNNAMED,
        until=Until.ACTIVITY_LOG,
        path="membership__user",
        export="partnership verb at",
    ),
    PersonalField(
        model="partnerships.Impersonation",
        fields="by membership",
        what=_("the invented person whose role you chose in a rehearsal"),
        reader=Reader.SELF,
        erasure=Erasure.DELETED,
        path="by__user",
    ),
    PersonalField(
        model="partnerships.WrongText",
        fields="language page present_text better_text",
        what=_("a text that you reported as wrong (without your name, account or address)"),
        reader=Reader.STAFF,
        erasure=Erasure.APART,
        until=Until.WRONG_TEXT,
    ),
]

# About no person: organisations, what partnerships are called, and pretend people.
IMPERSONAL_FIELDS = {
    "partnerships.User": "pretend_in",
    "partnerships.Partnership": "name context countries north_label south_label other_label",
    "partnerships.Partner": "name acronym country identifier",
    "partnerships.ActivityLogEntry": "verb about",
}
