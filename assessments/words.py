"""The words of the ladder and of the sides, said the same way on every surface."""

import unicodedata

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _

# The ladder of participation (METHOD §1), from 0 to 4.
LEVELS = {
    0: _("excluded and not informed"),
    1: _("informed, no say"),
    2: _("consulted beforehand"),
    3: _("co-decides"),
    4: _("decides"),
}
SHORT_LEVELS = {0: _("excluded"), 1: _("informed"), 2: _("consulted"), 3: _("co-decides"), 4: _("decides")}
DONT_KNOW = _("don't know / not applicable")
NOT_SHOWN = _("Not shown, to protect answers.")
# What each mode promises above the first question (METHOD §4). Whoever answered relied on these very words.
PROMISES = {
    "by_side": _(
        "Others see how big a gap your side finds, never what you gave whom. If no side can be shown, they see the "
        "middle of everybody's answers."
    ),
    "all_together": _("Others see the middle of everybody's answers, never a side's or yours."),
    "caucus": _("Each side agrees on one answer, and everybody sees it. Who said what inside a side is not stored."),
    "named": _(
        "Everyone in this assessment, your funder included, sees your organisation's name beside each of your answers."
    ),
}


def isolated(text: str) -> str:
    """Keep what somebody wrote, such as a decision in another script, from mixing with the line around it.

    The Unicode isolates, so that pages, mails, charts and PDFs get the same; a template writes `<bdi>`.
    """
    if get_language_bidi() or (not text.isascii() and any(map(_right_to_left, text))):
        return f"\u2068{text}\u2069"
    return text


def _right_to_left(sign: str) -> bool:
    return unicodedata.bidirectional(sign) in ("R", "AL")
