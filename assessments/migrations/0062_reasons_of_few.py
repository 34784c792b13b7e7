"""Take out of releases the unsigned reasons that would not leave today: of fewer than three writers or five answers."""

from django.db import migrations

SHRINK = """
SELECT set_config('powertool.shrink', 'on', true);
UPDATE assessments_release r SET reasons = jsonb_set(r.reasons, '{unsigned}', coalesce((
    SELECT jsonb_agg(one ORDER BY place)
    FROM jsonb_array_elements(r.reasons -> 'unsigned') WITH ORDINALITY AS each(one, place)
    WHERE EXISTS (SELECT 1 FROM jsonb_array_elements(r.agreements) said
            WHERE said -> 'decision' = one -> 'decision' AND said ->> 'agree' IS NOT NULL)
        AND (SELECT count(DISTINCT w.participant_id) FROM assessments_privateagreement a
            JOIN assessments_rater w ON w.id = a.rater_id JOIN assessments_decision d ON d.id = a.decision_id
            WHERE w.assessment_id = r.assessment_id AND w.submitted_at IS NOT NULL AND a.reason_use = 'group'
            AND a.reason <> '' AND to_jsonb(d.number) = one -> 'decision') >= 3
), '[]')) WHERE jsonb_array_length(r.reasons -> 'unsigned') > 0;
SELECT set_config('powertool.shrink', 'off', true);
"""


class Migration(migrations.Migration):
    dependencies = [("assessments", "0061_votes_counted_once")]
    operations = [migrations.RunSQL(SHRINK, migrations.RunSQL.noop)]
