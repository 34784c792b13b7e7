"""A representative's own answers: saved one by one, safe against replays, two devices and two tabs.

Only the person herself reads what is here. Nothing in this module writes to the trail.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pandas as pd
from django.db import connection, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import disclosure
from assessments.models import Assessment, Decision, Participant, Stage
from assessments.models.private import AnswerEvent, PrivateAgreement, Rater, Rating, ReasonUse
from assessments.services.steps import NotNow
from partnerships.models import Seat


@dataclass(frozen=True)
class Mutation:
    """One change of one answer, as a device sends it."""

    mutation_id: UUID
    base_version: int
    answered_at: datetime


@dataclass(frozen=True)
class Receipt:
    """What the server holds now for the answer that a mutation named."""

    mutation_id: UUID
    version: int
    answer: dict
    won: bool


def hold_open(assessment: Assessment) -> None:
    """Keep rating from being closed until this transaction ends; raise NotNow if it is closed already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT stage FROM assessments_assessment WHERE id = %s FOR SHARE", [assessment.pk])
        row = cursor.fetchone()
    if row is None or row[0] != Stage.RATING:
        raise NotNow(_("The private ratings are closed. This answer was not taken."))


def rater_of(assessment: Assessment, seat: Seat) -> Rater | None:
    return Rater.objects.filter(assessment=assessment, seat=seat).select_related("participant").first()


def start(assessment: Assessment, seat: Seat) -> Rater:
    """Return the seat's sheet, opened with the first answer."""
    participant = Participant.objects.filter(assessment=assessment, partner=seat.partner_id).first()
    if participant is None:
        raise NotNow(_("Your organisation was not part of this assessment when rating opened."))
    Rater.objects.get_or_create(assessment=assessment, seat=seat, defaults={"participant": participant})
    return Rater.objects.select_for_update().get(assessment=assessment, seat=seat)


@transaction.atomic
def save_level(
    assessment: Assessment, seat: Seat, decision: int, participant: int, level: int | None, mutation: Mutation
) -> Receipt:
    """Save one level (0..4, None: don't know) by the decision's and the partner's number."""
    if level not in (None, 0, 1, 2, 3, 4):
        raise ValueError(f"level: {level!r}")
    hold_open(assessment)
    rater = start(assessment, seat)
    cell = {"rater": rater, "decision": _decision(assessment, decision)}
    cell["participant"] = _participant(assessment, participant)
    return _save(Rating, cell, {"level": level}, mutation)


@transaction.atomic
def save_agreement(
    assessment: Assessment, seat: Seat, decision: int, agree: bool | None, mutation: Mutation, use="", reason=""
) -> Receipt:
    """Save agree / don't agree with its reason; a reason needs its use, chosen before it is typed."""
    if use not in ("", *ReasonUse.values):
        raise ValueError(f"reason_use: {use!r}")
    reason = reason.strip()[:600]
    if reason and not use:
        raise ValueError("reason_use: missing")
    hold_open(assessment)
    rater = start(assessment, seat)
    cell = {"rater": rater, "decision": _decision(assessment, decision)}
    return _save(PrivateAgreement, cell, {"agree": agree, "reason_use": use, "reason": reason}, mutation)


def _decision(assessment: Assessment, number: int) -> Decision:
    found = assessment.decisions.standing().filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _participant(assessment: Assessment, number: int) -> Participant:
    found = assessment.participants.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _save(model, cell: dict, answer: dict, mutation: Mutation) -> Receipt:
    """Apply a mutation by the rules: what was made from the current version follows it; else the newest wins.

    The rater's row is locked, so mutations of one sheet come one after the other. A device's clock is never trusted
    beyond the server's, and a device that had seen the current answer wins whatever its clock says.
    """
    current = model.objects.filter(**cell).first()
    if current and AnswerEvent.objects.filter(rater=cell["rater"], mutation_id=mutation.mutation_id).exists():
        return _receipt(mutation, current, answer, won=current.mutation_id == mutation.mutation_id)
    follows = current is None or mutation.base_version == current.version
    answered_at = min(mutation.answered_at, timezone.now())
    if follows and current:
        answered_at = max(answered_at, current.answered_at)
    won = follows or (answered_at, mutation.mutation_id.int) > (current.answered_at, current.mutation_id.int)
    AnswerEvent.objects.create(
        **cell,
        answer=answer,
        mutation_id=mutation.mutation_id,
        base_version=mutation.base_version,
        answered_at=answered_at,
        won=won,
    )
    if won:
        current = _write(model, cell, current, answer, mutation.mutation_id, answered_at)
    return _receipt(mutation, current, answer, won)


def _write(model, cell, current, answer, mutation_id, answered_at):
    row = current or model(**cell, version=0)
    for field, value in answer.items():
        setattr(row, field, value)
    row.version, row.mutation_id, row.answered_at = row.version + 1, mutation_id, answered_at
    row.save()
    return row


def _receipt(mutation: Mutation, row, fields, won: bool) -> Receipt:
    return Receipt(mutation.mutation_id, row.version, {field: getattr(row, field) for field in fields}, won)


def sheet(rater: Rater | None) -> dict:
    """Return a rater's own answers: `levels` by (decision no., partner no.), `agreements` by decision no.; rows."""
    if rater is None:
        return {"levels": {}, "agreements": {}}
    ratings = rater.ratings.select_related("decision", "participant")
    return {
        "levels": {(row.decision.number, row.participant.number): row for row in ratings},
        "agreements": {row.decision.number: row for row in rater.agreements.select_related("decision")},
    }


@transaction.atomic
def hand_in(assessment: Assessment, seat: Seat, show_small_side: bool) -> Rater:
    """Hand the sheet in: from now on it counts, and so does every later change until rating closes."""
    hold_open(assessment)
    rater = start(assessment, seat)
    if not rater.ratings.exists():
        raise NotNow(_("There is no answer yet. Answer at least one question before you hand in."))
    rater.submitted_at, rater.show_small_side = timezone.now(), show_small_side
    rater.save(update_fields=["submitted_at", "show_small_side"])
    return rater


@transaction.atomic
def withdraw(assessment: Assessment, seat: Seat) -> None:
    """Delete the person's answers with their history. She can start anew until rating closes; nobody is told."""
    hold_open(assessment)
    Rater.objects.filter(assessment=assessment, seat=seat).delete()


def progress(assessment: Assessment) -> dict:
    """Say how far the ratings are, the same for everyone: how many organisations answered, and if sides compare."""
    submitted = Rater.objects.filter(assessment=assessment, submitted_at__isnull=False).values_list(
        "seat_id", flat=True
    )
    done = set(submitted)
    seats = assessment.partnership.seats.in_force().representatives().values_list("pk", "partner_id")
    sides = dict(assessment.participants.values_list("partner_id", "side"))
    rows = [(seat, partner, sides[partner], seat in done) for seat, partner in seats if partner in sides]
    frame = pd.DataFrame(rows, columns=["rater", "rater_partner", "rater_side", "submitted"])
    return disclosure.progress(frame, k=assessment.k)


def waiting_for(assessment: Assessment) -> list[Seat]:
    """Return the representatives who have not handed in. For reminders, which go out unseen; never show this list."""
    done = Rater.objects.filter(assessment=assessment, submitted_at__isnull=False).values("seat_id")
    seats = assessment.partnership.seats.in_force().representatives().exclude(pk__in=done)
    return list(seats.select_related("user"))
