"""The example: an invented partnership without members, of which everyone can read the results."""

import io
import zipfile
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from assessments import importing
from assessments.models import Assessment, Decision, Stage
from assessments.results.agreed import make_agreed_result
from assessments.results.release import make_release
from assessments.workflow import jobs
from partnerships.codes import new_code
from partnerships.models import Kind, Partner, Partnership
from powertool.demo import facts

NAME = "Voices for Change alliance (invented)"
CONTEXT = "Women and young people claim their rights: training, advocacy and small grants in five countries."


HERE = Path(__file__).parent
KINDS = {
    "NSF": Kind.INGO,
    "FjA": Kind.INGO,
    "RVWN": Kind.NETWORK,
    "LBYA": Kind.COMMUNITY,
    "CSD": Kind.NATIONAL,
    "RAD": Kind.NETWORK,
    "CHC": Kind.COMMUNITY,
    "SFGO": Kind.DONOR,
}
TOPICS = {
    "D01": "fundraising",
    "D02": "theory-of-change",
    "D03": "money-countries",
    "D04": "money-partners",
    "D05": "partner-selection",
    "D06": "monitoring",
    "D07": "agenda",
    "D08": "communication",
    "D09": "risk",
    "D10": "staffing",
    "D11": "implementation",
    "D12": "money-partners",
}


def archive(folder: str) -> bytes:
    """Return one folder of files as the archive that an import reads."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted((HERE / folder).glob("*.csv")):
            archive.write(path, path.name)
    return buffer.getvalue()


@transaction.atomic
def load() -> bool:
    """Load the example unless it is there; return whether it was loaded now."""
    if Partnership.objects.filter(is_example=True).exists():
        return False
    partnership = Partnership.objects.create(name=NAME, context=CONTEXT, is_demo=True, is_example=True)
    parsed = importing.parse_archive(archive("example"))
    for position, row in enumerate(parsed.of("partners.csv")):
        values = {name: row[name] for name in ("name", "acronym", "country", "side")}
        Partner.objects.create(partnership=partnership, position=position, kind=KINDS[row["acronym"]], **values)
    assessment = importing.import_assessment(
        partnership, None, parsed, code=new_code(), title="How we decide", phase="midterm"
    )
    for decision in assessment.decisions.all():
        Decision.objects.filter(pk=decision.pk).update(topic=TOPICS[f"D{decision.number:02}"])
    facts.add(assessment, "example")
    make_release(assessment)
    _close(assessment)
    return True


def _close(assessment: Assessment) -> None:
    """Close it, keep its results, and delete the private answers that they were made of."""
    now = timezone.now()
    Assessment.objects.filter(pk=assessment.pk).update(stage=Stage.FINAL_REVIEW, readback_at=now, imported_at=None)
    Assessment.objects.filter(pk=assessment.pk).update(stage=Stage.CLOSED, closed_at=now)
    make_agreed_result(Assessment.objects.get(pk=assessment.pk))
    assessment.raters.all().delete()
    jobs.settle(assessment)
    assessment.partnership.activity_log.all().delete()
