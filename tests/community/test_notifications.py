"""Telling people: at once, once a day or not at all; in their language; one click stops it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from community.models import DigestLine, How, MailChoice, Subject
from community.services import comments, notifications
from community.services.groups.memberships import writer_of
from community.tasks import send_digests
from partnerships.models import Notification
from partnerships.tasks import send_notifications
from tests.community.making import make_finding, member, mutation, told
from tests.factories import GuestFactory, UserFactory

pytestmark = pytest.mark.django_db


def tell(user, name="comment", dedupe="one"):
    notifications.notify_members(
        name, [user], "/community/", dedupe, name="Ama", title="Budgets", group="G", status="supported", reason="r"
    )


def choose(user, how, subject=Subject.COMMENT):
    notifications.choose(user, subject, how)


@pytest.fixture
def ben():
    return UserFactory(name="Ben")


@pytest.mark.parametrize(("how", "at_once", "daily"), [(How.NOW, 1, 0), (How.DAILY, 0, 1), (How.NONE, 0, 0)])
def test_as_each_chose(ben, how, at_once, daily):
    choose(ben, how)
    tell(ben)
    assert ben.notifications.count() == 1
    send_notifications()
    assert len(mail.outbox) == at_once
    send_digests()
    assert len(mail.outbox) - at_once == daily


def test_the_daily_mail_holds_the_day_and_comes_once(ben):
    choose(ben, How.DAILY)
    tell(ben, dedupe="one")
    tell(ben, dedupe="one")
    tell(ben, "mention", "two")
    notifications.choose(ben, Subject.MENTION, How.DAILY)
    tell(ben, "mention", "three")
    send_digests()
    send_digests()
    (sent,) = mail.outbox
    assert sent.to == [ben.email]
    assert sent.body.count("Ama commented on “Budgets”") == 1
    assert sent.body.count("Ama mentioned you in “Budgets”") == 1
    tell(ben, dedupe="four")
    send_digests()
    assert len(mail.outbox) == 1
    DigestLine.objects.filter(sent_at__isnull=False).update(sent_at=timezone.now() - timedelta(hours=21))
    send_digests()
    assert len(mail.outbox) == 2


def test_what_was_read_or_turned_off_meanwhile_is_left_out(ben):
    choose(ben, How.DAILY)
    tell(ben)
    Notification.objects.update(read_at=timezone.now())
    tell(ben, dedupe="two")
    choose(ben, How.NONE)
    assert send_digests() == 0
    assert not DigestLine.objects.filter(sent_at=None).exists()


def test_guests_and_those_who_left_are_not_told(ben):
    tell(GuestFactory())
    ben.is_active = False
    tell(ben)
    assert not Notification.objects.exists()


def test_mail_in_the_language_of_its_reader(ben, settings):
    from django.utils.translation import get_language, override

    seen = []

    class Sentence:
        def __str__(self) -> str:
            seen.append(get_language())
            return "x"

    settings.LANGUAGES = [("en", "English"), ("fr", "français")]
    ben.language = "fr"
    ben.save()
    choose(ben, How.DAILY)
    tell(ben)
    line = DigestLine.objects.select_related("notification").get()
    line.notification.context["name"] = Sentence()
    with override("en"):
        notifications.digest_mail(ben, [line.notification])
    assert set(seen) == {"fr"}


@pytest.mark.parametrize("how", [How.NOW, How.DAILY])
def test_one_click_stops_it(client, ben, how):
    choose(ben, how)
    tell(ben)
    send_notifications()
    send_digests()
    (sent,) = mail.outbox
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = sent.extra_headers["List-Unsubscribe"].strip("<>")
    assert address in sent.body
    path = "/" + address.split("/", 3)[3]
    assert b"Stop e-mails of this kind?" in client.get(path).content
    assert notifications.choices(ben)[Subject.COMMENT] == how
    client.handler.enforce_csrf_checks = True
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert notifications.choices(ben)[Subject.COMMENT] == How.NONE
    assert notifications.choices(ben)[Subject.MENTION] == How.NOW


def test_forged_links_stop_nothing(client, ben):
    good = notifications.stop_address(ben, "comment")
    path = "/" + good.split("/", 3)[3]
    assert client.post(path.replace("/stop/", "/stop/x")).status_code == 404
    assert not MailChoice.objects.exists()
    assert client.post(path).status_code == 200


def test_what_concerns_ones_own_text_cannot_be_stopped(ben):
    facts = {"title": "Budgets", "reason": "It names people.", "group": "G"}
    notifications.notify_members("hidden", [ben], "/community/", "one", **facts)
    send_notifications()
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers


def test_preferences(client, ben):
    client.force_login(ben)
    page = reverse("community:preferences")
    form = dict.fromkeys(Subject.values, How.NONE.value)
    assert client.post(page, form).status_code == 302
    assert set(notifications.choices(ben).values()) == {How.NONE}
    before = ben.profile.feed_key
    client.post(page, {"new_key": "1"})
    ben.profile.refresh_from_db()
    assert ben.profile.feed_key != before


def test_the_key_of_a_feed_opens_it_and_a_new_one_closes_it(client):
    mina = member()
    item = make_finding(mina, "Budgets & <more>")
    feed = reverse("community:feed", args=["understanding"])
    assert client.get(feed).status_code == 404
    answer = client.get(feed, {"key": mina.user.profile.feed_key})
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert b"Budgets &amp; &lt;more&gt;" in answer.content
    assert item.get_absolute_url().encode() in answer.content
    assert client.get(feed, {"key": "wrong"}).status_code == 404


# --- who is told of what


def test_a_comment_tells_the_author_and_who_took_part_and_names_whom_it_mentions():
    ama, ben, carla, dora = (member(name) for name in ("Ama", "Ben", "Carla", "Dora"))
    item = make_finding(ama)
    comments.comment(item, writer_of(ben), "First.", mutation())
    assert told("comment") == {"Ama"}
    name = mutation()
    comments.comment(item, writer_of(carla), "Second, @dora @carla @nobody.", name)
    comments.comment(item, writer_of(carla), "Second, @dora @carla @nobody.", name)
    assert told("comment") == {"Ama", "Ben"}
    assert told("mention") == {"Dora"}
    assert Notification.objects.filter(kind="community.comment").count() == 3
    assert dora.user.notifications.get(kind="community.mention").url == item.comments.first().get_absolute_url()


def test_a_change_tells_the_author_and_who_endorsed():
    from community.services import writing

    ama, ben, carla = (member(name) for name in ("Ama", "Ben", "Carla"))
    item = make_finding(ama)
    comments.endorse(item, carla)
    writing.save(item, writer_of(ben), writing.Content(item.title, "New words."), 1, mutation())
    assert told("changed") == {"Ama", "Carla"}
    assert told("published") == {"Ben", "Carla"}


def test_who_is_named_in_a_draft_is_told_when_it_is_published():
    from community.services import writing

    ama, _ben = member("Ama"), member("Ben")
    item = make_finding(ama, text="Ask @ben.", publish=False)
    assert told("mention") == set()
    writing.publish_item(item)
    assert told("mention") == {"Ben"}
