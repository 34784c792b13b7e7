from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("community", "0008_paper_rules")]
    operations = [
        migrations.AddField(model_name="evidencesnapshot", name="measures", field=models.JSONField(default=list)),
    ]
