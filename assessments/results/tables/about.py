"""What every export says about the assessment: how and when it was done, and the digests of its results."""

import hashlib
import json
from collections.abc import Iterator

from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assessments.ladder import LEVELS, NOT_SHOWN
from assessments.models import Assessment, Mode
from assessments.promises import promise
from assessments.results.presenters import Results
from assessments.results.tables.columns import HIDDEN, is_made_up
from assessments.scoring import METHOD_VERSION


def about(results: Results) -> Iterator[tuple[str, str, str]]:
    assessment, names = results.assessment, results.names
    if is_made_up(assessment):
        yield "example", _("Invented"), _("This is a rehearsal or a demonstration. Everything in it is invented.")
    yield "assessment", _("Assessment"), assessment.code
    yield "phase", _("Point in time"), str(assessment.get_phase_display())
    yield "stage", _("Stage"), str(assessment.get_stage_display())
    yield "language", _("Language"), translation.get_language() or "en"
    for side, word in names["sides"].items():
        yield f"side_{side}", _("Side: %(code)s") % {"code": side}, word
    yield "unit", _("Unit"), " · ".join(f"{level} {word}" for level, word in LEVELS.items())
    yield "private_ratings", _("Private ratings"), _mode(assessment)
    if assessment.private_ratings:
        yield "smallest_side", _("Minimum number of organisations needed to show a side"), str(assessment.k)
    yield HIDDEN, _("Text shown in place of a hidden number"), str(NOT_SHOWN)
    yield from _days(results)
    if assessment.tells_importers:
        who = _("%(name)s, who therefore saw the private ratings") % {"name": assessment.importer_names()}
        yield "imported_by", _("Imported by"), who
    yield "method", _("Method"), METHOD_VERSION
    if results.agreed:
        state = pgettext("agreed levels", "final")
        draft = pgettext("agreed levels", "draft %(number)s") % {"number": results.agreed.version}
        yield "agreed_state", _("Agreed levels"), state if results.agreed.final else draft
        yield "agreed_digest", _("Digital fingerprint of the agreed levels"), results.agreed.input_digest
    if results.release:
        yield "release_digest", _("Digital fingerprint of the released results"), release_digest(results)


def _mode(assessment: Assessment) -> str:
    if not assessment.private_ratings:
        return _("none: the group recorded the levels together")
    mode = Mode(assessment.mode or assessment.mode_wanted)
    values = {"mode": capfirst(str(mode.label)), "promise": " ".join(promise(mode.value))}
    return _("%(mode)s: “%(promise)s”") % values


def _days(results: Results) -> Iterator[tuple[str, str, str]]:
    assessment, release = results.assessment, results.release
    days = (
        ("opened_on", pgettext("day of the assessment", "Opened"), assessment.opened_at),
        ("rating_closed_on", _("Private ratings closed"), assessment.rating_closed_at),
        ("closed_on", pgettext("day of the assessment", "Closed"), assessment.closed_at),
        ("erased_on", _("Answers deleted since the release"), release.shrunk_at if release else None),
    )
    for code, label, moment in days:
        if moment:
            yield code, label, timezone.localdate(moment).isoformat()


def release_digest(results: Results) -> str:
    """Return a digest of what was released: not of the answers, which could be guessed from it."""
    assert results.release is not None  # noqa: S101 (for the type checker)
    text = json.dumps([results.release.data, results.release.agreements], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
