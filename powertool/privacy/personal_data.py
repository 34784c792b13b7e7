"""The personal data register: the lists of all apps, and what the libraries of this site store about people."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments import personal_data as assessments
from community import personal_data as community
from partnerships import personal_data as partnerships
from partnerships.privacy import Erasure, PersonalField, Reader, Until, is_impersonal

FIELDS_OF_LIBRARIES = [
    PersonalField(
        model="account.EmailAddress",
        fields="user email verified primary",
        what=_("your e-mail addresses"),
        reader=Reader.SELF,
        erasure=Erasure.DELETED,
        path="user",
    ),
    PersonalField(
        model="account.EmailConfirmation",
        fields="email_address created sent key",
        what=_("e-mails sent to confirm an address"),
        reader=Reader.PROGRAM,
        erasure=Erasure.DELETED,
        path="email_address__user",
        withheld="key",
    ),
    PersonalField(
        model="mfa.Authenticator",
        fields="user type data created_at last_used_at",
        what=_("your methods for two-step sign-in: passkeys, authenticator apps, recovery codes"),
        reader=Reader.PROGRAM,
        erasure=Erasure.DELETED,
        path="user",
        withheld="data",
    ),
    PersonalField(
        model="socialaccount.SocialAccount",
        fields="user provider uid last_login date_joined",
        what=_("the account at your organisation that you use to sign in, when you connected it and last used it"),
        reader=Reader.SELF,
        erasure=Erasure.DELETED,
        path="user",
        export="provider date_joined last_login",
    ),
    PersonalField(
        model="usersessions.UserSession",
        fields="user created_at ip last_seen_at session_key user_agent data",
        what=_("where you are signed in: network address, browser and day of last use"),
        reader=Reader.SELF,
        erasure=Erasure.DELETED,
        until=Until.SESSION,
        path="user",
        export="created_at last_seen_at ip user_agent",
    ),
    PersonalField(
        model="sessions.Session",
        fields="session_key session_data expire_date",
        what=_("the record of each browser in which you are signed in"),
        reader=Reader.PROGRAM,
        erasure=Erasure.DELETED,
        until=Until.SESSION,
    ),
    PersonalField(
        model="admin.LogEntry",
        fields="action_time user content_type object_id object_repr action_flag change_message",
        what=_("what you did on the staff pages as a member of staff"),
        reader=Reader.STAFF,
        erasure=Erasure.DELETED,
        path="user",
        export="action_time object_repr change_message",
    ),
]

# In the order of the page: who you are, what you answer, what you write, how you sign in.
SECTIONS: list[tuple[str, object, list[PersonalField]]] = [
    ("partnerships", _("You and your partnerships"), partnerships.PERSONAL_FIELDS),
    ("assessments", _("Assessments"), assessments.PERSONAL_FIELDS),
    ("community", _("Working groups"), community.PERSONAL_FIELDS),
    ("signing-in", _("Signing in"), FIELDS_OF_LIBRARIES),
]
PERSONAL_FIELDS: list[PersonalField] = [entry for _key, _title, entries in SECTIONS for entry in entries]
IMPERSONAL_FIELDS: dict[str, str] = {
    **partnerships.IMPERSONAL_FIELDS,
    **assessments.IMPERSONAL_FIELDS,
    **community.IMPERSONAL_FIELDS,
    "auth.Permission": "name codename",
    "auth.Group": "name",
    "contenttypes.ContentType": "app_label model",
    # A rule of the database keeps these empty.
    "socialaccount.SocialAccount": "extra_data",
    "socialaccount.SocialApp": "provider provider_id name client_id secret key settings",
    "socialaccount.SocialToken": "app account token token_secret expires_at",
}


def wrong_fields(personal: list[PersonalField], impersonal: dict[str, str]) -> set[str]:
    """Return the fields about which the lists do not say one thing: not decided, gone, or listed without need."""
    listed = [f"{entry.model}.{name}" for entry in personal for name in entry.fields.split()]
    unlisted = [f"{model}.{name}" for model, names in impersonal.items() for name in names.split()]
    undecided = {_label(field) for field in _all_fields() if not is_impersonal(field)} - {*listed, *unlisted}
    gone = {*listed, *unlisted} - {_label(field) for field in _all_fields()}
    needless = {_label(field) for field in _all_fields() if is_impersonal(field)} & {*unlisted}
    twice = {name for name in [*listed, *unlisted] if [*listed, *unlisted].count(name) > 1}
    return undecided | gone | needless | twice


def _all_fields() -> Iterator[models.Field]:
    for model in apps.get_models(include_auto_created=True):
        yield from model._meta.local_concrete_fields


def _label(field: models.Field) -> str:
    return f"{field.model._meta.label}.{field.name}"
