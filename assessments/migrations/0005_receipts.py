import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0004_answers_from_elsewhere'),
    ]

    operations = [
        migrations.CreateModel(
            name='HandIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mutation_id', models.UUIDField()),
                ('handed_in_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answers', models.PositiveIntegerField()),
                ('code', models.CharField(max_length=12)),
                ('rater', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hand_ins', to='assessments.rater')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('rater'), models.F('mutation_id'), name='hand_in_once_per_mutation')],
            },
        ),
    ]
