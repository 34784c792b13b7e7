"""What the views share: decorators that find who reads, a group or an item and check roles, and a polite no."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Literal, cast

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from community.access import Reader, item_for, reader_of
from community.models import GroupMembership, Item, WorkingGroup
from community.services.findings import figures_of
from community.services.groups.memberships import Writer
from partnerships.access import wants_fragment
from partnerships.models import User
from partnerships.views.refusals import refusals_shown

Who = Literal["anybody", "account", "member", "coordinator"]
View = Callable[..., HttpResponse]


def reader_required(who: Who) -> Callable[[View], View]:
    """Open a view `(request, reader, …)`: to anybody, or to whoever has an account."""

    def decorate(view: View) -> View:
        shown = refusals_shown(_page_of)(view)

        @wraps(view)
        def wrapper(request: HttpRequest, **kwargs) -> HttpResponse:
            if who != "anybody" and not _has_account(request):
                return outside(request)
            return shown(request, reader_of(request.user), **kwargs)

        return wrapper

    return decorate


def group_required(who: Who) -> Callable[[View], View]:
    """Open a view `(request, reader, group, …)`; without an account only where the group is public."""

    def decorate(view: View) -> View:
        shown = refusals_shown(_page_of)(view)

        @wraps(view)
        def wrapper(request: HttpRequest, group: str, **kwargs) -> HttpResponse:
            if who != "anybody" and not _has_account(request):
                return outside(request)
            reader = reader_of(request.user)
            working_group = next((candidate for candidate in reader.groups if candidate.kind == group), None)
            if reader.user is None and (working_group is None or not working_group.is_public):
                return outside(request)
            if working_group is None:
                raise Http404
            _check(who, reader, working_group)
            return shown(request, reader, working_group, **kwargs)

        return wrapper

    return decorate


def item_required(who: Who) -> Callable[[View], View]:
    """Open a view `(request, reader, item, …)`; what a reader may not see is as if it were not there."""

    def decorate(view: View) -> View:
        shown = refusals_shown(_page_of)(view)

        @wraps(view)
        def wrapper(request: HttpRequest, code: str, **kwargs) -> HttpResponse:
            if who != "anybody" and not _has_account(request):
                return outside(request)
            reader = reader_of(request.user)
            item = item_for(reader, code)
            if item is None and reader.user is None:
                return outside(request)
            if item is None:
                raise Http404
            if item.is_withdrawn:
                return withdrawn(request, reader, item)
            _check(who, reader, item.group)
            return shown(request, reader, item, **kwargs)

        return wrapper

    return decorate


def person(reader: Reader) -> User:
    """Return who is signed in; for views behind `account` and more."""
    return cast(User, reader.user)


def group_membership(reader: Reader, group: WorkingGroup) -> GroupMembership:
    """Return the reader's membership of a group; for views that only members pass."""
    return reader.group_memberships[group.pk]


def writer(reader: Reader, group: WorkingGroup) -> Writer:
    return Writer(person(reader), group_membership(reader, group).side)


def child(model: type, item: Item):
    """Return the item as the kind that it is, or 404: /findings/ opens no case."""
    row = model.objects.filter(pk=item.pk).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    row.group, row.whole, row.author = item.group, item.whole, item.author
    return row


def withdrawn(request: HttpRequest, reader: Reader, item: Item) -> HttpResponse:
    """Say at the place of a withdrawn text that it was withdrawn; there is nothing else to do with it."""
    if request.method not in ("GET", "HEAD"):
        raise Http404
    context = {"reader": reader, "item": item, "group": item.group, "figures": figures_of(item)}
    return render(request, "community/writing/withdrawn.html", context)


def _has_account(request: HttpRequest) -> bool:
    return request.user.is_authenticated and not request.user.is_guest


def _check(who: Who, reader: Reader, group: WorkingGroup) -> None:
    if (who == "member" and not reader.takes_part(group)) or (who == "coordinator" and not reader.coordinates(group)):
        raise PermissionDenied


def outside(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        messages.info(request, _("You need an account to use the working groups. Create one now."))
        return redirect("partnerships:account")
    if wants_fragment(request):
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())


def _page_of(_reader: Reader, *opened: Any, **_kwargs: Any) -> Any:
    """Return where a refusal leads: to the item or the group that the view opens, or to all groups."""
    return opened[-1] if opened else "community:groups"
