"""Names of stages and moments. The models' own `get_…_display` make a dictionary of all choices each time."""

from django import template

from assessments.models import Phase, Stage

register = template.Library()


@register.filter
def stage_name(stage: str) -> str:
    return str(Stage(stage).label)


@register.filter
def phase_name(phase: str) -> str:
    return str(Phase(phase).label)
