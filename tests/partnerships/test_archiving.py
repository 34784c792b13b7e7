"""Archiving, deleting and leaving a partnership: who may, what is refused, and what others are told."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment
from partnerships.models import ActivityLogEntry, Membership, Notification, Partnership, Role
from partnerships.services import Refused, archiving
from tests.assessments import making
from tests.factories import membership

pytestmark = pytest.mark.django_db


def page(cast, name: str) -> str:
    return reverse(f"partnerships:{name}", args=[cast.partnership.code])


def told(kind: str) -> set:
    return {one.recipient for one in Notification.objects.filter(kind=f"partnerships.{kind}")}


def archive(cast) -> None:
    archiving.archive(cast.partnership, cast.membership(cast.north_facilitator))


# --- archive


def test_an_archived_partnership_is_listed_behind_show_archived(client, cast):
    client.force_login(cast.north_facilitator)
    assert "Show archived" not in client.get(reverse("partnerships:list")).content.decode()
    client.post(page(cast, "archive"), {"do": "archive"})
    for url in (reverse("partnerships:list"), reverse("home")):
        assert cast.partnership.get_absolute_url() not in client.get(url).content.decode()
    shown = client.get(reverse("partnerships:list") + "?archived=yes").content.decode()
    assert cast.partnership.get_absolute_url() in shown
    client.post(page(cast, "archive"), {"do": "restore"})
    assert cast.partnership.get_absolute_url() in client.get(reverse("partnerships:list")).content.decode()


def test_archiving_twice_tells_once_and_deletes_nothing(cast):
    making.make_assessment(cast)
    archive(cast)
    archive(cast)
    members = {one.user for one in cast.partnership.memberships.in_force()}
    assert told("partnership_archived") == members
    assert Notification.objects.filter(kind="partnerships.partnership_archived").count() == len(members)
    assert ActivityLogEntry.objects.filter(verb="partnership.archived").count() == 1
    assert Assessment.objects.exists()


@pytest.mark.parametrize("at", ["rating", "joint"])
def test_a_partnership_is_not_archived_while_an_assessment_runs(client, cast, at):
    making.rating(cast) if at == "rating" else making.in_session(cast)
    client.force_login(cast.north_facilitator)
    asked = client.get(page(cast, "archive")).content.decode()
    assert "Close or delete that assessment first." in asked
    assert 'value="archive"' not in asked
    with pytest.raises(Refused, match="Close or delete"):
        archive(cast)
    with pytest.raises(IntegrityError, match="is running"), transaction.atomic():
        Partnership.objects.filter(pk=cast.partnership.pk).update(archived_at=timezone.now())


def test_in_an_archived_partnership_nothing_starts(client, cast):
    assessment = making.make_assessment(cast)
    archive(cast)
    with pytest.raises(Refused, match="archive first"):
        making.step(cast, Assessment.objects.get(pk=assessment.pk), "open_rating")
    client.force_login(cast.north_facilitator)
    setup = {"title": "T", "phase": "baseline", "mode_wanted": "by_side", "k": 3}
    client.post(reverse("assessments:create", args=[cast.partnership.code]), setup)
    assert Assessment.objects.count() == 1
    with pytest.raises(IntegrityError, match="archived"), transaction.atomic():
        Assessment.objects.create(partnership=cast.partnership, title="T")
    with pytest.raises(IntegrityError, match="archived"), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(stage="rating", mode="by_side")
    archiving.restore(cast.partnership, cast.membership(cast.south_facilitator))
    assert making.step(cast, Assessment.objects.get(pk=assessment.pk), "open_rating").stage == "rating"


def test_neither_rehearsal_nor_example_is_archived(cast):
    for kind in ("is_rehearsal", "is_example"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Partnership.objects.create(name="R", is_demo=True, archived_at=timezone.now(), **{kind: True})


# --- delete


def test_a_facilitator_deletes_a_partnership_that_never_rated(client, cast):
    making.make_assessment(cast)
    client.force_login(cast.north_facilitator)
    assert "This cannot be undone." in client.get(page(cast, "delete")).content.decode()
    assert client.post(page(cast, "delete")).url == reverse("partnerships:list")
    assert not Partnership.objects.filter(pk=cast.partnership.pk).exists()
    assert cast.guest in told("partnership_deleted")
    assert cast.other_facilitator not in told("partnership_deleted")
    cast.guest.refresh_from_db()
    assert not cast.guest.is_active
    assert cast.other_partnership in Partnership.objects.all()


@pytest.mark.parametrize("at", ["rating", "reopened", "joint", "closed"])
def test_a_partnership_in_which_rating_opened_is_not_deleted(client, cast, at):
    makers = {"rating": making.rating, "joint": making.in_session, "closed": making.closed}
    if at == "reopened":
        making.step(cast, making.rating(cast), "reopen_decisions")
    else:
        makers[at](cast)
    client.force_login(cast.north_facilitator)
    assert "Delete that assessment first." in client.get(page(cast, "delete")).content.decode()
    client.post(page(cast, "delete"))
    assert Partnership.objects.filter(pk=cast.partnership.pk).exists()
    assert not told("partnership_deleted")


def test_deleting_twice_is_deleting_once(cast):
    by = cast.membership(cast.north_facilitator)
    archiving.delete(cast.partnership, by)
    archiving.delete(cast.partnership, by)
    assert Notification.objects.filter(kind="partnerships.partnership_deleted", recipient=cast.observer).count() == 1


# --- leave


def test_the_last_facilitator_reads_first_that_she_cannot_leave(client, cast):
    client.force_login(cast.other_facilitator)
    url = reverse("partnerships:leave", args=[cast.other_partnership.code])
    asked = client.get(url).content.decode()
    assert "facilitator, so you cannot leave." in asked
    assert 'class="btn btn-danger"' not in asked
    client.post(url)
    assert cast.other_partnership.memberships.in_force().filter(user=cast.other_facilitator).exists()


def test_one_of_two_facilitators_leaves_with_all_memberships(client, cast):
    membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["n1"], user=cast.north_facilitator)
    membership(cast.partnership, Role.OBSERVER, None, employer="A", user=cast.north_facilitator, admitted_at=None)
    client.force_login(cast.north_facilitator)
    assert page(cast, "leave") in client.get(page(cast, "people")).content.decode()
    assert "Leave this partnership" in client.get(page(cast, "leave")).content.decode()
    assert client.post(page(cast, "leave")).url == reverse("partnerships:list")
    assert not Membership.objects.filter(user=cast.north_facilitator, voided_at=None).exists()
    assert client.get(page(cast, "people")).status_code == 404


def test_of_two_facilitators_who_leave_the_second_is_refused(cast):
    archiving.leave(cast.partnership, cast.north_facilitator)
    with pytest.raises(Refused, match="last facilitator"):
        archiving.leave(cast.partnership, cast.south_facilitator)


def test_a_representative_leaves_while_rating_is_open(client, cast):
    making.rating(cast)
    client.force_login(cast.south_representative)
    assert "Answers that you have submitted will count" in client.get(page(cast, "leave")).content.decode()
    client.post(page(cast, "leave"))
    assert cast.membership(cast.south_representative).voided_at is not None


def test_the_settings_have_one_section_for_it(client, cast):
    assessment = making.make_assessment(cast)
    client.force_login(cast.north_facilitator)
    settings = client.get(page(cast, "settings")).content.decode()
    assert all(page(cast, name) in settings for name in ("archive", "delete", "leave"))
    for name, more in (("archive", []), ("side-words", ["delete_assessment"])):
        assert reverse(f"assessments:{name}", args=[assessment.code, *more]) in settings
