"""The answers of somebody whose membership has ended: still hers, to read and to erase, and nobody else's."""

from assessments.models import Assessment, Stage
from assessments.models.private import Rater
from assessments.results.release import erase_answers
from assessments.services.rating import private_answers
from partnerships.models import User


def sheets(assessment: Assessment, user: User) -> list[Rater]:
    """Return a person's own sheets that hang on memberships which have ended."""
    own = Rater.objects.filter(assessment=assessment, membership__user=user, membership__voided_at__isnull=False)
    return list(own.select_related("membership").order_by("pk"))


def erase(assessment: Assessment, user: User) -> None:
    """Delete these sheets: while rating is open as if withdrawn, afterwards so that the release only shrinks."""
    for membership in [sheet.membership for sheet in sheets(assessment, user) if sheet.membership]:
        if assessment.stage == Stage.RATING:
            private_answers.withdraw(assessment, membership)
        else:
            erase_answers(assessment, membership)
