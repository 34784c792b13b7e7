"""Whether an organisation lets its assessment be counted in the evidence base of the working groups."""

import pgtrigger
from django.db import models
from django.utils import timezone

from assessments.models.assessment import Participant
from partnerships.models import Membership
from partnerships.triggers import Trigger


class EvidenceConsent(models.Model):
    """A representative's own yes or no, for her organisation. Nobody else ever sees it; she may change it at any time.

    An organisation contributes if somebody who represents it said yes, and nobody who represents it said no. A "no"
    stays when the membership is taken back, so that nobody can be made to agree by losing the membership; and, without
    a name, when she who said it erases herself. A "yes" goes with her.

    `facts` is the same question about the sides' shares of facts, which need a consent of their own. A trigger asks it
    again when a fact is added (`FACT_BY_THE_RULES`).
    """

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="evidence_consents")
    membership = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    agreed = models.BooleanField()
    facts = models.BooleanField(null=True)
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("participant", "membership", name="evidence_consent_once")]
        triggers = [
            Trigger(
                name="rehearsal_never_counts",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF EXISTS (SELECT 1 FROM assessments_participant q
                        JOIN assessments_assessment a ON a.id = q.assessment_id
                            JOIN partnerships_partnership p ON p.id = a.partnership_id
                            WHERE q.id = NEW.participant_id AND p.is_rehearsal) THEN
                        RAISE EXCEPTION 'a rehearsal never counts as evidence'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'rehearsal_never_counts';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
