"""The forms that go out: an XLSForm that pyxform converts, and paper that can be printed."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader
from pyxform.xls2xform import convert

from assessments.fieldwork import paper, texts, xlsform
from assessments.fieldwork.questions import Asked, Questions, questions_of
from assessments.models import Decision
from assessments.promises import PROMISES
from assessments.scoring.levels import parse_level
from assessments.services.rating import fieldwork
from tests.assessments.making import rating

HOSTILE = [
    "${d1_p1}",
    "=1+1",
    '<b>& "quotes" \'',
    "#let x = 1 $ \\ `",
    "a\x0bb\x00",
    "</label>",
    "${ d1 }",
    "\u202eabc",
]


SIDES = ("north", "south")


def questions(partners: int = 3, decisions: int = 2, mode: str = "by_side", words=()) -> Questions:
    words = [*words, *(f"Dividing the budget {n}" for n in range(decisions))][:decisions]
    return Questions(
        title="Midterm",
        partnership="Voices for Water",
        mode=mode,
        k=3,
        sides={"north": "North", "south": "South", "other": "Other"},
        partners=[
            Asked(n, f"Partner organisation {n}", f"P{n}", ("north", "south")[n % 2]) for n in range(1, partners + 1)
        ],
        decisions={n: Decision(number=n, wording=word) for n, word in enumerate(words, start=1)},
        key="abcdefgh1234-0a1b2c3d",
    )


def converted(asked: Questions):
    """Return what pyxform makes of the form; it raises on anything that is not valid."""
    made = convert(BytesIO(xlsform.workbook(asked, "2026112401")), file_type=".xlsx", validate=False)
    assert [warning for warning in made.warnings if "subtag" not in warning] == []
    return made


# --- XLSForm


def test_the_form_is_valid_and_asks_everything():
    made = converted(questions())
    names = set(re.findall(r'nodeset="/data/([^"]+)"', made.xform))
    asked = {f"d{d}/d{d}_{part}" for d in (1, 2) for part in ("p1", "p2", "p3", "agree", "use", "reason")}
    assert asked | {"answer_code", "form_key", "given_on", "last/tick", "last/hand_in", "start", "end"} <= names
    assert 'id="pat_abcdefgh1234_0a1b2c3d"' in made.xform
    assert 'version="2026112401"' in made.xform


@pytest.mark.parametrize("mode", PROMISES)
def test_the_promise_stands_first_and_the_code_before_the_first_question(mode):
    rows = xlsform.survey(questions(mode=mode))
    shown = [row for row in rows if row["type"] not in ("start", "end", "calculate")]
    assert shown[0]["type"] == "note"
    assert texts.first_line() in shown[0]["label"]
    names = [row["name"] for row in shown]
    before = [row.get("label") for row in shown[: names.index("answer_code")]]
    assert before[1 : 1 + len(PROMISES[mode])] == [str(paragraph) for paragraph in PROMISES[mode]]
    assert texts.seen_by_the_importer() in before
    assert names.index("answer_code") < names.index("d1")
    assert shown[names.index("answer_code")]["required"] == "yes"


def test_the_use_of_a_reason_is_chosen_before_the_reason_can_be_typed():
    rows = {row["name"]: place for place, row in enumerate(xlsform.survey(questions()))}
    assert rows["d1_use"] < rows["d1_reason"]
    relevant = xlsform.survey(questions())[rows["d1_reason"]]["relevant"]
    assert relevant == "${d1_use} = 'me' or ${d1_use} = 'group' or ${d1_use} = 'signed'"


def test_dont_know_is_a_choice_of_its_own_and_reads_as_missing():
    values = [row["name"] for row in xlsform.choices() if row["list_name"] == "levels"]
    assert values == ["0", "1", "2", "3", "4", "none"]
    assert [parse_level(value, texts.DONT_KNOW) for value in values] == [0, 1, 2, 3, 4, None]


def test_it_has_labels_in_every_language_and_opens_in_the_readers():
    from django.utils import translation

    with translation.override("fr"):
        made = converted(questions())
    offered = re.findall(r'<translation(?: default="true\(\)")? lang="([^"]+)"', made.xform)
    assert sorted(offered) == sorted(f"{name} ({code})" for code, name in texts.languages())
    assert re.search(
        r'<translation [^>]*(lang="Français \(fr\)" default|default="true\(\)" lang="Français \(fr\)")', made.xform
    )


def test_words_that_look_like_code_stay_words():
    made = converted(questions(decisions=len(HOSTILE), words=HOSTILE))
    assert "1. ＄{d1_p1}" in made.xform
    assert "2. =1+1" in made.xform


def test_40_partners_and_60_decisions_are_valid():
    assert converted(questions(40, 60)).xform.count("<bind nodeset=") > 60 * 43


@pytest.mark.django_db
def test_a_real_code_fits_the_constraint_and_a_name_does_not(cast):
    assessment = rating(cast)
    code = fieldwork.code_of(assessment, cast.membership(cast.guest))
    for typed in (code, code.upper(), code.replace("-", ""), code.replace("-", " "), f" {code} "):
        assert re.fullmatch(xlsform.CODE_PATTERN, typed)
    for typed in ("Guest Gathoni", code[:-1], f"{code}0", ""):
        assert not re.fullmatch(xlsform.CODE_PATTERN, typed)


@pytest.mark.django_db
def test_it_is_made_for_one_list_of_one_assessment(cast):
    first, second = questions_of(rating(cast)), questions_of(rating(cast))
    assert first.key != second.key
    assert f"'{first.key}'" in [row.get("calculation") for row in xlsform.survey(first)]


# --- paper


def printed(asked: Questions, holder=None) -> bytes:
    return paper.pdf(asked, ["Noor Jansen (Fjord Aid)"], datetime(2026, 11, 24, tzinfo=UTC), holder)


def pages(data: bytes) -> list[str]:
    """Return the text of each page; pypdf reads it in the order in which it was set."""
    return [page.extract_text() for page in PdfReader(BytesIO(data)).pages]


def test_paper_tells_the_promise_first_then_asks_two_decisions_of_8_partners_a_page():
    first, *asked = pages(printed(questions(8, 12)))
    assert all(str(paragraph) in " ".join(first.split()) for paragraph in PROMISES["by_side"])
    assert "Noor Jansen (Fjord Aid)" in first
    assert len(asked) == 6
    assert "1. Dividing the budget 0" in asked[0]
    assert "2. Dividing the budget 1" in asked[0]
    for number, page in enumerate(asked, start=2):
        assert "0 = Excluded" in page
        assert re.search(rf"\b{number} ?/ ?7\b", page)
        assert "abcdefgh1234-0a1b2c3d" in page


def test_40_partners_and_60_decisions_take_a_page_a_decision():
    asked = pages(printed(questions(40, 60)))[1:]
    assert len(asked) == 61
    for number, page in enumerate(asked[:60], start=1):
        assert f"{number}. Dividing the budget" in page
        assert "Partner organisation 1 " in page
        assert "Partner organisation 40 " in page


def test_the_longest_wording_and_name_still_fit_one_page():
    asked = questions(40, 2, words=["Decision " * 33, "Word " * 60])
    asked.partners[0] = Asked(1, "Organisation " * 12, "P1", "north")
    assert len(pages(printed(asked))) == 4


def test_her_code_stands_on_each_page_and_no_name():
    own = pages(printed(questions(8, 4), paper.Holder("Amani Trust", "k7m2q-9x4tz")))
    assert all("k7m2q-9x4tz" in page for page in own)
    assert "k7m2q" not in "".join(pages(printed(questions(8, 4))))


def test_paper_is_tagged_and_people_words_are_no_markup():
    data = printed(questions(3, len(HOSTILE), words=HOSTILE))
    assert b"/MarkInfo" in data or b"pdfuaid" in data
    assert "#let x = 1" in "".join(pages(data))
