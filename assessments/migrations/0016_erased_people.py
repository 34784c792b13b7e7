"""Whoever erases herself takes her name out of what she signed; a “no” to the evidence base stays without it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RULES = """
CREATE OR REPLACE FUNCTION assessments_pledge_is_a_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.assessment_id, NEW.partner_id, NEW.signed_at)
            IS DISTINCT FROM (OLD.assessment_id, OLD.partner_id, OLD.signed_at)
        OR (NEW.name IS DISTINCT FROM OLD.name AND NOT (NEW.name = '' AND NEW.seat_id IS NULL))
        OR (NEW.seat_id IS NOT NULL AND NEW.seat_id IS DISTINCT FROM OLD.seat_id)
        OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at) THEN
        RAISE EXCEPTION 'a pledge is kept as it was signed; it can be withdrawn, once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_is_a_record';
    END IF;
    RETURN NEW;
END $$;
"""

UNDO = """
CREATE OR REPLACE FUNCTION assessments_pledge_is_a_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.assessment_id, NEW.partner_id, NEW.name, NEW.signed_at)
            IS DISTINCT FROM (OLD.assessment_id, OLD.partner_id, OLD.name, OLD.signed_at)
        OR (NEW.seat_id IS NOT NULL AND NEW.seat_id IS DISTINCT FROM OLD.seat_id)
        OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at) THEN
        RAISE EXCEPTION 'a pledge is kept as it was signed; it can be withdrawn, once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_is_a_record';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0015_concern'),
        ('partnerships', '0004_unnamed_trail'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='pledge',
            name='pledge_has_a_name',
        ),
        migrations.RemoveConstraint(
            model_name='saidsince',
            name='said_since_has_a_name',
        ),
        migrations.AlterField(
            model_name='evidenceconsent',
            name='seat',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='partnerships.seat'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), ('seat', None), _connector='OR'), name='pledge_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='saidsince',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), ('by', None), _connector='OR'), name='said_since_has_a_name'),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
