"""Texts that are ready to send by hand: about the session, the answers and the results. Nothing is kept of them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from assessments.models import Assessment
from assessments.services.setup import message_texts
from assessments.views.decorators import assessment_required, context
from partnerships.access import MemberRoles
from partnerships.locales import language_name
from partnerships.models import Membership, Role, User
from partnerships.views.shared import ready


@require_safe
@assessment_required(Role.FACILITATOR)
def page(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Show one text for all representatives, and one for each person, in the languages of their invitations.

    The language that a person reads in now is not used: its change would tell that the person was here.
    """
    memberships = assessment.partnership.memberships.in_force().select_related("user", "invitation")
    others = memberships.exclude(user=member.any.user).order_by("created_at", "pk")
    people = {membership.user: _language(membership) for membership in others}
    more = {
        "reminders": [row for language in sorted({*people.values()}) for row in _rows(assessment, language)],
        "people": [
            {"name": str(user), **row} for user, language in people.items() for row in _rows(assessment, language, user)
        ],
    }
    return render(request, "assessments/setup/messages.html", context(assessment, member, **more))


def _language(membership: Membership) -> str:
    invited_in = membership.invitation.language if membership.invitation else ""
    return invited_in or get_language() or settings.LANGUAGE_CODE


def _rows(assessment: Assessment, language: str, user: User | None = None) -> list[dict]:
    """Return the texts of this moment in one language: for one person, or the reminder for all representatives."""
    named = language_name(language) if get_language() else language
    with override(language):
        texts = message_texts.to(assessment, user) if user else message_texts.reminder(assessment)
        rows = [{**ready(text.subject, text.text), "subject": text.subject} for text in texts]
    return [{**row, "language": language, "language_name": named} for row in rows]
