"""Leaving a phone that others use: nothing of a representative's answers stays on it."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.views.rating import code_back
from partnerships.access import wants_fragment

EVERYTHING = '"cache", "cookies", "storage"'


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Ask, sign out, and tell the browser to forget this site. Open to all: who is signed out may clear it, too."""
    if request.method != "POST":
        return render(request, "assessments/rating/leave.html")
    logout(request)
    cleared = (
        JsonResponse({"left": True}) if wants_fragment(request) else render(request, "assessments/rating/left.html")
    )
    cleared.headers["Clear-Site-Data"] = EVERYTHING
    return code_back.forget(cleared)
