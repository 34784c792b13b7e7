"""What every kind of answer tells the browser."""

import re

import pytest
from django.conf import settings
from django.urls import reverse

from powertool.security_headers import DOCUMENTS
from tests.assessments import making
from tests.test_settings import run

KINDS = {
    "page of strangers": "/",
    "page of the signed-in": "/partnerships/",
    "redirect": "/accounts/email/",
    "data": "assessments:rate-sheet",
    "script": "assessments:rater-worker",
    "picture": "/static/icons.svg",
    "not found": "/nowhere/",
    "refused": "assessments:settings",
    "only posts": "assessments:remind",
    "staff": "/staff/",
    "not an address": "/%00/",
}
STRICT = {"default-src": "'none'", "object-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'"}


@pytest.fixture
def answers(client, cast):
    assessment = making.rating(cast)
    client.force_login(cast.north_representative)

    def get(address: str):
        if not address.startswith("/"):
            address = reverse(address, args=[] if address.endswith("worker") else [assessment.code])
        return client.get(address)

    return {kind: get(address) for kind, address in KINDS.items()}


def policy(response) -> dict[str, str]:
    parts = response.headers.get("Content-Security-Policy", "").split(";")
    return {name: value for name, _space, value in (part.strip().partition(" ") for part in parts)}


def test_every_kind_of_answer_is_careful(answers):
    for kind, answer in answers.items():
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff", kind
        assert headers["Referrer-Policy"] in ("same-origin", "no-referrer"), kind
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", kind
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", kind
        document = headers.get("Content-Type", "").startswith(DOCUMENTS)
        assert ("camera=()" in headers.get("Permissions-Policy", "")) is document, kind
        assert "Access-Control-Allow-Origin" not in headers, kind
        assert not {"Server", "X-Powered-By"} & set(headers), kind


def test_everything_but_static_files_has_the_policy_and_no_frame(answers):
    for kind, answer in answers.items():
        if kind != "picture":
            assert policy(answer) | STRICT == policy(answer), kind
            assert answer.headers["X-Frame-Options"] == "DENY", kind


def test_the_policy_allows_nothing_unsafe(answers):
    for answer in answers.values():
        assert "unsafe" not in answer.headers.get("Content-Security-Policy", "")
    given = policy(answers["page of strangers"])
    assert given["script-src"] == given["style-src"] == "'self'"


def test_a_page_of_charts_allows_one_empty_style_more(client, cast):
    closed = making.closed(cast)
    client.force_login(cast.north_facilitator)
    given = policy(client.get(reverse("assessments:dashboard", args=[closed.code])))
    assert re.fullmatch(r"'self' 'sha256-[\w+/=]+'", given["style-src-elem"])
    assert given["script-src"] == "'self'"


def test_what_the_signed_in_see_stays_out_of_caches(answers):
    for kind in ("page of the signed-in", "data", "not found", "refused"):
        assert "private" in answers[kind].headers["Cache-Control"], kind
    assert "no-store" in answers["data"].headers["Cache-Control"]  # private answers


def test_types_name_their_letters(answers):
    for kind, answer in answers.items():
        if answer.headers.get("Content-Length") != "0" and answer.headers["Content-Type"].startswith("text/"):
            assert "charset=utf-8" in answer.headers["Content-Type"], kind


def test_cookies_are_out_of_reach(client, cast):
    cast.outsider.set_password("a long enough password")
    cast.outsider.save()
    client.post("/accounts/login/", {"login": cast.outsider.email, "password": "a long enough password"})
    client.get("/accounts/login/?lang=fr")
    kept = client.cookies
    assert {"sessionid", "csrftoken", "django_language", "device"} >= set(kept) > {"sessionid", "device"}
    assert kept["sessionid"]["httponly"]
    assert kept["device"]["httponly"]
    assert {cookie["samesite"] for cookie in kept.values()} == {"Lax"}
    assert {cookie["domain"] for cookie in kept.values()} == {""}


def test_production_is_stricter_still():
    names = [
        "WHITENOISE_ALLOW_ALL_ORIGINS",
        "SECURE_HSTS_SECONDS",
        "SECURE_HSTS_INCLUDE_SUBDOMAINS",
        "SECURE_SSL_REDIRECT",
        "DEBUG",
    ]
    names += ["SESSION_COOKIE_SECURE", "SESSION_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_NAME"]
    names += ["DEVICE_COOKIE_NAME", "LANGUAGE_COOKIE_SECURE", "ALLAUTH_TRUSTED_PROXY_COUNT", "PASSWORD_HASHERS"]
    show = f"from django.conf import settings as s; print([getattr(s, name) for name in {names}])"
    done = run("-c", show, DJANGO_SETTINGS_MODULE="powertool.settings")
    assert done.stdout.strip() == str(
        [
            *(False, 31536000, False, True, False),
            *(True, "__Host-sessionid", True, "__Host-csrftoken", "__Secure-device"),
            *(True, 1),
            [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("Argon2", "PBKDF2")],
        ]
    )
    assert not settings.DEBUG
