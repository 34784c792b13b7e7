"""The way of a guest in a real browser, on phone and desk: accessible, not wider than the screen, no errors."""

import pytest
from django.urls import reverse

from partnerships import services
from partnerships.models import Role
from tests.browser import on_phone_and_desk
from tests.e2e.looks import too_wide
from tests.factories import make_cast

pytestmark = pytest.mark.django_db(transaction=True)


def look(page, axe) -> None:
    """Check the page that is open."""
    page.wait_for_load_state()
    for shown in on_phone_and_desk(page, "light"):
        assert axe(page) == too_wide(page) == [], shown


def test_guest_from_the_projector_to_the_workspace(new_page, axe):
    """Without scripts, as on many a phone."""
    cast = make_cast()
    code = services.invite(cast.membership(cast.north_facilitator), "join_code", Role.REPRESENTATIVE)
    page = new_page()
    page.goto(reverse("partnerships:join"))
    look(page, axe)
    page.fill("[name=code]", code.code.upper())
    page.click("button:has-text('Continue')")
    look(page, axe)
    page.select_option("[name=partner]", label="South 3 (South)")
    page.fill("[name=name]", "Gathoni")
    page.click("text=Join without an account")
    look(page, axe)
    resume_code = page.inner_text(".resume-code")
    page.click("text=I have saved the code")
    look(page, axe)
    hers = cast.partnership.memberships.get(user__name="Gathoni")
    services.confirm_membership(hers, cast.membership(cast.north_facilitator))
    services.confirm_membership(hers, cast.membership(cast.south_facilitator))
    page.click("text=Check again")
    assert cast.partnership.name in page.inner_text("h1")

    other = new_page()
    other.goto(reverse("partnerships:resume"))
    look(other, axe)
    other.fill("[name=code]", resume_code)
    other.click("button:has-text('Return')")
    assert cast.partnership.name in other.inner_text("h1")
    other.goto(reverse("partnerships:account"))
    look(other, axe)
