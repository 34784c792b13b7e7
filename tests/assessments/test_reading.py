"""Before the session: guesses that wait for each other, a guide from the Release alone, an agenda that adds up."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Agenda, Assessment, Guess, Release, Stage
from assessments.results import presenters, reading_guide
from assessments.services.session import agenda
from assessments.services.session import reading_guide as guesses
from partnerships import notifications
from partnerships.models import Notification
from partnerships.services import Refused
from tests.assessments import making
from tests.assessments.pages import as_, roles_of, url
from tests.assessments.test_shift import later

pytestmark = pytest.mark.django_db
WORDS = ("Dividing the budget", "Hiring the coordinator", "Choosing partners", "Buying cars")


@pytest.fixture
def assessment(cast) -> Assessment:
    return making.in_session(cast, wordings=WORDS)


def released(assessment, *rows, cells=()) -> Assessment:
    """Let the release show (north, south, difference) by decision."""
    data = assessment.release.data | {
        "mode": "all_together" if cells else "by_side",
        "cells": list(cells),
        "decisions": [
            {"decision": number, "north": north, "south": south, "difference": difference}
            for number, (north, south, difference) in enumerate(rows, start=1)
        ],
    }
    with transaction.atomic():
        Release.objects.filter(assessment=assessment).delete()
        release = assessment.release
        release.data, release.mode = data, data["mode"]
        release.save(force_insert=True)
    return Assessment.objects.get(pk=assessment.pk)


HIDDEN = (None, None, None)


# --- the guess


def test_the_guide_comes_after_the_own_guess_and_the_other_guess_too(cast, assessment):
    page = as_(cast.north_facilitator).get(url(assessment, "reading")).content.decode()
    assert "What not to say" not in page
    north = {"differs": "On the budget, I think.", "decides": "We do."}
    page = as_(cast.north_facilitator).post(url(assessment, "reading"), north, follow=True).content.decode()
    assert "What not to say" in page
    before = as_(cast.south_facilitator).get(url(assessment, "reading")).content.decode()
    assert "On the budget, I think." not in before
    south = {"differs": "Hiring.", "decides": "The donor, quietly."}
    after = as_(cast.south_facilitator).post(url(assessment, "reading"), south, follow=True).content.decode()
    assert "On the budget, I think." in after
    assert "The donor, quietly." in as_(cast.north_facilitator).get(url(assessment, "reading")).content.decode()


def test_who_never_guessed_does_not_see_the_other_guess_after_the_session(cast, assessment):
    guesses.guess(assessment, roles_of(cast, "north_facilitator"), "Budget.", "The lead.")
    making.step(cast, assessment, "read_back")
    page = as_(cast.south_facilitator).get(url(assessment, "reading")).content.decode()
    assert "What not to say" in page
    assert "The lead." not in page
    assert "The lead." in as_(cast.north_facilitator).get(url(assessment, "reading")).content.decode()


def test_a_guess_stands(cast, assessment):
    person = roles_of(cast, "north_facilitator")
    guesses.guess(assessment, person, "Budget.", "The lead.")
    assert guesses.guess(assessment, person, "Something else.", "Nobody.").differs == "Budget."
    with pytest.raises(IntegrityError, match="a guess stands"), transaction.atomic():
        Guess.objects.update(differs="Something else.")


@pytest.mark.parametrize("missing", ["differs", "decides"])
def test_an_empty_guess_is_none(cast, assessment, missing):
    words = {"differs": "Budget.", "decides": "The lead."}
    page = as_(cast.north_facilitator).post(url(assessment, "reading"), words | {missing: "  "})
    assert page.status_code == 422
    assert not Guess.objects.exists()
    assert as_(cast.north_facilitator).post(url(assessment, "reading"), words).status_code == 302
    assert Guess.objects.exists()


def test_no_guess_before_the_release_nor_of_others(cast):
    ahead = making.step(cast, making.rating(cast), "close_rating")
    person = roles_of(cast, "north_facilitator")
    with pytest.raises(Refused):
        guesses.guess(ahead, person, "Budget.", "The lead.")
    membership = cast.membership(cast.north_facilitator)
    with pytest.raises(IntegrityError, match="between the release"), transaction.atomic():
        Guess.objects.create(assessment=ahead, membership=membership, differs="a", decides="b")
    making.make_release(ahead)
    member = cast.membership(cast.south_representative)
    with pytest.raises(IntegrityError, match="facilitators guess"), transaction.atomic():
        Guess.objects.create(assessment=ahead, membership=member, differs="a", decides="b")
    Guess.objects.create(assessment=ahead, membership=membership, differs="a", decides="b")


# --- the guide


def test_the_three_widest_differences_come_from_the_release(cast, assessment):
    now = released(assessment, (1.0, 1.5, -0.5), (3.0, 0.0, 3.0), (0.0, 0.0, 0.0), (1.0, -0.5, 1.5))
    said = [str(each) for each in reading_guide.widest(presenters.results_of(now))]
    assert said[0] == (
        "On “Hiring the coordinator”, the two views are 3.0 or more levels apart. Northern partners have this "
        "view: North 3 or more levels higher. Southern partners have this view: same level."
    )
    assert [text.split("“")[1].split("”")[0] for text in said] == [WORDS[1], WORDS[3], WORDS[0]]


def test_what_is_hidden_reads_as_the_neutral_sentence_once(cast, assessment):
    now = released(assessment, HIDDEN, (1.0, 0.0, 1.0), HIDDEN, HIDDEN)
    said = [str(each) for each in reading_guide.widest(presenters.results_of(now))]
    assert said[1:] == ["Not shown, to protect answers."]
    now = released(now, HIDDEN, HIDDEN, HIDDEN, HIDDEN)
    assert [str(each) for each in reading_guide.widest(presenters.results_of(now))] == [
        "Not shown, to protect answers."
    ]
    guesses.guess(now, roles_of(cast, "north_facilitator"), "Budget.", "The lead.")
    page = as_(cast.north_facilitator).get(url(now, "reading")).content.decode()
    assert page.count("Not shown, to protect answers.") == 1


def test_where_one_side_alone_is_shown_its_widest_gaps_lead_the_guide_and_the_agenda(cast, assessment):
    now = released(assessment, (None, 1.0, None), (None, 3.0, None), HIDDEN, (None, -1.5, None))
    results = presenters.results_of(now)
    said = [str(each) for each in reading_guide.widest(results)]
    assert said[0] == "On “Hiring the coordinator”, Southern partners have this view: North 3 or more levels higher."
    assert [text.split("“")[1].split("”")[0] for text in said[:-1]] == [WORDS[1], WORDS[3], WORDS[0]]
    assert said[-1] == "Not shown, to protect answers."
    assert reading_guide.order_of(results) == [2, 4, 1, 3]


def cells(assessment, bands):
    numbers = [partner.number for partner in assessment.participants.all()]
    return [
        {"decision": decision, "partner": number, "band": band}
        for decision, row in enumerate(bands, start=1)
        for number, band in zip(numbers, row, strict=True)
    ]


def test_one_decider_and_none_by_the_bands_of_the_release(cast, assessment):
    bands = [
        ["3–4", "2", "0–1", "0–1", "2", "2"],
        ["2", "2", "0–1", "0–1", "2", "2"],
        ["3–4", None, "0–1", "0–1", "2", "2"],
        ["3–4", "3–4", "0–1", "0–1", "2", "2"],
    ]
    now = released(assessment, cells=cells(assessment, bands))
    name = assessment.participants.get(number=1).name
    assert [str(each) for each in reading_guide.deciders(presenters.results_of(now))] == [
        f"On “Dividing the budget”, only {name} decides or co-decides, according to the middle of all answers.",
        "On “Hiring the coordinator”, no partner decides or co-decides, according to the middle of all answers.",
    ]


def test_one_decider_and_none_as_agreed_last_time(cast):
    def level(decision, partner):
        return 4 if decision.number == 1 and partner.acronym == "N1" else 2

    before = making.in_session(cast, title="Baseline")
    making.agree_levels(cast, before, actual=level)
    from assessments.results.agreed import make_agreed_result

    make_agreed_result(before)
    now = later(cast, before, None)
    making.make_release(now)
    now = Assessment.objects.get(pk=now.pk)
    assert [str(each) for each in reading_guide.deciders(presenters.results_of(now))] == [
        "On “Dividing the budget”, only North 1 decided or co-decided, according to the levels agreed last time.",
        "On “Hiring the coordinator”, no partner decided or co-decided, according to the levels agreed last time.",
    ]
    cell = before.decisions.get(number=1).agreed_levels.get(participant__acronym="S1")
    cell.state, cell.actual = "unknown", None
    cell.save()
    make_agreed_result(before)
    assert len(reading_guide.deciders(presenters.results_of(now))) == 1, "with a level unknown nobody is the only one"


# --- the agenda


@given(st.integers(agenda.SHORTEST, agenda.LONGEST), st.integers(0, 60))
def test_a_proposal_adds_up_to_the_minute(minutes, decisions):
    lines = agenda.propose(minutes, range(1, decisions + 1))
    assert agenda.total(lines) == minutes
    assert all(line["minutes"] > 0 for line in lines)
    talked = [line["decision"] for line in lines if line["kind"] == "decision"]
    assert talked == list(range(1, len(talked) + 1))
    assert all(line["minutes"] >= 10 for line in lines if line["kind"] == "decision")


def test_nobody_talks_for_more_than_an_hour_without_a_break():
    since = 0
    for line in agenda.propose(300, range(1, 20)):
        since = 0 if line["kind"] == "break" else since + line["minutes"] * (line["kind"] == "decision")
        assert since <= 60


def test_decisions_come_by_released_difference_and_hidden_ones_in_their_order(cast, assessment):
    now = released(assessment, HIDDEN, (0.5, 0.0, 0.5), HIDDEN, (0.0, 2.0, -2.0))
    assert reading_guide.order_of(presenters.results_of(now)) == [4, 2, 1, 3]


def posted(assessment, minutes=90, version=0, lines=(("welcome", 30), ("decision:2", 40), ("own", 20))) -> dict:
    sent = {"minutes": minutes, "version": version, "row": [row for row, _minutes in lines]}
    for place, (row, each) in enumerate(lines):
        sent |= {f"minutes-{place}": each, f"place-{place}": place + 1}
        if row == "own":
            sent[f"text-{place}"] = "Lunch, and a walk"
    return sent


def test_facilitators_draft_and_send_it_and_everybody_has_it(cast, assessment):
    draft = as_(cast.north_facilitator).get(url(assessment, "agenda")).content.decode()
    assert "180 of 180 minutes are planned." in draft
    as_(cast.north_facilitator).post(url(assessment, "agenda"), posted(assessment))
    assert "There is no agenda yet" in as_(cast.south_representative).get(url(assessment, "agenda")).content.decode()
    as_(cast.south_facilitator).post(url(assessment, "agenda-send"))
    told = Notification.objects.filter(kind="assessments.agenda_sent")
    assert {notification.recipient for notification in told} >= {cast.observer, cast.guest, cast.south_representative}
    assert notifications.render_notification(told[0])[0] == "Agenda for the joint session: “How we decide”"
    for name in ("agenda", "overview"):
        page = as_(cast.observer).get(url(assessment, name)).content.decode()
        assert "2. Hiring the coordinator" in page
        assert "Lunch, and a walk" in page
        assert "1:10" in page
    page = as_(cast.observer).get(url(assessment, "agenda")).content.decode()
    assert "1. Dividing the budget" in page.split("Not in this session")[1]


def test_it_says_by_how_much_it_is_too_long_and_is_not_sent(cast, assessment):
    client = as_(cast.north_facilitator)
    lines = (("welcome", 30), ("decision:1", 72))
    page = client.post(url(assessment, "agenda"), posted(assessment, lines=lines), follow=True).content.decode()
    assert "12 minutes too long" in page
    assert url(assessment, "agenda-send") not in page
    client.post(url(assessment, "agenda-send"))
    with pytest.raises(IntegrityError, match="fit into"), transaction.atomic():
        Agenda.objects.update(sent_at="2026-01-01T00:00:00Z")
    assert not Notification.objects.filter(kind="assessments.agenda_sent").exists()
    client.post(url(assessment, "agenda"), posted(assessment, version=1, lines=(("welcome", 30), ("decision:1", 60))))
    client.post(url(assessment, "agenda-send"))
    assert Notification.objects.filter(kind="assessments.agenda_sent").exists()


def test_once_sent_it_stands(cast, assessment):
    client = as_(cast.north_facilitator)
    client.post(url(assessment, "agenda"), posted(assessment))
    client.post(url(assessment, "agenda-send"))
    told = Notification.objects.filter(kind="assessments.agenda_sent").count()
    client.post(url(assessment, "agenda-send"))
    client.post(url(assessment, "agenda"), posted(assessment, version=1, lines=(("welcome", 5),)))
    assert Notification.objects.filter(kind="assessments.agenda_sent").count() == told
    assert len(Agenda.objects.get().lines) == 3
    with pytest.raises(IntegrityError, match="stands as everybody has it"), transaction.atomic():
        Agenda.objects.update(minutes=600)


def test_a_draft_that_the_other_changed_is_not_overwritten(cast, assessment):
    as_(cast.north_facilitator).post(url(assessment, "agenda"), posted(assessment))
    late = as_(cast.south_facilitator).post(url(assessment, "agenda"), posted(assessment, minutes=120), follow=True)
    assert "changed since you opened this page" in late.content.decode()
    assert Agenda.objects.get().minutes == 90
    as_(cast.south_facilitator).post(url(assessment, "agenda"), posted(assessment, minutes=120, version=1))
    assert Agenda.objects.get().minutes == 120


def test_lines_that_are_none_are_dropped_and_the_places_count(cast, assessment):
    sent = posted(assessment, lines=(("decision:77", 10), ("nonsense", 10), ("decision:1", 10), ("break", 5)))
    sent |= {"place-2": 9, "minutes-3": "x"}
    as_(cast.north_facilitator).post(url(assessment, "agenda"), sent)
    assert [(line["kind"], line["minutes"]) for line in Agenda.objects.get().lines] == [("break", 0), ("decision", 10)]
    page = as_(cast.north_facilitator).post(url(assessment, "agenda"), sent | {"minutes": 20, "version": 1})
    assert page.status_code == 422


def test_the_agenda_is_of_the_session_that_is_ahead(cast, assessment):
    making.step(cast, assessment, "read_back")
    with pytest.raises(IntegrityError, match="before the session ends"), transaction.atomic():
        Agenda.objects.create(assessment=assessment, minutes=90, lines=[])
    assert Assessment.objects.get(pk=assessment.pk).stage == Stage.FINAL_REVIEW


def test_closed_to_strangers_and_the_guide_to_members(cast, assessment):
    for name in ("reading", "agenda"):
        assert as_(cast.outsider).get(url(assessment, name)).status_code == 404
    assert as_(cast.south_representative).get(url(assessment, "reading")).status_code == 403
    assert as_(cast.south_representative).get(url(assessment, "agenda")).status_code == 200
