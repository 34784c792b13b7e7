"""The line over all assessments of a partnership: only levels that all of them have, in a sentence, chart and table."""

import re
from datetime import date

import pytest
from django.urls import reverse

from assessments import sentences
from assessments.models import Assessment
from assessments.results.agreed import make_agreed_result
from assessments.results.over_time import over_time
from assessments.services.setup import opening
from tests.assessments.making import agree_levels, in_session, step
from tests.factories import make_cast
from tests.worlds import kept

NAMES = {"groups": {"north": "Northern partners", "south": "Southern partners"}}


@pytest.fixture
def cast(db):
    return make_cast()


@kept
def first(cast, wordings=("Dividing the budget", "Hiring the coordinator"), north=4, south=1) -> Assessment:
    assessment = in_session(cast, wordings=wordings, title="First")
    return agreed(cast, assessment, lambda d, p: {"north": north, "south": south, "other": 0}[p.side])


def following(cast, before, title, level, left_out=()) -> Assessment:
    assessment = opening.create_assessment(cast.partnership, cast.north_facilitator, title=title, predecessor=before)
    assessment.decisions.filter(wording__in=left_out).update(left_out=True)
    assessment = step(cast, Assessment.objects.get(pk=assessment.pk), "open_rating")
    return agreed(cast, step(cast, assessment, "close_rating"), level)


def agreed(cast, assessment, level) -> Assessment:
    agree_levels(cast, assessment, actual=level)
    make_agreed_result(assessment)
    return Assessment.objects.get(pk=assessment.pk)


def by_side(north, south):
    return lambda decision, participant: {"north": north, "south": south, "other": 0}[participant.side]


def line_of(assessment):
    return over_time(assessment, assessment.agreed_results.first().scores)


def test_three_assessments_are_one_line(cast):
    second = following(cast, first(cast), "Second", by_side(4, 2))
    third = following(cast, second, "Third", by_side(3, 3))
    line = line_of(third)
    assert [(point["title"], point["north"], point["south"]) for point in line["points"]] == [
        ("First", 4.0, 1.0),
        ("Second", 4.0, 2.0),
        ("Third", 3.0, 3.0),
    ]
    assert (line["decisions"], line["of"]) == (2, 2)


def test_two_assessments_are_compared_elsewhere(cast):
    second = following(cast, first(cast), "Second", by_side(4, 2))
    assert line_of(second) is None


def test_only_decisions_that_all_share_are_counted(cast):
    start = first(cast)
    second = following(cast, start, "Second", by_side(4, 2), left_out=["Hiring the coordinator"])
    third = following(cast, second, "Third", by_side(3, 3))
    line = line_of(third)
    assert line["decisions"] == 1
    assert [point["south"] for point in line["points"]] == [1.0, 2.0, 3.0]


def test_only_partners_with_a_level_each_time_are_counted(cast):
    start = first(cast)
    second = following(cast, start, "Second", lambda d, p: None if p.acronym == "S1" else by_side(4, 2)(d, p))
    third = following(cast, second, "Third", lambda d, p: 4 if p.acronym == "S1" else by_side(3, 3)(d, p))
    assert [point["south"] for point in line_of(third)["points"]] == [1.0, 2.0, 3.0]


def test_another_partnership_is_never_read(cast):
    start = first(cast)
    second = following(cast, start, "Second", by_side(4, 2))
    third = following(cast, second, "Third", by_side(3, 3))
    assert line_of(third)
    Assessment.objects.filter(pk=start.pk).update(partnership=cast.other_partnership)
    assert line_of(Assessment.objects.get(pk=third.pk)) is None


def test_the_page_has_the_line_as_sentence_chart_and_table(client, cast):
    second = following(cast, first(cast), "Second", by_side(4, 2))
    third = following(cast, second, "Third", by_side(3, 3))
    client.force_login(cast.observer)
    text = client.get(reverse("assessments:shift", args=[third.code])).content.decode()
    assert "Southern partners moved from 1 to 3. The average level of Northern partners moved from 4 to 3." in text
    assert "These are average levels in the 2 decisions that all 3 assessments share." in text
    section = text[text.index('id="over-time"') :]
    assert re.findall(r'<th scope="row"><bdi>(\w+)</bdi>', section)[:3] == ["First", "Second", "Third"]
    assert 'application/json">{"data"' in section.replace(" ", "")
    earlier = client.get(reverse("assessments:shift", args=[second.code])).content.decode()
    assert "All assessments of this partnership" not in earlier


def test_the_number_of_statements_does_not_grow_with_the_line(cast, django_assert_num_queries):
    last = following(cast, first(cast), "Second", by_side(4, 2))
    for title in ("Third", "Fourth"):
        last = following(cast, last, title, by_side(3, 3))
        scores = last.agreed_results.first().scores
        with django_assert_num_queries(6):
            assert over_time(last, scores)


def points(*means):
    return [
        {"day": date(2025, month, 1), "north": north, "south": south} for month, (north, south) in enumerate(means, 1)
    ]


@pytest.mark.parametrize(
    ("means", "text"),
    [
        (
            [(4.0, 1.0), (3.5, 1.5), (3.0, 2.25)],
            "Between January 2025 and March 2025, the average level of Southern partners moved from 1 to 2.2. "
            "The average level of Northern partners moved from 4 to 3.",
        ),
        (
            [(None, 1.0), (None, 1.5), (None, 2.0)],
            "Between January 2025 and March 2025, the average level of Southern partners moved from 1 to 2.",
        ),
        (
            [(4.0, None), (3.5, None), (3.0, None)],
            "Between January 2025 and March 2025, the average level of Northern partners moved from 4 to 3.",
        ),
    ],
)
def test_each_case_of_the_line_has_its_sentence(means, text):
    assert str(sentences.moved({"points": points(*means)}, NAMES)) == text


@pytest.mark.parametrize(
    ("decisions", "of", "text"),
    [
        (8, 8, "These are average levels in the 8 decisions that all 3 assessments share."),
        (1, 1, "These are average levels in the 1 decision that all 3 assessments share."),
        (5, 8, "These are average levels in the decisions that all 3 assessments share (5 of 8 decisions)."),
    ],
)
def test_it_says_which_decisions_are_counted(decisions, of, text):
    line = {"points": points((4, 1), (4, 1), (4, 1)), "decisions": decisions, "of": of}
    assert str(sentences.counted(line)) == text
