"""The files to share, made in the worker from the Release and the agreed result: pictures, deck, one page."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assessments import sharing
from assessments.models import Assessment, Job, SharedFile
from assessments.results import presenters
from assessments.results.in_short import InShort, in_short
from assessments.results.reporting import files
from assessments.results.reporting.content import content_with
from assessments.sharing import Content, Picture

MEDIA_TYPES = {
    "png": "image/png",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "pdf": "application/pdf",
}
DECK, ONE_PAGE = "slides.pptx", "one-page.pdf"


@transaction.atomic
def make_shared_files(job: Job) -> list[SharedFile]:
    """Make all files in the language that was asked for, and delete those of earlier results."""
    assessment = job.assessment
    with translation.override(job.language):
        content = content_of(assessment)
    digest = files.digest(content)
    SharedFile.objects.filter(assessment=assessment, language=job.language).delete()
    rows = [
        SharedFile(assessment=assessment, language=job.language, name=name, digest=digest, content=made)
        for name, made in _files(content, assessment)
    ]
    return SharedFile.objects.bulk_create(rows)


def _files(content: Content, assessment: Assessment) -> Iterator[tuple[str, bytes]]:
    drawn = {picture["name"]: sharing.picture(content, picture) for picture in content["pictures"]}
    for name, png in drawn.items():
        yield f"{name}.png", png
    moment = files.moment_of(assessment)
    yield DECK, sharing.deck(content, drawn, moment)
    yield ONE_PAGE, sharing.one_page(content, moment)


def content_of(assessment: Assessment, results: presenters.Results | None = None) -> Content:
    """Return what the files contain, as plain data in the active language."""
    results = results or presenters.results_of(assessment)
    short = in_short(results)
    report = content_with(short, results)
    facts = report["declared_facts"]
    return {
        **({"facts_title": facts["title"], "facts": facts["said"]} if facts else {}),  # type: ignore[typeddict-item]
        "language": report["language"],
        "rtl": report["rtl"],
        "title": report["title"],
        "partnership": report["partnership"],
        "phase": report["phase"],
        "headline": short.headline if short else report["finding"],
        "lines": short.lines if short else [],
        "pictures": _pictures(report),
        "next_title": _("What comes next"),
        "next_steps": _next_steps(report, short),
        "stamp": report["stamp"],
        "words": {**report["words"], "picture": _("Chart"), "not_shown": report["finding"]},
        "sides": report["sides"],
        "ladder": report["ladder"],
    }


def _pictures(report: dict[str, Any]) -> list[Picture]:
    """Return a picture per chart that there is, the agreed gaps first."""
    agreed, seen = report["agreed"], report["perception"]
    pictures: list[Picture] = []
    if agreed and agreed["rows"]:
        rows = sorted(agreed["rows"], key=_widest_first)
        pictures.append(_picture("agreed-levels", "gap", report["words"]["agreed"], agreed["summary"], {"rows": rows}))
    if seen and seen["rows"]:
        data = {"rows": seen["rows"], "ticks": seen["ticks"]}
        pictures.append(_picture("private-answers", "perception", report["words"]["perception"], seen["said"], data))
    elif seen and seen["bands"]:
        data = {"rows": seen["bands"], "columns": report["columns"]}
        pictures.append(_picture("private-answers", "matrix", report["words"]["perception"], seen["said"], data))
    if agreed and agreed["desired"]:
        data = {"rows": agreed["desired"]}
        pictures.append(
            _picture("wished-levels", "desired", report["words"]["desired"], agreed["desired_summary"], data)
        )
    if agreed:
        data = {"rows": agreed["matrix"], "columns": report["columns"]}
        pictures.append(_picture("all-levels", "matrix", report["words"]["matrix"], report["words"]["key"], data))
    facts = report["declared_facts"]
    if facts and facts["bars"]:
        data = {"rows": facts["bars"], "head": facts["heads"][0]}
        pictures.append(_picture("facts", "facts", facts["title"], facts["note"], data))
    return pictures


def _picture(name: str, drawing: str, title: str, summary: str, data: dict[str, Any]) -> Picture:
    rows = " ".join(_in_words(row) for row in data["rows"])
    return {
        "name": name,
        "drawing": drawing,
        "title": title,
        "note": summary,
        "alternative": f"{title}. {summary} {rows}",
        "data": data,
    }


def _in_words(row: dict[str, Any]) -> str:
    """Return a row of a chart as text: its label and what is printed in it."""
    if "cells" in row:
        return f"{row['label']}: {', '.join(cell['text'] for cell in row['cells'])}."
    values = (row.get(key) for key in ("north", "south", "north_change", "south_change"))
    return f"{row['label']}: {', '.join(value for value in values if value)}."


def _widest_first(row: dict[str, Any]) -> float:
    north, south = row["raw"]["north"], row["raw"]["south"]
    return 0 if north is None or south is None else -abs(north - south)


def _next_steps(report: dict[str, Any], short: InShort | None) -> list[str]:
    actions = [
        _("%(action)s: %(owner)s, by %(day)s") % {"action": row["text"], "owner": row["owner"], "day": row["due"]}
        for row in report["actions"]
    ]
    waiting = [
        _("Decision %(number)s has no plan yet: %(wording)s") % {"number": row["number"], "wording": row["wording"]}
        for row in (short.open_decisions if short else [])
    ]
    return [*waiting, *actions] or [_("No action has been planned yet.")]


def file_name(assessment: Assessment, file: SharedFile) -> str:
    """Return a file name of plain letters, whatever the title is."""
    day = timezone.localdate(files.moment_of(assessment))
    return f"{slugify(assessment.title)[:40] or 'assessment'}-{day.isoformat()}-{slugify(file.language)}-{file.name}"
