"""The example: one invented partnership that everyone can read, that belongs to no one and is counted nowhere."""

import re

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import Assessment
from assessments.models.private import Rater, Rating
from community.access import all_groups
from community.models import WorkingGroup
from partnerships.models import Invitation, Membership, Partnership, Role
from powertool import usage
from tests.factories import PartnershipFactory, UserFactory
from tests.test_permissions import EVERYBODY, ask
from tests.worlds import kept


@pytest.fixture
def example(db) -> Assessment:
    return load_example()


@kept
def load_example() -> Assessment:
    call_command("example")
    return Assessment.objects.get(partnership__is_example=True)


def refused(constraint: str, write) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    assert constraint in error.value.__cause__.diag.constraint_name


def test_it_is_loaded_once(example, capsys):
    call_command("example")
    assert "already" in capsys.readouterr().out
    assert Partnership.objects.count() == 1


def test_it_holds_results_and_no_private_answer(example):
    assert example.stage == "closed"
    assert example.release
    assert example.agreed_results.exists()
    assert not Rating.objects.exists()
    assert not Rater.objects.exists()


@pytest.mark.parametrize("name", ["example", "example-figures"])
def test_everyone_reads_it(client, cast, example, name):
    url = reverse(name)
    assert {who: ask(client, cast, who, "get", url) for who in EVERYBODY} == dict.fromkeys(EVERYBODY, 200)
    assert {who: ask(client, cast, who, "post", url) for who in EVERYBODY} == dict.fromkeys(EVERYBODY, 405)


def test_its_page_says_that_it_is_invented(client, example):
    page = client.get(reverse("example")).content.decode()
    assert "Everything on this page is invented" in page
    assert "decides or co-decides" in page


def test_its_page_leads_to_no_page_of_members(client, example):
    page = client.get(reverse("example")).content.decode()
    assert example.code not in page
    assert example.partnership.code not in page
    assert not re.findall(r'href="/assessments/[^"]*', page)


@pytest.mark.parametrize("name", ["overview", "dashboard", "dashboard-figures", "report", "report-data", "actions"])
def test_pages_of_members_stay_closed(client, cast, example, name):
    more = {"kind": "json"} if name == "report-data" else {}
    url = reverse(f"assessments:{name}", kwargs={"code": example.code, **more})
    assert {who: ask(client, cast, who, "get", url) for who in EVERYBODY} == dict.fromkeys(EVERYBODY, 404) | {"a": 302}


def test_without_the_example_its_page_says_so(client, db):
    assert "The example is not available" in client.get(reverse("example")).content.decode()
    assert client.get(reverse("example-figures")).status_code == 404


def test_nothing_becomes_the_example_and_it_stays_one(example):
    other = PartnershipFactory(is_demo=True, created_by=None)
    refused("example_for_good", lambda: Partnership.objects.filter(pk=other.pk).update(is_example=True))
    refused("example_for_good", lambda: Partnership.objects.filter(is_example=True).update(is_example=False))


def test_there_is_one_example(example):
    refused("one_example", lambda: Partnership.objects.create(name="Two", is_example=True, is_demo=True))


@pytest.mark.parametrize("wrong", [{"is_demo": False}, {"is_rehearsal": True}, {"created_by": 1}])
def test_the_example_counts_nowhere_and_is_no_ones(db, wrong):
    wrong = {"created_by": UserFactory()} if "created_by" in wrong else wrong
    values = {"name": "Mine", "is_example": True, "is_demo": True} | wrong
    refused("example_of_no_one", lambda: Partnership.objects.create(**values))


def test_no_one_becomes_a_member_or_is_invited(example, cast):
    facilitator = cast.membership(cast.north_facilitator)
    member = {"partnership": example.partnership, "role": Role.FACILITATOR, "user": cast.outsider}
    refused("example_has_no_members", lambda: Membership.objects.create(**member))
    refused(
        "example_has_no_members",
        lambda: Membership.objects.filter(pk=facilitator.pk).update(partnership=example.partnership, partner=None),
    )
    invited = {"partnership": example.partnership, "role": Role.OBSERVER, "channel": "link", "created_by": facilitator}
    refused("example_has_no_members", lambda: Invitation.objects.create(expires_at="2030-01-01T00:00Z", **invited))


def test_it_is_not_in_the_figures_of_the_website(example):
    of_partnerships = ("partnerships", "started", "closed", "releases", "actions")
    assert {name: usage.countable_rows()[name][0].count() for name in of_partnerships} == dict.fromkeys(
        of_partnerships, 0
    )


@pytest.mark.django_db
def test_visitors_are_led_to_measures_that_they_may_read(client):
    link = reverse("community:measures")
    assert link not in client.get("/").content.decode()
    for group in all_groups():
        WorkingGroup.objects.filter(pk=group.pk).update(is_public=True)
    assert link in client.get("/").content.decode()
    assert client.get(link).status_code == 200
