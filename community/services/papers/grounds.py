"""What recommendations rest on, and what became of findings and measures in papers."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
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
    Recommendation,
)
from community.services.findings import with_shown
from community.services.notifications import notify_members
from partnerships.models import User
from partnerships.services import Refused

GROUNDS = (ItemKind.FINDING, ItemKind.MEASURE)


@transaction.atomic
def rest_on(recommendation: Recommendation, item: Item, user: User) -> Basis:
    """Say that a recommendation answers a finding or generalises a measure; its originators are told."""
    if item.kind not in GROUNDS or not item.is_published:
        raise Refused(_("You can link only published findings and measures to a recommendation."))
    basis, _made = Basis.objects.get_or_create(recommendation=recommendation, item_id=item.pk, defaults={"by": user})
    notify_originators(recommendation)
    return basis


def rest_no_more(recommendation: Recommendation, code: str) -> None:
    Basis.objects.filter(recommendation=recommendation, item__code=code).delete()


def notify_originators(recommendation: Recommendation) -> None:
    """Tell whoever wrote a finding or measure, or gave evidence for it, that a recommendation rests on it; once."""
    paper = recommendation.paper
    if not (paper.is_published and recommendation.is_published):
        return
    for basis in recommendation.bases.select_related("item"):
        gave_evidence = Evidence.objects.filter(item=basis.item_id, withdrawn_at=None).values("by")
        people = User.objects.filter(Q(items=basis.item_id) | Q(pk__in=gave_evidence)).exclude(items=recommendation.pk)
        facts = {"title": str(basis.item), "paper": str(paper), "number": recommendation.number}
        dedupe = f"{recommendation.code}:{basis.item.code}"
        notify_members("answered", people.distinct(), recommendation.get_absolute_url(), dedupe, **facts)


@dataclass(frozen=True)
class Ground:
    """A finding or measure that a recommendation rests on, its status in words, and its evidence in turn."""

    item: Item
    status: str
    evidence: list[Evidence]


def grounds_of(recommendations: list[Recommendation], reader: Reader) -> dict[int, list[Ground]]:
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
    by_recommendation = defaultdict(list)
    for basis in bases:
        ground = Ground(basis.item, status.get(basis.item_id, ""), evidence[basis.item_id])
        by_recommendation[basis.recommendation_id].append(ground)
    return dict(by_recommendation)


def _status(items: set[int]) -> dict[int, str]:
    by_item = {
        finding.pk: finding.get_status_display() for finding in Finding.objects.filter(pk__in=items).only("status")
    }
    measures = Measure.objects.filter(pk__in=items).only("maturity")
    return by_item | {measure.pk: measure.get_maturity_display() for measure in measures}


def became_of(item: Item, reader: Reader) -> list[Recommendation]:
    """Return the recommendations that rest on an item, each with the last version of its paper."""
    versions = PaperVersion.objects.filter(paper=OuterRef("paper")).order_by("-number")
    recommendations = Recommendation.objects.filter(
        bases__item=item.pk, pk__in=Item.objects.visible_to(reader).published()
    )
    printed = recommendations.annotate(
        printed=Subquery(versions.values("number")[:1]), printed_code=Subquery(versions.values("code")[:1])
    )
    return list(printed.select_related("paper").order_by("paper__title", "number"))
