"""What a rehearsal never does: count as evidence, tell anybody, or stand under a title that does not say what it is."""

from django.db import migrations

RULES = """
CREATE FUNCTION assessments_rehearsal_never_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM assessments_participant q JOIN assessments_assessment a ON a.id = q.assessment_id
            JOIN partnerships_partnership p ON p.id = a.partnership_id
            WHERE q.id = NEW.participant_id AND p.is_rehearsal) THEN
        RAISE EXCEPTION 'a rehearsal never counts as evidence'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rehearsal_never_counts';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rehearsal_never_counts BEFORE INSERT OR UPDATE ON assessments_evidenceconsent
    FOR EACH ROW EXECUTE FUNCTION assessments_rehearsal_never_counts();

CREATE FUNCTION assessments_rehearsal_says_so() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE mark text;
BEGIN
    SELECT name INTO mark FROM partnerships_partnership WHERE id = NEW.partnership_id AND is_rehearsal;
    IF mark IS NOT NULL AND NOT starts_with(NEW.title, mark) THEN
        NEW.title := left(mark || ' – ' || NEW.title, 160);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rehearsal_says_so BEFORE INSERT OR UPDATE OF title, partnership_id ON assessments_assessment
    FOR EACH ROW EXECUTE FUNCTION assessments_rehearsal_says_so();

-- No notice is written, so none is mailed: neither to pretend people nor to the one who rehearses.
CREATE FUNCTION assessments_rehearsal_tells_nobody() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE codes text[] := string_to_array(NEW.url, '/');
BEGIN
    IF EXISTS (SELECT 1 FROM partnerships_user WHERE id = NEW.recipient_id AND pretend_in_id IS NOT NULL)
        OR EXISTS (SELECT 1 FROM partnerships_partnership WHERE is_rehearsal AND code = ANY(codes))
        OR EXISTS (SELECT 1 FROM assessments_assessment a JOIN partnerships_partnership p ON p.id = a.partnership_id
            WHERE p.is_rehearsal AND a.code = ANY(codes)) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rehearsal_tells_nobody BEFORE INSERT ON partnerships_notice
    FOR EACH ROW EXECUTE FUNCTION assessments_rehearsal_tells_nobody();
"""

UNDO = """
DROP TRIGGER rehearsal_tells_nobody ON partnerships_notice; DROP FUNCTION assessments_rehearsal_tells_nobody;
DROP TRIGGER rehearsal_says_so ON assessments_assessment; DROP FUNCTION assessments_rehearsal_says_so;
DROP TRIGGER rehearsal_never_counts ON assessments_evidenceconsent; DROP FUNCTION assessments_rehearsal_never_counts;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0012_heard"), ("partnerships", "0003_rehearsal")]
    operations = [migrations.RunSQL(RULES, UNDO)]
