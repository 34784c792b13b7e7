"""Joining with a declared side, leaving, inviting, leading."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from community.access import all_groups
from community.models import (
    GroupInvitation,
    GroupKind,
    GroupMembership,
    GroupRole,
    ModerationEntry,
    Profile,
    WorkingGroup,
)
from community.services.groups import memberships
from partnerships.services import Refused
from tests.community.making import lead, make_finding, member, the_group
from tests.factories import UserFactory
from tests.partnerships.overlapping import while_held
from tests.security import secondstep

pytestmark = pytest.mark.django_db
JOIN = {"side": "south", "organisation": "Amani Trust"}


def at(name: str, *more: str) -> str:
    return reverse(f"community:{name}", args=["understanding", *more])


def test_there_are_three_groups_with_questions(client, cast):
    client.force_login(cast.outsider)
    page = client.get(reverse("community:groups")).content.decode()
    assert [group.kind for group in all_groups()] == GroupKind.values
    assert all(group.asks in page for group in all_groups())
    assert WorkingGroup.objects.count() == 3


def test_joining_is_one_click_with_a_declared_side(client, cast):
    client.force_login(cast.outsider)
    assert client.post(at("join"), {}).status_code == 200
    assert not GroupMembership.objects.exists()
    assert client.post(at("join"), JOIN).status_code == 302
    own = GroupMembership.objects.get()
    assert (own.user, own.side, own.organisation, own.role) == (cast.outsider, "south", "Amani Trust", "member")
    assert b"Otto" in client.get(at("people")).content


def test_a_group_page_says_the_own_side_once(client, cast):
    client.force_login(cast.outsider)
    client.post(at("join"), JOIN)
    own = client.get(at("group")).content.decode().split("You are taking part as someone from the South.")
    assert len(own) == 2
    assert "side-south" not in own[0].rsplit("<p", 1)[1]


def test_another_side_from_now_on(client):
    mina = member()
    item = make_finding(mina)
    client.force_login(mina.user)
    client.post(at("join"), {"side": "north"})
    assert GroupMembership.objects.get().side == "north"
    item.refresh_from_db()
    assert item.side == "south"


def test_closed_group_lets_in_by_invitation_alone(client, cast):
    leads = lead()
    client.force_login(leads.user)
    client.post(at("settings"), {"question": "Why so late?"})
    assert not the_group().joining_is_open
    client.post(at("invite"), {"note": "Odhiambo"})
    link = reverse("community:invitation", args=[GroupInvitation.objects.get().code])
    page = client.get(at("people")).content.decode()
    assert link in page
    assert "Only coordinators can see this name." in page
    client.force_login(cast.outsider)
    assert b"Odhiambo" not in client.get(link).content
    assert b"Why so late?" in client.get(at("group")).content
    client.post(at("join"), JOIN)
    assert not GroupMembership.objects.filter(user=cast.outsider).exists()
    assert client.post(link, JOIN).status_code == 302
    assert GroupMembership.objects.get(user=cast.outsider).side == "south"
    client.force_login(cast.observer)
    assert client.post(link, JOIN).status_code == 404


def test_an_invitation_runs_out(client, cast):
    invitation = memberships.invite(the_group(), lead().user)
    client.force_login(cast.outsider)
    link = reverse("community:invitation", args=[invitation.code])
    assert client.get(link).status_code == 200
    GroupInvitation.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert client.get(link).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_an_invitation_lets_in_one_of_two_who_use_it_at_once():
    invitation = memberships.invite(the_group(), lead().user)
    one, two = UserFactory(), UserFactory()
    outcome = while_held(
        lambda: memberships.accept(invitation, one, "south"), lambda: memberships.accept(invitation, two, "north")
    )
    assert isinstance(outcome, Refused)
    assert set(GroupMembership.objects.filter(role="member").values_list("user", flat=True)) == {one.pk}


def test_who_left_does_not_write_and_comes_back_as_a_member(client):
    lead("Lars")
    leads = lead("Lena")
    client.force_login(leads.user)
    client.post(at("leave"))
    assert client.get(at("write", "finding")).status_code == 403
    assert client.get(at("group")).status_code == 200
    client.post(at("join"), JOIN)
    leads.refresh_from_db()
    assert (leads.left_at, leads.role) == (None, GroupRole.MEMBER)
    assert client.get(at("write", "finding")).status_code == 200


def test_the_last_lead_stays(client):
    only = lead()
    client.force_login(only.user)
    client.post(at("leave"))
    client.post(at("role", only.user.profile.handle), {"role": "member"})
    only.refresh_from_db()
    assert only.is_coordinator
    assert only.left_at is None


@pytest.mark.django_db(transaction=True)
def test_two_leads_who_step_down_at_once_leave_one():
    one, two = lead("Lena"), lead("Lars")
    outcome = while_held(
        lambda: memberships.appoint(one, one.user, GroupRole.MEMBER),
        lambda: memberships.appoint(two, two.user, GroupRole.MEMBER),
    )
    assert isinstance(outcome, Refused)
    assert GroupMembership.objects.filter(role=GroupRole.COORDINATOR).count() == 1


def test_staff_appoint_the_first_lead_and_it_stands_in_the_activity_log(client, cast):
    mina = member()
    secondstep.sign_in(client, cast.staff)
    client.post(at("role", mina.user.profile.handle), {"role": "lead"})
    mina.refresh_from_db()
    assert mina.is_coordinator
    entry = ModerationEntry.objects.get()
    assert (entry.actor, entry.verb) == (cast.staff, "role")


def test_handles_are_everybodys_own():
    first, second, third = (member(name) for name in ("Ama Owusu", "Ama Owusu", "名前"))
    handles = list(Profile.objects.order_by("pk").values_list("handle", flat=True))
    assert handles[0] == "ama-owusu"
    assert handles[1].startswith("ama-owusu-")
    assert handles[2] == "member"
    assert {first.user, second.user, third.user} == {profile.user for profile in Profile.objects.all()}
