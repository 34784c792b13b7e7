"""Raising a concern to a person outside the grant line; her page, by link; the writer's, by code."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from assessments.forms.concern import AnswerForm, CodeForm, ConcernForm, PersonForm
from assessments.models import Assessment
from assessments.services import concern as services
from assessments.views.doors import context, door
from partnerships import limits
from partnerships.access import Standing
from partnerships.codes import normalise
from partnerships.models import Role

ANY = ["GET", "HEAD", "POST"]
TRIES = "concern"


@require_http_methods(ANY)
@never_cache
@sensitive_post_parameters()
@door()
def page(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Say who is named, and take a concern; its code is shown on the answer to this one post, and never again."""
    form = ConcernForm(request.POST if request.method == "POST" else None)
    more = {"person": services.current(assessment), "form": form}
    if form.is_valid():
        code = services.raise_concern(assessment, form.cleaned_data["text"])
        grouped = "-".join(code[at : at + 4] for at in range(0, len(code), 4)).upper()
        return render(request, "assessments/concern/raised.html", context(assessment, standing, writer_code=grouped))
    status = 422 if form.errors else 200
    return render(request, "assessments/concern/page.html", context(assessment, standing, **more), status=status)


@require_http_methods(ANY)
@never_cache
@door(Role.FACILITATOR)
def person(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Name the trusted person, or another one."""
    named = services.current(assessment)
    initial = {"name": named.name, "email": named.email} if named else None
    form = PersonForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        services.name_person(assessment, standing, **form.cleaned_data)
        messages.success(request, _("Saved. Every member is told who is named."))
        return redirect("assessments:concern", assessment.code)
    more = {"form": form, "person": named}
    status = 422 if form.errors else 200
    return render(request, "assessments/concern/person.html", context(assessment, standing, **more), status=status)


@require_http_methods(ANY)
@never_cache
@sensitive_post_parameters()
def read(request: HttpRequest, reader: str) -> HttpResponse:
    """Show the trusted person what was raised, and take her answers; whoever has no right code finds nothing."""
    found = services.person_by(reader)
    if found is None:
        if slow := limits.missed(request, TRIES):
            return slow
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.answer(found, form.cleaned_data["concern"], form.cleaned_data["text"])
        return redirect("assessments:concern-read", reader)
    more = {"person": found, "concerns": services.read(found, reader), "form": form}
    response = render(request, "assessments/concern/read.html", more, status=422 if form.errors else 200)
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_http_methods(ANY)
@never_cache
@sensitive_post_parameters()
def answer(request: HttpRequest) -> HttpResponse:
    """Show the writer the answer to her concern, by her code; no account is asked for."""
    form, more, status = CodeForm(request.POST if request.method == "POST" else None), {}, 200
    if form.is_valid():
        known, text = services.answer_for(normalise(form.cleaned_data["code"]))
        if not known and (slow := limits.missed(request, TRIES)):
            return slow
        more, status = {"asked": True, "known": known, "text": text}, 200 if known else 404
    return render(request, "assessments/concern/answer.html", {"form": form, **more}, status=status)
