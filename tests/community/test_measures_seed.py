"""The first inventory: as the list has it, sown once, never over what members changed."""

import csv
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.urls import reverse

from community.models import Evidence, GroupKind, Measure, Reported, Revision, Step, Trial
from community.services import findings, writing
from community.services.groups.memberships import writer_of
from community.services.measures import maturity_decisions, seed, steps
from community.services.measures.seed_file import HERE, Source, read
from community.services.writing import Content
from partnerships.models import Notification, Side
from tests.community.making import member, mutation, the_group

pytestmark = pytest.mark.django_db


def test_all_of_the_list_is_sown_once(capsys):
    member("Sana South", Side.SOUTH, group=the_group(GroupKind.MEASURES))
    call_command("seed_measures")
    with (HERE / "measures.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["slug"]: row for row in csv.DictReader(file)}
    assert len(rows) == 21
    assert dict(Measure.objects.values_list("slug", "title")) == {slug: row["measure"] for slug, row in rows.items()}
    for measure in Measure.objects.all():
        assert measure.is_published
        assert 3 <= len(steps.steps_of(measure)) <= 5
        assert measure.text
        assert measure.costs
        assert measure.factors.exists()
        assert len(measure.topics) == len(rows[measure.slug]["topics"].split("; "))
    before = [model.objects.count() for model in (Measure, Step, Evidence, Trial, Revision)]
    call_command("seed_measures")
    assert [model.objects.count() for model in (Measure, Step, Evidence, Trial, Revision)] == before
    assert "21 measures were added." in capsys.readouterr().out
    assert not Notification.objects.exists()


def test_only_what_is_reported_as_tried_counts_as_tried():
    seed.seed()
    with (HERE / "measures.csv").open(encoding="utf-8", newline="") as file:
        tried = {row["slug"] for row in csv.DictReader(file) if row["status"] == "tried"}
    assert set(Measure.objects.filter(maturity="tried").values_list("slug", flat=True)) == tried
    assert not Measure.objects.filter(maturity__in=["evaluated", "recommended"]).exists()
    assert set(Trial.objects.values_list("measure__slug", flat=True)) == tried
    alone = Measure.objects.filter(evidence=None).values_list("slug", flat=True)
    assert set(alone) == {"rotating-chair", "locally-decided-country-budgets"}


def test_nothing_is_cited_that_the_list_does_not_name():
    whole = (HERE / "measures.csv").read_text(encoding="utf-8")
    for sown in read():
        for source in sown.sources:
            assert source.who in whole
            assert source.where in whole
            assert source.link.removeprefix("https://") in source.where
            assert str(source.year or "") in source.where


def test_a_source_links_to_a_page_and_never_to_a_bare_host():
    links = [source.link for sown in read() for source in sown.sources if source.link]
    assert len(links) >= 10
    assert all(urlsplit(link).path.strip("/") for link in links)
    assert Source("Mama Cash", "mamacash.org, 2021").link == ""
    assert Source("Mama Cash", "mamacash.org/en/sharing-power, 2021").link == "https://mamacash.org/en/sharing-power"


def test_what_members_changed_stays():
    seed.seed()
    measure = Measure.objects.get(slug="rotating-chair")
    by = writer_of(member(group=measure.group))
    writing.save(measure, by, Content("The chair goes round", "We tried."), measure.version, mutation())
    assert seed.seed() == 0
    assert Measure.objects.get(slug="rotating-chair").title == "The chair goes round"


def test_the_page_says_whose_steps_they_are(client):
    seed.seed()
    client.force_login(member(group=the_group(GroupKind.MEASURES)).user)
    measure = Measure.objects.get(slug="rotating-chair")
    page = client.get(measure.get_absolute_url()).content.decode()
    assert "The editors proposed the first version" in page
    assert "We do not know of a partnership that has tried this measure." in page
    listed = client.get(reverse("community:measures"), {"maturity": "tried"})
    assert listed.context["page"].paginator.count == 12


def test_what_nobody_is_known_to_have_tried_is_proposed_and_the_list_says_what_its_source_says(client):
    seed.seed()
    client.force_login(member(group=the_group(GroupKind.MEASURES)).user)
    listed = client.get(reverse("community:measures"), {"maturity": "proposed"}).content.decode()
    for said in (Reported.COMMITTED, Reported.RECOMMENDED, Reported.PROTOTYPE, Reported.PROPOSED):
        assert str(said.label) in listed
    assert Measure.objects.filter(maturity="proposed").exclude(reported="tried").count() == 9
    assert (
        str(Reported.TRIED.label)
        not in client.get(reverse("community:measures"), {"maturity": "tried"}).content.decode()
    )


def test_once_both_sides_decided_the_first_list_is_not_quoted_any_more(client):
    seed.seed()
    group = the_group(GroupKind.MEASURES)
    north, south = (writer_of(member(side=side, group=group)) for side in (Side.NORTH, Side.SOUTH))
    measure = Measure.objects.get(slug="negotiated-risk-sharing")
    evidence = findings.add_document(measure, south.user, title="A report", source="Somebody")
    client.force_login(south.user)
    said = str(Reported.PROTOTYPE.label)
    assert said in client.get(measure.get_absolute_url()).content.decode()
    maturity_decisions.sign(maturity_decisions.propose(measure, south, "tried", "We did it.", evidence), north)
    for address in (measure.get_absolute_url(), reverse("community:measures")):
        assert said not in client.get(address).content.decode()
