# The tables, constraints and triggers of version 0.2.0

import community.models.evidence
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
import partnerships.codes
import partnerships.triggers
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from partnerships.grouped_operations import grouped
from django.db import migrations, models


# What triggers of this app call.
FUNCTIONS = r"""
CREATE OR REPLACE FUNCTION community_coordinates(the_group bigint, the_user bigint, the_side text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
    SELECT EXISTS (SELECT 1 FROM community_groupmembership WHERE group_id = the_group AND user_id = the_user
        AND side = the_side AND role = 'lead' AND left_at IS NULL AND confirmed_at IS NOT NULL)
$function$;

CREATE OR REPLACE FUNCTION community_dictionary(language text)
 RETURNS regconfig
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT CASE language
        WHEN 'en' THEN 'pg_catalog.english'::regconfig
        WHEN 'fr' THEN 'pg_catalog.french'::regconfig
        WHEN 'es' THEN 'pg_catalog.spanish'::regconfig
        WHEN 'pt' THEN 'pg_catalog.portuguese'::regconfig
        WHEN 'nl' THEN 'pg_catalog.dutch'::regconfig
        WHEN 'ar' THEN 'pg_catalog.arabic'::regconfig
        WHEN 'hi' THEN 'pg_catalog.hindi'::regconfig
        WHEN 'id' THEN 'pg_catalog.indonesian'::regconfig
        ELSE 'pg_catalog.simple'::regconfig
    END
$function$;

CREATE OR REPLACE FUNCTION community_maturity_rank(maturity text)
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT array_position(ARRAY['proposed', 'tried', 'evaluated', 'recommended'], maturity)
$function$;

CREATE OR REPLACE FUNCTION community_is_coarse(published jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
AS $function$
    SELECT NOT jsonb_path_exists(published, '$.**.sd')
        AND NOT jsonb_path_exists(published, '$.** ? (@.type() == "number") ? ((@ * 10).floor() != @ * 10)')
$function$;

CREATE OR REPLACE FUNCTION community_side_is_confirmed(member community_groupmembership)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
    SELECT EXISTS (
        SELECT 1 FROM community_sideconfirmation WHERE group_membership_id = member.id AND side IN ('north', 'south')
            AND way IN ('coordinator', 'partnership') GROUP BY way HAVING count(DISTINCT side) = 2)
    OR member.role = 'lead' AND EXISTS (
        SELECT 1 FROM community_sideconfirmation WHERE group_membership_id = member.id AND way = 'staff')
$function$;

CREATE OR REPLACE FUNCTION community_stands_behind(the_partnership bigint, the_user bigint, the_side text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
    SELECT EXISTS (SELECT 1 FROM community_realpartnership WHERE partnership_id = the_partnership AND state = 'confirmed')
    AND EXISTS (
        SELECT 1 FROM partnerships_membership membership JOIN partnerships_partner partner ON partner.id = membership.partner_id
        WHERE membership.partnership_id = the_partnership AND membership.user_id = the_user AND membership.role = 'facilitator'
            AND membership.admitted_at IS NOT NULL AND membership.voided_at IS NULL AND partner.side = the_side)
$function$;

CREATE OR REPLACE FUNCTION community_answered(wanted bigint)
 RETURNS TABLE(side text, answered bigint, consenting bigint, objecting bigint, organisations bigint)
 LANGUAGE sql
 STABLE
AS $function$
    SELECT side, count(*), count(*) FILTER (WHERE choice IN ('consent', 'reservation') OR withdrawn_at IS NOT NULL),
        count(*) FILTER (WHERE choice = 'objection' AND withdrawn_at IS NULL),
        count(DISTINCT NULLIF(organisation, ''))
    FROM community_consentanswer WHERE text_id = wanted GROUP BY side
$function$;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('assessments', '0001_baseline'),
        ('partnerships', '0001_baseline'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = grouped([
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('kind', models.CharField(max_length=5)),
                ('size', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Item',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('kind', models.CharField(choices=[('finding', 'finding'), ('case', 'case'), ('measure', 'measure'), ('step', 'step of a measure'), ('paper', 'policy paper'), ('section', 'section'), ('recommendation', 'recommendation'), ('comment', 'comment')], max_length=14)),
                ('title', models.CharField(blank=True, max_length=300, verbose_name='title')),
                ('text', models.TextField(blank=True, max_length=60000, verbose_name='text')),
                ('plain', models.TextField(blank=True, editable=False)),
                ('language', models.CharField(choices=[('en', 'English'), ('fr', 'français'), ('es', 'español'), ('pt', 'português'), ('nl', 'Nederlands'), ('ar', 'العربية'), ('sw', 'Kiswahili'), ('am', 'አማርኛ'), ('bn', 'বাংলা'), ('hi', 'हिन्दी'), ('id', 'Bahasa Indonesia'), ('und', 'another language')], default='en', max_length=3, verbose_name='language of the text')),
                ('translate_me', models.BooleanField(default=False, verbose_name='please translate')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('agenda', 'agenda and strategy'), ('theory-of-change', 'theory of change'), ('governance', 'governance rules'), ('partner-selection', 'partner selection'), ('money-countries', 'money among countries'), ('money-partners', 'money among partners'), ('money-projects', 'money to projects'), ('fundraising', 'fundraising and donor contact'), ('risk', 'risk and due diligence'), ('monitoring', 'monitoring and accountability'), ('communication', 'communication and representation'), ('implementation', 'implementation'), ('staffing', 'staffing')], max_length=18), blank=True, default=list, size=None)),
                ('state', models.CharField(choices=[('draft', 'draft'), ('published', 'published'), ('hidden', 'hidden by a lead'), ('withdrawn', 'withdrawn by its author')], default='draft', max_length=9)),
                ('side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5)),
                ('version', models.PositiveIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('search', django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='items', to=settings.AUTH_USER_MODEL)),
                ('whole', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='community.item')),
            ],
            options={
                'ordering': ['-updated_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Factor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='name')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Figure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('key', models.CharField(max_length=40)),
                ('values', models.JSONField()),
                ('method_version', models.CharField(max_length=20)),
                ('digest', models.CharField(max_length=64)),
                ('taken_at', models.DateTimeField()),
                ('hidden_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='GroupInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('note', models.CharField(blank=True, max_length=160, verbose_name='for whom')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='GroupMembership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5, verbose_name='your side')),
                ('organisation', models.CharField(blank=True, max_length=160, verbose_name='your organisation')),
                ('role', models.CharField(choices=[('lead', 'lead'), ('member', 'member')], default='member', max_length=6)),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                'ordering': ['joined_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='MailChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(choices=[('mention', 'Somebody names me'), ('comment', 'Somebody comments on what I wrote or commented on'), ('change', 'Something I wrote or endorsed is changed or gets another status'), ('work', 'Something new is published in my groups')], max_length=7)),
                ('how', models.CharField(choices=[('now', 'At once'), ('daily', 'Once a day, together'), ('none', 'Not by e-mail')], max_length=5)),
            ],
        ),
        migrations.CreateModel(
            name='MaturityDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('was', models.CharField(choices=[('proposed', 'proposed'), ('tried', 'tried'), ('evaluated', 'evaluated'), ('recommended', 'recommended')], max_length=11)),
                ('to', models.CharField(choices=[('proposed', 'proposed'), ('tried', 'tried'), ('evaluated', 'evaluated'), ('recommended', 'recommended')], max_length=11, verbose_name='new maturity')),
                ('reason', models.CharField(max_length=1000, verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('taken_at', models.DateTimeField(blank=True, null=True)),
                ('dropped_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='ModerationEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(choices=[('reported', 'reported'), ('dismissed', 'left it as it is'), ('hid', 'hid it'), ('appealed', 'appealed'), ('restored', 'restored it'), ('kept', 'kept it hidden'), ('role', 'changed a role')], max_length=9)),
                ('reason', models.CharField(max_length=1000, verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='PaperFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('format', models.CharField(choices=[('pdf', 'PDF'), ('docx', 'Word'), ('odt', 'OpenDocument')], max_length=4)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=7)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('made_at', models.DateTimeField(blank=True, null=True)),
                ('data', models.BinaryField(null=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='PaperVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('number', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('published_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handle', models.SlugField(max_length=40, unique=True)),
                ('feed_key', models.CharField(default=partnerships.codes.new_code, max_length=12, unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='QuorumProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('people', models.PositiveSmallIntegerField(verbose_name='people of each side who must answer')),
                ('organisations', models.PositiveSmallIntegerField(verbose_name='organisations of each side that they come from')),
                ('proposed_side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('confirmed_side', models.CharField(blank=True, choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='RealPartnership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('network', models.CharField(blank=True, help_text='If your partnership belongs to one, its name. No network may make up more than half of a number.', max_length=160, verbose_name='network or alliance')),
                ('about', models.TextField(help_text='A public page, a funder, a person to ask. Only the leads of the group read this.', max_length=600, verbose_name='how can we see that it is real?')),
                ('state', models.CharField(choices=[('asked', 'asked'), ('confirmed', 'confirmed'), ('declined', 'declined')], default='asked', max_length=9)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=600, verbose_name='reason')),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('base', models.PositiveIntegerField(null=True)),
                ('merged', models.BooleanField(default=False)),
                ('title', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField(blank=True)),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='what changed')),
                ('side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5)),
                ('mutation', models.CharField(max_length=36)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('blanked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-number'],
            },
        ),
        migrations.CreateModel(
            name='RoundText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(null=True)),
                ('active', models.BooleanField(default=True)),
                ('outcome', models.CharField(blank=True, choices=[('adopted', 'adopted'), ('too_few', 'not adopted: too few people answered'), ('objected', 'not adopted: one side does not consent')], max_length=8)),
            ],
            options={
                'ordering': ['recommendation__number'],
            },
        ),
        migrations.CreateModel(
            name='SideConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5)),
                ('way', models.CharField(choices=[('coordinator', 'coordinator of the group'), ('partnership', 'facilitator of the partnership that stands behind the member'), ('staff', 'staff, for a coordinator whom they appoint')], max_length=11)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5)),
                ('version', models.PositiveIntegerField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='StatusChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('proposed', 'proposed'), ('supported', 'supported'), ('contested', 'contested'), ('retired', 'retired')], max_length=9)),
                ('reason', models.CharField(max_length=1000, verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Suggestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('base', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('text', models.TextField(blank=True, max_length=60000, verbose_name='suggested text')),
                ('reason', models.CharField(max_length=1000, verbose_name='reason')),
                ('side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5)),
                ('mutation', models.CharField(max_length=36)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted'), ('declined', 'declined')], default='open', max_length=8)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.CharField(blank=True, max_length=1000, verbose_name='reason')),
                ('version', models.PositiveIntegerField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Translation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('en', 'English'), ('fr', 'français'), ('es', 'español'), ('pt', 'português'), ('nl', 'Nederlands'), ('ar', 'العربية'), ('sw', 'Kiswahili'), ('am', 'አማርኛ'), ('bn', 'বাংলা'), ('hi', 'हिन्दी'), ('id', 'Bahasa Indonesia'), ('und', 'another language')], max_length=3, verbose_name='language')),
                ('version', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('text', models.TextField(blank=True, max_length=60000, verbose_name='text')),
                ('side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Trial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('who', models.CharField(max_length=200, verbose_name='by whom')),
                ('where', models.CharField(blank=True, max_length=200, verbose_name='where')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='WorkingGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('understanding', 'Understanding the system'), ('measures', 'Counteracting inequality'), ('change', 'Changing the system')], max_length=14, unique=True)),
                ('question', models.CharField(blank=True, max_length=300, verbose_name="the group's question")),
                ('joining_is_open', models.BooleanField(default=True, verbose_name='anybody with an account may join')),
                ('is_public', models.BooleanField(default=False, verbose_name='anybody may read, also without an account')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('people_needed', models.PositiveSmallIntegerField(default=3, editable=False)),
                ('organisations_needed', models.PositiveSmallIntegerField(default=2, editable=False)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Adoption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.action')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5)),
                ('digest', models.CharField(max_length=64)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.membership')),
            ],
        ),
        migrations.CreateModel(
            name='AttachmentContent',
            fields=[
                ('attachment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='content', serialize=False, to='community.attachment')),
                ('data', models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('item_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='community.item')),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            bases=('community.item',),
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('item_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='community.item')),
            ],
            bases=('community.item',),
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('item_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='community.item')),
                ('status', models.CharField(choices=[('proposed', 'proposed'), ('supported', 'supported'), ('contested', 'contested'), ('retired', 'retired')], default='proposed', max_length=9)),
                ('is_example', models.BooleanField(default=False, editable=False)),
            ],
            bases=('community.item',),
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('item_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='community.item')),
                ('slug', models.SlugField(blank=True, editable=False, max_length=60, null=True, unique=True)),
                ('maturity', models.CharField(choices=[('proposed', 'proposed'), ('tried', 'tried'), ('evaluated', 'evaluated'), ('recommended', 'recommended')], default='proposed', editable=False, max_length=11)),
                ('reported', models.CharField(blank=True, choices=[('tried', 'Its source says that it was tried.'), ('committed', 'Organisations have committed themselves to it; whether they do it is not known here.'), ('source-recommends', 'A source recommends it; who has tried it is not known here.'), ('prototype', 'There is a prototype; what came of it is not known here.'), ('proposed', 'No alliance is known here that has tried it.')], editable=False, max_length=17)),
                ('costs', models.TextField(blank=True, max_length=1000, verbose_name='what it costs whom')),
            ],
            bases=('community.item',),
        ),
        migrations.CreateModel(
            name='PolicyPaper',
            fields=[
                ('item_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='community.item')),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('en', 'English'), ('fr', 'français'), ('es', 'español'), ('pt', 'português'), ('nl', 'Nederlands'), ('ar', 'العربية'), ('sw', 'Kiswahili'), ('am', 'አማርኛ'), ('bn', 'বাংলা'), ('hi', 'हिन्दी'), ('id', 'Bahasa Indonesia'), ('und', 'another language')], max_length=3), blank=True, default=list, size=None)),
            ],
            bases=('community.item',),
        ),
        migrations.CreateModel(
            name='Recommendation',
            fields=[
                ('item_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='community.item')),
                ('number', models.PositiveSmallIntegerField()),
                ('addressed_to', models.CharField(blank=True, max_length=300, verbose_name='addressed to')),
                ('moment', models.CharField(blank=True, max_length=300, verbose_name='by which moment of decision')),
                ('by_day', models.DateField(blank=True, null=True, verbose_name='by which day')),
                ('standing', models.CharField(choices=[('proposed', 'proposed'), ('adopted', 'adopted by both sides'), ('not_adopted', 'not adopted')], default='proposed', max_length=11)),
                ('decided_version', models.PositiveIntegerField(blank=True, null=True)),
            ],
            options={
                'ordering': ['number'],
            },
            bases=('community.item',),
        ),
        migrations.CreateModel(
            name='Section',
            fields=[
                ('item_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='community.item')),
                ('position', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['position'],
            },
            bases=('community.item',),
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('item_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='community.item')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('who', models.CharField(blank=True, max_length=160, verbose_name='who does it')),
                ('phase', models.CharField(blank=True, choices=[('before', 'before there is a programme'), ('design', 'while it is designed'), ('agreeing', 'when agreements are made'), ('working', 'while it runs'), ('learning', 'when results are looked at'), ('ending', 'when it ends')], max_length=8, verbose_name='when in the partnership')),
                ('takes', models.CharField(blank=True, max_length=120, verbose_name='how long it takes')),
                ('needs', models.CharField(blank=True, max_length=400, verbose_name='what it needs')),
                ('pitfalls', models.CharField(blank=True, max_length=600, verbose_name='what can go wrong')),
            ],
            bases=('community.item',),
        ),
        migrations.CreateModel(
            name='Basis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='became', to='community.item')),
            ],
            options={
                'verbose_name_plural': 'bases',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='attachment',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='community.item'),
        ),
        migrations.CreateModel(
            name='ConsentAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5)),
                ('choice', models.CharField(choices=[('consent', 'I consent'), ('reservation', 'I consent with a reservation'), ('objection', 'I object'), ('aside', 'I stand aside')], max_length=11)),
                ('reason', models.CharField(blank=True, max_length=1000, verbose_name='reason')),
                ('proposal', models.CharField(blank=True, max_length=1000, verbose_name='what you propose instead')),
                ('signed', models.BooleanField(default=False, verbose_name='print my name with it')),
                ('organisation', models.CharField(blank=True, editable=False, max_length=64)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_because', models.CharField(blank=True, max_length=1000, verbose_name='how it was resolved')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ConsentRound',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('days', models.PositiveSmallIntegerField(default=14, verbose_name='days to answer')),
                ('quorum_north', models.PositiveSmallIntegerField(default=3, verbose_name='people of the North who must answer')),
                ('quorum_south', models.PositiveSmallIntegerField(default=3, verbose_name='people of the South who must answer')),
                ('organisations', models.PositiveSmallIntegerField(default=2)),
                ('called_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('closes_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('called_off_at', models.DateTimeField(blank=True, null=True)),
                ('called_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-called_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='DigestLine',
            fields=[
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='digest_line', serialize=False, to='partnerships.notice')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mutation', models.CharField(max_length=36)),
                ('kind', models.CharField(choices=[('finding', 'finding'), ('case', 'case'), ('measure', 'measure'), ('step', 'step of a measure'), ('paper', 'policy paper'), ('section', 'section'), ('recommendation', 'recommendation'), ('comment', 'comment')], max_length=14)),
                ('base', models.PositiveIntegerField(default=0)),
                ('sequence', models.BigIntegerField(default=0)),
                ('title', models.CharField(blank=True, max_length=300)),
                ('text', models.TextField(blank=True)),
                ('saved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='community.item')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-saved_at'],
            },
        ),
        migrations.CreateModel(
            name='Endorsement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5)),
                ('version', models.PositiveIntegerField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='endorsements', to='community.item')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Evidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('kind', models.CharField(choices=[('document', 'document'), ('case', 'case from a partnership'), ('figure', 'figure from the evidence base')], max_length=8)),
                ('against', models.BooleanField(default=False, verbose_name='it speaks against it')),
                ('says', models.CharField(blank=True, max_length=600, verbose_name='what it says about this')),
                ('title', models.CharField(blank=True, max_length=300, verbose_name='title of the document')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='by whom it was published')),
                ('link', models.URLField(blank=True, max_length=500, verbose_name='link')),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='year')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='community.item')),
            ],
            options={
                'verbose_name_plural': 'evidence',
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='EvidenceSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('taken_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('method_version', models.CharField(max_length=20)),
                ('tables', models.JSONField()),
                ('measures', models.JSONField(default=list)),
                ('digest', models.CharField(max_length=64)),
                ('basis', models.JSONField(default=dict)),
                ('is_example', models.BooleanField(default=False, editable=False)),
            ],
            options={
                'ordering': ['-taken_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('is_example', True), models.Q(community.models.evidence.JsonPathExists('tables', '$[*] ? (!(@.example == true))'), _negated=True)), models.Q(('is_example', False), models.Q(community.models.evidence.JsonPathExists('tables', '$[*] ? (@.example == true)'), _negated=True)), _connector='OR'), name='evidence_example_is_marked')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencesnapshot',
            trigger=pgtrigger.compiler.Trigger(name='evidence_snapshot_one_decimal', sql=partnerships.triggers.TriggerSql(declare='DECLARE own jsonb := to_jsonb(NEW);', func="IF NOT community_is_coarse(COALESCE(own -> 'tables', own -> 'values'))\n    OR NOT community_is_coarse(own -> 'measures') THEN\n    RAISE EXCEPTION 'published numbers have one decimal and no standard deviation'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_one_decimal';\nEND IF;\nRETURN NEW;", hash='b6e55d7be3f07caae6bf7f61735fc0daeb883d86', operation='INSERT', pgid='pgtrigger_evidence_snapshot_one_decimal_8f0b6', table='community_evidencesnapshot', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidencesnapshot',
            trigger=pgtrigger.compiler.Trigger(name='evidence_snapshot_stays', sql=partnerships.triggers.TriggerSql(func="RAISE EXCEPTION 'what was published stays as it was'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_stays';", hash='e5329860546ab71c0e60494592932031a78fac6c', operation='UPDATE OR DELETE', pgid='pgtrigger_evidence_snapshot_stays_1b0c2', table='community_evidencesnapshot', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='figure',
            name='snapshot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='figures', to='community.evidencesnapshot'),
        ),
        migrations.AddField(
            model_name='evidence',
            name='figure',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cited_in', to='community.figure'),
        ),
        migrations.AddField(
            model_name='groupinvitation',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='groupinvitation',
            name='used_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='groupmembership',
            name='asked_through',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='groupmembership',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='group_memberships', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mailchoice',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mail_choices', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='maturitydecision',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='maturitydecision',
            name='evidence',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='community.evidence'),
        ),
        migrations.AddField(
            model_name='mention',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='community.item'),
        ),
        migrations.AddField(
            model_name='mention',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='moderationentry',
            name='actor',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='moderationentry',
            name='item',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='moderation', to='community.item'),
        ),
        migrations.AddField(
            model_name='moderationentry',
            name='member',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='moderationentry',
            name='settled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='settles', to='community.moderationentry'),
        ),
        migrations.AddField(
            model_name='paperversion',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paperfile',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='community.paperversion'),
        ),
        migrations.AddField(
            model_name='profile',
            name='user',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='profile', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='quorumproposal',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='quorumproposal',
            name='proposed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='realpartnership',
            name='asked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='realpartnership',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='realpartnership',
            name='partnership',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='revision',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='revision',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='community.item'),
        ),
        migrations.AddField(
            model_name='roundtext',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='community.consentround'),
        ),
        migrations.AddField(
            model_name='consentanswer',
            name='text',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='community.roundtext'),
        ),
        migrations.AddField(
            model_name='sideconfirmation',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sideconfirmation',
            name='group_membership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='confirmations', to='community.groupmembership'),
        ),
        migrations.AddField(
            model_name='signature',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='community.maturitydecision'),
        ),
        migrations.AddField(
            model_name='signature',
            name='user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='statuschange',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='author',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='suggestions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='suggestion',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suggestions', to='community.item'),
        ),
        migrations.AddField(
            model_name='translation',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='translation',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='translations', to='community.item'),
        ),
        migrations.AddField(
            model_name='trial',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='trial',
            name='evidence',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trials', to='community.evidence'),
        ),
        migrations.AddConstraint(
            model_name='workinggroup',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['understanding', 'measures', 'change'])), name='working_group_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='workinggroup',
            constraint=models.CheckConstraint(condition=models.Q(('organisations_needed__gte', 2), ('people_needed__gte', 3)), name='working_group_quorum'),
        ),
        migrations.AddField(
            model_name='quorumproposal',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='quorum_proposals', to='community.workinggroup'),
        ),
        migrations.AddField(
            model_name='moderationentry',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='moderation', to='community.workinggroup'),
        ),
        migrations.AddField(
            model_name='item',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='community.workinggroup'),
        ),
        migrations.AddField(
            model_name='groupmembership',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='group_memberships', to='community.workinggroup'),
        ),
        migrations.AddField(
            model_name='groupinvitation',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invitations', to='community.workinggroup'),
        ),
        migrations.AddField(
            model_name='draft',
            name='group',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='community.workinggroup'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workinggroup',
            trigger=pgtrigger.compiler.Trigger(name='group_quorum', sql=partnerships.triggers.TriggerSql(condition='WHEN ((NEW.people_needed, NEW.organisations_needed) IS DISTINCT FROM (OLD.people_needed, OLD.organisations_needed))', func="IF TG_OP = 'INSERT' THEN\n    IF (NEW.people_needed, NEW.organisations_needed) = (3, 2) THEN\n        RETURN NEW;\n    END IF;\nELSIF EXISTS (\n    SELECT 1 FROM (SELECT people, organisations FROM community_quorumproposal\n        WHERE group_id = NEW.id AND confirmed_at IS NOT NULL ORDER BY confirmed_at DESC, id DESC LIMIT 1) last\n    WHERE (last.people, last.organisations) = (NEW.people_needed, NEW.organisations_needed)) THEN\n    RETURN NEW;\nEND IF;\nRAISE EXCEPTION 'coordinators of both sides set what a round needs'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'quorum_by_both_sides';", hash='ee0894dffe427bd0c61810adbb17c90d7b8c43ab', operation='UPDATE', pgid='pgtrigger_group_quorum_5d24a', table='community_workinggroup', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workinggroup',
            trigger=pgtrigger.compiler.Trigger(name='group_quorum_begins', sql=partnerships.triggers.TriggerSql(func="IF TG_OP = 'INSERT' THEN\n    IF (NEW.people_needed, NEW.organisations_needed) = (3, 2) THEN\n        RETURN NEW;\n    END IF;\nELSIF EXISTS (\n    SELECT 1 FROM (SELECT people, organisations FROM community_quorumproposal\n        WHERE group_id = NEW.id AND confirmed_at IS NOT NULL ORDER BY confirmed_at DESC, id DESC LIMIT 1) last\n    WHERE (last.people, last.organisations) = (NEW.people_needed, NEW.organisations_needed)) THEN\n    RETURN NEW;\nEND IF;\nRAISE EXCEPTION 'coordinators of both sides set what a round needs'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'quorum_by_both_sides';", hash='4b56da8ca58debb9f062a572b952aab22b3a7b3a', operation='INSERT', pgid='pgtrigger_group_quorum_begins_1219d', table='community_workinggroup', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='evidence',
            name='case',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='as_evidence', to='community.case'),
        ),
        migrations.AddField(
            model_name='case',
            name='partnership',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='partnerships.partnership'),
        ),
        migrations.AddField(
            model_name='case',
            name='revoked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='approval',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='approvals', to='community.case'),
        ),
        migrations.AddField(
            model_name='comment',
            name='on',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='community.item'),
        ),
        migrations.AddField(
            model_name='comment',
            name='parent',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='community.comment'),
        ),
        migrations.AddField(
            model_name='statuschange',
            name='finding',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='status_changes', to='community.finding'),
        ),
        migrations.AddField(
            model_name='finding',
            name='factors',
            field=models.ManyToManyField(blank=True, related_name='findings', to='community.factor'),
        ),
        migrations.AddField(
            model_name='trial',
            name='measure',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trials', to='community.measure'),
        ),
        migrations.AddField(
            model_name='measure',
            name='factors',
            field=models.ManyToManyField(blank=True, related_name='measures', to='community.factor'),
        ),
        migrations.AddField(
            model_name='maturitydecision',
            name='measure',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='maturity_decisions', to='community.measure'),
        ),
        migrations.AddField(
            model_name='adoption',
            name='measure',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='adoptions', to='community.measure'),
        ),
        migrations.AddField(
            model_name='policypaper',
            name='editors',
            field=models.ManyToManyField(blank=True, related_name='edited_papers', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paperversion',
            name='paper',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='community.policypaper'),
        ),
        migrations.AddField(
            model_name='consentround',
            name='paper',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='community.policypaper'),
        ),
        migrations.AddField(
            model_name='roundtext',
            name='recommendation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='round_texts', to='community.recommendation'),
        ),
        migrations.AddField(
            model_name='recommendation',
            name='paper',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recommendations', to='community.policypaper'),
        ),
        migrations.AddField(
            model_name='basis',
            name='recommendation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='bases', to='community.recommendation'),
        ),
        migrations.AddField(
            model_name='section',
            name='paper',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='community.policypaper'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.CheckConstraint(condition=models.Q(('phase__in', ['', 'before', 'design', 'agreeing', 'working', 'learning', 'ending'])), name='step_phase_known'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.UniqueConstraint(models.F('item'), models.F('digest'), name='attached_once'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.CheckConstraint(condition=models.Q(('size__lte', 10485760)), name='attachment_not_too_large'),
        ),
        migrations.AddIndex(
            model_name='digestline',
            index=models.Index(fields=['user', 'sent_at'], name='digest_waiting'),
        ),
        migrations.AddConstraint(
            model_name='endorsement',
            constraint=models.UniqueConstraint(models.F('item'), models.F('user'), name='endorsed_once'),
        ),
        migrations.AddConstraint(
            model_name='figure',
            constraint=models.UniqueConstraint(models.F('snapshot'), models.F('key'), name='figure_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figure',
            trigger=pgtrigger.compiler.Trigger(name='evidence_figure_one_decimal', sql=partnerships.triggers.TriggerSql(declare='DECLARE own jsonb := to_jsonb(NEW);', func="IF NOT community_is_coarse(COALESCE(own -> 'tables', own -> 'values'))\n    OR NOT community_is_coarse(own -> 'measures') THEN\n    RAISE EXCEPTION 'published numbers have one decimal and no standard deviation'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_one_decimal';\nEND IF;\nRETURN NEW;", hash='df1ddaf2c0c87ac0b4a0424e66f5f94ec72a8ef4', operation='INSERT', pgid='pgtrigger_evidence_figure_one_decimal_8c710', table='community_figure', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='figure',
            trigger=pgtrigger.compiler.Trigger(name='evidence_figure_stays', sql=partnerships.triggers.TriggerSql(func="IF OLD.hidden_at IS NOT NULL OR to_jsonb(NEW) - 'hidden_at' <> to_jsonb(OLD) - 'hidden_at' THEN\n    RAISE EXCEPTION 'what was published stays as it was, or hidden'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_stays';\nEND IF;\nRETURN NEW;", hash='03261eee33cc1c293b8ebf18d8a6dec16fc6bec2', operation='UPDATE', pgid='pgtrigger_evidence_figure_stays_815a0', table='community_figure', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='mailchoice',
            constraint=models.UniqueConstraint(models.F('user'), models.F('subject'), name='mail_choice_once'),
        ),
        migrations.AddConstraint(
            model_name='mention',
            constraint=models.UniqueConstraint(models.F('item'), models.F('user'), name='mentioned_once'),
        ),
        migrations.AddConstraint(
            model_name='paperfile',
            constraint=models.UniqueConstraint(models.F('version'), models.F('format'), name='paper_file_once'),
        ),
        migrations.AddConstraint(
            model_name='paperfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('data__isnull', False), _connector='OR'), name='paper_file_done_has_data'),
        ),
        migrations.AddConstraint(
            model_name='realpartnership',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'confirmed', 'declined'])), name='real_partnership_state_known'),
        ),
        migrations.AddConstraint(
            model_name='realpartnership',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'asked'), ('decided_at__isnull', False), _connector='OR'), name='real_partnership_decided_has_a_date'),
        ),
        migrations.AddConstraint(
            model_name='realpartnership',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), ('reason__gt', ''), _connector='OR'), name='real_partnership_declined_has_a_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='realpartnership',
            trigger=pgtrigger.compiler.Trigger(name='rehearsal_is_not_real', sql=partnerships.triggers.TriggerSql(func="IF EXISTS (SELECT 1 FROM partnerships_partnership\n    WHERE id = NEW.partnership_id AND is_rehearsal) THEN\n    RAISE EXCEPTION 'a rehearsal is not a real partnership'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'rehearsal_is_not_real';\nEND IF;\nRETURN NEW;", hash='03013af9df058e7223526e84d260fdbfc43d2714', operation='INSERT OR UPDATE', pgid='pgtrigger_rehearsal_is_not_real_dda30', table='community_realpartnership', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='revision',
            constraint=models.UniqueConstraint(models.F('item'), models.F('number'), name='revision_number_once'),
        ),
        migrations.AddConstraint(
            model_name='revision',
            constraint=models.UniqueConstraint(models.F('author'), models.F('mutation'), name='revision_saved_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='revision',
            trigger=pgtrigger.compiler.Trigger(name='revision_of_withdrawn', sql=partnerships.triggers.TriggerSql(func="IF EXISTS (SELECT 1 FROM community_item WHERE id = NEW.item_id AND state = 'withdrawn') THEN\n    RAISE EXCEPTION 'a withdrawn text stays withdrawn' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'item_withdrawn_stays';\nEND IF;\nRETURN NEW;", hash='33857b369ef6a81c45160531aa266e5131df4cac', operation='INSERT', pgid='pgtrigger_revision_of_withdrawn_8503a', table='community_revision', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='revision',
            trigger=pgtrigger.compiler.Trigger(name='revision_stays', sql=partnerships.triggers.TriggerSql(func="IF (NEW.title, NEW.text) IS DISTINCT FROM (OLD.title, OLD.text)\n    AND (NEW.title, NEW.text) <> ('', '')\n    OR NEW.number <> OLD.number OR NEW.item_id <> OLD.item_id OR NEW.at <> OLD.at THEN\n    RAISE EXCEPTION 'a revision stays as it was saved'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_stays';\nEND IF;\nRETURN NEW;", hash='9a5b0bf1c7234df1cbf83047b78a1e9954cc7f1a', operation='UPDATE', pgid='pgtrigger_revision_stays_51512', table='community_revision', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='consentanswer',
            constraint=models.UniqueConstraint(models.F('text'), models.F('by'), name='answered_once'),
        ),
        migrations.AddConstraint(
            model_name='consentanswer',
            constraint=models.CheckConstraint(condition=models.Q(('choice__in', ['consent', 'reservation', 'objection', 'aside'])), name='answer_choice_known'),
        ),
        migrations.AddConstraint(
            model_name='consentanswer',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['north', 'south', 'other'])), name='answer_side_known'),
        ),
        migrations.AddConstraint(
            model_name='consentanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('choice', 'objection'), _negated=True), models.Q(('proposal__gt', ''), ('reason__gt', '')), _connector='OR'), name='objection_has_reason_and_proposal'),
        ),
        migrations.AddConstraint(
            model_name='consentanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('choice', 'reservation'), _negated=True), ('reason__gt', ''), _connector='OR'), name='reservation_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='consentanswer',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at', None), ('choice', 'objection'), _connector='OR'), name='only_objections_are_withdrawn'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consentanswer',
            trigger=pgtrigger.compiler.Trigger(name='answer_in_time', sql=partnerships.triggers.TriggerSql(declare='DECLARE asked community_consentround;', func="SELECT r.* INTO asked FROM community_consentround r JOIN community_roundtext t ON t.round_id = r.id\n    WHERE t.id = COALESCE(NEW.text_id, OLD.text_id);\nIF TG_OP = 'UPDATE' AND asked.closed_at IS NOT NULL\n    AND (NEW.text_id, NEW.side, NEW.choice, NEW.reason, NEW.proposal, NEW.signed, NEW.at)\n        IS NOT DISTINCT FROM (OLD.text_id, OLD.side, OLD.choice, OLD.reason, OLD.proposal, OLD.signed, OLD.at)\n    AND (NEW.by_id IS NOT DISTINCT FROM OLD.by_id OR NEW.by_id IS NULL)\n    AND (OLD.withdrawn_at IS NULL OR NEW.withdrawn_at = OLD.withdrawn_at) THEN\n    RETURN NEW;\nEND IF;\nIF TG_OP = 'UPDATE' AND NEW.by_id IS NULL AND OLD.by_id IS NOT NULL\n    AND (NEW.side, NEW.choice) IS NOT DISTINCT FROM (OLD.side, OLD.choice) THEN\n    RETURN NEW;\nEND IF;\nIF asked.opened_at IS NULL OR asked.closed_at IS NOT NULL OR clock_timestamp() >= asked.closes_at\n    OR TG_OP <> 'DELETE' AND NEW.withdrawn_at IS NOT NULL THEN\n    RAISE EXCEPTION 'answers are given while a round is open'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_in_time';\nEND IF;\nRETURN COALESCE(NEW, OLD);", hash='d45eece3e69cac632740e2ac504becac61670e7b', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_answer_in_time_4c913', table='community_consentanswer', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consentanswer',
            trigger=pgtrigger.compiler.Trigger(name='answer_of_a_member', sql=partnerships.triggers.TriggerSql(declare='DECLARE employer text;', func="IF TG_OP = 'UPDATE' THEN\n    IF (NEW.text_id, NEW.side, NEW.choice, NEW.reason, NEW.proposal, NEW.signed, NEW.at)\n        IS NOT DISTINCT FROM (OLD.text_id, OLD.side, OLD.choice, OLD.reason, OLD.proposal, OLD.signed, OLD.at)\n        AND (NEW.by_id IS NULL OR NEW.by_id IS NOT DISTINCT FROM OLD.by_id) THEN\n        NEW.organisation := OLD.organisation;\n        RETURN NEW;\n    END IF;\nEND IF;\nSELECT member.organisation INTO employer\n    FROM community_groupmembership member\n        JOIN community_item paper ON paper.group_id = member.group_id\n        JOIN community_consentround asked ON asked.paper_id = paper.id\n        JOIN community_roundtext text ON text.round_id = asked.id\n    WHERE text.id = NEW.text_id AND member.user_id = NEW.by_id AND member.side = NEW.side\n        AND member.left_at IS NULL AND member.confirmed_at < asked.opened_at\n    FOR SHARE OF member;\nIF NOT FOUND THEN\n    RAISE EXCEPTION 'who answers was a confirmed member of the side before the round opened'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_of_a_confirmed_member';\nEND IF;\nNEW.organisation := encode(sha256(convert_to(lower(regexp_replace(btrim(employer), '\\s+', ' ', 'g')), 'UTF8')),\n    'hex');\nRETURN NEW;", hash='b1677c318555894d9732c3147491b763b8efc7ab', operation='INSERT OR UPDATE', pgid='pgtrigger_answer_of_a_member_0953d', table='community_consentanswer', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='sideconfirmation',
            constraint=models.UniqueConstraint(models.F('group_membership'), models.F('by'), name='side_confirmed_once'),
        ),
        migrations.AddConstraint(
            model_name='sideconfirmation',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['north', 'south', 'other'])), name='side_confirmation_side_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sideconfirmation',
            trigger=pgtrigger.compiler.Trigger(name='side_confirmation', sql=partnerships.triggers.TriggerSql(declare='DECLARE member community_groupmembership;', func="IF TG_OP = 'UPDATE' THEN\n    IF (NEW.group_membership_id, NEW.side, NEW.way, NEW.at) IS DISTINCT\n        FROM (OLD.group_membership_id, OLD.side, OLD.way, OLD.at)\n        OR NEW.by_id IS NOT NULL AND NEW.by_id IS DISTINCT FROM OLD.by_id THEN\n        RAISE EXCEPTION 'a confirmation stays' USING ERRCODE = 'check_violation',\n            CONSTRAINT = 'side_confirmation_stays';\n    END IF;\n    RETURN NEW;\nEND IF;\nSELECT * INTO member FROM community_groupmembership WHERE id = NEW.group_membership_id;\nIF member.organisation = '' OR NOT COALESCE(CASE NEW.way\n    WHEN 'coordinator' THEN NEW.by_id <> member.user_id AND community_coordinates(member.group_id, NEW.by_id,\n        NEW.side)\n    WHEN 'partnership' THEN community_stands_behind(member.asked_through_id, NEW.by_id, NEW.side) AND EXISTS (\n        SELECT 1 FROM partnerships_membership membership\n            JOIN partnerships_partner partner ON partner.id = membership.partner_id\n        WHERE membership.partnership_id = member.asked_through_id AND membership.user_id = member.user_id\n            AND membership.role IN ('facilitator', 'representative') AND membership.admitted_at IS NOT NULL\n            AND membership.voided_at IS NULL AND partner.side = member.side\n                AND partner.name = member.organisation)\n    WHEN 'staff' THEN NEW.by_id <> member.user_id AND member.role = 'lead'\n        AND EXISTS (SELECT 1 FROM partnerships_user WHERE id = NEW.by_id AND is_staff)\n    END, false) THEN\n    RAISE EXCEPTION 'this person does not confirm this side'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'side_confirmed_by_who_may';\nEND IF;\nRETURN NEW;", hash='c7f6555ff2fcaf45203c6dba9e81bf480e5ef338', operation='INSERT OR UPDATE', pgid='pgtrigger_side_confirmation_3c53f', table='community_sideconfirmation', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(models.F('decision'), models.F('side'), name='signed_once_per_side'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(models.F('decision'), models.F('user'), name='signed_once_per_person'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['north', 'south'])), name='signed_for_a_side'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='signature',
            trigger=pgtrigger.compiler.Trigger(name='signature_given', sql=partnerships.triggers.TriggerSql(func="IF TG_OP = 'UPDATE' THEN\n    IF (NEW.decision_id, NEW.side, NEW.version, NEW.at) IS DISTINCT FROM\n        (OLD.decision_id, OLD.side, OLD.version, OLD.at)\n        OR (NEW.user_id IS DISTINCT FROM OLD.user_id AND NEW.user_id IS NOT NULL) THEN\n        RAISE EXCEPTION 'a signature stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'signature_stays';\n    END IF;\n    RETURN NEW;\nEND IF;\nIF NOT EXISTS (\n    SELECT 1 FROM community_maturitydecision decision\n    JOIN community_item item ON item.id = decision.measure_id\n    JOIN community_groupmembership own ON own.group_id = item.group_id\n    WHERE decision.id = NEW.decision_id AND decision.taken_at IS NULL AND decision.dropped_at IS NULL\n        AND own.user_id = NEW.user_id AND own.side = NEW.side AND own.left_at IS NULL) THEN\n    RAISE EXCEPTION 'who signs takes part for this side'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'signature_of_a_member';\nEND IF;\nRETURN NEW;", hash='f46eb028e698af5caa12ddc697ebdd1e565cacb0', operation='INSERT OR UPDATE', pgid='pgtrigger_signature_given_1e538', table='community_signature', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.UniqueConstraint(models.F('author'), models.F('mutation'), name='suggested_once'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'accepted', 'declined'])), name='suggestion_state_known'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(('reason__gt', '')), name='suggestion_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declined'), _negated=True), ('answer__gt', ''), _connector='OR'), name='suggestion_declined_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='suggestion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'accepted'), _negated=True), ('version__isnull', False), _connector='OR'), name='suggestion_accepted_has_a_version'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='suggestion',
            trigger=pgtrigger.compiler.Trigger(name='suggestion_decided_once', sql=partnerships.triggers.TriggerSql(condition="WHEN (OLD.state <> 'open')", func="RAISE EXCEPTION 'what was written here stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'words_stay';", hash='a0371f92170f79896d1ee40206aa4bc34f4efd3b', operation='UPDATE OF "state", "answer", "version"', pgid='pgtrigger_suggestion_decided_once_2d5e3', table='community_suggestion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='suggestion',
            trigger=pgtrigger.compiler.Trigger(name='suggestion_stays', sql=partnerships.triggers.TriggerSql(func="RAISE EXCEPTION 'what was written here stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'words_stay';", hash='3febb0c0ab5e50d5724edeca0f1feb0dc5bc3bb7', operation='UPDATE OF "item_id", "base", "title", "text", "reason", "at"', pgid='pgtrigger_suggestion_stays_fc8eb', table='community_suggestion', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='translation',
            constraint=models.CheckConstraint(condition=models.Q(('title__gt', '')), name='translation_has_a_title'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='translation',
            trigger=pgtrigger.compiler.Trigger(name='translation_of_withdrawn', sql=partnerships.triggers.TriggerSql(func="IF EXISTS (SELECT 1 FROM community_item WHERE id = NEW.item_id AND state = 'withdrawn') THEN\n    RAISE EXCEPTION 'a withdrawn text stays withdrawn' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'item_withdrawn_stays';\nEND IF;\nRETURN NEW;", hash='4f1c0d89ececbe8675c52a36936450d59625eae7', operation='INSERT', pgid='pgtrigger_translation_of_withdrawn_801ad', table='community_translation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='translation',
            trigger=pgtrigger.compiler.Trigger(name='translation_stays', sql=partnerships.triggers.TriggerSql(func="RAISE EXCEPTION 'what was written here stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'words_stay';", hash='902f55e0fa8b06c12363e9a25c73ce33b9b71202', operation='UPDATE OF "item_id", "language", "version", "title", "text", "at"', pgid='pgtrigger_translation_stays_79d21', table='community_translation', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='quorumproposal',
            constraint=models.UniqueConstraint(models.F('group'), condition=models.Q(('confirmed_at', None)), name='quorum_proposed_once'),
        ),
        migrations.AddConstraint(
            model_name='quorumproposal',
            constraint=models.CheckConstraint(condition=models.Q(('organisations__gte', 2), ('people__gte', 3), ('organisations__lte', models.F('people'))), name='quorum_proposal_not_too_low'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='quorumproposal',
            trigger=pgtrigger.compiler.Trigger(name='quorum_proposal', sql=partnerships.triggers.TriggerSql(func="IF TG_OP = 'INSERT' THEN\n    IF NEW.confirmed_at IS NOT NULL OR NEW.proposed_side NOT IN ('north', 'south')\n        OR NEW.proposed_by_id IS NULL OR NOT community_coordinates(NEW.group_id, NEW.proposed_by_id,\n            NEW.proposed_side) THEN\n        RAISE EXCEPTION 'a coordinator proposes' USING ERRCODE = 'check_violation',\n            CONSTRAINT = 'quorum_by_coordinators';\n    END IF;\n    RETURN NEW;\nEND IF;\nIF (NEW.group_id, NEW.people, NEW.organisations, NEW.proposed_side, NEW.at)\n    IS DISTINCT FROM (OLD.group_id, OLD.people, OLD.organisations, OLD.proposed_side, OLD.at)\n    OR NEW.proposed_by_id IS NOT NULL AND NEW.proposed_by_id IS DISTINCT FROM OLD.proposed_by_id\n    OR OLD.confirmed_at IS NOT NULL AND ((NEW.confirmed_at, NEW.confirmed_side)\n        IS DISTINCT FROM (OLD.confirmed_at, OLD.confirmed_side)\n        OR NEW.confirmed_by_id IS NOT NULL AND NEW.confirmed_by_id IS DISTINCT FROM OLD.confirmed_by_id)\n    OR OLD.confirmed_at IS NULL AND NEW.confirmed_at IS NOT NULL AND (\n        NEW.confirmed_side NOT IN ('north', 'south') OR NEW.confirmed_side = OLD.proposed_side\n        OR NEW.confirmed_by_id IS NULL OR NEW.confirmed_by_id IS NOT DISTINCT FROM OLD.proposed_by_id\n        OR NOT community_coordinates(NEW.group_id, NEW.confirmed_by_id, NEW.confirmed_side)) THEN\n    RAISE EXCEPTION 'a coordinator of the other side confirms'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'quorum_by_coordinators';\nEND IF;\nRETURN NEW;", hash='9cd1320ebe1daf65994146792ecf0bb9c24fab69', operation='INSERT OR UPDATE', pgid='pgtrigger_quorum_proposal_34b94', table='community_quorumproposal', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='moderationentry',
            constraint=models.UniqueConstraint(models.F('item'), models.F('actor'), models.F('verb'), condition=models.Q(('settled_by__isnull', True), ('verb__in', ['reported', 'appealed'])), name='moderation_waits_once'),
        ),
        migrations.AddConstraint(
            model_name='moderationentry',
            constraint=models.CheckConstraint(condition=models.Q(('reason__gt', '')), name='moderation_has_a_reason'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='item_search'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=django.contrib.postgres.indexes.GinIndex(fields=['tags'], name='item_tags'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['group', 'kind', '-updated_at'], name='item_latest'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['whole', 'kind'], name='item_parts'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['-updated_at', '-id'], name='item_newest'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['finding', 'case', 'measure', 'step', 'paper', 'section', 'recommendation', 'comment'])), name='item_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'published', 'hidden', 'withdrawn'])), name='item_state_known'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'published'), _negated=True), ('published_at__isnull', False), _connector='OR'), name='item_published_has_a_date'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(('whole', models.F('id')), _negated=True), name='item_not_part_of_itself'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), models.Q(('plain', ''), ('text', ''), ('title', '')), _connector='OR'), name='item_withdrawn_has_no_words'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='item',
            trigger=pgtrigger.compiler.Trigger(name='item_index', sql=partnerships.triggers.TriggerSql(declare='DECLARE dictionary regconfig := community_dictionary(NEW.language);', func="NEW.search := setweight(to_tsvector(dictionary, NEW.title), 'A')\n    || setweight(to_tsvector(dictionary, array_to_string(NEW.tags, ' ')), 'B')\n    || setweight(to_tsvector(dictionary, NEW.plain), 'C');\nRETURN NEW;", hash='4b32600c1176fe134ab789368a709e4529c535af', operation='INSERT OR UPDATE OF "title", "plain", "tags", "language"', pgid='pgtrigger_item_index_7fe98', table='community_item', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='item',
            trigger=pgtrigger.compiler.Trigger(name='item_part_of_its_group', sql=partnerships.triggers.TriggerSql(func="IF NEW.whole_id IS NOT NULL AND NOT EXISTS (\n    SELECT 1 FROM community_item WHERE id = NEW.whole_id AND group_id = NEW.group_id\n        AND whole_id IS NULL) THEN\n    RAISE EXCEPTION 'a part stands in the group of its whole, which is nobody''s part'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'item_part_of_its_group';\nEND IF;\nRETURN NEW;", hash='9a137e573a367ec942bfb79cc530040fbe9e2b58', operation='INSERT OR UPDATE OF "whole_id", "group_id"', pgid='pgtrigger_item_part_of_its_group_35979', table='community_item', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='item',
            trigger=pgtrigger.compiler.Trigger(name='item_withdrawn_is_blank', sql=partnerships.triggers.TriggerSql(condition="WHEN (NEW.state = 'withdrawn')", func="IF EXISTS (SELECT 1 FROM community_revision WHERE item_id = NEW.id AND blanked_at IS NULL)\n    OR EXISTS (SELECT 1 FROM community_translation WHERE item_id = NEW.id) THEN\n    RAISE EXCEPTION 'a withdrawn text has no words in any version'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'item_withdrawn_has_no_words';\nEND IF;\nRETURN NEW;", hash='3a3bab1d6bd418f0ac062af3e1fe2744d3b2d0f3', operation='UPDATE OF "state"', pgid='pgtrigger_item_withdrawn_is_blank_85b4a', table='community_item', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='item',
            trigger=pgtrigger.compiler.Trigger(name='item_withdrawn_stays', sql=partnerships.triggers.TriggerSql(condition="WHEN (OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn')", func="RAISE EXCEPTION 'a withdrawn text stays withdrawn'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'item_withdrawn_stays';", hash='78dc7082756c293050cc446dfb022e52db99a2a6', operation='UPDATE OF "state"', pgid='pgtrigger_item_withdrawn_stays_80e37', table='community_item', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='groupmembership',
            constraint=models.UniqueConstraint(models.F('group'), models.F('user'), name='group_membership_once'),
        ),
        migrations.AddConstraint(
            model_name='groupmembership',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['north', 'south', 'other'])), name='group_membership_side_known'),
        ),
        migrations.AddConstraint(
            model_name='groupmembership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['lead', 'member'])), name='group_membership_role_known'),
        ),
        migrations.AddConstraint(
            model_name='groupmembership',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_at', None), ('organisation__gt', ''), _connector='OR'), name='group_membership_confirmed_with_organisation'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupmembership',
            trigger=pgtrigger.compiler.Trigger(name='group_membership_confirmed', sql=partnerships.triggers.TriggerSql(func="IF TG_OP = 'INSERT' THEN\n    IF NEW.confirmed_at IS NOT NULL THEN\n        RAISE EXCEPTION 'others confirm a side' USING ERRCODE = 'check_violation',\n            CONSTRAINT = 'side_confirmed_by_others';\n    END IF;\nELSIF (NEW.group_id, NEW.user_id, NEW.side, NEW.organisation, NEW.left_at IS NULL)\n    IS DISTINCT FROM (OLD.group_id, OLD.user_id, OLD.side, OLD.organisation,\n        OLD.left_at IS NULL) THEN\n    NEW.confirmed_at := NULL;\nELSIF NEW.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT\n    FROM OLD.confirmed_at AND NOT (\n    NEW.left_at IS NULL AND community_side_is_confirmed(NEW)\n    AND NEW.confirmed_at >= (SELECT max(at) FROM community_sideconfirmation\n        WHERE group_membership_id = NEW.id)) THEN\n    RAISE EXCEPTION 'others confirm a side' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'side_confirmed_by_others';\nEND IF;\nRETURN NEW;", hash='9b5406294f27030d9ad1a9b99f85380c1e09ba07', operation='INSERT OR UPDATE', pgid='pgtrigger_group_membership_confirmed_b1b5e', table='community_groupmembership', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='groupmembership',
            trigger=pgtrigger.compiler.Trigger(name='group_membership_side_changed', sql=partnerships.triggers.TriggerSql(condition='WHEN ((NEW.group_id, NEW.user_id, NEW.side, NEW.organisation, NEW.left_at IS NULL) IS DISTINCT FROM (OLD.group_id, OLD.user_id, OLD.side, OLD.organisation, OLD.left_at IS NULL))', func='DELETE FROM community_sideconfirmation WHERE group_membership_id = NEW.id;\nDELETE FROM community_consentanswer WHERE by_id = OLD.user_id AND text_id IN (\n    SELECT t.id FROM community_roundtext t JOIN community_consentround r ON r.id = t.round_id\n        JOIN community_item paper ON paper.id = r.paper_id\n    WHERE paper.group_id = OLD.group_id AND r.opened_at IS NOT NULL AND r.closed_at IS NULL\n        AND r.closes_at > clock_timestamp());\nRETURN NULL;', hash='7466a363eab6679dffe1079ea542ba0f7d6aa34b', operation='UPDATE', pgid='pgtrigger_group_membership_side_changed_4e585', table='community_groupmembership', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(models.F('user'), models.F('mutation'), name='draft_once'),
        ),
        migrations.AddConstraint(
            model_name='evidence',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case', None), ('figure', None), ('kind', 'document'), ('title__gt', '')), models.Q(('case__isnull', False), ('figure', None), ('kind', 'case')), models.Q(('case', None), ('figure__isnull', False), ('kind', 'figure')), _connector='OR'), name='evidence_is_what_its_kind_says'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidence',
            trigger=pgtrigger.compiler.Trigger(name='evidence_of_examples', sql=partnerships.triggers.TriggerSql(func="IF EXISTS (\n    SELECT 1 FROM community_figure f JOIN community_evidencesnapshot s ON s.id = f.snapshot_id\n    WHERE f.id = NEW.figure_id AND s.is_example)\n   AND NOT EXISTS (SELECT 1 FROM community_finding\n       WHERE item_ptr_id = NEW.item_id AND is_example) THEN\n    RAISE EXCEPTION 'made-up numbers are evidence for examples only'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_of_examples';\nEND IF;\nRETURN NEW;", hash='295aab71a8fd4d50be3a72a3bcc5b9937e54d1e0', operation='INSERT OR UPDATE OF "figure_id", "item_id"', pgid='pgtrigger_evidence_of_examples_2ebdd', table='community_evidence', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.UniqueConstraint(models.F('case'), models.F('membership'), models.F('digest'), name='case_approved_once'),
        ),
        migrations.AddConstraint(
            model_name='statuschange',
            constraint=models.CheckConstraint(condition=models.Q(('reason__gt', '')), name='status_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['proposed', 'supported', 'contested', 'retired'])), name='finding_status_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='finding',
            trigger=pgtrigger.compiler.Trigger(name='finding_example_stays', sql=partnerships.triggers.TriggerSql(condition='WHEN (OLD.is_example <> NEW.is_example)', func="RAISE EXCEPTION 'an example stays one, and nothing else becomes one'\n    USING ERRCODE = 'check_violation', CONSTRAINT = 'finding_example_stays';", hash='28b8c92dd54ab6f7b641fe4d04639102599a2c11', operation='UPDATE OF "is_example"', pgid='pgtrigger_finding_example_stays_b668e', table='community_finding', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trial',
            trigger=pgtrigger.compiler.Trigger(name='trial_rests_on_a_source', sql=partnerships.triggers.TriggerSql(func="IF NOT EXISTS (\n    SELECT 1 FROM community_evidence\n    WHERE id = NEW.evidence_id AND item_id = NEW.measure_id AND kind = 'document') THEN\n    RAISE EXCEPTION 'a trial rests on a public source'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'trial_rests_on_a_source';\nEND IF;\nRETURN NEW;", hash='3d552354248e117501734ef7b1f7d3c8bcf730de', operation='INSERT OR UPDATE OF "evidence_id", "measure_id"', pgid='pgtrigger_trial_rests_on_a_source_493c6', table='community_trial', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.CheckConstraint(condition=models.Q(('maturity__in', ['proposed', 'tried', 'evaluated', 'recommended'])), name='measure_maturity_known'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.CheckConstraint(condition=models.Q(('reported__in', ['', 'tried', 'committed', 'source-recommends', 'prototype', 'proposed'])), name='measure_reported_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='measure',
            trigger=pgtrigger.compiler.Trigger(name='measure_matures_by_decision', sql=partnerships.triggers.TriggerSql(func='IF TG_OP = \'INSERT\' THEN\n    IF NEW.maturity = \'proposed\' OR (NEW.maturity = \'tried\' AND NEW.reported = \'tried\'\n        AND NEW.slug IS NOT NULL) THEN\n        RETURN NEW;\n    END IF;\nELSIF NEW.maturity = OLD.maturity OR EXISTS (\n    SELECT 1 FROM (\n        SELECT was, "to" FROM community_maturitydecision\n        WHERE measure_id = NEW.item_ptr_id AND taken_at IS NOT NULL ORDER BY taken_at DESC,\n            id DESC LIMIT 1\n    ) newest WHERE newest.was = OLD.maturity AND newest."to" = NEW.maturity) THEN\n    RETURN NEW;\nEND IF;\nRAISE EXCEPTION \'a maturity moves by a decision of both sides\'\n    USING ERRCODE = \'check_violation\', CONSTRAINT = \'measure_matures_by_decision\';', hash='b39e4f046cec58d466a2bd63939662aa38fe47a3', operation='INSERT OR UPDATE OF "maturity"', pgid='pgtrigger_measure_matures_by_decision_bccb2', table='community_measure', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='maturitydecision',
            constraint=models.CheckConstraint(condition=models.Q(('reason__gt', '')), name='maturity_decision_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='maturitydecision',
            constraint=models.CheckConstraint(condition=models.Q(('to__in', ['proposed', 'tried', 'evaluated', 'recommended']), ('was__in', ['proposed', 'tried', 'evaluated', 'recommended'])), name='maturity_known'),
        ),
        migrations.AddConstraint(
            model_name='maturitydecision',
            constraint=models.CheckConstraint(condition=models.Q(('taken_at__isnull', True), ('dropped_at__isnull', True), _connector='OR'), name='maturity_taken_or_dropped'),
        ),
        migrations.AddConstraint(
            model_name='maturitydecision',
            constraint=models.UniqueConstraint(models.F('measure'), condition=models.Q(('dropped_at', None), ('taken_at', None)), name='maturity_decision_one_at_a_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='maturitydecision',
            trigger=pgtrigger.compiler.Trigger(name='maturity_decision', sql=partnerships.triggers.TriggerSql(declare='DECLARE now_at text; rise int := community_maturity_rank(NEW."to") - community_maturity_rank(NEW.was); signed int;', func='IF TG_OP = \'UPDATE\' THEN\n    IF (NEW.measure_id, NEW.was, NEW."to", NEW.reason, NEW.at) IS DISTINCT FROM\n        (OLD.measure_id, OLD.was, OLD."to", OLD.reason, OLD.at)\n        OR (NEW.evidence_id IS DISTINCT FROM OLD.evidence_id AND NEW.evidence_id IS NOT NULL)\n        OR (OLD.taken_at IS NOT NULL AND NEW.taken_at IS DISTINCT FROM OLD.taken_at)\n        OR (OLD.dropped_at IS NOT NULL AND NEW.dropped_at IS DISTINCT FROM OLD.dropped_at) THEN\n        RAISE EXCEPTION \'a decision stays as it was\' USING ERRCODE = \'check_violation\',\n            CONSTRAINT = \'maturity_stays\';\n    END IF;\n    IF NEW.taken_at IS NULL OR OLD.taken_at IS NOT NULL THEN\n        RETURN NEW;\n    END IF;\n    SELECT count(DISTINCT side) INTO signed FROM community_signature WHERE decision_id = NEW.id;\n    IF signed < 2 THEN\n        RAISE EXCEPTION \'both sides sign\' USING ERRCODE = \'check_violation\', CONSTRAINT = \'maturity_both_sides\';\n    END IF;\nELSIF NEW.taken_at IS NOT NULL THEN\n    RAISE EXCEPTION \'both sides sign\' USING ERRCODE = \'check_violation\', CONSTRAINT = \'maturity_both_sides\';\nEND IF;\nSELECT maturity INTO now_at FROM community_measure WHERE item_ptr_id = NEW.measure_id;\nIF now_at <> NEW.was OR rise = 0 OR rise > 1 THEN\n    RAISE EXCEPTION \'a measure rises one step at a time\' USING ERRCODE = \'check_violation\',\n        CONSTRAINT = \'maturity_step\';\nEND IF;\nIF rise = 1 AND NOT EXISTS (\n    SELECT 1 FROM community_evidence\n    WHERE id = NEW.evidence_id AND item_id = NEW.measure_id AND withdrawn_at IS NULL AND NOT against) THEN\n    RAISE EXCEPTION \'a rise rests on evidence\' USING ERRCODE = \'check_violation\',\n        CONSTRAINT = \'maturity_evidence\';\nEND IF;\nRETURN NEW;', hash='5d5b075669a57d94eb543de5542aad44e9d9a5a6', operation='INSERT OR UPDATE', pgid='pgtrigger_maturity_decision_93e4d', table='community_maturitydecision', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='adoption',
            constraint=models.UniqueConstraint(models.F('action'), models.F('measure'), name='adopted_once'),
        ),
        migrations.AddConstraint(
            model_name='paperversion',
            constraint=models.UniqueConstraint(models.F('paper'), models.F('number'), name='paper_version_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paperversion',
            trigger=pgtrigger.compiler.Trigger(name='paper_version_remains', sql=partnerships.triggers.TriggerSql(func="RAISE EXCEPTION 'what was written here stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'words_stay';", hash='cca1c480c29ade6ae49fd377beb4799c05fba6ec', operation='DELETE', pgid='pgtrigger_paper_version_remains_f60ff', table='community_paperversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='paperversion',
            trigger=pgtrigger.compiler.Trigger(name='paper_version_stays', sql=partnerships.triggers.TriggerSql(func="RAISE EXCEPTION 'what was written here stays' USING ERRCODE = 'check_violation', CONSTRAINT = 'words_stay';", hash='0a63bde884a0606ac251e7f4af36b445393393a1', operation='UPDATE OF "paper_id", "code", "number", "content", "digest", "published_at"', pgid='pgtrigger_paper_version_stays_33e63', table='community_paperversion', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='consentround',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['closes_at'], name='round_to_close'),
        ),
        migrations.AddConstraint(
            model_name='consentround',
            constraint=models.CheckConstraint(condition=models.Q(('days__gte', 1), ('days__lte', 90)), name='round_days'),
        ),
        migrations.AddConstraint(
            model_name='consentround',
            constraint=models.CheckConstraint(condition=models.Q(('quorum_north__gte', 1), ('quorum_south__gte', 1)), name='round_quorum'),
        ),
        migrations.AddConstraint(
            model_name='consentround',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closes_at', None), ('opened_at', None)), ('opened_at__lt', models.F('closes_at')), _connector='OR'), name='round_has_a_deadline'),
        ),
        migrations.AddConstraint(
            model_name='consentround',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at', None), ('closed_at__gte', models.F('closes_at')), _connector='OR'), name='round_closes_after_its_deadline'),
        ),
        migrations.AddConstraint(
            model_name='consentround',
            constraint=models.CheckConstraint(condition=models.Q(('called_off_at', None), ('opened_at', None), _connector='OR'), name='round_called_off_before_it_opens'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consentround',
            trigger=pgtrigger.compiler.Trigger(name='round_organisations_stay', sql=partnerships.triggers.TriggerSql(condition='WHEN (OLD.opened_at IS NOT NULL AND NEW.organisations IS DISTINCT FROM OLD.organisations)', func="RAISE EXCEPTION 'a round stays as it opened' USING ERRCODE = 'check_violation',\n    CONSTRAINT = 'round_stays';", hash='c817d3e7ef44b8d74ac75b065c4b95211f204970', operation='UPDATE', pgid='pgtrigger_round_organisations_stay_f3de4', table='community_consentround', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consentround',
            trigger=pgtrigger.compiler.Trigger(name='round_quorum', sql=partnerships.triggers.TriggerSql(condition='WHEN (OLD.opened_at IS NULL)', func='SELECT people_needed, people_needed, organisations_needed\n    INTO NEW.quorum_north, NEW.quorum_south, NEW.organisations\n    FROM community_workinggroup g JOIN community_item paper ON paper.group_id = g.id\n        WHERE paper.id = NEW.paper_id;\nRETURN NEW;', hash='ad0e2708e33012554adfab418815285dce87e5ec', operation='UPDATE', pgid='pgtrigger_round_quorum_2cab7', table='community_consentround', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consentround',
            trigger=pgtrigger.compiler.Trigger(name='round_quorum_begins', sql=partnerships.triggers.TriggerSql(func='SELECT people_needed, people_needed, organisations_needed\n    INTO NEW.quorum_north, NEW.quorum_south, NEW.organisations\n    FROM community_workinggroup g JOIN community_item paper ON paper.group_id = g.id\n        WHERE paper.id = NEW.paper_id;\nRETURN NEW;', hash='8cf664d01347d2fda0a0347cd55c80aabe1688a1', operation='INSERT', pgid='pgtrigger_round_quorum_begins_ae226', table='community_consentround', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consentround',
            trigger=pgtrigger.compiler.Trigger(name='round_stays', sql=partnerships.triggers.TriggerSql(func="IF OLD.opened_at IS NOT NULL AND (NEW.paper_id, NEW.days, NEW.quorum_north, NEW.quorum_south,\n    NEW.opened_at, NEW.closes_at)\n    IS DISTINCT FROM (OLD.paper_id, OLD.days, OLD.quorum_north, OLD.quorum_south, OLD.opened_at,\n        OLD.closes_at)\n    OR OLD.closed_at IS NOT NULL AND NEW.closed_at IS DISTINCT FROM OLD.closed_at\n    OR NEW.closed_at IS NOT NULL AND NEW.opened_at IS NULL THEN\n    RAISE EXCEPTION 'a round stays as it opened' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'round_stays';\nEND IF;\nRETURN NEW;", hash='caab92c49aec82d075cdeb3e43b90ab7ed7fb234', operation='UPDATE', pgid='pgtrigger_round_stays_9f29c', table='community_consentround', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='roundtext',
            constraint=models.UniqueConstraint(models.F('round'), models.F('recommendation'), name='round_text_once'),
        ),
        migrations.AddConstraint(
            model_name='roundtext',
            constraint=models.UniqueConstraint(models.F('recommendation'), condition=models.Q(('active', True)), name='round_one_at_a_time'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roundtext',
            trigger=pgtrigger.compiler.Trigger(name='round_text', sql=partnerships.triggers.TriggerSql(declare='DECLARE asked community_consentround;', func="SELECT * INTO asked FROM community_consentround WHERE id = NEW.round_id;\nIF TG_OP = 'INSERT' AND asked.opened_at IS NOT NULL\n    OR TG_OP = 'UPDATE' AND OLD.version IS NOT NULL\n        AND (NEW.version, NEW.round_id, NEW.recommendation_id) IS DISTINCT\n            FROM (OLD.version, OLD.round_id, OLD.recommendation_id)\n    OR NEW.outcome <> '' AND asked.closed_at IS NULL THEN\n    RAISE EXCEPTION 'a round stays as it opened' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'round_stays';\nEND IF;\nIF NEW.outcome = 'adopted' AND (SELECT count(*) FROM community_answered(NEW.id) AS a\n    WHERE a.consenting > a.objecting\n    AND (a.side = 'north' AND a.answered >= asked.quorum_north OR a.side = 'south'\n        AND a.answered >= asked.quorum_south)) < 2 THEN\n    RAISE EXCEPTION 'adoption needs the consent of both sides'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'adopted_by_both_sides';\nEND IF;\nRETURN NEW;", hash='a79064e57e1f21e7cdb63c9411964ae9b6a99557', operation='INSERT OR UPDATE', pgid='pgtrigger_round_text_4407a', table='community_roundtext', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roundtext',
            trigger=pgtrigger.compiler.Trigger(name='round_text_organisations', sql=partnerships.triggers.TriggerSql(condition="WHEN (NEW.outcome = 'adopted')", func="IF (SELECT count(*) FROM community_answered(NEW.id) AS a\n    JOIN community_consentround r ON r.id = NEW.round_id\n    WHERE a.side IN ('north', 'south') AND a.organisations >= r.organisations) < 2 THEN\n    RAISE EXCEPTION 'adoption needs enough organisations of both sides'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'adopted_by_both_sides';\nEND IF;\nRETURN NEW;", hash='da8280c7fdd98d0873d4b49a7f0dd647577ee6fa', operation='INSERT OR UPDATE', pgid='pgtrigger_round_text_organisations_d267b', table='community_roundtext', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='recommendation',
            constraint=models.UniqueConstraint(models.F('paper'), models.F('number'), name='recommendation_number_once'),
        ),
        migrations.AddConstraint(
            model_name='recommendation',
            constraint=models.CheckConstraint(condition=models.Q(('standing__in', ['proposed', 'adopted', 'not_adopted'])), name='recommendation_standing_known'),
        ),
        migrations.AddConstraint(
            model_name='recommendation',
            constraint=models.CheckConstraint(condition=models.Q(('standing', 'proposed'), ('decided_version__isnull', False), _connector='OR'), name='recommendation_decided_on_words'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recommendation',
            trigger=pgtrigger.compiler.Trigger(name='recommendation_adopted', sql=partnerships.triggers.TriggerSql(func="IF NEW.standing = 'adopted' AND NOT EXISTS (SELECT 1 FROM community_roundtext\n    WHERE recommendation_id = NEW.item_ptr_id AND version = NEW.decided_version\n        AND outcome = 'adopted') THEN\n    RAISE EXCEPTION 'only a round adopts' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'adopted_in_a_round';\nEND IF;\nRETURN NEW;", hash='ac9000933a9d23cee8c7f6502048d11b92e805bb', operation='INSERT OR UPDATE OF "standing", "decided_version"', pgid='pgtrigger_recommendation_adopted_c3f3f', table='community_recommendation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='recommendation',
            trigger=pgtrigger.compiler.Trigger(name='recommendation_of_its_paper', sql=partnerships.triggers.TriggerSql(func="IF NOT EXISTS (SELECT 1 FROM community_item WHERE id = NEW.item_ptr_id AND whole_id = NEW.paper_id) THEN\n    RAISE EXCEPTION 'a part stands on the page of its paper'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'part_of_its_paper';\nEND IF;\nRETURN NEW;", hash='493d1567e2cae13535e51d5c19c1197aa4d28f02', operation='INSERT OR UPDATE OF "paper_id"', pgid='pgtrigger_recommendation_of_its_paper_87da6', table='community_recommendation', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='basis',
            constraint=models.UniqueConstraint(models.F('recommendation'), models.F('item'), name='basis_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='basis',
            trigger=pgtrigger.compiler.Trigger(name='basis_kind', sql=partnerships.triggers.TriggerSql(func="IF NOT EXISTS (SELECT 1 FROM community_item WHERE id = NEW.item_id\n    AND kind IN ('finding', 'measure')) THEN\n    RAISE EXCEPTION 'a recommendation rests on findings and measures'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'basis_kind';\nEND IF;\nRETURN NEW;", hash='c4e84baca257b106c67bb34639154d3370481f2d', operation='INSERT OR UPDATE', pgid='pgtrigger_basis_kind_6dcfa', table='community_basis', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='section',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('paper', 'position'), name='section_place_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='section',
            trigger=pgtrigger.compiler.Trigger(name='section_of_its_paper', sql=partnerships.triggers.TriggerSql(func="IF NOT EXISTS (SELECT 1 FROM community_item WHERE id = NEW.item_ptr_id AND whole_id = NEW.paper_id) THEN\n    RAISE EXCEPTION 'a part stands on the page of its paper'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'part_of_its_paper';\nEND IF;\nRETURN NEW;", hash='f805db26568e84a1a195f583f710d3a6822429f7', operation='INSERT OR UPDATE OF "paper_id"', pgid='pgtrigger_section_of_its_paper_fbc6a', table='community_section', when='BEFORE')),
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ])
