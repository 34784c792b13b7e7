"""The people page: who is here, who waits, letting in and taking back; and what staff see."""

from django.urls import reverse

from partnerships import services
from partnerships.models import Role
from tests.assessments.making import rating
from tests.factories import GuestFactory, membership
from tests.security import secondstep


def page(cast, name: str, *codes: str) -> str:
    return reverse(f"partnerships:{name}", args=[cast.partnership.code, *codes])


def waiting(cast, **kwargs):
    return membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s3"], admitted_at=None, **kwargs)


def test_everybody_sees_members_and_employers(client, cast):
    membership(cast.partnership, Role.FACILITATOR, None, employer="A university", user__name="Prof. Pauw")
    waiting(cast, user__name="Wairimu")
    client.force_login(cast.observer)
    html = client.get(page(cast, "people")).content.decode()
    for told in ("Prof. Pauw", "A university", cast.north_facilitator.name, cast.partners["n1"].name):
        assert told in html
    assert "Wairimu" not in html
    assert "Invite people" not in html
    client.force_login(cast.north_facilitator)
    html = client.get(page(cast, "people")).content.decode()
    assert "Wairimu" in html
    assert "Invite people" in html


def test_only_one_of_several_seats_is_left_by_itself(client, cast):
    own = cast.membership(cast.north_representative)
    client.force_login(cast.north_representative)
    assert page(cast, "void", own.code) not in client.get(page(cast, "people")).content.decode()
    second = membership(cast.partnership, Role.FACILITATOR, cast.partners["n1"], user=cast.north_representative)
    html = client.get(page(cast, "people")).content.decode()
    assert all(page(cast, "void", seat.code) in html for seat in (own, second))


def test_confirm_buttons(client, cast):
    first, second = waiting(cast), waiting(cast)
    client.force_login(cast.north_facilitator)
    assert "Confirm everyone" in client.get(page(cast, "people")).content.decode()
    client.post(page(cast, "confirm", first.code))
    html = client.get(page(cast, "people")).content.decode()
    assert page(cast, "confirm", first.code) not in html
    assert page(cast, "confirm", second.code) in html
    client.force_login(cast.south_facilitator)
    client.post(page(cast, "confirm_all"), {"membership": [first.code, second.code]})
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.admitted_at
    assert second.admitted_at is None


def test_page_costs_the_same_for_many(client, cast, django_assert_max_num_queries):
    client.force_login(cast.north_facilitator)
    for _n in range(12):
        services.confirm_membership(waiting(cast, user=GuestFactory()), cast.membership(cast.south_facilitator))
        membership(cast.partnership, Role.OBSERVER, None)
        services.invite(cast.membership(cast.north_facilitator), "link", Role.OBSERVER, cast.partners["s1"])
    with django_assert_max_num_queries(12):
        client.get(page(cast, "people"))


def test_void_asks_first(client, cast):
    hers = cast.membership(cast.guest)
    client.force_login(cast.south_facilitator)
    assert cast.guest.name in client.get(page(cast, "void", hers.code)).content.decode()
    hers.refresh_from_db()
    assert hers.voided_at is None
    client.post(page(cast, "void", hers.code))
    hers.refresh_from_db()
    assert hers.voided_at
    assert cast.partnership.activity_log.get(verb="membership.voided").actor == cast.south_facilitator


def test_member_leaves_her_own_membership_only(client, cast):
    own, other = cast.membership(cast.observer), cast.membership(cast.guest)
    client.force_login(cast.observer)
    assert client.post(page(cast, "void", other.code)).status_code == 403
    assert client.post(page(cast, "void", own.code)).headers["Location"] == reverse("partnerships:list")
    assert client.get(page(cast, "people")).status_code == 404


def test_facilitator_of_the_other_side(client, cast):
    theirs = cast.membership(cast.south_facilitator)
    client.force_login(cast.north_facilitator)
    html = client.get(page(cast, "void", theirs.code)).content.decode()
    assert "Only that facilitator can end it." in html
    assert client.post(page(cast, "void", theirs.code)).status_code == 403
    theirs.refresh_from_db()
    assert theirs.voided_at is None


def test_staff_look(client, cast):
    secondstep.sign_in(client, cast.staff)
    for name in ("user", "partnership", "partner", "membership"):
        listing = client.get(reverse(f"admin:partnerships_{name}_changelist"))
        assert listing.status_code == 200
        assert client.get(reverse(f"admin:partnerships_{name}_add")).status_code == 403
    user = reverse("admin:partnerships_user_change", args=[cast.observer.pk])
    html = client.get(user).content.decode()
    assert cast.observer.email in html
    assert "password" not in html.lower().replace("password_change", "")
    assert client.post(user, {"is_staff": "on"}).status_code == 403
    client.force_login(cast.north_facilitator)
    assert client.get(reverse("admin:partnerships_membership_changelist")).status_code != 200


def test_staff_take_back_the_membership_of_a_facilitator_who_is_gone(client, cast):
    gone = cast.membership(cast.south_facilitator)
    secondstep.sign_in(client, cast.staff)
    data = {"action": "take_back", "_selected_action": [gone.pk]}
    client.post(reverse("admin:partnerships_membership_changelist"), data)
    gone.refresh_from_db()
    assert gone.voided_at
    assert cast.partnership.activity_log.get(verb="membership.voided").actor == cast.staff


def test_who_waited_for_that_facilitator_is_admitted_during_rating(client, cast):
    rating(cast)
    waits = waiting(cast, user__language="es")
    services.confirm_membership(waits, cast.membership(cast.north_facilitator))
    secondstep.sign_in(client, cast.staff)
    data = {"action": "take_back", "_selected_action": [cast.membership(cast.south_facilitator).pk]}
    client.post(reverse("admin:partnerships_membership_changelist"), data)
    waits.refresh_from_db()
    assert waits.admitted_at
