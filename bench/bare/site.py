"""One page, its address, and the application that gunicorn serves."""

import os

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import Group
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


@login_required
def page(request: HttpRequest) -> HttpResponse:
    """Ask the database once, and render a page of one line."""
    found = Group.objects.filter(user__pk=request.user.pk).exists()
    return render(request, "page.html", {"found": found})


urlpatterns = [path("bare/", page)]
if os.environ.get("DJANGO_SETTINGS_MODULE") == "bench.bare.settings":
    application = get_wsgi_application()
