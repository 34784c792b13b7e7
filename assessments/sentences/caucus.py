"""What each side agreed on within itself, compared. Takes `Release.data` of caucus mode; nothing in it is hidden."""

from django.utils.translation import gettext_lazy as _

from assessments import numbers
from assessments.sentences.perceptions import PERCEPTION, VIEWS, ahead, views_case
from assessments.sentences.sentence import Sentence, Text, sentence_of
from assessments.shapes import CaucusData, Names, SideNames

NOT_COMPARED = _(
    "The two sides' answers cannot be compared because at least one side did not rate partners on both sides."
)
FINDING: dict[str, Text] = PERCEPTION | {"hidden": NOT_COMPARED}
VIEW: dict[str, Text] = VIEWS | {"hidden": _("no answer")}
APART: dict[str, Text] = {"hidden": _("not compared"), "same": _("the same view"), "apart": _("%(by)s levels apart")}
AGREES: dict[bool | None, Text] = {
    True: _("agrees"),
    False: _("does not agree"),
    None: _("has not answered, or does not know"),
}


def caucus_finding(data: CaucusData, names: Names) -> Sentence:
    """Say how the answers of the two sides differ over all decisions."""
    north, south = data["assessment"]["north"], data["assessment"]["south"]
    by = {"by_north": _steps(north), "by_south": _steps(south)}
    return sentence_of(FINDING, views_case(north, south), names["groups"] | by)


def _steps(gap: float | None) -> str:
    return "" if gap is None else numbers.steps(gap)


def caucus_view(gap: float | None, names: SideNames) -> Sentence:
    """Say one side's own gap in one decision: "North 1.5 levels higher"."""
    return sentence_of(VIEW, "hidden" if gap is None else ahead(gap), names["sides"] | {"by": _steps(gap)})


def caucus_difference(value: float | None) -> Sentence:
    case = "hidden" if value is None else "same" if numbers.tied(value) else "apart"
    return sentence_of(APART, case, {"by": _steps(value)})


def caucus_agrees(agree: bool | None) -> Text:
    return AGREES[agree]
