"""The demo: partnerships at each stage, working groups, and the accounts that go with them.

One module for each partnership, named after what it shows. `factories` makes people, partnerships and answers.
"""

from django.db import transaction

from assessments.models import Assessment
from community.models import Measure
from community.services.measures import adoptions, seed
from partnerships.models import Partnership, User
from powertool.demo import (
    closed_assessments,
    example,
    open_caucus,
    open_rating,
    policy_paper,
    session_lobby,
    working_groups,
)
from powertool.demo.factories import PASSWORD, make_user
from powertool.demo.people import PEOPLE


@transaction.atomic
def load() -> bool:
    """Load the demo unless it is there; return whether it was loaded now."""
    example.load()
    if Partnership.objects.real().filter(is_demo=True, is_example=False).exists():
        return False
    people = {email: make_user(email, name, PASSWORD) for email, (name, _role, _partner) in PEOPLE.items()}
    midterm = closed_assessments.load(people)
    open_rating.load(people)
    session_lobby.load(people)
    open_caucus.load(people)
    _community(people, midterm.partnership)
    _adopt(midterm, people["wanjiru@demo.example"])
    return True


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
