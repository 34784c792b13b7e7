"""The three rooms: their page, who takes part, how one comes in, and what coordinators decide."""

from typing import Any

from django.conf import settings as django_settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.access import Reader
from community.forms.groups import GroupForm, InviteForm, JoinForm, QuorumForm
from community.kinds import KINDS
from community.models import GroupKind, GroupMembership, GroupRole, Item, Language, WorkingGroup
from community.services.groups import memberships as services
from community.services.groups import participation, sides
from community.services.papers import consent_rounds
from community.services.search import cut
from community.services.todo import needs
from community.views.decorators import group_membership, group_required, outside, person, reader_required
from community.views.pagination import page_of
from partnerships import limits, page_sizes
from partnerships.access import is_staff
from partnerships.locales import listed
from partnerships.models import Side

ASK = ["GET", "HEAD", "POST"]
LATEST = 8


@require_safe
@reader_required("anybody")
def home(request: HttpRequest, reader: Reader) -> HttpResponse:
    """Show what one can learn here, and the three groups with their questions."""
    shown = [group for group in reader.groups if reader.may_read(group)]
    if reader.user is None and not shown:
        return outside(request)
    latest = latest_of(Item.objects.visible_to(reader).works())
    context = {
        "reader": reader,
        "groups": [(group, reader.group_membership(group)) for group in shown],
        "latest": latest,
        "needs": needs(reader),
        "reads_measures": any(group.kind == GroupKind.MEASURES for group in shown),
    }
    return render(request, "community/groups/list.html", context)


@require_safe
@group_required("anybody")
def group(request: HttpRequest, reader: Reader, group: WorkingGroup) -> HttpResponse:
    """Show a group: its question, latest work, who takes part, what needs me."""
    visible = Item.objects.visible_to(reader).filter(group=group)
    context = {
        "reader": reader,
        "group": group,
        "group_membership": reader.group_membership(group),
        "latest": latest_of(visible.works()),
        "talk": latest_of(visible.filter(kind="comment")),
        "sides": services.count_by_side(group),
        "coordinators": services.coordinators_of(group),
        "needs": needs(reader, group),
        "meter": participation.of_group(group),
        "kinds": [(key, kind.new) for key, kind in KINDS.items() if group.kind in kind.groups],
    }
    return render(request, "community/groups/group.html", context)


def latest_of(items) -> list[Item]:
    latest = list(items.published().for_list().order_by("-updated_at", "-pk")[:LATEST])
    for item in latest:
        item.excerpt = cut(item.plain)  # type: ignore[attr-defined]
    return latest


@never_cache
@require_safe
@group_required("account")
def people(request: HttpRequest, reader: Reader, group: WorkingGroup) -> HttpResponse:
    """List who takes part, by side."""
    members = services.members_of(group)
    side = request.GET.get("side", "")
    if side in Side.values:
        members = members.filter(side=side)
    context = {
        "reader": reader,
        "group": group,
        "group_membership": reader.group_membership(group),
        "page": page_of(members.order_by("user__name", "pk"), request, page_sizes.MEMBERS),
        "side": side,
        "sides": services.count_by_side(group),
        "invitations": group.invitations.filter(used_at=None)[:20] if reader.coordinates(group) else [],
        "invite_form": InviteForm(),
        "base_url": django_settings.BASE_URL,
        "may_appoint": reader.coordinates(group) or is_staff(request),
        "is_staff": is_staff(request),
        "to_confirm": sides.open_to(reader.group_membership(group)),
    }
    return render(request, "community/groups/people.html", context)


@require_POST
@group_required("coordinator")
def confirm_side(request: HttpRequest, reader: Reader, group: WorkingGroup, handle: str) -> HttpResponse:
    """Confirm a member's side and organisation, as a coordinator of one's own side."""
    member = get_object_or_404(services.members_of(group), user__profile__handle=handle)
    sides.confirm(member, group_membership(reader, group), request.POST.get("seen", ""))
    messages.success(request, _("Saved."))
    return redirect("community:people", group.kind)


@require_POST
@group_required("member")
def ask_partnership(request: HttpRequest, reader: Reader, group: WorkingGroup) -> HttpResponse:
    """Ask a partnership to stand behind one's side and organisation."""
    sides.ask_partnership(group_membership(reader, group), request.POST.get("membership", ""))
    messages.success(request, _("We have asked the partnership's facilitators to confirm your side."))
    return redirect("community:join", group.kind)


def quorum_of(group: WorkingGroup, own: GroupMembership) -> dict[str, Any]:
    """Return what the settings show of what a consent round needs."""
    proposal = sides.open_proposal(group)
    needed = {
        "people": group.people_needed,
        "organisations": group.organisations_needed,
        "languages": group.languages,
    }
    return {
        "proposal": proposal,
        "languages": names_of_languages(group.languages),
        "proposed_languages": names_of_languages(proposal.languages) if proposal else "",
        "coordinates": sides.coordinates(own),
        "may_confirm": proposal is not None and own.side != proposal.proposed_side,
        "quorum_form": QuorumForm(initial=needed),
    }


def names_of_languages(languages: list[str]) -> str:
    return listed(Language(code).name_for_reader for code in languages)


@require_POST
@group_required("coordinator")
def quorum(request: HttpRequest, reader: Reader, group: WorkingGroup) -> HttpResponse:
    """Propose what a valid consent round needs, or confirm what a coordinator of the other side proposed."""
    own, form = group_membership(reader, group), QuorumForm(request.POST)
    if code := request.POST.get("proposal"):
        consent_rounds.confirm_needs(code, own)
        messages.success(
            request,
            _(
                "The numbers of people and organisations have been saved. These numbers will apply to consent "
                "rounds that open from now on."
            ),
        )
    elif form.is_valid():
        sides.propose_quorum(own, **form.cleaned_data)
        messages.success(request, _("Your proposal has been sent. A coordinator from the other side must confirm it."))
    else:
        messages.error(
            request,
            _(
                "Please enter at least 3 as the number of people and at least 2 as the number of organisations. The "
                "number of organisations cannot be higher than the number of people."
            ),
        )
    return redirect("community:settings", group.kind)


@require_http_methods(ASK)
@group_required("account")
def join(request: HttpRequest, reader: Reader, group: WorkingGroup) -> HttpResponse:
    """Take part, on the side that one declares; or declare another side."""
    own = reader.group_membership(group)
    form = JoinForm(request.POST or None, initial=first_side(reader, group))
    if request.method == "POST" and form.is_valid():
        side, organisation = form.cleaned_data["side"], form.cleaned_data["organisation"]
        if own:
            services.change_side(own, side, organisation)
            messages.success(request, _("Saved."))
        else:
            services.join(group, person(reader), side, organisation)
            messages.success(request, _("Welcome. You can now write and comment."))
        return redirect(group)
    context = {"reader": reader, "group": group, "form": form, "group_membership": own}
    context["memberships"] = sides.memberships_behind(person(reader)) if own else []
    return render(request, "community/groups/join.html", context)


def first_side(reader: Reader, group: WorkingGroup) -> dict[str, str]:
    """Return what this person declared here, or else in another group."""
    own = reader.group_membership(group) or next(iter(reader.group_memberships.values()), None)
    return {"side": own.side, "organisation": own.organisation} if own else {}


@require_POST
@group_required("member")
def leave(request: HttpRequest, reader: Reader, group: WorkingGroup) -> HttpResponse:
    services.leave(group_membership(reader, group))
    messages.success(request, _("You have left the group. Your texts will remain."))
    return redirect(group)


@require_http_methods(ASK)
@group_required("coordinator")
def settings(request: HttpRequest, reader: Reader, group: WorkingGroup) -> HttpResponse:
    """Word the question, open or close joining and public reading."""
    form = GroupForm(request.POST or None, instance=group)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect(group)
    context = {"reader": reader, "group": group, "form": form, **quorum_of(group, group_membership(reader, group))}
    return render(request, "community/groups/settings.html", context)


@require_POST
@group_required("coordinator")
def invite(request: HttpRequest, reader: Reader, group: WorkingGroup) -> HttpResponse:
    form = InviteForm(request.POST)
    if form.is_valid():
        services.invite(group, person(reader), form.cleaned_data["note"])
        messages.success(request, _("Send the link to one person, who can use it only once, within 30 days."))
    return redirect("community:people", group.kind)


@never_cache
@require_http_methods(ASK)
@reader_required("account")
def invitation(request: HttpRequest, reader: Reader, code: str) -> HttpResponse:
    """Come in by a coordinator's link."""
    group_invitation = services.open_invitation(code)
    if group_invitation is None:
        slow = limits.missed(request, "group-invitation")
        return slow or render(request, "community/groups/not_open.html", {"reader": reader}, status=404)
    if reader.takes_part(group_invitation.group):
        return redirect(group_invitation.group)
    form = JoinForm(request.POST or None, initial=first_side(reader, group_invitation.group))
    if request.method == "POST" and form.is_valid():
        services.accept(group_invitation, person(reader), form.cleaned_data["side"], form.cleaned_data["organisation"])
        messages.success(request, _("Welcome. You can now write and comment."))
        return redirect(group_invitation.group)
    context = {
        "reader": reader,
        "group": group_invitation.group,
        "form": form,
        "invitation": group_invitation,
        "group_membership": None,
    }
    return render(request, "community/groups/join.html", context)


@require_POST
@group_required("account")
def role(request: HttpRequest, reader: Reader, group: WorkingGroup, handle: str) -> HttpResponse:
    """Make somebody a coordinator, or a member again: coordinators do, and staff, so that there is a first one."""
    if not (reader.coordinates(group) or is_staff(request)):
        raise PermissionDenied
    member = get_object_or_404(services.members_of(group), user__profile__handle=handle)
    wanted = GroupRole.COORDINATOR if request.POST.get("role") == GroupRole.COORDINATOR else GroupRole.MEMBER
    services.appoint(member, person(reader), wanted)
    if is_staff(request) and wanted == GroupRole.COORDINATOR:
        sides.confirm_as_staff(member, person(reader))
    messages.success(request, _("Saved."))
    return redirect("community:people", group.kind)
