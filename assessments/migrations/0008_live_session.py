import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

RULES = """
CREATE FUNCTION assessments_live_in_session() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE home bigint; at text; own jsonb := to_jsonb(NEW);
BEGIN
    SELECT a.id, a.stage INTO home, at FROM assessments_assessment a JOIN assessments_decision d ON d.assessment_id = a.id
        WHERE d.id = NEW.decision_id;
    IF at <> 'joint' THEN
        RAISE EXCEPTION 'this changes in the joint session only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'live_only_in_session';
    END IF;
    IF EXISTS (SELECT 1 FROM unnest(ARRAY[own ->> 'participant_id', own ->> 'about_id']) one
            WHERE one IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM assessments_participant p WHERE p.id = one::bigint AND p.assessment_id = home)) THEN
        RAISE EXCEPTION 'participant and decision belong to different assessments'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'live_within_one_assessment';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER proposal_only_in_session BEFORE INSERT OR UPDATE ON assessments_proposal
    FOR EACH ROW EXECUTE FUNCTION assessments_live_in_session();
CREATE TRIGGER response_only_in_session BEFORE INSERT OR UPDATE ON assessments_response
    FOR EACH ROW EXECUTE FUNCTION assessments_live_in_session();
CREATE TRIGGER spoken_word_only_in_session BEFORE INSERT OR UPDATE ON assessments_spokenword
    FOR EACH ROW EXECUTE FUNCTION assessments_live_in_session();
CREATE TRIGGER cause_only_in_session BEFORE INSERT OR UPDATE ON assessments_cause
    FOR EACH ROW EXECUTE FUNCTION assessments_live_in_session();
CREATE TRIGGER agree_round_only_in_session BEFORE INSERT OR UPDATE ON assessments_agreeround
    FOR EACH ROW EXECUTE FUNCTION assessments_live_in_session();

CREATE FUNCTION assessments_tap_while_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM assessments_agreeround r JOIN assessments_decision d ON d.id = r.decision_id
            JOIN assessments_participant p ON p.assessment_id = d.assessment_id
            JOIN partnerships_seat s ON s.partner_id = p.partner_id
            WHERE r.id = NEW.round_id AND r.result = 'open' AND p.id = NEW.participant_id AND s.id = NEW.seat_id
            AND s.role = 'representative') THEN
        RAISE EXCEPTION 'a representative answers for her organisation while the question is open'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'agree_tap_while_open';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agree_tap_while_open BEFORE INSERT OR UPDATE ON assessments_agreetap
    FOR EACH ROW EXECUTE FUNCTION assessments_tap_while_open();

-- A result stands: asked again after it, the difference would be somebody's answer. The answers go with it.
CREATE FUNCTION assessments_agree_result_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.result IN ('all', 'not_all') AND NEW.result <> OLD.result THEN
        RAISE EXCEPTION 'this question has its result' USING ERRCODE = 'check_violation', CONSTRAINT = 'agree_result_stands';
    END IF;
    IF NEW.result <> 'open' THEN
        DELETE FROM assessments_agreetap WHERE round_id = NEW.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agree_result_stands BEFORE UPDATE ON assessments_agreeround
    FOR EACH ROW EXECUTE FUNCTION assessments_agree_result_stands();

-- Nobody's private word outlives the session.
CREATE FUNCTION assessments_taps_end_with_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.stage = 'joint' AND NEW.stage <> 'joint' THEN
        DELETE FROM assessments_agreetap WHERE round_id IN (SELECT r.id FROM assessments_agreeround r
            JOIN assessments_decision d ON d.id = r.decision_id WHERE d.assessment_id = NEW.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER taps_end_with_session BEFORE UPDATE OF stage ON assessments_assessment
    FOR EACH ROW EXECUTE FUNCTION assessments_taps_end_with_session();
"""

UNDO = """
DROP TRIGGER taps_end_with_session ON assessments_assessment; DROP FUNCTION assessments_taps_end_with_session;
DROP TRIGGER agree_result_stands ON assessments_agreeround; DROP FUNCTION assessments_agree_result_stands;
DROP TRIGGER agree_tap_while_open ON assessments_agreetap; DROP FUNCTION assessments_tap_while_open;
DROP TRIGGER agree_round_only_in_session ON assessments_agreeround;
DROP TRIGGER cause_only_in_session ON assessments_cause;
DROP TRIGGER spoken_word_only_in_session ON assessments_spokenword;
DROP TRIGGER response_only_in_session ON assessments_response;
DROP TRIGGER proposal_only_in_session ON assessments_proposal; DROP FUNCTION assessments_live_in_session;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0007_caucus_pledge_agreement'),
        ('partnerships', '0002_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AgreeRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked', models.JSONField(default=list)),
                ('result', models.CharField(choices=[('open', 'open'), ('all', 'all agree'), ('not_all', 'not all agree'), ('hidden', 'not shown')], default='open', max_length=7)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='agree_round', to='assessments.decision')),
            ],
        ),
        migrations.CreateModel(
            name='AgreeTap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agree', models.BooleanField()),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.participant')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.agreeround')),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.seat')),
            ],
        ),
        migrations.CreateModel(
            name='Cause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('factor', models.SlugField(max_length=60)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='causes', to='assessments.decision')),
            ],
            options={
                'ordering': ['place'],
            },
        ),
        migrations.CreateModel(
            name='LiveSession',
            fields=[
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='live', serialize=False, to='assessments.assessment')),
                ('phase', models.CharField(choices=[('lobby', 'arriving'), ('agreement', 'session agreement'), ('practice', 'practice'), ('silence', 'a silent minute'), ('decisions', 'decisions')], default='lobby', max_length=9)),
                ('phase_ends_at', models.DateTimeField(null=True)),
                ('timer_ends_at', models.DateTimeField(null=True)),
                ('timer_left', models.PositiveIntegerField(null=True)),
                ('turn', models.PositiveSmallIntegerField(default=0)),
                ('skipped', models.JSONField(default=list)),
                ('pause_from', models.DateTimeField(null=True)),
                ('pause_until', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('timer_ends_at__isnull', True), ('timer_left__isnull', True), _connector='OR'), name='live_timer_runs_or_stands'), models.CheckConstraint(condition=models.Q(models.Q(('pause_from__isnull', True), ('pause_until__isnull', True)), ('pause_from__lt', models.F('pause_until')), _connector='OR'), name='live_pause_has_an_end')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='assessments.decision')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='assessments.participant')),
            ],
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField(null=True)),
                ('words', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('about', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.participant')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='assessments.decision')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='assessments.participant')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SpokenWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('passes', 'passes'), ('absent', 'not here')], max_length=6)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spoken_words', to='assessments.decision')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.participant')),
            ],
        ),
        migrations.AddConstraint(
            model_name='agreeround',
            constraint=models.CheckConstraint(condition=models.Q(('result__in', ['open', 'all', 'not_all', 'hidden'])), name='agree_round_result_known'),
        ),
        migrations.AddConstraint(
            model_name='agreetap',
            constraint=models.UniqueConstraint(models.F('round'), models.F('seat'), name='agree_tap_once_per_seat'),
        ),
        migrations.AddConstraint(
            model_name='cause',
            constraint=models.UniqueConstraint(models.F('decision'), models.F('place'), name='cause_once_per_place'),
        ),
        migrations.AddConstraint(
            model_name='cause',
            constraint=models.UniqueConstraint(models.F('decision'), models.F('factor'), name='cause_named_once'),
        ),
        migrations.AddConstraint(
            model_name='cause',
            constraint=models.CheckConstraint(condition=models.Q(('place__gte', 1), ('place__lte', 3)), name='cause_at_most_three'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(models.F('decision'), models.F('participant'), name='proposal_once_per_cell'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('level__gte', 0), ('level__lte', 4)), name='proposal_level_0_to_4'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.UniqueConstraint(models.F('decision'), models.F('about'), models.F('participant'), name='response_once'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(('level__gte', 0), ('level__lte', 4)), name='response_level_0_to_4'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(('about', models.F('participant')), _negated=True), name='response_is_to_another'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(('level__isnull', False), ('words', ''), _connector='OR'), name='response_words_with_a_level'),
        ),
        migrations.AddConstraint(
            model_name='spokenword',
            constraint=models.UniqueConstraint(models.F('decision'), models.F('participant'), name='spoken_word_once'),
        ),
        migrations.AddConstraint(
            model_name='spokenword',
            constraint=models.CheckConstraint(condition=models.Q(('word__in', ['yes', 'no', 'passes', 'absent'])), name='spoken_word_is_known'),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
