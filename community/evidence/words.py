"""The evidence base in words: titles, names of cells, and the sentences that may be said of its numbers."""

from functools import lru_cache
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments import fact_list, numbers, sentences
from assessments.factors import factors
from assessments.ladder import NOT_SHOWN
from assessments.models import Phase, Topic
from community.evidence.publication import ALL, NONE, published
from community.factors import FACTORS
from partnerships.locales import listed
from partnerships.models import BOTH_SIDES

TITLES: dict[str, str | Promise] = {
    "gap-all": gettext_lazy(
        "How often do Northern partners have more influence than Southern partners, and how much more?"
    ),
    "gap-phase": gettext_lazy("In which phase of the partnership is the gap widest?"),
    "gap-topic": gettext_lazy("In which decisions is the gap widest?"),
    "seen": gettext_lazy("How does each side see the gap?"),
    "shift": gettext_lazy("What changes between the first assessment and a later one?"),
    "causes": gettext_lazy("Which causes in the wider system do partners name when they disagree?"),
}
FACTS = {f"fact-{fact.key}": fact for fact in fact_list.FACTS if fact.key in fact_list.SHARED}
TITLES |= {name: fact.question for name, fact in FACTS.items()}
ORDER = ("gap-all", "gap-topic", "gap-phase", "seen", "shift", "causes")
SIDES: dict[str, str | Promise] = {side.value: side.label for side in BOTH_SIDES}
VIEWS: dict[str, str | Promise] = {
    "north": gettext_lazy("as Northern partners see it"),
    "south": gettext_lazy("as Southern partners see it"),
}

# A share that is no number, since it would tell of one or two partnerships.
SHARES: dict[str, str | Promise] = {ALL: gettext_lazy("nearly all"), NONE: gettext_lazy("nearly none")}


def cell(name: str, codes: list[str]) -> str:
    """Return what a cell is called; merged ones are listed."""
    if name == "seen":
        return str(VIEWS[codes[0]])
    if name == "shift":
        return str(SIDES[codes[0]])
    if name == "gap-all" or name in FACTS:
        return _("all partnerships")
    if name == "causes":
        return _("partnerships that named a cause") if codes == ["all"] else factor(codes[0])
    labels: dict[str, Any] = {**dict(Phase.choices), **dict(Topic.choices), "none": _("no topic chosen")}
    return listed(labels[code] for code in codes)


def widest(table: str, cells: list[dict[str, Any]]) -> str:
    """Say where the sides stand furthest apart, of cells in that order."""
    if not cells:
        return ""
    values = {side: number(cells[0][side]) for side in SIDES} | {"cell": cell(table, cells[0]["of"])}
    return (
        _(
            "The gap is widest in this category: %(cell)s. The average level is %(north)s for Northern partners and "
            "%(south)s for Southern partners."
        )
        % values
    )


def factor(code: str) -> str:
    """Return a factor in the words of the groups' list."""
    return str(FACTORS.get(code) or _added(code))


@lru_cache(maxsize=500)
def _added(code: str) -> str:
    """Return the name of a factor that a group added; such a name never changes."""
    return next((str(each.words) for each in factors() if each.slug == code), code)


def number(value: float | None, digits: int = 1) -> str:
    if value is None:
        return "–"
    printed = number_format(round(value, digits) + 0.0, decimal_pos=digits)
    return numbers.left_to_right(printed.replace("-", "−"))


def percent(share: float | None) -> str:
    return "–" if share is None else _("%(n)s%%") % {"n": number_format(round(100 * share), decimal_pos=0)}


def interval(estimate: dict[str, Any], as_percent: bool = False) -> str:
    """Say the 95 % interval; where there is none, a dash."""
    if estimate["low"] is None:
        return "–"
    if as_percent:
        low, high = (number_format(round(100 * estimate[end]), decimal_pos=0) for end in ("low", "high"))
        return _("%(low)s to %(high)s%%") % {"low": low, "high": high}
    return _("%(low)s to %(high)s") % {"low": number(estimate["low"]), "high": number(estimate["high"])}


def population(is_example: bool) -> str:
    """Say of whom the numbers are true."""
    if is_example:
        return _(
            "These numbers do not describe real partnerships. The partnerships were invented to show how the "
            "evidence base works."
        )
    return _(
        "The numbers come from partnerships that use this tool and chose to contribute. These partnerships are "
        "not a sample of all partnerships."
    )


def sentence(table: dict[str, Any]) -> str:
    """Say what a table finds, and of whom it is true; of made-up partnerships, that they are."""
    if not table["shown"]:
        return str(NOT_SHOWN)
    text = _finding(published(table))
    return _("Invented example, not evidence: “%(said)s”") % {"said": text} if table.get("example") else text


def _leads(first: dict[str, Any]) -> str:
    """Say in how many partnerships Northern partners stand higher, and by how much on average."""
    lead, gap = first["lead"], number(first["gap"]["mean"])
    if lead["words"] == ALL:
        return _(
            "Northern partners have higher levels than Southern partners in nearly all partnerships using this tool. "
            "The average gap is %(gap)s."
        ) % {"gap": gap}
    if lead["words"] == NONE:
        return _(
            "Northern partners have higher levels than Southern partners in nearly none of the partnerships using "
            "this tool. The average gap is %(gap)s."
        ) % {"gap": gap}
    return _(
        "Northern partners have higher levels than Southern partners in %(k)s of %(n)s partnerships using this tool. "
        "Partnerships whose gap is zero (%(ties)s) are not counted. The average gap is %(gap)s."
    ) % {**lead, "gap": gap}


def moved(counts: dict[str, Any]) -> str:
    """Say in how many partnerships a side's level rose, and as far as it may be told, stayed and fell."""
    if counts["words"] == ALL:
        return _("The level is higher than before in nearly all partnerships.")
    if counts["words"] == NONE:
        return _("The level is higher than before in nearly none of the partnerships.")
    if counts["same"] is None:
        return _("The level is higher than before in %(up)s of %(n)s partnerships.") % counts
    return (
        _(
            "The level is higher than before in %(up)s of %(n)s partnerships, the same in %(same)s and lower in "
            "%(down)s."
        )
        % counts
    )


def _average_share(key: str, cell: dict[str, Any]) -> str:
    """Say the mean Southern share of a fact, and over how many partnerships at least."""
    share = sentences.average_share(FACTS[key].key, cell["south_share"], _("Southern partners"))
    return _("This is the average across at least %(n)s partnerships using this tool: %(said)s") % {
        "n": cell["n"],
        "said": share,
    }


def _finding(table: dict[str, Any]) -> str:
    first = table["cells"][0]
    if table["key"] in FACTS:
        return _average_share(table["key"], first)
    if table["key"] == "gap-all":
        return _leads(first)
    if table["key"] == "seen":
        means = {side: number(row["gap"]["mean"]) for side, row in zip(SIDES, table["cells"], strict=True)}
        return (
            _(
                "Among partnerships using this tool, Northern partners see an average gap of %(north)s. Southern "
                "partners see an average gap of %(south)s. These numbers come from private ratings, not from "
                "agreed levels."
            )
            % means
        )
    if table["key"] == "shift":
        means = {side: number(row["change"]["mean"]) for side, row in zip(SIDES, table["cells"], strict=True)}
        return (
            _(
                "Among partnerships using this tool, the average level of Northern partners changed by %(north)s "
                "between two assessments. The average level of Southern partners changed by %(south)s. We do not "
                "know the cause. A lower level may mean that the answers have become more honest."
            )
            % means
        )
    if table["key"] == "causes":
        named = max(table["cells"][1:], key=lambda row: row["n"])
        return _(
            "Of the partnerships using this tool, %(n)s named causes of disagreement. The most common cause was "
            "named by %(k)s partnerships: %(cell)s. This is what groups of partners say. The cause has not been "
            "measured."
        ) % {"k": named["n"], "n": first["n"], "cell": cell("causes", named["of"])}
    widest = max(table["cells"], key=lambda row: row["gap"]["mean"])
    return _(
        "Among partnerships using this tool, the gap is widest in this category: %(cell)s. The average gap across "
        "%(n)s partnerships is %(gap)s."
    ) % {
        "cell": cell(table["key"], widest["of"]),
        "gap": number(widest["gap"]["mean"]),
        "n": widest["n"],
    }


CHANGED: dict[str, str | Promise] = {
    "north": gettext_lazy("Across %(n)s partnerships, the average level of Northern partners changed by %(change)s."),
    "south": gettext_lazy("Across %(n)s partnerships, the average level of Southern partners changed by %(change)s."),
}


def cell_sentence(table: dict[str, Any], place: int) -> str:
    """Say one row of a table as a sentence to cite; of made-up partnerships, that they are."""
    key, row = table["key"], table["cells"][place]
    facts = {"cell": cell(key, row["of"]), "n": row["n"], "title": TITLES[key]}
    if key in FACTS:
        text = _average_share(key, row)
    elif key == "causes":
        total = row["of"] == ["all"]
        text = _("%(n)s partnerships named a cause.") if total else _("%(cell)s: %(n)s partnerships named this cause.")
        text %= facts
    elif key == "shift":
        text = CHANGED[row["of"][0]] % {"n": row["n"], "change": number(row["change"]["mean"])}
    else:
        gap = number(row["gap"]["mean"])
        text = _("%(cell)s: the average gap across %(n)s partnerships is %(gap)s.") % {**facts, "gap": gap}
    text = text[:1].upper() + text[1:]
    return _("Invented example, not evidence: “%(said)s”") % {"said": text} if table.get("example") else text
