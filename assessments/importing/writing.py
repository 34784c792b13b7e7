"""Write what was read, whole or not at all. Who imports private ratings has seen them, and is named for it."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.importing.parsing import ImportProblem, Parsed
from assessments.models import Action, AgreedLevel, Assessment, Decision, Outcome, Participant, Stage
from assessments.models.private import PrivateAgreement, Rater, Rating
from assessments.services.session import joint
from assessments.services.setup import opening
from partnerships import activity_log
from partnerships.models import Partner, Partnership, User

BATCH = 5000


def clashes(partnership: Partnership, parsed: Parsed) -> list[ImportProblem]:
    """Return where the file contradicts the partnership: a partner's side is its own word, not an import's."""
    current = {partner.acronym: partner for partner in partnership.partners.all()}
    return [
        ImportProblem(
            "partners.csv",
            row["line"],
            "side",
            _("%(acronym)s has declared a different side in this partnership: %(side)s. Correct the file.")
            % {"acronym": row["acronym"], "side": current[row["acronym"]].get_side_display()},
        )
        for row in parsed.of("partners.csv")
        if row["acronym"] in current and current[row["acronym"]].side != row["side"]
    ]


@transaction.atomic
def import_assessment(
    partnership: Partnership, user: User | None, parsed: Parsed, *, code: str, **fields
) -> Assessment:
    """Create an assessment in its joint session from read files; the same code twice is the same import."""
    if parsed.problems or clashes(partnership, parsed):
        raise ValueError("only a file without problems is imported")
    opening.refuse_in_archive(partnership)
    if existing := partnership.assessments.filter(code=code).first():
        return existing
    rated = bool(parsed.of("ratings.csv"))
    assessment = Assessment.objects.create(
        partnership=partnership, code=code, created_by=user, private_ratings=rated, opened_at=timezone.now(), **fields
    )
    if rated:
        assessment.imported_by, assessment.imported_at = user, timezone.now()
        assessment.stage, assessment.mode = Stage.RATING, assessment.mode_wanted
        assessment.save()
    partners, decisions = _partners(assessment, parsed), _decisions(assessment, parsed)
    assessment.sides = sorted({one.side for one in partners.values() if one.side})
    if rated:
        _private(assessment, parsed, partners, decisions)
        opening.close_rating(assessment)
    else:
        opening.begin_session(assessment)
    assessment.stage = Stage.JOINT
    assessment.save()
    _session(assessment, user, parsed, partners, decisions)
    joint.changed(assessment)
    activity_log.record(partnership, user, "import_assessment", assessment.title)
    return assessment


def _partners(assessment: Assessment, parsed: Parsed) -> dict[str, Participant]:
    current = {partner.acronym: partner for partner in assessment.partnership.partners.all()}
    found = {}
    for number, row in enumerate(parsed.of("partners.csv"), start=1):
        partner = current.get(row["acronym"]) or Partner.objects.create(
            partnership=assessment.partnership,
            position=len(current) + number,
            **{name: row[name] for name in ("name", "acronym", "country", "side")},
        )
        found[row["acronym"]] = Participant.of(assessment, partner, number)
        found[row["acronym"]].save()
    return found


def _decisions(assessment: Assessment, parsed: Parsed) -> dict[str, Decision]:
    rows = parsed.of("decisions.csv")
    made = Decision.objects.bulk_create(
        Decision(
            assessment=assessment,
            number=number,
            position=number,
            wording=row["decision"],
            original=row["decision"],
            topic=row.get("topic", ""),
        )
        for number, row in enumerate(rows, start=1)
    )
    return {row["code"]: decision for row, decision in zip(rows, made, strict=True)}


def _private(assessment: Assessment, parsed: Parsed, partners: dict, decisions: dict) -> None:
    now = timezone.now()
    raters = {
        row["rater"]: Rater.objects.create(
            assessment=assessment,
            participant=partners[row["partner"]],
            label=row["rater"][:80],
            show_small_side=row["show_small_side"] == "yes",
            submitted_at=now,
        )
        for row in parsed.of("raters.csv")
    }
    Rating.objects.bulk_create(
        (
            Rating(
                rater=raters[row["rater"]],
                decision=decisions[row["decision"]],
                participant=partners[row["partner"]],
                level=row["level"],
                mutation_id=uuid.uuid4(),
                answered_at=now,
            )
            for row in parsed.of("ratings.csv")
        ),
        batch_size=BATCH,
    )
    PrivateAgreement.objects.bulk_create(
        (
            PrivateAgreement(
                rater=raters[row["rater"]],
                decision=decisions[row["decision"]],
                agree={"yes": True, "no": False, "": None}[row["agree"]],
                mutation_id=uuid.uuid4(),
                answered_at=now,
            )
            for row in parsed.of("agreement.csv")
        ),
        batch_size=BATCH,
    )


def _session(assessment: Assessment, user: User | None, parsed: Parsed, partners: dict, decisions: dict) -> None:
    now = timezone.now()
    AgreedLevel.objects.bulk_create(
        AgreedLevel(
            decision=decisions[row["decision"]],
            participant=partners[row["partner"]],
            actual=row["actual"],
            desired=row["desired"],
            updated_by=user,
        )
        for row in parsed.of("agreed.csv")
        if row["actual"] is not None or row["desired"] is not None
    )
    Outcome.objects.bulk_create(
        Outcome(decision=decisions[code], agree=agree, discussed_at=now, updated_by=user)
        for code, agree in _answers(parsed).items()
    )
    Action.objects.bulk_create(
        Action(
            assessment=assessment,
            decision=decisions[row["decision"]],
            text=row["action"],
            owner=partners[row["owner"]],
            due=row["due"],
        )
        for row in parsed.of("actions.csv")
    )


def _answers(parsed: Parsed) -> dict[str, bool | None]:
    """Return for each discussed decision whether the group agrees; the sheet of answers is optional.

    A desired level is asked for only where the group did not agree, so it tells that it did not.
    """
    rows = parsed.of("agreed.csv")
    unequal = {row["decision"] for row in rows if row["desired"] is not None}
    discussed = {row["decision"] for row in rows if row["actual"] is not None} | unequal
    said = {row["decision"]: row["agree"] for row in parsed.of("outcomes")}
    usual = None if said else True
    return {code: said.get(code, False if code in unequal else usual) for code in sorted(discussed | said.keys())}
