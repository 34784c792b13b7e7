"""Facts beside influence in results: sentences and rows by subject, and which leave the assessment (METHOD §6)."""

from typing import Any, cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import fact_list, numbers, sentences
from assessments.models import Assessment, Matter
from assessments.results import shift
from assessments.results.presenters import Results
from assessments.scoring.facts import RATE
from assessments.scoring.levels import BOTH_SIDES
from assessments.shapes import DomainInfluence, FactsData, FactShare
from assessments.workflow import guards
from partnerships.models import Side

PROBLEMS = {
    "incomplete": gettext_lazy("not all partners answered"),
    "off_100": gettext_lazy("the percentages do not add up to 100"),
    "all_zero": gettext_lazy("all partners entered 0"),
}


def facts_that_leave(results: Results) -> FactsData | None:
    """Return the facts that the report and files may contain: none before both sides let them leave."""
    facts: FactsData | None = results.scores.get("facts")
    return facts if facts and guards.decided(results.assessment, Matter.SHARE_FACTS) else None


def beside_influence(results: Results) -> dict[str, Any] | None:
    """Return the part on facts: sentences and table rows by subject; None where facts are off or nobody answered."""
    facts: FactsData | None = results.scores.get("facts")
    if not facts or not any(row["n"] for row in facts["shares"]):
        return None
    said = sentences.facts_by_domain(facts, results.names)
    moved = changes(facts, facts_before(results.assessment))
    used = [domain for domain in fact_list.DOMAINS if any(row["domain"] == domain for row in facts["shares"])]
    description = _(
        "For each subject, you can see what share each side has, for example of the money or staff. You can also see "
        "the share of decisions in which the side decides or co-decides."
    )
    first = next((sentence for domain in used for sentence in said.get(domain, [])), "")
    return {
        "summary": f"{description} {first}".strip(),
        "subjects": [
            {
                "title": fact_list.DOMAINS[domain],
                "said": said.get(domain, []),
                "rows": [_row(row, moved.get(row["fact"])) for row in facts["shares"] if row["domain"] == domain],
                "decided": {side: _decided(facts, domain, side) for side in Side.values},
                "decided_bars": {side: _decided_share(facts, domain, side) for side in BOTH_SIDES},
            }
            for domain in used
        ],
        "moved": bool(moved),
    }


def _row(row: FactShare, moved: dict[str, float] | None) -> dict[str, Any]:
    problem = sentences.problem_of(row)
    return {
        "words": fact_list.question_of(row["fact"], row["question"]),
        "sides": {side: _held(row, row[side]) for side in Side.values},  # type: ignore[literal-required]
        "bars": {side: _length(row[side]) for side in BOTH_SIDES if row["kind"] != RATE},
        "moved": {side: _moved(row, value) for side, value in (moved or {}).items()},
        "n": row["n"],
        "problem": PROBLEMS.get(problem or ""),
    }


def _held(row: FactShare, value: float | None) -> str:
    if row["kind"] != RATE or value is None:
        return numbers.share(value)
    number, unit = numbers.level(value), row["unit"]
    return numbers.percentage(number) if unit == fact_list.PERCENT else f"{number} {fact_list.unit_words(unit)}"


def _moved(row: FactShare, value: float) -> str:
    """Print a change: points of percent for shares, the fact's own unit for rates."""
    return numbers.signed(value if row["kind"] == RATE else value * 100)


def _length(share: float | None) -> str | None:
    """Return how long a bar is, of 100; as text, since a template prints numbers as the reader's language does."""
    return None if share is None else str(round(share * 100))


def _decided(facts: FactsData, domain: str, side: str) -> str:
    found = _influence(facts, domain, side)
    return _("%(k)d of %(n)d") % {"k": found["k"], "n": found["n"]} if found else "–"


def _decided_share(facts: FactsData, domain: str, side: str) -> str | None:
    found = _influence(facts, domain, side)
    return _length(found["k"] / found["n"]) if found else None


def _influence(facts: FactsData, domain: str, side: str) -> DomainInfluence | None:
    """Return in how many decisions of a domain a side decides; None where there is no decision."""
    rows = (row for row in facts["influence"] if (row["domain"], row["side"]) == (domain, side) and row["n"])
    return next(rows, None)


def changes(now: FactsData, before: FactsData | None) -> dict[str, dict[str, float]]:
    """Return later − earlier by fact and side, only where both assessments are complete (METHOD §6).

    A fact in own words is the same fact if it was carried over as it was.
    """
    earlier = {_identity(row): row for row in before["shares"] if not row["missing"]} if before else {}
    found = {}
    for row in now["shares"]:
        then = earlier.get(_identity(row))
        if then and not row["missing"]:
            found[row["fact"]] = {
                side: row[side] - then[side]  # type: ignore[literal-required]
                for side in Side.values
                if None not in (row[side], then[side])  # type: ignore[literal-required]
            }
    return {fact: sides for fact, sides in found.items() if sides}


def _identity(row: FactShare) -> tuple[str, ...]:
    return (row["fact"], row["question"], row["kind"], row["unit"] if row["question"] else "")


def facts_before(assessment: Assessment) -> FactsData | None:
    """Return the facts that the assessment before closed with."""
    before = shift.before_of(assessment)
    return cast(FactsData | None, shift.last_scores_of(before).get("facts")) if before else None
