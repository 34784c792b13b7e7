"""A joint session as it is lived: two facilitators lead, eight people follow on their phones."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import (
    Action,
    AgreedLevel,
    Assessment,
    Cause,
    LiveSession,
    Moment,
    Outcome,
    Proposal,
    SpokenWord,
)
from assessments.models.private import BallotAnswer
from assessments.services.session import choices, live
from bench.screens import MOST_CONTROLS, control_count, height
from partnerships.access import member_roles_of
from partnerships.models import Role
from tests.assessments.making import agree_levels, arriving, in_session
from tests.assessments.test_live import at_moment
from tests.e2e.looks import too_wide
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


def test_the_lobby_says_who_is_here_as_large_as_the_rest(cast, new_page):
    assessment = arriving(cast)
    for person in (cast.south_representative, cast.north_facilitator):
        page = new_page(person, width=360)
        page.goto(f"/assessments/{assessment.code}/session/")
        said = page.locator(".is-here").get_by_text("Here", exact=True).first
        expect(said).to_be_visible()
        assert said.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)") >= 16


def at(page: Page, assessment: Assessment, path: str = "session/") -> Page:
    page.goto(f"{assessment.get_absolute_url()}{path}")
    expect(page.locator(".session.is-live")).to_have_count(1)
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_two_lead_and_eight_follow_through_five_moments(cast, eight, new_page, watch):
    assessment = arriving(cast)
    north, south = (at(new_page(each), assessment) for each in (cast.north_facilitator, cast.south_facilitator))
    phones = {
        name: at(new_page(user, width=360, height=740, locale="fr-FR" if name == "S5" else "en-GB"), assessment)
        for name, user in eight.items()
    }
    projector = at(new_page(cast.observer, width=1920, height=1080), assessment, "session/wall/")
    english = {name: phone for name, phone in phones.items() if name != "S5"}
    screens = english | {
        "north": north,
        "south": south,
        "projector": projector,
    }  # before the next press, who leads sees it too

    arrive(north, phones)
    press(north, "Read the ground rules")
    everybody_sees(screens, "Ground rules")
    press(south, "Practise for five minutes")
    everybody_sees(screens, "What we will eat at our next meeting")
    phones["S1"].locator("input[name=practice][value='3']").check(force=True)
    press(north, "Start one silent minute")
    everybody_sees(english | {"north": north, "south": south}, "A silent minute")
    press(south, "Begin with the first decision")
    everybody_sees(screens | phones, "Dividing the budget")

    talk(north, phones)
    choose_together(north, south, phones, projector)
    take_a_pause(phones, (north, south))
    say_no_in_private(north, south, phones, projector, watch)
    wish_and_go_on_without_consensus(north, south, phones, projector)
    say_no_aloud_and_plan(north, south, phones, projector)
    come_late(phones.pop("O1"), projector)
    watch.expect("ERR_INTERNET_DISCONNECTED")


def everybody_sees(screens: dict[str, Page], words: str) -> None:
    for screen in screens.values():
        expect(screen.get_by_role("heading", level=1)).to_have_text(words)


def arrive(north: Page, phones: dict[str, Page]) -> None:
    expect(north.locator(".room-list .is-here")).to_have_count(11)
    expect(north.get_by_text("Not connected")).to_have_count(0)
    expect(north.get_by_text("Languages that people use on their screens")).to_contain_text("français")


def talk(north: Page, phones: dict[str, Page]) -> None:
    """The South begins; each phone says who speaks, and how many speak before."""
    press(north, "Start the ten-minute timer")
    expect(phones["O1"].locator(".clock-face")).to_contain_text(re.compile(r"(9:\d\d|10:00)"))
    expect(phones["S1"].locator(".card-turn")).to_have_text("It is your organisation's turn to speak.")
    expect(phones["S3"].locator(".card-turn")).to_contain_text("2 organisations will speak before yours.")
    press(north, "Next speaker")
    expect(phones["N2"].locator(".speakers .is-speaks")).to_contain_text("S2")


def choose_together(north: Page, south: Page, phones: dict[str, Page], projector: Page) -> None:
    """Nobody sees a choice before all are shown; then one is seen differently, and the others are recorded."""
    press(north, "Ask for levels")
    for place, (name, phone) in enumerate(phones.items()):
        phone.locator("#own-1" if name == "S2" else "#own-4").click()
        expect(phone.locator("#own-1" if name == "S2" else "#own-4")).to_have_attribute("aria-pressed", "true")
        expect(projector.locator(".projector-progress")).to_have_text(
            f"Organisations that have chosen a level: {place + 1} of 8"
        )
    expect(north.get_by_text("Organisations that have chosen a level: 8 of 8")).to_be_visible()
    for screen in (*phones.values(), north, south, projector):
        expect(screen.locator(".is-draft, .draft")).to_have_count(0)
    press(north, "Show all choices")
    expect(projector.locator(".is-draft")).to_have_count(8)
    other = phones["N1"]
    other.get_by_role("button", name="S1 4").click()
    other.get_by_text("We see a different level").click()
    other.get_by_label("For which organisation?").select_option(label="South 2: 1")
    other.get_by_label("Which level do you think is right?").select_option("3")
    other.get_by_label("Explain in a few words (optional)").fill("We asked you.")
    press(other, "Send our view")
    expect(phones["S4"].locator(".card-levels")).to_contain_text("We asked you.")
    press(south, "We see this differently")
    expect(south.locator(".cell-views:visible")).to_have_count(1)
    press(north, "Record all chosen levels")
    for each in (phones["N1"], phones["S2"], projector):
        expect(each.locator("q")).to_have_text(["S2: 1 informed only", "N1: 3 co-decides. We asked you."])
    wait_until(lambda: AgreedLevel.objects.filter(actual=4).count() == 7, what="the others are recorded")


def take_a_pause(phones: dict[str, Page], facilitators: tuple[Page, ...]) -> None:
    """One of the eight asks; it begins a little later, on all ten screens alike."""
    english = {name: phone for name, phone in phones.items() if name != "S5"}
    press(phones["S4"], "Pause")
    expect.soft(phones["S4"].locator(".pause")).to_have_count(0)
    waited_for(LiveSession.objects.filter(pause_from__isnull=False))
    now = timezone.now()
    LiveSession.objects.update(pause_from=now - timedelta(seconds=1), pause_until=now + timedelta(seconds=299))
    screens = [*phones.values(), *facilitators]
    for screen in screens:
        expect(screen.locator(".pause .clock-face")).to_contain_text(re.compile(r"[1-4]:\d\d"))
        expect(screen.get_by_role("button", name="Pause")).to_have_count(0)
    told = {screen.locator(".pause h2, .pause > p:not(.clock)").all_inner_texts()[1] for screen in english.values()}
    assert told == {
        "Someone has asked for a pause. No one needs to know who it was. Talk to anyone you like, or rest your eyes."
    }
    LiveSession.objects.update(pause_until=timezone.now() - timedelta(seconds=1))
    for screen in screens:
        expect(screen.locator(".pause")).to_have_count(0)


def waited_for(rows) -> None:
    wait_until(rows.exists, what="what was sent has arrived")


def answer(phone: Page, agree: str) -> None:
    phone.locator(f"button[name=agree][value={agree}]").click()


def say_no_in_private(north: Page, south: Page, phones: dict[str, Page], projector: Page, watch) -> None:
    """Seven say yes, one says no: nobody sees who, nor that it is one. A “yes” is refused, and stays on no screen."""
    press(north, "Do we agree?")
    press(north, "Ask privately")
    for name, phone in phones.items():
        if name != "S5":
            expect(phone.locator(".tap-who")).to_have_text("Others can see only “all agree” or “not all agree”.")
        answer(phone, "no" if name == "S3" else "yes")
        if name not in ("S5", list(phones)[-1]):
            expect(phone.get_by_text("Your answer has been saved.")).to_be_visible()
    for screen in (north, *(phone for name, phone in phones.items() if name != "S5")):
        expect(screen.locator("#agree .badge").first).to_have_text("not all agree")
    told = {phone.locator("#agree").inner_text() for name, phone in phones.items() if name != "S5"}
    assert len(told) == 1
    assert not BallotAnswer.objects.exists()
    expect(projector.locator(".projector-outcome")).to_have_text("We want change")
    expect(south.locator("#agree-no")).to_be_checked()
    south.locator("#agree-yes").click(force=True)  # `check` would ask whether it stays, and it does not
    expect(south.locator("#outcome output")).to_contain_text("One “no” makes the result a “no”.")
    watch.expect("409")
    expect(south.locator("#agree-no")).to_be_checked()
    assert Outcome.objects.get().agree is False


def wish_and_go_on_without_consensus(north: Page, south: Page, phones: dict[str, Page], projector: Page) -> None:
    """All choose what they want; the group finds no action, and says where it goes and what stands behind it."""
    press(north, "Which levels do we want?")
    for phone in phones.values():
        phone.locator("#own-3").click()
        expect(phone.locator("#own-3")).to_have_attribute("aria-pressed", "true")
    press(north, "Show all choices")
    press(north, "Record all chosen levels")
    expect(projector.locator(".projector-want .want:not(.is-draft)")).to_have_count(8)
    expect(south.locator("input[name^=desired]:checked[value='3']")).to_have_count(8)  # a late page moves nobody
    press(south, "What will we do?")
    south.locator("summary", has_text="Causes in the wider system").click()
    south.locator("#cause-1").select_option(index=2)
    press(south, "Save these causes")
    expect(phones["S3"].locator(".live-causes li")).to_have_count(1)
    south.get_by_text("If there is no consensus").click()
    south.locator("#route-mediator").check(force=True)
    for each in (phones["O1"], projector):
        expect(each.get_by_text("a mediator")).to_be_visible()
    outcome = Outcome.objects.get()
    assert (outcome.agree, outcome.route) == (False, "mediator")
    assert outcome.review_on > timezone.localdate()
    assert Cause.objects.count() == 1
    assert AgreedLevel.objects.filter(desired=3).count() == 8


def say_no_aloud_and_plan(north: Page, south: Page, phones: dict[str, Page], projector: Page) -> None:
    """The second decision is asked aloud: phones answer in the open, a facilitator for who has no phone."""
    press(north, "Read the result aloud and go on to decision 2")
    everybody_sees(phones | {"south": south, "projector": projector}, "Hiring the coordinator")
    press(south, "Agree?")
    press(south, "Ask aloud")
    late = phones["O1"]
    for name, phone in phones.items():
        if phone is not late:
            answer(phone, "no" if name == "S3" else "pass" if name == "S5" else "yes")
            expect(phone.locator("button[name=agree][aria-pressed=true]")).to_have_count(1)
    number = LiveSession.objects.get().assessment.participants.get(acronym="O1").number
    expect(phones["N1"].locator("#agree")).to_contain_text("Not asked yet: O1")
    north.locator(f"#w-{number}-absent").check(force=True)
    expect(projector.locator(".projector-outcome")).to_have_text("We want change")
    press(north, "Which levels do we want?")
    press(north, "No agreement on what we want")
    expect(projector.locator(".projector-outcome")).to_contain_text("No agreement on what we want")
    press(north, "What will we do?")
    late.context.set_offline(True)
    south.get_by_role("textbox", name="Planned action").fill("Advertise in all languages")
    south.get_by_label("Responsible partner").select_option(label="North 1")
    south.get_by_label("By when").fill("2031-05-01")
    south.get_by_label("Which partner will confirm").select_option(label="South 1")
    press(south, "Add this action")
    for screen in (projector, *(phone for phone in phones.values() if phone is not late)):
        expect(screen.get_by_text("Advertise in all languages")).to_be_visible()
    assert Action.objects.get().confirmer.acronym == "S1"


def come_late(late: Page, projector: Page) -> None:
    """A phone that was away shows what the group is at as soon as it is back."""
    late.context.set_offline(False)
    expect(late.get_by_text("Advertise in all languages")).to_be_visible()
    expect(projector.locator(".projector-place img")).to_be_visible()


# --- the size of each moment


@pytest.mark.parametrize("moment", list(Moment))
def test_a_moment_of_eight_partners_needs_no_scrolling(cast, eight, new_page, moment):
    """At most 30 controls on a facilitator's screen; one card on a phone; with no choice yet, and with those of all."""
    long = "Dividing a part of the common budget among the countries and partners"
    assessment = in_session(cast, wordings=(long, "Hiring the coordinator"))
    decision = assessment.decisions.get(number=1)
    agree_levels(cast, assessment)
    Outcome.objects.filter(decision=decision).update(agree=False)
    ends = timezone.now() + timedelta(minutes=9)
    for chosen, shown in ((False, False), (True, False), (True, True)):
        if chosen and moment not in choices.CHOOSING:
            continue
        at_moment(assessment, moment, shown=shown)
        LiveSession.objects.update(timer_ends_at=ends, asks_aloud=moment == Moment.AGREE)
        for each in assessment.participants.all() if chosen else ():
            Proposal.objects.create(decision=decision, participant=each, moment=moment, shown=shown, level=3)
        page = at(new_page(cast.north_facilitator, height=720), assessment)
        assert control_count(page) <= MOST_CONTROLS
        assert height(page) <= 720
        phone = at(new_page(cast.guest, width=360, height=740), assessment)
        assert height(phone) <= 740
        assert phone.locator("header.top, nav.top-nav").count() == 0
        Proposal.objects.all().delete()


def test_the_lobby_of_eight_partners_is_one_card_on_a_phone(cast, eight, new_page):
    """It shows who is here by short names; full names are one tap away."""
    phone = at(new_page(cast.guest, width=360, height=740), arriving(cast))
    assert height(phone) <= 740
    expect(phone.locator(".room-short li")).to_have_count(8)
    expect(phone.locator(".room-short .is-here")).to_have_text(["S2 · Here"])
    expect(phone.get_by_text("Guest Gathoni")).to_be_hidden()
    phone.get_by_text("See everyone's names").click()
    expect(phone.get_by_text("Guest Gathoni")).to_be_visible()


def test_all_screens_follow_a_moment_within_three_seconds(cast, new_page, settings):
    """Each polls by a clock of its own; this one is set forward."""
    settings.POLL_AFTER = ""
    assessment = in_session(cast)
    people = ((cast.south_facilitator, ""), (cast.guest, ""), (cast.observer, "wall/"))
    screens = []
    for person, path in people:
        screen = new_page(person)
        screen.clock.install()
        screens.append(at(screen, assessment, f"session/{path}"))
    live.move(assessment, member_roles_of(cast.north_facilitator, cast.partnership), Moment.AGREE)
    for screen in screens:
        expect(screen.locator("[data-kind*=talk]")).to_have_count(1)
        screen.clock.fast_forward(3000)
        expect(screen.locator("[data-kind*=agree]")).to_have_count(1)


def test_a_moment_is_led_and_recorded_by_keys_alone(cast, new_page):
    assessment = in_session(cast)
    page = at(new_page(cast.north_facilitator), assessment)

    def press_by_key(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).focus()
        page.keyboard.press("Enter")

    press_by_key("Ask for levels")
    page.locator("#c-1-0").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#cell-1 output")).to_have_text("Saved")
    press_by_key("Do we agree?")
    press_by_key("Ask aloud")
    page.locator("#w-1-").focus()
    for key in ("ArrowRight", "ArrowRight"):  # round to yes, and over it to no
        page.keyboard.press(key)
    expect(page.locator("#w-1-no[checked]")).to_have_count(1)
    expect(page.locator("#w-1-no")).to_be_focused()
    assert list(SpokenWord.objects.values_list("word", flat=True)) == ["no"]
    press_by_key("Which levels do we want?")
    page.locator("#d-1-0").focus()
    page.keyboard.press("Space")
    for _step in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#cell-1 output")).to_have_text("Saved")
    press_by_key("What will we do?")
    page.get_by_label("Planned action").focus()
    for typed in ("Meet first", "North 1", "05052031"):
        page.keyboard.type(typed)
        page.keyboard.press("Tab")
    press_by_key("Add this action")
    expect(page.get_by_role("link", name="Meet first")).to_be_visible()
    level = AgreedLevel.objects.get()
    assert (level.actual, level.desired) == (1, 3)
    assert Action.objects.get().due.isoformat() == "2031-05-05"


def test_how_free_she_feels_never_leaves_the_device(cast, new_page):
    assessment = in_session(cast)
    page = new_page(cast.guest, width=360, height=740)
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(f"{request.method} {request.url} {request.headers} {request.post_data}")
    )
    at(page, assessment)
    page.get_by_text("My notes", exact=True).click()
    free = page.locator("[data-free]")
    free.get_by_label("My notes, on this device only").fill("Not said aloud.")
    expect(free.get_by_text("You may pass.")).to_be_hidden()
    sent.clear()
    with page.expect_request("**/session/state/**"):  # it polls on meanwhile
        free.get_by_role("button", name="Not free").click()
    expect(free.get_by_text("You may pass.")).to_be_visible()
    expect(free).to_contain_text("Freek North, Fatma South")
    page.reload()
    page.get_by_text("My notes", exact=True).click()
    expect(free.get_by_label("My notes, on this device only")).to_have_value("Not said aloud.")
    expect(free.get_by_role("button", name="Not free")).to_have_attribute("aria-pressed", "true")
    with page.expect_request("**/session/state/**"):
        pass
    assert sent
    assert not [one for one in sent if one.startswith("POST") or re.search(r"\bnot\b|free[=:]|aloud", one)]
    assert page.evaluate("localStorage.length") == 0  # the tab keeps it, and nothing that outlives the tab
    assert "not" in page.evaluate("Object.values(sessionStorage)")
    page.get_by_text("Help", exact=True).click()
    page.get_by_role("link", name="Leave and clear this phone").click()
    page.locator("#leave button[type=submit]").last.click()
    wait_until(lambda: page.evaluate("sessionStorage.length") == 0, what="the phone is cleared")


def test_without_scripts_one_chooses_answers_and_asks_for_a_pause(cast, new_page):
    assessment = in_session(cast)
    at_moment(assessment, "level")
    page = new_page(cast.guest, width=360, height=740, java_script_enabled=False)
    page.goto(f"{assessment.get_absolute_url()}session/")
    page.locator("#own-2").click()
    expect(page.locator("#own-2")).to_have_attribute("aria-pressed", "true")
    press(page, "Pause")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dividing the budget")
    assert LiveSession.objects.get().pause_from
    at_moment(assessment, "agree")
    LiveSession.objects.update(asks_aloud=True)
    page.reload()
    press(page, "No")
    expect(page.locator("button[name=agree][value=no]")).to_have_attribute("aria-pressed", "true")
    assert too_wide(page) == []


def test_without_scripts_a_facilitator_leads_through_the_five_moments(cast, new_page):
    assessment = in_session(cast)
    page = new_page(cast.north_facilitator, java_script_enabled=False)
    page.goto(f"{assessment.get_absolute_url()}session/")
    press(page, "Ask for levels")
    page.locator("#c-1-4").check(force=True)
    page.locator("#c-3-1").check(force=True)
    press(page, "Save the levels")
    press(page, "Do we agree?")
    press(page, "Ask aloud")
    for number in range(1, 7):
        page.locator(f"#w-{number}-{'no' if number == 3 else 'absent'}").check(force=True)
        page.locator("form.word-row", has=page.locator(f"#w-{number}-")).get_by_role("button", name="Save").click()
    press(page, "Which levels do we want?")
    page.locator("#d-3-3").check(force=True)
    press(page, "Save the desired levels")
    press(page, "What will we do?")
    page.get_by_label("Planned action").fill("Meet first")
    page.get_by_label("Responsible partner").select_option(label="North 1")
    page.get_by_label("By when").fill("2031-05-01")
    press(page, "Add this action")
    expect(page.get_by_role("link", name="Meet first")).to_be_visible()
    press(page, "Read the result aloud and go on to decision 2")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hiring the coordinator")
    assert list(AgreedLevel.objects.values_list("actual", "desired").order_by("participant")) == [(4, None), (1, 3)]
    assert Outcome.objects.get().agree is False


@pytest.mark.parametrize("moment", list(Moment))
@pytest.mark.parametrize(("scheme", "language"), [("light", "en-GB"), ("dark", "ar")])
def test_no_moment_has_a_serious_barrier(cast, new_page, axe, moment, scheme, language):
    """Also dark and from right to left, on a phone, and where a desk's page is enlarged to 200 % and 400 %."""
    assessment = in_session(cast)
    at_moment(assessment, moment, shown=moment in choices.CHOOSING)
    Outcome.objects.create(decision=assessment.decisions.get(number=1), agree=False)
    LiveSession.objects.update(asks_aloud=moment == Moment.AGREE)
    if moment in choices.CHOOSING:
        own = assessment.participants.get(acronym="N1")
        Proposal.objects.create(decision_id=assessment.current_decision_id, participant=own, moment=moment, shown=True)
    for person in (cast.north_facilitator, cast.guest):
        page = new_page(person, width=360, color_scheme=scheme, locale=language)
        page.goto(f"{assessment.get_absolute_url()}session/")
        assert axe(page) == []
        for width in (360, 640, 320, 1280):
            page.set_viewport_size({"width": width, "height": 740})
            assert too_wide(page) == []


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
        assert too_wide(page) == []
