"""Proposing, clustering, ordering and choosing decisions."""

from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, Value
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.models import Assessment, Decision, Stage, Vote
from assessments.services.rating import wanted_languages
from assessments.services.setup import examples
from assessments.services.setup.shortlist import chosen_by_sides
from assessments.workflow import guards
from assessments.workflow.actions import WorkflowAction, lock_and_require
from assessments.workflow.locking import lock_assessment
from partnerships.access import MemberRoles
from partnerships.models import Invitation, Membership
from partnerships.services import Refused

MANY = 10


@transaction.atomic
def propose(assessment: Assessment, membership: Membership, wording: str, topic: str = "") -> Decision:
    """Put a decision on the table, in the proposer's words; the same words of one person, even at once, are one."""
    wording = " ".join(wording.split())
    lock_assessment(assessment)
    same = (
        assessment.decisions.annotate(lower=Lower("original"))
        .filter(lower=Lower(Value(wording)), proposed_by=membership)
        .first()
    )
    if same:
        return same
    return Decision.objects.create(
        assessment=assessment,
        wording=wording,
        original=wording,
        language=get_language() or "",
        topic=topic,
        proposed_by=membership,
        position=last_place(assessment) + 1,
    )


@transaction.atomic
def propose_many(assessment: Assessment, membership: Membership, wordings: Iterable[str], topic: str = "") -> int:
    """Put several decisions on the table; return how many."""
    return len({propose(assessment, membership, wording, topic).pk for wording in wordings})


@transaction.atomic
def start_list(assessment: Assessment, member: MemberRoles, topics: list[str], wordings: list[str]) -> None:
    """Put ticked examples and a facilitator's own decisions on the list."""
    locked = lock_and_require(assessment, member, WorkflowAction.PROPOSE)
    examples.add(locked, topics)
    propose_many(locked, member.any, wordings)


def is_own(decision: Decision, member: MemberRoles) -> bool:
    """Say whether this person proposed a decision and no facilitator has worked on it: it is hers to change."""
    mine = decision.proposed_by_id in {membership.pk for membership in member.memberships}
    worked_on = decision.merged_into_id or decision.left_out or decision.wording != decision.original
    return bool(mine and not worked_on and not decision.merged.all())


def own_proposal(assessment: Assessment, member: MemberRoles, code: str) -> Decision | None:
    """Return a proposal that this person may change or withdraw."""
    proposal = assessment.decisions.filter(code=code).first()
    return proposal if proposal and is_own(proposal, member) else None


@transaction.atomic
def change_proposal(assessment: Assessment, member: MemberRoles, code: str, wording: str) -> Decision | None:
    """Give one's own proposal other words; with no words, withdraw it. None if it is no longer one's own to change."""
    locked = lock_and_require(assessment, member, WorkflowAction.PROPOSE)
    decision = own_proposal(locked, member, code)
    wording = " ".join(wording.split())
    if decision is None or wording == decision.wording:
        return decision
    if not wording:
        decision.delete()
        return decision
    mine = assessment.decisions.annotate(lower=Lower("original")).filter(proposed_by=decision.proposed_by)
    if mine.filter(lower=Lower(Value(wording))).exclude(pk=decision.pk).exists():
        raise Refused(_("You have already proposed this decision."))
    decision.wording = decision.original = wording
    decision.language, decision.translations = get_language() or "", {}
    decision.save(update_fields=["wording", "original", "language", "translations"])
    return decision


def last_place(assessment: Assessment) -> int:
    return assessment.decisions.aggregate(last=Max("position"))["last"] or 0


@transaction.atomic
def reword(decision: Decision, wording: str, topic: str) -> list[str]:
    """Give a decision other words or another topic; return the languages whose translation said the old words."""
    locked = Decision.objects.select_for_update(no_key=True).get(pk=decision.pk)
    gone = sorted(locked.translations) if wording != locked.wording else []
    translations = {} if gone else locked.translations
    Decision.objects.filter(pk=locked.pk).update(wording=wording, topic=topic, translations=translations)
    return gone


@transaction.atomic
def translate(assessment: Assessment, language: str, texts: dict[str, str]) -> int:
    """Say decisions (by code) in another language; return how many changed.

    While the list is open, an emptied text is taken out. Once people answer, what stands there stands: others may have
    answered those words already.
    """
    fixed = assessment.stage not in (Stage.COLLECTING, Stage.VOTING)
    changed = []
    for decision in assessment.decisions.active().filter(code__in=texts).select_for_update(no_key=True):
        text, before = " ".join(texts[decision.code].split()), decision.translations.get(language, "")
        if text == before or decision.language == language or (fixed and before):
            continue
        decision.translations = {k: v for k, v in (decision.translations | {language: text}).items() if v}
        changed.append(decision)
    Decision.objects.bulk_update(changed, ["translations"])
    return len(changed)


def coverage(assessment: Assessment, heads: list[Decision]) -> list[dict]:
    """Return per language of the site in how many of the decisions it is there, and how many people here read it."""
    readers = _readers_told(assessment)
    rows = []
    for code, name in settings.LANGUAGES:
        have = sum(code == decision.language or code in decision.translations for decision in heads)
        rows.append(
            {"code": code, "name": name, "have": have, "readers": readers[code], "needed": have > 0 or readers[code]}
        )
    return rows


def _readers_told(assessment: Assessment) -> Counter[str]:
    """Return the readers by language; while rating is open only as of the last refresh, since languages change."""
    if assessment.stage == Stage.RATING:
        return Counter(wanted_languages.listed_languages(assessment))
    return readers_of(assessment)


def readers_of(assessment: Assessment) -> Counter[str]:
    """Count the members and the invited people by their language."""
    members = assessment.partnership.memberships.in_force().order_by().values_list("user", "user__language").distinct()
    invited = assessment.partnership.invitations.open().exclude(channel=Invitation.Channel.JOIN_CODE)
    return Counter([language for _user, language in members] + [invitation.language for invitation in invited])


@transaction.atomic
def merge(decision: Decision, into: Decision) -> None:
    """Cluster a look-alike under another decision. Its own words and votes stay with it."""
    if into.merged_into_id or into.assessment_id != decision.assessment_id or into.pk == decision.pk:
        raise Refused(_("You can combine a decision only with another decision on this list."))
    decision.merged.update(merged_into=into)
    Decision.objects.filter(pk=decision.pk).update(merged_into=into)


def unmerge(decision: Decision) -> None:
    """Take a decision out of its cluster again."""
    Decision.objects.filter(pk=decision.pk).update(merged_into=None)


@transaction.atomic
def move(decision: Decision, up: bool) -> None:
    """Swap a decision with its neighbour in the list."""
    listed = list(decision.assessment.decisions.heads().select_for_update(no_key=True).order_by("position", "id"))
    place = next(i for i, each in enumerate(listed) if each.pk == decision.pk)
    other = place - 1 if up else place + 1
    if 0 <= other < len(listed):
        listed[place], listed[other] = listed[other], listed[place]
    for position, each in enumerate(listed):
        each.position = position
    Decision.objects.bulk_update(listed, ["position"])


@transaction.atomic
def vote(assessment: Assessment, membership: Membership, codes: list[str]) -> int:
    """Replace the person's votes while the vote is open; at most five."""
    if len(set(codes)) > Vote.MOST:
        raise Refused(_("Choose at most five decisions."))
    Membership.objects.select_for_update(no_key=True).get(pk=membership.pk)
    if obstacle := guards.vote_is_open(lock_assessment(assessment)):
        raise Refused(obstacle)
    chosen = list(assessment.decisions.active().filter(code__in=codes))
    Vote.objects.filter(decision__assessment=assessment, membership=membership).delete()
    Vote.objects.bulk_create(Vote(decision=decision, membership=membership) for decision in chosen)
    return len(chosen)


@transaction.atomic
def keep_only(assessment: Assessment, codes: list[str]) -> None:
    """Choose which decisions go on, besides those that a side chose most; the others stay in the list, left out."""
    locked = lock_assessment(assessment)
    if obstacle := guards.vote_is_over(locked):
        raise Refused(obstacle)
    chosen = Q(code__in=codes) | Q(pk__in=chosen_by_sides(locked))
    heads = assessment.decisions.heads()
    if not heads.filter(chosen).exists():
        raise Refused(_("Keep at least one decision."))
    heads.filter(chosen).update(left_out=False)
    heads.exclude(chosen).update(left_out=True)


@transaction.atomic
def leave_out(decision: Decision, out: bool) -> None:
    """Leave a decision out of this assessment, or take it back in."""
    locked = lock_assessment(decision.assessment)
    if out and (obstacle := guards.vote_is_over(locked)):
        raise Refused(obstacle)
    if out and decision.pk in chosen_by_sides(locked):
        raise Refused(
            _("This decision remains on the list because it is among the decisions that one side chose most often.")
        )
    Decision.objects.filter(pk=decision.pk).update(left_out=out)
