"""Raising a concern to a person outside the grant line; her page, by link; the writer's, by code."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from assessments.forms.concern import AnswerForm, CodeForm, ConcernForm, OwnForm, PersonForm
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
def page(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Say who is trusted, and take a concern; its code is shown on the answer to this one post, and never again."""
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
    """Return what the pages say of a naming that is not finished."""
    named = trusted_person.proposed_person(assessment)
    if named is None:
        return {"named": None}
    words = assessment.partnership.side_words()
    missing = [words.get(side, "") for side in trusted_person.missing_sides(named)] if named.key is None else []
    return {
        "named": named,
        "given": named.words.select_related("membership__partner", "by"),
        "missing": missing,
        "can_confirm": trusted_person.membership_to_speak(named, member.any.user) is not None,
    }


@require_http_methods(ANY)
@never_cache
@assessment_required(Role.FACILITATOR)
def person(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Name the trusted person, or another one."""
    named = trusted_person.proposed_person(assessment) or trusted_person.confirmed_person(assessment)
    initial = {"name": named.name, "email": named.email} if named else None
    form = PersonForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        trusted_person.name_person(assessment, member, **form.cleaned_data)
        messages.success(request, _("Saved. Every member is told who is named, and with which address."))
        return redirect("assessments:concern", assessment.code)
    more = {"form": form, "person": trusted_person.confirmed_person(assessment)}
    status = 422 if form.errors else 200
    return render(
        request, "assessments/safeguards/concern/person.html", context(assessment, member, **more), status=status
    )


@require_POST
@assessment_required(Role.FACILITATOR, Role.REPRESENTATIVE)
def word(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Confirm for one's side the person who was shown."""
    trusted_person.give_word(assessment, member, request.POST.get("person", ""))
    messages.success(request, _("You confirmed this person for your side."))
    return redirect("assessments:concern", assessment.code)


@require_http_methods(ANY)
@never_cache
@sensitive_post_parameters()
def read(request: HttpRequest, reader: str) -> HttpResponse:
    """Ask the trusted person who she is, then show what was raised; whoever has no right code finds nothing."""
    found = services.find_person(reader)
    if found is None:
        if slow := limits.missed(request, TRIES):
            return slow
        raise Http404
    waits = found.confirmed_at is None and found.replaced_at is None
    response = _ask_who(request, found, reader) if waits else _show_concerns(request, found, reader)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _link(_person: TrustedPerson, code: str) -> str:
    return reverse("assessments:concern-read", args=[code])


@refusals_shown(_link)
def _ask_who(request: HttpRequest, found: TrustedPerson, reader: str) -> HttpResponse:
    """Take her name and role; opening the link alone confirms nothing, since mail programs open links too."""
    form = OwnForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        trusted_person.confirm_person(found, **form.cleaned_data)
        return redirect("assessments:concern-read", reader)
    more = {"person": found, "form": form}
    return render(request, "assessments/safeguards/concern/confirm.html", more, status=422 if form.errors else 200)


@refusals_shown(_link)
def _show_concerns(request: HttpRequest, found: TrustedPerson, reader: str) -> HttpResponse:
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.answer_concern(found, form.cleaned_data["concern"], form.cleaned_data["text"])
        return redirect("assessments:concern-read", reader)
    more = {"person": found, "concerns": services.read_concerns(found, reader), "form": form}
    return render(request, "assessments/safeguards/concern/read.html", more, status=422 if form.errors else 200)


@require_http_methods(ANY)
@never_cache
@sensitive_post_parameters()
def answer(request: HttpRequest) -> HttpResponse:
    """Show the writer the answer to her concern, by her code; no account is asked for."""
    form, more, status = CodeForm(request.POST if request.method == "POST" else None), {}, 200
    if form.is_valid():
        known, text = services.find_answer(normalise(form.cleaned_data["code"]))
        if not known and (slow := limits.missed(request, TRIES)):
            return slow
        more, status = {"asked": True, "known": known, "text": text}, 200 if known else 404
    return render(request, "assessments/safeguards/concern/answer.html", {"form": form, **more}, status=status)
