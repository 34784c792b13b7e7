"""Under which names somebody wrote before: the database itself keeps them, whoever changes a name."""

from django.db import migrations, models

RULES = """
CREATE FUNCTION partnerships_shown_name(name text, email text) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT coalesce(nullif(btrim(regexp_replace(name, '\\s+', ' ', 'g')), ''), split_part(email, '@', 1), '')
$$;

CREATE FUNCTION partnerships_moment() RETURNS text VOLATILE LANGUAGE sql AS $$
    SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
$$;

CREATE FUNCTION partnerships_user_former_names() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    old_name text := partnerships_shown_name(OLD.name, OLD.email);
BEGIN
    NEW.former_names := OLD.former_names;
    IF partnerships_shown_name(NEW.name, NEW.email) <> old_name THEN
        NEW.former_names := OLD.former_names
            || jsonb_build_object('name', old_name, 'until', partnerships_moment());
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER user_former_names BEFORE UPDATE ON partnerships_user
    FOR EACH ROW EXECUTE FUNCTION partnerships_user_former_names();

CREATE FUNCTION partnerships_seat_former_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.former_names := OLD.former_names;
    IF NEW.user_id <> OLD.user_id THEN
        NEW.former_names := OLD.former_names || (
            SELECT u.former_names || jsonb_build_object(
                'name', partnerships_shown_name(u.name, u.email),
                'until', partnerships_moment())
            FROM partnerships_user u WHERE u.id = OLD.user_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seat_former_names BEFORE UPDATE ON partnerships_seat
    FOR EACH ROW EXECUTE FUNCTION partnerships_seat_former_names();
"""

UNDO = """
DROP TRIGGER seat_former_names ON partnerships_seat; DROP FUNCTION partnerships_seat_former_names;
DROP TRIGGER user_former_names ON partnerships_user; DROP FUNCTION partnerships_user_former_names;
DROP FUNCTION partnerships_shown_name; DROP FUNCTION partnerships_moment;
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0011_address_rules")]

    operations = [
        migrations.AddField("user", "former_names", models.JSONField(blank=True, default=list, db_default=[], editable=False)),
        migrations.AddField("seat", "former_names", models.JSONField(blank=True, default=list, db_default=[], editable=False)),
        migrations.RunSQL(RULES, UNDO),
    ]
