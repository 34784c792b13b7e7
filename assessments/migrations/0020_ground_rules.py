"""The model is named GroundRules, as people read it. Table and column keep their names, so that old code runs beside new.

The rule is installed anew, since the library makes its name in the database from the model's.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import partnerships.triggers


class Migration(migrations.Migration):

    dependencies = [
        ("assessments", "0019_jobs_of_an_assessment"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelTable("sessionagreement", "assessments_sessionagreement"),
                migrations.RenameModel("SessionAgreement", "GroundRules"),
                migrations.AlterField(
                    "groundrules",
                    "assessment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ground_rules",
                        to="assessments.assessment",
                    ),
                ),
                migrations.RemoveConstraint("accepted", "agreement_accepted_once"),
                migrations.RenameField("accepted", "agreement", "ground_rules"),
                migrations.AlterField(
                    "accepted",
                    "ground_rules",
                    models.ForeignKey(
                        db_column="agreement_id",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="accepted",
                        to="assessments.groundrules",
                    ),
                ),
                migrations.AddConstraint(
                    "accepted",
                    models.UniqueConstraint("ground_rules", "membership", name="agreement_accepted_once"),
                ),
            ],
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='groundrules',
            name='agreement_changed',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groundrules',
            trigger=pgtrigger.compiler.Trigger(name='agreement_changed', sql=partnerships.triggers.TriggerSql(func='IF NEW.lines <> OLD.lines THEN\n    NEW.version := OLD.version + 1;\n    DELETE FROM assessments_accepted WHERE agreement_id = OLD.id;\nEND IF;\nRETURN NEW;', hash='d9298c925a865798079a4cc08c6304b273eed5b8', operation='UPDATE', pgid='pgtrigger_agreement_changed_aeb90', table='assessments_sessionagreement', when='BEFORE')),
        ),
    ]
