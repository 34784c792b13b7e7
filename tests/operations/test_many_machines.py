"""Two web servers and three workers on one pair of servers, under load; one of each dies, and nothing is lost."""

import random
from collections.abc import Iterator
from functools import partial

import pytest
from django.urls import reverse

from assessments.models import Assessment, Job, Release
from assessments.models.private import AnswerEvent, Rating
from tests.assessments.making import answer_all, rating, says_yes
from tests.factories import make_cast
from tests.processes import Load, Representative, Site, Visitor, lost, new_site, sign_in  # noqa: F401 (a fixture)
from tests.waiting import wait_until

RATED, CLOSING = 3, 6  # assessments that are being answered; and that their facilitators close


@pytest.fixture(scope="module")
def site(new_site) -> Iterator[Site]:  # noqa: F811
    site = new_site("many")
    for number in (1, 2):
        site.web(f"web{number}")
    for number in (1, 2, 3):
        site.worker(f"worker{number}")
    site.beat()
    site.ready()
    return site


def test_a_web_server_and_a_worker_are_killed_under_load_and_nothing_is_lost(site):
    with site.rows():
        people = [person for _number in range(RATED) for person in representatives(site)]
        closers = [closer(site) for _number in range(CLOSING)]

    load, choose = Load(), random.Random(7)
    for person in people:
        load.add(
            lambda person=person: person.send(choose.randint(1, 2), choose.randint(1, 6), choose.choice([0, 2, None]))
        )
    closed: list[str] = []
    load.once(lambda: closed.extend(close(*one) for one in closers))
    with load:
        wait_until(lambda: closed and all(person.confirmed for person in people), 120, "work is under way")
        site.webs[0].kill()
        next(process for process in site.processes if process.name == "worker2").kill()
        so_far = {person: len(person.confirmed) for person in people}
        wait_until(
            lambda: all(len(one.confirmed) > n + 3 for one, n in so_far.items()), 120, "the other server serves all"
        )
        wait_until(lambda: len(closed) == CLOSING, 120, "all ratings are closed")

    assert lost(site, people) == []
    with site.rows():
        made = partial(Release.objects.filter(assessment__code__in=closed).count)
        wait_until(lambda: made() == CLOSING and not Job.objects.pending().exists(), 120, "the releases")
        assert not Job.objects.filter(state=Job.State.FAILED).exists()


def test_the_comparison_finds_what_is_lost(site):
    with site.rows():
        person, other = representatives(site)
    sent = [one.send(1, partner, 2) for one, partner in ((person, 1), (person, 2), (other, 1))]
    assert lost(site, [person, other]) == []
    with site.rows():
        AnswerEvent.objects.filter(mutation_id=sent[0].mutation).delete()
        Rating.objects.filter(mutation_id=sent[2].mutation).update(level=3)
    assert lost(site, [person, other]) == [sent[0].mutation, f"{other.membership} (1, 1): ('{sent[2].mutation}', 3)"]


def representatives(site: Site) -> list[Representative]:
    """Return two devices of an assessment that is open for answers."""
    cast = make_cast()
    assessment = rating(cast)
    return [
        Representative(site, assessment, cast.membership(person))
        for person in (cast.north_representative, cast.south_representative)
    ]


def closer(site: Site) -> tuple[Visitor, Assessment]:
    """Return a facilitator, and her assessment with a sheet that was handed in."""
    cast = make_cast()
    assessment = rating(cast)
    answer_all(assessment, cast.membership(cast.north_representative), tick=True)
    says_yes(assessment, "south")
    return sign_in(site, cast.north_facilitator), assessment


def close(facilitator: Visitor, assessment: Assessment) -> str:
    """Close the ratings, and return the code of the assessment once that is confirmed."""
    path = reverse("assessments:side-words", args=[assessment.code, "close_rating"])
    answer = facilitator.ask_until_answered("POST", path, {"do": "give", "side": "north"})
    assert answer.status == 302, answer.body
    return assessment.code
