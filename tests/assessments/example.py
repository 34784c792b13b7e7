"""The example in `tests/data/example`, laid into the database: ratings closed, levels agreed, five actions."""

import csv
import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils import timezone

from assessments.models import Action, AgreedLevel, Assessment, Outcome, Stage
from assessments.models.private import PrivateAgreement, Rater, Rating
from assessments.results.agreed import make_agreed_result
from assessments.results.release import make_release
from assessments.services import transitions
from partnerships.access import member_roles_of
from partnerships.models import Kind, Partnership, Role, User
from powertool.demo import factories
from tests.factories import PartnerFactory, PartnershipFactory, membership
from tests.worlds import kept

FOLDER = Path(__file__).parent.parent / "data" / "example"


@dataclass
class Example:
    partnership: Partnership
    assessment: Assessment
    facilitator: User
    representative: User
    observer: User


def read(name: str) -> list[dict]:
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@kept
def make_example(stage: str = Stage.JOINT, mode: str = "by_side", computed: bool = True, **fields) -> Example:
    """Lay the example; `stage` is RATING (answers only) or JOINT and later (everything)."""
    partnership = PartnershipFactory(name="Voices for Water")
    partners = {
        row["acronym"]: PartnerFactory(
            partnership=partnership, position=place, kind=Kind.NATIONAL,
            **{key: row[key] for key in ("name", "acronym", "country", "side")},
        )
        for place, row in enumerate(read("partners"))
    }  # fmt: skip
    people = {
        "facilitator": membership(partnership, Role.FACILITATOR, partners["NSF"], user__name="Freek Visser").user,
        "representative": membership(
            partnership, Role.REPRESENTATIVE, partners["RVWN"], user__name="Amina Wanjiru"
        ).user,
        "observer": membership(partnership, Role.OBSERVER, partners["SFGO"], user__name="Oda Lind").user,
    }
    fields = {"title": "Midterm 2026", "mode_wanted": mode, **fields}
    wordings = [row["decision"] for row in read("decisions")]
    assessment = factories.make_assessment(partnership, people["facilitator"], wordings, **fields)
    member = member_roles_of(people["facilitator"], partnership)
    assessment = transitions.apply(assessment, member, "open_rating")
    answer(assessment)
    if stage != Stage.RATING:
        assessment = factories.close_rating(assessment)
        agree(assessment)
        if computed:
            make_release(assessment)
            make_agreed_result(assessment)
            assessment.jobs.all().delete()
    return Example(partnership, Assessment.objects.get(pk=assessment.pk), **people)


def numbered(assessment: Assessment) -> tuple[dict, dict]:
    """Return the decisions by the codes of the files, and the participants by acronym."""
    ordered = assessment.decisions.active().order_by("number")
    codes = [row["code"] for row in read("decisions")]
    return dict(zip(codes, ordered, strict=True)), {p.acronym: p for p in assessment.participants.all()}


def answer(assessment: Assessment) -> None:
    by_code, by_acronym = numbered(assessment)
    raters = {
        row["rater"]: Rater.objects.create(
            assessment=assessment, participant=by_acronym[row["partner"]], label=row["rater"],
            show_small_side=row["show_small_side"] == "yes", submitted_at=timezone.now(),
        )
        for row in read("raters")
    }  # fmt: skip
    common = {"answered_at": timezone.now()}
    Rating.objects.bulk_create(
        Rating(
            rater=raters[row["rater"]], decision=by_code[row["decision"]], participant=by_acronym[row["partner"]],
            level=int(row["level"]) if row["level"] else None, mutation_id=uuid.uuid4(), **common,
        )
        for row in read("ratings")
    )  # fmt: skip
    PrivateAgreement.objects.bulk_create(
        PrivateAgreement(
            rater=raters[row["rater"]], decision=by_code[row["decision"]], mutation_id=uuid.uuid4(),
            agree={"yes": True, "no": False}.get(row["agree"]), **common,
        )
        for row in read("agreement")
    )  # fmt: skip


def agree(assessment: Assessment) -> None:
    by_code, by_acronym = numbered(assessment)
    AgreedLevel.objects.bulk_create(
        AgreedLevel(
            decision=by_code[row["decision"]], participant=by_acronym[row["partner"]],
            actual=int(row["actual"]) if row["actual"] else None,
            desired=int(row["desired"]) if row["desired"] else None,
        )
        for row in read("agreed")
    )  # fmt: skip
    answers = defaultdict(list)
    for row in read("agreement"):
        answers[row["decision"]].append(row["agree"])
    Outcome.objects.bulk_create(
        Outcome(decision=by_code[code], agree="no" not in given) for code, given in answers.items()
    )
    Action.objects.bulk_create(
        Action(
            assessment=assessment, decision=by_code[row["decision"]], text=row["action"],
            owner=by_acronym[row["owner"]], due=date.fromisoformat(row["due"]),
        )
        for row in read("actions")
    )  # fmt: skip
