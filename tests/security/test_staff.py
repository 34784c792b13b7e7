"""Staff pages and staff rights only after a second step in this session."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from community.models import GroupRole
from tests.community.making import member
from tests.factories import PASSWORD
from tests.security import secondstep

INDEX, SIGN_IN = "/staff/", "/accounts/login/"


def left_to(response) -> str:
    return response.headers["Location"].split("?")[0]


@pytest.fixture
def stella(cast):
    cast.staff.set_password(PASSWORD)
    cast.staff.save()
    return cast.staff


def test_password_alone_opens_no_staff_page(client, stella):
    client.post(SIGN_IN, {"login": stella.email, "password": PASSWORD})
    for name in ("index", "partnerships_user_changelist", "app_list", "jsi18n", "autocomplete"):
        kwargs = {"app_label": "partnerships"} if name == "app_list" else {}
        assert left_to(client.get(reverse(f"admin:{name}", kwargs=kwargs))) == "/staff/login/"
    told = client.get(INDEX, follow=True)
    assert told.status_code == 403
    assert b"a password alone is not enough" in told.content
    assert reverse("mfa_index") in told.content.decode()


def test_step_taken_at_sign_in_opens_them(client, stella):
    device = secondstep.set_up(stella)
    asked = client.post(SIGN_IN, {"login": stella.email, "password": PASSWORD})
    assert left_to(asked) == reverse("mfa_authenticate")
    assert left_to(client.get(INDEX)) == "/staff/login/"  # half signed in is not signed in
    client.post(reverse("mfa_authenticate"), {"code": secondstep.code_of(device)})
    assert client.get(INDEX).status_code == 200


def test_step_set_up_in_this_session_is_taken_once(client, stella):
    """Who has just set her app up shows that it works, on the way back to where she wanted to go."""
    client.force_login(stella)
    device = secondstep.set_up(stella)
    told = client.get(INDEX, follow=True)
    again = f"{reverse('mfa_reauthenticate')}?next=/staff/"
    assert told.status_code == 403
    assert again in told.content.decode()
    back = client.post(again, {"code": secondstep.code_of(device)})
    assert left_to(back) == INDEX
    assert client.get(INDEX).status_code == 200
    device.delete()
    assert left_to(client.get(INDEX)) == "/staff/login/"  # what she switched off opens nothing


def test_step_of_another_counts_not(client, cast, stella):
    secondstep.sign_in(client, cast.outsider)
    assert client.get("/staff/login/").status_code == 403
    Authenticator.objects.update(user=stella)
    client.force_login(stella)
    assert left_to(client.get(INDEX)) == "/staff/login/"


def test_step_opens_nothing_to_others(client, cast):
    secondstep.sign_in(client, cast.north_facilitator)
    assert client.get(INDEX, follow=True).status_code == 403


def test_the_way_back_leads_nowhere_else(client, stella):
    secondstep.sign_in(client, stella)
    assert client.get("/staff/login/?next=https://evil.example/").headers["Location"] == INDEX
    assert client.get("/staff/login/?next=/staff/partnerships/seat/").headers["Location"] == "/staff/partnerships/seat/"
    client.logout()
    assert "evil" not in client.get("/staff/login/?next=//evil.example/").headers["Location"]


def test_staff_rights_on_the_site_need_it_too(client, stella):
    mina = member()
    mina.user.refresh_from_db()
    address = reverse("community:role", args=[mina.group.kind, mina.user.profile.handle])
    client.force_login(stella)
    assert client.post(address, {"role": GroupRole.COORDINATOR}).status_code == 403
    mina.refresh_from_db()
    assert mina.role == GroupRole.MEMBER
    secondstep.sign_in(client, stella)
    assert client.post(address, {"role": GroupRole.COORDINATOR}).status_code == 302
    mina.refresh_from_db()
    assert mina.role == GroupRole.COORDINATOR


def test_staff_sign_a_person_out_everywhere_and_nobody_else(client, cast, stella):
    phones = {user: Client() for user in (cast.outsider, cast.guest, cast.observer)}
    for user, phone in phones.items():
        phone.force_login(user)
    address = reverse("admin:partnerships_user_changelist")
    data = {"action": "sign_out", "_selected_action": [cast.outsider.pk, cast.guest.pk]}

    def still_in() -> list:
        return [user for user, phone in phones.items() if phone.get("/privacy/").context["user"].is_authenticated]

    client.force_login(stella)
    assert left_to(client.post(address, data)) == "/staff/login/"
    assert len(still_in()) == 3
    secondstep.sign_in(client, stella)
    assert client.post(address, data).status_code == 302
    assert still_in() == [cast.observer]
    assert client.get(INDEX).status_code == 200


def test_secrets_of_second_steps_are_on_no_staff_page():
    assert not admin.site.is_registered(Authenticator)
    shown = {model._meta.label for model in admin.site._registry}
    private = {"assessments.Rating", "account.EmailAddress", "usersessions.UserSession", "sessions.Session"}
    assert not shown & private
