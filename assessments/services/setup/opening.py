"""Creating an assessment, opening and closing its private ratings."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.models import Assessment, Decision, Funder, Job, Mode, NamedAcceptance, Participant
from assessments.services.notifications import notify_memberships
from assessments.services.rating import fieldwork, private_answers, progress, wanted_languages
from assessments.services.setup import examples, facts
from assessments.workflow import jobs
from assessments.workflow.actions import WorkflowAction, lock_and_require
from partnerships import activity_log
from partnerships.access import MemberRoles
from partnerships.locales import listed
from partnerships.models import Membership, MembershipQuerySet, Partnership, Role, User
from partnerships.notifications import notify
from partnerships.services import Refused
from partnerships.services.memberships import lock

FIXED_WHEN_OPENED = ("mode_wanted", "k", "private_ratings")


@transaction.atomic
def create_assessment(partnership: Partnership, user: User, *, topics=(), funders=(), **fields) -> Assessment:
    """Create an assessment; a chosen predecessor hands on its decisions, chosen topics become example decisions."""
    refuse_in_archive(partnership)
    assessment = Assessment.objects.create(partnership=partnership, created_by=user, **fields)
    Funder.objects.bulk_create(Funder(assessment=assessment, partner=partner) for partner in funders)
    if assessment.predecessor:
        carry_over(assessment.predecessor, assessment)
        facts.carry_over(assessment.predecessor, assessment)
    examples.add(assessment, topics)
    activity_log.record(partnership, user, "create_assessment", assessment.title)
    notify_members(assessment, "assessments.started", exclude=user)
    return assessment


def refuse_in_archive(partnership: Partnership) -> None:
    """Lock the partnership, and refuse where it is archived."""
    if lock(partnership).archived_at:
        raise Refused(_("This partnership is archived. Restore it from the archive first."))


def carry_over(before: Assessment, after: Assessment) -> None:
    """Take over the decisions, each linked to its predecessor so that shift can be measured."""
    Decision.objects.bulk_create(
        Decision(
            assessment=after,
            wording=decision.wording,
            original=decision.wording,
            language=decision.language,
            translations=decision.translations,
            topic=decision.topic,
            predecessor=decision,
            position=place,
        )
        for place, decision in enumerate(before.decisions.active())
    )


def open_rating(assessment: Assessment) -> None:
    """Fix the list, the sides and the mode; from here on answers can come in."""
    fix_partners_and_decisions(assessment)
    wanted_languages.begin(assessment)
    assessment.mode = mode_in_effect(assessment)
    assessment.opened_at = timezone.now()
    if assessment.first_opened_at is None:
        assessment.first_opened_at = assessment.opened_at
        assessment.opened_with = list(active_partners(assessment).values_list("pk", flat=True))
    kind = "assessments.caucus_open" if assessment.answers_by_side else "assessments.rating_open"
    notify_members(assessment, kind, roles=[Role.REPRESENTATIVE])
    asked = assessment.partnership.memberships.in_force().representatives().values("user")
    others = assessment.partnership.memberships.in_force().exclude(user__in=asked)
    notify_people(assessment, "assessments.rating_begun", others)


def mode_in_effect(assessment: Assessment) -> str:
    """Return the wanted mode; *named* only where every organisation's representatives privately accepted it.

    What rating first opened with stays, except that a partner added later turns *named* into *by side*, without asking.
    """
    if assessment.first_opened_at:
        added = active_partners(assessment).exclude(pk__in=assessment.opened_with).exists()
        return Mode.BY_SIDE if added and assessment.mode == Mode.NAMED else assessment.mode
    if assessment.mode_wanted != Mode.NAMED:
        return assessment.mode_wanted
    memberships = assessment.partnership.memberships.in_force().representatives()
    accepted = set(
        NamedAcceptance.objects.filter(assessment=assessment, accepted=True).values_list("membership_id", flat=True)
    )
    partners = set(active_partners(assessment).values_list("pk", flat=True))
    everybody = {membership.pk: membership.partner_id for membership in memberships}
    agreed = partners <= set(everybody.values()) and set(everybody) <= accepted
    return Mode.NAMED if agreed else Mode.BY_SIDE


def fix_partners_and_decisions(assessment: Assessment) -> None:
    there = Participant.objects.bulk_create(
        Participant.of(assessment, partner, number)
        for number, partner in enumerate(active_partners(assessment), start=1)
    )
    assessment.sides = sorted({*assessment.sides, *(participant.side for participant in there if participant.side)})
    decisions = list(assessment.decisions.active())
    for number, decision in enumerate(decisions, start=1):
        decision.number = number
    Decision.objects.bulk_update(decisions, ["number"])


def active_partners(assessment: Assessment):
    return assessment.partnership.partners.filter(left_at__isnull=True)


def reopen_decisions(assessment: Assessment) -> None:
    """Go back to collecting: private answers are deleted unseen, and the snapshot is dropped. The mode stays."""
    private_answers.delete_all(assessment)
    wanted_languages.delete_requests(assessment)
    assessment.participants.all().delete()
    assessment.decisions.update(number=None)
    assessment.opened_at = assessment.rating_closes_at = None


def start_session(assessment: Assessment) -> None:
    """Go straight to the joint session, without private ratings."""
    fix_partners_and_decisions(assessment)
    assessment.opened_at = timezone.now()
    begin_session(assessment)
    notify_members(assessment, "assessments.session_open")


def close_rating(assessment: Assessment) -> None:
    """End the private ratings for good, and ask for the one Release. What days bring is dated on their end."""
    now = timezone.now()
    assessment.rating_closed_at = min(assessment.rating_closes_at or now, now)
    assessment.rating_closes_at = None
    progress.forget_submissions(assessment)
    wanted_languages.delete_requests(assessment)
    fieldwork.name_importers(assessment)
    begin_session(assessment)
    jobs.request(assessment, Job.Kind.RELEASE)


def begin_session(assessment: Assessment) -> None:
    assessment.current_decision = assessment.decisions.active().order_by("number").first()


def notify_members(assessment: Assessment, kind: str, roles=(), exclude: User | None = None) -> None:
    memberships = assessment.partnership.memberships.in_force().exclude(user=exclude).select_related("user")
    notify_people(assessment, kind, memberships.filter(role__in=roles) if roles else memberships)


def notify_people(
    assessment: Assessment, kind: str, memberships: MembershipQuerySet, url_name: str = "overview"
) -> None:
    """Tell the people of some memberships, once per assessment and kind."""
    users = {membership.user_id: membership.user for membership in memberships.select_related("user")}
    notify(
        kind,
        users.values(),
        url=reverse(f"assessments:{url_name}", args=[assessment.code]),
        dedupe=assessment.code,
        assessment=assessment.title,
        partnership=assessment.partnership.name,
    )


@dataclass(frozen=True)
class Reached:
    """How many representatives get an e-mail, and the names of those to whom we can send none."""

    mailed: int
    unreached: list[str]

    def sentences(self) -> list[str]:
        """Say it to the facilitators, so that they send a message where we cannot."""
        text = ngettext(
            "We are sending an e-mail to %(n)d representative.",
            "We are sending an e-mail to %(n)d representatives.",
            self.mailed,
        ) % {"n": self.mailed}
        if not self.unreached:
            return [text]
        unreached = _("We have no e-mail address for %(names)s. Please send them a message yourself.")
        return [text, unreached % {"names": listed(self.unreached)}]


def reached_by_opening(assessment: Assessment) -> Reached:
    """Return whom the opening of the ratings reached."""
    memberships = assessment.partnership.memberships.in_force().representatives().select_related("user")
    users = {membership.user_id: membership.user for membership in memberships}.values()
    return Reached(sum(bool(user.email) for user in users), [str(user) for user in users if not user.email])


@transaction.atomic
def set_day(assessment: Assessment, member: MemberRoles, day: date) -> None:
    """Set the last day to answer where there is none yet, and tell everyone."""
    locked = lock_and_require(assessment, member, WorkflowAction.SET_DAY)
    if day < timezone.localdate():
        raise Refused(_("This date has passed. Choose today or a later date."))
    locked.rating_due = day
    locked.save(update_fields=["rating_due"])
    activity_log.record(locked.partnership, member.any.user, WorkflowAction.SET_DAY, locked.title)
    notify_memberships(locked, "assessments.due_moved", due=day.isoformat())


@transaction.atomic
def change_session(assessment: Assessment, member: MemberRoles, fields: dict) -> None:
    """Set or move the day, the hour and the place of the session, and tell everyone."""
    locked = lock_and_require(assessment, member, WorkflowAction.CHANGE_SESSION)
    if all(getattr(locked, name) == value for name, value in fields.items()):
        return
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(fields))
    activity_log.record(locked.partnership, member.any.user, WorkflowAction.CHANGE_SESSION, locked.title)
    at = locked.session_at.isoformat() if locked.session_at else ""
    notify_memberships(locked, "assessments.session_moved", at=at, zone=locked.session_zone, place=locked.session_place)


@transaction.atomic
def answer_named(assessment: Assessment, membership: Membership, accepted: bool) -> None:
    """Keep a representative's private yes or no to the named mode."""
    NamedAcceptance.objects.update_or_create(
        assessment=assessment, membership=membership, defaults={"accepted": accepted}
    )


@transaction.atomic
def change_settings(assessment: Assessment, member: MemberRoles, fields: dict) -> Assessment:
    """Change the set-up; refused once rating opened, also when that happens at the same moment."""
    locked = lock_and_require(assessment, member, WorkflowAction.CHANGE_SETTINGS)
    if locked.first_opened_at:
        fields = {name: value for name, value in fields.items() if name not in FIXED_WHEN_OPENED}
    if "funders" in fields:
        fields = dict(fields)
        give = fields.pop("funders")
        locked.funders.exclude(partner__in=give).delete()
        Funder.objects.bulk_create(
            [Funder(assessment=locked, partner=partner) for partner in give], ignore_conflicts=True
        )
    for name, value in fields.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(fields))
    return locked
