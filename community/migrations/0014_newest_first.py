"""An index by date: who looks for the newest that have a word ends after some, where many have it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("community", "0013_whose_role")]
    operations = [
        migrations.AddIndex(
            model_name="item", index=models.Index(fields=["-updated_at", "-id"], name="item_newest")
        )
    ]
