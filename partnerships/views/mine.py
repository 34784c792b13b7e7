"""A person's own pages: notifications, account, and how a guest turns into an account."""

import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partnerships import services
from partnerships.access import person, signed_in
from partnerships.forms import AccountForm
from partnerships.models import User
from partnerships.views.shared import attempt

PENDING = "merge_guest"  # in the session: whom this browser proved to be
MERGE_WITHIN = 3600  # seconds


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """List what a person should know; “mark as read” covers what the page showed, not what came since."""
    mine = person(request).notifications.all()
    if request.method == "POST":
        shown = request.POST.get("upto", "")
        upto = int(shown) if shown.isdecimal() and len(shown) < 19 else 0
        mine.filter(pk__lte=upto, read_at__isnull=True).update(read_at=timezone.now())
        return redirect("partnerships:notifications")
    page = Paginator(mine, 30).get_page(request.GET.get("page"))
    newest = mine.order_by("-pk").values_list("pk", flat=True).first()
    return render(request, "partnerships/notifications.html", {"page": page, "newest": newest})


@signed_in
def account(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None, instance=person(request))
    if request.method == "POST" and form.is_valid() and renames(form):
        user = form.instance
        messages.success(request, _("Saved."))
        response = redirect("partnerships:account")
        if not user.language:
            response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return response
    return render(request, "partnerships/account.html", {"form": form})


def renames(form: AccountForm) -> bool:
    """Save the name and the language, or say beside the name why it cannot be had."""
    try:
        services.change_account(form.instance, **form.cleaned_data)
    except services.Refused as refusal:
        form.add_error("name", str(refusal))
    return form.is_valid()


@signed_in
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Let a guest sign up or sign in, and remember whom she was, for her to say yes afterwards."""
    guest = person(request)
    if not guest.is_guest:
        return redirect("partnerships:account")
    logout(request)
    offer_merge(request, guest)
    door = "account_login" if request.POST.get("how") == "login" else "account_signup"
    return redirect_to_login(reverse("partnerships:merge"), reverse(door))


def offer_merge(request: HttpRequest, guest: User) -> None:
    request.session[PENDING] = {"code": guest.code, "at": time.time()}


def pending_guest(request: HttpRequest) -> User | None:
    """Return the guest whom this browser proved to be, within the last hour."""
    offer = request.session.get(PENDING) or {"code": "", "at": 0}
    if time.time() - offer["at"] > MERGE_WITHIN:
        return None
    return User.objects.filter(code=offer["code"], is_guest=True, is_active=True).first()


@signed_in
def merge(request: HttpRequest) -> HttpResponse:
    """Ask whether the account takes over the guest's memberships: on a shared phone it may be somebody else's."""
    guest = pending_guest(request)
    if guest is None or person(request).is_guest:
        return redirect("partnerships:list")
    if request.method != "POST":
        memberships = guest.memberships.filter(voided_at__isnull=True).select_related("partnership", "partner")
        return render(request, "partnerships/merge.html", {"guest": guest, "memberships": memberships})
    request.session.pop(PENDING, None)
    if request.POST.get("yes"):
        attempt(request, lambda: services.merge_guest(guest, person(request)), _("Your seats moved to your account."))
    return redirect("partnerships:list")
