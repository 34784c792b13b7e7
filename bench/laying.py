"""The data that `bench.ratios` asks for, laid in bulk: what is timed is reading and writing, not the laying."""

import itertools
from collections.abc import Iterator
from datetime import timedelta
from random import Random

from django.db import connection, transaction
from django.utils import timezone
from psycopg2 import sql

from assessments.models import Assessment, Decision, Stage
from assessments.services import transitions
from assessments.workflow.actions import WorkflowAction
from community.access import all_groups
from community.models import Item, ItemKind
from community.models.items import State
from partnerships import services
from partnerships.access import member_roles_of
from partnerships.models import Membership, Partner, Partnership, Role, User
from powertool.database_roles import as_owner
from powertool.demo import factories

A_PARTNERSHIP = 100  # assessments
STAGES = [stage for stage in Stage.values if stage != Stage.CLOSED] * 2 + [Stage.CLOSED] * 10
NUMBER = itertools.count(1)


def person(name: str) -> User:
    return User.objects.create_user(f"{name}-{next(NUMBER)}@bench.example", name=f"Bench {name}")


@transaction.atomic
def with_assessments(count: int) -> User:
    """Return a person with so many assessments, a hundred in each of her partnerships, of every stage."""
    user, now = person("Many"), timezone.now()
    homes = Partnership.objects.bulk_create(
        Partnership(name=f"Alliance {n}") for n in range(-(-count // A_PARTNERSHIP))
    )
    partners = Partner.objects.bulk_create(
        Partner(partnership=home, name=f"Organisation {side}", acronym=side.upper(), country="KE", side=side)
        for home in homes
        for side in ("north", "south")
    )
    Membership.objects.bulk_create(
        Membership(partnership=home, user=user, role=Role.FACILITATOR, partner=partner, admitted_at=now)
        for home, partner in zip(homes, partners[::2], strict=True)
    )
    Assessment.objects.bulk_create(
        (
            Assessment(
                partnership=homes[n // A_PARTNERSHIP],
                title=f"How we decide, {n}",
                stage=(stage := STAGES[n * 7 % len(STAGES)]),
                mode="by_side",
                closed_at=now if stage == Stage.CLOSED else None,
                created_at=now - timedelta(hours=n * 7919 % 87_600),
            )
            for n in range(count)
        ),
        batch_size=2000,
    )
    return user


DECISIONS = 15  # of one assessment
EVERY_DECISION, ONE_DECISION = "budget", "carryover"  # words of all decisions, and of one of a thousand


def with_decisions(assessments: int, readers: int) -> list[User]:
    """Return readers who take part in the same so many assessments, each with its decisions."""
    people = _with_decisions(assessments, readers)
    vacuum("assessments_assessment", "assessments_decision", "partnerships_membership")
    return people


@transaction.atomic
def _with_decisions(assessments: int, readers: int) -> list[User]:
    user, now = with_assessments(assessments), timezone.now()
    own = Membership.objects.filter(user=user).select_related("partnership", "partner")
    people = [person("Searching") for _ in range(readers)]
    Membership.objects.bulk_create(
        Membership(partnership=row.partnership, user=reader, role=Role.OBSERVER, partner=row.partner, admitted_at=now)
        for reader in people
        for row in own
    )
    wordings = (
        f"Dividing the {EVERY_DECISION} of year {n}{f' with {ONE_DECISION}' if n % 1000 == 0 else ''}"
        for n in itertools.count()
    )
    mine = Assessment.objects.filter(partnership__in=[row.partnership for row in own])
    Decision.objects.bulk_create(
        (
            Decision(assessment=assessment, wording=(wording := next(wordings)), original=wording, position=position)
            for assessment in mine
            for position in range(DECISIONS)
        ),
        batch_size=1000,
    )
    return people


def vacuum(*tables: str) -> None:
    """Count what is in tables and end their indexes' lists of new rows, as autovacuum does within a minute.

    Only their owner may do that. The site's role is warned, and nothing happens.
    """
    with as_owner(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))


LONG_NAME, NAME = "Organisation number {} of this partnership", "Water Network of Region {}"


def open_for_answers(partners: int, decisions: int, name: str = LONG_NAME) -> tuple[Assessment, Membership, User]:
    """Return an assessment that is open for answers, a representative's membership in it, and its facilitator."""
    user = person("Facilitator")
    sides = ["north" if at % 3 == 0 else "south" for at in range(partners)]
    data = [services.PartnerData(name.format(at), f"ORG{at}", "KE", side) for at, side in enumerate(sides, start=1)]
    partnership = services.create_partnership(user, services.PartnershipData("A large alliance"), data, "ORG1")
    wordings = (
        f"Dividing part {at} of the common budget among the countries and partners" for at in range(1, decisions + 1)
    )
    assessment = factories.make_assessment(partnership, user, wordings)
    transitions.apply(assessment, member_roles_of(user, partnership), WorkflowAction.OPEN_RATING)
    partner = partnership.partners.order_by("position")[1]
    membership = Membership.objects.create(
        partnership=partnership,
        user=person("Representative"),
        role=Role.REPRESENTATIVE,
        partner=partner,
        admitted_at=timezone.now(),
    )
    return Assessment.objects.get(pk=assessment.pk), membership, user


def in_session(partners: int, decisions: int, name: str = LONG_NAME) -> tuple[Assessment, Membership]:
    """Return an assessment in its joint session, and its facilitator's membership."""
    from assessments.results.release import make_release

    assessment, _membership, user = open_for_answers(partners, decisions, name)
    assessment = factories.close_rating(assessment)
    make_release(assessment)
    return Assessment.objects.get(pk=assessment.pk), user.memberships.get()


WORDS = """
partner budget trust country office donor report audit salary travel meeting women youth district training grant
contract risk season harvest market school clinic water road radio court law tax land fishery forest cattle union
network member board secretary treasurer annual quarterly regional national local rural urban remote digital
"""
EVERY, SOME, FEW = "decision", "overhead", "procurement"  # in all, in one of ten, in one of a hundred


def texts(count: int) -> None:
    """Publish so many findings, measures and comments, of about eighty words each."""
    random, now, author = Random(7), timezone.now(), person("Author")  # noqa: S311 (nothing secret)
    groups, known = all_groups(), WORDS.split()

    def text(n: int) -> str:
        words = random.choices(known, k=78) + [EVERY] + [SOME] * (n % 10 == 0) + [FEW] * (n % 100 == 0)
        random.shuffle(words)
        return " ".join(words)

    def items(kind: str, many: int, wholes: Iterator[Item] | None = None) -> list[Item]:
        rows = []
        for n in range(many):
            said, whole = text(n), next(wholes) if wholes else None
            rows.append(
                Item(
                    kind=kind,
                    group=whole.group if whole else groups[n % len(groups)],
                    whole=whole,
                    title="" if whole else said[:60],
                    text=said,
                    plain=said,
                    state=State.PUBLISHED,
                    published_at=now,
                    updated_at=now - timedelta(minutes=n),
                    author=author,
                    side="south",
                    version=1,
                )
            )
        return Item.objects.bulk_create(rows, batch_size=1000)

    third = count // 3
    works = items(ItemKind.FINDING, third) + items(ItemKind.MEASURE, third)
    items(ItemKind.COMMENT, count - 2 * third, itertools.cycle(works))
    vacuum("community_item")
