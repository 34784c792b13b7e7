"""Writing: the one way in which the text of any item comes to be and changes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from community.markdown import mentioned, normalise, one_line, plain
from community.merging import (
    MOST_PARAGRAPHS,
    Conflict,
    Piece,
    conflicts,
    joined,
    merge,
    merged_value,
    paragraphs,
    resolved,
)
from community.models import MOST_TEXT, Draft, Item, ItemKind, Mention, Revision, State
from community.services.groups.memberships import Writer, members_of
from community.services.notifications import notify_members
from partnerships.models import User
from partnerships.services import Refused

Made = TypeVar("Made", bound=Item)


@dataclass(frozen=True)
class Content:
    """What a form carries: title and text, which are merged, and the rest, where the last one to save is right."""

    title: str = ""
    text: str = ""
    note: str = ""
    rest: dict[str, Any] = field(default_factory=dict)  # language, translate_me, tags, topics


@dataclass(frozen=True)
class Clash:
    """Two people changed the same from one base. Nothing was saved; the writer's words are kept as her draft."""

    item: Item
    base: int
    seen: int  # the version that stands now
    title: Piece
    pieces: list[Piece]

    @property
    def conflicts(self) -> list[Conflict]:
        return conflicts([self.title, *self.pieces])


def create(made: Made, writer: Writer, content: Content, mutation: str, *, publish: bool) -> Made:
    """Save a new item (an instance that is not saved yet) with its first revision; a replay returns the first one."""
    if earlier := _replayed(made, writer, mutation):
        return earlier
    try:
        return _create(made, writer, content, mutation, publish)
    except IntegrityError:
        # The same form came twice at the same moment.
        if earlier := _replayed(made, writer, mutation):
            return earlier
        raise


@transaction.atomic
def _create(made: Made, writer: Writer, content: Content, mutation: str, publish: bool) -> Made:
    made.author, made.side, made.version = writer.user, writer.side, 0
    _put(made, content)
    made.save()
    _revise(made, writer, content, mutation, base=None)
    Draft.objects.filter(user=writer.user, mutation=mutation).delete()
    if publish:
        publish_item(made)
    return made


@transaction.atomic
def save(item: Item, writer: Writer, content: Content, base: int, mutation: str) -> Item | Clash:
    """Save changes that were made to version `base`; merge them with what others have saved since.

    Returns the item as it stands now, or what has to be asked first.
    """
    now = Item.objects.select_for_update(no_key=True, of=("self",)).select_related("group", "whole").get(pk=item.pk)
    if Revision.objects.filter(item=now, author=writer.user, mutation=mutation).exists():
        return now
    settled = _merge(now, content, base)
    if isinstance(settled, Clash):
        _keep(now, writer, content, base, mutation)
        return settled
    before = now.title, now.text
    _put(now, settled)
    if changed := (now.title, now.text) != before:
        _revise(now, writer, settled, mutation, base, merged=base != now.version)
    now.save(update_fields=["title", "text", "plain", "version", "updated_at", *content.rest])
    Draft.objects.filter(user=writer.user, item=now).delete()
    if changed and now.is_published:
        _notify_of_change(now, writer)
    return now


def settle(item: Item, mine: Content, base: int, seen: int, answer: Callable[[int, Conflict], str]) -> Content:
    """Return the content with each conflict answered (the title's first), to be saved upon version `seen`."""
    clash = _merged(item, mine, _revision(item, base), _revision(item, seen))
    answers = [normalise(answer(place, conflict)) for place, conflict in enumerate(clash.conflicts)]
    title = clash.title
    if isinstance(title, Conflict):
        title, *answers = answers
    return Content(title, resolved(clash.pieces, answers), mine.note, mine.rest)


@transaction.atomic
def publish_item(item: Item) -> None:
    """Show an item to all who may read its group; the first time, tell the group."""
    if item.state != State.DRAFT:
        return
    item.state, now = State.PUBLISHED, timezone.now()
    item.published_at = item.published_at or now
    Item.objects.filter(pk=item.pk).update(state=item.state, published_at=item.published_at, updated_at=now)
    if item.whole_id is None:
        others = [
            group_membership.user
            for group_membership in members_of(item.group)
            if group_membership.user_id != item.author_id
        ]
        facts = {"title": str(item), "name": str(item.author), "group": str(item.group)}
        notify_members("published", others, item.get_absolute_url(), f"{item.code}", **facts)
    tell_mentioned(item)


def tell_mentioned(item: Item) -> list[User]:
    """Tell members who are named and were not told of this item before; return whom."""
    if not item.is_published or (item.whole is not None and not item.whole.is_published):
        return []
    handles = mentioned(item.text)
    if not handles:
        return []
    members = User.objects.filter(profile__handle__in=handles, group_memberships__left_at=None).exclude(items=item.pk)
    new = list(members.exclude(pk__in=item.mentions.values("user")).distinct()[:50])
    Mention.objects.bulk_create([Mention(item=item, user=user) for user in new], ignore_conflicts=True)
    facts = {"name": str(item.author), "title": str(item.whole or item)}
    notify_members("mention", new, item.get_absolute_url(), item.code, **facts)
    return new


@transaction.atomic
def keep_draft(writer: Writer, item: Item | None, draft: Draft) -> Draft:
    """Keep what somebody typed; of two autosaves of one form the later typed one stays, in whatever order they come."""
    existing = Draft.objects.select_for_update(no_key=True).filter(user=writer.user, mutation=draft.mutation).first()
    if existing and existing.sequence > draft.sequence:
        return existing
    if Revision.objects.filter(author=writer.user, mutation=draft.mutation).exists():
        return draft  # it came after the form was saved
    values = {name: getattr(draft, name) for name in ("base", "sequence", "title", "text", "kind", "group")}
    values |= {"item": item, "saved_at": timezone.now()}
    return Draft.objects.update_or_create(user=writer.user, mutation=draft.mutation, defaults=values)[0]


def blank(item: Item) -> None:
    """Take an item's words out of the item, of every version, of drafts and of the index, for good."""
    now = timezone.now()
    item.revisions.update(title="", text="", note="", blanked_at=now)
    item.drafts.all().delete()
    Item.objects.filter(pk=item.pk).update(title="", text="", plain="", tags=[], updated_at=now)


# --- inside


def _replayed(made: Made, writer: Writer, mutation: str) -> Made | None:
    saved = Revision.objects.filter(author=writer.user, mutation=mutation, number=1).values("item")
    earlier: Made | None = type(made)._default_manager.filter(pk__in=saved).first()  # type: ignore[assignment]
    return earlier


def _put(item: Item, content: Content) -> None:
    item.title, item.text = one_line(content.title), normalise(content.text)
    if len(item.text) > MOST_TEXT or len(paragraphs(item.text)) > MOST_PARAGRAPHS:
        raise Refused(_("This text is too long for one page. Please divide it into several texts."))
    item.plain, item.updated_at = plain(item.text), timezone.now()
    for name, value in content.rest.items():
        setattr(item, name, value)


def _revise(item: Item, writer: Writer, content: Content, mutation: str, base: int | None, merged=False) -> None:
    item.version += 1
    Revision.objects.create(
        item_id=item.pk,
        number=item.version,
        base=base,
        merged=merged,
        title=item.title,
        text=item.text,
        note=one_line(content.note)[:200],
        author=writer.user,
        side=writer.side,
        mutation=mutation,
    )
    Item.objects.filter(pk=item.pk).update(version=item.version)


def _merge(now: Item, content: Content, base: int) -> Content | Clash:
    if base == now.version:
        return content
    clash = _merged(now, content, _revision(now, base), _revision(now, now.version))
    if clash.conflicts:
        return clash
    return Content(str(clash.title), joined(map(str, clash.pieces)), content.note, content.rest)


def _merged(item: Item, mine: Content, base: Revision, theirs: Revision) -> Clash:
    title = merged_value(base.title, theirs.title, one_line(mine.title))
    pieces = merge(base.text, theirs.text, normalise(mine.text))
    return Clash(item, base.number, theirs.number, title, pieces)


def _revision(item: Item, number: int) -> Revision:
    revision = item.revisions.filter(number=number, blanked_at=None).first()
    if revision is None:
        raise Refused(_("The version that you changed no longer exists. Please start again from the current text."))
    return revision


def _keep(item: Item, writer: Writer, content: Content, base: int, mutation: str) -> None:
    texts = {"title": one_line(content.title)[:300], "text": normalise(content.text), "saved_at": timezone.now()}
    place = {"item": item, "group": item.group, "kind": item.kind, "base": base}
    Draft.objects.update_or_create(user=writer.user, mutation=mutation, defaults={**texts, **place})


def _notify_of_change(item: Item, writer: Writer) -> None:
    tell_mentioned(item)
    if item.kind == ItemKind.COMMENT:
        return
    concerned = User.objects.filter(Q(items=item.pk) | Q(pk__in=item.endorsements.values("user")))
    others = concerned.exclude(pk=writer.user.pk).distinct()
    facts = {"name": str(writer.user), "title": str(item)}
    notify_members("changed", others, item.get_absolute_url(), f"{item.code}:{item.version}", **facts)
