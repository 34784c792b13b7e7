"""The final review: replies, remarks, confirmations, and closing once, whatever happens at the same moment."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from assessments.models import Assessment, Job, NothingToAdd, Remark, Reply, ReplyDay, Stage
from assessments.services import transitions
from assessments.services.followup import closing, planned_actions
from assessments.services.session import joint
from assessments.workflow import guards
from partnerships import notifications
from partnerships.models import Notification
from partnerships.services import Refused
from tests.assessments.making import agree_levels, closed, in_session, nothing_to_add, rating, step
from tests.assessments.pages import as_, roles_of
from tests.partnerships.overlapping import while_held

pytestmark = pytest.mark.django_db


def url(assessment, name="closing") -> str:
    return reverse(f"assessments:{name}", args=[assessment.code])


@pytest.fixture
def assessment(cast) -> Assessment:
    """An assessment in its final review, with levels."""
    assessment = in_session(cast)
    agree_levels(cast, assessment, actual=lambda d, p: p.number % 5, desired=lambda d, p: 3)
    assessment = step(cast, assessment, "read_back")
    nothing_to_add(assessment)
    return assessment


def stage(assessment) -> str:
    return Assessment.objects.get(pk=assessment.pk).stage


def test_the_page_reads_everything_back(cast):
    assessment = in_session(cast)
    agree_levels(cast, assessment, actual=lambda d, p: p.number % 5)
    facilitator = roles_of(cast, "north_facilitator")
    decision = assessment.decisions.get(number=1)
    views = {"state": "differs", "one_view": "We were asked.", "other_view": "We were told."}
    joint.record(assessment, facilitator, decision, [joint.Entry(assessment.participants.get(number=2), 1, views)])
    outcome = {"agree": False, "route": "mediator", "review_on": timezone.localdate() + timedelta(days=60)}
    joint.record_outcome(assessment, facilitator, decision, 0, outcome)
    fields = {"owner": assessment.participants.first(), "confirmer": None, "due": timezone.localdate()}
    planned_actions.plan(assessment, facilitator, decision, text="Send the draft early", **fields)
    step(cast, assessment, "read_back")
    page = as_(cast.observer).get(url(assessment)).content.decode()
    for words in ("We were asked.", "a mediator", "Send the draft early", "Dividing the budget", "Freek North", "≠"):
        assert words in page
    assert '<td class="lv-1">1' in page
    assert all(f"<b>{one.acronym}</b> <bdi>{one.name}</bdi>" in page for one in assessment.participants.all())


def test_before_the_session_there_is_nothing_to_read(cast):
    assessment = rating(cast)
    assert "nothing to review yet" in as_(cast.observer).get(url(assessment)).content.decode()


def test_every_facilitator_confirms_and_the_last_one_closes(cast, assessment):
    as_(cast.north_facilitator).post(url(assessment, "closing-confirm"))
    assert stage(assessment) == Stage.FINAL_REVIEW
    assert "You have confirmed this page" in as_(cast.north_facilitator).get(url(assessment)).content.decode()
    as_(cast.south_facilitator).post(url(assessment, "closing-confirm"))
    assert stage(assessment) == Stage.CLOSED
    page = as_(cast.north_facilitator).get(url(assessment)).content.decode()
    assert f"{reverse('assessments:create', args=[cast.partnership.code])}?after={assessment.code}" in page
    assert "Start the next assessment" not in as_(cast.observer).get(url(assessment)).content.decode()


@pytest.mark.parametrize("name", ["north_representative", "guest", "observer"])
def test_others_do_not_confirm(cast, assessment, name):
    assert as_(getattr(cast, name)).post(url(assessment, "closing-confirm")).status_code == 403
    assert not assessment.closing_confirmations.exists()
    assert as_(cast.north_facilitator).post(url(assessment, "closing-confirm")).status_code == 302
    assert assessment.closing_confirmations.count() == 1


def test_after_14_days_one_of_each_side_is_enough(cast, assessment):
    from tests.factories import membership

    membership(cast.partnership, "facilitator", cast.partners["s2"])
    for name in ("north_facilitator", "south_facilitator"):
        transitions.confirm(assessment, roles_of(cast, name))
    assert stage(assessment) == Stage.FINAL_REVIEW, "one facilitator is missing"
    began = timezone.now() - guards.ONE_OF_EACH_SIDE_AFTER
    Assessment.objects.update(readback_at=began + timedelta(minutes=1))
    assessment.refresh_from_db()
    assert not guards.may_close(assessment)
    Assessment.objects.update(readback_at=began)
    assessment.refresh_from_db()
    assert guards.may_close(assessment)
    link = reverse("assessments:step", args=[assessment.code, "close_assessment"])
    assert link in as_(cast.north_facilitator).get(url(assessment)).content.decode()
    transitions.apply(assessment, roles_of(cast, "north_facilitator"), "close_assessment")
    assert stage(assessment) == Stage.CLOSED


def test_after_14_days_one_side_alone_is_not_enough(cast, assessment):
    Assessment.objects.update(readback_at=timezone.now() - timedelta(days=20))
    assessment.refresh_from_db()
    transitions.confirm(assessment, roles_of(cast, "north_facilitator"))
    assert stage(assessment) == Stage.FINAL_REVIEW
    transitions.confirm(assessment, roles_of(cast, "south_facilitator"))
    assert stage(assessment) == Stage.CLOSED


def test_going_back_drops_the_confirmations(cast, assessment):
    transitions.confirm(assessment, roles_of(cast, "north_facilitator"))
    step(cast, assessment, "back_to_session")
    assert not assessment.closing_confirmations.exists()
    with pytest.raises(Refused):
        transitions.confirm(assessment, roles_of(cast, "south_facilitator"))


@pytest.mark.django_db(transaction=True)
def test_both_confirm_at_the_same_moment(cast, assessment):
    north, south = roles_of(cast, "north_facilitator"), roles_of(cast, "south_facilitator")
    second = while_held(lambda: transitions.confirm(assessment, north), lambda: transitions.confirm(assessment, south))
    assert second.stage == stage(assessment) == Stage.CLOSED
    assert Notification.objects.filter(kind="assessments.closed", recipient=cast.observer).count() == 1


@pytest.mark.django_db(transaction=True)
def test_closed_twice_at_once_is_closed_once(cast, assessment):
    transitions.confirm(assessment, roles_of(cast, "north_facilitator"))
    south = roles_of(cast, "south_facilitator")
    second = while_held(lambda: transitions.confirm(assessment, south), lambda: transitions.confirm(assessment, south))
    assert isinstance(second, Refused)
    assert stage(assessment) == Stage.CLOSED
    assert cast.partnership.activity_log.filter(verb="close_assessment").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("back_first", [True, False])
def test_a_confirmation_while_another_goes_back(cast, assessment, back_first):
    north, south = roles_of(cast, "north_facilitator"), roles_of(cast, "south_facilitator")
    transitions.confirm(assessment, north)
    acts = [
        lambda: transitions.confirm(assessment, south),
        lambda: transitions.apply(assessment, north, "back_to_session"),
    ]
    late = while_held(*(reversed(acts) if back_first else acts))
    assert isinstance(late, Refused)
    assert stage(assessment) == (Stage.JOINT if back_first else Stage.CLOSED)
    assert assessment.closing_confirmations.count() == (0 if back_first else 2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("reply_first", [True, False])
def test_a_reply_while_it_closes(cast, assessment, reply_first):
    transitions.confirm(assessment, roles_of(cast, "north_facilitator"))
    south, speaker = roles_of(cast, "south_facilitator"), roles_of(cast, "south_representative")
    acts = [
        lambda: transitions.confirm(assessment, south),
        lambda: closing.reply(assessment, speaker, "We are glad."),
    ]
    late = while_held(*(reversed(acts) if reply_first else acts))
    assert stage(assessment) == Stage.CLOSED
    assert Reply.objects.exists() is reply_first
    assert isinstance(late, Refused) is not reply_first


def test_closing_asks_for_the_final_result(cast, assessment):
    before = Job.objects.get(kind="agreed").wanted
    for name in ("north_facilitator", "south_facilitator"):
        transitions.confirm(assessment, roles_of(cast, name))
    assert Job.objects.get(kind="agreed").wanted == before + 1


# --- the right of reply, and remarks


def test_an_organisation_replies_and_takes_back(cast, assessment):
    client = as_(cast.south_representative)
    client.post(url(assessment, "closing-reply"), {"text": "We are glad.\r\nIn writing, please."})
    assert Reply.objects.get().text == "We are glad.\nIn writing, please."
    page = as_(cast.observer).get(url(assessment)).content.decode()
    assert "In writing, please." in page
    client.post(url(assessment, "closing-reply"), {"text": "  "})
    assert not Reply.objects.exists()


@pytest.mark.parametrize(("text", "kept"), [("x" * 600, True), ("\r\n" * 299 + "xx", True), ("x" * 601, False)])
def test_a_reply_has_600_characters(cast, assessment, text, kept):
    page = as_(cast.south_representative).post(url(assessment, "closing-reply"), {"text": text})
    assert Reply.objects.exists() is kept
    assert page.status_code == (302 if kept else 200)
    if not kept:
        assert text in page.content.decode(), "what was typed is not lost"


@pytest.mark.parametrize("name", ["north_facilitator", "observer"])
def test_only_representatives_reply(cast, assessment, name):
    assert as_(getattr(cast, name)).post(url(assessment, "closing-reply"), {"text": "x"}).status_code == 403
    with pytest.raises(PermissionDenied):
        closing.reply(assessment, roles_of(cast, name), "x")
    assert as_(cast.guest).post(url(assessment, "closing-reply"), {"text": "x"}).status_code == 302
    assert Reply.objects.get().participant.acronym == "S2"


def test_comments_and_remarks(cast, assessment):
    for person in (cast.north_facilitator, cast.guest):
        for _again in range(2):
            as_(person).post(url(assessment, "closing-remark"), {"text": "Well said."})
    remarks = {remark.author: remark.by_facilitator for remark in Remark.objects.all()}
    assert remarks == {"Freek North, N1": True, "Guest Gathoni, S2": False}
    assert as_(cast.observer).post(url(assessment, "closing-remark"), {"text": "x"}).status_code == 403


def test_a_closed_assessment_refuses_late_words_politely(cast):
    assessment = closed(cast)
    for path, person in (("closing-reply", cast.south_representative), ("closing-remark", cast.north_facilitator)):
        page = as_(person).post(url(assessment, path), {"text": "Too late."}, follow=True)
        assert "You cannot do this now because the" in page.content.decode()
    page = as_(cast.north_facilitator).post(url(assessment, "closing-confirm"), follow=True)
    assert "You cannot do this now because the" in page.content.decode()
    assert not Reply.objects.exists()
    assert not Remark.objects.exists()


def test_everybody_is_told(cast, assessment):
    step(cast, assessment, "back_to_session")
    Notification.objects.update(dedupe="earlier")
    step(cast, assessment, "read_back")
    nothing_to_add(assessment)
    told = Notification.objects.filter(kind="assessments.readback").exclude(dedupe="earlier")
    assert told.count() == cast.partnership.memberships.in_force().values("user").distinct().count()
    subject, text = notifications.render_notification(told[0])
    assert subject == "Please check what was agreed in “How we decide”"
    assert "14 days" in text
    for name in ("north_facilitator", "south_facilitator"):
        transitions.confirm(assessment, roles_of(cast, name))
    subject, _text = notifications.render_notification(Notification.objects.filter(kind="assessments.closed")[0])
    assert subject == "The assessment “How we decide” is closed"


def test_closed_to_strangers(cast, assessment):
    assert as_(cast.outsider).get(url(assessment)).status_code == 404
    assert Client().get(url(assessment)).status_code == 302
    assert as_(cast.observer).get(url(assessment)).status_code == 200


# --- the last day for replies


@pytest.fixture
def silent(cast) -> Assessment:
    """An assessment in its final review, in which no organisation has said anything yet."""
    assessment = in_session(cast)
    agree_levels(cast, assessment)
    return step(cast, assessment, "read_back")


def both_confirm(cast, assessment) -> str:
    for name in ("north_facilitator", "south_facilitator"):
        transitions.confirm(assessment, roles_of(cast, name))
    return stage(assessment)


def test_the_last_day_is_asked_at_the_read_back_and_told_to_all(cast):
    assessment = in_session(cast)
    page, client = reverse("assessments:step", args=[assessment.code, "read_back"]), as_(cast.north_facilitator)
    assert f'value="{timezone.localdate() + timedelta(days=14)}"' in client.get(page).content.decode()
    assert client.post(page, {"due": timezone.localdate()}).status_code == 200
    assert stage(assessment) == Stage.JOINT
    day = timezone.localdate() + timedelta(days=5)
    assert client.post(page, {"due": day}).status_code == 302
    assert ReplyDay.objects.get().due == day
    said = date_format(day, "DATE_FORMAT")
    assert said in as_(cast.observer).get(url(assessment)).content.decode()
    assert said in notifications.render_notification(Notification.objects.filter(kind="assessments.readback")[0])[1]


def test_before_the_last_day_it_takes_the_word_of_every_organisation(cast, silent):
    assert both_confirm(cast, silent) == Stage.FINAL_REVIEW
    assert "has not passed. Some organisations have neither replied" in str(guards.everyone_confirmed(silent))
    with pytest.raises(IntegrityError, match="may still reply"), transaction.atomic():
        Assessment.objects.filter(pk=silent.pk).update(stage=Stage.CLOSED, closed_at=timezone.now())
    as_(cast.south_representative).post(url(silent, "closing-reply"), {"text": "We are glad."})
    as_(cast.guest).post(url(silent, "closing-nothing"))
    page = as_(cast.observer).get(url(silent)).content.decode()
    assert "2 of 6 organisations have replied or have nothing to add." in page
    assert "<bdi>South 2</bdi>" in page
    nothing_to_add(silent)
    transitions.apply(silent, roles_of(cast, "north_facilitator"), "close_assessment")
    assert stage(silent) == Stage.CLOSED


def test_after_the_last_day_silence_holds_nothing_up(cast, silent):
    ReplyDay.objects.update(due=timezone.localdate())
    assert both_confirm(cast, silent) == Stage.FINAL_REVIEW, "the last day is a day for replies"
    ReplyDay.objects.update(due=timezone.localdate() - timedelta(days=1))
    transitions.apply(silent, roles_of(cast, "north_facilitator"), "close_assessment")
    assert stage(silent) == Stage.CLOSED


def test_a_reply_takes_the_place_of_nothing_to_add(cast, silent):
    client = as_(cast.guest)
    client.post(url(silent, "closing-nothing"))
    client.post(url(silent, "closing-nothing"))
    assert NothingToAdd.objects.count() == 1
    client.post(url(silent, "closing-reply"), {"text": "After all."})
    client.post(url(silent, "closing-nothing"))
    assert not NothingToAdd.objects.exists()
    with pytest.raises(IntegrityError, match="has replied"), transaction.atomic():
        NothingToAdd.objects.create(participant=Reply.objects.get().participant)
    assert as_(cast.observer).post(url(silent, "closing-nothing")).status_code == 403


def test_going_back_takes_back_the_day_and_nothing_to_add_but_no_reply(cast, silent):
    as_(cast.guest).post(url(silent, "closing-nothing"))
    as_(cast.south_representative).post(url(silent, "closing-reply"), {"text": "We are glad."})
    step(cast, silent, "back_to_session")
    assert not NothingToAdd.objects.exists()
    assert not ReplyDay.objects.exists()
    assert Reply.objects.exists()
    other = silent.participants.get(acronym="S2")
    with pytest.raises(IntegrityError, match="at the read-back"), transaction.atomic():
        NothingToAdd.objects.create(participant=other)


def test_reminders_go_to_silent_organisations_alone_once_a_day_and_unseen(cast, silent):
    as_(cast.guest).post(url(silent, "closing-nothing"))
    due = ReplyDay.objects.get().due
    pages = [as_(cast.north_facilitator).get(url(silent)).content.decode() for _again in range(2)]
    for days in (4, 3, 3, 1):
        closing.remind(due - timedelta(days=days))
    told = Notification.objects.filter(kind="assessments.reply_reminder")
    assert {notification.recipient for notification in told} == {cast.north_representative, cast.south_representative}
    assert told.count() == 4
    seen = as_(cast.north_facilitator).get(url(silent)).content.decode()
    assert len(seen) == len(pages[1]), "facilitators' page is the same, whoever was reminded"
