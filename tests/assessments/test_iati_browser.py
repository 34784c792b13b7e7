"""A facilitator imports an IATI file in the browser, with a real worker, and a representative confirms a number."""

import pytest
from playwright.sync_api import expect

from assessments.models import FactValue, IatiImport
from tests.assessments.making import choose_fact, make_assessment
from tests.assessments.pages import url
from tests.assessments.test_iati_pages import FILE

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_facilitator_imports_budgets_from_iati(celery_worker, cast, new_page, axe):
    assessment = make_assessment(cast)
    for key in ("budget_managed", "budget_spent"):
        choose_fact(assessment, key)
    page = new_page(cast.north_facilitator, width=360, height=740)
    page.goto(url(assessment, "facts"))
    page.get_by_role("link", name="Import from IATI").click()
    page.get_by_label("IATI activity file").set_input_files({"name": "a.xml", "mimeType": "text/xml", "buffer": FILE})
    page.get_by_role("button", name="Upload the file").click()
    expect(page.get_by_role("heading", name="Choose what to count")).to_be_visible(timeout=60_000)
    assert axe(page) == []
    page.get_by_label("2025").check()
    page.get_by_label("Noord").select_option(label="North 1")
    page.get_by_label("South 1", exact=True).select_option(label="South 1")
    page.get_by_role("button", name="Show the preview").click()
    expect(page.get_by_role("heading", name="Check the numbers")).to_be_visible(timeout=60_000)
    page.get_by_text("Passed on to other partners").click()
    expect(page.get_by_role("cell", name="60.00")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Save these facts").click()
    expect(page.get_by_text("4 facts have been saved.")).to_be_visible()
    assert not IatiImport.objects.exists()

    page = new_page(cast.north_representative, width=360, height=740)
    page.goto(url(assessment, "facts-declare"))
    page.get_by_role("button", name="Confirm this fact").first.click()
    page.wait_for_load_state()
    assert FactValue.objects.filter(partner=cast.partners["n1"], confirmed_at__isnull=False).count() == 1
