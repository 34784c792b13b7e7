"""The wall kit, made when a facilitator asks for it."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.models import Assessment
from assessments.services.before.agreement import agreement_of
from assessments.views.alone.fieldwork import attached
from assessments.views.doors import door
from assessments.wallkit import kit
from partnerships.access import Standing
from partnerships.limits import limited
from partnerships.models import Role


@require_safe
@limited("export", 60)
@never_cache
@door(Role.FACILITATOR)
def wall_kit(request: HttpRequest, assessment: Assessment, standing: Standing) -> HttpResponse:
    """Hand out the kit in the reader's language, with the decisions and partners as they are now."""
    made = kit.pdf(assessment, agreement_of(assessment).lines, timezone.now())
    return attached(made, "application/pdf", f"{assessment.code}-wall-kit.pdf")
