"""A person's account: name and language, and how a guest moves to an account."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partnerships import services
from partnerships.access import person, signed_in
from partnerships.forms import AccountForm
from partnerships.models import User
from partnerships.views.shared import attempt

PENDING = "merge_guest"  # session key: the guest that this browser has signed in as
MERGE_WITHIN = 3600  # seconds


@signed_in
def account(request: HttpRequest) -> HttpResponse:
    """Show and save a person's name and language."""
    form = AccountForm(request.POST or None, instance=person(request))
    if request.method == "POST" and form.is_valid() and save_account(form):
        user = form.instance
        messages.success(request, _("Saved."))
        response = redirect("partnerships:account")
        if not user.language:
            response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return response
    return render(request, "partnerships/account.html", {"form": form})


def save_account(form: AccountForm) -> bool:
    """Save name and language, or show at the field why the name is refused. Return whether they were saved."""
    try:
        services.change_account(form.instance, **form.cleaned_data)
    except services.Refused as refusal:
        form.add_error("name", str(refusal))
    return form.is_valid()


@signed_in
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Send a guest to sign up or sign in, and remember the guest, for her to confirm the merge afterwards."""
    guest = person(request)
    if not guest.is_guest:
        return redirect("partnerships:account")
    logout(request)
    offer_merge(request, guest)
    sign_in_page = "account_login" if request.POST.get("how") == "login" else "account_signup"
    return redirect_to_login(reverse("partnerships:merge"), reverse(sign_in_page))


def offer_merge(request: HttpRequest, guest: User) -> None:
    """Remember in the session that the account may take over this guest."""
    request.session[PENDING] = {"code": guest.code, "at": time.time()}


def pending_guest(request: HttpRequest) -> User | None:
    """Return the guest that this browser was signed in as within the last hour."""
    offer = request.session.get(PENDING) or {"code": "", "at": 0}
    if time.time() - offer["at"] > MERGE_WITHIN:
        return None
    return User.objects.filter(code=offer["code"], is_guest=True, is_active=True).first()


@signed_in
def merge(request: HttpRequest) -> HttpResponse:
    """Ask whether the account takes over the guest's memberships: on a shared phone they may be someone else's."""
    guest = pending_guest(request)
    if guest is None or person(request).is_guest:
        return redirect("partnerships:list")
    if request.method != "POST":
        memberships = guest.memberships.filter(voided_at__isnull=True).select_related("partnership", "partner")
        return render(request, "partnerships/merge.html", {"guest": guest, "memberships": memberships})
    request.session.pop(PENDING, None)
    if request.POST.get("yes"):
        attempt(
            request,
            lambda: services.merge_guest(guest, person(request)),
            _("Your memberships are now part of your account."),
        )
    return redirect("partnerships:list")
