"""Access to a partnership: the only way to one, and the decorators that views start with."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.core import context as current
from allauth.mfa.models import Authenticator
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q
from django.http import Http404, HttpRequest, HttpResponse

from partnerships.models import Impersonation, Membership, Partnership, Role, User


@dataclass(frozen=True)
class MemberRoles:
    """A person's memberships in force in one partnership."""

    memberships: tuple[Membership, ...]

    def membership(self, role: str) -> Membership | None:
        return next((membership for membership in self.memberships if membership.role == role), None)

    @property
    def any(self) -> Membership:
        """Return the person's first membership in the order facilitator, representative, observer."""
        return next(membership for role in Role.values if (membership := self.membership(role)))

    @property
    def is_facilitator(self) -> bool:
        return self.membership(Role.FACILITATOR) is not None

    @property
    def represents(self) -> Membership | None:
        return self.membership(Role.REPRESENTATIVE)

    @property
    def roles(self) -> set[str]:
        return {membership.role for membership in self.memberships}

    def may(self, *roles: str) -> bool:
        return not roles or bool(self.roles & set(roles))


def person(request: HttpRequest) -> User:
    """Return the signed-in user of a request, for views behind `signed_in`."""
    return cast(User, request.user)


def is_staff(request: HttpRequest) -> bool:
    """Return whether somebody of the staff asks who took a second step in this session."""
    if not (request.user.is_active and getattr(request.user, "is_staff", False)):
        return False
    return took_second_step(request)


def took_second_step(request: HttpRequest) -> bool:
    """Return whether this session took a second step, with a device that the person still has."""
    steps = {record.get("id") for record in get_authentication_records(request, request.user)}
    return Authenticator.objects.filter(user=person(request), pk__in=steps - {None}).exists()


class SecondStepNeeded(PermissionDenied):
    """A facilitator asks for a partnership that requires a second step, and took none in this session."""

    def __init__(self, partnership: Partnership) -> None:
        super().__init__(partnership.code)
        self.code = partnership.code


def require_second_step(member: MemberRoles, partnership: Partnership) -> None:
    """Raise SecondStepNeeded if the partnership requires a second step of this member. Programs take none."""
    if not (partnership.second_step_required and member.is_facilitator):
        return
    request = current.request
    if request is None or member.any.user != request.user or not took_second_step(request):
        raise SecondStepNeeded(partnership)


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Redirect the anonymous to sign in before any look-up. htmx and fetch get 401 instead."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if wants_fragment(request):
            return HttpResponse(status=401)
        return redirect_to_login(request.get_full_path())

    return wrapper


def proven(view: Callable[..., Any], allow_get: bool = False) -> Callable[..., Any]:
    """Ask for reauthentication, and then continue with the submitted form.

    Guests are not asked: they have nothing but their code.
    """
    return reauthentication_required(view, allow_get=allow_get, enabled=lambda request: not request.user.is_guest)


def wants_fragment(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False)) or "application/json" in request.headers.get("Accept", "")


LOOKS = "looks"  # in the session: worth a look-up at all; what counts is the row


def impersonated_membership(user: User, code: str) -> Membership | None:
    """Return the pretend person's membership that a facilitator has chosen for this rehearsal or assessment.

    Every condition is checked again in the database, whatever the session says.
    """
    here = Q(membership__partnership__code=code) | Q(membership__partnership__assessments__code=code)
    looks = Impersonation.objects.filter(
        here,
        membership__partnership__is_rehearsal=True,
        membership__partnership=F("by__partnership"),
        membership__user__pretend_in=F("membership__partnership"),
        membership__in=Membership.objects.in_force(),
        by__in=Membership.objects.in_force().facilitators().filter(user=user, user__pretend_in=None),
    )
    look = looks.select_related("membership__user", "membership__partner", "membership__partnership").first()
    return look.membership if look else None


def member_roles_of(user: User, partnership: Partnership) -> MemberRoles:
    memberships = tuple(partnership.memberships.in_force().filter(user=user).select_related("partner"))
    for membership in memberships:
        membership.user = user
    return MemberRoles(memberships)


def partnership_for(user: User, code: str, *roles: str, without_step: bool = False) -> tuple[Partnership, MemberRoles]:
    """Return the partnership and the person's roles; 404 for outsiders, 403 for members without one of the roles.

    `without_step`: also to a facilitator who has not taken the second step that the partnership requires.
    """
    partnership = Partnership.objects.filter(code=code).first()
    if partnership is None:
        raise Http404
    member = member_roles_of(user, partnership)
    if not member.memberships:
        raise Http404
    if not member.may(*roles):
        raise PermissionDenied
    if not without_step:
        require_second_step(member, partnership)
    return partnership, member
