"""Each page of partnerships in a real browser, on phone and desk: accessible, not wider than the screen, no errors."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from partnerships import services
from partnerships.models import Role
from tests.factories import make_cast, membership

pytestmark = pytest.mark.django_db(transaction=True)
SHOTS = os.environ.get("SHOTS")  # a folder for pictures to look at


def look(page, axe, name: str, width: int) -> None:
    """Check the page that is open."""
    page.wait_for_load_state()
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
    assert axe(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is too wide"


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_members(new_page, axe, width):
    cast = make_cast()
    link = services.invite(cast.membership(cast.north_facilitator), "link", Role.OBSERVER)
    code = services.invite(cast.membership(cast.north_facilitator), "join_code", Role.REPRESENTATIVE)
    for name in ("Wairimu", "Achieng"):
        waiting = membership(
            cast.partnership, Role.REPRESENTATIVE, cast.partners["s3"], admitted_at=None, user__name=name
        )
    here, partner = cast.partnership.code, cast.partners["s3"].code
    pages = {
        "home": reverse("home"),
        "list": reverse("partnerships:list"),
        "create": reverse("partnerships:create"),
        "notifications": reverse("partnerships:notifications"),
        "account": reverse("partnerships:account"),
        "workspace": reverse("partnerships:workspace", args=[here]),
        "people": reverse("partnerships:people", args=[here]),
        "invite": reverse("partnerships:invite", args=[here]),
        "invite-several": reverse("partnerships:invite_several", args=[here]),
        "messages": reverse("partnerships:messages", args=[here]),
        "shown": reverse("partnerships:invitation_shown", args=[here, link.code]),
        "shown-code": reverse("partnerships:invitation_shown", args=[here, code.code]),
        "projector": reverse("partnerships:projector", args=[here, code.code]),
        "void": reverse("partnerships:void", args=[here, waiting.code]),
        "partners": reverse("partnerships:partners", args=[here]),
        "partner": reverse("partnerships:change_partner", args=[here, partner]),
        "remove": reverse("partnerships:remove_partner", args=[here, partner]),
        "settings": reverse("partnerships:settings", args=[here]),
        "activity_log": reverse("partnerships:activity_log", args=[here]),
    }
    page = new_page(cast.north_facilitator, width=width)
    for name, address in pages.items():
        page.goto(address)
        look(page, axe, name, width)
    page = new_page(cast.south_representative, width=width)
    page.goto(reverse("partnerships:organisation", args=[here]))
    look(page, axe, "organisation", width)


@pytest.mark.parametrize("width", [360, 1280])
def test_guest_from_the_projector_to_the_workspace(new_page, axe, width):
    """Without scripts, as on many a phone."""
    cast = make_cast()
    code = services.invite(cast.membership(cast.north_facilitator), "join_code", Role.REPRESENTATIVE)
    page = new_page(width=width)
    page.goto(reverse("partnerships:join"))
    look(page, axe, "join", width)
    page.fill("[name=code]", code.code.upper())
    page.click("button:has-text('Continue')")
    look(page, axe, "invitation", width)
    page.select_option("[name=partner]", label="South 3 (South)")
    page.fill("[name=name]", "Gathoni")
    page.click("text=Join without an account")
    look(page, axe, "resume-code", width)
    resume_code = page.inner_text(".resume-code")
    page.click("text=I have saved the code")
    look(page, axe, "waiting", width)
    hers = cast.partnership.memberships.get(user__name="Gathoni")
    services.confirm_membership(hers, cast.membership(cast.north_facilitator))
    services.confirm_membership(hers, cast.membership(cast.south_facilitator))
    page.click("text=Check again")
    assert cast.partnership.name in page.inner_text("h1")

    other = new_page(width=width)
    other.goto(reverse("partnerships:resume"))
    look(other, axe, "resume", width)
    other.fill("[name=code]", resume_code)
    other.click("button:has-text('Return')")
    assert cast.partnership.name in other.inner_text("h1")
    other.goto(reverse("partnerships:account"))
    look(other, axe, "account-guest", width)
