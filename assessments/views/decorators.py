"""What the views share: signed in first, then the door to the assessment, and a polite no at the wrong moment."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import redirect

from assessments import access
from assessments.models import Assessment
from assessments.workflow import actions
from partnerships.access import MemberRoles, person, signed_in, wants_fragment


def assessment_required(*roles: str, often: bool = False) -> Callable:
    """Open a view `(request, assessment, member, …)` to members with one of the roles (none named: to all members).

    What is asked `often` gets rows of which only the columns that it needs are there, in one statement.

    Anonymous: to sign in (401 for htmx and fetch). Outsiders: 404. Members without the role: 403. A step that is not
    possible now is said on the page it leads back to (409 for htmx and fetch).
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @signed_in
        @wraps(view)
        def wrapper(request: HttpRequest, code: str, **kwargs) -> HttpResponse:
            found = access.glance(person(request), code) if often else None
            if found is None or not found[1].may(*roles):
                found = access.assessment_for(person(request), code, *roles)
            assessment, member = found
            try:
                return view(request, assessment, member, **kwargs)
            except actions.NotNow as error:
                return not_now(request, assessment, error)

        return wrapper

    return decorate


def not_now(request: HttpRequest, assessment: Assessment, error: actions.NotNow) -> HttpResponse:
    if wants_fragment(request):
        return JsonResponse({"error": str(error.message)}, status=409)
    messages.warning(request, str(error.message))
    return redirect(assessment)


def context(assessment: Assessment, member: MemberRoles, **more) -> dict:
    """Return what the assessment's pages share: who asks, and which steps are theirs now (`may`)."""
    may = {action: actions.may(assessment, member, action) for action in actions.STEPS}
    return {
        "assessment": assessment,
        "partnership": assessment.partnership,
        "member": member,
        "may": may,
        "sides": assessment.partnership.side_words(),
        **more,
    }


def sent(request: HttpRequest) -> bytes:
    """Return what a device sent; nothing where it sent a form, which was read already."""
    try:
        return request.body
    except RawPostDataException:
        return b""
