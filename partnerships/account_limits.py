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
STRANGERS = 100  # an hour, by all unknown devices together
MAILS = ((5, 600), (20, HOUR))  # to one address, from one network: how many, in how many seconds
MAILS_OF_PERSON, MAILS_OF_NETWORK = 30, 300  # an hour, to whomever; a room full of people signs up from one network

Rule = tuple[str, str, int, int]  # of `limits.take_as`


def account(email: str) -> str:
    """Name the account of an address in the cache, where no address is kept."""
    return keyed_hash("account", known_as(email))


def tried_from(request: HttpRequest, email: str) -> str:
    """Name an account together with the network from which it is tried; a device of its owner stands for itself."""
    known = devices.is_known(request, email)
    return f"{account(email)}:{'known' if known else 'unknown'}:{limits.get_ip(request)}"


def too_many_strangers(request: HttpRequest, action: str, email: str) -> bool:
    """Say whether unknown devices have tried this account too often, and this is one of them."""
    tried = limits.used(account(email), action, HOUR)
    return tried >= STRANGERS and not devices.is_known(request, email)


def count_stranger(request: HttpRequest, action: str, email: str) -> None:
    if not devices.is_known(request, email):
        limits.take_as(account(email), action, STRANGERS, HOUR)


def mail_wait(request: HttpRequest, email: str) -> int:
    """Count one mail about an account; return for how many seconds none goes there: 0 if it may go.

    What is refused counts no further, so that one network cannot use up what all have together.
    """
    return next((wait for rule in rules(request, email) if (wait := limits.take_as(*rule))), 0)


def may_mail(request: HttpRequest, email: str) -> bool:
    """Say whether a mail could go now, without counting."""
    return all(limits.used(who, action, seconds) < most for who, action, most, seconds in rules(request, email))


def rules(request: HttpRequest, email: str) -> Iterator[Rule]:
    """Return what limits a mail to an address, the narrowest first."""
    for most, seconds in MAILS:
        yield tried_from(request, email), f"mail in {seconds}", most, seconds
    most = MAILS_OF_PERSON if request.user.is_authenticated else MAILS_OF_NETWORK
    yield limits.asker(request), "mails", most, HOUR
    if not devices.is_known(request, email):
        yield account(email), "mail", STRANGERS, HOUR
