import django.db.models.deletion
import django.utils.timezone
import uuid
from django.db import migrations, models

RULES = """
CREATE FUNCTION assessments_concern_by_the_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT EXISTS (
            SELECT 1 FROM assessments_trustedperson t JOIN assessments_assessment a ON a.id = t.assessment_id
            WHERE t.id = NEW.trusted_id AND t.replaced_at IS NULL
                AND (a.closed_at IS NULL OR a.closed_at > now() - interval '365 days')) THEN
        RAISE EXCEPTION 'a concern goes to the person who is named, until a year after closing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'concern_to_the_person_named';
    END IF;
    IF TG_OP = 'UPDATE' AND ((NEW.trusted_id, NEW.sealed, NEW.writer_digest, NEW.writer_key)
            IS DISTINCT FROM (OLD.trusted_id, OLD.sealed, OLD.writer_digest, OLD.writer_key)
            OR OLD.answer IS NOT NULL AND NEW.answer IS DISTINCT FROM OLD.answer) THEN
        RAISE EXCEPTION 'concern and answer stay as they were written'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'concern_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER concern_by_the_rules BEFORE INSERT OR UPDATE ON assessments_concern
    FOR EACH ROW EXECUTE FUNCTION assessments_concern_by_the_rules();

CREATE FUNCTION assessments_trusted_person_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.assessment_id, NEW.name, NEW.email, NEW.digest, NEW.key)
            IS DISTINCT FROM (OLD.assessment_id, OLD.name, OLD.email, OLD.digest, OLD.key)
            OR OLD.replaced_at IS NOT NULL AND NEW.replaced_at IS DISTINCT FROM OLD.replaced_at
            OR NEW.to_mail NOT IN ('', OLD.to_mail) THEN
        RAISE EXCEPTION 'another person is another row, so that nothing raised to one is read by another'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'trusted_person_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER trusted_person_stays BEFORE UPDATE ON assessments_trustedperson
    FOR EACH ROW EXECUTE FUNCTION assessments_trusted_person_stays();
"""

UNDO = """
DROP TRIGGER trusted_person_stays ON assessments_trustedperson; DROP FUNCTION assessments_trusted_person_stays;
DROP TRIGGER concern_by_the_rules ON assessments_concern; DROP FUNCTION assessments_concern_by_the_rules;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0014_reply_day'),
    ]

    operations = [
        migrations.CreateModel(
            name='TrustedPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('language', models.CharField(blank=True, max_length=12)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('key', models.BinaryField()),
                ('to_mail', models.CharField(blank=True, max_length=40)),
                ('named_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('replaced_at', models.DateTimeField(null=True)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trusted', to='assessments.assessment')),
            ],
        ),
        migrations.CreateModel(
            name='Concern',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('writer_digest', models.CharField(max_length=64, unique=True)),
                ('writer_key', models.BinaryField()),
                ('answer', models.BinaryField(null=True)),
                ('told', models.BooleanField(default=False)),
                ('trusted', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.trustedperson')),
            ],
        ),
        migrations.AddConstraint(
            model_name='trustedperson',
            constraint=models.UniqueConstraint(models.F('assessment'), condition=models.Q(('replaced_at', None)), name='trusted_person_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='trustedperson',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('email', ''), _negated=True)), name='trusted_person_can_be_reached'),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
