"""From an invitation's link to the first question: on a slow line each answer of the server costs half a second."""

import os
import re
from html import unescape
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models import Assessment
from assessments.models.private import Rating
from bench.screens import MOST_WORDS, spoken_before
from partnerships import services
from partnerships.models import ActivityLogEntry, Invitation, Membership, Role, User
from tests.assessments.making import rating
from tests.e2e.looks import too_wide
from tests.factories import make_cast

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS")  # a folder for pictures to look at
PROMISE = "They are not shown the levels that you gave."


@pytest.fixture
def cast(transactional_db):
    return make_cast()


@pytest.fixture
def assessment(cast) -> Assessment:
    """An assessment that is open for answers; the only facilitator's word is enough for a membership."""
    assessment = rating(cast)
    leaves = cast.membership(cast.south_facilitator)
    services.void_membership(leaves, leaves)
    return assessment


@pytest.fixture
def link(cast) -> Invitation:
    return services.invite(cast.membership(cast.north_facilitator), "link", Role.REPRESENTATIVE, cast.partners["s3"])


def address(invitation: Invitation) -> str:
    return reverse("partnerships:invitation", args=[invitation.code])


def sent(response) -> tuple[str, dict[str, str]]:
    """Return where the form with the page's main button leads, and what its hidden fields send."""
    (form,) = re.findall(r"<form(?:(?!</form>).)*btn-primary.*?</form>", response.content.decode(), re.DOTALL)
    action = re.search(r'<form[^>]*action="([^"]*)"', form)
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)
    return action[1] if action else response.request["PATH_INFO"], {name: unescape(value) for name, value in hidden}


def comes_in(client, link: Invitation):
    """Return the answer to her name, and what she sent."""
    path, fields = sent(client.get(address(link)))
    fields |= {"name": "Gathoni", "confirms": "on"}
    return client.post(path, fields), (path, fields)


def start_of(response) -> str:
    """Return where the link “Begin” leads."""
    (path,) = re.findall(r'<a class="btn btn-primary" href="([^"]*)">', response.content.decode())
    return path


def test_the_server_answers_three_times_from_the_link_to_the_first_question(client, assessment, link):
    page, _form = comes_in(client, link)
    assert page.status_code == 200
    said = unescape(page.content.decode())
    assert said.index(PROMISE) < said.index("Pledge by the organisations that give money") < said.index("Begin\n")
    assert said.index("Begin\n") < said.index(page.context["resume_code"])
    assert "You are answering for South 3" in said
    assert services.resume_guest(page.context["resume_code"]).name == "Gathoni"
    confirmed = Membership.objects.get(user__name="Gathoni").confirmed_at
    assert confirmed

    path = start_of(page)
    question = client.get(path)
    assert (question.status_code, path) == (200, reverse("assessments:rate-decision", args=[assessment.code, 1]))
    assert "Dividing the budget" in question.content.decode()
    assert question.content.count(b'<fieldset class="circles"') == 6
    assert Membership.objects.get(user__name="Gathoni").confirmed_at == confirmed


def test_what_is_sent_twice_on_the_way_happens_once(client, assessment, link):
    page, (path, fields) = comes_in(client, link)
    again = client.post(path, fields)
    assert again.context["resume_code"] == page.context["resume_code"]
    assert again.context["promise"]
    assert User.objects.filter(name="Gathoni").count() == 1
    assert ActivityLogEntry.objects.filter(verb="organisation.confirmed").count() == 1
    assert not Rating.objects.exists()


def test_a_code_that_was_shown_lets_nobody_else_in(client, cast, assessment, link):
    """Her form, sent again by somebody who is signed in as another person on the same phone."""
    _page, (path, fields) = comes_in(client, link)
    client.force_login(cast.outsider)
    assert client.post(path, fields).status_code == 404
    assert client.session["_auth_user_id"] == str(cast.outsider.pk)


def test_a_guest_whom_nothing_or_more_than_one_thing_awaits_sees_the_code_alone(client, cast, link):
    page, (path, fields) = comes_in(client, link)
    here = reverse("partnerships:waiting", args=[Membership.objects.get(user__name="Gathoni").code])
    assert (page.context["next"], "promise" in page.context) == (here, False)
    services.confirm_membership(Membership.objects.get(user__name="Gathoni"), cast.membership(cast.south_facilitator))
    begin = reverse("assessments:begin", args=[cast.partnership.code])
    rating(cast)
    assert "promise" in client.post(path, fields).context
    rating(cast, title="Another one")
    page = client.post(path, fields)
    assert (page.context["next"], "promise" in page.context) == (begin, False)


def test_her_browser_keeps_the_code_for_her_membership_alone(client, cast, assessment, link):
    page, _form = comes_in(client, link)
    question = reverse("assessments:rate-decision", args=[assessment.code, 1])
    assert client.get(question).context["resume_code"] == page.context["resume_code"]
    cookie = client.cookies["code-back"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/assessments/")
    client.force_login(cast.guest)  # the same phone
    assert "resume_code" not in client.get(question).context


def test_leaving_a_phone_deletes_the_code(client, assessment, link):
    comes_in(client, link)
    client.post(reverse("assessments:rater-leave"))
    assert client.cookies["code-back"].value == ""


# In a browser


@pytest.mark.parametrize("scripts", [True, False])
def test_her_code_is_shown_after_her_first_answer(new_page, axe, assessment, link, scripts):
    page = new_page(width=360, height=740, java_script_enabled=scripts)
    page.goto(address(link))
    page.get_by_label("Your name").fill("Gathoni")
    page.keyboard.press("Enter")
    code = page.locator(".resume-code").text_content().strip()
    expect(page.locator(".resume-code")).to_be_hidden()
    page.get_by_role("link", name="Begin", exact=True).click()
    expect(page.locator("#code-back")).to_be_hidden()
    page.locator("#p1 label").nth(3).click()
    if scripts:
        expect(page.locator("#p1 output")).to_have_text("Saved on the server")
        expect(page.locator("main[data-ready=yes]")).to_be_visible()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Decision 2 of 2")).to_be_visible()
    expect(page.locator("#code-back .resume-code")).to_have_text(code)
    expect(page.locator("#code-back .resume-code")).to_be_visible()
    send = page.get_by_role("link", name="Send me the code by e-mail").get_attribute("href")
    assert send.startswith("mailto:?body=")
    assert code in send
    if scripts:
        look(page, axe, "code")


def look(page: Page, axe, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
    assert axe(page) == [], name
    assert too_wide(page) == [], name


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_link_to_the_first_answer_by_keys(new_page, axe, assessment, link, scripts):
    page = new_page(width=360, height=740, java_script_enabled=scripts)
    page.goto(address(link))
    page.get_by_label("Your name").fill("Gathoni")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your private answers")
    if scripts:  # which look at it
        look(page, axe, "first-page")
    words = page.get_by_role("main").inner_text().split()
    begins = page.get_by_role("link", name="Begin", exact=True)
    expect(begins).to_be_in_viewport()
    begins.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dividing the budget")
    words += spoken_before(page, "#p1")
    assert len(words) <= MOST_WORDS, " ".join(words)
    if scripts:
        look(page, axe, "first-question")
    page.locator("#p1 input[value='3']").focus()
    page.keyboard.press("Space")
    if scripts:
        expect(page.locator("#p1 output")).to_have_text("Saved on the server")
    else:
        page.get_by_role("button", name="Save and continue").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Hiring the coordinator")
    assert [one.level for one in Rating.objects.all()] == [3]


def test_the_first_question_speaks_another_language(new_page, cast, assessment):
    page = new_page(cast.south_representative, width=360, java_script_enabled=False)
    page.goto(reverse("assessments:rate", args=[assessment.code]))
    page.get_by_role("link", name="Begin", exact=True).click()
    page.get_by_text("Language", exact=True).click()
    page.get_by_role("button", name="français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dividing the budget")


def test_a_phone_that_loads_the_page_again_shows_the_code_again(new_page, assessment, link):
    """It does so by itself where memory is short and she looked at something else, such as where to write it down."""
    page = new_page(width=360, height=740)
    page.goto(address(link))
    page.get_by_label("I represent this organisation").check()
    page.get_by_label("Your name").fill("Gathoni")
    page.keyboard.press("Enter")
    shown = page.locator(".resume-code")
    code = shown.text_content()
    page.reload()
    expect(shown).to_have_text(code)
    page.get_by_role("link", name="Begin", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dividing the budget")
    assert Membership.objects.get(user__name="Gathoni").confirmed_at


@pytest.mark.parametrize(("locale", "mirrored"), [("en", False), ("ar", True)])
def test_the_way_back_above_a_question_looks_like_one(cast, assessment, new_page, locale, mirrored):
    page = new_page(cast.south_representative, width=360, locale=locale)
    page.goto(reverse("assessments:rate-decision", args=[assessment.code, 1]))
    link = page.get_by_role("link", name=assessment.title)
    content, turned, line = link.evaluate(
        "(one) => [getComputedStyle(one, '::before').content, getComputedStyle(one, '::before').transform,"
        " getComputedStyle(one).textDecorationLine]"
    )
    assert "←" in content
    assert turned == ("matrix(-1, 0, 0, 1, 0, 0)" if mirrored else "none")
    assert line == "underline"
