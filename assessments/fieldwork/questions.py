"""What a form asks, and what a filled-in one holds."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from assessments.fieldwork import texts
from assessments.models import Assessment, Decision
from assessments.results import given_pledges

Cell = tuple[int, int]  # numbers of decision and partner


@dataclass(frozen=True)
class Asked:
    """A partner that every form asks about."""

    number: int
    name: str
    acronym: str
    side: str


@dataclass(frozen=True)
class Questions:
    """The decisions and partners of one assessment, as they were fixed when rating opened."""

    title: str
    partnership: str
    mode: str
    k: int
    sides: dict[str, str]
    partners: list[Asked]
    decisions: dict[int, Decision]
    key: str  # tells this list from those of other assessments, and from an earlier list of the same
    pledge: list[given_pledges.PledgeStatus] = field(default_factory=list)

    @property
    def promise(self) -> list[str]:
        """Return what stands above the first question, as everyone of the assessment reads it."""
        return texts.promise(self.mode, {one.side for one in self.partners})


@dataclass(frozen=True)
class Filled:
    """A form as somebody filled it in. What is not answered is not in it; None is “don't know”."""

    row: int
    instance: str
    code: str
    answered_at: datetime
    levels: dict[Cell, int | None] = field(default_factory=dict)
    agreements: dict[int, tuple[bool | None, str, str]] = field(
        default_factory=dict
    )  # agree, use of the reason, reason
    hand_in: bool = False
    tick: bool = False
    # A spreadsheet says what it held when it was made, by cell (the agreement's partner is 0): version and answer.
    held: dict[Cell, tuple[int, object]] = field(default_factory=dict)
    sheet: int | None = None


@dataclass(frozen=True)
class FormProblem:
    """What is wrong and where; row 0 is the whole file."""

    row: int
    column: str
    message: str


def questions_of(assessment: Assessment) -> Questions:
    decisions = {one.number or 0: one for one in assessment.decisions.active().order_by("number")}
    participants = list(assessment.participants.select_related("partner").order_by("number"))
    listed = [one.code for one in decisions.values()] + [one.partner.code for one in participants]
    digest = hashlib.sha256(" ".join(listed).encode()).hexdigest()[:8]
    return Questions(
        title=assessment.title,
        partnership=assessment.partnership.name,
        mode=assessment.mode,
        k=assessment.k,
        sides=assessment.partnership.side_words(),
        partners=[Asked(one.number, one.name, one.acronym, str(one.side)) for one in participants],
        decisions=decisions,
        pledge=given_pledges.pledges_of_funders(assessment),
        key=f"{assessment.code}-{digest}",
    )


def wording(decision: Decision) -> str:
    """Return a decision in the active language, where it has words in that."""
    return str(decision)
