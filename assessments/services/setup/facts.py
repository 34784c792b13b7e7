"""The facts of an assessment: which ones it uses, and what partners declare about themselves (METHOD §6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import fact_list
from assessments.models import Assessment, AssessmentFact, FactValue, Participant, Stage
from assessments.services.session.joint import changed
from assessments.workflow.actions import ROW_OF, WorkflowAction, lock_and_require
from partnerships import activity_log
from partnerships.access import MemberRoles
from partnerships.models import Membership, Partner, User
from partnerships.services import Refused


@dataclass(frozen=True)
class OwnFact:
    """A fact in a partnership's own words."""

    key: str
    question: str
    kind: str
    unit: str
    domain: str


FIELDS = ("question", "kind", "unit", "domain")  # of an own fact, besides its key


@dataclass(frozen=True)
class Origin:
    """The file from which a value was taken."""

    file: str
    day: date


class FactConflict(Refused):
    """Someone else has saved another value since the page was opened. Both are shown."""

    def __init__(self, row: FactValue, wanted: Decimal | None) -> None:
        super().__init__(_("Someone else has saved a different value. Choose the correct value."))
        self.row, self.wanted = row, wanted


# --- which facts


@transaction.atomic
def choose(
    assessment: Assessment,
    member: MemberRoles,
    keys: Iterable[str],
    money: str,
    own: Iterable[OwnFact] = (),
    topics: Mapping[int, str] | None = None,
) -> None:
    """Use these facts of the list and these own ones, and no others; `money` is the unit of budgets.

    `topics` gives decisions without a topic one, by their keys, so that they belong to a domain.
    """
    locked = lock_and_require(assessment, member, WorkflowAction.CHOOSE_FACTS)
    there = {fact.key: fact for fact in locked.facts.all()}
    wanted = {one.key: one for one in [*_listed(keys, money), *own]}
    _remove([fact for key, fact in there.items() if key not in wanted])
    for position, (key, one) in enumerate(wanted.items()):
        _put(there.get(key) or AssessmentFact(assessment=locked, key=key), one, position)
    for decision, topic in (topics or {}).items():
        locked.decisions.filter(pk=decision, topic="").update(topic=topic)
    activity_log.record(locked.partnership, member.any.user, WorkflowAction.CHOOSE_FACTS, locked.title)
    _let_session_follow(locked)


def _listed(keys: Iterable[str], money: str) -> list[OwnFact]:
    """Return the facts of the list in its order, without words of their own."""
    chosen = set(keys)
    return [
        OwnFact(each.key, "", each.kind, money if each.unit == fact_list.MONEY else each.unit, each.domain)
        for each in fact_list.FACTS
        if each.key in chosen
    ]


def _remove(facts: list[AssessmentFact]) -> None:
    if FactValue.objects.filter(fact__in=facts).exists():
        raise Refused(
            _("Partners have already given answers about a fact that you want to remove. You must keep that fact.")
        )
    AssessmentFact.objects.filter(pk__in=[fact.pk for fact in facts]).delete()


def _put(fact: AssessmentFact, wanted: OwnFact, position: int) -> None:
    """Save a fact as it is wanted; Refused if a partner has answered it in other words or in another unit."""
    new = {name: getattr(wanted, name) for name in FIELDS}
    is_reworded = any(getattr(fact, name) != value for name, value in new.items() if name != "domain")
    if fact.pk and not is_reworded:
        AssessmentFact.objects.filter(pk=fact.pk).update(position=position, domain=wanted.domain)
        return
    if fact.pk and fact.values.exists():
        raise Refused(
            _("Partners have already answered “%(fact)s”, so you cannot change this fact.")
            % {"fact": fact.question_text}
        )
    for name, value in new.items():
        setattr(fact, name, value)
    fact.position = position
    fact.save()


def carry_over(before: Assessment, after: Assessment) -> None:
    """Take over the facts of the assessment before, without values."""
    AssessmentFact.objects.bulk_create(
        AssessmentFact(assessment=after, **{name: getattr(fact, name) for name in ("key", *FIELDS, "position")})
        for fact in before.facts.all()
    )


# --- what partners declare


def partners_of(assessment: Assessment) -> QuerySet[Partner]:
    """Return the partners that are asked: those that take part, or before they are fixed, those that are there."""
    fixed = Partner.objects.filter(participations__assessment=assessment).order_by("participations__number")
    return fixed if fixed.exists() else assessment.partnership.partners.filter(left_at__isnull=True)


def is_own(partner: Partner, member: MemberRoles) -> bool:
    """Say whether this member represents the partner."""
    return member.represents is not None and member.represents.partner_id == partner.pk


def undeclared(user: User) -> QuerySet[AssessmentFact]:
    """Return the facts that the own organisation of this person is asked now and has not declared.

    A fact is declared once one person of the organisation has saved or confirmed it. Others cannot read that while
    rating is open.
    """
    represented = Membership.objects.in_force().representatives().filter(user=user)
    own = represented.filter(partnership=OuterRef("assessment__partnership"), partner__left_at=None)
    takes_part = Participant.objects.filter(assessment=OuterRef("assessment"))
    declared = FactValue.objects.filter(fact=OuterRef("pk"), partner=OuterRef("own"), confirmed_at__isnull=False)
    asked_now = AssessmentFact.objects.filter(
        assessment__stage__in=ROW_OF[WorkflowAction.DECLARE_FACTS].stages, assessment__archived_at=None
    )
    return (
        asked_now.annotate(own=Subquery(own.values("partner")[:1]))
        .filter(~Exists(takes_part) | Exists(takes_part.filter(partner=OuterRef("own"))), own__isnull=False)
        .exclude(Exists(declared))
    )


def partners_with_all(assessment: Assessment) -> tuple[int, int]:
    """Return how many partners declared all facts, as all members can see, and how many are asked."""
    there = partners_of(assessment)
    given = FactValue.objects.open().filter(fact__assessment=assessment, partner=OuterRef("pk")).order_by()
    counted = Subquery(given.values("partner").annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    return there.annotate(given=counted).filter(given=assessment.facts.count()).count(), there.count()


def own_values(assessment: Assessment, partner: Partner) -> dict[int, FactValue]:
    """Return what a partner itself sees of its values, by fact: what it saved last, and what waits for its yes."""
    rows = FactValue.objects.filter(fact__assessment=assessment, partner=partner).select_related("entered_by")
    return {row.fact_id: row for row in rows.order_by("held")}


def values_for_facilitators(assessment: Assessment, partner: Partner) -> dict[int, FactValue]:
    """Return what facilitators see of a partner's values, by fact: nothing that is held while rating is open."""
    rows = FactValue.objects.filter(fact__assessment=assessment, partner=partner, held=False)
    return {row.fact_id: row for row in rows.select_related("entered_by")}


@dataclass(frozen=True)
class FactEntry:
    """A value of a fact; `seen` is the version that the page had shown, 0 for none."""

    fact: AssessmentFact
    partner: Partner
    value: Decimal | None
    seen: int
    origin: Origin | None = None


@transaction.atomic
def declare(assessment: Assessment, member: MemberRoles, entry: FactEntry) -> None:
    """Save a representative's value of the own organisation, or confirm one that a facilitator entered."""
    locked = lock_and_require(assessment, member, WorkflowAction.DECLARE_FACTS)
    if not is_own(entry.partner, member):
        raise PermissionDenied
    row = own_values(locked, entry.partner).get(entry.fact.pk)
    if row is None or row.value != entry.value:
        _refuse_older(row, entry)
    elif row.confirmed_at:
        return
    _write(locked, member, row, entry, confirmed_at=timezone.now())


@transaction.atomic
def enter(assessment: Assessment, member: MemberRoles, entry: FactEntry) -> None:
    """Save a value that a facilitator enters for a partner. It is open to members once that partner confirms it."""
    locked = lock_and_require(assessment, member, WorkflowAction.ENTER_FACTS)
    row = values_for_facilitators(locked, entry.partner).get(entry.fact.pk)
    if row is not None and row.value == entry.value:
        return
    if row is not None and row.confirmed_at:
        raise Refused(_("The partner gave this answer itself, so only the partner can change it."))
    _refuse_older(row, entry)
    _write(locked, member, row, entry, confirmed_at=None)


def _refuse_older(row: FactValue | None, entry: FactEntry) -> None:
    if entry.seen != (row.version if row else 0):
        raise FactConflict(row or FactValue(fact=entry.fact, partner=entry.partner), entry.value)


def _write(
    locked: Assessment, member: MemberRoles, row: FactValue | None, entry: FactEntry, confirmed_at: datetime | None
) -> None:
    """Save the next version: in place of the row, or beside it while rating is open."""
    held = locked.stage == Stage.RATING
    new = row if row and row.held == held else FactValue(fact=entry.fact, partner=entry.partner, held=held)
    if row is not None and row.value == entry.value:  # confirmed: it still comes from where it came from
        new.source, new.source_file, new.source_date = row.source, row.source_file, row.source_date
    else:
        new.source = FactValue.Source.IATI if entry.origin else FactValue.Source.DECLARED
        new.source_file, new.source_date = (entry.origin.file, entry.origin.day) if entry.origin else ("", None)
    new.value, new.version = entry.value, (row.version if row else 0) + 1
    new.entered_by, new.confirmed_at = member.any.user, confirmed_at
    new.save()
    _let_session_follow(locked)


def _let_session_follow(locked: Assessment) -> None:
    """Let the screens of the session and the results catch up, once there are some."""
    if locked.stage == Stage.JOINT:
        changed(locked)
