"""What paper, forms and spreadsheets say, in the active language; much of it as the rating pages say it."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments import ladder, promises

DONT_KNOW = "none"


def languages() -> list[tuple[str, str]]:
    """Return the languages that a form offers, as code and own name: the reader's first."""
    return sorted(settings.LANGUAGES, key=lambda pair: pair[0] != translation.get_language())


def rungs() -> list[tuple[str, str, str]]:
    """Return the rungs as value, sign and words, “don't know” last."""
    rungs = [(str(level), str(level), str(capfirst(word))) for level, word in ladder.LEVELS.items()]
    return [*rungs, (DONT_KNOW, "?", str(capfirst(ladder.DONT_KNOW)))]


def agrees() -> dict[str, str]:
    return {"yes": _("Yes, I agree"), "no": _("No, I do not agree"), DONT_KNOW: _("I do not know")}


def uses() -> dict[str, str]:
    """Return what a reason can be for, in the order of the rating page."""
    return {
        "me": _("For me only"),
        "group": _("For the group, reworded by me and without my name"),
        "signed": _("For the group, signed with my name"),
    }


def reason_note() -> str:
    """Return what is said of reasons before one is typed, the same whether somebody agrees or not."""
    return str(promises.REASON_NOTE)


def how_much_say() -> str:
    return _("How much influence does each partner have on this decision?")


def do_you_agree() -> str:
    return _("Do you agree with how partners are involved in this decision?")


def promise(mode: str, sides: Iterable[str] = ()) -> list[str]:
    """Return what stands above the first question for partners of these sides: the mode's words, and what is under."""
    return [*promises.promise(mode, None if "other" in sides else "north"), *promises.under_each(mode)]


def first_line() -> str:
    """Return the first line of each form that somebody else enters."""
    return str(promises.FIRST_LINE_OF_FORMS)


def seen_by_the_importer() -> str:
    return _(
        "The facilitator who imports a paper form, or a form from another tool, sees what is on the form. Anyone who "
        "carries the form or runs that tool may see it too. All members are told which facilitator imported the form."
    )


def small_side() -> str:
    """Return the heading of the choice about small sides: nobody is asked, and it may be left out."""
    return _("Choice for small sides (optional)")


def tick_note(k: int) -> str:
    return _(
        "A side is shown if at least %(k)s of its organisations have answered. A smaller side is shown only if all "
        "its organisations that have answered tick this box. Others will then know that all of them ticked the box, "
        "and can guess more. If the side is not shown, we give no reason."
    ) % {"k": k}


def tick() -> str:
    return _("Show our side even if it is small")
