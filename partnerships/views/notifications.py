"""A person's notifications."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from partnerships import page_sizes
from partnerships.access import person, signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """List a person's notifications. “Mark as read” covers those that the page showed, not newer ones."""
    own = person(request).notifications.all()
    if request.method == "POST":
        shown = request.POST.get("upto", "")
        upto = int(shown) if shown.isdecimal() and len(shown) < 19 else 0
        own.filter(pk__lte=upto, read_at__isnull=True).update(read_at=timezone.now())
        return redirect("partnerships:notifications")
    page = Paginator(own, page_sizes.NOTIFICATIONS).get_page(request.GET.get("page"))
    newest = own.order_by("-pk").values_list("pk", flat=True).first()
    return render(request, "partnerships/notifications.html", {"page": page, "newest": newest})
