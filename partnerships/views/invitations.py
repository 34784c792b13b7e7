"""Making ways in, and showing them: as a link to pass on, in the projector view, as a QR code."""

import io

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from partnerships import services
from partnerships.access import signed_in
from partnerships.forms import InviteForm
from partnerships.models import Invitation, Membership, Partnership
from partnerships.views.partners import facilitator
from partnerships.views.shared import attempt, ready


@signed_in
def invite(request: HttpRequest, code: str) -> HttpResponse:
    partnership, membership = facilitator(request, code)
    if partnership.is_rehearsal:
        attempt(request, lambda: services.refuse_in_rehearsal(partnership))
        return redirect("partnerships:people", code)
    form = InviteForm(request.POST or None, partnership=partnership, initial=asked(request, partnership))
    if request.method == "POST" and form.is_valid() and (made := make(request, form, membership)):
        if made.channel != Invitation.Channel.EMAIL:
            return redirect("partnerships:invitation_shown", code, made.code)
        return redirect("partnerships:people", code)
    return render(request, "partnerships/invite.html", {"partnership": partnership, "form": form})


def asked(request: HttpRequest, partnership: Partnership) -> dict:
    """Return what a link to this page already says: role and partner."""
    partner = partnership.partners.filter(code=request.GET.get("partner", "")).first()
    role = request.GET.get("role") or "representative"
    return {"role": role, "partner": partner, "channel": Invitation.Channel.LINK}


def make(request: HttpRequest, form: InviteForm, membership: Membership) -> Invitation | None:
    made: list[Invitation] = []
    attempt(
        request,
        lambda: made.append(services.invite(membership, **form.cleaned_data)),
        _("The invitation can now be used."),
    )
    return made[0] if made else None


def open_here(partnership: Partnership, code: str) -> Invitation:
    return get_object_or_404(partnership.invitations.open().select_related("partner", "created_by__user"), code=code)


@never_cache
@signed_in
@require_safe
def shown(request: HttpRequest, code: str, invitation_code: str) -> HttpResponse:
    partnership, _membership = facilitator(request, code)
    invitation = open_here(partnership, invitation_code)
    context = {"partnership": partnership, "invitation": invitation, "address": services.address(invitation)}
    return render(request, "partnerships/invitation_shown.html", context)


@never_cache
@signed_in
@require_safe
def messages_page(request: HttpRequest, code: str) -> HttpResponse:
    """Show, for each open invitation, a text in its language to send by hand; it goes once the person has joined."""
    partnership, membership = facilitator(request, code)
    invitations = partnership.invitations.open().exclude(channel=Invitation.Channel.JOIN_CODE)
    rows = [
        invitation_message(invitation)
        for invitation in invitations.select_related("partner", "created_by__user").order_by("pk")
    ]
    joined = partnership.memberships.in_force().exclude(user=membership.user).count()
    return render(request, "partnerships/messages.html", {"partnership": partnership, "rows": rows, "joined": joined})


def invitation_message(invitation: Invitation) -> dict:
    """Return an invitation with the text that goes with it, in the language of the person."""
    with translation.override(invitation.language or get_language()):
        subject, text = services.message_of(invitation)
    return {"invitation": invitation, **ready(subject, text, invitation.email), "language": invitation.language}


@signed_in
@require_POST
def resend(request: HttpRequest, code: str, invitation_code: str) -> HttpResponse:
    """Send the e-mail of an invitation once more."""
    partnership, membership = facilitator(request, code)
    invitation = open_here(partnership, invitation_code)
    attempt(request, lambda: services.resend(invitation, membership), _("We are sending the e-mail again."))
    return redirect("partnerships:messages", code)


@never_cache
@signed_in
@require_safe
def projector(request: HttpRequest, code: str, invitation_code: str) -> HttpResponse:
    partnership, _membership = facilitator(request, code)
    invitation = open_here(partnership, invitation_code)
    where = settings.BASE_URL.split("://", 1)[1] + reverse("partnerships:join")
    context = {"partnership": partnership, "invitation": invitation, "where": where}
    return render(request, "partnerships/projector.html", context)


@never_cache
@signed_in
@require_safe
def qr(request: HttpRequest, code: str, invitation_code: str) -> HttpResponse:
    partnership, _membership = facilitator(request, code)
    picture = io.BytesIO()
    made = segno.make(services.address(open_here(partnership, invitation_code)), error="m")
    made.save(picture, kind="svg", scale=8, border=4, light="#fff", svgclass=None, lineclass=None)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@signed_in
@require_POST
def withdraw(request: HttpRequest, code: str, invitation_code: str) -> HttpResponse:
    partnership, membership = facilitator(request, code)
    invitation = get_object_or_404(partnership.invitations, code=invitation_code)
    attempt(request, lambda: services.withdraw(invitation, membership), _("The invitation has been withdrawn."))
    return redirect("partnerships:people", code)
