"""A key per membership, with which its browsers encrypt what they keep."""

import django.db.models.deletion
from django.db import migrations, models

import partnerships.codes

RULES = """
ALTER TABLE partnerships_devicekey ADD CONSTRAINT device_key_has_256_bits CHECK (octet_length(secret) = 32);
CREATE FUNCTION partnerships_device_key_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was encrypted with a key would be lost with it'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'device_key_never_changes';
END $$;
CREATE TRIGGER device_key_never_changes BEFORE UPDATE ON partnerships_devicekey
    FOR EACH ROW EXECUTE FUNCTION partnerships_device_key_never_changes();
"""

UNDO = """
DROP TRIGGER device_key_never_changes ON partnerships_devicekey;
DROP FUNCTION partnerships_device_key_never_changes;
ALTER TABLE partnerships_devicekey DROP CONSTRAINT device_key_has_256_bits;
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0070_daily_run")]
    operations = [
        migrations.CreateModel(
            name="DeviceKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", models.BinaryField(default=partnerships.codes.new_secret)),
                (
                    "seat",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="device_key",
                        to="partnerships.seat",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
