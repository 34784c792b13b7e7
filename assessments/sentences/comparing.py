"""A partnership's own gap, and the published gap among partnerships using this tool. Never a rank."""

from django.utils.translation import gettext_lazy as _

from assessments import numbers
from assessments.sentences.sentence import Sentence, Text, sentence_of
from assessments.shapes import Names

OWN: dict[str, Text] = {
    "north": _("In this assessment, the average level of %(north)s is %(gap)s higher than that of %(south)s."),
    "south": _("In this assessment, the average level of %(south)s is %(gap)s higher than that of %(north)s."),
    "same": _("In this assessment, %(north)s and %(south)s have the same influence on average."),
}
AMONG: dict[str, Text] = {
    "north": _(
        "Across at least %(partnerships)s partnerships using this tool, Northern partners' average level is "
        "%(gap)s higher than that of Southern partners."
    ),
    "south": _(
        "Across at least %(partnerships)s partnerships using this tool, Southern partners' average level is "
        "%(gap)s higher than that of Northern partners."
    ),
    "same": _(
        "Across at least %(partnerships)s partnerships using this tool, both sides have the same influence on average."
    ),
}


def own_gap(gap: float, names: Names) -> Sentence:
    """Say the gap (north − south, in levels) of this assessment, in the partnership's words for the sides."""
    return sentence_of(OWN, _ahead(gap), {**names["groups"], "gap": numbers.steps(gap)})


def published_gap(gap: float, partnerships: int) -> Sentence:
    """Say a published gap and how many partnerships it rests on at least."""
    return sentence_of(AMONG, _ahead(gap), {"gap": numbers.steps(gap), "partnerships": numbers.whole(partnerships)})


def _ahead(gap: float) -> str:
    return "same" if round(abs(gap), 1) == 0 else "north" if gap > 0 else "south"
