"""The inventory of all apps, and of the apps of others that this site runs."""

from django.utils.translation import gettext_lazy as _

from assessments import personal_data as assessments
from community import personal_data as community
from partnerships import personal_data as partnerships
from partnerships.privacy import Erasure, PersonalField, Reader, Until

KEPT_BY_OTHERS = [
    PersonalField(
        "account.EmailAddress",
        "user email verified primary",
        _("your e-mail addresses"),
        Reader.SELF,
        Erasure.DELETED,
        Until.PERSON,
        path="user",
        shows="email verified primary",
    ),
    PersonalField(
        "account.EmailConfirmation",
        "email_address created sent key",
        _("mails by which you confirm an address"),
        Reader.PROGRAM,
        Erasure.DELETED,
        Until.PERSON,
        path="email_address__user",
        shows="created sent",
        hides="email_address key",
    ),
    PersonalField(
        "mfa.Authenticator",
        "user type data created_at last_used_at",
        _("your second steps of signing in: passkeys, authenticator apps, recovery codes"),
        Reader.PROGRAM,
        Erasure.DELETED,
        Until.PERSON,
        path="user",
        hides="user data",
    ),
    PersonalField(
        "usersessions.UserSession",
        "user created_at ip last_seen_at session_key user_agent data",
        _("where you are signed in: the address on the internet, and the browser"),
        Reader.SELF,
        Erasure.DELETED,
        Until.SESSION,
        path="user",
        shows="created_at last_seen_at ip user_agent",
    ),
    PersonalField(
        "sessions.Session",
        "session_key session_data expire_date",
        _("that a browser is signed in"),
        Reader.PROGRAM,
        Erasure.DELETED,
        Until.SESSION,
    ),
    PersonalField(
        "admin.LogEntry",
        "action_time user content_type object_id object_repr action_flag change_message",
        _("what you did as staff on the staff pages"),
        Reader.STAFF,
        Erasure.DELETED,
        Until.PERSON,
        path="user",
        shows="action_time object_repr change_message",
    ),
]
OTHERS_OF_OTHERS = {
    "account.EmailAddress": "id",
    "account.EmailConfirmation": "id",
    "mfa.Authenticator": "id",
    "usersessions.UserSession": "id",
    "sessions.Session": "",
    "admin.LogEntry": "id",
    "auth.Permission": "id name content_type codename",
    "auth.Group_permissions": "id group permission",
    "auth.Group": "id name",
    "contenttypes.ContentType": "id app_label model",
}

# In the order of the page: who you are, what you answer, what you write, how you sign in.
SECTIONS: list[tuple[str, object, list[PersonalField]]] = [
    ("partnerships", _("You and your partnerships"), partnerships.KEPT),
    ("assessments", _("Assessments"), assessments.KEPT),
    ("community", _("Working groups"), community.KEPT),
    ("signing-in", _("Signing in"), KEPT_BY_OTHERS),
]
KEPT: list[PersonalField] = [kept for _key, _title, rows in SECTIONS for kept in rows]
OTHERS: dict[str, str] = partnerships.OTHERS | assessments.OTHERS | community.OTHERS | OTHERS_OF_OTHERS
