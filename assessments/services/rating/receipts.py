"""The receipt of a sheet that was handed in: how many answers the server holds, and a code to check them by later.

The code is a keyed digest of all answers, since a plain digest of a small sheet could be guessed. It tells whether they
are the same as then, never what they are.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from assessments.models.private import HandIn, Rater
from partnerships.codes import ALPHABET, normalise

LENGTH = 12  # letters of 5 bits each


@dataclass(frozen=True)
class CheckedReceipt:
    """What a code tells: `known` as a receipt of this sheet, and since when the answers differ from it."""

    known: HandIn | None = None
    changed_at: datetime | None = None


def write_receipt(rater: Rater, mutation_id: UUID) -> HandIn:
    """Keep the receipt of what the sheet holds now."""
    answers = canonical(rater)
    code = code_of(rater, answers, settings.SECRET_KEY)
    return rater.hand_ins.create(
        mutation_id=mutation_id, handed_in_at=rater.submitted_at or timezone.now(), answers=len(answers), code=code
    )


def canonical(rater: Rater) -> list[tuple]:
    """Return all answers of a sheet in an order of their own."""
    levels = rater.ratings.values_list("decision__number", "participant__number", "level")
    agreements = rater.agreements.values_list("decision__number", "agree", "reason_use", "reason")
    return [*sorted(levels, key=lambda row: row[:2]), *sorted(agreements, key=lambda row: row[0] or 0)]


def code_of(rater: Rater, answers: list[tuple], secret: str) -> str:
    """Return the code of these answers on this sheet, by a key that no other sheet has."""
    key = hmac.digest(secret.encode(), f"receipt:{rater.pk}:{rater.started_at.isoformat()}".encode(), "sha256")
    text = json.dumps(answers, separators=(",", ":"), ensure_ascii=False)
    bits = int.from_bytes(hmac.new(key, text.encode(), hashlib.sha256).digest())
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(LENGTH))


def last(rater: Rater | None) -> HandIn | None:
    if rater is None or rater.submitted_at is None:
        return None
    return rater.hand_ins.order_by("-handed_in_at", "-pk").first()


def check(rater: Rater | None, typed: str) -> CheckedReceipt:
    """Say what a code tells of a sheet; one that is not of this sheet tells nothing."""
    hand_in = rater.hand_ins.filter(code=normalise(typed)).order_by("-handed_in_at", "-pk").first() if rater else None
    return CheckedReceipt(hand_in, changed_since(hand_in)) if hand_in else CheckedReceipt()


def changed_since(receipt: HandIn) -> datetime | None:
    """Return when the first answer arrived that makes the sheet differ from a receipt; None while it is the same."""
    rater = receipt.rater
    answers = canonical(rater)
    secrets = [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
    if any(hmac.compare_digest(receipt.code, code_of(rater, answers, secret)) for secret in secrets):
        return None
    later = rater.events.filter(won=True, received_at__gte=receipt.handed_in_at).order_by("received_at").first()
    return later.received_at if later else receipt.handed_in_at
