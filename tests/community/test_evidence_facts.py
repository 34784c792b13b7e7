"""Facts in the evidence base: by a consent of their own, from ten partnerships, as a mean share in tenths."""

import csv
import io
import itertools
import json

import numpy as np
import pytest
from django.urls import reverse

from assessments.evidence import contributions
from assessments.models import AgreedResult, EvidenceConsent, Participant
from community.evidence.publication import coarse
from community.models import EvidenceSnapshot, Finding, ItemKind
from community.services import evidence, findings, writing
from community.services.groups.memberships import writer_of
from community.services.writing import Content
from partnerships.services import Refused
from tests.assessments.making import past_triggers
from tests.community import making
from tests.community.evidence_making import contribute

pytestmark = pytest.mark.django_db
FACT, PAGE = "fact-budget_spent", "community:evidence"


def published(snapshot: EvidenceSnapshot, key: str = FACT) -> list[dict]:
    """Return the cells of a fact as the JSON file gives them out; none where it is not listed or hidden."""
    return [cell for table in snapshot.tables if table["key"] == key for cell in table["cells"]]


def as_bytes(snapshot: EvidenceSnapshot) -> str:
    return json.dumps(snapshot.tables, sort_keys=True)


@pytest.fixture
def ten():
    return contribute(10, facts={"budget_spent": 0.44})


# --- what is published


def test_the_mean_southern_share_is_in_tenths_and_n_in_fives(ten):
    contribute(4, facts={"budget_spent": 0.9})
    assert published(evidence.refresh()) == [{"of": ["all"], "n": 10, "south_share": 0.6}], "of 0.571 in fourteen"


def test_what_was_stored_exactly_is_still_given_out_in_tenths():
    stored = {"of": ["all"], "n": 13, "south_share": 0.4444, "levels": {"south": [1]}, "sd": 0.1}
    assert coarse(stored) == {"of": ["all"], "n": 10, "south_share": 0.4}
    assert coarse(coarse(stored)) == coarse(stored)


def test_nine_partnerships_with_facts_leave_no_trace(ten):
    """The same ten assessments, of which nine or none contribute their facts: the same bytes."""
    everyone = EvidenceConsent.objects.filter(participant__assessment__in=ten)
    everyone.filter(participant__assessment=ten[0]).update(facts=None)
    nine = evidence.refresh()
    everyone.update(facts=None)
    assert evidence.refresh() == nine
    assert "budget_spent" not in as_bytes(nine)
    everyone.update(facts=True)
    assert published(evidence.refresh()), "ten are shown"


def test_up_to_nine_more_change_no_byte(ten):
    first = evidence.refresh()
    contribute(4, facts={"budget_spent": 1.0})
    assert as_bytes(evidence.refresh()) == as_bytes(first)
    contribute(5, facts={"budget_spent": 1.0})
    assert published(evidence.refresh()) == published(first), "nine more"
    contribute(1, facts={"budget_spent": 1.0})
    assert published(evidence.refresh()) == [{"of": ["all"], "n": 20, "south_share": 0.7}]


# --- by whose consent


def test_a_consent_to_levels_does_not_cover_facts(ten):
    EvidenceConsent.objects.filter(participant__assessment__in=ten).update(facts=None)
    snapshot = evidence.refresh()
    assert published(snapshot, "gap-all")
    assert not published(snapshot)


@pytest.mark.parametrize("answer", [None, False])
def test_one_organisation_keeps_the_facts_out(ten, answer):
    EvidenceConsent.objects.filter(participant=Participant.objects.filter(assessment=ten[0])[0]).update(facts=answer)
    found = contributions([one.partnership_id for one in ten])
    assert set(found.facts["assessment"]) == {one.pk for one in ten[1:]}
    assert len(found.assessments) == 10, "its levels are still counted"


def test_a_consent_that_ends_hides_the_fact_only(ten):
    evidence.refresh()
    EvidenceConsent.objects.filter(participant__assessment=ten[0]).update(facts=False)
    hidden = evidence.refresh()
    assert not published(hidden)
    assert published(hidden, "gap-all")
    EvidenceConsent.objects.filter(participant__assessment=ten[0]).update(facts=True)
    assert not published(evidence.refresh()), "it comes back once ten have changed"


def test_a_hidden_share_changes_no_byte(ten):
    """A share without consent may be anything."""
    silent = contribute(3, facts={"budget_spent": 0.0, "reports_written": 0.0})
    EvidenceConsent.objects.filter(participant__assessment__in=silent).update(facts=None)
    first = evidence.refresh()
    for result in AgreedResult.objects.filter(assessment__in=silent):
        store(result, south=1.0)
    assert evidence.refresh() == first


@pytest.mark.parametrize(
    "row",
    [
        {"fact": "own_1"},
        {"fact": "overhead_rate", "kind": "rate", "south": 7.0},
        {"missing": 1},
        {"south": None},
    ],
    ids=["own", "rate", "not all answered", "no share"],
)
def test_what_is_no_complete_share_is_not_contributed(row):
    made = contribute(1, facts={"budget_spent": 0.5})
    assert len(contributions([made[0].partnership_id]).facts) == 1
    store(AgreedResult.objects.get(), **row)
    assert contributions([made[0].partnership_id]).facts.empty


def store(result: AgreedResult, **share) -> None:
    """Write another share into a final result, which no one else can change."""
    for row in result.scores["facts"]["shares"]:
        row |= share
    with past_triggers():
        result.save()


# --- where it is read


def finding() -> Finding:
    member = making.member("Fay Finder")
    made = Finding(kind=ItemKind.FINDING, group=member.group)
    return writing.create(made, writer_of(member), Content("Money", "Text."), "Money", publish=True)


def test_the_page_the_file_and_a_finding_show_it(client, ten):
    snapshot = evidence.refresh()
    said = (
        "This is the average across at least 10 partnerships using this tool: "
        "Southern partners spend 40% of the budget."
    )
    item = finding()
    client.force_login(item.author)
    page = client.get(reverse(PAGE)).content.decode()
    assert "annual budget does each partner spend itself?" in page
    cite = reverse("community:cite-number", args=[snapshot.code, FACT, 0])
    assert cite in page
    to_copy = client.get(cite).content.decode().split("<textarea", 1)[1].split("</textarea>")[0]
    assert said in plain(to_copy), "the whole citation is readable, on several lines"
    file = client.get(reverse("community:evidence-file", args=["evidence.csv"])).content.decode()
    rows = [row for row in csv.DictReader(io.StringIO(file)) if row["table"] == FACT]
    assert [(row["partnerships"], row["south_share"], row["south"]) for row in rows] == [("10", "0.4", "")]
    evidence.cite(item, item.author, FACT)
    assert said in plain(client.get(item.get_absolute_url()).content.decode())
    assert said in plain(client.get(findings.evidence_of(item)[0].figure.get_absolute_url()).content.decode())


def test_a_fact_that_is_not_shown_cannot_be_cited(client, ten):
    item = finding()
    EvidenceConsent.objects.filter(participant__assessment=ten[0]).update(facts=None)
    evidence.refresh()
    with pytest.raises(Refused):
        evidence.cite(item, item.author, FACT)


def plain(page: str) -> str:
    return page.replace("\u2068", "").replace("\u2069", "")


# --- the attack: everyone knows the shares of all partnerships that may contribute


def test_all_public_shares_do_not_tell_who_contributes():
    """Each of forty may be among the ten or not: a swap of at most two gives the same published row."""
    known = np.random.default_rng(7).beta(1.2, 2.0, 40)
    inside = list(range(10))
    row = _published(known[inside])
    outside = [one for one in range(40) if one not in inside]
    pairs = itertools.product(itertools.combinations(inside, 2), itertools.combinations(outside, 2))
    swaps = [(gone, come) for gone, come in pairs if _published(_swapped(known, inside, gone, come)) == row]
    assert {one for gone, _come in swaps for one in gone} == set(inside)
    assert {one for _gone, come in swaps for one in come} == set(outside)


def test_a_mean_and_a_deviation_of_five_would_tell_who_contributes():
    """The control: what is not published would name the five of forty."""
    known = np.random.default_rng(7).beta(1.2, 2.0, 40)
    groups = np.array(list(itertools.combinations(range(40), 5)))
    shares = known[groups]
    alike = (np.round(shares.mean(1), 5) == round(known[:5].mean(), 5)) & (
        np.round(shares.std(1, ddof=1), 5) == round(known[:5].std(ddof=1), 5)
    )
    assert groups[alike].tolist() == [[0, 1, 2, 3, 4]]


def _published(shares: np.ndarray) -> dict:
    return coarse({"of": ["all"], "n": len(shares), "south_share": float(shares.mean())})


def _swapped(known: np.ndarray, inside: list[int], gone: tuple, come: tuple) -> np.ndarray:
    return known[[one for one in inside if one not in gone] + list(come)]
