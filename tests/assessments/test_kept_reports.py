"""The report of an assessment that both sides deleted: for those who were members, for 30 days."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, KeptReport, Matter
from assessments.results.agreed import make_agreed_result
from assessments.services.setup import kept_reports
from partnerships.models import Membership, Notification, Role, User
from partnerships.services import Refused, archiving
from powertool.privacy import retention
from powertool.privacy.erasure import erase_person
from tests.assessments import making
from tests.factories import membership

pytestmark = pytest.mark.django_db


def delete(cast, make=making.closed) -> Assessment:
    User.objects.filter(pk=cast.guest.pk).update(language="fr")
    assessment = make(cast)
    if make is making.closed:
        make_agreed_result(assessment)
    making.both_say_yes(assessment, Matter.DELETE_ASSESSMENT)
    assert not Assessment.objects.exists()
    return assessment


def listing(cast) -> str:
    return reverse("assessments:kept-reports", args=[cast.partnership.code])


def test_a_closed_assessment_is_deleted_by_both_sides_with_its_report_kept(client, cast):
    delete(cast)
    assert set(KeptReport.objects.values_list("language", flat=True)) == {"en", "fr"}
    assert kept_reports.make_all() == 2
    assert kept_reports.make_all() == 0
    client.force_login(cast.observer)
    report = KeptReport.objects.get(language="en")
    assert listing(cast) in client.get(reverse("assessments:workspace", args=[cast.partnership.code])).content.decode()
    page = reverse("assessments:kept-report", args=[cast.partnership.code, report.code])
    assert page in client.get(listing(cast)).content.decode()
    assert client.get(page).content.startswith(b"%PDF")
    assert Notification.objects.get(kind="assessments.assessment_deleted", recipient=cast.guest).url == listing(cast)


@pytest.mark.parametrize("side", ["north", "south"])
def test_one_side_alone_deletes_no_closed_assessment(cast, side):
    making.says_yes(making.closed(cast), side, Matter.DELETE_ASSESSMENT)
    assert Assessment.objects.exists()
    assert not KeptReport.objects.exists()


def test_without_results_no_report_is_kept(cast):
    delete(cast, making.rating)
    assert not KeptReport.objects.exists()


def test_only_those_who_were_members_then_can_download_it(client, cast):
    delete(cast)
    kept_reports.make_all()
    report = KeptReport.objects.first()
    page = reverse("assessments:kept-report", args=[cast.partnership.code, report.code])
    late = membership(cast.partnership, Role.OBSERVER, None, employer="A university").user
    found = {}
    for name, person in {"late": late, "outsider": cast.outsider, "observer": cast.observer}.items():
        client.force_login(person)
        found[name] = client.get(page).status_code
    assert found == {"late": 404, "outsider": 404, "observer": 200}


@pytest.mark.parametrize(("days", "there"), [(29, True), (31, False)])
def test_it_is_there_for_thirty_days(client, cast, days, there):
    delete(cast)
    Membership.objects.update(admitted_at=timezone.now() - timedelta(days=99))
    KeptReport.objects.update(deleted_at=timezone.now() - timedelta(days=days))
    client.force_login(cast.observer)
    assert bool(client.get(listing(cast)).context["reports"]) == there
    retention.retain()
    assert KeptReport.objects.exists() == there


def test_it_goes_with_the_data_of_a_person_who_was_there(cast):
    delete(cast)
    erase_person(cast.guest)
    assert not KeptReport.objects.exists()


def test_the_partnership_is_not_deleted_while_a_report_is_kept(cast):
    delete(cast)
    by = cast.membership(cast.north_facilitator)
    with pytest.raises(Refused, match="Wait until this report has been deleted"):
        archiving.delete(cast.partnership, by)
    KeptReport.objects.all().delete()
    archiving.delete(cast.partnership, by)
