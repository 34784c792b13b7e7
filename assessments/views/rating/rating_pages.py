"""A representative's private pages: the promise, practice, one decision at a time, submitting, what she answered."""

import json
import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments import ladder, promises
from assessments.access import assessment_for
from assessments.models import Assessment, Decision, Participant
from assessments.models.limits import LONGEST_REASON
from assessments.models.results import Release
from assessments.results import given_pledges
from assessments.results.release import erase_answers
from assessments.sample import sample
from assessments.services.rating import private_answers, receipts, reminders, wanted_languages
from assessments.services.todo import open_sheets
from assessments.views import decorators
from assessments.views.decorators import assessment_required
from assessments.views.rating import code_back, own_answers, payloads
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles, partnership_for, person, signed_in
from partnerships.locales import language_name
from partnerships.models import Membership, Role, User
from partnerships.services import Refused, device_key

SECONDS_A_LEVEL, SECONDS_A_DECISION = 5, 20
SOMEBODY_ELSE = gettext_lazy(
    "Someone else has signed in since this page was opened. Nothing was saved. Reload the page."
)
AGREED = {True: "yes", False: "no", None: "none"}


@dataclass
class Sheet:
    """What the rating pages of one representative know: the questions, and how far she is."""

    assessment: Assessment
    member: MemberRoles
    participants: list[Participant]
    decisions: dict[int, str]  # by number, in her language where facilitators gave it in that
    originals: dict[int, str]  # the wording, of those that she reads translated
    foreign: dict[int, str]  # the language's name, of those that are known not to be in her language
    rater: "private_answers.Rater | None"
    answered: dict[int, int]

    @property
    def membership(self) -> Membership:
        return membership_of(self.member)

    @property
    def mine(self) -> Participant:
        return next(
            participant for participant in self.participants if participant.partner_id == self.membership.partner_id
        )

    @property
    def device_key(self) -> str:
        """Return the key of her own browsers, for pages that no cache keeps."""
        return device_key(self.membership)

    @property
    def questions(self) -> int:
        return len(self.participants) + 1

    def first_open(self) -> int | None:
        """Return the first decision with an unanswered question."""
        return next((n for n in self.decisions if self.answered.get(n, 0) < self.questions), None)

    def minutes(self, left: bool = False) -> int:
        """Estimate how long the whole sheet takes, or what is left of it."""
        done = self.answered if left else {}
        open_ones = [self.questions - done.get(number, 0) for number in self.decisions]
        seconds = sum(max(n - 1, 0) * SECONDS_A_LEVEL + SECONDS_A_DECISION for n in open_ones if n > 0)
        return math.ceil(seconds / 60)

    def context(self, **more) -> dict:
        fixed = {"options": options(), "longest_reason": LONGEST_REASON}
        return decorators.context(self.assessment, self.member, sheet=self, **fixed, **more)


def membership_of(member: MemberRoles) -> Membership:
    """Return the membership of a representative; for views that only representatives pass."""
    return cast(Membership, member.represents)


def sheet_of(assessment: Assessment, member: MemberRoles) -> Sheet:
    rater = private_answers.rater_of(assessment, membership_of(member))
    asked = list(assessment.decisions.active().order_by("number"))
    sheet = Sheet(
        assessment,
        member,
        list(assessment.participants.all()),
        {one.number or 0: one.wording_for_reader for one in asked},
        {one.number or 0: one.wording for one in asked if one.wording_for_reader != one.wording},
        {one.number or 0: name for one in asked if (name := foreign(one))},
        rater,
        private_answers.answered(rater),
    )
    if not any(one.partner_id == membership_of(member).partner_id for one in sheet.participants):
        private_answers.participant_of(assessment, membership_of(member))  # says why there is nothing to answer
    return sheet


def foreign(decision: Decision) -> str:
    """Return what the reader calls the language of a decision's words, if it is known and is not the reader's."""
    language = decision.language_for_reader
    return "" if language in ("", get_language()) else language_name(language)


def rating_page(action: WorkflowAction) -> Callable:
    """Open a page to representatives while the step is possible; no browser keeps it. Closed: to their own answers."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @never_cache
        @assessment_required(Role.REPRESENTATIVE)
        @wraps(view)
        def wrapper(request: HttpRequest, assessment: Assessment, member: MemberRoles, **kwargs) -> HttpResponse:
            if assessment.answers_by_side and request.method in ("GET", "HEAD"):
                return redirect("assessments:caucus", assessment.code)
            if action != WorkflowAction.ERASE and assessment.rating_closed_at and request.method in ("GET", "HEAD"):
                return redirect("assessments:my-answers", assessment.code)
            actions.require(assessment, member, action)
            return view(request, assessment, member, **kwargs)

        return wrapper

    return decorate


@require_safe
@rating_page(WorkflowAction.ANSWER)
def start(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Tell what happens to the answers before the first one is given. Nothing is written by starting."""
    return _start_page(request, sheet_of(assessment, member))


def _start_page(request: HttpRequest, sheet: Sheet, **more) -> HttpResponse:
    assessment = sheet.assessment
    more = {
        "first_line": promises.FIRST_LINES[assessment.mode],
        "promise": promises.promise(assessment.mode, sheet.mine.side),
        "under_each": promises.under_each(assessment.mode),
        "sample": sample(assessment.mode, assessment.partnership.side_words()),
        "first": sheet.first_open(),
        "minutes": sheet.minutes(),
        "pledge": given_pledges.lines(assessment),
        **code_back.kept_code_texts(request, sheet.membership),
        **more,
    }
    return render(request, "assessments/rating/start.html", sheet.context(**more))


@require_safe
@never_cache
@signed_in
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Lead somebody who just came in to what she is asked, in one step: on a slow line each page counts."""
    partnership, _standing = partnership_for(person(request), code)
    asked = _only_sheet(person(request), partnership.pk)
    return start(request, code=asked.code) if asked else redirect("assessments:workspace", code)


def begin_with_code(request: HttpRequest, membership: Membership, code: dict[str, Any]) -> HttpResponse | None:
    """Show a guest who just came in what she is asked; her code stands there folded, and open after her first answer.

    None where that is not one sheet.
    """
    if asked := _only_sheet(person(request), membership.partnership_id):
        assessment, member = assessment_for(person(request), asked.code, Role.REPRESENTATIVE)
        with suppress(Refused):
            actions.require(assessment, member, WorkflowAction.ANSWER)
            shown = code_back.code_texts(code["resume_code"])
            response = _start_page(request, sheet_of(assessment, member), **shown)
            return code_back.keep(response, membership, code["resume_code"])
    return None


def _only_sheet(user: User, partnership: int) -> Assessment | None:
    asked = [each for each, _step in open_sheets(user) if each.partnership_id == partnership]
    return asked[0] if len(asked) == 1 else None


def _go(assessment: Assessment, number: int | None) -> HttpResponse:
    if number is None:
        return redirect("assessments:rate-review", assessment.code)
    return redirect("assessments:rate-decision", assessment.code, number)


@require_http_methods(["GET", "HEAD", "POST"])
@rating_page(WorkflowAction.ANSWER)
def practice(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Let people try a harmless question. What they post is not even read."""
    sheet = sheet_of(assessment, member)
    more = {
        "tried": request.method == "POST",
        "first": sheet.first_open(),
        "invented": [_("Hilltop Trust"), _("Riverside Network")],
    }
    return render(request, "assessments/rating/practice.html", sheet.context(**more))


def options() -> list[tuple[str, str, str]]:
    """Return the rungs as value, sign and words, as the ladder of a page has them."""
    rungs = [(str(level), str(level), str(capfirst(word))) for level, word in ladder.LEVELS.items()]
    return [*rungs, ("none", "?", str(capfirst(ladder.DONT_KNOW)))]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@assessment_required(Role.REPRESENTATIVE)
def decision(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    """Ask one decision, and save what was changed on its page."""
    if request.method == "POST":
        try:
            return _submitted(request, assessment, member, number)
        except Refused as error:
            more = {"error": error.message, "reason": request.POST.get("reason", "")}
            return render(
                request, "assessments/rating/closed.html", decorators.context(assessment, member, **more), status=409
            )
    if assessment.rating_closed_at:
        return redirect("assessments:my-answers", assessment.code)
    actions.require(assessment, member, WorkflowAction.ANSWER)
    return _decision_page(request, sheet_of(assessment, member), number)


def _submitted(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    actions.require(assessment, member, WorkflowAction.ANSWER)
    if request.POST.get("membership") != membership_of(member).code:
        raise Refused(SOMEBODY_ELSE)
    sent = payloads.from_form(request.POST, number, assessment.participants.all())
    receipts = private_answers.save(assessment, membership_of(member), number, sent.changes) if sent.changes else []
    sheet = sheet_of(assessment, member)
    if sent.error:
        return _decision_page(request, sheet, number, sent)
    if not all(receipt.won for receipt in receipts):
        messages.warning(
            request, _("You gave a newer answer on another device or in another tab. This page shows the newer answer.")
        )
        return _go(assessment, number)
    return _go(assessment, _next(list(sheet.decisions), number, request.POST.get("go", "")))


def _next(numbers: list[int], number: int, way: str) -> int | None:
    """Return the decision that a button leads to; None leads to the review."""
    if number not in numbers:
        raise Http404
    at = numbers.index(number) + {"back": -1, "all": len(numbers)}.get(way, 1)
    return numbers[at] if 0 <= at < len(numbers) else None


def _decision_page(
    request: HttpRequest, sheet: Sheet, number: int, sent: payloads.Posted | None = None
) -> HttpResponse:
    if number not in sheet.decisions:
        raise Http404
    answers = private_answers.sheet(sheet.rater, number)
    rows = [_row(partner, answers["levels"].get((number, partner.number))) for partner in sheet.participants]
    agreement = answers["agreements"].get(number)
    version = agreement.version if agreement else 0
    agreed_values = [AGREED[agreement.agree], agreement.reason_use, agreement.reason] if agreement else ["", "", ""]
    shown = {f"p{row['number']}": [row["version"], row["value"]] for row in rows} | {"a": [version, *agreed_values]}
    if sent:
        agreed_values = [sent.agree, sent.use, sent.reason]
    numbers = list(sheet.decisions)
    more = {
        "number": number,
        "at": numbers.index(number) + 1,
        "of": len(numbers),
        "wording": sheet.decisions[number],
        "original": sheet.originals.get(number, ""),
        **_translation(sheet, number),
        "rows": rows,
        "shown": json.dumps(shown, separators=(",", ":"), ensure_ascii=False),
        "form_id": uuid4().hex,
        "sheet_number": private_answers.sheet_number(sheet.rater) or "",
        "agree": agreed_values[0],
        "use": agreed_values[1],
        "reason": agreed_values[2],
        "reason_note": promises.REASON_NOTE,
        "reason_error": sent.error if sent else "",
        "minutes_left": sheet.minutes(left=True),
        **code_back.kept_code_texts(request, sheet.membership),
    }
    return render(request, "assessments/rating/decision.html", sheet.context(**more), status=422 if sent else 200)


def _translation(sheet: Sheet, number: int) -> dict[str, Any]:
    """Return in which other language a decision is written, and whether a translation can be asked for."""
    found, language = sheet.foreign.get(number, ""), get_language() or ""
    if not found:
        return {"foreign": ""}
    listed = wanted_languages.is_listed(sheet.assessment, language)
    asks = not listed and wanted_languages.may_ask(sheet.assessment)
    return {"foreign": found, "own_language": language_name(language), "is_wanted": listed, "may_ask": asks}


@require_POST
@assessment_required(Role.REPRESENTATIVE)
def ask_for_translation(request: HttpRequest, assessment: Assessment, member: MemberRoles, number: int) -> HttpResponse:
    """Ask for the decisions in the reader's language. Every request gets the same reply, the first and the tenth."""
    wanted_languages.ask(assessment, member, get_language() or "")
    text = _(
        "Thank you. From tomorrow, facilitators will see that this language has been requested. They will not "
        "see who asked for it."
    )
    messages.success(request, text)
    return redirect("assessments:rate-decision", assessment.code, number)


def _row(partner: Participant, standing: private_answers.Held | None) -> dict:
    value = "" if standing is None else "none" if standing.level is None else str(standing.level)
    return {"number": partner.number, "one": partner, "value": value, "version": standing.version if standing else 0}


@require_POST
@assessment_required(Role.REPRESENTATIVE, often=True)
def answer(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Save one answer that a device sends, and return a receipt that names its mutation."""
    try:
        actions.require(assessment, member, WorkflowAction.ANSWER)
        whose, number, change = payloads.from_json(decorators.sent(request))
        if whose != membership_of(member).code:
            return JsonResponse({"error": str(SOMEBODY_ELSE)}, status=403)
        (receipt,) = private_answers.save(assessment, membership_of(member), number, [change])
    except Refused as error:
        return JsonResponse({"error": str(error.message)}, status=409)
    except ValueError as error:
        return JsonResponse({"error": str(error)}, status=400)
    return JsonResponse(payloads.receipt(receipt), json_dumps_params={"separators": (",", ":")})


@require_safe
@rating_page(WorkflowAction.ANSWER)
def review(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show all own answers and what is missing, and let her submit them."""
    sheet = sheet_of(assessment, member)
    table = own_answers.table(sheet.rater, sheet.decisions, sheet.participants)
    missing = [number for number in sheet.decisions if sheet.answered.get(number, 0) < sheet.questions]
    count = sum(sheet.answered.values())
    more = {
        "table": table,
        "missing": missing,
        "given": count,
        "asked": sheet.questions * len(sheet.decisions),
        "receipt": (last := receipts.last(sheet.rater)),
        "tick_offered": private_answers.tick_is_offered(assessment, sheet.membership),
        "receipt_changed": receipts.changed_since(last) if last else None,
        **code_back.kept_code_texts(request, sheet.membership),
    }
    return render(request, "assessments/rating/review.html", sheet.context(**more))


@require_POST
@rating_page(WorkflowAction.HAND_IN)
def hand_in(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Submit from the page, or from a device, which gets a receipt that names its mutation."""
    if request.content_type == "application/json":
        return _handed_in_by_device(request, assessment, membership_of(member))
    private_answers.hand_in(assessment, membership_of(member), show_small_side=request.POST.get("tick") == "yes")
    return redirect("assessments:rate-review", assessment.code)


def _handed_in_by_device(request: HttpRequest, assessment: Assessment, membership: Membership) -> HttpResponse:
    try:
        whose, name, sheet, tick = payloads.hand_in_from_json(decorators.sent(request))
    except ValueError as error:
        return JsonResponse({"error": str(error)}, status=400)
    if whose != membership.code:
        return JsonResponse({"error": str(SOMEBODY_ELSE)}, status=403)
    handed_in = private_answers.hand_in(assessment, membership, tick, name, sheet)
    return JsonResponse(payloads.hand_in_receipt(handed_in, name))


@require_http_methods(["GET", "HEAD", "POST"])
@rating_page(WorkflowAction.WITHDRAW)
def withdraw(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Ask, and delete her answers. Nobody is told."""
    if request.method == "POST":
        private_answers.withdraw(assessment, membership_of(member))
        messages.success(request, _("Your answers have been deleted. No one has been told."))
        return redirect("assessments:rate", assessment.code)
    more = {"withdrawing": promises.WITHDRAWING}
    return render(request, "assessments/rating/withdraw.html", decorators.context(assessment, member, **more))


@require_safe
@never_cache
@assessment_required(Role.REPRESENTATIVE)
def my_answers(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show a representative her own answers beside the release."""
    if assessment.answers_by_side:
        return redirect("assessments:caucus", assessment.code)
    if not assessment.rating_closed_at:
        actions.require(assessment, member, WorkflowAction.ANSWER)
        return redirect("assessments:rate-review", assessment.code)
    sheet = sheet_of(assessment, member)
    release = Release.objects.filter(assessment=assessment).defer("figures", "basis", "reasons").first()
    data = release.data if release else None
    sides = assessment.partnership.side_words()
    table = own_answers.table(sheet.rater, sheet.decisions, sheet.participants, data, sides)
    asked = {
        "decisions": list(sheet.decisions.items()),
        "partners": [(partner.number, partner.name) for partner in sheet.participants],
    }
    more = {"table": table, "release": data, "asked": asked}
    return render(request, "assessments/rating/my_answers.html", sheet.context(**more))


@require_http_methods(["GET", "HEAD", "POST"])
@rating_page(WorkflowAction.ERASE)
def erase(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Ask, and delete her answers after the release, which only shrinks. Nobody is told."""
    if request.method == "POST":
        erase_answers(assessment, membership_of(member))
        messages.success(request, _("Your answers have been deleted. No one has been told."))
        return redirect("assessments:my-answers", assessment.code)
    more = {"withdrawing": promises.WITHDRAWING}
    return render(request, "assessments/rating/erase.html", decorators.context(assessment, member, **more))


@require_POST
@assessment_required(Role.FACILITATOR)
def remind(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Send a reminder to all representatives, with the same words."""
    if reminders.remind(assessment, member):
        messages.success(request, _("We are sending the reminder to all representatives."))
    else:
        messages.info(request, _("A reminder was sent less than a day ago. Try again tomorrow."))
    return redirect(assessment)
