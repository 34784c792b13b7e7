"""The words of the inventory: what is kept about a person, who reads it, and what becomes of it.

Each app lists its own fields in its `inventory`; `powertool.privacy` puts the lists together. From them come the page
on data protection, docs/privacy.md and the export, and a field that no list names fails a test.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reader(models.TextChoices):
    """Who reads it on pages. Whoever runs the server could read all of it, but for what is sealed."""

    SELF = "self", _("only you")
    RELEASED = "released", _("only you; others see what the promise above the first question says")
    PROGRAM = "program", _("nobody; the program works with it")
    FACILITATORS = "facilitators", _("the facilitators of your partnership")
    MEMBERS = "members", _("all members of your partnership")
    GROUP = "group", _("all who may read the working group")
    LEADS = "leads", _("the leads of the working group")
    STAFF = "staff", _("the staff of this website")
    TRUSTED = "trusted", _("only the trusted person and whoever wrote; it is sealed, also from whoever runs the server")


class Erasure(models.TextChoices):
    """What becomes of it when a person erases herself."""

    DELETED = "deleted", _("it is deleted")
    UNNAMED = "unnamed", _("it stays, without your name")
    STAYS = "stays", _("it stays, since nothing tells that it is yours")
    AGREED = "agreed", _("it stays, since you asked for your name to be printed with it")
    APART = "apart", _("it has no tie to an account; ask the facilitators or the operators")


class Until(models.TextChoices):
    """How long it is kept. The days are settings (`settings.RETENTION`)."""

    PERSON = "accounts", _("until you erase yourself, or %(days)s days after you last signed in")
    SUBJECT = "subject", _("as long as what it belongs to")
    SESSION = "sessions", _("until you sign out, at the longest %(days)s days")
    INVITATION = "invitations", _("%(days)s days after it was used, withdrawn or ran out")
    DRAFT = "drafts", _("%(days)s days after you last changed it")
    WAITING = "guests", _("%(days)s days, if nobody lets you in")
    NOTICE = "notices", _("%(days)s days")
    DIGEST = "digests", _("%(days)s days after the mail")
    ACTIVITY_LOG = "activity_log", _("%(days)s days; after that the entry stays, without a name")
    CONCERN = "concerns", _("%(days)s days after the assessment was closed")
    RESULT = "result", _("until the question has a result")


@dataclass(frozen=True)
class PersonalField:
    """Fields of one model that are about one person, and what holds for them.

    model    label, as `assessments.Rating`
    fields   names with spaces between
    path     look-up from the model to the person; empty where nothing leads to her
    shows    fields of a row that the export prints; none: `fields`
    hides    fields that no export prints, since whoever had the file could sign in by them
    """

    model: str
    fields: str
    what: str | Promise
    reader: Reader
    erasure: Erasure
    until: Until
    path: str = ""
    shows: str = ""
    hides: str = ""

    @property
    def exported(self) -> list[str]:
        hidden = set(self.hides.split())
        return [name for name in (self.shows or self.fields).split() if name not in hidden]

    @property
    def is_exported(self) -> bool:
        return bool(self.path and self.exported)

    def model_class(self) -> type[models.Model]:
        return apps.get_model(self.model)

    def rows_of(self, person: models.Model) -> models.QuerySet[Any]:
        """Return the rows that are about this person, and no others: the look-up ends at her primary key."""
        rows = self.model_class()._base_manager.filter(**{self.path: person.pk})
        return rows.order_by("pk")


def listed_fields(inventory: Iterable[PersonalField], others: dict[str, str]) -> dict[str, list[str]]:
    """Return for each model the names of the fields that an inventory and its list of other fields name."""
    found: dict[str, list[str]] = {}
    for kept in inventory:
        found.setdefault(kept.model, []).extend(kept.fields.split())
    for model, names in others.items():
        found.setdefault(model, []).extend(names.split())
    return found
