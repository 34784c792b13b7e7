"""Reading IATI activity files: what is found in them, and what is refused."""

from datetime import date
from decimal import Decimal

import pytest

from assessments import iati
from assessments.iati import parsing
from assessments.iati.parsing import DISBURSED, Organisation, Problem, Transaction
from tests.iati.writing import activity, iati_file, party, transaction

HIVOS, KEPA = ("NL-1", "Hivos"), ("KE-2", "Kepa")
PAYMENT = transaction(3, 10, HIVOS, KEPA)


def read(data):
    return list(iati.latest(lambda: [data]))


def refused(data):
    with pytest.raises(iati.BadFile) as found:
        iati.overview_of(read(data))
    return found.value.problem


@pytest.mark.parametrize("version", parsing.VERSIONS)
def test_each_version_2_is_read(version):
    (found,) = read(iati_file(activity(PAYMENT), version=version))
    assert found.identifier == "NL-1-A"
    assert found.reporter == Organisation("NL-1", "Hivos")
    assert found.transactions == [
        Transaction(DISBURSED, date(2025, 3, 1), Decimal(10), "EUR", Organisation(*HIVOS), Organisation(*KEPA))
    ]


def test_the_pieces_of_a_file_may_end_anywhere():
    data = iati_file(activity(transaction(4, "1234.50", ("", "Åsa & Ömer"))))
    assert list(iati.activities(data[n : n + 1] for n in range(len(data)))) == read(data)


def test_another_encoding_is_read():
    text = iati_file(activity(transaction(4, 1, ("", "Åsa")))).decode()
    data = f'<?xml version="1.0" encoding="ISO-8859-1"?>{text}'.encode("latin-1")
    assert read(data)[0].transactions[0].giver.name == "Åsa"


def test_a_transaction_has_its_own_currency_or_the_activitys():
    own = transaction(4, 1, currency="usd")
    (found,) = read(iati_file(activity(own, PAYMENT)))
    assert [one.currency for one in found.transactions] == ["USD", "EUR"]


def test_commitments_and_loans_are_not_read():
    (found,) = read(iati_file(activity(*(transaction(kind, 1) for kind in range(1, 14)))))
    assert [one.kind for one in found.transactions] == [1, 3, 4]


def test_who_reports_stands_in_where_a_party_is_left_out():
    (found,) = read(iati_file(activity(transaction(1, 1, KEPA), transaction(3, 1, None, KEPA), transaction(4, 1))))
    hivos, kepa = Organisation(*HIVOS), Organisation(*KEPA)
    assert [(one.giver, one.receiver) for one in found.transactions] == [(kepa, hivos), (hivos, kepa), (hivos, None)]


def test_an_identifier_tells_organisations_apart_before_names():
    assert Organisation("nl-1 ", "Hivos").key == Organisation("NL-1", "Stichting Hivos").key
    assert Organisation("", "Asal  youth").key == Organisation("", "Asal Youth").key
    assert Organisation("NL-1", "Hivos").key != Organisation("", "Hivos").key
    assert Organisation("", "").key == ""


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_one_identifier_twice_the_later_update_counts(order):
    both = [
        activity(transaction(4, 1), last_updated_datetime="2025-01-01T00:00:00"),
        activity(transaction(4, 2), last_updated_datetime="2025-01-01T00:00:00+00:00", identifier="NL-1-B"),
        activity(transaction(4, 3), last_updated_datetime="2025-01-01T02:00:00+01:00"),
    ]
    data = iati_file(both[1], *(both[2 * n] for n in order))
    assert sorted(one.transactions[0].value for one in read(data)) == [2, 3]


def test_the_overview_counts_years_and_organisations():
    found = iati.overview_of(read(iati_file(activity(PAYMENT, PAYMENT, transaction(4, 5, day="2024-12-31")))))
    assert found.years == {"EUR": {2025: 2, 2024: 1}}
    assert found.transactions == {"nl-1": 3, "ke-2": 2}
    assert found.organisations["ke-2"].name == "Kepa"


BAD_FILES = {
    "not XML": (b"name,amount\nHivos,10\n", Problem.NOT_XML),
    "an empty file": (b"", Problem.NOT_XML),
    "half a file": (iati_file(activity(PAYMENT))[:-20], Problem.NOT_XML),
    "another standard": (b"<rss version='2.0'/>", Problem.OTHER_STANDARD),
    "a file of organisations": (b"<iati-organisations version='2.03'/>", Problem.ORGANISATION_FILE),
    "version 1": (iati_file(activity(PAYMENT), version="1.05"), Problem.VERSION_1),
    "version 3": (iati_file(activity(PAYMENT), version="3.01"), Problem.OTHER_VERSION),
    "no version": (b"<iati-activities/>", Problem.OTHER_VERSION),
    "no activity identifier": (iati_file(activity(PAYMENT, identifier=" ")), Problem.NO_IDENTIFIER),
    "no reporter": (iati_file(activity(PAYMENT, reporter=("", ""))), Problem.NO_REPORTER),
    "no currency": (iati_file(activity(PAYMENT, default_currency="")), Problem.NO_CURRENCY),
    "no known currency": (iati_file(activity(PAYMENT, default_currency="€")), Problem.NO_CURRENCY),
    "no date": (iati_file(activity(transaction(4, 1, day="1 March"))), Problem.NO_DATE),
    "no value": (iati_file(activity(transaction(4, ""))), Problem.NO_VALUE),
    "a value that is none": (iati_file(activity(transaction(4, "NaN"))), Problem.NO_VALUE),
    "a value with commas": (iati_file(activity(transaction(4, "1,000"))), Problem.NO_VALUE),
    "no payments": (iati_file(activity(transaction(2, 1))), Problem.NO_PAYMENTS),
    "a document type": (iati_file(activity(PAYMENT), before="<!DOCTYPE iati-activities>"), Problem.DOCUMENT_TYPE),
    "an external entity": (
        iati_file(activity(PAYMENT), before='<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        Problem.DOCUMENT_TYPE,
    ),
    "an external document type": (
        iati_file(activity(PAYMENT), before='<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'),
        Problem.DOCUMENT_TYPE,
    ),
    "an entity that nothing declares": (iati_file(activity(PAYMENT), "&x;"), Problem.NOT_XML),
    "elements too deep": (iati_file("<a>" * 40 + "</a>" * 40), Problem.OTHER_STANDARD),
    "an endless comment": (iati_file(f"<!--{'-a' * 2**20}-->"), Problem.OTHER_STANDARD),
    "endless names": (iati_file("".join(f"<a{n}/>" for n in range(30_000))), Problem.OTHER_STANDARD),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_for_one_reason(name):
    data, problem = BAD_FILES[name]
    assert refused(data) == problem


def test_a_refusal_names_the_line_and_the_activity():
    data = iati_file("\n\n", activity(transaction(4, "ten"), identifier="NL-1-C"))
    with pytest.raises(iati.BadFile) as found:
        read(data)
    assert (found.value.line, found.value.activity) == (3, "NL-1-C")


def test_more_transactions_than_the_limit_are_refused(monkeypatch):
    monkeypatch.setattr(parsing, "MOST_TRANSACTIONS", 3)
    three = [transaction(2, 1), PAYMENT, PAYMENT]
    assert len(read(iati_file(activity(*three)))) == 1
    assert refused(iati_file(activity(*three), activity(PAYMENT, identifier="NL-1-B"))) == Problem.TOO_MANY


def test_long_texts_are_cut():
    (found,) = read(iati_file(activity(transaction(4, 1, ("", "a" * 2000)))))
    assert len(found.transactions[0].giver.name) == parsing.LONGEST_TEXT


def test_only_the_first_name_of_an_organisation_is_read():
    giver = party("provider-org", ("", "Hivos")).replace("</narrative>", "</narrative><narrative>Autre</narrative>")
    given = transaction(4, 1).replace("</transaction>", f"{giver}</transaction>")
    assert read(iati_file(activity(given)))[0].transactions[0].giver.name == "Hivos"
