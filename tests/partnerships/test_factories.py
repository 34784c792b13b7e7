"""The cast itself: everybody stands where a permission test expects them."""

from partnerships.access import member_roles_of


def test_cast_has_two_facilitators_and_guest(cast):
    facilitators = cast.partnership.memberships.facilitators()
    assert {membership.partner.side for membership in facilitators} == {"north", "south"}
    assert member_roles_of(cast.guest, cast.partnership).roles == {"representative"}
    assert member_roles_of(cast.outsider, cast.partnership).memberships == ()
    assert set(cast.people()) >= {"anonymous", "outsider", "staff", "guest", "other_facilitator"}
