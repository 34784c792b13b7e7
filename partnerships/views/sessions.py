"""Ending one of the sessions that a person has; the list of them is allauth's page."""

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partnerships.access import person, signed_in


@require_POST
@signed_in
def end_session(request: HttpRequest) -> HttpResponse:
    """End one of this person's sessions. If it has ended already, nothing happens."""
    number = request.POST.get("session", "")
    own = UserSession.objects.filter(user=person(request))
    end_sessions(request, list(own.filter(pk=number)) if number.isdecimal() and len(number) < 19 else [])
    messages.success(request, _("That browser has been signed out."))
    return redirect("usersessions_list")
