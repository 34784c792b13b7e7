"""The one vote of an assessment on its decisions: it is counted once it has ended (METHOD §4, rule 8).

The count is made once and kept. Counted again, each merged decision and each voter who left would tell whose votes
they were.
"""

from collections import Counter, defaultdict
from dataclasses import asdict

from django.utils import timezone

from assessments.disclosure import FEWEST_VOTERS
from assessments.models import Assessment
from assessments.services.setup import opening, shortlist
from partnerships.models import Role


def begin(assessment: Assessment) -> None:
    """Note that people can vote; whoever opens the same vote again goes on with it."""
    assessment.vote_opened_at = assessment.vote_opened_at or timezone.now()
    opening.notify_members(assessment, "assessments.vote_open", roles=[Role.FACILITATOR, Role.REPRESENTATIVE])


def end(assessment: Assessment) -> None:
    """End the vote for good, and keep the count."""
    assessment.vote_ended_at = timezone.now()
    assessment.vote_result = count(assessment)


def count(assessment: Assessment) -> dict | None:
    """Return how many people chose each decision, and what each side chose most; None of fewer than five people."""
    votes = shortlist.votes_of(assessment)
    if len({person for *_decision, person, _side in votes}) < FEWEST_VOTERS:
        return None
    people: dict[int, set[int]] = defaultdict(set)
    for own, merged, person, _side in votes:
        people[merged or own].add(person)
    sides = [asdict(of) | {"decisions": sorted(of.decisions)} for of in shortlist.count(votes)]
    return {"chosen": {str(decision): len(voters) for decision, voters in people.items()}, "sides": sides}


def chosen(assessment: Assessment) -> Counter[int] | None:
    """Return how many people chose each decision by its id, or None where votes are not counted."""
    if not assessment.vote_result:
        return None
    return Counter({int(decision): people for decision, people in assessment.vote_result["chosen"].items()})
