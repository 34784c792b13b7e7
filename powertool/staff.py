"""The way to the staff pages: a second step of signing in, in this very session."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partnerships.access import is_staff, person


@never_cache
@require_safe
def login(request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
    """Stand where Django's admin has its own sign-in: sign in as everybody does, then say which step is missing."""
    back = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = reverse("admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(back)
    if is_staff(request):
        return redirect(back)
    if not person(request).is_staff:
        raise PermissionDenied
    has_one = Authenticator.objects.filter(user=person(request)).exists()
    return render(request, "staff_second_step.html", {"has_one": has_one, "back": back}, status=403)
