"""Nobody can ask that a rehearsal be counted, so nobody can confirm it."""

from django.db import migrations

RULES = """
CREATE FUNCTION community_rehearsal_is_not_real() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM partnerships_partnership WHERE id = NEW.partnership_id AND is_rehearsal) THEN
        RAISE EXCEPTION 'a rehearsal is not a real partnership'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rehearsal_is_not_real';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rehearsal_is_not_real BEFORE INSERT OR UPDATE ON community_realpartnership
    FOR EACH ROW EXECUTE FUNCTION community_rehearsal_is_not_real();
"""

UNDO = "DROP TRIGGER rehearsal_is_not_real ON community_realpartnership; DROP FUNCTION community_rehearsal_is_not_real;"


class Migration(migrations.Migration):
    dependencies = [("community", "0011_examples"), ("partnerships", "0003_rehearsal")]
    operations = [migrations.RunSQL(RULES, UNDO)]
