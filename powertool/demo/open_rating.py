"""A partnership of the demo in the middle of its private ratings; Awa has begun hers."""

from datetime import timedelta

from django.utils import timezone

from assessments.models import Stage
from assessments.services import transitions
from assessments.services.safeguards import ground_rules, pledge
from assessments.workflow.actions import WorkflowAction
from partnerships.access import member_roles_of
from partnerships.models import Kind, Role, User
from partnerships.services.partners import PartnerData
from powertool.demo.factories import (
    leaning,
    make_assessment,
    make_membership,
    make_partnership,
    make_ratings,
    make_user,
)


def load(people: dict[str, User]) -> None:
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
    assessment = transitions.apply(assessment, member_roles_of(noor, partnership), WorkflowAction.OPEN_RATING)
    for place, membership in enumerate(others):
        make_ratings(assessment, membership, leaning(place), agree=place == 0)
    begun = assessment.decisions.active()[:2]
    make_ratings(assessment, own, leaning(1), agree=False, over=begun, submit=False)
    assert assessment.stage == Stage.RATING  # noqa: S101
