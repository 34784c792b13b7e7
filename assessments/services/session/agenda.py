"""The agenda of the joint session: proposed from its time and its decisions, edited, and sent to everybody once.

The order of the decisions comes from the Release alone, so that the agenda tells nothing that the Release does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from assessments.models import Agenda, Assessment, LiveSession
from assessments.results import presenters, reading_guide
from assessments.workflow.actions import WorkflowAction, lock_and_require
from partnerships.access import MemberRoles
from partnerships.notifications import notify
from partnerships.services import Refused

USUAL, SHORTEST, LONGEST = 180, 60, 600
A_WHILE = 150  # minutes; from here on the final review gets half an hour
FOR_A_DECISION = (20, 15, 10)
BREAK_AFTER, BREAK = 60, 10
LONGEST_TEXT = 80

TITLES: dict[str, str | Promise] = {
    "welcome": gettext_lazy("Arrival and introductions"),
    "agreement": gettext_lazy("Reading the ground rules aloud"),
    "practice": gettext_lazy("Practice with a harmless decision"),
    "silence": gettext_lazy("One minute of silence to look at the results"),
    "break": pgettext_lazy("agenda", "Break"),
    "readback": gettext_lazy("Review of what we agreed"),
    "reserve": gettext_lazy("Time in reserve"),
}
KINDS = (*TITLES, "decision", "own")


def propose(minutes: int, decisions: Sequence[int]) -> list[dict]:
    """Propose lines that add up to `minutes`: as many decisions as fit, in this order, each as long as possible."""
    before = [line("welcome", 10), line("agreement", 5), line("practice", 5), line("silence", 1)]
    after = [line("readback", 30 if minutes >= A_WHILE else 15)]
    rest = minutes - total([*before, *after])
    talk = next(
        lines
        for count in range(len(decisions), -1, -1)
        for each in FOR_A_DECISION
        if total(lines := _talk(decisions[:count], each)) <= rest
    )
    left = rest - total(talk)
    return [*before, *talk, *([line("reserve", left)] if left else []), *after]


def _talk(decisions: Sequence[int], each: int) -> list[dict]:
    """Return a line per decision, with a break before an hour of talk is exceeded."""
    lines, since = [], 0
    for number in decisions:
        if since and since + each > BREAK_AFTER:
            lines.append(line("break", BREAK))
            since = 0
        lines.append(line("decision", each, number))
        since += each
    return lines


def line(kind: str, minutes: int, decision: int | None = None, text: str = "") -> dict:
    return {"kind": kind, "minutes": minutes, "decision": decision, "text": text}


def total(lines: Sequence[dict]) -> int:
    return sum(line["minutes"] for line in lines)


def proposed(assessment: Assessment, minutes: int) -> list[dict]:
    """Propose an agenda for this assessment, the widest released difference first."""
    return propose(minutes, reading_guide.order_of(presenters.results_of(assessment)))


@dataclass(frozen=True)
class AgendaLine:
    """A line as pages show it: what, for how long, and when it starts, counted from the beginning."""

    title: str
    minutes: int
    starts: str
    kind: str
    decision: int | None
    text: str


def lines_of(assessment: Assessment, lines: Sequence[dict]) -> list[AgendaLine]:
    """Return the lines with their titles and the time that has passed when each begins."""
    wordings = {decision.number: decision.wording_for_reader for decision in assessment.decisions.active()}
    shown_lines, passed = [], 0
    for line in lines:
        title = _title(line, wordings)
        shown_lines.append(
            AgendaLine(title, line["minutes"], clock(passed), line["kind"], line["decision"], line["text"])
        )
        passed += line["minutes"]
    return shown_lines


def _title(line: dict, wordings: dict) -> str:
    if line["kind"] == "decision":
        return f"{line['decision']}. {wordings.get(line['decision'], '')}"
    return line["text"] if line["kind"] == "own" else str(TITLES[line["kind"]])


def clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def left_out(assessment: Assessment, lines: Sequence[dict]) -> list[str]:
    """Return the decisions that the agenda has no time for."""
    there = {line["decision"] for line in lines if line["minutes"]}
    rows = assessment.decisions.active().filter(number__isnull=False).order_by("number")
    return [f"{decision.number}. {decision.wording_for_reader}" for decision in rows if decision.number not in there]


def fit(minutes: int, lines: Sequence[dict]) -> str:
    """Say whether the lines fit into the session, and by how much they don't."""
    over = total(lines) - minutes
    if over > 0:
        template = ngettext(
            "The agenda is %(over)d minute too long. Remove or shorten an item.",
            "The agenda is %(over)d minutes too long. Remove or shorten an item.",
            over,
        )
        return template % {"over": over}
    if over:
        template = ngettext(
            "The agenda fits the time available. %(left)d minute is left.",
            "The agenda fits the time available. %(left)d minutes are left.",
            -over,
        )
        return template % {"left": -over}
    return _("The agenda fits the time available exactly.")


def agenda_of(assessment: Assessment) -> Agenda | None:
    return Agenda.objects.filter(assessment=assessment).first()


def sent(assessment: Assessment) -> Agenda | None:
    """Return the agenda as everybody has it, or None."""
    return Agenda.objects.filter(assessment=assessment, sent_at__isnull=False).first()


@transaction.atomic
def keep(assessment: Assessment, member: MemberRoles, minutes: int, lines: list[dict], seen: int) -> Agenda:
    """Keep the facilitators' draft, which may still be too long; refused if the other one changed it meanwhile."""
    locked = lock_and_require(assessment, member, WorkflowAction.PLAN_AGENDA)
    row = Agenda.objects.filter(assessment=locked).first()
    _still_a_draft(row)
    if seen != (row.version if row else 0):
        raise Refused(
            _(
                "The agenda has changed since you opened this page. Your changes were not saved. Please check the "
                "agenda again."
            )
        )
    defaults = {"minutes": minutes, "lines": lines, "version": seen + 1}
    return Agenda.objects.update_or_create(assessment=locked, defaults=defaults)[0]


@transaction.atomic
def send(assessment: Assessment, member: MemberRoles) -> Agenda:
    """Send the agenda to all members, once, if it fits."""
    locked = lock_and_require(assessment, member, WorkflowAction.PLAN_AGENDA)
    row = Agenda.objects.filter(assessment=locked).first()
    _still_a_draft(row)
    if row is None:
        raise Refused(_("There is no agenda yet. Save an agenda first."))
    lines = [line for line in row.lines if line["minutes"]]
    if total(lines) > row.minutes:
        raise Refused(fit(row.minutes, lines))
    row.lines, row.sent_at, row.sent_by = lines, timezone.now(), member.any.user
    row.save(update_fields=["lines", "sent_at", "sent_by"])
    _begin_with_the_first(locked, row)
    _notify(locked, row)
    return row


def _begin_with_the_first(locked: Assessment, row: Agenda) -> None:
    """Let a session that is not at its decisions yet begin with the first one of the agenda."""
    first = next((number for number in numbers_of(row) if number), None)
    decision = locked.decisions.active().filter(number=first).first() if first else None
    before = LiveSession.objects.filter(assessment=locked).exclude(phase=LiveSession.Phase.DECISIONS)
    if decision and before.exists() and not locked.decisions.filter(outcome__discussed_at__isnull=False).exists():
        Assessment.objects.filter(pk=locked.pk).update(current_decision=decision)


def numbers_of(row: Agenda | None) -> list[int]:
    """Return the numbers of the decisions in the order of an agenda."""
    return [line["decision"] for line in row.lines if line["kind"] == "decision" and line["minutes"]] if row else []


def order_of(assessment: Assessment, numbers: Sequence[int]) -> list[int]:
    """Return these decisions as the group goes through them: in the order of its agenda, then those left out."""
    planned = [number for number in numbers_of(sent(assessment)) if number in numbers]
    return [*planned, *(number for number in numbers if number not in planned)]


def _still_a_draft(row: Agenda | None) -> None:
    if row and row.sent_at:
        raise Refused(_("The agenda has been sent to everyone, so you can no longer change it."))


def _notify(assessment: Assessment, row: Agenda) -> None:
    users = {membership.user for membership in assessment.partnership.memberships.in_force().select_related("user")}
    notify(
        "assessments.agenda_sent",
        users,
        url=reverse("assessments:agenda", args=[assessment.code]),
        dedupe=assessment.code,
        assessment=assessment.title,
        partnership=assessment.partnership.name,
        minutes=row.minutes,
    )
