"""What an attacker found in working groups and papers: who answers a round, what a note is worth, whose text it is."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from community.models import (
    Choice,
    ConsentAnswer,
    ConsentRound,
    Evidence,
    GroupKind,
    GroupMembership,
    GroupRole,
    Item,
    Outcome,
    QuorumProposal,
    RealPartnership,
    Revision,
    SideConfirmation,
    State,
    Translation,
    WorkingGroup,
)
from community.services import comments, consent, evidence, findings, groups, papers, publishing, sides, withdrawal
from community.services.evidence import decide_real
from community.services.groups import writer_of
from community.services.writing import Content
from partnerships.models import Notification, Role, Side
from partnerships.services import Refused
from tests.community.evidence_making import contribute
from tests.community.making import confirmed, lead, make_case, make_finding, member, mutation, reader, the_group
from tests.community.papermaking import (
    call,
    change,
    closed,
    make_paper,
    make_recommendation,
    people,
    say,
    someone,
    text_of,
)
from tests.factories import UserFactory, membership
from tests.partnerships.held import while_held
from tests.security import secondstep

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanda():
    return someone("Wanda Writer")


@pytest.fixture
def ask(wanda):
    return make_recommendation(make_paper(wanda), wanda)


@pytest.fixture
def asked(ask, wanda):
    return call(ask.paper, ask, by=wanda)


def raw(asked: ConsentRound, who: GroupMembership, side: str | None = None) -> ConsentAnswer:
    """Write an answer as code that forgets every rule would."""
    return ConsentAnswer.objects.create(text=text_of(asked), by=who.user, side=side or who.side, choice="consent")


def coordinator(name: str, side: str, kind: str = GroupKind.CHANGE) -> GroupMembership:
    return confirmed(member(name, side, GroupRole.LEAD, group=the_group(kind)))


def newcomer(name: str = "Nia New", side: str = Side.SOUTH, organisation: str = "Amani Trust") -> GroupMembership:
    return groups.join(change(), UserFactory(name=name), side, organisation)


# --- who answers a round


def test_accounts_made_after_the_opening_do_not_decide_a_round(asked):
    say(asked, people("north"))
    for place in range(3):
        late = confirmed(newcomer(f"Late {place}"), f"Late organisation {place}", since=timedelta(0))
        with pytest.raises(Refused):
            consent.answer(text_of(asked), late, Choice.CONSENT)
        with pytest.raises(IntegrityError, match="before the round opened"), transaction.atomic():
            raw(asked, late)
    closed(asked)
    assert text_of(asked).outcome == Outcome.TOO_FEW


def test_a_member_whose_side_nobody_confirmed_does_not_answer(asked):
    nia = newcomer()
    GroupMembership.objects.filter(pk=nia.pk).update(joined_at=timezone.now() - timedelta(days=90))
    with pytest.raises(Refused):
        consent.answer(text_of(asked), nia, Choice.CONSENT)
    with pytest.raises(IntegrityError, match="before the round opened"), transaction.atomic():
        raw(asked, nia)
    assert raw(asked, confirmed(nia)), "the same member, confirmed long ago"


def test_an_answer_is_given_for_the_confirmed_side_only(asked):
    [ama] = people("south", 1)
    with pytest.raises(IntegrityError, match="before the round opened"), transaction.atomic():
        raw(asked, ama, Side.NORTH)
    given = raw(asked, ama)
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
        consent.answer(text_of(asked), ama, Choice.CONSENT)
    with pytest.raises(IntegrityError, match="before the round opened"), transaction.atomic():
        raw(asked, ama)


def test_a_changed_side_leaves_what_was_answered_in_closed_rounds(asked):
    [ama] = people("south", 1)
    say(asked, [ama])
    closed(asked)
    groups.change_side(ama, Side.NORTH, "Another")
    assert [one.side for one in ConsentAnswer.objects.all()] == ["south"]


def test_the_page_says_who_may_answer_and_shows_no_form_to_others(client, asked):
    nia, [ama] = newcomer(), people("south", 1)
    for who, there in ((nia, False), (ama, True)):
        client.force_login(who.user)
        page = client.get(asked.get_absolute_url()).content.decode()
        assert ('name="choice"' in page) == there
        assert ("You cannot answer in this round." in page) != there


@pytest.mark.django_db(transaction=True)
def test_a_side_that_changes_while_an_answer_is_written_takes_it_along():
    wanda = someone("Wanda Writer")
    asked = call(*(lambda one: (one.paper, one))(make_recommendation(make_paper(wanda), wanda)), by=wanda)
    [ama] = people("south", 1)
    while_held(
        lambda: consent.answer(text_of(asked), ama, Choice.CONSENT),
        lambda: groups.change_side(ama, Side.NORTH, "Another"),
    )
    assert not ConsentAnswer.objects.exists()


# --- three people of two organisations, as both sides agree


def from_one_organisation(side: str, n: int = 3, organisation: str = "One  House") -> list[GroupMembership]:
    made = [member(f"{side} {place}", side, group=change()) for place in range(n)]
    spellings = [organisation, organisation.upper(), f" {organisation.replace('  ', ' ')} "]
    return [confirmed(one, spellings[place % 3]) for place, one in enumerate(made)]


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
    client.post(address, {"people": 5, "organisations": 3})
    proposal = QuorumProposal.objects.get()
    client.post(address, {"proposal": proposal.code})
    assert change().people_needed == 3, "one alone, twice"
    with pytest.raises(Refused):
        sides.confirm_quorum(proposal.code, coordinator("Nils", Side.NORTH))
    client.force_login(sena.user)
    assert b"Confirm these numbers" in client.get(reverse("community:settings", args=["change"])).content
    client.post(address, {"proposal": proposal.code})
    group = change()
    assert (group.people_needed, group.organisations_needed) == (5, 3)
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
        lambda: confirmed_by(QuorumProposal.objects.create(people=4, organisations=2, **own), nora, "south"),
        lambda: confirmed_by(QuorumProposal.objects.create(people=4, organisations=2, **own), nora, "north"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def confirmed_by(proposal: QuorumProposal, who: GroupMembership, side: str) -> None:
    given = {"confirmed_by": who.user, "confirmed_side": side, "confirmed_at": timezone.now()}
    QuorumProposal.objects.filter(pk=proposal.pk).update(**given)


# --- who confirms a side


def test_coordinators_of_both_sides_confirm_a_side(client):
    nora, sena, nia = coordinator("Nora", Side.NORTH), coordinator("Sena", Side.SOUTH), newcomer()
    address = reverse("community:confirm-side", args=["change", nia.user.profile.handle])
    seen = {"seen": sides.seen_of(nia)}
    for place, one in enumerate((nora, nora, sena)):
        nia.refresh_from_db()
        assert nia.confirmed_at is None, place
        client.force_login(one.user)
        client.post(address, seen)
    nia.refresh_from_db()
    assert nia.confirmed_at is not None


def test_coordinators_of_one_side_confirm_nobody_until_staff_appoint_one_of_the_other(client, cast):
    nora, nils, nia = coordinator("Nora", Side.NORTH), coordinator("Nils", Side.NORTH), newcomer()
    for one in (nora, nils):
        sides.confirm(nia, one, sides.seen_of(nia))
    nia.refresh_from_db()
    assert nia.confirmed_at is None
    sena = newcomer("Sena South")
    groups.appoint(sena, nora.user, GroupRole.LEAD)
    sena.refresh_from_db()
    with pytest.raises(Refused):
        sides.confirm(nia, sena, sides.seen_of(nia))  # whom a coordinator appoints is not confirmed by that
    secondstep.sign_in(client, cast.staff)
    client.post(reverse("community:role", args=["change", sena.user.profile.handle]), {"role": "lead"})
    sena.refresh_from_db()
    sides.confirm(nia, sena, sides.seen_of(nia))
    nia.refresh_from_db()
    assert nia.confirmed_at is not None


def test_what_is_confirmed_is_the_side_and_organisation_that_were_read():
    nora, sena, nia = coordinator("Nora", Side.NORTH), coordinator("Sena", Side.SOUTH), newcomer()
    read = sides.seen_of(nia)
    sides.confirm(nia, nora, read)
    groups.change_side(nia, Side.SOUTH, "A made-up organisation")
    with pytest.raises(Refused):
        sides.confirm(nia, sena, read)
    nia.refresh_from_db()
    sides.confirm(nia, sena, sides.seen_of(nia))
    nia.refresh_from_db()
    assert nia.confirmed_at is None, "the other word was about another organisation"


def test_nobody_confirms_without_an_organisation_or_oneself():
    nora, sena = coordinator("Nora", Side.NORTH), coordinator("Sena", Side.SOUTH)
    nia = newcomer(organisation="")
    for by, whom in ((nora, nia), (nora, nora)):
        with pytest.raises(Refused):
            sides.confirm(whom, by, sides.seen_of(whom))
    assert not SideConfirmation.objects.filter(by=sena.user).exists()


def test_the_database_keeps_who_confirms_a_side(cast):
    nora, nia = coordinator("Nora", Side.NORTH), newcomer()
    unconfirmed = newcomer("Una", Side.SOUTH)
    GroupMembership.objects.filter(pk=unconfirmed.pk).update(role=GroupRole.LEAD)
    own, at = GroupMembership.objects.filter(pk=nia.pk), timezone.now()

    def said(by, side: str, way: str) -> SideConfirmation:
        return SideConfirmation.objects.create(group_membership=nia, by=by, side=side, way=way)

    for wrong in (
        lambda: own.update(confirmed_at=at),
        lambda: GroupMembership.objects.create(group=the_group(), user=UserFactory(), side="south", confirmed_at=at),
        lambda: said(nora.user, "south", "coordinator"),
        lambda: said(unconfirmed.user, "south", "coordinator"),
        lambda: said(nia.user, "south", "coordinator"),
        lambda: said(None, "south", "coordinator"),
        lambda: said(cast.south_facilitator, "south", "partnership"),
        lambda: said(cast.staff, "south", "staff"),  # nia is no coordinator
        lambda: said(nora.user, "north", "coordinator") and own.update(confirmed_at=at),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


@pytest.fixture
def represents(cast) -> GroupMembership:
    """A member who represents a Southern partner of a partnership that coordinators confirmed to be real."""
    nia = newcomer()
    membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s1"], user=nia.user)
    RealPartnership.objects.create(partnership=cast.partnership, state="confirmed", decided_at=timezone.now())
    return nia


def test_a_partnership_stands_behind_a_member_by_both_its_sides(client, cast, represents):
    client.force_login(represents.user)
    own = sides.memberships_behind(represents.user).get()
    client.post(reverse("community:ask-partnership", args=["change"]), {"membership": own.code})
    represents.refresh_from_db()
    assert (represents.side, represents.organisation) == ("south", cast.partners["s1"].name)
    address = reverse("community:stand-behind", args=[cast.partnership.code])
    for place, person in enumerate((cast.north_facilitator, cast.north_facilitator, cast.south_facilitator)):
        represents.refresh_from_db()
        assert represents.confirmed_at is None, place
        client.force_login(person)
        assert represents.user.name in client.get(address).content.decode()
        client.post(address, {"member": represents.pk, "seen": sides.seen_of(represents)})
    represents.refresh_from_db()
    assert represents.confirmed_at is not None


def test_a_made_up_partnership_stands_behind_nobody(cast, represents):
    own = sides.memberships_behind(represents.user).get()
    RealPartnership.objects.update(state="asked")
    with pytest.raises(Refused):
        sides.ask_partnership(represents, own.code)
    GroupMembership.objects.filter(pk=represents.pk).update(
        organisation=cast.partners["s1"].name, asked_through=cast.partnership
    )
    with pytest.raises(IntegrityError, match="does not confirm this side"), transaction.atomic():
        SideConfirmation.objects.create(
            group_membership=represents, by=cast.south_facilitator, side="south", way="partnership"
        )


@pytest.mark.parametrize("words", [1, 2])
def test_declining_a_partnership_ends_no_confirmation(cast, represents, words):
    """One coordinator declines, and could otherwise take the other side's answers out of an open round."""
    sides.ask_partnership(represents, sides.memberships_behind(represents.user).get().code)
    represents.refresh_from_db()
    for facilitator in (cast.north_facilitator, cast.south_facilitator)[:words]:
        sides.stand_behind(cast.partnership, represents, facilitator, sides.seen_of(represents))
    decide_real(RealPartnership.objects.get(), coordinator("Nora", Side.NORTH).user, False, "Nobody knows it.")
    if words == 1:
        with pytest.raises(Refused):
            sides.stand_behind(cast.partnership, represents, cast.south_facilitator, sides.seen_of(represents))
    represents.refresh_from_db()
    assert (represents.confirmed_at is not None) == (words == 2)


def test_coordinators_do_not_see_which_partnership_stands_behind_a_member(client, cast, represents):
    nora = coordinator("Nora", Side.NORTH)
    sides.ask_partnership(represents, sides.memberships_behind(represents.user).get().code)
    RealPartnership.objects.filter(partnership=cast.partnership).update(state="confirmed")
    client.force_login(nora.user)
    pages = [reverse(f"community:{name}", args=["change"]) for name in ("group", "people", "settings", "moderation")]
    shown = "".join(client.get(page).content.decode() for page in pages)
    assert represents.user.name in shown
    assert cast.partnership.name not in shown
    assert not Notification.objects.filter(recipient=nora.user, context__icontains=cast.partnership.name).exists()


# --- minority notes


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
    papers.save(now, writer_of(wanda), Content(title, f"About {title}."), now.version, mutation())
    version = publishing.publish(ask.paper, wanda.user, reader(wanda))
    [one] = version.content["recommendations"]
    page = publishing.page(version)
    assert all(note["reason"] in page for note in one["minority"])
    assert ("These notes are about version 1 of the words." in page) == bool(one["minority"])
    return [note["reason"] for note in one["minority"]]


def test_a_minority_note_stays_in_every_later_version(noted, wanda):
    assert notes(noted, wanda, "Other words") == ["Because."]
    assert notes(noted, wanda, "Again other words") == ["Because."]


def test_a_minority_note_goes_when_its_author_withdraws_it(noted, wanda):
    assert notes(noted, wanda, "Other words") == ["Because."]
    objection = ConsentAnswer.objects.get(choice="objection")
    with pytest.raises(Refused):
        consent.withdraw(objection, wanda.user, "I say so.")
    consent.withdraw(objection, objection.by, "The words were changed.")
    assert notes(noted, wanda, "Again other words") == []


def test_a_minority_note_goes_when_a_new_round_replaces_it(noted, wanda):
    assert notes(noted, wanda, "Other words") == ["Because."]
    again = call(noted.paper, noted, by=wanda)
    version = publishing.content_of(noted.paper, 9, timezone.now(), reader(wanda))
    assert [one["reason"] for one in version["recommendations"][0]["minority"]] == ["Because."], "it is open still"
    say(again, people("north") + people("south"))
    closed(again)
    assert publishing.content_of(noted.paper, 9, timezone.now(), reader(wanda))["recommendations"][0]["minority"] == []


# --- whose text it is


def test_an_author_withdraws_a_finding_and_the_place_says_so(client):
    contribute(10)
    evidence.refresh()
    mina, other = member(), member("Otis")
    finding = make_finding(mina, "SECRET-TITLE", "SECRET-WORDS")
    evidence.cite(finding, mina.user, "gap-all", "SECRET-SAYING")
    consent.translate(finding, writer_of(other), "fr", "SECRET-TITRE", "SECRET-MOTS")
    comment = comments.comment(finding, writer_of(other), "A comment of another.", mutation())
    address = reverse("community:withdraw", args=[finding.code])
    client.force_login(other.user)
    assert client.post(address).status_code == 403
    client.force_login(mina.user)
    assert b"Withdraw my text" in client.get(address).content
    client.post(address)
    figure = Evidence.objects.get().figure
    for who in (mina, other, lead()):
        client.force_login(who.user)
        page = client.get(finding.get_absolute_url()).content.decode()
        assert "Withdrawn by its author" in page
        assert figure.get_absolute_url() in page, "cited figures stay"
        elsewhere = [reverse("community:history", args=[finding.code]), reverse("community:findings")]
        elsewhere += [reverse("community:group", args=["understanding"]), reverse("community:search") + "?q=SECRET"]
        shown = page + "".join(client.get(one).content.decode() for one in elsewhere)
        assert "SECRET-" not in shown
    assert client.get(figure.get_absolute_url()).status_code == 200
    assert not Revision.objects.filter(text__contains="SECRET").exists()
    assert not Translation.objects.exists()
    assert comment.text


def test_an_author_withdraws_a_comment_that_others_answered(client):
    finding, mina = make_finding(member("Fay")), member()
    first = comments.comment(finding, writer_of(mina), "SECRET-WORDS", mutation())
    alone = comments.comment(finding, writer_of(mina), "SECRET-WORDS too", mutation())
    comments.comment(finding, writer_of(member("Otis")), "I do not agree.", mutation(), first)
    client.force_login(mina.user)
    for one in (first, alone):
        client.post(reverse("community:withdraw", args=[one.code]))
    page = client.get(finding.get_absolute_url()).content.decode()
    assert page.count("Withdrawn by its author") == 2
    assert "I do not agree." in page
    assert "SECRET" not in page


def test_an_author_withdraws_a_case_also_after_leaving_the_partnership(client, cast):
    tells = member("Tess")
    own = membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s1"], user=tells.user)
    finding = make_finding(tells)
    case = make_case(finding, cast.partnership, tells, "SECRET-TITLE", "SECRET-WORDS")
    type(own).objects.filter(pk=own.pk).update(voided_at=timezone.now())
    client.force_login(tells.user)
    client.post(reverse("community:withdraw", args=[case.code]))
    for address in (case.get_absolute_url(), finding.get_absolute_url()):
        page = client.get(address).content.decode()
        assert "Withdrawn by its author" in page
        assert "SECRET" not in page


def test_a_withdrawn_ground_keeps_its_figures_in_later_versions(ask, wanda):
    contribute(10)
    evidence.refresh()
    mina = member()
    finding = make_finding(mina, "SECRET-TITLE")
    evidence.cite(finding, mina.user, "gap-all", "SECRET-SAYING")
    findings.add_document(finding, wanda.user, title="A report", source="Somebody")
    papers.rest_on(ask, finding, wanda.user)
    withdrawal.withdraw(finding, mina.user)
    version = publishing.publish(ask.paper, wanda.user, reader(wanda))
    [reference] = version.content["references"]
    assert [row["kind"] for row in reference["evidence"]] == ["figure"]
    assert "SECRET" not in str(version.content)
    assert "Withdrawn by its author" in publishing.page(version)


def test_a_withdrawn_text_stays_withdrawn(client):
    mina, leads = member(), lead()
    finding = make_finding(mina)
    withdrawal.withdraw(finding, mina.user)
    own = Item.objects.filter(pk=finding.pk)
    for wrong in (
        lambda: own.update(state=State.PUBLISHED),
        lambda: own.update(text="Back."),
        lambda: Translation.objects.create(item=finding, language="fr", version=1, title="T", side="south"),
        lambda: Revision.objects.create(item=finding, number=2, title="T", text="T", side="south", mutation="m"),
        lambda: Item.objects.filter(pk=make_finding(member("Fay")).pk).update(state=State.WITHDRAWN),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()
    client.force_login(leads.user)
    for name in ("moderate", "edit", "comment", "endorse", "publish", "withdraw"):
        assert client.post(reverse(f"community:{name}", args=[finding.code])).status_code == 404
