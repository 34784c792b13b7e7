"""Starting a partnership in three steps: what is typed is kept, what is wrong is said, and nothing happens twice."""

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from partnerships import services
from partnerships.models import Draft, Invitation, Partnership, Role, User
from partnerships.services import PartnerData, PersonData, Refused
from partnerships.start_forms import pasted_partners, pasted_people, short_name
from partnerships.tasks import send_notifications
from tests.factories import UserFactory, membership

NAME, PARTNERS, PEOPLE = (reverse(f"partnerships:{step}") for step in ("create", "create_partners", "create_people"))
NORTH = {"name": "Northern Aid", "acronym": "NA", "country": "Netherlands", "side": "north"}
SOUTH = {"name": "Amani", "acronym": "AM", "country": "Kenya", "side": "south"}
ADA = {"name": "Ada", "partner": "Amani", "role": "representative", "email": "ada@example.org", "language": "fr"}
ESI = {"name": "Esi", "partner": "Amani", "role": "observer", "email": "", "language": "en"}


def lines(*typed: dict, **more) -> dict:
    """Return what a form of lines sends."""
    data = {"lines-TOTAL_FORMS": str(len(typed)), "lines-INITIAL_FORMS": "0", **more}
    return data | {f"lines-{row}-{name}": value for row, line in enumerate(typed) for name, value in line.items()}


def named(client, **more) -> None:
    client.post(NAME, {"name": "Water", "organisation": "Northern Aid"} | more)


def started(client, partners=(NORTH, SOUTH), people=(), **more) -> Partnership:
    named(client)
    client.post(PARTNERS, lines(*partners))
    client.post(PEOPLE, lines(*people, **more))
    return Partnership.objects.get(created_by=client.session["_auth_user_id"])


@pytest.fixture
def starter(client, db) -> User:
    user = UserFactory(name="Noor")
    client.force_login(user)
    return user


def test_three_steps_start_it_and_invite_everyone_at_once(client, starter):
    partnership = started(client, people=(ADA, ESI))
    own = partnership.memberships.get()
    assert (own.role, own.partner.name, own.user) == (Role.FACILITATOR, "Northern Aid", starter)
    assert list(partnership.partners.values_list("acronym", "country", "side")) == [
        ("NA", "NL", "north"),
        ("AM", "KE", "south"),
    ]
    invited = partnership.invitations.order_by("pk").values_list("name", "role", "partner__name", "channel", "language")
    assert list(invited) == [
        ("Ada", "representative", "Amani", "email", "fr"),
        ("Esi", "observer", "Amani", "link", "en"),
    ]
    assert not Draft.objects.exists()


def test_the_last_step_leads_to_the_first_assessment(client, starter):
    named(client)
    client.post(PARTNERS, lines(NORTH, SOUTH))
    response = client.post(PEOPLE, lines(ADA))
    assert response.headers["Location"] == reverse("assessments:create", args=[Partnership.objects.get().code])


def test_the_own_organisation_is_the_first_line(client, starter):
    named(client)
    assert 'value="Northern Aid"' in client.get(PARTNERS).content.decode()


def test_an_organisation_outside_is_kept_as_employer(client, starter):
    client.post(NAME, {"name": "Water", "organisation": "A university"})
    client.post(PARTNERS, lines(NORTH, SOUTH))
    client.post(PEOPLE, lines())
    own = Partnership.objects.get().memberships.get()
    assert (own.partner, own.employer) == (None, "A university")


@pytest.mark.parametrize("do", ["more", "back", "later", "keep"])
def test_each_way_out_keeps_what_was_typed(client, starter, do):
    named(client)
    client.post(PARTNERS, lines({**NORTH, "country": "Nowhereland"}, SOUTH, do=do))
    html = client.get(PARTNERS).content.decode()
    assert 'value="Nowhereland"' in html
    assert 'value="Amani"' in html
    assert "error-summary" not in html


def test_one_line_more_begins_at_the_new_line(client, starter):
    named(client)
    response = client.post(PARTNERS, lines(NORTH, SOUTH, do="more"))
    assert response.headers["Location"] == f"{PARTNERS}?lines=3&line=3#line-3"
    html = client.get(f"{PARTNERS}?lines=7&line=3").content.decode()
    assert 'name="lines-TOTAL_FORMS" value="7"' in html
    assert html.index('id="line-3"') < html.index("autofocus") < html.index('id="line-4"')


def test_a_draft_waits_on_the_start_page(client, starter):
    named(client)
    assert NAME in client.get("/").content.decode()
    client.post(reverse("partnerships:create_discard"))
    assert not Draft.objects.exists()


def test_a_draft_is_only_its_writers(client, starter):
    named(client)
    client.force_login(UserFactory())
    assert "Water" not in client.get(NAME).content.decode()
    assert client.get(PARTNERS).headers["Location"] == NAME


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ((NORTH,), "at least two partners"),
        ((NORTH, {**SOUTH, "name": "northern aid"}), "the same name"),
        ((NORTH, {**SOUTH, "acronym": "na"}), "the same short name"),
        ((NORTH, {**SOUTH, "country": "Nowhereland"}), "We do not know this country"),
        ((NORTH, {**SOUTH, "side": ""}), "Line 2, Side"),
        ((NORTH, {**SOUTH, "name": ""}), "Line 2, Organisation"),
    ],
)
def test_what_is_wrong_with_partners_is_said_on_top(client, starter, typed, said):
    named(client)
    html = client.post(PARTNERS, lines(*typed)).content.decode()
    assert "data-focus" in html
    assert said in html[html.index("error-summary") :]
    assert client.post(PARTNERS, lines(NORTH, SOUTH)).headers["Location"] == PEOPLE


@pytest.mark.parametrize("wrong", [{"email": "nowhere"}, {"partner": ""}, {"partner": "Else"}, {"name": ""}])
def test_a_wrong_person_stops_all_invitations(client, starter, wrong):
    named(client)
    client.post(PARTNERS, lines(NORTH, SOUTH))
    assert client.post(PEOPLE, lines(ADA, ADA | wrong)).status_code == 200
    assert not Partnership.objects.exists()
    assert client.post(PEOPLE, lines(ADA)).status_code == 302


def test_sent_twice_it_starts_once(client, starter):
    named(client)
    client.post(PARTNERS, lines(NORTH, SOUTH))
    code = client.get(PEOPLE).context["code"]
    for _twice in range(2):
        assert client.post(PEOPLE, lines(ADA, code=code)).status_code == 302
    assert (Partnership.objects.count(), Invitation.objects.count()) == (1, 1)


def test_a_code_of_another_person_starts_nothing_of_hers(client, starter):
    first = started(client)
    with pytest.raises(Refused):
        services.create_partnership(
            UserFactory(),
            services.PartnershipData("Else"),
            [PartnerData(**NORTH), PartnerData(**SOUTH)],
            code=first.code,
        )


@pytest.mark.parametrize("made", [False, True])
def test_a_form_of_another_person_starts_ones_own(client, starter, made):
    """On a shared device somebody sends what another person opened before."""
    named(client)
    client.post(PARTNERS, lines(NORTH, SOUTH))
    code = client.get(PEOPLE).context["code"]
    if made:
        client.post(PEOPLE, lines())
    second = UserFactory()
    client.force_login(second)
    named(client, name="Forests", code=code)
    assert client.post(PARTNERS, lines(NORTH, SOUTH, code=code)).headers["Location"] == PEOPLE
    assert client.post(PEOPLE, lines(code=code)).status_code == 302
    assert Partnership.objects.get(created_by=second).name == "Forests"
    assert Partnership.objects.filter(created_by=starter).count() == made
    assert Draft.objects.filter(user=starter).exists() != made


def test_a_pasted_list_becomes_lines(client, starter):
    named(client)
    client.post(PARTNERS, lines(NORTH, pasted="Amani Network; AN; Kenya; South\nJamii Trust\tUganda", do="paste"))
    assert [one["name"] for one in Draft.objects.get().data["partners"]] == [
        "Northern Aid",
        "Amani Network",
        "Jamii Trust",
    ]


def test_pasted_partners_are_read_in_any_order():
    assert pasted_partners("Northern Aid; NA; NL; north")[0] == {
        "name": "Northern Aid",
        "acronym": "NA",
        "country": "NL",
        "side": "north",
    }
    assert pasted_partners("Amani, South, Kenya")[0] == {
        "name": "Amani",
        "acronym": "",
        "country": "Kenya",
        "side": "south",
    }


@pytest.mark.parametrize("mark", ["؛", "،"])
def test_a_pasted_list_may_have_arabic_marks(mark):
    assert pasted_partners(f"Amani{mark} South{mark} Kenya") == pasted_partners("Amani, South, Kenya")


def test_pasted_people_find_their_organisation():
    (ada,) = pasted_people("Ada\tada@example.org\tamani", ["Amani"])
    assert (ada["name"], ada["partner"], ada["email"]) == ("Ada", "Amani", "ada@example.org")


def test_short_names_are_made_up_once_each():
    assert short_name("Amani Network", set()) == "AN"
    assert short_name("Amani Network", {"an", "an2"}) == "AN3"
    assert short_name("Jamii", set()) == "Jamii"


def test_a_country_is_typed_in_the_readers_language(client, starter):
    with translation.override("fr"):
        named(client)
    client.post(PARTNERS, lines({**NORTH, "country": "Pays-Bas"}, SOUTH), HTTP_ACCEPT_LANGUAGE="fr")
    assert client.get(PEOPLE).status_code == 200


# --- representing one's own organisation


def test_a_facilitator_represents_her_employer_at_once_alone(client, starter):
    partnership = started(client, represents="yes")
    own = partnership.memberships.get(role=Role.REPRESENTATIVE)
    assert own.admitted_at
    assert own.partner.side_confirmed_by == starter


def test_a_facilitator_of_another_side_confirms_it(cast):
    own = services.represent(cast.membership(cast.north_facilitator))
    assert own.admitted_at is None
    services.confirm_membership(own, cast.membership(cast.south_facilitator))
    own.refresh_from_db()
    assert own.admitted_at


def test_representing_twice_is_one_membership(cast):
    facilitator = cast.membership(cast.north_facilitator)
    assert services.represent(facilitator) == services.represent(facilitator)


def test_without_an_organisation_here_no_one_represents(cast):
    outside = membership(cast.partnership, Role.FACILITATOR, None, employer="A university")
    with pytest.raises(Refused):
        services.represent(outside)


# --- invitations by name, and the e-mail again


@pytest.fixture
def mailed(cast) -> Invitation:
    facilitator = cast.membership(cast.north_facilitator)
    (made,) = services.invite_all(
        facilitator, [PersonData("Ada", "representative", "South 3", "ada@example.org", "en")]
    )
    send_notifications()
    made.refresh_from_db()
    return made


def link_in(body: str) -> str:
    return next(line for line in body.splitlines() if "/i/" in line).split("://", 1)[1].partition("/")[2]


def test_an_invitation_addresses_the_person(client, mailed):
    assert "Dear Ada," in str(mail.outbox[-1].body)
    page = client.get(reverse("partnerships:invitation", args=[mailed.code])).content.decode()
    assert "Dear Ada," in page
    assert 'value="Ada"' in page


def signup_by(client, address: str) -> str:
    client.get(address)
    client.post(address.partition("?")[0], {"how": "signup"})
    return client.get(reverse("account_signup")).content.decode()


def test_the_mailed_link_fills_in_the_address(client, mailed):
    assert 'value="ada@example.org"' in signup_by(client, "/" + link_in(str(mail.outbox[-1].body)))


@pytest.mark.parametrize("proof", ["", "?to=", "?to=forged"])
def test_a_copied_link_fills_in_no_address(client, mailed, proof):
    copied = "/" + services.address(mailed).split("://", 1)[1].partition("/")[2].partition("?")[0]
    assert "ada@example.org" not in signup_by(client, copied + proof)


def test_the_page_of_messages_shows_no_mailed_link(client, cast, mailed):
    client.force_login(cast.north_facilitator)
    page = client.get(reverse("partnerships:messages", args=[cast.partnership.code])).content.decode()
    assert mailed.code in page
    assert "to=" not in page.replace("mailto:", "")


def test_inviting_the_same_people_again_invites_no_one_twice(cast, mailed):
    facilitator = cast.membership(cast.north_facilitator)
    again = [PersonData("Ada", "representative", "South 3", "ada@example.org", "en")]
    assert services.invite_all(facilitator, again) == [mailed]


def test_an_e_mail_goes_out_again_after_an_hour(cast, mailed):
    facilitator = cast.membership(cast.north_facilitator)
    with pytest.raises(Refused):
        services.resend(mailed, facilitator)
    Invitation.objects.filter(pk=mailed.pk).update(mailed_at=mailed.mailed_at - services.AGAIN_AFTER)
    mailed.refresh_from_db()
    services.resend(mailed, facilitator)
    assert send_notifications() == 1


def test_a_message_waits_until_the_person_has_joined(client, cast, mailed):
    page = reverse("partnerships:messages", args=[cast.partnership.code])
    client.force_login(cast.north_facilitator)
    assert "Ada" in client.get(page).content.decode()
    services.accept(mailed, UserFactory())
    assert "Ada" not in client.get(page).content.decode()


def test_a_message_is_in_the_language_of_the_person(client, cast):
    facilitator = cast.membership(cast.north_facilitator)
    services.invite_all(facilitator, [PersonData("Awa", "representative", "South 3", "", "fr")])
    client.force_login(cast.north_facilitator)
    page = client.get(reverse("partnerships:messages", args=[cast.partnership.code])).content.decode()
    assert "vous invite" in page
    assert "https://wa.me/?text=" in page


def test_an_invited_facilitator_ends_the_warning(client, cast):
    own = cast.other_partnership.memberships.get()
    client.force_login(own.user)
    page = reverse("partnerships:people", args=[cast.other_partnership.code])
    assert "A facilitator from each side" in client.get(page).content.decode()
    south = cast.other_partnership.partners.get(side="south")
    services.invite_all(own, [PersonData("Awa", "facilitator", south.name)])
    assert "A facilitator from each side" not in client.get(page).content.decode()
    assert "facilitator from each side" not in client.get("/").content.decode()
