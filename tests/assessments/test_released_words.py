"""Released gaps, agreed levels and who decides have the same words and numbers wherever one assessment is shown."""

import html
import re
from collections import Counter

import pytest
from django.test import Client

from assessments import numbers, sentences
from assessments.models import Assessment
from assessments.results import presenters, sharing
from assessments.results.reporting.content import content_of
from assessments.results.tables.export import export_of
from partnerships.models import Kind
from tests.assessments.example import Example, make_example
from tests.assessments.making import past_triggers

VIEWS = ("north", "south", "difference")
Words = dict[int, tuple[str, ...]]


@pytest.fixture
def example(db) -> Example:
    return make_example()


def plain(markup: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", markup))).strip()


def page(example: Example, path: str) -> str:
    client = Client()
    client.force_login(example.facilitator)
    return client.get(f"{example.assessment.get_absolute_url()}{path}").content.decode()


def in_session(example: Example) -> Words:
    """Return the words of the session's page of each decision."""
    said = {}
    for decision in example.assessment.decisions.active():
        text = page(example, f"session/{decision.number}/?moment=talk")
        released = re.search(r'<section class="session-released".*?</section>', text, re.S)
        lines = [plain(line) for line in re.findall(r"<li.*?</li>", released.group(0), re.S)]
        views = [
            line.split(": ", 1) for line in lines if line.startswith(("As seen by", "Difference between the two views"))
        ]
        said[decision.number] = tuple(words for _who, words in views)
    return said


def on_dashboard(example: Example) -> Words:
    table = re.search(r"As seen by North</th>.*?</table>", page(example, "dashboard/"), re.S).group(0)
    rows = re.findall(r'<tr><th scope="row">(\d+)\..*?</th>(.*?)</tr>', table, re.S)
    return {int(number): tuple(plain(cell) for cell in re.findall(r"<td.*?</td>", cells)) for number, cells in rows}


def in_report(example: Example) -> Words:
    rows = content_of(example.assessment)["perception"]["rows"]
    return {int(row["label"].partition(".")[0]): tuple(row[view] for view in VIEWS) for row in rows}


def in_export(example: Example) -> Words:
    """Return the exported numbers in the words that they have elsewhere."""
    assessment = Assessment.objects.get(pk=example.assessment.pk)
    seen = next(table for table in export_of(assessment).tables if table.code == "seen")
    names = presenters.results_of(assessment).names
    rows = {
        row["decision"]: {"north": row["seen_by_north"], "south": row["seen_by_south"], "difference": row["difference"]}
        for row in seen.records()
    }
    return {number: tuple(said.text for said in sentences.views(row, names).values()) for number, row in rows.items()}


@pytest.mark.parametrize("place", [in_session, on_dashboard, in_report, in_export])
def test_a_released_gap_reads_the_same_everywhere(example, place):
    results = presenters.results_of(example.assessment)
    expected = {
        row["decision"]: tuple(said.text for said in sentences.views(row, results.names).values())
        for row in results.data["decisions"]
    }
    assert "North 2.0 levels higher" in {words for row in expected.values() for words in row}
    assert place(example) == expected


# --- who decides, and the mean levels


@pytest.fixture
def with_donor(example) -> Example:
    """Return the example in which the partner on neither side gives money."""
    with past_triggers():
        example.assessment.participants.filter(side="other").update(kind=Kind.DONOR)
    return example


def rows_on_dashboard(example: Example) -> Words:
    table = re.search(
        r"Average level of all partners, and balance</th>.*?</table>", page(example, "dashboard/"), re.S
    ).group(0)
    rows = re.findall(r'<tr><th scope="row">(\d+)\..*?</th>(.*?)</tr>', table, re.S)
    cells = {int(number): re.findall(r"<td.*?</td>", found, re.S) for number, found in rows}
    return {number: (*map(plain, found[:2]), plain(found[2].split("<br>")[0])) for number, found in cells.items()}


def rows_in_report(example: Example) -> Words:
    rows = content_of(example.assessment)["agreed"]["rows"]
    return {int(row["label"].partition(".")[0]): (row["north"], row["south"], row["holder"]) for row in rows}


def rows_on_report_page(example: Example) -> Words:
    table = re.search(r'class="table report-track".*?</table>', page(example, "report/"), re.S).group(0)
    rows = re.findall(r'<tr><th scope="row">(\d+)\..*?</th>(.*?)</tr>', table, re.S)
    cells = {int(number): re.findall(r"<td.*?</td>", found, re.S) for number, found in rows}
    return {number: tuple(map(plain, found[1:])) for number, found in cells.items()}


def rows_in_export(example: Example) -> Words:
    """Return the exported numbers and codes as they are printed elsewhere."""
    assessment = Assessment.objects.get(pk=example.assessment.pk)
    names = presenters.results_of(assessment).names
    table = next(table for table in export_of(assessment).tables if table.code == "agreed")
    return {
        row["decision"]: (
            numbers.level(row["north"]),
            numbers.level(row["south"]),
            sentences.holder(frozenset(row["holders"].split("+")) - {"none"}, names),
        )
        for row in table.records()
    }


@pytest.mark.parametrize("place", [rows_on_dashboard, rows_in_report, rows_on_report_page, rows_in_export])
def test_levels_and_who_decides_read_the_same_everywhere(with_donor, place):
    results = presenters.results_of(with_donor.assessment)
    groups = sentences.groups_by_decision(results.scores, results.names)
    expected = {
        row["decision"]: (
            numbers.level(row["north"]),
            numbers.level(row["south"]),
            sentences.holder(groups[row["decision"]], results.names),
        )
        for row in results.scores["decisions"]
    }
    assert place(with_donor) == expected
    assert sum("a donor" in row[2] for row in expected.values()) == 3


def test_numbers_of_a_donor_are_neither_northern_nor_shared(with_donor):
    table = next(table for table in export_of(with_donor.assessment).tables if table.code == "agreed")
    codes = Counter(row["holders"] for row in table.records())
    assert codes == {"north": 7, "north+donor": 3, "south": 2}


@pytest.mark.parametrize("path", ["dashboard/", "report/"])
def test_the_counts_of_who_decides_are_the_same_everywhere(with_donor, path):
    said = "only Northern partners in 7, Northern partners and a donor in 3 and only Southern partners in 2."
    assert said in plain(page(with_donor, path))
    assert said in " ".join(sharing.content_of(with_donor.assessment)["lines"])
