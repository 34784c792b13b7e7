"""The print kit: how to use it, A3 sheets of decisions × partners, cards of the ladder and of the decisions, dots."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import typst
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from assessments import ladder, promises
from assessments.models import Assessment
from assessments.results import given_pledges
from assessments.typeset import typeset
from partnerships.models import Side

TEMPLATE = Path(__file__).with_name("kit.typ")
MOST_ROWS, MOST_COLUMNS = 12, 12  # on one sheet: a cell then still takes a marker or a dot
EMPTY = [{"number": number, "wording": "", "language": ""} for number in range(1, MOST_ROWS + 1)]  # to write into


@dataclass(frozen=True)
class Shown:
    """One organisation that the sheets have a column for."""

    name: str
    acronym: str
    side: str | None


def partners_of(assessment: Assessment) -> list[Shown]:
    """Return the partners in the fixed order: as snapshotted, before that as the partnership has them."""
    now = assessment.partnership.partners.filter(left_at__isnull=True)
    listed = [Shown(each.name, each.acronym, each.side) for each in (list(assessment.participants.all()) or now)]
    return sorted(listed, key=lambda each: Side.position(each.side))


def pdf(assessment: Assessment, ground_rules: Sequence[str], made_at: datetime) -> bytes:
    """Set the kit in the active language; `ground_rules` are the lines that everybody keeps to."""
    data = content(assessment, ground_rules)
    try:
        return typeset(TEMPLATE, data, made_at)
    except typst.TypstError:
        # PDF/UA refuses a letter that no font has. A card with a gap in a word can still be mended with a pen.
        return typeset(TEMPLATE, data, made_at, standards=())


def content(assessment: Assessment, ground_rules: Sequence[str]) -> dict:
    decisions = assessment.decisions.active().order_by("number", "position", "pk")
    partners, sides = partners_of(assessment), assessment.partnership.side_words()
    listed = [
        {
            "number": each.number or place,
            "wording": each.wording_for_reader,
            "language": (each.language_for_reader or "").split("-")[0],
        }
        for place, each in enumerate(decisions, start=1)
    ] or EMPTY
    columns = [{"name": each.name, "acronym": each.acronym, "shape": each.side or "other"} for each in partners]
    return {
        "language": (translation.get_language() or "en").split("-")[0],
        "title": assessment.title,
        "partnership": assessment.partnership.name,
        "mark": _("Rehearsal: everything in it is invented") if assessment.partnership.is_rehearsal else "",
        "decisions": listed,
        "partners": columns,
        "sheets": sheets(listed, [*columns, None]),
        "dots": dots(partners, sides),
        "sides": [[side.value, sides[side.value]] for side in Side if any(each.side == side for each in partners)],
        "ladder": [[str(level), str(capfirst(word))] for level, word in ladder.LEVELS.items()],
        "short": [[str(level), str(word)] for level, word in ladder.SHORT_LEVELS.items()],
        "differs": str(capfirst(_("we see this level differently"))),
        "promise": promise(assessment),
        "ground_rules": list(ground_rules),
        "how": [str(line) for line in HOW],
        "words": _words(),
    }


def sheets(decisions: list[dict], columns: list[dict | None]) -> list[dict]:
    """Return the sheets that tile the wall, row by row; the last column (None) asks whether all agree."""
    rows, across = _even(decisions, MOST_ROWS), _even(columns, MOST_COLUMNS)
    return [
        {
            "name": f"{chr(65 + down)}{right + 1}",
            "rows": part,
            "columns": some,
            "height": max(len(each) for each in rows),  # of all sheets, so that they fit beside one another
            "width": max(len(each) for each in across),
            "of": [len(rows), len(across)],
            "at": [down, right],
        }
        for down, part in enumerate(rows)
        for right, some in enumerate(across)
    ]


def _even(items: list, most: int) -> list[list]:
    """Return the items in as few parts as can be, none longer than `most`, all about as long."""
    parts = math.ceil(len(items) / most)
    length = math.ceil(len(items) / parts)
    return [items[start : start + length] for start in range(0, len(items), length)]


def dots(partners: list[Shown], sides: dict[str, str]) -> list[dict]:
    """Return a strip of dots per organisation. A dot says the side by its shape, and never the organisation."""
    declared = [each for each in partners if each.side]
    return [{"name": each.name, "shape": each.side, "side": sides[str(each.side)]} for each in declared]


def promise(assessment: Assessment) -> list[str]:
    """Return what was promised about the private answers, and what those who give money signed."""
    mode = assessment.mode or assessment.mode_wanted
    asked = promises.promise(mode) if assessment.private_ratings else []
    return [*asked, *given_pledges.lines(assessment)]


HOW = (
    gettext_lazy("Print the sheets on A3 and the rest on A4, in black and white. Cut out the cards and the dots."),
    gettext_lazy(
        "Hang the sheets next to each other, in the order of their letters and numbers. Hang them low enough for "
        "everyone to reach."
    ),
    gettext_lazy("Read the ground rules aloud. Put the ladder, from 0 to 4, where everyone can see it."),
    gettext_lazy(
        "Take one decision card at a time. Ask: “What happened last time?” Southern partners speak first. The "
        "organisation that gives the money speaks last."
    ),
    gettext_lazy(
        "Each organisation proposes its own level. The others respond. Write the level that you agree on in the cell, "
        "as a number."
    ),
    gettext_lazy(
        "If you do not agree on a level, write ≠ in the cell, and write both views on the card. Leave a cell empty "
        "if you did not discuss that level. Use the dots to choose and to try out levels. A dot shows the side, "
        "never the organisation."
    ),
    gettext_lazy(
        "Then ask each organisation whether it agrees with how partners are involved. One “no” makes the result a "
        "“no”. Take a photo of every sheet. Later, enter the levels on this website."
    ),
)


def _words() -> dict[str, str]:
    return {
        "heading": _("Print kit"),
        "how": _("How to use this kit"),
        "keep_to": _("Ground rules"),
        "promised": _("What was promised"),
        "matrix": _("Decisions and partners"),
        "sheet": pgettext("of paper", "Sheet"),
        "decision": _("Decision"),
        "agree": _("Do we agree?"),
        "ladder": _("The ladder"),
        "cards": _("Decision cards"),
        "how_much": _("How much influence does each partner have on this decision?"),
        "do_we_agree": _("Do we agree with how partners are involved?"),
        "yes": pgettext("do we agree?", "Yes"),
        "no": pgettext("do we agree?", "No"),
        "views": _("Both views, if we see this level differently:"),
        "one": _("One view"),
        "other": _("The other view"),
        "dots": _("Dots"),
        "cut": _("Cut here, and hang this sheet next to the previous one"),
    }
