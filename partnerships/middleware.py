"""Middleware for guests, and for the pretend people of a rehearsal."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from partnerships.access import LOOKS, SecondStepNeeded, impersonated_membership, wants_fragment


class GuestsStayOutside:
    """Keep guests out of the pages of accounts, which take an e-mail address for granted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        of_accounts = name.startswith(("account_", "mfa_", "usersessions_", "openid_")) and name != "account_logout"
        if of_accounts and request.user.is_authenticated and request.user.is_guest:
            return redirect("partnerships:account")
        return None


class SecondStep:
    """Redirect facilitators to the second step that their partnership requires. htmx and fetch get 401 instead."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, SecondStepNeeded):
            return None
        if wants_fragment(request):
            return HttpResponse(status=401)
        shows = request.method in ("GET", "HEAD")  # a form that was sent is filled in again
        page = reverse("partnerships:take_second_step", args=[exception.code])
        return redirect_to_login(request.get_full_path() if shows else "", page)


class RehearsalImpersonation:
    """In a rehearsal, show the assessment's pages as the chosen pretend person sees them.

    The pages of the rehearsal itself remain the facilitator's own, so that she can return.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        match = request.resolver_match
        if not match or match.app_name != "assessments" or "code" not in kwargs or not request.user.is_authenticated:
            return
        if not request.session.get(LOOKS) or match.view_name.startswith("assessments:rehearsal"):
            return
        if membership := impersonated_membership(request.user, kwargs["code"]):
            request.user, request.looks_as = membership.user, membership  # type: ignore[attr-defined]
