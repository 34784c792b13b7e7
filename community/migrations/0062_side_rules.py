"""What no constraint can say of sides: who confirms one, what that is worth, and what a valid consent round needs."""

from django.db import migrations

ALIKE = "lower(regexp_replace(btrim({0}), '\\s+', ' ', 'g'))"

RULES = """
-- A side is confirmed by coordinators, or by facilitators of one partnership, of both sides; or by staff who appoint.
CREATE FUNCTION community_side_is_confirmed(member community_membership) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM community_sideconfirmation WHERE membership_id = member.id AND side IN ('north', 'south')
            AND way IN ('coordinator', 'partnership') GROUP BY way HAVING count(DISTINCT side) = 2)
    OR member.role = 'lead' AND EXISTS (
        SELECT 1 FROM community_sideconfirmation WHERE membership_id = member.id AND way = 'staff')
$$;

CREATE FUNCTION community_membership_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.confirmed_at IS NOT NULL THEN
            RAISE EXCEPTION 'others confirm a side' USING ERRCODE = 'check_violation', CONSTRAINT = 'side_confirmed_by_others';
        END IF;
    ELSIF (NEW.group_id, NEW.user_id, NEW.side, NEW.organisation, NEW.left_at IS NULL)
        IS DISTINCT FROM (OLD.group_id, OLD.user_id, OLD.side, OLD.organisation, OLD.left_at IS NULL) THEN
        NEW.confirmed_at := NULL;
    ELSIF NEW.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at AND NOT (
        NEW.left_at IS NULL AND community_side_is_confirmed(NEW)
        AND NEW.confirmed_at >= (SELECT max(at) FROM community_sideconfirmation WHERE membership_id = NEW.id)) THEN
        RAISE EXCEPTION 'others confirm a side' USING ERRCODE = 'check_violation', CONSTRAINT = 'side_confirmed_by_others';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER membership_confirmed BEFORE INSERT OR UPDATE ON community_membership
    FOR EACH ROW EXECUTE FUNCTION community_membership_confirmed();

-- What was confirmed, and answered in rounds that are open, goes with the side that it was about.
CREATE FUNCTION community_side_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM community_sideconfirmation WHERE membership_id = NEW.id;
    DELETE FROM community_consentanswer WHERE by_id = OLD.user_id AND text_id IN (
        SELECT t.id FROM community_roundtext t JOIN community_consentround r ON r.id = t.round_id
            JOIN community_item paper ON paper.id = r.paper_id
        WHERE paper.group_id = OLD.group_id AND r.opened_at IS NOT NULL AND r.closed_at IS NULL
            AND r.closes_at > clock_timestamp());
    RETURN NULL;
END $$;
CREATE TRIGGER membership_side_changed AFTER UPDATE ON community_membership
    FOR EACH ROW WHEN ((NEW.group_id, NEW.user_id, NEW.side, NEW.organisation, NEW.left_at IS NULL)
        IS DISTINCT FROM (OLD.group_id, OLD.user_id, OLD.side, OLD.organisation, OLD.left_at IS NULL))
    EXECUTE FUNCTION community_side_changed();

CREATE FUNCTION community_coordinates(the_group bigint, the_user bigint, the_side text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM community_membership WHERE group_id = the_group AND user_id = the_user
        AND side = the_side AND role = 'lead' AND left_at IS NULL AND confirmed_at IS NOT NULL)
$$;

CREATE FUNCTION community_stands_behind(the_partnership bigint, the_user bigint, the_side text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM community_realpartnership WHERE partnership_id = the_partnership AND state = 'confirmed')
    AND EXISTS (
        SELECT 1 FROM partnerships_seat seat JOIN partnerships_partner partner ON partner.id = seat.partner_id
        WHERE seat.partnership_id = the_partnership AND seat.user_id = the_user AND seat.role = 'facilitator'
            AND seat.admitted_at IS NOT NULL AND seat.voided_at IS NULL AND partner.side = the_side)
$$;

CREATE FUNCTION community_side_confirmation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE member community_membership;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.membership_id, NEW.side, NEW.way, NEW.at) IS DISTINCT FROM (OLD.membership_id, OLD.side, OLD.way, OLD.at)
            OR NEW.by_id IS NOT NULL AND NEW.by_id IS DISTINCT FROM OLD.by_id THEN
            RAISE EXCEPTION 'a confirmation stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'side_confirmation_stays';
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO member FROM community_membership WHERE id = NEW.membership_id;
    IF member.organisation = '' OR NOT COALESCE(CASE NEW.way
        WHEN 'coordinator' THEN NEW.by_id <> member.user_id AND community_coordinates(member.group_id, NEW.by_id, NEW.side)
        WHEN 'partnership' THEN community_stands_behind(member.asked_through_id, NEW.by_id, NEW.side) AND EXISTS (
            SELECT 1 FROM partnerships_seat seat JOIN partnerships_partner partner ON partner.id = seat.partner_id
            WHERE seat.partnership_id = member.asked_through_id AND seat.user_id = member.user_id
                AND seat.role IN ('facilitator', 'representative') AND seat.admitted_at IS NOT NULL
                AND seat.voided_at IS NULL AND partner.side = member.side AND partner.name = member.organisation)
        WHEN 'staff' THEN NEW.by_id <> member.user_id AND member.role = 'lead'
            AND EXISTS (SELECT 1 FROM partnerships_user WHERE id = NEW.by_id AND is_staff)
        END, false) THEN
        RAISE EXCEPTION 'this person does not confirm this side'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'side_confirmed_by_who_may';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER side_confirmation BEFORE INSERT OR UPDATE ON community_sideconfirmation
    FOR EACH ROW EXECUTE FUNCTION community_side_confirmation();

-- What a valid round needs is set by a coordinator of each side.
CREATE FUNCTION community_quorum_proposal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.confirmed_at IS NOT NULL OR NEW.proposed_side NOT IN ('north', 'south')
            OR NEW.proposed_by_id IS NULL OR NOT community_coordinates(NEW.group_id, NEW.proposed_by_id, NEW.proposed_side) THEN
            RAISE EXCEPTION 'a coordinator proposes' USING ERRCODE = 'check_violation', CONSTRAINT = 'quorum_by_coordinators';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.group_id, NEW.people, NEW.organisations, NEW.proposed_side, NEW.at)
        IS DISTINCT FROM (OLD.group_id, OLD.people, OLD.organisations, OLD.proposed_side, OLD.at)
        OR NEW.proposed_by_id IS NOT NULL AND NEW.proposed_by_id IS DISTINCT FROM OLD.proposed_by_id
        OR OLD.confirmed_at IS NOT NULL AND ((NEW.confirmed_at, NEW.confirmed_side)
            IS DISTINCT FROM (OLD.confirmed_at, OLD.confirmed_side)
            OR NEW.confirmed_by_id IS NOT NULL AND NEW.confirmed_by_id IS DISTINCT FROM OLD.confirmed_by_id)
        OR OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL AND (
            NEW.confirmed_side NOT IN ('north', 'south') OR NEW.confirmed_side = OLD.proposed_side
            OR NEW.confirmed_by_id IS NULL OR NEW.confirmed_by_id IS NOT DISTINCT FROM OLD.proposed_by_id
            OR NOT community_coordinates(NEW.group_id, NEW.confirmed_by_id, NEW.confirmed_side)) THEN
        RAISE EXCEPTION 'a coordinator of the other side confirms'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'quorum_by_coordinators';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER quorum_proposal BEFORE INSERT OR UPDATE ON community_quorumproposal
    FOR EACH ROW EXECUTE FUNCTION community_quorum_proposal();

CREATE FUNCTION community_group_quorum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF (NEW.people_needed, NEW.organisations_needed) = (3, 2) THEN
            RETURN NEW;
        END IF;
    ELSIF EXISTS (
        SELECT 1 FROM (SELECT people, organisations FROM community_quorumproposal
            WHERE group_id = NEW.id AND confirmed_at IS NOT NULL ORDER BY confirmed_at DESC, id DESC LIMIT 1) last
        WHERE (last.people, last.organisations) = (NEW.people_needed, NEW.organisations_needed)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'coordinators of both sides set what a round needs'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'quorum_by_both_sides';
END $$;
CREATE TRIGGER group_quorum_begins BEFORE INSERT ON community_workinggroup
    FOR EACH ROW EXECUTE FUNCTION community_group_quorum();
CREATE TRIGGER group_quorum BEFORE UPDATE ON community_workinggroup FOR EACH ROW
    WHEN ((NEW.people_needed, NEW.organisations_needed) IS DISTINCT FROM (OLD.people_needed, OLD.organisations_needed))
    EXECUTE FUNCTION community_group_quorum();

-- A round needs what its group needs on the day it opens, and keeps that.
CREATE FUNCTION community_round_quorum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT people_needed, people_needed, organisations_needed
        INTO NEW.quorum_north, NEW.quorum_south, NEW.organisations
        FROM community_workinggroup g JOIN community_item paper ON paper.group_id = g.id WHERE paper.id = NEW.paper_id;
    RETURN NEW;
END $$;
CREATE TRIGGER round_quorum_begins BEFORE INSERT ON community_consentround
    FOR EACH ROW EXECUTE FUNCTION community_round_quorum();
CREATE TRIGGER round_quorum BEFORE UPDATE ON community_consentround
    FOR EACH ROW WHEN (OLD.opened_at IS NULL) EXECUTE FUNCTION community_round_quorum();

CREATE FUNCTION community_round_organisations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a round stays as it opened' USING ERRCODE = 'check_violation', CONSTRAINT = 'round_stays';
END $$;
CREATE TRIGGER round_organisations_stay BEFORE UPDATE ON community_consentround FOR EACH ROW
    WHEN (OLD.opened_at IS NOT NULL AND NEW.organisations IS DISTINCT FROM OLD.organisations)
    EXECUTE FUNCTION community_round_organisations();

DROP FUNCTION community_answered;
CREATE FUNCTION community_answered(wanted bigint)
RETURNS TABLE (side text, answered bigint, consenting bigint, objecting bigint, organisations bigint)
LANGUAGE sql STABLE AS $$
    SELECT side, count(*), count(*) FILTER (WHERE choice IN ('consent', 'reservation') OR withdrawn_at IS NOT NULL),
        count(*) FILTER (WHERE choice = 'objection' AND withdrawn_at IS NULL),
        count(DISTINCT NULLIF(organisation, ''))
    FROM community_consentanswer WHERE text_id = wanted GROUP BY side
$$;

CREATE FUNCTION community_adopted_by_organisations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM community_answered(NEW.id) AS a JOIN community_consentround r ON r.id = NEW.round_id
        WHERE a.side IN ('north', 'south') AND a.organisations >= r.organisations) < 2 THEN
        RAISE EXCEPTION 'adoption needs enough organisations of both sides'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'adopted_by_both_sides';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER round_text_organisations BEFORE INSERT OR UPDATE ON community_roundtext
    FOR EACH ROW WHEN (NEW.outcome = 'adopted') EXECUTE FUNCTION community_adopted_by_organisations();

-- Only who was a confirmed member of the side before the round opened answers; the organisation is kept as a digest.
CREATE FUNCTION community_answer_of_a_member() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE employer text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.text_id, NEW.side, NEW.choice, NEW.reason, NEW.proposal, NEW.signed, NEW.at)
            IS NOT DISTINCT FROM (OLD.text_id, OLD.side, OLD.choice, OLD.reason, OLD.proposal, OLD.signed, OLD.at)
            AND (NEW.by_id IS NULL OR NEW.by_id IS NOT DISTINCT FROM OLD.by_id) THEN
            NEW.organisation := OLD.organisation;
            RETURN NEW;
        END IF;
    END IF;
    SELECT member.organisation INTO employer
        FROM community_membership member
            JOIN community_item paper ON paper.group_id = member.group_id
            JOIN community_consentround asked ON asked.paper_id = paper.id
            JOIN community_roundtext text ON text.round_id = asked.id
        WHERE text.id = NEW.text_id AND member.user_id = NEW.by_id AND member.side = NEW.side
            AND member.left_at IS NULL AND member.confirmed_at < asked.opened_at
        FOR SHARE OF member;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'who answers was a confirmed member of the side before the round opened'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_of_a_confirmed_member';
    END IF;
    NEW.organisation := encode(sha256(convert_to(ALIKE, 'UTF8')), 'hex');
    RETURN NEW;
END $$;
CREATE TRIGGER answer_of_a_member BEFORE INSERT OR UPDATE ON community_consentanswer
    FOR EACH ROW EXECUTE FUNCTION community_answer_of_a_member();
""".replace("ALIKE", ALIKE.format("employer"))

# Rounds that are closed keep what they needed; of those that are not, only confirmed members count from now on.
OPEN = """
UPDATE community_consentround SET organisations = 0 WHERE closed_at IS NOT NULL;
UPDATE community_consentround SET quorum_north = 3, quorum_south = 3 WHERE opened_at IS NULL AND called_off_at IS NULL;
"""

UNDO = """
DROP TRIGGER answer_of_a_member ON community_consentanswer; DROP FUNCTION community_answer_of_a_member;
DROP TRIGGER round_text_organisations ON community_roundtext; DROP FUNCTION community_adopted_by_organisations;
DROP FUNCTION community_answered;
CREATE FUNCTION community_answered(wanted bigint)
RETURNS TABLE (side text, answered bigint, consenting bigint, objecting bigint) LANGUAGE sql STABLE AS $$
    SELECT side, count(*), count(*) FILTER (WHERE choice IN ('consent', 'reservation') OR withdrawn_at IS NOT NULL),
        count(*) FILTER (WHERE choice = 'objection' AND withdrawn_at IS NULL)
    FROM community_consentanswer WHERE text_id = wanted GROUP BY side
$$;
DROP TRIGGER round_organisations_stay ON community_consentround; DROP FUNCTION community_round_organisations;
DROP TRIGGER round_quorum ON community_consentround; DROP TRIGGER round_quorum_begins ON community_consentround;
DROP FUNCTION community_round_quorum;
DROP TRIGGER group_quorum ON community_workinggroup; DROP TRIGGER group_quorum_begins ON community_workinggroup;
DROP FUNCTION community_group_quorum;
DROP TRIGGER quorum_proposal ON community_quorumproposal; DROP FUNCTION community_quorum_proposal;
DROP TRIGGER side_confirmation ON community_sideconfirmation; DROP FUNCTION community_side_confirmation;
DROP FUNCTION community_stands_behind; DROP FUNCTION community_coordinates;
DROP TRIGGER membership_side_changed ON community_membership; DROP FUNCTION community_side_changed;
DROP TRIGGER membership_confirmed ON community_membership; DROP FUNCTION community_membership_confirmed;
DROP FUNCTION community_side_is_confirmed;
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0061_sides"), ("partnerships", "0003_rehearsal")]
    operations = [migrations.RunSQL(OPEN, migrations.RunSQL.noop), migrations.RunSQL(RULES, UNDO)]
