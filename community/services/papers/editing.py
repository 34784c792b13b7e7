"""Policy papers: who edits, their parts and order, what recommendations rest on, and what became of findings."""

from typing import TypeVar

from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from community.access import Reader
from community.models import (
    GroupRole,
    Item,
    ItemKind,
    PolicyPaper,
    Recommendation,
    RoundText,
    Section,
)
from community.services import writing
from community.services.groups.memberships import Writer
from partnerships.models import User
from partnerships.services import Refused

Part = TypeVar("Part", bound=Section | Recommendation)


# --- who edits


def may_edit(item: Item, reader: Reader) -> bool:
    """Say whether this reader edits a paper or a part of it; everybody else suggests."""
    paper = item.whole or item
    if reader.user is None or not reader.takes_part(item.group):
        return False
    if not (paper.is_published and item.is_published):
        return item.author_id == reader.user.pk
    return reader.coordinates(item.group) or reader.user.pk in {paper.author_id, *editors_of(paper)}


def may_change(item: Item, reader: Reader) -> bool:
    """Say whether this reader may change the words now: while both sides are asked about them, nobody may."""
    return may_edit(item, reader) and not is_frozen(item)


def editable_papers(reader: Reader) -> list[Item]:
    """Return the published papers to which this reader can add a recommendation (one query)."""
    if reader.user is None:
        return []
    own = Q(author=reader.user) | Q(policypaper__editors=reader.user) | Q(group__in=reader.coordinated_groups())
    mine = Item.objects.filter(own, kind=ItemKind.PAPER, group__in=reader.group_memberships.keys())
    return list(mine.published().distinct().defer("text", "search").order_by("title", "pk"))


def editors_of(paper: Item) -> set[int]:
    through = PolicyPaper.editors.through
    return set(through.objects.filter(policypaper=paper.pk).values_list("user_id", flat=True))


def editors_to_notify(paper: PolicyPaper) -> list[User]:
    """Return who is told what waits for the editors."""
    in_force = {"group_memberships__left_at": None, "group_memberships__role": GroupRole.COORDINATOR}
    coordinators = Q(group_memberships__group=paper.group_id, **in_force)
    named = Q(items=paper.pk) | Q(edited_papers=paper.pk)
    return list(User.objects.filter(coordinators | named).distinct())


def is_frozen(item: Item) -> bool:
    return RoundText.objects.filter(recommendation=item.pk, active=True, round__opened_at__isnull=False).exists()


# --- writing


@transaction.atomic
def save(item: Item, writer: Writer, content: writing.Content, base: int, mutation: str) -> Item | writing.Clash:
    """Save changes as for any item, unless both sides are being asked about these very words."""
    refuse_frozen(item)
    return writing.save(item, writer, content, base, mutation)


def refuse_frozen(item: Item) -> None:
    """Hold the item, and refuse while a round about it is open."""
    lock(item)
    if is_frozen(item):
        raise Refused(
            _("A consent round about this text is open. You can change the text once the consent round has closed.")
        )


def lock(item: Item) -> None:
    Item.objects.select_for_update(no_key=True, of=("self",)).get(pk=item.pk)


@transaction.atomic
def add(made: Part, writer: Writer, content: writing.Content, mutation: str, *, publish: bool = True) -> Part:
    """Put a part (not saved yet) at the end of its paper; a replay returns the first."""
    lock(made.paper)
    made.whole, made.group = made.paper, made.paper.group
    name = "position" if isinstance(made, Section) else "number"
    last = type(made)._default_manager.filter(paper=made.paper).aggregate(last=Max(name))["last"] or 0
    setattr(made, name, last + 1)
    return writing.create(made, writer, content, mutation, publish=publish)


@transaction.atomic
def move(section: Section, by: int) -> None:
    """Let a section change places with the one above (-1) or below (1)."""
    lock(section.paper)
    now = Section.objects.get(pk=section.pk)
    side = {"position__lt": now.position} if by < 0 else {"position__gt": now.position}
    order = "-position" if by < 0 else "position"
    other = Section.objects.filter(paper=now.paper_id, **side).order_by(order).first()
    if other:
        Section.objects.filter(pk=now.pk).update(position=other.position)
        Section.objects.filter(pk=other.pk).update(position=now.position)
