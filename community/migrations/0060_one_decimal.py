"""What no constraint can say of published numbers: one decimal, and no standard deviation, in all that is new."""

from django.db import migrations

RULES = """
CREATE FUNCTION community_is_coarse(published jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT NOT jsonb_path_exists(published, '$.**.sd')
        AND NOT jsonb_path_exists(published, '$.** ? (@.type() == "number") ? ((@ * 10).floor() != @ * 10)')
$$;

CREATE FUNCTION community_one_decimal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE own jsonb := to_jsonb(NEW);
BEGIN
    IF NOT community_is_coarse(COALESCE(own -> 'tables', own -> 'values')) OR NOT community_is_coarse(own -> 'measures') THEN
        RAISE EXCEPTION 'published numbers have one decimal and no standard deviation'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_one_decimal';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_snapshot_one_decimal BEFORE INSERT ON community_evidencesnapshot
    FOR EACH ROW EXECUTE FUNCTION community_one_decimal();
CREATE TRIGGER evidence_figure_one_decimal BEFORE INSERT ON community_figure
    FOR EACH ROW EXECUTE FUNCTION community_one_decimal();
"""

UNDO = """
DROP TRIGGER evidence_figure_one_decimal ON community_figure;
DROP TRIGGER evidence_snapshot_one_decimal ON community_evidencesnapshot;
DROP FUNCTION community_one_decimal; DROP FUNCTION community_is_coarse;
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0014_newest_first")]
    operations = [migrations.RunSQL(RULES, UNDO)]
