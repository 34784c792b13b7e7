"""Notifications: on the page, in the header, by mail, once."""

from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from partnerships import services, tasks
from partnerships.models import Membership, Notification, Role
from partnerships.notifications import notify, render_notification
from partnerships.tasks import send_notifications
from tests.factories import UserFactory, make_cast
from tests.partnerships.overlapping import while_held
from tests.waiting import wait_until

PAGE = "/partnerships/notices/"


def tell(*users, dedupe: str = "", **context) -> None:
    context = {"name": "Wairimu", "partnership": "Water", **context}
    notify("partnerships.membership_waiting", users, "/partnerships/", dedupe, **context)


def test_page_shows_mine(client, cast):
    tell(cast.observer)
    tell(cast.outsider, name="Otto")
    client.force_login(cast.observer)
    html = client.get(PAGE).content.decode()
    assert "Wairimu needs your confirmation to join “Water”" in html
    assert "Otto" not in html


def test_words_are_escaped_on_the_page_and_not_in_the_mail(client, cast, mailoutbox):
    tell(cast.observer, name="<b>O'Neil</b>\nBcc: x@example.org")
    client.force_login(cast.observer)
    html = client.get(PAGE).content.decode()
    assert "<b>O'Neil" not in html
    assert send_notifications() == 1
    assert mailoutbox[0].subject.startswith("<b>O'Neil</b> Bcc: x@example.org needs your")
    assert mailoutbox[0].to == [cast.observer.email]


def test_names_keep_to_themselves_in_a_line_from_the_right(cast):
    tell(cast.observer, name="Wairimu (Kenya)")
    notification = cast.observer.notifications.get()
    with translation.override("ar"):
        words = "\n".join(render_notification(notification))
    assert "\u2068Wairimu (Kenya)\u2069" in words
    assert "\u2068Water\u2069" in words
    assert "\u2068" not in "".join(render_notification(notification))


def test_reading_covers_what_the_page_showed(client, cast):
    tell(cast.observer)
    tell(cast.outsider)
    client.force_login(cast.observer)
    newest = client.get(PAGE).context["newest"]
    tell(cast.observer)
    client.post(PAGE, {"upto": newest})
    assert [bool(notification.read_at) for notification in cast.observer.notifications.all()] == [False, True]
    assert cast.outsider.notifications.get().read_at is None
    assert client.post(PAGE, {"upto": "many"}).status_code == 302


def test_header_counts_unread(client, cast, django_assert_num_queries):
    client.force_login(cast.observer)
    assert "new notification" not in client.get(PAGE).content.decode()
    tell(cast.observer)
    assert "1 new notification" in client.get(PAGE).content.decode()
    tell(cast.observer)
    assert "2 new notifications" in client.get(PAGE).content.decode()


def test_same_matter_is_told_once(cast):
    for _twice in range(2):
        tell(cast.observer, dedupe="x")
    assert cast.observer.notifications.count() == 1
    tell(cast.observer, dedupe="y")
    assert cast.observer.notifications.count() == 2


def test_mailed_once(cast, mailoutbox):
    tell(cast.observer, cast.guest)
    assert send_notifications() == 1
    assert send_notifications() == 0
    (sent,) = mailoutbox
    assert sent.to == [cast.observer.email]
    assert sent.body.rstrip().endswith("/partnerships/")
    assert cast.guest.notifications.get().mailed_at is None


def test_server_that_refuses_one_mail_delays_no_other(cast, mailoutbox, monkeypatch):
    tell(cast.observer)
    tell(cast.outsider)
    honest = tasks.mail_notification

    def refusing(notification: Notification) -> None:
        if notification.recipient == cast.observer:
            raise SMTPRecipientsRefused({notification.recipient.email: (550, b"no such user")})
        honest(notification)

    monkeypatch.setattr(tasks, "mail_notification", refusing)
    assert send_notifications() == 1
    monkeypatch.setattr(tasks, "mail_notification", honest)
    assert send_notifications() == 1
    assert [message.to[0] for message in mailoutbox] == [cast.outsider.email, cast.observer.email]


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_mail(mailoutbox):
    tell(UserFactory())
    assert while_held(send_notifications, send_notifications) == 0
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_worker_mails_an_invitation_soon(celery_worker, settings):
    cast = make_cast()
    services.invite(cast.membership(cast.north_facilitator), "email", Role.OBSERVER, email="new@example.org")
    invitation = cast.partnership.invitations.get()

    def mailed() -> bool:
        invitation.refresh_from_db()
        return invitation.mailed_at is not None

    wait_until(mailed, what="the worker mailed the invitation")


def test_who_is_told_of_what(cast):
    link = services.invite(cast.membership(cast.north_facilitator), "link", Role.REPRESENTATIVE, cast.partners["s3"])
    membership = services.accept(link, cast.outsider)
    told = set(Notification.objects.values_list("recipient__name", "kind"))
    assert told == {
        (cast.south_facilitator.name, "partnerships.membership_waiting"),
        (cast.north_facilitator.name, "partnerships.invitation_accepted"),
    }
    services.confirm_membership(Membership.objects.get(pk=membership.pk), cast.membership(cast.south_facilitator))
    assert cast.outsider.notifications.get().kind == "partnerships.membership_admitted"


def test_needs(cast, django_assert_num_queries):
    assert {need.url for need in services.needs(cast.south_representative)} == {
        reverse("partnerships:organisation", args=[cast.partnership.code])
    }
    services.confirm_organisation(cast.membership(cast.south_representative), "south")
    assert services.needs(cast.south_representative) == []
    assert services.needs(cast.south_facilitator) == []
    code = services.invite(cast.membership(cast.north_facilitator), "join_code", Role.REPRESENTATIVE)
    memberships = [services.accept(code, UserFactory(), cast.partners["s3"]) for _one in range(2)]
    with django_assert_num_queries(6):
        (need,) = services.needs(cast.south_facilitator)
    assert need.title == "2 people need to be confirmed in “Water for All”"
    services.confirm_membership(memberships[0], cast.membership(cast.south_facilitator))
    assert services.needs(cast.south_facilitator)[0].title == "One person needs to be confirmed in “Water for All”"
    assert services.needs(cast.north_facilitator)[0].title.startswith("2 people")
    with translation.override("ar"):
        assert "\u2068Water for All\u2069" in services.needs(cast.south_facilitator)[0].title
    assert services.needs(memberships[0].user)[0].url == reverse("partnerships:waiting", args=[memberships[0].code])
    lone = services.needs(cast.other_facilitator)
    assert [need.url for need in lone] == [
        reverse("partnerships:invite", args=[cast.other_partnership.code]) + "?role=facilitator"
    ]


def test_start_page_shows_them(client, cast):
    client.force_login(cast.south_representative)
    html = client.get(reverse("home")).content.decode()
    assert "Confirm that you represent South 1" in html
    assert cast.partnership.name in html
    client.logout()
    assert cast.partnership.name not in client.get(reverse("home")).content.decode()
