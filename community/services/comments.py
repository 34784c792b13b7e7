"""Comments and endorsements."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from community.access import Reader
from community.models import Comment, Endorsement, GroupMembership, Item, ItemKind
from community.services import writing
from community.services.groups.memberships import Writer
from community.services.notifications import notify_members
from partnerships.models import Side, User
from partnerships.services import Refused

LONGEST = 6_000
DEEPEST = 3  # levels that are drawn; deeper answers stand on the last


@transaction.atomic
def comment(on: Item, writer: Writer, text: str, mutation: str, parent: Comment | None = None, **rest) -> Comment:
    """Answer an item or a comment on it, and tell those who are part of the conversation."""
    if not on.is_published:
        raise Refused(_("You cannot comment on this text until it is published."))
    made = Comment(kind=ItemKind.COMMENT, group=on.group, whole=on.whole or on, on=on, parent=parent)
    content = writing.Content(text=text[:LONGEST], rest=rest)
    return _notify(writing.create(made, writer, content, mutation, publish=True), writer)


def _notify(made: Comment, writer: Writer) -> Comment:
    spoken = Comment.objects.filter(on=made.on_id).published().values("author")
    concerned = User.objects.filter(Q(pk=made.on.author_id) | Q(pk__in=spoken)).exclude(pk=writer.user.pk)
    others = concerned.exclude(pk__in=made.mentions.values("user"))
    facts = {"name": str(writer.user), "title": str(made.whole)}
    notify_members("comment", others, made.get_absolute_url(), made.code, **facts)
    return made


@dataclass
class Row:
    """A comment in its place. Without words, if this reader may not read it and others have answered it."""

    comment: Comment
    depth: int
    readable: bool
    html: SafeString = field(default_factory=SafeString)


def rows(item: Item, reader: Reader) -> list[Row]:
    """Return the comments on an item in reading order, answers below what they answer (one query)."""
    comments = (
        Comment.objects.filter(on=item.pk).select_related("author", "group", "whole").order_by("created_at", "pk")
    )
    below: dict[int | None, list[Comment]] = defaultdict(list)
    for comment in comments:
        below[comment.parent_id].append(comment)
    walked: list[Row] = []
    todo = [(comment, 0) for comment in reversed(below[None])]
    while todo:  # without recursion: an answer may answer an answer a thousand times
        comment, depth = todo.pop()
        walked.append(Row(comment, min(depth, DEEPEST), readable(comment, reader)))
        todo += [(below_it, depth + 1) for below_it in reversed(below[comment.pk])]
    return [row for row in walked if row.readable or row.comment.is_withdrawn or below[row.comment.pk]]


def readable(comment: Comment, reader: Reader) -> bool:
    if comment.is_withdrawn:
        return False
    own = reader.user is not None and comment.author_id == reader.user.pk
    return comment.is_published or own or reader.coordinates(comment.group)


@transaction.atomic
def endorse(item: Item, group_membership: GroupMembership) -> None:
    """Stand behind an item as it is now; one's own counts as well, and is shown as such."""
    if not item.is_published:
        raise Refused(_("You can endorse only published texts."))
    values = {"side": group_membership.side, "version": item.version}
    Endorsement.objects.update_or_create(item=item, user=group_membership.user, defaults=values)


def take_back(item: Item, user: User) -> None:
    Endorsement.objects.filter(item=item, user=user).delete()


def endorsers(item: Item) -> dict[str, list[Endorsement]]:
    """Return who stands behind an item, by side."""
    by_side: dict[str, list[Endorsement]] = {side: [] for side in Side.values}
    for row in item.endorsements.select_related("user").order_by("at"):
        by_side[row.side].append(row)
    return by_side
