"""The results page on paper: at most four A4 sheets for twelve decisions and eight partners, and nothing is cut."""

import io
import re
import unicodedata
from collections import Counter

import pytest
from django.urls import reverse
from pypdf import PdfReader

from tests.assessments.example import make_example

MARGIN = "10mm"
PAPER = {"format": "A4", "margin": dict.fromkeys(("top", "bottom", "left", "right"), MARGIN)}
# What is on the page but not for paper: links to other pages, and legends of charts that are printed as tables.
LEFT_OUT = ".no-print, .no-print *, .print-as-table .legend"
SHOWN = f".print-dense :is(table, p, summary, .legend, .print-columns, h2, h3):not({LEFT_OUT})"


@pytest.fixture
def page(transactional_db, live_server, new_page, watch):
    example = make_example()
    page = new_page(example.facilitator, width=1280)
    page.goto(live_server.url + reverse("assessments:dashboard", args=[example.assessment.code]))
    page.locator("#chart-widest [data-chart]").scroll_into_view_if_needed()
    page.locator("#chart-widest svg.main-svg").first.wait_for()
    return page


def words(text: str) -> Counter[str]:
    """Count words and digits, whatever the order in which a PDF holds its lines."""
    return Counter(re.findall(r"[^\W\d_]+|\d", unicodedata.normalize("NFKC", text)))


def test_results_take_four_sheets_and_nothing_is_cut(page):
    sheets = PdfReader(io.BytesIO(page.pdf(**PAPER))).pages
    assert len(sheets) <= 4
    paper = words("\n".join(sheet.extract_text() for sheet in sheets))
    page.locator("details").evaluate_all("all => all.forEach(one => (one.open = true))")
    page.locator(".no-print").evaluate_all("all => all.forEach(one => one.remove())")
    screen = words("\n".join(page.locator(SHOWN).all_inner_texts()))
    assert screen.total() > 1000
    assert screen - paper == Counter()


def test_on_paper_no_table_is_wider_than_the_sheet(page):
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 without its margins
    wide = "els => els.filter(el => el.getBoundingClientRect().right > innerWidth + 1).map(el => el.className)"
    assert page.locator(".print-dense table").evaluate_all(wide) == []
