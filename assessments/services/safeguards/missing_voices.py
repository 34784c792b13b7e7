"""Two open questions while decisions are collected: who is not in the room, and what did you hear of afterwards?"""

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.models import Assessment, Decision, MissingVoice, Question
from assessments.services.setup import decisions
from assessments.workflow.actions import lock_and_require
from partnerships.access import MemberRoles
from partnerships.services import Refused

MOST = 60  # per question: a list that can still be read


@transaction.atomic
def say(assessment: Assessment, member: MemberRoles, question: str, text: str) -> None:
    """Keep an answer without who gave it; the same words twice are one answer."""
    held, text = lock_and_require(assessment, member, "say_missing_voice"), " ".join(text.split())
    rows = held.missing_voices.filter(question=question)
    if rows.filter(text__iexact=text).exists():
        return
    if rows.count() >= MOST:
        raise Refused(_("The list is full. Ask the facilitators to take out what is there twice."))
    MissingVoice.objects.create(assessment=held, question=question, text=text)


@transaction.atomic
def put_forward(assessment: Assessment, member: MemberRoles, missing_voices: MissingVoice) -> Decision:
    """Put on the list of decisions what somebody heard of afterwards; whoever clicks is not its proposer."""
    held = lock_and_require(assessment, member, "propose")
    missing_voices = MissingVoice.objects.select_for_update(no_key=True).get(pk=missing_voices.pk)
    if missing_voices.question != Question.AFTERWARDS:
        raise Refused(_("Only a decision can be put on the list of decisions."))
    if missing_voices.decision:
        return missing_voices.decision
    same = held.decisions.filter(original__iexact=missing_voices.text).first()
    missing_voices.decision = same or Decision.objects.create(
        assessment=held,
        wording=missing_voices.text,
        original=missing_voices.text,
        language=get_language() or "",
        position=decisions.last_place(held) + 1,
    )
    missing_voices.save(update_fields=["decision"])
    return missing_voices.decision


@transaction.atomic
def take_out(assessment: Assessment, member: MemberRoles, missing_voices: MissingVoice) -> None:
    """Take an answer out for good: it stands there twice, or names a person."""
    lock_and_require(assessment, member, "arrange_decisions")
    missing_voices.delete()
