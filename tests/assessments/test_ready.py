"""Before people answer: what is missing, what needs a tick, the first decisions, the session's day, and messages."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation

from assessments.models import Stage
from assessments.services.calendar_feed import calendar_of
from assessments.services.setup import decisions, examples, opening, readiness
from partnerships import services
from partnerships.access import member_roles_of
from partnerships.models import Notification, Partner, Role, User
from partnerships.services import PersonData
from tests.assessments.making import make_assessment, rating, step
from tests.factories import GuestFactory, membership


def at(assessment, name: str, *args) -> str:
    return reverse(f"assessments:{name}", args=[assessment.code, *args])


@pytest.fixture
def assessment(cast):
    return make_assessment(cast)


@pytest.fixture
def north(client, cast):
    client.force_login(cast.north_facilitator)
    return client


def everyone_represented(cast) -> None:
    for partner in cast.partnership.partners.all():
        if not partner.memberships.in_force().representatives().exists():
            membership(cast.partnership, Role.REPRESENTATIVE, partner)


def all_sides_confirmed(cast) -> None:
    Partner.objects.update(side_confirmed_at=timezone.now())


def found(assessment, words: str):
    (check,) = [check for check in readiness.checks(assessment) if words in check.said]
    return check


# --- Ready?


def test_organisations_without_representative_are_named(cast, assessment):
    assert set(found(assessment, "no representative").missing) == {"North 2", "South 3", "Other 1"}
    everyone_represented(cast)
    assert found(assessment, "Each organisation has").done


def test_sides_that_no_one_confirmed_are_named(cast, assessment):
    assert "North 1" in found(assessment, "not confirmed").missing
    all_sides_confirmed(cast)
    assert found(assessment, "confirmed its side").done


def test_people_who_have_not_joined_are_named(cast, assessment):
    assert found(assessment, "Everyone you invited").done
    services.invite_all(cast.membership(cast.north_facilitator), [PersonData("Ada", "representative", "South 3")])
    assert found(assessment, "1 invited person").missing == ["Ada"]


def test_fewer_than_two_decisions_are_too_few(cast, assessment):
    for decision in list(assessment.decisions.all())[1:]:
        decision.delete()
    assert not found(assessment, "1 decision is on the list").done


def test_in_a_vote_decisions_are_chosen_not_added(cast, assessment):
    assert readiness.checks(assessment)[0].url == at(assessment, "start-decisions")
    assert readiness.checks(step(cast, assessment, "open_voting"))[0].url == at(assessment, "choose")


def test_a_language_that_invited_people_read_is_missed(cast, assessment):
    services.invite_all(cast.membership(cast.north_facilitator), [PersonData("Awa", "observer", language="fr")])
    check = found(assessment, "Français")
    assert check.url == at(assessment, "wordings", "fr")
    heads = list(assessment.decisions.active())
    decisions.translate(assessment, "fr", {head.code: "Une décision" for head in heads})
    assert not [check for check in readiness.checks(assessment) if "Français" in check.said]


def test_it_opens_in_spite_of_gaps_only_by_a_tick(north, cast, assessment):
    assert north.post(at(assessment, "ready")).status_code == 422
    assessment.refresh_from_db()
    assert assessment.stage == Stage.COLLECTING
    assert north.post(at(assessment, "ready"), {"in_spite": "yes"}).status_code == 302
    assessment.refresh_from_db()
    assert assessment.stage == Stage.RATING


@pytest.mark.parametrize("gap", ["side", "representative"])
def test_each_gap_alone_needs_the_tick(cast, assessment, gap):
    member = member_roles_of(cast.north_facilitator, cast.partnership)
    everyone_represented(cast)
    all_sides_confirmed(cast)
    if gap == "side":
        Partner.objects.filter(name="North 1").update(side_confirmed_at=None)
    else:
        cast.partnership.memberships.representatives().filter(partner__name="South 3").delete()
    with pytest.raises(services.Refused):
        readiness.open_now(assessment, member, in_spite=False)
    assert readiness.open_now(assessment, member, in_spite=True).stage == Stage.RATING


def test_with_nothing_missing_it_opens_without_a_tick(cast, assessment):
    everyone_represented(cast)
    all_sides_confirmed(cast)
    member = member_roles_of(cast.north_facilitator, cast.partnership)
    assert readiness.open_now(assessment, member, in_spite=False).stage == Stage.RATING


def test_the_old_address_of_opening_leads_to_the_checks(north, assessment):
    for ask in (north.get, north.post):
        assert ask(at(assessment, "step", "open_rating")).headers["Location"] == at(assessment, "ready")
    assessment.refresh_from_db()
    assert assessment.stage == Stage.COLLECTING


def test_who_opens_reads_how_many_were_told_and_who_was_not(north, cast, assessment):
    membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s3"], user=GuestFactory(name="Kofi"))
    page = north.post(at(assessment, "ready"), {"in_spite": "yes"}, follow=True).content.decode()
    assert "We are sending an e-mail to 2 representatives." in page
    assert "We have no e-mail address for Guest Gathoni and Kofi." in page


# --- the first decisions


def test_ticked_sentences_and_own_lines_come_on_the_list(north, cast, assessment):
    before = assessment.decisions.count()
    data = {"topics": ["staffing", "risk"], "wordings": "Buying cars\n\n  Selling   cars \n"}
    assert north.post(at(assessment, "start-decisions"), data).headers["Location"] == at(assessment, "ready")
    assert assessment.decisions.count() == before + 4
    north.post(at(assessment, "start-decisions"), data)
    assert assessment.decisions.count() == before + 4
    assert assessment.decisions.get(topic="staffing").wording_for_reader == "Hiring the coordination staff"
    assert assessment.decisions.filter(wording="Selling cars").exists()


def test_each_topic_has_a_whole_sentence():
    assert {str(said) for said in examples.SENTENCES.values()}.isdisjoint(
        str(topic.label).capitalize() for topic in examples.SENTENCES
    )
    assert set(examples.SENTENCES) == set(examples.Topic)


def test_a_sentence_that_was_ticked_is_not_offered_again(cast, assessment):
    member = member_roles_of(cast.north_facilitator, cast.partnership)
    decisions.start_list(assessment, member, ["staffing"], [])
    with translation.override("fr"):
        assert "staffing" not in dict(examples.offered(assessment))
        assert "risk" in dict(examples.offered(assessment))


def test_asking_everyone_leads_to_the_list(north, assessment):
    response = north.post(at(assessment, "start-decisions"), {"wordings": "", "do": "ask"})
    assert response.headers["Location"] == at(assessment, "decisions")


# --- proposals


@pytest.fixture
def proposal(cast, assessment):
    return decisions.propose(assessment, cast.membership(cast.south_representative), "Buying cars")


def test_many_proposals_are_pasted_at_once(client, cast, assessment):
    client.force_login(cast.observer)
    client.post(at(assessment, "decisions"), {"wording": "Buying cars\nSelling cars\nbuying CARS"})
    assert assessment.decisions.filter(proposed_by=cast.membership(cast.observer)).count() == 2


def test_a_proposal_is_changed_and_withdrawn_by_its_writer(client, cast, assessment, proposal):
    client.force_login(cast.south_representative)
    page = at(assessment, "own-proposal", proposal.code)
    client.post(page, {"wording": "Buying bicycles"})
    proposal.refresh_from_db()
    assert (proposal.wording, proposal.original) == ("Buying bicycles", "Buying bicycles")
    client.post(page, {"do": "withdraw"})
    assert not assessment.decisions.filter(pk=proposal.pk).exists()


@pytest.mark.parametrize("who", ["north_representative", "north_facilitator", "observer", "guest"])
def test_no_one_else_finds_a_proposal_by_its_address(client, cast, assessment, proposal, who):
    client.force_login(getattr(cast, who))
    assert client.get(at(assessment, "own-proposal", proposal.code)).status_code == 404
    client.force_login(cast.south_representative)
    assert client.get(at(assessment, "own-proposal", proposal.code)).status_code == 200


@pytest.mark.parametrize("worked_on", ["reworded", "merged", "has others", "left out"])
def test_what_facilitators_worked_on_stays(client, cast, assessment, proposal, worked_on):
    other = assessment.decisions.exclude(pk=proposal.pk).first()
    {
        "reworded": lambda: decisions.reword(proposal, "Buying vehicles", ""),
        "merged": lambda: decisions.merge(proposal, other),
        "has others": lambda: decisions.merge(other, proposal),
        "left out": lambda: decisions.leave_out(proposal, True),
    }[worked_on]()
    client.force_login(cast.south_representative)
    assert client.post(at(assessment, "own-proposal", proposal.code), {"do": "withdraw"}).status_code == 404
    assert assessment.decisions.filter(pk=proposal.pk).exists()


def test_a_proposal_stays_once_voting_has_begun(client, cast, assessment, proposal):
    step(cast, assessment, "open_voting")
    client.force_login(cast.south_representative)
    client.post(at(assessment, "own-proposal", proposal.code), {"do": "withdraw"})
    assert assessment.decisions.filter(pk=proposal.pk).exists()


# --- the day of the session

DAY = {"session_on": "2030-05-10", "session_time": "14:00", "session_zone": "Africa/Nairobi", "session_place": "Room 1"}


def test_the_session_has_a_day_an_hour_and_a_place(north, cast, assessment):
    north.post(at(assessment, "session-day"), DAY)
    assessment.refresh_from_db()
    assert assessment.session_at.isoformat() == "2030-05-10T11:00:00+00:00"
    page = north.get(assessment.get_absolute_url()).content.decode()
    assert "Room 1" in page
    assert "2030-05-10T11:00" in page
    assert b"DTSTART:20300510T110000Z" in calendar_of(assessment)
    assert b"LOCATION:Room 1" in calendar_of(assessment)


def test_everyone_is_told_when_the_session_moves(north, cast, assessment):
    north.post(at(assessment, "session-day"), DAY)
    north.post(at(assessment, "session-day"), DAY)
    told = Notification.objects.filter(kind="assessments.session_moved")
    assert told.count() == len({one.user_id for one in cast.partnership.memberships.in_force()})
    client_page = north.get(reverse("partnerships:notifications")).content.decode()
    assert "at 14:00 (time zone: Africa/Nairobi)" in client_page


@pytest.mark.parametrize(
    "wrong", [{"session_time": ""}, {"session_on": ""}, {"session_on": "2020-01-01"}, {"session_zone": "Mars/Base"}]
)
def test_a_day_that_cannot_be_is_refused(north, assessment, wrong):
    assert north.post(at(assessment, "session-day"), DAY | wrong).status_code == 200
    assessment.refresh_from_db()
    assert assessment.session_at is None


def test_the_settings_leave_the_day_of_the_session_alone(north, assessment):
    north.post(at(assessment, "session-day"), DAY)
    data = {"title": "Else", "phase": "baseline", "mode_wanted": "by_side", "k": 3, "session_place": "Room 9"}
    assert north.post(at(assessment, "settings"), data).status_code == 302
    assessment.refresh_from_db()
    assert (assessment.title, assessment.session_place, assessment.session_zone) == ("Else", "Room 1", "Africa/Nairobi")


def test_only_facilitators_move_the_session(cast, assessment):
    fields = {"session_at": timezone.now() + timedelta(days=1), "session_zone": "UTC", "session_place": ""}
    with pytest.raises(PermissionDenied):
        opening.change_session(assessment, member_roles_of(cast.south_representative, cast.partnership), fields)
    opening.change_session(assessment, member_roles_of(cast.south_facilitator, cast.partnership), fields)


# --- messages


def test_a_text_is_in_the_language_of_the_invitation(north, cast, assessment):
    guest = cast.partnership.memberships.get(user=cast.guest)
    invited = {"role": guest.role, "partner": guest.partner, "created_by": guest, "expires_at": timezone.now()}
    guest.invitation = cast.partnership.invitations.create(channel="link", language="fr", **invited)
    guest.save()
    member = member_roles_of(cast.north_facilitator, cast.partnership)
    moment = datetime.fromisoformat("2030-05-10T11:00:00+00:00")
    day = {"session_at": moment, "session_zone": "Africa/Nairobi", "session_place": "Room 1"}
    opening.change_session(assessment, member, day)
    rows = north.get(at(assessment, "messages")).context["people"]
    (guest,) = [row for row in rows if row["name"] == "Guest Gathoni"]
    User.objects.filter(pk__in=[cast.guest.pk, cast.south_representative.pk]).update(language="es")
    assert north.get(at(assessment, "messages")).context["people"] == rows, "nobody sees what a person reads now"
    assert (guest["language"], guest["language_name"]) == ("fr", "French")
    (sara,) = [row for row in rows if row["name"] == "Sara South"]
    assert "on 10 May 2030 at 14:00 (time zone: Africa/Nairobi)" in sara["text"]
    assert sara["whatsapp"].startswith("https://wa.me/?text=Dear%20Sara")


def test_the_reminder_is_one_text_without_a_name(north, cast):
    page = north.get(at(rating(cast), "messages"))
    (row,) = page.context["reminders"]
    assert "All representatives receive this message." in row["text"]
    assert not any(str(one.user) in row["text"] for one in cast.partnership.memberships.all())
    assert page.context["people"] == []
