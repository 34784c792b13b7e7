"""The pages of signing in with an organisation's account: to the provider, back from it, and the list of one's own."""

from logging import INFO

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView, OAuth2View
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from partnerships.access import person, proven, signed_in
from partnerships.limits import limited
from partnerships.openid import Client
from partnerships.openid_adapter import refusal_page
from partnerships.security_log import log_event
from partnerships.services import connected_accounts

often = limited("organisation account", 120)  # a full room signs in from one network


@require_POST
@often
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send a person to her organisation's provider; who is signed in proves first that it is she."""
    return (connect if request.user.is_authenticated else to_provider)(request, provider_id)


def to_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    return speak(request, provider_id, OAuth2LoginView)


connect = proven(to_provider)


@require_safe
@often
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take what the provider says of a person who comes back from it."""
    return speak(request, provider_id, OAuth2CallbackView)


def speak(request: HttpRequest, provider_id: str, view: type[OAuth2View]) -> HttpResponse:
    """Let allauth speak with a provider. Show a page if the provider is away, or if its answer is wrong."""
    client = Client(request, provider_id)
    try:
        app = client.get_provider().app
    except SocialApp.DoesNotExist:
        raise Http404 from None
    try:
        return view.adapter_view(client)(request)
    except (RequestException, OAuth2Error):
        return refusal_page(request, app, "failed")


@signed_in
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """List the organisations whose accounts a person can connect, and those that she has connected."""
    connected = {account.provider for account in connected_accounts.connected(person(request))}
    apps = get_adapter().list_apps(request)
    if not apps and not connected:
        raise Http404
    names = {app.provider_id: app.name for app in apps}
    gone = sorted(connected - set(names))
    rows = [
        {"id": each, "name": names.get(each, each), "offered": each in names, "connected": each in connected}
        for each in [*names, *gone]
    ]
    return render(request, "account/organisations.html", {"rows": rows})


@require_POST
@signed_in
@proven
def disconnect(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Disconnect a person's account of an organisation. A second time changes nothing."""
    if connected_accounts.disconnect(person(request), provider_id):
        log_event(request, "An organisation's account disconnected", INFO)
        messages.success(request, _("Your organisation's account has been disconnected."))
    return redirect("openid_connect_accounts")
