"""The pages on which sides say yes: to closing, moving the last day, going back, deleting, ending a membership."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.forms.safeguards.side_words import DayForm
from assessments.models import SECOND, Assessment, Matter, Stage
from assessments.services.safeguards import removal, side_words
from assessments.services.setup import deletion, opening
from assessments.views.decorators import assessment_required, context
from assessments.workflow import actions, guards
from partnerships.access import MemberRoles
from partnerships.limits import limited
from partnerships.models import Membership, Role

ANY = ["GET", "HEAD", "POST"]
# Each side's heading, and the buttons by which its yes is given and withdrawn.
NAMES: dict[str, tuple[str | Promise, str | Promise, str | Promise]] = {
    "north": (
        gettext_lazy("Northern partners"),
        gettext_lazy("Say yes for Northern partners"),
        gettext_lazy("Withdraw the yes of Northern partners"),
    ),
    "south": (
        gettext_lazy("Southern partners"),
        gettext_lazy("Say yes for Southern partners"),
        gettext_lazy("Withdraw the yes of Southern partners"),
    ),
    "other": (
        gettext_lazy("Other partners"),
        gettext_lazy("Say yes for other partners"),
        gettext_lazy("Withdraw the yes of other partners"),
    ),
    SECOND: (
        gettext_lazy("A second facilitator or representative"),
        gettext_lazy("Say yes as the second person"),
        gettext_lazy("Withdraw the yes of the second person"),
    ),
}
WORDS: dict[str, Callable[[], dict[str, Any]]] = {
    Matter.CLOSE_RATING: lambda: {
        "title": _("Close the private ratings for good?"),
        "consequences": [
            _("Rating closes when both sides have said yes. If only one side has, it closes seven days later."),
            _("Everyone is told the day. No one is told which side said yes."),
            _("A side can withdraw its yes until rating closes. The seven days then begin again."),
            _("After closing, answers cannot be added or changed. Answers that were not submitted do not count."),
            _("The results are computed once, and everyone sees them at the same time. This cannot be undone."),
        ],
    },
    Matter.MOVE_DAY: lambda: {
        "title": _("Move the last day to answer?"),
        "consequences": [
            _("The day moves when both sides have said yes to the same day. Everyone is told."),
            _("A yes to closing does not count any more. It can be given again from the new day on."),
        ],
    },
    Matter.REOPEN_DECISIONS: lambda: {
        "title": _("Go back to the list of decisions?"),
        "consequences": [
            _("This happens when both sides have said yes. Everyone is told."),
            _("All private answers are deleted, if there are any. No one sees them."),
            _("Who sees what stays as it is. An organisation that is added turns “named” into “by side”."),
        ],
    },
    Matter.DELETE_ASSESSMENT: lambda: {
        "title": _("Delete this assessment?"),
        "consequences": [
            _("It is deleted when both sides have said yes. Everyone is told."),
            _("Decisions, answers, levels and actions are deleted. No one sees the private answers."),
            _("This cannot be undone."),
        ],
    },
    Matter.REMOVE_MEMBER: lambda: {
        "consequences": [
            _("The membership ends when both sides have said yes. The person and all members are told."),
            _("The person can object. Then it ends only if another representative of the organisation remains."),
            _("If no other representative remains, the person has seven days to object."),
            _("Answers stay the person's own. Submitted answers count unless the person withdraws them."),
            _("No one is told whether the person has answered."),
        ],
    },
}
ALONE = {
    "consequences": gettext_lazy("Rating has never been open, so you can delete it alone. Everyone is told."),
    "button": gettext_lazy("Delete this assessment"),
}


@dataclass(frozen=True)
class Line:
    """One of the two sides: who can say yes for it, and what this person can do."""

    side: str
    name: str | Promise
    give: str | Promise
    withdraw: str | Promise
    people: list[str]
    mine: bool
    given: bool  # told only where it is this person's own
    form: DayForm | None


@require_http_methods(ANY)
@limited("words", 30, methods=("POST",))
@never_cache
@assessment_required(Role.FACILITATOR, Role.REPRESENTATIVE)
def decide_matter(request: HttpRequest, assessment: Assessment, member: MemberRoles, matter: str) -> HttpResponse:
    """Show what both sides decide, and take or withdraw one side's yes."""
    if matter not in Matter.values or matter == Matter.REMOVE_MEMBER:
        raise Http404
    if matter == Matter.DELETE_ASSESSMENT and guards.never_opened(assessment) is None:
        return _delete_alone(request, assessment, member)
    actions.check(assessment, member, matter)
    return _page(request, assessment, member, matter)


@require_http_methods(ANY)
@limited("words", 30, methods=("POST",))
@never_cache
@assessment_required(Role.FACILITATOR, Role.REPRESENTATIVE)
def decide_membership(
    request: HttpRequest, assessment: Assessment, member: MemberRoles, membership: str
) -> HttpResponse:
    """Show what both sides decide about a representative's membership, and take or withdraw one side's yes."""
    subject = assessment.partnership.memberships.select_related("user", "partner").filter(code=membership).first()
    if subject is None or not removal.is_possible(assessment, subject):
        raise Http404
    if subject.user_id == member.any.user_id:
        return redirect("assessments:my-membership", assessment.code)
    actions.check(assessment, member, Matter.REMOVE_MEMBER)
    return _page(request, assessment, member, Matter.REMOVE_MEMBER, subject)


def _page(
    request: HttpRequest, assessment: Assessment, member: MemberRoles, matter: str, subject: Membership | None = None
) -> HttpResponse:
    form = _day_form(request, assessment, matter)
    if request.method == "POST" and (form is None or form.is_valid()):
        return _act(request, assessment, member, matter, subject, form)
    words = WORDS[matter]()
    if subject:
        words["title"] = _("End the membership of %(name)s?") % {"name": subject.user.get_full_name()}
    more = {
        "words": words,
        "matter": matter,
        "subject": subject,
        "form": form,
        "lines": [_line(side, assessment, member, matter, subject, form) for side in assessment.word_sides],
        "facts": _facts(assessment, matter, subject),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "assessments/safeguards/side_words.html", context(assessment, member, **more), status=status)


def _day_form(request: HttpRequest, assessment: Assessment, matter: str) -> DayForm | None:
    """Return what asks for a day: to move the last one, or to set the first before anyone can close."""
    first = matter == Matter.CLOSE_RATING and assessment.rating_due is None
    if request.POST.get("do") == "withdraw" or not (first or matter == Matter.MOVE_DAY):
        return None
    return DayForm(request.POST or None)


def _act(request, assessment: Assessment, member: MemberRoles, matter: str, subject, form) -> HttpResponse:
    do, side = request.POST.get("do"), request.POST.get("side", "")
    if matter == Matter.CLOSE_RATING and form is not None:
        opening.set_day(assessment, member, form.cleaned_data["day"])
        messages.success(request, _("The last day to answer is set. Everyone was told."))
        return redirect("assessments:side-words", assessment.code, matter)
    if do == "withdraw":
        side_words.withdraw(assessment, member, matter, side, subject=subject)
        messages.success(request, _("The yes is withdrawn."))
        return redirect(side_words.url_of(assessment, matter, subject))
    if do != "give":
        raise BadRequest
    day = form.cleaned_data["day"] if form is not None else None
    left = side_words.give(assessment, member, matter, side, subject=subject, day=day)
    messages.success(request, _said(left, matter))
    return redirect(left if left.pk else left.partnership)


def _said(left: Assessment, matter: str) -> str:
    """Say what came of a yes; an assessment that it deleted has no key any more."""
    if left.pk is None:
        return _("The assessment is deleted. Everyone was told.")
    if matter == Matter.CLOSE_RATING and left.stage == Stage.JOINT:
        return _("The private ratings are closed. The joint session is open.")
    if matter == Matter.REOPEN_DECISIONS and left.stage == Stage.COLLECTING:
        return _("The list of decisions is open again.")
    return _("Thank you. Your side's yes is recorded.")


def _delete_alone(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    actions.require(assessment, member, "delete_alone")
    if request.method == "POST":
        deletion.delete_alone(assessment, member)
        messages.success(request, _("The assessment is deleted. Everyone was told."))
        return redirect(assessment.partnership)
    deletes = WORDS[Matter.DELETE_ASSESSMENT]()
    words = deletes | {"consequences": [ALONE["consequences"], *deletes["consequences"][1:]], "danger": True}
    more = {"words": words | {"button": ALONE["button"]}, "cancel_url": assessment.get_absolute_url()}
    return render(request, "assessments/step.html", context(assessment, member, action=request.path, **more))


def _line(side: str, assessment: Assessment, member: MemberRoles, matter: str, subject, form: DayForm | None) -> Line:
    people = side_words.listed(assessment, matter, side, subject)  # not without who spoke: that would name her
    mine = side_words.speaks(assessment, member, matter, side, subject) is not None
    given = mine and guards.words_on(assessment, matter, subject).filter(side=side).exists()
    names = sorted({membership.user.get_full_name() for membership in people})
    # Whoever may speak for both sides gets two forms, with ids of their own.
    asks = None if form is None else DayForm(form.data if form.is_bound else None, auto_id=f"id_{side}_%s")
    return Line(side, *NAMES[side], people=names, mine=mine, given=given, form=asks)


def _facts(assessment: Assessment, matter: str, subject: Membership | None) -> dict:
    """Return the days that follow from what was said, and whether the person objects."""
    if subject:
        return {"objects": removal.objects(assessment, subject), "ends": removal.takes_effect_at(assessment, subject)}
    days = guards.words_on(assessment, matter).exclude(day=None).values_list("day", flat=True)
    due = assessment.rating_due if assessment.stage == Stage.RATING else None
    early = matter == Matter.CLOSE_RATING and due is not None and timezone.localdate() < due
    return {"due": due, "closes": assessment.rating_closes_at, "days": set(days), "early": early}
