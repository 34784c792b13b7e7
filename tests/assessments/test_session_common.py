"""What all screens of a decision show is put together once: nobody's own is among it, and it is not behind."""

import io
import pickle
import re

import pytest
from django.core.cache import caches
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext

from assessments.models import Participant
from tests.assessments.making import agree_levels
from tests.assessments.test_live import act, at_moment
from tests.assessments.test_session import FRAGMENT, as_, url
from tests.disclosure.test_private_ballot import Room, opened, room  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db


def screen(person, assessment, **asked) -> str:
    """Return what a screen that polls shows now, but for the tokens of its forms."""
    html = as_(person).get(url(assessment, "session-state"), {"v": "", **asked}, headers=FRAGMENT).content.decode()
    return re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", html)


def forget() -> None:
    caches["process"].clear()


@pytest.fixture
def asked(room: Room) -> Room:  # noqa: F811
    """Open the private question on the first decision; two answer, one proposes a level, another answers to that."""
    at_moment(room.assessment, "level", shown=True)
    act(room.memberships["s1"].user, room.assessment, at=1, do="choose", moment="level", level="3")
    about = Participant.objects.get(assessment=room.assessment, partner=room.cast.partners["s1"])
    act(
        room.memberships["n1"].user,
        room.assessment,
        at=1,
        do="other",
        about=f"{about.number}:3",
        level="1",
        words="Less",
    )
    at_moment(room.assessment, "agree")
    opened(room)
    room.answer(room.memberships["n1"], agree=False)
    room.answer(room.memberships["s1"], agree=True)
    forget()
    return room


def test_a_screen_shows_the_same_whoever_asked_before(asked):
    people = [
        asked.memberships["n1"].user,
        asked.memberships["s1"].user,
        asked.colleague.user,
        asked.memberships["s2"].user,
    ]
    people += [asked.cast.observer, asked.cast.north_facilitator]
    alone = []
    for person in people:
        forget()
        alone.append(screen(person, asked.assessment))
    assert len(set(alone)) == len(people), "each has something of her own"
    for first in people:
        forget()
        screen(first, asked.assessment)
        assert [screen(person, asked.assessment) for person in people] == alone


def test_what_is_kept_holds_no_person_and_no_private_answer(asked):
    agree_levels(asked.cast, asked.assessment, lambda decision, partner: 1)
    screen(asked.memberships["n1"].user, asked.assessment)
    for one in asked.memberships.values():
        act(one.user, asked.assessment, at=1, do="tap", agree="yes")
    screen(asked.memberships["n1"].user, asked.assessment)
    as_(asked.cast.north_facilitator).post(url(asked.assessment, "session-here", 2), headers=FRAGMENT)
    kept = [pickle.loads(each) for each in caches["process"]._cache.values()]  # noqa: S301
    assert len(kept) >= 3
    rows: set[str] = set()

    class Looks(pickle.Pickler):
        def persistent_id(self, value: object) -> None:
            rows.update({type(value).__name__} if isinstance(value, Model) else ())

    Looks(io.BytesIO()).dump(kept)
    assert rows == {"Assessment", "Partnership", "LiveSession", "Participant", "Decision", "Outcome"}


def test_who_asks_next_costs_few_statements_and_sees_what_changed(asked):
    person, others = asked.memberships["s2"].user, asked.cast.observer
    screen(others, asked.assessment)
    client = as_(person)
    with CaptureQueriesContext(connection) as queries:
        client.get(url(asked.assessment, "session-state"), {"v": "0r"}, headers=FRAGMENT)
    assert (
        len(queries) <= 8
    )  # session, person, a look; assessment, memberships, decision; the question and her own answer
    for one in asked.memberships.values():
        act(one.user, asked.assessment, at=1, do="tap", agree="yes")
    act(asked.colleague.user, asked.assessment, at=1, do="tap", agree="yes")
    at_moment(asked.assessment, "level", shown=True)
    forget()
    assert 'aria-pressed="true"' not in screen(person, asked.assessment)
    act(person, asked.assessment, at=1, do="choose", moment="level", level="4")
    assert 'aria-pressed="true"' in screen(person, asked.assessment)
    assert "<b>4</b> decides" in screen(others, asked.assessment)
