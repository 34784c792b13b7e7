"""What the views share: who may open them, the shared context, and how a refusal is shown."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException

from assessments import access
from assessments.models import Assessment
from assessments.workflow import actions
from partnerships.access import MemberRoles, person, signed_in
from partnerships.views.refusals import refusals_shown


def assessment_required(*roles: str, often: bool = False) -> Callable:
    """Open a view `(request, assessment, member, …)` to members with one of the roles (none named: to all members).

    What is asked `often` gets rows of which only the columns that it needs are there, in one statement.

    Anonymous: to sign in (401 for htmx and fetch). Outsiders: 404. Members without the role: 403. What a rule
    refuses is said on the overview (409 for htmx and fetch).
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        shown = refusals_shown(_assessment)(view)

        @signed_in
        @wraps(view)
        def wrapper(request: HttpRequest, code: str, **kwargs) -> HttpResponse:
            allowed = access.glance(person(request), code) if often else None
            if allowed is None or not allowed[1].may(*roles):
                allowed = access.assessment_for(person(request), code, *roles)
            assessment, member = allowed
            return shown(request, assessment, member, **kwargs)

        return wrapper

    return decorate


def _assessment(assessment: Assessment, *_args, **_kwargs) -> Assessment:
    return assessment


def context(assessment: Assessment, member: MemberRoles, **more) -> dict:
    """Return what the assessment's pages share: who asks, and what they may do now (`may`)."""
    may = {action: actions.may(assessment, member, action) for action in actions.ROW_OF}
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
