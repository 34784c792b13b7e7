"""What the word of an organisation's provider is good for: the seam to allauth's accounts of others."""

from logging import INFO
from typing import Any, NoReturn

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings, get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partnerships.models import User
from partnerships.security_log import log_event
from partnerships.services import connected_accounts
from partnerships.services.refusal import Refused


class OpenIdAdapter(DefaultSocialAccountAdapter):
    """Accounts of organisations sign in to the account that they are connected to, and to no other."""

    def list_apps(self, request: HttpRequest, provider: str | None = None, client_id: str | None = None) -> list[Any]:
        """Return the providers of the environment; the database has none."""
        return _build_apps_from_settings(provider=provider, client_id=client_id).get("openid_connect", [])

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> User:
        user: User = sociallogin.user
        user.email, user.name, user.language = data.get("email"), data["name"], get_language() or ""
        return user

    def on_authentication_error(self, request: HttpRequest, provider: Any, error: Any = None, **_more: Any) -> NoReturn:
        refuse(request, provider.app, "cancelled" if error == AuthError.CANCELLED else "failed")

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Answer all but the sign-in to a connected account, which is allauth's: it asks for the second step."""
        sociallogin.token = None
        if sociallogin.state["process"] == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(connect(request, sociallogin))
        if not sociallogin.is_existing:
            match_or_sign_up(request, sociallogin)


def connect(request: HttpRequest, login: SocialLogin) -> HttpResponse:
    """Connect the provider's account to the account that is signed in, if one still is."""
    app: SocialApp = login.provider.app
    if not request.user.is_authenticated:
        refuse(request, app, "failed")
    try:
        connected_accounts.connect(request.user, app.provider_id, login.account.uid)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        tell_connected(request, app.provider_id)
    return redirect("openid_connect_accounts")


def tell_connected(request: HttpRequest, provider: str) -> None:
    log_event(request, "An organisation's account connected", INFO)
    name = get_adapter().get_provider(request, provider).name
    messages.success(request, _("From now on, you can sign in with %(organisation)s.") % {"organisation": name})


def match_or_sign_up(request: HttpRequest, login: SocialLogin) -> None:
    """Make an account for a new address. The owner of a known one enters a mailed code before it is connected."""
    app, address = login.provider.app, login.user.email
    if not address:
        refuse(request, app, "unconfirmed")
    if owner := connected_accounts.owner_of(address):
        connected_accounts.remember(request.session, app.provider_id, login.account.uid, address)
        LoginCodeVerificationProcess.initiate(request=request, user=owner, email=address)
        explained = _(
            "You already have an account. Enter the code that we have sent you, and we will connect your account to "
            "%(organisation)s."
        )
        messages.info(request, explained % {"organisation": app.name})
        raise ImmediateHttpResponse(redirect_to_code(login))
    try:
        login.account = connected_accounts.sign_up(login.user, app.provider_id, login.account.uid)
    except Refused:
        refuse(request, app, "unconfirmed")
    log_event(request, "Signed up with an organisation's account", INFO)


def redirect_to_code(login: SocialLogin) -> HttpResponse:
    page = reverse("account_confirm_login_code")
    return redirect_to_login(login.state["next"], page) if login.state.get("next") else redirect(page)


def refuse(request: HttpRequest, app: SocialApp, why: str) -> NoReturn:
    raise ImmediateHttpResponse(refusal_page(request, app, why))


def refusal_page(request: HttpRequest, app: SocialApp, why: str) -> HttpResponse:
    """Show why an organisation's account does not sign in, and what to do: never whether an account exists."""
    log_event(request, f"An organisation's account refused ({why})")
    context = {"organisation": app.name, "why": why}
    return render(request, "account/organisation_refused.html", context, status=403)
