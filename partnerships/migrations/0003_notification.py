"""Call a notice a notification. No table changes: it keeps its name, so old code runs beside new."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import partnerships.triggers


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0002_account_rules"),
        # Its lines of daily mails name the model as it was called then.
        ("community", "0001_baseline"),
    ]
    operations = [
        pgtrigger.migrations.RemoveTrigger(model_name="notice", name="rehearsal_tells_nobody"),
        migrations.RunSQL(
            "DROP FUNCTION pgtrigger_rehearsal_tells_nobody_060a0()", migrations.RunSQL.noop
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelTable("notice", "partnerships_notice"),
                migrations.RenameModel("Notice", "Notification"),
            ]
        ),
        migrations.AlterField(
            model_name="notification",
            name="recipient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notifications",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        # The same rule: the model's name is part of the trigger's.
        pgtrigger.migrations.AddTrigger(
            model_name="notification",
            trigger=pgtrigger.compiler.Trigger(name='rehearsal_tells_nobody', sql=partnerships.triggers.TriggerSql(declare="DECLARE codes text[] := string_to_array(NEW.url, '/');", func='IF EXISTS (SELECT 1 FROM partnerships_user WHERE id = NEW.recipient_id\n    AND pretend_in_id IS NOT NULL)\n    OR EXISTS (SELECT 1 FROM partnerships_partnership WHERE is_rehearsal AND code = ANY(codes))\n    OR EXISTS (SELECT 1 FROM assessments_assessment a\n        JOIN partnerships_partnership p ON p.id = a.partnership_id\n        WHERE p.is_rehearsal AND a.code = ANY(codes)) THEN\n    RETURN NULL;\nEND IF;\nRETURN NEW;', hash='c9ccc7f4ecc96b01b53193d5cbfa31cd627cdfb5', operation='INSERT', pgid='pgtrigger_rehearsal_tells_nobody_5e9b0', table='partnerships_notice', when='BEFORE')),
        ),
    ]
