"""Why a “no”: up to three factors in the system, from the list that the community's groups maintain.

What a group of partners named stays with them; the community reads it pooled only (`assessments.evidence`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.db import transaction
from django.utils.translation import gettext as _

from assessments.factors import Factor, factors
from assessments.models import Assessment, Cause, Decision
from assessments.services.session import live
from assessments.workflow.actions import WorkflowAction, lock_and_require
from partnerships.access import MemberRoles
from partnerships.services import Refused


@dataclass(frozen=True)
class Causes:
    """What was named for a decision, and what can be chosen."""

    named: list[Factor]
    offered: list[Factor]

    @property
    def mark(self) -> str:
        """Return what a page says that it showed."""
        return ",".join(each.slug for each in self.named)

    @property
    def places(self) -> list[str]:
        """Return the chosen slugs, filled up with nothing to the three places of the form."""
        slugs = [each.slug for each in self.named]
        return slugs + [""] * (Cause.MOST - len(slugs))


def causes_of(decision: Decision) -> Causes:
    """Return a decision's causes in words, in two statements."""
    listed = factors()
    by_slug = {each.slug: each for each in listed}
    slugs = list(decision.causes.values_list("factor", flat=True))
    named = [by_slug.get(slug, Factor(slug, slug, retired=True)) for slug in slugs]
    return Causes(named, [each for each in listed if not each.retired or each.slug in slugs])


@transaction.atomic
def name(
    assessment: Assessment, member: MemberRoles, decision: Decision, slugs: Sequence[str], seen: str | None = None
) -> None:
    """Keep what the group says stands behind a “no”: up to three factors of the list, in their order.

    Where others stand than those that were `seen`, they are not overwritten.
    """
    locked = lock_and_require(assessment, member, WorkflowAction.RECORD)
    wanted = list(dict.fromkeys(slug for slug in slugs if slug))
    stand = causes_of(decision)
    offered = {each.slug for each in stand.offered}
    if len(wanted) > Cause.MOST or not offered.issuperset(wanted):
        raise BadRequest("no such factors")
    if seen is not None and seen != stand.mark and wanted != [each.slug for each in stand.named]:
        raise Refused(
            _(
                "Someone else has saved causes since you opened this page. Your causes were not saved. Check the "
                "list of causes, and try again."
            )
        )
    decision.causes.all().delete()
    Cause.objects.bulk_create(Cause(decision=decision, place=at, factor=slug) for at, slug in enumerate(wanted, 1))
    live.show_anew(locked)
