"""For which due time each daily job was last done."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0040_former_names")]
    operations = [
        migrations.CreateModel(
            name="DailyRun",
            fields=[
                ("task", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("done_for", models.DateTimeField(blank=True, null=True)),
                ("taken_until", models.DateTimeField(blank=True, null=True)),
            ],
        ),
    ]
