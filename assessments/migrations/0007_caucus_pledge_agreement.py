import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

RULES = """
CREATE FUNCTION assessments_each_alone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE chosen text;
BEGIN
    IF TG_TABLE_NAME = 'assessments_rater' THEN
        SELECT mode INTO chosen FROM assessments_assessment WHERE id = NEW.assessment_id;
    ELSE
        SELECT a.mode INTO chosen FROM assessments_assessment a JOIN assessments_decision d ON d.assessment_id = a.id
            WHERE d.id = NEW.decision_id;
    END IF;
    IF chosen = 'caucus' THEN
        RAISE EXCEPTION 'nobody answers alone in caucus mode'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_private_answer_in_caucus';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rater_not_in_caucus BEFORE INSERT ON assessments_rater
    FOR EACH ROW EXECUTE FUNCTION assessments_each_alone();
CREATE TRIGGER rating_not_in_caucus BEFORE INSERT OR UPDATE ON assessments_rating
    FOR EACH ROW EXECUTE FUNCTION assessments_each_alone();
CREATE TRIGGER agreement_not_in_caucus BEFORE INSERT OR UPDATE ON assessments_privateagreement
    FOR EACH ROW EXECUTE FUNCTION assessments_each_alone();

CREATE FUNCTION assessments_sides_answer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE home bigint; at text; chosen text;
BEGIN
    SELECT a.id, a.stage, a.mode INTO home, at, chosen FROM assessments_assessment a
        JOIN assessments_decision d ON d.assessment_id = a.id WHERE d.id = NEW.decision_id;
    IF chosen <> 'caucus' THEN
        RAISE EXCEPTION 'sides answer together in caucus mode only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'caucus_answer_only_in_caucus';
    END IF;
    IF at <> 'rating' THEN
        RAISE EXCEPTION 'the sides'' answers are closed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'caucus_answer_only_while_open';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM assessments_participant WHERE assessment_id = home AND side = NEW.side) THEN
        RAISE EXCEPTION 'nobody stands on this side'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'caucus_answer_of_a_side_that_is_there';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION assessments_sides_rate_their_own() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM assessments_participant p JOIN assessments_decision d ON d.assessment_id = p.assessment_id
            WHERE p.id = NEW.participant_id AND d.id = NEW.decision_id) THEN
        RAISE EXCEPTION 'participant and decision belong to different assessments'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'caucus_answer_within_one_assessment';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER caucus_level_by_the_rules BEFORE INSERT OR UPDATE ON assessments_caucuslevel
    FOR EACH ROW EXECUTE FUNCTION assessments_sides_answer();
CREATE TRIGGER caucus_level_within_one_assessment BEFORE INSERT OR UPDATE ON assessments_caucuslevel
    FOR EACH ROW EXECUTE FUNCTION assessments_sides_rate_their_own();
CREATE TRIGGER caucus_agreement_by_the_rules BEFORE INSERT OR UPDATE ON assessments_caucusagreement
    FOR EACH ROW EXECUTE FUNCTION assessments_sides_answer();

CREATE FUNCTION assessments_funder_is_a_partner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM assessments_assessment a JOIN partnerships_partner p ON p.partnership_id = a.partnership_id
            WHERE a.id = NEW.assessment_id AND p.id = NEW.partner_id) THEN
        RAISE EXCEPTION 'who gives money here is a partner of this partnership'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'funder_is_a_partner';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER funder_is_a_partner BEFORE INSERT OR UPDATE ON assessments_funder
    FOR EACH ROW EXECUTE FUNCTION assessments_funder_is_a_partner();

CREATE FUNCTION assessments_pledge_of_a_representative() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM partnerships_seat s WHERE s.id = NEW.seat_id AND s.partner_id = NEW.partner_id
            AND s.role = 'representative' AND s.admitted_at IS NOT NULL AND s.voided_at IS NULL)
        OR NOT EXISTS (SELECT 1 FROM assessments_funder f
            WHERE f.assessment_id = NEW.assessment_id AND f.partner_id = NEW.partner_id) THEN
        RAISE EXCEPTION 'a representative of a partner that gives money here signs'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_of_a_representative';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pledge_of_a_representative BEFORE INSERT ON assessments_pledge
    FOR EACH ROW EXECUTE FUNCTION assessments_pledge_of_a_representative();
CREATE FUNCTION assessments_pledge_is_a_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.assessment_id, NEW.partner_id, NEW.name, NEW.signed_at)
            IS DISTINCT FROM (OLD.assessment_id, OLD.partner_id, OLD.name, OLD.signed_at)
        OR (NEW.seat_id IS NOT NULL AND NEW.seat_id IS DISTINCT FROM OLD.seat_id)
        OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at) THEN
        RAISE EXCEPTION 'a pledge is kept as it was signed; it can be withdrawn, once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_is_a_record';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pledge_is_a_record BEFORE UPDATE ON assessments_pledge
    FOR EACH ROW EXECUTE FUNCTION assessments_pledge_is_a_record();

ALTER TABLE assessments_sessionagreement ADD CONSTRAINT session_agreement_has_six_lines
    CHECK (jsonb_typeof(lines) = 'array' AND jsonb_array_length(lines) IN (0, 6));
CREATE FUNCTION assessments_agreement_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.lines <> OLD.lines THEN
        NEW.version := OLD.version + 1;
        DELETE FROM assessments_accepted WHERE agreement_id = OLD.id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER agreement_changed BEFORE UPDATE ON assessments_sessionagreement
    FOR EACH ROW EXECUTE FUNCTION assessments_agreement_changed();
CREATE FUNCTION assessments_accepted_as_it_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM assessments_sessionagreement g
            JOIN assessments_assessment a ON a.id = g.assessment_id
            JOIN partnerships_seat s ON s.partnership_id = a.partnership_id
            WHERE g.id = NEW.agreement_id AND g.version = NEW.version AND s.id = NEW.seat_id
            AND s.admitted_at IS NOT NULL AND s.voided_at IS NULL) THEN
        RAISE EXCEPTION 'a member accepts the words that stand'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'accepted_as_it_stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accepted_as_it_stands BEFORE INSERT ON assessments_accepted
    FOR EACH ROW EXECUTE FUNCTION assessments_accepted_as_it_stands();
"""

UNDO = """
DROP TRIGGER accepted_as_it_stands ON assessments_accepted; DROP FUNCTION assessments_accepted_as_it_stands;
DROP TRIGGER agreement_changed ON assessments_sessionagreement; DROP FUNCTION assessments_agreement_changed;
ALTER TABLE assessments_sessionagreement DROP CONSTRAINT session_agreement_has_six_lines;
DROP TRIGGER pledge_is_a_record ON assessments_pledge; DROP FUNCTION assessments_pledge_is_a_record;
DROP TRIGGER pledge_of_a_representative ON assessments_pledge; DROP FUNCTION assessments_pledge_of_a_representative;
DROP TRIGGER funder_is_a_partner ON assessments_funder; DROP FUNCTION assessments_funder_is_a_partner;
DROP TRIGGER caucus_agreement_by_the_rules ON assessments_caucusagreement;
DROP TRIGGER caucus_level_within_one_assessment ON assessments_caucuslevel;
DROP TRIGGER caucus_level_by_the_rules ON assessments_caucuslevel;
DROP FUNCTION assessments_sides_rate_their_own; DROP FUNCTION assessments_sides_answer;
DROP TRIGGER agreement_not_in_caucus ON assessments_privateagreement;
DROP TRIGGER rating_not_in_caucus ON assessments_rating;
DROP TRIGGER rater_not_in_caucus ON assessments_rater; DROP FUNCTION assessments_each_alone;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0006_wordings'),
        ('partnerships', '0002_rules'),
    ]

    operations = [
        migrations.AlterField(
            model_name='assessment',
            name='mode',
            field=models.CharField(blank=True, choices=[('by_side', 'by side'), ('all_together', 'all together'), ('named', 'named'), ('caucus', 'caucus')], max_length=12),
        ),
        migrations.AlterField(
            model_name='assessment',
            name='mode_wanted',
            field=models.CharField(choices=[('by_side', 'by side'), ('all_together', 'all together'), ('named', 'named'), ('caucus', 'caucus')], default='by_side', max_length=12, verbose_name='who sees what of the private ratings'),
        ),
        migrations.AlterField(
            model_name='release',
            name='mode',
            field=models.CharField(choices=[('by_side', 'by side'), ('all_together', 'all together'), ('named', 'named'), ('caucus', 'caucus')], max_length=12),
        ),
        migrations.CreateModel(
            name='SessionAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lines', models.JSONField(blank=True, default=list)),
                ('language', models.CharField(blank=True, max_length=12)),
                ('version', models.PositiveIntegerField(default=1)),
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='session_agreement', to='assessments.assessment')),
            ],
        ),
        migrations.CreateModel(
            name='CaucusAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5)),
                ('version', models.PositiveIntegerField(default=1)),
                ('agree', models.BooleanField(null=True)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='assessments.decision')),
            ],
            options={
                'default_related_name': 'caucus_agreements',
                'constraints': [models.UniqueConstraint(models.F('decision'), models.F('side'), name='caucus_agreement_once_per_decision'), models.CheckConstraint(condition=models.Q(('side__in', ['north', 'south', 'other'])), name='caucus_agreement_side_known')],
            },
        ),
        migrations.CreateModel(
            name='CaucusLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5)),
                ('version', models.PositiveIntegerField(default=1)),
                ('level', models.PositiveSmallIntegerField(null=True)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='assessments.decision')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='assessments.participant')),
            ],
            options={
                'default_related_name': 'caucus_levels',
                'constraints': [models.UniqueConstraint(models.F('decision'), models.F('side'), models.F('participant'), name='caucus_level_once_per_cell'), models.CheckConstraint(condition=models.Q(('level__gte', 0), ('level__lte', 4)), name='caucus_level_0_to_4'), models.CheckConstraint(condition=models.Q(('side__in', ['north', 'south', 'other'])), name='caucus_level_side_known')],
            },
        ),
        migrations.CreateModel(
            name='Funder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='funders', to='assessments.assessment')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partner')),
            ],
            options={
                'ordering': ['partner__position', 'partner_id'],
                'constraints': [models.UniqueConstraint(models.F('assessment'), models.F('partner'), name='funder_once')],
            },
        ),
        migrations.CreateModel(
            name='Pledge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=160)),
                ('signed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pledges', to='assessments.assessment')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='partnerships.partner')),
                ('seat', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='partnerships.seat')),
            ],
            options={
                'ordering': ['signed_at', 'id'],
                'constraints': [models.UniqueConstraint(models.F('assessment'), models.F('seat'), condition=models.Q(('withdrawn_at__isnull', True)), name='pledge_stands_once'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='pledge_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='Accepted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('accepted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('seat', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.seat')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accepted', to='assessments.sessionagreement')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('agreement'), models.F('seat'), name='agreement_accepted_once')],
            },
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
