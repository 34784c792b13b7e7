"""Making invitations, and the pages that show them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partnerships import services
from partnerships.models import Invitation, Notification, Role
from partnerships.services import Refused, invitations
from partnerships.tasks import send_notifications
from tests.factories import UserFactory


def page(cast, name: str, *codes: str) -> str:
    return reverse(f"partnerships:{name}", args=[cast.partnership.code, *codes])


def test_invite_page(client, cast):
    client.force_login(cast.north_facilitator)
    html = client.get(page(cast, "invite") + "?role=facilitator").content.decode()
    assert 'value="facilitator"' in html
    response = client.post(page(cast, "invite"), {"role": "observer", "channel": "link", "partner": "", "days": "3"})
    invitation = Invitation.objects.get()
    assert response.headers["Location"] == page(cast, "invitation_shown", invitation.code)
    assert timedelta(days=2) < invitation.expires_at - timezone.now() <= timedelta(days=3)
    html = client.get(response.headers["Location"]).content.decode()
    assert f"/i/{invitation.code}" in html


@pytest.mark.parametrize(("channel", "days"), [("link", 14), ("email", 14), ("join_code", 1)])
def test_how_long_they_stay_open(cast, channel, days):
    email = "new@example.org" if channel == "email" else ""
    invitation = services.invite(cast.membership(cast.north_facilitator), channel, Role.OBSERVER, email=email)
    assert timedelta(days=days, minutes=-1) < invitation.expires_at - timezone.now() <= timedelta(days=days)
    assert len(invitation.code) == (8 if channel == "join_code" else 12)


def test_what_the_form_refuses(client, cast):
    client.force_login(cast.north_facilitator)
    foreign = cast.other_partnership.partners.first()
    for wrong in (
        {"role": "observer", "channel": "email", "email": ""},
        {"role": "facilitator", "channel": "join_code"},
        {"role": "observer", "channel": "link", "partner": foreign.pk},
        {"role": "owner", "channel": "link"},
        {"role": "observer", "channel": "link", "days": "600"},
    ):
        assert client.post(page(cast, "invite"), wrong).status_code == 200
    assert not Invitation.objects.exists()
    assert client.post(page(cast, "invite"), {"role": "facilitator", "channel": "link"}).status_code == 302


def test_services_refuse_the_same(cast):
    north = cast.membership(cast.north_facilitator)
    with pytest.raises(Refused):
        services.invite(north, "join_code", Role.FACILITATOR)
    with pytest.raises(Refused):
        services.invite(north, "link", Role.OBSERVER, cast.other_partnership.partners.first())
    with pytest.raises(PermissionDenied):
        services.invite(cast.membership(cast.observer), "link", Role.OBSERVER)
    invitation = services.invite(north, "link", Role.OBSERVER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(pk=invitation.pk).update(channel="join_code", role="facilitator")


def test_many_in_one_day_are_refused(cast, monkeypatch):
    monkeypatch.setattr(invitations, "MOST_PER_DAY", 2)
    north = cast.membership(cast.north_facilitator)
    for _one in range(2):
        services.invite(north, "link", Role.OBSERVER)
    with pytest.raises(Refused):
        services.invite(north, "link", Role.OBSERVER)
    assert services.invite(cast.membership(cast.south_facilitator), "link", Role.OBSERVER)


def test_facilitators_see_open_ones(client, cast):
    client.force_login(cast.south_facilitator)
    kept = services.invite(cast.membership(cast.north_facilitator), "link", Role.OBSERVER)
    gone = services.invite(cast.membership(cast.north_facilitator), "link", Role.OBSERVER)
    client.post(page(cast, "withdraw", gone.code))
    html = client.get(page(cast, "people")).content.decode()
    assert page(cast, "invitation_shown", kept.code) in html
    assert page(cast, "invitation_shown", gone.code) not in html
    assert client.get(page(cast, "invitation_shown", gone.code)).status_code == 404
    client.force_login(cast.observer)
    assert kept.code not in client.get(page(cast, "people")).content.decode()


def test_withdrawing_twice_says_it_once(cast):
    north = cast.membership(cast.north_facilitator)
    invitation = services.invite(north, "link", Role.OBSERVER)
    for _twice in range(2):
        services.withdraw(invitation, north)
    assert cast.partnership.activity_log.filter(verb="invitation.withdrawn").count() == 1


def test_facilitator_of_elsewhere_cannot_withdraw(cast):
    invitation = services.invite(cast.membership(cast.north_facilitator), "link", Role.OBSERVER)
    services.withdraw(invitation, cast.other_partnership.memberships.get())
    assert Invitation.objects.open().filter(pk=invitation.pk).exists()


def test_projector_and_qr(client, cast):
    client.force_login(cast.north_facilitator)
    invitation = services.invite(cast.membership(cast.north_facilitator), "join_code", Role.REPRESENTATIVE)
    html = client.get(page(cast, "projector", invitation.code)).content.decode()
    assert f"{invitation.code[:4]}-{invitation.code[4:]}" in html
    assert page(cast, "qr", invitation.code) in html
    assert cast.partnership.name not in html
    picture = client.get(page(cast, "qr", invitation.code))
    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert picture.content.startswith(b"<?xml")
    assert b"style=" not in picture.content


def test_mail_carries_the_inviters_words(cast, mailoutbox):
    services.invite(
        cast.membership(cast.north_facilitator),
        "email",
        Role.REPRESENTATIVE,
        cast.partners["s3"],
        email="Wanjiru@Example.org",
        message="Dear Wanjiru, do you join us? <3",
    )
    assert send_notifications() == 1
    assert send_notifications() == 0
    (mail,) = mailoutbox
    assert mail.to == ["wanjiru@example.org"]
    assert mail.subject == "Freek North has invited you"
    assert mail.body.startswith("Dear Wanjiru, do you join us? <3")
    assert f"/i/{Invitation.objects.get().code}" in mail.body


def test_withdrawn_before_the_mail_went_out(cast, mailoutbox):
    north = cast.membership(cast.north_facilitator)
    invitation = services.invite(north, "email", Role.OBSERVER, email="new@example.org")
    services.withdraw(invitation, north)
    assert send_notifications() == 0
    assert mailoutbox == []


def test_account_with_this_address_finds_it_too(cast, mailoutbox):
    known = UserFactory(email="known@example.org")
    services.invite(cast.membership(cast.north_facilitator), "email", Role.OBSERVER, email="Known@example.org")
    assert Notification.objects.get(recipient=known).kind == "partnerships.invited"
    assert [need.title for need in services.needs(known)] == ["Freek North has invited you to “Water for All”"]
    assert send_notifications() == 1  # one mail, not two


def test_another_address_may_accept(cast):
    invitation = services.invite(
        cast.membership(cast.north_facilitator), "email", Role.OBSERVER, email="new@example.org"
    )
    membership = services.accept(invitation, cast.outsider, employer="A university")
    assert membership.employer == "A university"
    invitation.refresh_from_db()
    assert invitation.used_by == membership
