"""The words of sides, the day that follows from them, and what stays as rating first opened."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0019_newest_first'),
        ('partnerships', '0005_api_token'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RemovalObjection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='SideWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('matter', models.CharField(choices=[('close_rating', 'closing the private ratings'), ('move_day', 'moving the last day to answer'), ('reopen_decisions', 'going back to the decisions'), ('remove_member', 'ending a membership'), ('delete_assessment', 'deleting the assessment')], max_length=20)),
                ('day', models.DateField(null=True)),
                ('side', models.CharField(max_length=6)),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='assessment',
            name='assessment_mode_fixed_when_rating_opens',
        ),
        migrations.AddField(
            model_name='assessment',
            name='first_opened_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='assessment',
            name='opened_with',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='assessment',
            name='rating_closes_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='assessment',
            name='sides',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('stage', 'rating'), _negated=True), ('first_opened_at', None)), models.Q(('mode', ''), _negated=True), _connector='OR'), name='assessment_mode_fixed_when_rating_opens'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('rating_closes_at', None), ('stage', 'rating'), _connector='OR'), name='assessment_closing_day_while_open'),
        ),
        migrations.AddField(
            model_name='removalobjection',
            name='assessment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='removal_objections', to='assessments.assessment'),
        ),
        migrations.AddField(
            model_name='removalobjection',
            name='seat',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.seat'),
        ),
        migrations.AddField(
            model_name='sideword',
            name='assessment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='side_words', to='assessments.assessment'),
        ),
        migrations.AddField(
            model_name='sideword',
            name='given_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.seat'),
        ),
        migrations.AddField(
            model_name='sideword',
            name='subject',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.seat'),
        ),
        migrations.AddConstraint(
            model_name='removalobjection',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('seat'), name='removal_objection_once'),
        ),
        migrations.AddConstraint(
            model_name='sideword',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('matter'), models.F('subject'), models.F('side'), name='side_word_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='sideword',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['north', 'south', 'other', 'second'])), name='side_word_side_known'),
        ),
        migrations.AddConstraint(
            model_name='sideword',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('matter', 'remove_member'), ('subject__isnull', False)), models.Q(models.Q(('matter', 'remove_member'), _negated=True), ('subject', None)), _connector='OR'), name='side_word_subject_of_a_removal'),
        ),
        migrations.AddConstraint(
            model_name='sideword',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('day__isnull', False), ('matter', 'move_day')), models.Q(models.Q(('matter', 'move_day'), _negated=True), ('day', None)), _connector='OR'), name='side_word_day_of_a_move'),
        ),
    ]
