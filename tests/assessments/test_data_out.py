"""The results as files: the same tables in every format, nothing that the Release hides, and no text is a formula."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime

import pandas as pd
import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from odf.opendocument import load as load_ods
from odf.table import TableCell
from openpyxl import load_workbook

from assessments.exports import Column, Export, Table, sheets, text
from assessments.exports.formats import FORMATS
from assessments.ladder import NOT_SHOWN
from assessments.models import AgreedLevel, Assessment, Reply
from assessments.models.private import Rater
from assessments.results import presenters
from assessments.results.agreed import make_agreed_result
from assessments.results.release import make_release
from assessments.results.tables.export import export_of
from assessments.views.followup import downloads
from partnerships.models import Role, User
from tests.assessments import making
from tests.assessments.example import make_example
from tests.assessments.pages import as_
from tests.factories import membership

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 11, 1, 12, tzinfo=UTC)


def url(assessment, kind="json"):
    return reverse("assessments:report-data", args=[assessment.code, kind])


def loaded_export(assessment) -> Export:
    return export_of(Assessment.objects.select_related("partnership").get(pk=assessment.pk))


def table(export: Export, code: str) -> list[dict]:
    return next(each for each in export.tables if each.code == code).records()


# --- read back


def members(data: bytes) -> dict[str, bytes]:
    """Return the files in a zip, or the bytes as they are."""
    if data[:2] != b"PK":
        return {"": data}
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def from_xlsx(data: bytes) -> dict[str, list[tuple]]:
    book = load_workbook(io.BytesIO(data))
    return {page.title: list(page.iter_rows(values_only=True))[2:] for page in book.worksheets[2:]}


def from_ods(data: bytes) -> dict[str, list[tuple]]:
    pages = pd.read_excel(io.BytesIO(data), engine="odf", sheet_name=None, header=None, dtype=object)
    found = {name: frame.astype(object).where(frame.notna(), None) for name, frame in list(pages.items())[2:]}
    return {name: [tuple(row) for row in frame.to_numpy()][2:] for name, frame in found.items()}


def from_csv(data: bytes) -> dict[str, list[tuple]]:
    found = {}
    for name, content in members(data).items():
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        found[name.removesuffix(".csv")] = [tuple(row) for row in rows[2:]]
    return {name: rows for name, rows in found.items() if name not in ("about", "dictionary")}


def from_json(data: bytes) -> dict[str, list[tuple]]:
    return {each["code"]: [tuple(row.values()) for row in each["rows"]] for each in json.loads(data)["tables"]}


READERS = {"xlsx": from_xlsx, "ods": from_ods, "csv": from_csv, "json": from_json}


@pytest.fixture
def example():
    made = make_example()
    Reply.objects.create(participant=made.assessment.participants.first(), text="We agree.\nMostly, “but”;  not, all")
    return made


@pytest.mark.parametrize("kind", READERS)
def test_every_format_reads_back_as_the_same_numbers(example, kind):
    export = loaded_export(example.assessment)
    found = READERS[kind](FORMATS[kind].write(export))
    assert set(found) == {each.code for each in export.tables}
    for each in export.tables:
        expected = [tuple(str(v if v is not None else "") if kind == "csv" else v for v in row) for row in each.rows]
        assert found[each.code] == expected, each.code
    numbers = [value for row in found["agreed"] for value in row if isinstance(value, int | float)]
    assert kind == "csv" or len(numbers) > 50


def test_the_tables_hold_what_the_release_and_the_agreed_result_hold(example):
    export, results = loaded_export(example.assessment), presenters.results_of(example.assessment)
    seen = [(r["decision"], r["seen_by_north"], r["seen_by_south"], r["difference"]) for r in table(export, "seen")]
    assert seen == [(r["decision"], r["north"], r["south"], r["difference"]) for r in results.data["decisions"]]
    agreed = {(row["decision"], row["partner"]): row["actual"] for row in table(export, "levels")}
    levels = AgreedLevel.objects.values_list("decision__number", "participant__number", "actual")
    assert agreed == {(decision, partner): actual for decision, partner, actual in levels}
    gaps = {row["decision"]: row["gap"] for row in table(export, "agreed")}
    assert gaps == {row["decision"]: pytest.approx(row["gap"], abs=1e-6) for row in results.scores["decisions"]}
    assert [row["text"] for row in table(export, "actions")] == [a.text for a in example.assessment.actions.all()]


def test_the_dictionary_names_every_column_once_per_table_with_a_tag(example):
    export = loaded_export(example.assessment)
    data = members(text.archive(export))["dictionary.csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data, newline="")))
    assert len(rows) == sum(len(each.columns) for each in export.tables)
    assert all(row["hxl_tag"].startswith("#") and row["heading"] and row["meaning"] for row in rows)
    first = members(text.archive(export))["seen.csv"].decode("utf-8-sig").splitlines()
    assert first[0] == "assessment,example,decision,seen_by_north,seen_by_south,difference,not_shown"
    assert first[1].startswith("#meta+assessment,#meta+example,#indicator+code,#indicator+gap+seen+north")


def test_headings_speak_the_readers_language_and_codes_do_not():
    example = make_example()
    english = loaded_export(example.assessment)
    with translation.override("ar"):
        arabic = loaded_export(example.assessment)
        book = load_workbook(io.BytesIO(sheets.xlsx(arabic)))
        assert b"rl-tb" in members(sheets.ods(arabic))["content.xml"]
    assert all(page.sheet_view.rightToLeft for page in book.worksheets)
    for one, other in zip(english.tables, arabic.tables, strict=True):
        assert [c.code for c in one.columns] == [c.code for c in other.columns]
        if one.code != "codes":
            assert one.rows == other.rows
    side = {each.code: each.columns for each in arabic.tables}["levels"][4]
    assert (side.code, side.heading) == ("side", "الجانب")


# --- nothing becomes a formula, and no sign breaks a file

HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", '=HYPERLINK("http://example.org";"x")')


def hostile() -> Export:
    column = Column("note", HOSTILE[0], "#description", HOSTILE[1])
    rows = tuple((f"{start}\x0b\uffff|cmd' /C calc'!A0",) for start in HOSTILE)
    facts = (("partnership", HOSTILE[3], HOSTILE[0]),)
    numbers = Table("numbers", HOSTILE[0], (column,), ((-1.5,), (2,), (None,)))
    tables_of = (Table("texts", HOSTILE[0], (column,), rows), numbers)
    return Export("file", MOMENT, "en", False, HOSTILE[0], facts, HOSTILE, tables_of)


def test_no_text_is_a_formula_in_a_workbook():
    book = load_workbook(io.BytesIO(sheets.xlsx(hostile())))
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells if isinstance(cell.value, str)} == {"s"}
    assert all(cell.quotePrefix for cell in cells if isinstance(cell.value, str) and cell.value[0] in "=+-@")
    assert [row[0] for row in from_xlsx(sheets.xlsx(hostile()))["numbers"]] == [-1.5, 2, None]


def test_no_text_is_a_formula_in_an_opendocument():
    cells = load_ods(io.BytesIO(sheets.ods(hostile()))).getElementsByType(TableCell)
    assert not [cell for cell in cells if cell.getAttribute("formula")]
    assert {cell.getAttribute("valuetype") for cell in cells} == {"string", "float", None}
    assert from_ods(sheets.ods(hostile()))["texts"][0][0] == "=1+1|cmd' /C calc'!A0"


def test_no_text_is_a_formula_in_csv():
    files = [f.decode("utf-8-sig") for f in members(text.archive(hostile())).values()]
    cells = [cell for f in files for row in csv.reader(io.StringIO(f, newline="")) for cell in row]
    assert len(cells) > 30
    assert [cell for cell in cells if cell.startswith(text.FORMULA)] == ["-1.5"]


# --- what is hidden


def memberships_of(cast):
    for name in ("n2", "s3"):
        membership(cast.partnership, Role.REPRESENTATIVE, cast.partners[name], user__name=f"Rater Of {name}")
    return list(cast.partnership.memberships.representatives().select_related("partner"))


def released(cast, level, mode="by_side", agree=True) -> Assessment:
    """Return an assessment with a release of two Northern and three Southern organisations, at a fixed moment."""
    assessment = making.rating(cast, mode_wanted=mode)
    for own in memberships_of(cast):
        making.answer_all(assessment, own, lambda _decision, partner, own=own: level(own.partner.side, partner), agree)
    assessment = making.step(cast, assessment, "close_rating")
    make_release(assessment)
    assessment.rating_closed_at = assessment.opened_at = MOMENT
    assessment.code = "same0code000"
    return assessment


def files_of(cast, level, **more) -> dict[str, dict[str, bytes]]:
    """Return every file of such an assessment, by format and member; the database is as before."""
    with transaction.atomic():
        assessment = released(cast, level, **more)
        found = {kind: members(one.write(export_of(assessment))) for kind, one in FORMATS.items()}
        transaction.set_rollback(True)
    found["xlsx"].pop("docProps/core.xml")  # when it was written
    return found


def low_north(side, partner):
    return {"north": 1, "south": 3}[side]


def high_north(side, partner):
    """Let the Northern side, which is too small to be shown, answer otherwise."""
    return {"north": 4 if partner.side == "north" else 0, "south": 3}[side]


def other_south(side, partner):
    return {"north": 1, "south": 3 if partner.side == "south" else 1}[side]


def test_swapping_hidden_ratings_changes_no_byte_and_shown_ones_do(cast):
    sheets.ods(hostile())  # odfpy declares more namespaces from the second document of a process on
    first = files_of(cast, low_north)
    assert first == files_of(cast, high_north)
    differ = files_of(cast, other_south)
    assert all(first[kind] != differ[kind] for kind in FORMATS)


def test_a_hidden_number_is_empty_and_its_row_says_so(cast):
    export = export_of(released(cast, low_north))
    for row in table(export, "seen"):
        assert (row["seen_by_north"], row["seen_by_south"], row["difference"]) == (None, 0.0, None)
        assert row["not_shown"] == str(NOT_SHOWN)
    (overall,) = table(export, "seen_overall")
    assert (overall["answered_north"], overall["answered_south"]) == (None, 3)
    assert overall["not_shown"] == str(NOT_SHOWN)


def test_all_together_gives_bands_and_no_side(cast):
    export = export_of(released(cast, low_north, mode="all_together", agree=False))
    codes = {each.code for each in export.tables}
    assert {"bands", "answers"} <= codes
    assert not codes & {"seen", "seen_overall", "named_answers", "self_gaps"}
    assert {(row["band"], row["not_shown"]) for row in table(export, "bands")} == {("3–4", None)}
    assert {row["agree"] for row in table(export, "private_agreement")} == {"no"}


def test_nobody_who_answered_is_named_and_no_row_of_private_answers_is_there(cast):
    names = {name for name in User.objects.values_list("name", flat=True) if name} | {"Rater Of n2", "Rater Of s3"}
    for files in files_of(cast, low_north).values():
        whole = b"".join(files.values()).decode("utf-8", "ignore")
        assert [name for name in names if name in whole] == []
        for word in ("by_ticks", "show_small_side", "basis", "rater_partner", "mutation"):
            assert word not in whole


def test_labels_of_raters_who_came_by_file_stay_out(example):
    labels = set(Rater.objects.values_list("label", flat=True))
    assert len(labels) == 9
    for one in FORMATS.values():
        whole = b"".join(members(one.write(loaded_export(example.assessment))).values()).decode("utf-8", "ignore")
        assert [label for label in labels if label in whole] == []


def test_caucus_gives_the_open_answers_of_the_sides(cast):
    assessment = making.step(cast, making.rating(cast, mode_wanted="caucus"), "close_rating")
    make_release(assessment)
    export = loaded_export(assessment)
    assert {row["answer_of"] for row in table(export, "sides")} == {"north", "south", "other"}
    assert len(table(export, "side_levels")) == 2 * 6 * 3


# --- at the door


def test_every_member_gets_the_same_file(example):
    people = (example.facilitator, example.representative, example.observer)
    answers = [as_(person).get(url(example.assessment)) for person in people]
    assert len({response.content for response in answers}) == 1
    assert answers[0]["Content-Type"] == "application/json"
    assert answers[0]["Cache-Control"] == "private, no-store"
    assert "midterm-2026-" in answers[0]["Content-Disposition"]
    assert as_(example.observer).get(url(example.assessment, "exe")).status_code == 404


def test_the_report_offers_every_format(example):
    page = as_(example.observer).get(reverse("assessments:report", args=[example.assessment.code]))
    for kind in FORMATS:
        assert url(example.assessment, kind) in page.content.decode()


def test_too_early_it_is_said(client, cast):
    assessment = making.rating(cast)
    client.force_login(cast.observer)
    answer = client.get(url(assessment), follow=True)
    assert answer.redirect_chain
    assert "There is nothing to download yet" in answer.content.decode()


def test_too_many_files_are_refused_with_a_word(example):
    client = as_(example.observer)
    for _file in range(downloads.MOST):
        client.get(url(example.assessment, "exe"))
    answer = client.get(url(example.assessment))
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 600
    assert as_(example.facilitator).get(url(example.assessment)).status_code == 200


@pytest.mark.parametrize(("rehearsal", "prefix"), [(False, "example-"), (True, "rehearsal-")])
def test_what_is_made_up_says_so_in_every_file(example, rehearsal, prefix):
    assert not loaded_export(example.assessment).name.startswith(prefix)
    partnership = example.assessment.partnership
    partnership.is_demo, partnership.is_rehearsal = True, rehearsal
    export = export_of(example.assessment)
    assert export.name.startswith(prefix)
    assert export.facts[0][0] == "example"
    assert {row["example"] for each in export.tables for row in each.records()} == {"yes"}


def test_who_imported_the_ratings_is_named(example):
    assert "imported_by" not in dict(fact[:2] for fact in loaded_export(example.assessment).facts)
    Assessment.objects.update(imported_by=example.facilitator, imported_at=MOMENT)
    facts = {code: said for code, _label, said in loaded_export(example.assessment).facts}
    assert "Freek Visser, who therefore saw the private ratings" in facts["imported_by"]


def test_the_number_of_statements_does_not_grow(django_assert_max_num_queries):
    example = make_example()
    with django_assert_max_num_queries(STATEMENTS):
        loaded_export(example.assessment)


def test_drafts_say_that_they_are(cast):
    assessment = making.in_session(cast)
    making.agree_levels(cast, assessment)
    make_agreed_result(Assessment.objects.get(pk=assessment.pk))
    facts = {code: said for code, _label, said in loaded_export(assessment).facts}
    assert facts["agreed_state"].startswith("draft")
    assert len(facts["agreed_digest"]) == 64


STATEMENTS = 14
