"""The final review, replies, remarks, and closing for good."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import factors
from assessments.models import (
    Action,
    AgreedLevel,
    Assessment,
    Cause,
    Decision,
    Job,
    LevelState,
    NothingToAdd,
    Outcome,
    Participant,
    Remark,
    Reply,
    ReplyDay,
    Stage,
)
from assessments.models.limits import LONGEST_REPLY
from assessments.workflow import actions, guards, jobs
from assessments.workflow.actions import lock_and_require
from partnerships.access import MemberRoles
from partnerships.models import Role
from partnerships.notifications import notify
from partnerships.services import Refused

DAYS_TO_REPLY = 14
REMIND_BEFORE = (3, 1)  # days


def usual_day() -> date:
    return timezone.localdate() + timedelta(days=DAYS_TO_REPLY)


def open_final_review(assessment: Assessment, due: date | None = None) -> None:
    """Freeze the agreed levels for the final review, and announce the last day for replies."""
    assessment.readback_at = timezone.now()
    ReplyDay.objects.update_or_create(assessment=assessment, defaults={"due": due or usual_day()})
    # After a way back to the session it is a new final review, hence a new notification.
    _notify(assessment, "assessments.readback", f"{assessment.code}:{assessment.readback_at:%Y%m%d%H%M%S}")


def back_to_session(assessment: Assessment) -> None:
    """Open the session again; facilitators have to confirm again afterwards."""
    assessment.readback_at = None
    ReplyDay.objects.filter(assessment=assessment).delete()
    NothingToAdd.objects.filter(participant__assessment=assessment).delete()
    assessment.closing_confirmations.all().delete()


def close(assessment: Assessment) -> None:
    """Have the agreed result made final, and tell everybody."""
    assessment.closed_at = timezone.now()
    jobs.request(assessment, Job.Kind.AGREED)
    _notify(assessment, "assessments.closed", assessment.code, url_name="report")


def _notify(assessment: Assessment, kind: str, dedupe: str, url_name: str = "closing") -> None:
    users = {membership.user for membership in assessment.partnership.memberships.in_force().select_related("user")}
    url = reverse(f"assessments:{url_name}", args=[assessment.code])
    day = ReplyDay.objects.filter(assessment=assessment).first()
    notify(
        kind,
        users,
        url=url,
        dedupe=dedupe,
        assessment=assessment.title,
        partnership=assessment.partnership.name,
        due=day.due.isoformat() if day else "",
    )


@transaction.atomic
def reply(assessment: Assessment, member: MemberRoles, text: str) -> Reply | None:
    """Save an organisation's reply of at most 600 characters; an empty text deletes it."""
    locked = lock_and_require(assessment, member, actions.WorkflowAction.REPLY)
    participant = participant_of(locked, member)
    if participant is None:
        raise Refused(_("Your organisation was not part of this assessment when it opened."))
    if not text.strip():
        Reply.objects.filter(participant=participant).delete()
        return None
    NothingToAdd.objects.filter(participant=participant).delete()
    row, _created = Reply.objects.update_or_create(
        participant=participant,
        defaults={"text": text.strip()[:LONGEST_REPLY], "by": member.any.user, "at": timezone.now()},
    )
    return row


@transaction.atomic
def nothing_to_add(assessment: Assessment, member: MemberRoles) -> None:
    """Record that an organisation does not reply, so that closing does not wait for it; ignored after a reply."""
    locked = lock_and_require(assessment, member, actions.WorkflowAction.NOTHING_TO_ADD)
    participant = participant_of(locked, member)
    if participant is None:
        raise Refused(_("Your organisation was not part of this assessment when it opened."))
    if not Reply.objects.filter(participant=participant).exists():
        NothingToAdd.objects.get_or_create(participant=participant, defaults={"by": member.any.user})


def remind(today: date | None = None) -> int:
    """Remind representatives of organisations that have not replied, three days and one day before the last one."""
    today = today or timezone.localdate()
    days = [today + timedelta(days=ahead) for ahead in REMIND_BEFORE]
    due = ReplyDay.objects.filter(assessment__stage=Stage.FINAL_REVIEW, due__in=days)
    for row in due.select_related("assessment__partnership"):
        _remind(row.assessment, row.due, today)
    return len(due)


def _remind(assessment: Assessment, due: date, today: date) -> None:
    memberships = assessment.partnership.memberships.in_force().representatives()
    waited_for = memberships.filter(partner__in=guards.silent(assessment).values("partner")).select_related("user")
    notify(
        "assessments.reply_reminder",
        {membership.user for membership in waited_for},
        url=reverse("assessments:closing", args=[assessment.code]),
        dedupe=f"{assessment.code}:{due}:{(due - today).days}",
        assessment=assessment.title,
        partnership=assessment.partnership.name,
        due=due.isoformat(),
    )


@transaction.atomic
def remark(assessment: Assessment, member: MemberRoles, text: str) -> Remark:
    """Add a member's comment, or a facilitator's remark."""
    locked = lock_and_require(assessment, member, actions.WorkflowAction.REMARK)
    membership = member.any
    home = membership.partner.acronym if membership.partner else membership.employer
    author = ", ".join(filter(None, [membership.user.get_full_name(), home]))
    same = locked.remarks.filter(membership=membership, text=text).first()
    return same or Remark.objects.create(
        assessment=locked,
        membership=membership,
        author=author,
        by_facilitator=membership.role == Role.FACILITATOR,
        text=text,
    )


# --- what the final review shows


@dataclass(frozen=True)
class ReviewedDecision:
    """One decision in the final review: a cell per partner (None: not discussed), the outcome, the actions."""

    decision: Decision
    cells: list[AgreedLevel | None]
    outcome: Outcome
    actions: list[Action]
    differing: list[dict]  # the partners whose level is seen differently, with both statements
    causes: list[str]  # what the group said stands behind its “no”, in words

    @property
    def discussed(self) -> bool:
        has_outcome = self.outcome.agree is not None or self.outcome.note or self.actions
        return bool(has_outcome) or any(
            cell and (cell.state != LevelState.LEVEL or cell.actual is not None) for cell in self.cells
        )

    @property
    def lacks_plan(self) -> bool:
        """Return whether the group wants change here, without an action or another way to decide."""
        planned = [action for action in self.actions if action.status != Action.Status.DROPPED]
        return self.outcome.agree is False and not planned and not self.outcome.route


def final_review_of(assessment: Assessment, partners: list[Participant]) -> list[ReviewedDecision]:
    """Return everything that was agreed, decision by decision, in at most five statements."""
    decisions = assessment.decisions.active().select_related("outcome").order_by("number")
    levels = AgreedLevel.objects.filter(decision__assessment=assessment)
    cells = {(cell.decision_id, cell.participant_id): cell for cell in levels}
    actions: dict[int, list[Action]] = {}
    for action in assessment.actions.select_related("owner", "confirmer"):
        actions.setdefault(action.decision_id, []).append(action)
    causes = _causes(assessment)
    return [_line(each, partners, cells, actions.get(each.pk, []), causes.get(each.pk, [])) for each in decisions]


def _causes(assessment: Assessment) -> dict[int, list[str]]:
    rows = Cause.objects.filter(decision__assessment=assessment, decision__outcome__agree=False)
    named = list(rows.order_by("place").values_list("decision_id", "factor"))
    words_by_slug = factors.words_by_slug() if named else {}
    by_decision: dict[int, list[str]] = {}
    for decision, slug in named:
        by_decision.setdefault(decision, []).append(str(words_by_slug.get(slug, slug)))
    return by_decision


def _line(
    decision: Decision, partners: list[Participant], cells: dict, actions: list[Action], causes: list[str]
) -> ReviewedDecision:
    own = [cells.get((decision.pk, partner.pk)) for partner in partners]
    differing = [
        {"name": partner.name, "one_view": cell.one_view, "other_view": cell.other_view}
        for partner, cell in zip(partners, own, strict=True)
        if cell and cell.state == LevelState.DIFFERS
    ]
    outcome = getattr(decision, "outcome", None) or Outcome(decision=decision)
    return ReviewedDecision(decision, own, outcome, actions, differing, causes)


@dataclass(frozen=True)
class Signature:
    """A facilitator, her organisation, and when she confirmed the final review."""

    name: str
    home: str
    side: str | None
    at: datetime | None


def signatures(assessment: Assessment) -> list[Signature]:
    """Return the facilitators with their confirmations, in two statements."""
    confirmed = dict(assessment.closing_confirmations.values_list("membership_id", "at"))
    memberships = assessment.partnership.memberships.in_force().facilitators().select_related("partner", "user")
    return [
        Signature(
            membership.user.get_full_name(),
            membership.partner.name if membership.partner else membership.employer,
            guards.side_of(membership),
            confirmed.get(membership.pk),
        )
        for membership in memberships
    ]


def has_confirmed(assessment: Assessment, member: MemberRoles) -> bool:
    membership = member.membership(Role.FACILITATOR)
    return bool(membership) and assessment.closing_confirmations.filter(membership=membership).exists()


def replies_of(assessment: Assessment) -> dict[int, Reply]:
    """Return the organisations' replies by participant."""
    rows = Reply.objects.filter(participant__assessment=assessment).select_related("by")
    return {row.participant_id: row for row in rows}


def quiet(assessment: Assessment) -> set[int]:
    """Return the participants that said that they have nothing to add."""
    rows = NothingToAdd.objects.filter(participant__assessment=assessment)
    return set(rows.values_list("participant_id", flat=True))


def day_of(assessment: Assessment) -> ReplyDay | None:
    return ReplyDay.objects.filter(assessment=assessment).first()


def participant_of(assessment: Assessment, member: MemberRoles) -> Participant | None:
    """Return the participant that this person speaks for."""
    membership = member.represents
    return assessment.participants.filter(partner=membership.partner_id).first() if membership else None
