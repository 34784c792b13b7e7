"""A partnership of the demo that waits in the lobby of its second session: one Northern lead, three Southern partners.

The lead's side is not shown.
"""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from assessments.factors import factors
from assessments.models import Assessment, Outcome, Participant, Question
from assessments.results.release import make_release
from assessments.services import transitions
from assessments.services.followup import planned_actions
from assessments.services.safeguards import ground_rules, missing_voices, pledge
from assessments.services.session import agenda, causes, influence_change, joint, reading_guide
from assessments.services.setup import opening
from assessments.workflow import jobs
from assessments.workflow.actions import WorkflowAction
from partnerships.access import MemberRoles, member_roles_of
from partnerships.models import Kind, Partnership, Role, User
from partnerships.services.partners import PartnerData
from powertool.demo.factories import (
    close,
    close_rating,
    make_assessment,
    make_membership,
    make_partnership,
    make_ratings,
    make_trusted_person,
    make_user,
    spread,
)

# One Northern lead, three Southern partners that receive money through it.
HARVEST = [
    PartnerData("Fields and Futures", "FF", "NL", "north", Kind.INGO),
    PartnerData("Kilimo Collective", "KC", "KE", "south", Kind.NETWORK, "FF"),
    PartnerData("Semences Libres", "SL", "BF", "south", Kind.NATIONAL, "FF"),
    PartnerData("Red Semilla Viva", "RSV", "BO", "south", Kind.COMMUNITY, "FF"),
]
# What was agreed last time: wording, topic, levels in the order of the partners, and whether all agreed.
LAST_TIME = (
    ("Dividing the budget among us", "money-partners", (4, 1, 1, 0), False),
    ("Choosing the villages we work in", "implementation", (2, 4, 3, 3), True),
    ("What we report on, and to whom", "monitoring", (4, 2, 1, 1), False),
    ("Which seed varieties we promote", "theory-of-change", (3, 3, 2, 2), True),
)
SEEN = ((4, 0), (2, 3), (4, 1), (3, 2), (3, 0))  # how the North and the South usually stand, by decision


def load(people: dict[str, User]) -> None:
    noor, wanjiru, awa, ole = (people[f"{name}@demo.example"] for name in ("noor", "wanjiru", "awa", "ole"))
    context = "Farmers' organisations keep and exchange their own seeds: seed banks, training, and a fair law."
    partnership = make_partnership(noor, "Shared Harvest", context, ["KE", "BF", "BO"], HARVEST)
    hilde = make_user("hilde@demo.example", "Hilde Brandt")
    peter, lucia = (
        make_user("peter@demo.example", "Peter Mwangi"),
        make_user("lucia@demo.example", "Lucía Quispe"),
    )
    make_membership(partnership, noor, Role.FACILITATOR, "FF")
    make_membership(partnership, wanjiru, Role.FACILITATOR, "KC")
    make_membership(partnership, ole, Role.OBSERVER, "FF")
    representatives = ((hilde, "FF", 0), (peter, "KC", 1), (awa, "SL", 2), (lucia, "RSV", 3))
    memberships = {
        user: (make_membership(partnership, user, Role.REPRESENTATIVE, acronym), lean)
        for user, acronym, lean in representatives
    }
    before = _last_year(partnership, noor, wanjiru)
    roles_by_partnership = [member_roles_of(each, partnership) for each in (hilde, awa, lucia)]
    assessment = _opened(partnership, noor, before, roles_by_partnership, member_roles_of(wanjiru, partnership))
    for membership, lean in memberships.values():
        make_ratings(assessment, membership, _seen_by(lean), agree=lean == 0)
    facilitators = {"north": member_roles_of(noor, partnership), "south": member_roles_of(wanjiru, partnership)}
    assessment = close_rating(assessment, **facilitators)
    make_release(assessment)
    jobs.settle(assessment)
    _prepare(assessment, member_roles_of(noor, partnership), member_roles_of(wanjiru, partnership))
    peters = member_roles_of(peter, partnership)
    own = assessment.participants.get(acronym="KC").number
    influence_change.say(assessment, peters, own, {None: ("more", 0), 1: ("same", 0), 3: ("more", 0)})


def _seen_by(lean: int) -> Callable[[int, Participant], int]:
    """Return how one of the four sees the levels: near the usual ones, the lead itself a little kinder to its own."""

    def level(number: int, participant: Participant) -> int:
        usual = SEEN[number - 1][participant.side == "south"]
        return min(
            4,
            usual
            + (
                1 if (number + participant.number + lean) % 4 == 0 or (lean == 0 and participant.side == "south") else 0
            ),
        )

    return level


def _last_year(partnership: Partnership, noor: User, wanjiru: User) -> Assessment:
    """Agree levels in a session without private ratings, plan two actions, and close, a year ago."""
    leads = member_roles_of(noor, partnership)
    topics = {wording: topic for wording, topic, _levels, _agree in LAST_TIME}
    assessment = make_assessment(
        partnership, noor, topics, topics=topics, title="How we decided, a year ago", private_ratings=False
    )
    assessment = transitions.apply(assessment, leads, WorkflowAction.START_SESSION)
    everyone = list(assessment.participants.order_by("number"))
    for decision, (_wording, _topic, levels, agree) in zip(
        assessment.decisions.active().order_by("number"), LAST_TIME, strict=True
    ):
        entries = [joint.Entry(each, 0, {"actual": level}) for each, level in zip(everyone, levels, strict=True)]
        joint.record(assessment, leads, decision, entries)
        joint.record_outcome(assessment, leads, decision, 0, {"agree": agree})
    _disagree(assessment, leads)
    assessment = transitions.apply(assessment, leads, WorkflowAction.OPEN_FINAL_REVIEW)
    assessment = close(assessment, leads, member_roles_of(wanjiru, partnership))
    jobs.settle(assessment)
    spread(assessment, timezone.now() - timedelta(days=370))
    return Assessment.objects.get(pk=assessment.pk)


def _disagree(assessment: Assessment, leads: MemberRoles) -> None:
    """After the two “no”: an action with who confirms it, and a way without consensus; what stands behind them."""
    by = {each.acronym: each for each in assessment.participants.all()}
    budget, _villages, reports, _seeds = assessment.decisions.active().order_by("number")
    action = planned_actions.plan(
        assessment,
        leads,
        budget,
        text="The yearly budget is drafted together in one meeting, before it goes to the lead's board.",
        owner=by["FF"],
        confirmer=by["SL"],
        due=timezone.localdate() + timedelta(days=20),
    )
    planned_actions.follow_up(
        assessment, leads, action, "started", "A first meeting took place, after the board had met."
    )
    outcome = Outcome.objects.get(decision=reports)
    later = {"route": "governing", "review_on": timezone.localdate() + timedelta(days=60)}
    joint.record_outcome(assessment, leads, reports, outcome.version, later)
    slugs = [factor.slug for factor in factors()]
    causes.name(assessment, leads, budget, slugs[:2])
    causes.name(assessment, leads, reports, slugs[1:2])


def _opened(
    partnership: Partnership, noor: User, before: Assessment, keep_to_it: list[MemberRoles], wanjiru: MemberRoles
) -> Assessment:
    """Set up this year's: who gives money, who can be trusted, what was heard; then open the private ratings."""
    leads = member_roles_of(noor, partnership)
    assessment = opening.create_assessment(
        partnership,
        noor,
        title="How we decide now",
        phase="midterm",
        predecessor=before,
        funders=[partnership.partners.get(acronym="FF")],
    )
    make_trusted_person(assessment, leads, wanjiru)
    for text in ("Women who save seeds at home", "Farmers on rented land"):
        missing_voices.add_answer(assessment, leads, Question.ABSENT, text)
    for text in ("Stopping the fund for small repairs", "Who speaks at the seed congress"):
        missing_voices.add_answer(assessment, leads, Question.AFTERWARDS, text)
    missing_voices.propose_decision(
        assessment, leads, assessment.missing_voices.get(text="Stopping the fund for small repairs")
    )
    pledge.sign_pledge(assessment, keep_to_it[0])
    for member in (leads, *keep_to_it):
        ground_rules.accept_rules(assessment, member, 1)
    return transitions.apply(assessment, leads, WorkflowAction.OPEN_RATING)


def _prepare(assessment: Assessment, noor: MemberRoles, wanjiru: MemberRoles) -> None:
    """Let both facilitators guess and read, and send the agenda."""
    reading_guide.guess(assessment, noor, "Dividing the budget", "We do, I am afraid")
    reading_guide.guess(assessment, wanjiru, "Reporting: we write it, they change it", "Fields and Futures")
    minutes = agenda.USUAL
    agenda.keep(assessment, noor, minutes, agenda.proposed(assessment, minutes), 0)
    agenda.send(assessment, noor)
