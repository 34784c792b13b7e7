"""Proposing, clustering, ordering and choosing decisions."""

from collections import Counter

from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from assessments.models import Assessment, Decision, Vote
from assessments.services.steps import NotNow
from partnerships.models import Seat

MANY = 10


@transaction.atomic
def propose(assessment: Assessment, seat: Seat, wording: str, topic: str = "") -> Decision:
    """Put a decision on the table, in the proposer's words; the same words twice are one proposal."""
    wording = " ".join(wording.split())
    same = assessment.decisions.filter(original__iexact=wording, proposed_by=seat).first()
    if same:
        return same
    last = assessment.decisions.aggregate(last=Max("position"))["last"] or 0
    return Decision.objects.create(
        assessment=assessment, wording=wording, original=wording, topic=topic, proposed_by=seat, position=last + 1
    )


@transaction.atomic
def merge(decision: Decision, into: Decision) -> None:
    """Cluster a look-alike under another decision. Its own words and votes stay with it."""
    if into.merged_into_id or into.assessment_id != decision.assessment_id or into.pk == decision.pk:
        raise NotNow(_("A decision can only be put under another one of this list."))
    decision.merged.update(merged_into=into)
    Decision.objects.filter(pk=decision.pk).update(merged_into=into)


def unmerge(decision: Decision) -> None:
    """Take a decision out of its cluster again."""
    Decision.objects.filter(pk=decision.pk).update(merged_into=None)


@transaction.atomic
def move(decision: Decision, up: bool) -> None:
    """Swap a decision with its neighbour in the list."""
    listed = list(decision.assessment.decisions.heads().select_for_update().order_by("position", "id"))
    place = next(i for i, each in enumerate(listed) if each.pk == decision.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(listed):
        listed[place], listed[other] = listed[other], listed[place]
    for position, each in enumerate(listed):
        each.position = position
    Decision.objects.bulk_update(listed, ["position"])


@transaction.atomic
def vote(assessment: Assessment, seat: Seat, codes: list[str]) -> int:
    """Replace the person's votes; at most five."""
    if len(set(codes)) > Vote.MOST:
        raise NotNow(_("Choose at most five decisions."))
    chosen = list(assessment.decisions.standing().filter(code__in=codes))
    Seat.objects.select_for_update().get(pk=seat.pk)
    Vote.objects.filter(decision__assessment=assessment, seat=seat).delete()
    Vote.objects.bulk_create(Vote(decision=decision, seat=seat) for decision in chosen)
    return len(chosen)


def tally(assessment: Assessment) -> list[tuple[Decision, int]]:
    """Return decisions with how many people chose them or one merged into them, most first. One person counts once."""
    votes = Vote.objects.filter(decision__assessment=assessment).values_list(
        "decision_id", "decision__merged_into_id", "seat_id"
    )
    voices = {(merged or own, seat) for own, merged, seat in votes}
    counts = Counter(head for head, _seat in voices)
    heads = assessment.decisions.heads().annotate(alike=Count("merged"))
    return sorted(((each, counts[each.pk]) for each in heads), key=lambda pair: -pair[1])


@transaction.atomic
def keep_only(assessment: Assessment, codes: list[str]) -> None:
    """Choose which decisions go on; the others stay in the list, left out."""
    if not codes:
        raise NotNow(_("Keep at least one decision."))
    assessment.decisions.filter(code__in=codes).update(left_out=False)
    assessment.decisions.exclude(code__in=codes).filter(merged_into__isnull=True).update(left_out=True)


def leave_out(decision: Decision, out: bool) -> None:
    """Leave a decision out of this assessment, or take it back in."""
    Decision.objects.filter(pk=decision.pk).update(left_out=out)
