"""The terms of the personal data register: what is stored about a person, who reads it, and what becomes of it.

Each app lists its own fields in its `personal_data.py`, and `powertool.privacy` joins the lists. The page on data
protection, docs/privacy.md and the export are made from them.

Most fields are about no person, and `is_impersonal` says so by their type. Everything else is listed: either among an
app's PERSONAL_FIELDS or among its IMPERSONAL_FIELDS. A test fails for a field that is in neither.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reader(models.TextChoices):
    """Who reads it on pages. Whoever runs the server could read all of it, but for what is sealed."""

    SELF = "self", _("only you")
    RELEASED = "released", _("only you (others see what the promise above the first question says)")
    PROGRAM = "program", _("no one (only the software uses it)")
    FACILITATORS = "facilitators", _("the facilitators of your partnership")
    MEMBERS = "members", _("all members of your partnership")
    GROUP = "group", _("everyone who may read the working group's pages")
    COORDINATORS = "coordinators", _("the coordinators of the working group")
    STAFF = "staff", _("the staff of this website")
    TRUSTED = (
        "trusted",
        _(
            "only the trusted person and the writer (it is encrypted, and the administrators of the server cannot read "
            "it)"
        ),
    )


class Erasure(models.TextChoices):
    """What becomes of it when a person erases herself."""

    DELETED = "deleted", _("it will be deleted")
    UNNAMED = "unnamed", _("it will remain, without your name")
    STAYS = "stays", _("it will remain because nothing shows that it is yours")
    AGREED = "agreed", _("it will remain because you asked us to print your name with it")
    APART = "apart", _("it is not linked to an account (ask the facilitators or the operators)")


class Until(models.TextChoices):
    """How long it is stored. The days are settings (`settings.RETENTION`)."""

    PERSON = "accounts", _("until you delete everything about you, or %(days)s days after you last signed in")
    SUBJECT = "subject", _("for as long as the related partnership, assessment or text exists")
    SESSION = "sessions", _("until you sign out, or for %(days)s days at most")
    INVITATION = "invitations", _("%(days)s days after use, withdrawal or expiry")
    DRAFT = "drafts", _("%(days)s days after you last changed it")
    WAITING = "guests", _("%(days)s days if no one confirms your membership")
    NOTIFICATION = "notifications", _("%(days)s days")
    DIGEST = "digests", _("%(days)s days after the e-mail")
    ACTIVITY_LOG = "activity_log", _("%(days)s days (after that, the entry remains without a name)")
    KEPT_REPORT = "kept_reports", _("%(days)s days after the assessment was deleted")
    WRONG_TEXT = "wrong_texts", _("%(days)s days after you sent it")
    CONCERN = "concerns", _("%(days)s days after the assessment was closed")
    RESULT = "result", _("until the question has been settled")


@dataclass(frozen=True, kw_only=True)
class PersonalField:
    """Fields of one model that are about one person, and what holds for them.

    model    label, as `assessments.Rating`
    fields   names, with spaces between
    what     what they say about the person, as the page tells her
    until    how long they are stored; left out, as long as the person, or as what they belong to where it stays
    path     look-up from the model to the person; empty where none leads to her
    export   fields that the export prints; left out, `fields` without the link to the person
    withheld fields that no export prints, since whoever had the file could sign in with them
    """

    model: str
    fields: str
    what: str | Promise
    reader: Reader
    erasure: Erasure
    until: Until | None = None
    path: str = ""
    export: str = ""
    withheld: str = ""

    @property
    def stored_until(self) -> Until:
        return self.until or (Until.PERSON if self.erasure == Erasure.DELETED else Until.SUBJECT)

    @property
    def exported_fields(self) -> list[str]:
        left_out = {self.path.split("__")[0], *self.withheld.split()}
        return self.export.split() or [name for name in self.fields.split() if name not in left_out]

    @property
    def is_exported(self) -> bool:
        return bool(self.path and self.exported_fields)

    def model_class(self) -> type[models.Model]:
        return apps.get_model(self.model)

    def rows_of(self, person: models.Model) -> models.QuerySet[Any]:
        """Return the rows that are about this person, and no others: the look-up ends at her primary key."""
        rows = self.model_class()._base_manager.filter(**{self.path: person.pk})
        return rows.order_by("pk")


# On a row that is about something else, a value of these types says nothing about a person.
IMPERSONAL_TYPES = (
    *(models.BooleanField, models.IntegerField, models.FloatField, models.DecimalField),
    *(models.DateField, models.TimeField, models.DurationField, models.UUIDField),
)


def is_impersonal(field: models.Field) -> bool:
    """Say whether a field is about no person by its kind alone, so that no list has to name it.

    That holds for primary keys, and for links, choices, numbers, days and random codes of rows that do not belong to
    a person. It holds for no link to a person, for no text, and for nothing on a row that is deleted with a person.
    """
    if _links_to_person(field):
        return False
    if field.primary_key:
        return True
    if is_row_of_a_person(field.model):
        return False
    return field.is_relation or bool(field.choices) or isinstance(field, IMPERSONAL_TYPES) or _is_random_code(field)


def is_row_of_a_person(model: type[models.Model], seen: tuple[type[models.Model], ...] = ()) -> bool:
    """Say whether rows of this model are deleted with a person: by a link to her, or to another such row."""
    if model in _people():
        return True
    links = [field for field in model._meta.local_concrete_fields if isinstance(field, models.ForeignKey)]
    owners = {link.related_model for link in links if link.remote_field.on_delete is models.CASCADE}
    return any(is_row_of_a_person(owner, (*seen, model)) for owner in owners - {*seen, model})


def _people() -> tuple[type[models.Model], ...]:
    return get_user_model(), apps.get_model("partnerships.Membership")


def _links_to_person(field: models.Field) -> bool:
    return field.related_model in _people()


def _is_random_code(field: models.Field) -> bool:
    return field.unique and field.has_default()
