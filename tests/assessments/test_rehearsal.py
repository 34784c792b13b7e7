"""A rehearsal never counts, tells nobody, is marked everywhere, and only there somebody looks as somebody else."""

from datetime import date

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, EvidenceConsent, Matter, Release, Stage
from assessments.results.release import make_release
from assessments.services import search, transitions
from assessments.services.safeguards import side_words
from assessments.services.session import joint
from assessments.services.setup import opening, rehearsal
from community.models import RealPartnership
from partnerships.access import impersonated_membership, member_roles_of
from partnerships.models import GuestKey, Impersonation, Invitation, Membership, Notification, Partnership, Role, User
from partnerships.search_words import Search
from partnerships.services import Refused
from partnerships.tasks import send_notifications
from tests.factories import Cast, UserFactory, membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker() -> User:
    return UserFactory(name="Noor")


@pytest.fixture
def trial(maker: User) -> Partnership:
    return rehearsal.start(maker)


def own(trial: Partnership, maker: User):
    return member_roles_of(maker, trial)


def only(trial: Partnership) -> Assessment:
    return trial.assessments.get()


def closes_for_both(assessment: Assessment, leads) -> Assessment:
    """Set today as the last day and say yes for the own side; the pretend people of the other side follow at once."""
    opening.set_day(assessment, leads, timezone.localdate())
    return side_words.give_word(assessment, leads, Matter.CLOSE_RATING, "north")


def refused(rule: str):
    return pytest.raises(IntegrityError, match=rule)


# --- looking as somebody else is possible in a rehearsal only


def test_a_facilitator_looks_as_each_pretend_representative(client, maker, trial):
    client.force_login(maker)
    home = reverse("assessments:rehearsal", args=[trial.code])
    for place in rehearsal.pretend_memberships(trial):
        client.post(home, {"as": place.code})
        response = client.get(only(trial).get_absolute_url())
        assert response.context["member"].represents == place
        assert f"You are viewing these pages as {place.user}" in response.content.decode()
    client.post(home, {"as": ""})
    assert client.get(only(trial).get_absolute_url()).context["member"].is_facilitator


def test_the_pages_of_the_rehearsal_stay_the_facilitators_own(client, maker, trial):
    client.force_login(maker)
    home = reverse("assessments:rehearsal", args=[trial.code])
    client.post(home, {"as": rehearsal.pretend_memberships(trial)[0].code})
    assert client.get(home).status_code == 200


def test_a_look_opens_no_page_of_another_partnership(client, cast: Cast, maker, trial):
    from tests.assessments.making import make_assessment

    real = make_assessment(cast)
    membership(cast.partnership, Role.OBSERVER, None, user=maker)
    client.force_login(maker)
    client.post(
        reverse("assessments:rehearsal", args=[trial.code]), {"as": rehearsal.pretend_memberships(trial)[0].code}
    )
    assert client.get(real.get_absolute_url()).context["member"].any.user == maker
    assert impersonated_membership(maker, real.code) is None
    assert impersonated_membership(maker, only(trial).code)


def test_no_view_lets_a_facilitator_look_in_a_real_partnership(client, cast: Cast):
    client.force_login(cast.north_facilitator)
    home = reverse("assessments:rehearsal", args=[cast.partnership.code])
    assert client.post(home, {"as": cast.membership(cast.guest).code}).status_code == 404
    with pytest.raises(PermissionDenied):
        rehearsal.look(cast.partnership, member_roles_of(cast.north_facilitator, cast.partnership), "")
    assert not Impersonation.objects.exists()


def test_the_database_lets_nobody_look_in_a_real_partnership(cast: Cast, maker, trial):
    mine, theirs = cast.membership(cast.north_facilitator), cast.membership(cast.guest)
    pretend = rehearsal.pretend_memberships(trial)
    host = trial.memberships.get(user=maker)
    for by, as_ in ((mine, theirs), (mine, pretend[0]), (host, theirs), (pretend[0], pretend[1]), (pretend[3], host)):
        with refused("only in a rehearsal"), transaction.atomic():
            Impersonation.objects.create(by=by, membership=as_)
    Impersonation.objects.create(by=host, membership=pretend[0])
    with refused("only in a rehearsal"), transaction.atomic():
        Impersonation.objects.update(membership=theirs)


def test_an_outsider_and_a_facilitator_elsewhere_cannot_look_at_somebodys_rehearsal(client, cast: Cast, trial):
    for person in (cast.outsider, cast.north_facilitator, cast.staff):
        client.force_login(person)
        assert client.get(reverse("assessments:rehearsal", args=[trial.code])).status_code == 404
        assert client.post(reverse("assessments:rehearsal-remove", args=[trial.code])).status_code == 404
        assert client.get(only(trial).get_absolute_url()).status_code == 404


def test_a_look_ends_with_the_facilitators_membership(maker, trial):
    rehearsal.look(trial, own(trial, maker), rehearsal.pretend_memberships(trial)[0].code)
    assert impersonated_membership(maker, trial.code)
    trial.memberships.filter(user=maker).update(admitted_at=None)
    assert impersonated_membership(maker, trial.code) is None


# --- what the database holds


def test_a_rehearsal_stays_one_and_nothing_becomes_one(cast: Cast, trial):
    for partnership, flag in ((trial, False), (cast.partnership, True)):
        with refused("stays one"), transaction.atomic():
            Partnership.objects.filter(pk=partnership.pk).update(is_rehearsal=flag, is_demo=True)
    with refused("stays one"), transaction.atomic():
        Partnership.objects.filter(pk=trial.pk).update(name="A real one")
    with refused("partnership_rehearsal_never_counts"), transaction.atomic():
        Partnership.objects.filter(pk=trial.pk).update(is_demo=False)
    Partnership.objects.filter(pk=cast.partnership.pk).update(name="Another name")


def test_only_its_maker_and_pretend_people_sit_in_a_rehearsal(cast: Cast, maker, trial):
    pretend = rehearsal.pretend_memberships(trial)[0]
    with refused("sit its maker"), transaction.atomic():
        Membership.objects.create(partnership=trial, user=cast.outsider, role=Role.FACILITATOR)
    with refused("sit its maker"), transaction.atomic():
        Membership.objects.create(partnership=trial, user=maker, role=Role.REPRESENTATIVE, partner=pretend.partner)
    with refused("sit its maker"), transaction.atomic():
        Membership.objects.create(partnership=cast.partnership, user=pretend.user, role=Role.OBSERVER)
    Membership.objects.create(partnership=cast.partnership, user=cast.outsider, role=Role.OBSERVER)


def test_nobody_becomes_a_pretend_person_and_none_gets_a_key_or_signs_in(cast: Cast, client, trial):
    person = rehearsal.pretend_memberships(trial)[0].user
    with refused("nobody becomes"), transaction.atomic():
        User.objects.filter(pk=cast.guest.pk).update(pretend_in=trial)
    with refused("nobody becomes"), transaction.atomic():
        User.objects.filter(pk=person.pk).update(pretend_in=None)
    with refused("user_pretend_never_signs_in"), transaction.atomic():
        User.objects.filter(pk=person.pk).update(is_active=True)
    with refused("never signs in"), transaction.atomic():
        GuestKey.objects.create(user=person, digest="d")
    GuestKey.objects.create(user=UserFactory(email=None, is_guest=True), digest="d")


def test_a_rehearsal_is_never_evidence(cast: Cast, maker, trial):
    from tests.assessments.making import rating

    assessment = transitions.apply(only(trial), own(trial, maker), "open_rating")
    place = rehearsal.pretend_memberships(trial)[0]
    with refused("never counts"), transaction.atomic():
        EvidenceConsent.objects.create(participant=assessment.participants.first(), membership=place, agreed=True)
    with refused("not a real partnership"), transaction.atomic():
        RealPartnership.objects.create(partnership=trial)
    real = rating(cast)
    EvidenceConsent.objects.create(
        participant=real.participants.first(), membership=cast.membership(cast.north_representative), agreed=True
    )
    RealPartnership.objects.create(partnership=cast.partnership)


def test_what_it_hands_out_says_so_and_it_asks_politely_for_no_contribution(client, maker, trial):
    leads = own(trial, maker)
    assessment = transitions.apply(only(trial), leads, "open_rating")
    rehearsal.answer_all(trial)
    assessment = closes_for_both(assessment, leads)
    make_release(assessment)
    goes_another_way = {"agree": False, "route": "trial", "review_on": date(2031, 1, 1)}
    joint.record_outcome(assessment, leads, assessment.decisions.get(number=1), 0, goes_another_way)
    transitions.apply(assessment, leads, "read_back")
    client.force_login(maker)
    calendar = client.get(reverse("assessments:dates", args=[assessment.code])).content.decode()
    assert calendar.count("SUMMARY:Rehearsal: ") == calendar.count("BEGIN:VEVENT") == 2
    contribute = reverse("assessments:contribute", args=[assessment.code])
    client.post(
        reverse("assessments:rehearsal", args=[trial.code]), {"as": rehearsal.pretend_memberships(trial)[0].code}
    )
    assert "it cannot be counted in the evidence base" in client.get(contribute).content.decode()
    assert (
        "it cannot be counted in the evidence base"
        in client.post(contribute, {"agreed": "yes"}, follow=True).content.decode()
    )
    assert not EvidenceConsent.objects.exists()


def test_nobody_is_invited(maker, trial):
    with refused("nobody is invited"), transaction.atomic():
        Invitation.objects.create(
            partnership=trial,
            channel="link",
            role=Role.OBSERVER,
            created_by=trial.memberships.get(user=maker),
            expires_at="2030-01-01T00:00Z",
        )


def test_a_title_always_says_that_it_is_a_rehearsal(trial):
    made = Assessment.objects.create(partnership=trial, title="Annual review")
    made.refresh_from_db()
    assert made.title == "Rehearsal: everything in it is invented – Annual review"


# --- from start to end


def test_pretend_people_answer_so_that_both_sides_are_shown_and_nobody_is_told(maker, trial):
    assessment = transitions.apply(only(trial), own(trial, maker), "open_rating")
    assert rehearsal.answer_all(trial) == 6
    closes_for_both(assessment, own(trial, maker))
    make_release(Assessment.objects.get())
    data = Release.objects.get().data
    assert data["mode"] == "by_side"
    assert data["assessment"]["north"] is not None
    assert data["assessment"]["south"] > data["assessment"]["north"]
    send_notifications()
    assert (Notification.objects.count(), len(mail.outbox)) == (0, 0)


def test_pretend_people_vote_and_otherwise_nothing_is_asked_of_them(maker, trial):
    with pytest.raises(Refused):
        rehearsal.answer_all(trial)
    transitions.apply(only(trial), own(trial, maker), "open_voting")
    assert rehearsal.answer_all(trial) == 6
    assert only(trial).stage == Stage.VOTING


def test_it_stands_marked_and_apart_on_the_start_page_and_is_not_found_by_searching(client, maker, trial):
    client.force_login(maker)
    shown = client.get("/").context
    assert (shown["partnerships"], shown["rehearsals"], shown["needs"]) == ([], [trial], [])
    assert "This is a rehearsal." in client.get(trial.get_absolute_url(), follow=True).content.decode()
    assert "badge-warn" in client.get(reverse("partnerships:list")).content.decode()
    assert not search.find(search.homes_of(maker), Search("rehearsal"), 5, search.KINDS)


def test_there_is_one_rehearsal_per_person_and_a_guest_has_none(client, cast: Cast, maker, trial):
    assert rehearsal.start(maker) == trial
    client.force_login(cast.guest)
    assert client.post(reverse("assessments:rehearse")).status_code == 403


def test_only_a_rehearsal_is_deleted_by_this_click(cast: Cast, trial):
    with pytest.raises(PermissionDenied):
        rehearsal.remove(cast.partnership)
    rehearsal.remove(trial)
    assert not Partnership.objects.filter(is_rehearsal=True).exists()
    assert not User.objects.exclude(pretend_in=None).exists()
