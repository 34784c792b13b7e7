"""Search finds what is in the reader's own partnerships, and in nobody else's; answers and reasons are not searched."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.models import Action, Assessment, Decision
from assessments.services.rating import private_answers
from community.access import reader_of
from community.models import WorkingGroup
from community.services.search import FEW, Filters, OwnKind, own
from partnerships.models import Partnership
from tests.assessments.making import make_assessment, mutation, rating
from tests.community.making import make_finding

pytestmark = pytest.mark.django_db
MEMBERS = {"observer", "north_representative", "south_representative", "north_facilitator", "south_facilitator"}


@pytest.fixture
def zebras(cast) -> Assessment:
    """Put the word into a partnership's name, its assessment, a decision and an action."""
    Partnership.objects.filter(pk=cast.partnership.pk).update(name="Zebra alliance", context="Water and zebras.")
    assessment = rating(cast, title="How we decide on zebras", wordings=("Counting zebras", "Hiring"))
    act(assessment, "Invite those who live with zebras")
    return assessment


def act(assessment: Assessment, text: str) -> Action:
    owner, decision = assessment.participants.first(), assessment.decisions.first()
    due = timezone.localdate() + timedelta(days=30)
    return Action.objects.create(assessment=assessment, decision=decision, text=text, owner=owner, due=due)


def found(user, q="zebra", **filters) -> dict[str, list[str]]:
    return {group.kind: [one.title for one in group.found] for group in own(reader_of(user), Filters(q, **filters))}


def test_a_member_finds_each_kind_with_the_words_marked_and_a_page_that_opens(client, cast, zebras):
    assert found(cast.observer) == {
        "partnership": ["<mark>Zebra</mark> alliance"],
        "assessment": ["How we decide on <mark>zebras</mark>"],
        "decision": ["Counting <mark>zebras</mark>"],
        "action": ["Invite those who live with <mark>zebras</mark>"],
    }
    client.force_login(cast.observer)
    for group in own(reader_of(cast.observer), Filters("zebra")):
        assert client.get(group.found[0].url, follow=True).status_code == 200


@pytest.mark.parametrize(
    "who",
    [*sorted(MEMBERS), "anonymous", "guest", "other_facilitator", "outsider", "staff"],
)
def test_nobody_else_finds_or_counts_them(client, cast, zebras, who):
    WorkingGroup.objects.update(is_public=True)  # so that the anonymous may search at all
    user = cast.people()[who]
    assert bool(found(user or AnonymousUser())) == (who in MEMBERS)
    if user:
        client.force_login(user)
    page = client.get(reverse("community:search"), {"q": "zebra"}).content.decode()
    assert ("Counting" in page) == (who in MEMBERS)
    assert ("Results in your partnerships" in page) == (who in MEMBERS)


def test_a_membership_that_waits_or_was_voided_finds_nothing(cast, zebras):
    memberships = cast.partnership.memberships.filter(user=cast.observer)
    memberships.update(admitted_at=None)
    assert not found(cast.observer)
    memberships.update(admitted_at=timezone.now())
    assert found(cast.observer)
    memberships.update(voided_at=timezone.now())
    assert not found(cast.observer)


def test_answers_and_their_reasons_are_not_searched(cast, zebras):
    membership = cast.membership(cast.south_representative)
    for number, use in enumerate(("me", "group", "signed"), start=1):
        if number <= zebras.decisions.active().count():
            private_answers.save_agreement(zebras, membership, number, False, mutation(), use, "Because of the quagga.")
    for person in (cast.south_representative, cast.north_facilitator):
        assert not found(person, "quagga")
        assert found(person, "counting")


def test_decisions_off_the_table_are_not_found(cast):
    make_assessment(cast, wordings=("Choosing zebras",))
    assert found(cast.observer)
    Decision.objects.update(left_out=True)
    assert not found(cast.observer)


def test_kinds_and_other_filters(client, cast, zebras):
    make_finding(title="Zebras again")
    client.force_login(cast.observer)
    assert list(found(cast.observer, kind="decision")) == ["decision"]
    assert found(cast.observer, kind="finding") == found(cast.observer, language="en") == {}
    assert found(cast.observer, "") == {}
    page = client.get(reverse("community:search"), {"q": "zebra", "kind": "decision"}).content.decode()
    assert "Counting" in page
    assert "again" not in page
    assert "again" in client.get(reverse("community:search"), {"q": "zebra"}).content.decode()


def test_hostile_titles_are_shown_as_they_are(client, cast):
    make_assessment(cast, title="<img src=x onerror=alert(1)>zebra & 'co' \ue001<b>\ue000", wordings=())
    client.force_login(cast.observer)
    page = client.get(reverse("community:search"), {"q": "zebra"}).content.decode()
    assert "<mark>zebra</mark> &amp; &#x27;co&#x27;" in page
    assert "<img" not in page
    assert "<b>" not in page
    for q, status in (("'\"(:*&|!\\", 200), ("\x00", 400), ("-", 200), ("a" * 5000, 200)):
        assert client.get(reverse("community:search"), {"q": q}).status_code == status


def test_few_of_each_kind_and_no_more_queries_for_more(client, cast, zebras):
    client.force_login(cast.observer)
    address = reverse("community:search") + "?q=zebra"
    counts = []
    for n in (10, 1000):
        Decision.objects.bulk_create(
            Decision(assessment=zebras, wording=f"Zebra {n} {k}", original="x") for k in range(n)
        )
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get(address).content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    [decisions] = [group for group in own(reader_of(cast.observer), Filters("zebra")) if group.kind == OwnKind.DECISION]
    assert len(decisions.found) == FEW
    assert decisions.has_more
    assert "?kind=decision&amp;q=zebra" in page
