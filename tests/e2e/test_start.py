"""From the landing page to open ratings, by somebody new: five partners, six invitations, eight decisions."""

import pytest
from django.core import mail

from assessments.models import Assessment, Stage
from bench.screens import MOST_CLICKS, MOST_PAGES, Counted
from bench.starting import PARTNERS, PEOPLE, starts_an_assessment
from partnerships.models import Invitation, Membership, Partnership, Role
from partnerships.tasks import send_notifications

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_landing_page_to_open_ratings(new_page, scripts):
    way = Counted(new_page(java_script_enabled=scripts))
    starts_an_assessment(way, "/", lambda: str(mail.outbox[-1].body))
    assert way.clicks <= MOST_CLICKS
    assert len(way.pages) <= MOST_PAGES, way.pages
    there_it_is(Assessment.objects.get())
    mails_go_out_in_two_languages()


def there_it_is(assessment: Assessment) -> None:
    partnership = Partnership.objects.get()
    assert assessment.stage == Stage.RATING
    assert assessment.session_at
    assert assessment.session_at.isoformat() == "2030-05-10T11:00:00+00:00"
    assert assessment.decisions.count() == 8
    assert [one.side for one in partnership.partners.all()] == [side for *_others, side in PARTNERS]
    assert set(partnership.memberships.in_force().values_list("role", flat=True)) == {
        Role.FACILITATOR,
        Role.REPRESENTATIVE,
    }
    assert Membership.objects.count() == 2
    assert list(Invitation.objects.order_by("pk").values_list("name", flat=True)) == [one[0] for one in PEOPLE]


def mails_go_out_in_two_languages() -> None:
    mail.outbox.clear()
    send_notifications()
    invited = {each.to[0]: each for each in mail.outbox if "/i/" in str(each.body)}
    assert set(invited) == {"wanjiru@example.org", "kofi@example.org", "awa@example.org", "rolf@example.org"}
    assert "has invited you" in invited["kofi@example.org"].subject
    assert "vous invite" in invited["awa@example.org"].subject
