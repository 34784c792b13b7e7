"""The report: what it says, in one language and the same for every reader, and its PDF, made once per content."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from assessments import factors, numbers, report
from assessments.disclosure import SMALLEST_GROUP
from assessments.ladder import LEVELS, NOT_SHOWN, SHORT_LEVELS, isolated
from assessments.models import Assessment, Cause, Job, Mode, Outcome, Report
from assessments.promises import promise
from assessments.results import given_pledges, influence_change, missing_voices, presenters
from assessments.results.caucus import for_report, of_sides
from assessments.results.in_short import InShort, in_short
from assessments.scoring import METHOD_VERSION
from partnerships.locales import listed
from partnerships.models import Side


def make_report(work: Job) -> Report:
    """Make the PDF in the language that was asked for; unchanged content is not set again."""
    assessment = work.assessment
    with translation.override(work.language):
        content = content_of(assessment)
    fingerprint = digest(content)
    existing = Report.objects.filter(assessment=assessment, language=work.language).first()
    if existing and existing.digest == fingerprint:
        return existing
    made = report.pdf(content, moment_of(assessment))
    row, _created = Report.objects.update_or_create(
        assessment=assessment,
        language=work.language,
        defaults={"digest": fingerprint, "pdf": made, "created_at": timezone.now()},
    )
    return row


def digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def moment_of(assessment: Assessment) -> datetime:
    """Return the moment that the PDF names: one of the assessment's, so that equal content is equal bytes."""
    return assessment.closed_at or assessment.rating_closed_at or assessment.opened_at or assessment.created_at


def content_of(assessment: Assessment, results: presenters.Results | None = None) -> dict[str, Any]:
    """Return what the report says, as plain data in the active language."""
    results = results or presenters.results_of(assessment)
    return content_with(in_short(results), results)


def content_with(short: InShort | None, results: presenters.Results) -> dict[str, Any]:
    """Return the same where the results in short are at hand."""
    assessment = results.assessment
    agreed, perception = presenters.agreed(results), presenters.perception(results)
    sides = of_sides(results)
    first, second = _opening(short, perception or sides)
    content = {
        "language": translation.get_language(),
        "rtl": translation.get_language_bidi(),
        "title": assessment.title,
        "partnership": assessment.partnership.name,
        "phase": assessment.get_phase_display(),
        "finding": first,
        "second": second,
        "footer": f"{assessment.partnership.name} · {assessment.title}",
        "words": words(results),
        "sides": results.names["sides"],
        "ladder": [f"{level}\n{word}" for level, word in SHORT_LEVELS.items()],
        "partners": partners_of(results),
        "columns": [{"acronym": p["acronym"], "side": p["side"]} for p in results.partners],
        "facts": facts_of(assessment),
        "agreed": _agreed(agreed, results) if agreed else None,
        "perception": _perception(perception, results.names["sides"]) if perception else None,
        "caucus": for_report(sides) if sides else None,
        "since": since_of(assessment, results),
        "actions": actions_of(assessment),
        **outcomes_of(assessment),
        "causes": causes_of(assessment),
        "replies": replies_of(assessment),
        "remarks": remarks_of(assessment),
        "method": method_of(results),
        "stamp": stamp_of(results),
    }
    plain: dict[str, Any] = json.loads(json.dumps(content, default=str))
    return plain


def _opening(short: InShort | None, perception: dict[str, Any] | None) -> tuple[str, str | None]:
    if short:
        return short.headline, " ".join(short.lines)
    return (perception["said"].text if perception else _("Nothing has been agreed or released yet.")), None


def label(row: dict[str, Any]) -> str:
    return f"{row['number']}. {isolated(row['wording'])}"


def partners_of(results: presenters.Results) -> list[dict[str, Any]]:
    kinds = dict(results.assessment.participants.values_list("number", "kind"))
    names = dict(results.assessment.participants.model.kind.field.flatchoices)
    return [
        {
            **{key: partner[key] for key in ("name", "acronym", "side")},
            "side_word": results.names["sides"][partner["side"]],
            "kind": str(names[kinds[partner["number"]]]),
        }
        for partner in results.partners
    ]


def _day(day: date | None) -> str:
    """Write a day, or the day of a moment, as the active language does."""
    return date_format(timezone.localdate(day) if isinstance(day, datetime) else day or "", "DATE_FORMAT")


def facts_of(assessment: Assessment) -> list[list[str]]:
    """Return how and when it was done: label and text."""
    facts = [[_("Rehearsal"), _("Nothing in this report is real.")]] if assessment.partnership.is_rehearsal else []
    if assessment.private_ratings:
        mode = Mode(assessment.mode or assessment.mode_wanted)
        heading = _("Each side's answer") if mode == Mode.CAUCUS else _("Private ratings")
        facts.append([heading, _("%(mode)s: “%(promise)s”") % _promised(mode)])
    else:
        facts.append([_("Private ratings"), _("none; the group recorded the levels together")])
    days = [
        (pgettext("day of the assessment", "Opened"), assessment.opened_at),
        (
            _("Answers closed") if assessment.answers_by_side else _("Private ratings closed"),
            assessment.rating_closed_at,
        ),
        (pgettext("day of the assessment", "Read back"), assessment.readback_at),
        (pgettext("day of the assessment", "Closed"), assessment.closed_at),
    ]
    facts += [[name, _day(day)] for name, day in days if day]
    facts.append([_("Pledge of those who give money here"), "\n".join(given_pledges.lines(assessment))])
    if missing := missing_voices.absent(assessment):
        facts.append([_("Affected, but not in the room"), "\n".join(missing)])
    if facilitators := _facilitators(assessment):
        facts.append([_("Facilitated by"), facilitators])
    if assessment.tells_importers:
        name = assessment.importer_names()
        facts.append([_("Imported by"), _("%(name)s, who therefore saw the private ratings") % {"name": name}])
    return facts


def _promised(mode: Mode) -> dict[str, Any]:
    return {"mode": str(mode.label).capitalize(), "promise": " ".join(promise(mode.value))}


def _facilitators(assessment: Assessment) -> str:
    memberships = assessment.partnership.memberships.in_force().facilitators().select_related("user", "partner")
    people = [
        f"{membership.user.get_full_name()} ({membership.partner or membership.employer or '–'})"
        for membership in memberships
    ]
    return "\n".join(people)


def _agreed(agreed: dict[str, Any], results: presenters.Results) -> dict[str, Any]:
    return {
        "summary": agreed["summary"].text,
        "rows": [_gap_row(row) for row in agreed["rows"] if row["level"] is not None and not agreed["waits"]],
        "warnings": _warnings(agreed["rows"]),
        "matrix": [{"label": label(row), "cells": [_cell(cell) for cell in row["cells"]]} for row in agreed["matrix"]],
        "influence": [
            {
                **{key: partner[key] for key in ("name", "side", "level", "word")},
                "side_word": results.names["sides"][partner["side"]],
            }
            for partner in sorted(agreed["partners"], key=lambda p: (Side.position(p["side"]), p["number"]))
        ],
        "agreement": agreed["agreement"].text,
        "answers": [
            {"label": label(row), "answer": _("Yes, all of us") if row["agree"] else _("No")}
            for row in agreed["rows"]
            if row["agree"] is not None
        ],
        "desired": [_desired_row(row) for row in agreed["desired"]],
        "desired_summary": agreed["desired_summary"].text,
        "open": [_open(cell) for cell in agreed["differs"]] + [_open(cell, known=False) for cell in agreed["unknown"]],
    }


def _gap_row(row: dict[str, Any]) -> dict[str, Any]:
    found = {key: row[key] for key in ("raw", "north", "south", "at")}
    return {"label": label(row), "holder": row["holder"], **found}


def _warnings(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what deserves a second look, each once, with the numbers of its decisions."""
    found: dict[str, list[str]] = {}
    for row in rows:
        hollow = [row["label"]] if row["label"].case in ("equal_but_powerless", "equal_without_say") else []
        for said in (*row["warnings"], *hollow):
            found.setdefault(said.text, []).append(str(row["number"]))
    return [{"text": text, "where": _where(places)} for text, places in found.items()]


def _where(places: list[str]) -> str:
    said = ngettext("Decision %(numbers)s.", "Decisions %(numbers)s.", len(places))
    return said % {"numbers": listed(places)}


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    return {"text": str(cell["text"]), "level": cell["level"], "want": cell["want"], "css": cell["css"]}


def _desired_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "label": label(row),
        "raw": row["raw"],
        "north_change": numbers.change(row["north"], row["north_desired"] or "–"),
        "south_change": numbers.change(row["south"], row["south_desired"] or "–"),
    }


def _open(cell: dict[str, Any], known: bool = True) -> dict[str, Any]:
    views = {"one": cell["one_view"] or "–", "other": cell["other_view"] or "–"}
    text = _("seen differently: “%(one)s” and “%(other)s”") % views if known else _("nobody knows")
    return {"label": label(cell), "partner": cell["partner"], "text": text}


def _perception(perception: dict[str, Any], sides: dict[str, Any]) -> dict[str, Any]:
    agreement = perception["agreement"]
    return {
        "said": perception["said"].text,
        "answered": [said.text for said in perception["answered"]],
        "explained": explained(perception["together"]),
        "ticks": [
            [-3, _("%(side)s\nhigher") % {"side": sides["south"]}],
            [0, _("same level")],
            [3, _("%(side)s\nhigher") % {"side": sides["north"]}],
        ],
        "rows": [
            {
                "label": label(row),
                "raw": row["raw"],
                **{side: row[side].text for side in ("north", "south", "difference")},
            }
            for row in perception["rows"]
        ],
        "bands": [
            {"label": label(row), "cells": [_cell({**cell, "level": None, "want": None}) for cell in row["cells"]]}
            for row in perception["bands"]
        ],
        "agreement": ""
        if agreement is None
        else _(
            "Agreement among the answers that are shown: %(value)s (1: all see the same gaps; 0: no more than chance "
            "would give)."
        )
        % {"value": agreement},
    }


def since_of(assessment: Assessment, results: presenters.Results) -> dict[str, Any] | None:
    """Return what organisations said of their say since last time; None where nobody said anything."""
    rows = influence_change.statements_of(assessment, results.compared)
    if not any(row["said"] or row["decisions"] for row in rows):
        return None
    for row in rows:
        row["side_word"] = results.names["sides"][row["side"]]
    return {"words": influence_change.words(), "rows": rows}


def explained(together: bool) -> str:
    if together:
        return _(
            "Each representative gave every partner a level in every decision, alone. You see in which part of the "
            "ladder the middle of all answers is, where at least %(least)s organisations answered."
        ) % {"least": numbers.whole(SMALLEST_GROUP)}
    return _(
        "Each representative gave every partner a level in every decision, alone. Shown is how much higher each side "
        "sees the Northern partners stand than the Southern ones, on average and to half levels. To the left of the "
        "middle line the South is seen higher, to the right the North."
    )


def actions_of(assessment: Assessment) -> list[dict[str, Any]]:
    return [
        {
            "text": action.text,
            "decision": f"{action.decision.number}. {action.decision.said}",
            "owner": action.owner.name,
            "confirmer": _("confirmed by %(name)s") % {"name": action.confirmer.name} if action.confirmer else None,
            "due": _day(action.due),
            "status": str(action.get_status_display()),
        }
        for action in assessment.actions.select_related("decision", "owner", "confirmer")
    ]


def outcomes_of(assessment: Assessment) -> dict[str, Any]:
    """Return the routes without consensus, with their review dates, and what the group noted."""
    rows = (
        Outcome.objects.filter(decision__assessment=assessment).select_related("decision").order_by("decision__number")
    )
    named = [(f"{row.decision.number}. {row.decision.said}", row) for row in rows]
    return {
        "routes": [{"label": name, "text": _route(row)} for name, row in named if row.route],
        "notes": [{"label": name, "text": row.note} for name, row in named if row.note],
    }


def causes_of(assessment: Assessment) -> list[dict[str, Any]]:
    """Return what the group said stands behind each “no”."""
    rows = Cause.objects.filter(decision__assessment=assessment, decision__outcome__agree=False)
    named: dict[str, list[str]] = {}
    for row in rows.select_related("decision").order_by("decision__number", "place"):
        named.setdefault(f"{row.decision.number}. {row.decision.said}", []).append(row.factor)
    known = factors.words_by_slug() if named else {}
    return [
        {"label": name, "text": listed([isolated(str(known.get(slug, slug))) for slug in slugs])}
        for name, slugs in named.items()
    ]


def _route(row: Outcome) -> str:
    return _("%(route)s; review on %(day)s") % {"route": row.get_route_display(), "day": _day(row.review_on)}


def replies_of(assessment: Assessment) -> list[dict[str, Any]]:
    found = assessment.participants.filter(reply__isnull=False).select_related("reply")
    return [{"by": participant.name, "text": participant.reply.text} for participant in found]


def remarks_of(assessment: Assessment) -> list[dict[str, Any]]:
    return [
        {
            "by": _("%(author)s, facilitator") % {"author": remark.said_by}
            if remark.by_facilitator
            else remark.said_by,
            "text": remark.text,
        }
        for remark in assessment.remarks.select_related("membership__user")
    ]


def method_of(results: presenters.Results) -> list[str]:
    """Return how to read the numbers, in so many words that the report explains itself."""
    ladder = _("The ladder of participation: %(levels)s.") % {
        "levels": " · ".join(f"{level} {word}" for level, word in LEVELS.items())
    }
    paragraphs = [
        _(
            "Power is the ability to influence decisions, to mobilise resources and to implement decisions. For each "
            "type of decision the partners said how much say each of them has today."
        ),
        ladder,
        _(
            "Agreed levels were found by the group in dialogue. A side's level is the mean over its partners. “Nobody "
            "knows”, “seen differently” and “not discussed” are not levels, and count in no mean. A partner decides "
            "or co-decides from level 3 on."
        ),
    ]
    if results.release and results.release.mode != Mode.CAUCUS:
        paragraphs.append(
            _(
                "Private ratings are never shown one by one. What is shown of them was put together once, when rating "
                "closed. It is the same for every reader. Where it says “%(not_shown)s”, no one sees it."
            )
            % {"not_shown": NOT_SHOWN}
        )
    paragraphs.append(
        _(
            "The sides are what each organisation declared itself to be. Levels describe this partnership at this "
            "time, seen by those who took part; they compare with no other partnership."
        )
    )
    return paragraphs


def stamp_of(results: presenters.Results) -> str:
    """Name the version of the method and of the results, so that two copies can be told apart."""
    agreed, release = results.agreed, results.release
    parts = [_("Method %(version)s") % {"version": METHOD_VERSION}]
    if agreed:
        draft = pgettext("agreed levels", "draft %(number)s") % {"number": agreed.version}
        state = pgettext("agreed levels", "final") if agreed.final else draft
        parts.append(_("agreed levels: %(state)s, %(digest)s") % {"state": state, "digest": agreed.input_digest[:12]})
    if release:
        parts.append(_("private ratings: released %(day)s") % {"day": _day(release.created_at)})
        if release.shrunk_at:
            parts.append(_("answers erased since: %(day)s") % {"day": _day(release.shrunk_at)})
    return " · ".join(parts)


def words(results: presenters.Results) -> dict[str, str]:
    """Return the fixed words of the PDF."""
    sides = results.names["sides"]
    return {
        "partners": _("Who took part"),
        "partner": _("Partner"),
        "acronym": _("Short name"),
        "side": _("Side"),
        "kind": _("Kind of organisation"),
        "how": _("How it was done"),
        "decision": _("Decision"),
        "agreed": _("Agreed levels of Northern and Southern partners"),
        "holders": _("Who decides or co-decides"),
        "means": _("Marks are the means of a side's agreed levels."),
        "second_look": _("Worth a second look"),
        "matrix": _("Every partner, every decision"),
        "key": _(
            "Digits are the agreed levels, a ring is the level the group wants instead. ≠ seen differently · ? nobody "
            "knows · – not discussed."
        ),
        "influence": _("How much say each partner has on average"),
        "influence_note": _("The mean of a partner's agreed levels, and the word of the ladder that is nearest to it."),
        "mean_level": _("Mean level"),
        "nearest": _("In words"),
        "agreement": _("Do we agree with how partners are involved?"),
        "answer": _("Answer of the group"),
        "desired": _("Where it should go"),
        "desired_key": _("Filled: today. Hollow: what the group wants."),
        "open": _("Seen differently, or not known"),
        "perception": _("What the private answers show"),
        "seen_north": _("Seen by %(side)s") % {"side": sides["north"]},
        "seen_south": _("Seen by %(side)s") % {"side": sides["south"]},
        "band_key": _("· means: %(not_shown)s") % {"not_shown": NOT_SHOWN},
        "caucus": _("What each side answered"),
        "two_answers": _("The two answers"),
        "caucus_key": _("– means that the side did not answer, or said that it does not know."),
        "actions": _("What will be done"),
        "action": _("Action"),
        "owner": _("By whom"),
        "due": _("By when"),
        "status": _("Status"),
        "no_actions": _("No action is planned yet."),
        "routes": _("Without consensus"),
        "causes": _("What in the system stands behind a “no”"),
        "notes": _("What was said"),
        "replies": _("Replies of organisations"),
        "no_replies": _("No organisation has replied."),
        "remarks": _("Comments and remarks"),
        "no_remarks": _("There are no comments or remarks."),
        "method": _("How to read this report"),
    }


def file_name(assessment: Assessment, language: str) -> str:
    """Return a file name of plain letters, whatever the title holds."""
    day: date = timezone.localdate(moment_of(assessment))
    return f"{slugify(assessment.title)[:60] or 'assessment'}-{day.isoformat()}-{slugify(language)}.pdf"
