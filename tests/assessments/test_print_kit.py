"""The print kit: sheets that tile, cards, dots that name nobody, in the reader's language, for facilitators."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from assessments.ladder import LEVELS
from assessments.models import Stage
from assessments.print_kit import kit
from assessments.services.safeguards.ground_rules import LINES
from assessments.services.setup import rehearsal
from tests.assessments.making import make_assessment, rating
from tests.factories import UserFactory
from tests.test_queries import sized

AT = datetime(2026, 11, 24, tzinfo=UTC)
MM = 72 / 25.4
A3, A4 = (420, 297), (210, 297)


def printed(assessment) -> PdfReader:
    return PdfReader(BytesIO(kit.pdf(assessment, [str(line) for line in LINES], AT)))


def pages(reader: PdfReader) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def size(page) -> tuple[int, int]:
    return round(page.mediabox.width / MM), round(page.mediabox.height / MM)


def columns(count: int) -> list:
    return [{"name": f"Partner {n}"} for n in range(count)] + [None]


def test_12_decisions_of_8_partners_fit_one_sheet():
    (sheet,) = kit.sheets(kit.EMPTY, columns(8))
    assert (sheet["name"], len(sheet["rows"]), len(sheet["columns"])) == ("A1", 12, 9)


def test_60_decisions_of_40_partners_tile_without_a_gap_and_every_cell_takes_a_dot():
    decisions, partners = [{"number": n} for n in range(60)], columns(40)
    tiles = kit.sheets(decisions, partners)
    assert [tile["name"] for tile in tiles[:5]] == ["A1", "A2", "A3", "A4", "B1"]
    assert [row for tile in tiles[::4] for row in tile["rows"]] == decisions
    assert [column for tile in tiles[:4] for column in tile["columns"]] == partners
    assert {(tile["height"], tile["width"]) for tile in tiles} == {(12, 11)}  # they hang beside one another
    assert max(tile["width"] for tile in tiles) <= kit.MOST_COLUMNS  # (396 − 92) mm / 12: more than a dot of 15 mm


@pytest.mark.django_db
def test_the_kit_holds_how_to_use_it_sheets_ladder_cards_and_dots_on_their_papers(cast):
    reader = printed(rating(cast))
    texts, sizes = pages(reader), [size(page) for page in reader.pages]
    assert sizes == [A4, A3, A4, A4, A4, (297, 210), A4, A4]
    for line in (*LINES, *kit.HOW):
        assert str(line) in texts[0]
    for word in ("Dividing the budget", "Hiring the coordinator", "Do we agree?", "N1", "O1"):
        assert word in texts[1]
    ladder = " ".join(texts[2:5])
    for level, word in LEVELS.items():
        assert re.search(rf"{level} {word}", ladder, re.IGNORECASE)
    assert "1 Dividing the budget" in texts[5]


@pytest.mark.django_db
def test_the_promise_stands_on_it_where_private_answers_are_asked(cast):
    assert "They are not shown the levels that you gave." in pages(printed(rating(cast)))[0]
    alone = make_assessment(cast, private_ratings=False)
    assert "They are not shown the levels that you gave." not in pages(printed(alone))[0]


@pytest.mark.django_db
def test_partners_stand_in_the_order_of_every_screen_before_and_after_opening(cast):
    before, after = make_assessment(cast), rating(cast)
    order = ["N1", "N2", "S1", "S2", "S3", "O1"]
    assert [each.acronym for each in kit.partners_of(before)] == order
    assert [each.acronym for each in kit.partners_of(after)] == order


@pytest.mark.django_db
def test_without_decisions_there_are_rows_to_write_into(cast):
    reader = printed(make_assessment(cast, wordings=()))
    assert len(reader.pages) == 10
    assert "12" in pages(reader)[1]


@pytest.mark.django_db
def test_it_is_tagged_and_says_its_language_and_peoples_words_are_no_markup(cast):
    hostile = ["#let x = 1 $ \\ `", "تقسيم الميزانية", "𓀀 is in no font"]
    with translation.override("ar"):
        data = kit.pdf(make_assessment(cast, wordings=hostile[:2]), [], AT)
    assert b"pdfuaid" in data
    reader = PdfReader(BytesIO(data))
    assert reader.trailer["/Root"]["/Lang"] == "ar"
    assert "#let x = 1" in " ".join(pages(reader))
    assert len(printed(make_assessment(cast, wordings=hostile)).pages)  # a letter that no font has


@pytest.mark.django_db
def test_40_partners_and_60_decisions_take_as_many_statements_as_few():
    taken, made = [], []
    for partners, decisions in ((6, 2), (40, 60)):
        _cast, assessment = sized(Stage.COLLECTING, partners, decisions)
        with CaptureQueriesContext(connection) as found:
            made.append(printed(assessment))
        taken.append(len(found))
    assert taken[0] == taken[1]
    assert len(made[1].pages) == 1 + 4 * 5 + 3 + 15 + 8


@pytest.mark.django_db
def test_facilitators_download_it_from_set_up_and_meet(client, cast):
    assessment = make_assessment(cast)
    path = reverse("assessments:print-kit", args=[assessment.code])
    client.force_login(cast.north_facilitator)
    made = client.get(path)
    assert made.content.startswith(b"%PDF")
    assert made["Content-Disposition"] == f'attachment; filename="{assessment.code}-print-kit.pdf"'
    for name in ("settings", "reading"):
        assert path in client.get(reverse(f"assessments:{name}", args=[assessment.code])).content.decode()
    client.force_login(cast.north_representative)
    assert client.get(path).status_code == 403
    assert path not in client.get(reverse("assessments:reading", args=[assessment.code])).content.decode()


def test_every_page_of_a_rehearsals_kit_says_so_and_of_no_other(cast):
    assessment = make_assessment(cast)
    assert not any("Rehearsal: everything in it is invented" in page for page in pages(printed(assessment)))
    trial = rehearsal.start(UserFactory()).assessments.get()
    assert all("Rehearsal: everything in it is invented" in page for page in pages(printed(trial)))
