"""The first inventory: as the list has it, sown once, never over what members changed."""

import csv
import re
from contextlib import nullcontext

import pytest
from django.core.management import call_command
from django.db.models import Q
from django.urls import reverse

from community.models import Evidence, GroupKind, Measure, Reported, Revision, Step, Trial
from community.services import findings, writing
from community.services.groups.memberships import writer_of
from community.services.measures import maturity_decisions, seed, steps
from community.services.measures.seed_file import HERE, Source, load_measures
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


def test_measures_cite_pages_with_title_publisher_and_date():
    seed.seed()
    cited = Evidence.objects.filter(item__kind="measure")
    assert cited.count() == 22
    assert not cited.filter(Q(title="") | Q(source="")).exists()
    in_words = cited.get(link="")
    assert (in_words.title, in_words.source) == ("Keystone Development Partnerships Survey", "Bond")
    dates = {source.date for sown in load_measures() for source in sown.sources}
    assert all(re.fullmatch(r"(\d{4}(-\d\d){0,2})?", date) for date in dates)
    charter = cited.get(item__measure__slug="credit-publicly")
    assert (charter.title, charter.source, charter.year, charter.says) == (
        "Charter for Change: Localisation of Humanitarian Aid",
        "Charter for Change",
        2015,
        "Commitment 8.",
    )


@pytest.mark.parametrize(
    ("title", "publisher", "page", "allowed"),
    [
        ("Sharing power", "Mama Cash", "https://www.mamacash.org/en/sharing-power", True),
        ("Sharing power", "Mama Cash", "", True),
        ("Sharing power", "Mama Cash", "https://www.mamacash.org", False),
        ("Sharing power", "Mama Cash", "https://www.mamacash.org/", False),
        ("Sharing power", "Mama Cash", "mamacash.org", False),
        ("", "Mama Cash", "https://www.mamacash.org/en/sharing-power", False),
        ("Sharing power", "", "https://www.mamacash.org/en/sharing-power", False),
    ],
)
def test_a_source_is_a_page_and_never_a_bare_host(title, publisher, page, allowed):
    with nullcontext() if allowed else pytest.raises(ValueError, match="a source"):
        Source("Mama Cash", "", title, publisher, "2021", page)


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
    assert "We do not know of any partnership that has tried this measure." in page
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
