"""The pages in a real browser: at 360 pixels, by keyboard names, with and without scripts."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from community.models import Draft, Finding
from community.services import comments, writing
from community.services.groups.memberships import writer_of
from tests.community.making import make_finding, member, mutation
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
WRITE = "/community/groups/understanding/write/finding/"


def test_writing_a_finding_is_kept_previewed_and_published(new_page):
    mina = member()
    page = new_page(mina.user, width=360)
    page.goto(WRITE)
    page.get_by_label("The claim, in one sentence").fill("Money comes late")
    page.get_by_label("What you saw, where you saw it, and where else it may apply").fill(
        "It comes **after** the work."
    )
    expect(page.locator("form[data-keep] output")).to_contain_text("Draft saved")
    assert Draft.objects.get().text == "It comes **after** the work."
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview strong")).to_have_text("after")
    assert not Finding.objects.exists()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Money comes late")
    assert not Draft.objects.exists()


def test_what_cannot_be_kept_is_said(new_page, watch):
    mina = member()
    page = new_page(mina.user)
    page.goto(WRITE)
    page.context.set_offline(True)
    page.get_by_label("The claim, in one sentence").fill("Money comes late")
    expect(page.locator("form[data-keep] output")).to_contain_text("has not been saved")
    page.context.set_offline(False)
    page.get_by_label("The claim, in one sentence").fill("Money comes very late")
    expect(page.locator("form[data-keep] output")).to_contain_text("Draft saved")
    watch.expect("ERR_INTERNET_DISCONNECTED")
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("The claim, in one sentence").fill("Money comes too late")
    expect(page.locator("form[data-keep] output")).to_have_text("You are signed out.")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("alert").get_by_role("link", name="Sign in")).to_be_visible()
    watch.expect("401")
    page.route("**/community/**", lambda route: route.fulfill(status=403, body="<h1>No</h1>"))
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview")).to_contain_text("The server could not save this")
    page.get_by_label("The claim, in one sentence").fill("Money comes never")
    expect(page.locator("form[data-keep] output")).to_contain_text("The server could not save this")
    expect(page.get_by_label("The claim, in one sentence")).to_have_value("Money comes never")
    watch.expect("403")


def test_two_people_change_the_same_words(new_page, watch):
    ama, ben = member("Ama"), member("Ben")
    item = make_finding(ama, "Budgets", "Money comes late.\n\nReports are long.")
    page = new_page(ben.user, width=360)
    page.goto(reverse("community:edit", args=[item.code]))
    text = page.get_by_label("What you saw, where you saw it, and where else it may apply")
    text.fill(text.input_value().replace("late", "in June"))
    content = writing.Content("Budgets", "Money comes in May.\n\nReports are long.\n\nNobody asks.")
    writing.save(item, writer_of(ama), content, 1, mutation())
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two changes to the same text")
    watch.expect("409")
    page.get_by_label("Your text").check(force=True)
    page.get_by_role("button", name="Save this text").click()
    expect(page.locator(".prose").first).to_have_text("Money comes in June.\nReports are long.\nNobody asks.")


def test_everything_works_without_scripts(new_page):
    mina = member()
    page = new_page(mina.user, java_script_enabled=False)
    page.goto(WRITE)
    page.get_by_label("The claim, in one sentence").fill("Money comes late")
    page.get_by_label("What you saw, where you saw it, and where else it may apply").fill(
        "It comes **after** the work."
    )
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview strong")).to_have_text("after")
    page.get_by_role("button", name="Save as a draft").click()
    page.get_by_role("button", name="Publish").click()
    page.get_by_label("Your comment").fill("And *never* in time.")
    page.get_by_role("button", name="Comment").click()
    expect(page.locator(".comment em")).to_have_text("never")
    page.get_by_role("link", name="Answer").click()
    page.get_by_label("Your comment").fill("True.")
    page.get_by_role("button", name="Comment").click()
    expect(page.locator(".comment.depth-1 .prose")).to_have_text("True.")


def test_a_mail_reaches_its_reader_through_the_worker(celery_worker):
    """The message only makes it fast; here the real worker gets it."""
    from partnerships.models import Notification

    ama, ben = member("Ama"), member("Ben")
    item = make_finding(ama)
    comments.comment(item, writer_of(ben), "A word.", mutation())
    wait_until(lambda: Notification.objects.get(kind="community.comment").mailed_at, what="the notification is mailed")
