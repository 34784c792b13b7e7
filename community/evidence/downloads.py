"""The published tables as files: CSV with a row of HXL tags, JSON, and a dictionary of the columns."""

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.exports.text import written
from assessments.scoring.levels import BOTH_SIDES, LEVELS
from community.evidence.publication import published

# Column: (HXL tag, where it stands in a cell, what it means).
COLUMNS: dict[str, tuple[str, tuple[str | int, ...], str | Promise]] = {
    "table": (
        "#meta+table",
        (),
        _("the question that the row answers: gap-all, gap-topic, gap-phase, seen, shift, causes, or a fact"),
    ),
    "example": (
        "#meta+example",
        (),
        _("“yes” if the numbers are invented and are not evidence, “no” if the numbers are real"),
    ),
    "cell": (
        "#indicator+category",
        (),
        _("codes of the topic, phase, side or cause, with “+” between them if cells have been merged"),
    ),
    "since": ("#date+published", (), _("date and time of the first publication of these numbers (ISO 8601, UTC)")),
    "partnerships": (
        "#reach+partnerships",
        ("n",),
        _(
            "number of partnerships in the cell (each partnership counts once, and numbers for facts are given in "
            "steps of five)"
        ),
    ),
    "north_leads": ("#indicator+leads+num", ("lead", "k"), _("number of partnerships whose gap is above zero")),
    "without_ties": ("#indicator+leads+total", ("lead", "n"), _("number of partnerships whose gap is not zero")),
    "ties": (
        "#indicator+ties+num",
        ("lead", "ties"),
        _("number of partnerships whose gap is zero (not counted in the share)"),
    ),
    "leads_in_words": (
        "#indicator+leads+words",
        ("lead", "words"),
        _("nearly_all or nearly_none, in place of a number that would reveal one or two partnerships"),
    ),
    "share": (
        "#indicator+leads+share",
        ("lead", "share"),
        _("share of partnerships (north_leads divided by without_ties)"),
    ),
    "share_low": (
        "#indicator+leads+low",
        ("lead", "low"),
        _("lower limit of the 95% confidence interval for the share (Wilson method, uncorrected)"),
    ),
    "share_high": (
        "#indicator+leads+high",
        ("lead", "high"),
        _("upper limit of the 95% confidence interval for the share (Wilson method, uncorrected)"),
    ),
    "gap": ("#indicator+gap+mean", ("gap", "mean"), _("mean gap, North minus South, in levels (-4 to 4)")),
    "gap_low": (
        "#indicator+gap+low",
        ("gap", "low"),
        _("lower limit of the 95% confidence interval for the mean gap (t distribution)"),
    ),
    "gap_high": (
        "#indicator+gap+high",
        ("gap", "high"),
        _("upper limit of the 95% confidence interval for the mean gap (t distribution)"),
    ),
    "north": ("#indicator+north+mean", ("north",), _("mean agreed level of Northern partners (0 to 4)")),
    "south": ("#indicator+south+mean", ("south",), _("mean agreed level of Southern partners (0 to 4)")),
    **{
        f"{side}_{level}": (
            f"#indicator+{side}+level{level}+share",
            ("levels", side, level),
            _("share of the side's agreed levels that are at this level of the ladder (average over the partnerships)"),
        )
        for side in BOTH_SIDES
        for level in LEVELS
    },
    "change": (
        "#indicator+change+mean",
        ("change", "mean"),
        _("mean change in the side's level, measured in levels of the ladder"),
    ),
    "change_low": (
        "#indicator+change+low",
        ("change", "low"),
        _("lower limit of the confidence interval (95%, t distribution) for the mean change"),
    ),
    "change_high": (
        "#indicator+change+high",
        ("change", "high"),
        _("upper limit of the confidence interval (95%, t distribution) for the mean change"),
    ),
    "change_in_words": (
        "#indicator+change+words",
        ("words",),
        _(
            "share of partnerships with a higher level (nearly_all or nearly_none if a number would reveal one or "
            "two partnerships)"
        ),
    ),
    "south_share": (
        "#indicator+south+share",
        ("south_share",),
        _(
            "mean share that Southern partners have, for example of the money, across partnerships (0 to 1, in steps "
            "of 0.1)"
        ),
    ),
    "up": (
        "#indicator+change+up",
        ("up",),
        _("number of partnerships where the side's level is higher than in the earlier assessment"),
    ),
    "same": (
        "#indicator+change+same",
        ("same",),
        _("number of partnerships where the side's level is the same as in the earlier assessment"),
    ),
    "down": (
        "#indicator+change+down",
        ("down",),
        _("number of partnerships where the side's level is lower than in the earlier assessment"),
    ),
}


def as_csv(tables: list[dict[str, Any]]) -> str:
    """Return the tables that are shown as CSV: header, HXL tags, one row per cell; what is undefined is empty."""
    rows = [list(COLUMNS), [tag for tag, _path, _meaning in COLUMNS.values()], *_rows(tables)]
    return written(rows)


def dictionary() -> str:
    """Return the data dictionary as CSV."""
    meanings = [[name, tag, str(meaning)] for name, (tag, _path, meaning) in COLUMNS.items()]
    return written([["column", "hxl_tag", "meaning"], *meanings])


def _rows(tables: list[dict[str, Any]]) -> Iterator[list]:
    for table in map(published, tables):
        for cell in table["cells"] if table["shown"] else []:
            made_up = "yes" if table.get("example") else "no"
            named = {"table": table["key"], "example": made_up, "cell": "+".join(cell["of"]), "since": table["since"]}
            yield [named.get(name, _at(cell, path)) for name, (_tag, path, _meaning) in COLUMNS.items()]


def _at(cell: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        if cell is None:
            return None
        cell = cell[step] if isinstance(step, int) else cell.get(step)
    return cell if path else None
