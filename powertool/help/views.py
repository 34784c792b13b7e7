"""The help pages: everyone reads them, with or without an account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from assessments import guide, ladder, promises
from assessments.models import MODE_TITLES, Mode
from powertool.help.words import WORDS

# The facilitators' guide by the five steps of an assessment.
GUIDES_OF_STEPS = (
    (_("Prepare"), (guide.DECISIONS, guide.VOTE)),
    (_("Answer"), (guide.RATING, guide.CAUCUS)),
    (_("Meet"), (guide.ACTUAL, guide.AGREEMENT, guide.DESIRED, guide.ACTION)),
    (_("Final review"), (guide.FINAL_REVIEW,)),
    (_("Results"), (guide.FOLLOW_UP,)),
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the help pages."""
    return render(request, "help/index.html")


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """Explain the method in one page."""
    return render(request, "help/method.html", {"levels": sorted(ladder.LEVELS, reverse=True)})


@require_safe
def answer(request: HttpRequest) -> HttpResponse:
    """Explain to representatives what they do, from joining to the reply."""
    return render(request, "help/answer.html")


@require_safe
def facilitate(request: HttpRequest) -> HttpResponse:
    """Show the facilitators' guide to every step."""
    context = {"steps": GUIDES_OF_STEPS, "ask_first": guide.ASK_FIRST, "not_to_say": guide.NOT_TO_SAY}
    return render(request, "help/facilitate.html", context)


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Answer what people ask, with the promises of each mode."""
    context = {
        "promises": [(title, promises.promise(mode)) for mode, title in MODE_TITLES.items()],
        "under_each": promises.under_each(Mode.BY_SIDE),
        "run_by": promises.run_by(),
        "withdrawing": promises.WITHDRAWING,
        "of_forms": promises.FIRST_LINE_OF_FORMS,
    }
    return render(request, "help/questions.html", context)


@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """List the words of the method."""
    return render(request, "help/words.html", {"words": WORDS})
