"""A policy paper of the demo: one version that both sides were asked about, and its successor, about which they are."""

from datetime import datetime, timedelta

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

PAPER = "Who is asked before the money has a form"
FUNDERS = "Funders of consortium programmes"
EARLY = "Decide on the form of the money together with those who will work with it"
TOLD = "Tell everybody at the same moment what is being prepared"
DOWNWARD = "Pay for reporting to communities as well as to funders"
MEETINGS = (
    "Where few people have a steady connection, tell it on the radio and in meetings as well, and count the weeks "
    "from then."
)
# An answer is taken while its round is open, by the clock of the database: the past round closes just after loading.
ORGANISATIONS = (
    "Northern Solidarity Fund",
    "Rift Valley Women's Network",
    "Centre Sahel Développement",
    "Scandinavian Fund for Global Organising",
)
Way = SideConfirmation.Way
MARGIN = timedelta(minutes=2)

FRENCH = {
    EARLY: (
        "Décider de la forme de l'argent avec celles et ceux qui travailleront avec",
        "Avant qu'un programme ne prenne la forme d'une subvention, d'un consortium ou d'un contrat, écouter les "
        "organisations du Sud sur ce choix, les payer pour leur temps, et publier ce qu'elles ont conseillé et ce "
        "qui en a été fait.\n\nLaisser ouvert, dans l'appel, qui peut diriger.",
    ),
    TOLD: (
        "Dire à tout le monde au même moment ce qui se prépare",
        "Publier sur une seule page, dans les langues du programme, quelles consultations ont lieu, qui a été entendu "
        "et ce qui a été dit. Laisser pour répondre autant de semaines qu'il en faut à qui n'en savait rien.",
    ),
    DOWNWARD: (
        "Payer aussi les comptes rendus aux communautés, pas seulement aux bailleurs",
        "Prévoir dans chaque budget une ligne pour rendre compte, dans leurs langues, aux personnes dont parle le "
        "programme. Demander après coup ce qu'elles en ont dit, et non combien étaient présentes.",
    ),
}
MEETINGS_FRENCH = (
    "Là où peu de gens ont une connexion stable, le dire aussi à la radio et dans des réunions, et compter les "
    "semaines à partir de là."
)


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
        self._confirm()

    def _confirm(self) -> None:
        """Confirm all sides as of long ago: staff the two coordinators, and these the others."""
        at = timezone.now() - timedelta(days=60)
        staff, _new = User.objects.get_or_create(
            email="operators@demo.example", defaults={"name": "Operators", "is_staff": True, "is_active": False}
        )
        for one in (self.noor, self.wanjiru):
            SideConfirmation.objects.create(group_membership=one, by=staff, side=one.side, way=Way.STAFF, at=at)
            GroupMembership.objects.filter(pk=one.pk).update(confirmed_at=at)
        for one in (self.awa, self.ole, self.bram, self.kofi, self.esi, self.joost):
            for by in (self.noor, self.wanjiru):
                SideConfirmation.objects.create(
                    group_membership=one, by=by.user, side=by.side, way=Way.COORDINATOR, at=at
                )
            GroupMembership.objects.filter(pk=one.pk).update(confirmed_at=at)


def write(people: People) -> PolicyPaper:
    """Write a paper, ask both sides about it, publish it, and ask them about what is to be different in the next."""
    paper = _begin(people)
    early, told = _first_recommendations(paper, people)
    _first_round(paper, early, told, people)
    publishing.publish(paper, people.wanjiru.user, reader_of(people.wanjiru.user))
    _go_on(paper, told, people)
    return paper


# --- the first version


def _begin(people: People) -> PolicyPaper:
    south = people.wanjiru
    paper = writing.create(
        PolicyPaper(kind=ItemKind.PAPER, group=south.group, languages=["fr"]),
        writer_of(south),
        Content(
            PAPER,
            "Much of what partners later negotiate was settled before they met: by the form of the contract, and by "
            "who heard of it first. Both are in the hands of funders, and both can be changed without new money.",
        ),
        "sample-paper",
        publish=True,
    )
    paper.editors.add(people.noor.user)
    _section(
        paper,
        south,
        "What happens before the call",
        "A programme begins long before its call: somebody decides whether there will be sub-grants, a consortium or "
        "single contracts, and who may sign. Partners who come in at the proposal can still change activities. They "
        "can hardly change who decides.\n\nWhoever lives near the funder hears of this early. For the others the "
        "programme begins with the call, and with six weeks to answer it.",
    )
    _section(
        paper,
        people.noor,
        "What a funder can change by herself",
        "Two things need neither a new law nor a larger budget: *asking earlier*, and *telling everybody at once*.\n\n"
        "What we do not know yet is whether they are enough. Our findings come from programmes with a Northern lead; "
        "those who take up a recommendation should say afterwards what became of it.",
    )
    question = "From a funder's desk: the second is easy, the first is not. Our rules are older than our programmes."
    first = comments.comment(paper, writer_of(people.ole), question, "sample-paper-question")
    answer = "Then tell us when the rules are written anew, and who may speak there. It belongs on the same page."
    comments.comment(paper, writer_of(people.awa), answer, "sample-paper-answer", first)
    return paper


def _section(paper: PolicyPaper, by: GroupMembership, title: str, text: str) -> None:
    made = Section(kind=ItemKind.SECTION, paper=paper)
    editing.add(made, writer_of(by), Content(title, text), f"sample-{title[:24]}")


def _first_recommendations(paper: PolicyPaper, people: People) -> tuple[Recommendation, Recommendation]:
    early = _recommend(
        paper,
        people.wanjiru,
        EARLY,
        "Before a programme has the form of a grant, a consortium or a contract, hear Southern organisations about "
        "this choice, pay them for their time, and publish what they advised and what was made of it.\n\n"
        "Leave open in the call who may lead.",
        "When the rules of a new programme are written",
        ["Southern partners come in when"],
        ["at-the-table-from-design", "southern-leadership"],
    )
    told = _recommend(
        paper,
        people.noor,
        TOLD,
        "Put on one public page, in the languages of the programme, which consultations there are, who was heard and "
        "what was said. Give as many weeks for applying as it takes without having known before.",
        "Before the first consultation about a programme",
        ["Les organisations du Nord savent"],
        ["introduce-to-donors"],
    )
    for one in (early, told):
        consent_rounds.translate(one, writer_of(people.awa), "fr", *FRENCH[one.title])
    return early, told


def _recommend(
    paper: PolicyPaper,
    by: GroupMembership,
    title: str,
    text: str,
    moment: str,
    answers: list[str],
    generalises: list[str],
) -> Recommendation:
    made = Recommendation(kind=ItemKind.RECOMMENDATION, paper=paper, addressed_to=FUNDERS, moment=moment)
    recommendation = editing.add(made, writer_of(by), Content(title, text), f"sample-{title[:24]}")
    found = [Finding.objects.get(title__startswith=start) for start in answers]
    measures = [Measure.objects.get(slug=slug) for slug in generalises]
    for item in (*found, *measures):
        grounds.rest_on(recommendation, item, by.user)
    return recommendation


def _first_round(paper: PolicyPaper, early: Recommendation, told: Recommendation, people: People) -> None:
    """Ask for two weeks that end now: one objection is resolved afterwards, one stands and will be printed."""
    opened = timezone.now() + MARGIN - timedelta(days=consent_rounds.DAYS)
    asked = consent_rounds.call(paper, [early, told], people.wanjiru.user, consent_rounds.DAYS, opened)
    on_early, on_told = _texts(asked, early, told)
    agreeing = (people.noor, people.bram, people.joost, people.wanjiru, people.awa)
    for place, member in enumerate(agreeing):
        _answer(on_early, member, opened + timedelta(days=place + 1))
    for place, member in enumerate((people.noor, people.joost, people.wanjiru, people.awa, people.kofi)):
        _answer(on_told, member, opened + timedelta(days=place + 2))
    for text in (on_early, on_told):
        _answer(text, people.ole, opened + timedelta(days=9), Choice.ASIDE)
    _answer(on_early, people.esi, opened + timedelta(days=10))
    consent_rounds.answer(
        on_told,
        people.bram,
        Choice.RESERVATION,
        "Small funders have nobody for such a page. One page that several of them share would do.",
        now=opened + timedelta(days=6),
    )
    objection = consent_rounds.answer(
        on_early,
        people.kofi,
        Choice.OBJECTION,
        "To be heard can mean one consultant's report. Without a seat, it changes nothing.",
        "Say that half of the body which decides on the form comes from the South.",
        now=opened + timedelta(days=11),
    )
    consent_rounds.answer(
        on_told,
        people.esi,
        Choice.OBJECTION,
        "A web page does not reach organisations without a steady connection. They will be late again.",
        "Tell it on the radio and in meetings, and count the weeks from then.",
        signed=True,
        now=opened + timedelta(days=12),
    )
    asked.refresh_from_db()
    consent_rounds.close(asked.pk, asked.closes_at)
    consent_rounds.withdraw(
        objection,
        people.kofi.user,
        "We talked about it: what was advised, and what was made of it, will be public. That is a first step which "
        "can be held up to a funder; the seats are for a recommendation of their own.",
    )


def _texts(asked: ConsentRound, *recommendations: Recommendation) -> list[RoundText]:
    return [asked.texts.select_related("round").get(recommendation=one) for one in recommendations]


def _answer(text: RoundText, member: GroupMembership, at: datetime | None = None, choice: str = Choice.CONSENT) -> None:
    consent_rounds.answer(text, member, choice, now=at)


# --- its successor


def _go_on(paper: PolicyPaper, told: Recommendation, people: People) -> None:
    """Take up the objection that stands, add a recommendation, ask about both; one suggestion waits for an editor."""
    now = Recommendation.objects.get(pk=told.pk)
    better = Content(now.title, f"{now.text}\n\n{MEETINGS}")
    reason = "So that it reaches those without a steady connection, as Esi asked in the round."
    made = suggestions.suggest(now, writer_of(people.awa), better, reason, now.version, "sample-suggestion")
    suggestions.accept(made, people.noor.user)
    new = _recommend(
        paper,
        people.wanjiru,
        DOWNWARD,
        "Put a line into every budget for reporting, in their languages, to the people whom the programme is about. "
        "Ask afterwards what they said about it, not how many were there.",
        "When the reporting rules of a programme are set",
        ["Accounting goes up to the funder"],
        ["feminist-mel", "publish-share-passed-on"],
    )
    title, text = FRENCH[TOLD]
    awa = writer_of(people.awa)
    consent_rounds.translate(now, awa, "fr", title, f"{text}\n\n{MEETINGS_FRENCH}")
    consent_rounds.translate(new, awa, "fr", *FRENCH[DOWNWARD])
    asked = consent_rounds.call(paper, [now, new], people.wanjiru.user)
    for answered in _texts(asked, now, new):
        for member in (people.bram, people.kofi):
            _answer(answered, member)
    _suggest(paper, writer_of(people.ole))


def _suggest(paper: PolicyPaper, ole: Writer) -> None:
    section = Section.objects.get(paper=paper, position=2)
    text = section.text.replace("neither a new law nor a larger budget", "neither a new law nor new money")
    reason = "Asking earlier does cost something: people's time. Only the sum stays the same."
    suggestions.suggest(section, ole, Content(section.title, text), reason, section.version, "sample-waiting")
