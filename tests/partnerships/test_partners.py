"""Organisations: what is said of them, and whose word on a side counts."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assessments.models import Assessment, Participant
from partnerships import services
from partnerships.models import ActivityLogEntry, Invitation, Membership, Partner, Role, Side
from partnerships.services import PartnerData, Refused
from tests.factories import PartnerFactory, make_cast, membership
from tests.partnerships.overlapping import while_held


def data(partner: Partner, **changes) -> PartnerData:
    said = {name: getattr(partner, name) for name in ("name", "acronym", "country", "side", "kind", "identifier")}
    return PartnerData(**{**said, **changes})


def snapshot(partner: Partner) -> None:
    """An assessment takes the partner over."""
    assessment = Assessment.objects.create(partnership=partner.partnership, title="Baseline")
    Participant.objects.create(
        assessment=assessment,
        partner=partner,
        number=1,
        name=partner.name,
        acronym="X",
        side=partner.side,
        kind="other",
    )


def test_add_partner_page(client, cast):
    client.force_login(cast.south_facilitator)
    typed = {"name": "Tumaini", "acronym": "TU", "country": "TZ", "side": "south", "kind": "community"}
    page = reverse("partnerships:add_partner", args=[cast.partnership.code])
    response = client.post(page, {**typed, "receives_through": "N1", "identifier": "TZ-123"})
    assert response.headers["Location"] == reverse("partnerships:partners", args=[cast.partnership.code])
    partner = cast.partnership.partners.get(acronym="TU")
    assert (partner.receives_through, partner.identifier) == (cast.partners["n1"], "TZ-123")
    assert ActivityLogEntry.objects.get(verb="partner.added").actor == cast.south_facilitator
    response = client.post(page, {**typed, "name": "TUMAINI", "acronym": "tu"})
    assert response.status_code == 200
    assert cast.partnership.partners.filter(acronym__iexact="tu").count() == 1


def test_country_is_of_iso_3166(client, cast):
    client.force_login(cast.south_facilitator)
    page = reverse("partnerships:add_partner", args=[cast.partnership.code])
    typed = {"name": "Tumaini", "acronym": "TU", "country": "XX", "side": "south", "kind": "community"}
    assert client.post(page, typed).context["form"].errors["country"]
    assert client.post(page, {**typed, "country": "TZ"}).status_code == 302


def test_change_partner_page(client, cast):
    client.force_login(cast.north_facilitator)
    partner = cast.partners["s3"]
    page = reverse("partnerships:change_partner", args=[cast.partnership.code, partner.code])
    html = client.get(page).content.decode()
    assert partner.name in html
    typed = {"name": "New name", "acronym": "S3", "country": "KE", "side": "other", "kind": "network"}
    client.post(page, {**typed, "receives_through": "N2"})
    partner.refresh_from_db()
    assert (partner.name, partner.side, partner.receives_through) == ("New name", "other", cast.partners["n2"])
    entry = ActivityLogEntry.objects.get(verb="partner.changed")
    assert entry.about == "New name: name, side, kind, receives_through"


def test_money_does_not_come_through_itself(cast):
    partner, north = cast.partners["s3"], cast.membership(cast.north_facilitator)
    with pytest.raises(Refused):
        services.change_partner(partner, north, data(partner, receives_through="S3"))
    assert services.change_partner(partner, north, data(partner, receives_through="N1")).receives_through


def test_confirmed_side_is_changed_by_its_representative_alone(client, cast):
    partner, north = cast.partners["s1"], cast.membership(cast.north_facilitator)
    services.change_partner(partner, north, data(partner, side=Side.OTHER))
    services.confirm_organisation(cast.membership(cast.south_representative), Side.OTHER)
    with pytest.raises(Refused):
        services.change_partner(partner, north, data(partner, side=Side.NORTH))
    client.force_login(cast.north_facilitator)
    page = reverse("partnerships:change_partner", args=[cast.partnership.code, partner.code])
    typed = {"name": "South one", "acronym": "S1", "country": "KE", "side": "north", "kind": "other"}
    client.post(page, typed)
    partner.refresh_from_db()
    assert (partner.name, partner.side) == ("South one", Side.OTHER)
    services.confirm_organisation(cast.membership(cast.south_representative), Side.SOUTH)
    partner.refresh_from_db()
    assert partner.side == Side.SOUTH
    assert ActivityLogEntry.objects.get(verb="partner.side").about == "South one: other → south"


def test_representative_confirms_on_her_page(client, cast):
    client.force_login(cast.south_representative)
    page = reverse("partnerships:organisation", args=[cast.partnership.code])
    assert cast.partners["s1"].name in client.get(page).content.decode()
    response = client.post(page, {"side": "south"})
    assert response.headers["Location"] == cast.partnership.get_absolute_url()
    partner = Partner.objects.get(pk=cast.partners["s1"].pk)
    assert partner.side_confirmed_by == cast.south_representative
    assert cast.membership(cast.south_representative).confirmed_at


def test_help_says_confirmed_later_only_until_it_is_confirmed(client, cast):
    code, partner = cast.partnership.code, cast.partners["s1"]
    pages = {
        cast.north_facilitator: reverse("partnerships:change_partner", args=[code, partner.code]),
        cast.south_representative: reverse("partnerships:organisation", args=[code]),
    }
    for shown in (True, False):
        for user, page in pages.items():
            client.force_login(user)
            html = client.get(page).content.decode()
            assert ("will confirm the side later" in html) is shown, page
        services.confirm_organisation(cast.membership(cast.south_representative), Side.SOUTH)


def test_second_representative_confirms_but_does_not_overrule(cast):
    colleague = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s1"])
    services.confirm_organisation(cast.membership(cast.south_representative), Side.SOUTH)
    with pytest.raises(Refused):
        services.confirm_organisation(colleague, Side.NORTH)
    services.confirm_organisation(colleague, Side.SOUTH)
    partner = Partner.objects.get(pk=cast.partners["s1"].pk)
    assert (partner.side, partner.side_confirmed_by) == (Side.SOUTH, cast.south_representative)
    # Once she is gone, her colleague may correct it.
    services.void_membership(cast.membership(cast.south_representative), cast.membership(cast.south_facilitator))
    assert services.confirm_organisation(colleague, Side.NORTH).side == Side.NORTH


def test_side_stands_once_an_assessment_has_it(cast):
    """For the representative, too; she may still confirm what stands."""
    free, frozen = cast.partners["s2"], cast.partners["s1"]
    snapshot(frozen)
    south, guest = cast.membership(cast.south_representative), cast.membership(cast.guest)
    with pytest.raises(Refused):
        services.confirm_organisation(south, Side.NORTH)
    with pytest.raises(Refused):
        services.change_partner(frozen, cast.membership(cast.south_facilitator), data(frozen, side=Side.NORTH))
    assert services.confirm_organisation(south, Side.SOUTH).side_confirmed_by == cast.south_representative
    assert services.confirm_organisation(guest, Side.NORTH).side == Side.NORTH
    assert free.partnership == frozen.partnership


def test_partner_nobody_knows_is_removed(client, cast):
    client.force_login(cast.south_facilitator)
    page = reverse("partnerships:remove_partner", args=[cast.partnership.code, cast.partners["s3"].code])
    assert "Remove this partner" in client.get(page).content.decode()
    change = reverse("partnerships:change_partner", args=[cast.partnership.code, cast.partners["s3"].code])
    assert page in client.get(change).content.decode()
    client.post(page)
    assert not cast.partnership.partners.filter(acronym="S3").exists()


@pytest.mark.parametrize("why", ["members", "assessment"])
def test_partner_in_use_is_kept_and_marked_as_left(client, cast, why):
    partner = cast.partners["s1" if why == "members" else "s3"]
    if why == "assessment":
        snapshot(partner)
    invitation = services.invite(cast.membership(cast.south_facilitator), "link", Role.OBSERVER, partner)
    client.force_login(cast.south_facilitator)
    page = reverse("partnerships:remove_partner", args=[cast.partnership.code, partner.code])
    change = reverse("partnerships:change_partner", args=[cast.partnership.code, partner.code])
    assert "Remove this partner" not in client.get(page).content.decode()
    assert page not in client.get(change).content.decode()
    html = client.post(page, follow=True).content.decode()
    assert "Mark it as having left" in html
    client.post(reverse("partnerships:leave_partner", args=[cast.partnership.code, partner.code]))
    partner.refresh_from_db()
    assert partner.left_at
    assert not Invitation.objects.open().filter(pk=invitation.pk).exists()
    with pytest.raises(Refused):
        services.invite(cast.membership(cast.south_facilitator), "link", Role.OBSERVER, partner)
    client.post(reverse("partnerships:leave_partner", args=[cast.partnership.code, partner.code]), {"back": "1"})
    partner.refresh_from_db()
    assert partner.left_at is None


def test_two_partners_stay(cast):
    facilitator = cast.other_partnership.memberships.get()
    spare = PartnerFactory(partnership=cast.other_partnership)
    services.remove_partner(spare, facilitator)
    with pytest.raises(Refused):
        services.remove_partner(cast.other_partnership.partners.get(side="south"), facilitator)
    assert cast.other_partnership.partners.count() == 2


@pytest.mark.django_db(transaction=True)
def test_facilitator_and_representative_at_once():
    cast = make_cast()
    partner, north = cast.partners["s1"], cast.membership(cast.north_facilitator)
    outcome = while_held(
        lambda: services.confirm_organisation(cast.membership(cast.south_representative), Side.SOUTH),
        lambda: services.change_partner(partner, north, data(partner, side=Side.NORTH)),
    )
    assert isinstance(outcome, Refused)
    partner.refresh_from_db()
    assert partner.side == Side.SOUTH


def test_database_keeps_partnerships_apart(cast):
    theirs, ours = cast.other_partnership.partners.first(), cast.partners["s1"]
    for wrong in (
        lambda: Membership.objects.create(
            partnership=cast.partnership, user=cast.outsider, role="observer", partner=theirs
        ),
        lambda: Partner.objects.filter(pk=ours.pk).update(receives_through=theirs),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
    Partner.objects.filter(pk=ours.pk).update(receives_through=cast.partners["n1"])
