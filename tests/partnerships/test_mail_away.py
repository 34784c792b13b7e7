"""While the mail server is away: a page says so, the account stays usable, and the log has one line."""

import logging
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone

from community.models import DigestLine
from community.tasks import send_digests
from partnerships.models import Notification, User
from partnerships.tasks import send_notifications
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough password"
REFUSED = SMTPRecipientsRefused({"ada@example.org": (550, b"no such user")})


class Failing(EmailBackend):
    """A mail server that fails as it is told to, for addresses that begin as it is told."""

    error: Exception = ConnectionRefusedError(111, "Connection refused")
    tried: list[str] = []
    begins = ""

    def send_messages(self, messages):
        for message in messages:
            Failing.tried.append(message.to[0])
            if message.to[0].startswith(Failing.begins):
                raise Failing.error
        return super().send_messages(messages)


@pytest.fixture
def away(settings, monkeypatch) -> type[Failing]:
    monkeypatch.setattr(Failing, "tried", [])
    settings.EMAIL_BACKEND = f"{__name__}.Failing"
    return Failing


def test_who_signs_up_is_told_and_confirms_later(client, away, settings):
    sent = {"email": "ada@example.org", "password1": PASSWORD, "name": "Ada"}
    answer = client.post(reverse("account_signup"), sent)
    assert (answer.status_code, answer["Retry-After"]) == (503, "300")
    assert "We could not send the e-mail" in answer.content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.delete_pattern("allauth:*")  # three minutes later
    answer = client.post(reverse("account_login"), {"login": "ada@example.org", "password": PASSWORD})
    assert answer.status_code == 302
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]


@pytest.mark.parametrize("page", ["account_request_login_code", "account_reset_password"])
def test_who_waits_for_a_code_or_a_link_is_told(client, away, page):
    ada = UserFactory(email="ada@example.org")
    ada.emailaddress_set.get_or_create(email=ada.email, defaults={"verified": True, "primary": True})
    answer = client.post(reverse(page), {"email": ada.email})
    assert answer.status_code == 503
    assert "We could not send the e-mail" in answer.content.decode()
    assert User.objects.get(pk=ada.pk).is_active


def lay_mails(number: int) -> None:
    for place in range(number):
        ada = UserFactory(email=f"{'ada' if place % 2 else 'ben'}{place}@example.org")
        Notification.objects.create(recipient=ada, kind="partnerships.invitation_accepted", context={})
        digest = Notification.objects.create(
            recipient=ada, kind="community.comment", mailed_at=timezone.now(), context={}
        )
        DigestLine.objects.create(user=ada, notification=digest)


@pytest.mark.parametrize("error", [ConnectionRefusedError(111), TimeoutError(), SMTPServerDisconnected("gone")])
@pytest.mark.parametrize("send", [send_notifications, send_digests])
def test_a_run_without_a_mail_server_tries_once_and_writes_one_line(away, caplog, monkeypatch, error, send):
    monkeypatch.setattr(away, "error", error)
    lay_mails(3)
    with caplog.at_level(logging.INFO, logger="partnerships"):
        assert send() == 0
    (line,) = [record for record in caplog.records if record.name.startswith("partnerships")]
    assert type(error).__name__ in line.getMessage()
    assert line.exc_info is None
    assert len(away.tried) == 1


def test_an_address_that_is_refused_holds_no_other_mail_up(away, caplog, monkeypatch):
    monkeypatch.setattr(away, "error", REFUSED)
    monkeypatch.setattr(away, "begins", "ada")
    lay_mails(4)
    assert send_notifications() == 2
    assert len(away.tried) == 4
    assert len([record for record in caplog.records if record.name.startswith("partnerships")]) == 1
    assert Notification.objects.filter(kind__startswith="partnerships.").exclude(mailed_at=None).count() == 2
