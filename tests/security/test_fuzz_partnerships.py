"""Every URL of partnerships and of the site itself that takes posts, with one field wrong at a time."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships import services
from partnerships.models import Invitation, Role
from partnerships.notifications import notify
from partnerships.services import tokens
from tests.partnerships.test_access import OPEN_PAGES, PAGES, addresses, people  # noqa: F401 (a fixture)
from tests.security.fuzzing import Post, Scene, all_faults, at
from tests.security.queries import noted, query_faults  # noqa: F401 (a fixture)


def a_guest(scene: Scene) -> dict[str, str]:
    """Let somebody have joined as a guest, and know their resume code."""
    invitation = services.invite(scene.cast.membership(scene.cast.north_facilitator), "link", Role.OBSERVER)
    code = services.new_resume_code()
    services.join_as_guest(invitation, "Gudrun Guest", code, employer="A university")
    return {"resume_code": code}


def guest_to_take_over(scene: Scene) -> None:
    """Let the person with an account have entered the resume code of a guest."""
    scene.browsers["o"].post(reverse("partnerships:resume"), {"code": a_guest(scene)["resume_code"]})


def a_draft(scene: Scene) -> None:
    """Let two people have a draft of a partnership with its partners."""
    partners = [
        LINE | {"name": name, "side": side, "acronym": ""} for name, side in (("Givers", "north"), ("Amani", "south"))
    ]
    for who in "eo":
        services.keep_draft(
            scene.people[who], f"draft-of-{who}", name="Together", organisation="Givers", partners=partners
        )


def mailed_long_ago(scene: Scene) -> dict[str, str]:
    """Let an invitation have been mailed two hours ago."""
    by = scene.cast.membership(scene.cast.north_facilitator)
    made = services.invite(by, "email", Role.OBSERVER, email="ada@example.org")
    Invitation.objects.filter(pk=made.pk).update(mailed_at=timezone.now() - timedelta(hours=2))
    return at("partnerships", scene.cast.partnership.code, made.code, names=("resend",))


def a_token(scene: Scene) -> dict[str, str]:
    """Let the facilitator have a token for programs."""
    tokens.make(scene.people["f"], "Spreadsheet", 90, "11111111-1111-4111-8111-111111111111")
    return at("partnerships", scene.people["f"].api_tokens.get().code, names=("revoke_token",))


def a_notification(scene: Scene) -> None:
    """Let the facilitator have a notification that they have not read."""
    notify("partnerships.invited", [scene.people["f"]], "/", "once", mail=False, name="Ada", partnership="Water")


PARTNER = {"name": "Newcomers", "acronym": "NEW", "country": "KE", "side": "south", "kind": "national"}
LINES = {"do": "", "lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0"}
LINE = {"name": "Newcomers", "acronym": "NEW", "country": "Kenya", "side": "south"}
POSTS = {
    "invitation": Post("a", {"name": "Gathoni", "employer": "A university", "how": ""}),
    "invitation by account": Post("a", {"how": "login"}, shows="/accounts/login/?next=/i/"),
    "join": Post("a", {"code": "{join}"}, shows="'Location': '/i/"),
    "resume": Post("a", {"code": "{resume_code}"}, state=a_guest),
    "create": Post("o", {"name": "Together", "organisation": "Givers"}),
    "create_partners": Post("e", LINES | {f"lines-0-{name}": value for name, value in LINE.items()}, state=a_draft),
    "create_people": Post(
        "e", LINES | {"lines-0-name": "Ada", "lines-0-role": "observer", "lines-0-language": "fr"}, state=a_draft
    ),
    "create_discard": Post("o", state=a_draft),
    "invite_several": Post(
        "f",
        LINES
        | {"lines-0-name": "Ada", "lines-0-role": "representative", "lines-0-partner": "{partner}"}
        | {"lines-0-email": "ada@example.org", "lines-0-language": "fr"},
    ),
    "represent": Post("f"),
    "resend": Post("f", state=mailed_long_ago),
    "tokens": Post("f", {"name": "Spreadsheet", "days": "90"}),
    "revoke_token": Post("f", state=a_token),
    "notifications": Post("f", state=a_notification),
    "account": Post("f", {"name": "Fatma", "language": "fr"}),
    "keep": Post("g", {"how": "signup"}, shows="/accounts/signup/?next="),
    "merge": Post("o", {"yes": "yes"}, state=guest_to_take_over),
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
        "partner": cast.partners["s1"].name,
        "membership": cast.partnership.memberships.filter(admitted_at=None).get().code,
    }
    there = addresses | {"language": reverse("language")}
    assert not (wrong := all_faults(POSTS, people(cast), there, codes, cast=cast)), wrong


@pytest.mark.usefixtures("patient")
def test_no_wrong_parameter_breaks_changes_a_row_or_comes_back_as_it_is(cast, addresses, noted):  # noqa: F811
    names, wrong = query_faults(OPEN_PAGES | PAGES, people(cast), addresses, noted)
    assert not wrong, wrong
    assert names["invite"] == {"partner", "role"}
