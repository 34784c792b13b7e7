"""Rules on facts that the database itself holds, whatever code writes to it."""

import csv
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone

from assessments import fact_list
from assessments.models import AssessmentFact, Topic
from tests.assessments.making import choose_fact, declare_fact, in_session, make_assessment, rating, step
from tests.factories import PartnerFactory
from tests.refusing import refused
from tests.scoring.example import DATA

pytestmark = pytest.mark.django_db


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def fact(cast) -> AssessmentFact:
    return choose_fact(make_assessment(cast), "budget_spent")


@pytest.fixture
def partner(cast):
    return cast.partners["s1"]


def test_the_list_is_the_one_of_the_method():
    rows = rows_of("facts")
    assert [(f.key, f.domain, f.kind, f.unit, str(f.question), str(f.help), f.source) for f in fact_list.FACTS] == [
        tuple(row.values()) for row in rows
    ]


def test_every_topic_has_a_domain():
    domains = {row["topic"]: row["domain"] for row in rows_of("topic_domains")}
    assert {str(topic.label): fact_list.DOMAIN_OF_TOPIC[topic] for topic in Topic} == domains
    assert {f.domain for f in fact_list.FACTS} | set(domains.values()) == set(fact_list.DOMAINS)


def test_a_value_is_not_negative_and_is_a_number(fact, partner):
    for wrong in (-1, 10**13, RawSQL("'NaN'::numeric", [])):
        with refused("fact_value_from_0"):
            declare_fact(fact, partner, wrong)
    assert declare_fact(fact, partner, 0).value == 0


def test_a_missing_value_is_no_zero(fact, partner):
    assert declare_fact(fact, partner, None).value is None


def test_a_percentage_is_at_most_100(cast, partner):
    assessment = make_assessment(cast)
    rate = choose_fact(assessment, "overhead_rate")
    with refused("a percentage is at most 100"):
        declare_fact(rate, partner, 101)
    declare_fact(rate, partner, 100)
    declare_fact(choose_fact(assessment, "contract_months"), partner, 101)


def test_a_yes_no_is_neither_more_nor_less(cast, partner):
    fact = choose_fact(make_assessment(cast), "chairs_body")
    with refused("yes is 1 and no is 0"):
        declare_fact(fact, partner, 2)
    declare_fact(fact, partner, 1)


def test_a_partner_has_one_open_value_of_a_fact(fact, partner):
    declare_fact(fact, partner, 1)
    with refused("fact_value_once"):
        declare_fact(fact, partner, 2, version=2)


def test_versions_of_a_value_follow_each_other(fact, partner):
    row = declare_fact(fact, partner, 1)
    for wrong in (1, 3):
        row.value, row.version = 2, wrong
        with refused("versions follow each other"), transaction.atomic():
            row.save()
    row.version = 2
    row.save()


def test_a_value_is_of_a_partner_of_the_partnership(cast, fact, partner):
    with refused("a partner that takes part"):
        declare_fact(fact, PartnerFactory(partnership=cast.other_partnership), 1)
    declare_fact(fact, partner, 1)


def test_once_partners_are_fixed_others_have_no_facts(cast, partner):
    fact = choose_fact(in_session(cast))
    late = PartnerFactory(partnership=cast.partnership)
    with refused("a partner that takes part"):
        declare_fact(fact, late, 1)
    declare_fact(fact, partner, 1)


def test_a_value_remains_with_its_partner(cast, fact, partner):
    row = declare_fact(fact, partner, 1)
    row.partner, row.version = cast.partners["s2"], 2
    with refused("a value remains with its partner"):
        row.save()


def test_at_most_five_facts_are_the_partnerships_own(cast):
    assessment = make_assessment(cast)
    words = {"kind": "yes_no", "domain": "money"}
    for n in range(1, 6):
        choose_fact(assessment, f"own_{n}", question="Do you have a car?", **words)
    with refused("fact_of_the_list_or_own"):
        choose_fact(assessment, "own_6", question="Do you have a car?", **words)
    with refused("fact_once"):
        choose_fact(assessment, "own_5", question="Do you have a bus?", **words)


@pytest.mark.parametrize(
    ("key", "fields", "rule"),
    [
        ("own_1", {"kind": "yes_no", "domain": "money"}, "fact_of_the_list_or_own"),
        ("chairs_body", {"question": "Do you chair it?"}, "fact_of_the_list_or_own"),
        ("chairs_body", {"unit": "people"}, "fact_number_has_a_unit"),
        ("governing_seats", {"unit": ""}, "fact_number_has_a_unit"),
        ("governing_seats", {"kind": "sum"}, "fact_kind_known"),
        ("governing_seats", {"domain": "sports"}, "fact_domain_known"),
    ],
)
def test_a_fact_is_whole(cast, key, fields, rule):
    assessment = make_assessment(cast)
    with refused(rule):
        choose_fact(assessment, key, **fields)
    choose_fact(assessment, "chairs_body")


def test_a_fact_keeps_its_unit_once_it_has_a_value(fact, partner):
    fact.unit = "USD"
    fact.save()
    declare_fact(fact, partner, 1)
    fact.unit = "EUR"
    with refused("keeps its question and unit"):
        fact.save()


def test_facts_are_not_chosen_while_rating_is_open(cast):
    assessment = rating(cast)
    with refused("before rating opens or in the session"):
        choose_fact(assessment)
    step(cast, assessment, "close_rating")
    choose_fact(assessment)


def test_facts_stand_from_the_final_review_on(cast, partner):
    assessment = in_session(cast)
    row = declare_fact(choose_fact(assessment), partner, 1)
    row.version += 1
    row.save()
    step(cast, assessment, "read_back")
    row.version += 1
    with refused("facts stand from the final review"):
        row.save()


def test_what_is_saved_while_rating_is_open_is_held(fact, cast, partner):
    declare_fact(fact, partner, 1)
    assessment = step(cast, fact.assessment, "open_rating")
    with refused("held until it closes"):
        declare_fact(fact, cast.partners["s2"], 5)
    declare_fact(fact, partner, 2, version=2, held=True)
    declare_fact(fact, cast.partners["s2"], 5, held=True)
    assert list(fact.values.open().values_list("partner__acronym", "value")) == [("S1", 1)]
    step(cast, assessment, "close_rating")
    assert set(fact.values.open().values_list("partner__acronym", "value", "version")) == {("S1", 2, 2), ("S2", 5, 1)}


def test_held_values_open_at_one_moment(fact, cast, partner):
    assessment = step(cast, fact.assessment, "open_rating")
    early = timezone.now() - timedelta(days=3)
    for name in ("s1", "n1"):
        declare_fact(fact, cast.partners[name], 2, held=True, confirmed_at=early)
        early += timedelta(days=1)
    step(cast, assessment, "close_rating")
    (moment,) = set(fact.values.values_list("confirmed_at", flat=True))
    assert moment > early


def test_held_values_open_too_when_decisions_reopen(fact, cast, partner):
    declare_fact(fact, partner, 1)
    assessment = step(cast, fact.assessment, "open_rating")
    declare_fact(fact, partner, 2, version=2, held=True)
    step(cast, assessment, "reopen_decisions")
    assert [row.value for row in fact.values.open()] == [2]


def test_only_the_partner_itself_saves_while_rating_is_open(fact, cast, partner):
    step(cast, fact.assessment, "open_rating")
    with refused("fact_value_held_is_the_partners"):
        declare_fact(fact, partner, 2, held=True, confirmed_at=None)
    declare_fact(fact, partner, 2, held=True)


def test_a_value_that_waits_for_its_partner_is_not_open(fact, partner):
    row = declare_fact(fact, partner, 2, confirmed_at=None)
    assert not fact.values.open().exists()
    row.confirmed_at, row.version = timezone.now(), 2
    row.save()
    assert fact.values.open().get() == row


def test_what_a_partner_said_is_not_entered_for_it(fact, partner):
    row = declare_fact(fact, partner, 2)
    row.value, row.version = 3, 2
    row.save()
    row.confirmed_at, row.version = None, 3
    with refused("what a partner said itself"):
        row.save()


def test_a_value_from_iati_names_its_file_and_day(fact, partner):
    day = timezone.localdate()
    with refused("fact_value_names_its_file"):
        declare_fact(fact, partner, 2, source="iati", source_date=day)
    with refused("fact_value_names_its_file"):
        declare_fact(fact, partner, 2, source_file="activities.xml")
    declare_fact(fact, partner, 2, source="iati", source_file="activities.xml", source_date=day)
