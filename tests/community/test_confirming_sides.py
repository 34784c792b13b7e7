"""Who confirms a member's side: coordinators of both sides, staff, or a partnership."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from community.models import (
    GroupMembership,
    GroupRole,
    RealPartnership,
    SideConfirmation,
)
from community.services.evidence import decide_real
from community.services.groups import memberships, sides
from partnerships.models import Notification, Role, Side
from partnerships.services import Refused
from tests.community.making import the_group
from tests.community.papermaking import (
    coordinator,
    newcomer,
)
from tests.factories import UserFactory, membership
from tests.security import secondstep

pytestmark = pytest.mark.django_db


def test_coordinators_of_both_sides_confirm_a_side(client):
    nora, sena, nia = coordinator("Nora", Side.NORTH), coordinator("Sena", Side.SOUTH), newcomer()
    address = reverse("community:confirm-side", args=["change", nia.user.profile.handle])
    seen = {"seen": sides.seen_of(nia)}
    for place, one in enumerate((nora, nora, sena)):
        nia.refresh_from_db()
        assert nia.confirmed_at is None, place
        client.force_login(one.user)
        client.post(address, seen)
    nia.refresh_from_db()
    assert nia.confirmed_at is not None


def test_coordinators_of_one_side_confirm_nobody_until_staff_appoint_one_of_the_other(client, cast):
    nora, nils, nia = coordinator("Nora", Side.NORTH), coordinator("Nils", Side.NORTH), newcomer()
    for one in (nora, nils):
        sides.confirm(nia, one, sides.seen_of(nia))
    nia.refresh_from_db()
    assert nia.confirmed_at is None
    sena = newcomer("Sena South")
    memberships.appoint(sena, nora.user, GroupRole.COORDINATOR)
    sena.refresh_from_db()
    with pytest.raises(Refused):
        sides.confirm(nia, sena, sides.seen_of(nia))  # whom a coordinator appoints is not confirmed by that
    secondstep.sign_in(client, cast.staff)
    client.post(reverse("community:role", args=["change", sena.user.profile.handle]), {"role": "lead"})
    sena.refresh_from_db()
    sides.confirm(nia, sena, sides.seen_of(nia))
    nia.refresh_from_db()
    assert nia.confirmed_at is not None


def test_what_is_confirmed_is_the_side_and_organisation_that_were_read():
    nora, sena, nia = coordinator("Nora", Side.NORTH), coordinator("Sena", Side.SOUTH), newcomer()
    read = sides.seen_of(nia)
    sides.confirm(nia, nora, read)
    memberships.change_side(nia, Side.SOUTH, "A made-up organisation")
    with pytest.raises(Refused):
        sides.confirm(nia, sena, read)
    nia.refresh_from_db()
    sides.confirm(nia, sena, sides.seen_of(nia))
    nia.refresh_from_db()
    assert nia.confirmed_at is None, "the other word was about another organisation"


def test_nobody_confirms_without_an_organisation_or_oneself():
    nora, sena = coordinator("Nora", Side.NORTH), coordinator("Sena", Side.SOUTH)
    nia = newcomer(organisation="")
    for by, whom in ((nora, nia), (nora, nora)):
        with pytest.raises(Refused):
            sides.confirm(whom, by, sides.seen_of(whom))
    assert not SideConfirmation.objects.filter(by=sena.user).exists()


def test_the_database_keeps_who_confirms_a_side(cast):
    nora, nia = coordinator("Nora", Side.NORTH), newcomer()
    unconfirmed = newcomer("Una", Side.SOUTH)
    GroupMembership.objects.filter(pk=unconfirmed.pk).update(role=GroupRole.COORDINATOR)
    own, at = GroupMembership.objects.filter(pk=nia.pk), timezone.now()

    def said(by, side: str, way: str) -> SideConfirmation:
        return SideConfirmation.objects.create(group_membership=nia, by=by, side=side, way=way)

    for wrong in (
        lambda: own.update(confirmed_at=at),
        lambda: GroupMembership.objects.create(group=the_group(), user=UserFactory(), side="south", confirmed_at=at),
        lambda: said(nora.user, "south", "coordinator"),
        lambda: said(unconfirmed.user, "south", "coordinator"),
        lambda: said(nia.user, "south", "coordinator"),
        lambda: said(None, "south", "coordinator"),
        lambda: said(cast.south_facilitator, "south", "partnership"),
        lambda: said(cast.staff, "south", "staff"),  # nia is no coordinator
        lambda: said(nora.user, "north", "coordinator") and own.update(confirmed_at=at),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


@pytest.fixture
def represents(cast) -> GroupMembership:
    """A member who represents a Southern partner of a partnership that coordinators confirmed to be real."""
    nia = newcomer()
    membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s1"], user=nia.user)
    RealPartnership.objects.create(partnership=cast.partnership, state="confirmed", decided_at=timezone.now())
    return nia


def test_a_partnership_stands_behind_a_member_by_both_its_sides(client, cast, represents):
    client.force_login(represents.user)
    own = sides.memberships_behind(represents.user).get()
    client.post(reverse("community:ask-partnership", args=["change"]), {"membership": own.code})
    represents.refresh_from_db()
    assert (represents.side, represents.organisation) == ("south", cast.partners["s1"].name)
    address = reverse("community:stand-behind", args=[cast.partnership.code])
    for place, person in enumerate((cast.north_facilitator, cast.north_facilitator, cast.south_facilitator)):
        represents.refresh_from_db()
        assert represents.confirmed_at is None, place
        client.force_login(person)
        assert represents.user.name in client.get(address).content.decode()
        client.post(address, {"member": represents.pk, "seen": sides.seen_of(represents)})
    represents.refresh_from_db()
    assert represents.confirmed_at is not None


def test_a_made_up_partnership_stands_behind_nobody(cast, represents):
    own = sides.memberships_behind(represents.user).get()
    RealPartnership.objects.update(state="asked")
    with pytest.raises(Refused):
        sides.ask_partnership(represents, own.code)
    GroupMembership.objects.filter(pk=represents.pk).update(
        organisation=cast.partners["s1"].name, asked_through=cast.partnership
    )
    with pytest.raises(IntegrityError, match="does not confirm this side"), transaction.atomic():
        SideConfirmation.objects.create(
            group_membership=represents, by=cast.south_facilitator, side="south", way="partnership"
        )


@pytest.mark.parametrize("words", [1, 2])
def test_declining_a_partnership_ends_no_confirmation(cast, represents, words):
    """One coordinator declines, and could otherwise take the other side's answers out of an open round."""
    sides.ask_partnership(represents, sides.memberships_behind(represents.user).get().code)
    represents.refresh_from_db()
    for facilitator in (cast.north_facilitator, cast.south_facilitator)[:words]:
        sides.stand_behind(cast.partnership, represents, facilitator, sides.seen_of(represents))
    decide_real(RealPartnership.objects.get(), coordinator("Nora", Side.NORTH).user, False, "Nobody knows it.")
    if words == 1:
        with pytest.raises(Refused):
            sides.stand_behind(cast.partnership, represents, cast.south_facilitator, sides.seen_of(represents))
    represents.refresh_from_db()
    assert (represents.confirmed_at is not None) == (words == 2)


def test_coordinators_do_not_see_which_partnership_stands_behind_a_member(client, cast, represents):
    nora = coordinator("Nora", Side.NORTH)
    sides.ask_partnership(represents, sides.memberships_behind(represents.user).get().code)
    RealPartnership.objects.filter(partnership=cast.partnership).update(state="confirmed")
    client.force_login(nora.user)
    pages = [reverse(f"community:{name}", args=["change"]) for name in ("group", "people", "settings", "moderation")]
    shown = "".join(client.get(page).content.decode() for page in pages)
    assert represents.user.name in shown
    assert cast.partnership.name not in shown
    assert not Notification.objects.filter(recipient=nora.user, context__icontains=cast.partnership.name).exists()
