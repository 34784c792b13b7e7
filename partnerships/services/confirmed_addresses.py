"""Which account an e-mail address belongs to: only a confirmed address counts.

An account whose address was never confirmed belongs to no one. It is deleted when someone signs up with its address
again, or when someone else confirms the address.
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
    """Return a condition on users: any of their addresses is confirmed."""
    return Exists(EmailAddress.objects.filter(user=OuterRef("pk"), verified=True))


def unconfirmed_accounts() -> QuerySet[User]:
    """Return accounts whose address was never confirmed, and that were never used to sign in."""
    people = User.objects.filter(is_guest=False, is_staff=False, is_superuser=False, is_active=True, last_login=None)
    return people.filter(~has_confirmed())


def is_taken(email: str, by_another_than: User | None = None) -> bool:
    """Return whether the address belongs to an account that counts: confirmed, or used to sign in."""
    others = User.objects.exclude(pk=by_another_than.pk) if by_another_than else User.objects.all()
    settled = others.filter(email=email).exclude(pk__in=unconfirmed_accounts().values("pk"))
    return settled.exists() or accounts_of(email).filter(pk__in=others.values("pk")).exists()


def delete_unconfirmed(email: str) -> None:
    """Delete accounts and rows of this address that were never confirmed. Needs a transaction."""
    # Wait for anyone who confirms the address at this moment.
    list(User.objects.select_for_update(no_key=True).filter(email=email))
    unconfirmed_accounts().filter(email=email).delete()
    EmailAddress.objects.filter(email=email, verified=False).delete()


def lock_account(user: User) -> bool:
    """Lock an account that is about to confirm an address. Return False if it was deleted. Needs a transaction."""
    return User.objects.select_for_update(no_key=True).filter(pk=user.pk).exists()


def delete_other_claims(user: User, email: str) -> None:
    """Delete the unconfirmed accounts of others with an address that is now confirmed. Needs a transaction."""
    unconfirmed_accounts().filter(email=email).exclude(pk=user.pk).delete()


def may_sign_in_by(user: User, email: str) -> bool:
    """Return whether this address still belongs to the account."""
    return user.email == email or user.emailaddress_set.filter(email=email).exists()  # type: ignore[attr-defined]
