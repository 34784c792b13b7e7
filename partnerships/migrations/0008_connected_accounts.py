"""Rules on allauth's accounts of others: people with an account have at most one of each provider, and no tokens."""

from django.db import migrations

RULES = r"""ALTER TABLE socialaccount_socialtoken ADD CONSTRAINT socialtoken_is_never_stored CHECK (false);
ALTER TABLE socialaccount_socialapp ADD CONSTRAINT socialapp_is_in_the_environment CHECK (false);
ALTER TABLE socialaccount_socialaccount ADD CONSTRAINT socialaccount_stores_no_claims CHECK (extra_data = '{}'::jsonb);
ALTER TABLE socialaccount_socialaccount ADD CONSTRAINT socialaccount_one_of_each UNIQUE (user_id, provider);

CREATE FUNCTION partnerships_connected_to_an_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM account_emailaddress WHERE user_id = NEW.user_id AND verified) THEN
        RAISE EXCEPTION 'an account of an organisation is connected to an account with a confirmed address'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'socialaccount_of_a_confirmed_account';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER connected_to_an_account BEFORE INSERT OR UPDATE OF user_id ON socialaccount_socialaccount
    FOR EACH ROW EXECUTE FUNCTION partnerships_connected_to_an_account();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0007_undeclared_sides"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]
    operations = [migrations.RunSQL(RULES, migrations.RunSQL.noop)]
