"""Facts in results: what the agreed result keeps, what pages show, and what leaves the assessment by whose yes."""

import json
import re
from io import BytesIO

import pandas as pd
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader

from assessments import sharing
from assessments.models import Assessment, Job, Report, SideWord, Topic
from assessments.report import pdf
from assessments.results import facts, frames, presenters
from assessments.results.agreed import make_agreed_result
from assessments.results.beside_influence import changes
from assessments.results.reporting.content import content_of
from assessments.results.sharing import DECK, make_shared_files
from assessments.results.sharing import content_of as shared_content_of
from assessments.results.tables.export import export_of
from assessments.services.safeguards import side_words
from partnerships.access import member_roles_of
from tests.assessments.making import agree_levels, choose_fact, declare_fact, in_session, make_assessment, step
from tests.assessments.pages import as_, url, words
from tests.assessments.test_live import at_moment
from tests.interface.asking import ask, token_of
from tests.refusing import refused
from tests.scoring.example import near
from tests.test_example import load_example
from tests.worlds import kept

pytestmark = pytest.mark.django_db
MONEY = "Southern partners spend 55% of the budget and manage 0% of it."


@pytest.fixture
def example(db) -> Assessment:
    return load_example()


@pytest.fixture
def assessment(cast) -> Assessment:
    return with_seats(cast)


@kept
def with_seats(cast) -> Assessment:
    """Return an assessment in its session: each of six partners has seats, and two Northern ones have most."""
    assessment = in_session(cast)
    assessment.decisions.update(topic=Topic.GOVERNANCE)
    fact = choose_fact(assessment, "governing_seats")
    for name, seats in {"n1": 3, "n2": 2, "s1": 1, "s2": 0, "s3": 1, "o1": 1}.items():
        declare_fact(fact, cast.partners[name], seats)
    agree_levels(cast, assessment)
    make_agreed_result(assessment)
    return Assessment.objects.get(pk=assessment.pk)


def test_the_example_keeps_the_oracles_of_the_method(example):
    scores = example.agreed_results.get().scores["facts"]
    shares = {row["fact"]: row for row in scores["shares"]}
    assert [shares["budget_spent"][side] for side in ("north", "south", "other")] == near([0.425, 0.5525, 0.0225])
    assert [shares["contract_months"][side] for side in ("north", "south", "other")] == near([60, 14.4, 60])
    assert (shares["paid_in_advance"]["south"], shares["paid_in_advance"]["n"]) == (near(0.4), 7)
    assert (shares["reports_written"]["south"], shares["reports_written"]["missing"]) == (None, 1)
    influence = {(row["domain"], row["side"]): (row["k"], row["n"]) for row in scores["influence"]}
    assert [influence["money", side] for side in ("north", "south", "other")] == [(3, 3), (0, 3), (1, 3)]
    assert [influence["staff", side] for side in ("north", "south")] == [(1, 2), (1, 2)]


def test_results_show_facts_beside_influence(client, example):
    page = words(client.get(reverse("example")))
    assert MONEY in page
    assert "Southern partners decide or co-decide in 0 of 3 decisions about money." in page
    assert "How many reports did each partner write for another partner during the last year? not all partners" in page
    assert "Decisions in which this side decides or co-decides 3 of 3 0 of 3 1 of 3" in page
    figures = client.get(reverse("example-figures")).json()
    assert {trace["type"] for trace in figures["facts"]["data"]} == {"bar", "scatter"}


def test_frames_of_many_assessments_take_one_query(cast, assessment, django_assert_num_queries):
    other = in_session(cast)
    declare_fact(choose_fact(other, "chairs_body"), cast.partners["s1"], 1)
    with django_assert_num_queries(1):
        found = facts.frame([assessment, other])
    assert len(found) == 12
    given = found[found.assessment == other.pk].set_index("partner")["value"].dropna()
    assert list(given.items()) == [(other.participants.get(acronym="S1").number, 1.0)]
    assert found[found.assessment == assessment.pk]["value"].tolist() == [3, 2, 1, 0, 1, 1]


def share_of(assessment, key) -> dict:
    """Return the shares of one fact as they stand."""
    (row,) = [row for row in facts.facts_of(assessment, frames.agreed(assessment))["shares"] if row["fact"] == key]
    return row


def test_an_unconfirmed_value_counts_as_missing(cast, assessment):
    fact = choose_fact(assessment, "named_author")
    for name, partner in cast.partners.items():
        declare_fact(fact, partner, 1, **({"confirmed_at": None} if name == "s1" else {}))
    row = share_of(assessment, "named_author")
    assert (row["n"], row["missing"], row["south"]) == (5, 1, None)


@pytest.mark.parametrize(("last", "waits"), [("20", False), ("20.5", False), ("21", True), ("19.4", True)])
def test_percentages_off_100_wait(cast, assessment, last, waits):
    fact = choose_fact(assessment, "budget_spent", unit="percent")
    for name, partner in cast.partners.items():
        declare_fact(fact, partner, last if name == "n1" else 16)
    row = share_of(assessment, "budget_spent")
    assert (row["off_100"], row["south"] is None) == (waits, waits)


def test_a_change_needs_both_to_be_complete():
    def kept(south, missing=0, **about):
        row = {"fact": "governing_seats", "question": "", "kind": "amount", "unit": "seats", "domain": "governance"}
        sides = {"north": 1 - south, "south": south, "other": None}
        return {"shares": [row | sides | {"n": 3, "missing": missing, "off_100": False} | about]}

    assert changes(kept(0.5), kept(0.25)) == {"governing_seats": {"north": -0.25, "south": 0.25}}
    assert changes(kept(0.5, missing=1), kept(0.25)) == {}
    assert changes(kept(0.5), kept(0.25, missing=1)) == {}
    assert changes(kept(0.5), None) == {}
    own = {"fact": "own_1", "question": "How many boats?"}
    assert changes(kept(0.5, **own), kept(0.25, **own))["own_1"]["south"] == 0.25
    assert changes(kept(0.5, **own), kept(0.25, **own | {"question": "How many cars?"})) == {}


def test_results_show_the_change_since_the_assessment_before(cast, assessment):
    later = in_session(cast, predecessor=assessment)
    fact = later.facts.get()
    for name, seats in {"n1": 1, "n2": 2, "s1": 3, "s2": 0, "s3": 1, "o1": 1}.items():
        declare_fact(fact, cast.partners[name], seats)
    agree_levels(cast, later)
    make_agreed_result(later)
    page, page_before = (words(as_(cast.observer).get(url(each, "dashboard"))) for each in (later, assessment))
    assert "38% −25.0 50% +25.0 13% 0.0 6" in page
    assert "The numbers in small type show the change since the last assessment" in page
    assert "The numbers in small type" not in page_before


def test_the_session_follows_a_new_fact(cast, assessment):
    version = assessment.joint_version
    address = url(assessment, "fact-save", "governing_seats")
    as_(cast.south_representative).post(address, {"value": "4", "seen": 1})
    assert Assessment.objects.get(pk=assessment.pk).joint_version == version + 1


def say(cast, assessment, do=side_words.give_word):
    for side, person in (("north", cast.north_facilitator), ("south", cast.south_facilitator)):
        do(assessment, member_roles_of(person, cast.partnership), "share_facts", side)


def leaves(assessment, client, token) -> dict[str, bool]:
    """Return for each way out whether facts are in it."""
    results = presenters.results_of(assessment)
    export = export_of(assessment, results)
    report = content_of(assessment, results)
    return {
        "tables": "facts" in {table.code for table in export.tables},
        "report": "seats in the body that decides" in json.dumps(report),
        "files": bool(shared_content_of(assessment, results).get("facts")),
        "picture": any(one["name"] == "facts" for one in shared_content_of(assessment, results)["pictures"]),
        "interface": "governing_seats" in ask("agreed", assessment.code, token=token).content.decode(),
        "page": "seats in the body that decides" in words(client.get(url(assessment, "report"))),
    }


def test_facts_leave_by_the_yes_of_both_sides(cast, assessment):
    client, token = as_(cast.observer), token_of(cast.observer)
    ways = leaves(assessment, client, token)
    assert not any(ways.values())
    north = member_roles_of(cast.north_facilitator, cast.partnership)
    side_words.give_word(assessment, north, "share_facts", "north")
    assert leaves(assessment, client, token) == ways
    say(cast, assessment)
    assert all(leaves(assessment, client, token).values())


def test_the_report_and_the_slides_show_facts(cast, assessment):
    say(cast, assessment)
    printed = PdfReader(BytesIO(pdf(content_of(assessment), assessment.created_at)))
    text = " ".join(" ".join(page.extract_text() for page in printed.pages).split())
    assert "have 25% of the seats in the body that decides for the partnership." in text
    assert re.search(r"for the partnership\? 63% 25% 13% 6", text)
    files = {file.name: bytes(file.content) for file in make_shared_files(Job(assessment=assessment, language="en"))}
    slides = Presentation(BytesIO(files[DECK])).slides
    (slide,) = [slide for slide in slides if slide.shapes.title.text_frame.text == "Facts and influence"]
    assert "25% of the seats" in " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_the_picture_and_the_one_page_show_facts(cast, assessment):
    say(cast, assessment)
    content = shared_content_of(assessment)
    picture = next(one for one in content["pictures"] if one["name"] == "facts")
    assert picture["data"]["rows"][0]["raw"] == {"north": 0.625, "south": 0.25}
    assert "63%, 25%" in picture["alternative"]
    drawn = sharing.picture(content, picture)
    with Image.open(BytesIO(drawn)) as image:
        colours = {colour for _count, colour in image.convert("RGB").getcolors(1 << 24)}
    assert {(0x00, 0x72, 0xB2), (0xD5, 0x5E, 0x00)} <= colours, "a bar of each side"
    page = PdfReader(BytesIO(sharing.one_page(content, timezone.now())))
    assert len(page.pages) == 1
    assert "Southern partners have 25% of the seats" in " ".join(page.pages[0].extract_text().split())


def test_files_are_deleted_when_a_side_withdraws(cast, assessment):
    say(cast, assessment)
    Report.objects.create(assessment=assessment, language="en", digest="x", pdf=b"x")
    south = member_roles_of(cast.south_facilitator, cast.partnership)
    side_words.withdraw_word(assessment, south, "share_facts", "south")
    assert not Report.objects.exists()
    assert not any(leaves(assessment, as_(cast.observer), token_of(cast.observer)).values())


def test_one_person_does_not_say_yes_for_both_sides(cast, assessment):
    say(cast, assessment)
    north, south = SideWord.objects.filter(matter="share_facts").order_by("side")
    south.given_by = north.given_by
    with refused("a word is given by a member of its side|one person does not speak"):
        south.save()


def test_tables_hold_no_partner_and_no_amount(cast, assessment):
    say(cast, assessment)
    tables = {table.code: table for table in export_of(assessment).tables}
    columns = {column.code for code in ("facts", "influence") for column in tables[code].columns}
    assert not columns & {"partner", "name", "acronym", "value"}
    (row,) = tables["facts"].records()
    assert [row[f"held_{side}"] for side in ("north", "south", "other")] == near([0.625, 0.25, 0.125])
    assert all(column.tag.startswith("#") for code in ("facts", "influence") for column in tables[code].columns)


def test_without_facts_results_say_nothing_of_them(cast):
    assessment = in_session(cast)
    agree_levels(cast, assessment)
    result = make_agreed_result(assessment)
    assert "facts" not in result.scores
    assert "Facts and influence" not in words(as_(cast.observer).get(url(assessment, "dashboard")))


def test_facts_open_before_partners_are_fixed_have_no_frame(cast):
    fact = choose_fact(make_assessment(cast))
    declare_fact(fact, cast.partners["s1"], 1)
    assert facts.frame([fact.assessment]).empty
    step(cast, fact.assessment, "open_rating")
    assert pd.isna(facts.frame([fact.assessment])["value"]).sum() == 5


def test_the_talk_shows_what_sides_hold_on_the_subject(cast, assessment):
    said = "Southern partners have 25% of the seats in the body that decides for the partnership."
    number = assessment.decisions.first().number
    for person, page in ((cast.south_representative, "session"), (cast.north_facilitator, "projector")):
        assert said in words(as_(person).get(url(assessment, page)))
    assessment.decisions.filter(number=number).update(topic=Topic.STAFFING)
    Assessment.objects.filter(pk=assessment.pk).update(joint_version=assessment.joint_version + 1)
    assert said not in words(as_(cast.north_facilitator).get(url(assessment, "projector")))


@pytest.mark.parametrize(("moment", "reads"), [("talk", True), ("level", False)])
def test_only_the_talk_reads_facts(cast, assessment, moment, reads):
    at_moment(assessment, moment)
    with CaptureQueriesContext(connection) as queries:
        as_(cast.south_representative).get(url(assessment, "session"))
    assert any("assessments_factvalue" in query["sql"] for query in queries) == reads
