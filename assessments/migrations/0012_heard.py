import django.db.models.deletion
import django.db.models.functions.text
import partnerships.codes
from django.db import migrations, models

RULES = """
CREATE FUNCTION assessments_heard_by_the_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT EXISTS (SELECT 1 FROM assessments_assessment
            WHERE id = NEW.assessment_id AND stage IN ('collecting', 'voting')) THEN
        RAISE EXCEPTION 'this is answered while decisions are collected'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'heard_while_collecting';
    END IF;
    IF NEW.decision_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM assessments_decision
            WHERE id = NEW.decision_id AND assessment_id = NEW.assessment_id) THEN
        RAISE EXCEPTION 'answer and decision belong to different assessments'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'heard_within_one_assessment';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER heard_by_the_rules BEFORE INSERT OR UPDATE ON assessments_heard
    FOR EACH ROW EXECUTE FUNCTION assessments_heard_by_the_rules();
"""

UNDO = "DROP TRIGGER heard_by_the_rules ON assessments_heard; DROP FUNCTION assessments_heard_by_the_rules;"


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0011_laptop_receipts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('question', models.CharField(choices=[('absent', 'Who is affected by these decisions but not in the room?'), ('afterwards', 'Which decision did you hear of afterwards?')], max_length=10)),
                ('text', models.CharField(max_length=300)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='heard', to='assessments.assessment')),
                ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='assessments.decision')),
            ],
            options={
                'ordering': ['text', 'code'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('text'), models.F('assessment'), models.F('question'), name='heard_once_in_these_words'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='heard_has_words'), models.CheckConstraint(condition=models.Q(('question__in', ['absent', 'afterwards'])), name='heard_question_known'), models.CheckConstraint(condition=models.Q(('decision__isnull', True), ('question', 'afterwards'), _connector='OR'), name='heard_only_afterwards_is_a_decision')],
            },
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
