"""Concerns: raising one, the trusted person's page (by link), and the writer's page (by code)."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from assessments.forms.safeguards.concern import AnswerForm, CodeForm, ConcernForm, OwnForm, PersonForm
from assessments.models import Assessment, TrustedPerson
from assessments.services.safeguards import concern as services
from assessments.services.safeguards import trusted_person
from assessments.views.decorators import assessment_required, context
from partnerships import limits
from partnerships.access import MemberRoles
from partnerships.codes import normalise
from partnerships.models import Role
from partnerships.services import Refused
from partnerships.views.refusals import refusals_shown

ANY = ["GET", "HEAD", "POST"]
TRIES = "concern"


@require_http_methods(ANY)
@never_cache
@sensitive_post_parameters()
@assessment_required()
def raise_concern(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show the trusted person, and store a concern. Its code is shown once, in the response to this POST."""
    form = ConcernForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            code = services.raise_concern(assessment, form.cleaned_data["text"], request.POST.get("person", ""))
        except Refused as error:  # what was written stays in the form
            form.add_error(None, str(error))
        else:
            return _raised(request, assessment, member, code)
    more = {"person": trusted_person.confirmed_person(assessment), "form": form, **_naming(assessment, member)}
    status = 422 if form.errors else 200
    return render(
        request, "assessments/safeguards/concern/page.html", context(assessment, member, **more), status=status
    )


def _raised(request: HttpRequest, assessment: Assessment, member: MemberRoles, code: str) -> HttpResponse:
    grouped = "-".join(code[at : at + 4] for at in range(0, len(code), 4)).upper()
    return render(
        request, "assessments/safeguards/concern/raised.html", context(assessment, member, writer_code=grouped)
    )


def _naming(assessment: Assessment, member: MemberRoles) -> dict:
    """Return the context of a trusted person who is named and not confirmed yet."""
    named = trusted_person.proposed_person(assessment)
    if named is None:
        return {"named": None}
    side_words = assessment.partnership.side_words()
    missing = [side_words.get(side, "") for side in trusted_person.missing_sides(named)] if named.key is None else []
    return {
        "named": named,
        "given": named.words.select_related("membership__partner", "by"),
        "missing": missing,
        "can_confirm": trusted_person.membership_to_speak(named, member.any.user) is not None,
    }


@require_http_methods(ANY)
@never_cache
@assessment_required(Role.FACILITATOR)
def name_trusted_person(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Name the trusted person, or replace her."""
    named = trusted_person.proposed_person(assessment) or trusted_person.confirmed_person(assessment)
    initial = {"name": named.name, "email": named.email} if named else None
    form = PersonForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        trusted_person.name_person(assessment, member, **form.cleaned_data)
        messages.success(
            request, _("Your entry has been saved. Every member will be told this person's name and e-mail address.")
        )
        return redirect("assessments:concern", assessment.code)
    more = {"form": form, "person": trusted_person.confirmed_person(assessment)}
    status = 422 if form.errors else 200
    return render(
        request, "assessments/safeguards/concern/person.html", context(assessment, member, **more), status=status
    )


@require_POST
@assessment_required(Role.FACILITATOR, Role.REPRESENTATIVE)
def confirm_trusted_person(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Confirm the named person for the member's side."""
    trusted_person.confirm_for_side(assessment, member, request.POST.get("person", ""))
    messages.success(request, _("You have confirmed this person for your side."))
    return redirect("assessments:concern", assessment.code)


@require_http_methods(ANY)
@never_cache
@sensitive_post_parameters()
def read_concerns(request: HttpRequest, reader: str) -> HttpResponse:
    """Ask the trusted person who she is, then show the concerns. 404 without a valid link."""
    trusted = services.find_person(reader)
    if trusted is None:
        if slow := limits.missed(request, TRIES):
            return slow
        raise Http404
    waits = trusted.confirmed_at is None and trusted.replaced_at is None
    response = _ask_who(request, trusted, reader) if waits else _show_concerns(request, trusted, reader)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _link(_trusted: TrustedPerson, code: str) -> str:
    return reverse("assessments:concern-read", args=[code])


@refusals_shown(_link)
def _ask_who(request: HttpRequest, trusted: TrustedPerson, reader: str) -> HttpResponse:
    """Take her name and role; opening the link alone confirms nothing, since mail programs open links too."""
    form = OwnForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        trusted_person.confirm_person(trusted, **form.cleaned_data)
        return redirect("assessments:concern-read", reader)
    more = {"person": trusted, "form": form}
    return render(request, "assessments/safeguards/concern/confirm.html", more, status=422 if form.errors else 200)


@refusals_shown(_link)
def _show_concerns(request: HttpRequest, trusted: TrustedPerson, reader: str) -> HttpResponse:
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.answer_concern(trusted, form.cleaned_data["concern"], form.cleaned_data["text"])
        return redirect("assessments:concern-read", reader)
    more = {"person": trusted, "concerns": services.read_concerns(trusted, reader), "form": form}
    return render(request, "assessments/safeguards/concern/read.html", more, status=422 if form.errors else 200)


@require_http_methods(ANY)
@never_cache
@sensitive_post_parameters()
def read_answer(request: HttpRequest) -> HttpResponse:
    """Show the writer the answer to her concern, by her code; no account is asked for."""
    form, more, status = CodeForm(request.POST if request.method == "POST" else None), {}, 200
    if form.is_valid():
        known, text = services.find_answer(normalise(form.cleaned_data["code"]))
        if not known and (slow := limits.missed(request, TRIES)):
            return slow
        more, status = {"asked": True, "known": known, "text": text}, 200 if known else 404
    return render(request, "assessments/safeguards/concern/answer.html", {"form": form, **more}, status=status)
