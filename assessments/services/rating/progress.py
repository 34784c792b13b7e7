"""What everyone sees while rating is open: one sentence, the same for all, that changes once a day at most.

No task refreshes it. Each organisation's first submission counts from the next refresh on, so that the sentence follows
from the rows and the day alone, and nothing is late or shows a time when a worker was away.
"""

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessments import disclosure
from assessments.models import Assessment
from assessments.models.private import EverSubmitted


def count_submission(participant_id: int) -> None:
    """Let an organisation count from the next refresh on; it goes on counting whatever becomes of its answers."""
    day = disclosure.counts_from(timezone.now(), settings.PROGRESS_HOUR)
    row = EverSubmitted(participant_id=participant_id, counts_from=day)
    EverSubmitted.objects.bulk_create([row], ignore_conflicts=True)


def forget_submissions(assessment: Assessment) -> None:
    """Delete what the sentence rested on, once rating closes."""
    EverSubmitted.objects.filter(participant__assessment=assessment).delete()


def band_of(assessment: Assessment) -> str | None:
    """Return the band as of the last refresh. Where sides answer together, no organisation submits: there is none."""
    if assessment.answers_by_side:
        return None
    day = disclosure.refreshed_on(timezone.now(), settings.PROGRESS_HOUR)
    counted = EverSubmitted.objects.filter(participant__assessment=assessment, counts_from__lte=day)
    return disclosure.progress(counted.count(), assessment.participants.count())


def sentence_of(assessment: Assessment) -> str:
    """Return the sentence about an assessment whose rating is open."""
    bands = {
        "fewer than half": _("Fewer than half of the organisations have answered."),
        "half or more": _("At least half of the organisations have answered."),
        "three quarters or more": _("At least three quarters of the organisations have answered."),
    }
    return bands.get(band_of(assessment) or "") or _open_until(assessment)


def _open_until(assessment: Assessment) -> str:
    """Say that answers are open, with the last day unless it is over."""
    due = assessment.rating_due
    if due is None or due < timezone.localdate():
        return _("Rating is open.")
    return _("Answers are open until %(day)s.") % {"day": date_format(due, "DATE_FORMAT")}
