"""A released gap has the same words and numbers in the session, on the dashboard, in the report and in exports."""

import html
import re

import pytest
from django.test import Client

from assessments import sentences
from assessments.models import Assessment
from assessments.results import presenters
from assessments.results.reporting.content import content_of
from assessments.results.tables.export import export_of
from tests.assessments.example import Example, make_example

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
        views = [line.split(": ", 1) for line in lines if line.startswith(("Seen by", "The two views"))]
        said[decision.number] = tuple(words for _who, words in views)
    return said


def on_dashboard(example: Example) -> Words:
    table = re.search(r"Seen by North</th>.*?</table>", page(example, "dashboard/"), re.S).group(0)
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
    assert "North 2.0 higher" in {words for row in expected.values() for words in row}
    assert place(example) == expected
