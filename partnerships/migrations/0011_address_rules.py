"""An address has one form; an account with a confirmed address has no others; nobody else waits for a confirmed one."""

from django.db import migrations, models
from django.db.models import Q

CANONICAL = r"^[!-@\[-~]+$"

RULES = r"""
ALTER TABLE account_emailaddress ADD CONSTRAINT emailaddress_canonical CHECK (email ~ '^[!-@\[-~]+$');

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
CREATE TRIGGER address_waits_alone BEFORE INSERT OR UPDATE ON account_emailaddress
    FOR EACH ROW WHEN (NOT NEW.verified) EXECUTE FUNCTION partnerships_address_waits_alone();

CREATE FUNCTION partnerships_address_is_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM account_emailaddress other
    WHERE NOT other.verified AND (other.email = NEW.email OR other.user_id = NEW.user_id);
    RETURN NULL;
END $$;
CREATE TRIGGER address_is_confirmed AFTER INSERT OR UPDATE ON account_emailaddress
    FOR EACH ROW WHEN (NEW.verified) EXECUTE FUNCTION partnerships_address_is_confirmed();
"""

UNDO = """
DROP TRIGGER address_is_confirmed ON account_emailaddress; DROP FUNCTION partnerships_address_is_confirmed;
DROP TRIGGER address_waits_alone ON account_emailaddress; DROP FUNCTION partnerships_address_waits_alone;
ALTER TABLE account_emailaddress DROP CONSTRAINT emailaddress_canonical;
"""


class Migration(migrations.Migration):
    dependencies = [("partnerships", "0010_canonical_addresses")]
    operations = [
        migrations.RemoveConstraint("user", "user_email_any_case"),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(condition=Q(email=None) | Q(email__regex=CANONICAL), name="user_email_canonical"),
        ),
        migrations.AddConstraint(
            "invitation",
            models.CheckConstraint(
                condition=Q(email="") | Q(email__regex=CANONICAL), name="invitation_email_canonical"
            ),
        ),
        migrations.RunSQL(RULES, UNDO),
    ]
