"""Rules that several tables share, or that are too long to stand in a model: bodies of triggers, in PL/pgSQL."""

ANSWER_IN_TIME_VARIABLES = [("asked", "community_consentround")]
ANSWER_IN_TIME = """
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
        RAISE EXCEPTION 'answers are given while a round is open'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_in_time';
    END IF;
    RETURN COALESCE(NEW, OLD);
"""

ANSWER_OF_A_MEMBER_VARIABLES = [("employer", "text")]
ANSWER_OF_A_MEMBER = r"""
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.text_id, NEW.side, NEW.choice, NEW.reason, NEW.proposal, NEW.signed, NEW.at)
            IS NOT DISTINCT FROM (OLD.text_id, OLD.side, OLD.choice, OLD.reason, OLD.proposal, OLD.signed, OLD.at)
            AND (NEW.by_id IS NULL OR NEW.by_id IS NOT DISTINCT FROM OLD.by_id) THEN
            NEW.organisation := OLD.organisation;
            RETURN NEW;
        END IF;
    END IF;
    SELECT member.organisation INTO employer
        FROM community_groupmembership member
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
    NEW.organisation := encode(sha256(convert_to(lower(regexp_replace(btrim(employer), '\s+', ' ', 'g')), 'UTF8')),
        'hex');
    RETURN NEW;
"""

GROUP_QUORUM = """
    IF TG_OP = 'INSERT' THEN
        IF (NEW.people_needed, NEW.organisations_needed, cardinality(NEW.languages)) = (3, 2, 0) THEN
            RETURN NEW;
        END IF;
    ELSIF EXISTS (
        SELECT 1 FROM (SELECT people, organisations, languages FROM community_quorumproposal
            WHERE group_id = NEW.id AND confirmed_at IS NOT NULL ORDER BY confirmed_at DESC, id DESC LIMIT 1) last
        WHERE (last.people, last.organisations, last.languages)
            = (NEW.people_needed, NEW.organisations_needed, NEW.languages)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'coordinators of both sides set what a round needs'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'quorum_by_both_sides';
"""

# What a text is found by: its own words and those of its newest translations, each by the dictionary of its language.
ITEM_INDEX_VARIABLES = [("dictionary", "regconfig := community_dictionary(NEW.language)"), ("other", "record")]
ITEM_INDEX = """
    NEW.search := setweight(to_tsvector(dictionary, NEW.title), 'A')
        || setweight(to_tsvector(dictionary, array_to_string(NEW.tags, ' ')), 'B')
        || setweight(to_tsvector(dictionary, NEW.plain), 'C');
    IF TG_OP = 'UPDATE' THEN
        FOR other IN SELECT DISTINCT ON (language) language, title, text FROM community_translation
            WHERE item_id = NEW.id ORDER BY language, at DESC, id DESC LOOP
            NEW.search := NEW.search
                || setweight(to_tsvector(community_dictionary(other.language), other.title), 'A')
                || setweight(to_tsvector(community_dictionary(other.language), other.text), 'C');
        END LOOP;
    END IF;
    RETURN NEW;
"""

# Let the trigger above read the translations of an item again.
TRANSLATION_INDEX = """
    UPDATE community_item SET search = NULL WHERE id = COALESCE(NEW.item_id, OLD.item_id);
    RETURN COALESCE(NEW, OLD);
"""

MATURITY_DECISION_VARIABLES = [
    ("now_at", "text"),
    ("rise", 'int := community_maturity_rank(NEW."to") - community_maturity_rank(NEW.was)'),
    ("signed", "int"),
]
MATURITY_DECISION = """
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.measure_id, NEW.was, NEW."to", NEW.reason, NEW.at) IS DISTINCT FROM
            (OLD.measure_id, OLD.was, OLD."to", OLD.reason, OLD.at)
            OR (NEW.evidence_id IS DISTINCT FROM OLD.evidence_id AND NEW.evidence_id IS NOT NULL)
            OR (OLD.taken_at IS NOT NULL AND NEW.taken_at IS DISTINCT FROM OLD.taken_at)
            OR (OLD.dropped_at IS NOT NULL AND NEW.dropped_at IS DISTINCT FROM OLD.dropped_at) THEN
            RAISE EXCEPTION 'a decision stays as it was' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'maturity_stays';
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
        RAISE EXCEPTION 'a measure rises one step at a time' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'maturity_step';
    END IF;
    IF rise = 1 AND NOT EXISTS (
        SELECT 1 FROM community_evidence
        WHERE id = NEW.evidence_id AND item_id = NEW.measure_id AND withdrawn_at IS NULL AND NOT against) THEN
        RAISE EXCEPTION 'a rise rests on evidence' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'maturity_evidence';
    END IF;
    RETURN NEW;
"""

NO_WORDS_OF_WITHDRAWN = """
    IF EXISTS (SELECT 1 FROM community_item WHERE id = NEW.item_id AND state = 'withdrawn') THEN
        RAISE EXCEPTION 'a withdrawn text stays withdrawn' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'item_withdrawn_stays';
    END IF;
    RETURN NEW;
"""

ONE_DECIMAL_VARIABLES = [("own", "jsonb := to_jsonb(NEW)")]
ONE_DECIMAL = """
    IF NOT community_is_coarse(COALESCE(own -> 'tables', own -> 'values'))
        OR NOT community_is_coarse(own -> 'measures') THEN
        RAISE EXCEPTION 'published numbers have one decimal and no standard deviation'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_one_decimal';
    END IF;
    RETURN NEW;
"""

PART_OF_PAPER = """
    IF NOT EXISTS (SELECT 1 FROM community_item WHERE id = NEW.item_ptr_id AND whole_id = NEW.paper_id) THEN
        RAISE EXCEPTION 'a part stands on the page of its paper'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'part_of_its_paper';
    END IF;
    RETURN NEW;
"""

QUORUM_PROPOSAL = """
    IF TG_OP = 'INSERT' THEN
        IF NEW.confirmed_at IS NOT NULL OR NEW.proposed_side NOT IN ('north', 'south')
            OR NEW.proposed_by_id IS NULL OR NOT community_coordinates(NEW.group_id, NEW.proposed_by_id,
                NEW.proposed_side) THEN
            RAISE EXCEPTION 'a coordinator proposes' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'quorum_by_coordinators';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.group_id, NEW.people, NEW.organisations, NEW.languages, NEW.proposed_side, NEW.at)
        IS DISTINCT FROM (OLD.group_id, OLD.people, OLD.organisations, OLD.languages, OLD.proposed_side, OLD.at)
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
"""

ROUND_LANGUAGES = """
    IF EXISTS (
        SELECT 1 FROM community_roundtext text
            JOIN community_item ask ON ask.id = text.recommendation_id
            JOIN community_item paper ON paper.id = NEW.paper_id
            JOIN community_policypaper own ON own.item_ptr_id = paper.id
            JOIN community_workinggroup team ON team.id = paper.group_id
            CROSS JOIN LATERAL unnest(paper.language
                || CASE WHEN cardinality(team.languages) > 0 THEN team.languages ELSE own.languages END) AS needed
        WHERE text.round_id = NEW.id AND needed <> ask.language AND NOT EXISTS (
            SELECT 1 FROM community_translation said
            WHERE said.item_id = ask.id AND said.language = needed AND said.version = ask.version)) THEN
        RAISE EXCEPTION 'a round opens once its words are there in all languages of the group'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'round_in_all_languages';
    END IF;
    RETURN NEW;
"""

ROUND_QUORUM = """
    SELECT people_needed, people_needed, organisations_needed
        INTO NEW.quorum_north, NEW.quorum_south, NEW.organisations
        FROM community_workinggroup g JOIN community_item paper ON paper.group_id = g.id
            WHERE paper.id = NEW.paper_id;
    RETURN NEW;
"""

SIDE_CONFIRMATION_VARIABLES = [("member", "community_groupmembership")]
SIDE_CONFIRMATION = """
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.group_membership_id, NEW.side, NEW.way, NEW.at) IS DISTINCT
            FROM (OLD.group_membership_id, OLD.side, OLD.way, OLD.at)
            OR NEW.by_id IS NOT NULL AND NEW.by_id IS DISTINCT FROM OLD.by_id THEN
            RAISE EXCEPTION 'a confirmation stays' USING ERRCODE = 'check_violation',
                CONSTRAINT = 'side_confirmation_stays';
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO member FROM community_groupmembership WHERE id = NEW.group_membership_id;
    IF member.organisation = '' OR NOT COALESCE(CASE NEW.way
        WHEN 'coordinator' THEN NEW.by_id <> member.user_id AND community_coordinates(member.group_id, NEW.by_id,
            NEW.side)
        WHEN 'partnership' THEN community_stands_behind(member.asked_through_id, NEW.by_id, NEW.side) AND EXISTS (
            SELECT 1 FROM partnerships_membership membership
                JOIN partnerships_partner partner ON partner.id = membership.partner_id
            WHERE membership.partnership_id = member.asked_through_id AND membership.user_id = member.user_id
                AND membership.role IN ('facilitator', 'representative') AND membership.admitted_at IS NOT NULL
                AND membership.voided_at IS NULL AND partner.side = member.side
                    AND partner.name = member.organisation)
        WHEN 'staff' THEN NEW.by_id <> member.user_id AND member.role = 'lead'
            AND EXISTS (SELECT 1 FROM partnerships_user WHERE id = NEW.by_id AND is_staff)
        END, false) THEN
        RAISE EXCEPTION 'this person does not confirm this side'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'side_confirmed_by_who_may';
    END IF;
    RETURN NEW;
"""

SIGNATURE_GIVEN = """
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
        JOIN community_groupmembership own ON own.group_id = item.group_id
        WHERE decision.id = NEW.decision_id AND decision.taken_at IS NULL AND decision.dropped_at IS NULL
            AND own.user_id = NEW.user_id AND own.side = NEW.side AND own.left_at IS NULL) THEN
        RAISE EXCEPTION 'who signs takes part for this side'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signature_of_a_member';
    END IF;
    RETURN NEW;
"""

WORDS_STAY = """
    RAISE EXCEPTION 'what was written here stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'words_stay';
"""
