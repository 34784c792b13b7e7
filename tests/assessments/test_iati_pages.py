"""Importing an IATI file: upload, choices, preview, yes, no, and what deletes the file."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.forms.setup import iati as forms
from assessments.iati.parsing import Problem
from assessments.models import FactValue, IatiImport, IatiLines, IatiPiece, Job
from assessments.services.setup import iati
from assessments.tasks import MAKERS, sweep
from assessments.views.setup.iati import PROBLEMS
from assessments.workflow import jobs
from partnerships import page_sizes
from tests.assessments.making import choose_fact, declare_fact, make_assessment
from tests.assessments.pages import as_, roles_of, url, words
from tests.iati.writing import activity, iati_file
from tests.iati.writing import transaction as payment

pytestmark = pytest.mark.django_db

NORTH, SOUTH, SHOP = ("NL-1", "Noord"), ("", "South 1"), ("", "A shop")
FILE = iati_file(
    activity(payment(4, 40, NORTH), payment(3, 60, NORTH, SOUTH), payment(3, 5, NORTH, SHOP), reporter=NORTH),
    activity(payment(1, 60, NORTH, SOUTH), payment(4, "50.25", SOUTH), identifier="KE-A", reporter=SOUTH),
)


@pytest.fixture
def assessment(cast):
    cast.partners["n1"].identifier = "nl-1"
    cast.partners["n1"].save()
    assessment = make_assessment(cast)
    choose_fact(assessment, "budget_spent")
    choose_fact(assessment, "budget_managed")
    return assessment


def upload(cast, assessment, data=FILE, name="hivos.xml"):
    """Choose a file, and read it as the worker does."""
    file = SimpleUploadedFile(name, data)
    response = as_(cast.north_facilitator).post(url(assessment, "iati"), {"file": file}, follow=True)
    run_jobs(assessment)
    return response


def run_jobs(assessment):
    for row in Job.objects.pending().filter(assessment=assessment):
        jobs.run(row.pk, lambda found: MAKERS[found.kind](found))


def page(cast, assessment, more=""):
    return as_(cast.north_facilitator).get(url(assessment, "iati") + more)


def choose(cast, assessment, **changes):
    """Say which organisation is which partner, pick a year and a currency, and let the worker count."""
    row = IatiImport.objects.get()
    partners = {"Noord": cast.partners["n1"].code, "South 1": cast.partners["s1"].code}
    data = {"version": row.version, "currency": "EUR", "years": "2025"}
    for number, one in enumerate(row.found["organisations"]):
        data[f"organisation_{number}"] = partners.get(one["name"], forms.NO_PARTNER)
    response = as_(cast.north_facilitator).post(url(assessment, "iati-choose"), data | changes, follow=True)
    run_jobs(assessment)
    return response


def save(cast, assessment, **changes):
    shown = page(cast, assessment)
    data = {"version": IatiImport.objects.get().version, "seen": shown.context["seen"]}
    return as_(cast.north_facilitator).post(url(assessment, "iati-save"), data | changes, follow=True)


def stored():
    return {(row.fact.key, row.partner.acronym): row for row in FactValue.objects.select_related("fact", "partner")}


def test_a_file_becomes_facts_after_choices_and_a_yes(cast, assessment):
    assert "We have read" in words(upload(cast, assessment))
    assert "Organisations in the file" in words(page(cast, assessment))
    choose(cast, assessment)
    shown = words(page(cast, assessment))
    assert "105 EUR" in shown
    assert "The numbers have not been saved yet" in shown
    assert not FactValue.objects.exists()
    assert "4 facts have been saved." in words(save(cast, assessment))
    assert {key: row.value for key, row in stored().items()} == {
        ("budget_managed", "N1"): 105,
        ("budget_spent", "N1"): 45,
        ("budget_managed", "S1"): Decimal("50.25"),
        ("budget_spent", "S1"): Decimal("50.25"),
    }


def test_a_saved_number_names_its_file_and_waits_for_the_partner(cast, assessment):
    upload(cast, assessment)
    choose(cast, assessment)
    save(cast, assessment)
    row = stored()["budget_managed", "N1"]
    assert (row.source, row.source_file, row.source_date) == ("iati", "hivos.xml", timezone.localdate())
    assert (row.entered_by, row.confirmed_at) == (cast.north_facilitator, None)
    assert "105" not in words(as_(cast.observer).get(url(assessment, "facts")))
    own = words(as_(cast.north_representative).get(url(assessment, "facts-declare")))
    assert "The source is the IATI file hivos.xml" in own


def test_each_number_lists_its_transactions(cast, assessment, monkeypatch):
    monkeypatch.setattr(iati, "MOST_SHOWN", 2)
    many = iati_file(activity(*[payment(4, value, NORTH) for value in (11, 22, 33)], reporter=NORTH))
    upload(cast, assessment, many)
    choose(cast, assessment)
    shown = words(page(cast, assessment))
    assert "Spent by the partner itself: 66.00 EUR (3 transactions)" in shown
    assert "22.00" in shown
    assert "33.00" not in shown
    assert "1 more transaction" in shown


def test_all_transactions_behind_a_number_are_listed_by_page(cast, assessment, monkeypatch):
    monkeypatch.setattr(iati, "MOST_SHOWN", 1)
    monkeypatch.setattr(page_sizes, "TRANSACTIONS", 2)
    many = iati_file(activity(*[payment(4, value, NORTH) for value in (11, 22, 33)], reporter=NORTH))
    upload(cast, assessment, many)
    choose(cast, assessment)
    shown, first = page(cast, assessment), url(assessment, "iati-part", 0)
    assert first in shown.content.decode()
    client, pages = as_(cast.north_facilitator), ("", "?page=2", "?page=3", "?page=0", "?page=x")
    texts = [words(client.get(first + asked)) for asked in pages]
    listed = [[value for value in ("11.00", "22.00", "33.00") if value in text] for text in texts]
    assert listed == [["11.00", "22.00"], ["33.00"], [], ["11.00", "22.00"], ["11.00", "22.00"]]
    assert "?page=2" in client.get(first).content.decode()
    assert "?page=3" not in client.get(first + "?page=2").content.decode()
    assert client.get(url(assessment, "iati-part", 7)).status_code == 404
    iati.remove(assessment, roles_of(cast, "north_facilitator"))
    assert not IatiLines.objects.exists()
    assert client.get(first).status_code == 302


def test_other_choices_replace_the_list_of_transactions(cast, assessment, monkeypatch):
    monkeypatch.setattr(iati, "MOST_SHOWN", 0)
    upload(cast, assessment)
    choose(cast, assessment)
    before = set(IatiLines.objects.values_list("pk", flat=True))
    choose(cast, assessment)
    after = set(IatiLines.objects.values_list("pk", flat=True))
    assert before
    assert len(after) == len(before)
    assert not before & after


def test_partners_without_a_number_stay_missing(cast, assessment):
    upload(cast, assessment)
    choose(cast, assessment)
    assert "South 2" in words(page(cast, assessment))
    save(cast, assessment)
    assert {partner for _fact, partner in stored()} == {"N1", "S1"}


def test_an_identifier_is_matched_and_a_name_is_asked(cast, assessment):
    upload(cast, assessment)
    fields = {field.label: field for field in page(cast, assessment).context["form"].organisation_fields}
    assert fields["Noord"].value() == cast.partners["n1"].code
    assert fields["South 1"].value() == ""
    assert fields["A shop"].value() == forms.NO_PARTNER
    number = list(fields).index("South 1")
    refused = choose(cast, assessment, **{f"organisation_{number}": ""})
    assert refused.status_code == 422
    assert "Choose whether the organisation is that partner." in words(refused)


def test_only_the_currency_of_the_facts_can_be_chosen(cast, assessment):
    upload(cast, assessment, iati_file(activity(payment(4, 1, NORTH), payment(4, 1, NORTH, currency="KES"))))
    refused = choose(cast, assessment, currency="KES")
    assert refused.status_code == 422
    assert "We do not convert amounts. Choose EUR." in words(refused)
    assert choose(cast, assessment).status_code == 200


@pytest.mark.parametrize("changes", [{"years": ""}, {"years": "1999"}, {"currency": "€"}])
def test_choices_come_from_the_file(cast, assessment, changes):
    upload(cast, assessment)
    assert choose(cast, assessment, **changes).status_code == 422
    assert IatiImport.objects.get().chosen is None


def test_what_a_partner_answered_itself_is_kept(cast, assessment):
    declare_fact(assessment.facts.get(key="budget_spent"), cast.partners["n1"], 7)
    upload(cast, assessment)
    choose(cast, assessment)
    assert "The partner has already answered: 7 EUR. We will keep its answer." in words(page(cast, assessment))
    assert "3 facts have been saved." in words(save(cast, assessment))
    assert stored()["budget_spent", "N1"].value == 7


def test_a_negative_number_is_listed_and_not_saved(cast, assessment):
    upload(cast, assessment, iati_file(activity(payment(4, 5, NORTH), payment(4, -9, NORTH), reporter=NORTH)))
    choose(cast, assessment)
    shown = words(page(cast, assessment))
    assert "We do not save negative numbers." in shown
    assert "There are no new numbers to save." in shown


def test_a_fact_that_changed_since_the_preview_stops_the_yes(cast, assessment):
    upload(cast, assessment)
    choose(cast, assessment)
    seen = page(cast, assessment).context["seen"]
    declare_fact(assessment.facts.get(key="budget_spent"), cast.partners["s1"], 7)
    assert "A fact has changed since" in words(save(cast, assessment, seen=seen))
    assert len(stored()) == 1
    assert "3 facts have been saved." in words(save(cast, assessment))


def test_choices_of_someone_else_stop_the_yes(cast, assessment):
    upload(cast, assessment)
    choose(cast, assessment)
    old = IatiImport.objects.get().version
    choose(cast, assessment)
    assert "Someone else has changed the choices" in words(save(cast, assessment, version=old))
    assert not stored()
    assert "4 facts have been saved." in words(save(cast, assessment))


def test_a_second_yes_changes_nothing(cast, assessment):
    upload(cast, assessment)
    choose(cast, assessment)
    data = {"version": IatiImport.objects.get().version, "seen": page(cast, assessment).context["seen"]}
    client = as_(cast.north_facilitator)
    client.post(url(assessment, "iati-save"), data)
    before = {key: row.version for key, row in stored().items()}
    assert "This file has been deleted" in words(client.post(url(assessment, "iati-save"), data, follow=True))
    assert {key: row.version for key, row in stored().items()} == before


def test_a_yes_and_a_no_delete_the_file(cast, assessment):
    for end in (save, lambda cast, one: as_(cast.north_facilitator).post(url(one, "iati-remove"))):
        upload(cast, assessment)
        choose(cast, assessment)
        assert IatiPiece.objects.exists()
        end(cast, assessment)
        assert not IatiImport.objects.exists()
        assert not IatiPiece.objects.exists()


def test_a_day_deletes_the_file(cast, assessment):
    upload(cast, assessment)
    IatiImport.objects.update(uploaded_at=timezone.now() - timedelta(hours=23))
    assert iati.delete_old() == 0
    IatiImport.objects.update(uploaded_at=timezone.now() - timedelta(hours=24))
    assert "Upload the file" in words(page(cast, assessment))
    assert iati.delete_old() > 0
    assert not IatiPiece.objects.exists()


def test_the_sweep_deletes_old_files(cast, assessment):
    upload(cast, assessment)
    sweep()
    assert IatiPiece.objects.exists()
    IatiImport.objects.update(uploaded_at=timezone.now() - timedelta(hours=24))
    sweep()
    assert not IatiPiece.objects.exists()


def test_a_second_file_waits_for_the_first(cast, assessment):
    upload(cast, assessment)
    assert "Another file is being imported" in words(upload(cast, assessment))
    IatiImport.objects.update(uploaded_at=timezone.now() - timedelta(hours=24))
    upload(cast, assessment, name="other.xml")
    assert IatiImport.objects.get().file_name == "other.xml"


def test_a_file_deleted_while_it_is_read_stays_deleted(cast, assessment):
    upload(cast, assessment)
    row = IatiImport.objects.get()
    found = row.found
    IatiImport.objects.update(found=None)
    IatiPiece.objects.all().delete()
    row.delete()
    iati.run_job(assessment)
    assert found
    assert not IatiImport.objects.exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a,b\n1,2\n", "This XML file is not complete."),
        (b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "document type declaration"),
        (iati_file(activity(payment(4, 1)), version="1.05"), "This file uses IATI version 1."),
        (iati_file(activity(payment(4, 1), default_currency="")), "A transaction has no currency"),
    ],
)
def test_a_bad_file_gets_one_clear_message(cast, assessment, data, said):
    upload(cast, assessment, data)
    assert said in words(page(cast, assessment))
    assert as_(cast.north_facilitator).post(url(assessment, "iati-choose")).status_code == 302
    assert IatiImport.objects.get().chosen is None


def test_each_problem_of_a_file_has_words():
    assert set(PROBLEMS) == set(Problem)


def test_a_file_over_50_mb_is_not_taken(cast, assessment, monkeypatch):
    monkeypatch.setattr(forms, "MOST_BYTES", len(FILE))
    upload(cast, assessment)
    assert IatiImport.objects.exists()
    IatiImport.objects.all().delete()
    assert "This file is larger than 50 MB" in words(upload(cast, assessment, FILE + b" "))
    assert not IatiImport.objects.exists()


def test_percentages_cannot_be_filled(cast, assessment):
    assert "Upload the file" in words(page(cast, assessment))
    assessment.facts.update(unit="percent")
    assert "Choose a fact about the budget first" in words(page(cast, assessment))
    assert "First choose a budget fact" in words(upload(cast, assessment))


def test_a_waiting_page_says_how_far_the_reading_is(cast, assessment):
    client = as_(cast.north_facilitator)
    client.post(url(assessment, "iati"), {"file": SimpleUploadedFile("a.xml", FILE)})
    assert "We have read 0% of the file" in words(client.get(url(assessment, "iati-state")))
    run_jobs(assessment)
    assert client.get(url(assessment, "iati-state")).headers["HX-Refresh"] == "true"


def test_a_large_file_is_stored_in_pieces(cast, assessment, monkeypatch, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    monkeypatch.setattr(iati, "PIECE", 100)
    upload(cast, assessment)
    assert IatiPiece.objects.count() > 5
    assert IatiImport.objects.get().found["organisations"]


@pytest.mark.parametrize("fields", [{"chosen": {}}, {"preview": {}}, {"found": {}, "chosen": {}, "problem": "not_xml"}])
def test_the_database_refuses_steps_out_of_order(assessment, fields):
    with pytest.raises(IntegrityError, match="iati_"), transaction.atomic():
        IatiImport.objects.create(assessment=assessment, file_name="a.xml", size=1, **fields)
    IatiImport.objects.create(assessment=assessment, file_name="a.xml", size=1, found={}, chosen={}, preview={})


def test_an_import_of_another_assessment_is_not_touched(cast, assessment):
    other = make_assessment(cast)
    choose_fact(other, "budget_spent")
    upload(cast, other, name="other.xml")
    upload(cast, assessment)
    iati.remove(assessment, roles_of(cast, "north_facilitator"))
    assert IatiImport.objects.get().assessment == other
