"""Contributing to the evidence base: asked of each organisation, never pre-ticked, revocable, and silent."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from assessments import evidence
from assessments.factors import factors
from assessments.models import EvidenceConsent, Outcome
from assessments.results.agreed import make_agreed_result
from assessments.services import erasure, transitions
from assessments.services.followup import evidence_consent
from assessments.services.session import causes
from assessments.services.setup import opening
from partnerships.access import member_roles_of
from partnerships.models import ActivityLogEntry, Role
from tests.assessments import making
from tests.factories import membership

pytestmark = pytest.mark.django_db


def representatives(cast) -> dict:
    """Return one person for every organisation, those of the cast where there are any."""
    known = {"n1": cast.north_representative, "s1": cast.south_representative, "s2": cast.guest}
    for key in ("n2", "s3", "o1"):
        known[key] = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners[key]).user
    return known


def say(cast, assessment, person, agreed: bool) -> None:
    evidence_consent.save_answer(assessment, member_roles_of(person, cast.partnership), agreed)


def counted(cast) -> bool:
    return evidence.contributing([cast.partnership.pk]).exists()


@pytest.fixture
def everybody(cast):
    return representatives(cast)


@pytest.fixture
def agreed(cast, everybody):
    """An assessment that every organisation contributes."""
    assessment = making.closed(cast)
    for person in everybody.values():
        say(cast, assessment, person, True)
    return assessment


def test_all_organisations_make_it_count(cast, agreed):
    assert counted(cast)


def test_one_silent_organisation_keeps_it_out(cast, everybody):
    assessment = making.closed(cast)
    people = list(everybody.values())
    for person in people[:-1]:
        say(cast, assessment, person, True)
    assert not counted(cast)
    say(cast, assessment, people[-1], True)
    assert counted(cast)


def test_one_no_takes_it_out_at_any_time_and_a_yes_brings_it_back(cast, agreed):
    say(cast, agreed, cast.guest, False)
    assert not counted(cast)
    say(cast, agreed, cast.guest, True)
    assert counted(cast)


def test_a_colleagues_yes_does_not_overrule_a_no(cast, agreed):
    second = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s1"]).user
    say(cast, agreed, cast.south_representative, False)
    say(cast, agreed, second, True)
    assert not counted(cast)


def test_a_no_stays_when_the_membership_is_taken_back(cast, agreed):
    say(cast, agreed, cast.guest, False)
    own = cast.membership(cast.guest)
    own.voided_at = own.created_at
    own.save()
    assert not counted(cast)


def test_it_counts_only_once_it_is_closed(cast, everybody):
    assessment = making.step(cast, making.in_session(cast), "read_back")
    for person in everybody.values():
        say(cast, assessment, person, True)
    assert not counted(cast)


def test_a_demo_never_counts(cast, agreed):
    cast.partnership.is_demo = True
    cast.partnership.save()
    assert not counted(cast)


def test_nothing_is_chosen_beforehand(client, cast):
    assessment = making.closed(cast)
    client.force_login(cast.south_representative)
    page = client.get(reverse("assessments:contribute", args=[assessment.code])).content.decode()
    assert 'name="agreed"' in page
    assert "checked" not in page
    assert client.post(reverse("assessments:contribute", args=[assessment.code]), {}).status_code == 422
    assert not EvidenceConsent.objects.exists()


def test_it_is_not_asked_before_the_read_back(client, cast):
    assessment = making.in_session(cast)
    client.force_login(cast.south_representative)
    url = reverse("assessments:contribute", args=[assessment.code])
    assert 'name="agreed"' not in client.get(url).content.decode()
    client.post(url, {"agreed": "yes"})
    assert not EvidenceConsent.objects.exists()


def test_only_she_herself_sees_her_answer(client, cast, everybody):
    """A refusal changes nothing that anybody else can open, the activity log and the notifications included."""
    assessment = making.closed(cast)
    pages = [
        reverse("assessments:closing", args=[assessment.code]),
        reverse("assessments:overview", args=[assessment.code]),
        reverse("partnerships:activity_log", args=[cast.partnership.code]),
    ]

    def seen() -> list[str]:
        found = []
        for person in (cast.north_facilitator, cast.north_representative, cast.observer):
            client.force_login(person)
            found += [without_tokens(client.get(page).content.decode()) for page in pages]
        client.force_login(cast.north_representative)
        return [
            *found,
            without_tokens(client.get(reverse("assessments:contribute", args=[assessment.code])).content.decode()),
        ]

    before, activity_log = seen(), ActivityLogEntry.objects.count()
    hers = Client()
    hers.force_login(cast.guest)
    hers.post(reverse("assessments:contribute", args=[assessment.code]), {"agreed": "no"})
    assert EvidenceConsent.objects.get().agreed is False
    assert seen() == before
    assert ActivityLogEntry.objects.count() == activity_log


def without_tokens(page: str) -> str:
    return re.sub(r"\b\w{64}\b", "", page)


def test_what_is_contributed(cast, agreed):
    found = evidence.contributions([cast.partnership.pk])
    assert list(found.assessments[["partnership", "phase"]].iloc[0]) == [cast.partnership.pk, "baseline"]
    assert list(found.decisions["gap"]) == [0.0, 0.0]
    assert found.levels[["count_2"]].to_numpy().sum() == 2 * 5, "two Northern and three Southern partners"
    assert found.changes.empty
    assert evidence.contributions([]).assessments.empty


def test_what_stands_behind_a_no_is_contributed_once_per_assessment_and_only_of_a_no(cast, everybody):
    assessment = making.in_session(cast)
    making.agree_levels(cast, assessment)
    member = member_roles_of(cast.north_facilitator, cast.partnership)
    one, two = assessment.decisions.order_by("number")
    short, risk = (each.slug for each in factors()[:2])
    for decision, agree, named in ((one, False, [short]), (two, True, [short, risk])):
        causes.name(assessment, member, decision, named)
        Outcome.objects.update_or_create(decision=decision, defaults={"agree": agree})
    making.step(cast, assessment, "read_back")
    making.nothing_to_add(assessment)
    for person in (cast.north_facilitator, cast.south_facilitator):
        assessment = transitions.confirm(assessment, member_roles_of(person, cast.partnership))
    make_agreed_result(assessment)
    assert evidence.contributions([cast.partnership.pk]).causes.empty, "nobody agreed to contribute yet"
    for person in everybody.values():
        say(cast, assessment, person, True)
    found = evidence.contributions([cast.partnership.pk]).causes
    assert found.to_numpy().tolist() == [[assessment.pk, short]]


def follow(cast, before, phase: str, north: int, south: int):
    """Return a closed assessment that follows another, with one level per side."""
    made = opening.create_assessment(
        cast.partnership, cast.north_facilitator, title=phase, phase=phase, predecessor=before, private_ratings=False
    )
    made = making.step(cast, made, "start_session")
    making.agree_levels(cast, made, lambda d, p: north if p.side == "north" else south)
    made = making.step(cast, made, "read_back")
    making.nothing_to_add(made)
    for person in (cast.north_facilitator, cast.south_facilitator):
        made = transitions.confirm(made, member_roles_of(person, cast.partnership))
    make_agreed_result(made)
    return made


def test_changes_are_matched_over_assessments_in_between(cast, everybody):
    """Baseline (all at 2) and endline contribute, the midterm between them does not."""
    first = making.closed(cast)
    last = follow(cast, follow(cast, first, "midterm", 4, 0), "endline", 2, 3)
    for assessment in (first, last):
        for person in everybody.values():
            say(cast, assessment, person, True)
    changes = evidence.contributions([cast.partnership.pk]).changes
    assert set(changes["before"]) == {first.pk}
    assert set(changes["after"]) == {last.pk}
    assert dict(changes.groupby("side")["change"].mean()) == {"north": 0.0, "south": 1.0}


# --- facts: a question of their own


def shares(cast) -> list[tuple[str, float]]:
    return [(row.fact, row.south) for row in evidence.contributions([cast.partnership.pk]).facts.itertuples()]


@pytest.fixture
def with_facts(cast, everybody):
    """A closed assessment in which all partners declared and confirmed their seats; every organisation contributes."""
    assessment = making.in_session(cast)
    fact = making.choose_fact(assessment, "governing_seats")
    for partner in cast.partners.values():
        making.declare_fact(fact, partner, 1)
    return contributed_by_all(cast, everybody, assessment)


def contributed_by_all(cast, everybody, assessment):
    making.agree_levels(cast, assessment)
    making.step(cast, assessment, "read_back")
    making.nothing_to_add(assessment)
    for person in (cast.north_facilitator, cast.south_facilitator):
        assessment = transitions.confirm(assessment, member_roles_of(person, cast.partnership))
    make_agreed_result(assessment)
    for person in everybody.values():
        say(cast, assessment, person, True)
    return assessment


def say_facts(cast, assessment, person, facts: bool) -> None:
    evidence_consent.save_answer(assessment, member_roles_of(person, cast.partnership), True, facts)


def test_facts_count_once_every_organisation_agreed(cast, everybody, with_facts):
    *most, last = everybody.values()
    for person in most:
        say_facts(cast, with_facts, person, True)
    assert counted(cast), "the levels"
    assert shares(cast) == []
    say_facts(cast, with_facts, last, True)
    assert shares(cast) == [("governing_seats", 0.5)], "three of six"
    say(cast, with_facts, last, False)
    assert shares(cast) == []


def test_an_unconfirmed_fact_is_not_contributed(cast, everybody):
    assessment = making.in_session(cast)
    seats, posts = (making.choose_fact(assessment, key) for key in ("governing_seats", "coordination_staff"))
    for partner in cast.partners.values():
        making.declare_fact(seats, partner, 1)
        making.declare_fact(posts, partner, 1, **({"confirmed_at": None} if partner == cast.partners["s1"] else {}))
    assessment = contributed_by_all(cast, everybody, assessment)
    for person in everybody.values():
        say_facts(cast, assessment, person, True)
    assert [fact for fact, _share in shares(cast)] == ["governing_seats"]


def test_the_question_of_facts_comes_where_there_are_some(client, cast, with_facts):
    page = reverse("assessments:contribute", args=[with_facts.code])
    client.force_login(cast.south_representative)
    assert 'name="facts"' in client.get(page).content.decode()
    client.post(page, {"agreed": "yes"})
    own = EvidenceConsent.objects.get(membership__user=cast.south_representative)
    assert own.facts is None, "no answer is no yes"
    for said, kept in (("yes", True), ("no", False)):
        client.post(page, {"agreed": "yes", "facts": said})
        own.refresh_from_db()
        assert own.facts is kept
    client.post(page, {"agreed": "no", "facts": "yes"})
    own.refresh_from_db()
    assert (own.agreed, own.facts) == (False, None)


def test_without_facts_the_question_is_not_asked(client, cast):
    assessment = making.closed(cast)
    client.force_login(cast.south_representative)
    assert 'name="facts"' not in client.get(reverse("assessments:contribute", args=[assessment.code])).content.decode()


def test_a_fact_added_later_needs_the_consent_again(cast):
    """Back in the session another fact is chosen: the yes to the facts before does not cover it."""
    assessment = making.in_session(cast)
    making.choose_fact(assessment, "governing_seats")
    participant = assessment.participants.first()
    yes, no = (
        EvidenceConsent.objects.create(participant=participant, membership=own, agreed=True, facts=facts)
        for own, facts in ((cast.membership(cast.north_representative), True), (None, False))
    )
    making.choose_fact(assessment, "coordination_staff")
    for row, kept in ((yes, None), (no, False)):
        row.refresh_from_db()
        assert row.facts is kept
        assert row.agreed


def test_a_no_to_facts_stays_when_the_person_is_erased(cast, everybody, with_facts):
    second = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s1"]).user
    for person in [*everybody.values(), second]:
        say_facts(cast, with_facts, person, person != cast.south_representative)
    assert shares(cast) == []
    erasure.erase(cast.south_representative)
    assert EvidenceConsent.objects.filter(facts=False).count() == 1
    assert shares(cast) == []
