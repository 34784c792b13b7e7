"""Signing in with an organisation's account, against a provider that runs as a process of its own."""

import json
import re

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.conf import settings as site
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from partnerships.models import User
from partnerships.services import connected_accounts
from tests.factories import PASSWORD, GuestFactory, UserFactory
from tests.openid_provider import CLIENT
from tests.security import secondstep
from tests.security.organisations import ADA, BACK, BEGIN, LIST
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/login/"


@pytest.fixture
def ada(db) -> User:
    ada = UserFactory(email=ADA["email"], name="Ada of before")
    ada.set_password(PASSWORD)
    ada.save()
    return ada


def go(client: Client, **form: str):
    """Go to the provider, agree there, and come back. Return the answer to coming back."""
    sent = client.post(BEGIN, form)
    assert sent.status_code == 302, sent.content
    agreed = requests.post(sent.headers["Location"], allow_redirects=False, timeout=10)
    back = agreed.headers["Location"]
    assert back.startswith(site.BASE_URL + BACK)
    return client.get(back.removeprefix(site.BASE_URL))


def signed_in(client: Client) -> User | None:
    return User.objects.filter(pk=client.session.get("_auth_user_id", 0)).first()


def main_of(response) -> str:
    return response.content.decode().split("<main")[1].split("</main>")[0]


def prove(client: Client) -> None:
    """Enter the password again, as pages ask for that change how one signs in."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def code_in_mail() -> str:
    return next(line for line in str(mail.outbox[-1].body).splitlines() if len(line) == 9 and line[4] == "-")


# --- in a browser


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("listed", [True, False])
def test_the_policy_lets_forms_lead_to_the_listed_provider_only(page, watch, says, settings, provider, listed):
    settings.BASE_URL = page.evaluate("origin") if page.goto(SIGN_IN) else ""
    directives = site.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    allowed = [*directives["form-action"], *([provider] if listed else [])]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": directives | {"form-action": allowed}}
    page.goto(SIGN_IN)
    page.get_by_role("button", name="Sign in with Oxfam").click()
    if not listed:
        wait_until(lambda: page.title() and watch.problems, what="the browser refuses")
        watch.expect("form-action")
        return
    page.get_by_role("button", name="Go on").click()
    page.wait_for_url(f"{settings.BASE_URL}/")
    assert SocialAccount.objects.get().user.email == ADA["email"]


# --- off by default


def test_without_a_provider_there_is_no_page(client, ada):
    assert client.post(BEGIN).status_code == 404
    assert client.get(BACK).status_code == 404
    assert b"with your organisation's account" not in client.get(SIGN_IN).content
    client.force_login(ada)
    assert client.get(LIST).status_code == 404
    assert LIST not in client.get(reverse("partnerships:account")).content.decode()


def test_a_configured_provider_is_offered(client, says):
    for page in (SIGN_IN, "/accounts/signup/"):
        assert b"Sign in with Oxfam" in client.get(page).content
    assert client.get(BEGIN).status_code == 405
    assert client.post(f"{LIST}another/").status_code == 404


# --- whose account


def test_a_new_person_has_an_account_with_her_address(client, says):
    assert go(client).headers["Location"] == "/"
    user = signed_in(client)
    assert user
    assert (user.email, user.name, user.has_usable_password()) == (ADA["email"], "Ada", False)
    assert list(user.emailaddress_set.values_list("email", "verified", "primary")) == [(ADA["email"], True, True)]
    assert not mail.outbox


def test_she_comes_back_to_the_same_account(client, says):
    go(client)
    first = signed_in(client)
    client.logout()
    says(ADA | {"email": "other@oxfam.example", "name": "Other"})
    go(client)
    assert signed_in(client) == first
    assert User.objects.get(pk=first.pk).email == ADA["email"]
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": "ada@elsewhere.example"},
        {"email": "ada@oxfam.example.evil.example"},
        {"email": "ada@sub.oxfam.example"},
        {"email": "oxfam.example"},
        {"email": ["ada@oxfam.example"]},
        {"email": None},
    ],
)
@pytest.mark.parametrize("known", [True, False])
def test_an_untrusted_address_opens_and_makes_nothing(client, says, claims, known):
    if known:
        UserFactory(email="ada@elsewhere.example"), UserFactory(email=ADA["email"])
    people = User.objects.count()
    says(ADA | claims)
    told = go(client)
    assert told.status_code == 403
    assert b"did not send us an e-mail address that we can accept" in told.content
    assert (signed_in(client), User.objects.count(), SocialAccount.objects.count()) == (None, people, 0)
    assert not mail.outbox


def test_the_refusal_tells_not_whether_an_account_exists(client, says, ada):
    says(ADA | {"email_verified": False})
    known = go(client)
    says(ADA | {"email_verified": False, "email": "nobody@oxfam.example"})
    unknown = go(client)
    assert main_of(unknown) == main_of(known)


def test_an_address_in_capitals_is_the_same(client, says, ada):
    says(ADA | {"email": "ADA@Oxfam.Example"})
    assert go(client).headers["Location"] == reverse("account_confirm_login_code")


def test_a_known_address_is_joined_after_its_owners_code(client, says, ada):
    assert go(client).headers["Location"] == reverse("account_confirm_login_code")
    assert signed_in(client) is None
    assert not SocialAccount.objects.exists()
    assert mail.outbox[-1].to == [ADA["email"]]
    assert b"connect your account to Oxfam" in client.get(reverse("account_confirm_login_code")).content
    client.post(reverse("account_confirm_login_code"), {"code": code_in_mail()})
    assert signed_in(client) == ada
    client.logout()
    assert go(client).headers["Location"] == "/"
    assert signed_in(client) == ada
    assert User.objects.get(pk=ada.pk).check_password(PASSWORD)


def test_a_known_address_is_joined_after_its_owners_password(client, says, ada):
    go(client)
    client.post("/accounts/logout/")  # "cancel" on the page of the code
    client.post(SIGN_IN, {"login": ada.email, "password": PASSWORD})
    assert SocialAccount.objects.get().user == ada


def test_signing_in_as_somebody_else_joins_nothing(client, says, ada):
    eve = UserFactory(email="eve@oxfam.example")
    eve.set_password(PASSWORD)
    eve.save()
    go(client)
    client.post("/accounts/logout/")
    client.post(SIGN_IN, {"login": eve.email, "password": PASSWORD})
    assert signed_in(client) == eve
    assert not SocialAccount.objects.exists()


def test_what_waits_is_joined_to_the_addresss_owner_only(ada):
    eve, session = UserFactory(), SessionStore()
    connected_accounts.remember(session, "oxfam", "1", ada.email)
    assert connected_accounts.finish(session, eve) == ""
    assert connected_accounts.finish(session, ada) == ""  # asked once
    connected_accounts.remember(session, "oxfam", "1", ada.email)
    assert connected_accounts.finish(session, ada) == "oxfam"
    assert SocialAccount.objects.get().user == ada


def test_what_waits_is_not_joined_after_ten_minutes(ada):
    session = SessionStore()
    connected_accounts.remember(session, "oxfam", "1", ada.email)
    session[connected_accounts.PENDING]["at"] -= connected_accounts.SECONDS + 1
    assert connected_accounts.finish(session, ada) == ""
    assert not SocialAccount.objects.exists()


def test_an_unconfirmed_claim_of_the_address_is_gone(client, says):
    """Somebody has signed up with her address before."""
    squatter = User.objects.create_user(ADA["email"], PASSWORD, name="Somebody")
    EmailAddress.objects.create(user=squatter, email=ADA["email"], verified=False, primary=True)
    adder = User.objects.create_user("eve@else.example", PASSWORD)
    EmailAddress.objects.create(user=adder, email=ADA["email"], verified=False)
    go(client)
    user = signed_in(client)
    assert user not in (squatter, adder)
    assert not User.objects.filter(pk=squatter.pk).exists()
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(email=ADA["email"]).user == user


def test_a_closed_account_stays_closed(client, says):
    go(client)
    user = signed_in(client)
    User.objects.filter(pk=user.pk).update(is_active=False)
    client.logout()
    go(client)
    assert signed_in(client) is None


def test_the_second_step_remains(client, says):
    go(client)
    user = signed_in(client)
    client.logout()
    device = secondstep.set_up(user)
    assert go(client).headers["Location"] == reverse("mfa_authenticate")
    assert signed_in(client) is None
    client.post(reverse("mfa_authenticate"), {"code": secondstep.code_of(device)})
    assert signed_in(client) == user


# --- connecting by hand


def test_who_is_signed_in_connects_any_account(client, says, ada):
    says({"sub": "ada", "email": "private@elsewhere.example", "email_verified": False})
    client.force_login(ada)
    prove(client)
    assert go(client).headers["Location"] == LIST
    assert SocialAccount.objects.get().user == ada
    assert b"Disconnect Oxfam" in client.get(LIST).content
    assert list(connected_accounts.confirmed_addresses.confirmed_addresses(ada)) == [ada.email]


def test_connecting_asks_again_who_it_is(client, says, ada):
    client.force_login(ada)
    assert client.post(BEGIN).headers["Location"].startswith(reverse("account_reauthenticate"))
    SocialAccount.objects.create(user=ada, provider="oxfam", uid="x")
    disconnected = client.post(f"{BEGIN}disconnect/")
    assert disconnected.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert SocialAccount.objects.exists()
    resumed = client.post(f"{reverse('account_reauthenticate')}?next={BEGIN}disconnect/", {"password": PASSWORD})
    assert resumed.headers["Location"] == LIST
    assert not SocialAccount.objects.exists()


def test_an_account_of_somebody_else_is_not_taken_over(client, says, ada):
    bo = UserFactory(email="bo@oxfam.example")
    SocialAccount.objects.create(user=bo, provider="oxfam", uid=go_and_see_uid(client, says))
    client.force_login(ada)
    prove(client)
    told = client.get(go(client).headers["Location"])
    assert b"is already connected to another account on this website" in told.content
    assert SocialAccount.objects.get().user == bo


def go_and_see_uid(client: Client, says) -> str:
    """Return the digest by which the provider's account is known, and leave no account behind."""
    says(ADA | {"email": "some@oxfam.example"})
    go(client)
    uid = SocialAccount.objects.get().uid
    client.logout()
    User.objects.filter(email="some@oxfam.example").delete()
    says(ADA)
    return uid


def test_who_has_begun_to_sign_in_connects_nothing(client, says, ada):
    """A way back that began without an account signs in, also if somebody has signed in meanwhile."""
    sent = client.post(BEGIN)
    agreed = requests.post(sent.headers["Location"], allow_redirects=False, timeout=10)
    client.post(SIGN_IN, {"login": ada.email, "password": PASSWORD})
    says(ADA | {"email": "new@oxfam.example"})
    client.get(agreed.headers["Location"].removeprefix(site.BASE_URL))
    assert not SocialAccount.objects.filter(user=ada).exists()


def test_guests_are_kept_outside(client, says):
    client.force_login(GuestFactory())
    for answer in (client.post(BEGIN), client.get(BACK), client.get(LIST)):
        assert answer.headers["Location"] == reverse("partnerships:account")


# --- what the provider may not do


@pytest.mark.parametrize(
    "fault",
    ["down", "other issuer", "other pages"],
)
def test_a_provider_that_is_another_is_not_asked(client, says, fault):
    says(ADA, fault=fault)
    told = client.post(BEGIN)
    assert told.status_code == 403
    assert b"did not respond as expected" in told.content


WRONG = [
    *({"fault": fault} for fault in ("unsigned", "shared secret", "other key", "no token")),
    *({"wrong": wrong} for wrong in ({"nonce": "x"}, {"aud": "x"}, {"iss": "http://x"}, {"exp": 1}, {"sub": ""})),
    {"wrong": {"aud": [CLIENT, "x"], "azp": "x"}},
    {"wrong": {"sub": 7}},
    {"by_userinfo": True, "fault": "other person"},
]


@pytest.mark.parametrize("wrong", WRONG, ids=json.dumps)
def test_a_wrong_token_signs_nobody_in(client, says, wrong):
    says(ADA, **wrong)
    told = go(client)
    assert told.status_code == 403
    assert b"did not respond as expected" in told.content
    assert (signed_in(client), User.objects.count()) == (None, 0)


def test_claims_that_are_told_when_asked_count(client, says):
    says(ADA, by_userinfo=True)
    go(client)
    assert signed_in(client).email == ADA["email"]


def test_who_stops_at_the_provider_is_told_so(client, says):
    says(ADA, fault="cancelled")
    told = go(client)
    assert told.status_code == 403
    assert b"You stopped before Oxfam" in told.content


def test_a_way_back_is_good_once_and_in_one_browser(client, says):
    sent = client.post(BEGIN)
    agreed = requests.post(sent.headers["Location"], allow_redirects=False, timeout=10)
    back = agreed.headers["Location"].removeprefix(site.BASE_URL)
    stranger = Client()
    assert stranger.get(back).status_code == 403
    assert client.get(back).status_code == 302
    client.logout()
    assert client.get(back).status_code == 403
    assert signed_in(client) is None


def with_a_second(settings) -> None:
    """Configure a second provider of the same address, trusted for another domain."""
    (first,) = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    second = first | {
        "provider_id": "hivos",
        "name": "Hivos",
        "settings": first["settings"] | {"domains": ["h.example"]},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [first, second]}}


def test_the_same_subject_of_another_provider_is_another_person(client, says, settings):
    with_a_second(settings)
    go(client)
    ada = signed_in(client)
    client.logout()
    sent = client.post(f"{LIST}hivos/")
    back = requests.post(sent.headers["Location"], allow_redirects=False, timeout=10).headers["Location"]
    assert client.get(back.removeprefix(site.BASE_URL)).status_code == 403
    assert signed_in(client) is None
    says(ADA | {"email": "ada@h.example"})
    sent = client.post(f"{LIST}hivos/")
    back = requests.post(sent.headers["Location"], allow_redirects=False, timeout=10).headers["Location"]
    client.get(back.removeprefix(site.BASE_URL))
    assert signed_in(client) not in (None, ada)


def test_a_way_back_by_another_provider_is_refused(client, says, settings):
    with_a_second(settings)
    sent = client.post(BEGIN)
    back = requests.post(sent.headers["Location"], allow_redirects=False, timeout=10).headers["Location"]
    assert client.get(back.removeprefix(site.BASE_URL).replace("oxfam", "hivos")).status_code == 403
    assert signed_in(client) is None


def test_the_way_back_leads_nowhere_else(client, says):
    assert go(client, next="https://evil.example/").headers["Location"] == "/"
    client.logout()
    assert go(client, next="/partnerships/").headers["Location"] == "/partnerships/"


def test_nothing_can_be_added_to_what_is_asked(client, says):
    sent = client.post(f"{BEGIN}?scope=everything&auth_params=prompt%3Dnone&process=connect")
    asked = sent.headers["Location"]
    assert "everything" not in asked
    assert "prompt" not in asked
    assert "code_challenge_method=S256" in asked


# --- what is kept


def test_no_token_and_no_claim_is_kept(client, says, provider, ada):
    for signs_in_with_code in (True, False):
        go(client)
        if signs_in_with_code:
            client.post(reverse("account_confirm_login_code"), {"code": code_in_mail()})
            client.logout()
    issued = requests.get(f"{provider}/codes", timeout=10).json()["tokens"]
    assert issued
    sessions = json.dumps([session.get_decoded() for session in Session.objects.all()])
    assert not [token for token in issued if token in sessions]
    assert "access-" not in sessions
    kept = SocialAccount.objects.get()
    assert kept.extra_data == {}
    assert re.fullmatch("[0-9a-f]{64}", kept.uid), "a hash of who she is there"
    assert not SocialToken.objects.exists()


def test_the_database_keeps_no_token_and_no_claim(ada):
    account = SocialAccount.objects.create(user=ada, provider="oxfam", uid="1")
    guest = GuestFactory()
    for write in (
        lambda: SocialToken.objects.create(account=account, token="x"),
        lambda: SocialApp.objects.create(provider="openid_connect", name="x", client_id="x"),
        lambda: SocialAccount.objects.filter(pk=account.pk).update(extra_data={"email": "x"}),
        lambda: SocialAccount.objects.create(user=ada, provider="oxfam", uid="2"),
        lambda: SocialAccount.objects.create(user=guest, provider="oxfam", uid="3"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM socialaccount_socialaccount")
        assert cursor.fetchone() == (1,)


def test_leaving_says_that_the_organisation_knows_nothing(client, says):
    go(client)
    assert (
        b"When you sign out of this website, you remain signed in to that account"
        in client.get("/accounts/logout/").content
    )
    user = signed_in(client)
    client.post("/accounts/logout/")
    assert signed_in(client) is None
    client.force_login(user)
    assert b"you remain signed in to that account" not in client.get("/accounts/logout/").content


def test_too_many_ways_there_are_slowed_down(client, says, monkeypatch):
    monkeypatch.setattr("partnerships.limits.take", lambda *args: 60)
    assert client.post(BEGIN).status_code == 429
    assert client.get(BACK).status_code == 429


def test_each_step_is_a_line_in_the_log(client, says, ada, caplog):
    caplog.set_level("INFO", "powertool.security")
    go(client)
    client.post(reverse("account_confirm_login_code"), {"code": code_in_mail()})
    client.post("/accounts/logout/")
    says(ADA | {"sub": "x", "email_verified": False})
    go(client)
    lines = [record.getMessage() for record in caplog.records if record.name == "powertool.security"]
    assert "An organisation's account connected at account_confirm_login_code" in lines
    assert lines[-1] == "An organisation's account refused (unconfirmed) at openid_connect_callback"
    assert not [line for line in lines if "ada" in line.lower()]
