"""The main job in a browser: from signing up to the closed report, three people at once, with a real worker.

A Northern facilitator, a Southern facilitator and a Southern representative on a phone sit in browsers of their own,
beside them a guest. Whoever else answers does so through the services. All numbers expected are worked out by hand.

All of them have only a keyboard (tests/e2e/keys.py): whatever keys reach and do, a mouse does too, and the tests of the
single pages use one. By mouse the same way would take a third less time; going it twice would show no more.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from assessments.models import Action, Assessment, Job, Outcome, Stage
from assessments.models.private import AnswerEvent, Rater, Rating
from partnerships import services
from partnerships.models import Membership, Partner, Partnership, Role
from tests.assessments.making import answer_all, nothing_to_add
from tests.browser import Watch
from tests.e2e.keys import by_keys  # noqa: F401 (a fixture)
from tests.factories import membership
from tests.pdf import streams
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "unrelated-words-42"
PARTNERS = (
    # name, acronym, side, country; by number, as the assessment counts them
    ("Northern Aid", "NA", "north", "NL"),
    ("River Fund", "RF", "north", "DE"),
    ("Amani Network", "AM", "south", "KE"),
    ("Jamii Trust", "JT", "south", "KE"),
    ("Maji Union", "MU", "south", "UG"),
)
BUDGET, COORDINATOR = "Dividing the budget", "Hiring the coordinator"
PROMISE = "They are not shown the levels that you gave."
# By decision and side of the partner. The South sees gaps of 4 − 1 and 4 − 2, the North of 3 − 2 and 3 − 3.
SEEN_BY_SOUTH = {1: {"north": 4, "south": 1}, 2: {"north": 4, "south": 2}}
SEEN_BY_NORTH = {1: {"north": 3, "south": 2}, 2: {"north": 3, "south": 3}}
PERCEPTION = (
    "Both sides see Northern partners at a higher level than Southern partners. "
    "Southern partners see a gap of 2.5 levels, and Northern partners "
    "see a gap of 0.5 levels."
)  # (3 + 2) / 2 and (1 + 0) / 2
AGREED = {1: {1: 4, 2: 2, 3: 1, 4: 1, 5: 1}, 2: {1: 3, 2: 3, 3: 2, 4: 2, 5: 2}}
FINDING = "Southern partners decide or co-decide in 0 of 2 decisions."


@dataclass
class Three:
    """Who plays: each in a browser context of her own."""

    north: Page
    south: Page
    representative: Page

    def everybody(self) -> tuple[Page, Page, Page]:
        return (self.north, self.south, self.representative)


@pytest.fixture
def three(celery_worker: Path, new_page, by_keys) -> Three:  # noqa: F811
    return Three(new_page(), new_page(), new_page(width=360, height=740))


def test_from_sign_up_to_the_closed_report(three, new_page, watch):
    partnership = starts_a_partnership(three.north)
    invites_by_mail(three.north, three.south)
    joins_by_code(three, new_page)
    others_take_their_memberships(partnership)
    assessment = proposes_and_opens(three)
    answers_alone(three.representative, assessment)
    others_answer(assessment)
    closes_the_ratings(three, assessment)
    records_the_first_decision(three, assessment, watch)
    records_the_second_decision(three)
    reads_back(three, assessment)
    reads_the_result(three, assessment)
    takes_the_report_home(three)


# --- coming in


def signs_up(page: Page, email: str, name: str) -> None:
    """From the form of an account over the code in the mail to being signed in."""
    page.fill("[name=email]", email)
    page.fill("[name=name]", name)
    page.fill("[name=password1]", PASSWORD)
    page.get_by_role("button", name="Create an account").click()
    expect(page.get_by_role("heading", name="Enter the code from your e-mail")).to_be_visible()
    (code,) = re.findall(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mail_to(email), re.MULTILINE)
    page.fill("[name=code]", code)
    page.locator("main .btn-primary").click()


def mail_to(email: str) -> str:
    """Return the only mail that the site has sent to an address."""
    (found,) = (each for each in mail.outbox if each.to == [email])
    return str(found.body)


def starts_a_partnership(page: Page) -> Partnership:
    page.goto("/accounts/signup/")
    signs_up(page, "freek@example.org", "Freek North")
    expect(page.get_by_role("heading", name="Begin with a partnership")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Start a partnership").click()
    page.fill("[name=name]", "Water for All")
    page.fill("[name=organisation]", "Northern Aid")
    page.get_by_role("button", name="Continue").click()
    for row, (name, acronym, side, country) in enumerate(PARTNERS):
        page.fill(f"[name=lines-{row}-name]", name)
        page.fill(f"[name=lines-{row}-acronym]", acronym)
        page.fill(f"[name=lines-{row}-country]", country)
        page.select_option(f"[name=lines-{row}-side]", side)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Start the partnership and invite these people").click()
    expect(page.get_by_role("heading", level=1, name="Who sees what")).to_be_visible()
    page.get_by_role("link", name="Water for All").click()
    assert list(Partner.objects.values_list("name", "acronym", "side", "country")) == list(PARTNERS)
    return Partnership.objects.get()


def invites_by_mail(north: Page, south: Page) -> None:
    """The co-facilitator: mailed by the worker; she makes an account and comes back to the invitation."""
    north.get_by_role("link", name="Invite people").click()
    north.fill("[name=lines-0-name]", "Fatma South")
    north.select_option("[name=lines-0-partner]", "Amani Network")
    north.select_option("[name=lines-0-role]", "facilitator")
    north.fill("[name=lines-0-email]", "fatma@example.org")
    north.get_by_role("button", name="Invite these people").click()
    expect(north.get_by_role("heading", name="Fatma South")).to_be_visible()
    north.get_by_role("main").get_by_role("link", name="People").last.click()
    south.goto(wait_until(lambda: invitation_mailed_to("fatma@example.org"), what="the worker has mailed it"))
    expect(south.get_by_text("as a facilitator and lead the assessment")).to_be_visible()
    south.get_by_role("button", name="Create an account first").click()
    expect(south.locator("[name=email]")).to_have_value("fatma@example.org")
    signs_up(south, "fatma@example.org", "Fatma South")
    south.get_by_role("button", name="Join as Fatma South").click()
    expect(south.get_by_role("heading", level=1, name="Water for All")).to_be_visible()
    expect(south.get_by_role("link", name="Start an assessment").first).to_be_visible()


def invitation_mailed_to(email: str) -> str | None:
    """Return the path of the link in the mail that the worker has written to its folder."""
    for file in Path(settings.EMAIL_FILE_PATH).glob("*.log"):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        if message["To"] == email:
            return re.search(r"/i/\w+\S*", message.get_content())[0]
    return None


def joins_by_code(three: Three, new_page) -> None:
    """The representative and a guest come in by the projected code; both facilitators confirm both memberships.

    She says as she comes in that her organisation's side is right; the guest says so once she is admitted.
    """
    three.north.get_by_role("link", name="Link or join code").click()
    three.north.get_by_label("A join code in the projector view, for everyone in the room").check()
    three.north.get_by_role("button", name="Create the invitation").click()
    three.north.get_by_role("link", name="Open the projector view").click()
    expect(three.north.get_by_role("main")).to_contain_text(re.compile(r"\b\w{4}-\w{4}\b"))
    code = re.search(r"\b\w{4}-\w{4}\b", three.north.get_by_role("main").inner_text())[0]

    phone = three.representative
    phone.goto("/accounts/signup/")
    signs_up(phone, "sara@example.org", "Sara South")
    phone.get_by_role("link", name="I have a join code").click()
    confirms_side = phone.get_by_label("I represent this organisation, and its side is correct.")
    enters(phone, code, "Jamii Trust (South)", "Join as Sara South", lambda: confirms_side.check())
    guest = new_page(width=360, height=740)
    guest.goto("/join")
    guest_name = guest.get_by_label("Your name")
    enters(guest, code, "Maji Union (South)", "Join without an account", lambda: guest_name.fill("Gathoni"))
    guest.get_by_role("link", name="I have saved the code").click()

    for waiting in (phone, guest):
        expect(waiting.get_by_role("heading", name="Your membership has not been confirmed yet")).to_be_visible()
    confirm_both(three.north)
    for waiting in (phone, guest):
        waiting.get_by_role("link", name="Check again").click()
        expect(waiting.get_by_role("listitem")).to_have_text(re.compile("Fatma South"))
    confirm_both(three.south)
    # Their pages go on by themselves.
    guest.get_by_role("link", name=re.compile("Maji Union")).click()
    guest.get_by_role("button", name="Confirm my organisation and side").click()
    for admitted in (phone, guest):
        expect(admitted.get_by_role("heading", level=1, name="Water for All")).to_be_visible()


def enters(page: Page, code: str, organisation: str, button: str, fill=lambda: None) -> None:
    page.get_by_label("Code").fill(code)
    page.get_by_role("main").locator(".btn-primary").click()
    page.get_by_label("Your organisation").select_option(label=organisation)
    fill()
    page.get_by_role("button", name=button).click()


def confirm_both(page: Page) -> None:
    page.goto(f"/partnerships/{Partnership.objects.get().code}/people/")
    for name in ("Sara South", "Gathoni"):
        expect(page.get_by_role("button", name=f"Confirm {name}")).to_be_visible()
    page.get_by_role("button", name="Confirm everyone").click()
    expect(page.get_by_role("button", name="Confirm everyone")).to_have_count(0)


def others_take_their_memberships(partnership: Partnership) -> None:
    """The two Northern representatives and one more Southern, not in the browser."""
    now = timezone.now()
    for acronym, name in (("NA", "Nora"), ("RF", "Rob"), ("AM", "Amina")):
        partner = partnership.partners.get(acronym=acronym)
        own = membership(partnership, Role.REPRESENTATIVE, partner, user__name=name, admitted_at=now)
        services.confirm_organisation(own, partner.side)
    assert partnership.memberships.in_force().representatives().filter(confirmed_at__isnull=False).count() == 5


# --- deciding what to talk about, and answering alone


def proposes_and_opens(three: Three) -> Assessment:
    north = three.north
    north.goto(f"/assessments/in/{Partnership.objects.get().code}/")
    north.get_by_role("link", name="Start an assessment").first.click()
    north.get_by_text("Title, phase and size of the smallest side shown").click()
    north.fill("[name=title]", "How we decide, 2026")
    north.get_by_role("button", name="Continue to the decisions").click()
    north.get_by_role("button", name="Ask everyone for proposals").click()
    assessment = wait_until(Assessment.objects.first)
    for page, wording in ((three.representative, BUDGET), (three.south, COORDINATOR)):
        page.goto(f"{assessment.get_absolute_url()}decisions/")
        page.fill("[name=wording]", wording)
        page.get_by_role("button", name="Propose").click()
        expect(page.locator(".decision-list")).to_contain_text(wording)
    north.goto(assessment.get_absolute_url())
    north.get_by_role("main").get_by_role("link", name="See what is missing").click()
    north.get_by_role("button", name="Open the private ratings").click()
    expect(north.get_by_text("The private ratings are open.")).to_be_visible()
    return assessment


def answers_alone(phone: Page, assessment: Assessment) -> None:
    """On her phone, from the promise to handing in; every answer is kept as she gives it."""
    phone.goto("/")
    phone.get_by_role("main").get_by_role("link", name="Answer the questions").click()
    expect(phone.locator(".promise-words")).to_contain_text(PROMISE)
    phone.locator("#promise summary").click()
    expect(phone.get_by_text("A sample of what others will see")).to_be_visible()
    phone.get_by_role("link", name="Begin", exact=True).click()
    for number in (1, 2):
        expect(phone.get_by_role("heading", level=1)).to_have_text((BUDGET, COORDINATOR)[number - 1])
        for place, (_name, _acronym, side, *_rest) in enumerate(PARTNERS, start=1):
            answers(phone, f"p{place}", SEEN_BY_SOUTH[number][side])
        answers(phone, "a", "no" if number == 1 else "yes")
        assert Rating.objects.filter(decision__number=number).count() == len(PARTNERS), "kept before she sends the page"
        kept = AnswerEvent.objects.count()
        phone.get_by_role("button", name="Save and continue").click()
    expect(phone.get_by_text("You have answered 12 of 12 questions.")).to_be_visible()
    phone.get_by_text("What happens if your side is small?").click()
    phone.get_by_label("Show our side even if it is small").check()
    phone.get_by_role("button", name="Submit my answers").click()
    expect(phone.get_by_role("heading", name="Thank you. You have submitted your answers.")).to_be_visible()
    assert AnswerEvent.objects.count() == kept, "sending a page counts no answer twice"
    assert Rater.objects.get().submitted_at


def answers(page: Page, cell: str, value: int | str) -> None:
    page.locator(f"#{cell} label", has=page.locator(f"input[value='{value}']")).click()
    expect(page.locator(f"#{cell} output")).to_have_text("Saved on the server")


def others_answer(assessment: Assessment) -> None:
    assessment = Assessment.objects.get(pk=assessment.pk)
    for own in Membership.objects.representatives().exclude(user__email="sara@example.org").select_related("partner"):
        seen = SEEN_BY_NORTH if own.partner.side == "north" else SEEN_BY_SOUTH
        answer_all(assessment, own, lambda number, partner, seen=seen: seen[number][partner.side], tick=True)


@contextmanager
def nothing_written_to(table: str) -> Iterator[None]:
    """Let whoever writes to a table wait, so that the pages can be seen before it is written."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
        yield


def closes_the_ratings(three: Three, assessment: Assessment) -> None:
    """The worker makes the Release; three pages that were open before it fill in by themselves."""
    north, south, phone = three.everybody()
    north.goto(assessment.get_absolute_url())
    expect(north.get_by_text("Rating is open.")).to_be_visible()
    north.get_by_role("link", name="Set the last day").click()
    north.get_by_label("Last day to answer").fill(timezone.localdate().isoformat())
    north.get_by_role("button", name="Set the last day").click()
    expect(north.get_by_text("The last day to answer has been set.")).to_be_visible()
    south.goto(f"{assessment.get_absolute_url()}words/close_rating/")
    south.get_by_role("button", name="Say yes for Southern partners").click()
    expect(south.get_by_text("We have recorded that your side agrees.")).to_be_visible()
    south.goto(f"{assessment.get_absolute_url()}session/")
    expect(south.get_by_text("The joint session has not begun")).to_be_visible()
    with nothing_written_to("assessments_release"):
        north.get_by_role("button", name="Say yes for Northern partners").click()
        expect(north.get_by_text("The private ratings are closed.")).to_be_visible()
        north.goto(f"{assessment.get_absolute_url()}dashboard/")
        phone.goto(f"{assessment.get_absolute_url()}dashboard/")
        for page in (north, phone):
            expect(page.get_by_text("This page will show them automatically.")).to_be_visible()
            expect(page.locator(".finding")).to_have_count(0)
        expect(south.get_by_role("heading", name="Who is here?")).to_be_visible()
    for page in (north, phone):
        expect(page.locator(".finding")).to_have_text(PERCEPTION)
        page.locator("#chart-perception").scroll_into_view_if_needed()  # a chart is drawn once it is looked at
        expect(page.locator("#chart-perception svg.main-svg").first).to_be_visible()
    south.get_by_role("button", name="Begin with the first decision").click()
    released = south.locator(".session-released")
    for side, by in (("north", "1.0"), ("south", "3 or more")):
        said = f"As seen by {side.capitalize()}: North {by} levels higher"
        expect(released.locator(f".side-{side}")).to_have_text(said)


# --- the joint session


def choose(page: Page, partner: int, level: int, kind: str = "c") -> None:
    page.locator(f"#{kind}-{partner}-{level}").check(force=True)
    expect(page.locator(f"#cell-{partner} output")).to_have_text("Saved")


def moves(page: Page, name: str) -> None:
    """Move everyone's screen, as whoever leads does."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)


def records_the_first_decision(three: Three, assessment: Assessment, watch: Watch) -> None:
    """One facilitator records, the other and the representative see it; a “no” brings desired levels and an action.

    The representative's own “no” makes it a “no”: a “yes”, over which arrow keys lead to it, is not taken.
    """
    north, south, phone = three.everybody()
    for page in (north, phone):
        page.goto(f"{assessment.get_absolute_url()}session/")
        expect(page.locator(".session.is-live")).to_have_count(1)
    moves(north, "Ask for levels")
    for partner, level in AGREED[1].items():
        choose(north, partner, level)
        expect(south.locator(f"#c-{partner}-{level}")).to_be_checked()
    expect(phone.locator("#row-1")).to_contain_text("4 decides")
    expect(phone.locator("#row-3")).to_contain_text("1 informed only")
    assert phone.locator("[data-record]").count() == 0

    moves(north, "Do we agree?")
    south.locator("#agree-yes").click()  # ticked only until the server has answered
    expect(south.locator("#outcome output")).to_contain_text("The private answers show that not everyone agrees.")
    watch.expect("/session/1/?follow=yes: Failed to load resource: the server responded with a status of 409")
    expect(south.locator("#agree-open")).to_be_checked()
    assert Outcome.objects.get().agree is None
    south.locator("#agree-no").check(force=True)
    expect(south.locator("#outcome output")).to_have_text("Saved")
    expect(north.locator("#agree-no")).to_be_checked()
    moves(south, "Which levels do we want?")
    for partner in (3, 4, 5):
        choose(south, partner, 3, "d")
        expect(north.locator(f"#d-{partner}-3")).to_be_checked()
    moves(north, "What will we do?")
    for partner in (3, 4, 5):
        expect(phone.locator(f"#row-{partner} .want")).to_have_text("3")
    north.get_by_role("textbox", name="Planned action").fill("Send the draft budget early")
    north.get_by_label("Responsible partner").select_option(label="Northern Aid")
    north.get_by_label("By when").fill("2031-05-01")
    north.get_by_label("Which partner will confirm").select_option(label="Jamii Trust")
    north.get_by_role("button", name="Add this action").click()
    for page in three.everybody():
        expect(page.get_by_text("Send the draft budget early").first).to_be_visible()


def records_the_second_decision(three: Three) -> None:
    north, south, phone = three.everybody()
    moves(north, "Read the result aloud and go on to decision 2")
    for page in three.everybody():
        expect(page.get_by_role("heading", level=1)).to_have_text(COORDINATOR)
    moves(north, "Ask for levels")
    for partner, level in AGREED[2].items():
        choose(south, partner, level)
    expect(phone.locator("#row-5")).to_contain_text("2 consulted")
    moves(north, "Do we agree?")
    south.locator("#agree-yes").check(force=True)
    expect(south.locator("#outcome output")).to_have_text("Saved")
    expect(phone.locator(".card-outcome")).to_have_text("We agree")


def reads_back(three: Three, assessment: Assessment) -> None:
    north, south, phone = three.everybody()
    north.get_by_role("link", name="Go to the final review").click()
    north.get_by_role("link", name="Start the final review").click()
    north.get_by_role("button", name="Go to the final review").click()
    expect(north.get_by_text("The final review is open.")).to_be_visible()
    for page in three.everybody():
        page.goto(f"{assessment.get_absolute_url()}closing/")
        expect(page.get_by_role("heading", name="Review of what was agreed")).to_be_visible()
        expect(page.get_by_role("link", name="Send the draft budget early")).to_be_visible()
    phone.locator("#reply textarea").fill("We were glad to see this on paper.")
    phone.get_by_role("button", name="Save the reply from JT").click()
    expect(phone.get_by_role("blockquote").filter(has_text="We were glad to see this on paper.")).to_be_visible()
    nothing_to_add(assessment)
    confirms(north)
    expect(north.get_by_text("You have confirmed the final review.")).to_be_visible()
    assert Assessment.objects.get().stage == Stage.FINAL_REVIEW
    confirms(south)
    expect(south.get_by_role("heading", level=1, name="What was agreed")).to_be_visible()
    assert Assessment.objects.get().stage == Stage.CLOSED


def confirms(page: Page) -> None:
    page.get_by_role("button", name="Confirm the final review").click()
    page.get_by_role("button", name="Yes, I confirm").click()


# --- what came out


def cells(page: Page, section: str) -> list[list[str]]:
    """Return the texts of a table's rows, without its head."""
    rows = page.locator(f"section[aria-labelledby={section}] tbody tr").all()
    return [[" ".join(cell.inner_text().split()) for cell in row.locator("th, td").all()] for row in rows]


def reads_the_result(three: Three, assessment: Assessment) -> None:
    wait_until(lambda: not Job.objects.pending().exists(), 60, "nothing is left to compute, and no page loads anew")
    for page in three.everybody():
        page.goto(f"{assessment.get_absolute_url()}dashboard/")
        expect(page.locator(".finding")).to_have_text(FINDING)
        page.locator("#chart-gap").scroll_into_view_if_needed()  # it is drawn once it is near
        expect(page.locator("#chart-gap svg.main-svg").first).to_be_visible()
        expect(page.get_by_text(PERCEPTION)).to_be_visible()
    page = three.north
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert cells(page, "agreed") == [
        [
            f"1. {BUDGET}",
            "3",
            "1",
            "only Northern partners",
            "1.8 · consulted beforehand balance: 50 out of 100 Northern partners have the higher average level.",
        ],
        [
            f"2. {COORDINATOR}",
            "3",
            "2",
            "only Northern partners",
            "2.4 · consulted beforehand balance: 75 out of 100 Northern partners have the higher average level.",
        ],
    ]
    assert cells(page, "matrix") == [
        [f"1. {BUDGET}", "4", "2", "13", "13", "13"],  # level, and the ring: the level the group wants
        [f"2. {COORDINATOR}", "3", "3", "2", "2", "2"],
    ]
    assert [(row[0].split(" North")[0], row[2], row[3]) for row in cells(page, "influence")][:2] == [
        ("Northern Aid", "3.5", "1"),
        ("River Fund", "2.5", "2"),
    ]
    assert [row[2:] for row in cells(page, "influence")][2:] == [["1.5", "3"]] * 3
    assert cells(page, "holders") == [["Only Northern partners", "2"]]
    expect(
        page.get_by_text("In 1 of the 2 decisions that have an answer, everyone agrees with how partners are involved.")
    ).to_be_visible()
    expect(
        page.get_by_text("The group wants a higher average level for Southern partners in 1 decision.")
    ).to_be_visible()


def takes_the_report_home(three: Three) -> None:
    """The same numbers on paper: a tagged PDF that the worker makes."""
    page = three.representative
    page.get_by_role("link", name="Read the report").click()
    expect(page.locator(".finding")).to_have_text(FINDING)
    expect(page.get_by_text("We were glad to see this on paper.")).to_be_visible()
    expect(page.get_by_text("Send the draft budget early")).to_be_visible()
    with nothing_written_to("assessments_report"):
        page.get_by_role("button", name="Create the PDF").click()
        expect(page.get_by_text("We are preparing the PDF,")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF").click()
    assert re.fullmatch(r"how-we-decide-2026-\d{4}-\d\d-\d\d-en\.pdf", download.value.suggested_filename)
    pdf = Path(download.value.path()).read_bytes()
    assert pdf.startswith(b"%PDF")
    assert len(pdf) > 20_000
    whole = pdf + b"".join(streams(pdf))
    for mark in (b"/MarkInfo", b"/StructTreeRoot", b"<dc:title>", b"How we decide, 2026"):
        assert mark in whole, mark
    assert Action.objects.get().text == "Send the draft budget early"
