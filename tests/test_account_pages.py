"""The account pages in a real browser: every way in, no policy violation, readable in both schemes and widths."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from partnerships.models import User
from tests.browser import on_phone_and_desk
from tests.e2e.looks import too_wide

EMAIL, PASSWORD = "ama@example.org", "unrelated-words-42"


@pytest.fixture
def ama(transactional_db) -> User:
    ama = User.objects.create_user(EMAIL, PASSWORD, name="Ama")
    EmailAddress.objects.create(user=ama, email=EMAIL, verified=True, primary=True)
    return ama


def in_last_mail(pattern: str) -> str:
    found = re.search(pattern, str(mail.outbox[-1].body), re.M)
    assert found, mail.outbox[-1].body
    return found[0]


def sign_in(page) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.click("main .btn-primary")


@pytest.mark.parametrize(("address", "status"), [("/nowhere", "404"), ("/staff/login/", "403")])
def test_what_is_refused_is_accessible_and_fits(page, axe, watch, ama, address, status):
    """All other pages are looked at by tests/e2e/test_every_page.py."""
    sign_in(page)
    page.get_by_role("heading", name="Your next steps").wait_for()
    page.goto(address)
    for shown in on_phone_and_desk(page, "light", "dark"):
        assert axe(page) == too_wide(page) == [], shown
    watch.expect(status)


def test_sign_up_confirm_and_come_in(page, transactional_db):
    page.goto("/accounts/signup/")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=name]", "Ama")
    page.fill("[name=password1]", PASSWORD)
    page.click("main .btn-primary")
    page.get_by_role("heading", name="Enter the code from your e-mail").wait_for()
    page.fill("[name=code]", in_last_mail(r"^[A-Z0-9]{4}-?[A-Z0-9]{4}$"))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Your next steps").wait_for()


def test_code_by_mail_signs_in(page, ama):
    page.goto("/accounts/login/code/")
    page.fill("[name=email]", EMAIL)
    page.get_by_role("button", name="Send me the code").click()
    page.get_by_role("heading", name="Enter the code from your e-mail").wait_for()
    page.fill("[name=code]", in_last_mail(r"^[A-Z0-9]{4}-?[A-Z0-9]{4}$"))
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("heading", name="Your next steps").wait_for()


def test_passkey_is_added_and_signs_in(page, ama):
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    abilities = ["hasResidentKey", "hasUserVerification", "isUserVerified", "automaticPresenceSimulation"]
    options = {"protocol": "ctap2", "transport": "internal"} | dict.fromkeys(abilities, True)
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    sign_in(page)
    page.get_by_role("heading", name="Your next steps").wait_for()
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("heading", name="Please confirm that it is you").wait_for()
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.fill("[name=name]", "My phone")
    page.check("[name=passwordless]")
    page.get_by_role("button", name="Add the key").click()
    page.wait_for_url(re.compile("/accounts/2fa/(?!webauthn/add)"))
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="Your next steps").wait_for()


def test_error_summary_takes_the_focus_and_leads_to_the_field(page, ama):
    page.goto("/accounts/login/code/")
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.get_by_role("button", name="Send me the code").click()
    page.wait_for_function("() => document.activeElement.classList.contains('error-summary')")
    page.locator(".error-summary a").click()
    assert page.evaluate("document.activeElement.name") == "email"
