"""Rules that several tables share, or that are too long to stand in a model: bodies of triggers, in PL/pgSQL."""

AGENDA_BY_THE_RULES_VARIABLES = [("needed", "integer")]
AGENDA_BY_THE_RULES = """
    IF TG_OP = 'UPDATE' AND OLD.sent_at IS NOT NULL THEN
        RAISE EXCEPTION 'the agenda stands as everybody has it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agenda_stands_once_sent';
    END IF;
    IF NEW.sent_at IS NOT NULL THEN
        SELECT coalesce(sum((line ->> 'minutes')::integer), 0) INTO needed FROM jsonb_array_elements(NEW.lines) line;
        IF needed > NEW.minutes OR needed = 0 THEN
            RAISE EXCEPTION 'the minutes of an agenda fit into the session'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'agenda_adds_up';
        END IF;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM assessments_assessment WHERE id = NEW.assessment_id AND stage = 'joint') THEN
        RAISE EXCEPTION 'the agenda is made before the session ends'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agenda_before_the_session';
    END IF;
    RETURN NEW;
"""

AGREE_RESULT_STANDS_VARIABLES = [("organisations", "int"), ("agreed", "boolean")]
AGREE_RESULT_STANDS = """
    IF OLD.result IN ('all', 'not_all') AND NEW.result <> OLD.result THEN
        RAISE EXCEPTION 'this question has its result' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'agree_result_stands';
    END IF;
    IF NEW.result IN ('all', 'not_all') AND NEW.result <> OLD.result THEN
        SELECT count(DISTINCT participant_id), bool_and(agree) INTO organisations, agreed
            FROM assessments_ballotanswer WHERE round_id = NEW.id AND agree IS NOT NULL;
        IF organisations < 5 OR agreed <> (NEW.result = 'all') THEN
            RAISE EXCEPTION 'a result takes five organisations'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'agree_result_of_five';
        END IF;
    END IF;
    IF NEW.result <> 'open' THEN
        DELETE FROM assessments_ballotanswer WHERE round_id = NEW.id;
    END IF;
    RETURN NEW;
"""

CHOICE_IN_ITS_MOMENT = """
    IF NOT EXISTS (
        SELECT 1 FROM assessments_livesession l JOIN assessments_assessment a ON a.id = l.assessment_id
        WHERE a.current_decision_id = NEW.decision_id AND l.phase = 'decisions' AND l.moment = NEW.moment
            AND l.shown = NEW.shown) THEN
        RAISE EXCEPTION 'a level is chosen while the group is at it, and shown with all others'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'proposal_only_in_its_moment';
    END IF;
    RETURN NEW;
"""

EACH_ALONE_VARIABLES = [("chosen", "text")]
EACH_ALONE = """
    IF TG_TABLE_NAME = 'assessments_rater' THEN
        SELECT mode INTO chosen FROM assessments_assessment WHERE id = NEW.assessment_id;
    ELSE
        SELECT a.mode INTO chosen FROM assessments_assessment a JOIN assessments_decision d ON d.assessment_id = a.id
            WHERE d.id = NEW.decision_id;
    END IF;
    IF chosen = 'caucus' THEN
        RAISE EXCEPTION 'nobody answers alone in caucus mode'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_private_answer_in_caucus';
    END IF;
    RETURN NEW;
"""

FACT_BY_THE_RULES = """
    IF NOT EXISTS (SELECT 1 FROM assessments_assessment
            WHERE id = NEW.assessment_id AND stage IN ('collecting', 'voting', 'joint')) THEN
        RAISE EXCEPTION 'facts are chosen before rating opens or in the session'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_chosen_in_its_time';
    END IF;
    IF TG_OP = 'UPDATE' AND EXISTS (SELECT 1 FROM assessments_factvalue WHERE fact_id = NEW.id) THEN
        RAISE EXCEPTION 'a fact keeps its question and unit once a partner has a value'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_stands_with_its_values';
    END IF;
    IF TG_OP = 'INSERT' THEN
        UPDATE assessments_evidenceconsent c SET facts = NULL FROM assessments_participant p
            WHERE p.id = c.participant_id AND p.assessment_id = NEW.assessment_id AND c.facts;
    END IF;
    RETURN NEW;
"""

FACT_VALUE_BY_THE_RULES_VARIABLES = [
    ("home", "bigint"),
    ("at", "text"),
    ("partnership", "bigint"),
    ("of_kind", "text"),
    ("of_unit", "text"),
    ("before", "integer"),
]
FACT_VALUE_BY_THE_RULES = """
    SELECT a.id, a.stage, a.partnership_id, f.kind, f.unit INTO home, at, partnership, of_kind, of_unit
        FROM assessments_assessmentfact f JOIN assessments_assessment a ON a.id = f.assessment_id
        WHERE f.id = NEW.fact_id;
    IF at NOT IN ('collecting', 'voting', 'rating', 'joint') THEN
        RAISE EXCEPTION 'facts stand from the final review on'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_value_before_the_review';
    END IF;
    IF NEW.held <> (at = 'rating') THEN
        RAISE EXCEPTION 'what is saved while rating is open is held until it closes'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_value_held_while_rating';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM partnerships_partner WHERE id = NEW.partner_id AND partnership_id = partnership)
            OR EXISTS (SELECT 1 FROM assessments_participant WHERE assessment_id = home)
            AND NOT EXISTS (SELECT 1 FROM assessments_participant
                WHERE assessment_id = home AND partner_id = NEW.partner_id) THEN
        RAISE EXCEPTION 'a fact is about a partner that takes part'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_value_of_a_partner_here';
    END IF;
    IF of_kind = 'yes_no' AND NEW.value NOT IN (0, 1) THEN
        RAISE EXCEPTION 'yes is 1 and no is 0'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_value_yes_or_no';
    END IF;
    IF of_unit = 'percent' AND NEW.value > 100 THEN
        RAISE EXCEPTION 'a percentage is at most 100'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_value_percentage_to_100';
    END IF;
    IF TG_OP = 'INSERT' THEN
        SELECT max(version) INTO before FROM assessments_factvalue
            WHERE fact_id = NEW.fact_id AND partner_id = NEW.partner_id;
    ELSIF (NEW.fact_id, NEW.partner_id) <> (OLD.fact_id, OLD.partner_id) THEN
        RAISE EXCEPTION 'a value remains with its partner'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_value_remains';
    ELSIF NEW.confirmed_at IS NULL AND OLD.confirmed_at IS NOT NULL THEN
        RAISE EXCEPTION 'what a partner said itself is not entered for it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_value_stays_confirmed';
    ELSE
        before := OLD.version - (NEW.held <> OLD.held)::integer;
    END IF;
    IF NEW.version <> coalesce(before, 0) + 1 THEN
        RAISE EXCEPTION 'versions follow each other'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'fact_value_in_versions';
    END IF;
    RETURN NEW;
"""

# All at once and without a time, so that nobody learns who was active while rating was open.
HELD_FACTS_OPEN = """
    IF OLD.stage = 'rating' AND NEW.stage <> 'rating' THEN
        DELETE FROM assessments_factvalue v USING assessments_assessmentfact f
            WHERE f.id = v.fact_id AND f.assessment_id = NEW.id AND NOT v.held AND EXISTS (
                SELECT 1 FROM assessments_factvalue w
                WHERE w.fact_id = v.fact_id AND w.partner_id = v.partner_id AND w.held);
        UPDATE assessments_factvalue v SET held = false, confirmed_at = CURRENT_TIMESTAMP
            FROM assessments_assessmentfact f WHERE f.id = v.fact_id AND f.assessment_id = NEW.id AND v.held;
    END IF;
    RETURN NULL;
"""

GUESS_BY_THE_RULES_VARIABLES = [("at", "text"), ("private", "boolean"), ("home", "bigint")]
GUESS_BY_THE_RULES = """
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'a guess stands as it is' USING ERRCODE = 'check_violation', CONSTRAINT = 'guess_stands';
    END IF;
    SELECT stage, private_ratings, partnership_id INTO at, private, home FROM assessments_assessment
        WHERE id = NEW.assessment_id;
    IF at <> 'joint' OR private AND NOT EXISTS (
            SELECT 1 FROM assessments_release WHERE assessment_id = NEW.assessment_id) THEN
        RAISE EXCEPTION 'a guess comes between the release and the end of the session'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'guess_before_the_session';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM partnerships_membership WHERE id = NEW.membership_id AND partnership_id = home
            AND role = 'facilitator') THEN
        RAISE EXCEPTION 'facilitators guess' USING ERRCODE = 'check_violation', CONSTRAINT = 'guess_of_a_facilitator';
    END IF;
    RETURN NEW;
"""

ONLY_IN_SESSION_VARIABLES = [("at", "text")]
WITHIN_LIVE = "live_within_one_assessment"

NO_COMMON_WISH = """
    IF EXISTS (SELECT 1 FROM assessments_outcome o JOIN assessments_agreedlevel l ON l.decision_id = o.decision_id
            WHERE o.decision_id = NEW.decision_id AND o.no_common_wish AND l.desired IS NOT NULL) THEN
        RAISE EXCEPTION 'a decision has wishes or no common wish, not both'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_common_wish_beside_wishes';
    END IF;
    RETURN NULL;
"""


def only_in_session(*columns: str, constraint: str = "live_only_in_session", within: str = WITHIN_LIVE) -> str:
    """Return a trigger's body: a row changes in the joint session only, and its columns are of one assessment."""
    checked = within_one_assessment(within, *columns) if columns else "RETURN NEW;"
    return f"""
    SELECT a.stage INTO at FROM assessments_assessment a
        JOIN assessments_decision d ON d.assessment_id = a.id
        WHERE d.id = NEW.decision_id;
    IF at <> 'joint' THEN
        RAISE EXCEPTION 'this changes in the joint session only'
            USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}';
    END IF;
    {checked}
"""  # noqa: S608 (names of ours)


def within_one_assessment(constraint: str, *columns: str) -> str:
    """Return a trigger's body: the participants in these columns, where any, and the decision are of one assessment."""
    participants = ", ".join(f"NEW.{column}" for column in columns)
    return f"""
    IF EXISTS (SELECT 1 FROM unnest(ARRAY[{participants}]) one WHERE one IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM assessments_participant p
                JOIN assessments_decision d ON d.assessment_id = p.assessment_id
                WHERE p.id = one AND d.id = NEW.decision_id)) THEN
        RAISE EXCEPTION 'participant and decision belong to different assessments'
            USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}';
    END IF;
    RETURN NEW;
"""  # noqa: S608 (names of ours)


MODE_IS_LOCKED = """
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
        RAISE EXCEPTION 'a closed assessment stays closed' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'assessment_closed_is_final';
    END IF;
    IF OLD.rating_closed_at IS NOT NULL AND NEW.rating_closed_at IS DISTINCT FROM OLD.rating_closed_at THEN
        RAISE EXCEPTION 'rating closes once' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'assessment_rating_closes_once';
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
"""

RATING_IS_OPEN_VARIABLES = [("home", "bigint"), ("at", "text")]
RATING_IS_OPEN = """
    SELECT a.id, a.stage INTO home, at FROM assessments_assessment a
        JOIN assessments_decision d ON d.assessment_id = a.id
        WHERE d.id = NEW.decision_id;
    IF at <> 'rating' THEN
        RAISE EXCEPTION 'private ratings are closed' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'rating_only_while_open';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM assessments_rater WHERE id = NEW.rater_id AND assessment_id = home) THEN
        RAISE EXCEPTION 'rater and decision belong to different assessments'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_within_one_assessment';
    END IF;
    RETURN NEW;
"""

RESULT_BY_SIDE_WAITED = """
    IF NEW.sides_declared AND (
            NOT EXISTS (
                SELECT 1 FROM assessments_agreedresult r, jsonb_array_elements(r.scores -> 'partners') one
                WHERE r.assessment_id = NEW.assessment_id AND r.final AND r.id <> NEW.id
                    AND one -> 'side' = 'null'::jsonb)
            OR EXISTS (
                SELECT 1 FROM assessments_participant WHERE assessment_id = NEW.assessment_id AND side IS NULL)) THEN
        RAISE EXCEPTION 'only the last declared side changes a final result'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agreed_result_by_side_waited';
    END IF;
    RETURN NEW;
"""

SAID_SINCE_BY_THE_RULES_VARIABLES = [("home", "bigint"), ("at", "text"), ("earlier", "bigint"), ("own", "bigint")]
SAID_SINCE_BY_THE_RULES = """
    SELECT a.id, a.stage, p.partner_id, b.id INTO home, at, own, earlier
        FROM assessments_participant p JOIN assessments_assessment a ON a.id = p.assessment_id
        LEFT JOIN assessments_assessment b ON b.id = a.predecessor_id AND b.partnership_id = a.partnership_id
        WHERE p.id = NEW.participant_id;
    IF at <> 'joint' THEN
        RAISE EXCEPTION 'this is said in the joint session only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'said_since_only_in_session';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM assessments_participant WHERE assessment_id = earlier AND partner_id = own) THEN
        RAISE EXCEPTION 'this organisation has no last time'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'said_since_by_who_was_there';
    END IF;
    IF NEW.decision_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM assessments_decision d JOIN assessments_decision e ON e.id = d.predecessor_id
            WHERE d.id = NEW.decision_id AND d.assessment_id = home AND e.assessment_id = earlier) THEN
        RAISE EXCEPTION 'this decision has no last time'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'said_since_of_a_decision_of_both';
    END IF;
    IF NEW.version <> (CASE TG_OP WHEN 'INSERT' THEN 1 ELSE OLD.version + 1 END) THEN
        RAISE EXCEPTION 'versions follow each other'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'said_since_in_versions';
    END IF;
    RETURN NEW;
"""

SIDES_ANSWER_VARIABLES = [("home", "bigint"), ("at", "text"), ("chosen", "text")]
SIDES_ANSWER = """
    SELECT a.id, a.stage, a.mode INTO home, at, chosen FROM assessments_assessment a
        JOIN assessments_decision d ON d.assessment_id = a.id WHERE d.id = NEW.decision_id;
    IF chosen <> 'caucus' THEN
        RAISE EXCEPTION 'sides answer together in caucus mode only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'caucus_answer_only_in_caucus';
    END IF;
    IF at <> 'rating' THEN
        RAISE EXCEPTION 'the sides'' answers are closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'caucus_answer_only_while_open';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM assessments_participant WHERE assessment_id = home AND side = NEW.side) THEN
        RAISE EXCEPTION 'nobody stands on this side'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'caucus_answer_of_a_side_that_is_there';
    END IF;
    RETURN NEW;
"""

TRUSTED_PERSON_STAYS = """
    IF TG_OP = 'INSERT' THEN
        IF NEW.key IS NOT NULL OR NEW.digest IS NOT NULL OR NEW.confirmed_at IS NOT NULL THEN
            RAISE EXCEPTION 'a naming begins without a link'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'trusted_person_begins_unconfirmed';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.assessment_id, NEW.name, NEW.email) IS DISTINCT FROM (OLD.assessment_id, OLD.name, OLD.email)
            OR OLD.key IS NOT NULL AND (NEW.digest, NEW.key) IS DISTINCT FROM (OLD.digest, OLD.key)
            OR OLD.replaced_at IS NOT NULL AND NEW.replaced_at IS DISTINCT FROM OLD.replaced_at
            OR OLD.replaced_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at
            OR OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_at, NEW.own_name, NEW.own_role)
                IS DISTINCT FROM (OLD.confirmed_at, OLD.own_name, OLD.own_role)
            OR OLD.key IS NOT NULL AND NEW.to_mail NOT IN ('', OLD.to_mail) THEN
        RAISE EXCEPTION 'another person is another row, so that nothing raised to one is read by another'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'trusted_person_stays';
    END IF;
    IF OLD.key IS NULL AND NEW.key IS NOT NULL AND (
            (SELECT count(*) FROM assessments_trustedword w WHERE w.trusted_id = NEW.id) < 2
            OR EXISTS (
                SELECT 1 FROM assessments_assessment a
                    JOIN partnerships_partner p ON p.partnership_id = a.partnership_id
                WHERE a.id = NEW.assessment_id AND p.left_at IS NULL AND p.side IN ('north', 'south')
                    AND NOT EXISTS (
                        SELECT 1 FROM assessments_trustedword w
                            WHERE w.trusted_id = NEW.id AND w.side = p.side))) THEN
        RAISE EXCEPTION 'a link is made after the words of two people, one of each side that has partners'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'trusted_person_by_both_sides';
    END IF;
    RETURN NEW;
"""

UNSHOWN_CHOICES_GO = """
    IF (NEW.moment, NEW.phase) IS DISTINCT FROM (OLD.moment, OLD.phase) THEN
        DELETE FROM assessments_proposal WHERE NOT shown AND decision_id IN (
            SELECT id FROM assessments_decision WHERE assessment_id = NEW.assessment_id);
    END IF;
    RETURN NEW;
"""

WORD_IS_ITS_SIDES = """
    IF NOT EXISTS (
        SELECT 1 FROM assessments_assessment a
        JOIN partnerships_membership s ON s.id = NEW.given_by_id AND s.partnership_id = a.partnership_id
        LEFT JOIN partnerships_partner p ON p.id = s.partner_id
        LEFT JOIN assessments_participant q ON q.assessment_id = a.id AND q.partner_id = s.partner_id
        WHERE a.id = NEW.assessment_id AND s.role <> 'observer' AND s.admitted_at IS NOT NULL AND s.voided_at IS NULL
            AND (NEW.side = 'second' OR NEW.side = coalesce(q.side,
                CASE WHEN a.opened_at IS NULL THEN p.side END))) THEN
        RAISE EXCEPTION 'a word is given by a member of its side'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'side_word_of_its_side';
    END IF;
    IF EXISTS (
        SELECT 1 FROM assessments_sideword w JOIN partnerships_membership s ON s.id = w.given_by_id
        JOIN partnerships_membership mine ON mine.id = NEW.given_by_id AND mine.user_id = s.user_id
        WHERE w.assessment_id = NEW.assessment_id AND w.matter = NEW.matter AND w.id <> NEW.id
            AND w.subject_id IS NOT DISTINCT FROM NEW.subject_id) THEN
        RAISE EXCEPTION 'one person does not speak for two sides'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'side_word_of_two_people';
    END IF;
    IF EXISTS (
        SELECT 1 FROM partnerships_membership s JOIN partnerships_membership mine ON mine.user_id = s.user_id
        WHERE s.id = NEW.subject_id AND mine.id = NEW.given_by_id) THEN
        RAISE EXCEPTION 'nobody gives a word on the own removal'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'side_word_not_on_oneself';
    END IF;
    RETURN NEW;
"""
