"""Tokens with which people's own programs read what they may read."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import partnerships.codes

RULES = """
CREATE FUNCTION partnerships_api_token_may_be() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM partnerships_user WHERE id = NEW.user_id AND NOT is_guest FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'guests have no tokens'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'api_token_of_an_account';
    END IF;
    IF (SELECT count(*) FROM partnerships_apitoken
        WHERE user_id = NEW.user_id AND revoked_at IS NULL AND expires_at > now()) >= 10 THEN
        RAISE EXCEPTION 'ten tokens are enough'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'api_token_ten_at_most';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER api_token_may_be BEFORE INSERT ON partnerships_apitoken
    FOR EACH ROW EXECUTE FUNCTION partnerships_api_token_may_be();

CREATE FUNCTION partnerships_api_token_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
        OR (NEW.user_id, NEW.digest, NEW.expires_at) IS DISTINCT FROM (OLD.user_id, OLD.digest, OLD.expires_at) THEN
        RAISE EXCEPTION 'a token is of one person until one day, and what is revoked stays so'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'api_token_stays';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER api_token_stays BEFORE UPDATE ON partnerships_apitoken
    FOR EACH ROW EXECUTE FUNCTION partnerships_api_token_stays();
"""

UNDO = """
DROP TRIGGER api_token_stays ON partnerships_apitoken; DROP FUNCTION partnerships_api_token_stays;
DROP TRIGGER api_token_may_be ON partnerships_apitoken; DROP FUNCTION partnerships_api_token_may_be;
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0004_unnamed_trail")]
    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ("name", models.CharField(max_length=60, verbose_name="what it is for")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("once", models.UUIDField(unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("last_used_on", models.DateField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="api_token_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
