"""What no constraint can say of papers: a round stays as it opened, answers are given while it is open, adoption
needs both sides, and what was published stays."""

from django.db import migrations

RULES = """
CREATE FUNCTION community_part_of_paper() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM community_item WHERE id = NEW.item_ptr_id AND whole_id = NEW.paper_id) THEN
        RAISE EXCEPTION 'a part stands on the page of its paper' USING ERRCODE = 'check_violation', CONSTRAINT = 'part_of_its_paper';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER section_of_its_paper BEFORE INSERT OR UPDATE OF paper_id ON community_section
    FOR EACH ROW EXECUTE FUNCTION community_part_of_paper();
CREATE TRIGGER recommendation_of_its_paper BEFORE INSERT OR UPDATE OF paper_id ON community_recommendation
    FOR EACH ROW EXECUTE FUNCTION community_part_of_paper();

CREATE FUNCTION community_basis_kind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM community_item WHERE id = NEW.item_id AND kind IN ('finding', 'measure')) THEN
        RAISE EXCEPTION 'a recommendation rests on findings and measures' USING ERRCODE = 'check_violation', CONSTRAINT = 'basis_kind';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER basis_kind BEFORE INSERT OR UPDATE ON community_basis
    FOR EACH ROW EXECUTE FUNCTION community_basis_kind();

CREATE FUNCTION community_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was written here stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'words_stay';
END $$;
CREATE TRIGGER translation_stays BEFORE UPDATE OF item_id, language, version, title, text, at ON community_translation
    FOR EACH ROW EXECUTE FUNCTION community_words_stay();
CREATE TRIGGER suggestion_stays BEFORE UPDATE OF item_id, base, title, text, reason, at ON community_suggestion
    FOR EACH ROW EXECUTE FUNCTION community_words_stay();
CREATE TRIGGER suggestion_decided_once BEFORE UPDATE OF state, answer, version ON community_suggestion
    FOR EACH ROW WHEN (OLD.state <> 'open') EXECUTE FUNCTION community_words_stay();
CREATE TRIGGER paper_version_stays
    BEFORE UPDATE OF paper_id, code, number, content, digest, published_at ON community_paperversion
    FOR EACH ROW EXECUTE FUNCTION community_words_stay();
CREATE TRIGGER paper_version_remains BEFORE DELETE ON community_paperversion
    FOR EACH ROW EXECUTE FUNCTION community_words_stay();

CREATE FUNCTION community_round_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.opened_at IS NOT NULL AND (NEW.paper_id, NEW.days, NEW.quorum_north, NEW.quorum_south, NEW.opened_at, NEW.closes_at)
        IS DISTINCT FROM (OLD.paper_id, OLD.days, OLD.quorum_north, OLD.quorum_south, OLD.opened_at, OLD.closes_at)
        OR OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at
        OR NEW.closed_at IS NOT NULL AND NEW.opened_at IS NULL THEN
        RAISE EXCEPTION 'a round stays as it opened' USING ERRCODE = 'check_violation', CONSTRAINT = 'round_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER round_stays BEFORE UPDATE ON community_consentround
    FOR EACH ROW EXECUTE FUNCTION community_round_stays();

-- What people answered to a round's text, by side; an objection that its objector resolved counts as consent.
CREATE FUNCTION community_answered(wanted bigint)
RETURNS TABLE (side text, answered bigint, consenting bigint, objecting bigint) LANGUAGE sql STABLE AS $$
    SELECT side, count(*), count(*) FILTER (WHERE choice IN ('consent', 'reservation') OR withdrawn_at IS NOT NULL),
        count(*) FILTER (WHERE choice = 'objection' AND withdrawn_at IS NULL)
    FROM community_consentanswer WHERE text_id = wanted GROUP BY side
$$;

CREATE FUNCTION community_round_text() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE asked community_consentround;
BEGIN
    SELECT * INTO asked FROM community_consentround WHERE id = NEW.round_id;
    IF TG_OP = 'INSERT' AND asked.opened_at IS NOT NULL
        OR TG_OP = 'UPDATE' AND OLD.version IS NOT NULL
            AND (NEW.version, NEW.round_id, NEW.recommendation_id) IS DISTINCT FROM (OLD.version, OLD.round_id, OLD.recommendation_id)
        OR NEW.outcome <> '' AND asked.closed_at IS NULL THEN
        RAISE EXCEPTION 'a round stays as it opened' USING ERRCODE = 'check_violation', CONSTRAINT = 'round_stays';
    END IF;
    IF NEW.outcome = 'adopted' AND (SELECT count(*) FROM community_answered(NEW.id) AS a WHERE a.consenting > a.objecting
        AND (a.side = 'north' AND a.answered >= asked.quorum_north OR a.side = 'south' AND a.answered >= asked.quorum_south)) < 2 THEN
        RAISE EXCEPTION 'adoption needs the consent of both sides' USING ERRCODE = 'check_violation', CONSTRAINT = 'adopted_by_both_sides';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER round_text BEFORE INSERT OR UPDATE ON community_roundtext
    FOR EACH ROW EXECUTE FUNCTION community_round_text();

CREATE FUNCTION community_adopted_in_a_round() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.standing = 'adopted' AND NOT EXISTS (SELECT 1 FROM community_roundtext
        WHERE recommendation_id = NEW.item_ptr_id AND version = NEW.decided_version AND outcome = 'adopted') THEN
        RAISE EXCEPTION 'only a round adopts' USING ERRCODE = 'check_violation', CONSTRAINT = 'adopted_in_a_round';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER recommendation_adopted BEFORE INSERT OR UPDATE OF standing, decided_version ON community_recommendation
    FOR EACH ROW EXECUTE FUNCTION community_adopted_in_a_round();

CREATE FUNCTION community_answer_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE asked community_consentround;
BEGIN
    SELECT r.* INTO asked FROM community_consentround r JOIN community_roundtext t ON t.round_id = r.id
        WHERE t.id = COALESCE(NEW.text_id, OLD.text_id);
    IF TG_OP = 'UPDATE' AND asked.closed_at IS NOT NULL
        AND (NEW.text_id, NEW.side, NEW.choice, NEW.reason, NEW.proposal, NEW.signed, NEW.at)
            IS NOT DISTINCT FROM (OLD.text_id, OLD.side, OLD.choice, OLD.reason, OLD.proposal, OLD.signed, OLD.at)
        AND (NEW.by_id IS NOT DISTINCT FROM OLD.by_id OR NEW.by_id IS NULL)
        AND (OLD.withdrawn_at IS NULL OR NEW.withdrawn_at = OLD.withdrawn_at) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.by_id IS NULL AND OLD.by_id IS NOT NULL
        AND (NEW.side, NEW.choice) IS NOT DISTINCT FROM (OLD.side, OLD.choice) THEN
        RETURN NEW;
    END IF;
    IF asked.opened_at IS NULL OR asked.closed_at IS NOT NULL OR clock_timestamp() >= asked.closes_at
        OR TG_OP <> 'DELETE' AND NEW.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'answers are given while a round is open' USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_in_time';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER answer_in_time BEFORE INSERT OR UPDATE OR DELETE ON community_consentanswer
    FOR EACH ROW EXECUTE FUNCTION community_answer_in_time();
"""

UNDO = """
DROP TRIGGER answer_in_time ON community_consentanswer; DROP FUNCTION community_answer_in_time;
DROP TRIGGER recommendation_adopted ON community_recommendation; DROP FUNCTION community_adopted_in_a_round;
DROP TRIGGER round_text ON community_roundtext; DROP FUNCTION community_round_text; DROP FUNCTION community_answered;
DROP TRIGGER round_stays ON community_consentround; DROP FUNCTION community_round_stays;
DROP TRIGGER paper_version_remains ON community_paperversion; DROP TRIGGER paper_version_stays ON community_paperversion;
DROP TRIGGER suggestion_decided_once ON community_suggestion; DROP TRIGGER suggestion_stays ON community_suggestion;
DROP TRIGGER translation_stays ON community_translation; DROP FUNCTION community_words_stay;
DROP TRIGGER basis_kind ON community_basis; DROP FUNCTION community_basis_kind;
DROP TRIGGER recommendation_of_its_paper ON community_recommendation;
DROP TRIGGER section_of_its_paper ON community_section; DROP FUNCTION community_part_of_paper;
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0007_papers")]
    operations = [migrations.RunSQL(RULES, UNDO)]
