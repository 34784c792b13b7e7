"""A frozen figure of the evidence base in sentences, numbers included. Pure: takes what was frozen."""

from typing import Any

from django.utils.translation import gettext as _

from community.evidence import words


def name(key: str) -> str:
    return str(words.TITLES.get(key, key))


def said(values: dict[str, Any] | None) -> list[str]:
    """Return what the figure finds, then one line for each of its cells; None: it was hidden since."""
    if values is None:
        return [str(words.HIDDEN)]
    return [words.sentence(values), *(line(values["key"], cell) for cell in values["cells"])]


def line(key: str, cell: dict[str, Any]) -> str:
    if key == "causes":
        return _("%(name)s: %(n)s partnerships.") % {"name": words.cell(key, cell["of"]), "n": cell["n"]}
    mean = cell.get("gap") or cell["change"]
    facts = {"name": words.cell(key, cell["of"]), "n": cell["n"], "mean": words.number(mean["mean"])}
    facts["interval"] = words.interval(mean)
    if "lead" in cell:
        lead = {one: cell["lead"][one] for one in ("k", "ties")} | {"of": cell["lead"]["n"]}
        said = _(
            "%(name)s: the North leads in %(k)s of %(of)s (ties, left out: %(ties)s); mean gap %(mean)s "
            "(95 %% interval: %(interval)s)."
        )
        return said % (facts | lead)
    return _("%(name)s: mean change %(mean)s over %(n)s partnerships (95 %% interval: %(interval)s).") % facts
