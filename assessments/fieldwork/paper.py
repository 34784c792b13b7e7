"""The questions on paper: A4, to tick with a pen, as many decisions to a page as fit with all partners."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import typst
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assessments import ladder
from assessments.fieldwork import texts
from assessments.fieldwork.questions import Asked, Questions, wording
from assessments.results import given_pledges

TEMPLATE = Path(__file__).with_name("paper.typ")
LONGEST_NAME = 60


@dataclass(frozen=True)
class Holder:
    """The representative whose own form it is. A form without one has empty boxes for the code."""

    organisation: str
    code: str


def pdf(questions: Questions, returned_to: list[str], made_at: datetime, holder: Holder | None = None) -> bytes:
    """Set the form in the active language. All texts travel as JSON, so that none is ever read as markup."""
    data = json.dumps(content(questions, returned_to, holder), ensure_ascii=False)
    try:
        return _set(data, made_at, ["ua-1"])
    except typst.TypstError:
        # PDF/UA refuses a letter that no font has. A form with a gap in a name can still be filled in.
        return _set(data, made_at, [])


def _set(data: str, made_at: datetime, standards: list) -> bytes:
    return typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        format="pdf",
        sys_inputs={"content": data},
        pdf_standards=standards,
        timestamp=int(made_at.timestamp()),
    )


def content(questions: Questions, returned_to: list[str], holder: Holder | None) -> dict:
    return {
        "language": (translation.get_language() or "en").split("-")[0],
        "title": questions.title,
        "partnership": questions.partnership,
        "form": questions.key,
        "holder": holder and {"organisation": holder.organisation, "code": holder.code},
        "promise": [
            texts.first_line(),
            *questions.promise,
            texts.seen_by_the_importer(),
            *given_pledges.pledge_lines(questions.pledge),
        ],
        "returned_to": returned_to,
        "ladder": [[sign, str(capfirst(_short(value)))] for value, sign, _word in texts.rungs()],
        "rungs": [[sign, word] for _value, sign, word in texts.rungs()],
        "agrees": list(texts.agrees().values()),
        "uses": list(texts.uses().values()),
        "partners": [
            {"name": _in_a_row(one), "side": questions.sides[one.side], "shape": one.side} for one in questions.partners
        ],
        "decisions": [[number, wording(decision)] for number, decision in questions.decisions.items()],
        "small_side": texts.small_side(),
        "tick": texts.tick(),
        "tick_note": texts.tick_note(questions.k),
        "words": _words(),
    }


def _in_a_row(one: Asked) -> str:
    """Return a partner's name as it fits a row; a longer one begins with what it is called for short."""
    return one.name if len(one.name) <= LONGEST_NAME else f"{one.acronym} ({one.name[: LONGEST_NAME - 20]}…)"


def _short(value: str) -> str:
    return str(_("do not know")) if value == texts.DONT_KNOW else str(ladder.SHORT_LEVELS[int(value)])


def _words() -> dict[str, str]:
    return {
        "heading": _("Your private answers"),
        "who_sees": _("Who sees your answers"),
        "how": _("How to fill in this form"),
        "how_text": _(
            "Fill in this form alone, with a pen. How much influence does each partner have on the decision? Put one "
            "cross in each row. If you do not know, or if the question does not apply, put the cross on the question "
            "mark. You do not have to answer every question."
        ),
        "return": _("Where to return this form"),
        "return_text": _(
            "Put this form in an envelope, seal it, and give it to one of these facilitators. Alternatively, keep "
            "the form and enter your answers on the website yourself."
        ),
        "answers_for": _("You are answering for"),
        "code": _("Your answer code"),
        "code_note": _(
            "The website shows this code only to you. The code identifies your answers, so do not write your name on "
            "this form. Show the form only to the person who will enter your answers."
        ),
        "date": _("Date on which you filled in this form"),
        "ladder": _("The ladder"),
        "partner": _("Partner"),
        "agree": texts.do_you_agree(),
        "reason": _("You can give a reason. First put a cross to show who your reason is for:"),
        "reason_note": texts.reason_note(),
        "hand_in": _("I submit these answers. (Your answers will count only if you put a cross here.)"),
        "last": _("At the end"),
        "form": _("Form"),
    }
