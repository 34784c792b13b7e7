"""The audit trail of a partnership. Nothing about private answers is ever written here."""

from partnerships.models import Partnership, TrailEntry, User


def record(partnership: Partnership, actor: User | None, verb: str, about: str = "") -> None:
    TrailEntry.objects.create(partnership=partnership, actor=actor, verb=verb, about=about[:200])
