"""A representative's own spreadsheet, out and back in: hers alone, and no newer answer is overwritten by it."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import Workbook

from assessments.fieldwork import cells, sheet, texts
from assessments.models.private import AnswerEvent, PrivateAgreement, Rater, Rating, Submission
from assessments.promises import promise
from assessments.services.rating import private_answers
from tests.assessments.fieldworking import named, opened, saved
from tests.assessments.making import mutation, rating

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(client, cast):
    client.force_login(cast.south_representative)
    return client


def fetch(client, assessment) -> bytes:
    response = client.get(reverse("assessments:my-form-sheet", args=[assessment.code]))
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    return response.content


def fill(data: bytes, levels=(), agreements=()) -> bytes:
    """Write levels by (decision, partner) and agreements by decision as a person does."""
    book = opened(data)
    first, second = book.worksheets[1:3]
    rows = {line[5].value: line for page in (first, second) for line in page.iter_rows(min_row=4, max_col=6)}
    for (decision, partner), value in dict(levels).items():
        rows[f"{decision}/{partner}"][4].value = value
    for decision, said in dict(agreements).items():
        for cell, value in zip(rows[f"{decision}/0"][2:5], said, strict=True):
            cell.value = value
    return saved(book)


def give_back(client, assessment, data: bytes):
    url = reverse("assessments:my-form", args=[assessment.code])
    return client.post(url, {"filled": named(data, "answers.xlsx")})


def page_of(client, assessment) -> str:
    return client.get(reverse("assessments:my-form", args=[assessment.code])).content.decode()


def levels() -> dict:
    return {(one.decision.number, one.participant.number): one.level for one in Rating.objects.all()}


# --- out


def test_it_holds_what_stands_the_promise_first_and_lists_to_choose_from(hers, assessment, own):
    private_answers.save_level(assessment, own, 1, 2, 4, mutation())
    private_answers.save_level(assessment, own, 1, 3, None, mutation())
    private_answers.save_agreement(assessment, own, 2, False, mutation(), "me", "Late.")
    read_me, first, second, hidden = opened(fetch(hers, assessment)).worksheets
    said = [cell.value for cell in read_me["A"]]
    assert said.index(promise("by_side")[0]) < said.index("How to fill in this form")
    assert [cell.value for cell in first["E"][3:6]] == [None, 4, "?"]
    assert [cell.value for cell in second[5][2:5]] == ["No, I do not agree", "For me only", "Late."]
    assert hidden.sheet_state == "veryHidden"
    (choice,) = first.data_validations.dataValidation
    assert (choice.type, choice.formula1, choice.showErrorMessage) == ("list", '"0,1,2,3,4,?"', True)
    assert "co-decides" in choice.prompt.lower()
    assert {one.type for one in second.data_validations.dataValidation} == {"list", "textLength"}


def test_only_the_cells_for_answers_are_open(hers, assessment):
    _read_me, first, second, _hidden = opened(fetch(hers, assessment)).worksheets
    assert first.protection.sheet
    assert second.protection.sheet
    assert [cell.protection.locked for cell in first[4][:6]] == [True, True, True, True, False, True]
    assert [cell.protection.locked for cell in second[4][:6]] == [True, True, False, False, False, True]


def test_words_that_look_like_a_formula_stay_words(hers, cast):
    assessment = rating(cast, wordings=['=HYPERLINK("http://x","y")'])
    first = opened(fetch(hers, assessment)).worksheets[1]
    assert first["B4"].value == '=HYPERLINK("http://x","y")'
    assert first["B4"].data_type == "s"


# --- and back in


def test_out_and_back_in_is_the_same_sheet(hers, assessment, own):
    changes = {(1, 1): 3, (1, 2): "٠", (2, 6): "?"}
    said = {1: ["No, I do not agree", "For the group, signed with my name", "Late."], 2: ["I do not know", None, None]}
    assert give_back(hers, assessment, fill(fetch(hers, assessment), changes, said)).status_code == 302
    assert levels() == {(1, 1): 3, (1, 2): 0, (2, 6): None}
    rows = PrivateAgreement.objects.order_by("decision__number").values_list("agree", "reason_use", "reason")
    assert list(rows) == [(False, "signed", "Late."), (None, "", "")]
    assert Rater.objects.get().submitted_at is None  # it counts when she hands in
    assert give_back(hers, assessment, fetch(hers, assessment)).status_code == 302
    assert AnswerEvent.objects.count() == 5


def test_a_workbook_with_the_earlier_words_is_imported(hers, assessment):
    said = {1: ["No, I don't agree", None, None], 2: ["I don't know", None, None]}
    assert give_back(hers, assessment, fill(fetch(hers, assessment), {}, said)).status_code == 302
    rows = PrivateAgreement.objects.order_by("decision__number").values_list("agree", flat=True)
    assert list(rows) == [False, None]


def test_the_same_file_twice_changes_nothing(hers, assessment):
    data = fill(fetch(hers, assessment), {(1, 1): 3})
    give_back(hers, assessment, data)
    give_back(hers, assessment, data)
    assert (AnswerEvent.objects.count(), Submission.objects.count(), Rating.objects.get().version) == (1, 1, 1)


def test_the_same_file_filled_in_further_is_taken_again(hers, assessment):
    """Twelve cells, since a lost thread would show by chance only: ties of time go by random ids."""
    first = {(decision, partner): 3 for decision in (1, 2) for partner in range(1, 7)}
    data = fill(fetch(hers, assessment), first)
    give_back(hers, assessment, data)
    again = dict.fromkeys(first, 0)
    give_back(hers, assessment, fill(data, again))
    assert levels() == again


def test_a_newer_answer_on_the_web_stays_and_she_sees_which_lost(hers, assessment, own):
    private_answers.save_level(assessment, own, 1, 1, 1, mutation(ago=timedelta(hours=2)))
    data = fetch(hers, assessment)
    private_answers.save_level(assessment, own, 1, 1, 4, mutation(base_version=1))
    private_answers.save_level(assessment, own, 1, 2, 4, mutation())
    give_back(hers, assessment, fill(data, {(1, 1): 0, (1, 2): 0, (1, 3): 0}))
    assert levels() == {(1, 1): 4, (1, 2): 4, (1, 3): 0}
    page = page_of(hers, assessment)
    assert "1 answer was imported." in page
    assert "2 answers were not imported because you had given newer answers." in page
    assert "North 1" in page


def test_what_she_did_not_touch_is_no_answer_given_again(hers, assessment, own):
    private_answers.save_level(assessment, own, 1, 1, 1, mutation(ago=timedelta(hours=2)))
    data = fetch(hers, assessment)
    private_answers.save_level(assessment, own, 1, 1, 4, mutation(base_version=1))
    give_back(hers, assessment, fill(data, {(1, 2): 2}))
    assert levels() == {(1, 1): 4, (1, 2): 2}
    assert not AnswerEvent.objects.filter(won=False).exists()


def test_a_cell_that_is_emptied_changes_nothing(hers, assessment, own):
    private_answers.save_level(assessment, own, 1, 1, 1, mutation())
    give_back(hers, assessment, fill(fetch(hers, assessment), {(1, 1): None}))
    assert levels() == {(1, 1): 1}


def test_somebody_elses_sheet_is_refused_without_telling_whose(hers, client, cast, assessment):
    data = fill(fetch(hers, assessment), {(1, 1): 3})
    client.force_login(cast.guest)
    response = give_back(client, assessment, data)
    assert response.status_code == 422
    assert "made for someone else" in response.content.decode()
    assert "Sara" not in response.content.decode()
    assert not Rating.objects.exists()
    client.force_login(cast.south_representative)
    assert give_back(client, assessment, data).status_code == 302


def test_a_sheet_of_another_assessment_is_refused(hers, cast, assessment):
    data = fill(fetch(hers, assessment), {(1, 1): 3})
    assert give_back(hers, rating(cast), data).status_code == 422
    assert not Rating.objects.exists()


def test_a_sheet_from_before_a_withdrawal_brings_nothing_back(hers, assessment, own):
    private_answers.save_level(assessment, own, 1, 1, 1, mutation())
    data = fill(fetch(hers, assessment), {(1, 2): 3})
    private_answers.withdraw(assessment, own)
    give_back(hers, assessment, data)
    assert not Rating.objects.exists()
    give_back(hers, assessment, fill(fetch(hers, assessment), {(1, 2): 3}))
    assert levels() == {(1, 2): 3}


@pytest.mark.parametrize(
    ("changes", "said", "where"),
    [
        ({(1, 2): 5}, {}, "Levels E"),
        ({(1, 2): "3.5"}, {}, "Levels E"),
        ({(1, 2): "=3"}, {}, "Levels E"),
        ({}, {1: ["Perhaps", None, None]}, "Agreement C"),
        ({}, {1: ["Yes, I agree", "For the press", None]}, "Agreement D"),
        ({}, {1: ["Yes, I agree", None, "Because."]}, "Agreement D"),
        ({}, {1: ["Yes, I agree", "For me only", "x" * 601]}, "Agreement E"),
    ],
)
def test_a_mistake_names_page_row_and_column_and_nothing_is_taken(hers, assessment, changes, said, where):
    response = give_back(hers, assessment, fill(fetch(hers, assessment), {(1, 1): 3, **changes}, said))
    assert response.status_code == 422
    (problem,) = response.context["returned"].problems
    assert (problem.row, problem.column) == (5 if changes else 4, where)
    assert not Rating.objects.exists()
    assert give_back(hers, assessment, fill(fetch(hers, assessment), {(1, 1): 3})).status_code == 302


def test_a_sheet_made_in_another_language_is_read(hers, assessment, monkeypatch):
    french = {"yes": "Oui", "no": "Non", "none": "Je ne sais pas"}
    english = texts.agrees
    monkeypatch.setattr(texts, "agrees", lambda: french if translation.get_language() == "fr" else english())
    give_back(hers, assessment, fill(fetch(hers, assessment), {}, {1: ["Non", None, None]}))
    assert PrivateAgreement.objects.get().agree is False


# --- hostile workbooks


def repacked(data: bytes, member: str, content: bytes) -> bytes:
    """Return the workbook with one member replaced or added."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), member}:
            new.writestr(name, content if name == member else old.read(name))
    return stream.getvalue()


def refused(client, assessment, data: bytes) -> list[str]:
    response = give_back(client, assessment, data)
    assert response.status_code == 422
    assert not Rating.objects.exists()
    return [problem.message for problem in response.context["returned"].problems]


def test_a_zip_bomb_is_refused(hers, assessment):
    bomb = repacked(fetch(hers, assessment), "xl/media/a.bin", b"0" * (cells.MOST_UNPACKED + 1))
    assert len(bomb) < 200_000
    assert "too large when unpacked" in refused(hers, assessment, bomb)[0]


def test_a_cell_at_the_far_end_costs_nothing(hers, assessment):
    book = opened(fetch(hers, assessment))
    book.worksheets[1]["XFD1048576"] = 1
    book.worksheets[3]["XFD1048576"] = 1
    assert give_back(hers, assessment, saved(book)).status_code in (302, 422)


def test_entities_are_not_expanded(hers, assessment):
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><sst>&b;</sst>'
    for member in ("xl/worksheets/sheet2.xml", "xl/workbook.xml"):
        assert refused(hers, assessment, repacked(fetch(hers, assessment), member, bomb)), member


def test_other_files_are_refused(hers, assessment):
    for data in (b"hello", b"PK\x03\x04", saved(Workbook()), b"\xd0\xcf\x11\xe0" * 200):
        assert refused(hers, assessment, data)


@pytest.mark.parametrize(
    ("place", "value"),
    [("B2", "other-00000000"), ("B5", "long ago"), ("B6", "x"), ("A1", "nothing"), ("A7", "1/1/1"), ("A4", "gone")],
)
def test_a_changed_hidden_page_is_refused_or_harmless(hers, assessment, place, value):
    data = fill(fetch(hers, assessment), {(1, 1): 3})
    book = opened(data)
    book[sheet.HELD][place] = value
    if place == "A1":
        assert give_back(hers, assessment, saved(book)).status_code == 302
    else:
        assert refused(hers, assessment, saved(book))
        assert give_back(hers, assessment, data).status_code == 302


def test_a_key_for_a_cell_that_nobody_asked_for_is_refused(hers, assessment):
    book = opened(fetch(hers, assessment))
    book.worksheets[1]["F4"], book.worksheets[1]["E4"] = "1/99", 3
    assert refused(hers, assessment, saved(book))


def test_a_forged_time_is_not_believed_beyond_now(hers, assessment, own):
    book = opened(fill(fetch(hers, assessment), {(1, 1): 3}))
    page = book[sheet.HELD]
    page["B5"] = (timezone.now() + timedelta(days=30)).isoformat()
    give_back(hers, assessment, saved(book))
    private_answers.save_level(assessment, own, 1, 1, 0, mutation())
    assert levels() == {(1, 1): 0}
    assert json.dumps(levels()[1, 1]) == "0"
