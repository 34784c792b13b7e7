"""The results of the invented example, for everyone, without a way to the pages of members."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.models import Assessment
from assessments.results import presenters
from assessments.views.csp import with_charts
from assessments.views.decorators import context
from assessments.views.followup.dashboard import newest_results, results_shown
from partnerships.access import MemberRoles

NO_MEMBER = MemberRoles(())


def example() -> Assessment | None:
    return Assessment.objects.select_related("partnership").filter(partnership__is_example=True).first()


@with_charts
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show the results of the example, or say that this website has none."""
    assessment = example()
    shown = results_shown(assessment, NO_MEMBER, *newest_results(assessment)) if assessment else {}
    more = context(assessment, NO_MEMBER, **shown) if assessment else {}
    return render(request, "assessments/followup/dashboard/example.html", more)


@require_safe
def figures(request: HttpRequest) -> JsonResponse:
    """Return what the charts of the example are drawn from."""
    assessment = example()
    if assessment is None:
        raise Http404
    return JsonResponse(presenters.figures_of(assessment))
