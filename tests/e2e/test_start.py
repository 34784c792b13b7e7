"""From the landing page to open ratings, by somebody new: five partners, six invitations, eight decisions."""

import re
from dataclasses import dataclass, field

import pytest
from django.core import mail
from playwright.sync_api import Locator, Page, expect

from assessments.models import Assessment, Stage
from partnerships.models import Invitation, Membership, Partnership, Role
from partnerships.tasks import send_notifications

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "unrelated-words-42"
PARTNERS = (
    ("Northern Aid", "NA", "Netherlands", "north"),
    ("Amani Network", "AM", "Kenya", "south"),
    ("Jamii Trust", "JT", "Uganda", "south"),
    ("Maji Union", "MU", "Burkina Faso", "south"),
    ("River Fund", "RF", "Germany", "other"),
)
PEOPLE = (
    ("Wanjiru", "Amani Network", "facilitator", "wanjiru@example.org", "en"),
    ("Kofi", "Amani Network", "representative", "kofi@example.org", "en"),
    ("Esi", "Jamii Trust", "representative", "", "en"),
    ("Awa", "Maji Union", "representative", "awa@example.org", "fr"),
    ("Issa", "Maji Union", "observer", "", "fr"),
    ("Rolf", "River Fund", "representative", "rolf@example.org", "en"),
)


@dataclass
class Counted:
    """A browser whose clicks and pages are counted, as WAY counts them: presses of links, buttons and ticks."""

    page: Page
    clicks: int = 0
    pages: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.saw()

    def saw(self) -> None:
        self.page.wait_for_load_state()
        self.pages.append(self.page.url)

    def tick(self, at: Locator) -> None:
        at.check()
        self.clicks += 1

    def press(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).last.click()
        self.clicks += 1
        self.saw()

    def follow(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
        self.clicks += 1
        self.saw()


def signs_up(way: Counted) -> None:
    page = way.page
    expect(page.get_by_text("You need an account to start a partnership.")).to_be_visible()
    page.fill("[name=email]", "noor@example.org")
    page.fill("[name=name]", "Noor de Wit")
    page.fill("[name=password1]", PASSWORD)
    way.press("Make an account")
    (code,) = re.findall(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", str(mail.outbox[-1].body), re.MULTILINE)
    page.fill("[name=code]", code)
    way.press("Go on")


def names_it(way: Counted) -> None:
    expect(way.page.get_by_role("heading", name="Your partnership")).to_be_visible()
    way.page.fill("[name=name]", "Water for All")
    way.page.fill("[name=organisation]", "Northern Aid")
    way.press("Go on")


def lists_partners(way: Counted) -> None:
    expect(way.page.locator("[name=lines-0-name]")).to_have_value("Northern Aid")
    for row, (name, acronym, country, side) in enumerate(PARTNERS):
        way.page.fill(f"[name=lines-{row}-name]", name)
        way.page.fill(f"[name=lines-{row}-acronym]", acronym)
        way.page.fill(f"[name=lines-{row}-country]", country)
        way.page.select_option(f"[name=lines-{row}-side]", side)
    way.press("Go on")


def invites_people(way: Counted) -> None:
    way.tick(way.page.get_by_label("I also represent my organisation: Northern Aid"))
    for row, (name, partner, role, email, language) in enumerate(PEOPLE):
        way.page.fill(f"[name=lines-{row}-name]", name)
        way.page.select_option(f"[name=lines-{row}-partner]", partner)
        way.page.select_option(f"[name=lines-{row}-role]", role)
        way.page.fill(f"[name=lines-{row}-email]", email)
        way.page.select_option(f"[name=lines-{row}-language]", language)
    way.press("Start the partnership and invite them")


def says_who_sees_what(way: Counted) -> None:
    expect(way.page.get_by_role("heading", name="Who sees what")).to_be_visible()
    expect(way.page.get_by_text("We are sending 4 invitations by e-mail.")).to_be_visible()
    way.page.fill("[name=rating_due]", "2030-05-01")
    way.page.fill("[name=session_on]", "2030-05-10")
    way.page.fill("[name=session_time]", "14:00")
    way.page.select_option("[name=session_zone]", "Africa/Nairobi")
    way.page.fill("[name=session_place]", "The big room")
    way.press("Go on to the decisions")


def ticks_decisions(way: Counted) -> None:
    for box in way.page.locator("[name=topics]").all()[:6]:
        way.tick(box)
    way.page.fill("[name=wordings]", "Buying cars\nHiring the director\n")
    way.press("Go on to the last step")


def opens(way: Counted) -> None:
    expect(way.page.get_by_text("8 decisions are on the list.")).to_be_visible()
    expect(way.page.get_by_text("6 invited people have not joined yet.")).to_be_visible()
    expect(way.page.get_by_text("Some organisations have no representative yet.")).to_be_visible()
    way.tick(way.page.locator("[name=in_spite]"))
    way.press("Open the private ratings")
    expect(way.page.get_by_text("The private ratings are open.")).to_be_visible()
    expect(way.page.get_by_text("We are sending an e-mail to 1 representative.")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_landing_page_to_open_ratings(new_page, scripts):
    way = Counted(new_page(java_script_enabled=scripts))
    way.open("/")
    way.follow("Start")
    for step in (signs_up, names_it, lists_partners, invites_people, says_who_sees_what, ticks_decisions, opens):
        step(way)
    assert (way.clicks <= 25, len(way.pages) <= 12) == (True, True), (way.clicks, way.pages)
    there_it_is(Assessment.objects.get())
    mails_go_out_in_two_languages()


def there_it_is(assessment: Assessment) -> None:
    partnership = Partnership.objects.get()
    assert assessment.stage == Stage.RATING
    assert assessment.session_at
    assert assessment.session_at.isoformat() == "2030-05-10T11:00:00+00:00"
    assert assessment.decisions.count() == 8
    assert [one.side for one in partnership.partners.all()] == [side for *_others, side in PARTNERS]
    assert set(partnership.memberships.in_force().values_list("role", flat=True)) == {
        Role.FACILITATOR,
        Role.REPRESENTATIVE,
    }
    assert Membership.objects.count() == 2
    assert list(Invitation.objects.order_by("pk").values_list("name", flat=True)) == [one[0] for one in PEOPLE]


def mails_go_out_in_two_languages() -> None:
    mail.outbox.clear()
    send_notifications()
    invited = {each.to[0]: each for each in mail.outbox if "/i/" in str(each.body)}
    assert set(invited) == {"wanjiru@example.org", "kofi@example.org", "awa@example.org", "rolf@example.org"}
    assert "invites you" in invited["kofi@example.org"].subject
    assert "vous invite" in invited["awa@example.org"].subject
