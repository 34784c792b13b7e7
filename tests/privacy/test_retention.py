"""Each period on both sides of its edge; twice is as good as once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.utils import timezone

from community.models import DigestLine
from partnerships import activity_log, services
from partnerships.models import ActivityLogEntry, ApiToken, Invitation, Notification, Role, User, WrongText
from partnerships.notifications import notify
from partnerships.tasks import send_notifications
from powertool.privacy import retention
from powertool.tasks import retain
from tests.factories import GuestFactory, UserFactory, membership

pytestmark = pytest.mark.django_db
NOW = timezone.now()
A_MINUTE = timedelta(minutes=1)


def edges(settings, period: str) -> tuple:
    """Return a moment that is due, and one that is not."""
    edge = NOW - timedelta(days=settings.RETENTION[period])
    return edge - A_MINUTE, edge + A_MINUTE


def run() -> dict[str, int]:
    """Run it twice: the second time finds nothing."""
    done = retention.retain(NOW)
    assert set(retention.retain(NOW).values()) == {0}
    return {name: count for name, count in done.items() if count}


@pytest.mark.parametrize("field", ["used_at", "withdrawn_at", "expires_at"])
def test_invitations_go_with_their_addresses(cast, settings, field):
    by = cast.membership(cast.north_facilitator)
    for moment, address in zip(edges(settings, "invitations"), ["old@example.org", "new@example.org"], strict=True):
        made = services.invite(by, "email", Role.OBSERVER, email=address)
        Invitation.objects.filter(pk=made.pk).update(**{field: moment})
    services.invite(by, "link", Role.OBSERVER)
    assert run() == {"invitations": 1}
    assert set(Invitation.objects.values_list("email", flat=True)) == {"new@example.org", ""}


@pytest.mark.parametrize("handled", [False, True])
def test_reports_of_wrong_texts_go_after_their_days(settings, handled):
    edge = timezone.localdate(NOW) - timedelta(days=settings.RETENTION["wrong_texts"])
    for day in (edge, edge - timedelta(days=1)):
        handled_on = day if handled else None
        WrongText.objects.create(language="fr", present_text="Mot", reported_on=day, handled_on=handled_on)
    assert run() == {"wrong_texts": 1}
    assert WrongText.objects.get().reported_on == edge


def test_a_join_code_that_brought_somebody_is_open_until_it_runs_out(cast):
    made = services.invite(cast.membership(cast.north_facilitator), "join_code", Role.OBSERVER)
    Invitation.objects.filter(pk=made.pk).update(used_at=NOW - timedelta(days=999))
    assert run() == {}


def test_notifications_and_lines_of_daily_mails(cast, settings):
    for period, moments in {
        "notifications": edges(settings, "notifications"),
        "digests": edges(settings, "digests"),
    }.items():
        for moment in moments:
            notify("partnerships.membership_admitted", [cast.guest], "", f"{period} {moment}")
            notification = Notification.objects.get(dedupe=f"{period} {moment}")
            if period == "notifications":
                Notification.objects.filter(pk=notification.pk).update(created_at=moment)
            else:
                DigestLine.objects.create(notification=notification, user=cast.guest, sent_at=moment)
    assert run() == {"notifications": 1, "digests": 1}
    assert Notification.objects.count() == 3
    assert DigestLine.objects.count() == 1


def test_sessions_that_ran_out_and_where_they_were(cast):
    for key, moment in {"old": NOW - A_MINUTE, "new": NOW + A_MINUTE}.items():
        Session.objects.create(session_key=key, session_data="", expire_date=moment)
        UserSession.objects.create(user=cast.guest, session_key=key, ip="10.0.0.1", user_agent="A browser")
    assert run() == {"sessions": 2}
    assert UserSession.objects.get().session_key == Session.objects.get().session_key == "new"


def test_the_activity_log_loses_its_names_and_keeps_what_happened(cast, settings):
    own = cast.membership(cast.guest)
    for moment in edges(settings, "activity_log"):
        activity_log.record(cast.partnership, cast.guest, "membership.confirmed", membership=own)
        ActivityLogEntry.objects.filter(at__gt=NOW).update(at=moment)
    assert run() == {"activity_log": 1}
    old, new = ActivityLogEntry.objects.order_by("at")
    assert (old.actor, old.membership, old.verb) == (None, None, "membership.confirmed")
    assert (new.actor, new.membership) == (cast.guest, own)
    assert activity_log.sentence_of(old) == "Someone who has left confirmed a membership"
    assert activity_log.subject_of(old) == "Someone who has left"


def test_guests_whom_nobody_let_in(cast, settings):
    due, fresh = edges(settings, "guests")
    kept = []
    for moment, admitted, voided in ((due, None, None), (fresh, None, None), (due, NOW, None), (due, due, NOW)):
        guest = GuestFactory(date_joined=moment)
        when = {"admitted_at": admitted, "voided_at": voided, "created_at": moment}
        membership(cast.partnership, Role.OBSERVER, None, user=guest, **when)
        kept.append(guest.pk)
    came_back = GuestFactory(date_joined=due, last_login=fresh)
    assert run() == {"guests": 1}
    left = set(User.objects.values_list("pk", flat=True))
    assert kept[0] not in left
    assert {*kept[1:], came_back.pk} <= left


def test_accounts_whose_address_nobody_confirmed(settings):
    due, fresh = edges(settings, "guests")
    for moment, verified, name in ((due, False, "old"), (fresh, False, "new"), (due, True, "confirmed")):
        user = UserFactory(name=name, date_joined=moment)
        user.emailaddress_set.update(verified=verified)
    assert run() == {"guests": 1}
    assert set(User.objects.values_list("name", flat=True)) == {"new", "confirmed"}


# --- accounts by which nobody signs in


@pytest.fixture
def idle(settings):
    """Somebody who is due, but was not written to."""
    user = UserFactory(name="Ida Idle", email="ida@example.org", language="nl")
    User.objects.update(last_login=edges(settings, "accounts")[0])
    return user


def test_she_is_written_to_before(idle, settings):
    edge = NOW - timedelta(days=settings.RETENTION["accounts"]) + retention.WARNED_BEFORE
    User.objects.update(last_login=edge + A_MINUTE)
    assert run() == {}
    assert not Notification.objects.exists()
    User.objects.update(last_login=edge - A_MINUTE)
    assert run() == {}
    assert Notification.objects.get().kind == retention.IDLE
    send_notifications()
    assert mail.outbox[-1].to == ["ida@example.org"]
    assert User.objects.exists()


@pytest.mark.parametrize(("later", "left"), [(-A_MINUTE, 1), (A_MINUTE, 0)])
def test_she_is_erased_sixty_days_after_the_mail(idle, later, left):
    assert run() == {}
    Notification.objects.update(mailed_at=NOW - retention.WARNED_BEFORE - later, created_at=NOW - timedelta(days=61))
    assert run() == ({} if left else {"accounts": 1})
    assert User.objects.count() == left


def test_a_mail_that_never_went_out_counts_no_days(idle):
    run()
    Notification.objects.update(created_at=NOW - timedelta(days=300))
    assert run() == {}


def test_who_came_back_begins_anew(idle, settings):
    run()
    long_ago = {"mailed_at": NOW - timedelta(days=1999), "created_at": NOW - timedelta(days=2000)}
    Notification.objects.update(dedupe="of another year", **long_ago)
    assert run() == {"notifications": 1}  # she signed in after that mail, so it counts no days
    assert Notification.objects.get().mailed_at is None  # and she is written to again


def test_a_program_that_asks_for_her_keeps_her_account(idle):
    ApiToken.objects.create(
        user=idle, name="A script", digest="7" * 64, once=uuid4(), last_used_on=NOW, expires_at=NOW + timedelta(days=1)
    )
    assert run() == {}
    assert not Notification.objects.exists()
    ApiToken.objects.update(last_used_on=NOW - timedelta(days=2000))
    run()
    assert Notification.objects.exists()


def test_a_guest_has_no_address_and_goes_without_a_mail(cast, settings):
    due, fresh = edges(settings, "accounts")
    User.objects.update(last_login=fresh)
    User.objects.filter(pk=cast.guest.pk).update(last_login=due)
    assert run() == {"accounts": 1}
    assert not User.objects.filter(pk=cast.guest.pk).exists()


def test_whom_others_need_stays_and_so_do_staff(cast, settings):
    due, _fresh = edges(settings, "accounts")
    User.objects.update(last_login=NOW)
    needed = cast.other_facilitator
    membership(cast.other_partnership, Role.OBSERVER, None, employer="A university", user__last_login=NOW)
    User.objects.filter(pk__in=[needed.pk, cast.staff.pk]).update(last_login=due)
    run()
    Notification.objects.update(mailed_at=NOW - timedelta(days=61), created_at=NOW - timedelta(days=62))
    assert run() == {}
    assert User.objects.filter(pk__in=[needed.pk, cast.staff.pk]).count() == 2


def test_the_task_says_how_much_and_of_nobody(cast):
    assert set(retain()) == {
        "sessions",
        "invitations",
        "drafts",
        "digests",
        "notifications",
        "activity_log",
        "guests",
        "accounts",
        "kept_reports",
        "wrong_texts",
    }
