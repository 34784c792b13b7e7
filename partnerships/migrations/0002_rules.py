"""What no constraint can say: organisation, seat, invitation and vow belong to one partnership; single ways in are single."""

from django.db import migrations

RULES = """
CREATE FUNCTION partnerships_partner_is_here() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.partner_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM partnerships_partner WHERE id = NEW.partner_id AND partnership_id = NEW.partnership_id) THEN
        RAISE EXCEPTION 'this partner belongs to another partnership'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'partner_of_this_partnership';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seat_partner_is_here BEFORE INSERT OR UPDATE ON partnerships_seat
    FOR EACH ROW EXECUTE FUNCTION partnerships_partner_is_here();
CREATE TRIGGER invitation_partner_is_here BEFORE INSERT OR UPDATE ON partnerships_invitation
    FOR EACH ROW EXECUTE FUNCTION partnerships_partner_is_here();

CREATE FUNCTION partnerships_money_comes_from_here() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.receives_through_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM partnerships_partner WHERE id = NEW.receives_through_id AND partnership_id = NEW.partnership_id) THEN
        RAISE EXCEPTION 'money is received through a partner of another partnership'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'partner_money_of_this_partnership';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER partner_money_comes_from_here BEFORE INSERT OR UPDATE ON partnerships_partner
    FOR EACH ROW EXECUTE FUNCTION partnerships_money_comes_from_here();

CREATE FUNCTION partnerships_vow_is_from_here() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM partnerships_seat seat JOIN partnerships_seat voucher USING (partnership_id)
        WHERE seat.id = NEW.seat_id AND voucher.id = NEW.by_id AND voucher.role = 'facilitator'
            AND voucher.admitted_at IS NOT NULL AND voucher.voided_at IS NULL) THEN
        RAISE EXCEPTION 'only a facilitator of this partnership vouches for a seat'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_confirmed_by_a_facilitator_here';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vow_is_from_here BEFORE INSERT OR UPDATE ON partnerships_seatconfirmation
    FOR EACH ROW EXECUTE FUNCTION partnerships_vow_is_from_here();

CREATE FUNCTION partnerships_voided_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.voided_at IS NOT NULL AND NEW.voided_at IS DISTINCT FROM OLD.voided_at THEN
        RAISE EXCEPTION 'a seat that was taken back stays so'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_voided_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seat_voided_stays BEFORE UPDATE ON partnerships_seat
    FOR EACH ROW EXECUTE FUNCTION partnerships_voided_stays();
"""

UNDO = """
DROP TRIGGER seat_voided_stays ON partnerships_seat; DROP FUNCTION partnerships_voided_stays;
DROP TRIGGER vow_is_from_here ON partnerships_seatconfirmation; DROP FUNCTION partnerships_vow_is_from_here;
DROP TRIGGER partner_money_comes_from_here ON partnerships_partner; DROP FUNCTION partnerships_money_comes_from_here;
DROP TRIGGER invitation_partner_is_here ON partnerships_invitation;
DROP TRIGGER seat_partner_is_here ON partnerships_seat; DROP FUNCTION partnerships_partner_is_here;
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0001_first")]
    operations = [migrations.RunSQL(RULES, UNDO)]
