"""A facilitator imports a spreadsheet with two wrong cells, and corrects them on the page of a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import AgreedLevel, Assessment
from tests.assessments.test_workbooks import xlsx
from tests.e2e.looks import too_wide
from tests.factories import make_cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_wrong_cells_are_corrected_in_place(new_page, axe, watch):
    cast = make_cast()
    page = new_page(cast.north_facilitator, width=360, height=740)
    page.goto(reverse("assessments:import-workbook", args=[cast.partnership.code]))
    assert axe(page) == too_wide(page) == []
    wrong = {"Levels today": [["Decision", "N1", "S1"], ["Budget", 9, 1], ["Staff", 3, "x"]]}
    page.get_by_label("Title").fill("Workshop")
    page.get_by_label("Workbook (.xlsx or .ods)").set_input_files(
        {"name": "levels.xlsx", "mimeType": "application/octet-stream", "buffer": xlsx(**wrong)}
    )
    page.get_by_role("button", name="Check the workbook").click()
    expect(page.get_by_role("heading", name="Correct these cells")).to_be_visible()
    assert axe(page) == too_wide(page) == []
    watch.expect("422")
    page.get_by_label("Levels today B2").fill("4")
    page.get_by_label("Levels today C3").fill("2")
    page.get_by_role("button", name="Check the corrections").click()
    expect(page.get_by_role("heading", name="Data to be imported")).to_be_visible()
    assert axe(page) == too_wide(page) == []
    assert not Assessment.objects.exists()
    page.get_by_role("button", name="Import the assessment").click()
    expect(page.get_by_text("The assessment has been imported. Its joint session is open.")).to_be_visible()
    assert AgreedLevel.objects.count() == 4
