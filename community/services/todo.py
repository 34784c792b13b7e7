"""What waits for a person in the community; the start page and the group pages show it."""

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.access import Reader
from community.markdown import excerpt
from community.models import (
    Approval,
    CaseStudy,
    Draft,
    GroupKind,
    Item,
    ItemKind,
    ModerationEntry,
    RealPartnership,
    RealState,
    State,
    SuggestionState,
    WorkingGroup,
)
from community.services import moderation
from community.services.case_studies import digest, speaking_memberships
from community.services.measures import maturity_decisions
from community.services.papers import consent_rounds
from partnerships.locales import isolated
from partnerships.models import User


def needs(reader: Reader, group: WorkingGroup | None = None) -> list[dict[str, Any]]:
    """Return what waits for this person, in one group or in all (a fixed number of queries)."""
    if reader.user is None:
        return []
    all_needs = [*to_moderate(reader, reader.user), *cases_to_approve(reader.user), *to_sign(reader)]
    all_needs += [
        *to_confirm(reader),
        *to_answer(reader.user),
        *suggested(reader, reader.user),
        *unfinished(reader.user),
    ]
    return [need for need in all_needs if group is None or need["group"] == group.pk]


def _need(group: int, title: str, url: str, why: str, due: date | None = None) -> dict[str, Any]:
    return {"group": group, "title": title, "url": url, "why": why, "due": due}


def to_moderate(reader: Reader, user: User) -> list[dict[str, Any]]:
    coordinated = [group for group in reader.groups if reader.coordinates(group)]
    if not coordinated:
        return []
    waiting = Q(verb__in=moderation.WAITING, settled_by=None) & ~Q(item__author=user)
    rows = ModerationEntry.objects.filter(waiting, group__in=coordinated).order_by()
    counted = dict(rows.values_list("group").annotate(n=Count("item", distinct=True)))
    return [
        _need(
            group.pk,
            ngettext("One text needs your decision", "%(n)d texts need your decision", n) % {"n": n},
            reverse("community:moderation", args=[group.kind]),
            _("Someone has reported the text, or its author has appealed."),
        )
        for group in coordinated
        if (n := counted.get(group.pk))
    ]


def to_confirm(reader: Reader) -> list[dict[str, Any]]:
    """Tell the coordinators of the first group how many partnerships ask to be counted."""
    coordinated = [
        group for group in reader.groups if reader.coordinates(group) and group.kind == GroupKind.UNDERSTANDING
    ]
    waiting = RealPartnership.objects.filter(state=RealState.ASKED, partnership__is_demo=False)
    n = waiting.count() if coordinated else 0
    text = ngettext(
        "One partnership has asked to be counted in the evidence base",
        "%(n)d partnerships have asked to be counted in the evidence base",
        n,
    ) % {"n": n}
    why = _("A coordinator must confirm that the partnership is real.")
    return [_need(group.pk, text, reverse("community:real"), why) for group in coordinated if n]


def cases_to_approve(user: User) -> list[dict[str, Any]]:
    """Return the cases from this person's partnerships whose present words she has not approved."""
    cases = CaseStudy.objects.filter(
        partnership__in=speaking_memberships(user).values("partnership"), revoked_at=None, state=State.DRAFT
    ).select_related("partnership")
    mine = set(Approval.objects.filter(membership__user=user, case__in=cases).values_list("case", "digest"))
    return [
        _need(
            case.group_id,
            _("Your side has been asked to approve a case study from “%(partnership)s”")
            % {"partnership": isolated(case.partnership)},
            case.get_absolute_url(),
            _("The case study will be published only if both sides approve the exact text."),
        )
        for case in cases
        if (case.pk, digest(case)) not in mine
    ]


def to_sign(reader: Reader) -> list[dict[str, Any]]:
    """Return the decisions on the maturity of measures that wait for this person's side."""
    return [
        _need(
            decision.measure.group_id,
            _("Your side has been asked to sign the decision on “%(title)s”") % {"title": isolated(decision.measure)},
            decision.measure.get_absolute_url() + "#maturity",
            _("The measure's maturity (how well it has been tested) will change once both sides have signed."),
        )
        for decision in maturity_decisions.to_sign(list(reader.group_memberships.values()))
    ]


def to_answer(user: User) -> list[dict[str, Any]]:
    """Return the rounds in which this person has not answered everything."""
    return [
        _need(
            asked.paper.group_id,
            _("Do you consent to the recommendations in “%(paper)s”?") % {"paper": isolated(asked.paper)},
            asked.get_absolute_url(),
            _("Both sides have been asked for their consent. Silence is not consent."),
            asked.closes_at.date() if asked.closes_at else None,
        )
        for asked in consent_rounds.to_answer(user)
    ]


def suggested(reader: Reader, user: User) -> list[dict[str, Any]]:
    """Return the papers in which suggestions wait for this person as an editor."""
    edited = Q(author=user) | Q(policypaper__editors=user) | Q(group__in=reader.coordinated_groups())
    waiting = Q(parts__suggestions__state=SuggestionState.OPEN)
    mine = Item.objects.filter(edited, kind=ItemKind.PAPER, group__in=reader.group_memberships.keys())
    counted = mine.published().filter(waiting).annotate(n=Count("parts__suggestions", filter=waiting, distinct=True))
    return [
        _need(
            paper.group_id,
            ngettext("One suggestion for “%(paper)s”", "%(n)d suggestions for “%(paper)s”", paper.n)
            % {"n": paper.n, "paper": isolated(paper)},
            paper.get_absolute_url(),
            _("As an editor, you can accept each suggestion, or decline it and give a reason."),
        )
        for paper in counted.defer("text", "search").order_by("pk")[:10]
    ]


def unfinished(user: User) -> list[dict[str, Any]]:
    drafts = Draft.objects.filter(user=user).select_related("group", "item")[:20]
    return [
        _need(
            draft.group_id,
            _("You have not saved “%(title)s” yet")
            % {"title": isolated(draft.title or excerpt(draft.text) or _("Untitled text"))},
            draft_address(draft),
            _("We have kept what you typed. Only you can see it."),
        )
        for draft in drafts
    ]


def draft_address(draft: Draft) -> str:
    """Return the form in which a draft goes on."""
    if draft.item:
        return reverse("community:edit", args=[draft.item.code]) + f"?draft={draft.mutation}"
    return reverse("community:write", args=[draft.group.kind, draft.kind]) + f"?draft={draft.mutation}"
