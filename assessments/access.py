"""The only way to an assessment, and to a decision or an action inside it: who may open it."""

from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Exists, Model, OuterRef
from django.http import Http404

from assessments.models import Action, Assessment, Decision, LiveSession, MissingVoice, TrustedPerson
from assessments.services.safeguards import side_words
from partnerships.access import MemberRoles, member_roles_of, require_second_step
from partnerships.models import Membership, User


def assessment_for(user: User, code: str, *roles: str) -> tuple[Assessment, MemberRoles]:
    """Return the assessment and the person's roles; 404 for outsiders, 403 for members without one of the roles."""
    trusted = TrustedPerson.objects.confirmed().filter(assessment=OuterRef("pk"))
    found = Assessment.objects.select_related("partnership", "live").annotate(trusts=Exists(trusted))
    assessment = found.filter(code=code).first()
    if assessment is None:
        raise Http404
    if side_words.is_due(assessment):
        side_words.settle_due(assessment)
        assessment.refresh_from_db()
    member = member_roles_of(user, assessment.partnership)
    if not member.memberships:
        raise Http404
    if not member.may(*roles):
        raise PermissionDenied
    require_second_step(member, assessment.partnership)
    return assessment, member


def former_member_of(user: User, code: str) -> Assessment:
    """Return the assessment for somebody whose membership as a representative has ended; 404 for everybody else.

    It opens her own answers to her, and nothing of others.
    """
    ended = Membership.objects.representatives().filter(user=user, admitted_at__isnull=False, voided_at__isnull=False)
    assessments = Assessment.objects.filter(code=code, partnership__in=ended.values("partnership"))
    assessment = assessments.filter(first_opened_at__isnull=False).select_related("partnership").first()
    if assessment is None or assessment.answers_by_side:
        raise Http404
    if side_words.is_due(assessment):
        side_words.settle_due(assessment)
        assessment.refresh_from_db()
    return assessment


def columns(model: type[Model], *names: str) -> list[str]:
    """Return these columns in the order in which a row is made of them."""
    return [field.attname for field in model._meta.concrete_fields if field.attname in names]


GLANCE = columns(
    Assessment,
    *("id", "partnership_id", "code", "stage", "private_ratings", "mode", "mode_wanted"),
    *("joint_version", "rating_closed_at"),
)
GLANCE_LIVE = columns(
    LiveSession, "assessment_id", "phase", "pause_from", "pause_until", "moment", "moment_at", "shown"
)
GLANCE_MEMBERSHIP = columns(Membership, "id", "partnership_id", "code", "role", "partner_id")


@cache
def _glance() -> tuple[str, tuple[object, ...]]:
    """Return the statement of `glance` with stand-ins for the person and the code; written by the ORM, and only once.

    Putting it together takes the server longer than all else that a poll does.
    """
    here = "partnership__assessments__"
    wanted = [f"{here}{name}" for name in GLANCE] + [f"{here}live__{name}" for name in GLANCE_LIVE]
    memberships = Membership.objects.in_force().filter(user=-1, partnership__assessments__code="code")
    memberships = memberships.filter(
        partnership__second_step_required=False
    )  # `assessment_for` looks whether it was taken
    return memberships.order_by().values_list(*GLANCE_MEMBERSHIP, *wanted).query.sql_with_params()


def glance(user: User, code: str) -> tuple[Assessment, MemberRoles] | None:
    """Return an assessment and the person's roles in one small statement, for what screens and phones ask often.

    The rows hold what tells whether something is new, and whether an answer is taken; all else is deferred. None for
    those who may not open it: `assessment_for` says why.
    """
    statement, stand_ins = _glance()
    parameters: dict[object, Any] = {-1: user.pk, "code": code}
    with connection.cursor() as cursor:
        cursor.execute(statement, [parameters[each] for each in stand_ins])
        rows = cursor.fetchall()
    if not rows:
        return None
    memberships, others = zip(
        *((row[: len(GLANCE_MEMBERSHIP)], row[len(GLANCE_MEMBERSHIP) :]) for row in rows), strict=True
    )
    assessment = Assessment.from_db(DEFAULT_DB_ALIAS, GLANCE, others[0][: len(GLANCE)])
    of_live = others[0][len(GLANCE) :]
    if any(of_live):
        LiveSession.from_db(DEFAULT_DB_ALIAS, GLANCE_LIVE, of_live).assessment = assessment
    else:
        Assessment.live.related.set_cached_value(assessment, None)
    return assessment, MemberRoles(
        tuple(Membership.from_db(DEFAULT_DB_ALIAS, GLANCE_MEMBERSHIP, values) for values in memberships)
    )


def decision_in(assessment: Assessment, code: str) -> Decision:
    return _one(assessment.decisions.filter(code=code))


def numbered_decision(assessment: Assessment, number: int) -> Decision:
    return _one(assessment.decisions.active().filter(number=number))


def action_in(assessment: Assessment, code: str) -> Action:
    return _one(assessment.actions.select_related("decision", "owner", "confirmer").filter(code=code))


def missing_voice_in(assessment: Assessment, code: str) -> MissingVoice:
    return _one(assessment.missing_voices.filter(code=code))


def _one(queryset):
    row = queryset.first()
    if row is None:
        raise Http404
    return row
