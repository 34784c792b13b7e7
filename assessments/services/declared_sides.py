"""What follows when somebody declares the side of an imported partner: results by side no longer wait for it."""

from assessments.models import Assessment, Participant, Stage
from assessments.services.session import joint
from assessments.workflow.locking import lock_assessment
from partnerships.models import Partner


def take_over(partner: Partner) -> None:
    """Give a partner's side, declared now, to the assessments in which it takes part."""
    for waiting in Assessment.objects.filter(participants__partner=partner, participants__side=None).order_by("pk"):
        assessment = lock_assessment(waiting)
        Participant.objects.filter(assessment=assessment, partner=partner, side=None).update(side=partner.side)
        assessment.sides = sorted({*assessment.sides, str(partner.side)})
        assessment.save(update_fields=["sides"])
        _score_again(assessment)


def _score_again(assessment: Assessment) -> None:
    """Ask for new scores; in a closed assessment only when the last side is declared, since that happens once."""
    if assessment.stage != Stage.CLOSED or not assessment.participants.undeclared().exists():
        joint.changed(assessment)
