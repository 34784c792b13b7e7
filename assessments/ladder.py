"""The words of the ladder and of the sides, said the same way on every surface."""

import unicodedata

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _

# The ladder of participation (METHOD §1), from 0 to 4.
LEVELS = {
    0: _("excluded and not informed"),
    1: _("informed only"),
    2: _("consulted beforehand"),
    3: _("co-decides"),
    4: _("decides"),
}
SHORT_LEVELS = {0: _("excluded"), 1: _("informed only"), 2: _("consulted"), 3: _("co-decides"), 4: _("decides")}
DONT_KNOW = _("do not know / not applicable")
NOT_SHOWN = _("Not shown, to protect answers.")


def isolated(text: str) -> str:
    """Keep what somebody wrote, such as a decision in another script, from mixing with the line around it.

    The Unicode isolates, so that pages, mails, charts and PDFs get the same; a template writes `<bdi>`.
    """
    if get_language_bidi() or (not text.isascii() and any(map(_right_to_left, text))):
        return f"\u2068{text}\u2069"
    return text


def _right_to_left(sign: str) -> bool:
    return unicodedata.bidirectional(sign) in ("R", "AL")
