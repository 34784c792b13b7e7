"""Every URL of partnerships and of the site itself that takes posts, with one field wrong at a time."""

import pytest
from django.urls import reverse

from partnerships import services
from partnerships.models import Role
from tests.partnerships.test_access import OPEN_PAGES, PAGES, addresses, people  # noqa: F401 (a fixture)
from tests.security.fuzzing import Post, all_faults
from tests.security.queries import noted, query_faults  # noqa: F401 (a fixture)

PARTNER = {"name": "Newcomers", "acronym": "NEW", "country": "KE", "side": "south", "kind": "national"}
LINES = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0"}
LINE = {"name": "Newcomers", "acronym": "NEW", "country": "Kenya", "side": "south"}
POSTS = {
    "invitation": Post("a", {"name": "Gathoni", "employer": "A university"}),
    "invitation by account": Post("a", {"how": "login"}),
    "join": Post("a", {"code": "{join}"}, accepted=False),
    "resume": Post("a", {"code": "abcd-efgh"}, accepted=False),
    "create": Post("o", {"name": "Together", "organisation": "Givers"}),
    "create_partners": Post("e", LINES | {f"lines-0-{name}": value for name, value in LINE.items()}, accepted=False),
    "create_people": Post(
        "e", LINES | {"lines-0-name": "Ada", "lines-0-role": "observer", "lines-0-language": "fr"}, accepted=False
    ),
    "create_discard": Post("o", accepted=False),
    "invite_several": Post(
        "f",
        LINES
        | {"lines-0-name": "Ada", "lines-0-role": "representative", "lines-0-partner": "South 1"}
        | {"lines-0-email": "ada@example.org", "lines-0-language": "fr"},
        accepted=False,
    ),
    "represent": Post("f"),
    "resend": Post("f", accepted=False),
    "tokens": Post("f", {"name": "Spreadsheet", "days": "90"}),
    "revoke_token": Post("f", accepted=False),
    "notifications": Post("f", {"upto": "1"}, accepted=False),
    "account": Post("f", {"name": "Fatma", "language": "fr"}),
    "keep": Post("g", {"how": "signup"}),
    "merge": Post("o", {"yes": "yes"}, accepted=False),
    "settings": Post("f", {"name": "Water", "north_label": "Givers"}),
    "archive": Post("f", {"do": "archive"}),
    "second_step": Post("f", {"do": "require"}),
    "delete": Post("f"),
    "leave": Post("r"),
    "organisation": Post("r", {"side": "north"}),
    "add_partner": Post("f", PARTNER),
    "change_partner": Post("f"),
    "remove_partner": Post("f"),
    "leave_partner": Post("f"),
    "invite": Post("f", {"role": "observer", "channel": "email", "email": "new@example.org", "days": "14"}),
    "confirm_all": Post("f", {"membership": "{membership}"}),
    "confirm": Post("f"),
    "void": Post("f"),
    "withdraw": Post("f"),
    "language": Post("r", {"language": "fr", "next": "/partnerships/"}),
}


@pytest.mark.usefixtures("patient")
def test_no_wrong_field_breaks_and_nobody_refused_changes_a_row(cast, addresses):  # noqa: F811
    join = services.invite(cast.membership(cast.north_facilitator), "join_code", Role.OBSERVER)
    codes = {
        "foreign": cast.other_partnership.partners.first().code,
        "join": join.code,
        "membership": cast.partnership.memberships.filter(admitted_at=None).get().code,
    }
    there = addresses | {"language": reverse("language")}
    assert not (wrong := all_faults(POSTS, people(cast), there, codes)), wrong


@pytest.mark.usefixtures("patient")
def test_no_wrong_parameter_breaks_changes_a_row_or_comes_back_as_it_is(cast, addresses, noted):  # noqa: F811
    names, wrong = query_faults(OPEN_PAGES | PAGES, people(cast), addresses, noted)
    assert not wrong, wrong
    assert names["invite"] == {"partner", "role"}
