"""What an attacker tries in a consent round: who answers, and what a valid round needs."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from community.models import (
    Choice,
    ConsentAnswer,
    ConsentRound,
    GroupMembership,
    Outcome,
    QuorumProposal,
    WorkingGroup,
)
from community.services.groups import memberships, sides
from community.services.papers import consent_rounds
from partnerships.models import Side
from partnerships.services import Refused
from tests.community.making import confirmed
from tests.community.papermaking import (
    call,
    change,
    closed,
    coordinator,
    from_one_organisation,
    make_paper,
    make_recommendation,
    newcomer,
    people,
    say,
    someone,
    text_of,
    write_unchecked_answer,
)
from tests.partnerships.overlapping import while_held

pytestmark = pytest.mark.django_db


def test_accounts_made_after_the_opening_do_not_decide_a_round(asked):
    say(asked, people("north"))
    for place in range(3):
        late = confirmed(newcomer(f"Late {place}"), f"Late organisation {place}", since=timedelta(0))
        with pytest.raises(Refused):
            consent_rounds.save_answer(text_of(asked), late, Choice.CONSENT)
        with pytest.raises(IntegrityError, match="before the round opened"), transaction.atomic():
            write_unchecked_answer(asked, late)
    closed(asked)
    assert text_of(asked).outcome == Outcome.TOO_FEW


def test_a_member_whose_side_nobody_confirmed_does_not_answer(asked):
    nia = newcomer()
    GroupMembership.objects.filter(pk=nia.pk).update(joined_at=timezone.now() - timedelta(days=90))
    with pytest.raises(Refused):
        consent_rounds.save_answer(text_of(asked), nia, Choice.CONSENT)
    with pytest.raises(IntegrityError, match="before the round opened"), transaction.atomic():
        write_unchecked_answer(asked, nia)
    assert write_unchecked_answer(asked, confirmed(nia)), "the same member, confirmed long ago"


def test_an_answer_is_given_for_the_confirmed_side_only(asked):
    [ama] = people("south", 1)
    with pytest.raises(IntegrityError, match="before the round opened"), transaction.atomic():
        write_unchecked_answer(asked, ama, Side.NORTH)
    given = write_unchecked_answer(asked, ama)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentAnswer.objects.filter(pk=given.pk).update(side=Side.NORTH)


@pytest.mark.parametrize("changed", [{"side": Side.NORTH}, {"organisation": "Another"}, {"left_at": timezone.now()}])
def test_a_changed_side_does_not_vote_in_open_rounds(asked, changed):
    ama, other = people("south", 2)
    say(asked, [ama, other])
    GroupMembership.objects.filter(pk=ama.pk).update(**changed)
    assert [one.by for one in ConsentAnswer.objects.all()] == [other.user], "what she had answered goes, others' stays"
    ama.refresh_from_db()
    assert ama.confirmed_at is None
    with pytest.raises(Refused):
        consent_rounds.save_answer(text_of(asked), ama, Choice.CONSENT)
    with pytest.raises(IntegrityError, match="before the round opened"), transaction.atomic():
        write_unchecked_answer(asked, ama)


def test_a_changed_side_leaves_what_was_answered_in_closed_rounds(asked):
    [ama] = people("south", 1)
    say(asked, [ama])
    closed(asked)
    memberships.change_side(ama, Side.NORTH, "Another")
    assert [one.side for one in ConsentAnswer.objects.all()] == ["south"]


def test_the_page_says_who_may_answer_and_shows_no_form_to_others(client, asked):
    nia, [ama] = newcomer(), people("south", 1)
    for who, there in ((nia, False), (ama, True)):
        client.force_login(who.user)
        page = client.get(asked.get_absolute_url()).content.decode()
        assert ('name="choice"' in page) == there
        assert ("You cannot answer in this consent round." in page) != there


@pytest.mark.django_db(transaction=True)
def test_a_side_that_changes_while_an_answer_is_written_takes_it_along():
    wanda = someone("Wanda Writer")
    asked = call(*(lambda one: (one.paper, one))(make_recommendation(make_paper(wanda), wanda)), by=wanda)
    [ama] = people("south", 1)
    while_held(
        lambda: consent_rounds.save_answer(text_of(asked), ama, Choice.CONSENT),
        lambda: memberships.change_side(ama, Side.NORTH, "Another"),
    )
    assert not ConsentAnswer.objects.exists()


def test_three_people_of_one_organisation_are_no_side(asked):
    say(asked, people("north") + from_one_organisation("south"))
    closed(asked)
    assert text_of(asked).outcome == Outcome.TOO_FEW
    with pytest.raises(IntegrityError, match="organisations of both sides"), transaction.atomic():
        type(text_of(asked)).objects.filter(round=asked).update(outcome="adopted")


def test_three_people_of_two_organisations_are(asked):
    say(asked, people("north") + from_one_organisation("south", 2) + [someone("Carla")])
    closed(asked)
    assert text_of(asked).outcome == Outcome.ADOPTED


def test_a_round_written_by_hand_needs_what_its_group_needs(ask, wanda):
    made = ConsentRound.objects.create(paper=ask.paper, quorum_north=1, quorum_south=1, organisations=1)
    made.refresh_from_db()
    assert (made.quorum_north, made.quorum_south, made.organisations) == (3, 3, 2)
    ConsentRound.objects.filter(pk=made.pk).update(quorum_north=1, organisations=1)
    made.refresh_from_db()
    assert (made.quorum_north, made.organisations) == (3, 2)


def test_coordinators_of_both_sides_set_what_a_round_needs(client, ask, wanda):
    nora, sena = coordinator("Nora", Side.NORTH), coordinator("Sena", Side.SOUTH)
    address = reverse("community:quorum", args=["change"])
    client.force_login(nora.user)
    client.post(address, {"people": 5, "organisations": 3, "languages": ["fr", "und"]})
    assert not QuorumProposal.objects.exists(), "another language is none"
    client.post(address, {"people": 5, "organisations": 3, "languages": ["fr", "ar"]})
    proposal = QuorumProposal.objects.get()
    client.post(address, {"proposal": proposal.code})
    assert (change().people_needed, change().languages) == (3, []), "one alone, twice"
    with pytest.raises(Refused):
        sides.confirm_quorum(proposal.code, coordinator("Nils", Side.NORTH))
    client.force_login(sena.user)
    page = client.get(reverse("community:settings", args=["change"])).content.decode()
    assert "Confirm these numbers" in page
    assert "in these languages: French and Arabic." in page
    client.post(address, {"proposal": proposal.code})
    group = change()
    assert (group.people_needed, group.organisations_needed, group.languages) == (5, 3, ["fr", "ar"])
    asked = call(ask.paper, ask, by=wanda)
    assert (asked.quorum_north, asked.quorum_south, asked.organisations) == (5, 5, 3)


def test_what_is_confirmed_is_what_was_read(client):
    nora, sena = coordinator("Nora", Side.NORTH), coordinator("Sena", Side.SOUTH)
    read = sides.propose_quorum(nora, 4, 2)
    sides.propose_quorum(nora, 90, 60)
    with pytest.raises(Refused):
        sides.confirm_quorum(read.code, sena)
    assert change().people_needed == 3


def test_what_a_round_needs_is_never_lower_and_never_one_sides(client):
    nora = coordinator("Nora", Side.NORTH)
    client.force_login(nora.user)
    for people_needed, organisations in ((2, 2), (3, 1), (3, 4)):
        client.post(
            reverse("community:quorum", args=["change"]), {"people": people_needed, "organisations": organisations}
        )
    assert not QuorumProposal.objects.exists()
    group = WorkingGroup.objects.filter(pk=change().pk)
    own = {"group": change(), "proposed_by": nora.user, "proposed_side": "north"}
    for wrong in (
        lambda: QuorumProposal.objects.create(people=2, organisations=2, **own),
        lambda: QuorumProposal.objects.create(people=4, organisations=2, **{**own, "proposed_side": "south"}),
        lambda: QuorumProposal.objects.create(people=4, organisations=2, **{**own, "proposed_by": newcomer().user}),
        lambda: group.update(people_needed=4),
        lambda: group.update(people_needed=2),
        lambda: group.update(languages=["fr"]),
        lambda: QuorumProposal.objects.create(people=4, organisations=2, languages=["und"], **own),
        lambda: confirmed_by(QuorumProposal.objects.create(people=4, organisations=2, **own), nora, "south"),
        lambda: confirmed_by(QuorumProposal.objects.create(people=4, organisations=2, **own), nora, "north"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def confirmed_by(proposal: QuorumProposal, who: GroupMembership, side: str) -> None:
    given = {"confirmed_by": who.user, "confirmed_side": side, "confirmed_at": timezone.now()}
    QuorumProposal.objects.filter(pk=proposal.pk).update(**given)
