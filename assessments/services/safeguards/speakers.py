"""Who gives the word of a side, on what both sides decide and on the trusted person: one rule (METHOD §4, rule 6)."""

from collections.abc import Iterable, Mapping

from assessments.models import SECOND, Assessment
from partnerships.models import Membership, Role


def speakers_of(
    assessment: Assessment, side: str, sides: Mapping[int, str], barred: Iterable[int] = (), newcomers: bool = True
) -> list[Membership]:
    """Return the memberships that speak for a side: facilitators or, where it has none, representatives.

    `sides` says on which side each partner is. Any facilitator or representative can be the second person of a single
    side. Members since before rating opened come first, so that nobody is let in to speak for a side; without
    `newcomers`, only they speak. `barred` holds the users who do not speak.
    """
    out = set(barred)
    of_side = [
        membership
        for membership in _members(assessment)
        if membership.user_id not in out and (side == SECOND or sides.get(membership.partner_id or 0) == side)
    ]
    early = [membership for membership in of_side if _was_there(membership, assessment)]
    eligible = early if early or not newcomers else of_side
    facilitators = [membership for membership in eligible if membership.role == Role.FACILITATOR]
    return eligible if side == SECOND else facilitators or eligible


def _members(assessment: Assessment) -> Iterable[Membership]:
    people = assessment.partnership.memberships.in_force()
    return people.filter(role__in=(Role.FACILITATOR, Role.REPRESENTATIVE)).select_related("user", "partner")


def _was_there(membership: Membership, assessment: Assessment) -> bool:
    """Say whether a membership is older than the opening of rating, if it opened."""
    since = assessment.opened_at or assessment.first_opened_at
    return since is None or bool(membership.admitted_at and membership.admitted_at <= since)
