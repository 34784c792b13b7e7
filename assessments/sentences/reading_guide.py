"""For facilitators before the session: the widest differences, and decisions with one decider or none."""

from django.utils.translation import gettext_lazy as _

from assessments import numbers
from assessments.ladder import NOT_SHOWN
from assessments.scoring.levels import BOTH_SIDES
from assessments.sentences import caucus, perceptions
from assessments.sentences.sentence import Sentence, Text, sentence_of
from assessments.shapes import CaucusDecision, Names, ReleasedDecision

WIDEST: dict[str, Text] = {
    "hidden": NOT_SHOWN,
    "same": _("On “%(decision)s”, both sides have the same view: %(by_north)s."),
    "apart": _(
        "On “%(decision)s”, the two views are %(by)s levels apart. %(north)s have this view: %(by_north)s. %(south)s "
        "have this view: %(by_south)s."
    ),
    "north_alone": _("On “%(decision)s”, %(north)s have this view: %(by_north)s."),
    "south_alone": _("On “%(decision)s”, %(south)s have this view: %(by_south)s."),
}


def widest(row: ReleasedDecision | CaucusDecision | None, names: Names, openly: bool = False) -> Sentence:
    """Say how far the two views of a decision are apart, or the one that is shown; `openly` where answers are open."""
    if row is None:
        return sentence_of(WIDEST, "hidden", {})
    view = caucus.caucus_view if openly else perceptions.view
    values = {**names["groups"], "decision": names["decisions"].get(row["decision"], "")}
    values |= {f"by_{side}": view(row[side], names).text for side in BOTH_SIDES}
    if row["difference"] is None:
        return sentence_of(WIDEST, "south_alone" if row["north"] is None else "north_alone", values)
    values["by"] = numbers.steps(row["difference"]) if openly else perceptions.steps_apart(row)
    return sentence_of(WIDEST, "same" if numbers.tied(row["difference"]) else "apart", values)


DECIDER: dict[str, Text] = {
    "one_bands": _(
        "On “%(decision)s”, only %(partner)s decides or co-decides, according to the middle of all answers."
    ),
    "none_bands": _("On “%(decision)s”, no partner decides or co-decides, according to the middle of all answers."),
    "one_before": _(
        "On “%(decision)s”, only %(partner)s decided or co-decided, according to the levels agreed last time."
    ),
    "none_before": _("On “%(decision)s”, no partner decided or co-decided, according to the levels agreed last time."),
}


def decider(source: str, decision: int, partner: int | None, names: Names) -> Sentence:
    """Say who alone decides or co-decides, or that nobody does; `source` is "bands" or "before"."""
    case = f"{'none' if partner is None else 'one'}_{source}"
    decider_names = names["partners"].get(partner) if partner is not None else None
    name = decider_names["name"] if decider_names else ""
    return sentence_of(DECIDER, case, {"decision": names["decisions"].get(decision, ""), "partner": name})
