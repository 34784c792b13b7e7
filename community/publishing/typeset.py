"""A version's content in words, in the active language, and set as a tagged PDF."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language_bidi, ngettext, pgettext
from django.utils.translation import gettext as _

from assessments.typeset import typeset
from community.models import EvidenceKind, GroupKind, ItemKind, Outcome, PaperStatus
from community.publishing import figures
from community.publishing.blocks import blocks
from partnerships.locales import listed
from partnerships.models import Side

TEMPLATE = Path(__file__).with_name("paper.typ")


def pdf(content: dict, ends: dict[str, str], made_at: datetime) -> bytes:
    """Set a version's content as a PDF/UA-1."""
    shown = words(content)
    for part in (shown, *shown["sections"], *shown["recommendations"]):
        part["blocks"] = blocks(part.get("text", part.get("summary", "")))
    shown |= {**ends, "rtl": get_language_bidi() or content["language"] == "ar"}
    return typeset(TEMPLATE, shown, made_at)


def words(content: dict) -> dict[str, Any]:
    """Return the content as page and print show it: each line in words."""
    return {
        "title": content["title"],
        "language": content["language"] if content["language"] != "und" else "en",
        "eyebrow": _("Policy paper of the working group “%(group)s”") % {"group": GroupKind(content["group"]).label},
        "edition": _("Version %(number)s, %(date)s") % {"number": content["number"], "date": day(content["date"])},
        "summary": content["summary"],
        "sections": [dict(one) for one in content["sections"]],
        "recommendations": [recommendation(one) for one in content["recommendations"]],
        "references": [reference(one) for one in content["references"]],
        "voices": voices(content["voices"]),
        "labels": labels(),
    }


def labels() -> dict[str, str]:
    return {
        "recommendations": _("Recommendations"),
        "recommendation": _("Recommendation"),
        "minority": _("Minority notes"),
        "proposal": _("Proposed instead:"),
        "reservations": _("Consent with a reservation"),
        "references": _("What the recommendations rest on"),
        "voices": _("Who contributed"),
        "side": _("Side"),
        "changes": _("Versions"),
        "comments": _("Comments"),
        "suggestions": _("Suggestions"),
        "total": pgettext("sum", "Total"),
        "cite": _("How to cite"),
        "digest": _("Digest of the content (SHA-256)"),
        "against": _("speaks against it"),
    }


def recommendation(one: dict) -> dict[str, Any]:
    consent = {"minority": [], "reservations": [], **(one["consent"] or {})}
    return {
        "number": one["number"],
        "heading": _("%(number)s. %(title)s") % {"number": one["number"], "title": one["title"]},
        "title": one["title"],
        "text": one["text"],
        "standing": standing(one),
        "adopted": one["standing"] == PaperStatus.ADOPTED,
        "lines": [*facts(one), *rests(one)],
        "consent": consented(one["consent"]),
        "minority": [note(found) for found in one.get("minority", consent["minority"])],
        "minority_on": minority_on(one),
        "reservations": [note(found) for found in consent["reservations"]],
    }


def minority_on(one: dict) -> str:
    """Say which words the minority notes are about, where they have changed since both sides were asked."""
    if one["standing"] != "changed" or not one.get("minority"):
        return ""
    return _("These notes are about version %(version)s of the words.") % {"version": one["asked"]}


def standing(one: dict) -> str:
    if one["standing"] == "changed":
        return _("Proposed: the words have changed since both sides were asked")
    if one["standing"] == PaperStatus.NOT_ADOPTED and one["consent"]:
        return str(Outcome(one["consent"]["outcome"]).label).capitalize()
    return str(PaperStatus(one["standing"]).label).capitalize()


def facts(one: dict) -> list[str]:
    found = []
    if one["to"]:
        found.append(_("Addressed to: %(who)s") % {"who": one["to"]})
    if one["moment"]:
        found.append(_("By which moment of decision: %(moment)s") % {"moment": one["moment"]})
    if one["by"]:
        found.append(_("By which day: %(day)s") % {"day": day(one["by"])})
    return found


def rests(one: dict) -> list[str]:
    found = []
    if one["findings"]:
        found.append(_("Answers the findings %(places)s") % {"places": places(one["findings"])})
    if one["measures"]:
        found.append(_("Generalises the measures %(places)s") % {"places": places(one["measures"])})
    return found


def places(numbers: list[int]) -> str:
    return listed(f"[{number}]" for number in numbers)


def consented(found: dict | None) -> list[str]:
    """Say how each side answered in the round; its date first."""
    if not found:
        return []
    lines = [_("Both sides were asked until %(day)s.") % {"day": day(found["closed"])}]
    for side in found["sides"]:
        if side["answered"] or side["quorum"]:
            lines.append(answered(side))
    return lines


def answered(side: dict) -> str:
    said = ngettext(
        "%(side)s: %(answered)s person answered; %(consent)s consented, %(reservation)s with a reservation, "
        "%(objection)s objected (%(resolved)s resolved), %(aside)s stood aside.",
        "%(side)s: %(answered)s people answered; %(consent)s consented, %(reservation)s with a reservation, "
        "%(objection)s objected (%(resolved)s resolved), %(aside)s stood aside.",
        side["answered"],
    ) % {**side, "side": Side(side["side"]).label}
    quorum = _("At least %(quorum)s were needed.") % side
    return f"{said} {quorum}" if side["quorum"] else said


def note(found: dict) -> dict[str, str]:
    side = str(Side(found["side"]).label)
    who = _("%(name)s (%(side)s)") % {"name": found["name"], "side": side} if found.get("name") else side
    return {"who": who, "reason": found["reason"], "proposal": found.get("proposal", "")}


def reference(one: dict) -> dict[str, Any]:
    kind = str(ItemKind(one["kind"]).label).capitalize()
    line = _("%(kind)s, %(status)s, version %(version)s") % {**one, "kind": kind}
    title = one["title"] or _("Withdrawn by its author")
    return {**one, "title": title, "line": line, "evidence": [evidence(row) for row in one["evidence"]]}


def evidence(row: dict) -> dict[str, Any]:
    """Return one line of what a reference rests on, and a figure's numbers."""
    found: dict[str, Any] = {"link": row.get("link", ""), "says": row.get("says", ""), "numbers": [], "digest": ""}
    if row["kind"] == EvidenceKind.CASE_STUDY:
        line = _("A case from a partnership, to be read on the page of the finding")
    elif row["kind"] == EvidenceKind.FIGURE:
        line = _("Figure from the evidence base, as it was on %(day)s: %(name)s")
        line = line % {"day": day(row["date"]), "name": figures.name(row["key"])}
        found |= {"numbers": figures.said(row["values"]), "digest": row["digest"]}
    else:
        line = ". ".join(str(part) for part in (row["source"], row["title"], row["year"]) if part)
    return found | {"line": f"{line} ({_('speaks against it')})" if row["against"] else line}


def voices(rows: list[dict]) -> dict[str, Any]:
    total = {row["side"]: row["changes"] + row["comments"] + row["suggestions"] for row in rows}
    said = _(
        "Of %(all)s contributions, %(north)s came from the North, %(south)s from the South, %(other)s from others."
    )
    shown = [{**row, "name": str(Side(row["side"]).label), "total": total[row["side"]]} for row in rows]
    return {"said": said % {**total, "all": sum(total.values())}, "rows": shown}


def day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "DATE_FORMAT") if iso else ""
