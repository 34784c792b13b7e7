"""Rules that no code path may break, held by the database itself."""

from django.db import migrations

RULES = """
CREATE FUNCTION assessments_side_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.side <> OLD.side OR NEW.partner_id <> OLD.partner_id OR NEW.assessment_id <> OLD.assessment_id THEN
        RAISE EXCEPTION 'a participant''s side is frozen' USING ERRCODE = 'check_violation', CONSTRAINT = 'participant_side_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER participant_side_frozen BEFORE UPDATE ON assessments_participant
    FOR EACH ROW EXECUTE FUNCTION assessments_side_is_frozen();

CREATE FUNCTION assessments_mode_is_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.mode <> OLD.mode OR NEW.k <> OLD.k)
        AND EXISTS (SELECT 1 FROM assessments_firstanswer WHERE assessment_id = OLD.id) THEN
        RAISE EXCEPTION 'the mode is locked by the first answer' USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_mode_locked';
    END IF;
    IF OLD.stage = 'closed' AND NEW.stage <> 'closed' THEN
        RAISE EXCEPTION 'a closed assessment stays closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_closed_is_final';
    END IF;
    IF OLD.rating_closed_at IS NOT NULL AND NEW.rating_closed_at IS DISTINCT FROM OLD.rating_closed_at THEN
        RAISE EXCEPTION 'rating closes once' USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_rating_closes_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assessment_mode_locked BEFORE UPDATE ON assessments_assessment
    FOR EACH ROW EXECUTE FUNCTION assessments_mode_is_locked();

CREATE FUNCTION assessments_rating_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE home bigint; at text;
BEGIN
    SELECT a.id, a.stage INTO home, at FROM assessments_assessment a JOIN assessments_decision d ON d.assessment_id = a.id
        WHERE d.id = NEW.decision_id;
    IF at <> 'rating' THEN
        RAISE EXCEPTION 'private ratings are closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'rating_only_while_open';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM assessments_rater WHERE id = NEW.rater_id AND assessment_id = home) THEN
        RAISE EXCEPTION 'rater and decision belong to different assessments'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_within_one_assessment';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rating_only_while_open BEFORE INSERT OR UPDATE ON assessments_rating
    FOR EACH ROW EXECUTE FUNCTION assessments_rating_is_open();
CREATE TRIGGER agreement_only_while_open BEFORE INSERT OR UPDATE ON assessments_privateagreement
    FOR EACH ROW EXECUTE FUNCTION assessments_rating_is_open();

CREATE FUNCTION assessments_release_only_shrinks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('powertool.shrink', true), '') <> 'on' THEN
        RAISE EXCEPTION 'a release is made once' USING ERRCODE = 'check_violation', CONSTRAINT = 'release_only_shrinks';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER release_only_shrinks BEFORE UPDATE ON assessments_release
    FOR EACH ROW EXECUTE FUNCTION assessments_release_only_shrinks();

CREATE FUNCTION assessments_session_is_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE home bigint; at text;
BEGIN
    SELECT a.id, a.stage INTO home, at FROM assessments_assessment a JOIN assessments_decision d ON d.assessment_id = a.id
        WHERE d.id = NEW.decision_id;
    IF at <> 'joint' THEN
        RAISE EXCEPTION 'agreed levels change in the joint session only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreed_only_in_session';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM assessments_participant WHERE id = NEW.participant_id AND assessment_id = home) THEN
        RAISE EXCEPTION 'participant and decision belong to different assessments'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreed_within_one_assessment';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreed_only_in_session BEFORE INSERT OR UPDATE ON assessments_agreedlevel
    FOR EACH ROW EXECUTE FUNCTION assessments_session_is_open();

CREATE FUNCTION assessments_final_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.final AND (NEW.scores <> OLD.scores OR NOT NEW.final) THEN
        RAISE EXCEPTION 'the final result stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'agreed_result_final_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreed_result_final_stays BEFORE UPDATE ON assessments_agreedresult
    FOR EACH ROW EXECUTE FUNCTION assessments_final_stays();
"""

UNDO = """
DROP TRIGGER agreed_result_final_stays ON assessments_agreedresult; DROP FUNCTION assessments_final_stays;
DROP TRIGGER agreed_only_in_session ON assessments_agreedlevel; DROP FUNCTION assessments_session_is_open;
DROP TRIGGER release_only_shrinks ON assessments_release; DROP FUNCTION assessments_release_only_shrinks;
DROP TRIGGER agreement_only_while_open ON assessments_privateagreement;
DROP TRIGGER rating_only_while_open ON assessments_rating; DROP FUNCTION assessments_rating_is_open;
DROP TRIGGER assessment_mode_locked ON assessments_assessment; DROP FUNCTION assessments_mode_is_locked;
DROP TRIGGER participant_side_frozen ON assessments_participant; DROP FUNCTION assessments_side_is_frozen;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_first")]
    operations = [migrations.RunSQL(RULES, UNDO)]
