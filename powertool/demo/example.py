"""The example: an invented partnership without members, of which everyone can read the results."""

from django.db import transaction
from django.utils import timezone

from assessments import importing
from assessments.models import Assessment, Decision, Stage
from assessments.results.agreed import make_agreed_result
from assessments.results.release import make_release
from assessments.workflow import jobs
from partnerships.codes import new_code
from partnerships.models import Partner, Partnership
from powertool.demo import parts

NAME = "Voices for Change alliance (invented)"
CONTEXT = "Women and young people claim their rights: training, advocacy and small grants in five countries."


@transaction.atomic
def load() -> bool:
    """Load the example unless it is there; return whether it was loaded now."""
    if Partnership.objects.filter(is_example=True).exists():
        return False
    partnership = Partnership.objects.create(name=NAME, context=CONTEXT, is_demo=True, is_example=True)
    parsed = importing.read(parts.archive("example"))
    for position, row in enumerate(parsed.of("partners.csv")):
        values = {name: row[name] for name in ("name", "acronym", "country", "side")}
        Partner.objects.create(partnership=partnership, position=position, kind=parts.KINDS[row["acronym"]], **values)
    assessment = importing.import_assessment(
        partnership, None, parsed, code=new_code(), title="How we decide", phase="midterm"
    )
    for decision in assessment.decisions.all():
        Decision.objects.filter(pk=decision.pk).update(topic=parts.TOPICS[f"D{decision.number:02}"])
    make_release(assessment)
    _close(assessment)
    return True


def _close(assessment: Assessment) -> None:
    """Close it, keep its results, and delete the private answers that they were made of."""
    now = timezone.now()
    Assessment.objects.filter(pk=assessment.pk).update(stage=Stage.READBACK, readback_at=now, imported_at=None)
    Assessment.objects.filter(pk=assessment.pk).update(stage=Stage.CLOSED, closed_at=now)
    make_agreed_result(Assessment.objects.get(pk=assessment.pk))
    assessment.raters.all().delete()
    jobs.settle(assessment)
    assessment.partnership.activity_log.all().delete()
