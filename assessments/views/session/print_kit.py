"""The print kit, made when a facilitator asks for it."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessments.models import Assessment
from assessments.print_kit import kit
from assessments.services.safeguards.ground_rules import ground_rules_of
from assessments.views.attachments import attached
from assessments.views.decorators import assessment_required
from partnerships.access import MemberRoles
from partnerships.limits import limited
from partnerships.models import Role


@require_safe
@limited("export", 60)
@never_cache
@assessment_required(Role.FACILITATOR)
def download(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Hand out the kit in the reader's language, with the decisions and partners as they are now."""
    made = kit.pdf(assessment, ground_rules_of(assessment).lines, timezone.now())
    return attached(made, "application/pdf", f"{assessment.code}-print-kit.pdf")
