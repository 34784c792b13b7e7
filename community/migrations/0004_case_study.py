"""The model is named CaseStudy, and a lead of a group is called coordinator. The table keeps its name, so that old code runs beside new and nothing moves."""

import django.db.models.deletion
from django.db import migrations, models

from partnerships.grouped_operations import grouped


class Migration(migrations.Migration):

    dependencies = [
        ("community", "0003_stored_search_words"),
        ("partnerships", "0005_start_and_example"),
    ]

    operations = grouped([
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterModelTable("case", "community_case"),
                migrations.RenameModel("Case", "CaseStudy"),
                migrations.AlterField(
                    "casestudy",
                    "partnership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="case_studies",
                        to="partnerships.partnership",
                    ),
                ),
            ],
        ),
        # The words change, the values stay.
        migrations.AlterField(
            "groupmembership",
            "role",
            models.CharField(choices=[("lead", "coordinator"), ("member", "member")], default="member", max_length=6),
        ),
        migrations.AlterField(
            "item",
            "state",
            models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("published", "published"),
                    ("hidden", "hidden by a coordinator"),
                    ("withdrawn", "withdrawn by its author"),
                ],
                default="draft",
                max_length=9,
            ),
        ),
        migrations.AlterField(
            "realpartnership",
            "about",
            models.TextField(
                help_text="A public page, a funder, a person to ask. Only the coordinators of the group read this.",
                max_length=600,
                verbose_name="how can we see that it is real?",
            ),
        ),
    ])
