"""The trail names people by their seats, so that nobody's name outlives her there."""

import django.db.models.deletion
from django.db import migrations, models

# What stood as "name (role)" where one seat alone is meant.
FILL = """
UPDATE partnerships_trailentry entry SET seat_id = found.id, about = ''
FROM (
    SELECT e.id AS entry_id, min(s.id) AS id FROM partnerships_trailentry e
    JOIN partnerships_seat s ON s.partnership_id = e.partnership_id
    JOIN partnerships_user u ON u.id = s.user_id
    WHERE e.verb IN ('invitation.accepted', 'seat.confirmed', 'seat.admitted', 'seat.voided', 'guest.merged')
        AND u.name <> '' AND starts_with(e.about, u.name || ' (')
    GROUP BY e.id HAVING count(DISTINCT s.user_id) = 1
) found WHERE found.entry_id = entry.id AND entry.seat_id IS NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('partnerships', '0003_rehearsal'),
    ]

    operations = [
        migrations.AddField(
            model_name='trailentry',
            name='seat',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='partnerships.seat'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
