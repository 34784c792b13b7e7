import django.db.models.deletion
from django.db import migrations, models

RULES = """
CREATE FUNCTION partnerships_rehearsal_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.is_rehearsal IS DISTINCT FROM OLD.is_rehearsal OR OLD.is_rehearsal AND NEW.name <> OLD.name THEN
        RAISE EXCEPTION 'a rehearsal stays one, under its name; nothing becomes one'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'rehearsal_for_good';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rehearsal_for_good BEFORE UPDATE OF is_rehearsal, name ON partnerships_partnership
    FOR EACH ROW EXECUTE FUNCTION partnerships_rehearsal_for_good();

CREATE FUNCTION partnerships_pretend_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.pretend_in_id IS DISTINCT FROM OLD.pretend_in_id THEN
        RAISE EXCEPTION 'nobody becomes a pretend person, or stops being one'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pretend_for_good';
    END IF;
    IF NEW.pretend_in_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM partnerships_partnership WHERE id = NEW.pretend_in_id AND is_rehearsal) THEN
        RAISE EXCEPTION 'pretend people live in a rehearsal'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pretend_in_a_rehearsal';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pretend_for_good BEFORE INSERT OR UPDATE OF pretend_in_id ON partnerships_user
    FOR EACH ROW EXECUTE FUNCTION partnerships_pretend_for_good();

CREATE FUNCTION partnerships_seat_real_or_pretend() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM partnerships_user u JOIN partnerships_partnership p ON p.id = NEW.partnership_id
            WHERE u.id = NEW.user_id AND (u.pretend_in_id IS NOT NULL AND u.pretend_in_id <> p.id
                OR u.pretend_in_id IS NULL AND p.is_rehearsal
                    AND (p.created_by_id IS DISTINCT FROM u.id OR NEW.role <> 'facilitator'))) THEN
        RAISE EXCEPTION 'in a rehearsal sit its maker and its pretend people; these sit nowhere else'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'seat_real_or_pretend';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seat_real_or_pretend BEFORE INSERT OR UPDATE OF user_id, partnership_id, role ON partnerships_seat
    FOR EACH ROW EXECUTE FUNCTION partnerships_seat_real_or_pretend();

CREATE FUNCTION partnerships_no_way_into_a_rehearsal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM partnerships_partnership WHERE id = NEW.partnership_id AND is_rehearsal) THEN
        RAISE EXCEPTION 'nobody is invited to a rehearsal'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'invitation_not_to_a_rehearsal';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER no_way_into_a_rehearsal BEFORE INSERT OR UPDATE OF partnership_id ON partnerships_invitation
    FOR EACH ROW EXECUTE FUNCTION partnerships_no_way_into_a_rehearsal();

CREATE FUNCTION partnerships_pretend_has_no_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM partnerships_user WHERE id = NEW.user_id AND pretend_in_id IS NOT NULL) THEN
        RAISE EXCEPTION 'a pretend person never signs in'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'pretend_has_no_key';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER pretend_has_no_key BEFORE INSERT OR UPDATE OF user_id ON partnerships_guestkey
    FOR EACH ROW EXECUTE FUNCTION partnerships_pretend_has_no_key();

CREATE FUNCTION partnerships_look_in_rehearsals_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM partnerships_seat mine JOIN partnerships_seat theirs USING (partnership_id)
            JOIN partnerships_partnership p ON p.id = partnership_id
            JOIN partnerships_user u ON u.id = theirs.user_id JOIN partnerships_user me ON me.id = mine.user_id
            WHERE mine.id = NEW.by_id AND theirs.id = NEW.seat_id AND p.is_rehearsal AND u.pretend_in_id = p.id
                AND me.pretend_in_id IS NULL AND mine.role = 'facilitator'
                AND mine.admitted_at IS NOT NULL AND mine.voided_at IS NULL) THEN
        RAISE EXCEPTION 'only in a rehearsal, and only as its pretend people'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'look_in_rehearsals_only';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER look_in_rehearsals_only BEFORE INSERT OR UPDATE ON partnerships_look
    FOR EACH ROW EXECUTE FUNCTION partnerships_look_in_rehearsals_only();
"""

UNDO = """
DROP TRIGGER look_in_rehearsals_only ON partnerships_look; DROP FUNCTION partnerships_look_in_rehearsals_only;
DROP TRIGGER pretend_has_no_key ON partnerships_guestkey; DROP FUNCTION partnerships_pretend_has_no_key;
DROP TRIGGER no_way_into_a_rehearsal ON partnerships_invitation; DROP FUNCTION partnerships_no_way_into_a_rehearsal;
DROP TRIGGER seat_real_or_pretend ON partnerships_seat; DROP FUNCTION partnerships_seat_real_or_pretend;
DROP TRIGGER pretend_for_good ON partnerships_user; DROP FUNCTION partnerships_pretend_for_good;
DROP TRIGGER rehearsal_for_good ON partnerships_partnership; DROP FUNCTION partnerships_rehearsal_for_good;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('partnerships', '0002_rules'),
    ]

    operations = [
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.AddField(
            model_name='partnership',
            name='is_rehearsal',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='user',
            name='pretend_in',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='pretend_people', to='partnerships.partnership'),
        ),
        migrations.AddConstraint(
            model_name='partnership',
            constraint=models.CheckConstraint(condition=models.Q(('is_rehearsal', False), ('is_demo', True), _connector='OR'), name='partnership_rehearsal_never_counts'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('pretend_in', None), models.Q(('is_active', False), ('is_guest', True), ('is_staff', False), ('is_superuser', False)), _connector='OR'), name='user_pretend_never_signs_in'),
        ),
        migrations.AddField(
            model_name='look',
            name='by',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='look', to='partnerships.seat'),
        ),
        migrations.AddField(
            model_name='look',
            name='seat',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.seat'),
        ),
        migrations.AddConstraint(
            model_name='look',
            constraint=models.CheckConstraint(condition=models.Q(('by', models.F('seat')), _negated=True), name='look_not_as_oneself'),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
