"""The navigation inside one assessment: its five steps as tabs, and the pages of each for this person."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.models import Assessment, Stage
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from assessments.workflow.steps import NAMES, Step, step_of, steps_of
from partnerships.access import MemberRoles

When = Callable[[Assessment, MemberRoles], bool]
AT_NOW = ("overview", "step")  # the assessment's own page, and the question before its next step
MET = (Stage.JOINT, Stage.FINAL_REVIEW, Stage.CLOSED)


@dataclass(frozen=True)
class Page:
    """A page of a step: its label, its address's name, when it is listed, and the pages that belong to it."""

    label: str | Promise
    name: str
    when: When
    under: tuple[str, ...] = ()
    of_partnership: bool = False
    download: bool = False


@dataclass(frozen=True)
class Link:
    """A page of a step as the navigation shows it; `here` is the page that is shown."""

    label: str | Promise
    url: str
    here: bool
    download: bool


@dataclass
class Tab:
    """A step as a tab; `url` is empty where this person has no page of it yet."""

    number: int  # among the steps that this assessment goes through
    name: str | Promise
    state: str  # done, current or todo, as the assessment is
    url: str
    here: bool  # the page that is shown belongs to it
    pages: list[Link] = field(default_factory=list)


def always(_assessment: Assessment, _member: MemberRoles) -> bool:
    return True


def may(action: WorkflowAction) -> When:
    return lambda assessment, member: actions.may(assessment, member, action)


def met(assessment: Assessment, _member: MemberRoles) -> bool:
    return assessment.stage in MET


def leads(assessment: Assessment, member: MemberRoles) -> bool:
    return member.is_facilitator and assessment.stage == Stage.JOINT


def answers_alone(action: WorkflowAction) -> When:
    return lambda assessment, member: not assessment.answers_by_side and actions.may(assessment, member, action)


def looks_back(assessment: Assessment, member: MemberRoles) -> bool:
    """Say whether a representative finds her own answers beside the results."""
    return bool(member.represents and assessment.rating_closed_at and not assessment.answers_by_side)


def votes(assessment: Assessment, member: MemberRoles) -> bool:
    return actions.may(assessment, member, WorkflowAction.VOTE) and not assessment.vote_ended_at


def asks_named(assessment: Assessment, member: MemberRoles) -> bool:
    """Say whether a representative is asked privately whether answers may be shown by name."""
    wanted = assessment.mode_wanted == "named" and not assessment.first_opened_at
    return wanted and actions.may(assessment, member, WorkflowAction.ANSWER_NAMED)


PAGES: dict[Step, tuple[Page, ...]] = {
    Step.PREPARE: (
        Page(_("Decisions"), "decisions", always, ("decision", "wordings", "import", "start-decisions")),
        Page(_("Vote"), "vote", votes),
        Page(_("Choose decisions"), "choose", lambda a, m: a.stage == Stage.VOTING and m.is_facilitator),
        Page(_("People and invitations"), "people", always, of_partnership=True),
        Page(_("Facts"), "facts", always, ("facts-choose", "facts-declare", "fact-save", "iati", "iati-choose")),
        Page(_("Messages"), "messages", lambda _a, m: m.is_facilitator),
        Page(_("Who sees what"), "settings", may(WorkflowAction.CHANGE_SETTINGS)),
        Page(_("Named answers"), "named", asks_named),
        Page(_("Pledge"), "pledge", always, ("pledge-withdraw",)),
        Page(_("Session date"), "session-day", may(WorkflowAction.CHANGE_SESSION)),
        Page(_("Ready?"), "ready", may(WorkflowAction.ARRANGE_DECISIONS)),
        Page(_("Trusted person"), "concern-person", lambda _a, m: m.is_facilitator),
    ),
    Step.ANSWER: (
        Page(_("My answers"), "rate", answers_alone(WorkflowAction.ANSWER)),
        Page(_("My answers"), "my-answers", looks_back),
        Page(
            _("Our answers"),
            "caucus",
            lambda a, _m: a.answers_by_side and a.stage == Stage.RATING,
            ("caucus-decision",),
        ),
        Page(_("Progress"), "overview", lambda a, _m: a.stage == Stage.RATING, ("side-words",)),
        Page(_("On paper or with Kobo"), "fieldwork", answers_alone(WorkflowAction.BRING_IN)),
    ),
    Step.MEET: (
        Page(_("Session"), "session", met, ("session-decision", "session-history", "session-plan")),
        Page(_("Reading guide"), "reading", may(WorkflowAction.GUESS)),
        Page(_("Agenda"), "agenda", may(WorkflowAction.PLAN_AGENDA)),
        Page(_("Projector"), "projector", leads),
        Page(_("Session on one laptop"), "laptop", leads),
        Page(_("Print kit"), "print-kit", lambda a, m: m.is_facilitator and a.stage != Stage.CLOSED, download=True),
        Page(_("Ground rules"), "ground-rules", always, ("ground-rules-edit",)),
    ),
    Step.REVIEW: (Page(_("Replies and confirmation"), "closing", met),),
    Step.RESULTS: (
        Page(pgettext_lazy("results", "In short"), "dashboard", met, ("named-answers",)),
        Page(_("Actions"), "actions", met, ("action", "action-edit", "action-remove")),
        Page(_("Report and files"), "report", met, ("contribute", "share")),
        Page(_("Change since last time"), "shift", lambda a, m: bool(a.predecessor_id) and met(a, m)),
    ),
}


def tabs_of(assessment: Assessment, member: MemberRoles, view: str) -> list[Tab]:
    """Return the steps of an assessment, each with the pages that this person can open now."""
    now = step_of(assessment)
    here = step_here(assessment, view)
    return [_tab(assessment, member, step, now, here, view) for step in steps_of(assessment)]


def step_here(assessment: Assessment, view: str) -> Step | None:
    """Return the step that a page belongs to; two pages belong to the step that the assessment is at."""
    if view in AT_NOW:
        return step_of(assessment)
    for step, pages in PAGES.items():
        if any(view == page.name or view in page.under for page in pages):
            return step
    return None


def _tab(assessment: Assessment, member: MemberRoles, step: Step, now: Step, here: Step | None, view: str) -> Tab:
    listed = [page for page in PAGES[step] if page.when(assessment, member)]
    pages = [Link(page.label, _url(assessment, page), _is_here(page, view), page.download) for page in listed]
    state = "done" if step < now else "current" if step == now else "todo"
    opens = next((page.url for page in pages if not page.download), "")
    return Tab(steps_of(assessment)[step], NAMES[step], state, opens, step == here, pages)


def _is_here(page: Page, view: str) -> bool:
    return view == page.name or view in page.under


def _url(assessment: Assessment, page: Page) -> str:
    code = assessment.partnership.code if page.of_partnership else assessment.code
    return reverse(f"{'partnerships' if page.of_partnership else 'assessments'}:{page.name}", args=[code])
