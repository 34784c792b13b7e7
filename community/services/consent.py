"""Consent by both sides: a round about exact words, in the group's languages, with a deadline and a quorum per side.

Nobody, leads included, sees others' answers or how many there are before the round is closed: `results` is the only
way out, and the tasks, pages and notifications use nothing else.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from community.markdown import normalise, one_line
from community.models import (
    Choice,
    ConsentAnswer,
    ConsentRound,
    GroupMembership,
    Item,
    Outcome,
    PaperStatus,
    PolicyPaper,
    Recommendation,
    Revision,
    RoundText,
    Translation,
)
from community.services import papers
from community.services.groups import Writer, members_of
from community.services.notifications import tell
from partnerships.models import BOTH_SIDES, Side, User
from partnerships.services import Refused

DAYS = 14


# --- the words in the group's languages


@transaction.atomic
def translate(item: Item, writer: Writer, language: str, title: str, text: str) -> Translation:
    """Say an item's present words in another language; a round that waited for this may open."""
    papers.refuse_frozen(item)
    now = Item.objects.get(pk=item.pk)
    if language == now.language:
        raise Refused(_("The text is written in this language."))
    made = Translation.objects.create(
        item=now,
        language=language,
        version=now.version,
        title=one_line(title)[:300],
        text=normalise(text),
        by=writer.user,
        side=writer.side,
    )
    for waiting in ConsentRound.objects.filter(texts__recommendation=item.pk, opened_at=None, called_off_at=None):
        open_if_ready(waiting)
    if now.author and now.author != writer.user:
        told = {"name": str(writer.user), "title": str(now), "language": made.language}
        tell("translated", [now.author], now.get_absolute_url(), f"{now.code}:{language}", **told)
    return made


def translations(items: Iterable[Item]) -> dict[tuple[int, str], Translation]:
    """Return the newest translation of each item into each language, of whatever version (one query)."""
    rows = Translation.objects.filter(item__in=[item.pk for item in items]).order_by("at", "pk")
    return {(row.item_id, row.language): row for row in rows}


def missing(asked: ConsentRound) -> list[tuple[Recommendation, str]]:
    """Return which recommendation is not there in which language, in its present words."""
    found = [text.recommendation for text in asked.texts.select_related("recommendation")]
    present = Translation.objects.filter(item__in=found, version=F("item__version"))
    there = set(present.values_list("item_id", "language")) | {(one.pk, one.language) for one in found}
    needed = asked.paper.needed_languages()
    return [(one, language) for one in found for language in needed if (one.pk, language) not in there]


# --- the way of a round


@transaction.atomic
def call(
    paper: PolicyPaper,
    recommendations: list[Recommendation],
    editor: User,
    days: int = DAYS,
    now: datetime | None = None,
) -> ConsentRound:
    """Ask both sides about recommendations; the clock starts when they are there in all languages.

    What a valid round needs is its group's word, which a trigger copies when the round opens.
    """
    papers.lock(paper)
    if not paper.is_published or not recommendations or not all(one.is_published for one in recommendations):
        raise Refused(_("A round is about published recommendations of a published paper."))
    if RoundText.objects.filter(recommendation__in=recommendations, active=True).exists():
        raise Refused(_("Both sides are being asked about one of these already."))
    asked = ConsentRound.objects.create(paper=paper, days=days, called_by=editor, called_at=now or timezone.now())
    RoundText.objects.bulk_create([RoundText(round=asked, recommendation=one) for one in recommendations])
    for one in recommendations:
        papers.tell_originators(one)
    open_if_ready(asked, now)
    asked.refresh_from_db()
    return asked


@transaction.atomic
def open_if_ready(asked: ConsentRound, now: datetime | None = None) -> bool:
    """Start the clock if the words are there in all languages; they stay as they are until the round is closed."""
    held = _held(asked)
    if held.opened_at or held.called_off_at:
        return False
    for text in held.texts.order_by("recommendation"):
        papers.lock(Item(pk=text.recommendation_id))
    if missing(held):
        return False
    moment = now or timezone.now()
    for text in held.texts.select_related("recommendation"):
        RoundText.objects.filter(pk=text.pk).update(version=text.recommendation.version)
    closes = moment + timedelta(days=held.days)
    ConsentRound.objects.filter(pk=held.pk).update(opened_at=moment, closes_at=closes)
    people = [group_membership.user for group_membership in members_of(held.paper.group)]
    told = {"paper": str(held.paper), "days": held.days, "closes": closes.isoformat()}
    tell("round", people, held.get_absolute_url(), held.code, **told)
    return True


@transaction.atomic
def change(asked: ConsentRound, days: int) -> None:
    """Set the days anew, before the round opens."""
    held = _held(asked)
    _refuse_open(held)
    ConsentRound.objects.filter(pk=held.pk).update(days=days)


@transaction.atomic
def call_off(asked: ConsentRound) -> None:
    """Give a round up that has not opened."""
    held = _held(asked)
    _refuse_open(held)
    ConsentRound.objects.filter(pk=held.pk).update(called_off_at=timezone.now())
    held.texts.update(active=False)


@transaction.atomic
def answer(
    text: RoundText,
    member: GroupMembership,
    choice: str,
    reason: str = "",
    proposal: str = "",
    signed: bool = False,
    now: datetime | None = None,
) -> ConsentAnswer:
    """Keep a member's answer; until the deadline she may change it.

    Only who was a confirmed member of the side before the round opened answers (a trigger holds that too).
    """
    held = _held(text.round)
    moment = now or timezone.now()
    if not held.takes_answers(moment):
        raise Refused(_("This round takes no answers now."))
    if not may_answer(held, GroupMembership.objects.filter(pk=member.pk).first()):
        raise Refused(_("Only members whose side was confirmed before the round opened can answer in it."))
    if choice == Choice.OBJECTION and not (reason.strip() and proposal.strip()):
        raise Refused(_("An objection needs a reason and a proposal."))
    if choice == Choice.RESERVATION and not reason.strip():
        raise Refused(_("Please say what your reservation is."))
    values = {"choice": Choice(choice), "reason": reason.strip(), "proposal": proposal.strip(), "signed": signed}
    values |= {"side": member.side, "at": moment}
    return ConsentAnswer.objects.update_or_create(text=text, by=member.user, defaults=values)[0]


def may_answer(asked: ConsentRound, member: GroupMembership | None) -> bool:
    """Say whether somebody was a confirmed member of a side before the round opened, and still is."""
    if member is None or member.left_at or member.confirmed_at is None:
        return False
    return asked.opened_at is not None and member.confirmed_at < asked.opened_at


def due(now: datetime | None = None) -> list[int]:
    """Return which rounds are past their deadline and not closed (primary keys)."""
    found = ConsentRound.objects.filter(closed_at=None, closes_at__lte=now or timezone.now())
    return list(found.values_list("pk", flat=True))


@transaction.atomic
def close(pk: int, now: datetime | None = None) -> bool:
    """Close a round after its deadline and find what came of it; a second call changes nothing."""
    held, moment = _held(ConsentRound(pk=pk)), now or timezone.now()
    if held.closed_at or held.closes_at is None or moment < held.closes_at:
        return False
    ConsentRound.objects.filter(pk=held.pk).update(closed_at=moment)
    for text in held.texts.all():
        _settle(text, held)
    held.texts.update(active=False)
    people = [group_membership.user for group_membership in members_of(held.paper.group)]
    tell("round_closed", people, held.get_absolute_url(), held.code, paper=str(held.paper))
    return True


@transaction.atomic
def withdraw(objection: ConsentAnswer, user: User, because: str) -> None:
    """Resolve an objection: only whoever raised it, after the round; what came of the round is found anew."""
    held = _held(objection.text.round)
    now = ConsentAnswer.objects.select_related("text").get(pk=objection.pk)
    if now.by_id != user.pk:
        raise Refused(_("Only whoever objected can say that it is resolved."))
    if held.closed_at is None:
        raise Refused(_("While the round is open you change your answer instead."))
    if not now.stands:
        raise Refused(_("This objection is resolved already."))
    ConsentAnswer.objects.filter(pk=now.pk).update(withdrawn_at=timezone.now(), withdrawn_because=because.strip())
    _settle(now.text, held)


def _held(asked: ConsentRound) -> ConsentRound:
    rows = ConsentRound.objects.select_for_update(no_key=True, of=("self",)).select_related("paper__group")
    return rows.get(pk=asked.pk)


def _refuse_open(held: ConsentRound) -> None:
    if held.opened_at or held.called_off_at:
        raise Refused(_("The round has begun; it stays as it was opened."))


# --- what came of it


@dataclass(frozen=True)
class Tally:
    """How one side answered about one recommendation."""

    side: str
    quorum: int
    needed: int  # organisations that they come from
    answered: int
    organisations: int
    consent: int
    reservation: int
    objection: int
    aside: int
    resolved: int  # of the objections

    @property
    def enough(self) -> bool:
        return self.answered >= self.quorum and self.organisations >= self.needed

    @property
    def consents(self) -> bool:
        """More consent than object; who resolved her objection consents."""
        return self.consent + self.reservation + self.resolved > self.objection - self.resolved


def tally(side: str, asked: ConsentRound, answers: Iterable[ConsentAnswer]) -> Tally:
    own = [one for one in answers if one.side == side]
    counts = Counter(one.choice for one in own)
    kinds = {choice.value: counts[choice] for choice in Choice}
    return Tally(
        side,
        asked.quorum(side),
        asked.organisations if side in BOTH_SIDES else 0,
        len(own),
        len({one.organisation for one in own if one.organisation}),
        resolved=sum(one.withdrawn_at is not None for one in own),
        **kinds,
    )


def outcome(tallies: Iterable[Tally]) -> Outcome:
    """Adopt only what enough people of enough organisations of both sides answered, and neither side objects to."""
    both = [one for one in tallies if one.side in BOTH_SIDES]
    if not all(one.enough for one in both):
        return Outcome.TOO_FEW
    return Outcome.ADOPTED if all(one.consents for one in both) else Outcome.OBJECTED


def _settle(text: RoundText, asked: ConsentRound) -> None:
    answers = list(text.answers.all())
    found = outcome(tally(side, asked, answers) for side in BOTH_SIDES)
    RoundText.objects.filter(pk=text.pk).update(outcome=found)
    later = RoundText.objects.filter(recommendation=text.recommendation_id, round__closed_at__isnull=False)
    if later.filter(round__opened_at__gt=asked.opened_at).exists():
        return  # a newer round has spoken
    standing = PaperStatus.ADOPTED if found == Outcome.ADOPTED else PaperStatus.NOT_ADOPTED
    Recommendation.objects.filter(pk=text.recommendation_id).update(standing=standing, decided_version=text.version)


@dataclass(frozen=True)
class Result:
    """What came of a round for one recommendation: by side, and what people said."""

    text: RoundText
    tallies: list[Tally]
    answers: list[ConsentAnswer]

    @property
    def objections(self) -> list[ConsentAnswer]:
        return [one for one in self.answers if one.choice == Choice.OBJECTION]

    @property
    def minority(self) -> list[ConsentAnswer]:
        """Return the objections that nobody has resolved."""
        return [one for one in self.answers if one.stands]

    @property
    def reservations(self) -> list[ConsentAnswer]:
        return [one for one in self.answers if one.choice == Choice.RESERVATION]


def results(texts: Iterable[RoundText]) -> dict[int, Result]:
    """Return the results of texts, by primary key, of those only whose round is closed (one query)."""
    closed = [text for text in texts if text.round.closed_at is not None]
    rows = ConsentAnswer.objects.filter(text__in=closed).select_related("by")
    by_text: dict[int, list[ConsentAnswer]] = {text.pk: [] for text in closed}
    for row in rows:
        by_text[row.text_id].append(row)
    return {
        text.pk: Result(
            text,
            [tally(side, text.round, by_text[text.pk]) for side in Side.values],
            by_text[text.pk],
        )
        for text in closed
    }


def latest(recommendations: Iterable[Recommendation]) -> dict[int, Result]:
    """Return the last closed round's result of each recommendation, by primary key (two queries)."""
    texts = RoundText.objects.filter(recommendation__in=list(recommendations), round__closed_at__isnull=False)
    last = {text.recommendation_id: text for text in texts.select_related("round").order_by("round__opened_at")}
    return {result.text.recommendation_id: result for result in results(last.values()).values()}


def own_answers(asked: ConsentRound, user: User) -> dict[int, ConsentAnswer]:
    """Return what this person answered, by text."""
    return {one.text_id: one for one in ConsentAnswer.objects.filter(text__round=asked, by=user)}


def has_answered(asked: ConsentRound, user: User) -> bool:
    """Say whether this person has answered all that a round asks."""
    return not asked.texts.exclude(answers__by=user).exists()


def words(asked: ConsentRound) -> dict[int, Revision]:
    """Return the words that an opened round is about, by text."""
    texts = list(asked.texts.all())
    rows = Revision.objects.filter(item__in=[text.recommendation_id for text in texts])
    found = {(row.item_id, row.number): row for row in rows.filter(number__in=[text.version for text in texts])}
    return {text.pk: found[text.recommendation_id, text.version] for text in texts if text.version}


def to_answer(user: User, now: datetime | None = None) -> list[ConsentRound]:
    """Return the open rounds in which this person may answer and has not answered everything."""
    moment = now or timezone.now()
    member = "paper__group__group_memberships__"
    mine = {f"{member}user": user, f"{member}left_at": None, f"{member}confirmed_at__lt": F("opened_at")}
    waiting = RoundText.objects.filter(active=True).exclude(answers__by=user)
    found = ConsentRound.objects.filter(closed_at=None, closes_at__gt=moment, texts__in=waiting, **mine)
    return list(found.select_related("paper").distinct().order_by("closes_at")[:10])
