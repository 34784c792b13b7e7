"""Signing staff in with a second step, without the pages of signing in."""

import time

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.totp.internal.auth import yield_hotp_counters_from_time as counters
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.test import Client

from partnerships.models import User
from tests.waiting import wait_until

ENOUGH = 3  # seconds in which a test sends a code


def set_up(user: User) -> Authenticator:
    """Give somebody an authenticator app."""
    return TOTP.activate(user, generate_totp_secret()).instance


def code_of(device: Authenticator) -> str:
    """Return what the app shows now, or in a moment, where a code would end before it is sent."""
    wait_until(lambda: time.time() % app_settings.TOTP_PERIOD < app_settings.TOTP_PERIOD - ENOUGH, what="a code begins")
    return format_hotp_value(hotp_value(device.data["secret"], next(counters())))


def sign_in(client: Client, user: User) -> None:
    """Sign somebody in who has taken a second step in this session."""
    client.force_login(user)
    take_step(client.session, user)


def sign_in_now(client: Client, user: User) -> None:
    """Sign somebody in who has just given their password, so that no page asks for it again."""
    client.force_login(user)
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, user, "password", reauthenticated=True)
    request.session.save()


def take_step(session: SessionBase, user: User) -> None:
    """Let somebody who is signed in have taken a second step in this session."""
    device = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first() or set_up(user)
    request = HttpRequest()
    request.session = session
    record_authentication(request, user, "mfa", id=device.pk, type=device.type)
    session.save()
