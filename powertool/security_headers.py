"""Security headers of every response, beside Django's own and the content security policy."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers, patch_cache_control

# Nothing here looks, listens, locates or pays; passkeys are our own.
CLOSED = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope"),
    *("magnetometer", "microphone", "midi", "payment", "picture-in-picture", "usb", "xr-spatial-tracking"),
)
OWN = ("clipboard-write", "fullscreen", "publickey-credentials-create", "publickey-credentials-get")
DOCUMENTS = ("text/html", "image/svg+xml", "application/xml", "application/pdf")  # no policy speaks of anything else
SECRET = (
    "account_",
    "mfa_",
    "usersessions_",
    "openid_",
)  # how the names of pages begin that show keys, codes and where one is in
POLICY = ", ".join([f"{name}=()" for name in CLOSED] + [f"{name}=(self)" for name in OWN])


class SecurityHeaders:
    """Turn off unused browser features, forbid embedding by other sites, and keep private pages out of caches.

    Stands first, so that static files get it too. A view that says itself how long its answer keeps is left alone; the
    pages of accounts and second steps are stored nowhere.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith(DOCUMENTS):
            response.headers.setdefault("Permissions-Policy", POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if (match := request.resolver_match) and (match.url_name or "").startswith(SECRET):
            add_never_cache_headers(response)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        if ends_session(response):
            response.headers.setdefault("Clear-Site-Data", '"cache"')  # the pages; what waits to be sent stays, sealed
        return response


def ends_session(response: HttpResponseBase) -> bool:
    """Return whether a response deletes the session cookie: after signing out, or once the session has expired."""
    session = response.cookies.get(settings.SESSION_COOKIE_NAME)
    return session is not None and session["max-age"] == 0
