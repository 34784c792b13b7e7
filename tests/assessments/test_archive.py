"""Archiving an assessment: off the lists for everyone, back by any facilitator, never while it runs."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.models import Action, Assessment
from assessments.services.setup import archiving
from partnerships.access import member_roles_of
from partnerships.models import ActivityLogEntry, Notification
from partnerships.services import Refused
from tests.assessments import making

pytestmark = pytest.mark.django_db


def archive(cast, assessment) -> Assessment:
    return archiving.archive(assessment, member_roles_of(cast.north_facilitator, cast.partnership))


def lists(cast, archived: bool = False) -> list[str]:
    more = "?archived=yes" if archived else ""
    return [reverse("assessments:mine") + more, reverse("assessments:workspace", args=[cast.partnership.code]) + more]


def listed_at(client, assessment, url: str) -> bool:
    return f'href="{assessment.get_absolute_url()}"' in client.get(url).content.decode()


@pytest.mark.parametrize("make", [making.make_assessment, making.closed])
@pytest.mark.parametrize("who", ["north_facilitator", "south_representative", "observer"])
def test_an_archived_assessment_is_off_the_lists_and_still_open(client, cast, make, who):
    assessment = make(cast)
    client.force_login(getattr(cast, who))
    assert all(listed_at(client, assessment, url) for url in lists(cast))
    archive(cast, assessment)
    assert not any(listed_at(client, assessment, url) for url in [*lists(cast), reverse("home")])
    assert all(listed_at(client, assessment, url) for url in lists(cast, archived=True))
    assert client.get(assessment.get_absolute_url()).status_code == 200


def test_a_facilitator_archives_and_another_takes_it_out(client, cast):
    assessment = making.make_assessment(cast)
    page = reverse("assessments:archive", args=[assessment.code])
    client.force_login(cast.north_facilitator)
    assert "The assessment will not be deleted." in client.get(page).content.decode()
    client.post(page, {"do": "archive"})
    client.post(page, {"do": "archive"})
    assert ActivityLogEntry.objects.filter(verb="archive").count() == 1
    assert Notification.objects.filter(kind="assessments.archived", recipient=cast.guest).count() == 1
    client.force_login(cast.south_facilitator)
    assert "Take this assessment out of the archive?" in client.get(page).content.decode()
    client.post(page, {"do": "restore"})
    assert Assessment.objects.get().archived_at is None
    assert listed_at(client, assessment, lists(cast)[1])


RUNNING = {
    "rating": (making.rating, "Answering is open."),
    "joint": (making.in_session, "The joint session is open."),
    "readback": (lambda cast: making.step(cast, making.in_session(cast), "read_back"), "The final review is open."),
}


@pytest.mark.parametrize("at", RUNNING)
def test_a_running_assessment_is_not_archived_and_says_why(client, cast, at):
    make, why = RUNNING[at]
    assessment = make(cast)
    with pytest.raises(Refused, match=why):
        archive(cast, assessment)
    client.force_login(cast.north_facilitator)
    page = reverse("assessments:archive", args=[assessment.code])
    assert why in client.get(page, follow=True).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.filter(pk=assessment.pk).update(archived_at=timezone.now())


def test_an_archived_assessment_does_not_start(cast):
    assessment = archive(cast, making.make_assessment(cast))
    with pytest.raises(Refused, match="Take it out of the archive first"):
        making.step(cast, assessment, "open_rating")
    archiving.restore(assessment, member_roles_of(cast.south_facilitator, cast.partnership))
    assert making.step(cast, Assessment.objects.get(), "open_rating").stage == "rating"


def test_agreed_actions_remain_to_do_after_archiving(client, cast):
    """Otherwise one side's facilitator could hide what was promised to the other."""
    assessment = making.in_session(cast)
    making.agree_levels(cast, assessment)
    owner = assessment.participants.get(acronym="N1")
    Action.objects.create(
        assessment=assessment,
        decision=assessment.decisions.first(),
        text="Share the budget",
        owner=owner,
        due="2030-01-01",
    )
    with making.past_triggers():
        Assessment.objects.filter(pk=assessment.pk).update(stage="closed", closed_at=timezone.now())
    archive(cast, assessment)
    client.force_login(cast.north_representative)
    assert "Share the budget" in client.get(reverse("home")).content.decode()
