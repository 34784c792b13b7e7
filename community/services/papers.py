"""Policy papers: who edits, their parts and order, what recommendations rest on, and what became of findings."""

from collections import defaultdict
from dataclasses import dataclass
from typing import TypeVar

from django.db import transaction
from django.db.models import Max, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from community.access import Reader
from community.models import (
    Basis,
    Evidence,
    EvidenceKind,
    Finding,
    Item,
    ItemKind,
    Measure,
    PaperVersion,
    PolicyPaper,
    Recommendation,
    RoundText,
    Section,
)
from community.services import writing
from community.services.findings import with_shown
from community.services.groups import Writer
from community.services.notifications import tell
from partnerships.models import User
from partnerships.services import Refused

GROUNDS = (ItemKind.FINDING, ItemKind.MEASURE)
Part = TypeVar("Part", bound=Section | Recommendation)


# --- who edits


def edits(item: Item, reader: Reader) -> bool:
    """Say whether this reader edits a paper or a part of it; everybody else suggests."""
    paper = item.whole or item
    if reader.user is None or not reader.takes_part(item.group):
        return False
    if not (paper.is_published and item.is_published):
        return item.author_id == reader.user.pk
    return reader.leads(item.group) or reader.user.pk in {paper.author_id, *editors_of(paper)}


def changes(item: Item, reader: Reader) -> bool:
    """Say whether this reader may change the words now: while both sides are asked about them, nobody may."""
    return edits(item, reader) and not is_frozen(item)


def editors_of(paper: Item) -> set[int]:
    through = PolicyPaper.editors.through
    return set(through.objects.filter(policypaper=paper.pk).values_list("user_id", flat=True))


def editing(paper: PolicyPaper) -> list[User]:
    """Return who is told what waits for the editors."""
    leads = Q(group_memberships__group=paper.group_id, group_memberships__role="lead", group_memberships__left_at=None)
    named = Q(items=paper.pk) | Q(edited_papers=paper.pk)
    return list(User.objects.filter(leads | named).distinct())


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
            _("Both sides are being asked about these very words. They can be changed when the round is over.")
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


# --- what a recommendation rests on, and what becomes of it


@transaction.atomic
def rest_on(recommendation: Recommendation, item: Item, user: User) -> Basis:
    """Say that a recommendation answers a finding or generalises a measure; its originators are told."""
    if item.kind not in GROUNDS or not item.is_published:
        raise Refused(_("A recommendation rests on published findings and measures."))
    basis, _made = Basis.objects.get_or_create(recommendation=recommendation, item_id=item.pk, defaults={"by": user})
    tell_originators(recommendation)
    return basis


def rest_no_more(recommendation: Recommendation, code: str) -> None:
    Basis.objects.filter(recommendation=recommendation, item__code=code).delete()


def tell_originators(recommendation: Recommendation) -> None:
    """Tell whoever wrote a finding or measure, or gave evidence for it, that a recommendation rests on it; once."""
    paper = recommendation.paper
    if not (paper.is_published and recommendation.is_published):
        return
    for basis in recommendation.bases.select_related("item"):
        given = Evidence.objects.filter(item=basis.item_id, withdrawn_at=None).values("by")
        people = User.objects.filter(Q(items=basis.item_id) | Q(pk__in=given)).exclude(items=recommendation.pk)
        told = {"title": str(basis.item), "paper": str(paper), "number": recommendation.number}
        dedupe = f"{recommendation.code}:{basis.item.code}"
        tell("answered", people.distinct(), recommendation.get_absolute_url(), dedupe, **told)


@dataclass(frozen=True)
class Ground:
    """A finding or measure that a recommendation rests on, its status in words, and its evidence in turn."""

    item: Item
    status: str
    evidence: list[Evidence]


def grounds(recommendations: list[Recommendation], reader: Reader) -> dict[int, list[Ground]]:
    """Return what each recommendation rests on, as far as this reader sees it (a fixed number of queries).

    Of a withdrawn text only that it was withdrawn, and the figures that it cites.
    """
    visible = Item.objects.visible_to(reader).published() | Item.objects.withdrawn_in(reader.readable_groups())
    bases = list(
        Basis.objects.filter(recommendation__in=recommendations, item__in=visible).select_related("item__group")
    )
    items = {basis.item_id for basis in bases}
    withdrawn = {basis.item_id for basis in bases if basis.item.is_withdrawn}
    evidence = defaultdict(list)
    for row in with_shown(Evidence.objects.filter(item__in=items, withdrawn_at=None)):
        if row.item_id not in withdrawn or row.kind == EvidenceKind.FIGURE:
            evidence[row.item_id].append(row)
    status = _status(items)
    found = defaultdict(list)
    for basis in bases:
        ground = Ground(basis.item, status.get(basis.item_id, ""), evidence[basis.item_id])
        found[basis.recommendation_id].append(ground)
    return dict(found)


def _status(items: set[int]) -> dict[int, str]:
    found = {one.pk: one.get_status_display() for one in Finding.objects.filter(pk__in=items).only("status")}
    measures = Measure.objects.filter(pk__in=items).only("maturity")
    return found | {one.pk: one.get_maturity_display() for one in measures}


def became_of(item: Item, reader: Reader) -> list[Recommendation]:
    """Return the recommendations that rest on an item, each with the last version of its paper."""
    versions = PaperVersion.objects.filter(paper=OuterRef("paper")).order_by("-number")
    found = Recommendation.objects.filter(bases__item=item.pk, pk__in=Item.objects.visible_to(reader).published())
    printed = found.annotate(
        printed=Subquery(versions.values("number")[:1]), printed_code=Subquery(versions.values("code")[:1])
    )
    return list(printed.select_related("paper").order_by("paper__title", "number"))
