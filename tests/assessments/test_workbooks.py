"""An assessment from a spreadsheet: decisions down, partners across; corrected on the page; and out again."""

import io
import re
import tracemalloc
import zipfile

import pytest
from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import Workbook, load_workbook

from assessments import importing
from assessments.fieldwork.cells import Unreadable
from assessments.forms.setup import importing as forms
from assessments.importing import csv_example, grids, workbooks
from assessments.models import Action, AgreedLevel, Assessment, Outcome
from assessments.views.setup.sealing import A_DAY
from assessments.views.setup.workbook import SALT
from partnerships.models import Partnership
from partnerships.services import archiving
from tests.assessments.making import closed

pytestmark = pytest.mark.django_db

SHEETS = {
    "Levels today": [["Decision", "N1", "S1", "South 2"], ["Budget", 4, 1, None], ["Staff", 3, 3, "?"]],
    "Desired levels": [["Decision", "N1", "S1"], ["Budget", 3, 3]],
    "Agreement": [["Decision", "Do we agree?"], ["Budget", "no"], ["Staff", "Yes"]],
    "Actions": [["Decision", "Action", "Partner", "By when"], ["Budget", "=Share the draft", "N1", "2027-03-31"]],
}


def xlsx(**changes) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in {**SHEETS, **changes}.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_text(sheets: dict[str, list]) -> grids.Grids:
    return {
        kind: [[str(cell) for cell in row if cell is not None] for row in rows]
        for kind, rows in zip(
            (grids.LEVELS, grids.WANTED, grids.AGREEMENT, grids.ACTIONS), sheets.values(), strict=True
        )
    }


def check(cast, **changes) -> grids.Checked:
    return grids.check(workbooks.parse_workbook(xlsx(**changes)), list(cast.partnership.partners.all()))


def page_of(cast, name: str = "import-workbook", *more) -> str:
    return reverse(f"assessments:{name}", args=[cast.partnership.code, *more])


def upload(client, cast, data: bytes, name: str = "levels.xlsx"):
    client.force_login(cast.north_facilitator)
    file = io.BytesIO(data)
    file.name = name
    return client.post(page_of(cast), {"title": "Workshop", "phase": "baseline", "workbook": file})


def sealed(response) -> str:
    return response.context["sealed"]


# Reading


def test_workbook_is_read_whole(cast):
    checked = check(cast)
    assert checked.problems == []
    rows = {file: len(rows) for file, rows in checked.parsed.rows.items()}
    assert rows == {"partners.csv": 3, "decisions.csv": 2, "agreed.csv": 4, "outcomes": 2, "actions.csv": 1}


@pytest.mark.parametrize(
    ("sheet", "rows", "place"),
    [
        ("Levels today", [["Decision", "N1", "S1"], ["Budget", 5, 1], ["Staff", 1, 1]], ("levels", "B2")),
        ("Levels today", [["Decision", "N1", "S1"], ["Budget", 4, 1.5], ["Staff", 1, 1]], ("levels", "C2")),
        ("Levels today", [["Decision", "N1", "XX"], ["Budget", 4, 1], ["Staff", 1, 1]], ("levels", "C1")),
        ("Levels today", [["Decision", "N1", "North 1"], ["Budget", 4, 1], ["Staff", 1, 1]], ("levels", "C1")),
        (
            "Levels today",
            [["Decision", "N1", "S1"], ["Budget", 4, 1], ["Staff", 1, 1], ["budget", 1]],
            ("levels", "A4"),
        ),
        ("Levels today", [["Decision", "N1", "S1"], ["Budget", 4, 1], ["Staff", 1, 1], [None, 1]], ("levels", "A4")),
        ("Levels today", [["Decision", "N1"], ["Budget", 4], ["Staff", 1]], ("levels", "")),
        ("Levels today", [["Decision", "N1", "S1"]], ("levels", "")),
        ("Desired levels", [["Decision", "N1", "S1"], ["Boats", 3, 3]], ("wanted", "A2")),
        ("Desired levels", [["Decision", "N1", "S1"], ["Budget", 3, "high"]], ("wanted", "C2")),
        ("Agreement", [["Decision", "Agree"], ["Budget", "perhaps"]], ("agreement", "B2")),
        ("Actions", [["Decision", "", "", ""], ["Budget", "", "N1", "2027-03-31"]], ("actions", "B2")),
        ("Actions", [["Decision", "", "", ""], ["Budget", "Do it", "N2", "2027-03-31"]], ("actions", "C2")),
        ("Actions", [["Decision", "", "", ""], ["Budget", "Do it", "N1", "soon"]], ("actions", "D2")),
    ],
)
def test_wrong_cell_is_named_by_sheet_and_place(cast, sheet, rows, place):
    problems = [(one.sheet, one.place) for one in check(cast, **{sheet: rows}).problems]
    assert problems[0] == place


def test_column_of_the_wanted_levels_may_be_elsewhere(cast):
    checked = check(cast, **{"Desired levels": [["Decision", "S1", "N1"], ["Budget", 0, 4]]})
    wanted = {row["partner"]: row["desired"] for row in checked.parsed.rows["agreed.csv"] if row["desired"] is not None}
    assert wanted == {"S1": 0, "N1": 4}


def test_sheets_are_known_in_every_language(cast):
    with translation.override("fr"):
        book = workbooks.parse_workbook(workbooks.write(as_text(SHEETS), "xlsx"))
    assert set(book) == {"levels", "wanted", "agreement", "actions"}
    assert set(workbooks.parse_workbook(xlsx(Notes=[["anything"]]))) == {"levels", "wanted", "agreement", "actions"}


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_what_is_written_is_read_the_same(kind):
    assert workbooks.parse_workbook(workbooks.write(as_text(SHEETS), kind)) == as_text(SHEETS)


@pytest.mark.parametrize("data", [b"", b"PK", b"Decision;N1\nBudget;4", zipfile.ZipFile])
def test_another_file_is_refused(data):
    with pytest.raises(Unreadable):
        workbooks.parse_workbook(csv_example.archive() if data is zipfile.ZipFile else data)


def test_too_many_cells_are_refused():
    with pytest.raises(Unreadable, match="too many cells"):
        workbooks.pasted("\n".join(["\t".join("1" * 200)] * 101))


def ods(rows: str) -> bytes:
    """Return an OpenDocument workbook of one sheet, from the XML of its rows."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbooks.write({"levels": [["one"]]}, "ods"))) as kept:
        files = {name: kept.read(name) for name in kept.namelist()}
    files["content.xml"] = re.sub(rb"<table:table-row>.*</table:table-row>", rows.encode(), files["content.xml"])
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize(("across", "down", "cells", "rows"), [(1000, 1, 3000, 1), (1, 1000, 1, 3000)])
def test_repeated_cells_are_counted_before_they_are_written_out(across, down, cells, rows):
    cell = f'<table:table-cell table:number-columns-repeated="{across}"><text:p>4</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="{down}">%s</table:table-row>'
    assert workbooks.parse_workbook(ods(row % cell))["levels"] == [["4"] * across] * down
    tracemalloc.start()
    with pytest.raises(Unreadable):
        workbooks.parse_workbook(ods(row % (cell * cells) * rows))
    assert tracemalloc.get_traced_memory()[1] < 30_000_000
    tracemalloc.stop()


# The pages


def test_two_wrong_cells_are_corrected_on_the_page(client, cast):
    wrong = {"Levels today": [["Decision", "N1", "S1"], ["Budget", 9, 1], ["Staff", 3, "x"]]}
    response = upload(client, cast, xlsx(**wrong))
    assert response.status_code == 422
    assert re.findall(r'name="(levels[^"]+)"', response.content.decode()) == ["levels.2.2", "levels.3.3"]
    half = client.post(page_of(cast), {"sealed": sealed(response), "levels.2.2": "4", "import": "yes"})
    assert half.status_code == 422
    assert not Assessment.objects.exists()
    ready = client.post(page_of(cast), {"sealed": sealed(half), "levels.3.3": "2"})
    assert ready.status_code == 200
    assert not Assessment.objects.exists()
    done = client.post(page_of(cast), {"sealed": sealed(ready), "import": "yes"})
    assessment = Assessment.objects.get()
    assert done.headers["Location"] == assessment.get_absolute_url()
    levels = AgreedLevel.objects.filter(decision__assessment=assessment)
    assert set(levels.values_list("decision__wording", "participant__acronym", "actual", "desired")) == {
        ("Budget", "N1", 4, 3), ("Budget", "S1", 1, 3), ("Staff", "N1", 3, None), ("Staff", "S1", 2, None),
    }  # fmt: skip
    outcomes = Outcome.objects.filter(decision__assessment=assessment)
    assert dict(outcomes.values_list("decision__wording", "agree")) == {"Budget": False, "Staff": True}
    action = Action.objects.get()
    assert (action.text, action.owner.acronym, str(action.due)) == ("=Share the draft", "N1", "2027-03-31")
    client.post(page_of(cast), {"sealed": sealed(ready), "import": "yes"})
    assert Assessment.objects.count() == 1


def test_pasted_cells_are_imported(client, cast):
    client.force_login(cast.north_facilitator)
    pasted = "Decision\tN1\tS1\r\nBudget\t4\t١\r\n"
    response = client.post(page_of(cast), {"title": "Workshop", "phase": "baseline", "cells": pasted})
    assert response.status_code == 200
    client.post(page_of(cast), {"sealed": sealed(response), "import": "yes"})
    assert list(AgreedLevel.objects.order_by("participant__number").values_list("actual", flat=True)) == [4, 1]
    assert not Assessment.objects.get().private_ratings


def test_nothing_chosen_and_a_damaged_file_are_refused(client, cast):
    client.force_login(cast.north_facilitator)
    empty = client.post(page_of(cast), {"title": "Workshop", "phase": "baseline"})
    assert (empty.status_code, "Choose a workbook, or paste its cells." in empty.content.decode()) == (422, True)
    assert upload(client, cast, b"PK damaged").status_code == 422


def test_a_workbook_over_5_mb_is_refused(client, cast, monkeypatch):
    data = xlsx()
    monkeypatch.setattr(forms, "MOST_UPLOAD", len(data) - 1)
    refused = upload(client, cast, data)
    assert (refused.status_code, "This file is larger than 5 MB." in refused.content.decode()) == (422, True)
    monkeypatch.setattr(forms, "MOST_UPLOAD", len(data))
    assert upload(client, cast, data).status_code == 200


@pytest.mark.parametrize("change", [{"user": 0}, {"partnership": "elsewhere"}, None])
def test_page_of_someone_else_imports_nothing(client, cast, change):
    response = upload(client, cast, xlsx())
    held = signing.loads(sealed(response), salt=SALT)
    forged = "forged" if change is None else signing.dumps(held | change, salt=SALT, compress=True)
    refused = client.post(page_of(cast), {"sealed": forged, "import": "yes"})
    assert (refused.headers["Location"], Assessment.objects.exists()) == (page_of(cast), False)
    client.post(page_of(cast), {"sealed": sealed(response), "import": "yes"})
    assert Assessment.objects.exists()


def test_page_of_yesterday_imports_nothing(client, cast, monkeypatch):
    with monkeypatch.context() as yesterday:
        then = signing.b62_encode(int(timezone.now().timestamp()) - A_DAY - 60)
        yesterday.setattr(signing.TimestampSigner, "timestamp", lambda _self: then)
        old = upload(client, cast, xlsx())
    client.post(page_of(cast), {"sealed": sealed(old), "import": "yes"})
    assert not Assessment.objects.exists()
    client.post(page_of(cast), {"sealed": sealed(upload(client, cast, xlsx())), "import": "yes"})
    assert Assessment.objects.exists()


def test_archived_partnership_says_why_nothing_is_imported(client, cast):
    response = upload(client, cast, xlsx())
    facilitator = cast.membership(cast.north_facilitator)
    archiving.archive(cast.partnership, facilitator)
    refused = client.post(page_of(cast), {"sealed": sealed(response), "import": "yes"}, follow=True)
    assert "This partnership is archived." in refused.content.decode()
    assert not Assessment.objects.exists()
    archiving.restore(cast.partnership, facilitator)
    client.post(page_of(cast), {"sealed": sealed(response), "import": "yes"})
    assert Assessment.objects.exists()


@pytest.mark.parametrize(
    "key", ["levels.0.0", "levels.99999.1", "levels.2.999999999", "nowhere.1.1", "levels.x.1", "levels..", "."]
)
def test_correction_of_a_cell_that_is_not_there_is_passed_over(key):
    held = as_text(SHEETS)
    grids.correct(held, {key: "4"})
    assert held == as_text(SHEETS)


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_template_names_the_partners(client, cast, kind):
    client.force_login(cast.north_facilitator)
    response = client.get(page_of(cast, "import-template", kind))
    found = workbooks.parse_workbook(response.content)
    assert found["levels"] == [["Decision", "N1", "N2", "S1", "S2", "S3", "O1"]]
    assert set(found) == {"levels", "wanted", "agreement", "actions"}
    assert client.get(page_of(cast, "import-template", "csv")).status_code == 404


def test_template_is_in_the_readers_language(client, cast):
    client.force_login(cast.north_facilitator)
    first = {}
    for code, _name in settings.LANGUAGES:
        response = client.get(page_of(cast, "import-template", "xlsx"), headers={"accept-language": code})
        first[code] = load_workbook(io.BytesIO(response.content)).sheetnames[0]
        with translation.override(code):
            assert first[code] == str(grids.TITLES[grids.LEVELS])
    assert first["en"] == "Levels today"
    assert len(set(first.values())) == len(settings.LANGUAGES) == 6


def test_csv_example_can_be_imported(client, cast):
    client.force_login(cast.north_facilitator)
    response = client.get(page_of(cast, "import-example"))
    assert importing.parse_archive(response.content).problems == []


# Out


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_export_can_be_imported_again(client, cast, kind):
    first = upload(client, cast, xlsx())
    client.post(page_of(cast), {"sealed": sealed(first), "import": "yes"})
    one = Assessment.objects.get()
    exported = client.get(reverse("assessments:report-workbook", args=[one.code, kind])).content
    again = upload(client, cast, exported, f"out.{kind}")
    assert again.status_code == 200
    client.post(page_of(cast), {"sealed": sealed(again), "import": "yes"})
    other = Assessment.objects.exclude(pk=one.pk).get()
    assert workbooks.grids_of(other) == workbooks.grids_of(one)
    assert workbooks.grids_of(one)["levels"] == [
        ["Decision", "N1", "S1", "S2"],
        ["Budget", "4", "1", ""],
        ["Staff", "3", "3", ""],
    ]


def test_export_has_no_private_rating(client, cast):
    assessment = closed(cast)
    client.force_login(cast.observer)
    response = client.get(reverse("assessments:report-workbook", args=[assessment.code, "xlsx"]))
    book = workbooks.parse_workbook(response.content)
    assert {cell for row in book["levels"][1:] for cell in row[1:]} == {"2"}
    assert set(book) == {"levels", "wanted", "agreement", "actions"}


def test_export_of_a_demonstration_says_so_in_its_name(client, cast):
    assessment = closed(cast)
    client.force_login(cast.observer)
    page = reverse("assessments:report-workbook", args=[assessment.code, "ods"])
    assert 'filename="assessment.ods"' in client.get(page).headers["Content-Disposition"]
    Partnership.objects.filter(pk=cast.partnership.pk).update(is_demo=True)
    assert 'filename="example-assessment.ods"' in client.get(page).headers["Content-Disposition"]
