"""What no constraint can say: a measure's maturity moves by decisions that both sides signed, a rise by evidence."""

from django.db import migrations

RULES = """
CREATE FUNCTION community_maturity_rank(maturity text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT array_position(ARRAY['proposed', 'tried', 'evaluated', 'recommended'], maturity)
$$;

CREATE FUNCTION community_measure_matures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.maturity = 'proposed' OR (NEW.maturity = 'tried' AND NEW.reported = 'tried' AND NEW.slug IS NOT NULL) THEN
            RETURN NEW;
        END IF;
    ELSIF NEW.maturity = OLD.maturity OR EXISTS (
        SELECT 1 FROM (
            SELECT was, "to" FROM community_maturitydecision
            WHERE measure_id = NEW.item_ptr_id AND taken_at IS NOT NULL ORDER BY taken_at DESC, id DESC LIMIT 1
        ) newest WHERE newest.was = OLD.maturity AND newest."to" = NEW.maturity) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a maturity moves by a decision of both sides'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'measure_matures_by_decision';
END $$;
CREATE TRIGGER measure_matures_by_decision BEFORE INSERT OR UPDATE OF maturity ON community_measure
    FOR EACH ROW EXECUTE FUNCTION community_measure_matures();

CREATE FUNCTION community_maturity_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_at text;
    rise int := community_maturity_rank(NEW."to") - community_maturity_rank(NEW.was);
    signed int;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.measure_id, NEW.was, NEW."to", NEW.reason, NEW.at) IS DISTINCT FROM
            (OLD.measure_id, OLD.was, OLD."to", OLD.reason, OLD.at)
            OR (NEW.evidence_id IS DISTINCT FROM OLD.evidence_id AND NEW.evidence_id IS NOT NULL)
            OR (OLD.taken_at IS NOT NULL AND NEW.taken_at IS DISTINCT FROM OLD.taken_at)
            OR (OLD.dropped_at IS NOT NULL AND NEW.dropped_at IS DISTINCT FROM OLD.dropped_at) THEN
            RAISE EXCEPTION 'a decision stays as it was' USING ERRCODE = 'check_violation', CONSTRAINT = 'maturity_stays';
        END IF;
        IF NEW.taken_at IS NULL OR OLD.taken_at IS NOT NULL THEN
            RETURN NEW;
        END IF;
        SELECT count(DISTINCT side) INTO signed FROM community_signature WHERE decision_id = NEW.id;
        IF signed < 2 THEN
            RAISE EXCEPTION 'both sides sign' USING ERRCODE = 'check_violation', CONSTRAINT = 'maturity_both_sides';
        END IF;
    ELSIF NEW.taken_at IS NOT NULL THEN
        RAISE EXCEPTION 'both sides sign' USING ERRCODE = 'check_violation', CONSTRAINT = 'maturity_both_sides';
    END IF;
    SELECT maturity INTO now_at FROM community_measure WHERE item_ptr_id = NEW.measure_id;
    IF now_at <> NEW.was OR rise = 0 OR rise > 1 THEN
        RAISE EXCEPTION 'a measure rises one step at a time' USING ERRCODE = 'check_violation', CONSTRAINT = 'maturity_step';
    END IF;
    IF rise = 1 AND NOT EXISTS (
        SELECT 1 FROM community_evidence
        WHERE id = NEW.evidence_id AND item_id = NEW.measure_id AND withdrawn_at IS NULL AND NOT against) THEN
        RAISE EXCEPTION 'a rise rests on evidence' USING ERRCODE = 'check_violation', CONSTRAINT = 'maturity_evidence';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER maturity_decision BEFORE INSERT OR UPDATE ON community_maturitydecision
    FOR EACH ROW EXECUTE FUNCTION community_maturity_decision();

CREATE FUNCTION community_signature_given() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.decision_id, NEW.side, NEW.version, NEW.at) IS DISTINCT FROM
            (OLD.decision_id, OLD.side, OLD.version, OLD.at)
            OR (NEW.user_id IS DISTINCT FROM OLD.user_id AND NEW.user_id IS NOT NULL) THEN
            RAISE EXCEPTION 'a signature stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'signature_stays';
        END IF;
        RETURN NEW;
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM community_maturitydecision decision
        JOIN community_item item ON item.id = decision.measure_id
        JOIN community_membership own ON own.group_id = item.group_id
        WHERE decision.id = NEW.decision_id AND decision.taken_at IS NULL AND decision.dropped_at IS NULL
            AND own.user_id = NEW.user_id AND own.side = NEW.side AND own.left_at IS NULL) THEN
        RAISE EXCEPTION 'who signs takes part for this side'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signature_of_a_member';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signature_given BEFORE INSERT OR UPDATE ON community_signature
    FOR EACH ROW EXECUTE FUNCTION community_signature_given();

CREATE FUNCTION community_trial_rests() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM community_evidence
        WHERE id = NEW.evidence_id AND item_id = NEW.measure_id AND kind = 'document') THEN
        RAISE EXCEPTION 'a trial rests on a public source'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'trial_rests_on_a_source';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER trial_rests_on_a_source BEFORE INSERT OR UPDATE OF evidence_id, measure_id ON community_trial
    FOR EACH ROW EXECUTE FUNCTION community_trial_rests();
"""

UNDO = """
DROP TRIGGER trial_rests_on_a_source ON community_trial; DROP FUNCTION community_trial_rests;
DROP TRIGGER signature_given ON community_signature; DROP FUNCTION community_signature_given;
DROP TRIGGER maturity_decision ON community_maturitydecision; DROP FUNCTION community_maturity_decision;
DROP TRIGGER measure_matures_by_decision ON community_measure; DROP FUNCTION community_measure_matures;
DROP FUNCTION community_maturity_rank;
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0005_measures")]
    operations = [migrations.RunSQL(RULES, UNDO)]
