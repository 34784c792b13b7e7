"""A person's partnerships, and the workspace, settings and activity log of one."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partnerships import activity_log, page_sizes
from partnerships.access import MemberRoles, partnership_for, person, signed_in
from partnerships.forms import SettingsForm
from partnerships.models import BOTH_SIDES, Membership, Partnership, Role
from partnerships.services import PartnershipData, archiving, change_partnership, needs
from partnerships.views.shared import attempt


@signed_in
@require_safe
def list_partnerships(request: HttpRequest) -> HttpResponse:
    user = person(request)
    mine = Prefetch("memberships", user.memberships.in_force().select_related("partner"), to_attr="mine")
    visible, archived = Partnership.objects.visible_to(user), shows_archived(request)
    listed = (visible.archived() if archived else visible.not_archived()).prefetch_related(mine)
    context = {
        "page": Paginator(listed, page_sizes.PARTNERSHIPS).get_page(request.GET.get("page")),
        "archived": archived,
        "has_archived": archived or visible.archived().exists(),
        "kept": "archived=yes" if archived else "",
        "waiting": user.memberships.waiting().select_related("partnership"),
    }
    return render(request, "partnerships/list.html", context)


def shows_archived(request: HttpRequest) -> bool:
    """Say whether a list is asked for what is archived."""
    return request.GET.get("archived") == "yes"


@signed_in
@require_safe
def workspace(request: HttpRequest, code: str) -> HttpResponse:
    """Hand over to the page that knows assessments, if there is one; a waiting person goes to her waiting page."""
    waiting = person(request).memberships.waiting().filter(partnership__code=code)
    if (membership := waiting.first()) and not person(request).memberships.in_force().filter(
        partnership__code=code
    ).exists():
        return redirect("partnerships:waiting", membership.code)
    partnership, member = partnership_for(person(request), code)
    try:
        return redirect(reverse("assessments:workspace", args=[code]))
    except NoReverseMatch:
        return render(request, "partnerships/workspace.html", workspace_context(partnership, member))


def workspace_context(partnership: Partnership, member: MemberRoles) -> dict[str, Any]:
    """Return what the workspace page says about people and partners (a fixed number of queries)."""
    memberships = list(partnership.memberships.in_force().select_related("user", "partner"))
    return {
        "partnership": partnership,
        "member": member,
        "words": partnership.side_words(),
        "people": people(memberships),
        "partners": list(partnership.partners.select_related("receives_through")),
        "missing_sides": missing_sides(partnership, memberships),
        "partner_needs": needs(member.any.user, partnership),
    }


def people(memberships: list[Membership]) -> list[dict[str, Any]]:
    """Return one entry per person and membership, as `parts/people.html` shows them; facilitators first."""
    order = {role: n for n, role in enumerate(Role.values)}
    return [
        {
            "name": str(membership.user),
            "org": membership.partner.name if membership.partner else membership.employer,
            "side": membership.partner.side if membership.partner else "",
            "role": membership.get_role_display(),
            "note": _("guest") if membership.user.is_guest else "",
            "membership": membership,
        }
        for membership in sorted(memberships, key=lambda membership: order[membership.role])
    ]


def missing_sides(partnership: Partnership, memberships: list[Membership]) -> list[str]:
    """Return this partnership's words for the sides that have no facilitator yet, and none invited."""
    there = {
        membership.partner.side
        for membership in memberships
        if membership.role == Role.FACILITATOR and membership.partner
    }
    if missing := {*BOTH_SIDES} - there:
        invited = partnership.invitations.open().filter(role=Role.FACILITATOR, partner__side__in=missing)
        missing -= set(invited.values_list("partner__side", flat=True))
    side_words = partnership.side_words()
    return [side_words[side] for side in BOTH_SIDES if side in missing]


@signed_in
def settings(request: HttpRequest, code: str) -> HttpResponse:
    partnership, member = partnership_for(person(request), code, Role.FACILITATOR)
    form = SettingsForm(request.POST or None, instance=partnership)
    if request.method == "POST" and form.is_valid():
        data, membership = PartnershipData(**form.cleaned_data), member.membership(Role.FACILITATOR)
        if membership and attempt(request, lambda: change_partnership(partnership, membership, data), _("Saved.")):
            return redirect("partnerships:settings", code)
    context = {
        "partnership": partnership,
        "member": member,
        "form": form,
        "contents": archiving.contents_of(partnership),
        "kept_from_archive": archiving.obstacle_to_archiving(partnership),
        "kept_from_deletion": archiving.obstacle_to_deleting(partnership),
    }
    return render(request, "partnerships/settings.html", context)


@signed_in
@require_safe
def activity_log_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show who did what when: to facilitators all of it, to other members which names changed."""
    partnership, member = partnership_for(person(request), code)
    entries = partnership.activity_log.select_related("actor", "membership__user")
    entries = entries if member.is_facilitator else entries.filter(verb__in=activity_log.OPEN)
    page = Paginator(entries, page_sizes.ACTIVITY_LOG).get_page(request.GET.get("page"))
    sentences = [(entry, activity_log.sentence_of(entry), activity_log.subject_of(entry)) for entry in page]
    context = {"partnership": partnership, "member": member, "page": page, "told": sentences}
    return render(request, "partnerships/activity_log.html", context)
