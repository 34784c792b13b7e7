"""Facts of the example and of the demo: what each partner declared."""

import csv
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from assessments import fact_list
from assessments.models import Assessment, AssessmentFact, FactValue

HERE = Path(__file__).parent
CURRENCY = "EUR"


def add(assessment: Assessment, name: str) -> None:
    """Let an assessment in its session use the facts of a file, with the value of each partner."""
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    facts = {key: _fact(assessment, key, place) for place, key in enumerate(dict.fromkeys(row["fact"] for row in rows))}
    partners = dict(assessment.participants.values_list("acronym", "partner"))
    FactValue.objects.bulk_create(
        FactValue(
            fact=facts[row["fact"]],
            partner_id=partners[row["partner"]],
            value=Decimal(row["value"]),
            confirmed_at=timezone.now(),
        )
        for row in rows
        if row["value"]
    )


def _fact(assessment: Assessment, key: str, position: int) -> AssessmentFact:
    listed = fact_list.BY_KEY[key]
    unit = CURRENCY if listed.unit == fact_list.MONEY else listed.unit
    about = {"kind": listed.kind, "unit": unit, "domain": listed.domain, "position": position}
    return AssessmentFact.objects.create(assessment=assessment, key=key, **about)
