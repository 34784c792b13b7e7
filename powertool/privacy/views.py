"""Data protection for everybody; a person's own data for herself."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.access import person, proven, signed_in
from partnerships.services.refusal import Refused
from powertool.privacy import erasure, export, register
from powertool.privacy.forms import ErasureForm

FORGET = '"cache", "cookies", "storage"'  # what the browser keeps of this site


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Say who can read what, how long it is kept, and what one can do about it."""
    return render(request, "privacy/privacy.html", {"sections": register.sections(), "retention": settings.RETENTION})


def own_data_view(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """Decorate a view of one's own data: for who is signed in and has just proved who she is; no cache keeps it."""
    return never_cache(signed_in(proven(view)))


@require_http_methods(["GET", "HEAD", "POST"])
@own_data_view
def my_data(request: HttpRequest) -> HttpResponseBase:
    """Give a person the file of everything that is kept about her; private, and stored nowhere."""
    if request.method != "POST":
        return render(request, "privacy/my_data.html", {"notes": export.notes()})
    name = f"everything-{timezone.localdate():%Y-%m-%d}.zip"
    return FileResponse(export.make_archive(person(request)), as_attachment=True, filename=name)


@require_http_methods(["GET", "HEAD", "POST"])
@own_data_view
def erase_me(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays, and erase; sent twice, the second finds nobody signed in any more."""
    user = person(request)
    form = ErasureForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            erasure.erase_person(user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return gone(request)
    context = {"form": form, "preview": erasure.preview(user)}
    return render(request, "privacy/erase.html", context, status=422 if form.errors else 200)


def gone(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = render(request, "privacy/erased.html")
    response.headers["Clear-Site-Data"] = FORGET
    return response
