"""The report: the same for every member as page and as PDF, made once per content, and nothing in it is markup."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from assessments import report
from assessments.models import Job, Remark, Reply, Report
from assessments.results.reporting.content import content_of
from assessments.results.reporting.files import file_name
from assessments.services.followup import reports
from assessments.tasks import MAKERS
from assessments.workflow import jobs as working
from partnerships.codes import new_code
from tests.assessments.example import make_example
from tests.assessments.making import rating
from tests.assessments.pages import as_
from tests.factories import UserFactory, make_cast
from tests.pdf import streams
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db
SENTENCE = "Southern partners decide or co-decide in 2 of 12 decisions."


def url(assessment, name="report"):
    return reverse(f"assessments:{name}", args=[assessment.code])


def run(assessment):
    """Do the work that waits, as the worker does it."""
    for row in Job.objects.pending().filter(assessment=assessment):
        working.run(row.pk, lambda found: MAKERS[found.kind](found))


def test_the_page_opens_with_the_sentence_and_holds_everything():
    example = make_example()
    first = example.assessment.participants.first()
    Reply.objects.create(participant=first, text="We agree.\nMostly.")
    Remark.objects.create(
        assessment=example.assessment, author="Freek Visser, NSF", by_facilitator=True, text="Long day."
    )
    outcome = example.assessment.decisions.get(number=1).outcome
    outcome.route, outcome.review_on, outcome.note = "mediator", timezone.localdate(), "The donor wants one signature."
    outcome.save()
    text = as_(example.observer).get(url(example.assessment)).content.decode()
    assert text.index(SENTENCE) < text.index("Who took part")
    for part in (
        "Both sides see Northern partners at a higher level",
        "Facilitated by",
        "Freek Visser (Noordzee Solidarity Fund)",
        '<td class="lv-4">4<i class="want">3</i></td>',
        "North 3 or more levels higher",
        "A budget committee with one seat per partner",
        "a mediator (review on",
        "The donor wants one signature.",
        "We agree.<br>Mostly.",
        "Freek Visser, NSF, facilitator",
        "How to read this report",
        "Method 2.0",
    ):
        assert part in text, part


def test_the_matrix_of_the_pdf_is_shaded_by_level():
    rows = content_of(make_example().assessment)["agreed"]["matrix"]
    cells = [cell for row in rows for cell in row["cells"] if cell["text"].isdigit()]
    assert cells
    assert all(cell["level"] == int(cell["text"]) for cell in cells)


def test_who_imported_the_ratings_is_named():
    example = make_example()
    example.assessment.imported_by = example.facilitator
    example.assessment.save()
    text = as_(example.observer).get(url(example.assessment)).content.decode()
    assert "Freek Visser, who therefore saw the private ratings" in text


def test_members_read_it_and_nobody_else():
    example = make_example()
    for name in ("report", "report-state", "report-pdf"):
        assert Client().get(url(example.assessment, name)).status_code == 302
        assert as_(UserFactory()).get(url(example.assessment, name)).status_code == 404
    assert Client().post(url(example.assessment, "report-make")).status_code == 302
    assert as_(UserFactory()).post(url(example.assessment, "report-make")).status_code == 404
    assert not Job.objects.exists()
    for person in (example.facilitator, example.representative, example.observer):
        assert as_(person).get(url(example.assessment)).status_code == 200
    assert as_(example.observer).get(url(example.assessment, "report-make")).status_code == 405
    assert as_(example.observer).post(url(example.assessment, "report-make")).status_code == 302
    assert Job.objects.get().kind == Job.Kind.REPORT


def test_the_page_is_the_same_for_every_member():
    example = make_example()
    people = (example.facilitator, example.representative, example.observer)
    pages = [as_(person).get(url(example.assessment)).content.decode() for person in people]
    assert len({page[page.index("<h1>") : page.index("</main>")].split("csrf", 1)[0] for page in pages}) == 1
    assert len({page[page.index("Who took part") : page.index("</main>")] for page in pages}) == 1


def test_asked_for_made_and_downloaded():
    example = make_example()
    client = as_(example.observer)
    assert client.get(url(example.assessment, "report-pdf")).status_code == 404
    client.post(url(example.assessment, "report-make"))
    page = client.get(url(example.assessment)).content.decode()
    assert "We are preparing the PDF," in page
    assert client.get(url(example.assessment, "report-state")).status_code == 204
    run(example.assessment)
    assert client.get(url(example.assessment, "report-state"))["HX-Refresh"] == "true"
    assert "Download the PDF" in client.get(url(example.assessment)).content.decode()
    response = client.get(url(example.assessment, "report-pdf"))
    assert response["Content-Type"] == "application/pdf"
    assert re.fullmatch(r'attachment; filename="midterm-2026-\d{4}-\d\d-\d\d-en\.pdf"', response["Content-Disposition"])
    assert response.content.startswith(b"%PDF")


def test_an_unchanged_report_is_not_made_again_and_a_changed_one_is():
    example = make_example()
    job = reports.ask(example.assessment, "en")
    run(example.assessment)
    first = Report.objects.get()
    reports.ask(example.assessment, "en")
    run(example.assessment)
    assert Report.objects.get().created_at == first.created_at
    example.assessment.actions.update(status="dropped")
    page = as_(example.observer).get(url(example.assessment)).content.decode()
    assert "The report has changed since the PDF was created." in page
    reports.ask(example.assessment, "en")
    run(example.assessment)
    second = Report.objects.get()
    assert second.created_at > first.created_at
    assert second.digest != first.digest
    job.refresh_from_db()
    assert (job.state, job.done, job.wanted) == (Job.State.DONE, 3, 3)


def test_asking_twice_while_it_is_made_is_one_request():
    example = make_example()
    reports.ask(example.assessment, "en")
    reports.ask(example.assessment, "en")
    assert Job.objects.get().wanted == 1


def test_a_failure_is_said_and_can_be_tried_again():
    example = make_example()
    reports.ask(example.assessment, "en")
    Job.objects.update(state=Job.State.FAILED)
    client = as_(example.representative)
    assert "The calculation failed" in client.get(url(example.assessment)).content.decode()
    client.post(url(example.assessment, "report-make"))
    assert Job.objects.get().state == Job.State.WAITING


def test_before_there_is_anything_the_next_step_is_taught():
    cast = make_cast()
    assessment = rating(cast)
    client = as_(cast.observer)
    assert "There is nothing to report yet" in client.get(url(assessment)).content.decode()
    response = client.post(url(assessment, "report-make"), follow=True)
    assert "No levels have been agreed, and no results have been released" in response.content.decode()
    assert not Job.objects.filter(kind=Job.Kind.REPORT).exists()


def test_a_file_name_is_plain_whatever_the_title_holds():
    cast = make_cast()
    assessment = rating(cast, title='../"Évaluation"; rm -rf /\r\nX: y')
    assert re.fullmatch(r"evaluation-rm-rf-x-y-\d{4}-\d\d-\d\d-en\.pdf", file_name(assessment, "en"))
    assessment.title = "قياس"
    assert file_name(assessment, "ar").startswith("assessment-")


def content():
    example = make_example()
    with translation.override("en"):
        return content_of(example.assessment)


MOMENT = datetime(2026, 11, 1, tzinfo=UTC)


def test_the_pdf_is_tagged_and_names_its_title_and_language():
    made = report.pdf(content(), MOMENT)
    whole = made + b"".join(streams(made))
    for mark in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang", b"pdfuaid:part", b"/DisplayDocTitle true"):
        assert mark in whole, mark
    assert b"Midterm 2026" in whole
    assert b"/TH" in whole
    assert len(made) < 300_000


def test_the_same_content_gives_the_same_bytes():
    same = content()
    assert report.pdf(same, MOMENT) == report.pdf(same, MOMENT)


def test_no_text_is_read_as_markup():
    hostile = '#panic("x") $ x _a_ *b* `c` @d <e> \\ = // /* [f] "g" #read("/etc/passwd")'
    taken = content()

    def spoilt(value):
        if isinstance(value, dict):
            return {key: item if key in ("side", "language", "css") else spoilt(item) for key, item in value.items()}
        if isinstance(value, list):
            return [spoilt(item) for item in value]
        return hostile if isinstance(value, str) else value

    assert report.pdf(spoilt(taken), MOMENT).startswith(b"%PDF")


def test_forty_partners_and_sixty_decisions_in_a_pdf():
    wide = content()
    row, gap = wide["agreed"]["matrix"][0], wide["agreed"]["rows"][0]
    wide["columns"] = [{"acronym": f"PARTNER{n}", "side": "south"} for n in range(40)]
    wide["agreed"]["matrix"] = [row | {"cells": (row["cells"] * 5)[:40]}] * 60
    wide["agreed"]["rows"] = [gap] * 60
    wide["perception"]["bands"] = wide["agreed"]["matrix"]
    assert report.pdf(wide, MOMENT).startswith(b"%PDF")


def test_all_together_and_nothing_agreed_make_a_report_too():
    example = make_example(mode="all_together")
    with translation.override("en"):
        assert report.pdf(content_of(example.assessment), MOMENT).startswith(b"%PDF")
        example.assessment.agreed_results.all().delete()
        example.assessment.actions.all().delete()
        bare = content_of(example.assessment)
    assert bare["agreed"] is None
    assert report.pdf(bare, MOMENT).startswith(b"%PDF")


def test_private_reasons_and_the_basis_of_the_release_stay_out():
    example = make_example()
    release = example.assessment.release
    assert release.basis
    with translation.override("en"):
        text = json.dumps(content_of(example.assessment))
    assert "by_ticks" not in text
    assert 'organisations": [' not in text


@pytest.mark.django_db(transaction=True)
def test_the_worker_makes_it(celery_worker):
    example = make_example()
    client = as_(example.observer)
    client.post(url(example.assessment, "report-make"))
    wait_until(lambda: Report.objects.exists(), 60, "the report is made")
    assert client.get(url(example.assessment, "report-pdf")).status_code == 200


def test_number_of_statements_does_not_grow(django_assert_num_queries):
    example = make_example()
    client = as_(example.observer)
    client.get(url(example.assessment))
    for _round in range(2):
        with django_assert_num_queries(STATEMENTS):
            client.get(url(example.assessment))
        for action in example.assessment.actions.all():
            action.pk, action.code = None, new_code()
            action.save()
        for participant in example.assessment.participants.filter(reply=None):
            Reply.objects.create(participant=participant, text="Yes.")


STATEMENTS = 22
