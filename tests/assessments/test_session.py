"""The joint session's pages: who records, who follows, and that nobody's entry is lost."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import AgreedLevel, Assessment, LiveSession, Outcome, SpokenWord
from assessments.services.session import joint
from partnerships.access import member_roles_of
from tests.assessments.making import agree_levels, in_session, past_triggers
from tests.assessments.pages import as_

pytestmark = pytest.mark.django_db
FRAGMENT = {"HX-Request": "true"}


def url(assessment, name="session-decision", *args) -> str:
    return reverse(f"assessments:{name}", args=[assessment.code, *args])


def form_of(page: str) -> dict:
    """Return what the page's form would send untouched: its hidden fields, checked radios and texts."""
    fields = dict(re.findall(r'<input type="hidden" name="((?:seen|mine)-[^"]+)" value="([^"]*)"', page))
    fields |= dict(re.findall(r'name="((?:choice|desired)-\d+)"[^>]*value="(\w*)" checked', page))
    return {name: value.replace("&quot;", '"') for name, value in fields.items()}


@pytest.fixture
def assessment(cast) -> Assessment:
    return in_session(cast)


@pytest.fixture
def north(cast, assessment):
    return as_(cast.north_facilitator)


@pytest.fixture
def south(cast, assessment):
    return as_(cast.south_facilitator)


def page_of(client, assessment, number=1, moment="") -> str:
    response = client.get(url(assessment, "session-decision", number) + (f"?moment={moment}" if moment else ""))
    assert response.status_code == 200
    return response.content.decode()


def level(assessment, number=1, partner=1):
    return AgreedLevel.objects.get(
        decision__number=number, participant__number=partner, decision__assessment=assessment
    )


def test_a_facilitator_records_the_whole_page_without_scripts(north, assessment):
    sent = form_of(page_of(north, assessment)) | {
        "choice-1": "4",
        "choice-2": "0",
        "choice-3": "unknown",
        "agree": "no",
    }
    response = north.post(url(assessment, "session-decision", 1), sent)
    assert response.status_code == 302
    assert (level(assessment).actual, level(assessment, partner=2).actual) == (4, 0)
    assert level(assessment, partner=3).state == "unknown"
    assert not AgreedLevel.objects.filter(participant__number=4).exists(), "not discussed stays empty"
    assert Outcome.objects.get(decision__number=1).agree is False


def test_after_a_no_the_page_asks_for_the_wish_beside_today(north, cast, assessment):
    agree_levels(cast, assessment, actual=lambda d, p: 3)
    page = page_of(north, assessment)
    assert 'name="desired-1"' not in page
    assert 'id="c-1-3" value="3" checked' in page
    north.post(url(assessment, "session-decision", 1), form_of(page) | {"agree": "no"})
    page = page_of(north, assessment, moment="want")
    assert 'name="desired-1"' in page
    north.post(url(assessment, "session-decision", 1), form_of(page) | {"desired-1": "4"})
    assert (level(assessment).actual, level(assessment).desired) == (3, 4)
    follower = page_of(as_(cast.observer), assessment)
    assert '<b class="want">4</b>' in follower


def test_others_follow_and_do_not_record(cast, assessment):
    for person in (cast.north_representative, cast.guest, cast.observer):
        client = as_(person)
        page = page_of(client, assessment)
        assert "data-record" not in page
        refused = client.post(url(assessment, "session-decision", 1), {"seen-1": '{"choice":""}', "choice-1": "2"})
        assert refused.status_code == 403
        assert not AgreedLevel.objects.exists()
    as_(cast.south_facilitator).post(
        url(assessment, "session-decision", 1), {"seen-1": '{"choice":""}', "choice-1": "2"}
    )
    assert level(assessment).actual == 2


def test_one_answer_at_a_time_returns_the_fragment(north, assessment):
    sent = {"seen-1": '{"version":0,"choice":""}', "choice-1": "3"}
    response = north.post(url(assessment, "session-decision", 1), sent, headers=FRAGMENT)
    assert response.status_code == 200
    assert "<html" not in response.content.decode()
    assert 'value="3" checked' in response.content.decode()


def test_a_conflict_shows_both_and_loses_neither(north, south, assessment):
    before = form_of(page_of(north, assessment))
    theirs = south.post(url(assessment, "session-decision", 1), before | {"choice-1": "3", "choice-2": "1"})
    assert theirs.status_code == 302
    response = north.post(url(assessment, "session-decision", 1), before | {"choice-1": "1", "choice-3": "4"})
    page = response.content.decode()
    assert response.status_code == 200
    assert page.count("data-conflict") == 1
    assert "3 · co-decides" in page
    assert "1 · informed only" in page
    assert level(assessment).actual == 3, "what stood is not overwritten"
    assert level(assessment, partner=3).actual == 4, "the rest of the page is saved"
    assert level(assessment, partner=2).actual == 1, "what she did not touch is not hers"
    assert level(assessment).decision.changes.get(lost=True).after["actual"] == 1


@pytest.mark.parametrize(("button", "stands"), [("use", 1), ("keep", 3)])
def test_a_conflict_is_resolved_by_a_choice(north, south, assessment, button, stands):
    before = form_of(page_of(north, assessment))
    south.post(url(assessment, "session-decision", 1), before | {"choice-1": "3"})
    page = north.post(url(assessment, "session-decision", 1), before | {"choice-1": "1"}).content.decode()
    again = north.post(url(assessment, "session-decision", 1), form_of(page))
    assert again.content.decode().count("data-conflict") == 1, "it waits for a choice"
    page = again.content.decode()
    resolved = north.post(url(assessment, "session-decision", 1), form_of(page) | {button: "1"})
    assert resolved.status_code == 302
    assert level(assessment).actual == stands


def test_what_was_only_seen_is_not_sent_as_her_own(north, south, assessment):
    north.post(url(assessment, "session-decision", 1), form_of(page_of(north, assessment)) | {"choice-1": "2"})
    before = form_of(page_of(north, assessment))
    assert before["choice-1"] == "2"
    south.post(url(assessment, "session-decision", 1), before | {"choice-1": "3"})
    response = north.post(url(assessment, "session-decision", 1), before | {"choice-2": "4"})
    assert response.status_code == 302, "no conflict about what she never touched"
    assert (level(assessment).actual, level(assessment, partner=2).actual) == (3, 4)


def test_the_same_value_twice_is_no_conflict(north, south, assessment):
    before = form_of(page_of(north, assessment))
    for client in (south, north):
        assert client.post(url(assessment, "session-decision", 1), before | {"choice-1": "3"}).status_code == 302
    assert level(assessment).version == 1


def test_a_conflict_about_the_agreement(north, south, assessment):
    before = form_of(page_of(north, assessment))
    south.post(url(assessment, "session-decision", 1), before | {"agree": "yes"})
    page = north.post(url(assessment, "session-decision", 1), before | {"agree": "no"}).content.decode()
    assert page.count("data-conflict") == 1
    assert Outcome.objects.get().agree is True
    north.post(url(assessment, "session-decision", 1), form_of(page) | {"use": "outcome"})
    assert Outcome.objects.get().agree is False


def test_recording_a_level_first_is_no_conflict_for_the_agreement(north, south, assessment):
    before = form_of(page_of(north, assessment))
    south.post(url(assessment, "session-decision", 1), before | {"choice-1": "3"})
    assert north.post(url(assessment, "session-decision", 1), before | {"agree": "yes"}).status_code == 302
    assert Outcome.objects.get().agree is True


def test_seen_differently_keeps_both_statements(north, cast, assessment):
    views = {"choice-1": "differs", "one-1": "We were asked.", "other-1": "We were told."}
    north.post(url(assessment, "session-decision", 1), form_of(page_of(north, assessment)) | views)
    cell = level(assessment)
    assert (cell.state, cell.actual, cell.one_view, cell.other_view) == (
        "differs",
        None,
        "We were asked.",
        "We were told.",
    )
    page = page_of(as_(cast.observer), assessment)
    assert "We were asked." in page
    assert "We were told." in page


def test_a_way_without_consensus_gets_a_review_date(north, assessment):
    north.post(url(assessment, "session-decision", 1), form_of(page_of(north, assessment)) | {"agree": "no"})
    sent = form_of(page_of(north, assessment)) | {"route": "trial", "review_on": ""}
    north.post(url(assessment, "session-decision", 1), sent)
    outcome = Outcome.objects.get()
    assert outcome.route == "trial"
    assert outcome.review_on is not None
    sent = form_of(page_of(north, assessment)) | {"route": "trial", "review_on": "2031-02-03"}
    north.post(url(assessment, "session-decision", 1), sent)
    assert Outcome.objects.get().review_on.isoformat() == "2031-02-03"
    north.post(url(assessment, "session-decision", 1), form_of(page_of(north, assessment)) | {"agree": "yes"})
    assert (Outcome.objects.get().route, Outcome.objects.get().review_on) == ("", None)


# --- on the screen that follows the group, and in the table of all decisions


def test_recording_on_the_screen_that_follows_leads_back_to_it(north, assessment):
    LiveSession.objects.update(moment="level")
    page = north.get(url(assessment, "session")).content.decode()
    where = re.search(r'action="([^"]+/session/1/[^"]*)"[^>]*data-record', page)[1]
    response = north.post(where, form_of(page) | {"choice-1": "4"})
    assert (response.status_code, response.url) == (302, url(assessment, "session"))
    fragment = north.post(where, form_of(page) | {"choice-2": "4"}, headers=FRAGMENT).content.decode()
    assert 'data-kind="lead-level"' in fragment
    assert 'data-asks=""' in fragment


def test_a_conflict_stays_in_sight_when_the_group_has_gone_on(north, south, assessment):
    LiveSession.objects.update(moment="level")
    where = url(assessment, "session-decision", 1) + "?follow=yes"
    before = form_of(north.get(url(assessment, "session")).content.decode())
    south.post(where, before | {"choice-1": "3"})
    south.post(url(assessment, "session-here", 2))
    page = north.post(where, before | {"choice-1": "1"}, headers=FRAGMENT).content.decode()
    assert page.count("data-conflict") == 1
    assert 'data-asks="number=1"' in page


def test_all_decisions_are_recorded_in_one_table_by_the_same_rules(north, south, assessment):
    where = url(assessment, "session-all")
    page = north.get(where).content.decode()
    seen = dict.fromkeys((1, 2), '{"version":0,"choice":""}')
    assert page.count("data-record") == 2
    for client, number, choice in ((north, 1, "3"), (north, 2, "4"), (south, 1, "0")):
        answer = client.post(
            f"{url(assessment, 'session-decision', number)}?screen=all&moment=level",
            {"seen-1": seen[number], "choice-1": choice},
            headers=FRAGMENT,
        )
        assert 'data-kind="all-level"' in answer.content.decode()
    assert answer.content.decode().count("data-conflict") == 1, "what one recorded the other does not overwrite"
    assert (level(assessment).actual, level(assessment, number=2).actual) == (3, 4)


def test_words_and_wishes_are_recorded_in_the_table_too(north, cast, assessment):
    live = f"{url(assessment, 'session-live')}?screen=all&moment=agree"
    for number in assessment.participants.values_list("number", flat=True):
        north.post(live, {"at": 1, "do": "word", "word": f"{number}:{'no' if number == 2 else 'yes'}:"})
    assert SpokenWord.objects.count() == 6
    assert Outcome.objects.get().agree is False
    wishes = north.get(url(assessment, "session-all") + "?moment=want").content.decode()
    assert wishes.count("data-record") == 1, "only where there is a “no”"
    sent = {"seen-1": '{"version":0,"desired":""}', "desired-1": "3"}
    north.post(f"{url(assessment, 'session-decision', 1)}?screen=all&moment=want", sent)
    assert level(assessment).desired == 3
    plans = north.get(url(assessment, "session-all") + "?moment=do").content.decode()
    assert "Plan actions for decision 1" in plans


def test_others_read_the_table_and_record_nothing_in_it(cast, assessment):
    agree_levels(cast, assessment, actual=lambda d, p: 3)
    page = as_(cast.observer).get(url(assessment, "session-all")).content.decode()
    assert "This page shows the decisions together" in page
    assert "<select" not in page
    assert "data-record" not in page


@pytest.mark.parametrize("bad", [{"choice-1": "5"}, {"choice-1": "x"}, {"seen-1": "no json"}, {"seen-1": "[1]"}])
def test_what_no_page_sends_is_refused(north, assessment, bad):
    sent = {"seen-1": '{"version":0,"choice":""}', "choice-1": "3"}
    assert north.post(url(assessment, "session-decision", 1), sent | bad).status_code == 400
    assert not AgreedLevel.objects.exists()
    assert north.post(url(assessment, "session-decision", 1), sent).status_code == 302


def test_undo_takes_back_the_last_change_and_the_history_keeps_it(north, south, assessment):
    for choice in ("1", "2"):
        north.post(url(assessment, "session-decision", 1), form_of(page_of(north, assessment)) | {"choice-1": choice})
    change = re.search(r'name="change" value="(\d+)"', page_of(north, assessment))[1]
    north.post(url(assessment, "session-undo", 1), {"change": change})
    assert level(assessment).actual == 1
    north.post(url(assessment, "session-undo", 1), {"change": change})
    assert level(assessment).actual == 1, "only the change that she saw"
    change = re.search(r'name="change" value="(\d+)"', page_of(north, assessment))[1]
    north.post(url(assessment, "session-undo", 1), {"change": change})
    assert level(assessment).actual is None
    assert 'name="change"' not in page_of(north, assessment)
    history = south.get(url(assessment, "session-history", 1)).content.decode()
    assert history.count("withdrawn afterwards") == 2
    assert history.count("withdrew the last change") == 2


def test_an_empty_history_promises_changes_only_before_closing(cast, north, assessment):
    history = url(assessment, "session-history", 2)
    assert "When a facilitator records a level" in north.get(history).content.decode()
    with past_triggers():
        Assessment.objects.update(stage="closed", closed_at=timezone.now())
    assert "No changes were recorded for this decision." in north.get(history).content.decode()


def test_undo_of_the_agreement(north, assessment):
    north.post(url(assessment, "session-decision", 1), form_of(page_of(north, assessment)) | {"agree": "no"})
    change = re.search(r'name="change" value="(\d+)"', page_of(north, assessment))[1]
    north.post(url(assessment, "session-undo", 1), {"change": change})
    assert Outcome.objects.get().agree is None


def test_a_screen_polls_and_gets_nothing_new(cast, assessment, django_assert_max_num_queries):
    client = as_(cast.observer)
    version = re.search(r'data-v="([^"]+)"', client.get(url(assessment, "session")).content.decode())[1]
    client.get(url(assessment, "session-state"), {"v": version}, headers=FRAGMENT)
    with django_assert_max_num_queries(3):  # session, person, one small look at the assessment and the memberships
        response = client.get(url(assessment, "session-state"), {"v": version}, headers=FRAGMENT)
    assert response.status_code == 204
    assert "ETag" not in response.headers


def test_a_poll_stops_with_the_membership(cast, assessment):
    client = as_(cast.observer)
    version = re.search(r'data-v="([^"]+)"', client.get(url(assessment, "session")).content.decode())[1]

    def poll() -> int:
        return client.get(url(assessment, "session-state"), {"v": version}, headers=FRAGMENT).status_code

    assert poll() == 204
    cast.partnership.memberships.filter(user=cast.observer).update(voided_at=timezone.now())
    assert poll() == 404


def test_a_follower_is_brought_to_the_next_decision(cast, north, assessment):
    client = as_(cast.observer)
    version = re.search(r'data-v="([^"]+)"', client.get(url(assessment, "session")).content.decode())[1]
    assert north.post(url(assessment, "session-here", 2)).status_code == 302
    page = client.get(url(assessment, "session-state"), {"v": version}, headers=FRAGMENT).content.decode()
    assert 'data-number="2"' in page
    assert "Now on decision 2: Hiring the coordinator · Talk" in page
    pinned = client.get(url(assessment, "session-state"), {"v": version, "number": "1"}, headers=FRAGMENT)
    assert 'data-number="1"' in pinned.content.decode()
    projector = client.get(url(assessment, "session-state"), {"v": version, "screen": "wall"}, headers=FRAGMENT)
    assert "projector-talk" in projector.content.decode()


def test_only_facilitators_bring_everybody(cast, north, assessment):
    for person in (cast.north_representative, cast.observer):
        assert as_(person).post(url(assessment, "session-here", 2)).status_code == 403
    assert Assessment.objects.get().current_decision.number == 1
    north.post(url(assessment, "session-here", 2))
    assert Assessment.objects.get().current_decision.number == 2


def test_before_the_session_everybody_waits_on_the_same_page(cast):
    from tests.assessments.making import rating

    assessment = rating(cast)
    client = as_(cast.south_representative)
    page = client.get(url(assessment, "session")).content.decode()
    assert "has not begun" in page
    assert client.get(url(assessment, "session-decision", 1)).status_code == 200
    refused = as_(cast.north_facilitator).post(
        url(assessment, "session-decision", 1), {"seen-1": '{"choice":""}', "choice-1": "2"}
    )
    assert refused.status_code == 302
    assert not AgreedLevel.objects.exists()


def test_closed_to_strangers(cast, assessment):
    for name, args in (("session", ()), ("session-decision", (1,)), ("session-state", ()), ("projector", ())):
        assert as_(cast.outsider).get(url(assessment, name, *args)).status_code == 404
        assert Client().get(url(assessment, name, *args)).status_code == 302
        assert Client().get(url(assessment, name, *args), headers=FRAGMENT).status_code == 401
        assert as_(cast.observer).get(url(assessment, name, *args)).status_code == 200


def test_the_projector_has_no_ranks_and_a_fixed_order(cast, assessment):
    agree_levels(cast, assessment, actual=lambda d, p: p.number % 5)
    LiveSession.objects.update(moment="level")
    page = as_(cast.observer).get(url(assessment, "projector")).content.decode()
    names = re.findall(r"<b>(\w\d)</b>", page)
    assert names == ["N1", "N2", "S1", "S2", "S3", "O1"]
    assert "rank" not in page.lower()


def test_a_change_is_sent_to_the_scores(cast, assessment):
    member = member_roles_of(cast.north_facilitator, cast.partnership)
    decision = assessment.decisions.get(number=1)
    entry = joint.Entry(assessment.participants.get(number=1), 0, {"actual": 2})
    assert joint.record(assessment, member, decision, [entry]).changed == 1
    assert assessment.jobs.filter(kind="agreed", done__lt=1).exists()


def test_fields_that_are_not_sent_stay(north, assessment):
    seen = json.dumps({"version": 0, "choice": "", "desired": ""})
    north.post(url(assessment, "session-decision", 1), {"seen-1": seen, "choice-1": "2", "desired-1": "4"})
    seen = json.dumps({"version": 1, "choice": "2", "desired": "4"})
    north.post(url(assessment, "session-decision", 1), {"seen-1": seen, "choice-1": "3"})
    assert (level(assessment).actual, level(assessment).desired) == (3, 4)
