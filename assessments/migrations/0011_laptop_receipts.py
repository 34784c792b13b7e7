import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0010_said_since")]

    operations = [
        migrations.CreateModel(
            name="LaptopReceipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("mutation", models.UUIDField()),
                ("receipt", models.JSONField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "assessment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="assessments.assessment"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(models.F("assessment"), models.F("mutation"), name="laptop_change_once")],
            },
        ),
    ]
