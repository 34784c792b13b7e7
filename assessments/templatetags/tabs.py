"""The tabs of an assessment, for the frame that its pages share."""

from django import template

from assessments.views.tabs import Tab, tabs_of

register = template.Library()


@register.simple_tag(takes_context=True)
def assessment_tabs(context: template.Context) -> list[Tab]:
    """Return the five steps for the person who looks; nothing on a page without an assessment."""
    assessment, member, request = (context.get(name) for name in ("assessment", "member", "request"))
    if not (assessment and assessment.pk and member and request and request.resolver_match):
        return []
    return tabs_of(assessment, member, request.resolver_match.url_name)
