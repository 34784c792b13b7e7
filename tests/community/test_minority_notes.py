"""A printed objection stays in later versions until its author withdraws it or a new round replaces it."""

import pytest
from django.utils import timezone

from community.models import (
    Choice,
    ConsentAnswer,
    Item,
)
from community.services.groups.memberships import writer_of
from community.services.papers import consent_rounds, editing, publishing
from community.services.writing import Content
from partnerships.services import Refused
from tests.community.making import mutation, reader
from tests.community.papermaking import (
    call,
    closed,
    people,
    say,
    someone,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def noted(ask, wanda):
    """A recommendation that was adopted against one objection, which stands."""
    asked = call(ask.paper, ask, by=wanda)
    say(asked, people("north") + people("south"))
    say(asked, [someone("Olga Objects")], Choice.OBJECTION)
    closed(asked)
    return ask


def notes(ask, wanda, title: str) -> list[str]:
    """Change the paper's words, publish it, and return the minority notes of the version."""
    now = Item.objects.get(pk=ask.pk)
    editing.save(now, writer_of(wanda), Content(title, f"About {title}."), now.version, mutation())
    version = publishing.publish(ask.paper, wanda.user, reader(wanda))
    [one] = version.content["recommendations"]
    page = publishing.version_html(version)
    assert all(note["reason"] in page for note in one["minority"])
    assert ("These notes are about version 1 of the text." in page) == bool(one["minority"])
    return [note["reason"] for note in one["minority"]]


def test_a_minority_note_stays_in_every_later_version(noted, wanda):
    assert notes(noted, wanda, "Other words") == ["Because."]
    assert notes(noted, wanda, "Again other words") == ["Because."]


def test_a_minority_note_goes_when_its_author_withdraws_it(noted, wanda):
    assert notes(noted, wanda, "Other words") == ["Because."]
    objection = ConsentAnswer.objects.get(choice="objection")
    with pytest.raises(Refused):
        consent_rounds.withdraw(objection, wanda.user, "I say so.")
    consent_rounds.withdraw(objection, objection.by, "The words were changed.")
    assert notes(noted, wanda, "Again other words") == []


def test_a_minority_note_goes_when_a_new_round_replaces_it(noted, wanda):
    assert notes(noted, wanda, "Other words") == ["Because."]
    again = call(noted.paper, noted, by=wanda)
    version = publishing.content_of(noted.paper, 9, timezone.now(), reader(wanda))
    assert [one["reason"] for one in version["recommendations"][0]["minority"]] == ["Because."], "it is open still"
    say(again, people("north") + people("south"))
    closed(again)
    assert publishing.content_of(noted.paper, 9, timezone.now(), reader(wanda))["recommendations"][0]["minority"] == []
