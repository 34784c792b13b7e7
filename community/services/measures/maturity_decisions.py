"""How far a measure has come: proposed, tried, evaluated, recommended, as both sides sign it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import (
    Evidence,
    GroupMembership,
    Maturity,
    MaturityDecision,
    Measure,
    Signature,
    State,
)
from community.services.findings import in_force
from community.services.groups.memberships import Writer
from community.services.measures.locking import lock_measure, note_change
from community.services.notifications import notify_members
from partnerships.models import BOTH_SIDES, User
from partnerships.services import Refused

RANKS = {maturity: rank for rank, maturity in enumerate(Maturity)}


def following(measure: Measure) -> list[Maturity]:
    """Return to which maturities a measure can move: one step up, or down to any."""
    now = RANKS[Maturity(measure.maturity)]
    return [maturity for maturity, rank in RANKS.items() if rank <= now + 1 and rank != now]


@transaction.atomic
def propose(
    measure: Measure, writer: Writer, to: str, reason: str, evidence: Evidence | None = None
) -> MaturityDecision:
    """Ask both sides to decide on a measure's maturity; who asks from the North or the South has signed for it."""
    now = lock_measure(measure)
    if not now.is_published:
        raise Refused(_("You can ask to change the maturity of a measure only after the measure has been published."))
    if to not in following(now):
        raise Refused(_("The maturity of a measure can rise by only one level at a time."))
    if RANKS[Maturity(to)] > RANKS[Maturity(now.maturity)]:
        _check_evidence(now, evidence)
    else:
        evidence = None
    if open_decision(now):
        raise Refused(
            _(
                "Someone has already asked to change the maturity of this measure. Both sides must sign that request "
                "first, or someone must cancel it."
            )
        )
    maturity_decision = MaturityDecision.objects.create(
        measure=now, was=now.maturity, to=to, reason=reason, evidence=evidence, by=writer.user
    )
    if writer.side in BOTH_SIDES:
        _sign(maturity_decision, now, writer)
    return maturity_decision


@transaction.atomic
def sign(decision: MaturityDecision, writer: Writer) -> MaturityDecision:
    """Sign for one's side; with the second side's signature the decision is taken."""
    measure = lock_measure(decision.measure)
    maturity_decision = MaturityDecision.objects.get(pk=decision.pk)
    if not maturity_decision.is_open:
        raise Refused(_("This request is no longer open."))
    if writer.side not in BOTH_SIDES:
        raise Refused(_("Only members from the North and the South can sign this request."))
    signatures = list(maturity_decision.signatures.all())
    if any(signature.user_id == writer.user.pk for signature in signatures):
        return maturity_decision
    if any(signature.side == writer.side for signature in signatures):
        raise Refused(_("Someone from your side has already signed."))
    _sign(maturity_decision, measure, writer)
    if {writer.side, *(signature.side for signature in signatures)} == set(BOTH_SIDES):
        _take(maturity_decision, measure)
    return maturity_decision


def drop(decision: MaturityDecision, user: User, *, coordinates: bool) -> None:
    """Drop an open decision: whoever asked for it, and coordinators."""
    if decision.by_id != user.pk and not coordinates:
        raise Refused(_("Only a coordinator or the person who made this request can cancel it."))
    waiting = MaturityDecision.objects.filter(pk=decision.pk, taken_at=None, dropped_at=None)
    waiting.update(dropped_at=timezone.now())


def open_decision(measure: Measure) -> MaturityDecision | None:
    return measure.maturity_decisions.filter(taken_at=None, dropped_at=None).first()


def may_sign(decision: MaturityDecision, member: GroupMembership | None) -> bool:
    """Say whether this member's signature is still wanted."""
    if member is None or member.side not in BOTH_SIDES or not decision.is_open:
        return False
    signatures = decision.signatures.all()
    return not any(signature.side == member.side or signature.user_id == member.user_id for signature in signatures)


def to_sign(group_memberships: list[GroupMembership]) -> list[MaturityDecision]:
    """Return the open decisions that wait for the side of one of these memberships."""
    sides = {
        group_membership.group_id: group_membership
        for group_membership in group_memberships
        if group_membership.side in BOTH_SIDES
    }
    maturity_decisions = MaturityDecision.objects.filter(
        taken_at=None, dropped_at=None, measure__group__in=sides, measure__state=State.PUBLISHED
    )
    rows = maturity_decisions.select_related("measure").prefetch_related("signatures")
    return [row for row in rows if may_sign(row, sides[row.measure.group_id])]


def _check_evidence(measure: Measure, evidence: Evidence | None) -> None:
    if evidence is None or evidence not in in_force(measure):
        raise Refused(
            _("The maturity of a measure can rise only with evidence that everyone can read. Add this evidence first.")
        )


def _sign(decision: MaturityDecision, measure: Measure, writer: Writer) -> None:
    Signature.objects.create(decision=decision, user=writer.user, side=writer.side, version=measure.version)


def _take(decision: MaturityDecision, measure: Measure) -> None:
    if decision.is_rise:
        _check_evidence(measure, decision.evidence)
    decision.taken_at = timezone.now()
    decision.save(update_fields=["taken_at"])
    Measure.objects.filter(pk=measure.pk).update(maturity=decision.to)
    note_change(measure)
    concerned = User.objects.filter(pk__in=[measure.author_id, *measure.endorsements.values_list("user", flat=True)])
    facts = {"title": str(measure), "maturity": decision.to, "reason": decision.reason}
    notify_members("maturity", concerned, measure.get_absolute_url(), f"{measure.code}:{decision.pk}", **facts)
