"""Two facilitators and a follower at once, in three browsers: what one records the others see, and nothing is lost."""

import pytest
from playwright.sync_api import Locator, Page, expect

from assessments.models import AgreedLevel, Assessment, Cause, Outcome, Proposal
from assessments.services import transitions
from partnerships.access import member_roles_of
from tests.assessments.making import agree_levels, in_session
from tests.assessments.test_live import at_moment
from tests.browser import sign_in
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def assessment(cast) -> Assessment:
    """Return a session that is at the levels of its first decision."""
    found = in_session(cast)
    at_moment(found, "level")
    return Assessment.objects.get(pk=found.pk)


@pytest.fixture
def north(cast, assessment, new_page) -> Page:
    return at(new_page(cast.north_facilitator), assessment)


@pytest.fixture
def south(cast, assessment, new_page) -> Page:
    return at(new_page(cast.south_facilitator), assessment)


@pytest.fixture
def follower(cast, assessment, new_page) -> Page:
    return at(new_page(cast.guest, width=360, height=740), assessment)


def at(page: Page, assessment: Assessment, path: str = "session/") -> Page:
    page.goto(f"{assessment.get_absolute_url()}{path}")
    expect(page.locator(".session.is-live")).to_have_count(1)
    return page


def choose(page: Page, partner: int, choice: str | int) -> None:
    page.locator(f"#c-{partner}-{choice}").check(force=True)


def cell(page: Page, partner: int):
    return page.locator(f"#cell-{partner}")


def note(page: Page) -> Locator:
    """Return the field of the note, which opens by its word."""
    page.locator(".session-note summary").click()
    return page.locator("#note")


def recorded(partner: int) -> AgreedLevel:
    return AgreedLevel.objects.get(decision__number=1, participant__number=partner)


def test_a_level_appears_at_the_others(north, south, follower):
    choose(north, 1, 4)
    expect(cell(north, 1).locator("output")).to_have_text("Saved")
    expect(south.locator("#c-1-4")).to_be_checked()
    expect(follower.locator("#row-1")).to_contain_text("decides")
    choose(south, 2, "differs")
    south.locator("#one-2").fill("We were asked.")
    expect(cell(south, 2).locator("output")).to_have_text("Saved")
    expect(follower.locator("#row-2")).to_contain_text("We were asked.")
    expect(north.locator("#one-2")).to_have_value("We were asked.")
    assert (recorded(1).actual, recorded(2).one_view) == (4, "We were asked.")


def test_what_is_being_typed_stays_while_the_other_records(north, south):
    note(north).fill("It was said that")
    choose(south, 3, 2)
    expect(north.locator("#c-3-2")).to_be_checked()
    expect(north.locator("#note")).to_be_focused()
    north.keyboard.type(" nobody was asked.")
    expect(north.locator("#outcome output")).to_have_text("Saved")
    expect(south.locator("#note")).to_have_value("It was said that nobody was asked.")
    assert Outcome.objects.get().note == "It was said that nobody was asked."


def test_what_is_on_its_way_stays(north, south):
    on_its_way = []
    north.route("**/session/1/**", lambda route: on_its_way.append(route))
    note(north).fill("It was said.")
    north.locator("#note").blur()
    expect(north.locator("#outcome output")).to_have_text("Saving …")
    choose(south, 3, 2)
    expect(north.locator("#c-3-2")).to_be_checked()
    expect(north.locator("#note")).to_have_value("It was said.")
    on_its_way[0].continue_()
    expect(north.locator("#outcome output")).to_have_text("Saved")
    expect(south.locator("#note")).to_have_value("It was said.")


def test_a_press_that_could_not_be_sent_says_so_until_it_is(follower, watch):
    follower.context.set_offline(True)
    follower.locator("#own-1").click()
    expect(follower.locator(".session-refused")).to_contain_text("Your entry has not been sent")
    watch.expect("ERR_INTERNET_DISCONNECTED")
    follower.context.set_offline(False)
    expect(follower.locator(".session-offline")).to_have_count(0)
    expect(follower.locator(".session-refused")).to_be_visible()
    held = []
    follower.route("**/session/live/", lambda route: route.continue_() if held else held.append(route))
    for level in (1, 1, 3):  # twice the same while it is under way, then another
        follower.locator(f"#own-{level}").click()
    wait_until(lambda: follower.title() and held, what="the first press is on its way")
    held[0].continue_()
    expect(follower.locator("#own-3")).to_have_attribute("aria-pressed", "true")
    expect(follower.locator(".session-refused")).to_have_count(0)
    assert Proposal.objects.get().level == 3


def test_factors_named_elsewhere_appear_where_nothing_was_chosen(cast, assessment, north, south):
    Outcome.objects.create(decision=assessment.decisions.get(number=1), agree=False)
    at_moment(assessment, "do")
    for page in (north, south):
        page.reload()
        page.locator("summary", has_text="Causes in the wider system").click()
    south.locator("#cause-2").select_option(index=3)
    north.locator("#cause-1").select_option(index=2)
    north.get_by_role("button", name="Save these causes").click()
    expect(south.locator(".live-causes li")).to_have_count(1)
    expect(south.locator("#cause-1")).to_have_value(Cause.objects.get().factor)
    south.get_by_role("button", name="Save these causes").click()
    expect(north.locator(".live-causes li")).to_have_count(2)
    assert Cause.objects.count() == 2


def collide(north: Page, south: Page) -> None:
    """Let both choose another level for the same partner; the Southern one comes first."""
    north.context.set_offline(True)
    choose(north, 1, 1)
    expect(cell(north, 1).locator("output")).to_contain_text("have not been saved yet")
    choose(south, 1, 3)
    expect(cell(south, 1).locator("output")).to_have_text("Saved")
    north.context.set_offline(False)
    expect(cell(north, 1).locator("[data-conflict]")).to_be_visible()


@pytest.mark.parametrize(("button", "level"), [("Keep their entry", 3), ("Use my entry", 1)])
def test_a_conflict_shows_both_and_is_resolved(north, south, watch, button, level):
    collide(north, south)
    watch.expect("ERR_INTERNET_DISCONNECTED")
    conflict = cell(north, 1).locator("[data-conflict]")
    expect(conflict).to_contain_text("3 · co-decides")
    expect(conflict).to_contain_text("1 · informed only")
    assert recorded(1).actual == 3
    choose(north, 2, 2)  # The rest of the page goes on meanwhile.
    expect(cell(north, 2).locator("output")).to_have_text("Saved")
    expect(conflict).to_be_visible()
    conflict.get_by_role("button", name=button).click()
    expect(conflict).to_have_count(0)
    expect(north.locator(f"#c-1-{level}")).to_be_checked()
    expect(south.locator(f"#c-1-{level}")).to_be_checked()
    assert recorded(1).actual == level
    assert recorded(1).decision.changes.get(lost=True).after["actual"] == 1


def test_everybody_is_brought_to_the_next_decision(assessment, north, south, follower):
    follower.locator("#own-1").focus()
    at(north, assessment, "session/2/")
    at(south, assessment, "session/1/")
    north.get_by_role("button", name="Move everyone to this decision").click()
    expect(north.get_by_role("heading", level=1)).to_have_text("Hiring the coordinator")
    expect(follower.get_by_role("heading", level=1)).to_have_text("Hiring the coordinator")
    expect(follower.locator("#decision-title")).to_be_focused()
    expect(follower.locator("#live")).to_have_text("Now on decision 2: Hiring the coordinator · Talk")
    # The other facilitator works on undisturbed on a page of her own, and is told.
    expect(south.get_by_role("heading", level=1)).to_have_text("Dividing the budget")
    expect(south.get_by_text("The group is on decision 2: Hiring the coordinator")).to_be_visible()
    assert north.url.endswith("/session/")


def test_a_no_asks_for_levels_and_an_action(cast, assessment, new_page, follower):
    agree_levels(cast, assessment, actual=lambda d, p: 1)
    Outcome.objects.filter(decision__number=1).update(agree=False)
    at_moment(assessment, "want")
    north, south = (at(new_page(each), assessment) for each in (cast.north_facilitator, cast.south_facilitator))
    north.locator("#d-3-4").check(force=True)
    expect(cell(north, 3).locator("output")).to_have_text("Saved")
    north.get_by_role("button", name="What will we do?").click()
    expect(follower.locator("#row-3 .want")).to_have_text("4")
    north.get_by_role("textbox", name="Planned action").fill("Send the draft early")
    at(south, assessment, "session/1/?moment=level")
    choose(south, 4, 2)
    expect(follower.locator("#row-4")).to_contain_text("consulted")
    expect(north.get_by_role("textbox", name="Planned action")).to_have_value("Send the draft early")
    north.get_by_label("Responsible partner").select_option(label="North 1")
    north.get_by_label("By when").fill("2031-05-01")
    north.get_by_label("Which partner will confirm").select_option(label="South 1")
    north.get_by_role("button", name="Add this action").click()
    expect(north.get_by_role("link", name="Send the draft early")).to_be_visible()
    expect(follower.get_by_text("Send the draft early")).to_be_visible()


def test_undo(north, south):
    choose(north, 1, 4)
    expect(cell(north, 1).locator("output")).to_have_text("Saved")
    north.locator(".session-menu > summary").click()
    north.get_by_role("button", name="Undo the last change").click()
    expect(north.locator("#c-1-4")).not_to_be_checked()
    expect(south.locator("#c-1-4")).not_to_be_checked()
    assert recorded(1).actual is None


def test_a_session_that_ends_meanwhile_takes_nothing_more(cast, assessment, north, watch):
    north.route("**/session/state/**", lambda route: route.fulfill(status=204))  # She has not heard of it yet.
    transitions.apply(assessment, member_roles_of(cast.south_facilitator, cast.partnership), "read_back")
    choose(north, 1, 4)
    expect(cell(north, 1).locator("output")).to_contain_text("final review")
    expect(north.locator("#c-1-4")).not_to_be_checked()
    note(north).fill("It was said last.")
    expect(north.locator("#outcome output")).to_contain_text("final review")
    watch.expect("409")
    north.unroute("**/session/state/**")
    expect(north.get_by_text("The final review is open.")).to_be_visible()
    expect(north.locator(".session-kept")).to_contain_text("It was said last.")
    assert not AgreedLevel.objects.exists()
    assert not Outcome.objects.exists()


def only_posts(**answer):
    return lambda route: route.fulfill(**answer) if route.request.method == "POST" else route.continue_()


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(403, "The server could not save this change, but your text is still on"), (409, "Not now."), (429, "Not now.")],
)
def test_a_refusal_is_said_as_what_it_is_and_what_was_typed_stays(cast, assessment, north, watch, status, sentence):
    body = "<h1>No</h1>" if status == 403 else '{"error": "Not now."}'
    north.route("**/session/**", only_posts(status=status, body=body, headers={"Retry-After": "3"}))
    output, words = north.locator("#outcome output"), note(north)
    words.fill("It was said.")
    expect(output).to_contain_text(sentence)
    north.get_by_role("button", name="Do we agree?").click()
    expect(north.locator(".session-refused")).to_contain_text(sentence)
    expect(north.locator(".session")).not_to_contain_text("no connection")
    watch.expect(str(status))
    agree_levels(cast, assessment)  # what others do meanwhile is seen, and takes nothing away
    expect(north.locator("#c-1-2")).to_be_checked()
    expect(words).to_have_value("It was said.")
    north.unroute("**/session/**")
    if status != 429:  # what came too often is sent again by itself
        words.press_sequentially(" Twice.")
    expect(output).to_have_text("Saved")
    assert Outcome.objects.get(decision__number=1).note.startswith("It was said.")


def signed_out(page: Page) -> None:
    """End the session elsewhere, while something is typed here."""
    page.context.clear_cookies(name="sessionid")
    note(page).fill("It was said.")
    expect(page.locator("#signed-out")).to_have_text("You are signed out. Sign in")
    expect(page.locator("#outcome output")).to_have_text("You are signed out.")


def signed_in_beside(page: Page, user, live_server) -> None:
    page.context.clear_cookies(name="csrftoken")  # signing in brings another one
    page.context.new_page().goto("/privacy/")
    sign_in(page.context, user, live_server.url)


def test_signing_in_again_beside_it_saves_what_was_typed(cast, north, watch, live_server):
    signed_out(north)
    watch.expect("401")
    signed_in_beside(north, cast.north_facilitator, live_server)
    expect(north.locator("#outcome output")).to_have_text("Saved")
    expect(north.locator("#signed-out")).to_have_count(0)
    watch.expect("403")  # the old token's
    assert Outcome.objects.get().note == "It was said."


def test_what_one_typed_is_not_saved_as_anothers(cast, north, watch, live_server):
    signed_out(north)
    watch.expect("401")
    signed_in_beside(north, cast.south_facilitator, live_server)
    expect(north.locator("#outcome output")).to_contain_text("The server could not save this")
    watch.expected.append("403")  # the old token's, if it was sent before the page noticed who is signed in
    expect(north.locator("#note")).to_have_value("It was said.")
    assert not Outcome.objects.exists()


def test_the_projector_follows(cast, assessment, north, new_page):
    projector = at(new_page(cast.observer, width=1920, height=1080), assessment, "session/wall/")
    choose(north, 3, 2)
    expect(projector.locator("#row-3")).to_contain_text("consulted beforehand")
    north.get_by_role("button", name="Do we agree?").click()
    expect(projector.locator(".projector-question")).to_contain_text("Do you agree")


def test_without_scripts(cast, assessment, new_page):
    """The moments are the same: forms, and a page that comes anew."""
    page = new_page(cast.north_facilitator, java_script_enabled=False)
    page.goto(f"{assessment.get_absolute_url()}session/")

    def press(name: str) -> None:
        page.get_by_role("button", name=name, exact=True).first.click()

    choose(page, 1, 3)
    press("Save the levels")
    expect(page.locator("#c-1-3")).to_be_checked()
    press("Do we agree?")
    press("Ask aloud")
    page.locator("#w-1-no").check(force=True)
    page.locator(".word-row").first.get_by_role("button", name="Save").click()
    expect(page.locator("#w-1-no")).to_be_checked()
    press("Which levels do we want?")
    page.locator("#d-1-4").check(force=True)
    press("Save the desired levels")
    expect(page.locator("#d-1-4")).to_be_checked()
    press("What will we do?")
    expect(page.get_by_role("textbox", name="Planned action")).to_be_visible()
    expect(page.get_by_role("link", name="Refresh this page")).to_be_visible()
    assert (recorded(1).actual, recorded(1).desired) == (3, 4)
    assert Outcome.objects.get().agree is False


def test_all_decisions_at_once_for_two_facilitators(cast, assessment, new_page, watch):
    """What one records in the table the other sees; of two at once, both are shown."""
    north, south = (
        at(new_page(each), assessment, "session/all/") for each in (cast.north_facilitator, cast.south_facilitator)
    )
    north.locator("#m-2-1").select_option("4")
    expect(south.locator("#m-2-1")).to_have_value("4")
    north.context.set_offline(True)
    north.locator("#m-1-3").select_option("1")
    expect(north.locator("#cell-1-3 output")).to_contain_text("have not been saved yet")
    south.locator("#m-1-3").select_option("2")
    expect(south.locator("#cell-1-3 output")).to_have_text("Saved")
    north.context.set_offline(False)
    conflict = north.locator("#cell-1-3 [data-conflict]")
    expect(conflict).to_contain_text("2 · consulted beforehand")
    watch.expect("ERR_INTERNET_DISCONNECTED")
    conflict.get_by_role("button", name="Use my entry").click()
    expect(conflict).to_have_count(0)
    expect(south.locator("#m-1-3")).to_have_value("1")
    north.get_by_role("link", name="Agree?").click()
    for number in range(1, 7):
        north.locator(f"#m-1-{number}").select_option(label="no" if number == 2 else "yes")
        expect(north.locator(f"#m-1-{number} option[selected]")).to_have_text("no" if number == 2 else "yes")
    assert Outcome.objects.get(decision__number=1).agree is False
    north.get_by_role("link", name="Want").click()
    north.locator("#m-1-3").select_option("3")
    expect(north.locator("#cell-1-3 output")).to_have_text("Saved")
    assert recorded(3).desired == 3
    north.get_by_role("link", name="Do", exact=True).click()
    expect(north.get_by_role("link", name="Plan actions for decision 1")).to_be_visible()


def test_a_server_that_fails_is_no_reason_to_leave_the_page(north, watch):
    """The screen says that it is not up to date, keeps what it shows, and follows again by itself."""
    away = north.locator(".session-offline")
    north.route("**/session/**", lambda route: route.fulfill(status=503, body="away"))
    expect(away).to_be_visible()
    north.get_by_role("button", name="Do we agree?").click()
    expect(north.locator(".session-refused")).to_contain_text("Your entry has not been sent")
    expect(north.locator(".moments [aria-current]")).to_have_text("Level")
    north.unroute("**/session/**")
    expect(away).to_have_count(0)
    watch.expect("503")
    north.get_by_role("button", name="Do we agree?").click()
    expect(north.locator(".moments [aria-current]")).to_have_text("Agree?")


def test_what_others_change_is_shown_without_movement_where_that_is_asked_for(cast, assessment, new_page, north):
    still = at(new_page(cast.south_facilitator, reduced_motion="reduce"), assessment)
    choose(north, 1, 4)
    expect(cell(still, 1)).to_have_class("cell is-fresh")
    found = cell(still, 1).evaluate("one => [getComputedStyle(one).animationName, getComputedStyle(one).outlineStyle]")
    assert found == ["none", "solid"]


def test_what_is_chosen_is_seen_in_the_readers_own_colours(cast, assessment, new_page):
    """As on a machine set to high contrast, where the site's colours and shadows are gone."""
    page = at(new_page(cast.north_facilitator, forced_colors="active"), assessment)
    choose(page, 1, 4)
    assert_differ(page, "#c-1-4 + span", "#c-1-3 + span")
    page.get_by_role("button", name="Do we agree?").click()
    page.get_by_role("button", name="Ask aloud").click()
    page.locator("#w-1-no").check(force=True)
    expect(page.get_by_role("button", name="Which levels do we want?")).to_be_visible()
    assert_differ(page, "#w-1-no + span", "#w-1-yes + span")
    page.get_by_role("button", name="Which levels do we want?").click()
    page.locator("#d-1-4").check(force=True)
    assert_differ(page, "#d-1-4 + span", "#d-1-3 + span")


def assert_differ(page: Page, chosen: str, other: str) -> None:
    look = [page.locator(one).evaluate("one => getComputedStyle(one).backgroundColor") for one in (chosen, other)]
    assert look[0] != look[1], chosen


WAITS = """window.waits = [];
const begin = window.setTimeout;
window.setTimeout = (act, ms, ...more) => { waits.push(ms); return begin(act, ms, ...more); };"""


def test_a_busy_server_is_asked_less_often(cast, assessment, new_page):
    page, headers = new_page(cast.guest), {"Poll-After": "20"}
    page.clock.install()
    page.add_init_script(WAITS)
    page.route("**/session/state/*", lambda route: route.fulfill(status=204, headers=headers))
    at(page, assessment)
    page.clock.fast_forward(2500)
    page.wait_for_function("() => waits.some((ms) => ms >= 16_000 && ms <= 24_000)")
    headers.clear()
    page.evaluate("waits.length = 0")
    page.clock.fast_forward(24_000)
    page.wait_for_function("() => waits.some((ms) => ms >= 1600 && ms <= 2400)")
