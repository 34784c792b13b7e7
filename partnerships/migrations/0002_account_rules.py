"""Rules on the addresses of allauth, whose models are not ours: an address has one form, and one confirmed owner."""

from django.db import migrations

RULES = r"""CREATE FUNCTION partnerships_address_is_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM account_emailaddress other
    WHERE NOT other.verified AND (other.email = NEW.email OR other.user_id = NEW.user_id);
    RETURN NULL;
END $$;
CREATE TRIGGER address_is_confirmed AFTER INSERT OR UPDATE ON account_emailaddress FOR EACH ROW WHEN (new.verified) EXECUTE FUNCTION partnerships_address_is_confirmed();

CREATE FUNCTION partnerships_address_waits_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM account_emailaddress other
               WHERE other.user_id = NEW.user_id AND other.id <> NEW.id AND other.verified) THEN
        RAISE EXCEPTION 'an account with a confirmed address takes no unconfirmed one'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'emailaddress_waits_alone';
    END IF;
    IF EXISTS (SELECT 1 FROM account_emailaddress other
               WHERE other.email = NEW.email AND other.id <> NEW.id AND other.verified) THEN
        RAISE EXCEPTION 'this address is confirmed by another account'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'emailaddress_waits_for_nothing';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER address_waits_alone BEFORE INSERT OR UPDATE ON account_emailaddress FOR EACH ROW WHEN ((NOT new.verified)) EXECUTE FUNCTION partnerships_address_waits_alone();

ALTER TABLE account_emailaddress ADD CONSTRAINT emailaddress_canonical CHECK (email ~ '^[!-@\[-~]+$');
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0001_baseline"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]
    operations = [migrations.RunSQL(RULES, migrations.RunSQL.noop)]
