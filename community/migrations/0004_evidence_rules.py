"""What no constraint can say: what was published stays as it was published, and no basis is ever lost."""

from django.db import migrations

RULES = """
CREATE FUNCTION community_published_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was published stays as it was' USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_stays';
END $$;
CREATE TRIGGER evidence_snapshot_stays BEFORE UPDATE OR DELETE ON community_evidencesnapshot
    FOR EACH ROW EXECUTE FUNCTION community_published_stays();
CREATE TRIGGER evidence_figure_stays BEFORE UPDATE ON community_figure
    FOR EACH ROW EXECUTE FUNCTION community_published_stays();
"""

UNDO = """
DROP TRIGGER evidence_figure_stays ON community_figure;
DROP TRIGGER evidence_snapshot_stays ON community_evidencesnapshot; DROP FUNCTION community_published_stays;
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0003_evidence")]
    operations = [migrations.RunSQL(RULES, UNDO)]
