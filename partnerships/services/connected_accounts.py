"""The accounts of organisations that people sign in with: whose they are, and what connects them.

A provider's word counts for an address only if it says that the address is confirmed, and if the operator trusts it
for the address's domain. It makes an account for a new address. It does not open the account of a known one: that
account's owner signs in here first.
"""

import time
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from partnerships.addresses import known_as
from partnerships.forms import SignupExtra
from partnerships.models import User
from partnerships.services import confirmed_addresses
from partnerships.services.refusal import Refused

PENDING = "organisation_account"  # session key: what the owner of an address connects by signing in
SECONDS = 10 * 60


def trusted_address(claims: dict[str, Any], domains: list[str]) -> str:
    """Return the address that a provider has confirmed and is trusted for, or ""."""
    said = claims.get("email")
    address = known_as(said) if isinstance(said, str) else ""
    is_trusted = claims.get("email_verified") is True and address.rpartition("@")[2] in domains
    return address if is_trusted else ""


def cleaned_name(said: Any) -> str:
    """Return the name that a provider gives, if it is one that a person could have typed."""
    form = SignupExtra({"name": said if isinstance(said, str) else ""})
    return form.cleaned_data["name"] if form.is_valid() else ""


def owner_of(address: str) -> User | None:
    """Return who has confirmed this address and may sign in."""
    return confirmed_addresses.owner(address)


def sign_up(user: User, provider: str, uid: str) -> SocialAccount:
    """Make an account for an address that no one has confirmed, as a mailed code would."""
    address = user.email or ""
    try:
        with transaction.atomic():
            confirmed_addresses.delete_unconfirmed(address)
            if confirmed_addresses.is_taken(address):
                raise Refused(_("There is already an account with this address. Please sign in first."))
            user.save()
            EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
            return SocialAccount.objects.create(user=user, provider=provider, uid=uid)
    except IntegrityError as error:  # at the same moment by another way
        raise Refused(_("There is already an account with this address. Please sign in first.")) from error


def connect(user: User, provider: str, uid: str) -> None:
    """Connect an organisation's account to a person's. A second time changes nothing."""
    if user.is_guest:
        raise Refused(_("Please sign in to an account first."))
    if not confirmed_addresses.confirmed_addresses(user).exists():
        raise Refused(_("Please confirm an e-mail address for your account first."))
    try:
        with transaction.atomic():
            account, _made = SocialAccount.objects.get_or_create(provider=provider, uid=uid, defaults={"user": user})
    except IntegrityError as error:  # the database allows one of each provider
        raise Refused(
            _("You have already connected another account from this organisation. Disconnect that account first.")
        ) from error
    if account.user_id != user.pk:
        raise Refused(
            _(
                "Your organisation's account is already connected to another account on this website. Sign in to "
                "that account, or connect a different account from your organisation."
            )
        )


def disconnect(user: User, provider: str) -> bool:
    """Disconnect a person's account of an organisation. Return False if there is none."""
    deleted, _by_model = SocialAccount.objects.filter(user=user, provider=provider).delete()
    return bool(deleted)


def remember(session: SessionBase, provider: str, uid: str, address: str) -> None:
    """Remember what this browser's organisation said, until the owner of the address has signed in."""
    session[PENDING] = {"provider": provider, "uid": uid, "address": address, "at": time.time()}


def finish(session: SessionBase, user: User) -> str:
    """Connect what this browser waits for, if it is about an address that this person has confirmed.

    Return the provider's name in the environment if it was connected now.
    """
    waiting = session.pop(PENDING, None)
    if not waiting or time.time() - waiting["at"] > SECONDS:
        return ""
    if waiting["address"] not in confirmed_addresses.confirmed_addresses(user):
        return ""
    try:
        connect(user, waiting["provider"], waiting["uid"])
    except Refused:
        return ""
    return waiting["provider"]


def connected(user: User) -> list[SocialAccount]:
    return list(SocialAccount.objects.filter(user=user).order_by("provider"))
