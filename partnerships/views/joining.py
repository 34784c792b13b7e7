"""Coming in: by link, by join code, back by resume code; and waiting for the facilitators' word."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partnerships import limits, services
from partnerships.access import person, signed_in
from partnerships.codes import normalise
from partnerships.forms import CodeForm, JoinForm
from partnerships.limits import limited
from partnerships.models import Invitation, Membership, Role, User
from partnerships.services import Refused
from partnerships.views.account import offer_merge
from partnerships.views.shared import membership_url, signed, unsigned

BACKEND = "django.contrib.auth.backends.ModelBackend"
TRIES = "invitation"  # what wrong codes are counted under
CAME_BY = "invitation"  # in the session: where sign-up comes back to
MAILED_TO = "mailed_to"  # in the session: the address that sign-up fills in

FirstPage = Callable[[HttpRequest, Membership, dict[str, Any]], HttpResponse | None]
_first_pages: list[FirstPage] = []


def followed_by(page: FirstPage) -> None:
    """Take from above what a guest is asked first: a page that shows her resume code as well, or None to show it alone.

    On a slow line each page costs a second.
    """
    _first_pages[:] = [page]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited("join", 120, methods=("POST",))
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Show what an invitation offers, and take the membership."""
    if response := been_here(request, code):
        return response
    open_invitation = opened(request, code)
    if open_invitation is None:
        return limits.missed(request, TRIES) or render(request, "partnerships/not_open.html", status=404)
    if request.POST.get("how") in {"login", "signup"}:
        return by_account(request, open_invitation)
    note_address(request, open_invitation)
    guest = not request.user.is_authenticated
    form = JoinForm(
        request.POST if request.method == "POST" else None,
        invitation=open_invitation,
        guest=guest,
        initial={"name": open_invitation.name},
    )
    if form.is_valid() and (response := come_in(request, open_invitation, form)):
        return response
    return show_invitation(request, open_invitation, form)


def note_address(request: HttpRequest, invitation: Invitation) -> None:
    """Remember the address for sign-up if somebody came by the link that was mailed there, not by a copied one."""
    proof = request.GET.get("to", "")
    if proof and not request.user.is_authenticated and services.was_mailed(invitation, proof):
        request.session[MAILED_TO] = invitation.email


def opened(request: HttpRequest, typed: str) -> Invitation | None:
    """Return the open invitation with this code; one that is short enough to guess not after many wrong ones."""
    invitation = services.find_open(typed)
    short = invitation is not None and invitation.channel == Invitation.Channel.JOIN_CODE
    return None if short and limits.too_many(request, TRIES) else invitation


def been_here(request: HttpRequest, code: str) -> HttpResponse | None:
    """Answer whoever took the membership by this invitation before: the form was sent twice, the link opened again."""
    resume_code = unsigned(request.POST.get("resume", ""), "resume")
    membership = services.joined_before(code, resume_code) if resume_code else None
    if membership and (not request.user.is_authenticated or membership.user == request.user):
        return welcome(request, membership, resume_code)
    if request.user.is_authenticated:
        memberships = person(request).memberships.filter(voided_at__isnull=True, invitation__code=normalise(code))
        if membership := memberships.select_related("partnership").first():
            return redirect(membership_url(membership))
    return None


def show_invitation(request: HttpRequest, invitation: Invitation, form: JoinForm) -> HttpResponse:
    resume_code = unsigned(request.POST.get("resume", ""), "resume") or services.new_resume_code()
    context = {
        "invitation": invitation,
        "partnership": invitation.partnership,
        "words": invitation.partnership.side_words(),
        "form": form,
        "resume": signed(resume_code, "resume"),
        "needs_account": invitation.role == Role.FACILITATOR
        and not (request.user.is_authenticated and person(request).email),
    }
    return render(request, "partnerships/invitation.html", context)


def by_account(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Send somebody to sign in or sign up; she comes back to the invitation, also by way of her mailbox."""
    request.session[CAME_BY] = invitation.code
    here = reverse("partnerships:invitation", args=[invitation.code])
    return redirect_to_login(here, reverse(f"account_{request.POST['how']}"))


def come_in(request: HttpRequest, invitation: Invitation, form: JoinForm) -> HttpResponse | None:
    fields = form.cleaned_data
    partner, employer, confirms = fields.get("partner"), fields.get("employer", ""), fields.get("confirms", False)
    try:
        if request.user.is_authenticated:
            return redirect(membership_url(services.accept(invitation, person(request), partner, employer, confirms)))
        resume_code = unsigned(request.POST.get("resume", ""), "resume") or services.new_resume_code()
        membership = services.join_as_guest(invitation, fields["name"], resume_code, partner, employer, confirms)
        return welcome(request, membership, resume_code)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


def welcome(request: HttpRequest, membership: Membership, resume_code: str) -> HttpResponse:
    """Sign a new guest in and show her resume code, this once; the same form again shows it again."""
    if not request.user.is_authenticated:
        sign_in(request, membership.user)
    context = {"resume_code": resume_code, "where": where_to_resume()}
    for page in _first_pages:
        if response := page(request, membership, context):
            return response
    return render(request, "partnerships/resume_code.html", {**context, "next": membership_url(membership)})


def sign_in(request: HttpRequest, guest: User) -> None:
    """Sign a guest in under the token of the form she sent: a phone that loads the page again sends that form again.

    Signing in makes a new token, with which she would be refused and never see her code. The session is new either way.
    """
    token = request.META.get("CSRF_COOKIE")
    login(request, guest, backend=BACKEND)
    if token:
        request.META["CSRF_COOKIE"] = token


def where_to_resume() -> str:
    return settings.BASE_URL.split("://", 1)[1] + reverse("partnerships:resume")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Take a code that somebody read in the projector view; wrong and expired ones answer alike."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if invitation := opened(request, form.cleaned_data["code"]):
            return redirect("partnerships:invitation", invitation.code)
        if slow := limits.missed(request, TRIES):
            return slow
        form.add_error("code", _("This code is not valid. Check it, or ask a facilitator for a new one."))
    return render(request, "partnerships/join.html", {"form": form})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Let a guest come back from any device; whoever is signed in with an account may take the guest over."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if guest := services.resume_guest(form.cleaned_data["code"]):
            return come_back(request, guest)
        if slow := limits.missed(request, "resume"):
            return slow
        form.add_error("code", _("This resume code is not valid. Check it, or ask a facilitator for a new invitation."))
    return render(request, "partnerships/resume.html", {"form": form})


def come_back(request: HttpRequest, guest: User) -> HttpResponse:
    if request.user.is_authenticated and not person(request).is_guest:
        offer_merge(request, guest)
        return redirect("partnerships:merge")
    login(request, guest, backend=BACKEND)
    messages.success(request, _("Welcome back."))
    memberships = guest.memberships.filter(voided_at__isnull=True).select_related("partnership")[:2]
    return redirect(membership_url(memberships[0])) if len(memberships) == 1 else redirect("home")


@signed_in
@require_safe
def waiting(request: HttpRequest, membership_code: str) -> HttpResponse:
    """Say who still confirms this person's membership."""
    memberships = person(request).memberships.filter(voided_at__isnull=True).select_related("partnership", "partner")
    membership = get_object_or_404(memberships, code=membership_code)
    if membership.admitted_at:
        return redirect(membership_url(membership))
    return render(
        request,
        "partnerships/waiting.html",
        {"membership": membership, "facilitators": services.waiting_for(membership)},
    )
