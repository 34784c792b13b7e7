import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

RULES = """
-- A guess is a facilitator's own, of a session that is ahead; where there are private answers, their release is there.
CREATE FUNCTION assessments_guess_by_the_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE at text; private boolean; home bigint;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'a guess stands as it is' USING ERRCODE = 'check_violation', CONSTRAINT = 'guess_stands';
    END IF;
    SELECT stage, private_ratings, partnership_id INTO at, private, home FROM assessments_assessment
        WHERE id = NEW.assessment_id;
    IF at <> 'joint' OR private AND NOT EXISTS (
            SELECT 1 FROM assessments_release WHERE assessment_id = NEW.assessment_id) THEN
        RAISE EXCEPTION 'a guess comes between the release and the end of the session'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'guess_before_the_session';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM partnerships_seat WHERE id = NEW.seat_id AND partnership_id = home
            AND role = 'facilitator') THEN
        RAISE EXCEPTION 'facilitators guess' USING ERRCODE = 'check_violation', CONSTRAINT = 'guess_of_a_facilitator';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guess_by_the_rules BEFORE INSERT OR UPDATE ON assessments_guess
    FOR EACH ROW EXECUTE FUNCTION assessments_guess_by_the_rules();

CREATE FUNCTION assessments_agenda_by_the_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE needed integer;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sent_at IS NOT NULL THEN
        RAISE EXCEPTION 'the agenda stands as everybody has it'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agenda_stands_once_sent';
    END IF;
    IF NEW.sent_at IS NOT NULL THEN
        SELECT coalesce(sum((line ->> 'minutes')::integer), 0) INTO needed FROM jsonb_array_elements(NEW.lines) line;
        IF needed > NEW.minutes OR needed = 0 THEN
            RAISE EXCEPTION 'the minutes of an agenda fit into the session'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'agenda_adds_up';
        END IF;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM assessments_assessment WHERE id = NEW.assessment_id AND stage = 'joint') THEN
        RAISE EXCEPTION 'the agenda is made before the session ends'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agenda_before_the_session';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agenda_by_the_rules BEFORE INSERT OR UPDATE OF minutes, lines, sent_at ON assessments_agenda
    FOR EACH ROW EXECUTE FUNCTION assessments_agenda_by_the_rules();
"""

UNDO = """
DROP TRIGGER agenda_by_the_rules ON assessments_agenda; DROP FUNCTION assessments_agenda_by_the_rules;
DROP TRIGGER guess_by_the_rules ON assessments_guess; DROP FUNCTION assessments_guess_by_the_rules;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0008_live_session'),
        ('partnerships', '0002_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Agenda',
            fields=[
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='agenda', serialize=False, to='assessments.assessment')),
                ('minutes', models.PositiveSmallIntegerField()),
                ('lines', models.JSONField(default=list)),
                ('version', models.PositiveIntegerField(default=1)),
                ('sent_at', models.DateTimeField(null=True)),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('minutes__gte', 60), ('minutes__lte', 600)), name='agenda_one_to_ten_hours')],
            },
        ),
        migrations.CreateModel(
            name='Guess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('differs', models.CharField(max_length=400)),
                ('decides', models.CharField(max_length=400)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guesses', to='assessments.assessment')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.seat')),
            ],
            options={
                'ordering': ['at', 'id'],
                'constraints': [models.UniqueConstraint(models.F('assessment'), models.F('seat'), name='guess_once'), models.CheckConstraint(condition=models.Q(models.Q(('differs', ''), _negated=True), models.Q(('decides', ''), _negated=True)), name='guess_says_something')],
            },
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
