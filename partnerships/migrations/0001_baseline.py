# The tables, constraints and triggers of version 0.2.0

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import partnerships.codes
import partnerships.models
import partnerships.triggers
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from partnerships.grouped_operations import grouped
from django.db import migrations, models


# What triggers of this app call.
FUNCTIONS = r"""
CREATE OR REPLACE FUNCTION partnerships_shown_name(name text, email text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT coalesce(nullif(btrim(regexp_replace(name, '\s+', ' ', 'g')), ''), split_part(email, '@', 1), '')
$function$;

CREATE OR REPLACE FUNCTION partnerships_moment()
 RETURNS text
 LANGUAGE sql
AS $function$
    SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
$function$;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = grouped([
        migrations.CreateModel(
            name='DailyRun',
            fields=[
                ('task', models.CharField(max_length=100, primary_key=True, serialize=False)),
                ('done_for', models.DateTimeField(blank=True, null=True)),
                ('taken_until', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('email', 'by e-mail'), ('link', 'by link'), ('join_code', 'by join code')], max_length=9)),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('role', models.CharField(choices=[('facilitator', 'facilitator'), ('representative', 'representative'), ('observer', 'observer')], max_length=14)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('language', models.CharField(blank=True, max_length=12)),
                ('message', models.TextField(blank=True, max_length=600)),
                ('mailed_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('email', models.EmailField(blank=True, max_length=254, null=True, unique=True, verbose_name='e-mail address')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='your name')),
                ('former_names', models.JSONField(blank=True, db_default=[], default=list, editable=False)),
                ('language', models.CharField(blank=True, max_length=12)),
                ('is_guest', models.BooleanField(default=False)),
                ('is_staff', models.BooleanField(default=False)),
                ('is_active', models.BooleanField(default=True)),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
        ),
        migrations.CreateModel(
            name='GuestKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='guest_key', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('role', models.CharField(choices=[('facilitator', 'facilitator'), ('representative', 'representative'), ('observer', 'observer')], max_length=14)),
                ('employer', models.CharField(blank=True, max_length=160, verbose_name='employer')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('admitted_at', models.DateTimeField(blank=True, null=True)),
                ('voided_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('former_names', models.JSONField(blank=True, db_default=[], default=list, editable=False)),
                ('invitation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='memberships', to='partnerships.invitation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['created_at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='invitation',
            name='created_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.membership'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='used_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='partnerships.membership'),
        ),
        migrations.CreateModel(
            name='Impersonation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='look', to='partnerships.membership')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.membership')),
            ],
        ),
        migrations.CreateModel(
            name='DeviceKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret', models.BinaryField(default=partnerships.codes.new_secret)),
                ('membership', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='device_key', to='partnerships.membership')),
            ],
        ),
        migrations.CreateModel(
            name='MembershipConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.membership')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='confirmations', to='partnerships.membership')),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60)),
                ('url', models.CharField(blank=True, max_length=300)),
                ('context', models.JSONField(blank=True, default=dict)),
                ('dedupe', models.CharField(blank=True, max_length=120)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('mailed_at', models.DateTimeField(blank=True, null=True)),
                ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('acronym', models.CharField(max_length=20, verbose_name='acronym')),
                ('country', models.CharField(max_length=2, validators=[partnerships.models.validate_country], verbose_name='country')),
                ('side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5, verbose_name='side')),
                ('kind', models.CharField(choices=[('donor', 'donor'), ('ingo', 'international NGO'), ('office', 'country office or affiliate of an international NGO'), ('national', 'national NGO'), ('community', 'community-based organisation'), ('network', 'network'), ('other', 'other')], default='other', max_length=12, verbose_name='kind of organisation')),
                ('identifier', models.CharField(blank=True, max_length=80, verbose_name='organisation identifier')),
                ('side_confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('receives_through', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='passes_on_to', to='partnerships.partner', verbose_name='receives money here through')),
                ('side_confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.AddField(
            model_name='membership',
            name='partner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='memberships', to='partnerships.partner'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='partner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='partnerships.partner'),
        ),
        migrations.CreateModel(
            name='Partnership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('name', models.CharField(max_length=160, verbose_name='name of the partnership')),
                ('context', models.TextField(blank=True, max_length=4000, verbose_name='what you work on together')),
                ('countries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2, validators=[partnerships.models.validate_country]), blank=True, default=list, size=None)),
                ('north_label', models.CharField(blank=True, max_length=40, verbose_name='word for the Northern side')),
                ('south_label', models.CharField(blank=True, max_length=40, verbose_name='word for the Southern side')),
                ('other_label', models.CharField(blank=True, max_length=40, verbose_name='word for those on neither side')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('is_demo', models.BooleanField(default=False)),
                ('is_rehearsal', models.BooleanField(default=False, editable=False)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.AddField(
            model_name='partner',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partners', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='membership',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='invitation',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='partnerships.partnership'),
        ),
        migrations.CreateModel(
            name='ActivityLogEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=60)),
                ('about', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('membership', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='partnerships.membership')),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='activity_log', to='partnerships.partnership')),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='user',
            name='pretend_in',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='pretend_people', to='partnerships.partnership'),
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('name', models.CharField(max_length=60, verbose_name='what it is for')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('once', models.UUIDField(unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('last_used_on', models.DateField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='api_token_ends_after_it_begins')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apitoken',
            trigger=pgtrigger.compiler.Trigger(name='api_token_may_be', sql=partnerships.triggers.TriggerSql(func="PERFORM 1 FROM partnerships_user WHERE id = NEW.user_id AND NOT is_guest FOR NO KEY UPDATE;\nIF NOT FOUND THEN\n    RAISE EXCEPTION 'guests have no tokens'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'api_token_of_an_account';\nEND IF;\nIF (SELECT count(*) FROM partnerships_apitoken\n    WHERE user_id = NEW.user_id AND revoked_at IS NULL AND expires_at > now()) >= 10 THEN\n    RAISE EXCEPTION 'ten tokens are enough'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'api_token_ten_at_most';\nEND IF;\nRETURN NEW;", hash='f6a6f986ece7d8399f851906b311d8fe3179e882', operation='INSERT', pgid='pgtrigger_api_token_may_be_bb203', table='partnerships_apitoken', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apitoken',
            trigger=pgtrigger.compiler.Trigger(name='api_token_stays', sql=partnerships.triggers.TriggerSql(func="IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at\n    OR (NEW.user_id, NEW.digest, NEW.expires_at) IS DISTINCT\n        FROM (OLD.user_id, OLD.digest, OLD.expires_at) THEN\n    RAISE EXCEPTION 'a token is of one person until one day, and what is revoked stays so'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'api_token_stays';\nEND IF;\nRETURN NEW;", hash='68ebf906980e5e6bde9298ae0c597f058c1f056a', operation='UPDATE', pgid='pgtrigger_api_token_stays_d9641', table='partnerships_apitoken', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='guestkey',
            trigger=pgtrigger.compiler.Trigger(name='pretend_has_no_key', sql=partnerships.triggers.TriggerSql(func="IF EXISTS (SELECT 1 FROM partnerships_user WHERE id = NEW.user_id\n    AND pretend_in_id IS NOT NULL) THEN\n    RAISE EXCEPTION 'a pretend person never signs in'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'pretend_has_no_key';\nEND IF;\nRETURN NEW;", hash='785de148294a4ceffd7e817bd227563e1a00731d', operation='INSERT OR UPDATE OF "user_id"', pgid='pgtrigger_pretend_has_no_key_3b049', table='partnerships_guestkey', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='impersonation',
            constraint=models.CheckConstraint(condition=models.Q(('by', models.F('membership')), _negated=True), name='look_not_as_oneself'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='impersonation',
            trigger=pgtrigger.compiler.Trigger(name='look_in_rehearsals_only', sql=partnerships.triggers.TriggerSql(func="IF NOT EXISTS (SELECT 1 FROM partnerships_membership mine\n    JOIN partnerships_membership theirs USING (partnership_id)\n        JOIN partnerships_partnership p ON p.id = partnership_id\n        JOIN partnerships_user u ON u.id = theirs.user_id\n            JOIN partnerships_user me ON me.id = mine.user_id\n        WHERE mine.id = NEW.by_id AND theirs.id = NEW.membership_id AND p.is_rehearsal\n            AND u.pretend_in_id = p.id\n            AND me.pretend_in_id IS NULL AND mine.role = 'facilitator'\n            AND mine.admitted_at IS NOT NULL AND mine.voided_at IS NULL) THEN\n    RAISE EXCEPTION 'only in a rehearsal, and only as its pretend people'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'look_in_rehearsals_only';\nEND IF;\nRETURN NEW;", hash='a5ecbee6f0d1eb122ff24780e8af1438674ba356', operation='INSERT OR UPDATE', pgid='pgtrigger_look_in_rehearsals_only_44351', table='partnerships_impersonation', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='devicekey',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.Exact(models.Func(models.F('secret'), function='octet_length', output_field=models.IntegerField()), 32)), name='device_key_has_256_bits'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='devicekey',
            trigger=pgtrigger.compiler.Trigger(name='device_key_never_changes', sql=partnerships.triggers.TriggerSql(func="RAISE EXCEPTION 'what was encrypted with a key would be lost with it'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'device_key_never_changes';", hash='da9f00dd536b0a36d5c4da93111c83f2b02a0e2f', operation='UPDATE', pgid='pgtrigger_device_key_never_changes_4c0ee', table='partnerships_devicekey', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='membershipconfirmation',
            constraint=models.UniqueConstraint(models.F('membership'), models.F('by'), name='membership_confirmed_once'),
        ),
        migrations.AddConstraint(
            model_name='membershipconfirmation',
            constraint=models.CheckConstraint(condition=models.Q(('membership', models.F('by')), _negated=True), name='membership_not_confirmed_by_itself'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membershipconfirmation',
            trigger=pgtrigger.compiler.Trigger(name='vow_is_from_here', sql=partnerships.triggers.TriggerSql(func="IF NOT EXISTS (\n    SELECT 1 FROM partnerships_membership membership\n        JOIN partnerships_membership voucher USING (partnership_id)\n    WHERE membership.id = NEW.membership_id AND voucher.id = NEW.by_id\n        AND voucher.role = 'facilitator'\n        AND voucher.admitted_at IS NOT NULL AND voucher.voided_at IS NULL) THEN\n    RAISE EXCEPTION 'only a facilitator of this partnership vouches for a membership'\n        USING ERRCODE = 'check_violation',\n            CONSTRAINT = 'membership_confirmed_by_a_facilitator_here';\nEND IF;\nRETURN NEW;", hash='e2dc863a8dfb5d6dfb0c409b4ae58f32599bec40', operation='INSERT OR UPDATE', pgid='pgtrigger_vow_is_from_here_29180', table='partnerships_membershipconfirmation', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['recipient', '-created_at'], name='partnership_recipie_8a9d3b_idx'),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.UniqueConstraint(models.F('recipient'), models.F('kind'), models.F('dedupe'), condition=models.Q(('dedupe', ''), _negated=True), name='notice_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notice',
            trigger=pgtrigger.compiler.Trigger(name='rehearsal_tells_nobody', sql=partnerships.triggers.TriggerSql(declare="DECLARE codes text[] := string_to_array(NEW.url, '/');", func='IF EXISTS (SELECT 1 FROM partnerships_user WHERE id = NEW.recipient_id\n    AND pretend_in_id IS NOT NULL)\n    OR EXISTS (SELECT 1 FROM partnerships_partnership WHERE is_rehearsal AND code = ANY(codes))\n    OR EXISTS (SELECT 1 FROM assessments_assessment a\n        JOIN partnerships_partnership p ON p.id = a.partnership_id\n        WHERE p.is_rehearsal AND a.code = ANY(codes)) THEN\n    RETURN NULL;\nEND IF;\nRETURN NEW;', hash='5641a03679f933878fc20a973e46bcdbb3f11b0c', operation='INSERT', pgid='pgtrigger_rehearsal_tells_nobody_060a0', table='partnerships_notice', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='partnership',
            constraint=models.CheckConstraint(condition=models.Q(('is_rehearsal', False), ('is_demo', True), _connector='OR'), name='partnership_rehearsal_never_counts'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partnership',
            trigger=pgtrigger.compiler.Trigger(name='rehearsal_for_good', sql=partnerships.triggers.TriggerSql(func="IF NEW.is_rehearsal IS DISTINCT FROM OLD.is_rehearsal OR OLD.is_rehearsal\n    AND NEW.name <> OLD.name THEN\n    RAISE EXCEPTION 'a rehearsal stays one, under its name; nothing becomes one'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'rehearsal_for_good';\nEND IF;\nRETURN NEW;", hash='d0e3286a7071e5e3d0b2e3231123829034387b01', operation='UPDATE OF "is_rehearsal", "name"', pgid='pgtrigger_rehearsal_for_good_ac1d6', table='partnerships_partnership', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('acronym'), models.F('partnership'), name='partner_acronym_once'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), models.F('partnership'), name='partner_name_once'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['north', 'south', 'other'])), name='partner_side_known'),
        ),
        migrations.AddConstraint(
            model_name='partner',
            constraint=models.CheckConstraint(condition=models.Q(('receives_through', models.F('id')), _negated=True), name='partner_not_through_itself'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partner',
            trigger=pgtrigger.compiler.Trigger(name='partner_money_comes_from_here', sql=partnerships.triggers.TriggerSql(func="IF NEW.receives_through_id IS NOT NULL AND NOT EXISTS (\n    SELECT 1 FROM partnerships_partner WHERE id = NEW.receives_through_id\n        AND partnership_id = NEW.partnership_id) THEN\n    RAISE EXCEPTION 'money is received through a partner of another partnership'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'partner_money_of_this_partnership';\nEND IF;\nRETURN NEW;", hash='5c9d22962c06cdc51aeb1e84f49aa4bf621f34a3', operation='INSERT OR UPDATE', pgid='pgtrigger_partner_money_comes_from_here_e9a8f', table='partnerships_partner', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='partner',
            trigger=pgtrigger.compiler.Trigger(name='partner_side_stands', sql=partnerships.triggers.TriggerSql(func="IF NEW.side <> OLD.side AND EXISTS (SELECT 1 FROM assessments_participant\n    WHERE partner_id = OLD.id) THEN\n    RAISE EXCEPTION 'a side stands once rating has opened'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'partner_side_stands';\nEND IF;\nRETURN NEW;", hash='6c2925b20f37109db5939dbc7a4c6bfe581ebb60', operation='UPDATE', pgid='pgtrigger_partner_side_stands_daec9', table='partnerships_partner', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(models.F('partnership'), models.F('user'), models.F('role'), condition=models.Q(('voided_at__isnull', True)), name='membership_once_per_role'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role', 'representative'), _negated=True), ('partner__isnull', False), _connector='OR'), name='membership_represents_a_partner'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['facilitator', 'representative', 'observer'])), name='membership_role_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='membership_is_kept', sql=partnerships.triggers.TriggerSql(func="IF OLD.role <> 'representative' OR OLD.admitted_at IS NULL OR OLD.voided_at IS NOT NULL\n    OR (NEW.role, NEW.partner_id, NEW.partnership_id) = (OLD.role, OLD.partner_id, OLD.partnership_id)\n        AND NEW.admitted_at IS NOT NULL AND NEW.voided_at IS NULL\n    OR coalesce(current_setting('powertool.leaves', true), '') = OLD.id::text THEN\n    RETURN NEW;\nEND IF;\nIF EXISTS (\n        SELECT 1 FROM assessments_assessment a WHERE a.partnership_id = OLD.partnership_id\n            AND a.first_opened_at IS NOT NULL AND a.rating_closed_at IS NULL)\n    AND NOT EXISTS (\n        SELECT 1 FROM assessments_assessment a WHERE a.partnership_id = OLD.partnership_id\n            AND a.first_opened_at IS NOT NULL AND a.rating_closed_at IS NULL\n            AND assessments_words_given(a.id, 'remove_member', OLD.id, NULL, false)\n            AND (EXISTS (\n                    SELECT 1 FROM partnerships_membership s\n                        WHERE s.partner_id = OLD.partner_id AND s.role = 'representative'\n                        AND s.user_id <> OLD.user_id AND s.voided_at IS NULL\n                        AND s.admitted_at <= coalesce(a.opened_at, a.first_opened_at))\n                OR NOT EXISTS (\n                    SELECT 1 FROM assessments_removalobjection o\n                        WHERE o.assessment_id = a.id AND o.membership_id = OLD.id)\n                AND (SELECT max(w.given_at) FROM assessments_sideword w\n                        WHERE w.assessment_id = a.id AND w.matter = 'remove_member' AND w.subject_id = OLD.id)\n                    <= clock_timestamp() - interval '7 days' + interval '5 minutes')) THEN\n    RAISE EXCEPTION 'while rating is open a representative stays'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_kept_while_rating';\nEND IF;\nRETURN NEW;", hash='901d9e03e14ba381d979d9958b01880cacdd6d3f', operation='UPDATE OF "voided_at", "admitted_at", "role", "partner_id", "partnership_id"', pgid='pgtrigger_membership_is_kept_8ca33', table='partnerships_membership', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='membership_former_names', sql=partnerships.triggers.TriggerSql(func="NEW.former_names := OLD.former_names;\nIF NEW.user_id <> OLD.user_id THEN\n    NEW.former_names := OLD.former_names || (\n        SELECT u.former_names || jsonb_build_object(\n            'name', partnerships_shown_name(u.name, u.email),\n            'until', partnerships_moment())\n        FROM partnerships_user u WHERE u.id = OLD.user_id);\nEND IF;\nRETURN NEW;", hash='6d964f5bae9aa08b42480aade7bb4135f6060296', operation='UPDATE', pgid='pgtrigger_membership_former_names_e5593', table='partnerships_membership', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='membership_partner_is_here', sql=partnerships.triggers.TriggerSql(func="IF NEW.partner_id IS NOT NULL AND NOT EXISTS (\n    SELECT 1 FROM partnerships_partner WHERE id = NEW.partner_id AND partnership_id = NEW.partnership_id) THEN\n    RAISE EXCEPTION 'this partner belongs to another partnership'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'partner_of_this_partnership';\nEND IF;\nRETURN NEW;", hash='84482ff89226bea70c87603cf06f8a3e99fae20d', operation='INSERT OR UPDATE', pgid='pgtrigger_membership_partner_is_here_e68d1', table='partnerships_membership', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='membership_real_or_pretend', sql=partnerships.triggers.TriggerSql(func="IF EXISTS (SELECT 1 FROM partnerships_user u\n    JOIN partnerships_partnership p ON p.id = NEW.partnership_id\n        WHERE u.id = NEW.user_id AND (u.pretend_in_id IS NOT NULL AND u.pretend_in_id <> p.id\n            OR u.pretend_in_id IS NULL AND p.is_rehearsal\n                AND (p.created_by_id IS DISTINCT FROM u.id OR NEW.role <> 'facilitator'))) THEN\n    RAISE EXCEPTION 'in a rehearsal sit its maker and its pretend people; these sit nowhere else'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_real_or_pretend';\nEND IF;\nRETURN NEW;", hash='d2d251668e5fc0e20726b4f7b82cf563fb875c47', operation='INSERT OR UPDATE OF "user_id", "partnership_id", "role"', pgid='pgtrigger_membership_real_or_pretend_66003', table='partnerships_membership', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='membership',
            trigger=pgtrigger.compiler.Trigger(name='membership_voided_stays', sql=partnerships.triggers.TriggerSql(func="IF OLD.voided_at IS NOT NULL AND NEW.voided_at IS DISTINCT FROM OLD.voided_at THEN\n    RAISE EXCEPTION 'a membership that was taken back stays so'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_voided_stays';\nEND IF;\nRETURN NEW;", hash='b033494bfbcfb4dba5029c3f9b4bd57a5ab60d62', operation='UPDATE', pgid='pgtrigger_membership_voided_stays_19226', table='partnerships_membership', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'email'), ('email__gt', '')), models.Q(('email', ''), models.Q(('channel', 'email'), _negated=True)), _connector='OR'), name='invitation_email_where_mailed'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('email', ''), ('email__regex', '^[!-@\\[-~]+$'), _connector='OR'), name='invitation_email_canonical'),
        ),
        migrations.AddConstraint(
            model_name='invitation',
            constraint=models.CheckConstraint(condition=models.Q(('channel', 'join_code'), ('role', 'facilitator'), _negated=True), name='invitation_no_facilitator_by_join_code'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='invitation_partner_is_here', sql=partnerships.triggers.TriggerSql(func="IF NEW.partner_id IS NOT NULL AND NOT EXISTS (\n    SELECT 1 FROM partnerships_partner WHERE id = NEW.partner_id AND partnership_id = NEW.partnership_id) THEN\n    RAISE EXCEPTION 'this partner belongs to another partnership'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'partner_of_this_partnership';\nEND IF;\nRETURN NEW;", hash='cfc533cb4f45756cb015d520868764a7b3e84fef', operation='INSERT OR UPDATE', pgid='pgtrigger_invitation_partner_is_here_db08e', table='partnerships_invitation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='invitation',
            trigger=pgtrigger.compiler.Trigger(name='no_way_into_a_rehearsal', sql=partnerships.triggers.TriggerSql(func="IF EXISTS (SELECT 1 FROM partnerships_partnership\n    WHERE id = NEW.partnership_id AND is_rehearsal) THEN\n    RAISE EXCEPTION 'nobody is invited to a rehearsal'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'invitation_not_to_a_rehearsal';\nEND IF;\nRETURN NEW;", hash='ecb9be1970c8562000904a24299733a3ee39e40e', operation='INSERT OR UPDATE OF "partnership_id"', pgid='pgtrigger_no_way_into_a_rehearsal_d014d', table='partnerships_invitation', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='activitylogentry',
            index=models.Index(fields=['partnership', '-at'], name='partnership_partner_715c08_idx'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('email', None), ('email__regex', '^[!-@\\[-~]+$'), _connector='OR'), name='user_email_canonical'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('email__isnull', True), ('is_guest', True)), models.Q(('email__isnull', False), ('is_guest', False)), _connector='OR'), name='user_email_or_guest'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('pretend_in', None), models.Q(('is_active', False), ('is_guest', True), ('is_staff', False), ('is_superuser', False)), _connector='OR'), name='user_pretend_never_signs_in'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='pretend_for_good', sql=partnerships.triggers.TriggerSql(func="IF TG_OP = 'UPDATE' AND NEW.pretend_in_id IS DISTINCT FROM OLD.pretend_in_id THEN\n    RAISE EXCEPTION 'nobody becomes a pretend person, or stops being one'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'pretend_for_good';\nEND IF;\nIF NEW.pretend_in_id IS NOT NULL AND NOT EXISTS (\n        SELECT 1 FROM partnerships_partnership WHERE id = NEW.pretend_in_id AND is_rehearsal) THEN\n    RAISE EXCEPTION 'pretend people live in a rehearsal'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'pretend_in_a_rehearsal';\nEND IF;\nRETURN NEW;", hash='251f74646607cbdefcc2484a1f12b40f04f08af9', operation='INSERT OR UPDATE OF "pretend_in_id"', pgid='pgtrigger_pretend_for_good_add0a', table='partnerships_user', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='user',
            trigger=pgtrigger.compiler.Trigger(name='user_former_names', sql=partnerships.triggers.TriggerSql(declare='DECLARE old_name text := partnerships_shown_name(OLD.name, OLD.email);', func="NEW.former_names := OLD.former_names;\nIF partnerships_shown_name(NEW.name, NEW.email) <> old_name THEN\n    NEW.former_names := OLD.former_names\n        || jsonb_build_object('name', old_name, 'until', partnerships_moment());\nEND IF;\nRETURN NEW;", hash='17fcbcfbb0992191b73055a9f9519c97d0191f8b', operation='UPDATE', pgid='pgtrigger_user_former_names_23fa6', table='partnerships_user', when='BEFORE')),
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ])
