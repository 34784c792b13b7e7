"""The comparison of two assessments: the same cells, per side, and what could not be compared is named."""

import pytest
from django.urls import reverse

from assessments.models import Assessment
from assessments.results import shift
from assessments.results.agreed import make_agreed_result
from assessments.services.setup import decisions, opening
from partnerships.models import Partner, Side
from tests.assessments.making import agree_levels, in_session, past_triggers, step
from tests.e2e.looks import too_wide
from tests.factories import PartnerFactory, UserFactory, make_cast
from tests.worlds import kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast()


@kept
def earlier(cast, wordings=("Dividing the budget", "Hiring the coordinator"), desired=None):
    """Return an assessment in which the North decides everything and the South is informed."""
    before = in_session(cast, wordings=wordings, title="Baseline")
    agree_levels(cast, before, actual=lambda d, p: 4 if p.side == "north" else 1, desired=desired)
    make_agreed_result(before)
    return before


def later(cast, before, actual, new=()):
    """Return the assessment after it, with the given levels."""
    after = opening.create_assessment(cast.partnership, cast.north_facilitator, title="Midterm", predecessor=before)
    for wording in new:
        decisions.propose(after, cast.membership(cast.north_facilitator), wording)
    after = step(cast, Assessment.objects.get(pk=after.pk), "open_rating")
    after = step(cast, after, "close_rating")
    if actual:
        agree_levels(cast, after, actual=actual)
        make_agreed_result(after)
    return after


def compared(after):
    return shift.compare(after, after.agreed_results.first().scores)


def page(client, user, assessment):
    client.force_login(user)
    response = client.get(reverse("assessments:shift", args=[assessment.code]))
    assert response.status_code == 200
    return response.content.decode()


def test_each_side_by_itself(cast):
    before = earlier(cast, desired=lambda d, p: 3 if p.side != "other" else 1)
    after = later(cast, before, lambda d, p: {"north": 3, "south": 2, "other": 1}[p.side])
    found = compared(after)
    assert found["sides"]["north"] | {"rank_biserial": None} == {
        "n": 4, "mean": -1.0, "up": 0, "same": 0, "down": 4, "net": -1.0, "rank_biserial": None, "progress": 1.0,
    }  # fmt: skip
    south = found["sides"]["south"]
    assert (south["n"], south["mean"], south["up"], south["progress"]) == (6, 1.0, 6, 0.5)
    assert found["decisions"][0] == {
        "decision": 1,
        "north": {"before": 4.0, "after": 3.0},
        "south": {"before": 1.0, "after": 2.0},
    }


def test_the_page_says_it_in_one_sentence_then_pictures_then_tables(client, cast):
    after = later(cast, earlier(cast), lambda d, p: 3 if p.side == "north" else 2)
    text = page(client, cast.observer, after)
    sentence = (
        "Since the earlier assessment, the average level of Southern partners has risen by 1.0. The average level "
        "of Northern partners has fallen by 1.0."
    )
    places = [text.index(part) for part in (sentence, 'id="chart-shift-north"', "4 → 3", "Each side</h2>")]
    assert places == sorted(places)
    assert "because" not in text.lower()
    assert "The earlier assessment recorded no desired change that can be compared with the new levels." in text


def test_more_than_eight_decisions_are_arrows(client, cast):
    wordings = [f"Decision {number}" for number in range(9)]
    after = later(cast, earlier(cast, wordings), lambda d, p: 2)
    text = page(client, cast.observer, after)
    assert 'id="chart-shift"' in text
    assert "chart-shift-north" not in text


def test_what_could_not_be_compared_is_named(client, cast):
    before = earlier(cast)
    PartnerFactory(partnership=cast.partnership, name="Late Comers", acronym="LATE", side=Side.SOUTH)
    gone = cast.partners["n2"]
    gone.left_at = before.created_at
    gone.save()
    after = later(cast, before, lambda d, p: 2, new=["Choosing a bank"])
    found = compared(after)
    assert found["new_decisions"] == ["Choosing a bank"]
    assert found["new_partners"] == ["Late Comers"]
    assert found["gone_partners"] == ["North 2"]
    assert found["sides"]["north"]["n"] == 2
    text = page(client, cast.observer, after)
    assert "Items that could not be compared" in text
    for name in ("Choosing a bank", "Late Comers", "North 2"):
        assert name in text


def test_a_decision_that_is_gone_and_a_side_that_changed(cast):
    before = earlier(cast)
    with past_triggers():  # as an assessment of an earlier version could have it
        Partner.objects.filter(pk=cast.partners["s3"].pk).update(side=Side.OTHER)
    after = opening.create_assessment(cast.partnership, cast.north_facilitator, title="Midterm", predecessor=before)
    after.decisions.filter(wording="Hiring the coordinator").update(left_out=True)
    after = step(cast, step(cast, after, "open_rating"), "close_rating")
    agree_levels(cast, after, actual=lambda d, p: 2)
    make_agreed_result(after)
    found = compared(after)
    assert found["gone_decisions"] == ["Hiring the coordinator"]
    assert found["changed_sides"] == ["South 3"]
    assert found["sides"]["south"]["n"] == 2


def test_a_level_that_only_one_of_the_two_has_is_left_out(cast):
    before = earlier(cast)
    after = later(cast, before, lambda d, p: None if p.acronym == "S1" else 2)
    assert compared(after)["sides"]["south"]["n"] == 4


def test_no_predecessor_and_no_levels_teach_the_next_step(client, cast):
    before = earlier(cast)
    assert "There is no earlier assessment" in page(client, cast.observer, before)
    after = later(cast, before, None)
    assert "Nothing can be compared yet" in page(client, cast.observer, after)


def test_a_predecessor_of_another_partnership_is_never_read(cast):
    before = earlier(cast)
    after = later(cast, before, lambda d, p: 2)
    Assessment.objects.filter(pk=before.pk).update(partnership=cast.other_partnership)
    assert compared(Assessment.objects.get(pk=after.pk)) is None


def test_outsiders_find_nothing(client, cast):
    after = later(cast, earlier(cast), lambda d, p: 2)
    address = reverse("assessments:shift", args=[after.code])
    assert client.get(address).status_code == 302
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404
    client.force_login(cast.other_facilitator)
    assert client.get(address).status_code == 404
    client.force_login(cast.observer)
    assert client.get(address).status_code == 200


def test_number_of_statements_does_not_grow(client, cast, django_assert_num_queries):
    small = later(cast, earlier(cast), lambda d, p: 2)
    other = make_cast()
    large = later(other, earlier(other, [f"Decision {number}" for number in range(25)]), lambda d, p: 2)
    for observer, assessment in ((cast.observer, small), (other.observer, large)):
        client.force_login(observer)
        address = reverse("assessments:shift", args=[assessment.code])
        client.get(address)
        with django_assert_num_queries(STATEMENTS):
            client.get(address)


STATEMENTS = 24


def test_drawn_in_a_browser(transactional_db, live_server, new_page, watch, axe):
    cast = make_cast()
    after = later(cast, earlier(cast), lambda d, p: 3 if p.side == "north" else 2)
    for width in (360, 1280):
        shown = new_page(cast.observer, width=width)
        shown.goto(live_server.url + reverse("assessments:shift", args=[after.code]))
        shown.locator("#chart-shift-south [data-chart]").scroll_into_view_if_needed()
        shown.locator("#chart-shift-south svg.main-svg").first.wait_for()
        assert too_wide(shown) == []
        assert axe(shown) == []
        shown.close()
