"""From the landing page to open ratings, by somebody new: five partners, six invitations, eight decisions.

The browser test and `bench.way` go the same way.
"""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from bench.screens import Counted

PASSWORD = "unrelated-words-42"  # noqa: S105 (of an account that lives as long as the run)
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


def signs_up(way: Counted, newest_mail: Callable[[], str]) -> None:
    page = way.page
    expect(page.get_by_text("You need an account to start a partnership.")).to_be_visible()
    page.fill("[name=email]", "noor@example.org")
    page.fill("[name=name]", "Noor de Wit")
    page.fill("[name=password1]", PASSWORD)
    way.press("Create an account")
    (code,) = re.findall(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", newest_mail(), re.MULTILINE)
    page.fill("[name=code]", code)
    way.press("Continue")


def names_it(way: Counted) -> None:
    expect(way.page.get_by_role("heading", name="Your partnership")).to_be_visible()
    way.page.fill("[name=name]", "Water for All")
    way.page.fill("[name=organisation]", "Northern Aid")
    way.press("Continue")


def lists_partners(way: Counted) -> None:
    expect(way.page.locator("[name=lines-0-name]")).to_have_value("Northern Aid")
    for row, (name, acronym, country, side) in enumerate(PARTNERS):
        way.page.fill(f"[name=lines-{row}-name]", name)
        way.page.fill(f"[name=lines-{row}-acronym]", acronym)
        way.page.fill(f"[name=lines-{row}-country]", country)
        way.page.select_option(f"[name=lines-{row}-side]", side)
    way.press("Continue")


def invites_people(way: Counted) -> None:
    way.tick(way.page.get_by_label("I also represent my organisation: Northern Aid"))
    for row, (name, partner, role, email, language) in enumerate(PEOPLE):
        way.page.fill(f"[name=lines-{row}-name]", name)
        way.page.select_option(f"[name=lines-{row}-partner]", partner)
        way.page.select_option(f"[name=lines-{row}-role]", role)
        way.page.fill(f"[name=lines-{row}-email]", email)
        way.page.select_option(f"[name=lines-{row}-language]", language)
    way.press("Start the partnership and invite these people")


def says_who_sees_what(way: Counted) -> None:
    expect(way.page.get_by_role("heading", name="Who sees what")).to_be_visible()
    expect(way.page.get_by_text("We are sending 4 invitations by e-mail.")).to_be_visible()
    way.page.fill("[name=rating_due]", "2030-05-01")
    way.page.fill("[name=session_on]", "2030-05-10")
    way.page.fill("[name=session_time]", "14:00")
    way.page.select_option("[name=session_zone]", "Africa/Nairobi")
    way.page.fill("[name=session_place]", "The big room")
    way.press("Continue to the decisions")


def ticks_decisions(way: Counted) -> None:
    for box in way.page.locator("[name=topics]").all()[:6]:
        way.tick(box)
    way.page.fill("[name=wordings]", "Buying cars\nHiring the director\n")
    way.press("Continue to the last step")


def opens(way: Counted) -> None:
    expect(way.page.get_by_text("8 decisions are on the list.")).to_be_visible()
    expect(way.page.get_by_text("6 invited people have not joined yet.")).to_be_visible()
    expect(way.page.get_by_text("Some organisations have no representative yet.")).to_be_visible()
    way.tick(way.page.locator("[name=in_spite]"))
    way.press("Open the private ratings")
    expect(way.page.get_by_text("The private ratings are open.")).to_be_visible()
    expect(way.page.get_by_text("We are sending an e-mail to 1 representative.")).to_be_visible()


def starts_an_assessment(way: Counted, address: str, newest_mail: Callable[[], str]) -> None:
    """Go the whole way, from the landing page at this address until the private ratings are open."""
    way.open(address)
    way.follow("Start")
    signs_up(way, newest_mail)
    for step in (names_it, lists_partners, invites_people, says_who_sees_what, ticks_decisions, opens):
        step(way)
