"""A guest's code to come back, kept by her own browser for a day, since the server knows only its hash."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.models import Membership
from partnerships.views.joining import where_to_resume

COOKIE = "code-back"
COOKIE_AGE = timedelta(days=1)


def keep(response: HttpResponse, membership: Membership, code: str) -> HttpResponse:
    """Let her browser keep the code for the pages after her first answer; no script can read it."""
    response.set_signed_cookie(
        COOKIE,
        code,
        salt=_salt(membership),
        max_age=COOKIE_AGE,
        path=_path(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def kept_code_texts(request: HttpRequest, membership: Membership) -> dict[str, str]:
    """Return what a page shows of the code, if this browser keeps one of this membership."""
    code = request.get_signed_cookie(COOKIE, "", salt=_salt(membership), max_age=COOKIE_AGE)
    return code_texts(code) if code else {}


def code_texts(code: str) -> dict[str, str]:
    """Return the code, the address where it is typed, and the message that she can send to herself."""
    where = where_to_resume()
    note = _("Your code: %(code)s. Enter it at %(address)s.") % {"code": code, "address": where}
    return {"resume_code": code, "resume_at": where, "resume_note": note}


def forget(response: HttpResponse) -> HttpResponse:
    """Delete the code from this browser."""
    response.delete_cookie(COOKIE, path=_path())
    return response


def _salt(membership: Membership) -> str:
    return f"{COOKIE} {membership.code}"


def _path() -> str:
    return reverse("assessments:mine")
