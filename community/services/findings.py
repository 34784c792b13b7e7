"""Findings: their status, their factors, and the documents they cite."""

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assessments.factors import Factor as Offered
from community.models import (
    FACTORS,
    Evidence,
    EvidenceKind,
    Factor,
    Figure,
    Finding,
    Item,
    State,
    Status,
    StatusChange,
)
from community.services.notifications import notify_members
from partnerships.codes import random_code
from partnerships.models import User
from partnerships.services import Refused

# Which status may follow which; a retired finding may be proposed anew.
NEXT = {
    Status.PROPOSED: [Status.SUPPORTED, Status.CONTESTED, Status.RETIRED],
    Status.SUPPORTED: [Status.CONTESTED, Status.RETIRED],
    Status.CONTESTED: [Status.SUPPORTED, Status.RETIRED],
    Status.RETIRED: [Status.PROPOSED],
}


def factors() -> list[Factor]:
    """Return the factors in use, in their order; the first time, the list that the group starts from."""
    if not Factor.objects.exists():
        Factor.objects.bulk_create(
            [Factor(slug=slug, position=place) for place, slug in enumerate(FACTORS)], ignore_conflicts=True
        )
    return list(Factor.objects.filter(retired_at=None))


def factors_for_sessions() -> list[Offered]:
    """Return the list that joint sessions choose from, retired ones marked, in one statement once it is there."""
    rows = list(Factor.objects.all()) or factors()
    return [Offered(row.slug, str(row), row.retired_at is not None) for row in rows]


@transaction.atomic
def add_factor(name: str) -> Factor:
    factors()
    last = Factor.objects.aggregate(last=Max("position"))["last"] or 0
    stem = slugify(name)[:50] or "factor"
    slug = f"{stem}-{random_code(4)}" if Factor.objects.filter(slug=stem).exists() else stem
    return Factor.objects.create(slug=slug, name=name, position=last + 1)


def retire_factor(factor: Factor) -> None:
    """Take a factor from the list; findings that have it keep it."""
    Factor.objects.filter(pk=factor.pk).update(retired_at=timezone.now())


@transaction.atomic
def change_status(finding: Finding, coordinator: User, status: str, reason: str) -> None:
    """Give a finding another status, with the reason; its author and endorsers are told."""
    now = Finding.objects.select_for_update(no_key=True, of=("self",)).get(pk=finding.pk)
    if status not in NEXT[Status(now.status)]:
        raise Refused(_("You cannot change the finding's current status to this one. Choose another status."))
    if status == Status.SUPPORTED and not in_force(now):
        raise Refused(_("You cannot set this status without evidence. Add at least one piece of evidence first."))
    Finding.objects.filter(pk=now.pk).update(status=status)
    change = StatusChange.objects.create(finding=now, status=status, reason=reason, by=coordinator)
    Item.objects.filter(pk=now.pk).update(updated_at=change.at)
    concerned = User.objects.filter(pk__in=[now.author_id, *now.endorsements.values_list("user", flat=True)])
    facts = {"title": str(now), "status": status, "reason": reason}
    notify_members(
        "status", concerned.exclude(pk=coordinator.pk), now.get_absolute_url(), f"{now.code}:{change.pk}", **facts
    )


def in_force(item: Item) -> list[Evidence]:
    """Return what an item rests on that readers can see and that speaks for it."""
    return [row for row in evidence_of(item) if row.shown and not row.against]  # type: ignore[attr-defined]


def evidence_of(item: Item) -> list[Evidence]:
    """Return the evidence of an item, each with `shown`: whether readers can see what it says."""
    return with_shown(item.evidence.filter(withdrawn_at=None))


def with_shown(evidence: QuerySet[Evidence]) -> list[Evidence]:
    rows = list(evidence.select_related("case__group", "figure", "by"))
    for row in rows:
        row.shown = _is_shown(row)  # type: ignore[attr-defined]
    return rows


def _is_shown(row: Evidence) -> bool:
    if row.case:
        return row.case.state == State.PUBLISHED and row.case.revoked_at is None
    return row.figure is None or row.figure.hidden_at is None


def figures_of(item: Item) -> list[Evidence]:
    """Return the figures that an item cites; they stay when its author withdraws it."""
    return [row for row in evidence_of(item) if row.kind == EvidenceKind.FIGURE]


def add_document(item: Item, user: User, **fields) -> Evidence:
    return Evidence.objects.create(item_id=item.pk, kind=EvidenceKind.DOCUMENT, by=user, **fields)


def cite_figure(item: Item, user: User, figure: Figure, says: str = "", against: bool = False) -> Evidence:
    """Rest an item on a number of the evidence base, as it was."""
    return Evidence.objects.create(
        item_id=item.pk, kind=EvidenceKind.FIGURE, figure=figure, says=says, against=against, by=user
    )


def withdraw(evidence: Evidence) -> None:
    Evidence.objects.filter(pk=evidence.pk).update(withdrawn_at=timezone.now())
