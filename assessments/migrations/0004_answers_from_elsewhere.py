import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

RULES = """
CREATE FUNCTION assessments_submission_stays_put() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.seat_id <> OLD.seat_id OR NEW.assessment_id <> OLD.assessment_id OR NEW.instance <> OLD.instance) THEN
        RAISE EXCEPTION 'a form stays with the seat that filled it in'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_stays_with_its_seat';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM assessments_participant p JOIN partnerships_seat s ON s.partner_id = p.partner_id
            WHERE p.assessment_id = NEW.assessment_id AND s.id = NEW.seat_id AND s.role = 'representative') THEN
        RAISE EXCEPTION 'a form is filled in by a representative of a participant'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_of_a_representative';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER submission_stays_put BEFORE INSERT OR UPDATE OF seat_id, assessment_id, instance ON assessments_submission
    FOR EACH ROW EXECUTE FUNCTION assessments_submission_stays_put();
"""

UNDO = """
DROP TRIGGER submission_stays_put ON assessments_submission; DROP FUNCTION assessments_submission_stays_put;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0003_evidence_consent'),
        ('partnerships', '0002_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('form', 'form of another tool'), ('sheet', 'spreadsheet')], max_length=5)),
                ('instance', models.CharField(max_length=80)),
                ('digest', models.CharField(max_length=64)),
                ('answered_at', models.DateTimeField()),
                ('imported_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='submissions', to='assessments.assessment')),
                ('imported_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.seat')),
            ],
            options={
                'ordering': ['-imported_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='answerevent',
            name='submission',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='events', to='assessments.submission'),
        ),
        migrations.CreateModel(
            name='AnswerCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('taken_from', models.DateTimeField(null=True)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.assessment')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.seat')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('assessment'), models.F('seat'), name='answer_code_once_per_seat')],
            },
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('instance'), name='submission_once_per_instance'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('instance', ''), _negated=True), name='submission_has_an_instance'),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
