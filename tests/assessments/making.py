"""Assessments for tests, brought to a stage by the same services that people use."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import connection, transaction
from django.utils import timezone

from assessments import fact_list
from assessments.models import Assessment, AssessmentFact, FactValue, IatiImport, LiveSession, TrustedPerson
from assessments.results.release import make_release
from assessments.services import transitions
from assessments.services.rating import private_answers
from assessments.services.safeguards import trusted_person
from partnerships.access import member_roles_of
from powertool.demo import factories
from tests.factories import Cast
from tests.worlds import kept


def mutation(base_version: int = 0, ago: timedelta = timedelta(0), mutation_id: uuid.UUID | None = None):
    return private_answers.Mutation(mutation_id or uuid.uuid4(), base_version, timezone.now() - ago)


@kept
def make_assessment(cast: Cast, wordings=("Dividing the budget", "Hiring the coordinator"), **fields) -> Assessment:
    """Return an assessment that collects decisions, proposed by the Northern facilitator."""
    return factories.make_assessment(cast.partnership, cast.north_facilitator, wordings, **fields)


def step(cast: Cast, assessment: Assessment, action: str) -> Assessment:
    if action in ("close_rating", "reopen_decisions"):
        return both_say_yes(assessment, action)
    return transitions.apply(assessment, member_roles_of(cast.north_facilitator, cast.partnership), action)


def choose_fact(assessment: Assessment, key: str = "governing_seats", **fields) -> AssessmentFact:
    """Let an assessment use a fact; budgets are in euros."""
    listed = fact_list.BY_KEY.get(key)
    own = {"kind": listed.kind, "unit": listed.unit, "domain": listed.domain} if listed else {}
    if own.get("unit") == fact_list.MONEY:
        own["unit"] = "EUR"
    with transaction.atomic():
        return AssessmentFact.objects.create(assessment=assessment, key=key, **{**own, **fields})


def declare_fact(fact: AssessmentFact, partner, value, **fields) -> FactValue:
    """Let a partner declare a fact, as nobody holds it back or has to confirm it."""
    with transaction.atomic():
        return FactValue.objects.create(
            fact=fact, partner=partner, value=value, **{"confirmed_at": timezone.now(), **fields}
        )


def import_from_iati(assessment: Assessment, partner) -> IatiImport:
    """Let an import of an IATI file have reached its preview: the partner manages and spent 10 euros."""
    choose_fact(assessment, "budget_managed")
    line = {"activity": "NL-1-PROGRAMME", "day": "2025-03-01", "value": "10.00", "giver": "Hivos", "receiver": ""}
    part = {"number": 1, "what": "spent", "total": "10.00", "count": 1, "lines": [line]}
    number = {"partner": partner.pk, "own": True, "managed": "10.00", "spent": "10.00", "parts": [part]}
    hivos = {"key": "nl-1", "name": "Hivos", "reference": "NL-1", "transactions": 1, "partner": None, "like": None}
    with transaction.atomic():
        return IatiImport.objects.create(
            assessment=assessment,
            file_name="hivos.xml",
            size=1,
            found={"years": {"EUR": {"2025": 1}}, "organisations": [hivos], "more": 0},
            chosen={"currency": "EUR", "years": [2025], "partners": {"nl-1": partner.pk}},
            preview={"numbers": [number], "left_out": []},
        )


def both_say_yes(assessment: Assessment, matter: str, day: date | None = None, **about) -> Assessment:
    """Let one person of each side say yes, as they do on their own screens."""
    for side in assessment.word_sides:
        assessment = says_yes(assessment, side, matter, day, **about)
    return assessment


def says_yes(assessment: Assessment, side: str, matter: str = "close_rating", day: date | None = None, **about):
    """Let one side say yes, so that the other's press is the last that is needed."""
    return factories.say_yes(assessment, side, matter, day, **about)


@kept
def rating(cast: Cast, **fields) -> Assessment:
    return step(cast, make_assessment(cast, **fields), "open_rating")


@contextmanager
def past_triggers() -> Iterator[None]:
    """Let rows be written as no service and no trigger would let them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def in_mode(assessment: Assessment, mode: str) -> None:
    """Let an assessment be as if it had first opened in another mode."""
    with past_triggers():
        Assessment.objects.filter(pk=assessment.pk).update(mode=mode)


def answer_all(assessment: Assessment, membership, level=lambda decision, partner: 2, agree=True, tick=False) -> None:
    """Answer every cell of a sheet and hand it in."""
    factories.make_ratings(assessment, membership, level, agree=agree, tick=tick)


@kept
def in_session(cast: Cast, **fields) -> Assessment:
    """Return an assessment in its joint session, at the first decision, after private ratings that nobody gave."""
    assessment = arriving(cast, **fields)
    LiveSession.objects.filter(assessment=assessment).update(phase=LiveSession.Phase.DECISIONS)
    return Assessment.objects.get(pk=assessment.pk)


@kept
def arriving(cast: Cast, **fields) -> Assessment:
    """Return an assessment whose joint session has just begun: people arrive in the lobby."""
    assessment = step(cast, rating(cast, **fields), "close_rating")
    make_release(assessment)
    return Assessment.objects.get(pk=assessment.pk)


def agree_levels(cast: Cast, assessment: Assessment, actual=lambda decision, partner: 2, desired=None) -> None:
    factories.agree_levels(assessment, member_roles_of(cast.north_facilitator, cast.partnership), actual, desired)


def trust(cast: Cast, assessment: Assessment, name="Ada", email="ada@example.org") -> TrustedPerson:
    """Return a trusted person whom both sides confirmed, and who said who she is; her link is not mailed yet."""
    north, south = (member_roles_of(one, cast.partnership) for one in (cast.north_facilitator, cast.south_facilitator))
    person = trusted_person.name_person(assessment, north, name, email)
    trusted_person.confirm_for_side(assessment, south, person.mark)
    trusted_person.confirm_person(person, f"{name} herself", "retired judge")
    return TrustedPerson.objects.get(pk=person.pk)


nothing_to_add = factories.have_nothing_to_add


@kept
def closed(cast: Cast, **fields) -> Assessment:
    return close(cast, in_session(cast, **fields))


def close(cast: Cast, assessment: Assessment) -> Assessment:
    """Return an assessment closed from its session, with a level of everyone about everything."""
    agree_levels(cast, assessment)
    assessment = step(cast, assessment, "read_back")
    both = (cast.north_facilitator, cast.south_facilitator)
    return factories.close(assessment, *(member_roles_of(person, cast.partnership) for person in both))
