"""Tokens for programs, which read what their owner may read: making, checking and revoking them."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.codes import keyed_hash, keyed_hashes, random_code
from partnerships.models import ApiToken, User
from partnerships.services.refusal import Refused

MOST = 10  # in force at a time; a trigger holds that
BEGINS = "pat_"  # so that whoever finds one, or searches for leaked ones, knows what it is
LENGTH = 40  # letters of five random bits each


def digest(secret: str) -> str:
    return keyed_hash("api-token", secret)


@transaction.atomic
def make(user: User, name: str, days: int, once: UUID) -> str:
    """Make a token that is valid for some days. Return its secret, which is not stored and shown once."""
    if user.is_guest:
        raise Refused(_("Please sign in to an account first."))
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if ApiToken.objects.filter(once=once).exists():
        raise Refused(
            _(
                "This token has already been created. We show it only once. If you have lost it, revoke it and "
                "create another one."
            )
        )
    if user.api_tokens.in_force().count() >= MOST:
        raise Refused(_("You already have ten tokens. First revoke a token that you no longer need."))
    secret = BEGINS + random_code(LENGTH)
    expires_at = timezone.now() + timedelta(days=days)
    ApiToken.objects.create(user=user, name=name, digest=digest(secret), once=once, expires_at=expires_at)
    return secret


def revoke(user: User, code: str) -> bool:
    """Revoke one of a person's tokens. Return False if she has no such token."""
    own = user.api_tokens.filter(code=code)
    own.filter(revoked_at=None).update(revoked_at=timezone.now())
    return own.exists()


def find(secret: str) -> ApiToken | None:
    """Return the valid token with this secret, and store the day of its use. Otherwise None, without a reason."""
    if not secret.startswith(BEGINS):
        return None
    good = ApiToken.objects.in_force().filter(user__is_active=True, user__is_guest=False)
    token = good.select_related("user").filter(digest__in=keyed_hashes("api-token", secret)).first()
    today = timezone.localdate()
    if token and token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
    return token
