"""Ask “do we agree?” once: a verdict of the Release or of a ballot, never both, and no word aloud after either."""

from django.db import migrations, models

RULES = """
CREATE FUNCTION assessments_private_verdict(about bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM assessments_agreeround WHERE decision_id = about AND result IN ('all', 'not_all'))
        OR EXISTS (SELECT 1 FROM assessments_decision d JOIN assessments_release r ON r.assessment_id = d.assessment_id
            CROSS JOIN LATERAL jsonb_array_elements(r.agreements) one
            WHERE d.id = about AND one -> 'decision' = to_jsonb(d.number) AND one ->> 'agree' IS NOT NULL)
$$;

CREATE FUNCTION assessments_agree_asked_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.result <> 'open' THEN
        RAISE EXCEPTION 'a question begins open' USING ERRCODE = 'check_violation', CONSTRAINT = 'agree_round_begins_open';
    END IF;
    IF NEW.result = 'open' AND (TG_OP = 'INSERT' OR OLD.result <> 'open') AND (
            assessments_private_verdict(NEW.decision_id)
            OR EXISTS (SELECT 1 FROM assessments_spokenword WHERE decision_id = NEW.decision_id)) THEN
        RAISE EXCEPTION 'this question was asked' USING ERRCODE = 'check_violation', CONSTRAINT = 'agree_asked_once';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agree_asked_once BEFORE INSERT OR UPDATE ON assessments_agreeround
    FOR EACH ROW EXECUTE FUNCTION assessments_agree_asked_once();

CREATE FUNCTION assessments_spoken_word_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF assessments_private_verdict(NEW.decision_id)
        OR EXISTS (SELECT 1 FROM assessments_agreeround WHERE decision_id = NEW.decision_id AND result = 'open') THEN
        RAISE EXCEPTION 'this question is asked privately'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'spoken_word_without_private_verdict';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER spoken_word_without_private_verdict BEFORE INSERT OR UPDATE OF word ON assessments_spokenword
    FOR EACH ROW EXECUTE FUNCTION assessments_spoken_word_alone();

CREATE FUNCTION assessments_release_adds_no_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM assessments_decision d JOIN assessments_agreeround b ON b.decision_id = d.id
            CROSS JOIN LATERAL jsonb_array_elements(NEW.agreements) one
            WHERE d.assessment_id = NEW.assessment_id AND one -> 'decision' = to_jsonb(d.number)
            AND one ->> 'agree' IS NOT NULL) THEN
        RAISE EXCEPTION 'a question was asked in the session'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_adds_no_verdict';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER release_adds_no_verdict BEFORE INSERT ON assessments_release
    FOR EACH ROW EXECUTE FUNCTION assessments_release_adds_no_verdict();

-- A result rests on five organisations that answered, and says what they said. The answers go with it.
CREATE OR REPLACE FUNCTION assessments_agree_result_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE organisations int; agreed boolean;
BEGIN
    IF OLD.result IN ('all', 'not_all') AND NEW.result <> OLD.result THEN
        RAISE EXCEPTION 'this question has its result' USING ERRCODE = 'check_violation', CONSTRAINT = 'agree_result_stands';
    END IF;
    IF NEW.result IN ('all', 'not_all') AND NEW.result <> OLD.result THEN
        SELECT count(DISTINCT participant_id), bool_and(agree) INTO organisations, agreed
            FROM assessments_agreetap WHERE round_id = NEW.id AND agree IS NOT NULL;
        IF organisations < 5 OR agreed <> (NEW.result = 'all') THEN
            RAISE EXCEPTION 'a result takes five organisations'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'agree_result_of_five';
        END IF;
    END IF;
    IF NEW.result <> 'open' THEN
        DELETE FROM assessments_agreetap WHERE round_id = NEW.id;
    END IF;
    RETURN NEW;
END $$;
"""

UNDO = """
CREATE OR REPLACE FUNCTION assessments_agree_result_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.result IN ('all', 'not_all') AND NEW.result <> OLD.result THEN
        RAISE EXCEPTION 'this question has its result' USING ERRCODE = 'check_violation', CONSTRAINT = 'agree_result_stands';
    END IF;
    IF NEW.result <> 'open' THEN
        DELETE FROM assessments_agreetap WHERE round_id = NEW.id;
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER release_adds_no_verdict ON assessments_release; DROP FUNCTION assessments_release_adds_no_verdict;
DROP TRIGGER spoken_word_without_private_verdict ON assessments_spokenword; DROP FUNCTION assessments_spoken_word_alone;
DROP TRIGGER agree_asked_once ON assessments_agreeround; DROP FUNCTION assessments_agree_asked_once;
DROP FUNCTION assessments_private_verdict;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0050_ever_submitted")]
    operations = [
        migrations.AlterField("agreetap", "agree", models.BooleanField(null=True)),
        migrations.RunSQL(RULES, UNDO),
    ]
