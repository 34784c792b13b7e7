"""Atom feeds: of a public group for everybody, of the others by a key that only its owner knows."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.access import Reader, reader_of
from community.markdown import render
from community.models import Item, WorkingGroup
from partnerships import limits
from partnerships.models import User
from partnerships.names import signature

NEWEST = 30


class GroupFeed(Feed):
    """The newest work of a group, as far as its reader may see it."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, group: str) -> tuple[Reader, WorkingGroup]:  # type: ignore[override]
        reader = reader_of(keyholder(request))
        working_group = next((candidate for candidate in reader.groups if candidate.kind == group), None)
        if working_group is None or not reader.may_read(working_group):
            raise Http404
        return reader, working_group

    def title(self, at: tuple[Reader, WorkingGroup]) -> str:
        return str(at[1])

    def subtitle(self, at: tuple[Reader, WorkingGroup]) -> str:
        return at[1].asks

    def link(self, at: tuple[Reader, WorkingGroup]) -> str:
        return at[1].get_absolute_url()

    def items(self, at: tuple[Reader, WorkingGroup]) -> Any:
        items = Item.objects.visible_to(at[0]).filter(group=at[1]).published().works()
        return items.select_related("author").order_by("-updated_at")[:NEWEST]

    def item_title(self, item: Item) -> str:  # type: ignore[override]
        return str(item)

    def item_description(self, item: Item) -> str:  # type: ignore[override]
        return render(item.text)

    def item_author_name(self, item: Item) -> str:
        return signature(item.author, item.created_at) if item.author else _("someone who has left")

    def item_pubdate(self, item: Item) -> Any:
        return item.published_at

    def item_updateddate(self, item: Item) -> Any:
        return item.updated_at

    def item_categories(self, item: Item) -> list[str]:
        return item.tags


def wrong_key(request: HttpRequest) -> bool:
    return bool(request.GET.get("key")) and keyholder(request).is_anonymous


def keyholder(request: HttpRequest) -> User | AnonymousUser:
    """Return whose key the address carries, or who is signed in."""
    if key := request.GET.get("key"):
        return User.objects.filter(profile__feed_key=key[:12], is_active=True).first() or AnonymousUser()
    return request.user


@require_safe
def feed(request: HttpRequest, group: str) -> HttpResponse:
    """Send the feed; a key that is nobody's is counted as a guess."""
    if wrong_key(request) and (slow := limits.missed(request, "feed")):
        return slow
    response = GroupFeed()(request, group=group)
    response["Cache-Control"] = "private, max-age=300"
    return response
