"""How often the account of an address may be tried, and how many mails people can cause.

A network that tries too often is refused for this account, and nobody else is. What many networks do together binds
only devices on which the account's owner has never signed in.
"""

from collections.abc import Iterator

from django.http import HttpRequest

from partnerships import devices, limits
from partnerships.addresses import known_as
from partnerships.codes import keyed_hash

HOUR = 3600
MOST_BY_UNKNOWN_DEVICES = 100  # an hour, by all unknown devices together
MAILS = ((5, 600), (20, HOUR))  # to one address, from one network: how many, in how many seconds
MAILS_OF_PERSON, MAILS_OF_NETWORK = 30, 300  # an hour, to whomever; a room full of people signs up from one network

Rule = tuple[str, str, int, int]  # of `limits.take_as`


def account_key(email: str) -> str:
    """Return the cache key of an address's account: a hash, so that the cache stores no address."""
    return keyed_hash("account", known_as(email))


def attempt_key(request: HttpRequest, email: str) -> str:
    """Return the cache key of an account and the network it is tried from. A known device has a key of its own."""
    is_known = devices.is_known(request, email)
    return f"{account_key(email)}:{'known' if is_known else 'unknown'}:{limits.get_ip(request)}"


def too_many_unknown_devices(request: HttpRequest, action: str, email: str) -> bool:
    """Return whether unknown devices have tried this account too often, and this device is unknown."""
    tried = limits.used(account_key(email), action, HOUR)
    return tried >= MOST_BY_UNKNOWN_DEVICES and not devices.is_known(request, email)


def count_unknown_device(request: HttpRequest, action: str, email: str) -> None:
    if not devices.is_known(request, email):
        limits.take_as(account_key(email), action, MOST_BY_UNKNOWN_DEVICES, HOUR)


def mail_wait(request: HttpRequest, email: str) -> int:
    """Count one mail about an account; return for how many seconds none goes there: 0 if it may go.

    What is refused counts no further, so that one network cannot use up what all have together.
    """
    return next((wait for rule in mail_limits(request, email) if (wait := limits.take_as(*rule))), 0)


def may_mail(request: HttpRequest, email: str) -> bool:
    """Say whether a mail could go now, without counting."""
    return all(limits.used(who, action, seconds) < most for who, action, most, seconds in mail_limits(request, email))


def mail_limits(request: HttpRequest, email: str) -> Iterator[Rule]:
    """Return what limits a mail to an address, the narrowest first."""
    for most, seconds in MAILS:
        yield attempt_key(request, email), f"mail in {seconds}", most, seconds
    most = MAILS_OF_PERSON if request.user.is_authenticated else MAILS_OF_NETWORK
    yield limits.asker(request), "mails", most, HOUR
    if not devices.is_known(request, email):
        yield account_key(email), "mail", MOST_BY_UNKNOWN_DEVICES, HOUR
