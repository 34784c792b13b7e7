"""Both ways between measures and assessments: an action adopts a measure, and a measure tells how many did."""

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from assessments.models import Action
from community.evidence.adopted import name_of
from community.evidence.adoption_steps import Adopting
from community.models import Adoption, EvidenceSnapshot, Measure, RealPartnership, RealState, State
from partnerships.access import MemberRoles, member_roles_of, require_second_step
from partnerships.models import Membership, Role, User
from partnerships.services import Refused

DONE = (Action.Status.DONE, Action.Status.CONFIRMED, Action.Status.DROPPED)
MOST = 100  # planned actions from which one is chosen


def action_for(user: User | None, code: str) -> tuple[Action, MemberRoles] | None:
    """Return an action of an assessment that this person takes part in, with her standing there."""
    if user is None or not code:
        return None
    action = Action.objects.select_related("assessment__partnership", "decision", "owner").filter(code=code).first()
    if action is None:
        return None
    member = member_roles_of(user, action.assessment.partnership)
    require_second_step(member, action.assessment.partnership)
    return (action, member) if member.memberships else None


def may_adopt(action: Action, member: MemberRoles) -> bool:
    """Say whether this person plans for the action: facilitators, and the owner's representatives."""
    if action.status == Action.Status.DROPPED:
        return False
    membership = member.represents
    return member.is_facilitator or (membership is not None and membership.partner_id == action.owner.partner_id)


def actions_to_adopt(user: User) -> list[Action]:
    """Return the planned actions for which this person may use a measure, the next due first (three queries)."""
    memberships = user.memberships.in_force().filter(role__in=[Role.FACILITATOR, Role.REPRESENTATIVE])
    roles: dict[int, list[Membership]] = defaultdict(list)
    for membership in memberships:
        roles[membership.partnership_id].append(membership)
    open_actions = Action.objects.filter(assessment__partnership__in=roles).exclude(status__in=DONE)
    rows = open_actions.select_related("assessment__partnership", "decision", "owner").order_by("due", "pk")[:MOST]
    return [row for row in rows if may_adopt(row, MemberRoles(tuple(roles[row.assessment.partnership_id])))]


def address(action: Action) -> str:
    """Return the action's own page."""
    return f"{action.assessment.get_absolute_url()}actions/{action.code}/"


@transaction.atomic
def adopt(measure: Measure, action: Action, user: User) -> Adoption:
    if not measure.is_published:
        raise Refused(_("You can use a measure only once it is published."))
    return Adoption.objects.get_or_create(measure=measure, action=action, defaults={"by": user})[0]


def give_up(measure: Measure, action: Action) -> None:
    Adoption.objects.filter(measure=measure, action=action).delete()


def adopted(action: Action) -> list[Measure]:
    """Return the measures that an action has adopted, in the order of adoption."""
    measures = Measure.objects.filter(adoptions__action=action, state=State.PUBLISHED)
    return list(measures.order_by("adoptions__at").defer("text", "search"))


def steps_of_five() -> dict[str, int]:
    """Return how many confirmed partnerships adopted each measure, by its code, as the newest snapshot says."""
    newest = EvidenceSnapshot.objects.real().only("adoptions").first()
    return newest.adoptions if newest else {}


def adopting_partnerships() -> Adopting:
    """Return which confirmed partnerships adopt each published measure now, by its code, for the next snapshot."""
    adoptions = Adoption.objects.filter(
        measure__state=State.PUBLISHED, action__assessment__partnership__in=ids_of_real_partnerships()
    )
    now: Adopting = defaultdict(set)
    for code, partnership in adoptions.values_list("measure__code", "action__assessment__partnership"):
        now[code].add(partnership)
    return dict(now)


def ids_of_real_partnerships() -> QuerySet:
    """Return the ids of the partnerships that a coordinator confirmed to be real, for a subquery."""
    confirmed = RealPartnership.objects.filter(state=RealState.CONFIRMED, partnership__is_demo=False)
    return confirmed.order_by().values("partnership")


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
    decisions = rows.order_by("pk").values_list(
        "measure__code",
        "action__assessment",
        "action__decision__successors__assessment",
        "action__decision__successors__number",
    )
    return list(decisions)


def shift_after(measure: Measure) -> dict[str, Any] | None:
    """Return what the newest snapshot says of the decisions that adopted a measure: since when, and per side."""
    last = EvidenceSnapshot.objects.real().only("measures").first()
    key = name_of(measure.code)
    table = (
        next((candidate for candidate in last.measures if candidate["key"] == key and candidate["shown"]), None)
        if last
        else None
    )
    return table and {"since": table["since"], "sides": [(cell["of"][0], cell) for cell in table["cells"]]}
