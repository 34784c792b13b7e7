"""One page and its address."""

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Ask the database once, and render a page of one line."""
    found = Group.objects.filter(user__username=request.user.get_username()).exists()
    return render(request, "page.html", {"found": found})


urlpatterns = [path("bare/", page)]
