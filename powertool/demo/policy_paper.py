"""A policy paper of the demo: one version that both sides were asked about, and its successor, about which they are."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from community.access import reader_of
from community.models import (
    Choice,
    ConsentRound,
    Finding,
    GroupKind,
    GroupMembership,
    ItemKind,
    Measure,
    PolicyPaper,
    Recommendation,
    RoundText,
    Section,
    SideConfirmation,
)
from community.services import comments, writing
from community.services.groups import memberships
from community.services.groups.memberships import Writer, writer_of
from community.services.papers import consent_rounds, editing, grounds, publishing, suggestions
from community.services.writing import Content
from partnerships.models import Side, User
from powertool.demo.texts import read_texts

Texts = dict[str, Any]
ORGANISATIONS = (
    "Northern Solidarity Fund",
    "Rift Valley Women's Network",
    "Centre Sahel Développement",
    "Scandinavian Fund for Global Organising",
)
Way = SideConfirmation.Way
# An answer is taken while its round is open, by the clock of the database: the past round closes just after loading.
MARGIN = timedelta(minutes=2)


class People:
    """The demo's people as members of the third group, their sides confirmed; the first four take part already."""

    def __init__(
        self, noor: User, wanjiru: User, awa: User, ole: User, bram: User, kofi: User, esi: User, joost: User
    ) -> None:
        members = GroupMembership.objects.filter(group__kind=GroupKind.CHANGE).select_related("group", "user")
        self.noor, self.wanjiru, self.awa, self.ole = (members.get(user=user) for user in (noor, wanjiru, awa, ole))
        group = self.noor.group
        for member, organisation in zip((self.noor, self.wanjiru, self.awa, self.ole), ORGANISATIONS, strict=True):
            memberships.change_side(member, member.side, organisation)
        self.bram = memberships.join(group, bram, Side.NORTH, "Waterlink Europe")
        self.kofi = memberships.join(group, kofi, Side.SOUTH, "Volta Basin Watch")
        self.esi = memberships.join(group, esi, Side.SOUTH, "Fishers' Union of Keta")
        self.joost = memberships.join(group, joost, Side.NORTH, "Care Bridge")
        self._confirm_sides()

    def _confirm_sides(self) -> None:
        """Confirm all sides as of long ago: staff the two coordinators, and these the others."""
        at = timezone.now() - timedelta(days=60)
        staff, _new = User.objects.get_or_create(
            email="operators@demo.example", defaults={"name": "Operators", "is_staff": True, "is_active": False}
        )
        for member in (self.noor, self.wanjiru):
            _confirm_side(member, staff, member.side, Way.STAFF, at)
            GroupMembership.objects.filter(pk=member.pk).update(confirmed_at=at)
        for member in (self.awa, self.ole, self.bram, self.kofi, self.esi, self.joost):
            for coordinator in (self.noor, self.wanjiru):
                _confirm_side(member, coordinator.user, coordinator.side, Way.COORDINATOR, at)
            GroupMembership.objects.filter(pk=member.pk).update(confirmed_at=at)


def _confirm_side(member: GroupMembership, by: User, side: str, way: str, at: datetime) -> None:
    SideConfirmation.objects.create(group_membership=member, by=by, side=side, way=way, at=at)


def write(people: People) -> PolicyPaper:
    """Write a paper, ask both sides about it, publish it, and ask them about what is to be different in the next."""
    texts = read_texts("policy_paper")
    paper = _write_paper(texts, people)
    early = _recommend(texts, "early", paper, people.wanjiru)
    told = _recommend(texts, "told", paper, people.noor)
    for name, recommendation in (("early", early), ("told", told)):
        french = texts[name]["fr"]
        consent_rounds.translate(recommendation, writer_of(people.awa), "fr", french["title"], french["text"])
    _run_first_round(texts, paper, early, told, people)
    publishing.publish(paper, people.wanjiru.user, reader_of(people.wanjiru.user))
    _prepare_next_version(texts, paper, told, people)
    return paper


# --- the first version


def _write_paper(texts: Texts, people: People) -> PolicyPaper:
    author = people.wanjiru
    new = PolicyPaper(kind=ItemKind.PAPER, group=author.group, languages=["fr"])
    content = Content(texts["title"], texts["summary"])
    paper = writing.create(new, writer_of(author), content, "sample-paper", publish=True)
    paper.editors.add(people.noor.user)
    _add_section(paper, author, texts["before_the_call"])
    _add_section(paper, people.noor, texts["by_herself"])
    question = comments.comment(paper, writer_of(people.ole), texts["question"], "sample-paper-question")
    comments.comment(paper, writer_of(people.awa), texts["answer"], "sample-paper-answer", question)
    return paper


def _add_section(paper: PolicyPaper, by: GroupMembership, texts: Texts) -> None:
    content = Content(texts["title"], texts["text"])
    editing.add(Section(kind=ItemKind.SECTION, paper=paper), writer_of(by), content, f"sample-{texts['title'][:24]}")


def _recommend(texts: Texts, name: str, paper: PolicyPaper, by: GroupMembership) -> Recommendation:
    """Write a recommendation on the findings and measures that its text names."""
    own = texts[name]
    new = Recommendation(
        kind=ItemKind.RECOMMENDATION, paper=paper, addressed_to=texts["addressed_to"], moment=own["moment"]
    )
    content = Content(own["title"], own["text"])
    recommendation = editing.add(new, writer_of(by), content, f"sample-{own['title'][:24]}")
    findings = [Finding.objects.get(title__startswith=start) for start in own["findings"]]
    measures = [Measure.objects.get(slug=slug) for slug in own["measures"]]
    for item in (*findings, *measures):
        grounds.rest_on(recommendation, item, by.user)
    return recommendation


def _run_first_round(
    texts: Texts, paper: PolicyPaper, early: Recommendation, told: Recommendation, people: People
) -> None:
    """Ask for two weeks that end now: one objection is resolved afterwards, one stands and will be printed."""
    opened = timezone.now() + MARGIN - timedelta(days=consent_rounds.DAYS)
    asked = consent_rounds.call(paper, [early, told], people.wanjiru.user, consent_rounds.DAYS, opened)
    on_early, on_told = _round_texts(asked, early, told)
    _consent(on_early, [people.noor, people.bram, people.joost, people.wanjiru, people.awa], opened + timedelta(days=1))
    _consent(on_told, [people.noor, people.joost, people.wanjiru, people.awa, people.kofi], opened + timedelta(days=2))
    for text in (on_early, on_told):
        consent_rounds.save_answer(text, people.ole, Choice.ASIDE, now=opened + timedelta(days=9))
    _consent(on_early, [people.esi], opened + timedelta(days=10))
    reserved = texts["reservation"]["reason"]
    consent_rounds.save_answer(on_told, people.bram, Choice.RESERVATION, reserved, now=opened + timedelta(days=6))
    resolved, printed = texts["objection_resolved"], texts["objection_printed"]
    objection = _object(on_early, people.kofi, resolved, opened + timedelta(days=11))
    _object(on_told, people.esi, printed, opened + timedelta(days=12), signed=True)
    asked.refresh_from_db()
    consent_rounds.close(asked.pk, asked.closes_at)
    consent_rounds.withdraw(objection, people.kofi.user, resolved["because"])


def _round_texts(asked: ConsentRound, *recommendations: Recommendation) -> list[RoundText]:
    texts = asked.texts.select_related("round")
    return [texts.get(recommendation=recommendation) for recommendation in recommendations]


def _consent(text: RoundText, members: list[GroupMembership], first: datetime) -> None:
    """Let members consent, one a day."""
    for place, member in enumerate(members):
        consent_rounds.save_answer(text, member, Choice.CONSENT, now=first + timedelta(days=place))


def _object(text: RoundText, member: GroupMembership, texts: Texts, at: datetime, *, signed: bool = False):
    reason_and_proposal = (texts["reason"], texts["proposal"])
    return consent_rounds.save_answer(text, member, Choice.OBJECTION, *reason_and_proposal, signed=signed, now=at)


# --- its successor


def _prepare_next_version(texts: Texts, paper: PolicyPaper, told: Recommendation, people: People) -> None:
    """Take up the objection that stands, add a recommendation, ask about both; one suggestion waits for an editor."""
    author = writer_of(people.awa)
    changed = Recommendation.objects.get(pk=told.pk)
    better = Content(changed.title, f"{changed.text}\n\n{texts['told']['meetings']}")
    reason = texts["suggestion_accepted"]["reason"]
    suggestion = suggestions.suggest(changed, author, better, reason, changed.version, "sample-suggestion")
    suggestions.accept(suggestion, people.noor.user)
    new = _recommend(texts, "downward", paper, people.wanjiru)
    french, of_new = texts["told"]["fr"], texts["downward"]["fr"]
    consent_rounds.translate(changed, author, "fr", french["title"], f"{french['text']}\n\n{french['meetings']}")
    consent_rounds.translate(new, author, "fr", of_new["title"], of_new["text"])
    asked = consent_rounds.call(paper, [changed, new], people.wanjiru.user)
    for text in _round_texts(asked, changed, new):
        for member in (people.bram, people.kofi):
            consent_rounds.save_answer(text, member, Choice.CONSENT)
    _suggest_change(texts["suggestion_open"], paper, writer_of(people.ole))


def _suggest_change(texts: Texts, paper: PolicyPaper, writer: Writer) -> None:
    section = Section.objects.get(paper=paper, position=2)
    content = Content(section.title, section.text.replace(texts["replace"], texts["by"]))
    suggestions.suggest(section, writer, content, texts["reason"], section.version, "sample-waiting")
