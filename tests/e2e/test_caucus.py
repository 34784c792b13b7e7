"""Two sessions with little cover: a lead that refuses, and sides that answer together in the open.

In the first one Northern lead and three Southern partners answer alone, and the lead does not tick. Each of the five
people (the three Southern ones, the lead's representative, a facilitator) reads every page that the assessment has by
then, and no page differs by who refused, or tells that anybody did.
"""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assessments.models import Assessment
from assessments.models.private import Rater
from assessments.results.release import make_release
from partnerships.models import Role
from tests.assessments.making import says_yes
from tests.assessments.pages import url
from tests.factories import PartnershipFactory, make_partners, membership

pytestmark = pytest.mark.django_db(transaction=True)
HIDDEN = "Not shown, to protect answers."
LEVELS = {"north": 4, "south": 1}
TOLD = re.compile("(North|South).*higher")


@pytest.fixture
def five(new_page):
    """One Northern lead and three Southern partners, their representatives, and a facilitator: pages by name."""
    partnership = PartnershipFactory(name="Water for All")
    partners = make_partners(partnership, 1, 3, 0)
    people = {
        name: membership(
            partnership, Role.REPRESENTATIVE, partner, user__name=f"Rep {name}", confirmed_at="2026-01-01T00:00Z"
        )
        for name, partner in partners.items()
    }
    for letter in ("n1", "s1"):
        facilitator = membership(partnership, Role.FACILITATOR, partners[letter], user__name=f"Facilitator {letter}")
        people.setdefault("facilitator", facilitator)
    return partnership, people, {name: new_page(one.user) for name, one in people.items()}


def sets_up(page: Page, partnership, way: str) -> Assessment:
    """Choose a way to go about it on the set-up page, say who gives money, and propose two decisions."""
    page.goto(reverse("assessments:create", args=[partnership.code]))
    if not page.get_by_role("radio", name=way).is_visible():
        page.get_by_text("Other ways to show answers").click()
    page.get_by_role("radio", name=way).check()
    page.get_by_text("Title, phase and size of the smallest side shown").click()
    page.get_by_label("Title").fill("How we decide")
    page.get_by_role("checkbox", name="North 1").check()
    page.get_by_role("main").locator(".btn-primary").click()
    page.wait_for_url(re.compile(r"/assessments/\w+/start/decisions/$"))
    assessment = Assessment.objects.get()
    for wording in ("Dividing the budget", "Hiring the coordinator"):
        page.goto(url(assessment, "decisions"))
        page.get_by_label("Decisions that this partnership takes").fill(wording)
        page.get_by_role("button", name="Propose", exact=True).click()
        expect(page.get_by_text(wording).first).to_be_visible()
    return assessment


def takes(page: Page, assessment, action: str) -> None:
    page.goto(url(assessment, "step", action))
    if (in_spite := page.locator("[name=in_spite]")).count():
        in_spite.check()
    page.get_by_role("main").locator(".btn-primary, .btn-danger").click()
    page.wait_for_url(f"**{url(assessment, 'overview')}")


def closes(page: Page, assessment) -> None:
    """Say yes for the Northern partners, after somebody of the Southern ones did."""
    says_yes(assessment, "south")
    page.goto(url(assessment, "side-words", "close_rating"))
    page.get_by_role("button", name="Say yes for Northern partners").click()
    page.wait_for_url(f"**{url(assessment, 'overview')}")


def text_of(page: Page, path: str) -> str:
    """Return the page's text, with what is folded on it."""
    page.goto(path)
    page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
    return page.get_by_role("main").inner_text()


# One Northern lead that refuses, three Southern partners


def answers_alone(page: Page, assessment, offered: bool, ticks: bool) -> None:
    """Answer both decisions and hand in. The side that gives money is offered the tick; others open it themselves."""
    page.goto(url(assessment, "rate"))
    page.get_by_role("main").locator(".btn-primary").click()
    for number in (1, 2):
        page.wait_for_url(f"**{url(assessment, 'rate-decision', number)}")
        page.locator("main[data-ready]").wait_for()  # what the script adds moves what stands below it
        for participant in assessment.participants.all():
            page.locator(f"input[name=p{participant.number}][value='{LEVELS[participant.side]}']").check(force=True)
        page.locator("input[name=agree][value=yes]").check(force=True)
        page.get_by_role("main").locator("button.btn-primary").click()
    page.wait_for_url(f"**{url(assessment, 'rate-review')}")
    tick = page.get_by_label("Show our side even if it is small")
    expect(tick).to_be_visible(visible=offered)
    if not offered:
        page.get_by_text("What happens if your side is small?").click()
    tick.set_checked(ticks)
    page.get_by_role("button", name="Submit my answers").click()
    expect(page.get_by_text("You have submitted your answers.").first).to_be_visible()


def what_all_see(pages: dict[str, Page], assessment, names: tuple[str, ...]) -> None:
    """Check that everybody reads the same of what was released, and nobody a word of ticks or refusals."""
    for name in names:
        # What the server says, before any chart is drawn into it.
        sources = [page.request.get(url(assessment, name)).text() for page in pages.values()]
        read = [re.sub(r"(?s)<script.*?</script>|<[^>]*>", "", source) for source in sources]
        for words in ("tick", "refuse", "even if it is small"):
            assert not any(words in text for text in read), (name, words)
        released = [
            [line.strip() for line in text.splitlines() if HIDDEN in line or TOLD.search(line)] for text in read
        ]
        assert released == [released[0]] * len(released), name


@pytest.mark.parametrize("lead_ticks", [False, True])
def test_one_lead_and_three_southern_partners_whose_lead_refuses(five, lead_ticks):
    partnership, _people, pages = five
    facilitator = pages["facilitator"]
    facilitator.goto(reverse("assessments:create", args=[partnership.code]))
    preview = facilitator.get_by_role("main").inner_text()
    assert (
        "There is only one organisation among the Northern partners. It must agree before its view can be shown."
        in preview
    )
    assert "Otherwise, only the view of Southern partners is shown" in preview
    assessment = sets_up(facilitator, partnership, "By side")

    # Before: nobody has signed, and everybody who answers reads that.
    takes(facilitator, assessment, "open_rating")
    assessment.refresh_from_db()
    for who, page in pages.items():
        if who != "facilitator":
            assert "North 1 has not signed." in text_of(page, url(assessment, "rate"))
    # While answers come in, all five read the same one sentence.
    for who in ("s1", "n1", "s2", "s3"):
        answers_alone(pages[who], assessment, offered=who == "n1", ticks=lead_ticks and who == "n1")
        assert all("Rating is open." in text_of(page, url(assessment, "overview")) for page in pages.values())
        what_all_see(pages, assessment, ("overview", "dashboard"))
    assert Rater.objects.get(participant__side="north").show_small_side is lead_ticks

    closes(facilitator, assessment)
    assessment.refresh_from_db()
    make_release(assessment)
    what_all_see(pages, assessment, ("overview", "dashboard", "session", "projector", "report"))
    for page in pages.values():
        page.goto(url(assessment, "report"))
        for wording in ("Dividing the budget", "Hiring the coordinator"):
            seen = page.locator("#perception ~ .table-scroll tr", has_text=wording).first.inner_text()
            assert "North 3 or more levels higher" in seen  # the South sees 4 − 1, with or without the lead
            assert (HIDDEN in seen) is not lead_ticks
    # What facilitators read before the session, and what all get as data, says no more.
    facilitator.goto(url(assessment, "reading"))
    for label in ("Where will the two sides differ most?", "Who decides most?"):
        facilitator.get_by_label(label).fill("The budget")
    facilitator.get_by_role("button", name="Save my guess and continue").click()
    read = facilitator.get_by_role("region", name="Where the two views differ most").inner_text()
    assert "Dividing the budget" in read
    assert (HIDDEN in read) is not lead_ticks
    assert len({page.request.get(url(assessment, "report-data", "json")).text() for page in pages.values()}) == 1
    takes(facilitator, assessment, "read_back")
    what_all_see(pages, assessment, ("overview", "dashboard", "session", "closing", "report"))
    # The activity log says nothing of it either.
    assert "Rep n1" not in text_of(facilitator, reverse("partnerships:activity_log", args=[partnership.code]))


# A caucus, from set-up to report


def answers_for_side(page: Page, assessment, levels: dict[str, int], agrees: str) -> None:
    page.goto(url(assessment, "caucus"))
    page.get_by_role("link", name="Continue").click()
    for number in (1, 2):
        page.wait_for_url(f"**{url(assessment, 'caucus-decision', number)}")
        for participant in assessment.participants.all():
            level = page.locator(f"#c-p{participant.number}-{levels[participant.side]}")
            if not level.is_checked():
                level.check(force=True)
                expect(page.locator(f"#cell-p{participant.number} output")).to_have_text("Saved")
        page.locator(f"#c-a-{agrees}").check(force=True)
        expect(page.locator("#cell-a output")).to_have_text("Saved")
        page.get_by_role("main").locator("a.btn-primary").click()
    page.wait_for_url(f"**{url(assessment, 'caucus')}")


def test_a_caucus_from_set_up_to_report(five):
    partnership, _people, pages = five
    facilitator = pages["facilitator"]
    assessment = sets_up(facilitator, partnership, "Caucus: one open answer per side")

    # The lead's representative signs; everybody accepts what the session keeps to.
    lead = pages["n1"]
    lead.goto(url(assessment, "pledge"))
    lead.get_by_role("button", name="Sign the pledge with my name").click()
    expect(lead.get_by_text("Rep n1 signed for North 1 on")).to_be_visible()
    for page in pages.values():
        page.goto(url(assessment, "ground-rules"))
        page.get_by_role("button", name="I accept the ground rules").click()
        expect(page.get_by_text("You accepted these ground rules on")).to_be_visible()
    facilitator.goto(url(assessment, "ground-rules"))
    expect(facilitator.get_by_text("5 of 6 members have accepted the ground rules.")).to_be_visible()

    takes(facilitator, assessment, "open_rating")
    assessment.refresh_from_db()
    lead.goto(url(assessment, "caucus"))
    for promised in ("Your side agrees on one answer in the open.", "Who said what is not stored."):
        expect(lead.get_by_text(promised)).to_be_visible()
    expect(lead.get_by_text("so that organisation's answer is also the side's answer")).to_be_visible()
    assert "Rep n1 signed for North 1 on" in text_of(pages["s1"], url(assessment, "caucus"))

    # Two Southern representatives on one sheet: what one writes the other sees; both at once: both are shown.
    one, other = pages["s1"], pages["s2"]
    for page in (one, other):
        page.goto(url(assessment, "caucus-decision", 1))
    one.locator("#c-p1-4").check(force=True)
    expect(other.locator("#c-p1-4")).to_be_checked()
    other.route("**/caucus/state/*", lambda route: route.fulfill(status=204))  # she is slow to see what comes next
    one.locator("#c-p2-3").check(force=True)
    expect(one.locator("#cell-p2 output")).to_have_text("Saved")
    other.locator("#c-p2-1").check(force=True)
    expect(other.get_by_text("Someone on your side wrote a different answer at the same time.")).to_be_visible()
    expect(other.get_by_text("3 · co-decides")).to_be_visible()
    other.get_by_role("button", name="Use my answer").click()
    expect(one.locator("#c-p2-1")).to_be_checked()
    # Others do not see how far the South is.
    assert lead.goto(url(assessment, "caucus-decision", 1)).ok
    assert lead.locator("input:checked").count() == 0
    facilitator.goto(url(assessment, "overview"))
    expect(facilitator.get_by_text("Rating is open.")).to_be_visible()

    answers_for_side(pages["s3"], assessment, {"north": 4, "south": 0}, "no")
    answers_for_side(lead, assessment, {"north": 4, "south": 2}, "yes")
    for page in pages.values():
        text = text_of(page, url(assessment, "overview"))
        assert "Rating is open." in text

    closes(facilitator, assessment)
    assessment.refresh_from_db()
    make_release(assessment)
    for page in pages.values():
        for name in ("dashboard", "report"):
            text = text_of(page, url(assessment, name))
            assert "North 2.0 levels higher" in text
            assert "North 4.0 levels higher" in text
            assert "2.0 levels apart" in text
            assert HIDDEN not in text
        session = text_of(page, url(assessment, "session-decision", 1) + "?moment=talk")
        assert "What each side answered" in session
    report = text_of(facilitator, url(assessment, "report"))
    assert "Rep n1 signed for North 1 on" in report
    assert not any(name in report for name in ("Rep s1", "Rep s2", "Rep s3"))
