"""Each organisation's own word on whether its say has grown since last time. It is shown on the page of the shift."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.models import Assessment, InfluenceChange
from assessments.services.session import influence_change
from assessments.views.decorators import assessment_required
from assessments.workflow import actions
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles
from partnerships.codes import whole
from partnerships.models import Role


@require_POST
@assessment_required(Role.FACILITATOR, Role.REPRESENTATIVE)
def say(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> HttpResponse:
    """Keep an organisation's answers: given by a representative, or entered by a facilitator."""
    number = whole(request.POST.get("organisation", "")) or 0
    if influence_change.say(assessment, member, number, _answers(request.POST)):
        messages.success(request, _("Saved. Everyone can read the answer on this page and in the report."))
    return redirect(f"{reverse('assessments:shift', args=[assessment.code])}?for={number}#said")


def _answers(post: QueryDict) -> dict[int | None, tuple[str, int]]:
    """Read the answers: "all" and the numbers of decisions, each with the version that was seen."""
    answers: dict[int | None, tuple[str, int]] = {}
    for key in post:
        name = key.removeprefix("since-")
        if key != name and (name == "all" or whole(name) is not None):
            answers[whole(name)] = (str(post[key]), whole(post.get(f"version-{name}", "")) or 0)
    return answers


def asked(request: HttpRequest, assessment: Assessment, member: MemberRoles) -> dict:
    """Return the questions for the organisation that this person speaks for, or that a facilitator has chosen."""
    if not actions.may(assessment, member, WorkflowAction.SAY_SINCE):
        return {}
    there = influence_change.askable(assessment, member)
    membership, chosen = member.represents, request.GET.get("for", "")
    own = next((one for one in there if membership and one.partner_id == membership.partner_id), None)
    speaks_for = next((one for one in there if str(one.number) == chosen), own)
    choice: dict = {"speak_for": there if member.is_facilitator else [], "speaks_for": speaks_for}
    if speaks_for is None:
        return choice
    rows = {row.decision_id: row for row in speaks_for.influence_changes.all()}
    questions = [
        {"name": one.number, "wording": one.wording_for_reader, "row": rows.get(one.pk)}
        for one in influence_change.decisions_of(assessment)
    ]
    return choice | {"overall": rows.get(None), "questions": questions, "answers": InfluenceChange.Answer.choices}
