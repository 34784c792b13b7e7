"""The facilitators' guesses: each writes hers before she reads on, and without seeing the other's."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assessments.models import Assessment, Guess
from assessments.workflow.actions import WorkflowAction, lock_and_require
from partnerships.access import MemberRoles
from partnerships.models import Role


def own(assessment: Assessment, member: MemberRoles) -> Guess | None:
    membership = member.membership(Role.FACILITATOR)
    return assessment.guesses.filter(membership=membership).first() if membership else None


@transaction.atomic
def guess(assessment: Assessment, member: MemberRoles, differs: str, decides: str) -> Guess:
    """Keep a facilitator's guess; a second one finds the first as it stands."""
    locked = lock_and_require(assessment, member, WorkflowAction.GUESS)
    membership = member.membership(Role.FACILITATOR)
    if membership is None:
        raise PermissionDenied
    texts = {"differs": differs, "decides": decides}
    return Guess.objects.get_or_create(assessment=locked, membership=membership, defaults=texts)[0]


def of_others(assessment: Assessment, member: MemberRoles) -> list[Guess]:
    """Return the guesses of the other facilitators, for whoever has written her own."""
    mine = own(assessment, member)
    if mine is None:
        return []
    return list(assessment.guesses.exclude(pk=mine.pk).select_related("membership__user", "membership__partner"))
