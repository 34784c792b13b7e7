"""Consent by both sides: a round about exact words, in the group's languages, with a deadline and a quorum per side.

Nobody, coordinators included, sees others' answers or how many there are before the round is closed: `results` is the
only way out, and the tasks, pages and notifications use nothing else.
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
from community.services.groups import sides
from community.services.groups.memberships import Writer, members_of
from community.services.notifications import notify_members
from community.services.papers import editing, grounds
from partnerships.models import BOTH_SIDES, Side, User
from partnerships.services import Refused

DAYS = 14


# --- the words in the group's languages


@transaction.atomic
def translate(item: Item, writer: Writer, language: str, title: str, text: str) -> Translation:
    """Say an item's present words in another language; a round that waited for this may open."""
    editing.refuse_frozen(item)
    now = Item.objects.get(pk=item.pk)
    if language == now.language:
        raise Refused(_("The text is already in this language. Choose another language."))
    translation = Translation.objects.create(
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
        facts = {"name": str(writer.user), "title": str(now), "language": translation.language}
        notify_members("translated", [now.author], now.get_absolute_url(), f"{now.code}:{language}", **facts)
    return translation


def translations(items: Iterable[Item]) -> dict[tuple[int, str], Translation]:
    """Return the newest translation of each item into each language, of whatever version (one query)."""
    rows = Translation.objects.filter(item__in=[item.pk for item in items]).order_by("at", "pk")
    return {(row.item_id, row.language): row for row in rows}


def missing(consent_round: ConsentRound) -> list[tuple[Recommendation, str]]:
    """Return which recommendation is not there in which language, in its present words."""
    recommendations = [text.recommendation for text in consent_round.texts.select_related("recommendation")]
    present = Translation.objects.filter(item__in=recommendations, version=F("item__version"))
    there = set(present.values_list("item_id", "language")) | {
        (recommendation.pk, recommendation.language) for recommendation in recommendations
    }
    needed = consent_round.paper.needed_languages()
    return [
        (recommendation, language)
        for recommendation in recommendations
        for language in needed
        if (recommendation.pk, language) not in there
    ]


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
    editing.lock(paper)
    if (
        not paper.is_published
        or not recommendations
        or not all(recommendation.is_published for recommendation in recommendations)
    ):
        raise Refused(_("You can start a consent round only about published recommendations in a published paper."))
    if RoundText.objects.filter(recommendation__in=recommendations, active=True).exists():
        raise Refused(
            _("A consent round about one of these recommendations is already open. Choose other recommendations.")
        )
    consent_round = ConsentRound.objects.create(
        paper=paper, days=days, called_by=editor, called_at=now or timezone.now()
    )
    RoundText.objects.bulk_create(
        [RoundText(round=consent_round, recommendation=recommendation) for recommendation in recommendations]
    )
    for recommendation in recommendations:
        grounds.notify_originators(recommendation)
    open_if_ready(consent_round, now)
    consent_round.refresh_from_db()
    return consent_round


@transaction.atomic
def open_if_ready(consent_round: ConsentRound, now: datetime | None = None) -> bool:
    """Start the clock if the words are there in all languages; they stay as they are until the round is closed."""
    locked = lock_round(consent_round)
    if locked.opened_at or locked.called_off_at:
        return False
    for text in locked.texts.order_by("recommendation"):
        editing.lock(Item(pk=text.recommendation_id))
    if missing(locked):
        return False
    moment = now or timezone.now()
    for text in locked.texts.select_related("recommendation"):
        RoundText.objects.filter(pk=text.pk).update(version=text.recommendation.version)
    closes = moment + timedelta(days=locked.days)
    ConsentRound.objects.filter(pk=locked.pk).update(opened_at=moment, closes_at=closes)
    people = [group_membership.user for group_membership in members_of(locked.paper.group)]
    facts = {"paper": str(locked.paper), "days": locked.days, "closes": closes.isoformat()}
    notify_members("round", people, locked.get_absolute_url(), locked.code, **facts)
    return True


@transaction.atomic
def confirm_needs(code: str, coordinator: GroupMembership) -> None:
    """Confirm what the group's rounds need; one that waits may have all its languages by that."""
    sides.confirm_quorum(code, coordinator)
    waiting = ConsentRound.objects.filter(opened_at=None, called_off_at=None)
    for consent_round in waiting.filter(paper__group=coordinator.group_id):
        open_if_ready(consent_round)


@transaction.atomic
def change(consent_round: ConsentRound, days: int) -> None:
    """Set the days anew, before the round opens."""
    locked = lock_round(consent_round)
    _refuse_open(locked)
    ConsentRound.objects.filter(pk=locked.pk).update(days=days)


@transaction.atomic
def call_off(consent_round: ConsentRound) -> None:
    """Give a round up that has not opened."""
    locked = lock_round(consent_round)
    _refuse_open(locked)
    ConsentRound.objects.filter(pk=locked.pk).update(called_off_at=timezone.now())
    locked.texts.update(active=False)


@transaction.atomic
def save_answer(
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
    locked = lock_round(text.round)
    moment = now or timezone.now()
    if not locked.takes_answers(moment):
        raise Refused(_("This consent round is not open for answers."))
    if not may_answer(locked, GroupMembership.objects.filter(pk=member.pk).first()):
        raise Refused(
            _("You cannot answer in this consent round because your side was not confirmed before it opened.")
        )
    if choice == Choice.OBJECTION and not (reason.strip() and proposal.strip()):
        raise Refused(_("An objection needs a reason and a proposal."))
    if choice == Choice.RESERVATION and not reason.strip():
        raise Refused(_("Please describe your reservation."))
    values = {"choice": Choice(choice), "reason": reason.strip(), "proposal": proposal.strip(), "signed": signed}
    values |= {"side": member.side, "at": moment}
    return ConsentAnswer.objects.update_or_create(text=text, by=member.user, defaults=values)[0]


def may_answer(consent_round: ConsentRound, member: GroupMembership | None) -> bool:
    """Say whether somebody was a confirmed member of a side before the round opened, and still is."""
    if member is None or member.left_at or member.confirmed_at is None:
        return False
    return consent_round.opened_at is not None and member.confirmed_at < consent_round.opened_at


def due(now: datetime | None = None) -> list[int]:
    """Return which rounds are past their deadline and not closed (primary keys)."""
    consent_rounds = ConsentRound.objects.filter(closed_at=None, closes_at__lte=now or timezone.now())
    return list(consent_rounds.values_list("pk", flat=True))


@transaction.atomic
def close(pk: int, now: datetime | None = None) -> bool:
    """Close a round after its deadline and find what came of it; a second call changes nothing."""
    locked, moment = lock_round(ConsentRound(pk=pk)), now or timezone.now()
    if locked.closed_at or locked.closes_at is None or moment < locked.closes_at:
        return False
    ConsentRound.objects.filter(pk=locked.pk).update(closed_at=moment)
    for text in locked.texts.all():
        _settle(text, locked)
    locked.texts.update(active=False)
    people = [group_membership.user for group_membership in members_of(locked.paper.group)]
    notify_members("round_closed", people, locked.get_absolute_url(), locked.code, paper=str(locked.paper))
    return True


@transaction.atomic
def withdraw(objection: ConsentAnswer, user: User, because: str) -> None:
    """Resolve an objection: only whoever raised it, after the round; what came of the round is found anew."""
    locked = lock_round(objection.text.round)
    now = ConsentAnswer.objects.select_related("text").get(pk=objection.pk)
    if now.by_id != user.pk:
        raise Refused(_("Only the person who objected can say that the objection is resolved."))
    if locked.closed_at is None:
        raise Refused(_("The consent round is still open. Change your answer instead."))
    if not now.stands:
        raise Refused(_("This objection has already been resolved."))
    ConsentAnswer.objects.filter(pk=now.pk).update(withdrawn_at=timezone.now(), withdrawn_because=because.strip())
    _settle(now.text, locked)


def lock_round(consent_round: ConsentRound) -> ConsentRound:
    rows = ConsentRound.objects.select_for_update(no_key=True, of=("self",)).select_related("paper__group")
    return rows.get(pk=consent_round.pk)


def _refuse_open(locked: ConsentRound) -> None:
    if locked.opened_at or locked.called_off_at:
        raise Refused(_("The consent round has begun, so you can no longer change it."))


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


def tally(side: str, consent_round: ConsentRound, answers: Iterable[ConsentAnswer]) -> Tally:
    own = [answer for answer in answers if answer.side == side]
    counts = Counter(answer.choice for answer in own)
    kinds = {choice.value: counts[choice] for choice in Choice}
    return Tally(
        side,
        consent_round.quorum(side),
        consent_round.organisations if side in BOTH_SIDES else 0,
        len(own),
        len({answer.organisation for answer in own if answer.organisation}),
        resolved=sum(answer.withdrawn_at is not None for answer in own),
        **kinds,
    )


def outcome(tallies: Iterable[Tally]) -> Outcome:
    """Adopt only what enough people of enough organisations of both sides answered, and neither side objects to."""
    both = [answered for answered in tallies if answered.side in BOTH_SIDES]
    if not all(answered.enough for answered in both):
        return Outcome.TOO_FEW
    return Outcome.ADOPTED if all(answered.consents for answered in both) else Outcome.OBJECTED


def _settle(text: RoundText, consent_round: ConsentRound) -> None:
    answers = list(text.answers.all())
    result = outcome(tally(side, consent_round, answers) for side in BOTH_SIDES)
    RoundText.objects.filter(pk=text.pk).update(outcome=result)
    later = RoundText.objects.filter(recommendation=text.recommendation_id, round__closed_at__isnull=False)
    if later.filter(round__opened_at__gt=consent_round.opened_at).exists():
        return  # a newer round has spoken
    standing = PaperStatus.ADOPTED if result == Outcome.ADOPTED else PaperStatus.NOT_ADOPTED
    Recommendation.objects.filter(pk=text.recommendation_id).update(standing=standing, decided_version=text.version)


@dataclass(frozen=True)
class Result:
    """What came of a round for one recommendation: by side, and what people said."""

    text: RoundText
    tallies: list[Tally]
    answers: list[ConsentAnswer]

    @property
    def objections(self) -> list[ConsentAnswer]:
        return [answer for answer in self.answers if answer.choice == Choice.OBJECTION]

    @property
    def minority(self) -> list[ConsentAnswer]:
        """Return the objections that nobody has resolved."""
        return [answer for answer in self.answers if answer.stands]

    @property
    def reservations(self) -> list[ConsentAnswer]:
        return [answer for answer in self.answers if answer.choice == Choice.RESERVATION]


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


def own_answers(consent_round: ConsentRound, user: User) -> dict[int, ConsentAnswer]:
    """Return what this person answered, by text."""
    return {
        consent_answer.text_id: consent_answer
        for consent_answer in ConsentAnswer.objects.filter(text__round=consent_round, by=user)
    }


def has_answered(consent_round: ConsentRound, user: User) -> bool:
    """Say whether this person has answered all that a round asks."""
    return not consent_round.texts.exclude(answers__by=user).exists()


def revisions_by_text(consent_round: ConsentRound) -> dict[int, Revision]:
    """Return the words that an opened round is about, by text."""
    texts = list(consent_round.texts.all())
    rows = Revision.objects.filter(item__in=[text.recommendation_id for text in texts])
    revisions = {(row.item_id, row.number): row for row in rows.filter(number__in=[text.version for text in texts])}
    return {text.pk: revisions[text.recommendation_id, text.version] for text in texts if text.version}


def to_answer(user: User, now: datetime | None = None) -> list[ConsentRound]:
    """Return the open rounds in which this person may answer and has not answered everything."""
    moment = now or timezone.now()
    member = "paper__group__group_memberships__"
    mine = {f"{member}user": user, f"{member}left_at": None, f"{member}confirmed_at__lt": F("opened_at")}
    waiting = RoundText.objects.filter(active=True).exclude(answers__by=user)
    consent_rounds = ConsentRound.objects.filter(closed_at=None, closes_at__gt=moment, texts__in=waiting, **mine)
    return list(consent_rounds.select_related("paper").distinct().order_by("closes_at")[:10])
