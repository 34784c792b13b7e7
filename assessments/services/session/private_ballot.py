"""“Do we agree?”, asked privately in the session: what comes out is one bit, and the answers are gone with it.

Facilitators see as little as everybody: that the question is open, and then the result. From five answering
organisations on (METHOD §4, rule 8); otherwise it is asked aloud (`live`). Nothing here writes to the activity log.
"""

import pandas as pd
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from assessments import disclosure
from assessments.models import Assessment, Decision, PrivateBallot
from assessments.models.private import BallotAnswer
from assessments.services.session import joint, live, presence
from assessments.workflow import guards
from assessments.workflow.actions import WorkflowAction, lock_and_require
from partnerships.access import MemberRoles
from partnerships.services import Refused

Result = PrivateBallot.Result
ANSWERS = {Result.ALL: True, Result.NOT_ALL: False}
RESULTS = {"all agree": Result.ALL, "not all agree": Result.NOT_ALL, None: Result.HIDDEN}


@transaction.atomic
def ask(assessment: Assessment, member: MemberRoles, decision: Decision) -> None:
    """Put the question to everybody who is here with a device, once; five organisations at least."""
    locked = lock_and_require(assessment, member, WorkflowAction.RECORD)
    if obstacle := guards.may_be_asked(decision):
        raise Refused(obstacle)
    if decision.spoken_words.exists():
        raise Refused(
            _("You are already asking this question aloud. Asking it privately as well could reveal who said what.")
        )
    memberships = presence.representatives_here(locked)
    if len({membership.partner_id for membership in memberships}) < disclosure.SMALLEST_GROUP:
        raise Refused(
            _("Fewer than five organisations in this session have their own screen, so ask the question aloud.")
        )
    ballot, _made = PrivateBallot.objects.select_for_update(no_key=True).get_or_create(decision=decision)
    ballot.result, ballot.asked = Result.OPEN, [membership.pk for membership in memberships]
    ballot.save()
    live.show_anew(locked)


@transaction.atomic
def save_answer(assessment: Assessment, member: MemberRoles, decision: Decision, agree: bool | None) -> None:
    """Keep a representative's yes, no or pass (None) until the question has a result. The last one asked ends it."""
    locked = lock_and_require(assessment, member, WorkflowAction.TAKE_PART)
    membership = member.represents
    own = locked.participants.filter(partner=membership.partner_id).first() if membership else None
    if own is None:
        raise PermissionDenied
    ballot = PrivateBallot.objects.filter(decision=decision, result=Result.OPEN).first()
    if ballot is None:
        return  # It was closed meanwhile.
    BallotAnswer.objects.update_or_create(
        round=ballot, membership=membership, defaults={"participant": own, "agree": agree}
    )
    if not _waited_for(ballot):
        _finish(locked, ballot)


@transaction.atomic
def close(assessment: Assessment, member: MemberRoles, decision: Decision) -> None:
    """End the question early for somebody who left; whoever is still here is waited for."""
    locked = lock_and_require(assessment, member, WorkflowAction.RECORD)
    ballot = PrivateBallot.objects.filter(decision=decision, result=Result.OPEN).first()
    if ballot is None:
        return
    if _waited_for(ballot) & {membership.pk for membership in presence.representatives_here(locked)}:
        raise Refused(
            _(
                "Someone who is still in the session has not answered yet. You cannot end the question until "
                "everyone still in the session has answered."
            )
        )
    _finish(locked, ballot)


def _waited_for(ballot: PrivateBallot) -> set[int]:
    """Return the memberships that were asked and have neither answered nor passed."""
    return set(ballot.asked) - set(BallotAnswer.objects.filter(round=ballot).values_list("membership_id", flat=True))


def _finish(locked: Assessment, ballot: PrivateBallot) -> None:
    ballot.result, ballot.asked = RESULTS[verdict(ballot)], []
    ballot.save()  # the database takes the answers out with it
    if ballot.result in ANSWERS:
        joint.follow_answer(locked, ballot.decision, ANSWERS[ballot.result], None)
    live.show_anew(locked)


def verdict(ballot: PrivateBallot) -> str | None:
    """Return “all agree”, “not all agree”, or None: the only thing that anybody learns."""
    rows = BallotAnswer.objects.filter(round=ballot).values_list("membership_id", "participant_id", "agree")
    columns = ["assessment", "decision", "rater", "rater_partner", "agree"]
    frame = pd.DataFrame([(0, 0, *row) for row in rows], columns=columns).astype({"agree": "boolean"})
    results = disclosure.all_agree(frame, at_least=disclosure.SMALLEST_GROUP)
    return results[0]["agree"] if results else None


def has_answered(ballot: PrivateBallot | None, member: MemberRoles) -> bool:
    """Say to the person herself, and to nobody else, that her answer is in; not which it is."""
    membership = member.represents
    if ballot is None or ballot.result != Result.OPEN or membership is None:
        return False
    return BallotAnswer.objects.filter(round=ballot, membership=membership).exists()
