"""What the pages of the joint session show: the decisions and where each stands, one decision whole, its history."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import numbers, sentences
from assessments.ladder import LEVELS, SHORT_LEVELS
from assessments.models import (
    Action,
    AgreedChange,
    AgreedLevel,
    Assessment,
    Decision,
    LevelState,
    Outcome,
    Participant,
    Release,
)
from assessments.scoring.levels import BOTH_SIDES
from assessments.sentences import Sentence
from assessments.services.caucus.released_answers import OfSides, of_sides_on
from assessments.services.session import joint
from assessments.services.session.choices import Draft
from partnerships.names import signature

DIFFERS, UNKNOWN = LevelState.DIFFERS.value, LevelState.UNKNOWN.value
CHOICE_WORDS: dict[str, str | Promise] = {
    **{str(level): word for level, word in LEVELS.items()},
    DIFFERS: gettext_lazy("we see this level differently"),
    UNKNOWN: gettext_lazy("no one knows"),
    "": gettext_lazy("not discussed yet"),
}
# value, sign, short word, whole words: the seven things that can be recorded of a partner in a decision
CHOICES = (
    *((str(level), str(level), SHORT_LEVELS[level], word) for level, word in LEVELS.items()),
    (DIFFERS, "≠", gettext_lazy("differs"), CHOICE_WORDS[DIFFERS]),
    (UNKNOWN, "?", gettext_lazy("unknown"), CHOICE_WORDS[UNKNOWN]),
)
SHORT_WORDS = {"": CHOICE_WORDS[""], **{value: short for value, _sign, short, _whole in CHOICES}}


# --- the list of decisions, with where each stands


@dataclass(frozen=True)
class Place:
    """A decision in the list: what became of it so far, in a word and in a mark."""

    number: int | None
    wording: str
    state: str  # none, discussed, agreed, no, planned, routed

    @property
    def state_words(self) -> str | Promise:
        return PLACES[self.state]


PLACES = {
    "none": gettext_lazy("not discussed"),
    "discussed": gettext_lazy("levels recorded"),
    "agreed": gettext_lazy("agreed"),
    "no": gettext_lazy("no agreement"),
    "planned": gettext_lazy("action planned"),
    "routed": gettext_lazy("to be decided in another way"),
}


def places(assessment: Assessment) -> list[Place]:
    """Return the decisions in order with their state, in two statements."""
    planned = set(assessment.actions.values_list("decision_id", flat=True))
    decisions = assessment.decisions.active().select_related("outcome").order_by("number")
    return [Place(each.number, each.wording_for_reader, state_of(each, each.pk in planned)) for each in decisions]


def state_of(decision: Decision, planned: bool) -> str:
    outcome = getattr(decision, "outcome", None)
    if outcome is None:
        return "none"
    if outcome.agree is None:
        return "discussed" if outcome.discussed_at else "none"
    if outcome.agree:
        return "agreed"
    return "planned" if planned else "routed" if outcome.route else "no"


# --- one decision


@dataclass
class Row:
    """One partner in one decision: what is recorded, and, after a conflict, what this facilitator wanted."""

    partner: Participant
    values: dict
    version: int
    by: str = ""
    band: str | None = None
    mine: dict | None = None
    sides: list = field(default_factory=list)  # in caucus mode, what each side answered: side, its word, level
    draft: Draft | None = None  # what the partner chose for itself today, where all choices are shown
    wish: Draft | None = None  # and what it wants
    word: str = ""  # what it said aloud, where all decisions are shown at once

    @property
    def recordable(self) -> bool:
        """Say whether “record all as chosen” takes this row: empty, chosen, and nobody sees another level."""
        return bool(self.choice == "" and self.draft and self.draft.choice and not self.draft.against)

    @property
    def wish_recordable(self) -> bool:
        return bool(self.desired == "" and self.wish and self.wish.choice)

    @property
    def choice(self) -> str:
        return choice_of(self.values)

    @property
    def choice_words(self) -> str | Promise:
        return CHOICE_WORDS[self.choice]

    @property
    def short_words(self) -> str | Promise:
        return SHORT_WORDS[self.choice]

    @property
    def desired(self) -> str:
        return "" if self.values["desired"] is None else str(self.values["desired"])

    @property
    def desired_words(self) -> str | Promise:
        return CHOICE_WORDS[self.desired] if self.desired else ""

    @property
    def seen(self) -> str:
        """Return what the page shows, as its form will send it back: what differs then was changed by a person."""
        return compact({"version": self.version, **cell_fields(self.values)})

    @property
    def mine_fields(self) -> str:
        return compact(cell_fields(self.mine)) if self.mine else ""

    @property
    def mine_words(self) -> str:
        return cell_text(self.mine) if self.mine else ""

    @property
    def theirs_words(self) -> str:
        return cell_text(self.values)


def compact(fields: dict) -> str:
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False)


def cell_fields(values: dict) -> dict:
    """Return a cell's values under the names of the form's fields."""
    return {
        "choice": choice_of(values),
        "desired": "" if values["desired"] is None else str(values["desired"]),
        "one": values["one_view"],
        "other": values["other_view"],
    }


def choice_of(values: dict) -> str:
    if values["state"] != LevelState.LEVEL:
        return str(values["state"])
    return "" if values["actual"] is None else str(values["actual"])


def cell_text(values: dict) -> str:
    """Return a cell's values in words, for a history and for a conflict."""
    choice = choice_of(values)
    text = str(CHOICE_WORDS[choice])
    if choice.isdigit():
        text = f"{choice} · {text}"
    if choice == DIFFERS and (values["one_view"] or values["other_view"]):
        text = _("%(words)s: “%(one)s” / “%(other)s”") % {
            "words": text,
            "one": values["one_view"],
            "other": values["other_view"],
        }
    if values["desired"] is not None:
        text = _("%(words)s, desired: %(desired)s") % {
            "words": text,
            "desired": f"{values['desired']} · {LEVELS[values['desired']]}",
        }
    return text


AGREE_WORDS = {
    None: gettext_lazy("not asked yet"),
    True: gettext_lazy("yes, all agree"),
    False: gettext_lazy("no"),
}


def outcome_said(values: dict) -> str:
    """Return an outcome's values in words."""
    parts = [str(AGREE_WORDS[values["agree"]])]
    if values.get("no_common_wish"):
        parts.append(_("no agreement on what we want"))
    if values["route"]:
        parts.append(str(Outcome.Route(values["route"]).label))
    if values["note"]:
        parts.append(f"“{values['note']}”")
    return " · ".join(parts)


@dataclass
class Board:
    """One decision on the table, whole."""

    decision: Decision
    rows: list[Row]
    outcome: Outcome
    originals: list[str]
    actions: list[Action]
    release: "Released | None"
    sides: OfSides | None = None
    outcome_mine: dict | None = None
    verdict: str | None = None  # of private answers, where all decisions are shown at once

    @property
    def recordable(self) -> bool:
        return any(row.recordable for row in self.rows)

    @property
    def wishes_recordable(self) -> bool:
        return any(row.wish_recordable for row in self.rows)

    @property
    def wished(self) -> bool:
        return any(row.desired for row in self.rows)

    @property
    def begun(self) -> bool:
        """Say whether a level is recorded."""
        return any(row.choice for row in self.rows)

    @property
    def outcome_fields(self) -> dict:
        return outcome_fields(joint.outcome_values(self.outcome))

    @property
    def outcome_seen(self) -> str:
        return compact({"version": self.outcome.version, **self.outcome_fields})

    @property
    def outcome_mine_fields(self) -> str:
        return compact(outcome_fields(self.outcome_mine)) if self.outcome_mine else ""

    @property
    def outcome_mine_words(self) -> str:
        return outcome_said(self.outcome_mine) if self.outcome_mine else ""

    @property
    def outcome_words(self) -> str:
        return outcome_said(joint.outcome_values(self.outcome))


def outcome_fields(values: dict) -> dict:
    """Return an outcome's values under the names of the form's fields."""
    return {
        "agree": {None: "open", True: "yes", False: "no"}[values["agree"]],
        "note": values["note"],
        "no_wish": "yes" if values["no_common_wish"] else "",
        "route": values["route"],
        "review_on": values["review_on"].isoformat() if values["review_on"] else "",
    }


def board(assessment: Assessment, decision: Decision, conflicts: list[joint.Conflict] | None = None) -> Board:
    """Return one decision with its levels, outcome, actions and released numbers, in a fixed number of statements."""
    mine = {each.participant and each.participant.pk: each.wanted for each in conflicts or []}
    released, sides = released_on(assessment, decision), of_sides_on(assessment, decision)
    rows = rows_of(assessment, decision, mine, released.bands if released else {})
    for row in rows:
        row.sides = sides.levels.get(row.partner.number, []) if sides else []
    return Board(
        decision=decision,
        rows=rows,
        sides=sides,
        outcome=outcome_of(decision),
        originals=originals_of(decision),
        actions=list(decision.actions.select_related("owner", "confirmer")),
        release=released,
        outcome_mine=mine.get(None),
    )


def boards(assessment: Assessment, conflicting: Decision | None, conflicts: Sequence[joint.Conflict]) -> list[Board]:
    """Return all decisions with levels, words and plans; `conflicting` has the conflicts."""
    partners = list(assessment.participants.in_order())
    mine = {each.participant and each.participant.pk: each for each in conflicts}
    decisions = assessment.decisions.active().filter(number__isnull=False).order_by("number")
    whole = decisions.select_related("outcome").prefetch_related(
        "agreed_levels__updated_by", "spoken_words", "actions__owner"
    )
    return [_board_of(each, partners, mine if conflicting and each.pk == conflicting.pk else {}) for each in whole]


def _board_of(decision: Decision, partners: list[Participant], mine: dict) -> Board:
    cells = {cell.participant_id: cell for cell in decision.agreed_levels.all()}
    word_by_partner = {each.participant_id: each.word for each in decision.spoken_words.all()}
    wanted = {key: each.wanted for key, each in mine.items()}
    rows = [_row(each, cells.get(each.pk), wanted.get(each.pk), None) for each in partners]
    for row in rows:
        row.word = word_by_partner.get(row.partner.pk, "")
    return Board(
        decision=decision,
        rows=rows,
        outcome=getattr(decision, "outcome", None) or Outcome(decision=decision, version=0),
        originals=[],
        actions=list(decision.actions.all()),
        release=None,
        outcome_mine=wanted.get(None),
    )


def outcome_of(decision: Decision) -> Outcome:
    """Return a decision's outcome, an empty one of version 0 where nothing was recorded."""
    return Outcome.objects.filter(decision=decision).first() or Outcome(decision=decision, version=0)


def rows_of(assessment: Assessment, decision: Decision, mine: dict | None = None, bands: dict | None = None):
    cells: dict[int, AgreedLevel] = {
        cell.participant_id: cell for cell in decision.agreed_levels.select_related("updated_by")
    }
    return [
        _row(partner, cells.get(partner.pk), (mine or {}).get(partner.pk), (bands or {}).get(partner.number))
        for partner in assessment.participants.in_order()
    ]


def _row(partner: Participant, cell: AgreedLevel | None, mine: dict | None, band: str | None) -> Row:
    by = cell.updated_by.get_full_name() if cell and cell.updated_by else ""
    return Row(partner, joint.values_of(cell), cell.version if cell else 0, by, band, mine)


def originals_of(decision: Decision) -> list[str]:
    """Return the original wordings that stand behind this one, without their authors and in no telling order."""
    others = decision.merged.values_list("original", flat=True)
    wordings = {decision.original, decision.wording, *others} - {decision.wording_for_reader}
    return sorted(wordings, key=str.casefold)


# --- who changed what, and when

LATEST = 200


@dataclass(frozen=True)
class HistoryLine:
    """One line of a decision's history."""

    at: datetime
    by: str
    about: str
    before: str
    after: str
    note: str | Promise


def history_of(decision: Decision) -> list[HistoryLine]:
    """Return the latest changes of a decision, newest first, in one statement."""
    changes = decision.changes.select_related("participant", "by", "undone_by")
    return [_change(each) for each in changes[:LATEST]]


def _change(each: AgreedChange) -> HistoryLine:
    tell = cell_text if each.participant else outcome_said
    return HistoryLine(
        at=each.at,
        by=signature(each.by, each.at) if each.by else "",
        about=each.participant.name if each.participant else _("Do we agree?"),
        before=tell(each.before or {}),
        after=tell(each.after or {}),
        note=_note(each),
    )


def _note(each: AgreedChange) -> str | Promise:
    if each.lost:
        return _("not applied because someone else had already changed the same entry")
    if each.undo_of_id:
        return _("withdrew the last change")
    return _("withdrawn afterwards") if hasattr(each, "undone_by") else ""


# --- what left the private ratings


@dataclass(frozen=True)
class Released:
    """What the Release says about one decision: the two views in words, bands per partner, the verdict, reasons."""

    by_side: bool
    views: dict[str, Sentence]
    marks: list[tuple[str, int]]  # the side that sees it so, and the place on a scale of half steps from −3 to 3
    bands: dict[int, str | None]
    agreement: str | None  # "all agree", "not all agree", None: hidden
    reasons: list[str]
    signed: list[dict]

    @property
    def has_bands(self) -> bool:
        return any(self.bands.values())

    @property
    def is_shown(self) -> bool:
        """Say whether a view of either side is shown."""
        return any(self.views[side].case != "hidden" for side in BOTH_SIDES)


def marks_of(gaps: dict) -> list[tuple[str, int]]:
    """Return where each shown view stands on the scale, 0 (South far higher) to 12 (North far higher)."""
    return [(side, round(2 * gaps[side]) + 6) for side in BOTH_SIDES if gaps[side] is not None]


def release_of(assessment: Assessment) -> Release | None:
    return Release.objects.filter(assessment=assessment).only("mode", "data", "agreements", "reasons").first()


def released_on(assessment: Assessment, decision: Decision) -> Released | None:
    """Return the released part about a decision, or None where there is no Release."""
    release = release_of(assessment) if assessment.rating_closed_at and not assessment.answers_by_side else None
    if release is None:
        return None
    number = decision.number
    gaps: Any = _about(release.data["decisions"], number) or {"north": None, "south": None, "difference": None}
    names = dict(assessment.participants.values_list("number", "name")) if release.reasons.get("signed") else {}
    return Released(
        by_side=release.mode != "all_together",
        views=sentences.views(gaps, {"sides": assessment.partnership.side_words()}),
        marks=marks_of(gaps) if release.mode != "all_together" else [],
        bands={
            cell["partner"]: numbers.band(cell["band"]) for cell in release.data["cells"] if cell["decision"] == number
        },
        agreement=_verdict(release.agreements, number),
        reasons=(_about(release.reasons.get("unsigned", []), number) or {"reasons": []})["reasons"],
        signed=[
            each | {"organisation": names.get(each["partner"], "")}
            for each in release.reasons.get("signed", [])
            if each["decision"] == number
        ],
    )


def _about(entries: list[dict], number: int | None) -> dict | None:
    return next((entry for entry in entries if entry["decision"] == number), None)


def _verdict(agreements: list[dict], number: int | None) -> str | None:
    entry = _about(agreements, number)
    return entry["agree"] if entry else None
