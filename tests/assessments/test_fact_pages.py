"""Choosing facts, declaring them, entering them for a partner, and who reads what."""

import re
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from assessments.forms.setup.facts import read_value
from assessments.models import AssessmentFact, FactValue, Topic
from tests.assessments.making import choose_fact, declare_fact, make_assessment, step
from tests.assessments.pages import as_, url, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(cast):
    assessment = make_assessment(cast)
    assessment.decisions.update(topic=Topic.MONEY_PARTNERS)
    return assessment


@pytest.fixture
def fact(assessment) -> AssessmentFact:
    return choose_fact(assessment, "budget_spent")


def save(person, fact, value, seen=0, partner=None):
    data = {"value": value, "seen": seen} | ({"for": partner.code} if partner else {})
    return as_(person).post(url(fact.assessment, "fact-save", fact.key), data)


def table(person, assessment) -> str:
    return words(as_(person).get(url(assessment, "facts")))


def cells(person, assessment) -> list[str]:
    """Return what partners declared, as the table of all members shows it."""
    page = as_(person).get(url(assessment, "facts")).content.decode()
    return [cell for cell in re.findall(r'<td class="num">(.*?)</td>', page) if cell != "–"]


def own_page(person, assessment, partner=None) -> str:
    more = f"?for={partner.code}" if partner else ""
    return words(as_(person).get(url(assessment, "facts-declare") + more))


def test_a_facilitator_chooses_facts_and_a_currency(cast, assessment):
    data = {"keys": ["budget_spent", "chairs_body"], "money": "KES"}
    data |= {"own_1-question": "How many boats do you have?", "own_1-kind": "amount", "own_1-unit": "boats"}
    response = as_(cast.north_facilitator).post(
        url(assessment, "facts-choose"), data | {"own_1-domain": "staff"}, follow=True
    )
    assert "How many boats do you have?" in words(response)
    chosen = list(assessment.facts.values_list("key", "kind", "unit", "domain"))
    assert chosen == [
        ("budget_spent", "amount", "KES", "money"),
        ("chairs_body", "yes_no", "", "governance"),
        ("own_1", "amount", "boats", "staff"),
    ]


def test_facts_ask_a_topic_for_each_decision(cast, assessment):
    decision = assessment.decisions.first()
    assessment.decisions.filter(pk=decision.pk).update(topic="")
    address, data = url(assessment, "facts-choose"), {"keys": "chairs_body", "money": "EUR"}
    refused = as_(cast.north_facilitator).post(address, data)
    assert refused.status_code == 422
    assert "Choose the subject that fits best." in words(refused)
    assert not assessment.facts.exists()
    as_(cast.north_facilitator).post(address, {**data, f"topic-{decision.code}": "staffing"})
    decision.refresh_from_db()
    assert (decision.topic, assessment.facts.count()) == ("staffing", 1)


def test_a_fact_with_answers_is_neither_removed_nor_changed(cast, assessment, fact):
    declare_fact(fact, cast.partners["s1"], 5)
    address = url(assessment, "facts-choose")
    for data, said in [
        ({"keys": "chairs_body", "money": "EUR"}, "You must keep that fact"),
        ({"keys": "budget_spent", "money": "USD"}, "so you cannot change this fact"),
    ]:
        response = as_(cast.north_facilitator).post(address, data)
        assert (response.status_code, said in words(response)) == (422, True)
    assert list(assessment.facts.values_list("key", "unit")) == [("budget_spent", "EUR")]
    as_(cast.north_facilitator).post(address, {"keys": ["budget_spent", "chairs_body"], "money": "EUR"})
    assert assessment.facts.count() == 2


def test_a_representative_declares_and_all_members_see_it(cast, assessment, fact):
    assert save(cast.south_representative, fact, "240 000").status_code == 302
    assert cells(cast.observer, assessment) == ["240,000"]
    page = as_(cast.observer).get(url(assessment, "facts")).content.decode()
    assert all(f"<b>{one.acronym}</b> <bdi>{one.name}</bdi>" in page for one in assessment.participants.all())


def test_zero_is_an_answer_and_nothing_is_not(cast, assessment, fact):
    save(cast.south_representative, fact, "0")
    assert cells(cast.observer, assessment) == ["0"]
    save(cast.south_representative, fact, "", seen=1)
    assert cells(cast.observer, assessment) == []


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("budget_spent", "-5", "cannot be negative"),
        ("budget_spent", "5 USD", "All partners use EUR for this fact"),
        ("budget_spent", "$5", "All partners use EUR for this fact"),
        ("budget_spent", "1.250", "can be read in two ways"),
        ("budget_spent", "lots", "Enter a number"),
        ("budget_spent", "1.255", "can be read in two ways"),
        ("budget_spent", "1.2555", "at most two decimal places"),
        ("budget_spent", "99999999999999", "too large"),
        ("overhead_rate", "101", "cannot be over 100"),
        ("contract_months", "5 years", "The unit is months"),
        ("chairs_body", "2", "Choose yes or no"),
    ],
)
def test_a_wrong_value_gets_a_clear_message(cast, assessment, key, typed, said):
    fact = choose_fact(assessment, key)
    response = save(cast.south_representative, fact, typed)
    assert (response.status_code, FactValue.objects.count()) == (422, 0)
    assert said in words(response)
    assert save(cast.south_representative, fact, "1").status_code == 302


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1 250.5", "1250.5"),
        ("1,250.50", "1250.5"),
        ("1.250,50", "1250.5"),
        ("1.250.000", "1250000"),
        ("12,5", "12.5"),
        ("€ 12", "12"),
        ("12 eur", "12"),
        ("٣٫٥".replace("٫", "."), "3.5"),
        ("  ", None),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, value):
    fact = AssessmentFact(key="budget_spent", kind="amount", unit="EUR")
    assert read_value(typed, fact) == (value and Decimal(value))


def test_a_percentage_may_carry_its_sign():
    fact = AssessmentFact(key="overhead_rate", kind="rate", unit="percent")
    assert read_value("12.5%", fact) == Decimal("12.5")
    with pytest.raises(ValidationError, match="The unit is per cent"):
        read_value("12.5 EUR", fact)


def test_what_a_facilitator_enters_waits_for_the_partner(cast, assessment, fact):
    partner = cast.partners["s1"]
    assert save(cast.north_facilitator, fact, "5", partner=partner).status_code == 302
    note = f"{cast.north_facilitator} entered this fact. The partner has not confirmed it yet."
    assert note in own_page(cast.south_representative, assessment)
    assert note in own_page(cast.south_facilitator, assessment, partner)
    for person in (cast.observer, cast.north_representative, cast.north_facilitator):
        assert cells(person, assessment) == []
    assert save(cast.south_representative, fact, "5", seen=1).status_code == 302
    assert cells(cast.observer, assessment) == ["5"]
    assert "not yet confirmed" not in own_page(cast.south_representative, assessment)


@pytest.mark.parametrize("while_rating", [False, True])
def test_a_number_from_a_file_still_names_it_once_confirmed(cast, assessment, fact, while_rating):
    origin = {"source": "iati", "source_file": "hivos.xml", "source_date": timezone.localdate()}
    declare_fact(fact, cast.partners["s1"], 5, confirmed_at=None, **origin)
    if while_rating:
        step(cast, assessment, "open_rating")
    save(cast.south_representative, fact, "5", seen=1)
    assert fact.values.filter(version=2, held=while_rating, confirmed_at__isnull=False, **origin).exists()
    save(cast.south_representative, fact, "6", seen=2)
    assert fact.values.get(version=3).source == "declared"


def test_others_do_not_open_a_partners_page(cast, assessment, fact):
    address = url(assessment, "facts-declare") + f"?for={cast.partners['s1'].code}"
    assert as_(cast.north_representative).get(address).status_code == 403
    assert as_(cast.south_representative).get(address).status_code == 200
    assert save(cast.north_representative, fact, "5", partner=cast.partners["s1"]).status_code == 403
    assert not FactValue.objects.exists()


def test_a_facilitator_does_not_change_what_a_partner_said(cast, assessment, fact):
    save(cast.south_representative, fact, "5")
    save(cast.north_facilitator, fact, "6", seen=1, partner=cast.partners["s1"])
    assert fact.values.get().value == 5
    save(cast.south_representative, fact, "6", seen=1)
    assert fact.values.get().value == 6


def test_two_versions_at_once_are_both_shown(cast, assessment, fact):
    save(cast.south_representative, fact, "5")
    response = save(cast.south_representative, fact, "7", seen=0)
    assert response.status_code == 422
    for part in ("Saved by someone else", "5 EUR", "Your entry", "7", "Save my entry"):
        assert part in words(response)
    assert fact.values.get().value == 5
    save(cast.south_representative, fact, "7", seen=1)
    assert fact.values.get().value == 7


def test_the_same_value_twice_is_one(cast, fact):
    for _twice in range(2):
        assert save(cast.south_representative, fact, "5").status_code == 302
    assert fact.values.get().version == 1


def test_while_rating_is_open_only_the_partner_sees_its_change(cast, assessment, fact):
    save(cast.south_representative, fact, "5")
    assessment = step(cast, assessment, "open_rating")
    before = {person: table(person, assessment) for person in (cast.observer, cast.north_facilitator)}
    entered = own_page(cast.north_facilitator, assessment, cast.partners["s1"])
    assert save(cast.south_representative, fact, "8", seen=1).status_code == 302
    assert 'value="8"' in as_(cast.south_representative).get(url(assessment, "facts-declare")).content.decode()
    assert {person: table(person, assessment) for person in before} == before
    assert own_page(cast.north_facilitator, assessment, cast.partners["s1"]) == entered
    step(cast, assessment, "close_rating")
    assert cells(cast.observer, assessment) == ["8"]


def test_facilitators_enter_nothing_while_rating_is_open(cast, assessment, fact):
    assessment = step(cast, assessment, "open_rating")
    save(cast.north_facilitator, fact, "5", partner=cast.partners["s1"])
    assert not FactValue.objects.exists()
    step(cast, assessment, "close_rating")
    save(cast.north_facilitator, fact, "5", partner=cast.partners["s1"])
    assert FactValue.objects.count() == 1


def test_a_script_gets_the_version_or_the_reason(cast, assessment, fact):
    client, address = as_(cast.south_representative), url(assessment, "fact-save", fact.key)
    wanted = {"headers": {"Accept": "application/json"}}
    assert client.post(address, {"value": "5", "seen": 0}, **wanted).json() == {"version": 1}
    assert client.post(address, {"value": "-5", "seen": 1}, **wanted).status_code == 422


def test_the_next_assessment_takes_over_facts_without_values(cast, assessment, fact):
    declare_fact(fact, cast.partners["s1"], 5)
    after = make_assessment(cast, wordings=(), predecessor=assessment)
    found = after.facts.get()
    assert (found.key, found.unit) == ("budget_spent", "EUR")
    assert not found.values.exists()
