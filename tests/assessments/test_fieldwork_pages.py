"""The pages of forms: a facilitator sees counts and no level, a representative her own; uploads are looked at first."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.fieldwork import cells, kobo
from assessments.fieldwork.questions import questions_of
from assessments.models import Assessment
from assessments.models.private import Rater, Rating, Submission
from assessments.promises import promise
from assessments.services.rating import fieldwork, private_answers
from partnerships import limits
from tests.assessments.fieldworking import as_csv, as_xlsx, everywhere, named, row
from tests.assessments.making import mutation, rating, step
from tests.assessments.pages import words
from tests.factories import make_cast
from tests.test_queries import sized

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, cast):
    """A facilitator's browser."""
    client.force_login(cast.north_facilitator)
    return client


def at(name, assessment) -> str:
    return reverse(f"assessments:{name}", args=[assessment.code])


def look(client, assessment, data: bytes, name="export.csv"):
    return client.post(at("fieldwork", assessment), {"filled": named(data, name)})


def bring_in(client, assessment, checked: str):
    return client.post(at("fieldwork", assessment), {"checked": checked}, follow=True)


def counts(response) -> list[int]:
    return [count for _words, count in response.context["counts"]]


# --- the facilitator


def test_looked_at_first_then_brought_in(desk, assessment, own):
    preview = look(desk, assessment, as_csv(row(assessment, own), row(assessment)))
    assert counts(preview) == [1, 0, 0, 1, 0]
    assert "therefore saw them" in words(preview)
    assert not Submission.objects.exists()
    assert not Rating.objects.exists()
    after = bring_in(desk, assessment, preview.context["checked"])
    assert "1 form has been imported." in words(after)
    assert Rating.objects.get().level == 3
    again = look(desk, assessment, as_csv(row(assessment, own) | {"_uuid": Submission.objects.get().instance}))
    assert counts(again) == [0, 0, 1, 0, 0]
    assert "checked" not in again.context


def test_a_workbook_is_taken_as_well(desk, assessment, own):
    preview = look(desk, assessment, as_xlsx(row(assessment, own)), "export.xlsx")
    bring_in(desk, assessment, preview.context["checked"])
    assert Rating.objects.get().level == 3


def test_the_checked_page_sent_twice_is_brought_in_once(desk, assessment, own):
    checked = look(desk, assessment, as_csv(row(assessment, own))).context["checked"]
    bring_in(desk, assessment, checked)
    assert "nothing new" in words(bring_in(desk, assessment, checked))
    assert (Submission.objects.count(), Rating.objects.get().version) == (1, 1)


def test_a_checked_file_is_good_for_its_person_and_assessment_only(desk, cast, assessment, own):
    checked = look(desk, assessment, as_csv(row(assessment, own))).context["checked"]
    bring_in(desk, rating(cast), checked)
    desk.force_login(cast.south_facilitator)
    bring_in(desk, assessment, checked)
    bring_in(desk, assessment, checked[:-1] + "x")
    assert not Rating.objects.exists()
    desk.force_login(cast.north_facilitator)
    bring_in(desk, assessment, checked)
    assert Rating.objects.exists()


def test_a_facilitator_sees_no_level_no_name_and_not_who_had_answered(desk, assessment, own):
    """The same page whether she had answered on the web or not, whatever the levels are."""
    pages = []
    for value, web in (("0", False), ("4", True)):
        if web:
            private_answers.save_level(assessment, own, 1, 1, 2, mutation())
        one = row(assessment, own, everywhere(assessment, value), **{"d1/d1_use": "me", "d1/d1_reason": "Unspeakable."})
        preview = look(desk, assessment, as_csv(one))
        page = re.sub(r'(name="(checked|csrfmiddlewaretoken)" value)="[^"]+"', r"\1", preview.content.decode())
        page = re.sub(r'"X-CSRFToken": *"[^"]+"', "", page)
        assert "Unspeakable" not in page
        assert "Sara" not in page
        assert fieldwork.code_of(assessment, own) not in page
        pages.append(page)
    assert pages[0] == pages[1]


def test_mistakes_are_told_with_row_and_column_and_the_rest_can_come_in(desk, assessment, own):
    preview = look(desk, assessment, as_csv(row(assessment, own), row(assessment, own) | {"d1/d1_p1": "7"}))
    assert preview.status_code == 200
    assert counts(preview) == [1, 0, 0, 0, 1]
    assert "“7” is not a level" in words(preview)
    broken = look(desk, assessment, as_csv(row(assessment, own) | {"d1/d1_p1": "7"}))
    assert broken.status_code == 422
    assert "checked" not in broken.context


def test_a_file_that_is_too_large_or_no_export_is_refused(desk, assessment):
    for data in (b"x" * (cells.MOST_UPLOAD + 1), b"", b"hello", b"PK\x03\x04"):
        response = look(desk, assessment, data)
        assert response.status_code == 422
        assert "counts" not in response.context


def test_more_rows_and_cells_than_any_assessment_has_are_refused(desk, assessment, own):
    many = [row(assessment, own) for _n in range(cells.MOST_ROWS + 1)]
    assert "more than 500 rows" in words(look(desk, assessment, as_csv(*many)))
    assert counts(look(desk, assessment, as_csv(*many[:-1])))[0] == cells.MOST_ROWS
    wide = as_csv(row(assessment, own) | {f"x{n}": "" for n in range(cells.MOST_COLUMNS)})
    assert "more columns" in words(look(desk, assessment, wide))


def test_guessing_codes_is_slowed_down(desk, assessment, own):
    wrong = [row(assessment) | {"answer_code": f"a{n:04}-00000"} for n in range(limits.MOST)]
    assert look(desk, assessment, as_csv(*wrong[:-1])).status_code == 200
    assert look(desk, assessment, as_csv(row(assessment, own))).status_code == 200
    assert look(desk, assessment, as_csv(wrong[-1])).status_code == 200
    assert look(desk, assessment, as_csv(row(assessment, own))).status_code == 429


def test_no_form_is_handed_out_or_taken_before_rating_or_after(desk, cast, assessment, own):
    data = as_csv(row(assessment, own))
    step(cast, assessment, "close_rating")
    for name in ("fieldwork", "fieldwork-paper", "fieldwork-xlsform"):
        assert desk.get(at(name, assessment)).status_code == 302
    assert look(desk, assessment, data).status_code == 302
    assert not Rating.objects.exists()


def test_blank_forms_hold_no_code(desk, assessment, own):
    for name, kind in (("fieldwork-paper", b"%PDF"), ("fieldwork-xlsform", b"PK")):
        response = desk.get(at(name, assessment))
        assert response.content.startswith(kind)
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert "no-store" in response.headers["Cache-Control"]
        assert fieldwork.code_of(assessment, own).encode() not in response.content


# --- the representative


def test_her_page_tells_the_promise_first_and_her_code_to_her_alone(client, cast, assessment, own):
    client.force_login(cast.south_representative)
    response = client.get(at("my-form", assessment))
    page = words(response)
    assert page.index(" ".join(promise("by_side", "south"))) < page.index("In a spreadsheet")
    code = fieldwork.code_of(assessment, own)
    assert code in page
    assert "no-store" in response.headers["Cache-Control"]
    client.force_login(cast.guest)
    assert code not in words(client.get(at("my-form", assessment)))
    for person in (cast.north_facilitator, cast.south_facilitator, cast.observer):
        client.force_login(person)
        for name in ("fieldwork", "overview", "status"):
            assert code not in client.get(at(name, assessment)).content.decode()


def test_she_learns_who_brought_answers_in_and_others_do_not(client, cast, assessment, own):
    client.force_login(cast.north_facilitator)
    bring_in(client, assessment, look(client, assessment, as_csv(row(assessment, own))).context["checked"])
    client.force_login(cast.south_representative)
    page = words(client.get(at("my-form", assessment)))
    assert "Freek North imported a form with your answer code, and has therefore seen the form." in page
    assert "1 answer was imported." in page
    assert "imported your answers into" in words(client.get(reverse("partnerships:notifications")))
    client.force_login(cast.guest)
    assert "imported a form with your answer code" not in words(client.get(at("my-form", assessment)))
    assert "imported your answers into" not in words(client.get(reverse("partnerships:notifications")))


def test_everybody_is_told_who_imported_once_rating_closed(client, cast, assessment, own):
    client.force_login(cast.north_facilitator)
    bring_in(client, assessment, look(client, assessment, as_csv(row(assessment, own))).context["checked"])
    client.force_login(cast.guest)
    for name in ("rate", "overview"):
        assert "Freek North, who" not in words(client.get(at(name, assessment)))
    step(cast, Assessment.objects.get(pk=assessment.pk), "close_rating")
    assert "Freek North imported some of the answers from a file and" in words(client.get(at("overview", assessment)))
    Assessment.objects.update(imported_at=None)
    assert "Freek North, who" not in words(client.get(at("overview", assessment)))


def test_the_start_of_rating_links_to_her_forms(client, cast, assessment):
    client.force_login(cast.south_representative)
    assert at("my-form", assessment) in client.get(at("rate", assessment)).content.decode()


def test_another_code_is_a_click(client, cast, assessment, own):
    client.force_login(cast.south_representative)
    before = fieldwork.code_of(assessment, own)
    page = client.post(at("my-form-code", assessment), follow=True)
    assert before not in words(page)
    assert fieldwork.code_of(assessment, own) in words(page)


def test_after_the_closing_her_form_leads_to_her_answers(client, cast, assessment):
    client.force_login(cast.south_representative)
    step(cast, assessment, "close_rating")
    assert client.get(at("my-form", assessment)).url == at("my-answers", assessment)


# --- statements


def test_pages_take_as_many_statements_with_40_partners_and_60_decisions():
    found = {}
    for size in ((8, 5), (40, 60)):
        cast, assessment = sized("rating", *size)
        own = cast.membership(cast.south_representative)
        private_answers.save_all(
            assessment, own, {d: [private_answers.level(1, 2, mutation())] for d in numbers(assessment)}
        )
        rows = [row(assessment, one) for one in cast.partnership.memberships.representatives() if one != own]
        fieldwork.bring_in(assessment, cast.north_facilitator, forms(assessment, rows))
        found[size] = {
            name: statements(person, at(name, assessment))
            for person, names in (
                (cast.north_facilitator, ("fieldwork", "fieldwork-paper", "fieldwork-xlsform")),
                (cast.south_representative, ("my-form", "my-form-sheet", "my-form-paper")),
            )
            for name in names
        }
    assert found[8, 5] == found[40, 60]
    assert max(found[8, 5].values()) <= 14


def numbers(assessment) -> list[int]:
    return list(assessment.decisions.active().values_list("number", flat=True))


def forms(assessment, rows):
    return kobo.parse_export(as_csv(*rows), questions_of(assessment)).forms


def statements(person, path: str) -> int:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def test_other_partnerships_codes_are_foreign(desk, assessment):
    other = make_cast()
    elsewhere = rating(other)
    code = fieldwork.code_of(elsewhere, other.membership(other.guest))
    preview = look(desk, assessment, as_csv(row(assessment) | {"answer_code": code}))
    assert counts(preview) == [0, 0, 0, 1, 0]
    assert not Rater.objects.filter(started_at__lte=timezone.now()).exists()
