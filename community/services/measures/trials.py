"""Where a measure was tried, as public sources tell it."""

from django.utils.translation import gettext as _

from community.models import Evidence, EvidenceKind, Measure, Trial
from community.services.findings import in_force
from partnerships.models import User
from partnerships.services import Refused


def trials_of(measure: Measure) -> list[Trial]:
    """Return where the measure was tried, as public sources tell that nobody has taken back."""
    trials = measure.trials.filter(evidence__withdrawn_at=None, evidence__against=False)
    return list(trials.select_related("evidence", "by"))


def sources_of(measure: Measure) -> list[Evidence]:
    """Return the documents on which a trial can rest."""
    return [row for row in in_force(measure) if row.kind == EvidenceKind.DOCUMENT]


def add_trial(measure: Measure, user: User, evidence: Evidence, who: str, where: str = "") -> Trial:
    if evidence not in sources_of(measure):
        raise Refused(
            _("Choose the document that describes the example. If the document is not in the list, cite it first.")
        )
    return Trial.objects.create(measure=measure, evidence=evidence, who=who, where=where, by=user)
