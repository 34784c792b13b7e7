"""The one Release of an assessment's private ratings, and how it shrinks when answers are erased."""

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone, translation

from assessments import caucus, charts, disclosure
from assessments.models import Assessment, Job, Mode, Release
from assessments.models.private import Rater
from assessments.results import frames
from assessments.results.names import names_of
from assessments.scoring import METHOD_VERSION
from assessments.shapes import Figures, ReleaseData
from assessments.workflow import jobs
from assessments.workflow.locking import lock_assessment
from partnerships.codes import keyed_hash
from partnerships.models import Membership


@transaction.atomic
def make_release(assessment: Assessment) -> Release:
    """Make the Release, once; a second call finds it and changes nothing. An erasure at the same moment waits."""
    lock_assessment(assessment)
    existing = Release.objects.filter(assessment=assessment).first()
    if existing:
        return existing
    release = _of_sides(assessment) if assessment.mode == Mode.CAUCUS else _of_ratings(assessment)
    _show(assessment)
    return release


def _of_ratings(assessment: Assessment) -> Release:
    ratings, ticks, votes = frames.ratings(assessment), frames.ticks(assessment), frames.votes(assessment)
    data = disclosure.release(ratings, ticks, assessment.mode, assessment.k)
    unsigned, signed = frames.shared_reasons(assessment)
    return Release.objects.create(
        assessment=assessment,
        mode=data["mode"],
        data=data,
        agreements=disclosure.all_agree(votes),
        reasons={"unsigned": disclosure.shared_reasons(votes, unsigned), "signed": signed},
        basis=disclosure.basis(ratings, ticks, assessment.mode, assessment.k),
        figures=figures(assessment, data),
        method_version=METHOD_VERSION,
        # Keyed: a plain digest of a small sheet can be guessed.
        input_digest=keyed_hash("release", frames.digest(ratings, votes, extra=repr(sorted(ticks)))),
    )


def _of_sides(assessment: Assessment) -> Release:
    """Release what the sides answered together, in the open; there is no basis, since nothing of it can go."""
    levels, agreements = frames.caucus(assessment)
    return Release.objects.create(
        assessment=assessment,
        mode=Mode.CAUCUS,
        data=caucus.release(levels, agreements),
        method_version=METHOD_VERSION,
        input_digest=keyed_hash("release", frames.digest(levels, agreements)),
    )


def _show(assessment: Assessment) -> None:
    """Let the screens of the session catch up."""
    Assessment.objects.filter(pk=assessment.pk).update(joint_version=F("joint_version") + 1)


def figures(assessment: Assessment, data: ReleaseData) -> dict[str, Figures]:
    """Draw the release's charts in every language of the site: {language: {chart: figure}}."""
    drawn = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            drawn[language] = charts.release_figures(data, names_of(assessment))
    return drawn


@transaction.atomic
def erase_answers(assessment: Assessment, membership: Membership | None) -> None:
    """Delete a person's private answers after the release; the release only shrinks (METHOD §4, rule 7)."""
    lock_assessment(assessment)
    for rater in Rater.objects.filter(assessment=assessment, membership=membership).select_related("participant"):
        _shrink(assessment, rater.participant.number)
        rater.delete()


def _shrink(assessment: Assessment, organisation: int) -> None:
    release = Release.objects.select_for_update(no_key=True).filter(assessment=assessment).first()
    if release is None:
        return
    data = disclosure.shrink(release.data, release.basis, organisation)
    reasons = {
        **release.reasons,
        "signed": [reason for reason in release.reasons["signed"] if reason["partner"] != organisation],
    }
    if data == release.data and reasons == release.reasons:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('powertool.shrink', 'on', true)")
    release.data, release.reasons, release.figures = data, reasons, figures(assessment, data)
    release.shrunk_at = timezone.now()
    release.save()
    _remake_files(assessment)
    _show(assessment)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('powertool.shrink', 'off', true)")


def _remake_files(assessment: Assessment) -> None:
    """Delete the report and the files to share, which print what was shown before, and ask for them again."""
    for rows, kind in ((assessment.reports, Job.Kind.REPORT), (assessment.shared_files, Job.Kind.SHARING)):
        languages = set(rows.values_list("language", flat=True))
        rows.all().delete()
        for language in sorted(languages):
            jobs.request(assessment, kind, language)
