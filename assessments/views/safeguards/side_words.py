"""The pages on which sides say yes: to closing, moving the last day, going back, deleting, ending a membership."""

from dataclasses import dataclass, replace

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
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles
from partnerships.limits import limited
from partnerships.models import Membership, Role

ANY = ["GET", "HEAD", "POST"]
# Each side's heading, and the buttons by which its yes is given and withdrawn.
NAMES: dict[str, tuple[str | Promise, str | Promise, str | Promise]] = {
    "north": (
        gettext_lazy("Northern partners"),
        gettext_lazy("Say yes for Northern partners"),
        gettext_lazy("Withdraw the “yes” for Northern partners"),
    ),
    "south": (
        gettext_lazy("Southern partners"),
        gettext_lazy("Say yes for Southern partners"),
        gettext_lazy("Withdraw the “yes” for Southern partners"),
    ),
    "other": (
        gettext_lazy("Other partners"),
        gettext_lazy("Say yes for other partners"),
        gettext_lazy("Withdraw the “yes” for other partners"),
    ),
    SECOND: (
        gettext_lazy("A second facilitator or representative"),
        gettext_lazy("Say yes as the second person"),
        gettext_lazy("Withdraw my “yes” as the second person"),
    ),
}


@dataclass(frozen=True)
class SideLine:
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
    actions.check(assessment, member, WorkflowAction(matter))
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
    actions.check(assessment, member, WorkflowAction.REMOVE_MEMBER)
    return _page(request, assessment, member, Matter.REMOVE_MEMBER, subject)


def _page(
    request: HttpRequest, assessment: Assessment, member: MemberRoles, matter: str, subject: Membership | None = None
) -> HttpResponse:
    form = _day_form(request, assessment, matter)
    if request.method == "POST" and (form is None or form.is_valid()):
        return _act(request, assessment, member, matter, subject, form)
    texts = actions.texts_of(assessment, WorkflowAction(matter))
    if subject:
        texts = replace(texts, title=texts.title % {"name": subject.user.get_full_name()})
    more = {
        "words": texts,
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
        messages.success(request, _("The last day to answer has been set. Everyone has been told."))
        return redirect("assessments:side-words", assessment.code, matter)
    if do == "withdraw":
        side_words.withdraw_word(assessment, member, matter, side, subject=subject)
        messages.success(request, _("We have recorded that your side no longer agrees."))
        return redirect(side_words.url_of(assessment, matter, subject))
    if do != "give":
        raise BadRequest
    day = form.cleaned_data["day"] if form is not None else None
    left = side_words.give_word(assessment, member, matter, side, subject=subject, day=day)
    messages.success(request, str(_done(left, matter)))
    return redirect(left if left.pk else left.partnership)


def _done(assessment: Assessment, matter: str) -> str | Promise:
    """Say what came of a yes; an assessment that it deleted has no key any more."""
    row = actions.ROW_OF[WorkflowAction(matter)]
    happened = assessment.pk is None or assessment.stage == row.to
    return row.texts.done if happened else _("Thank you. We have recorded that your side agrees.")


def _delete_alone(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    texts = actions.require(assessment, member, WorkflowAction.DELETE_ALONE).texts
    if request.method == "POST":
        deletion.delete_alone(assessment, member)
        messages.success(request, str(texts.done))
        return redirect(assessment.partnership)
    more = {"words": texts, "action": request.path, "cancel_url": assessment.get_absolute_url()}
    return render(request, "assessments/step.html", context(assessment, member, **more))


def _line(
    side: str, assessment: Assessment, member: MemberRoles, matter: str, subject, form: DayForm | None
) -> SideLine:
    people = side_words.find_side_speakers(
        assessment, matter, side, subject
    )  # not without who spoke: that would name her
    mine = side_words.find_own_speaker(assessment, member, matter, side, subject) is not None
    given = mine and guards.words_on(assessment, matter, subject).filter(side=side).exists()
    names = sorted({membership.user.get_full_name() for membership in people})
    # Whoever may speak for both sides gets two forms, with ids of their own.
    asks = None if form is None else DayForm(form.data if form.is_bound else None, auto_id=f"id_{side}_%s")
    return SideLine(side, *NAMES[side], people=names, mine=mine, given=given, form=asks)


def _facts(assessment: Assessment, matter: str, subject: Membership | None) -> dict:
    """Return the days that follow from what was said, and whether the person objects."""
    if subject:
        return {
            "objects": removal.has_objected(assessment, subject),
            "ends": removal.takes_effect_at(assessment, subject),
        }
    days = guards.words_on(assessment, matter).exclude(day=None).values_list("day", flat=True)
    due = assessment.rating_due if assessment.stage == Stage.RATING else None
    early = matter == Matter.CLOSE_RATING and due is not None and timezone.localdate() < due
    return {"due": due, "closes": assessment.rating_closes_at, "days": set(days), "early": early}
