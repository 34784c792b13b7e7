"""Concerns: sealed for the trusted person. No row says who wrote, or when; no other model or page knows of them.

With each concern and each answer the database writes all rows anew, in random order, so that neither where a row lies
nor which transaction wrote it tells which came last.
"""

import uuid

import pgtrigger
from django.db import models

from assessments.models.trusted import TrustedPerson
from partnerships.triggers import Trigger


class Concern(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trusted = models.ForeignKey(TrustedPerson, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    writer_digest = models.CharField(max_length=64, unique=True)  # of the writer's code, to find the answer
    writer_key = models.BinaryField()
    answer = models.BinaryField(null=True)  # sealed for the writer

    class Meta:
        triggers = [
            Trigger(
                name="concern_alone",
                level=pgtrigger.Statement,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
                func="""
                    PERFORM pg_advisory_xact_lock('assessments_concern'::regclass::bigint);
                    RETURN NULL;
                """,
            ),
            Trigger(
                name="concern_by_the_rules",
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
                func="""
                    IF TG_OP = 'INSERT' AND NOT EXISTS (
                            SELECT 1 FROM assessments_trustedperson t
                                JOIN assessments_assessment a ON a.id = t.assessment_id
                            WHERE t.id = NEW.trusted_id AND t.replaced_at IS NULL AND t.confirmed_at IS NOT NULL
                                AND (a.closed_at IS NULL OR a.closed_at > now() - interval '365 days')) THEN
                        RAISE EXCEPTION 'a concern goes to the person who is confirmed, until a year after closing'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'concern_to_the_person_named';
                    END IF;
                    IF TG_OP = 'UPDATE' AND ((NEW.id, NEW.trusted_id, NEW.sealed, NEW.writer_digest, NEW.writer_key)
                            IS DISTINCT FROM (OLD.id, OLD.trusted_id, OLD.sealed, OLD.writer_digest, OLD.writer_key)
                            OR OLD.answer IS NOT NULL AND NEW.answer IS DISTINCT FROM OLD.answer) THEN
                        RAISE EXCEPTION 'concern and answer stay as they were written'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'concern_stays';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="concern_shuffle",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
                func="""
                    WITH gone AS (DELETE FROM assessments_concern RETURNING *)
                    INSERT INTO assessments_concern SELECT * FROM gone ORDER BY random();
                    RETURN NULL;
                """,
            ),
        ]


class ConcernMail(models.Model):
    """An e-mail to the trusted person is due; the row is deleted when it is sent. It does not say why, nor how many."""

    trusted = models.OneToOneField(TrustedPerson, on_delete=models.CASCADE, primary_key=True, related_name="+")
