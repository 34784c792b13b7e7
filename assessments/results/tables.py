"""The results as tables to take away: from the Release, the latest agreed result and the actions, and nothing else.

The same for every reader, in the active language; codes and numbers are the same in every language. People's names stay
in the report, except of whoever imported private ratings and so saw them.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from assessments.exports import Column, Export, Table, Value
from assessments.ladder import LEVELS, NOT_SHOWN
from assessments.models import Action, Assessment, LevelState, Mode, Outcome
from assessments.promises import promise
from assessments.results import presenters, reporting
from assessments.scoring import METHOD_VERSION
from assessments.scoring.levels import BOTH_SIDES, SIDES
from partnerships.models import Kind

NOT_DISCUSSED = "not_discussed"
HIDDEN = "not_shown"

# Code: (HXL tag, heading, what it means and in which unit). A column means the same in every table that has it.
COLUMNS: dict[str, tuple[str, str | Promise, str | Promise]] = {
    "assessment": ("#meta+assessment", gettext_lazy("Assessment"), gettext_lazy("code of the assessment")),
    "example": (
        "#meta+example",
        gettext_lazy("Made up"),
        gettext_lazy("yes: a rehearsal or a demonstration, nothing of it is real; no: real"),
    ),
    "decision": ("#indicator+code", gettext_lazy("Decision"), gettext_lazy("number of the decision, as it is printed")),
    "wording": ("#indicator+name", gettext_lazy("Wording"), gettext_lazy("what the decision is about")),
    "partner": ("#org+code", gettext_lazy("Partner"), gettext_lazy("number of the partner in this assessment")),
    "name": ("#org+name", gettext_lazy("Name"), gettext_lazy("name of the partner when rating opened")),
    "acronym": ("#org+acronym", gettext_lazy("Short name"), gettext_lazy("short name of the partner")),
    "side": ("#org+side", gettext_lazy("Side"), gettext_lazy("code of the side that the partner declared")),
    "kind": ("#org+type", gettext_lazy("Kind of organisation"), gettext_lazy("code of the kind of organisation")),
    "state": (
        "#status+level",
        gettext_lazy("State"),
        gettext_lazy("level: agreed; differs: seen differently; unknown: nobody knows; not_discussed"),
    ),
    "actual": (
        "#indicator+level+actual+num",
        gettext_lazy("Agreed level"),
        gettext_lazy("rung of the ladder today, 0 to 4"),
    ),
    "desired": (
        "#indicator+level+desired+num",
        gettext_lazy("Desired level"),
        gettext_lazy("rung of the ladder that the group wants, 0 to 4"),
    ),
    "one_view": (
        "#description+view+one",
        gettext_lazy("One view"),
        gettext_lazy("where the level is seen differently"),
    ),
    "other_view": (
        "#description+view+other",
        gettext_lazy("The other view"),
        gettext_lazy("where the level is seen differently"),
    ),
    "level": (
        "#indicator+level+mean",
        gettext_lazy("Mean level"),
        gettext_lazy("mean agreed level of all partners, 0 to 4"),
    ),
    "north": (
        "#indicator+north+mean",
        gettext_lazy("Mean level, North"),
        gettext_lazy("mean agreed level of Northern partners, 0 to 4"),
    ),
    "south": (
        "#indicator+south+mean",
        gettext_lazy("Mean level, South"),
        gettext_lazy("mean agreed level of Southern partners, 0 to 4"),
    ),
    "gap": (
        "#indicator+gap",
        gettext_lazy("Gap"),
        gettext_lazy("mean level of Northern partners less that of Southern ones, in levels, -4 to 4"),
    ),
    "balance": (
        "#indicator+balance",
        gettext_lazy("Balance"),
        gettext_lazy(
            "100: both sides have equal say, 0: one decides and the other is excluded; read it with the level"
        ),
    ),
    "holders": (
        "#indicator+holders",
        gettext_lazy("Who decides or co-decides"),
        gettext_lazy("sides with a partner at level 3 or 4: none, north, south, other, or shared by several"),
    ),
    "north_desired": (
        "#indicator+north+desired+mean",
        gettext_lazy("Mean desired level, North"),
        gettext_lazy("mean desired level of Northern partners, 0 to 4"),
    ),
    "south_desired": (
        "#indicator+south+desired+mean",
        gettext_lazy("Mean desired level, South"),
        gettext_lazy("mean desired level of Southern partners, 0 to 4"),
    ),
    "agree": (
        "#indicator+agree",
        gettext_lazy("Do we agree with how partners are involved?"),
        gettext_lazy("answer of the group, or of those who answered in private: yes or no"),
    ),
    "no_common_wish": (
        "#indicator+wish+none",
        gettext_lazy("No common wish"),
        gettext_lazy("yes: the group said that it has no common wish; empty: nothing was recorded"),
    ),
    "route": (
        "#activity+route",
        gettext_lazy("Without consensus"),
        gettext_lazy("code of the way that was chosen where no consensus was found"),
    ),
    "review_on": ("#date+review", gettext_lazy("Review on"), gettext_lazy("day on which the group looks at it again")),
    "note": ("#description+note", gettext_lazy("What was said"), gettext_lazy("what the group noted")),
    "seen_by_north": (
        "#indicator+gap+seen+north",
        gettext_lazy("Gap seen by the North"),
        gettext_lazy("how much higher Northern organisations see Northern partners, in levels; 3 and -3: 3 or more"),
    ),
    "seen_by_south": (
        "#indicator+gap+seen+south",
        gettext_lazy("Gap seen by the South"),
        gettext_lazy("how much higher Southern organisations see Northern partners, in levels; 3 and -3: 3 or more"),
    ),
    "difference": (
        "#indicator+gap+seen+difference",
        gettext_lazy("Difference"),
        gettext_lazy("what one side sees less what the other sees, in levels"),
    ),
    "agreement": (
        "#indicator+alpha",
        gettext_lazy("Agreement"),
        gettext_lazy("among the answers that are shown; 1: all see the same gaps, 0: no more than chance would give"),
    ),
    "answered_north": (
        "#reach+organisations+north",
        gettext_lazy("Northern organisations that answered"),
        gettext_lazy("number of organisations, where the side is shown"),
    ),
    "answered_south": (
        "#reach+organisations+south",
        gettext_lazy("Southern organisations that answered"),
        gettext_lazy("number of organisations, where the side is shown"),
    ),
    "answered": (
        "#reach+organisations",
        gettext_lazy("Organisations that answered"),
        gettext_lazy("number of organisations"),
    ),
    "band": (
        "#indicator+level+band",
        gettext_lazy("Band"),
        gettext_lazy("part of the ladder in which the middle of all answers lies: 0–1, 2 or 3–4"),
    ),
    HIDDEN: (
        "#meta+hidden",
        gettext_lazy("Not shown"),
        gettext_lazy("a word where a number of this row is not shown"),
    ),
    "answer_of": (
        "#org+side+answering",
        gettext_lazy("Answer of"),
        gettext_lazy("code of the side that agreed on this answer"),
    ),
    "answer": ("#indicator+level+num", gettext_lazy("Level"), gettext_lazy("rung of the ladder, 0 to 4")),
    "own_gap": (
        "#indicator+gap+own",
        gettext_lazy("Gap as the side answered"),
        gettext_lazy("mean level that the side gives Northern partners less that of Southern ones, in levels, -4 to 4"),
    ),
    "rater": ("#org+code+answering", gettext_lazy("Rated by"), gettext_lazy("number of the partner that answered")),
    "median": (
        "#indicator+level+median",
        gettext_lazy("Answer"),
        gettext_lazy("middle of the organisation's answers, 0 to 4"),
    ),
    "self_gap": (
        "#indicator+gap+self",
        gettext_lazy("Own answer less the others'"),
        gettext_lazy("mean of own level less the middle of the others' answers, in levels"),
    ),
    "before": (
        "#indicator+level+before+num",
        gettext_lazy("Before"),
        gettext_lazy("agreed level in the assessment before, 0 to 4"),
    ),
    "after": (
        "#indicator+level+after+num",
        gettext_lazy("Now"),
        gettext_lazy("agreed level in this assessment, 0 to 4"),
    ),
    "action": ("#activity+code", gettext_lazy("Action"), gettext_lazy("code of the action")),
    "text": (
        "#activity+description",
        gettext_lazy("What will be done"),
        gettext_lazy("the action in the group's words"),
    ),
    "owner": ("#org+code+owner", gettext_lazy("By whom"), gettext_lazy("number of the partner that does it")),
    "confirmer": (
        "#org+code+confirmer",
        gettext_lazy("Confirmed by"),
        gettext_lazy("number of the partner that confirms that it was done"),
    ),
    "due": ("#date+due", gettext_lazy("By when"), gettext_lazy("day")),
    "status": ("#status+activity", gettext_lazy("Status"), gettext_lazy("code of the status")),
    "reply": (
        "#description+reply",
        gettext_lazy("Reply"),
        gettext_lazy("what the organisation replied; it belongs beside the numbers wherever they go"),
    ),
    "list": ("#meta+list", gettext_lazy("List"), gettext_lazy("which list of codes")),
    "code": ("#meta+code", gettext_lazy("Code"), gettext_lazy("the code, the same in every language")),
    "words": ("#description+words", gettext_lazy("In words"), gettext_lazy("what the code stands for")),
}
KEYS = ("assessment", "example")  # on every row, so that files put together can be told apart


def export_of(assessment: Assessment, results: presenters.Results | None = None) -> Export:
    """Return all that is shown of an assessment, as tables in the active language."""
    results = results or presenters.results_of(assessment)
    language = translation.get_language() or "en"
    return Export(
        name=_file_name(assessment, language),
        moment=reporting.moment_of(assessment),
        language=language,
        right_to_left=translation.get_language_bidi(),
        title=f"{assessment.partnership.name}: {assessment.title}",
        facts=tuple(_facts(results)),
        reading=tuple(reporting.method_of(results)),
        tables=(
            *_about(results),
            *agreed_tables(results),
            *release_tables(results),
            *_shift(results),
            actions_table(assessment),
            _replies(assessment),
            _codes(results),
        ),
    )


def _file_name(assessment: Assessment, language: str) -> str:
    pretend = "rehearsal-" if assessment.partnership.is_rehearsal else "example-" if _made_up(assessment) else ""
    return pretend + reporting.file_name(assessment, language).removesuffix(".pdf")


def _made_up(assessment: Assessment) -> bool:
    return assessment.partnership.is_demo


def _table(assessment: Assessment, code: str, title: str, columns: str, rows: Iterable[tuple[Value, ...]]) -> Table:
    keys = (assessment.code, "yes" if _made_up(assessment) else "no")
    described = tuple(
        Column(c, str(COLUMNS[c][1]), COLUMNS[c][0], str(COLUMNS[c][2])) for c in (*KEYS, *columns.split())
    )
    return Table(code, title, described, tuple(keys + row for row in rows))


# --- facts


def _facts(results: presenters.Results) -> Iterator[tuple[str, str, str]]:
    assessment, names = results.assessment, results.names
    if _made_up(assessment):
        yield "example", _("Made up"), _("A rehearsal or a demonstration. Nothing of it is real.")
    yield "assessment", _("Assessment"), assessment.code
    yield "phase", _("Moment"), str(assessment.get_phase_display())
    yield "stage", _("Stage"), str(assessment.get_stage_display())
    yield "language", _("Language"), translation.get_language() or "en"
    for side, word in names["sides"].items():
        yield f"side_{side}", _("Side: %(code)s") % {"code": side}, word
    yield "unit", _("Unit"), " · ".join(f"{level} {word}" for level, word in LEVELS.items())
    yield "private_ratings", _("Private ratings"), _mode(assessment)
    if assessment.private_ratings:
        yield "smallest_side", _("Smallest number of organisations of a side that is shown"), str(assessment.k)
    yield HIDDEN, _("Where a number is not shown"), str(NOT_SHOWN)
    yield from _days(results)
    if assessment.tells_importers:
        who = _("%(name)s, who therefore saw the private ratings") % {"name": assessment.importer_names()}
        yield "imported_by", _("Imported by"), who
    yield "method", _("Method"), METHOD_VERSION
    if results.agreed:
        state = pgettext("agreed levels", "final")
        draft = pgettext("agreed levels", "draft %(number)s") % {"number": results.agreed.version}
        yield "agreed_state", _("Agreed levels"), state if results.agreed.final else draft
        yield "agreed_digest", _("Digest of the agreed levels"), results.agreed.input_digest
    if results.release:
        yield "release_digest", _("Digest of what was released"), release_digest(results)


def _mode(assessment: Assessment) -> str:
    if not assessment.private_ratings:
        return _("none; the group recorded the levels together")
    mode = Mode(assessment.mode or assessment.mode_wanted)
    said = {"mode": capfirst(str(mode.label)), "promise": " ".join(promise(mode.value))}
    return _("%(mode)s: “%(promise)s”") % said


def _days(results: presenters.Results) -> Iterator[tuple[str, str, str]]:
    assessment, release = results.assessment, results.release
    days = (
        ("opened_on", pgettext("day of the assessment", "Opened"), assessment.opened_at),
        ("rating_closed_on", _("Private ratings closed"), assessment.rating_closed_at),
        ("closed_on", pgettext("day of the assessment", "Closed"), assessment.closed_at),
        ("erased_on", _("Answers erased since"), release.shrunk_at if release else None),
    )
    for code, label, moment in days:
        if moment:
            yield code, label, timezone.localdate(moment).isoformat()


def release_digest(results: presenters.Results) -> str:
    """Return a digest of what was released: not of the answers, which could be guessed from it."""
    assert results.release is not None  # noqa: S101 (for the type checker)
    said = json.dumps([results.release.data, results.release.agreements], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


# --- what was assessed


def _about(results: presenters.Results) -> Iterator[Table]:
    assessment = results.assessment
    kinds = dict(assessment.participants.values_list("number", "kind"))
    yield _table(
        assessment,
        "partners",
        _("Who took part"),
        "partner name acronym side kind",
        ((p["number"], p["name"], p["acronym"], p["side"], kinds[p["number"]]) for p in results.partners),
    )
    yield _table(assessment, "decisions", _("Decisions"), "decision wording", tuple(results.names["decisions"].items()))


def agreed_tables(results: presenters.Results) -> Iterator[Table]:
    """Yield what the group agreed: the means of each decision, and every cell."""
    if results.agreed is None:
        return
    assessment, scores = results.assessment, results.scores
    outcomes = {row["decision"]: row for row in scores["outcomes"]}
    numbers = ("level", "north", "south", "gap", "balance", "holders", "north_desired", "south_desired")
    yield _table(
        assessment,
        "agreed",
        _("Agreed levels of Northern and Southern partners"),
        f"decision {' '.join(numbers)} agree no_common_wish route review_on note",
        (
            (row["decision"], *(_rounded(row[name]) for name in numbers), *_outcome(outcomes.get(row["decision"])))
            for row in scores["decisions"]
        ),
    )
    cells = {(cell["decision"], cell["partner"]): cell for cell in scores["cells"]}
    yield _table(
        assessment,
        "levels",
        _("Every partner, every decision"),
        "decision partner side state actual desired one_view other_view",
        (
            (decision, p["number"], p["side"], *_level(cells.get((decision, p["number"]))))
            for decision in results.names["decisions"]
            for p in results.partners
        ),
    )


def _outcome(outcome: dict[str, Any] | None) -> tuple[Value, ...]:
    if outcome is None:
        return None, None, None, None, None
    wishless = _yes(outcome.get("no_common_wish") or None)
    return _yes(outcome["agree"]), wishless, outcome["route"] or None, outcome["review_on"], outcome["note"] or None


def _level(cell: dict[str, Any] | None) -> tuple[Value, ...]:
    if cell is None:
        return NOT_DISCUSSED, None, None, None, None
    return cell["state"], cell["actual"], cell["desired"], cell["one_view"] or None, cell["other_view"] or None


def _rounded(value: Value) -> Value:
    return round(value, 6) + 0.0 if isinstance(value, float) else value


def _yes(value: bool | None) -> str | None:
    return None if value is None else "yes" if value else "no"


# --- what was released of the private answers


def release_tables(results: presenters.Results) -> Iterator[Table]:
    """Yield what was released of the private answers, as far as it is shown; each row says if it hides a number."""
    if results.release is None:
        return
    if results.release.mode == Mode.CAUCUS:
        yield from _caucus(results)
        return
    data, assessment = results.data, results.assessment
    overall = data["assessment"]
    if data["mode"] == Mode.ALL_TOGETHER:
        yield _table(assessment, "answers", _("Who answered"), "answered", [(overall["answered"]["all"],)])
        yield _bands(results)
    else:
        yield from _by_side(results)
    if data["mode"] == Mode.NAMED:
        yield from _named(results)
    yield _agreements(results)


def _seen(row: dict[str, Any]) -> tuple[Value, ...]:
    return tuple(row[name] for name in ("north", "south", "difference"))


def _hiding(*values: Value) -> str | None:
    return str(NOT_SHOWN) if None in values else None


def _by_side(results: presenters.Results) -> Iterator[Table]:
    data, assessment = results.data, results.assessment
    overall = data["assessment"]
    whole = (*_seen(overall), overall["agreement"], *(overall["answered"][side] for side in BOTH_SIDES))
    title, seen = _("What the private answers show"), "seen_by_north seen_by_south difference"
    rows = ((row["decision"], *_seen(row), _hiding(*_seen(row))) for row in data["decisions"])
    yield _table(assessment, "seen", title, f"decision {seen} {HIDDEN}", rows)
    yield _table(
        assessment,
        "seen_overall",
        _("What the private answers show, over all decisions"),
        f"{seen} agreement answered_north answered_south {HIDDEN}",
        [(*whole, _hiding(*whole))],
    )


def _bands(results: presenters.Results) -> Table:
    bands = {(cell["decision"], cell["partner"]): cell["band"] for cell in results.data["cells"]}
    found = (
        (decision, p["number"], bands.get((decision, p["number"])))
        for decision in results.names["decisions"]
        for p in results.partners
    )
    title = _("What the private answers show")
    rows = ((*row, _hiding(row[-1])) for row in found)
    return _table(results.assessment, "bands", title, f"decision partner band {HIDDEN}", rows)


def _agreements(results: presenters.Results) -> Table:
    assert results.release is not None  # noqa: S101 (for the type checker)
    said = {"all agree": "yes", "not all agree": "no"}
    rows = [(row["decision"], said.get(row["agree"])) for row in results.release.agreements]
    return _table(
        results.assessment,
        "private_agreement",
        _("Do we agree, as answered in private"),
        f"decision agree {HIDDEN}",
        ((*row, _hiding(*row)) for row in rows),
    )


def _named(results: presenters.Results) -> Iterator[Table]:
    """Yield the tables that every organisation accepted before rating opened."""
    assessment, data = results.assessment, results.data
    yield _table(
        assessment,
        "named_answers",
        _("Every organisation's answers"),
        f"decision partner rater median {HIDDEN}",
        (
            (m["decision"], m["partner"], m["rater_partner"], m["level"], _hiding(m["level"]))
            for m in data.get("medians", [])
        ),
    )
    yield _table(
        assessment,
        "self_gaps",
        _("How organisations see themselves"),
        f"partner self_gap {HIDDEN}",
        ((row["partner"], _rounded(row["self_gap"]), _hiding(row["self_gap"])) for row in data.get("self_gaps", [])),
    )


def _caucus(results: presenters.Results) -> Iterator[Table]:
    """Yield each side's open answer; what a side did not answer is empty."""
    data, assessment = results.data, results.assessment
    agreed = {row["decision"]: row for row in data["agreements"]}
    yield _table(
        assessment,
        "sides",
        _("What each side answered"),
        "decision answer_of own_gap agree",
        (
            (row["decision"], side, _rounded(row[side]), _yes(agreed.get(row["decision"], {}).get(side)))
            for row in data["decisions"]
            for side in SIDES
            if any(partner["side"] == side for partner in results.partners)
        ),
    )
    yield _table(
        assessment,
        "side_levels",
        _("Every level as each side answered it"),
        "decision partner answer_of answer",
        ((c["decision"], c["partner"], c["side"], c["level"]) for c in data["cells"]),
    )


# --- and what follows


def _shift(results: presenters.Results) -> Iterator[Table]:
    if results.compared:
        rows = ((c["decision"], c["partner"], c["before"], c["after"]) for c in results.compared["cells"])
        title = _("What moved since the assessment before")
        yield _table(results.assessment, "shift", title, "decision partner before after", rows)


def actions_table(assessment: Assessment) -> Table:
    actions = assessment.actions.select_related("decision", "owner", "confirmer")
    return _table(
        assessment,
        "actions",
        _("What will be done"),
        "action decision text owner confirmer due status",
        (
            (
                action.code,
                action.decision.number,
                action.text,
                action.owner.number,
                action.confirmer.number if action.confirmer else None,
                action.due.isoformat(),
                action.status,
            )
            for action in actions
        ),
    )


def _replies(assessment: Assessment) -> Table:
    found = assessment.participants.filter(reply__isnull=False).select_related("reply")
    rows = ((participant.number, participant.reply.text) for participant in found)
    return _table(assessment, "replies", _("Replies of organisations"), "partner reply", rows)


def _codes(results: presenters.Results) -> Table:
    lists: dict[str, Iterable[tuple[object, object]]] = {
        "level": LEVELS.items(),
        "side": results.names["sides"].items(),
        "kind": Kind.choices,
        "state": [*LevelState.choices, (NOT_DISCUSSED, pgettext_lazy("state of a level", "not discussed"))],
        "route": Outcome.Route.choices,
        "status": Action.Status.choices,
    }
    rows = ((name, str(code), str(words)) for name, codes in lists.items() for code, words in codes)
    return _table(results.assessment, "codes", _("What the codes mean"), "list code words", rows)
