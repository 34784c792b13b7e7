"""The guide of a rehearsal, for the bar that all its pages share."""

from django import template

from assessments.services.rehearsal_guide import RehearsalGuide, guide_of

register = template.Library()


@register.simple_tag(takes_context=True)
def rehearsal_guide(context: template.Context) -> RehearsalGuide | None:
    """Return the guide for the facilitator herself; nothing while she looks as somebody else."""
    request, member, partnership = (context.get(name) for name in ("request", "member", "partnership"))
    if not (partnership and member and request and request.resolver_match) or getattr(request, "looks_as", None):
        return None
    shown = context.get("assessment")
    assessment = shown if shown and shown.pk else partnership.assessments.order_by("-created_at", "-pk").first()
    if assessment is None or not member.is_facilitator:
        return None
    return guide_of(assessment, request.resolver_match.url_name)
