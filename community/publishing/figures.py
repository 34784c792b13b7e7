"""A frozen figure of the evidence base in sentences, numbers included. Pure: takes what was frozen."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

NAMES: dict[str, str | Promise] = {
    "gap-all": gettext_lazy("How often is one side the more powerful one, by agreed levels?"),
    "gap-phase": gettext_lazy("The gap in agreed levels, by phase"),
    "gap-topic": gettext_lazy("The gap in agreed levels, by kind of decision"),
    "shift": gettext_lazy("What changed from baseline to endline, by side"),
    "seen": gettext_lazy("The gap as each side sees it"),
}


def said(values: dict[str, Any]) -> list[str]:
    """Return one sentence for each cell of a figure's table."""
    return [_cell(cell) for cell in values.get("cells", [])]


def _cell(cell: dict[str, Any]) -> str:
    facts = {"of": ", ".join(map(str, cell.get("of", []))), **_flat(cell)}
    if {"lead.k", "lead.n", "gap.mean"} <= facts.keys():
        lead, gap = cell["lead"], cell["gap"]
        found = {"of": facts["of"], "k": lead["k"], "n": lead["n"], "ties": lead.get("ties", 0), "mean": gap["mean"]}
        words = _("%(of)s: the North leads in %(k)s of %(n)s partnerships (ties left out: %(ties)s); mean gap %(mean)s")
        return words % found
    numbers = "; ".join(f"{name} {value}" for name, value in facts.items() if name != "of")
    return f"{facts['of']}: {numbers}" if facts["of"] else numbers


def _flat(cell: dict[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in cell.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{before}{name}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found[f"{before}{name}"] = value
    return found
