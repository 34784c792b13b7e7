"""The assessment page's checklist: at most four lines that move this step on for the person who looks.

No line depends on whether anybody else began, answered, submitted or withdrew (METHOD §4, rule 5).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Assessment, Stage
from assessments.services import todo
from assessments.services.setup import facts as declared
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles
from partnerships.models import Membership, Partner

MOST = 4
BEGINNING = (Stage.COLLECTING, Stage.VOTING)


@dataclass(frozen=True)
class ChecklistLine:
    """What is to be done or is done, and the page where it is done."""

    text: str
    url: str
    done: bool = False


@dataclass(frozen=True)
class LookedUp:
    """What the page has looked up already."""

    signs: bool  # a signature of this person is still open
    pledged: bool | None  # every partner that is asked has signed; None where nobody is asked
    decisions: int  # on the list
    facts: int  # that partners declare
    undeclared: bool  # this person's organisation has not declared all of them
    accepted: bool | None  # this person accepts the ground rules; None where they cannot be accepted now
    unconfirmed: Membership | None  # this person's membership, if its side is to be confirmed


def checklist(assessment: Assessment, member: MemberRoles, facts: LookedUp) -> list[ChecklistLine]:
    """Return what is open first, then what is done."""
    lines = [*_own(assessment, member, facts), *_facilitators(assessment, member, facts)]
    return sorted(lines, key=lambda line: line.done)[:MOST]


def _own(assessment: Assessment, member: MemberRoles, facts: LookedUp) -> Iterator[ChecklistLine]:
    here = _at(assessment)
    if facts.unconfirmed and facts.unconfirmed.partner:
        name = facts.unconfirmed.partner.name
        confirms = reverse("partnerships:organisation", args=[assessment.partnership.code])
        yield ChecklistLine(
            _("Confirm that you speak for %(name)s and that its side is correct") % {"name": name}, confirms
        )
    if assessment.pk in todo.named_questions(member.any.user, [assessment]):
        yield ChecklistLine(
            _("Say privately whether your organisation's answers may be shown with its name"), here("named")
        )
    if facts.signs and actions.may(assessment, member, WorkflowAction.SIGN_PLEDGE):
        yield ChecklistLine(_("Sign the pledge: nothing said in this assessment will affect grants"), here("pledge"))
    if facts.undeclared:
        yield ChecklistLine(_("Declare your organisation's facts"), here("facts-declare"))
    if facts.accepted is not None:
        yield ChecklistLine(_("Read and accept the ground rules of the session"), here("ground-rules"), facts.accepted)
    if assessment.predecessor_id and actions.may(assessment, member, WorkflowAction.SAY_SINCE):
        yield ChecklistLine(_("Say what has changed since last time"), here("shift") + "#said")


def _facilitators(assessment: Assessment, member: MemberRoles, facts: LookedUp) -> Iterator[ChecklistLine]:
    if not member.is_facilitator:
        return
    here = _at(assessment)
    if assessment.stage in BEGINNING:
        yield _decisions(assessment, facts.decisions)
        yield _representatives(assessment)
    if facts.facts and actions.may(assessment, member, WorkflowAction.ENTER_FACTS):
        yield _declared(assessment)
    if facts.pledged is not None and assessment.stage in (*BEGINNING, Stage.RATING):
        yield ChecklistLine(_("The pledge has been signed"), here("pledge"), facts.pledged)
    if actions.may(assessment, member, WorkflowAction.GUESS):
        yield ChecklistLine(
            _("Before you lead the session, read the reading guide and plan the agenda"), here("reading")
        )


def _decisions(assessment: Assessment, count: int) -> ChecklistLine:
    text = ngettext("Collect decisions: %(n)d so far", "Collect decisions: %(n)d so far", count) % {"n": count}
    return ChecklistLine(text, _at(assessment)("decisions"), count >= 2)


def _declared(assessment: Assessment) -> ChecklistLine:
    """Count who declared all facts. This is not asked while rating is open, since it would show who is active."""
    complete, there = declared.partners_with_all(assessment)
    text = ngettext(
        "Facts: %(k)d of %(n)d partner has declared all its facts",
        "Facts: %(k)d of %(n)d partners have declared all their facts",
        there,
    ) % {"k": complete, "n": there}
    return ChecklistLine(text, _at(assessment)("facts"), complete == there)


def _representatives(assessment: Assessment) -> ChecklistLine:
    members = assessment.partnership.memberships.in_force().representatives().values("partner")
    missing = Partner.objects.filter(partnership=assessment.partnership, left_at=None).exclude(pk__in=members)
    people = reverse("partnerships:people", args=[assessment.partnership.code])
    return ChecklistLine(_("Each organisation has a representative"), people, not missing.exists())


def _at(assessment: Assessment):
    return lambda name: reverse(f"assessments:{name}", args=[assessment.code])
