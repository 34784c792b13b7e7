"""Papers, recommendations and rounds for tests."""

from datetime import datetime, timedelta

from django.utils import timezone

from community.models import (
    Choice,
    ConsentAnswer,
    ConsentRound,
    GroupKind,
    GroupMembership,
    GroupRole,
    ItemKind,
    PolicyPaper,
    Recommendation,
    RoundText,
    Section,
)
from community.services import writing
from community.services.groups import memberships, sides
from community.services.groups.memberships import writer_of
from community.services.papers import consent_rounds, editing
from community.services.writing import Content
from partnerships.models import Side
from tests.community.making import confirmed, member, mutation, the_group
from tests.factories import UserFactory


def change() -> object:
    return the_group(GroupKind.CHANGE)


def someone(name: str = "Mina Member", side: str = Side.SOUTH, role: str = GroupRole.MEMBER) -> GroupMembership:
    """Return a member of the third group whose side was confirmed long ago."""
    return confirmed(member(name, side, role, group=change()))


def leader(name: str = "Lena Lead") -> GroupMembership:
    return someone(name, Side.NORTH, GroupRole.COORDINATOR)


def people(side: str, n: int = 3) -> list[GroupMembership]:
    return [someone(f"{side.capitalize()} {k}", side) for k in range(n)]


def make_paper(
    by: GroupMembership | None = None, title="Pay partners in time", publish=True, languages=()
) -> PolicyPaper:
    by = by or someone("Wanda Writer")
    new = PolicyPaper(kind=ItemKind.PAPER, group=by.group, languages=list(languages))
    made = writing.create(new, writer_of(by), Content(title, "What funders can change."), mutation(), publish=publish)
    made.refresh_from_db()
    return made


def make_section(
    paper: PolicyPaper, by: GroupMembership, title="Why", text="Money comes late.\n\nAnd so on."
) -> Section:
    new = Section(kind=ItemKind.SECTION, paper=paper)
    return editing.add(new, writer_of(by), Content(title, text), mutation())


def make_recommendation(
    paper: PolicyPaper, by: GroupMembership, title="Pay in advance", text="Half of it.\n\nEach year."
) -> Recommendation:
    new = Recommendation(kind=ItemKind.RECOMMENDATION, paper=paper, addressed_to="Ministries")
    return editing.add(new, writer_of(by), Content(title, text), mutation())


def call(paper: PolicyPaper, *asks: Recommendation, by: GroupMembership, since=timedelta(0), days=14):
    """Call a round; with `since` it was called that long ago."""
    return consent_rounds.call(paper, list(asks), by.user, days, timezone.now() - since)


def agree_on_languages(*languages: str, people=3, organisations=2) -> None:
    """Let coordinators of both sides agree in which languages the group is asked."""
    nora, sena = coordinator("Nora", Side.NORTH), coordinator("Sena", Side.SOUTH)
    proposal = sides.propose_quorum(nora, people, organisations, languages)
    consent_rounds.confirm_needs(proposal.code, sena)


def text_of(asked: ConsentRound) -> RoundText:
    return RoundText.objects.select_related("round", "recommendation").get(round=asked)


def say(asked: ConsentRound, who: list[GroupMembership], choice: str = Choice.CONSENT) -> None:
    for one in who:
        consent_rounds.save_answer(text_of(asked), one, choice, "Because.", "This instead.")


def after(asked: ConsentRound) -> datetime:
    asked.refresh_from_db()
    assert asked.closes_at
    return asked.closes_at + timedelta(minutes=1)


def closed(asked: ConsentRound) -> ConsentRound:
    assert consent_rounds.close(asked.pk, after(asked))
    asked.refresh_from_db()
    return asked


def write_unchecked_answer(asked: ConsentRound, who: GroupMembership, side: str | None = None) -> ConsentAnswer:
    """Write an answer as code that forgets every rule would."""
    return ConsentAnswer.objects.create(text=text_of(asked), by=who.user, side=side or who.side, choice="consent")


def coordinator(name: str, side: str, kind: str = GroupKind.CHANGE) -> GroupMembership:
    return confirmed(member(name, side, GroupRole.COORDINATOR, group=the_group(kind)))


def newcomer(name: str = "Nia New", side: str = Side.SOUTH, organisation: str = "Amani Trust") -> GroupMembership:
    """Return a member of the third group whose side nobody has confirmed."""
    return memberships.join(change(), UserFactory(name=name), side, organisation)


def from_one_organisation(side: str, n: int = 3, organisation: str = "One  House") -> list[GroupMembership]:
    made = [member(f"{side} {place}", side, group=change()) for place in range(n)]
    spellings = [organisation, organisation.upper(), f" {organisation.replace('  ', ' ')} "]
    return [confirmed(one, spellings[place % 3]) for place, one in enumerate(made)]
