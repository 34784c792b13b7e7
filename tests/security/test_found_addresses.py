"""Whose address it is: only a confirmed address counts, and only in its one form."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.services.safeguards import trusted_person
from partnerships import services
from partnerships.access import member_roles_of
from partnerships.addresses import canonical
from partnerships.forms import InviteForm
from partnerships.models import Invitation, Notification, Role, User
from partnerships.services import Refused
from partnerships.services.erasure import addresses, end_sessions
from partnerships.services.needs import needs
from powertool.privacy import erasure, retention
from tests.assessments import making
from tests.factories import PASSWORD, UserFactory
from tests.partnerships.overlapping import while_held
from tests.security import secondstep

pytestmark = pytest.mark.django_db
SARA, HIS, HERS = "sara@example.org", "his own words 42", "her own words 42"
SIGN_UP, CONFIRM, SIGN_IN = "/accounts/signup/", "/accounts/confirm-email/", "/accounts/login/"
CODE, RESET = "/accounts/login/code/", "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def _as_often_as_one_likes(patient):
    """The limits have tests of their own."""


def sign_up(email=SARA, password=HERS, browser=None) -> Client:
    browser = browser or Client()
    browser.post(SIGN_UP, {"email": email, "name": "Somebody", "password1": password})
    return browser


def mailed() -> str:
    """Return the code of the last mail, or nothing."""
    found = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", str(mail.outbox[-1].body), re.MULTILINE)
    return found[0] if found else ""


def confirm(browser: Client, code: str | None = None):
    return browser.post(CONFIRM, {"code": code or mailed()})


def knows(browser: Client) -> bool:
    return browser.get("/accounts/email/").status_code == 200


def signed_in(email=SARA, password=HERS) -> Client:
    browser = Client()
    browser.post(SIGN_IN, {"login": email, "password": password})
    return browser


def account(email: str, password: str = PASSWORD) -> User:
    """Make an account with a confirmed address."""
    user = UserFactory(email=email)
    user.set_password(password)
    user.save()
    return user


def add_address(user: User, email: str, password: str = PASSWORD) -> Client:
    """Ask to add an address, as a person does who has just proven who she is."""
    browser = signed_in(user.email, password)
    browser.post("/accounts/reauthenticate/", {"password": password})
    browser.post("/accounts/email/", {"action_add": "", "email": email})
    return browser


# --- confirming


def test_a_password_set_by_somebody_else_does_not_open_her_account():
    sign_up(password=HIS)
    her_browser = sign_up(password=HERS)
    confirm(her_browser)
    assert knows(her_browser)
    assert not knows(signed_in(password=HIS))
    assert knows(signed_in(password=HERS))
    assert User.objects.filter(email=SARA).count() == 1


def test_a_code_confirms_only_in_the_browser_that_signed_up():
    his = sign_up(password=HIS)
    elsewhere = Client()
    confirm(elsewhere)
    assert not knows(elsewhere)
    assert not EmailAddress.objects.filter(verified=True).exists()
    confirm(his)
    assert knows(his)


def test_a_later_sign_up_ends_the_earlier_one_with_a_clear_word():
    his = sign_up(password=HIS)
    his_code = mailed()
    sign_up(password=HERS)
    answer = confirm(his, his_code)
    assert "Cancel this sign-up, then start again." in answer.content.decode()
    assert not knows(his)


def test_a_sign_in_code_opens_no_account_that_is_not_confirmed():
    sign_up(password=HIS)
    browser = Client()
    browser.post(CODE, {"email": SARA})
    assert mailed() == ""
    assert "no account" in mail.outbox[-1].body


def test_a_reset_opens_no_account_that_is_not_confirmed():
    sign_up(password=HIS)
    Client().post(RESET, {"email": SARA})
    assert "/password/reset/key/" not in mail.outbox[-1].body
    assert "no account" in mail.outbox[-1].body


def test_an_address_added_elsewhere_signs_in_nobody_there():
    mallory = account("mallory@example.org")
    add_address(mallory, SARA)
    assert list(mallory.emailaddress_set.values_list("email", flat=True)) == ["mallory@example.org"]
    browser = Client()
    browser.post(CODE, {"email": SARA})
    assert mailed() == ""
    assert not knows(browser)


def test_a_confirmed_second_address_signs_in_by_code_and_by_reset():
    mallory = account("mallory@example.org")
    browser = add_address(mallory, SARA)
    confirm(browser)
    other = Client()
    other.post(CODE, {"email": SARA})
    other.post("/accounts/login/code/confirm/", {"code": mailed()})
    assert knows(other)
    Client().post(RESET, {"email": SARA})
    assert "/password/reset/key/" in mail.outbox[-1].body


def test_the_first_confirmation_removes_what_others_signed_up_for():
    sign_up(password=HIS)
    sara = account("work@example.org")
    confirm(add_address(sara, SARA))
    assert [user.email for user in User.objects.filter(emailaddress__email=SARA)] == ["work@example.org"]
    assert not User.objects.filter(email=SARA).exists()
    browser = signed_in("work@example.org", PASSWORD)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    browser.post("/accounts/email/", {"action_primary": "", "email": SARA})
    sara.refresh_from_db()
    assert sara.email == SARA


def test_a_confirmed_address_is_not_signed_up_for_again():
    account(SARA, HERS)
    browser = sign_up(password=HIS)
    assert "You already have an account" in mail.outbox[-1].body
    assert not knows(browser)
    assert not knows(signed_in(password=HIS))
    assert knows(signed_in(password=HERS))


def test_an_account_made_by_operators_is_not_replaced_by_signing_up():
    root = User.objects.create_superuser(SARA, HERS)
    sign_up(password=HIS)
    assert User.objects.get(email=SARA).pk == root.pk
    browser = signed_in()
    confirm(browser)
    assert knows(browser)


def test_an_address_taken_off_meanwhile_does_not_come_back_by_its_code():
    sara = account("work@example.org")
    sara.emailaddress_set.create(email=SARA, verified=True)
    browser = Client()
    browser.post(CODE, {"email": SARA})
    code = mailed()
    sara.emailaddress_set.get(email=SARA).delete()
    browser.post("/accounts/login/code/confirm/", {"code": code})
    assert not knows(browser)
    assert not sara.emailaddress_set.filter(email=SARA).exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_sign_ups_at_once_one_account_is_left():
    while_held(lambda: sign_up(password=HIS), lambda: sign_up(password=HERS))
    assert User.objects.filter(email=SARA).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_sign_up_while_the_address_is_confirmed_leaves_the_confirmed_account():
    her_browser = sign_up(password=HERS)
    code = mailed()
    his = while_held(lambda: confirm(her_browser, code), lambda: sign_up(password=HIS))
    assert not isinstance(his, Exception)
    assert knows(signed_in(password=HERS))
    assert not knows(signed_in(password=HIS))
    assert "You already have an account" in mail.outbox[-1].body


# --- what an unconfirmed address does not open


@pytest.fixture
def hers(cast):
    """Sara's second address is confirmed; somebody signed up for it before, and that account is still there."""
    sara = cast.south_representative
    EmailAddress.objects.create(user=sara, email=SARA, verified=True)
    return sara, User.objects.create_user(SARA, HIS, name="Mallory")


def invited(cast) -> Invitation:
    return services.invite(cast.other_partnership.memberships.get(), "email", Role.OBSERVER, email=SARA)


def test_erasing_with_an_unconfirmed_address_takes_nothing_of_its_owner(cast, hers):
    _sara, mallory = hers
    invitation = invited(cast)
    her_browser = Client()
    her_browser.post(CODE, {"email": SARA})
    her_browser.post("/accounts/login/code/confirm/", {"code": mailed()})
    mails = len(mail.outbox)
    with transaction.atomic():
        erasure.erase_person(mallory)
    assert knows(her_browser)
    assert Invitation.objects.filter(pk=invitation.pk).exists()
    assert len(mail.outbox) == mails
    assert not User.objects.filter(pk=mallory.pk).exists()


def test_the_erasure_page_lists_only_where_a_confirmed_address_is_trusted(cast):
    assessment = making.make_assessment(cast)
    trusted_person.name_person(assessment, member_roles_of(cast.north_facilitator, cast.partnership), "Sara", SARA)
    unconfirmed = User.objects.create_user(SARA, HIS)
    assert erasure.preview(unconfirmed).named == []
    unconfirmed.emailaddress_set.create(email=SARA, verified=True)
    assert erasure.preview(unconfirmed).named == [str(assessment)]


def test_the_purge_of_unconfirmed_accounts_takes_nothing_of_the_owner(cast, hers):
    _sara, mallory = hers
    User.objects.filter(pk=mallory.pk).update(date_joined=timezone.now() - timedelta(days=91))
    invitation = invited(cast)
    waits = Client()
    waits.post(CODE, {"email": SARA})
    retention.retain()
    assert not User.objects.filter(pk=mallory.pk).exists()
    assert Invitation.objects.filter(pk=invitation.pk).exists()
    waits.post("/accounts/login/code/confirm/", {"code": mailed()})
    assert knows(waits)


def test_signing_an_unconfirmed_account_out_leaves_the_owner_signed_in(hers):
    browser = Client()
    browser.post(CODE, {"email": SARA})
    browser.post("/accounts/login/code/confirm/", {"code": mailed()})
    end_sessions(hers[1])
    assert knows(browser)
    assert addresses(hers[1]) == []


def test_invitations_are_shown_to_who_confirmed_the_address(cast, hers):
    sara, mallory = hers
    invited(cast)
    assert [bool(needs(one)) for one in (sara, mallory)] == [True, False]
    assert set(Notification.objects.filter(kind="partnerships.invited").values_list("recipient", flat=True)) == {
        sara.pk
    }


def test_a_member_is_no_trusted_person_by_any_confirmed_address(cast, hers):
    naming = member_roles_of(cast.north_facilitator, cast.partnership)
    with pytest.raises(Refused):
        trusted_person.name_person(making.make_assessment(cast), naming, "Sara", SARA.upper())


def test_operators_find_a_person_by_a_confirmed_address_only(capsys):
    User.objects.create_user("mallory@example.org", HIS)
    with pytest.raises(CommandError):
        call_command("person", "erase", "mallory@example.org")
    account(SARA)
    call_command("person", "erase", SARA.upper())
    assert not User.objects.filter(email=SARA).exists()


def test_staff_see_whether_an_address_is_confirmed(client, cast):
    secondstep.sign_in(client, cast.staff)
    User.objects.create_user("mallory@example.org", HIS)
    page = client.get(reverse("admin:partnerships_user_changelist"), {"q": "mallory"}).content.decode()
    assert 'alt="False"' in page.split("field-is_confirmed")[1].split("</td>")[0]


# --- one form


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("Sara@Example.ORG", "sara@example.org"),
        (" sara+x@example.org ", "sara+x@example.org"),
        ("sara@Bücher.example", "sara@xn--bcher-kva.example"),
        ("sara@xn--bcher-kva.example", "sara@xn--bcher-kva.example"),
        ("sara@\u017fmall.example", "sara@small.example"),
    ],
)
def test_each_address_has_one_form(typed, form):
    assert canonical(typed) == form
    assert canonical(form) == form


@pytest.mark.parametrize(
    "typed", ["\u017fara@example.org", "m\u0131ra@example.org", "sara", "@x.org", "a@", "a@" + "x" * 64]
)
def test_what_has_no_form_is_no_address(typed):
    with pytest.raises(ValidationError):
        canonical(typed)


@pytest.mark.parametrize("twin", ["m\u0131ra@example.org", "mira@example.org".replace("m", "\u1d0d")])
def test_a_twin_of_an_address_is_refused_with_a_clear_word(client, cast, twin):
    mira = account("mira@example.org", HERS)
    answer = client.post(SIGN_UP, {"email": twin, "name": "Twin", "password1": HIS})
    assert "email" in answer.context["form"].errors
    assert not User.objects.filter(name="Twin").exists()
    for page, field in ((SIGN_IN, {"login": twin, "password": HIS}), (CODE, {"email": twin}), (RESET, {"email": twin})):
        assert client.post(page, field).status_code == 200
    assert not knows(signed_in(twin, HERS))
    assert knows(signed_in(mira.email, HERS))


def test_an_invitation_is_kept_in_the_one_form(cast):
    data = {"role": "observer", "channel": "email", "email": "Sara@B\u00fccher.example"}
    assert InviteForm(data, partnership=cast.partnership).is_valid()
    assert not InviteForm(data | {"email": "\u017fara@example.org"}, partnership=cast.partnership).is_valid()
    made = services.invite(cast.membership(cast.north_facilitator), "email", Role.OBSERVER, email=data["email"])
    assert made.email == "sara@xn--bcher-kva.example"


@pytest.mark.parametrize("email", ["Sara@example.org", "m\u0131ra@example.org", "sara @example.org", ""])
def test_the_database_takes_no_other_form(cast, email):
    invitation = invited(cast)
    for rows in (
        User.objects.filter(pk=cast.outsider.pk),
        EmailAddress.objects.filter(user=cast.outsider),
        Invitation.objects.filter(pk=invitation.pk),
    ):
        with pytest.raises(IntegrityError, match=r"canonical|where_mailed"), transaction.atomic():
            rows.update(email=email)


def test_the_database_lets_no_confirmed_account_hold_an_unconfirmed_address(cast):
    with pytest.raises(IntegrityError, match="takes no unconfirmed one"), transaction.atomic():
        EmailAddress.objects.create(user=cast.outsider, email=SARA)
    with pytest.raises(IntegrityError, match="confirmed by another account"), transaction.atomic():
        EmailAddress.objects.create(user=User.objects.create_user("new@example.org"), email=cast.outsider.email)


def test_the_database_removes_unconfirmed_rows_when_an_address_is_confirmed(cast):
    mallory = User.objects.create_user("mallory@example.org")
    EmailAddress.objects.create(user=mallory, email=SARA)
    EmailAddress.objects.create(user=cast.outsider, email=SARA, verified=True)
    assert not mallory.emailaddress_set.exists()
