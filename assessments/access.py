"""The only door to an assessment, and to a decision or an action inside it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from assessments.models import Action, Assessment, Decision, Heard
from partnerships.access import Standing, standing_of
from partnerships.models import User


def assessment_for(user: User, code: str, *roles: str) -> tuple[Assessment, Standing]:
    """Return the assessment and the person's standing; 404 for outsiders, 403 for members without one of the roles."""
    assessment = Assessment.objects.select_related("partnership", "live").filter(code=code).first()
    if assessment is None:
        raise Http404
    standing = standing_of(user, assessment.partnership)
    if not standing.seats:
        raise Http404
    if not standing.may(*roles):
        raise PermissionDenied
    return assessment, standing


def decision_in(assessment: Assessment, code: str) -> Decision:
    return _one(assessment.decisions.filter(code=code))


def numbered_decision(assessment: Assessment, number: int) -> Decision:
    return _one(assessment.decisions.standing().filter(number=number))


def action_in(assessment: Assessment, code: str) -> Action:
    return _one(assessment.actions.select_related("decision", "owner", "confirmer").filter(code=code))


def heard_in(assessment: Assessment, code: str) -> Heard:
    return _one(assessment.heard.filter(code=code))


def _one(queryset):
    found = queryset.first()
    if found is None:
        raise Http404
    return found
