"""Make partnerships, assessments and answers by the services that people use: for the demo, tests and benches."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from assessments.models import Assessment, Decision, Matter, NothingToAdd, Participant
from assessments.results.agreed import make_agreed_result
from assessments.services import transitions
from assessments.services.rating import private_answers
from assessments.services.safeguards import side_words, trusted_person
from assessments.services.session import joint
from assessments.services.setup import decisions, opening
from assessments.workflow import guards
from partnerships.access import MemberRoles, member_roles_of
from partnerships.models import Membership, Partner, Partnership, Role, User
from partnerships.services.partners import PartnerData
from partnerships.services.start import lay_partners

PASSWORD = "shift-the-power"  # noqa: S105 (printed for everyone; the command refuses to run on a public site)
Levels = Callable[[int, Participant], int]  # by the number of a decision and a participant
AgreedLevels = Callable[[Decision, Participant], int]


# --- people and partnerships


def make_user(email: str, name: str, password: str = "") -> User:
    """Return somebody with an account; without a password nobody can sign in as her."""
    user = User.objects.create(email=email, name=name, password=make_password(password or None))
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def make_partnership(
    by: User, name: str, context: str, countries: list[str], partners: list[PartnerData]
) -> Partnership:
    made = Partnership.objects.create(name=name, context=context, countries=countries, created_by=by, is_demo=True)
    lay_partners(made, partners)
    return made


def make_membership(partnership: Partnership, user: User, role: str, acronym: str) -> Membership:
    """Return a confirmed membership; whoever represents a partner has confirmed its side."""
    now = timezone.now()
    partner = partnership.partners.get(acronym=acronym)
    if role == Role.REPRESENTATIVE:
        Partner.objects.filter(pk=partner.pk).update(side_confirmed_by=user, side_confirmed_at=now)
    return Membership.objects.create(
        partnership=partnership, user=user, role=role, partner=partner, admitted_at=now, confirmed_at=now
    )


# --- assessments, from the proposals to the closing


def make_assessment(
    partnership: Partnership,
    by: User,
    wordings: Iterable[str],
    proposer: Membership | None = None,
    topics: Mapping[str, str] | None = None,
    **fields,
) -> Assessment:
    """Return an assessment that collects decisions; its facilitator proposed them, unless somebody else did."""
    assessment = opening.create_assessment(partnership, by, **{"title": "How we decide", **fields})
    proposer = proposer or member_roles_of(by, partnership).any
    for wording in wordings:
        decisions.propose(assessment, proposer, wording, (topics or {}).get(wording, ""))
    return assessment


def make_trusted_person(assessment: Assessment, names: MemberRoles, other_side: MemberRoles) -> None:
    """Name the trusted person, let the other side confirm her, and let her say who she is."""
    name = "Dr Miriam Achterberg"
    person = trusted_person.name_person(assessment, names, name, "miriam.achterberg@demo.example")
    trusted_person.confirm_for_side(assessment, other_side, person.mark)
    trusted_person.confirm_person(person, name, "Retired ombudsperson, paid by none of us")


def new_mutation() -> private_answers.Mutation:
    return private_answers.Mutation(uuid.uuid4(), 0, timezone.now())


def make_ratings(
    assessment: Assessment,
    membership: Membership,
    level: Levels = lambda number, participant: 2,
    *,
    agree: bool = True,
    over: Iterable[Decision] | None = None,
    submit: bool = True,
    tick: bool = False,
) -> None:
    """Answer decisions, all of them if none are named; `tick`: a small side may be shown."""
    for decision in assessment.decisions.active() if over is None else over:
        number = decision.number or 0
        for participant in assessment.participants.all():
            answer_level = level(number, participant)
            private_answers.save_level(assessment, membership, number, participant.number, answer_level, new_mutation())
        private_answers.save_agreement(assessment, membership, number, agree, new_mutation())
    if submit:
        private_answers.hand_in(assessment, membership, show_small_side=tick)


def leaning(lean: int) -> Levels:
    """Return how somebody sees levels who leans this way: the North decides, and where it is odd even more so."""
    return lambda number, participant: min(4, 3 + lean % 2) if participant.side == "north" else (number + lean) % 3


def say_yes(
    assessment: Assessment,
    side: str,
    matter: str = Matter.CLOSE_RATING,
    day: date | None = None,
    speaker: MemberRoles | None = None,
    **about,
) -> Assessment:
    """Let a side say yes to what both sides decide: by this person, or by the first who may."""
    if matter == Matter.CLOSE_RATING:
        Assessment.objects.filter(pk=assessment.pk, rating_due=None).update(rating_due=timezone.localdate())
    speaker = speaker or MemberRoles((side_words.find_speakers(assessment, matter, side, **about)[0],))
    return side_words.give_word(assessment, speaker, matter, side, day=day, **about)


def close_rating(assessment: Assessment, **speakers: MemberRoles) -> Assessment:
    """Close the private ratings by a yes of each side; `north=` and `south=` name who says it."""
    for side in assessment.word_sides:
        assessment = say_yes(assessment, side, speaker=speakers.get(side))
    return assessment


def agree_levels(
    assessment: Assessment,
    member: MemberRoles,
    actual: AgreedLevels = lambda decision, participant: 2,
    desired: AgreedLevels | None = None,
) -> None:
    """Record agreed levels for every decision, as the facilitator does in the session."""
    for decision in assessment.decisions.active():
        entries = [
            joint.Entry(
                rated, 0, {"actual": actual(decision, rated), "desired": desired(decision, rated) if desired else None}
            )
            for rated in assessment.participants.all()
        ]
        joint.record(assessment, member, decision, entries)


def have_nothing_to_add(assessment: Assessment) -> None:
    """Let every organisation that has not replied say that it has nothing to add, so that nobody is waited for."""
    NothingToAdd.objects.bulk_create(NothingToAdd(participant=participant) for participant in guards.silent(assessment))


def close(assessment: Assessment, *facilitators: MemberRoles) -> Assessment:
    """Close an assessment in its final review, by the confirmations of its facilitators."""
    have_nothing_to_add(assessment)
    for member in facilitators:
        assessment = transitions.confirm(assessment, member)
    make_agreed_result(assessment)
    return Assessment.objects.get(pk=assessment.pk)


def spread(assessment: Assessment, closed_at: datetime) -> None:
    """Spread the moments of an assessment over the five weeks before it closed."""
    opened = closed_at - timedelta(days=20)
    dates = {"created_at": closed_at - timedelta(days=35), "opened_at": opened, "closed_at": closed_at}
    Assessment.objects.filter(pk=assessment.pk).update(readback_at=closed_at, **dates)
