"""Before an erasure: whom the others need first, what goes along; and the erasure of guests."""

import zipfile
from io import BytesIO

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.urls import reverse

from assessments.models import Assessment, PrivateBallot
from assessments.services.setup import rehearsal as rehearsals
from community.models import CaseStudy, GroupMembership, GroupRole, Item, State
from community.services import case_studies
from partnerships import services
from partnerships.models import Partnership, Role, User
from partnerships.services import Refused
from powertool.privacy import erasure
from tests.assessments import making
from tests.community.making import lead, make_case_study, make_finding, member
from tests.factories import PASSWORD, UserFactory, membership
from tests.partnerships.test_access import people
from tests.privacy.world import found, prove

pytestmark = pytest.mark.django_db


def test_the_only_facilitator_is_told_whom_the_others_need(cast):
    freya = cast.other_facilitator
    membership(cast.other_partnership, Role.OBSERVER, None, employer="A university")
    with pytest.raises(Refused, match="only facilitator"):
        erasure.erase_person(freya)
    membership(cast.other_partnership, Role.FACILITATOR, None, employer="A university")
    assert erasure.erase_person(freya)


def test_where_all_is_closed_nobody_waits_for_a_facilitator(cast):
    membership(cast.other_partnership, Role.OBSERVER, None, employer="A university")
    Assessment.objects.create(
        partnership=cast.other_partnership, title="Over", stage="closed", closed_at="2026-01-01T00:00:00Z"
    )
    assert erasure.erase_person(cast.other_facilitator)


def test_a_partnership_of_nobody_else_goes_with_her_unless_something_was_closed(cast):
    assert erasure.preview(cast.other_facilitator).goes == ["Elsewhere"]
    erasure.erase_person(cast.other_facilitator)
    assert set(Partnership.objects.values_list("name", flat=True)) == {"Water for All"}


def test_the_only_lead_of_others_hands_over_first(db):
    only, other = lead(), member()
    with pytest.raises(Refused, match="only coordinator"):
        erasure.erase_person(only.user)
    GroupMembership.objects.filter(pk=other.pk).update(role=GroupRole.COORDINATOR)
    assert erasure.erase_person(only.user)


def test_somebody_who_waits_for_her_alone_is_let_in(cast):
    """Of two facilitators' words the one of her side is missing; with her that side has no facilitator any more."""
    waiting = membership(cast.partnership, Role.OBSERVER, None, employer="A university", admitted_at=None)
    services.confirm_membership(waiting, cast.membership(cast.south_facilitator))
    erasure.erase_person(cast.north_facilitator)
    waiting.refresh_from_db()
    assert waiting.admitted_at


def test_a_guest_erases_herself_by_her_session(cast, client):
    client.force_login(cast.guest, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(reverse("erase-me"), {"name": cast.guest.name}).status_code == 200
    assert not User.objects.filter(pk=cast.guest.pk).exists()
    assert found("gathoni") == set()


def test_what_is_to_be_done_first_is_on_the_page_and_nothing_is_erased(cast, client):
    freya = cast.other_facilitator
    membership(cast.other_partnership, Role.OBSERVER, None, employer="A university")
    prove(client, freya)
    assert "only facilitator" in client.get(reverse("erase-me")).content.decode()
    assert client.post(reverse("erase-me"), {"name": freya.name}).status_code == 422
    assert User.objects.filter(pk=freya.pk).exists()


def test_a_pretend_person_is_part_of_a_rehearsal(cast):
    pretend = UserFactory(email=None, is_guest=True, is_active=False, pretend_in=rehearsal(cast))
    with pytest.raises(Refused):
        erasure.erase_person(pretend)


def rehearsal(cast):
    return rehearsals.start(cast.outsider)


def test_her_rehearsal_goes_with_her(cast):
    rehearsal(cast)
    erasure.erase_person(cast.outsider)
    assert not User.objects.exclude(pretend_in=None).exists()


DOORS = {
    "privacy": dict.fromkeys("aoesgrvf", 200),
    "my-data": dict.fromkeys("aoesrvf", 302) | {"g": 200},  # accounts prove once more who they are
    "erase-me": dict.fromkeys("aoesrvf", 302) | {"g": 200},
}


@pytest.mark.parametrize("name", DOORS)
def test_who_gets_in(cast, client, name):
    User.objects.filter(is_guest=False).update(password=make_password(PASSWORD))
    found = {}
    for letter, somebody in people(cast).items():
        client.logout()
        if somebody:
            client.force_login(somebody)
        found[letter] = client.get(reverse(name)).status_code
    assert found == DOORS[name]


def test_the_page_on_data_protection_is_linked_from_where_people_ask_themselves(cast, client):
    link = f'href="{reverse("privacy")}"'
    assert link in client.get(reverse("home")).content.decode()
    client.force_login(cast.guest)
    account = client.get(reverse("partnerships:account")).content.decode()
    assert all(f'href="{reverse(name)}"' in account for name in DOORS)


def test_operators_hand_over_and_erase_when_somebody_asks_them(cast, capsysbinary):
    call_command("person", "export", cast.outsider.email.upper())
    with zipfile.ZipFile(BytesIO(capsysbinary.readouterr().out)) as packed:
        assert cast.outsider.email in packed.read("everything.json").decode()
    for who in (cast.outsider.email, str(cast.guest.pk)):
        call_command("person", "erase", who)
        with pytest.raises(CommandError, match="Nobody"):
            call_command("person", "erase", who)
    assert not User.objects.filter(pk__in=[cast.outsider.pk, cast.guest.pk]).exists()


def test_a_case_goes_out_of_sight_when_she_who_stood_behind_it_goes(cast):
    told = make_case_study(make_finding(), cast.partnership, member(user=cast.south_representative))
    for person in (cast.south_representative, cast.north_facilitator):
        case_studies.approve(CaseStudy.objects.get(pk=told.pk), person, case_studies.digest(told))
    assert Item.objects.get(pk=told.pk).state == State.PUBLISHED
    erasure.erase_person(cast.north_facilitator)
    assert Item.objects.get(pk=told.pk).state == State.DRAFT


def test_a_question_that_is_open_waits_for_her_no_longer(cast):
    assessment = making.in_session(cast)
    own, other = cast.membership(cast.north_representative), cast.membership(cast.guest)
    asked = PrivateBallot.objects.create(decision=assessment.decisions.first(), asked=[own.pk, other.pk])
    erasure.erase_person(cast.north_representative)
    asked.refresh_from_db()
    assert asked.asked == [other.pk]
