"""Coming in by link or code, as a guest or with an account, and coming back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partnerships import limits, services
from partnerships.access import member_roles_of
from partnerships.models import GuestKey, Invitation, Membership, Role, User
from partnerships.services import Refused
from tests.factories import UserFactory, make_cast
from tests.partnerships.overlapping import while_held


@pytest.fixture
def link(cast):
    """A Northern facilitator's link for a representative of s3."""
    north = cast.membership(cast.north_facilitator)
    return services.invite(north, "link", Role.REPRESENTATIVE, cast.partners["s3"])


@pytest.fixture
def join_code(cast):
    return services.invite(cast.membership(cast.north_facilitator), "join_code", Role.REPRESENTATIVE)


def address(invitation: Invitation) -> str:
    return reverse("partnerships:invitation", args=[invitation.code])


def come_in(client, invitation, **fields):
    page = client.get(address(invitation))
    return client.post(address(invitation), {"name": "Gathoni", "resume": page.context["resume"], **fields})


def test_guest_by_link_waits_for_the_other_side(client, cast, link):
    response = come_in(client, link)
    membership = cast.partnership.memberships.get(user__name="Gathoni")
    assert response.context["resume_code"] in response.content.decode()
    assert [vow.by.user for vow in membership.confirmations.all()] == [cast.north_facilitator]
    assert membership.admitted_at is None
    page = client.get(reverse("partnerships:waiting", args=[membership.code])).content.decode()
    assert cast.south_facilitator.name in page
    assert cast.north_facilitator.name not in page
    services.confirm_membership(membership, cast.membership(cast.south_facilitator))
    response = client.get(reverse("partnerships:waiting", args=[membership.code]))
    assert response.headers["Location"] == reverse("assessments:begin", args=[cast.partnership.code])


def test_waiting_person_sees_only_the_waiting_page(client, cast, link):
    come_in(client, link)
    membership = cast.partnership.memberships.get(user__name="Gathoni")
    people = reverse("partnerships:people", args=[cast.partnership.code])
    assert client.get(people).status_code == 404
    response = client.get(cast.partnership.get_absolute_url())
    assert response.headers["Location"] == reverse("partnerships:waiting", args=[membership.code])
    services.confirm_membership(membership, cast.membership(cast.south_facilitator))
    assert client.get(people).status_code == 200


def test_waiting_page_is_hers_alone(client, cast, link):
    come_in(client, link)
    waiting = reverse("partnerships:waiting", args=[cast.partnership.memberships.get(user__name="Gathoni").code])
    assert client.get(waiting).status_code == 200
    client.force_login(cast.north_facilitator)
    assert client.get(waiting).status_code == 404


def test_door_says_nothing_in_its_preview(client, cast, link):
    html = client.get(address(link)).content.decode()
    head = html[: html.index("</head>")].lower()
    assert "<title>" in head
    for word in ("power", cast.partnership.name.lower(), cast.partners["s3"].name.lower(), "partnership"):
        assert word not in head
    assert cast.partnership.name in html


def test_form_sent_twice_is_one_guest(client, cast, link):
    page = client.get(address(link))
    data = {"name": "Gathoni", "resume": page.context["resume"]}
    codes = []
    for _again in range(2):
        client.logout()  # the answer, and with it the session, was lost on the way
        codes.append(client.post(address(link), data).context["resume_code"])
    assert codes[0] == codes[1]
    assert User.objects.filter(name="Gathoni").count() == 1
    assert cast.partnership.memberships.filter(user__name="Gathoni").count() == 1


def test_form_cannot_bring_a_resume_code_of_its_own(client, cast, link):
    response = client.post(address(link), {"name": "Gathoni", "resume": "aaaa-aaaa-aaaa-aaaa"})
    assert services.resume_guest("aaaa-aaaa-aaaa-aaaa") is None
    assert services.resume_guest(response.context["resume_code"]).name == "Gathoni"


def test_link_works_once(client, cast, link):
    services.accept(link, UserFactory())
    response = client.get(address(link))
    assert response.status_code == 404
    with pytest.raises(Refused):
        services.accept(link, UserFactory())


@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_link_at_once_one_gets_it():
    cast = make_cast()
    invitation = services.invite(cast.membership(cast.north_facilitator), "link", Role.OBSERVER)
    first, second = UserFactory(), UserFactory()
    outcome = while_held(
        lambda: services.accept(invitation, first, employer="A"),
        lambda: services.accept(invitation, second, employer="B"),
    )
    assert isinstance(outcome, Refused)
    assert [membership.user for membership in Membership.objects.filter(invitation=invitation)] == [first]


@pytest.mark.django_db(transaction=True)
def test_form_sent_twice_at_once_is_one_guest():
    cast = make_cast()
    invitation = services.invite(cast.membership(cast.north_facilitator), "join_code", Role.REPRESENTATIVE)
    code = services.new_resume_code()

    def send() -> Membership:
        return services.join_as_guest(invitation, "Gathoni", code, cast.partners["s3"])

    assert while_held(send, send) == Membership.objects.get(user__name="Gathoni")


@pytest.mark.parametrize("fate", ["withdrawn", "expired", "wrong", "used"])
def test_closed_invitations_answer_alike(client, cast, link, fate):
    shut(cast, link, fate)
    response = client.get(address(link) if fate != "wrong" else reverse("partnerships:invitation", args=["0" * 12]))
    assert response.status_code == 404
    assert cast.partnership.name not in response.content.decode()
    assert next(template.name for template in response.templates) == "partnerships/not_open.html"


def shut(cast, link, fate):
    if fate == "withdrawn":
        services.withdraw(link, cast.membership(cast.north_facilitator))
    if fate == "expired":
        Invitation.objects.filter(pk=link.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    if fate == "used":
        services.accept(link, UserFactory())


def test_join_code_claims_no_membership_by_itself(client, cast, join_code):
    typed = f"{join_code.code[:4].upper()} {join_code.code[4:]}"
    response = client.post(reverse("partnerships:join"), {"code": typed})
    assert response.headers["Location"] == address(join_code)
    come_in(client, join_code, partner=cast.partners["s3"].pk)
    membership = cast.partnership.memberships.get(user__name="Gathoni")
    assert membership.partner == cast.partners["s3"]
    assert not membership.confirmations.exists()
    assert member_roles_of(membership.user, cast.partnership).memberships == ()


def test_join_code_of_a_lone_facilitator_claims_no_membership_either(cast):
    alone = cast.other_partnership.memberships.get(user=cast.other_facilitator)
    by_code = services.invite(alone, "join_code", Role.OBSERVER)
    assert services.accept(by_code, UserFactory(), employer="Somewhere").admitted_at is None
    by_link = services.invite(alone, "link", Role.OBSERVER)
    assert services.accept(by_link, UserFactory(), employer="Somewhere").admitted_at


def test_join_code_is_for_many(cast, join_code):
    memberships = [services.accept(join_code, UserFactory(), cast.partners["s1"]) for _one in range(3)]
    assert len({membership.pk for membership in memberships}) == 3


def test_partner_of_elsewhere_is_no_choice(client, cast, join_code):
    foreign = cast.other_partnership.partners.first()
    response = come_in(client, join_code, partner=foreign.pk)
    assert response.context["form"].errors["partner"]
    with pytest.raises(Refused):
        services.accept(join_code, UserFactory(), foreign)
    assert not cast.partnership.memberships.filter(user__name="Gathoni").exists()


def test_wrong_join_codes_answer_like_expired_ones(client, cast, join_code):
    services.withdraw(join_code, cast.membership(cast.north_facilitator))
    answers = [client.post(reverse("partnerships:join"), {"code": code}) for code in (join_code.code, "00000000")]
    assert answers[0].context["form"].errors == answers[1].context["form"].errors
    assert answers[0].status_code == answers[1].status_code


def test_many_wrong_codes_are_slowed_down(client, cast, join_code, monkeypatch):
    monkeypatch.setattr(limits, "MOST", 3)
    for _try in range(3):
        assert client.post(reverse("partnerships:join"), {"code": "00000000"}).status_code == 200
    assert client.post(reverse("partnerships:join"), {"code": join_code.code}).status_code == 429
    assert client.get(address(join_code)).status_code == 429


def test_many_right_codes_are_not(client, cast, join_code, monkeypatch):
    monkeypatch.setattr(limits, "MOST", 3)
    for _try in range(5):
        assert client.post(reverse("partnerships:join"), {"code": join_code.code}).status_code == 302


def test_resuming_is_limited_too(client, cast, monkeypatch):
    monkeypatch.setattr(limits, "MOST", 2)
    statuses = [client.post(reverse("partnerships:resume"), {"code": "0000"}).status_code for _try in range(3)]
    assert statuses == [200, 200, 429]


def test_signed_in_person_joins_with_her_account(client, cast, link):
    client.force_login(cast.outsider)
    response = client.post(address(link))
    membership = cast.partnership.memberships.get(user=cast.outsider)
    assert response.headers["Location"] == reverse("partnerships:waiting", args=[membership.code])
    assert not GuestKey.objects.filter(user=cast.outsider).exists()
    assert client.get(address(link)).headers["Location"] == reverse("partnerships:waiting", args=[membership.code])


def test_account_first_comes_back(client, cast, link):
    for how, door in (("login", "account_login"), ("signup", "account_signup")):
        response = client.post(address(link), {"how": how})
        assert response.headers["Location"] == f"{reverse(door)}?next={address(link)}"
        assert client.session["invitation"] == link.code


def test_invitation_comes_back_after_sign_in(client, cast, link):
    """Also by way of the mailbox, where the address of the page got lost."""
    cast.outsider.set_password("correct horse battery staple")
    cast.outsider.save()
    client.post(address(link), {"how": "signup"})
    data = {"login": cast.outsider.email.upper(), "password": "correct horse battery staple"}
    response = client.post(reverse("account_login"), data)
    assert response.headers["Location"] == address(link)


def test_facilitators_need_an_account(client, cast):
    invitation = services.invite(cast.membership(cast.north_facilitator), "link", Role.FACILITATOR, cast.partners["s2"])
    with pytest.raises(Refused):
        services.join_as_guest(invitation, "Gathoni", services.new_resume_code())
    assert services.accept(invitation, cast.outsider).role == Role.FACILITATOR


def test_second_organisation_is_refused(cast, link):
    with pytest.raises(Refused):
        services.accept(link, cast.south_representative)
    assert Invitation.objects.open().filter(pk=link.pk).exists()


def test_member_who_opens_a_link_again_keeps_her_membership(cast):
    again = services.invite(cast.membership(cast.north_facilitator), "link", Role.REPRESENTATIVE, cast.partners["s1"])
    assert services.accept(again, cast.south_representative) == cast.membership(cast.south_representative)
    assert Invitation.objects.open().filter(pk=again.pk).exists()


def test_invitation_of_a_facilitator_who_left_counts_for_nothing(cast, link):
    colleague = services.invite(cast.membership(cast.south_facilitator), "link", Role.FACILITATOR, cast.partners["n2"])
    north = cast.membership(cast.north_facilitator)
    services.void_membership(north, north)
    with pytest.raises(Refused):
        services.accept(link, UserFactory())
    assert services.accept(colleague, UserFactory()).admitted_at


def test_resume_from_another_device(client, cast, link):
    code = come_in(client, link).context["resume_code"]
    client.logout()
    response = client.post(reverse("partnerships:resume"), {"code": code.replace("-", "").upper()})
    membership = cast.partnership.memberships.get(user__name="Gathoni")
    assert response.headers["Location"] == reverse("partnerships:waiting", args=[membership.code])
    assert GuestKey.objects.get(user=membership.user).digest != code


def test_voided_guest_is_out_at_once(client, cast, link):
    code = come_in(client, link).context["resume_code"]
    membership = cast.partnership.memberships.get(user__name="Gathoni")
    services.confirm_membership(membership, cast.membership(cast.south_facilitator))
    people = reverse("partnerships:people", args=[cast.partnership.code])
    assert client.get(people).status_code == 200
    services.void_membership(membership, cast.membership(cast.south_facilitator))
    assert client.get(people).status_code == 302  # signed out: to the sign-in page
    assert services.resume_guest(code) is None
    response = client.post(reverse("partnerships:resume"), {"code": code})
    wrong = client.post(reverse("partnerships:resume"), {"code": "0000"})
    assert response.context["form"].errors == wrong.context["form"].errors
