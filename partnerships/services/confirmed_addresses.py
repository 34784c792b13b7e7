"""Whose address it is: only a confirmed address says so.

An account that was signed up for and never confirmed is nobody's: it goes when its address is signed up for again, or
confirmed by somebody else.
"""

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, QuerySet

from partnerships.addresses import known_as
from partnerships.models import User


def confirmed_addresses(user: User) -> QuerySet[EmailAddress, str]:
    """Return the addresses that a person has confirmed."""
    return EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)


def accounts_of(typed: str) -> QuerySet[User]:
    """Return the account that has confirmed this address: one, or none."""
    return User.objects.filter(emailaddress__email=known_as(typed), emailaddress__verified=True)


def owner(typed: str) -> User | None:
    """Return who has confirmed this address and may sign in."""
    return accounts_of(typed).filter(is_active=True).first()


def has_confirmed() -> Exists:
    """Say of a user whether any of her addresses is confirmed."""
    return Exists(EmailAddress.objects.filter(user=OuterRef("pk"), verified=True))


def unconfirmed_accounts() -> QuerySet[User]:
    """Return accounts that somebody signed up for, whose address nobody has confirmed, and that nobody has used."""
    people = User.objects.filter(is_guest=False, is_staff=False, is_superuser=False, is_active=True, last_login=None)
    return people.filter(~has_confirmed())


def is_taken(email: str, by_another_than: User | None = None) -> bool:
    """Say whether an account has this address for good."""
    others = User.objects.exclude(pk=by_another_than.pk) if by_another_than else User.objects.all()
    settled = others.filter(email=email).exclude(pk__in=unconfirmed_accounts().values("pk"))
    return settled.exists() or accounts_of(email).filter(pk__in=others.values("pk")).exists()


def make_room(email: str) -> None:
    """Delete what was signed up for with this address and never confirmed. The caller holds a transaction."""
    list(
        User.objects.select_for_update(no_key=True).filter(email=email)
    )  # whoever confirms it at this moment comes first
    unconfirmed_accounts().filter(email=email).delete()
    EmailAddress.objects.filter(email=email, verified=False).delete()


def hold(user: User) -> bool:
    """Lock an account that is about to confirm an address; return False if it is gone. A transaction is needed."""
    return User.objects.select_for_update(no_key=True).filter(pk=user.pk).exists()


def leave_to(user: User, email: str) -> None:
    """Delete what others signed up for with an address that is now confirmed. The caller holds a transaction."""
    unconfirmed_accounts().filter(email=email).exclude(pk=user.pk).delete()


def may_sign_in_by(user: User, email: str) -> bool:
    """Say whether an address is an account's own, at the moment of signing in."""
    return user.email == email or user.emailaddress_set.filter(email=email).exists()  # type: ignore[attr-defined]
