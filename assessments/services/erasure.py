"""Erasing a person: what goes of her answers, and what of her name, in assessments.

Her answers go by `erase_answers`, so that releases only shrink (METHOD §4, rule 7). Agreed levels stay.
"""

from django.db import transaction
from django.db.models import F, Q

from assessments.models import (
    Assessment,
    EvidenceConsent,
    FactValue,
    InfluenceChange,
    Job,
    KeptReport,
    Pledge,
    PrivateBallot,
    Remark,
    Report,
    SharedFile,
    Stage,
)
from assessments.models.private import Rater
from assessments.results.release import erase_answers
from assessments.services.followup.evidence_consent import refresh_evidence
from assessments.services.safeguards import side_words
from assessments.services.setup import rehearsal
from partnerships.models import Partnership, User
from partnerships.services import erasure


def blocks(partnership: Partnership) -> bool:
    """Say whether a partnership still needs its facilitator: something is open, or nothing was ever closed."""
    stages = set(partnership.assessments.values_list("stage", flat=True))
    return stages != {Stage.CLOSED}


def answered(user: User) -> list[Assessment]:
    """Return the assessments with a release that this person answered: what is shown there may become less."""
    sheets = Rater.objects.filter(membership__user=user, assessment__release__isnull=False)
    return list(Assessment.objects.filter(pk__in=sheets.values("assessment")).order_by("pk"))


def goes_with(user: User) -> list[Partnership]:
    """Return the partnerships that are deleted with a person: nobody else has a membership, and nothing was closed."""
    return list(erasure.left_by_all(user).exclude(assessments__stage=Stage.CLOSED))


@transaction.atomic
def erase(user: User) -> None:
    """Delete a person's answers and votes, remove her name from what she signed, and delete the reports."""
    for partnership in Partnership.objects.filter(is_rehearsal=True, memberships__user=user).distinct():
        rehearsal.remove(partnership)
    for partnership in goes_with(user):
        partnership.delete()
    side_words.delete_words(Q(given_by__user=user))
    for sheet in (
        Rater.objects.filter(membership__user=user).select_related("assessment", "membership").order_by("assessment")
    ):
        erase_answers(sheet.assessment, sheet.membership)
    consents = EvidenceConsent.objects.filter(membership__user=user)
    consents.filter(agreed=True).exclude(facts=False).delete()  # a “no” stays, without her
    memberships = list(user.memberships.values_list("pk", flat=True))
    _leave_rounds(memberships)
    _unname(user, memberships)
    seen = Assessment.objects.filter(partnership__in=erasure.seen_with(user))
    Report.objects.filter(assessment__in=seen).delete()
    SharedFile.objects.filter(assessment__in=seen).delete()
    KeptReport.objects.filter(partnership__in=erasure.seen_with(user)).delete()
    Job.objects.filter(assessment__in=seen, kind__in=(Job.Kind.REPORT, Job.Kind.SHARING)).delete()
    seen.filter(stage=Stage.JOINT).update(joint_version=F("joint_version") + 1)
    transaction.on_commit(refresh_evidence, robust=True)


def _leave_rounds(memberships: list[int]) -> None:
    """Remove a person from the open private ballots, so that none waits for her."""
    here = Partnership.objects.filter(memberships__in=memberships).values("pk")
    waiting = PrivateBallot.objects.select_for_update(no_key=True, of=("self",)).filter(
        result=PrivateBallot.Result.OPEN,
        decision__assessment__stage=Stage.JOINT,
        decision__assessment__partnership__in=here,
    )
    for ballot in waiting.order_by("pk"):
        ballot.asked = [membership for membership in ballot.asked if membership not in memberships]
        ballot.save(update_fields=["asked"])


def _unname(user: User, memberships: list[int]) -> None:
    """Take her name out of what keeps it as it stood; the row stays, as a thing that somebody said."""
    Pledge.objects.filter(membership__in=memberships).update(membership=None, name="")
    Remark.objects.filter(membership__in=memberships).update(membership=None, author="")
    InfluenceChange.objects.filter(by=user).update(by=None, name="")
    FactValue.objects.filter(entered_by=user).update(entered_by=None)
