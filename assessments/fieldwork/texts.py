"""What paper, forms and spreadsheets say, in the active language; much of it as the rating pages say it."""

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments import words

DONT_KNOW = "none"


def languages() -> list[tuple[str, str]]:
    """Return the languages that a form offers, as code and own name: the reader's first."""
    return sorted(settings.LANGUAGES, key=lambda pair: pair[0] != translation.get_language())


def ladder() -> list[tuple[str, str, str]]:
    """Return the rungs as value, sign and words, “don't know” last."""
    rungs = [(str(level), str(level), str(capfirst(word))) for level, word in words.LEVELS.items()]
    return [*rungs, (DONT_KNOW, "?", str(capfirst(words.DONT_KNOW)))]


def agrees() -> dict[str, str]:
    return {"yes": _("Yes, I agree"), "no": _("No, I don't agree"), DONT_KNOW: _("I don't know")}


def uses() -> dict[str, str]:
    """Return what a reason can be for, in the order of the rating page."""
    return {
        "me": _("For me only"),
        "group": _("For the group, reworded by me and without my name"),
        "signed": _("For the group, signed"),
    }


def how_much_say() -> str:
    return _("How much say has each partner in this?")


def do_you_agree() -> str:
    return _("Do you agree with how partners are involved in this decision?")


def promise(mode: str) -> list[str]:
    """Return what stands above the first question: the mode's binding words, and who else could see."""
    return [
        str(words.PROMISES[mode]),
        _("The website is run by %(operator)s. They could technically read your answers.")
        % {"operator": settings.OPERATOR_NAME},
        _("Reports that somebody has downloaded cannot be called back."),
    ]


def seen_by_the_importer() -> str:
    return _(
        "The facilitator who brings a form of paper or of another tool into the website sees what is on it, and so may "
        "whoever carries it or runs that tool. All members are told who that facilitator was. If you answer on the "
        "website yourself, no facilitator sees it."
    )


def small_side() -> str:
    """Return the heading of the choice about small sides: nobody is asked, and it may be left out."""
    return _("If your side is small (you can leave this out)")


def tick_note(k: int) -> str:
    return _(
        "A side is shown when at least %(k)s of its organisations have answered. A smaller one is shown only if "
        "everybody of that side who answered ticks this; with few organisations, others can guess more. Both choices "
        "are fine: whether you tick is never shown, and where a side is not shown nobody learns why."
    ) % {"k": k}


def tick() -> str:
    return _("Show our side even if it is small")
