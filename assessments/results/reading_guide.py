"""What facilitators read before the session. It takes the Release and last time's agreed levels, and nothing else."""

from assessments import sentences
from assessments.models import Mode
from assessments.results.presenters import Results
from assessments.results.shift import levels_before
from assessments.scoring.levels import BOTH_SIDES, CO_DECIDES
from assessments.sentences import Sentence
from assessments.shapes import Names

WIDEST = 3
HIGH = "3–4"  # the band of those who decide or co-decide


def order_of(results: Results) -> list[int]:
    """Return the decisions: the widest shown difference first, then what one side alone is shown to see widest apart.

    Hidden ones follow in their own order.
    """
    apart, alone = _differences(results), _alone(results)

    def place(number: int) -> tuple[bool, bool, float, int]:
        return (number not in apart, number not in alone, -apart.get(number, alone.get(number, 0)), number)

    return sorted(results.names["decisions"], key=place)


def _differences(results: Results) -> dict[int, float]:
    rows = results.data.get("decisions", [])
    return {row["decision"]: abs(row["difference"]) for row in rows if row.get("difference") is not None}


def _alone(results: Results) -> dict[int, float]:
    """Return how wide the gap is by decision, where the view of one side alone is shown."""
    rows = [row for row in results.data.get("decisions", []) if row.get("difference") is None]
    views = {row["decision"]: [row[side] for side in BOTH_SIDES if row.get(side) is not None] for row in rows}
    return {number: abs(shown[0]) for number, shown in views.items() if shown}


def widest(results: Results) -> list[Sentence]:
    """Say the three widest differences, or else the widest gaps of the one side that is shown; end with what is not."""
    if results.release is None:
        return []
    rows = {row["decision"]: row for row in results.data["decisions"]}
    openly = results.release.mode == Mode.CAUCUS
    order, apart = order_of(results), _differences(results)
    there = [rows[number] for number in order if number in (apart or _alone(results))][:WIDEST]
    sentences_shown = [sentences.widest(row, results.names, openly) for row in there]
    complete = openly or (apart and len(there) in (WIDEST, len(results.names["decisions"])))
    return sentences_shown if complete else [*sentences_shown, sentences.widest(None, results.names)]


def deciders(results: Results) -> list[Sentence]:
    """Say on which decisions one partner alone decides or co-decides, and on which nobody does."""
    if any(cell.get("band") for cell in results.data.get("cells", [])):
        return _decider_sentences("bands", _by_bands(results), results.names)
    return _decider_sentences("before", _by_last_time(results), results.names)


def _by_bands(results: Results) -> dict[int, dict[int, bool]]:
    """Return by decision and partner whether it stands high, of decisions in which every partner's band is shown."""
    high_by_decision: dict[int, dict[int, bool]] = {}
    for cell in results.data["cells"]:
        high_by_decision.setdefault(cell["decision"], {})[cell["partner"]] = cell["band"] == HIGH
    hidden = {cell["decision"] for cell in results.data["cells"] if cell["band"] is None}
    everybody = set(results.names["partners"])
    return {number: row for number, row in high_by_decision.items() if number not in hidden and set(row) == everybody}


def _by_last_time(results: Results) -> dict[int, dict[int, bool]]:
    high_by_decision: dict[int, dict[int, bool]] = {}
    for (decision, partner), level in levels_before(results.assessment).items():
        high_by_decision.setdefault(decision, {})[partner] = level >= CO_DECIDES
    return high_by_decision


def _decider_sentences(source: str, rows: dict[int, dict[int, bool]], names: Names) -> list[Sentence]:
    sentences_found = []
    for number in sorted(rows):
        high = [partner for partner, stands_high in rows[number].items() if stands_high]
        if len(high) <= 1:
            sentences_found.append(sentences.decider(source, number, high[0] if high else None, names))
    return sentences_found
