"""From assessments to a published paper in a browser, through all three groups, with a real worker.

Ten generated partnerships contribute: in eight the North has level 4 and the South 1, in two it is 1 and 3. In the
eleventh, which goes its way here, both have 2. So the North leads in 8 of 10 with one tie, and the mean gap is
(8 · 3 − 2 · 2 + 0) / 11 = 1.8.
"""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.services.followup import evidence_consent
from community.models import (
    Adoption,
    ConsentRound,
    Factor,
    Finding,
    GroupKind,
    Item,
    PaperVersion,
    RealPartnership,
    RealState,
    Recommendation,
)
from community.services import evidence, findings
from community.services.measures import adoptions
from partnerships.access import member_roles_of
from partnerships.models import Side
from tests.assessments import making
from tests.assessments.test_consent import representatives
from tests.community.evidence_making import contribute
from tests.community.making import make_finding, member, the_group
from tests.community.papermaking import call, closed, make_paper, make_recommendation, people, say, someone
from tests.community.test_measures import make_measure
from tests.community.test_measures_adopting import make_action
from tests.community.test_publishing import words_of_package, words_of_pdf
from tests.factories import make_cast

pytestmark = pytest.mark.django_db(transaction=True)
LEADS, GAP = "Northern partners have higher levels in 8 of 10 partnerships.", "The average gap is 1.8"
CLAIM, MEASURE, ACTION = "The North leads nearly everywhere", "Rotate the chair", "Decide the budget together"
NOTE, RESOLVED = "It comes too late for small ones.", "Half is not enough."


def test_from_assessments_to_a_published_paper(celery_worker, new_page, cast):
    contribute(8)
    contribute(2, levels=(1, 3))
    closes_and_contributes(new_page)
    evidence.refresh()
    fiona, wanda = member("Fiona Finder"), someone("Wanda Writer")
    factor = findings.factors()[0]

    finding = make_finding(fiona, CLAIM)
    finding.factors.set([factor])
    cites_the_figure(new_page(fiona.user), finding)

    measure = make_measure(member("Sana South", group=the_group(GroupKind.MEASURES)), topics=["money-partners"])
    measure.factors.set([factor])
    counters_its_factor(finding, measure, factor, page := new_page(cast.north_facilitator))
    adopts(page, cast, measure)

    paper = make_paper(wanda)
    ask = make_recommendation(paper, wanda)
    writer = new_page(wanda.user)
    rests_on_both(writer, ask)

    asked = call(paper, ask, by=wanda)
    say(asked, people(Side.NORTH) + people(Side.SOUTH, 2))
    olga, rosa = new_page(someone("Olga Objects").user), new_page(someone("Rosa Resolves").user)
    objects(olga, asked, NOTE)
    objects(rosa, asked, RESOLVED)
    expect(rosa.get_by_text(NOTE)).to_have_count(0)
    closed(asked)
    resolves(rosa, asked)

    version = publishes(writer, paper)
    opens_the_files(writer, version)


def closes_and_contributes(new_page) -> None:
    """Close an assessment; the last of its organisations agrees in her browser."""
    home = make_cast()
    assessment = making.closed(home)
    real = {"about": "known", "state": RealState.CONFIRMED, "decided_at": timezone.now()}
    RealPartnership.objects.create(partnership=home.partnership, **real)
    for name, person in representatives(home).items():
        if name != "s1":
            evidence_consent.save_answer(assessment, member_roles_of(person, home.partnership), True)
    page = new_page(home.south_representative)
    page.goto(reverse("assessments:contribute", args=[assessment.code]))
    expect(page.locator("input[name=agreed]:checked")).to_have_count(0)
    page.locator("input[name=agreed][value=yes]").check()
    page.get_by_role("button", name="Save my answer").click()
    expect(page.get_by_text("Your answer has been saved.")).to_be_visible()


def cites_the_figure(page: Page, finding: Finding) -> None:
    page.goto(finding.get_absolute_url())
    page.get_by_role("link", name="Cite a number from the evidence base").click()
    page.locator("input[name=key][value=gap-all]").check()
    page.get_by_role("button", name="Add").click()
    expect(page.locator("#evidence")).to_contain_text("8 of 10")


def counters_its_factor(finding: Finding, measure: Item, factor: Factor, page: Page) -> None:
    """Go from the measure by its factor to the finding."""
    page.goto(measure.get_absolute_url())
    page.get_by_role("link", name=str(factor)).click()
    page.get_by_role("link", name=CLAIM).click()
    expect(page).to_have_url(finding.get_absolute_url())


def adopts(page: Page, cast, measure: Item) -> None:
    """Look for what others have tried from the action of a partnership that contributed nothing, and adopt it."""
    action = make_action(cast)
    page.goto(adoptions.address(action))
    page.get_by_role("link", name="What have others tried?").click()
    page.get_by_role("link", name=MEASURE, exact=True).click()
    page.get_by_role("button", name="Use this measure").click()
    expect(page.get_by_role("link", name=MEASURE)).to_be_visible()
    assert (Adoption.objects.get().action, Adoption.objects.get().measure_id) == (action, measure.pk)


def rests_on_both(page: Page, ask: Recommendation) -> None:
    page.goto(ask.get_absolute_url())
    page.get_by_role("link", name="Link findings and measures").click()
    page.get_by_role("button", name="Link this finding").click()
    page.get_by_role("button", name="Link this measure").click()
    page.get_by_role("link", name="Done").click()
    for words in (CLAIM, MEASURE, "A number from the evidence base"):
        expect(page.locator("#grounds")).to_contain_text(words)


def objects(page: Page, asked: ConsentRound, reason: str) -> None:
    page.goto(asked.get_absolute_url())
    page.get_by_label("I object").check()
    page.locator("textarea[name$=reason]").fill(reason)
    page.locator("textarea[name$=proposal]").fill("Pay all of it in advance.")
    page.get_by_role("button", name="Answer").click()
    expect(page.get_by_text("You have given this answer: I object.")).to_be_visible()


def resolves(page: Page, asked: ConsentRound) -> None:
    page.goto(asked.get_absolute_url())
    expect(page.get_by_text(NOTE)).to_be_visible()
    page.get_by_role("link", name="My objection has been resolved").click()
    page.get_by_label("How was the objection resolved?").fill("The paper says now what small ones get.")
    page.get_by_role("button", name="Mark my objection as resolved").click()
    expect(page.get_by_text("Your objection has been marked as resolved.")).to_be_visible()


def publishes(page: Page, paper: Item) -> PaperVersion:
    page.goto(reverse("community:paper-publish", args=[paper.code]))
    expect(
        page.get_by_text("1 recommendation will be printed. Both sides have adopted one of the recommendations.")
    ).to_be_visible()
    page.get_by_role("main").get_by_role("button", name="Publish").click()
    for words in (LEADS, GAP, NOTE, "(resolved: 1)"):
        expect(page.get_by_role("main")).to_contain_text(words)
    expect(page.get_by_role("main")).not_to_contain_text(RESOLVED)
    return PaperVersion.objects.get()


def opens_the_files(page: Page, version: PaperVersion) -> None:
    """Download what the worker has made, and read the numbers and the minority note in it."""
    page.goto(version.get_absolute_url())
    pdf = words_of_pdf(downloaded(page, "PDF"))
    docx = words_of_package(downloaded(page, "Word"), "word/document.xml")
    for text in (pdf, docx):
        for words in (LEADS, GAP, NOTE, version.digest[:20]):
            assert words.replace(" ", "") in text.replace(" ", ""), words
        assert RESOLVED.replace(" ", "") not in text.replace(" ", "")


def downloaded(page: Page, name: str) -> bytes:
    link = page.locator("#downloads").get_by_role("link", name=name)
    expect(link).to_be_visible()
    with page.expect_download() as coming:
        link.click()
    return Path(coming.value.path()).read_bytes()
