"""What is promised above the first question: who will see what of private answers, in each mode (METHOD §4)."""

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# What each mode promises above the first question (METHOD §4), by paragraphs. People answered relying on these words.
PROMISES = {
    "by_side": (
        _(
            "After closing, other people see the average gap between Northern and Southern partners, as each side sees "
            "it. They are not shown the levels that you gave."
        ),
        _(
            "A side with fewer than three answering organisations is shown only if all of them agreed. If it is one "
            "organisation, the average is its own gap."
        ),
        _(
            "If no side can be shown, they see the middle answer of all organisations, where at least five answered. "
            "Otherwise they see nothing."
        ),
    ),
    "all_together": (
        _(
            "After closing, other people see, for each partner, the middle answer of all organisations (0–1, 2 or "
            "3–4), where at least five answered. They are not shown the answers of your side or organisation. "
            "Otherwise they see nothing."
        ),
    ),
    "named": (
        _(
            "After closing, everyone in this assessment, including your funder, sees the levels of your organisation "
            "next to its name. If several of you answered, they see the middle of your levels."
        ),
    ),
    "caucus": (
        _(
            "Your side agrees on one answer in the open. What your side answers is seen by everyone. Who said what is "
            "not stored."
        ),
    ),
}
OF_OTHER_PARTNERS = _("Your answers count only in the middle answer.")
# Under the promise of each mode in which people answer alone. A caucus answers “Do we agree?” in the open, too.
UNDER_EACH = (
    _(
        "For 'Do we agree?' they see 'all agree' or 'not all agree', where at least five organisations answered. 'All "
        "agree' shows that you agreed."
    ),
    _(
        "They see how many organisations answered. They see the reasons that you share, and may recognise your words "
        "or your language."
    ),
    _("Partners who combine their own answers with these results can work out more."),
    _("If someone enters a form for you, that person sees your answers and is named."),
)
NOT_SHOWN_TO_ANYONE = _("Your answers are not shown to anyone: not to your funder, not to the facilitators.")
FIRST_LINES = {
    "by_side": NOT_SHOWN_TO_ANYONE,
    "all_together": NOT_SHOWN_TO_ANYONE,
    "named": _("Everyone in this assessment will see your organisation's levels, with its name."),
}
FIRST_LINE_OF_FORMS = _("The person who enters this form sees your answers.")
REASON_NOTE = _(
    "Reasons without a name are shown only if at least five organisations answered, and three of them gave such a "
    "reason. Others can count the reasons, and may recognise your words or your language."
)
WITHDRAWING = _("Your answers are deleted. We tell no one. After closing, others may notice that an answer is missing.")


def promise(mode: str, side: str | None = None) -> list[str]:
    """Return what a mode promises, by paragraphs, to people of a side; None is for all, who read what is whose."""
    said = [str(paragraph) for paragraph in PROMISES[mode]]
    if mode == "by_side" and side == "other":
        return [*said, str(OF_OTHER_PARTNERS)]
    if mode == "by_side" and side is None:
        return [*said, gettext("For other partners: %(promise)s") % {"promise": OF_OTHER_PARTNERS}]
    return said


def under_each(mode: str) -> list[str]:
    """Return what is under a mode's promise: agreement, reasons, forms, who runs the website, downloaded reports."""
    alone = [] if mode == "caucus" else [str(line) for line in UNDER_EACH]
    return [*alone, run_by(), gettext("Reports that someone has downloaded cannot be withdrawn.")]


def run_by() -> str:
    """Return who runs this website, and that its administrators could technically read answers."""
    text = gettext("This website is run by %(operator)s. Its administrators could technically read your answers.")
    return text % {"operator": settings.OPERATOR_NAME}
