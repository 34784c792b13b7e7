"""Made-up numbers, to show how the evidence page works: marked in each table, and cited by examples only."""

from django.db import migrations, models

RULES = """
ALTER TABLE community_evidencesnapshot ADD CONSTRAINT evidence_example_is_marked CHECK (
    CASE WHEN is_example THEN NOT jsonb_path_exists(tables, '$[*] ? (!(@.example == true))')
         ELSE NOT jsonb_path_exists(tables, '$[*] ? (@.example == true)') END);

CREATE FUNCTION community_example_cited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM community_figure f JOIN community_evidencesnapshot s ON s.id = f.snapshot_id
        WHERE f.id = NEW.figure_id AND s.is_example)
       AND NOT EXISTS (SELECT 1 FROM community_finding WHERE item_ptr_id = NEW.item_id AND is_example) THEN
        RAISE EXCEPTION 'made-up numbers are evidence for examples only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_of_examples';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER evidence_of_examples BEFORE INSERT OR UPDATE OF figure_id, item_id ON community_evidence
    FOR EACH ROW EXECUTE FUNCTION community_example_cited();

CREATE FUNCTION community_example_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an example stays one, and nothing else becomes one'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'finding_example_stays';
END $$;
CREATE TRIGGER finding_example_stays BEFORE UPDATE OF is_example ON community_finding
    FOR EACH ROW WHEN (OLD.is_example <> NEW.is_example) EXECUTE FUNCTION community_example_stays();
"""

UNDO = """
DROP TRIGGER finding_example_stays ON community_finding; DROP FUNCTION community_example_stays;
DROP TRIGGER evidence_of_examples ON community_evidence; DROP FUNCTION community_example_cited;
ALTER TABLE community_evidencesnapshot DROP CONSTRAINT evidence_example_is_marked;
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0010_figures_hide")]
    operations = [
        migrations.AddField(
            model_name="evidencesnapshot",
            name="is_example",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="finding",
            name="is_example",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
