"""Starting a partnership, and its settings."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partnerships.activity_log import name_change, record
from partnerships.codes import new_code
from partnerships.models import Draft, Membership, Partner, Partnership, Role, User
from partnerships.services.invitations import PersonData, invite_all
from partnerships.services.memberships import in_force, lock, represent
from partnerships.services.partners import FEWEST, PartnerData, partner_by_acronym, save_unique
from partnerships.services.refusal import Refused


@dataclass(frozen=True)
class PartnershipData:
    name: str
    context: str = ""
    countries: list[str] = field(default_factory=list)
    north_label: str = ""
    south_label: str = ""
    other_label: str = ""


@transaction.atomic
def create_partnership(
    user: User, data: PartnershipData, partners: Sequence[PartnerData], employer: str = "", code: str = ""
) -> Partnership:
    """Start a partnership with its partners; the person who does it is its first facilitator, admitted at once.

    `employer` is the acronym of one of the partners, or any other text. The same `code` again returns what it made.
    """
    if len(partners) < FEWEST:
        raise Refused(_("A partnership needs at least two partners. Add another partner first."))
    partnership, new = Partnership.objects.get_or_create(
        code=code or new_code(), defaults={**asdict(data), "created_by": user}
    )
    if not new:
        return mine(partnership, user)
    lay_partners(partnership, partners)
    where = partner_by_acronym(partnership, employer)
    Membership.objects.create(
        partnership=partnership,
        user=user,
        role=Role.FACILITATOR,
        partner=where,
        employer="" if where else employer,
        admitted_at=timezone.now(),
    )
    record(partnership, user, "partnership.created", partnership.name)
    return partnership


def draft_of(user: User) -> Draft | None:
    return Draft.objects.filter(user=user).first()


def made_from(user: User, code: str) -> Partnership | None:
    """Return the partnership that this person has made of a draft: the form was sent twice."""
    return Partnership.objects.filter(code=code, created_by=user).first()


def is_of_another(user: User, code: str) -> bool:
    """Say whether another person drafts a partnership under this code or has made one of it."""
    drafts, made = Draft.objects.filter(code=code), Partnership.objects.filter(code=code)
    return drafts.exclude(user=user).exists() or made.exclude(created_by=user).exists()


@transaction.atomic
def keep_draft(user: User, code: str, **typed: Any) -> None:
    """Keep what somebody typed about a new partnership, beside what she typed before."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if Partnership.objects.filter(code=code).exists():
        return
    draft = draft_of(user) or Draft(user=user)
    draft.data = (draft.data if draft.code == code else {}) | typed
    draft.code, draft.changed_at = code, timezone.now()
    draft.save()


def discard_draft(user: User) -> None:
    Draft.objects.filter(user=user).delete()


@transaction.atomic
def start(
    user: User,
    code: str,
    name: str,
    partners: Sequence[PartnerData],
    organisation: str,
    people: Sequence[PersonData] = (),
    represents: bool = False,
) -> Partnership:
    """Start a partnership with its partners and invite its people, all or nothing; the draft ends. Sent twice: once."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if made := made_from(user, code):
        return made
    employer = next(
        (partner.acronym for partner in partners if partner.name.casefold() == organisation.casefold()), organisation
    )
    partnership = create_partnership(user, PartnershipData(name), partners, employer, code)
    by = partnership.memberships.get(user=user)
    if represents:
        represent(by)
    invite_all(by, people)
    Draft.objects.filter(user=user, code=code).delete()
    return partnership


def mine(partnership: Partnership, user: User) -> Partnership:
    if partnership.created_by_id != user.pk:
        raise Refused(_("This form has already been sent. Please open a new form."))
    return partnership


def lay_partners(partnership: Partnership, partners: Sequence[PartnerData]) -> None:
    for position, data in enumerate(partners):
        save_unique(Partner(partnership=partnership, position=position, **data.fields()))
    for data in partners:
        if data.receives_through:
            through = partner_by_acronym(partnership, data.receives_through)
            if through is None or through.acronym.lower() == data.acronym.lower():
                raise Refused(_("Under “Receives money through”, choose another partner from this list."))
            partnership.partners.filter(acronym__iexact=data.acronym).update(receives_through=through)


@transaction.atomic
def change_partnership(partnership: Partnership, by: Membership, data: PartnershipData) -> Partnership:
    partnership, by = lock(partnership), in_force(by)
    changed = [name for name, value in asdict(data).items() if getattr(partnership, name) != value]
    if partnership.is_rehearsal and "name" in changed:
        raise Refused(_("You cannot change the name of a rehearsal."))
    old = partnership.name
    for name in changed:
        setattr(partnership, name, getattr(data, name))
    partnership.save(update_fields=changed)
    if changed:
        record(partnership, by.user, "partnership.changed", ", ".join(changed))
    if "name" in changed:
        record(partnership, by.user, "partnership.renamed", name_change(old, partnership.name))
    return partnership
