"""Measures: their steps, where they were tried, and how far they have come, as both sides sign it."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import (
    Evidence,
    EvidenceKind,
    GroupMembership,
    Item,
    ItemKind,
    Maturity,
    MaturityDecision,
    Measure,
    Signature,
    State,
    Step,
    Trial,
)
from community.services import writing
from community.services.findings import in_force
from community.services.first_measures import seed as seed
from community.services.groups import Writer
from community.services.notifications import tell
from partnerships.models import BOTH_SIDES, User
from partnerships.services import Refused

RANKS = {maturity: rank for rank, maturity in enumerate(Maturity)}


# --- steps


def steps_of(measure: Measure) -> list[Step]:
    """Return the steps in their order, those that were taken out or hidden left out."""
    found = Step.objects.filter(whole=measure.pk, state=State.PUBLISHED).select_related("author")
    return list(found.order_by("position", "pk"))


def taken_out(measure: Measure, user: User | None) -> list[Step]:
    """Return this person's own steps that were taken out; she can publish them again."""
    if user is None:
        return []
    return list(Step.objects.filter(whole=measure.pk, state=State.DRAFT, author=user).order_by("position", "pk"))


@transaction.atomic
def add_step(measure: Measure, writer: Writer, content: writing.Content, mutation: str) -> Step:
    _held(measure)
    last = Step.objects.filter(whole=measure.pk).aggregate(last=Max("position"))["last"] or 0
    made = Step(kind=ItemKind.STEP, group=measure.group, whole=Item(pk=measure.pk), position=last + 1)
    return writing.create(made, writer, content, mutation, publish=True)


@transaction.atomic
def move_step(measure: Measure, step: Step, by: int) -> None:
    """Move a step up (−1) or down (+1) by one place; at the end it stays."""
    _held(measure)
    order = steps_of(measure)
    place = order.index(step)
    other = place + (1 if by > 0 else -1)
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, one in enumerate(order, start=1):
        Step.objects.filter(pk=one.pk).update(position=position)
    _touch(measure)


@transaction.atomic
def take_out(measure: Measure, step: Step) -> None:
    """Take a step out; its author keeps it as a draft, with its history, and can publish it again."""
    _held(measure)
    Item.objects.filter(pk=step.pk, state=State.PUBLISHED).update(state=State.DRAFT, updated_at=timezone.now())
    _touch(measure)


def _touch(measure: Measure) -> None:
    Item.objects.filter(pk=measure.pk).update(updated_at=timezone.now())


def _held(measure: Measure) -> Measure:
    """Lock a measure, so that of two changes to its order or its maturity one waits for the other."""
    return Measure.objects.select_for_update(no_key=True, of=("self",)).get(pk=measure.pk)


# --- where it was tried


def trials_of(measure: Measure) -> list[Trial]:
    """Return where the measure was tried, as public sources tell that nobody has taken back."""
    found = measure.trials.filter(evidence__withdrawn_at=None, evidence__against=False)
    return list(found.select_related("evidence", "by"))


def sources_of(measure: Measure) -> list[Evidence]:
    """Return the documents on which a trial can rest."""
    return [row for row in in_force(measure) if row.kind == EvidenceKind.DOCUMENT]


def add_trial(measure: Measure, user: User, evidence: Evidence, who: str, where: str = "") -> Trial:
    if evidence not in sources_of(measure):
        raise Refused(_("Say in which public source it is told. Cite that document first."))
    return Trial.objects.create(measure=measure, evidence=evidence, who=who, where=where, by=user)


# --- maturity


def following(measure: Measure) -> list[Maturity]:
    """Return to which maturities a measure can move: one step up, or down to any."""
    now = RANKS[Maturity(measure.maturity)]
    return [one for one, rank in RANKS.items() if rank <= now + 1 and rank != now]


@transaction.atomic
def propose(
    measure: Measure, writer: Writer, to: str, reason: str, evidence: Evidence | None = None
) -> MaturityDecision:
    """Ask both sides to decide on a measure's maturity; who asks from the North or the South has signed for it."""
    now = _held(measure)
    if not now.is_published:
        raise Refused(_("A measure is published before it is decided upon."))
    if to not in following(now):
        raise Refused(_("A measure rises one step at a time."))
    if RANKS[Maturity(to)] > RANKS[Maturity(now.maturity)]:
        _check_evidence(now, evidence)
    else:
        evidence = None
    if open_decision(now):
        raise Refused(_("A decision is open already. It is signed or dropped first."))
    made = MaturityDecision.objects.create(
        measure=now, was=now.maturity, to=to, reason=reason, evidence=evidence, by=writer.user
    )
    if writer.side in BOTH_SIDES:
        _sign(made, now, writer)
    return made


@transaction.atomic
def sign(decision: MaturityDecision, writer: Writer) -> MaturityDecision:
    """Sign for one's side; with the second side's signature the decision is taken."""
    measure = _held(decision.measure)
    held = MaturityDecision.objects.get(pk=decision.pk)
    if not held.is_open:
        raise Refused(_("This decision is not open any more."))
    if writer.side not in BOTH_SIDES:
        raise Refused(_("Somebody of the North and somebody of the South sign."))
    given = list(held.signatures.all())
    if any(one.user_id == writer.user.pk for one in given):
        return held
    if any(one.side == writer.side for one in given):
        raise Refused(_("Somebody of your side has signed already."))
    _sign(held, measure, writer)
    if {writer.side, *(one.side for one in given)} == set(BOTH_SIDES):
        _take(held, measure)
    return held


def drop(decision: MaturityDecision, user: User, *, leads: bool) -> None:
    """Drop an open decision: whoever asked for it, and leads."""
    if decision.by_id != user.pk and not leads:
        raise Refused(_("Whoever asked for this decision, or a lead, drops it."))
    waiting = MaturityDecision.objects.filter(pk=decision.pk, taken_at=None, dropped_at=None)
    waiting.update(dropped_at=timezone.now())


def open_decision(measure: Measure) -> MaturityDecision | None:
    return measure.maturity_decisions.filter(taken_at=None, dropped_at=None).first()


def may_sign(decision: MaturityDecision, group_membership: GroupMembership | None) -> bool:
    """Say whether this member's signature is still wanted."""
    if group_membership is None or group_membership.side not in BOTH_SIDES or not decision.is_open:
        return False
    given = decision.signatures.all()
    return not any(one.side == group_membership.side or one.user_id == group_membership.user_id for one in given)


def to_sign(group_memberships: list[GroupMembership]) -> list[MaturityDecision]:
    """Return the open decisions that wait for the side of one of these memberships."""
    sides = {
        group_membership.group_id: group_membership
        for group_membership in group_memberships
        if group_membership.side in BOTH_SIDES
    }
    found = MaturityDecision.objects.filter(
        taken_at=None, dropped_at=None, measure__group__in=sides, measure__state=State.PUBLISHED
    )
    rows = found.select_related("measure").prefetch_related("signatures")
    return [row for row in rows if may_sign(row, sides[row.measure.group_id])]


def _check_evidence(measure: Measure, evidence: Evidence | None) -> None:
    if evidence is None or evidence not in in_force(measure):
        raise Refused(_("A rise rests on an item of evidence that everybody can read. Add it first."))


def _sign(decision: MaturityDecision, measure: Measure, writer: Writer) -> None:
    Signature.objects.create(decision=decision, user=writer.user, side=writer.side, version=measure.version)


def _take(decision: MaturityDecision, measure: Measure) -> None:
    if decision.is_rise:
        _check_evidence(measure, decision.evidence)
    decision.taken_at = timezone.now()
    decision.save(update_fields=["taken_at"])
    Measure.objects.filter(pk=measure.pk).update(maturity=decision.to)
    _touch(measure)
    concerned = User.objects.filter(pk__in=[measure.author_id, *measure.endorsements.values_list("user", flat=True)])
    told = {"title": str(measure), "maturity": decision.to, "reason": decision.reason}
    tell("maturity", concerned, measure.get_absolute_url(), f"{measure.code}:{decision.pk}", **told)
