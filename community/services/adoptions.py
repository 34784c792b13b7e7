"""Both ways between measures and assessments: an action adopts a measure, and a measure tells how many did."""

from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from assessments.evidence import FEWEST_PARTNERSHIPS
from assessments.models import Action
from community.evidence.adopted import name_of
from community.models import Adoption, EvidenceSnapshot, Measure, RealPartnership, RealState, State
from partnerships.access import MemberRoles, member_roles_of
from partnerships.codes import keyed_hash
from partnerships.models import User
from partnerships.services import Refused


def action_for(user: User | None, code: str) -> tuple[Action, MemberRoles] | None:
    """Return an action of an assessment that this person takes part in, with her standing there."""
    if user is None or not code:
        return None
    action = Action.objects.select_related("assessment__partnership", "decision", "owner").filter(code=code).first()
    if action is None:
        return None
    member = member_roles_of(user, action.assessment.partnership)
    return (action, member) if member.memberships else None


def may_adopt(action: Action, member: MemberRoles) -> bool:
    """Say whether this person plans for the action: facilitators, and the owner's representatives."""
    if action.status == Action.Status.DROPPED:
        return False
    membership = member.represents
    return member.is_facilitator or (membership is not None and membership.partner_id == action.owner.partner_id)


def address(action: Action) -> str:
    """Return the action's own page."""
    return f"{action.assessment.get_absolute_url()}actions/{action.code}/"


@transaction.atomic
def adopt(measure: Measure, action: Action, user: User) -> Adoption:
    if not measure.is_published:
        raise Refused(_("A measure is adopted once it is published."))
    return Adoption.objects.get_or_create(measure=measure, action=action, defaults={"by": user})[0]


def give_up(measure: Measure, action: Action) -> None:
    Adoption.objects.filter(measure=measure, action=action).delete()


def adopted(action: Action) -> list[Measure]:
    """Return the measures that an action has adopted, in the order of adoption."""
    found = Measure.objects.filter(adoptions__action=action, state=State.PUBLISHED)
    return list(found.order_by("adoptions__at").defer("text", "search"))


def partnerships_adopting(measure: Measure) -> int | None:
    """Return how many real partnerships have adopted a measure, in whole fives: "at least 10"; None below five.

    Only those count that coordinators confirmed to be real, and from the day after. Each measure holds back a secret
    0 to 4 of them: whoever adds her own and sees the number change learns no exact count.
    """
    found = Adoption.objects.filter(
        measure=measure, at__date__lt=localdate(), action__assessment__partnership__in=real_partnerships()
    )
    n = found.order_by().values("action__assessment__partnership").distinct().count()
    return max(n - held_back(measure), 0) // FEWEST_PARTNERSHIPS * FEWEST_PARTNERSHIPS or None


def real_partnerships() -> QuerySet:
    confirmed = RealPartnership.objects.filter(state=RealState.CONFIRMED, partnership__is_demo=False)
    return confirmed.order_by().values("partnership")


def held_back(measure: Measure) -> int:
    """Return how many partnerships this measure's number leaves out, always the same."""
    return int(keyed_hash("adoptions", measure.code), 16) % FEWEST_PARTNERSHIPS


# --- what was there afterwards


def adopting() -> list[tuple]:
    """Return where decisions that adopted a measure are found again, for the evidence base to refresh its tables.

    One row each: the measure's code, the assessment of the action, the next one, the decision's number there.
    """
    rows = Adoption.objects.exclude(action__status=Action.Status.DROPPED).filter(
        action__decision__successors__number__isnull=False,
        action__decision__successors__merged_into=None,
        action__decision__successors__left_out=False,
        action__decision__successors__assessment__predecessor=F("action__assessment"),
    )
    found = rows.order_by("pk").values_list(
        "measure__code",
        "action__assessment",
        "action__decision__successors__assessment",
        "action__decision__successors__number",
    )
    return list(found)


def shift_after(measure: Measure) -> dict[str, Any] | None:
    """Return what the newest snapshot says of the decisions that adopted a measure: since when, and per side."""
    last = EvidenceSnapshot.objects.real().only("measures").first()
    key = name_of(measure.code)
    found = next((one for one in last.measures if one["key"] == key and one["shown"]), None) if last else None
    return found and {"since": found["since"], "sides": [(cell["of"][0], cell) for cell in found["cells"]]}
