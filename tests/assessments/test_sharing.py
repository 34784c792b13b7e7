"""Files to share: made in the worker, opened again here, and never older than what may be shown."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader

from assessments.models import Job, Report, SharedFile
from assessments.results import sharing
from assessments.results.release import erase_answers, make_release
from assessments.services.followup import reports
from assessments.services.followup import sharing as service
from assessments.tasks import MAKERS
from assessments.workflow import jobs
from tests.assessments.example import make_example
from tests.assessments.making import answer_all, rating, step

pytestmark = pytest.mark.django_db
HEADLINE = "Southern partners decide or co-decide in 2 of 12 decisions."
NAMES = [
    "agreed-levels.png",
    "private-answers.png",
    "wished-levels.png",
    "all-levels.png",
    "slides.pptx",
    "one-page.pdf",
]


def url(assessment, name="share", *more):
    return reverse(f"assessments:{name}", args=[assessment.code, *more])


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def made(assessment, language="en"):
    """Ask for the files and make them, as the worker does."""
    service.request_files(assessment, language)
    for row in Job.objects.pending().filter(assessment=assessment):
        jobs.run(row.pk, lambda found: MAKERS[found.kind](found))
    return {file.name: bytes(file.content) for file in assessment.shared_files.filter(language=language)}


def texts(deck: bytes) -> list[str]:
    presentation = Presentation(BytesIO(deck))
    return [shape.text_frame.text for slide in presentation.slides for shape in slide.shapes if shape.has_text_frame]


def test_the_page_offers_each_file_once_it_is_made():
    example = make_example()
    client = signed_in(example.observer)
    before = client.get(url(example.assessment)).content.decode()
    assert "Create the files" in before
    assert "slides.pptx" not in before
    assert client.post(url(example.assessment, "share-make")).status_code == 302
    assert "We are preparing the files" in client.get(url(example.assessment)).content.decode()
    files = made(example.assessment)
    assert list(files) == NAMES
    page = client.get(url(example.assessment)).content.decode()
    assert HEADLINE in page
    assert "Create the files" not in page
    for name in NAMES:
        address = url(example.assessment, "share-file", name)
        assert address in page
        response = client.get(address)
        assert response.content == files[name]
        assert response["Cache-Control"] == "private, no-store"
        assert name in response["Content-Disposition"]


def test_each_picture_is_a_png_and_each_slide_says_its_numbers():
    example = make_example()
    files = made(example.assessment)
    for name in NAMES[:4]:
        with Image.open(BytesIO(files[name])) as image:
            assert image.format == "PNG"
            assert image.width > 1200
    deck = Presentation(BytesIO(files["slides.pptx"]))
    assert len(deck.slides) == 4
    assert HEADLINE in texts(files["slides.pptx"])
    described = [
        shape._element.nvPicPr.cNvPr.get("descr")
        for slide in deck.slides
        for shape in slide.shapes
        if shape.shape_type == 13
    ]
    assert len(described) == 2
    assert all("1. " in text for text in described)
    assert files["one-page.pdf"].startswith(b"%PDF-1.7")


def test_the_one_page_is_one_page():
    example = make_example()
    assert len(PdfReader(BytesIO(made(example.assessment)["one-page.pdf"])).pages) == 1


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_files_are_in_the_language_of_the_reader(language):
    example = make_example()
    deck = Presentation(BytesIO(made(example.assessment, language)["slides.pptx"]))
    paragraph = deck.slides[0].shapes.title.text_frame.paragraphs[0]
    assert paragraph.runs[0]._r.rPr.get("lang") == language
    assert paragraph._p.pPr.get("rtl") == ("1" if language == "ar" else None)


def test_what_is_hidden_is_in_no_file_and_no_alternative_text():
    example = make_example(mode="all_together")
    with translation.override("en"):
        content = sharing.content_of(example.assessment)
    hidden = next(picture for picture in content["pictures"] if picture["name"] == "private-answers")
    assert hidden["drawing"] == "matrix"
    assert {cell["text"] for row in hidden["data"]["rows"] for cell in row["cells"]} <= {"0–1", "2", "3–4", "·"}


def test_a_smaller_release_leaves_no_older_file(cast):
    """METHOD §4 rule 7: what printed a side that was shown by its ticks is deleted, and made again."""
    assessment = rating(cast)
    for each in (cast.north_representative, cast.south_representative, cast.guest):
        answer_all(assessment, cast.membership(each), lambda decision, partner: 4, tick=True)
    assessment = step(cast, assessment, "close_rating")
    make_release(assessment)
    reports.ask(assessment, "fr")
    made(assessment, "fr")
    assert SharedFile.objects.exists()
    assert Report.objects.exists()
    erase_answers(assessment, cast.membership(cast.north_representative))
    assert not SharedFile.objects.exists()
    assert not Report.objects.exists()
    assert set(Job.objects.pending().values_list("kind", "language")) == {("sharing", "fr"), ("report", "fr")}
