"""Looking at a rehearsal as one of its pretend people."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from partnerships.models.membership import Membership
from partnerships.triggers import Trigger


class Impersonation(models.Model):
    """In a rehearsal, the facilitator sees the pages as one of its pretend people does. Nowhere else (a trigger)."""

    by = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="look")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(by=F("membership")), name="look_not_as_oneself")]
        triggers = [
            Trigger(
                name="look_in_rehearsals_only",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM partnerships_membership mine
                        JOIN partnerships_membership theirs USING (partnership_id)
                            JOIN partnerships_partnership p ON p.id = partnership_id
                            JOIN partnerships_user u ON u.id = theirs.user_id
                                JOIN partnerships_user me ON me.id = mine.user_id
                            WHERE mine.id = NEW.by_id AND theirs.id = NEW.membership_id AND p.is_rehearsal
                                AND u.pretend_in_id = p.id
                                AND me.pretend_in_id IS NULL AND mine.role = 'facilitator'
                                AND mine.admitted_at IS NOT NULL AND mine.voided_at IS NULL) THEN
                        RAISE EXCEPTION 'only in a rehearsal, and only as its pretend people'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'look_in_rehearsals_only';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
