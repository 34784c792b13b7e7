"""The ground of the browser tests: real static files, and nothing that goes wrong in a page stays unseen."""

import pytest
from playwright.sync_api import Error

from partnerships.models import User
from tests.browser import AXE_ADDRESS

SIGN_IN = "/accounts/login/"


def test_static_files_are_the_hashed_ones_of_production(page):
    answers = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(SIGN_IN)
    sheets = [answer for answer in answers if ".css" in answer.url]
    assert sheets
    assert all(answer.status == 200 and "immutable" in answer.headers["cache-control"] for answer in sheets)


def test_console_error_is_seen(page, watch):
    page.goto(SIGN_IN)
    page.evaluate("console.error('something broke')")
    watch.expect("something broke")


def test_policy_violation_is_seen(page, watch):
    page.goto(SIGN_IN)
    page.evaluate("document.head.append(Object.assign(document.createElement('script'), {text: 'document.title = 1'}))")
    watch.expect("Content Security Policy")
    assert page.title() != "1"


def test_expecting_what_did_not_happen_fails(page, watch):
    page.goto(SIGN_IN)
    with pytest.raises(AssertionError, match="No problem"):
        watch.expect("something broke")


def test_axe_finds_a_control_without_a_name(page, axe):
    page.goto(SIGN_IN)
    assert not axe(page)
    page.evaluate("document.body.append(document.createElement('button'))")
    assert any(found.startswith("button-name (critical): <button") for found in axe(page))


def test_axe_finds_what_no_rule_of_wcag_or_no_rule_that_is_on_by_itself_does(page, axe):
    page.goto(SIGN_IN)
    small = "<p><button tabindex='1' aria-label='a'></button><button aria-label='b'></button></p>"
    page.evaluate(f"document.querySelector('main').insertAdjacentHTML('beforeend', `{small}`)")
    page.evaluate("document.querySelectorAll('main p button').forEach((one) => (one.style.all = 'revert'))")
    page.evaluate("document.querySelector('h1').textContent = ''")
    twice = "<section aria-label='c'></section>" * 2
    page.evaluate(f"document.querySelector('main').insertAdjacentHTML('beforeend', `{twice}`)")
    found = {found.split()[0] for found in axe(page)}
    assert found == {"target-size", "tabindex", "empty-heading", "landmark-unique"}


def test_axe_finds_a_page_in_which_a_screen_reader_loses_its_way(page, axe):
    page.goto(SIGN_IN)
    page.evaluate("document.querySelector('h1').outerHTML = '<h2>a</h2><h4>b</h4><form role=row></form>'")
    page.evaluate("one = document.querySelector('main'), one.replaceWith(...one.children)")
    found = {found.split()[0] for found in axe(page)}
    assert found >= {"page-has-heading-one", "heading-order", "aria-allowed-role", "landmark-one-main"}


def test_axe_is_at_an_address_of_the_test_server(page, axe):
    page.goto(SIGN_IN)
    page.add_script_tag(url=AXE_ADDRESS)
    assert page.evaluate("axe.version")
    assert not axe(page)


def test_new_page_signs_a_person_in(new_page):
    ama = User.objects.create_user("ama@example.org", name="Ama")
    stranger, signed_in = new_page(), new_page(ama)
    stranger.goto("/accounts/email/")
    signed_in.goto("/accounts/email/")
    assert "/accounts/login/" in stranger.url
    assert "/accounts/email/" in signed_in.url


def test_a_request_to_another_host_is_a_fault(page, watch):
    with pytest.raises(Error):
        page.goto("http://elsewhere.invalid/")
    watch.expect("asks http://elsewhere.invalid/")
