"""Which organisations ever submitted while rating is open; and a side that stands once rating has opened.

The first is what one sentence rests on that never falls, so no row is changed, and none is deleted while rating is open.
"""

import django.db.models.deletion
from django.db import migrations, models

FILL = """
INSERT INTO assessments_eversubmitted (participant_id, counts_from)
SELECT DISTINCT r.participant_id, current_date + 1 FROM assessments_rater r
    JOIN assessments_assessment a ON a.id = r.assessment_id
    WHERE a.stage = 'rating' AND a.mode <> 'caucus' AND r.submitted_at IS NOT NULL
ON CONFLICT DO NOTHING;
"""

RULES = """
CREATE FUNCTION assessments_submission_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'a submission counts from one day on'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ever_submitted_stays';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM assessments_participant p JOIN assessments_assessment a ON a.id = p.assessment_id
        WHERE p.id = NEW.participant_id AND a.stage = 'rating') THEN
        RAISE EXCEPTION 'private ratings are closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ever_submitted_only_while_open';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ever_submitted_only_while_open BEFORE INSERT OR UPDATE ON assessments_eversubmitted
    FOR EACH ROW EXECUTE FUNCTION assessments_submission_counts();

CREATE FUNCTION assessments_submission_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM assessments_participant p JOIN assessments_assessment a ON a.id = p.assessment_id
        WHERE p.id = OLD.participant_id AND a.stage = 'rating') THEN
        RAISE EXCEPTION 'a submission counts until rating closes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ever_submitted_stays';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ever_submitted_stays AFTER DELETE ON assessments_eversubmitted
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION assessments_submission_stays();

CREATE FUNCTION assessments_partner_side_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.side <> OLD.side AND EXISTS (SELECT 1 FROM assessments_participant WHERE partner_id = OLD.id) THEN
        RAISE EXCEPTION 'a side stands once rating has opened'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'partner_side_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER partner_side_stands BEFORE UPDATE ON partnerships_partner
    FOR EACH ROW EXECUTE FUNCTION assessments_partner_side_stands();
"""

UNDO = """
DROP TRIGGER partner_side_stands ON partnerships_partner; DROP FUNCTION assessments_partner_side_stands;
DROP TRIGGER ever_submitted_stays ON assessments_eversubmitted; DROP FUNCTION assessments_submission_stays;
DROP TRIGGER ever_submitted_only_while_open ON assessments_eversubmitted; DROP FUNCTION assessments_submission_counts;
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0005_api_token"), ("assessments", "0041_proposed_once")]
    operations = [
        migrations.CreateModel(
            name="EverSubmitted",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("counts_from", models.DateField()),
                (
                    "participant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="assessments.participant",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(RULES, UNDO),
    ]
