import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

RULES = """
CREATE FUNCTION assessments_said_since_by_the_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE home bigint; at text; earlier bigint; own bigint;
BEGIN
    SELECT a.id, a.stage, p.partner_id, b.id INTO home, at, own, earlier
        FROM assessments_participant p JOIN assessments_assessment a ON a.id = p.assessment_id
        LEFT JOIN assessments_assessment b ON b.id = a.predecessor_id AND b.partnership_id = a.partnership_id
        WHERE p.id = NEW.participant_id;
    IF at <> 'joint' THEN
        RAISE EXCEPTION 'this is said in the joint session only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'said_since_only_in_session';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM assessments_participant WHERE assessment_id = earlier AND partner_id = own) THEN
        RAISE EXCEPTION 'this organisation has no last time'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'said_since_by_who_was_there';
    END IF;
    IF NEW.decision_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM assessments_decision d JOIN assessments_decision e ON e.id = d.predecessor_id
            WHERE d.id = NEW.decision_id AND d.assessment_id = home AND e.assessment_id = earlier) THEN
        RAISE EXCEPTION 'this decision has no last time'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'said_since_of_a_decision_of_both';
    END IF;
    IF NEW.version <> (CASE TG_OP WHEN 'INSERT' THEN 1 ELSE OLD.version + 1 END) THEN
        RAISE EXCEPTION 'versions follow each other'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'said_since_in_versions';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER said_since_by_the_rules BEFORE INSERT OR UPDATE OF participant_id, decision_id, answer, version
    ON assessments_saidsince FOR EACH ROW EXECUTE FUNCTION assessments_said_since_by_the_rules();
"""

UNDO = """
DROP TRIGGER said_since_by_the_rules ON assessments_saidsince; DROP FUNCTION assessments_said_since_by_the_rules;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0009_reading_guide'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SaidSince',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('more', 'more say'), ('same', 'the same'), ('less', 'less say')], max_length=4)),
                ('version', models.PositiveIntegerField(default=1)),
                ('name', models.CharField(max_length=160)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='said_since', to='assessments.decision')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='said_since', to='assessments.participant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('participant'), models.F('decision'), name='said_since_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('answer__in', ['more', 'same', 'less'])), name='said_since_is_known'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='said_since_has_a_name')],
            },
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
