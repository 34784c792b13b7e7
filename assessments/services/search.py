"""Search in a person's own assessments: titles, decisions on the table and actions; no answer, reason or level."""

from django.urls import reverse

from assessments.models import Action, Assessment, Decision
from partnerships.models import User
from partnerships.search_words import Search
from partnerships.services.search import Found, best_of


def find_assessments(user: User, search: Search, most: int) -> list[Found]:
    visible = Assessment.objects.visible_to(user)
    rows = best_of(visible, search, most, marked_field="title", related=("partnership",))
    return [Found(row.marked, str(row.partnership), row.get_absolute_url()) for row in rows]


def find_decisions(user: User, search: Search, most: int) -> list[Found]:
    """Return decisions as they are worded now; merged ones and those left out are not on the table."""
    visible = Decision.objects.active().filter(assessment__in=Assessment.objects.visible_to(user))
    rows = best_of(visible, search, most, marked_field="wording", related=("assessment",))
    return [Found(row.marked, row.assessment.title, _at("decisions", row.assessment.code)) for row in rows]


def find_actions(user: User, search: Search, most: int) -> list[Found]:
    visible = Action.objects.filter(assessment__in=Assessment.objects.visible_to(user))
    rows = best_of(visible, search, most, marked_field="text", related=("assessment",))
    return [Found(row.marked, row.assessment.title, _at("action", row.assessment.code, row.code)) for row in rows]


def _at(name: str, *codes: str) -> str:
    return reverse(f"assessments:{name}", args=codes)
