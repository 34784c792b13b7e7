"""Follow the notification's new name. The column keeps its own, so old code runs beside new."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0001_baseline"),
        ("partnerships", "0003_notification"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "digestline",
                    "notice",
                    models.OneToOneField(
                        db_column="notice_id",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="digest_line",
                        serialize=False,
                        to="partnerships.notification",
                    ),
                ),
                migrations.RenameField("digestline", "notice", "notification"),
            ]
        ),
    ]
