"""What the demo shows of the working groups."""

import pytest
from django.urls import reverse
from django.utils import timezone

from community.access import reader_of
from community.models import (
    CaseStudy,
    ConsentAnswer,
    ConsentRound,
    Finding,
    GroupMembership,
    PaperVersion,
    PolicyPaper,
    Suggestion,
)
from community.services.papers import consent_rounds, publishing
from community.services.search import Filters, search
from partnerships.models import User
from powertool import demo
from powertool.demo.working_groups import fill
from tests.factories import make_cast

pytestmark = pytest.mark.django_db


def test_the_first_group_has_something_to_read(client):
    cast = make_cast()
    fill(cast.north_facilitator, cast.south_facilitator, cast.south_representative, cast.outsider, cast.partnership)
    assert GroupMembership.objects.count() == 12
    assert {finding.status for finding in Finding.objects.all()} == {"supported", "proposed"}
    assert CaseStudy.objects.get().is_published
    found = search(reader_of(cast.observer), Filters("bailleur"))
    assert found[0].language == "fr", "others are about funders, in other words"
    client.force_login(cast.observer)
    for finding in Finding.objects.all():
        assert client.get(finding.get_absolute_url()).status_code == 200


def test_the_third_group_has_a_version_with_its_minority_note_and_a_round_on_the_next(client):
    demo.load()
    paper, version = PolicyPaper.objects.get(), PaperVersion.objects.get()
    early, told = version.content["recommendations"]
    assert [one["standing"] for one in (early, told)] == ["adopted", "adopted"]
    assert [side["resolved"] for side in early["consent"]["sides"]] == [0, 1, 0]
    assert early["minority"] == []
    assert [one["name"] for one in told["minority"]] == ["Esi Quaye"]
    assert "radio" in publishing.version_html(version)
    closed, asked = ConsentRound.objects.order_by("called_at")
    assert (closed.state, asked.state) == ("closed", "open")
    assert asked.takes_answers(timezone.now())
    assert [text.recommendation.number for text in asked.texts.all()] == [2, 3]
    assert "radio" in consent_rounds.revisions_by_text(asked)[asked.texts.first().pk].text
    waiting = {user.name for user in User.objects.all() if asked in consent_rounds.to_answer(user)}
    assert waiting == {"Noor de Wit", "Wanjiru Kamau", "Awa Ouédraogo", "Ole Hansen", "Esi Quaye", "Joost Hagen"}
    assert ConsentAnswer.objects.filter(text__round=asked).count() == 4
    assert [one.item.whole_id for one in Suggestion.objects.filter(state="open")] == [paper.pk]
    client.force_login(User.objects.get(name="Noor de Wit"))
    for address in (paper, version, closed, asked):
        assert client.get(address.get_absolute_url()).status_code == 200
    assert client.get(reverse("community:papers")).status_code == 200
