"""Count the votes on decisions once, after the vote has ended, and only of five people or more."""

from django.db import migrations, models

RULES = """
UPDATE assessments_assessment a SET vote_opened_at = now() WHERE stage = 'voting' OR (stage = 'collecting' AND EXISTS (
    SELECT 1 FROM assessments_vote v JOIN assessments_decision d ON d.id = v.decision_id WHERE d.assessment_id = a.id));

CREATE FUNCTION assessments_vote_while_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM assessments_assessment a JOIN assessments_decision d ON d.assessment_id = a.id
            WHERE d.id = NEW.decision_id AND a.stage = 'voting' AND a.vote_ended_at IS NULL) THEN
        RAISE EXCEPTION 'the vote is not open' USING ERRCODE = 'check_violation', CONSTRAINT = 'vote_while_open';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vote_while_open BEFORE INSERT OR UPDATE ON assessments_vote
    FOR EACH ROW EXECUTE FUNCTION assessments_vote_while_open();

CREATE FUNCTION assessments_vote_ends_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.vote_ended_at IS NOT NULL AND (NEW.vote_ended_at IS DISTINCT FROM OLD.vote_ended_at
            OR NEW.vote_result IS DISTINCT FROM OLD.vote_result) THEN
        RAISE EXCEPTION 'the vote has ended' USING ERRCODE = 'check_violation', CONSTRAINT = 'vote_ends_once';
    END IF;
    IF NEW.vote_result IS DISTINCT FROM OLD.vote_result AND (SELECT count(DISTINCT s.user_id) FROM assessments_vote v
            JOIN assessments_decision d ON d.id = v.decision_id JOIN partnerships_seat s ON s.id = v.seat_id
            WHERE d.assessment_id = NEW.id) < 5 THEN
        RAISE EXCEPTION 'votes of fewer than five people are not counted'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'vote_result_of_five';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vote_ends_once BEFORE UPDATE OF vote_ended_at, vote_result ON assessments_assessment
    FOR EACH ROW EXECUTE FUNCTION assessments_vote_ends_once();
"""

UNDO = """
DROP TRIGGER vote_ends_once ON assessments_assessment; DROP FUNCTION assessments_vote_ends_once;
DROP TRIGGER vote_while_open ON assessments_vote; DROP FUNCTION assessments_vote_while_open;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0060_one_private_verdict"), ("partnerships", "0002_rules")]
    operations = [
        migrations.AddField("assessment", "vote_opened_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("assessment", "vote_ended_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("assessment", "vote_result", models.JSONField(blank=True, null=True)),
        migrations.AddConstraint(
            "assessment",
            models.CheckConstraint(
                condition=models.Q(vote_result__isnull=True) | models.Q(vote_ended_at__isnull=False),
                name="assessment_vote_counted_after_its_end",
            ),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
