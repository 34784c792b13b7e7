"""My partnerships, starting one, its page, settings and activity log."""

import re

from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.workflow.actions import ROW_OF
from partnerships import activity_log
from partnerships.access import member_roles_of
from partnerships.models import ActivityLogEntry, Partnership, Role
from partnerships.views import workspace_context
from tests.factories import PartnershipFactory, membership

CREATE = "/partnerships/new/"


def test_list_shows_mine_only(client, cast):
    client.force_login(cast.north_facilitator)
    html = client.get(reverse("partnerships:list")).content.decode()
    assert cast.partnership.name in html
    assert cast.other_partnership.name not in html


def test_list_costs_the_same_for_many(client, cast):
    client.force_login(cast.north_facilitator)
    client.get(reverse("partnerships:list"))
    costs = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as count:
            client.get(reverse("partnerships:list"))
        costs.append(len(count))
        for _n in range(15):
            membership(PartnershipFactory(), Role.OBSERVER, None, user=cast.north_facilitator)
    assert costs[0] == costs[1]


def test_guest_is_asked_to_make_an_account(client, cast):
    client.force_login(cast.guest)
    assert client.get(CREATE).headers["Location"] == reverse("partnerships:account")


def test_workspace_hands_over_to_the_assessments(client, cast):
    client.force_login(cast.observer)
    response = client.get(cast.partnership.get_absolute_url())
    assert response.headers["Location"] == reverse("assessments:workspace", args=[cast.partnership.code])


def test_workspace_context(cast):
    member = member_roles_of(cast.north_facilitator, cast.partnership)
    context = workspace_context(cast.partnership, member)
    assert [(one["name"], one["role"]) for one in context["people"]][:2] == [
        (cast.north_facilitator.name, "facilitator"),
        (cast.south_facilitator.name, "facilitator"),
    ]
    assert context["missing_sides"] == []
    assert len(context["partners"]) == 6


def test_lone_side_is_asked_for_a_facilitator(client, cast):
    hers = cast.other_partnership.memberships.get()
    context = workspace_context(cast.other_partnership, member_roles_of(hers.user, cast.other_partnership))
    assert context["missing_sides"] == ["South"]
    client.force_login(hers.user)
    html = client.get(reverse("partnerships:people", args=[cast.other_partnership.code])).content.decode()
    assert "A facilitator from each side" in html
    client.force_login(cast.north_facilitator)
    html = client.get(reverse("partnerships:people", args=[cast.partnership.code])).content.decode()
    assert "A facilitator from each side" not in html


def test_settings(client, cast):
    client.force_login(cast.south_facilitator)
    page = reverse("partnerships:settings", args=[cast.partnership.code])
    assert client.get(page).status_code == 200
    client.post(page, {"name": "Water", "context": "", "countries": ["TZ"], "south_label": "national partners"})
    partnership = Partnership.objects.get(pk=cast.partnership.pk)
    assert (partnership.name, partnership.countries) == ("Water", ["TZ"])
    assert partnership.side_words() == {"north": "North", "south": "national partners", "other": "Other"}
    entry = ActivityLogEntry.objects.get(verb="partnership.changed")
    assert (entry.verb, entry.about) == ("partnership.changed", "name, context, countries, south_label")
    html = client.get(reverse("partnerships:activity_log", args=[partnership.code])).content.decode()
    assert cast.south_facilitator.name in html
    assert f"{cast.south_facilitator.name} changed the settings" in html
    changed = "name of the partnership, what you work on together, countries where you work together"
    assert f"{changed} and word for Southern partners" in html


def test_every_verb_of_the_activity_log_has_a_sentence():
    folders = [settings.BASE_DIR / app for app in ("assessments", "community", "partnerships")]
    sources = "\n".join(file.read_text() for folder in folders for file in folder.rglob("*.py"))
    written = set(re.findall(r"(?:\btrail\.)?record\([^()]*?, \"([a-z_.]+)\"", sources))
    moves = {f"words.{row.action}" if row.by_both_sides else row.action for row in ROW_OF.values() if row.to}
    assert {"membership.voided", "import_assessment", "case.written"} <= written
    assert (written | moves) - activity_log.WORDS.keys() == set()


def test_a_corrected_side_is_told_in_words(cast):
    entry = ActivityLogEntry(verb="partner.side", about="Northern Aid: north → other")
    assert activity_log.subject_of(entry) == "Northern Aid: from North to Other"
