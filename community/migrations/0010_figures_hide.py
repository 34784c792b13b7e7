"""A figure's numbers stay as they were published, or are hidden for good when something they rest on was revoked."""

from django.db import migrations, models

RULES = """
CREATE FUNCTION community_figure_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.hidden_at IS NOT NULL OR to_jsonb(NEW) - 'hidden_at' <> to_jsonb(OLD) - 'hidden_at' THEN
        RAISE EXCEPTION 'what was published stays as it was, or hidden'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_stays';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER evidence_figure_stays ON community_figure;
CREATE TRIGGER evidence_figure_stays BEFORE UPDATE ON community_figure
    FOR EACH ROW EXECUTE FUNCTION community_figure_stays();
"""

UNDO = """
DROP TRIGGER evidence_figure_stays ON community_figure; DROP FUNCTION community_figure_stays;
CREATE TRIGGER evidence_figure_stays BEFORE UPDATE ON community_figure
    FOR EACH ROW EXECUTE FUNCTION community_published_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0009_measures_in_snapshots")]
    operations = [
        migrations.AddField(
            model_name="figure", name="hidden_at", field=models.DateTimeField(blank=True, null=True)
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
