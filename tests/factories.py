"""People, partnerships, partners and memberships for tests, and a fixed cast that every permission test plays with."""

from dataclasses import dataclass, fields

import factory
import pytest
from django.utils import timezone
from factory.django import DjangoModelFactory

from partnerships.models import Kind, Membership, Partner, Partnership, Role, Side, User
from tests.worlds import kept

PASSWORD = "correct horse battery staple"


class UserFactory(DjangoModelFactory):
    """A person with a verified address, who can sign in with PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@example.org")

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        # The fast hash keeps hundreds of tests quick; a test of signing in calls set_password itself.
        user = model_class.objects.create_user(*args, **kwargs)
        if user.email:
            user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        return user


class GuestFactory(UserFactory):
    """A person without e-mail."""

    email = None
    is_guest = True


class PartnershipFactory(DjangoModelFactory):
    class Meta:
        model = Partnership

    name = factory.Sequence(lambda n: f"Partnership {n}")
    context = "Clean water in three districts."
    countries = factory.LazyFunction(lambda: ["KE"])


class PartnerFactory(DjangoModelFactory):
    class Meta:
        model = Partner

    partnership = factory.SubFactory(PartnershipFactory)
    name = factory.Sequence(lambda n: f"Organisation {n}")
    acronym = factory.Sequence(lambda n: f"ORG{n}")
    country = "KE"
    side = Side.SOUTH
    kind = Kind.NATIONAL
    position = factory.Sequence(lambda n: n)


class MembershipFactory(DjangoModelFactory):
    """A membership that counts; `admitted_at=None` makes one that waits."""

    class Meta:
        model = Membership

    partnership = factory.LazyAttribute(
        lambda membership: membership.partner.partnership if membership.partner else PartnershipFactory()
    )
    partner = factory.SubFactory(PartnerFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.REPRESENTATIVE
    admitted_at = factory.LazyFunction(timezone.now)


@dataclass
class Cast:
    """One partnership (2 Northern, 3 Southern, 1 other partner) and everybody who may knock at its door."""

    partnership: Partnership
    partners: dict[str, Partner]  # n1 n2 s1 s2 s3 o1
    anonymous: None
    outsider: User
    observer: User
    north_representative: User
    south_representative: User
    guest: User  # represents s2
    north_facilitator: User
    south_facilitator: User
    other_partnership: Partnership
    other_facilitator: User  # of the other partnership
    staff: User

    def people(self) -> dict[str, User | None]:
        """Return everybody by name, the anonymous visitor as None."""
        names = [field.name for field in fields(self) if "partner" not in field.name]
        return {name: getattr(self, name) for name in names if name != "people"}

    def membership(self, person: User, role: str | None = None) -> Membership:
        """Return a person's membership in the partnership of the cast."""
        memberships = self.partnership.memberships.filter(user=person)
        return (memberships.filter(role=role) if role else memberships).get()


def make_partners(partnership: Partnership, north: int = 2, south: int = 3, other: int = 1) -> dict[str, Partner]:
    """Make partners by side, keyed n1, n2 …, s1 …, o1 …."""
    plan = [("n", Side.NORTH, north, "NL"), ("s", Side.SOUTH, south, "KE"), ("o", Side.OTHER, other, "SE")]
    return {
        f"{letter}{n}": PartnerFactory(
            partnership=partnership,
            name=f"{side.label} {n}",
            acronym=f"{letter.upper()}{n}",
            side=side,
            country=country,
            kind=Kind.INGO if side == Side.NORTH else Kind.NATIONAL if side == Side.SOUTH else Kind.DONOR,
        )
        for letter, side, count, country in plan
        for n in range(1, count + 1)
    }


def membership(partnership: Partnership, role: str, partner: Partner | None, **kwargs) -> Membership:
    """Make an admitted membership; `user=` or the person's fields as `user__name=`."""
    return MembershipFactory(partnership=partnership, role=role, partner=partner, **kwargs)


@kept
def make_cast() -> Cast:
    partnership, other = PartnershipFactory(name="Water for All"), PartnershipFactory(name="Elsewhere")
    partners, others = make_partners(partnership), make_partners(other, 1, 1, 0)
    guest = GuestFactory(name="Guest Gathoni")
    membership(partnership, Role.REPRESENTATIVE, partners["s2"], user=guest)
    return Cast(
        partnership=partnership,
        partners=partners,
        anonymous=None,
        outsider=UserFactory(name="Outsider Otto"),
        observer=membership(partnership, Role.OBSERVER, partners["o1"], user__name="Observer Oda").user,
        north_representative=membership(partnership, Role.REPRESENTATIVE, partners["n1"], user__name="Nora North").user,
        south_representative=membership(partnership, Role.REPRESENTATIVE, partners["s1"], user__name="Sara South").user,
        guest=guest,
        north_facilitator=membership(partnership, Role.FACILITATOR, partners["n1"], user__name="Freek North").user,
        south_facilitator=membership(partnership, Role.FACILITATOR, partners["s1"], user__name="Fatma South").user,
        other_partnership=other,
        other_facilitator=membership(other, Role.FACILITATOR, others["n1"], user__name="Freya Elsewhere").user,
        staff=UserFactory(name="Staff Stella", is_staff=True),
    )


@pytest.fixture
def cast(db) -> Cast:
    """Import this in a conftest, or list `tests.factories` among its plugins."""
    return make_cast()
