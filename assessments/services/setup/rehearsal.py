"""Rehearsing alone: a partnership of invented organisations and people that never counts and goes without a trace."""

import uuid

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Assessment, Mode, Participant, Stage
from assessments.services.rating import private_answers
from assessments.services.setup import decisions, opening
from assessments.services.setup.deletion import forget_in_cache
from partnerships.access import MemberRoles
from partnerships.models import Impersonation, Membership, Partner, Partnership, Role, Side, User
from partnerships.services import Refused
from partnerships.services.partners import PartnerData
from partnerships.services.start import lay_partners

# Countries are only the form's; the organisations are of nowhere.
ORGANISATIONS = (
    ("Aurora", Side.NORTH, "NL"),
    ("Borealis", Side.NORTH, "SE"),
    ("Cirrus", Side.NORTH, "DE"),
    ("Dawa", Side.SOUTH, "KE"),
    ("Encina", Side.SOUTH, "BO"),
    ("Fanal", Side.SOUTH, "SN"),
)
CONSORTIUM = (
    ("Aurora", Side.NORTH, "NL"),
    ("Dawa", Side.SOUTH, "KE"),
    ("Encina", Side.SOUTH, "BO"),
    ("Fanal", Side.SOUTH, "SN"),
    ("Gaia", Side.SOUTH, "ET"),
    ("Huerta", Side.SOUTH, "GT"),
)
KINDS = {"two_sides": ORGANISATIONS, "one_lead": CONSORTIUM}
MODES = {"two_sides": Mode.BY_SIDE, "one_lead": Mode.ALL_TOGETHER}  # what fits each list of partners
# Per decision, the usual level of Northern and of Southern partners as the North sees it, and as the South does.
PATTERN = (((3, 3), (4, 1)), ((4, 2), (4, 1)), ((3, 2), (3, 2)), ((2, 3), (3, 3)), ((4, 1), (4, 0)))


def wordings() -> list[str]:
    return [
        _("Dividing the budget among partners"),
        _("Choosing new partners"),
        _("Hiring the coordinator"),
        _("Planning the activities in the field"),
        _("Talking with the donor"),
    ]


@transaction.atomic
def start(user: User, kind: str = "two_sides") -> Partnership:
    """Return this person's rehearsal; if she has none, make one of two sides or a consortium with one lead."""
    if user.is_guest or not user.is_active:
        raise PermissionDenied
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return find(user) or _lay(user, kind)


def find(user: User) -> Partnership | None:
    own = Partnership.objects.visible_to(user).filter(is_rehearsal=True, created_by=user)
    return own.exclude(partners__from_import=True).first()


def _lay(user: User, kind: str) -> Partnership:
    partnership = Partnership.objects.create(
        name=_("Rehearsal: everything in it is invented"), created_by=user, is_rehearsal=True, is_demo=True
    )
    lay_partners(partnership, _organisations(kind))
    now = timezone.now()
    partners = list(partnership.partners.order_by("position"))
    partnership.partners.update(side_confirmed_at=now)
    shared = {"partnership": partnership, "admitted_at": now, "confirmed_at": now}
    Membership.objects.create(user=user, role=Role.FACILITATOR, partner=partners[0], **shared)
    memberships = [
        Membership.objects.create(
            user=_person(partnership, partner, user), role=Role.REPRESENTATIVE, partner=partner, **shared
        )
        for partner in partners
    ]
    Membership.objects.create(user=memberships[3].user, role=Role.FACILITATOR, partner=partners[3], **shared)
    assessment = opening.create_assessment(partnership, user, title=partnership.name, mode_wanted=MODES[kind])
    for number, wording in enumerate(wordings()):
        decisions.propose(assessment, memberships[number], wording)
    return partnership


def _organisations(kind: str) -> list[PartnerData]:
    """Return the invented organisations; in a consortium all others receive their money through the lead."""
    lead = KINDS[kind][0][0] if kind == "one_lead" else ""
    pretend = {name: _("%(name)s (invented)") % {"name": name} for name, _side, _country in KINDS[kind]}
    return [
        PartnerData(pretend[name], name, country, side, receives_through="" if name == lead else lead)
        for name, side, country in KINDS[kind]
    ]


def _person(partnership: Partnership, partner: Partner, maker: User) -> User:
    name = _("Invented person from %(organisation)s") % {"organisation": partner.acronym}
    return User.objects.create_user(
        name=name, is_guest=True, is_active=False, pretend_in=partnership, language=maker.language
    )


def pretend_memberships(partnership: Partnership) -> list[Membership]:
    memberships = partnership.memberships.in_force().representatives().filter(user__pretend_in=partnership)
    return list(memberships.select_related("user", "partner").order_by("partner__position"))


@transaction.atomic
def look(partnership: Partnership, member: MemberRoles, code: str) -> Membership | None:
    """See the pages as one of the pretend people from now on; with no code, as oneself again."""
    own = member.membership(Role.FACILITATOR)
    if own is None or not partnership.is_rehearsal:
        raise PermissionDenied
    Impersonation.objects.filter(by=own).delete()
    membership = next((membership for membership in pretend_memberships(partnership) if membership.code == code), None)
    if membership:
        Impersonation.objects.create(by=own, membership=membership)
    return membership


@transaction.atomic
def answer_all(partnership: Partnership) -> int:
    """Let each pretend representative answer and hand in, or vote, where that is asked now; return how many did."""
    if not partnership.is_rehearsal:
        raise PermissionDenied
    count = 0
    for assessment in partnership.assessments.exclude(stage=Stage.CLOSED):
        if assessment.stage == Stage.VOTING and not assessment.vote_ended_at:
            count += vote_for_all(assessment)
        elif assessment.stage == Stage.RATING and not assessment.answers_by_side:
            count += rate_for_all(assessment)
    if not count:
        raise Refused(
            _("The invented people have nothing to answer now. They take part only in private ratings and votes.")
        )
    return count


def vote_for_all(assessment: Assessment) -> int:
    codes = list(assessment.decisions.active().values_list("code", flat=True))
    memberships = pretend_memberships(assessment.partnership)
    for membership in memberships:
        first = 0 if membership.partner and membership.partner.side == Side.NORTH else max(len(codes) - 2, 0)
        decisions.vote(assessment, membership, codes[first : first + 2])
    return len(memberships)


def rate_for_all(assessment: Assessment) -> int:
    memberships = pretend_memberships(assessment.partnership)
    for place, membership in enumerate(memberships):
        private_answers.save_all(assessment, membership, _sheet(assessment, membership, place))
        private_answers.hand_in(assessment, membership, False)
    return len(memberships)


def has_answered(assessment: Assessment) -> bool:
    """Say whether the pretend people have submitted; there is nobody else in a rehearsal whom this could tell."""
    people = [membership.user for membership in pretend_memberships(assessment.partnership)]
    return all(
        private_answers.sheets_of(user).filter(assessment=assessment, submitted_at__isnull=False).exists()
        for user in people
    )


def usual_levels(number: int, participants: list[Participant]) -> list[int]:
    """Return the level of each partner on which a pretend group agrees."""
    return [_level(number, True, str(one.side), number + one.number) for one in participants]


def _sheet(assessment: Assessment, membership: Membership, place: int) -> dict[int, list[private_answers.Change]]:
    """Return a whole sheet of answers by the decision's number."""
    south = bool(membership.partner and membership.partner.side == Side.SOUTH)
    participants = list(assessment.participants.all())
    sheet = {}
    numbers = assessment.decisions.active().filter(number__isnull=False).values_list("number", flat=True)
    for number in (number or 0 for number in numbers):
        levels = [(each.number, _level(number, south, str(each.side), place + each.number)) for each in participants]
        sheet[number] = [private_answers.level(partner, level, _change()) for partner, level in levels]
        sheet[number].append(private_answers.agreement(not south or number % 2 == 0, _change()))
    return sheet


def _change() -> private_answers.Mutation:
    return private_answers.Mutation(uuid.uuid4(), 0, timezone.now())


def _level(number: int, south: bool, side: str, place: int) -> int:
    """Return a level near the usual one, so that answers differ as those of people do."""
    north_level, south_level = PATTERN[number % len(PATTERN)][south]
    usual = north_level if side == Side.NORTH else south_level
    return min(4, max(0, usual + (1 if place % 5 == 0 else -1 if place % 4 == 0 else 0)))


@transaction.atomic
def remove(partnership: Partnership) -> None:
    """Delete a rehearsal with everything that it made: rows, files, and what the cache holds for a moment."""
    locked = Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    if not locked.is_rehearsal:
        raise PermissionDenied
    forget_in_cache(list(locked.assessments.values_list("pk", flat=True)))
    locked.delete()
