"""Two open questions while decisions are collected: who is not in the room, and what did you hear of afterwards?"""

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.models import Assessment, Decision, MissingVoice, Question
from assessments.services.setup import decisions
from assessments.workflow.actions import WorkflowAction, lock_and_require
from partnerships.access import MemberRoles
from partnerships.services import Refused

MOST = 60  # per question: a list that can still be read


@transaction.atomic
def add_answer(assessment: Assessment, member: MemberRoles, question: str, text: str) -> None:
    """Save an answer without its writer; the same text twice is one answer."""
    locked, text = lock_and_require(assessment, member, WorkflowAction.SAY_MISSING_VOICE), " ".join(text.split())
    rows = locked.missing_voices.filter(question=question)
    if rows.filter(text__iexact=text).exists():
        return
    if rows.count() >= MOST:
        raise Refused(_("The list is full. Ask the facilitators to remove duplicate entries."))
    MissingVoice.objects.create(assessment=locked, question=question, text=text)


@transaction.atomic
def propose_decision(assessment: Assessment, member: MemberRoles, voice: MissingVoice) -> Decision:
    """Add a decision that someone heard of late to the list of decisions, without a proposer."""
    locked = lock_and_require(assessment, member, WorkflowAction.PROPOSE)
    voice = MissingVoice.objects.select_for_update(no_key=True).get(pk=voice.pk)
    if voice.question != Question.AFTERWARDS:
        raise Refused(_("This answer does not name a decision, so you cannot add it to the list of decisions."))
    if voice.decision:
        return voice.decision
    same = locked.decisions.filter(original__iexact=voice.text).first()
    voice.decision = same or Decision.objects.create(
        assessment=locked,
        wording=voice.text,
        original=voice.text,
        language=get_language() or "",
        position=decisions.last_place(locked) + 1,
    )
    voice.save(update_fields=["decision"])
    return voice.decision


@transaction.atomic
def delete_answer(assessment: Assessment, member: MemberRoles, voice: MissingVoice) -> None:
    """Delete an answer, because it is listed twice or names a person."""
    lock_and_require(assessment, member, WorkflowAction.ARRANGE_DECISIONS)
    voice.delete()
