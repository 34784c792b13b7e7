"""Partnerships to look at: one with a closed baseline and a closed midterm, others in ratings, caucus and session."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from assessments import importing
from assessments.models import Action, Assessment, Decision, Stage
from assessments.results.release import make_release
from assessments.services import transitions
from assessments.services.followup import closing, planned_actions
from assessments.services.safeguards import ground_rules, pledge
from assessments.workflow import actions, jobs
from community.models import Measure
from community.services.measures import adoptions, seed
from partnerships.access import member_roles_of
from partnerships.codes import new_code
from partnerships.models import Kind, Partner, Partnership, Role, User
from partnerships.services.partners import PartnerData
from powertool.demo import example, facts, policy_paper, trust, working_groups
from powertool.demo.factories import (
    PASSWORD,
    close,
    leaning,
    make_assessment,
    make_membership,
    make_partnership,
    make_ratings,
    make_user,
    spread,
)

NAME = "Voices for Change alliance"

# Role, name, address, and the partner they work for.
PEOPLE = {
    "noor@demo.example": ("Noor de Wit", Role.FACILITATOR, "NSF"),
    "wanjiru@demo.example": ("Wanjiru Kamau", Role.FACILITATOR, "RVWN"),
    "awa@demo.example": ("Awa Ouédraogo", Role.REPRESENTATIVE, "CSD"),
    "ole@demo.example": ("Ole Hansen", Role.OBSERVER, "SFGO"),
}
ACCOUNTS = {
    "noor@demo.example": "Northern facilitator",
    "wanjiru@demo.example": "Southern facilitator",
    "awa@demo.example": "Southern representative",
    "ole@demo.example": "observer",
}


@transaction.atomic
def load() -> bool:
    """Load the demo unless it is there; return whether it was loaded now."""
    example.load()
    if Partnership.objects.real().filter(is_demo=True, is_example=False).exists():
        return False
    people = {email: make_user(email, name, PASSWORD) for email, (name, _role, _partner) in PEOPLE.items()}
    partnership = _partnership(people)
    baseline = _assessment(partnership, people, "baseline", "How we decided, 2025", "baseline", days_ago=380)
    midterm = _assessment(partnership, people, "example", "How we decide, 2026", "midterm", days_ago=0, before=baseline)
    _follow_up(baseline, people)
    _mid_rating(people)
    trust.load(people)
    _community(people, partnership)
    _adopt(midterm, people["wanjiru@demo.example"])
    return True


def _partnership(people: dict[str, User]) -> Partnership:
    partnership = Partnership.objects.create(
        name=NAME,
        context="Women and young people claim their rights: training, advocacy and small grants in five countries.",
        countries=["KE", "UG", "BF", "BO", "BD"],
        created_by=people["noor@demo.example"],
        is_demo=True,
    )
    for position, row in enumerate(importing.parse_archive(example.archive("example")).of("partners.csv")):
        values = {name: row[name] for name in ("name", "acronym", "country", "side")}
        Partner.objects.create(partnership=partnership, position=position, kind=example.KINDS[row["acronym"]], **values)
    donor = partnership.partners.get(acronym="SFGO")
    partnership.partners.filter(acronym__in=["NSF", "FjA"]).update(receives_through=donor)
    lead = partnership.partners.get(acronym="NSF")
    partnership.partners.filter(side="south").update(receives_through=lead)
    for email, (_name, role, acronym) in PEOPLE.items():
        make_membership(partnership, people[email], role, acronym)
    return partnership


def _assessment(partnership, people, folder: str, title: str, phase: str, days_ago: int, before=None) -> Assessment:
    """Import one assessment, and take it through its session to its closing."""
    noor, wanjiru = people["noor@demo.example"], people["wanjiru@demo.example"]
    parsed = importing.parse_archive(example.archive(folder))
    assessment = importing.import_assessment(partnership, noor, parsed, code=new_code(), title=title, phase=phase)
    for decision in assessment.decisions.all():
        Decision.objects.filter(pk=decision.pk).update(topic=example.TOPICS[f"D{decision.number:02}"])
    facts.add(assessment, folder)
    if assessment.private_ratings:
        make_release(assessment)
    _say_more(assessment, people, folder)
    if before:
        _link(before, assessment)
    assessment = transitions.apply(
        Assessment.objects.get(pk=assessment.pk),
        member_roles_of(noor, partnership),
        actions.WorkflowAction.OPEN_FINAL_REVIEW,
    )
    if folder == "example":
        text = (
            "We were glad to see this on paper. We stay with what we wrote about decision 12: without the right to "
            "carry money over, planning with communities is not possible."
        )
        closing.reply(assessment, member_roles_of(people["awa@demo.example"], partnership), text)
    facilitators = (member_roles_of(person, partnership) for person in (noor, wanjiru))
    assessment = close(assessment, *facilitators)
    jobs.settle(assessment)
    spread(assessment, timezone.now() - timedelta(days=days_ago))
    return Assessment.objects.get(pk=assessment.pk)


def _say_more(assessment: Assessment, people: dict, folder: str) -> None:
    """Add what the files do not hold: who confirms the actions, and remarks."""
    gaining = {"D03": "CSD", "D05": "LBYA", "D06": "RAD", "D09": "RVWN", "D12": "CSD", "D02": "RVWN", "D11": "CHC"}
    by_acronym = {each.acronym: each for each in assessment.participants.all()}
    for action in assessment.actions.select_related("decision"):
        confirmer = by_acronym[gaining[f"D{action.decision.number:02}"]]
        Action.objects.filter(pk=action.pk).update(confirmer=confirmer)
    if folder == "example":
        member = member_roles_of(people["wanjiru@demo.example"], assessment.partnership)
        text = "Decision 9 took us longest. Hearing what happened the last time helped more than any number."
        closing.remark(assessment, member, text)


def _link(before: Assessment, after: Assessment) -> None:
    Assessment.objects.filter(pk=after.pk).update(predecessor=before)
    for decision in after.decisions.all():
        predecessor = before.decisions.get(number=decision.number)
        Decision.objects.filter(pk=decision.pk).update(predecessor=predecessor)


def _follow_up(assessment: Assessment, people: dict) -> None:
    member = member_roles_of(people["wanjiru@demo.example"], assessment.partnership)
    first, second, third = assessment.actions.order_by("due")
    planned_actions.follow_up(
        assessment, member, first, Action.Status.DONE, "Two workshops, in Nakuru and in Ouagadougou."
    )
    planned_actions.follow_up(
        assessment, member, second, Action.Status.STARTED, "The lead's board discusses it in June."
    )
    planned_actions.follow_up(assessment, member, third, Action.Status.DONE, "")


def _community(people: dict[str, User], partnership: Partnership) -> None:
    """Fill the three groups; the inventory comes first, so that what people wrote stands above it."""
    noor, wanjiru, awa, ole = (people[email] for email in PEOPLE)
    seed.seed()
    working_groups.fill(noor, wanjiru, awa, ole, partnership)
    working_groups.discuss_measure(wanjiru, awa, ole)
    others = [User.objects.get(email=f"{acronym}@demo.example") for acronym in ("wle", "vbw", "fuk", "joost")]
    policy_paper.write(policy_paper.People(noor, wanjiru, awa, ole, *others))


def _adopt(assessment: Assessment, user: User) -> None:
    """Let one action take a measure from the inventory."""
    for action in assessment.actions.filter(decision__topic="risk")[:1]:
        adoptions.adopt(Measure.objects.get(slug="due-diligence-passport"), action, user)


def _mid_rating(people: dict[str, User]) -> None:
    """Make a second partnership, in the middle of its private ratings; Awa has begun hers."""
    noor, wanjiru, awa = (people[f"{name}@demo.example"] for name in ("noor", "wanjiru", "awa"))
    partners = [
        PartnerData("Waterlink Europe", "WLE", "NL", "north", Kind.INGO),
        PartnerData("River Fund", "RF", "DE", "north", Kind.DONOR),
        PartnerData("Volta Basin Watch", "VBW", "GH", "south", Kind.NATIONAL),
        PartnerData("Eau pour Tous", "EPT", "BF", "south", Kind.COMMUNITY),
        PartnerData("Fishers' Union of Keta", "FUK", "GH", "south", Kind.COMMUNITY),
    ]
    context = "Communities along two rivers monitor the water and call for clean-up."
    partnership = make_partnership(noor, "Clean Rivers partnership", context, ["BF", "GH"], partners)
    make_membership(partnership, noor, Role.FACILITATOR, "WLE")
    make_membership(partnership, wanjiru, Role.FACILITATOR, "VBW")
    own = make_membership(partnership, awa, Role.REPRESENTATIVE, "EPT")
    others = [
        make_membership(partnership, make_user(f"{acronym.lower()}@demo.example", name), Role.REPRESENTATIVE, acronym)
        for name, acronym in (("Bram Visser", "WLE"), ("Kofi Mensah", "VBW"), ("Esi Quaye", "FUK"))
    ]
    due = timezone.localdate() + timedelta(days=10)
    give = partnership.partners.filter(acronym__in=["WLE", "RF"])
    topics = {
        "Choosing where we monitor": "implementation",
        "Dividing the annual budget": "money-partners",
        "Talking to the ministry and the press": "communication",
        "Setting the indicators we report on": "monitoring",
        "Hiring the coordinator": "staffing",
    }
    assessment = make_assessment(
        partnership, noor, topics, own, topics, title="How we decide together", rating_due=due, funders=give
    )
    pledge.sign_pledge(assessment, member_roles_of(others[0].user, partnership))
    for membership in others:
        ground_rules.accept_rules(assessment, member_roles_of(membership.user, partnership), 1)
    assessment = transitions.apply(assessment, member_roles_of(noor, partnership), actions.WorkflowAction.OPEN_RATING)
    for place, membership in enumerate(others):
        make_ratings(assessment, membership, leaning(place), agree=place == 0)
    begun = assessment.decisions.active()[:2]
    make_ratings(assessment, own, leaning(1), agree=False, over=begun, submit=False)
    assert assessment.stage == Stage.RATING  # noqa: S101
