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
    shown = content_in_words(content)
    for part in (shown, *shown["sections"], *shown["recommendations"]):
        part["blocks"] = blocks(part.get("text", part.get("summary", "")))
    shown |= {**ends, "rtl": get_language_bidi() or content["language"] == "ar"}
    return typeset(TEMPLATE, shown, made_at)


def content_in_words(content: dict) -> dict[str, Any]:
    """Return the content as page and print show it: each line in words."""
    return {
        "title": content["title"],
        "language": content["language"] if content["language"] != "und" else "en",
        "eyebrow": _("Policy paper of the working group “%(group)s”") % {"group": GroupKind(content["group"]).label},
        "edition": _("Version %(number)s, %(date)s") % {"number": content["number"], "date": day(content["date"])},
        "summary": content["summary"],
        "sections": [dict(row) for row in content["sections"]],
        "recommendations": [recommendation(row) for row in content["recommendations"]],
        "references": [reference(row) for row in content["references"]],
        "voices": voices(content["voices"]),
        "labels": labels(),
    }


def labels() -> dict[str, str]:
    return {
        "recommendations": _("Recommendations"),
        "recommendation": _("Recommendation"),
        "minority": _("Minority notes"),
        "proposal": _("Alternative proposal:"),
        "reservations": _("Consent with a reservation"),
        "references": _("Evidence for the recommendations"),
        "voices": _("Contributors"),
        "side": _("Side"),
        "changes": _("Versions"),
        "comments": _("Comments"),
        "suggestions": _("Suggestions"),
        "total": pgettext("sum", "Total"),
        "cite": _("How to cite"),
        "digest": _("Digital fingerprint of the content (SHA-256)"),
        "against": _("contrary evidence"),
    }


def recommendation(row: dict) -> dict[str, Any]:
    consent = {"minority": [], "reservations": [], **(row["consent"] or {})}
    return {
        "number": row["number"],
        "heading": _("%(number)s. %(title)s") % {"number": row["number"], "title": row["title"]},
        "title": row["title"],
        "text": row["text"],
        "standing": standing(row),
        "adopted": row["standing"] == PaperStatus.ADOPTED,
        "lines": [*facts(row), *rests(row)],
        "consent": consented(row["consent"]),
        "minority": [note(objection) for objection in row.get("minority", consent["minority"])],
        "minority_on": minority_on(row),
        "reservations": [note(objection) for objection in consent["reservations"]],
    }


def minority_on(row: dict) -> str:
    """Say which words the minority notes are about, where they have changed since both sides were asked."""
    if row["standing"] != "changed" or not row.get("minority"):
        return ""
    return _("These notes are about version %(version)s of the text.") % {"version": row["asked"]}


def standing(row: dict) -> str:
    if row["standing"] == "changed":
        return _("Proposed: the text has changed since the consent round")
    if row["standing"] == PaperStatus.NOT_ADOPTED and row["consent"]:
        return str(Outcome(row["consent"]["outcome"]).label).capitalize()
    return str(PaperStatus(row["standing"]).label).capitalize()


def facts(row: dict) -> list[str]:
    lines = []
    if row["to"]:
        lines.append(_("Addressed to: %(who)s") % {"who": row["to"]})
    if row["moment"]:
        lines.append(_("Decision to influence: %(moment)s") % {"moment": row["moment"]})
    if row["by"]:
        lines.append(_("Deadline: %(day)s") % {"day": day(row["by"])})
    return lines


def rests(row: dict) -> list[str]:
    lines = []
    if row["findings"]:
        lines.append(_("Responds to findings: %(places)s") % {"places": places(row["findings"])})
    if row["measures"]:
        lines.append(_("Based on measures: %(places)s") % {"places": places(row["measures"])})
    return lines


def places(numbers: list[int]) -> str:
    return listed(f"[{number}]" for number in numbers)


def consented(consent: dict | None) -> list[str]:
    """Say how each side answered in the round; its date first."""
    if not consent:
        return []
    lines = [_("Both sides could answer until %(day)s.") % {"day": day(consent["closed"])}]
    for side in consent["sides"]:
        if side["answered"] or side["quorum"]:
            lines.append(answered(side))
    return lines


def answered(side: dict) -> str:
    text = ngettext(
        "%(side)s: %(answered)s person answered. Consent: %(consent)s. With a reservation: %(reservation)s. "
        "Objection: %(objection)s (resolved: %(resolved)s). No position: %(aside)s.",
        "%(side)s: %(answered)s people answered. Consent: %(consent)s. With a reservation: %(reservation)s. "
        "Objection: %(objection)s (resolved: %(resolved)s). No position: %(aside)s.",
        side["answered"],
    ) % {**side, "side": Side(side["side"]).label}
    quorum = _("At least %(quorum)s answers were needed.") % side
    return f"{text} {quorum}" if side["quorum"] else text


def note(row: dict) -> dict[str, str]:
    side = str(Side(row["side"]).label)
    who = _("%(name)s (%(side)s)") % {"name": row["name"], "side": side} if row.get("name") else side
    return {"who": who, "reason": row["reason"], "proposal": row.get("proposal", "")}


def reference(source: dict) -> dict[str, Any]:
    kind = str(ItemKind(source["kind"]).label).capitalize()
    line = _("%(kind)s, %(status)s, version %(version)s") % {**source, "kind": kind}
    title = source["title"] or _("Withdrawn by its author")
    return {**source, "title": title, "line": line, "evidence": [evidence(row) for row in source["evidence"]]}


def evidence(row: dict) -> dict[str, Any]:
    """Return one line of what a reference rests on, and a figure's numbers."""
    shown: dict[str, Any] = {"link": row.get("link", ""), "says": row.get("says", ""), "numbers": [], "digest": ""}
    if row["kind"] == EvidenceKind.CASE_STUDY:
        line = _("This case study comes from a partnership. You can read the case study on the finding's page.")
    elif row["kind"] == EvidenceKind.FIGURE:
        line = _("Number from the evidence base as of %(day)s: %(name)s")
        line = line % {"day": day(row["date"]), "name": figures.name(row["key"])}
        shown |= {"numbers": figures.lines_of_figure(row["values"]), "digest": row["digest"]}
    else:
        line = ". ".join(str(part) for part in (row["source"], row["title"], row["year"]) if part)
    return shown | {"line": f"{line} ({_('contrary evidence')})" if row["against"] else line}


def voices(rows: list[dict]) -> dict[str, Any]:
    total = {row["side"]: row["changes"] + row["comments"] + row["suggestions"] for row in rows}
    template = _(
        "Number of contributions: %(all)s. From the North: %(north)s. From the South: %(south)s. From others: "
        "%(other)s."
    )
    shown = [{**row, "name": str(Side(row["side"]).label), "total": total[row["side"]]} for row in rows]
    return {"said": template % {**total, "all": sum(total.values())}, "rows": shown}


def day(iso: str) -> str:
    return date_format(date.fromisoformat(iso), "DATE_FORMAT") if iso else ""
