"""What is missing before an assessment opens: each check with its button, and what needs a tick to open anyway."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Assessment, Stage
from assessments.results import given_pledges
from assessments.services import transitions
from assessments.services.setup import decisions
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles
from partnerships.models import Invitation, Partner
from partnerships.services import Refused

FEWEST = 2  # decisions


@dataclass(frozen=True)
class Check:
    """One thing to look at before opening: whether it is in order, what is missing, and where that is done."""

    said: str
    done: bool
    label: str
    url: str
    missing: list[str] = field(default_factory=list)
    tick: bool = False  # opening in spite of it needs a tick


def checks(assessment: Assessment) -> list[Check]:
    """Return what to look at, in a fixed number of queries."""
    return [
        _decisions(assessment),
        *_languages(assessment),
        _invited(assessment),
        _represented(assessment),
        _sides(assessment),
        *_pledge(assessment),
    ]


def needs_tick(listed_checks: list[Check]) -> bool:
    return any(check.tick and not check.done for check in listed_checks)


def opens(assessment: Assessment) -> WorkflowAction:
    """Return the step that leads on from here: to the private ratings, or at once to the session."""
    return WorkflowAction.OPEN_RATING if assessment.private_ratings else WorkflowAction.START_SESSION


def open_now(assessment: Assessment, member: MemberRoles, in_spite: bool) -> Assessment:
    """Open the ratings or the session; in spite of a missing representative or an unconfirmed side only by a tick."""
    actions.check(assessment, member, opens(assessment))
    if needs_tick(checks(assessment)) and not in_spite:
        raise Refused(_("Some points are not complete. Complete them, or tick the box to open rating anyway."))
    return transitions.apply(assessment, member, opens(assessment))


def _at(assessment: Assessment, name: str, *more: str) -> str:
    return reverse(f"assessments:{name}", args=[assessment.code, *more])


def _decisions(assessment: Assessment) -> Check:
    count = assessment.decisions.active().count()
    text = ngettext("%(n)d decision is on the list.", "%(n)d decisions are on the list.", count) % {"n": count}
    label, url_name = (
        (_("Add decisions"), "start-decisions")
        if assessment.stage == Stage.COLLECTING
        else (_("Choose decisions"), "choose")
    )
    return Check(text, count >= FEWEST, label, _at(assessment, url_name))


def _languages(assessment: Assessment) -> Iterator[Check]:
    """Ask for wordings in each language that somebody here reads and that a decision lacks."""
    heads = list(assessment.decisions.active())
    for row in decisions.coverage(assessment, heads) if heads else ():
        if row["readers"] and row["have"] < len(heads):
            lacking = len(heads) - row["have"]
            text = ngettext(
                "%(n)d decision has no translation into %(language)s (people who read this language: %(readers)d).",
                "%(n)d decisions have no translation into %(language)s (people who read this language: %(readers)d).",
                lacking,
            ) % {"n": lacking, "language": row["name"], "readers": row["readers"]}
            yield Check(text, False, _("Add translations"), _at(assessment, "wordings", row["code"]))


def _invited(assessment: Assessment) -> Check:
    invitations = assessment.partnership.invitations.open().exclude(channel=Invitation.Channel.JOIN_CODE)
    names = [invitation.name or invitation.email or str(invitation) for invitation in invitations.order_by("pk")]
    url = reverse("partnerships:messages", args=[assessment.partnership.code])
    if not names:
        return Check(_("Everyone you invited has joined."), True, _("Send messages"), url)
    text = ngettext("%(n)d invited person has not joined yet.", "%(n)d invited people have not joined yet.", len(names))
    return Check(text % {"n": len(names)}, False, _("Send messages"), url, names)


def _represented(assessment: Assessment) -> Check:
    represented = assessment.partnership.memberships.in_force().representatives().values("partner")
    names = [partner.name for partner in _partners(assessment).exclude(pk__in=represented)]
    url = reverse("partnerships:invite_several", args=[assessment.partnership.code])
    text = (
        _("Some organisations have no representative yet.") if names else _("Each organisation has a representative.")
    )
    return Check(text, not names, _("Invite people"), url, names, tick=True)


def _sides(assessment: Assessment) -> Check:
    names = [partner.name for partner in _partners(assessment).filter(side_confirmed_at=None)]
    url = reverse("partnerships:partners", args=[assessment.partnership.code])
    text = (
        _("Some organisations have not confirmed their side.")
        if names
        else _("Each organisation has confirmed its side.")
    )
    return Check(text, not names, _("See the partners"), url, names, tick=True)


def _partners(assessment: Assessment):
    return Partner.objects.filter(partnership=assessment.partnership_id, left_at=None)


def _pledge(assessment: Assessment) -> Iterator[Check]:
    if given_pledges.pledges_of_funders(assessment):
        unsigned = given_pledges.unsigned(assessment)
        text = unsigned[0] if unsigned else _("The pledge has been signed.")
        yield Check(text, not unsigned, _("See the pledge"), _at(assessment, "pledge"))
