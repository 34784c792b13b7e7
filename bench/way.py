"""The way through: clicks, pages, words, heights and controls, as a real browser shows them, beside their goals.

Measured for five partners and eight decisions, and for eight partners and twelve decisions.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from assessments.models import Assessment, LiveSession, Moment, Outcome
from bench import laying, light
from bench.screens import (
    MOST_CLICKS,
    MOST_CONTROLS,
    MOST_PAGES,
    MOST_WORDS,
    Counted,
    control_count,
    height,
    spoken_before,
)
from bench.sessions import session_of
from bench.starting import starts_an_assessment
from partnerships.access import member_roles_of
from partnerships.models import Role, User
from powertool.demo import factories

SIZES = ((5, 8), (8, 12))  # partners, decisions
DESK, PHONE = (1280, 720), (360, 740)
QUESTION_HEIGHT = 1200  # of one rating question on a phone, with five partners
TO_A_MEASURE = 2  # clicks
PROBLEM = "Southern partners are excluded from budget decisions"
Row = dict[str, Any]
Way = tuple[str, dict[str, str]]  # an address, and the sessions of who goes there


def tell(base: str) -> list[Row]:
    """Print what each screen asks of a person, and return the rows."""
    program = light.chromium_for("the way")
    if program is None:
        return []
    questions = {size: open_question(*size) for size in SIZES}  # before the browser, whose loop lets no query through
    sessions = {size: in_a_session(*size) for size in SIZES}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=light.ARGS)
        rows = [*of_the_start(browser, base), *of_a_measure(browser, base)]
        for size in SIZES:
            rows += of_a_question(browser, base, size, questions[size])
            rows += of_a_session(browser, base, size, sessions[size])
        browser.close()
    for one in rows:
        sys.stdout.write(line(one))
    return rows


def line(found: Row) -> str:
    goal = f"(at most {found['most']:,}: {'kept' if found['met'] else 'MISSED'})" if found["most"] else ""
    return f"{found['found']:7,}  {found['what']} {goal}\n"


def row(what: str, found: int, most: int = 0) -> Row:
    return {"what": what, "found": found, "most": most, "met": not most or found <= most}


# --- what is laid before


def open_question(partners: int, decisions: int) -> Way:
    """Return a representative's page of her private answers."""
    assessment, membership, _facilitator = laying.open_for_answers(partners, decisions, laying.NAME)
    return f"{assessment.get_absolute_url()}rate/", {"representative": session_of(membership.user)}


def in_a_session(partners: int, decisions: int) -> Way:
    """Return a session at its first decision, which has levels and a “no”."""
    assessment, facilitator = laying.in_session(partners, decisions, laying.NAME)
    factories.agree_levels(assessment, member_roles_of(facilitator.user, assessment.partnership))
    Outcome.objects.filter(decision__assessment=assessment).update(agree=False)
    LiveSession.objects.filter(assessment=assessment).update(phase=LiveSession.Phase.LOBBY)
    people = {"facilitator": facilitator.user, "representative": representative(assessment)}
    return f"{assessment.get_absolute_url()}session/", {name: session_of(user) for name, user in people.items()}


def representative(assessment: Assessment) -> User:
    return assessment.partnership.memberships.get(role=Role.REPRESENTATIVE).user


# --- what is measured


@contextmanager
def opened(browser: Browser, size: tuple[int, int], base: str, session: str = "") -> Iterator[Page]:
    """Open a window of this size, for somebody who is signed in or not."""
    width, tall = size
    context = browser.new_context(viewport={"width": width, "height": tall}, locale="en-GB")
    if session:
        context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
    yield context.new_page()
    context.close()


def of_the_start(browser: Browser, base: str) -> Iterator[Row]:
    with opened(browser, DESK, base) as page:
        way = Counted(page)
        starts_an_assessment(way, base, newest_mail)
    what = "from the landing page to open ratings, 5 partners, 6 people, 8 decisions"
    yield row(f"clicks {what}", way.clicks, MOST_CLICKS)
    yield row(f"pages {what}", len(way.pages), MOST_PAGES)


def newest_mail() -> str:
    """Return the text of the newest mail that the site has sent."""
    from django.conf import settings

    from powertool.localmail import parse_file

    newest = max(Path(settings.EMAIL_FILE_PATH).iterdir(), key=lambda file: file.stat().st_mtime_ns)
    return parse_file(newest)[-1].text


def of_a_measure(browser: Browser, base: str) -> Iterator[Row]:
    with opened(browser, DESK, base) as page:
        way = Counted(page)
        way.open(f"{base}/community/measures/")
        page.fill("[name=q]", PROBLEM)
        way.press("Find measures")
        page.get_by_role("main").locator("h3 a").first.click()
        way.clicks += 1
    yield row("clicks from a problem in one's own words to a measure", way.clicks, TO_A_MEASURE)


def of_a_question(browser: Browser, base: str, size: tuple[int, int], way: Way) -> Iterator[Row]:
    partners = size[0]
    address, people = way
    with opened(browser, PHONE, base, people["representative"]) as page:
        page.goto(f"{base}{address}")
        words = page.get_by_role("main").inner_text().split()
        page.goto(f"{base}{address}1/")
        words += spoken_before(page, "#p1")
        most = QUESTION_HEIGHT if partners == SIZES[0][0] else 0
        yield row(f"words before the first answer, {partners} partners", len(words), MOST_WORDS)
        yield row(f"height of one question on a phone, {partners} partners", height(page), most)


def of_a_session(browser: Browser, base: str, size: tuple[int, int], way: Way) -> Iterator[Row]:
    """Go through the lobby and the five moments, by the facilitator's presses, and measure both screens in each."""
    address, people = way
    with (
        opened(browser, DESK, base, people["facilitator"]) as desk,
        opened(browser, PHONE, base, people["representative"]) as phone,
    ):
        for page in (desk, phone):
            page.goto(f"{base}{address}")
            page.wait_for_selector(".session.is-live")
        yield row(f"lobby, phone, {size[0]} partners: height", height(phone), PHONE[1])
        desk.locator("button[value=phase-decisions]").click()
        for moment in Moment.values:
            if moment != Moment.TALK:
                desk.locator(f".moments button[value=moment-{moment}]").click()
            for page, kind in ((desk, "lead"), (phone, "card")):
                page.wait_for_selector(f"[data-kind={kind}-{moment}]")
            yield from of_a_moment(f"{Moment(moment).label}, {size[0]} partners", desk, phone)


def on_a_facilitators_phone(what: str, desk: Page) -> Iterator[Row]:
    """Measure the facilitator's screen as a phone shows it, then make the window as large as before."""
    desk.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    yield row(f"{what}: controls on the facilitator's phone", control_count(desk), MOST_CONTROLS)
    yield row(f"{what}: height on the facilitator's phone", height(desk))
    desk.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def of_a_moment(what: str, desk: Page, phone: Page) -> Iterator[Row]:
    yield row(f"{what}: controls on the facilitator's screen", control_count(desk), MOST_CONTROLS)
    yield row(f"{what}: height of the facilitator's screen", height(desk), DESK[1])
    yield from on_a_facilitators_phone(what, desk)
    yield row(f"{what}: controls on a phone", control_count(phone))
    yield row(f"{what}: height on a phone", height(phone), PHONE[1])
