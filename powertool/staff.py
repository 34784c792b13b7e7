"""The staff pages: who may open them, how much the site is used, and what waits or has failed."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from assessments.workflow import jobs
from community.services import moderation
from community.services.papers import publishing
from partnerships.access import is_staff, person
from partnerships.services import wrong_texts
from powertool import usage as used
from powertool.addresses import back_to
from powertool.database_roles import staff_page

MOST_TEXTS = 200  # reports of wrong texts on the page
KINDS = {
    "release": gettext_lazy("Results of the private ratings"),
    "agreed": gettext_lazy("Results of the joint session"),
    "report": gettext_lazy("Report"),
    "sharing": gettext_lazy("Files to share"),
    "iati": gettext_lazy("Import from IATI"),
}


class StaffSite(admin.AdminSite):
    """Django's admin, open to staff who took a second step of signing in. Its pages read no private answer."""

    def has_permission(self, request: HttpRequest) -> bool:
        return is_staff(request)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return super().admin_view(staff_page(view), cacheable)

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return sign_in(request)


@never_cache
@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """Send a person to the site's own sign-in, and staff without a second step to a page that asks for one."""
    back = back_to(request, request.GET.get("next", ""), reverse("admin:index"))
    if not request.user.is_authenticated:
        return redirect_to_login(back)
    if is_staff(request):
        return HttpResponseRedirect(back)
    if not person(request).is_staff:
        raise PermissionDenied
    has_one = Authenticator.objects.filter(user=person(request)).exists()
    return render(request, "staff_second_step.html", {"has_one": has_one, "back": back}, status=403)


@require_safe
def usage(request: HttpRequest) -> HttpResponse:
    """Show by month how much the site is used, in counts."""
    return render(request, "staff/usage.html", {"months": used.by_month(), "stages": used.by_stage()})


@require_http_methods(["GET", "HEAD", "POST"])
def failed(request: HttpRequest) -> HttpResponse:
    """Show tasks that were given up; start one of them anew, after asking."""
    if request.method == "POST":
        task = find_given_up(request.POST.get("task", ""))
        if task is None:
            messages.info(request, _("Someone has already restarted this task."))
            return redirect("staff-failed")
        if "sure" not in request.POST:
            return render(request, "staff/retry.html", {"name": request.POST["task"], "task": task})
        (jobs if task["row"]._meta.app_label == "assessments" else publishing).retry(task["row"])
        messages.success(request, _("The task has been restarted."))
        return redirect("staff-failed")
    return render(request, "staff/failed.html", {"rows": given_up()})


def given_up() -> list[dict[str, Any]]:
    """Return the jobs and files that were given up: what each is, of whom, since when, and the type of the error."""
    of_assessments = [
        {
            "row": row,
            "name": f"job-{row.pk}",
            "kind": KINDS[row.kind],
            "of": str(row.assessment.partnership),
            "since": row.created_at,
            "error": row.error,
        }
        for row in jobs.given_up().select_related("assessment__partnership")
    ]
    of_papers = [
        {
            "row": file,
            "name": f"file-{file.pk}",
            "kind": _("Policy paper file (%(format)s)") % {"format": file.get_format_display()},
            "of": str(file.version.paper),
            "since": file.started_at,
            "error": "",
        }
        for file in publishing.given_up().select_related("version__paper").defer("data", "version__content")
    ]
    return of_assessments + of_papers


def find_given_up(name: str) -> dict[str, Any] | None:
    return next((row for row in given_up() if row["name"] == name), None)


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show which texts wait for a coordinator to decide, and since when; only coordinators see who reported."""
    return render(request, "staff/moderation.html", {"rows": moderation.waiting_everywhere()})


@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: HttpRequest) -> HttpResponse:
    """List the wrong texts that readers reported; mark one as handled or not handled."""
    if request.method == "POST":
        if not wrong_texts.mark(request.POST.get("report", ""), request.POST.get("handled") == "yes"):
            messages.info(request, _("This report has been deleted."))
        return redirect("staff-texts")
    return render(request, "staff/texts.html", {"rows": wrong_texts.listed(MOST_TEXTS), "most": MOST_TEXTS})
