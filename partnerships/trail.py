"""The audit trail of a partnership. Nothing about private answers is ever written here."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.models import Partnership, TrailEntry, User

# What each verb reads as. An app that writes its own verbs adds their words here when it is ready.
WORDS: dict[str, str | Promise] = {
    "partnership.created": _("started the partnership"),
    "partnership.changed": _("changed the settings"),
    "partner.added": _("added a partner"),
    "partner.changed": _("changed a partner"),
    "partner.side": _("corrected the side of the own organisation"),
    "partner.removed": _("removed a partner"),
    "partner.left": _("marked a partner as left"),
    "partner.back": _("brought a partner back"),
    "organisation.confirmed": _("confirmed organisation and side"),
    "invitation.made": _("invited"),
    "invitation.accepted": _("accepted an invitation"),
    "invitation.withdrawn": _("withdrew an invitation"),
    "seat.confirmed": _("confirmed a seat"),
    "seat.admitted": _("A seat was admitted"),
    "seat.voided": _("took a seat back"),
    "guest.merged": _("went on with an account instead of as a guest"),
}


def words(verb: str) -> str:
    return str(WORDS.get(verb, verb.replace("_", " ").replace(".", " ")))


def record(partnership: Partnership, actor: User | None, verb: str, about: str = "") -> None:
    TrailEntry.objects.create(partnership=partnership, actor=actor, verb=verb, about=about[:200])
