"""A trusted person is confirmed by words of both sides and by herself; concerns lie in no order."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

# Who was named by one facilitator alone is named anew; what was raised stays hers to read.
ANEW = "UPDATE assessments_trustedperson SET replaced_at = now(), to_mail = '' WHERE replaced_at IS NULL;"

RULES = """
CREATE OR REPLACE FUNCTION assessments_trusted_person_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.key IS NOT NULL OR NEW.digest IS NOT NULL OR NEW.confirmed_at IS NOT NULL THEN
            RAISE EXCEPTION 'a naming begins without a link'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'trusted_person_begins_unconfirmed';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.assessment_id, NEW.name, NEW.email) IS DISTINCT FROM (OLD.assessment_id, OLD.name, OLD.email)
            OR OLD.key IS NOT NULL AND (NEW.digest, NEW.key) IS DISTINCT FROM (OLD.digest, OLD.key)
            OR OLD.replaced_at IS NOT NULL AND NEW.replaced_at IS DISTINCT FROM OLD.replaced_at
            OR OLD.replaced_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at
            OR OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_at, NEW.own_name, NEW.own_role)
                IS DISTINCT FROM (OLD.confirmed_at, OLD.own_name, OLD.own_role)
            OR OLD.key IS NOT NULL AND NEW.to_mail NOT IN ('', OLD.to_mail) THEN
        RAISE EXCEPTION 'another person is another row, so that nothing raised to one is read by another'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'trusted_person_stays';
    END IF;
    IF OLD.key IS NULL AND NEW.key IS NOT NULL AND (
            (SELECT count(*) FROM assessments_trustedword w WHERE w.trusted_id = NEW.id) < 2
            OR EXISTS (
                SELECT 1 FROM assessments_assessment a
                    JOIN partnerships_partner p ON p.partnership_id = a.partnership_id
                WHERE a.id = NEW.assessment_id AND p.left_at IS NULL AND p.side IN ('north', 'south')
                    AND NOT EXISTS (
                        SELECT 1 FROM assessments_trustedword w WHERE w.trusted_id = NEW.id AND w.side = p.side))) THEN
        RAISE EXCEPTION 'a link is made after the words of two people, one of each side that has partners'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'trusted_person_by_both_sides';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER trusted_person_stays ON assessments_trustedperson;
CREATE TRIGGER trusted_person_stays BEFORE INSERT OR UPDATE ON assessments_trustedperson
    FOR EACH ROW EXECUTE FUNCTION assessments_trusted_person_stays();

CREATE FUNCTION assessments_trusted_word_is_of_its_seat() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR NOT EXISTS (
            SELECT 1 FROM partnerships_seat s JOIN assessments_trustedperson t ON t.id = NEW.trusted_id
                JOIN assessments_assessment a ON a.id = t.assessment_id
                LEFT JOIN partnerships_partner p ON p.id = s.partner_id
            WHERE s.id = NEW.seat_id AND s.user_id = NEW.by_id AND s.partnership_id = a.partnership_id
                AND s.admitted_at IS NOT NULL AND s.voided_at IS NULL AND s.role IN ('facilitator', 'representative')
                AND t.replaced_at IS NULL AND NEW.side IN ('', p.side)) THEN
        RAISE EXCEPTION 'a word is given once, by a facilitator or representative, for the own side'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'trusted_word_is_of_its_seat';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER trusted_word_is_of_its_seat BEFORE INSERT OR UPDATE ON assessments_trustedword
    FOR EACH ROW EXECUTE FUNCTION assessments_trusted_word_is_of_its_seat();

CREATE OR REPLACE FUNCTION assessments_concern_by_the_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NOT EXISTS (
            SELECT 1 FROM assessments_trustedperson t JOIN assessments_assessment a ON a.id = t.assessment_id
            WHERE t.id = NEW.trusted_id AND t.replaced_at IS NULL AND t.confirmed_at IS NOT NULL
                AND (a.closed_at IS NULL OR a.closed_at > now() - interval '365 days')) THEN
        RAISE EXCEPTION 'a concern goes to the person who is confirmed, until a year after closing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'concern_to_the_person_named';
    END IF;
    IF TG_OP = 'UPDATE' AND ((NEW.id, NEW.trusted_id, NEW.sealed, NEW.writer_digest, NEW.writer_key)
            IS DISTINCT FROM (OLD.id, OLD.trusted_id, OLD.sealed, OLD.writer_digest, OLD.writer_key)
            OR OLD.answer IS NOT NULL AND NEW.answer IS DISTINCT FROM OLD.answer) THEN
        RAISE EXCEPTION 'concern and answer stay as they were written'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'concern_stays';
    END IF;
    RETURN NEW;
END $$;
"""

# All rows are written anew by whoever writes one: so all have the same xmin, and lie (ctid, and what is stored out of
# line) in random order. The lock lets one such writing happen at a time; services take it before they read.
SHUFFLED = """
DROP TRIGGER concern_by_the_rules ON assessments_concern;
CREATE TRIGGER concern_by_the_rules BEFORE INSERT OR UPDATE ON assessments_concern
    FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION assessments_concern_by_the_rules();

CREATE FUNCTION assessments_concern_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock('assessments_concern'::regclass::bigint);
    RETURN NULL;
END $$;
CREATE TRIGGER concern_alone BEFORE INSERT OR UPDATE ON assessments_concern
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION assessments_concern_alone();

CREATE FUNCTION assessments_concern_shuffle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    WITH gone AS (DELETE FROM assessments_concern RETURNING *)
    INSERT INTO assessments_concern SELECT * FROM gone ORDER BY random();
    RETURN NULL;
END $$;
CREATE TRIGGER concern_shuffle AFTER INSERT OR UPDATE ON assessments_concern
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION assessments_concern_shuffle();
"""

UNDO = """
DROP TRIGGER concern_shuffle ON assessments_concern; DROP FUNCTION assessments_concern_shuffle;
DROP TRIGGER concern_alone ON assessments_concern; DROP FUNCTION assessments_concern_alone;
DROP TRIGGER trusted_word_is_of_its_seat ON assessments_trustedword;
DROP FUNCTION assessments_trusted_word_is_of_its_seat;
DROP TRIGGER trusted_person_stays ON assessments_trustedperson;
CREATE TRIGGER trusted_person_stays BEFORE UPDATE ON assessments_trustedperson
    FOR EACH ROW EXECUTE FUNCTION assessments_trusted_person_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0032_no_first_answer"),
        ("partnerships", "0005_api_token"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(ANEW, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="trustedperson", name="trusted_person_one_at_a_time"),
        migrations.AddField("trustedperson", "own_name", models.CharField(blank=True, max_length=120, verbose_name="your name", default="", db_default="")),
        migrations.AddField("trustedperson", "own_role", models.CharField(blank=True, max_length=200, verbose_name="who you are", default="", db_default="")),
        migrations.AddField("trustedperson", "confirmed_at", models.DateTimeField(null=True)),
        migrations.AlterField("trustedperson", "digest", models.CharField(max_length=64, null=True, unique=True)),
        migrations.AlterField("trustedperson", "key", models.BinaryField(null=True)),
        migrations.AddConstraint("trustedperson", models.UniqueConstraint(models.F("assessment"), condition=Q(replaced_at=None, confirmed_at__isnull=False), name="trusted_person_one_at_a_time")),
        migrations.AddConstraint("trustedperson", models.UniqueConstraint(models.F("assessment"), condition=Q(replaced_at=None, confirmed_at=None), name="trusted_person_one_proposed")),
        migrations.AddConstraint("trustedperson", models.CheckConstraint(condition=Q(confirmed_at=None) | ~Q(own_name="") & ~Q(own_role="") & Q(key__isnull=False), name="trusted_person_says_who_she_is")),
        migrations.CreateModel(
            name="TrustedWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.CharField(blank=True, max_length=5)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("seat", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="partnerships.seat")),
                ("trusted", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="words", to="assessments.trustedperson")),
            ],
            options={"ordering": ["at", "id"]},
        ),
        migrations.AddConstraint("trustedword", models.UniqueConstraint(models.F("trusted"), models.F("side"), name="trusted_word_once_per_side")),
        migrations.AddConstraint("trustedword", models.UniqueConstraint(models.F("trusted"), models.F("by"), name="trusted_word_once_per_person")),
        migrations.CreateModel(
            name="ConcernMail",
            fields=[
                ("trusted", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="+", serialize=False, to="assessments.trustedperson")),
            ],
        ),
        migrations.RunSQL("INSERT INTO assessments_concernmail (trusted_id) SELECT DISTINCT trusted_id FROM assessments_concern WHERE NOT told", migrations.RunSQL.noop),
        # The code before still writes this column; a later version removes it.
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL("ALTER TABLE assessments_concern ALTER told SET DEFAULT false", migrations.RunSQL.noop)],
            state_operations=[migrations.RemoveField("concern", "told")],
        ),
        migrations.RunSQL(RULES, migrations.RunSQL.noop),
        migrations.RunSQL(SHUFFLED, UNDO),
    ]
