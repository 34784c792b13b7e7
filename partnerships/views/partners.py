"""The partners of a partnership, and a representative's confirmation of her own organisation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from partnerships import services
from partnerships.access import MemberRoles, partnership_for, person, signed_in
from partnerships.forms import OrganisationForm, PartnerForm
from partnerships.models import Membership, Partner, Partnership, Role
from partnerships.services import PartnerData
from partnerships.views.shared import attempt, partner_here


def facilitator(request: HttpRequest, code: str) -> tuple[Partnership, Membership]:
    partnership, member = partnership_for(person(request), code, Role.FACILITATOR)
    return partnership, facilitating(member)


def facilitating(member: MemberRoles) -> Membership:
    return next(membership for membership in member.memberships if membership.role == Role.FACILITATOR)


@signed_in
@require_safe
def partners(request: HttpRequest, code: str) -> HttpResponse:
    partnership, member = partnership_for(person(request), code)
    rows = partnership.partners.select_related("receives_through", "side_confirmed_by")
    context = {"partnership": partnership, "member": member, "partners": rows, "words": partnership.side_words()}
    return render(request, "partnerships/partners.html", context)


def show_partner(request: HttpRequest, partnership: Partnership, form: PartnerForm, partner: Partner | None = None):
    refusal = services.removal_refusal(partner) if partner else ""
    context = {"partnership": partnership, "form": form, "partner": partner, "refusal": refusal}
    return render(request, "partnerships/partner.html", context)


def partner_form(request: HttpRequest, partnership: Partnership, partner: Partner | None, fixed: bool) -> PartnerForm:
    return PartnerForm(
        request.POST or None,
        instance=partner,
        others=partnership.partners.all(),
        words=partnership.side_words(),
        fixed=fixed,
    )


@signed_in
def add_partner(request: HttpRequest, code: str) -> HttpResponse:
    partnership, membership = facilitator(request, code)
    form = partner_form(request, partnership, None, fixed=False)
    if request.method == "POST" and form.is_valid():
        data = PartnerData(**form.cleaned_data)
        if attempt(
            request, lambda: services.add_partner(partnership, membership, data), _("The partner has been added.")
        ):
            return redirect("partnerships:partners", code)
    return show_partner(request, partnership, form)


@signed_in
def change_partner(request: HttpRequest, code: str, partner_code: str) -> HttpResponse:
    partnership, membership = facilitator(request, code)
    partner = partner_here(partnership, partner_code)
    form = partner_form(request, partnership, partner, fixed=not services.may_change_side(partner, membership))
    if request.method == "POST" and form.is_valid():
        data = PartnerData(**form.cleaned_data)
        if attempt(request, lambda: services.change_partner(partner, membership, data), _("Saved.")):
            return redirect("partnerships:partners", code)
    return show_partner(request, partnership, form, partner)


@signed_in
def remove_partner(request: HttpRequest, code: str, partner_code: str) -> HttpResponse:
    """Ask first, then remove."""
    partnership, membership = facilitator(request, code)
    partner = partner_here(partnership, partner_code)
    if request.method != "POST":
        refusal = services.removal_refusal(partner)
        context = {"partnership": partnership, "partner": partner, "refusal": refusal}
        return render(request, "partnerships/remove_partner.html", context)
    attempt(request, lambda: services.remove_partner(partner, membership), _("The partner has been removed."))
    return redirect("partnerships:partners", code)


@signed_in
@require_POST
def leave_partner(request: HttpRequest, code: str, partner_code: str) -> HttpResponse:
    """Mark an organisation as left, or bring it back."""
    partnership, membership = facilitator(request, code)
    partner = partner_here(partnership, partner_code)
    act = services.bring_back if request.POST.get("back") else services.mark_left
    attempt(request, lambda: act(partner, membership), _("Saved."))
    return redirect("partnerships:partners", code)


@signed_in
def organisation(request: HttpRequest, code: str) -> HttpResponse:
    """Ask a representative whether this is her organisation and its side."""
    partnership, member = partnership_for(person(request), code, Role.REPRESENTATIVE)
    membership = next(membership for membership in member.memberships if membership.role == Role.REPRESENTATIVE)
    partner = partner_here(partnership, membership.partner.code if membership.partner else "")
    fixed = not services.may_change_side(partner, membership)
    form = OrganisationForm(
        request.POST or None,
        words=partnership.side_words(),
        fixed=fixed,
        confirmed=partner.side_confirmed_at is not None,
        initial={"side": partner.side},
    )
    if request.method == "POST" and form.is_valid():
        side = form.cleaned_data["side"]
        if attempt(
            request,
            lambda: services.confirm_organisation(membership, side),
            _("Thank you. Your organisation and its side have been confirmed."),
        ):
            return redirect(partnership)
    context = {"partnership": partnership, "membership": membership, "partner": partner, "form": form, "fixed": fixed}
    return render(request, "partnerships/organisation.html", context)
