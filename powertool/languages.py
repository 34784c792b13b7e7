"""The reader's language, and the page on which translators get the catalogues."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.forms import WrongTextForm
from partnerships.limits import limited
from partnerships.models import User
from partnerships.services import wrong_texts
from powertool.addresses import back_to

SOURCE = "en"  # the texts in the code; every other language has a catalogue
# Languages whose catalogue native speakers of the field have read through. Until then the page says "awaiting review".
REVIEWED: frozenset[str] = frozenset({SOURCE})


class ReadersLanguage(LocaleMiddleware):
    """Use the language of `?lang=`, or the account's, or the one chosen in this browser, or the browser's own.

    Stands behind the sign-in, since it reads the account.
    """

    def process_request(self, request: HttpRequest) -> None:
        asked = supported(request.GET.get("lang", ""))
        language = asked or account_language(request) or translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language() or SOURCE

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response = super().process_response(request, response)
        if asked := supported(request.GET.get("lang", "")):
            set_language_cookie(response, asked)
        return response


def supported(code: str) -> str:
    """Return the site's language for a language code, or "" if there is none."""
    try:
        return translation.get_supported_language_variant(code.lower()) if code else ""
    except LookupError:
        return ""


def account_language(request: HttpRequest) -> str:
    return supported(getattr(request.user, "language", "")) if settings.SESSION_COOKIE_NAME in request.COOKIES else ""


def set_language_cookie(response: HttpResponseBase, language: str) -> None:
    """Store the chosen language in this browser."""
    secure = settings.LANGUAGE_COOKIE_SECURE
    age = settings.LANGUAGE_COOKIE_AGE
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, age, secure=secure, httponly=True, samesite="Lax")


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Change the language of this browser and of the account, and go back to the page."""
    language = supported(request.POST.get("language", ""))
    response = HttpResponseRedirect(back_to(request, request.POST.get("next", ""), reverse("home")))
    if language:
        set_language_cookie(response, language)
        if request.user.is_authenticated:
            User.objects.filter(pk=cast(User, request.user).pk).update(language=language)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@limited("wrong text", 30, methods=("POST",))
def translations(request: HttpRequest) -> HttpResponse:
    """Show the languages, and which of them native speakers have reviewed; store the report of a wrong text."""
    posted = request.POST if request.method == "POST" else None
    form = WrongTextForm(posted, initial={"language": translation.get_language()})
    if form.is_valid():
        wrong_texts.report(form.cleaned_data)
        messages.success(
            request,
            _(
                "Thank you. The staff of this website will read your report. If the text is wrong, we will correct "
                "it in a later version."
            ),
        )
        return redirect("translations")
    rows = [
        {"code": code, "name": name, "reviewed": code in REVIEWED, "source": code == SOURCE}
        for code, name in settings.LANGUAGES
    ]
    context = {"rows": rows, "form": form, "days": settings.RETENTION["wrong_texts"]}
    return render(request, "translations.html", context, status=422 if form.errors else 200)


@require_safe
def catalogue(request: HttpRequest, code: str) -> FileResponse:
    """Return the catalogue of a language as a .po file."""
    path = settings.LOCALE_PATHS[0] / code / "LC_MESSAGES" / "django.po"
    if code not in dict(settings.LANGUAGES) or not path.exists():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"power-awareness-tool-{code}.po")
