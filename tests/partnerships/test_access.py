"""Who gets in where: each page of partnerships, asked by everybody."""

import pytest
from django.urls import reverse

from partnerships import services
from partnerships.models import Role
from partnerships.urls import urlpatterns
from tests.factories import membership

# Status by person: a(nonymous) o(utsider) g(uest who represents) r(epresentative) v(iewer: observer) f(acilitator)
# e(lsewhere: facilitator of another partnership) s(taff).
MEMBERS = {"a": 302, "o": 404, "e": 404, "s": 404, "g": 200, "r": 200, "v": 200, "f": 200}
FACILITATORS = {**MEMBERS, "g": 403, "r": 403, "v": 403}
ANYBODY = dict.fromkeys("aoesgrvf", 200)
SIGNED_IN = {**ANYBODY, "a": 302}
POST_ONLY = {**dict.fromkeys("oesgrvf", 405), "a": 302}
NOT_GET = {**dict.fromkeys("aoesgrvf", 405)}
OPEN_PAGES = {
    "invitation": ANYBODY,
    "join": ANYBODY,
    "resume": ANYBODY,
    "list": SIGNED_IN,
    "create": {**SIGNED_IN, "g": 302},
    "create_partners": {**dict.fromkeys("aoesgrvf", 302)},  # to the first step, without a draft
    "create_people": {**dict.fromkeys("aoesgrvf", 302)},
    "create_discard": POST_ONLY,
    "notifications": SIGNED_IN,
    "account": SIGNED_IN,
    "keep": POST_ONLY,
    "tokens": {**SIGNED_IN, "g": 302},
    "revoke_token": POST_ONLY,
    "merge": {**dict.fromkeys("aoesgrvf", 302)},
    "waiting": {**dict.fromkeys("oesgrvf", 404), "a": 302},
}
PAGES = {
    "workspace": {**MEMBERS, **dict.fromkeys("grvf", 302)},
    "settings": FACILITATORS,
    "second_step": FACILITATORS,
    "take_second_step": {**FACILITATORS, "f": 302},  # none is required here
    "archive": FACILITATORS,
    "delete": FACILITATORS,
    "leave": MEMBERS,
    "activity_log": MEMBERS,
    "organisation": {**MEMBERS, "v": 403, "f": 403},
    "partners": MEMBERS,
    "add_partner": FACILITATORS,
    "change_partner": FACILITATORS,
    "remove_partner": FACILITATORS,
    "leave_partner": POST_ONLY,
    "people": MEMBERS,
    "invite": FACILITATORS,
    "invite_several": FACILITATORS,
    "represent": NOT_GET,
    "messages": FACILITATORS,
    "confirm_all": POST_ONLY,
    "confirm": POST_ONLY,
    "void": FACILITATORS,
    "invitation_shown": FACILITATORS,
    "projector": FACILITATORS,
    "qr": FACILITATORS,
    "resend": POST_ONLY,
    "withdraw": POST_ONLY,
}
WRITES = {**FACILITATORS, "f": 302}
POSTS = dict.fromkeys(
    ["leave_partner", "confirm_all", "confirm", "void", "withdraw", "resend", "represent", "remove_partner"], WRITES
)


@pytest.fixture
def addresses(cast):
    """Return the address of each page by name, of the cast's partnership."""
    invitation = services.invite(cast.membership(cast.north_facilitator), "link", Role.OBSERVER)
    waiting = membership(cast.partnership, Role.OBSERVER, None, employer="A university", admitted_at=None)
    codes = {
        "code": cast.partnership.code,
        "partner_code": cast.partners["s3"].code,
        "membership_code": waiting.code,
        "invitation_code": invitation.code,
        "token_code": "nowhere",
    }

    def address(pattern) -> str:
        wanted = {name: codes[name] for name in pattern.pattern.converters}
        if pattern.name == "invitation":
            wanted = {"code": invitation.code}
        return reverse(f"partnerships:{pattern.name}", kwargs=wanted)

    return {pattern.name: address(pattern) for pattern in urlpatterns}


def people(cast):
    return {
        "a": None,
        "o": cast.outsider,
        "g": cast.guest,
        "r": cast.north_representative,
        "v": cast.observer,
        "f": cast.south_facilitator,
        "e": cast.other_facilitator,
        "s": cast.staff,
    }


def test_every_page_has_a_row():
    assert {pattern.name for pattern in urlpatterns} == set(OPEN_PAGES | PAGES)


@pytest.mark.parametrize("who", "aoesgrvf")
def test_access(client, cast, addresses, who):
    if user := people(cast)[who]:
        client.force_login(user)
    found = {name: client.get(address).status_code for name, address in addresses.items()}
    assert found == {name: row[who] for name, row in (OPEN_PAGES | PAGES).items()}


@pytest.mark.parametrize("who", "aoesgrvf")
@pytest.mark.parametrize("page", POSTS)
def test_writes(client, cast, addresses, who, page):
    if user := people(cast)[who]:
        client.force_login(user)
    assert client.post(addresses[page]).status_code == POSTS[page][who]


def test_anonymous_is_sent_to_sign_in_before_any_look_up(client, cast, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(reverse("partnerships:people", args=["nowhere"]))
    assert response.headers["Location"].startswith(reverse("account_login"))
    assert client.get(reverse("partnerships:people", args=["nowhere"]), HTTP_HX_REQUEST="true").status_code == 401


def test_codes_of_another_partnership_open_nothing(client, cast):
    """A facilitator here, with the codes of there."""
    client.force_login(cast.north_facilitator)
    theirs = cast.other_partnership
    invitation = services.invite(theirs.memberships.get(), "link", Role.OBSERVER)
    for name, other in (
        ("change_partner", theirs.partners.first().code),
        ("void", theirs.memberships.get().code),
        ("invitation_shown", invitation.code),
        ("qr", invitation.code),
    ):
        assert client.get(reverse(f"partnerships:{name}", args=[cast.partnership.code, other])).status_code == 404


@pytest.mark.parametrize(
    "name", ["account_login", "account_signup", "account_reset_password", "account_request_login_code"]
)
def test_forms_of_accounts_call_an_address_as_the_site_does(client, db, name):
    page = client.get(reverse(name)).content.decode()
    assert 'placeholder="E-mail address"' in page
    assert "Email" not in page


def test_the_form_for_one_more_address_says_e_mail(client, cast):
    client.force_login(cast.observer)
    page = client.get(reverse("account_email")).content.decode()
    assert 'placeholder="E-mail address"' in page
    assert "Email" not in page
