"""What everybody keeps to in the session: six lines, who may word them, and each member's own “I keep to this”.

`ground_rules_of` returns what `safeguards/ground_rules/_lines.html` shows, the same on every page and on the projector.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from assessments.models import Accepted, Assessment, GroundRules
from assessments.workflow.actions import WorkflowAction, lock_and_require
from partnerships.access import MemberRoles
from partnerships.models import User
from partnerships.services import Refused

LINES = (
    gettext_lazy("Everyone may skip any question without giving a reason."),
    gettext_lazy("We each speak the language that we know best. The others wait for the translation."),
    gettext_lazy("No one asks who answered or wrote what, during the session or afterwards."),
    gettext_lazy("What is said here remains here, unless the person who said it agrees to share it."),
    gettext_lazy("We talk about decisions and how they are taken, not about what people are like."),
    gettext_lazy("Everyone may ask for a break, or for time with their own side, at any time."),
)
LONGEST_LINE = 200


@dataclass(frozen=True)
class GroundRulesNow:
    """The ground rules, how many members accepted them, and whether this person did."""

    lines: list[str]
    language: str  # of the lines, where facilitators worded them; empty: the reader's
    version: int
    accepted: int
    members: int
    mine: Accepted | None

    @property
    def changed(self) -> bool:
        return self.version > 1


def ground_rules_of(assessment: Assessment, user: User | None = None) -> GroundRulesNow:
    """Return the ground rules; `user` for her own “I keep to this”. Names of others leave for nobody."""
    row = GroundRules.objects.filter(assessment=assessment).first()
    memberships = assessment.partnership.memberships.in_force()
    answers = (
        Accepted.objects.filter(ground_rules=row, version=row.version, membership__in=memberships)
        if row
        else Accepted.objects.none()
    )
    return GroundRulesNow(
        lines=list(row.lines) if row and row.lines else [str(line) for line in LINES],
        language=row.language if row and row.lines else "",
        version=row.version if row else 1,
        accepted=answers.values("membership__user").distinct().count(),
        members=memberships.values("user").distinct().count(),
        mine=answers.filter(membership__user=user).first() if user else None,
    )


@transaction.atomic
def accept_rules(assessment: Assessment, member: MemberRoles, version: int) -> None:
    """Record that a member accepts the ground rules that were shown; refused if they have changed since."""
    locked = lock_and_require(assessment, member, WorkflowAction.ACCEPT_GROUND_RULES)
    row, _made = GroundRules.objects.get_or_create(assessment=locked)
    if row.version != version:
        raise Refused(_("The ground rules have changed since you opened this page. Please read them again."))
    Accepted.objects.get_or_create(ground_rules=row, membership=member.any, defaults={"version": version})


@transaction.atomic
def change_rules(assessment: Assessment, member: MemberRoles, lines: Sequence[str]) -> bool:
    """Replace the ground rules, so that everyone has to accept them again; return whether anything changed."""
    locked = lock_and_require(assessment, member, WorkflowAction.EDIT_GROUND_RULES)
    row, _made = GroundRules.objects.get_or_create(assessment=locked)
    before = list(row.lines) or [str(line) for line in LINES]
    if list(lines) == before:
        return False
    row.lines, row.language = list(lines), get_language() or ""
    row.save(update_fields=["lines", "language"])  # the database counts the version, and takes back what was accepted
    return True
