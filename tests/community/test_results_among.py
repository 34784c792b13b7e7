"""Results beside the published gaps: the same published cell for every closed assessment, never for invented ones."""

import re
from html import unescape

import pytest
from django.urls import reverse

from assessments import sentences
from assessments.models import Assessment
from assessments.published_gaps import FEWEST, PublishedGap
from assessments.results import comparing, presenters
from assessments.results.agreed import make_agreed_result
from community.models import EvidenceSnapshot
from community.services import evidence
from partnerships.models import Partnership
from tests.assessments.making import agree_levels, in_session
from tests.community.evidence_making import contribute, revoke
from tests.factories import make_cast

pytestmark = pytest.mark.django_db

NAMES = {"groups": {"north": "Northern partners", "south": "Southern partners", "other": "Other partners"}}
HEADING = "Comparison with partnerships that use this tool"


def own(cast, topics=("agenda", "risk"), is_closed=True) -> Assessment:
    """Return an assessment in which Northern partners have level 4 and Southern ones 2 in each decision."""
    assessment = in_session(cast)
    for decision, topic in zip(assessment.decisions.order_by("number"), topics, strict=True):
        assessment.decisions.filter(pk=decision.pk).update(topic=topic)
    agree_levels(cast, assessment, actual=lambda d, p: 4 if p.side == "north" else 2)
    if is_closed:
        close(assessment)
    make_agreed_result(assessment)
    return Assessment.objects.select_related("partnership").get(pk=assessment.pk)


def close(assessment: Assessment) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(stage="closed", closed_at=assessment.created_at)


def among_of(assessment: Assessment) -> list[str]:
    """Return what is said of other partnerships, to the members of this one."""
    rows = comparing.compared(presenters.results_of(assessment), comparing.gaps_beside(assessment))
    return [row.among for row in rows]


def shown(client, user, assessment) -> list[str]:
    """Return the rows of the comparison on the results page, as text."""
    client.force_login(user)
    text = client.get(reverse("assessments:dashboard", args=[assessment.code])).content.decode()
    section = re.search(r'<section[^>]*aria-labelledby="compared".*?</section>', text, re.S)
    assert (section is None) == (HEADING not in text)
    if section is None:
        return []
    rows = re.findall(r"<li>(.*?)</li>", section.group(0), re.S)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]


HERE = "In this assessment, the average level of Northern partners is 2.0 higher than that of Southern partners."
AMONG = (
    "Across at least 10 partnerships using this tool, Northern partners' average level is 3.0 higher than "
    "that of Southern partners."
)


def test_the_published_gap_is_shown_beside_the_own_one(client, cast):
    contribute(12)
    evidence.refresh()
    assessment = own(cast)
    assert shown(client, cast.observer, assessment) == [
        f"All decisions {HERE} {AMONG}",
        f"Decisions about agenda and strategy {HERE} {AMONG}",
        f"Decisions about risk and due diligence {HERE} {AMONG}",
    ]


def test_it_is_the_same_for_those_who_contribute_and_others():
    made = contribute(FEWEST + 2)
    evidence.refresh()
    contributing = Assessment.objects.select_related("partnership").get(pk=made[0].pk)
    said = [among_of(assessment) for assessment in (contributing, own(make_cast()))]
    assert len(said[0]) == 3
    assert said[0] == said[1]


def test_only_topics_of_the_own_decisions_are_compared(client, cast):
    contribute(12)
    evidence.refresh()
    rows = shown(client, cast.observer, own(cast, ("risk", "")))
    assert [row.split(" In this")[0] for row in rows] == ["All decisions", "Decisions about risk and due diligence"]


def test_nine_partnerships_are_published_but_not_compared(client, cast):
    contribute(9)
    evidence.refresh()
    assessment = own(cast)
    assert [each.partnerships for each in evidence.gaps_for_results()] == [9, 9, 9]
    assert shown(client, cast.observer, assessment) == []
    contribute(5)
    evidence.refresh()
    assert shown(client, cast.observer, assessment)


def test_a_revocation_hides_the_comparison(client, cast):
    made = contribute(12)
    evidence.refresh()
    assessment = own(cast)
    assert shown(client, cast.observer, assessment)
    revoke(made[0])
    evidence.refresh()
    assert shown(client, cast.observer, assessment) == []


def test_the_example_of_the_evidence_base_is_not_compared(client, cast):
    evidence.make_example()
    assert EvidenceSnapshot.objects.get().is_example
    assert shown(client, cast.observer, own(cast)) == []


def test_invented_partnerships_are_not_compared(client, cast):
    contribute(12)
    evidence.refresh()
    assessment = own(cast)
    assert shown(client, cast.observer, assessment)
    Partnership.objects.filter(pk=assessment.partnership_id).update(is_demo=True)
    assert shown(client, cast.observer, assessment) == []


def test_before_closing_nothing_is_compared(client, cast):
    contribute(12)
    evidence.refresh()
    assessment = own(cast, is_closed=False)
    assert shown(client, cast.observer, assessment) == []
    close(assessment)
    assert shown(client, cast.observer, assessment)


@pytest.mark.parametrize(("n", "said"), [(10, 10), (14, 10), (15, 15), (23, 20)])
def test_the_number_of_partnerships_is_said_in_steps(n, said):
    assert PublishedGap((), "all decisions", 1.2, n).at_least == said


@pytest.mark.parametrize(
    ("gap", "own_said", "among_said"),
    [
        (
            1.24,
            "In this assessment, the average level of Northern partners is 1.2 higher than that of Southern partners.",
            "Across at least 20 partnerships using this tool, Northern partners' average level is 1.2 higher "
            "than that of Southern partners.",
        ),
        (
            -0.5,
            "In this assessment, the average level of Southern partners is 0.5 higher than that of Northern partners.",
            "Across at least 20 partnerships using this tool, Southern partners' average level is 0.5 higher "
            "than that of Northern partners.",
        ),
        (
            0.04,
            "In this assessment, Northern partners and Southern partners have the same influence on average.",
            "Across at least 20 partnerships using this tool, both sides have the same influence on average.",
        ),
    ],
)
def test_each_case_of_a_gap_has_its_sentence(gap, own_said, among_said):
    assert str(sentences.own_gap(gap, NAMES)) == own_said
    assert str(sentences.published_gap(gap, 20)) == among_said


def test_no_sentence_names_a_rank(client, cast):
    contribute(12)
    evidence.refresh()
    said = " ".join(shown(client, cast.observer, own(cast))).lower()
    assert said
    assert not re.search(r"rank|place|better|worse|best|worst|\d(st|nd|rd|th)\b", said)
