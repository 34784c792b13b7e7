"""The same words of one person in one assessment are one proposal."""

from django.db import migrations, models
from django.db.models.functions import Lower

# Of what was doubled before, the first stays the person's proposal; the others stay, unsigned.
FIRST = """
UPDATE assessments_decision later SET proposed_by_id = NULL FROM assessments_decision first
WHERE first.assessment_id = later.assessment_id AND first.proposed_by_id = later.proposed_by_id
    AND lower(first.original) = lower(later.original) AND first.id < later.id;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0040_trusted_words")]

    operations = [
        migrations.RunSQL(FIRST, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "decision",
            models.UniqueConstraint(
                Lower("original"), models.F("assessment"), models.F("proposed_by"), name="decision_proposed_once"
            ),
        ),
    ]
