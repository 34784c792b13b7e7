"""Helpers of several views."""

from collections.abc import Callable
from urllib.parse import quote, urlencode

from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, resolve_url

from partnerships.models import Membership, Partner, Partnership, Role
from partnerships.services import Refused


def attempt(request: HttpRequest, act: Callable[[], object], done: str = "") -> bool:
    """Call a service that may refuse, and show a message with the outcome. Return whether it worked."""
    try:
        act()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    if done:
        messages.success(request, done)
    return True


def membership_url(membership: Membership) -> str:
    """Return the page of a membership: the workspace, or who still has to confirm it."""
    if membership.admitted_at:
        begins = "assessments:begin" if membership.role == Role.REPRESENTATIVE else "partnerships:workspace"
        return resolve_url(begins, membership.partnership.code)
    return resolve_url("partnerships:waiting", membership.code)


def settings_page(code: str) -> str:
    return resolve_url("partnerships:settings", code)


def partner_here(partnership: Partnership, code: str) -> Partner:
    return get_object_or_404(partnership.partners.select_related("receives_through"), code=code)


def signed(text: str, salt: str) -> str:
    return Signer(salt=salt).sign(text)


def unsigned(text: str, salt: str) -> str:
    """Return the text without its signature, or "" if the signature is wrong."""
    try:
        return Signer(salt=salt).unsign(text)
    except BadSignature:
        return ""


def ready(subject: str, text: str, email: str = "") -> dict[str, str]:
    """Return a text that is ready to send by hand, with what opens it in WhatsApp and in a mail program."""
    mail = urlencode({"subject": subject, "body": text}, quote_via=quote)
    return {
        "text": text,
        "whatsapp": "https://wa.me/?" + urlencode({"text": text}, quote_via=quote),
        "mailto": f"mailto:{quote(email)}?{mail}",
    }
