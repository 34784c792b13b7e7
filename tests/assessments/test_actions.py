"""Actions: planned in the session, reported by their owners, confirmed by the partner that gains say; reminders."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation

from assessments.models import Action, ActionNote, Assessment
from assessments.services import transitions
from assessments.services.followup import planned_actions
from assessments.services.session import joint
from partnerships import notifications
from partnerships.models import Notification
from partnerships.services import Refused
from tests.assessments.making import agree_levels, closed, in_session
from tests.assessments.pages import as_, roles_of
from tests.partnerships.overlapping import while_held

pytestmark = pytest.mark.django_db
SOON = timedelta(days=30)


def plan(cast, assessment, confirmer: int | None = 3, **fields) -> Action:
    """Plan an action that the Northern partner owes; by default the first Southern one confirms."""
    partners = {each.number: each for each in assessment.participants.all()}
    fields = {"text": "Send the draft early", "due": timezone.localdate() + SOON, **fields}
    decision = assessment.decisions.get(number=1)
    named = partners.get(confirmer)
    return planned_actions.plan(
        assessment, roles_of(cast, "north_facilitator"), decision, owner=partners[1], confirmer=named, **fields
    )


@pytest.fixture
def assessment(cast) -> Assessment:
    """A session in which the first Southern partner is to gain say in every decision."""
    assessment = in_session(cast)
    agree_levels(cast, assessment, desired=lambda d, p: 3 if p.number == 3 else 2)
    return Assessment.objects.get(pk=assessment.pk)


def url(assessment, name, *args) -> str:
    return reverse(f"assessments:{name}", args=[assessment.code, *args])


def form(assessment, **more) -> dict:
    ids = {each.number: each.pk for each in assessment.participants.all()}
    due = (timezone.localdate() + SOON).isoformat()
    return {"text": "Send the draft early", "owner": ids[1], "due": due, "confirmer": ids[3], **more}


# --- planning, in the session


def test_a_facilitator_plans_changes_and_removes(cast, assessment):
    client = as_(cast.south_facilitator)
    assert client.get(url(assessment, "session-plan", 1)).status_code == 200
    assert client.post(url(assessment, "session-plan", 1), form(assessment)).status_code == 302
    action = Action.objects.get()
    assert (action.owner.number, action.confirmer.number, action.decision.number) == (1, 3, 1)
    assert client.get(url(assessment, "action-edit", action.code)).status_code == 200
    client.post(url(assessment, "action-edit", action.code), form(assessment, text="Send it earlier"))
    assert Action.objects.get().text == "Send it earlier"
    assert client.get(url(assessment, "action-remove", action.code)).status_code == 200
    assert Action.objects.exists()
    assert client.post(url(assessment, "action-remove", action.code)).status_code == 302
    assert not Action.objects.exists()


def test_twice_the_same_is_one_action(cast, assessment):
    client = as_(cast.north_facilitator)
    for _again in range(2):
        client.post(url(assessment, "session-plan", 1), form(assessment))
    assert Action.objects.count() == 1


@pytest.mark.parametrize("name", ["north_representative", "guest", "observer"])
def test_others_do_not_plan(cast, assessment, name):
    action = plan(cast, assessment)
    client = as_(getattr(cast, name))
    for path in (
        url(assessment, "session-plan", 1),
        url(assessment, "action-edit", action.code),
        url(assessment, "action-remove", action.code),
    ):
        assert client.get(path).status_code == 403
        assert client.post(path, form(assessment, text="Other")).status_code == 403
    assert Action.objects.get().text == "Send the draft early"


def test_nobody_confirms_herself(cast, assessment):
    own = form(assessment)["owner"]
    page = as_(cast.north_facilitator).post(url(assessment, "session-plan", 1), form(assessment, confirmer=own))
    assert page.status_code == 200
    assert "Choose a partner other than the responsible partner." in page.content.decode()
    assert not Action.objects.exists()


def test_a_day_in_the_past_is_warned_of_and_kept(cast, assessment):
    past = {"due": (timezone.localdate() - SOON).isoformat()}
    page = as_(cast.north_facilitator).post(url(assessment, "session-plan", 1), form(assessment, **past), follow=True)
    assert "its date is not in the future" in page.content.decode()
    assert Action.objects.exists()


def test_a_partner_of_another_assessment_is_no_choice(cast, assessment):
    other = in_session(cast).participants.first()
    page = as_(cast.north_facilitator).post(url(assessment, "session-plan", 1), form(assessment, owner=other.pk))
    assert page.status_code == 200
    assert not Action.objects.exists()


def test_after_the_session_planning_is_refused_politely(cast):
    assessment = closed(cast)
    page = as_(cast.north_facilitator).post(url(assessment, "session-plan", 1), form(assessment), follow=True)
    assert page.redirect_chain[0][0] == assessment.get_absolute_url()
    assert "You cannot do this now because the" in page.content.decode()
    assert not Action.objects.exists()


def test_changing_what_somebody_removed_is_said(cast, assessment):
    action = plan(cast, assessment)
    planned_actions.remove(assessment, roles_of(cast, "south_facilitator"), action)
    with pytest.raises(Refused, match="removed"):
        planned_actions.amend(assessment, roles_of(cast, "north_facilitator"), action, text="x")


# --- following up


def test_the_owner_reports_and_the_gaining_partner_confirms(cast, assessment):
    action = plan(cast, assessment)
    owner, confirmer = as_(cast.north_representative), as_(cast.south_representative)
    assert owner.post(url(assessment, "action", action.code), {"status": "done", "text": "Sent."}).status_code == 302
    assert confirmer.post(url(assessment, "action", action.code), {"status": "confirmed"}).status_code == 302
    action.refresh_from_db()
    assert (action.status, action.confirmed_by) == ("confirmed", cast.south_representative)
    page = as_(cast.observer).get(url(assessment, "action", action.code)).content.decode()
    assert "Sent." in page
    assert "Sara South" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0], "nothing to report for an observer"


@pytest.mark.parametrize("name", ["north_facilitator", "south_facilitator", "north_representative", "guest"])
def test_nobody_else_confirms(cast, assessment, name):
    action = plan(cast, assessment)
    planned_actions.follow_up(assessment, roles_of(cast, "north_representative"), action, "done")
    with pytest.raises(PermissionDenied):
        planned_actions.follow_up(assessment, roles_of(cast, name), action, "confirmed")
    planned_actions.follow_up(assessment, roles_of(cast, "south_representative"), action, "confirmed")
    assert Action.objects.get().status == "confirmed"


def test_without_a_name_whoever_was_to_gain_confirms(cast, assessment):
    action = plan(cast, assessment, confirmer=None)
    assert planned_actions.may_confirm(action, roles_of(cast, "south_representative"))
    assert not planned_actions.may_confirm(action, roles_of(cast, "guest")), "was not to gain"
    assert not planned_actions.may_confirm(action, roles_of(cast, "north_representative")), "owns it"


def test_before_it_is_reported_it_is_not_confirmed(cast, assessment):
    action = plan(cast, assessment)
    with pytest.raises(Refused, match="not yet reported"):
        planned_actions.follow_up(assessment, roles_of(cast, "south_representative"), action, "confirmed")


def test_who_confirms_may_say_not_yet(cast, assessment):
    action = plan(cast, assessment)
    planned_actions.follow_up(assessment, roles_of(cast, "north_representative"), action, "done")
    page = as_(cast.south_representative).get(url(assessment, "action", action.code)).content.decode()
    assert "No, not yet" in page
    planned_actions.follow_up(
        assessment, roles_of(cast, "south_representative"), action, "started", "The call is missing."
    )
    assert Action.objects.get().status == "started"
    assert ActionNote.objects.last().text == "The call is missing."
    with pytest.raises(PermissionDenied):
        planned_actions.follow_up(assessment, roles_of(cast, "south_representative"), action, "done")


def test_what_is_confirmed_stays(cast, assessment):
    action = plan(cast, assessment)
    planned_actions.follow_up(assessment, roles_of(cast, "north_representative"), action, "done")
    for _again in range(2):
        planned_actions.follow_up(assessment, roles_of(cast, "south_representative"), action, "confirmed")
    assert ActionNote.objects.filter(status="confirmed").count() == 1
    with pytest.raises(Refused, match="already been confirmed"):
        planned_actions.follow_up(assessment, roles_of(cast, "north_facilitator"), action, "started")
    page = as_(cast.north_facilitator).post(url(assessment, "action", action.code), {"status": "started"})
    assert page.status_code == 302
    assert Action.objects.get().status == "confirmed"


def test_follow_up_goes_on_after_closing(cast):
    assessment = in_session(cast)
    action = plan(cast, assessment)
    transitions.apply(assessment, roles_of(cast, "north_facilitator"), "read_back")
    assessment.refresh_from_db()
    planned_actions.follow_up(assessment, roles_of(cast, "north_facilitator"), action, "started")
    assert Action.objects.get().status == "started"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("confirmed_first", [True, False])
def test_confirming_while_the_owner_takes_it_back(cast, assessment, confirmed_first):
    action = plan(cast, assessment)
    north, south = roles_of(cast, "north_representative"), roles_of(cast, "south_representative")
    planned_actions.follow_up(assessment, north, action, "done")
    acts = [
        lambda: planned_actions.follow_up(assessment, north, action, "started"),
        lambda: planned_actions.follow_up(assessment, south, action, "confirmed"),
    ]
    late = while_held(*(reversed(acts) if confirmed_first else acts))
    assert isinstance(late, Refused)
    action.refresh_from_db()
    assert action.status == ("confirmed" if confirmed_first else "started")
    assert action.notes.last().status == action.status


def test_reported_again_it_is_asked_again(cast, assessment):
    action = plan(cast, assessment)
    asked = Notification.objects.filter(kind="assessments.confirm_action")
    found = []
    for status in ("done", "started", "done"):
        planned_actions.follow_up(assessment, roles_of(cast, "north_representative"), action, status)
        found.append([notification.recipient for notification in asked.all()])
    assert found == [[cast.south_representative], [], [cast.south_representative]]
    subject, text = notifications.render_notification(asked[0])
    assert subject == "North 1 has reported an action as done. Can you confirm this?"
    assert "Send the draft early" in text


# --- the list, and reminders


def test_the_list_is_grouped_by_date(cast, assessment):
    today = date(2031, 5, 15)
    for days in (40, 10, -1, 14):
        plan(cast, assessment, text=f"in {days} days", due=today + timedelta(days=days))
    done = plan(cast, assessment, text="done", due=today)
    planned_actions.follow_up(assessment, roles_of(cast, "north_facilitator"), done, "done")
    groups = [
        (group.name, [each.text for each in group.actions]) for group in planned_actions.listed(assessment, today)
    ]
    assert groups == [
        ("overdue", ["in -1 days"]),
        ("soon", ["in 10 days", "in 14 days"]),
        ("later", ["in 40 days"]),
        ("done", ["done"]),
    ]
    assert "in 40 days" in as_(cast.observer).get(url(assessment, "actions")).content.decode()


@pytest.mark.parametrize(("days", "is_late"), [(-1, True), (0, False)])
def test_the_start_page_marks_what_is_overdue(cast, assessment, days, is_late):
    plan(cast, assessment, due=timezone.localdate() + timedelta(days=days))
    shown = as_(cast.north_representative).get(reverse("home")).content.decode()
    assert "Your organisation is responsible for this action" in shown
    assert ("overdue ·" in shown) is is_late


def test_an_empty_list_teaches(cast, assessment):
    assert "No actions have been planned yet" in as_(cast.observer).get(url(assessment, "actions")).content.decode()


def test_reminders_come_once_per_moment(cast, assessment):
    due = date(2031, 5, 15)
    plan(cast, assessment, due=due)

    def subjects(day: date) -> list[str]:
        for _beat in range(2):
            planned_actions.remind(day)
        found = Notification.objects.filter(kind="assessments.action_due", recipient=cast.north_representative)
        return [notifications.render_notification(notification)[0] for notification in found.order_by("pk")]

    assert subjects(due - timedelta(days=15)) == []
    soon, tomorrow = "is due on 15 May 2031", "is due now (15 May 2031)"
    told = [f"One of your partnership's actions {soon}"]
    assert subjects(due - timedelta(days=14)) == told
    assert subjects(due - timedelta(days=2)) == told
    told.append(f"One of your partnership's actions {tomorrow}")
    assert subjects(due - timedelta(days=1)) == told
    assert subjects(due) == told
    told.append("One of your partnership's actions has been overdue since 15 May 2031")
    assert subjects(due + timedelta(days=1)) == told
    assert subjects(due + timedelta(days=9)) == told


def test_reminders_reach_the_owner_alone_and_only_while_it_is_open(cast, assessment):
    action = plan(cast, assessment)
    planned_actions.remind(action.due)
    told = set(Notification.objects.filter(kind="assessments.action_due").values_list("recipient", flat=True))
    assert told == {cast.north_representative.pk, cast.north_facilitator.pk}, "the people of the owner's organisation"
    planned_actions.follow_up(assessment, roles_of(cast, "north_facilitator"), action, "done")
    assert planned_actions.remind(action.due + timedelta(days=2)) == 0


def test_facilitators_hear_of_an_owner_without_people(cast, assessment):
    action = plan(cast, assessment)
    Action.objects.update(owner=assessment.participants.get(number=2))  # nobody sits here for it
    planned_actions.remind(action.due)
    told = set(Notification.objects.filter(kind="assessments.action_due").values_list("recipient", flat=True))
    assert told == {cast.north_facilitator.pk, cast.south_facilitator.pk}


def test_days_are_in_the_readers_form(cast, assessment):
    plan(cast, assessment, due=date(2031, 5, 15))
    planned_actions.remind(date(2031, 5, 10))
    notification = Notification.objects.filter(kind="assessments.action_due").first()
    with translation.override("nl"):
        assert "15 mei 2031" in notifications.render_notification(notification)[0]


def test_gaining_say(cast, assessment):
    decision = assessment.decisions.get(number=1)
    assert planned_actions.gaining(decision) == {assessment.participants.get(number=3).pk}
    assert joint.gains({"actual": None, "desired": 1})
    assert not joint.gains({"actual": 2, "desired": 2})
    assert not joint.gains({"actual": 2, "desired": None})
