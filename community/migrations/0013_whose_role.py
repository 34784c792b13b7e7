"""Whose role was changed is a person, not her name in a text that outlives her."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FILL = """
UPDATE community_moderationentry entry SET member_id = found.id, reason = substr(entry.reason, length(found.name) + 3)
FROM (
    SELECT e.id AS entry_id, min(u.id) AS id, min(u.name) AS name FROM community_moderationentry e
    JOIN community_membership m ON m.group_id = e.group_id
    JOIN partnerships_user u ON u.id = m.user_id
    WHERE e.verb = 'role' AND u.name <> '' AND starts_with(e.reason, u.name || ': ')
        AND length(e.reason) > length(u.name) + 2
    GROUP BY e.id HAVING count(*) = 1
) found WHERE found.entry_id = entry.id AND entry.member_id IS NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0012_rehearsals_are_not_real'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='moderationentry',
            name='member',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
