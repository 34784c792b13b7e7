"""Rules that several tables share, or that are too long to stand in a model: bodies of triggers, in PL/pgSQL."""

MEMBERSHIP_IS_KEPT = """
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
                        SELECT 1 FROM partnerships_membership s
                            WHERE s.partner_id = OLD.partner_id AND s.role = 'representative'
                            AND s.user_id <> OLD.user_id AND s.voided_at IS NULL
                            AND s.admitted_at <= coalesce(a.opened_at, a.first_opened_at))
                    OR NOT EXISTS (
                        SELECT 1 FROM assessments_removalobjection o
                            WHERE o.assessment_id = a.id AND o.membership_id = OLD.id)
                    AND (SELECT max(w.given_at) FROM assessments_sideword w
                            WHERE w.assessment_id = a.id AND w.matter = 'remove_member' AND w.subject_id = OLD.id)
                        <= clock_timestamp() - interval '7 days' + interval '5 minutes')) THEN
        RAISE EXCEPTION 'while rating is open a representative stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_kept_while_rating';
    END IF;
    RETURN NEW;
"""

PARTNER_IS_HERE = """
    IF NEW.partner_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM partnerships_partner WHERE id = NEW.partner_id AND partnership_id = NEW.partnership_id) THEN
        RAISE EXCEPTION 'this partner belongs to another partnership'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'partner_of_this_partnership';
    END IF;
    RETURN NEW;
"""

NOT_IN_THE_EXAMPLE = """
    IF EXISTS (SELECT 1 FROM partnerships_partnership WHERE id = NEW.partnership_id AND is_example) THEN
        RAISE EXCEPTION 'the example has no members'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'example_has_no_members';
    END IF;
    RETURN NEW;
"""

SECOND_STEP_BY_BOTH_SIDES = """
    IF NEW.second_step_required = (TG_OP = 'UPDATE' AND OLD.second_step_required) THEN
        RETURN NEW;
    END IF;
    IF NOT (
        SELECT count(*) > 0 AND CASE
            WHEN bool_or(p.side = 'north') AND bool_or(p.side = 'south')
                THEN bool_or(p.side = 'north' AND y.id IS NOT NULL) AND bool_or(p.side = 'south' AND y.id IS NOT NULL)
            ELSE bool_and(y.id IS NOT NULL) END
        FROM partnerships_membership m
        LEFT JOIN partnerships_partner p ON p.id = m.partner_id
        LEFT JOIN partnerships_secondstepyes y ON y.by_id = m.id
        WHERE m.partnership_id = NEW.id AND m.role = 'facilitator'
            AND m.admitted_at IS NOT NULL AND m.voided_at IS NULL) THEN
        RAISE EXCEPTION 'facilitators of both sides decide about a second step'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'second_step_by_both_sides';
    END IF;
    RETURN NEW;
"""
