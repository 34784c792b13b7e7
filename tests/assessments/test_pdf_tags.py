"""The report's PDF for people who hear it: tags, language, title and order, in every language of the site."""

import io

import pytest
from django.conf import settings
from django.utils import translation
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from assessments import report
from assessments.results.reporting.content import content_of
from assessments.results.reporting.files import moment_of
from tests.assessments.example import make_example

pytestmark = pytest.mark.django_db


def elements(node):
    """Yield the structure elements of a PDF in the order in which they are read."""
    node = node.get_object()
    kids = node.get("/K", []) if isinstance(node, DictionaryObject) else []
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    if isinstance(node, DictionaryObject) and "/S" in node:
        yield node
    for kid in kids if isinstance(kids, list) else [kids]:
        if isinstance(kid.get_object(), DictionaryObject):
            yield from elements(kid)


def heads(table) -> list:
    """Return the cells that say what the others mean."""
    return [element for element in elements(table) if element["/S"] == "/TH"]


def test_the_report_is_tagged_in_every_language():
    """typst refuses to write what breaks the rules of PDF/UA-1 that it knows; here is what a reader program needs."""
    example = make_example()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            made = report.pdf(content_of(example.assessment), moment_of(example.assessment))
        reader = PdfReader(io.BytesIO(made))
        root = reader.trailer["/Root"]
        shown = (root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"])
        assert shown == (True, True)
        assert root["/Lang"] == language
        assert reader.metadata.title == "Midterm 2026 – Voices for Water"
        assert b"pdfuaid" in root["/Metadata"].get_data()
        assert all(page["/Tabs"] == "/S" for page in reader.pages)
        found = list(elements(root["/StructTreeRoot"]))
        kinds = [str(element["/S"]) for element in found]
        assert {"/H1", "/P", "/Table", "/TR", "/TH", "/TD"} <= set(kinds), language
        assert all("/Alt" in element for element in found if element["/S"] in ("/Figure", "/Formula"))
        assert all(heads(element) for element in found if element["/S"] == "/Table"), language
        # every chart is decoration beside the numbers in its row: no picture that only eyes get
        assert kinds.count("/Table") >= 5
        outline = [entry.title for entry in reader.outline if not isinstance(entry, list)]
        assert len(outline) >= 6
