"""Whether anybody has answered decides nothing any more, so nothing keeps it.

The table stays, tied to nothing, for the code that runs until this one has started. A later migration drops it.
"""

from django.db import migrations

UNTIE = """
DO $$ DECLARE found text; BEGIN
    SELECT conname INTO found FROM pg_constraint WHERE conrelid = 'assessments_firstanswer'::regclass AND contype = 'f';
    EXECUTE format('ALTER TABLE assessments_firstanswer DROP CONSTRAINT %I', found);
END $$;
"""
TIE = """
DELETE FROM assessments_firstanswer WHERE assessment_id NOT IN (SELECT id FROM assessments_assessment);
ALTER TABLE assessments_firstanswer ADD FOREIGN KEY (assessment_id)
    REFERENCES assessments_assessment (id) DEFERRABLE INITIALLY DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0031_words_rules")]
    operations = [
        migrations.RunSQL(UNTIE, TIE),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="FirstAnswer")]),
    ]
