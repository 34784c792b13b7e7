"""A snapshot as pages show it: tables with words, sentences and charts."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from community.evidence import charts, words
from community.evidence.publication import coarse, published


def sections(tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the tables of a snapshot in the order in which they are read."""
    by_key = {table["key"]: table for table in tables}
    return [section(by_key[name]) for name in (*words.ORDER, *words.FACTS) if name in by_key]


def section(table: dict[str, Any]) -> dict[str, Any]:
    """Return one table: title, sentence, rows in words, and charts where there is something to draw."""
    table = published(table)
    drawn = table["shown"] and table["key"].startswith("gap")
    return {
        "key": table["key"],
        "kind": table["key"].split("-")[0],
        "title": words.TITLES[table["key"]],
        "shown": table["shown"],
        "is_example": bool(table.get("example")),
        "sentence": words.sentence(table),
        "since": day(table["since"]),
        "rows": [table_row(table["key"], cell) for cell in table["cells"]],
        "levels": [line for cell in table["cells"] for line in level_rows(table["key"], cell)],
        "widest": words.widest(table["key"], charts.both_sides(table)) if drawn else "",
        "dumbbells": charts.dumbbells(table) if drawn else None,
        "distributions": charts.distributions(table) if drawn else None,
    }


def table_row(name: str, cell: dict[str, Any]) -> dict[str, Any]:
    """Return one cell as a table prints it."""
    shown: dict[str, Any] = {"name": words.cell(name, cell["of"]), "n": cell["n"]}
    if name in words.FACTS:
        return shown | {"share": words.percent(cell["south_share"])}
    if lead := cell.get("lead"):
        shown |= leading(lead)
    if name == "causes":
        return shown
    mean = cell.get("gap") or cell["change"]
    shown |= {"mean": words.number(mean["mean"]), "mean_interval": unbroken(words.interval(mean))}
    if name.startswith("gap"):
        shown |= {side: words.number(cell[side]) for side in words.SIDES}
    return shown | (moving(cell) if "up" in cell else {})


def leading(lead: dict[str, Any]) -> dict[str, Any]:
    """Return how often the North stands higher: a number with its share, or words in their place."""
    if lead["words"]:
        return {"lead": words.SHARES[lead["words"]], "ties": "–", "share": "–", "share_interval": "–"}
    return {
        "lead": unbroken(_("%(k)s of %(n)s") % lead),
        "ties": lead["ties"],
        "share": unbroken(words.percent(lead["k"] / lead["n"])),
        "share_interval": unbroken(words.interval(lead, as_percent=True)),
    }


def moving(cell: dict[str, Any]) -> dict[str, Any]:
    """Return in how many partnerships a level rose, stayed and fell; a dash where that would tell of one or two."""
    ways = {way: "–" if cell[way] is None else cell[way] for way in ("up", "same", "down")}
    return {**ways, "up": words.SHARES[cell["words"]]} if cell["words"] else ways


def unbroken(text: str) -> str:
    """Keep a number on one line, so that rows stay low on a phone."""
    return text.replace(" ", "\u00a0")


def day(iso: str | None) -> date | None:
    return datetime.fromisoformat(iso).date() if iso else None


def after(followed: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what followed where a measure was adopted, in words per side; None where nothing is shown."""
    return followed and {**followed, "sides": [(side, _after(coarse(cell))) for side, cell in followed["sides"]]}


def _after(cell: dict[str, Any]) -> dict[str, Any]:
    return {"mean": words.number(cell["change"]["mean"]), "moved": words.moved(cell)}


def level_rows(name: str, cell: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the shares of levels of both sides, as a table prints them."""
    return [
        {"name": words.cell(name, cell["of"]), "side": side, "shares": [words.percent(share) for share in shares]}
        for side, shares in cell.get("levels", {}).items()
    ]
