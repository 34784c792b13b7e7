"""The partners that give money or lead, and the pledges that their representatives signed, by name."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment
from partnerships.models import Membership, Partner, Partnership
from partnerships.names import with_name_of_today
from partnerships.triggers import Trigger


class Funder(models.Model):
    """A partner that gives money here, or leads; facilitators say which when they set the assessment up."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="funders")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["partner__position", "partner_id"]
        constraints = [models.UniqueConstraint("assessment", "partner", name="funder_once")]
        triggers = [
            Trigger(
                name="funder_is_a_partner",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM assessments_assessment a
                        JOIN partnerships_partner p ON p.partnership_id = a.partnership_id
                            WHERE a.id = NEW.assessment_id AND p.id = NEW.partner_id) THEN
                        RAISE EXCEPTION 'who gives money here is a partner of this partnership'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'funder_is_a_partner';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class Pledge(models.Model):
    """A signed promise that nothing rated or said here affects grants, appraisals or reports. Withdrawn, it remains.

    It belongs to the partnership. Only those signed before it did belong to one assessment.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, null=True, related_name="pledges")
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, null=True, related_name="pledges")
    partner = models.ForeignKey(Partner, on_delete=models.RESTRICT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=160)  # as it stood
    signed_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["signed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                "assessment", "membership", condition=Q(withdrawn_at__isnull=True), name="pledge_stands_once"
            ),
            models.UniqueConstraint(
                "partnership", "membership", condition=Q(withdrawn_at__isnull=True), name="pledge_of_partnership_once"
            ),
            models.CheckConstraint(
                condition=Q(assessment=None, partnership__isnull=False) | Q(assessment__isnull=False, partnership=None),
                name="pledge_is_of_one",
            ),
            # Until she who signed erases herself.
            models.CheckConstraint(condition=~Q(name="") | Q(membership=None), name="pledge_has_a_name"),
        ]
        triggers = [
            Trigger(
                name="pledge_is_a_record",
                operation=pgtrigger.Update,
                func="""
                    IF (NEW.assessment_id, NEW.partnership_id, NEW.partner_id, NEW.signed_at)
                            IS DISTINCT FROM (OLD.assessment_id, OLD.partnership_id, OLD.partner_id, OLD.signed_at)
                        OR (NEW.name IS DISTINCT FROM OLD.name AND NOT (NEW.name = '' AND NEW.membership_id IS NULL))
                        OR (NEW.membership_id IS NOT NULL AND NEW.membership_id IS DISTINCT FROM OLD.membership_id)
                        OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at) THEN
                        RAISE EXCEPTION 'a pledge is kept as it was signed; it can be withdrawn, once'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_is_a_record';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="pledge_of_a_representative",
                operation=pgtrigger.Insert,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM partnerships_membership s
                        WHERE s.id = NEW.membership_id AND s.partner_id = NEW.partner_id
                            AND (NEW.partnership_id IS NULL OR s.partnership_id = NEW.partnership_id)
                            AND s.role = 'representative' AND s.admitted_at IS NOT NULL AND s.voided_at IS NULL)
                        OR NEW.assessment_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM assessments_funder f
                            WHERE f.assessment_id = NEW.assessment_id AND f.partner_id = NEW.partner_id) THEN
                        RAISE EXCEPTION 'a representative of a partner here signs'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_of_a_representative';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    @property
    def signed_by(self) -> str:
        if not self.name or self.membership is None:
            return self.name or str(_("someone who has left"))
        return with_name_of_today(self.name, self.membership.name_at(self.signed_at), self.membership.get_full_name())
