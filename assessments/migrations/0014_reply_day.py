import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

RULES = """
-- A reply takes the place of “nothing to add”, which is said while what was agreed is read back.
CREATE FUNCTION assessments_nothing_to_add_by_the_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM assessments_reply WHERE participant_id = NEW.participant_id) THEN
        RAISE EXCEPTION 'this organisation has replied' USING ERRCODE = 'check_violation', CONSTRAINT = 'reply_or_nothing';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM assessments_assessment a JOIN assessments_participant p ON p.assessment_id = a.id
            WHERE p.id = NEW.participant_id AND a.stage = 'readback') THEN
        RAISE EXCEPTION 'this is said at the read-back'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_to_add_at_the_read_back';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nothing_to_add_by_the_rules BEFORE INSERT ON assessments_nothingtoadd
    FOR EACH ROW EXECUTE FUNCTION assessments_nothing_to_add_by_the_rules();

CREATE FUNCTION assessments_replies_have_their_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.stage = 'closed' AND OLD.stage <> 'closed'
            AND EXISTS (SELECT 1 FROM assessments_replyday WHERE assessment_id = NEW.id AND due >= CURRENT_DATE)
            AND EXISTS (SELECT 1 FROM assessments_participant p WHERE p.assessment_id = NEW.id
                AND NOT EXISTS (SELECT 1 FROM assessments_reply r WHERE r.participant_id = p.id)
                AND NOT EXISTS (SELECT 1 FROM assessments_nothingtoadd n WHERE n.participant_id = p.id)) THEN
        RAISE EXCEPTION 'organisations may still reply'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_closes_after_the_replies';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER replies_have_their_time BEFORE UPDATE OF stage ON assessments_assessment
    FOR EACH ROW EXECUTE FUNCTION assessments_replies_have_their_time();
"""

UNDO = """
DROP TRIGGER replies_have_their_time ON assessments_assessment; DROP FUNCTION assessments_replies_have_their_time;
DROP TRIGGER nothing_to_add_by_the_rules ON assessments_nothingtoadd;
DROP FUNCTION assessments_nothing_to_add_by_the_rules;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0013_rehearsal_rules'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReplyDay',
            fields=[
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='reply_day', serialize=False, to='assessments.assessment')),
                ('due', models.DateField(verbose_name='last day for replies')),
            ],
        ),
        migrations.CreateModel(
            name='NothingToAdd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('participant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='nothing_to_add', to='assessments.participant')),
            ],
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
