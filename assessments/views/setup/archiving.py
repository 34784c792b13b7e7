"""The page that asks before an assessment is archived or taken out of the archive, and the reports of deleted ones."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Assessment
from assessments.services.setup import archiving, kept_reports
from assessments.views.attachments import attached
from assessments.views.decorators import assessment_required, context
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles, partnership_for, person, signed_in
from partnerships.limits import limited
from partnerships.models import Role

CHANGES = {WorkflowAction.ARCHIVE: archiving.archive, WorkflowAction.RESTORE: archiving.restore}


@require_http_methods(["GET", "HEAD", "POST"])
@assessment_required(Role.FACILITATOR)
def archive(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Ask, and then archive an assessment, or take it out of the archive."""
    if request.method == "POST" and (wanted := request.POST.get("do", "")) in CHANGES:
        CHANGES[WorkflowAction(wanted)](assessment, member)
        messages.success(request, str(actions.ROW_OF[WorkflowAction(wanted)].texts.done))
        return redirect("partnerships:settings", assessment.partnership.code)
    if assessment.partnership.archived_at and not assessment.archived_at:
        return redirect("partnerships:archive", assessment.partnership.code)
    do = WorkflowAction.RESTORE if assessment.archived_at else WorkflowAction.ARCHIVE
    texts = actions.require(assessment, member, do).texts
    return render(request, "assessments/setup/archive.html", context(assessment, member, words=texts, do=do))


@require_safe
@signed_in
def kept(request: HttpRequest, code: str) -> HttpResponse:
    """List the reports of deleted assessments that this member can still download."""
    partnership, member = partnership_for(person(request), code)
    reports = kept_reports.listed(member)
    more = {"partnership": partnership, "member": member, "reports": reports, "days": kept_reports.days()}
    return render(request, "assessments/setup/kept_reports.html", more)


@require_safe
@limited("export", 60)
@signed_in
def kept_report(request: HttpRequest, code: str, report: str) -> HttpResponse:
    """Return the report of a deleted assessment as a file."""
    _partnership, member = partnership_for(person(request), code)
    found = kept_reports.find(member, report)
    if found is None or found.pdf is None:
        raise Http404
    return attached(bytes(found.pdf), "application/pdf", found.file_name)
