"""The second step that a partnership can require of its facilitators: the rule, and the page that leads to the step."""

from allauth.mfa.models import Authenticator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.access import partnership_for, person, signed_in, took_second_step
from partnerships.models import Membership, Partnership, Role
from partnerships.services import second_step
from partnerships.views.partners import facilitator
from partnerships.views.shared import attempt

BACK = "second_step_back"  # session key: where a facilitator goes on once the step is taken


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def rule(request: HttpRequest, code: str) -> HttpResponse:
    """Show whether facilitators need a second step, and let a facilitator say yes to a change."""
    partnership, hers = facilitator(request, code)
    if partnership.is_rehearsal:
        raise Http404
    if request.method == "POST":
        _act(request, partnership, hers)
        return redirect("partnerships:second_step", code)
    yeses = second_step.yeses(partnership)
    context = {"partnership": partnership, "yeses": yeses, "said": any(yes.by_id == hers.pk for yes in yeses)}
    return render(request, "partnerships/second_step.html", context)


def _act(request: HttpRequest, partnership: Partnership, hers: Membership) -> None:
    do = request.POST.get("do")
    if do == "withdraw":
        attempt(request, lambda: second_step.withdraw_yes(partnership, hers), _("You have withdrawn your agreement."))
    elif do in ("require", "end"):
        attempt(
            request,
            lambda: second_step.say_yes(partnership, hers, do == "require"),
            _("Your agreement has been saved."),
        )


@signed_in
@require_safe
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Lead a facilitator to the second step that the partnership requires, and back once it is taken."""
    partnership, _member = partnership_for(person(request), code, Role.FACILITATOR, without_step=True)
    back = _back(request, partnership)
    if not partnership.second_step_required or took_second_step(request):
        request.session.pop(BACK, None)
        return redirect(back)
    request.session[BACK] = request.get_full_path()
    has_one = Authenticator.objects.filter(user=person(request)).exists()
    context = {"partnership": partnership, "has_one": has_one, "here": request.get_full_path()}
    return render(request, "partnerships/take_second_step.html", context, status=403)


def _back(request: HttpRequest, partnership: Partnership) -> str:
    """Return the page that was asked for, if it is one of ours."""
    asked = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if is_ours else resolve_url(partnership)
