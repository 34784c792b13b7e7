"""The live session: phases that facilitators lead, clocks, turns, drafts, unsigned pauses, words said aloud."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from assessments.factors import factors
from assessments.models import (
    AgreedLevel,
    Assessment,
    Cause,
    LiveSession,
    Outcome,
    Participant,
    Proposal,
    Response,
    SpokenWord,
)
from assessments.results.reporting.content import content_of
from assessments.services.session import agenda, causes, joint, live, pause_requests, presence
from partnerships.access import member_roles_of
from partnerships.models import Role
from partnerships.services import Refused
from tests.assessments.making import agree_levels, arriving, in_session, rating, step
from tests.assessments.test_session import FRAGMENT, as_, form_of, url
from tests.factories import membership
from tests.refusing import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(cast) -> Assessment:
    return in_session(cast)


@pytest.fixture
def lobby(cast) -> Assessment:
    return arriving(cast)


def act(person, assessment, at=None, fragment=True, **data):
    """Do something on a screen that shows a decision (`at`) or what everybody looks at."""
    data = {"do": data.pop("do"), "at": at or "", **data}
    client = person if hasattr(person, "post") else as_(person)
    where = url(assessment, "session-live") + (f"?number={at}" if at else "")
    return client.post(where, data, headers=FRAGMENT if fragment else {})


def at_moment(assessment, moment: str, shown: bool = False) -> None:
    """Let the group be at a moment of its decision, as it is when that began just now."""
    LiveSession.objects.filter(assessment=assessment).update(
        moment=moment, shown=shown, moment_at=timezone.now(), asks_aloud=False
    )


def choose(person, assessment, level, moment="level", **more):
    return act(person, assessment, at=1, do="choose", level=level, moment=moment, **more)


def card(person, assessment) -> str:
    """Return the card of the moment, with its blanks as one."""
    return re.sub(r"\s+", " ", page(person, assessment))


def page(person, assessment, name="session") -> str:
    return as_(person).get(url(assessment, name)).content.decode()


def row(assessment) -> LiveSession:
    return LiveSession.objects.get(assessment=assessment)


# --- the lobby and what follows it


def test_a_session_begins_in_the_lobby_and_facilitators_lead_on(cast, lobby):
    assert "Who is here?" in page(cast.observer, lobby)
    for phase, words in (
        ("agreement", ">Ground rules</h1>"),
        ("practice", "These answers are not stored"),
        ("silence", "A silent minute"),
        ("decisions", "Dividing the budget"),
    ):
        assert act(cast.south_facilitator, lobby, do=f"phase-{phase}").status_code == 200
        for person in (cast.north_representative, cast.guest, cast.observer):
            assert words in page(person, lobby)


def test_others_do_not_lead(cast, lobby):
    for person, do in ((cast.north_representative, "phase-practice"), (cast.guest, "timer-start")):
        assert act(person, lobby, do=do).status_code == 403
    assert act(cast.observer, lobby, do="pause").status_code == 403
    assert row(lobby).phase == "lobby"
    act(cast.north_facilitator, lobby, do="phase-practice")
    assert row(lobby).phase == "practice"


def test_bringing_everybody_to_a_decision_ends_the_lobby(cast, lobby):
    as_(cast.north_facilitator).post(url(lobby, "session-here", 2))
    assert row(lobby).phase == "decisions"
    assert "Hiring the coordinator" in page(cast.guest, lobby)


def test_a_session_reopened_after_the_read_back_does_not_gather_anew(cast, assessment):
    reopened = step(cast, step(cast, assessment, "read_back"), "back_to_session")
    assert live.phase_of(Assessment.objects.get(pk=reopened.pk)) == "decisions"


def test_the_lobby_shows_who_is_here_and_follows_who_comes(cast, lobby):
    facilitator = as_(cast.north_facilitator)
    before = facilitator.get(url(lobby, "session")).content.decode()
    version = re.search(r'data-v="([^"]+)"', before)[1]
    same = facilitator.get(url(lobby, "session-state"), {"v": version}, headers=FRAGMENT)
    assert same.status_code == 204
    assert re.search(r"is-away[^>]*>Guest Gathoni · <span", before)
    assert "<summary>More</summary>" in before
    as_(cast.guest).get(url(lobby, "session-state"), {"v": version}, headers=FRAGMENT)
    news = facilitator.get(url(lobby, "session-state"), {"v": version}, headers=FRAGMENT)
    assert news.status_code == 200
    assert re.search(r"is-here[^>]*>Guest Gathoni", news.content.decode())
    assert "English" in news.content.decode()
    presence.forget(lobby, member_roles_of(cast.guest, cast.partnership))
    assert re.search(r"is-away[^>]*>Guest Gathoni", facilitator.get(url(lobby, "session")).content.decode())


def test_the_lobby_polls_cheaply(cast, lobby, django_assert_max_num_queries):
    client = as_(cast.observer)
    version = re.search(r'data-v="([^"]+)"', client.get(url(lobby, "session")).content.decode())[1]
    with django_assert_max_num_queries(
        5
    ):  # session, person, assessment with where it stands, memberships; memberships of the room
        assert client.get(url(lobby, "session-state"), {"v": version}, headers=FRAGMENT).status_code == 204


def test_the_practice_has_no_form_to_send_it_with(cast, lobby):
    act(cast.north_facilitator, lobby, do="phase-practice")
    shown = page(cast.guest, lobby)
    before, ladder = shown.split('name="practice"', 1)
    assert before.rfind("<form") <= before.rfind("</form>")
    assert ladder.find("</fieldset>") < ladder.find("<form")
    facilitator = page(cast.north_facilitator, lobby)
    assert facilitator.split('name="practice"')[0].rfind("<form") <= facilitator.split('name="practice"')[0].rfind(
        "</form>"
    )


# --- two press at once, on pages of which one is out of date


def mark_of(person, assessment) -> str:
    return re.search(r'name="seen" value="([^"]+)"', page(person, assessment))[1]


@pytest.mark.parametrize(
    ("do", "name"), [("turn-next", "turn"), ("turn-skip", "skipped"), ("timer-start", "timer_ends_at")]
)
def test_what_two_facilitators_press_at_once_is_done_once(cast, assessment, do, name):
    seen = mark_of(cast.north_facilitator, assessment)
    act(cast.north_facilitator, assessment, do=do, seen=seen, at=1)
    first = row(assessment)
    assert getattr(first, name) not in (0, [], None)
    assert act(cast.south_facilitator, assessment, do=do, seen=seen, at=1).status_code == 200
    assert (row(assessment).turn, row(assessment).skipped) == (first.turn, first.skipped)
    assert row(assessment).timer_ends_at == first.timer_ends_at
    act(cast.south_facilitator, assessment, do="turn-next", seen=mark_of(cast.south_facilitator, assessment), at=1)
    assert row(assessment).turn == first.turn + 1


def test_a_late_press_neither_brings_everybody_back_nor_touches_the_next_decision(cast, lobby):
    seen = mark_of(cast.north_facilitator, lobby)
    act(cast.north_facilitator, lobby, do="phase-decisions", seen=seen)
    act(cast.south_facilitator, lobby, do="phase-agreement", seen=seen)
    assert row(lobby).phase == "decisions"
    seen = mark_of(cast.south_facilitator, lobby)
    as_(cast.north_facilitator).post(url(lobby, "session-here", 2))
    act(cast.south_facilitator, lobby, do="turn-next", seen=seen, at=1)
    assert row(lobby).turn == 0
    act(cast.north_facilitator, lobby, do="turn-next", seen=mark_of(cast.north_facilitator, lobby), at=2)
    as_(cast.south_facilitator).post(url(lobby, "session-here", 2))
    assert row(lobby).turn == 1, "they are there already"


def test_an_answer_is_to_the_draft_that_was_seen(cast, assessment):
    about = assessment.participants.get(acronym="S1").number
    at_moment(assessment, "level", shown=True)
    choose(cast.south_representative, assessment, "1")
    choose(cast.south_representative, assessment, "3")
    late = act(cast.north_representative, assessment, do="fine", about=f"{about}:1", at=1)
    assert late.status_code == 409
    assert "has changed its draft, so your answer was not saved" in late.json()["error"]
    assert "Accepts this level" not in row_text(cast.observer, assessment, about)
    assert act(cast.north_representative, assessment, do="fine", about=f"{about}:3", at=1).status_code == 200
    assert "Accepts this level" in row_text(cast.observer, assessment, about)


def row_text(person, assessment, number: int) -> str:
    return re.search(rf'(?s)<li id="row-{number}".*?</li>', page(person, assessment))[0]


def test_a_word_that_another_recorded_meanwhile_is_not_overwritten(cast, assessment):
    number = assessment.participants.get(acronym="S1").number
    act(cast.north_facilitator, assessment, do="word", word=f"{number}:no:", at=1)
    late = act(cast.south_facilitator, assessment, do="word", word=f"{number}:passes:", at=1)
    assert late.status_code == 409
    assert "South 1" in late.json()["error"]
    assert SpokenWord.objects.get().word == "no"
    assert act(cast.south_facilitator, assessment, do="word", word=f"{number}:no:", at=1).status_code == 200
    assert act(cast.south_facilitator, assessment, do="word", word=f"{number}:passes:no", at=1).status_code == 200
    assert SpokenWord.objects.get().word == "passes"


def test_factors_that_another_named_meanwhile_are_not_overwritten(cast, assessment):
    first, second = [factor.slug for factor in factors()][:2]
    Outcome.objects.create(decision=assessment.decisions.get(number=1), agree=False)
    act(cast.north_facilitator, assessment, do="causes", factor=first, named="", at=1)
    late = act(cast.south_facilitator, assessment, do="causes", factor=second, named="", at=1)
    assert late.status_code == 409
    assert Cause.objects.get().factor == first
    assert act(cast.south_facilitator, assessment, do="causes", factor=second, named=first, at=1).status_code == 200
    assert Cause.objects.get().factor == second


# --- clocks


def test_a_clock_runs_on_the_servers_time_stands_and_is_extended(cast, assessment):
    act(cast.north_facilitator, assessment, do="timer-start")
    assert abs(row(assessment).timer_ends_at - timezone.now() - timedelta(minutes=10)) < timedelta(minutes=1)
    assert "At most 10 minutes left" in page(cast.guest, assessment)
    LiveSession.objects.update(timer_ends_at=timezone.now() + timedelta(minutes=3, seconds=30))
    assert "At most 4 minutes left" in page(cast.guest, assessment), "right after a reload"
    act(cast.south_facilitator, assessment, do="timer-hold")
    stands = row(assessment)
    assert stands.timer_ends_at is None
    assert 200 <= stands.timer_left <= 210
    assert "The clock has been stopped" in page(cast.guest, assessment)
    act(cast.south_facilitator, assessment, do="timer-more")
    act(cast.south_facilitator, assessment, do="timer-resume")
    assert "At most 9 minutes left" in page(cast.guest, assessment)
    act(cast.south_facilitator, assessment, do="timer-clear")
    assert "data-clock" not in page(cast.guest, assessment)


def test_a_clock_ends_with_a_word(cast, assessment):
    LiveSession.objects.update(timer_ends_at=timezone.now() - timedelta(seconds=5))
    shown = page(cast.guest, assessment)
    assert '<span class="clock-over">Time is up. Finish,' in shown
    act(cast.north_facilitator, assessment, do="timer-more")
    assert "At most 5 minutes left" in page(cast.guest, assessment)
    act(cast.north_facilitator, assessment, do="timer-start")
    as_(cast.north_facilitator).post(url(assessment, "session-here", 2))
    assert row(assessment).timer_ends_at is None, "the next decision has its own time"


# --- who speaks


def people(*sides: str) -> list[Participant]:
    return [
        Participant(number=number, partner_id=100 + number, acronym=f"{side[0].upper()}{number}", side=side)
        for number, side in enumerate(sides, 1)
    ]


def order(number=1, funders=(), skipped=(), sides=("north", "north", "south", "south", "south", "other")) -> str:
    found = live.speaking_order(people(*sides), number, set(funders), skipped)
    return " ".join(each.acronym for each in found)


def test_the_south_speaks_first_and_who_gives_money_last():
    assert order() == "S3 S4 S5 N1 N2 O6"
    assert order(funders=[101]) == "S3 S4 S5 N2 O6 N1"
    assert order(funders=[103]) == "S4 S5 N1 N2 O6 S3", "whoever it is"
    assert order(funders=[101, 106]) == "S3 S4 S5 N2 N1 O6"


def test_each_decision_begins_with_another():
    assert [order(number=n).split()[0] for n in (1, 2, 3, 4)] == ["S3", "S4", "S5", "S3"]
    assert [order(number=n, funders=[106]).split()[3] for n in (1, 2, 3)] == ["N1", "N2", "N1"]


def test_who_is_skipped_speaks_after_the_others_and_before_who_gives_money():
    assert order(funders=[101], skipped=[4, 3]) == "S5 N2 O6 S4 S3 N1"


def test_facilitators_call_the_speakers_and_all_see_whose_turn_it_is(cast, assessment):
    def speaks() -> str:
        return re.search(r'<li class="is-speaks"[^>]*><span[^>]*>(\w+)<', page(cast.guest, assessment))[1]

    assert speaks() == "S1"
    act(cast.north_facilitator, assessment, do="turn-skip")
    assert speaks() == "S2"
    act(cast.north_facilitator, assessment, do="turn-next")
    assert speaks() == "S3"
    act(cast.north_facilitator, assessment, do="turn-back")
    assert speaks() == "S2"
    for _each in range(4):
        act(cast.north_facilitator, assessment, do="turn-next")
    assert speaks() == "S1"
    act(cast.north_facilitator, assessment, do="turn-next")
    assert speaks() == "O1", "the donor"
    assert act(cast.guest, assessment, do="turn-next").status_code == 403


# --- choices, each organisation for itself


def shows(person, assessment) -> int:
    return act(person, assessment, do="show", seen=mark_of(person, assessment), at=1).status_code


def test_a_choice_is_read_only_by_its_organisation_until_all_are_shown(cast, assessment):
    at_moment(assessment, "level")
    assert choose(cast.guest, assessment, "2").status_code == 200
    assert 'id="own-2" name="level" value="2" aria-pressed="true"' in card(cast.guest, assessment)
    everyone = (cast.north_representative, cast.observer, cast.north_facilitator)
    for name in ("session", "projector", "session-all"):
        for person in everyone:
            shown = page(person, assessment, name)
            assert "consulted beforehand" not in re.sub(r"(?s)<button.*?</button>|<details.*?</details>", "", shown), (
                name
            )
            assert "is-draft" not in shown
    for person in everyone:
        for moment in ("level", "want"):
            looked = as_(person).get(url(assessment, "session-decision", 1) + f"?moment={moment}").content.decode()
            assert "is-draft" not in looked
            assert "chosen-" not in looked
    LiveSession.objects.update(moment_at=timezone.now() - timedelta(minutes=2))
    assert shows(cast.north_facilitator, assessment) == 200
    assert 'is-draft"><b>2</b> consulted' in card(cast.observer, assessment)
    assert not AgreedLevel.objects.exists()


def test_choices_are_shown_when_all_have_chosen_or_after_two_minutes(cast, assessment):
    people = (cast.north_representative, cast.south_representative, cast.guest)
    at_moment(assessment, "level")
    for person in people:
        page(person, assessment)
    choose(people[0], assessment, "4")
    choose(people[1], assessment, "pass")
    assert "Organisations that have chosen a level: 2 of 3" in card(cast.north_facilitator, assessment)
    assert "Organisations that have chosen a level: 2 of 3" in page(cast.observer, assessment, "projector")
    assert shows(cast.north_facilitator, assessment) == 409
    assert not row(assessment).shown
    choose(people[2], assessment, "0")
    assert shows(cast.north_facilitator, assessment) == 200
    assert row(assessment).shown
    assert set(Proposal.objects.values_list("level", "shown")) == {(4, True), (None, True), (0, True)}
    assert "passes" in card(cast.observer, assessment)


def test_two_minutes_unlock_the_button_on_screens_that_poll(cast, assessment):
    at_moment(assessment, "level")
    client = as_(cast.north_facilitator)
    client.get(url(assessment, "session"))
    page(cast.guest, assessment)
    version = re.search(r'data-v="([^"]+)"', client.get(url(assessment, "session")).content.decode())[1]

    def poll():
        return client.get(url(assessment, "session-state"), {"v": version}, headers=FRAGMENT)

    assert poll().status_code == 204
    LiveSession.objects.update(moment_at=timezone.now() - timedelta(minutes=2, seconds=1))
    assert 'value="show">' in poll().content.decode()


def test_another_choice_before_all_are_shown_moves_no_other_screen(cast, assessment):
    at_moment(assessment, "level")
    choose(cast.guest, assessment, "2")
    before = Assessment.objects.get().joint_version
    choose(cast.guest, assessment, "3")
    assert Assessment.objects.get().joint_version == before
    assert Proposal.objects.get().level == 3
    choose(cast.guest, assessment, "none")
    assert not Proposal.objects.exists()


def test_who_is_late_chooses_among_choices_that_are_shown(cast, assessment):
    at_moment(assessment, "level", shown=True)
    choose(cast.guest, assessment, "2")
    assert Proposal.objects.get().shown
    choose(cast.guest, assessment, "none")
    assert "is-draft" not in card(cast.observer, assessment)


@pytest.mark.parametrize("leave", ["moment-agree", "phase-lobby", "here", "read_back"])
def test_what_was_not_shown_goes_with_its_moment(cast, assessment, leave):
    at_moment(assessment, "level")
    choose(cast.guest, assessment, "2")
    if leave == "here":
        as_(cast.north_facilitator).post(url(assessment, "session-here", 2))
    elif leave == "read_back":
        step(cast, assessment, "read_back")
    else:
        act(cast.north_facilitator, assessment, do=leave)
    assert not Proposal.objects.exists()


def test_what_was_shown_stays_when_the_group_comes_back(cast, assessment):
    at_moment(assessment, "level", shown=True)
    choose(cast.guest, assessment, "2")
    for moment in ("agree", "level"):
        assert act(cast.north_facilitator, assessment, do=f"moment-{moment}").status_code == 200
    assert row(assessment).shown
    assert Proposal.objects.get().level == 2


def test_nobody_chooses_for_another_organisation(cast, assessment):
    at_moment(assessment, "level")
    choose(cast.guest, assessment, "4", who="1")
    assert Proposal.objects.get().participant.acronym == "S2", "her own"
    assert choose(cast.north_facilitator, assessment, "3", who="1").status_code == 403
    assert choose(cast.observer, assessment, "3").status_code == 403


@pytest.mark.parametrize("bad", [{"level": "5"}, {"level": ""}, {"do": "nothing"}, {"do": "phase-party", "level": "1"}])
def test_what_no_screen_sends_is_refused(cast, assessment, bad):
    person = cast.north_facilitator if "do" in bad else cast.guest
    at_moment(assessment, "level")
    assert act(person, assessment, at=1, **({"do": "choose", "moment": "level"} | bad)).status_code == 400
    assert choose(cast.guest, assessment, "1").status_code == 200


@pytest.mark.parametrize(("moment", "at"), [("want", 1), ("talk", 1), ("level", 2)])
def test_a_choice_belongs_to_where_the_group_is(cast, assessment, moment, at):
    at_moment(assessment, "level")
    late = act(cast.guest, assessment, at=at, do="choose", level="1", moment=moment)
    assert late.status_code == 409
    assert "has moved on" in late.json()["error"]
    assert not Proposal.objects.exists()
    assert choose(cast.guest, assessment, "1").status_code == 200


def test_others_answer_and_their_answers_go_when_the_draft_changes(cast, assessment):
    at_moment(assessment, "level", shown=True)
    choose(cast.guest, assessment, "2")
    about = Proposal.objects.get().participant.number
    act(cast.north_representative, assessment, at=1, do="fine", about=about)
    act(cast.south_representative, assessment, at=1, do="other", about=about, level="1", words="You were told only.")
    shown = card(cast.observer, assessment)
    assert "N1: Accepts this level" in shown
    assert "S1: 1 informed only “You were told only.”" in shown
    act(cast.guest, assessment, at=1, do="fine", about=about)
    assert "S2: fine" not in card(cast.observer, assessment), "nobody answers herself"
    choose(cast.guest, assessment, "3")
    assert "N1: Accepts this level" not in card(cast.observer, assessment)
    choose(cast.guest, assessment, "none")
    assert "is-draft" not in card(cast.observer, assessment)


def test_nobody_answers_a_choice_that_is_not_shown(cast, assessment):
    at_moment(assessment, "level")
    choose(cast.guest, assessment, "2")
    about = Proposal.objects.get().participant.number
    for shown in (False, True):
        LiveSession.objects.update(shown=shown)
        Proposal.objects.update(shown=shown)
        act(cast.north_representative, assessment, at=1, do="fine", about=about)
        assert Response.objects.exists() == shown


def test_a_choice_is_made_in_the_session_only(cast, assessment):
    at_moment(assessment, "level")
    step(cast, assessment, "read_back")
    assert choose(cast.guest, assessment, "2").status_code == 409
    step(cast, assessment, "back_to_session")
    assert choose(cast.guest, assessment, "2").status_code == 200


def test_without_scripts_one_comes_back_to_the_card(cast, assessment):
    at_moment(assessment, "level")
    client, where = as_(cast.guest), url(assessment, "session-live")
    response = client.post(where, {"do": "choose", "at": 1, "level": "2", "moment": "level"})
    assert (response.status_code, response.url) == (302, url(assessment, "session"))
    assert Proposal.objects.get().decision.number == 1
    pinned = client.post(f"{where}?number=2", {"do": "fine", "at": 2, "about": "1"})
    assert pinned.url == url(assessment, "session-decision", 2)


# --- recording what was chosen


def recorded(assessment) -> dict:
    cells = AgreedLevel.objects.filter(decision__number=1, decision__assessment=assessment)
    return {cell.participant.acronym: (cell.state, cell.actual, cell.desired) for cell in cells}


def chosen_and_shown(cast, assessment) -> str:
    """Let three choose and one see another level, all shown; return a facilitator's page of it."""
    at_moment(assessment, "level", shown=True)
    for person, level in ((cast.north_representative, "4"), (cast.south_representative, "1"), (cast.guest, "2")):
        choose(person, assessment, level)
    about = assessment.participants.get(acronym="S2").number
    act(cast.north_representative, assessment, at=1, do="other", about=f"{about}:2", level="3", words="You were asked")
    return page(cast.north_facilitator, assessment)


def sent_with(shown: str, **more) -> dict:
    """Return what a page's form sends, with the choices that it shows."""
    return form_of(shown) | dict(re.findall(r'name="(chosen-\d+|wished-\d+)" value="(\d)"', shown)) | more


def test_all_is_recorded_as_chosen_but_where_another_level_is_seen(cast, assessment):
    shown = chosen_and_shown(cast, assessment)
    assert "Record all chosen levels" in shown
    as_(cast.north_facilitator).post(url(assessment, "session-decision", 1), sent_with(shown, record="all"))
    assert recorded(assessment) == {"N1": ("level", 4, None), "S1": ("level", 1, None)}
    again = page(cast.north_facilitator, assessment)
    assert "Record all chosen levels" not in again
    as_(cast.north_facilitator).post(url(assessment, "session-decision", 1), sent_with(again, record="all"))
    assert AgreedLevel.objects.count() == 2


def test_a_choice_that_changed_meanwhile_is_recorded_as_it_was_seen(cast, assessment):
    shown = chosen_and_shown(cast, assessment)
    choose(cast.south_representative, assessment, "3")
    as_(cast.north_facilitator).post(url(assessment, "session-decision", 1), sent_with(shown, record="all"))
    assert recorded(assessment)["S1"] == ("level", 1, None)


def test_recording_all_overwrites_no_level_of_the_other_facilitator(cast, assessment):
    shown = chosen_and_shown(cast, assessment)
    number = assessment.participants.get(acronym="S1").number
    own = form_of(shown) | {f"choice-{number}": "0"}
    as_(cast.south_facilitator).post(url(assessment, "session-decision", 1), own)
    as_(cast.north_facilitator).post(url(assessment, "session-decision", 1), sent_with(shown, record="all"))
    assert recorded(assessment)["S1"] == ("level", 0, None)
    assert recorded(assessment)["N1"] == ("level", 4, None)


def test_words_of_a_phone_fill_both_views_of_a_level_seen_differently(cast, assessment):
    shown = chosen_and_shown(cast, assessment)
    number = str(assessment.participants.get(acronym="S2").number)
    as_(cast.north_facilitator).post(url(assessment, "session-decision", 1), sent_with(shown, differs=number))
    cell = AgreedLevel.objects.get()
    assert (cell.state, cell.one_view) == ("differs", "S2: 2 consulted beforehand")
    assert cell.other_view == "N1: 3 co-decides. You were asked"


def test_a_wish_is_chosen_and_recorded_like_a_level(cast, assessment):
    Outcome.objects.create(decision=assessment.decisions.get(number=1), agree=False)
    at_moment(assessment, "want")
    choose(cast.guest, assessment, "3", moment="want")
    assert "is-draft" not in card(cast.north_representative, assessment)
    LiveSession.objects.update(moment_at=timezone.now() - timedelta(minutes=2))
    assert shows(cast.north_facilitator, assessment) == 200
    shown = page(cast.north_facilitator, assessment)
    as_(cast.north_facilitator).post(url(assessment, "session-decision", 1), sent_with(shown, record="all"))
    assert recorded(assessment) == {"S2": ("level", None, 3)}


# --- moments, and who leads


def test_facilitators_move_everyone_from_moment_to_moment(cast, assessment):
    words = {
        "level": "How is South 2 involved today?",
        "agree": "Do you agree with how partners are involved",
        "want": "Which level should South 2 have?",
        "do": "Planned actions",
        "talk": "What happened the last time",
    }
    for moment, said in words.items():
        assert act(cast.guest, assessment, do=f"moment-{moment}").status_code == 403
        assert act(cast.south_facilitator, assessment, do=f"moment-{moment}").status_code == 200
        assert row(assessment).moment == moment
        assert said in card(cast.guest, assessment)
        assert f'data-kind="lead-{moment}"' in page(cast.north_facilitator, assessment)
        assert f"projector-decisions-{moment}-" in page(cast.observer, assessment, "projector")
    assert act(cast.south_facilitator, assessment, do="moment-party").status_code == 400


def test_a_late_press_does_not_move_the_next_moment(cast, assessment):
    seen = mark_of(cast.north_facilitator, assessment)
    act(cast.north_facilitator, assessment, do="moment-level", seen=seen, at=1)
    act(cast.south_facilitator, assessment, do="moment-do", seen=seen, at=1)
    assert row(assessment).moment == "level"
    act(cast.south_facilitator, assessment, do="moment-do", seen=mark_of(cast.south_facilitator, assessment), at=1)
    assert row(assessment).moment == "do"


def test_the_next_decision_begins_with_its_talk(cast, assessment):
    at_moment(assessment, "level", shown=True)
    as_(cast.north_facilitator).post(url(assessment, "session-here", 2))
    assert (row(assessment).moment, row(assessment).shown) == ("talk", False)


def test_only_who_leads_moves_and_another_can_take_the_lead(cast, assessment):
    act(cast.north_facilitator, assessment, do="lead")
    for do in ("moment-level", "phase-lobby"):
        answer = act(cast.south_facilitator, assessment, do=do)
        assert answer.status_code == 409
        assert "Freek North leads the session" in answer.json()["error"]
    assert as_(cast.south_facilitator).post(url(assessment, "session-here", 2), headers=FRAGMENT).status_code == 409
    assert (row(assessment).moment, row(assessment).phase) == ("talk", "decisions")
    assert act(cast.south_facilitator, assessment, do="turn-next").status_code == 200, "anyone keeps time"
    assert act(cast.guest, assessment, do="lead").status_code == 403
    act(cast.south_facilitator, assessment, do="record")
    assert act(cast.south_facilitator, assessment, do="moment-level").status_code == 409, "that hands nothing over"
    act(cast.south_facilitator, assessment, do="lead")
    assert act(cast.south_facilitator, assessment, do="moment-level").status_code == 200
    act(cast.south_facilitator, assessment, do="record")
    assert act(cast.north_facilitator, assessment, do="moment-agree").status_code == 200


def test_a_leader_whose_membership_ended_leads_no_more(cast, assessment):
    act(cast.north_facilitator, assessment, do="lead")
    own = cast.partnership.memberships.filter(user=cast.north_facilitator)
    own.update(voided_at=timezone.now())
    assert act(cast.south_facilitator, assessment, do="moment-level").status_code == 200


def test_the_next_decision_is_the_agendas(cast):
    assessment = arriving(cast, wordings=["One", "Two", "Three"])
    lines = [agenda.line("decision", 20, 3), agenda.line("decision", 20, 1)]
    member = member_roles_of(cast.north_facilitator, cast.partnership)
    agenda.keep(assessment, member, 60, lines, 0)
    agenda.send(assessment, member)
    assert Assessment.objects.get().current_decision.number == 3
    act(cast.north_facilitator, assessment, do="phase-decisions")
    Outcome.objects.create(decision=assessment.decisions.get(number=3), agree=True)
    at_moment(assessment, "agree")
    assert "Next on the agenda: decision 1" in page(cast.north_facilitator, assessment)
    as_(cast.north_facilitator).post(url(assessment, "session-here", 1))
    at_moment(assessment, "do")
    assert "go on to decision 2" in page(cast.north_facilitator, assessment), "then what was left out"


def test_ground_rules_are_edited_until_the_session_goes_on_from_them(cast, lobby):
    client, where = as_(cast.north_facilitator), url(lobby, "ground-rules-edit")
    for phase, status in (("lobby", 200), ("agreement", 200), ("practice", 302), ("decisions", 302)):
        act(cast.north_facilitator, lobby, do=f"phase-{phase}")
        assert client.get(where).status_code == status


# --- what happened last time


def test_last_times_levels_and_plans_stand_beside_the_question(cast, assessment):
    agree_levels(cast, assessment, actual=lambda d, p: 1)
    earlier = assessment.decisions.get(number=1)
    later = in_session(cast, wordings=["Dividing the budget"], predecessor=assessment)
    later.decisions.update(predecessor=earlier)
    shown = card(cast.guest, later)
    assert "Results and plans from the last assessment" in shown
    assert "S1 <b>1</b> informed only" in shown
    assert "S1 <b>1</b>" in card(cast.north_facilitator, later)
    assert "Results and plans from the last assessment" not in card(cast.guest, assessment)


# --- a pause


def with_tickets(person, assessment):
    client = as_(person)
    client.get(url(assessment, "session"))
    return client


def running(assessment) -> None:
    """Let a pause that was asked for begin."""
    now = timezone.now()
    begun, ends = now - timedelta(seconds=10), now + timedelta(minutes=4, seconds=50)
    LiveSession.objects.filter(assessment=assessment).update(pause_from=begun, pause_until=ends)


def over(assessment, minutes=20) -> None:
    then = timezone.now() - timedelta(minutes=minutes)
    LiveSession.objects.filter(assessment=assessment).update(pause_from=then - timedelta(minutes=5), pause_until=then)


def test_anybody_may_ask_for_a_pause_that_all_screens_show(cast, assessment):
    for person in (cast.guest, cast.north_representative, cast.south_facilitator):
        client = with_tickets(person, assessment)
        assert act(client, assessment, do="pause").status_code == 200
        found = row(assessment)
        assert timedelta(minutes=5) == found.pause_until - found.pause_from
        assert timedelta(0) < found.pause_from - timezone.now() <= timedelta(seconds=pause_requests.DELAY[1])
        assert ">Pause</h2>" not in page(cast.observer, assessment), "it begins a little later"
        running(assessment)
        for each in (cast.observer, cast.guest, cast.north_facilitator):
            assert "At most 5 minutes left" in page(each, assessment)
        over(assessment)


def test_screens_learn_of_a_pause_and_of_its_end_while_they_poll(cast, assessment):
    client, screen = with_tickets(cast.guest, assessment), as_(cast.observer)

    def version() -> str:
        return re.search(r'data-v="([^"]+)"', screen.get(url(assessment, "session")).content.decode())[1]

    seen = version()
    act(client, assessment, do="pause")
    assert screen.get(url(assessment, "session-state"), {"v": seen}, headers=FRAGMENT).status_code == 204
    running(assessment)
    assert screen.get(url(assessment, "session-state"), {"v": seen}, headers=FRAGMENT).status_code == 200
    seen = version()
    over(assessment)
    assert screen.get(url(assessment, "session-state"), {"v": seen}, headers=FRAGMENT).status_code == 200


def rows_of_all_tables() -> dict[str, list[str]]:
    """Return every row of every table as text, except when a pause begins, and when somebody last signed in."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')  # noqa: S608
            found[table] = [line for (line,) in cursor.fetchall()]
    live_row = LiveSession.objects.values("phase", "turn", "skipped", "timer_ends_at", "timer_left").get()
    return found | {"assessments_livesession": [str(live_row)]}


def test_what_is_kept_of_a_pause_does_not_depend_on_who_asked(cast, assessment, caplog):
    people = (cast.guest, cast.north_representative, cast.south_facilitator)
    clients = [with_tickets(person, assessment) for person in people]
    before, kept, told = rows_of_all_tables(), [], []
    for client in clients:
        with transaction.atomic():
            tickets = client.cookies["pause"].value
            remembered = {key: cache.get(key) for key in sorted(cache.keys("*")) if "here:" not in key}
            caplog.clear()
            with caplog.at_level("DEBUG", logger="powertool"):
                told.append(re.sub(r'value="\w{64}"', "", act(client, assessment, do="pause").content.decode()))
            assert row(assessment).pause_from
            kept.append(rows_of_all_tables())
            spent = set(remembered) - set(cache.keys("*"))
            assert [key.split(":")[0] for key in spent] == ["ticket"], "one ticket is gone, and it names nobody"
            assert len(client.cookies["pause"].value) == len(tickets), "the device's tickets look as before"
            assert not [record for record in caplog.records if "pause" in record.getMessage()]
            transaction.set_rollback(True)
    assert kept == [before] * 3


def test_a_device_asks_twice_at_most_and_a_person_from_two_devices(cast, assessment):
    client = with_tickets(cast.guest, assessment)
    for asked in (True, True, False):
        act(client, assessment, do="pause")
        assert bool(row(assessment).pause_until and row(assessment).pause_until > timezone.now()) == asked
        over(assessment)
    other, third = with_tickets(cast.guest, assessment), with_tickets(cast.guest, assessment)
    act(third, assessment, do="pause")
    assert row(assessment).pause_until < timezone.now()
    act(other, assessment, do="pause")
    assert row(assessment).pause_until > timezone.now()


def test_right_after_a_pause_nobody_gets_another_and_no_ticket_is_lost(cast, assessment):
    one, two = with_tickets(cast.guest, assessment), with_tickets(cast.north_representative, assessment)
    act(one, assessment, do="pause")
    begins = row(assessment).pause_from
    act(two, assessment, do="pause")
    assert row(assessment).pause_from == begins
    over(assessment, minutes=1)
    act(two, assessment, do="pause")
    assert row(assessment).pause_until < timezone.now()
    for _each in range(2):
        over(assessment)
        act(two, assessment, do="pause")
        assert row(assessment).pause_until > timezone.now()


def test_the_answer_is_the_same_whether_a_ticket_was_left_or_not(cast, assessment):
    client = with_tickets(cast.guest, assessment)
    act(cast.north_facilitator, assessment, do="timer-start")
    act(cast.north_facilitator, assessment, do="timer-hold")
    answers = []
    for _each in range(3):
        answers.append(re.sub(r'value="\w{64}"', "", act(client, assessment, do="pause").content.decode()))
        over(assessment)
    assert answers[0] == answers[1] == answers[2]


def clock_left(person, assessment) -> int:
    return int(re.findall(r'data-left="(\d+)"', page(person, assessment))[-1])  # a pause has its own, above


def test_the_clock_of_a_decision_waits_for_the_pause_once_it_begins(cast, assessment):
    act(cast.north_facilitator, assessment, do="timer-start")
    own = act(with_tickets(cast.guest, assessment), assessment, do="pause").content.decode()
    assert 500 < int(re.search(r'data-left="(\d+)"', own)[1]) <= 600, "her own screen shows nothing of it"
    assert 500 < clock_left(cast.observer, assessment) <= 600, "nor does any other before it begins"
    begun = timezone.now() - timedelta(seconds=1)
    LiveSession.objects.update(pause_from=begun, pause_until=begun + timedelta(minutes=5))
    assert 800 < clock_left(cast.observer, assessment) <= 900
    act(cast.south_facilitator, assessment, do="timer-more")
    assert 1100 < clock_left(cast.observer, assessment) <= 1200, "it waits once"
    over(assessment)
    act(cast.south_facilitator, assessment, do="timer-start")
    assert 500 < clock_left(cast.observer, assessment) <= 600, "a new clock waits for no pause that is over"


# --- asked aloud


def words_of(assessment, **words) -> None:
    member = member_roles_of(assessment.partnership.memberships.facilitators().first().user, assessment.partnership)
    for acronym, word in words.items():
        number = assessment.participants.get(acronym=acronym).number
        live.record_word(assessment, member, assessment.decisions.get(number=1), number, word)


ALL_YES = dict.fromkeys(("N1", "N2", "S1", "S2", "S3", "O1"), "yes")


def test_a_word_is_recorded_by_facilitators_and_seen_by_all(cast, assessment):
    assert act(cast.guest, assessment, at=1, do="word", word="1:yes").status_code == 403
    assert act(cast.south_facilitator, assessment, at=1, do="word", word="1:passes").status_code == 200
    assert SpokenWord.objects.get().word == "passes"
    at_moment(assessment, "agree")
    assert "Not asked yet:" in page(cast.observer, assessment)
    act(cast.south_facilitator, assessment, at=1, do="word", word="1:")
    assert not SpokenWord.objects.exists()


@pytest.mark.parametrize(
    ("words", "result"),
    [
        (ALL_YES, "yes"),
        (ALL_YES | {"S2": "no"}, "no"),
        ({"S2": "no"}, "no"),
        (ALL_YES | {"S2": "passes", "S3": "absent"}, "yes"),
        (dict.fromkeys(ALL_YES, "passes"), ""),
        ({"S1": "yes", "S2": "yes"}, ""),
    ],
)
def test_one_no_is_a_no_and_silence_is_no_yes(cast, assessment, words, result):
    words_of(assessment, **words)
    found = live.aloud(assessment.decisions.get(number=1), assessment.participants.all())
    assert found.result == result
    member = member_roles_of(cast.north_facilitator, cast.partnership)
    decision = assessment.decisions.get(number=1)
    stands = Outcome.objects.filter(decision=decision).values_list("agree", flat=True).first()
    assert stands == {"yes": True, "no": False, "": None}[result], "what was said is the answer"
    for other in {True, False} - {stands}:
        with pytest.raises(Refused):
            joint.record_outcome(assessment, member, decision, 0, {"agree": other})
    assert joint.record_outcome(assessment, member, decision, 0, {"note": "It was said."}).changed
    assert Outcome.objects.get(decision=decision).agree == stands


def test_an_answer_follows_a_word_that_is_corrected(cast, assessment):
    words_of(assessment, **(ALL_YES | {"S2": "no"}))
    decision = assessment.decisions.get(number=1)
    member = member_roles_of(cast.north_facilitator, cast.partnership)
    joint.record_outcome(assessment, member, decision, 0, {"route": "noted", "review_on": timezone.localdate()})
    words_of(assessment, S2="yes")
    outcome = Outcome.objects.get()
    assert (outcome.agree, outcome.route) == (True, "")
    assert assessment.jobs.filter(kind="agreed", done__lt=1).exists()
    words_of(assessment, S2="")
    assert Outcome.objects.get().agree is None


def test_undo_leaves_what_was_said_as_the_answer(cast, assessment):
    decision = assessment.decisions.get(number=1)
    member = member_roles_of(cast.north_facilitator, cast.partnership)
    joint.record_outcome(assessment, member, decision, 0, {"note": "First."})
    words_of(assessment, S1="no")
    assert joint.undo(assessment, member, decision)
    assert (Outcome.objects.get().note, Outcome.objects.get().agree) == ("", False)
    assert not joint.undo(assessment, member, decision), "a word is corrected, not undone"


def test_a_phone_answers_in_the_open_only_where_that_is_asked(cast, assessment):
    def says(person, agree="no", was="") -> int:
        return act(person, assessment, do="say", agree=agree, was=was, at=1).status_code

    assert says(cast.guest) == 409, "the group is at its talk"
    at_moment(assessment, "agree")
    assert says(cast.guest) == 409, "five organisations or more are asked first how"
    assert "Everyone can see your answer" not in page(cast.guest, assessment)
    act(cast.north_facilitator, assessment, do="aloud")
    assert "Everyone can see your answer" in page(cast.guest, assessment)
    assert "Everyone can see your answer" not in page(cast.observer, assessment)
    assert says(cast.guest) == 200
    assert says(cast.observer) == 403
    assert (SpokenWord.objects.get().participant.acronym, SpokenWord.objects.get().word) == ("S2", "no")
    assert Outcome.objects.get().agree is False
    assert says(cast.guest, "yes", was="yes") == 409, "on a page that is out of date"
    assert says(cast.guest, "pass", was="no") == 200
    assert SpokenWord.objects.get().word == "passes"


def test_fewer_than_five_organisations_are_asked_aloud_at_once(cast):
    assessment = in_session(cast)
    assessment.participants.filter(acronym__in=("S3", "O1")).delete()
    at_moment(assessment, "agree")
    assert assessment.participants.count() == 4
    assert "Everyone can see your answer" in page(cast.north_representative, assessment)
    shown = page(cast.north_facilitator, assessment)
    assert 'value="ask"' not in shown
    assert shown.count("word-row") == 4


def test_the_page_stays_until_every_organisations_word_is_recorded(cast, assessment):
    client = as_(cast.north_facilitator)
    words_of(assessment, S1="yes")
    refused = client.post(url(assessment, "session-here", 2), headers=FRAGMENT)
    assert refused.status_code == 409
    assert "N1, N2, S2, S3, O1" in refused.json()["error"]
    assert Assessment.objects.get().current_decision.number == 1
    words_of(assessment, **dict.fromkeys(("N1", "N2", "S2", "S3", "O1"), "absent"))
    assert client.post(url(assessment, "session-here", 2), headers=FRAGMENT).status_code == 200
    assert Assessment.objects.get().current_decision.number == 2


# --- after a “no”


def test_up_to_three_causes_of_the_communitys_list(cast, assessment):
    slugs = [each.slug for each in factors()]
    Outcome.objects.create(decision=assessment.decisions.get(number=1), agree=False)
    assert act(cast.guest, assessment, at=1, do="causes", factor=slugs[:1]).status_code == 403
    assert act(cast.north_facilitator, assessment, at=1, do="causes", factor=slugs[:4]).status_code == 400
    assert act(cast.north_facilitator, assessment, at=1, do="causes", factor=["none-such"]).status_code == 400
    assert (
        act(cast.north_facilitator, assessment, at=1, do="causes", factor=[slugs[2], "", slugs[0]]).status_code == 200
    )
    assert list(Cause.objects.values_list("place", "factor")) == [(1, slugs[2]), (2, slugs[0])]
    words = {each.slug: str(each.words) for each in factors()}
    at_moment(assessment, "do")
    assert words[slugs[2]] in page(cast.guest, assessment)


def test_what_stands_behind_a_no_is_read_back_and_printed(cast, assessment):
    first, second = assessment.decisions.order_by("number")
    one, two = factors()[:2]
    leads = member_roles_of(cast.north_facilitator, cast.partnership)
    for decision, agree, named in ((first, False, [two.slug, one.slug]), (second, True, [one.slug])):
        Outcome.objects.create(decision=decision, agree=agree)
        causes.name(assessment, leads, decision, named)
    step(cast, assessment, "read_back")
    assert page(cast.observer, assessment, "closing").count(str(one.words)) == 1
    report = page(cast.observer, assessment, "report")
    assert report.count(str(two.words)) == report.count(str(one.words)) == 1
    (printed,) = content_of(assessment)["causes"]
    assert printed["label"] == "1. Dividing the budget"
    assert printed["text"].index(str(two.words)) < printed["text"].index(str(one.words))


def test_a_retired_factor_keeps_its_words_where_it_was_named(cast, assessment):
    from community.models import Factor
    from community.services.findings import retire_factor

    one, two = factors()[:2]
    decision = assessment.decisions.get(number=1)
    member = member_roles_of(cast.north_facilitator, cast.partnership)
    causes.name(assessment, member, decision, [one.slug])
    for each in (one, two):
        retire_factor(Factor.objects.get(slug=each.slug))
    found = causes.causes_of(decision)
    assert [str(each.words) for each in found.named] == [str(one.words)]
    assert two.slug not in {each.slug for each in found.offered}


# --- rules of the database


def test_the_database_keeps_drafts_and_words_to_their_session(cast, assessment):
    decision, own = assessment.decisions.get(number=1), assessment.participants.first()
    foreign = in_session(cast).participants.first()
    at_moment(assessment, "level")
    with refused("belong to different assessments"), transaction.atomic():
        Proposal.objects.create(decision=decision, participant=foreign, level=1)
    with refused("proposal_level_0_to_4"), transaction.atomic():
        Proposal.objects.create(decision=decision, participant=own, level=5)
    with refused("cause_at_most_three"), transaction.atomic():
        Cause.objects.create(decision=decision, place=4, factor="a")
    with refused("spoken_word_is_known"), transaction.atomic():
        SpokenWord.objects.create(decision=decision, participant=own, word="maybe")
    at_moment(assessment, "level", shown=True)
    Proposal.objects.create(decision=decision, participant=own, level=1, shown=True)
    step(cast, assessment, "read_back")
    with refused("in the joint session only"), transaction.atomic():
        Proposal.objects.update(level=2)
    with refused("in the joint session only"), transaction.atomic():
        Cause.objects.create(decision=decision, place=1, factor="a")


def test_the_database_keeps_choices_to_their_moment(cast, assessment):
    decision, own = assessment.decisions.get(number=1), assessment.participants.first()
    for moment, shown, of in (("talk", False, decision), ("level", True, decision), ("want", False, decision)):
        at_moment(assessment, moment, shown=shown)
        with refused("while the group is at it"), transaction.atomic():
            Proposal.objects.create(decision=of, participant=own, level=1)
    at_moment(assessment, "level")
    with refused("while the group is at it"), transaction.atomic():
        Proposal.objects.create(decision=assessment.decisions.get(number=2), participant=own, level=1)
    Proposal.objects.create(decision=decision, participant=own, level=1)
    with refused("shown with all others"), transaction.atomic():
        Proposal.objects.update(shown=True)
    with refused("live_moment_known"), transaction.atomic():
        LiveSession.objects.update(moment="party")
    with refused("live_shown_where_chosen"), transaction.atomic():
        LiveSession.objects.update(moment="talk", shown=True)
    with refused("live_aloud_where_asked"), transaction.atomic():
        LiveSession.objects.update(asks_aloud=True)
    LiveSession.objects.update(moment="agree")
    assert not Proposal.objects.exists()


def test_before_the_session_nothing_is_led(cast):
    assessment = rating(cast)
    assert act(cast.north_facilitator, assessment, do="phase-practice").status_code == 409
    assert not LiveSession.objects.exists()


def test_a_second_representative_speaks_for_the_same_organisation(cast, assessment):
    colleague = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s2"]).user
    at_moment(assessment, "level")
    choose(cast.guest, assessment, "2")
    choose(colleague, assessment, "3")
    assert Proposal.objects.get().level == 3
