"""A frozen figure of the evidence base in sentences, numbers included. Pure: takes what was frozen."""

from typing import Any

from django.utils.translation import gettext as _

from assessments.ladder import NOT_SHOWN
from community.evidence import words
from community.evidence.publication import ALL, NONE, published


def name(key: str) -> str:
    return str(words.TITLES.get(key, key))


def lines_of_figure(values: dict[str, Any] | None) -> list[str]:
    """Return what the figure finds, then one line for each of its cells; None: it was hidden since."""
    if values is None:
        return [str(NOT_SHOWN)]
    return [words.sentence(values), *(line(values["key"], cell) for cell in published(values)["cells"])]


def line(key: str, cell: dict[str, Any]) -> str:
    if key in words.FACTS:
        return _("Southern partners: %(share)s on average, in at least %(n)s partnerships.") % {
            "share": words.percent(cell["south_share"]),
            "n": cell["n"],
        }
    if key == "causes":
        return _("%(name)s: %(n)s partnerships") % {"name": words.cell(key, cell["of"]), "n": cell["n"]}
    mean = cell.get("gap") or cell["change"]
    facts = {"name": words.cell(key, cell["of"]), "n": cell["n"], "mean": words.number(mean["mean"])}
    if "lead" in cell:
        return _leading(cell["lead"], facts, words.interval(mean))
    if mean["low"] is None:
        return _("%(name)s: the average change across %(n)s partnerships is %(mean)s.") % facts
    facts["interval"] = words.interval(mean)
    return (
        _(
            "%(name)s: the average change across %(n)s partnerships is %(mean)s (95%% confidence interval: "
            "%(interval)s)."
        )
        % facts
    )


def _leading(lead: dict[str, Any], facts: dict[str, Any], interval: str) -> str:
    if lead["words"]:
        texts = {
            ALL: _(
                "%(name)s: Northern partners have higher levels in nearly all partnerships. The average gap is "
                "%(mean)s."
            ),
            NONE: _(
                "%(name)s: Northern partners have higher levels in nearly none of the partnerships. The average "
                "gap is %(mean)s."
            ),
        }
        return texts[lead["words"]] % facts
    facts |= {"k": lead["k"], "ties": lead["ties"], "of": lead["n"], "interval": interval}
    if interval == "–":
        return (
            _(
                "%(name)s: Northern partners have higher levels in %(k)s of %(of)s partnerships. Number of "
                "partnerships whose gap is zero (not counted): %(ties)s. The average gap is %(mean)s."
            )
            % facts
        )
    return (
        _(
            "%(name)s: Northern partners have higher levels in %(k)s of %(of)s partnerships. Number of partnerships "
            "whose gap is zero (not counted): %(ties)s. The average gap is %(mean)s (95%% confidence interval: "
            "%(interval)s)."
        )
        % facts
    )
