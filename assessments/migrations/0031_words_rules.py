"""What one person alone never decides once rating has opened; and the mode, which stays as it first opened."""

from django.db import migrations

FILL = """
UPDATE assessments_assessment a SET
    first_opened_at = CASE WHEN a.private_ratings AND a.imported_by_id IS NULL AND a.mode <> '' THEN a.opened_at END,
    opened_with = coalesce((SELECT array_agg(q.partner_id) FROM assessments_participant q WHERE q.assessment_id = a.id), '{}'),
    sides = coalesce((SELECT array_agg(DISTINCT q.side) FROM assessments_participant q WHERE q.assessment_id = a.id), '{}')
WHERE a.opened_at IS NOT NULL;
"""

RULES = """
-- Words that count, of different people; one of the two has stood for seven days where it decides alone.
-- The program's clock and the database's may differ a little, hence the five minutes.
CREATE FUNCTION assessments_words_given(home bigint, about text, whose bigint, wanted date, alone boolean)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT count(DISTINCT s.user_id) >= 2
        OR alone AND coalesce(min(w.given_at) <= clock_timestamp() - interval '7 days' + interval '5 minutes', false)
    FROM assessments_sideword w
    JOIN partnerships_seat s ON s.id = w.given_by_id AND s.admitted_at IS NOT NULL AND s.voided_at IS NULL
    JOIN assessments_assessment a ON a.id = w.assessment_id
    WHERE w.assessment_id = home AND w.matter = about AND w.subject_id IS NOT DISTINCT FROM whose
        AND w.day IS NOT DISTINCT FROM wanted
        AND NOT (w.side = 'other' AND a.sides @> '{north,south}')
        AND NOT (w.side = 'second' AND cardinality(a.sides) > 1)
$$;

CREATE OR REPLACE FUNCTION assessments_mode_is_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.first_opened_at IS NOT NULL THEN
        IF (NEW.first_opened_at, NEW.opened_with, NEW.mode_wanted, NEW.k, NEW.private_ratings)
                IS DISTINCT FROM (OLD.first_opened_at, OLD.opened_with, OLD.mode_wanted, OLD.k, OLD.private_ratings)
            OR NEW.mode <> OLD.mode AND NOT (
                OLD.mode = 'named' AND NEW.mode = 'by_side' AND OLD.stage IN ('collecting', 'voting') AND EXISTS (
                    SELECT 1 FROM partnerships_partner p WHERE p.partnership_id = OLD.partnership_id
                        AND p.left_at IS NULL AND p.id <> ALL(OLD.opened_with))) THEN
            RAISE EXCEPTION 'the mode is fixed when rating first opens'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_mode_locked';
        END IF;
        IF NOT NEW.sides @> OLD.sides THEN
            RAISE EXCEPTION 'a side that took part keeps its word'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_sides_stay';
        END IF;
    END IF;
    IF OLD.stage = 'closed' AND NEW.stage <> 'closed' THEN
        RAISE EXCEPTION 'a closed assessment stays closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_closed_is_final';
    END IF;
    IF OLD.rating_closed_at IS NOT NULL AND NEW.rating_closed_at IS DISTINCT FROM OLD.rating_closed_at THEN
        RAISE EXCEPTION 'rating closes once' USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_rating_closes_once';
    END IF;
    IF OLD.first_opened_at IS NOT NULL AND OLD.stage = 'rating' THEN
        IF NEW.stage <> 'rating' AND NOT assessments_words_given(
                OLD.id, CASE NEW.stage WHEN 'collecting' THEN 'reopen_decisions' ELSE 'close_rating' END,
                NULL, NULL, NEW.stage <> 'collecting') THEN
            RAISE EXCEPTION 'open ratings end by the words of both sides'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_words_decide';
        END IF;
        IF NEW.stage = 'rating' AND OLD.rating_due IS NOT NULL AND NEW.rating_due IS DISTINCT FROM OLD.rating_due
            AND NOT assessments_words_given(OLD.id, 'move_day', NULL, NEW.rating_due, false) THEN
            RAISE EXCEPTION 'the last day to answer moves by the words of both sides'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_day_moves_by_words';
        END IF;
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION assessments_word_is_its_sides() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM assessments_assessment a
        JOIN partnerships_seat s ON s.id = NEW.given_by_id AND s.partnership_id = a.partnership_id
        LEFT JOIN partnerships_partner p ON p.id = s.partner_id
        LEFT JOIN assessments_participant q ON q.assessment_id = a.id AND q.partner_id = s.partner_id
        WHERE a.id = NEW.assessment_id AND s.role <> 'observer' AND s.admitted_at IS NOT NULL AND s.voided_at IS NULL
            AND (NEW.side = 'second' OR NEW.side = coalesce(q.side, CASE WHEN a.opened_at IS NULL THEN p.side END))) THEN
        RAISE EXCEPTION 'a word is given by a member of its side'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'side_word_of_its_side';
    END IF;
    IF EXISTS (
        SELECT 1 FROM assessments_sideword w JOIN partnerships_seat s ON s.id = w.given_by_id
        JOIN partnerships_seat mine ON mine.id = NEW.given_by_id AND mine.user_id = s.user_id
        WHERE w.assessment_id = NEW.assessment_id AND w.matter = NEW.matter AND w.id <> NEW.id
            AND w.subject_id IS NOT DISTINCT FROM NEW.subject_id) THEN
        RAISE EXCEPTION 'one person does not speak for two sides'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'side_word_of_two_people';
    END IF;
    IF EXISTS (
        SELECT 1 FROM partnerships_seat s JOIN partnerships_seat mine ON mine.user_id = s.user_id
        WHERE s.id = NEW.subject_id AND mine.id = NEW.given_by_id) THEN
        RAISE EXCEPTION 'nobody gives a word on the own removal'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'side_word_not_on_oneself';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER word_is_its_sides BEFORE INSERT OR UPDATE OF assessment_id, matter, subject_id, side, given_by_id
    ON assessments_sideword FOR EACH ROW EXECUTE FUNCTION assessments_word_is_its_sides();

-- A representative's membership: she ends it herself (the service says so), or both sides' words do.
CREATE FUNCTION assessments_membership_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.role <> 'representative' OR OLD.admitted_at IS NULL OR OLD.voided_at IS NOT NULL
        OR (NEW.role, NEW.partner_id, NEW.partnership_id) = (OLD.role, OLD.partner_id, OLD.partnership_id)
            AND NEW.admitted_at IS NOT NULL AND NEW.voided_at IS NULL
        OR coalesce(current_setting('powertool.leaves', true), '') = OLD.id::text THEN
        RETURN NEW;
    END IF;
    IF EXISTS (
            SELECT 1 FROM assessments_assessment a WHERE a.partnership_id = OLD.partnership_id
                AND a.first_opened_at IS NOT NULL AND a.rating_closed_at IS NULL)
        AND NOT EXISTS (
            SELECT 1 FROM assessments_assessment a WHERE a.partnership_id = OLD.partnership_id
                AND a.first_opened_at IS NOT NULL AND a.rating_closed_at IS NULL
                AND assessments_words_given(a.id, 'remove_member', OLD.id, NULL, false)
                AND (EXISTS (
                        SELECT 1 FROM partnerships_seat s WHERE s.partner_id = OLD.partner_id AND s.role = 'representative'
                            AND s.user_id <> OLD.user_id AND s.voided_at IS NULL
                            AND s.admitted_at <= coalesce(a.opened_at, a.first_opened_at))
                    OR NOT EXISTS (
                        SELECT 1 FROM assessments_removalobjection o WHERE o.assessment_id = a.id AND o.seat_id = OLD.id)
                    AND (SELECT max(w.given_at) FROM assessments_sideword w
                            WHERE w.assessment_id = a.id AND w.matter = 'remove_member' AND w.subject_id = OLD.id)
                        <= clock_timestamp() - interval '7 days' + interval '5 minutes')) THEN
        RAISE EXCEPTION 'while rating is open a representative stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_kept_while_rating';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER membership_is_kept BEFORE UPDATE OF voided_at, admitted_at, role, partner_id, partnership_id
    ON partnerships_seat FOR EACH ROW EXECUTE FUNCTION assessments_membership_is_kept();
"""

UNDO = """
DROP TRIGGER membership_is_kept ON partnerships_seat; DROP FUNCTION assessments_membership_is_kept;
DROP TRIGGER word_is_its_sides ON assessments_sideword; DROP FUNCTION assessments_word_is_its_sides;
CREATE OR REPLACE FUNCTION assessments_mode_is_locked() RETURNS trigger LANGUAGE plpgsql AS $$
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
DROP FUNCTION assessments_words_given;
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0030_words_of_sides"), ("partnerships", "0005_api_token")]
    operations = [migrations.RunSQL(RULES, UNDO), migrations.RunSQL(FILL, migrations.RunSQL.noop)]
