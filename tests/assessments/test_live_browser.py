"""A joint session as it is lived: two facilitators lead, eight people follow on their phones (issue 5, §4, 3)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Action, AgreedLevel, Assessment, Cause, LiveSession, Outcome
from assessments.models.private import BallotAnswer
from partnerships.models import Role
from tests.assessments.making import arriving, in_session
from tests.factories import GuestFactory, PartnerFactory, membership
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = ("n2", "s3", "o1", "s4", "s5")


@pytest.fixture
def eight(cast) -> dict[str, object]:
    """Return eight participants by organisation: a representative of each of eight partners."""
    for name, side in (("s4", "south"), ("s5", "south")):
        cast.partners[name] = PartnerFactory(
            partnership=cast.partnership, side=side, name=f"South {name[1]}", acronym=name.upper()
        )
    for name in NAMES:
        membership(
            cast.partnership, Role.REPRESENTATIVE, cast.partners[name], user=GuestFactory(name=f"Person of {name}")
        )
    own = cast.partnership.memberships.filter(role=Role.REPRESENTATIVE).select_related("user", "partner")
    return {each.partner.acronym: each.user for each in own}


def at(page: Page, assessment: Assessment) -> Page:
    page.goto(f"{assessment.get_absolute_url()}session/")
    expect(page.locator(".session.is-live")).to_have_count(1)
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_two_lead_and_eight_follow(cast, eight, new_page, watch):
    assessment = arriving(cast)
    north, south = (at(new_page(each), assessment) for each in (cast.north_facilitator, cast.south_facilitator))
    phones = {name: at(new_page(user, width=360, height=740), assessment) for name, user in eight.items()}
    assert len(phones) == 8
    screens = phones | {"north": north, "south": south}  # who leads sees it, too, before the next press

    arrive(north, phones)
    press(north, "Read the session agreement")
    everybody_sees(screens, "What we keep to")
    press(south, "Practise for five minutes")
    everybody_sees(screens, "What we eat at our next meeting")
    phones["S1"].locator("input[name=practice][value='3']").check(force=True)
    press(north, "One silent minute")
    everybody_sees(screens, "A silent minute")
    press(south, "Begin with the first decision")
    everybody_sees(screens, "Dividing the budget")

    propose_and_respond(north, phones)
    take_a_pause(phones, (north, south))
    see_one_level_differently(south, phones)
    say_no_in_private(north, phones)
    go_on_without_consensus(south, phones, watch)
    plan_an_action(north, south, phones)


def everybody_sees(phones: dict[str, Page], words: str) -> None:
    for phone in phones.values():
        expect(phone.get_by_role("heading", level=1)).to_have_text(words)


def arrive(north: Page, phones: dict[str, Page]) -> None:
    expect(north.locator(".room-list .is-here")).to_have_count(10)
    expect(north.get_by_text("Not here, as far as screens tell")).to_have_count(0)


def propose_and_respond(north: Page, phones: dict[str, Page]) -> None:
    """The South begins; a draft is on all screens, and agreed only when it is recorded."""
    press(north, "Start ten minutes")
    expect(phones["O1"].locator(".clock-face")).to_contain_text(re.compile(r"(9:\d\d|10:00)"))
    expect(phones["S1"].locator(".speakers .is-speaks")).to_contain_text("S1")
    phones["S1"].locator("#own-1").click()
    for each in (phones["N1"], phones["S5"]):
        expect(each.locator(".read-rows")).to_contain_text("Draft: 1 informed only")
    phones["N1"].get_by_role("button", name="S1 1").click()
    expect(phones["S2"].locator(".read-rows")).to_contain_text("N1: fine")
    assert not AgreedLevel.objects.exists()
    press(north, "Record 1")
    expect(phones["S2"].locator(".read-rows")).to_contain_text("1 informed only")
    press(north, "Next")
    expect(phones["N2"].locator(".speakers .is-speaks")).to_contain_text("S2")
    assert AgreedLevel.objects.get().actual == 1


def take_a_pause(phones: dict[str, Page], facilitators: tuple[Page, ...]) -> None:
    """One of the eight asks; it begins a little later, on all ten screens alike."""
    press(phones["S4"], "Ask for a pause")
    expect.soft(phones["S4"].locator(".pause")).to_have_count(0)
    waited_for(LiveSession.objects.filter(pause_from__isnull=False))
    now = timezone.now()
    LiveSession.objects.update(pause_from=now - timedelta(seconds=1), pause_until=now + timedelta(seconds=299))
    screens = [*phones.values(), *facilitators]
    for screen in screens:
        expect(screen.locator(".pause .clock-face")).to_contain_text("4:")
        expect(screen.get_by_role("button", name="Ask for a pause")).to_have_count(0)
    told = {screen.locator(".pause h2, .pause > p:not(.clock)").all_inner_texts()[1] for screen in screens}
    assert told == {"Somebody asked for one. Nobody needs to know who. Talk with whom you like, or rest your eyes."}
    LiveSession.objects.update(pause_until=timezone.now() - timedelta(seconds=1))
    for screen in screens:
        expect(screen.locator(".pause")).to_have_count(0)


def waited_for(rows) -> None:
    wait_until(rows.exists, what="what was sent has arrived")


def see_one_level_differently(south: Page, phones: dict[str, Page]) -> None:
    number = AgreedLevel.objects.get().decision.assessment.participants.get(acronym="S2").number
    south.locator(f"#c-{number}-differs").check(force=True)
    south.locator(f"#one-{number}").fill("We were asked.")
    south.locator(f"#other-{number}").fill("We were told afterwards.")
    for each in (phones["N1"], phones["S2"]):
        expect(each.locator(f"#row-{number}")).to_contain_text("We were asked.")
        expect(each.locator(f"#row-{number}")).to_contain_text("We were told afterwards.")


def say_no_in_private(north: Page, phones: dict[str, Page]) -> None:
    """Seven say yes, one says no: nobody sees who, nor that it is one."""
    press(north, "Ask privately")
    for name, phone in phones.items():
        press(phone, "No, I don't" if name == "S3" else "Yes, I agree")
        if name != list(phones)[-1]:
            expect(phone.get_by_text("Your answer is in.")).to_be_visible()
    for screen in (north, *phones.values()):
        expect(screen.locator("#agree .badge")).to_have_text("not all agree")
    told = {phone.locator("#agree").inner_text() for phone in phones.values()}
    assert len(told) == 1
    assert not BallotAnswer.objects.exists()


def go_on_without_consensus(south: Page, phones: dict[str, Page], watch) -> None:
    """The facilitators record the no, and where it goes; one of the list says what stands behind it."""
    south.locator("#agree-yes").check(force=True)
    expect(south.locator("#outcome output")).to_contain_text("One “no” makes it a “no”.")
    watch.expect("409")
    south.locator("#agree-no").check(force=True)
    expect(south.locator("#route-mediator")).to_have_count(1)
    south.locator("#cause-1").select_option(index=2)
    press(south, "Keep these")
    expect(phones["S3"].locator(".live-causes li")).to_have_count(1)
    south.locator("#route-mediator").check(force=True)
    expect(phones["O1"].locator(".outcome")).to_contain_text("a mediator")
    outcome = Outcome.objects.get()
    assert (outcome.agree, outcome.route) == (False, "mediator")
    assert outcome.review_on > timezone.localdate()
    assert Cause.objects.count() == 1


def plan_an_action(north: Page, south: Page, phones: dict[str, Page]) -> None:
    """The second decision is asked aloud until each word is there; a no brings an action."""
    press(north, "All go on to decision 2")
    everybody_sees(phones, "Hiring the coordinator")
    for page in (north, south):
        page.goto(page.url.split("session/")[0] + "session/")
        expect(page.locator(".session.is-live")).to_have_count(1)
    north.locator("summary", has_text="Ask aloud").click()
    words = north.locator(".spoken-words li")
    for place in range(8):
        words.nth(place).get_by_role("button", name="no" if place == 4 else "passes", exact=True).click()
        expect(words.nth(place).get_by_role("button", name="not asked yet")).to_have_count(1)
    expect(phones["N1"].locator("#agree")).to_contain_text("One “no” makes it a “no”.")
    south.locator("#agree-no").check(force=True)
    expect(south.locator("#outcome output")).to_have_text("Saved")
    south.locator("details.session-plan").evaluate("details => { details.open = true }")
    south.get_by_role("textbox", name="What will be done").fill("Advertise in all languages")
    south.get_by_label("By which partner").select_option(label="North 1")
    south.get_by_label("By when").fill("2031-05-01")
    south.get_by_label("Which partner confirms").select_option(label="South 1")
    press(south, "Add this action")
    for phone in phones.values():
        expect(phone.get_by_text("Advertise in all languages")).to_be_visible()
    assert Action.objects.get().confirmer.acronym == "S1"


def test_how_free_she_feels_never_leaves_the_device(cast, new_page):
    assessment = in_session(cast)
    page = new_page(cast.guest, width=360, height=740)
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(f"{request.method} {request.url} {request.headers} {request.post_data}")
    )
    at(page, assessment)
    free = page.locator("[data-free]")
    expect(free.get_by_text("You may pass.")).to_be_hidden()
    sent.clear()
    with page.expect_request("**/session/state/**"):  # it polls on meanwhile
        free.get_by_role("button", name="Not free").click()
    expect(free.get_by_text("You may pass.")).to_be_visible()
    expect(free).to_contain_text("Freek North, Fatma South")
    page.reload()
    expect(free.get_by_role("button", name="Not free")).to_have_attribute("aria-pressed", "true")
    with page.expect_request("**/session/state/**"):
        pass
    assert sent
    assert not [one for one in sent if one.startswith("POST") or re.search(r"\bnot\b|free[=:]", one)]
    assert page.evaluate("localStorage.length") == 0  # the tab keeps it, and nothing that outlives the tab
    assert "not" in page.evaluate("Object.values(sessionStorage)")
    page.get_by_role("link", name="Leave and clear this phone").click()
    page.locator("#leave button[type=submit]").last.click()
    wait_until(lambda: page.evaluate("sessionStorage.length") == 0, what="the phone is cleared")


def test_without_scripts_one_proposes_answers_and_asks_for_a_pause(cast, new_page):
    assessment = in_session(cast)
    page = new_page(cast.guest, width=360, height=740, java_script_enabled=False)
    page.goto(f"{assessment.get_absolute_url()}session/")
    page.locator("#own-2").click()
    expect(page.locator(".read-rows")).to_contain_text("Draft: 2 consulted beforehand")
    press(page, "Ask for a pause")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dividing the budget")
    assert LiveSession.objects.get().pause_from
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("phase", list(LiveSession.Phase))
def test_no_serious_barrier(cast, new_page, axe, phase):
    assessment = in_session(cast)
    now = timezone.now()
    ends = now + timedelta(minutes=4)
    LiveSession.objects.update(
        phase=phase, phase_ends_at=ends, timer_ends_at=ends, pause_from=now - timedelta(minutes=1), pause_until=ends
    )
    for person in (cast.north_facilitator, cast.guest):
        page = new_page(person, width=360)
        page.goto(f"{assessment.get_absolute_url()}session/")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
