"""How a guest turns into an account, and where guests do not go."""

import uuid

import pytest
from django.urls import reverse

from assessments.models import Assessment, Decision, Participant, Stage
from assessments.models.private import Rater, Rating
from partnerships import services
from partnerships.models import GuestKey, Role, User
from partnerships.services import Refused
from partnerships.views import account as account_views
from tests.factories import GuestFactory, UserFactory, make_cast, membership
from tests.partnerships.overlapping import while_held

PASSWORD = "correct horse battery staple"


@pytest.fixture
def account(cast):
    user = cast.outsider
    user.set_password(PASSWORD)
    user.save()
    return user


def answered(cast, guest_membership):
    """Let a guest's membership give one private answer."""
    assessment = Assessment.objects.create(
        partnership=cast.partnership, title="Baseline", stage=Stage.RATING, mode="by_side"
    )
    partner = guest_membership.partner
    participant = Participant.objects.create(
        assessment=assessment, partner=partner, number=1, name=partner.name, acronym="S2", side="south", kind="other"
    )
    decision = Decision.objects.create(assessment=assessment, wording="Budget", original="Budget", number=1)
    rater = Rater.objects.create(assessment=assessment, participant=participant, membership=guest_membership)
    return Rating.objects.create(
        rater=rater,
        decision=decision,
        participant=participant,
        level=3,
        mutation_id=uuid.uuid4(),
        answered_at="2026-01-01T00:00Z",
    )


def test_merge_moves_memberships_and_answers(cast):
    hers = cast.membership(cast.guest)
    rating = answered(cast, hers)
    cast.partnership.activity_log.create(actor=cast.guest, verb="membership.confirmed")
    services.merge_guest(cast.guest, cast.outsider)
    hers.refresh_from_db()
    assert hers.user == cast.outsider
    assert hers.admitted_at
    rating.refresh_from_db()
    assert rating.rater.membership.user == cast.outsider
    assert cast.partnership.activity_log.filter(actor=cast.outsider).count() == 2
    assert not User.objects.filter(is_guest=True).exists()
    services.merge_guest(cast.guest, cast.outsider)  # again


def test_guest_is_not_merged_into_a_guest(cast):
    with pytest.raises(Refused):
        services.merge_guest(cast.guest, GuestFactory())
    services.merge_guest(cast.guest, cast.outsider)


def test_two_memberships_in_one_role_are_not_merged_silently(cast):
    """Two answer sheets of one person would count twice."""
    with pytest.raises(Refused):
        services.merge_guest(cast.guest, cast.south_representative)
    assert cast.membership(cast.guest).voided_at is None
    services.void_membership(cast.membership(cast.south_representative), cast.membership(cast.south_facilitator))
    services.merge_guest(cast.guest, cast.south_representative)
    assert cast.partnership.memberships.in_force().get(user=cast.south_representative).partner == cast.partners["s2"]


@pytest.mark.parametrize("who_waits", ["guest", "account"])
def test_of_two_memberships_the_one_in_force_stays(cast, who_waits):
    guest, account = GuestFactory(), UserFactory()
    waiting, admitted = (guest, account) if who_waits == "guest" else (account, guest)
    membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s3"], user=waiting, admitted_at=None)
    stays = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s3"], user=admitted)
    services.merge_guest(guest, account)
    assert list(account.memberships.filter(voided_at__isnull=True)) == [stays]


@pytest.mark.django_db(transaction=True)
def test_merging_twice_at_once():
    cast = make_cast()
    outcome = while_held(
        lambda: services.merge_guest(cast.guest, cast.outsider), lambda: services.merge_guest(cast.guest, cast.outsider)
    )
    assert outcome is None
    assert cast.outsider.memberships.count() == 1


def test_guest_signs_in_and_says_yes(client, cast, account):
    client.force_login(cast.guest)
    assert "resume code" in client.get(reverse("partnerships:account")).content.decode()
    response = client.post(reverse("partnerships:keep"), {"how": "login"})
    assert response.headers["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session
    response = client.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    assert response.headers["Location"] == reverse("partnerships:merge")
    assert cast.guest.name in client.get(reverse("partnerships:merge")).content.decode()
    client.post(reverse("partnerships:merge"), {"yes": "1"})
    assert cast.membership(account).partner == cast.partners["s2"]


def test_somebody_else_on_the_same_phone_says_no(client, cast, account):
    client.force_login(cast.guest)
    client.post(reverse("partnerships:keep"), {"how": "login"})
    client.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    client.post(reverse("partnerships:merge"))
    assert not account.memberships.exists()
    assert client.get(reverse("partnerships:merge")).status_code == 302
    client.post(reverse("partnerships:merge"), {"yes": "1"})
    assert not account.memberships.exists()


def test_offer_runs_out(client, cast, account, monkeypatch):
    client.force_login(cast.guest)
    client.post(reverse("partnerships:keep"), {"how": "signup"})
    monkeypatch.setattr(account_views, "MERGE_WITHIN", -1)
    client.post(reverse("account_login"), {"login": account.email, "password": PASSWORD})
    client.post(reverse("partnerships:merge"), {"yes": "1"})
    assert not account.memberships.exists()
    monkeypatch.undo()
    client.post(reverse("partnerships:merge"), {"yes": "1"})
    assert account.memberships.exists()


def test_account_takes_a_guest_over_by_resume_code(client, cast, account):
    code = services.new_resume_code()
    GuestKey.objects.create(user=cast.guest, digest=services.guests.digest(code))
    client.force_login(account)
    response = client.post(reverse("partnerships:resume"), {"code": code})
    assert response.headers["Location"] == reverse("partnerships:merge")
    client.post(reverse("partnerships:merge"), {"yes": "1"})
    assert cast.membership(account)


def test_nobody_takes_over_a_guest_unproved(client, cast):
    client.force_login(cast.outsider)
    client.post(reverse("partnerships:merge"), {"yes": "1"})
    assert not cast.outsider.memberships.exists()


@pytest.mark.parametrize(
    "door", ["account_email", "account_change_password", "account_set_password", "mfa_index", "usersessions_list"]
)
def test_guests_stay_outside_the_pages_of_accounts(client, cast, door):
    client.force_login(cast.guest)
    assert client.get(reverse(door)).headers.get("Location") == reverse("partnerships:account")
    assert client.post(reverse(door), {"email": "x@example.org", "action_add": ""}).status_code == 302
    assert not cast.guest.emailaddress_set.exists()
    client.force_login(cast.outsider)
    assert client.get(reverse(door)).headers.get("Location") != reverse("partnerships:account")


def test_guest_may_sign_out(client, cast):
    client.force_login(cast.guest)
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_name_and_language(client, cast):
    client.force_login(cast.guest)
    response = client.post(reverse("partnerships:account"), {"name": "Gathoni W.", "language": "en", "is_staff": "1"})
    cast.guest.refresh_from_db()
    assert (cast.guest.name, cast.guest.language, cast.guest.is_staff) == ("Gathoni W.", "en", False)
    assert "django_language" not in response.cookies  # the account's word holds on every device
    assert client.post(reverse("partnerships:account"), {"name": ""}).status_code == 200


def test_resume_codes_are_long_readable_and_hashed(db):
    codes = {services.new_resume_code() for _many in range(200)}
    assert len(codes) == 200
    for code in codes:
        assert [len(group) for group in code.split("-")] == [4, 4, 4, 4]  # 80 bits
    guest = services.guests.make_guest("Gathoni", "k7x2-9mqp-0000-1111")
    assert len(guest.guest_key.digest) == 64
    assert services.guests.digest("K7X2 9MQP OOOO IIll") == guest.guest_key.digest
    assert services.guests.digest("k٧x٢-٩mqp-٠٠٠٠-١١١١") == guest.guest_key.digest  # from an Arabic keyboard
