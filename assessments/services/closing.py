"""The read-back, the right of reply, remarks, and closing for good."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from assessments.models import Assessment, ClosingConfirmation, Participant, Remark, Reply, Work
from assessments.services import work
from assessments.services.joint import hold
from assessments.services.opening import notify_members
from assessments.services.steps import NotNow, take
from partnerships.access import Standing
from partnerships.models import Role, Side

ONE_OF_EACH_SIDE_AFTER = timedelta(days=14)


def read_back(assessment: Assessment) -> None:
    """Freeze the agreed levels for the read-back; replies and remarks stay open."""
    assessment.readback_at = timezone.now()
    notify_members(assessment, "assessments.readback")


def back_to_session(assessment: Assessment) -> None:
    """Open the session again; what was confirmed has to be confirmed anew."""
    assessment.readback_at = None
    assessment.closing_confirmations.all().delete()


def may_close(assessment: Assessment) -> bool:
    """Say whether every facilitator confirmed, or, 14 days after the read-back began, one of each side that has any."""
    seats = assessment.partnership.seats.in_force().facilitators().select_related("partner")
    confirmed = set(assessment.closing_confirmations.values_list("seat_id", flat=True))
    missing = [seat for seat in seats if seat.pk not in confirmed]
    if not missing:
        return bool(confirmed)
    if assessment.readback_at is None or timezone.now() < assessment.readback_at + ONE_OF_EACH_SIDE_AFTER:
        return False
    of_sides = {_side(seat) for seat in seats} & {Side.NORTH, Side.SOUTH}
    confirmed_sides = {_side(seat) for seat in seats if seat.pk in confirmed}
    return bool(confirmed_sides) and of_sides <= confirmed_sides


def _side(seat) -> str:
    return seat.partner.side if seat.partner else Side.OTHER


@transaction.atomic
def confirm(assessment: Assessment, standing: Standing) -> Assessment:
    """Confirm the read-back; the confirmation that completes the set closes the assessment."""
    held = hold(assessment, standing, "confirm_closing")
    seat = standing.seat(Role.FACILITATOR)
    ClosingConfirmation.objects.get_or_create(assessment=held, seat=seat)
    return take(held, standing, "close_assessment") if may_close(held) else held


def close(assessment: Assessment) -> None:
    """Make the agreed result final and have the report made."""
    assessment.closed_at = timezone.now()
    work.request(assessment, Work.Kind.AGREED)
    notify_members(assessment, "assessments.closed")


@transaction.atomic
def reply(assessment: Assessment, standing: Standing, text: str) -> Reply | None:
    """Keep an organisation's reply of at most 600 characters; an empty one is taken back."""
    held = hold(assessment, standing, "reply")
    seat = standing.represents
    participant = Participant.objects.filter(assessment=held, partner=seat.partner_id).first()
    if participant is None:
        raise NotNow("")
    if not text.strip():
        Reply.objects.filter(participant=participant).delete()
        return None
    row, _created = Reply.objects.update_or_create(
        participant=participant, defaults={"text": text.strip()[:600], "by": seat.user, "at": timezone.now()}
    )
    return row


@transaction.atomic
def remark(assessment: Assessment, standing: Standing, text: str) -> Remark:
    """Add a member's comment, or a facilitator's remark."""
    held = hold(assessment, standing, "remark")
    seat = standing.any
    author = f"{seat.user.get_full_name()}, {seat.partner.acronym if seat.partner else seat.employer}".rstrip(", ")
    same = held.remarks.filter(seat=seat, text=text).first()
    return same or Remark.objects.create(
        assessment=held, seat=seat, author=author, by_facilitator=seat.role == Role.FACILITATOR, text=text
    )
