"""What waits because an imported partner has not declared its side yet."""

from django.utils.translation import ngettext_lazy

from assessments.sentences.sentence import Sentence, Text, sentence_of
from assessments.shapes import Names
from partnerships.locales import listed

WAITS: dict[str, Text] = {
    "results": ngettext_lazy(
        "We cannot show results by side yet because %(partners)s has not declared its side.",
        "We cannot show results by side yet because %(partners)s have not declared their sides.",
        "count",
    ),
    "evidence": ngettext_lazy(
        "The evidence base cannot count this assessment yet because %(partners)s has not declared its side.",
        "The evidence base cannot count this assessment yet because %(partners)s have not declared their sides.",
        "count",
    ),
}


def undeclared(names: Names) -> list[str]:
    """Return the names of the partners whose side nobody has declared."""
    return [partner["name"] for partner in names["partners"].values() if partner["side"] is None]


def waits(names: Names, what: str = "results") -> Sentence | None:
    """Say that results by side wait, and for which partners; None where every side is declared."""
    waiting = undeclared(names)
    return sentence_of(WAITS, what, {"partners": listed(waiting)}, len(waiting)) if waiting else None
