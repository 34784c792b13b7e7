"""The site's addresses, and the yardstick's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from partnerships.access import person, signed_in


@signed_in
def yardstick(request: HttpRequest) -> HttpResponse:
    """Ask the database once, and render the page that every page is built on, with nothing in it."""
    person(request).memberships.in_force().exists()
    return render(request, "base.html")


urlpatterns = [path("bench/yardstick/", yardstick), path("", include("powertool.urls"))]
