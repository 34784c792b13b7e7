"""Papers in a real browser, at 360 pixels: an answer in a round, a suggestion taken up, a version published."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from community.models import Choice, ConsentAnswer, Measure, Suggestion
from community.services.measures.seed import seed
from tests.community.making import make_finding, member
from tests.community.papermaking import (
    call,
    closed,
    leader,
    make_paper,
    make_recommendation,
    make_section,
    say,
    someone,
)
from tests.e2e.looks import too_wide

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_way_of_a_paper(new_page, axe, watch):
    wanda, mina, leads = someone("Wanda Writer"), someone("Mina Member"), leader()
    paper = make_paper(wanda)
    section = make_section(paper, wanda)
    finding = make_finding(member("Fiona"), "Money comes late")
    ask = make_recommendation(paper, wanda)
    page = new_page(mina.user, width=360)
    page.goto(section.get_absolute_url())
    page.get_by_role("link", name="Suggest a change").click()
    page.get_by_label("Your text").fill("Money comes very late.\n\nAnd so on.")
    page.get_by_label("Why?").fill("It got worse.")
    page.get_by_role("button", name="Send the suggestion").click()
    expect(page.locator("ins").get_by_text("very")).to_be_visible()
    editor = new_page(leads.user, width=360)
    editor.goto(Suggestion.objects.get().get_absolute_url())
    editor.get_by_role("button", name="Accept").click()
    expect(editor.locator(".prose").first).to_contain_text("Money comes very late.")
    editor.goto(ask.get_absolute_url())
    editor.get_by_role("link", name="Link findings and measures").click()
    editor.get_by_role("button", name="Link this finding : Money comes late").click()
    editor.get_by_role("link", name="Done").click()
    expect(editor.get_by_role("link", name="Money comes late")).to_be_visible()
    assert not axe(editor)
    editor.get_by_role("link", name="Ask both sides").click()
    editor.get_by_role("button", name="Start the consent round").click()
    expect(editor.locator("main")).to_contain_text("open until")
    page.goto(editor.url)
    page.get_by_text("I object", exact=True).click()
    page.get_by_label("Your reason").fill("Half is too little.")
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("main")).to_contain_text("An objection must include a proposal")
    watch.expect("422")
    page.get_by_label("What you propose instead").fill("All of it.")
    assert not axe(page)
    page.get_by_role("button", name="Answer").click()
    expect(page.locator("main")).to_contain_text("You have given this answer: I object")
    editor.reload()
    assert "Half is too little." not in editor.content()
    asked = paper.rounds.get()
    closed(asked)
    editor.reload()
    expect(editor.locator("main")).to_contain_text("Half is too little.")
    editor.goto(paper.get_absolute_url())
    assert not axe(editor)
    editor.get_by_role("link", name="Publish a version").click()
    editor.get_by_role("button", name="Publish").click()
    expect(editor.get_by_role("heading", level=1)).to_have_text(paper.title)
    expect(editor.locator("#downloads")).to_contain_text("We are creating the PDF file.")
    assert not axe(editor)
    editor.goto(finding.get_absolute_url())
    expect(editor.locator("#became")).to_contain_text("Published in version 1")


def test_an_objector_resolves_her_objection(new_page, axe):
    wanda, olga = someone("Wanda Writer"), someone("Olga Objects")
    paper = make_paper(wanda)
    asked = call(paper, make_recommendation(paper, wanda), by=wanda)
    say(asked, [olga], Choice.OBJECTION)
    closed(asked)
    page = new_page(olga.user, width=360)
    page.goto(asked.get_absolute_url())
    page.get_by_role("link", name="My objection has been resolved").click()
    page.get_by_label("How was the objection resolved?").fill("It was explained.")
    page.get_by_role("button", name="Mark my objection as resolved").click()
    expect(page.locator("main")).to_contain_text("Resolved objection")
    assert not axe(page)
    assert ConsentAnswer.objects.get().withdrawn_because == "It was explained."
    other = new_page(wanda.user)
    other.goto(asked.get_absolute_url())
    expect(other.get_by_role("link", name="My objection has been resolved")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 360])
def test_texts_of_both_directions_fit_a_phone(new_page, width):
    wanda = someone("Wanda Writer")
    make_paper(wanda)
    seed()
    measure = Measure.objects.get(slug="rotating-chair")
    page = new_page(wanda.user, width=width, locale="ar")
    page.goto(reverse("community:measure-recommend", args=[measure.code]))
    expect(page.get_by_role("link", name="Pay partners in time")).to_be_visible()
    assert too_wide(page) == []
