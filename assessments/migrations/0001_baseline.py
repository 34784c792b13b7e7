# The tables, constraints and triggers of version 0.2.0

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import partnerships.codes
import partnerships.triggers
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from partnerships.grouped_operations import grouped
from django.db import migrations, models


# What triggers of this app call.
FUNCTIONS = r"""
CREATE OR REPLACE FUNCTION assessments_words_given(home bigint, about text, whose bigint, wanted date, alone boolean)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
    SELECT count(DISTINCT s.user_id) >= 2
        OR alone AND coalesce(min(w.given_at) <= clock_timestamp() - interval '7 days' + interval '5 minutes', false)
    FROM assessments_sideword w
    JOIN partnerships_membership s ON s.id = w.given_by_id AND s.admitted_at IS NOT NULL AND s.voided_at IS NULL
    JOIN assessments_assessment a ON a.id = w.assessment_id
    WHERE w.assessment_id = home AND w.matter = about AND w.subject_id IS NOT DISTINCT FROM whose
        AND w.day IS NOT DISTINCT FROM wanted
        AND NOT (w.side = 'other' AND a.sides @> '{north,south}')
        AND NOT (w.side = 'second' AND cardinality(a.sides) > 1)
$function$;

CREATE OR REPLACE FUNCTION assessments_private_verdict(about bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
    SELECT EXISTS (SELECT 1 FROM assessments_privateballot WHERE decision_id = about AND result IN ('all', 'not_all'))
        OR EXISTS (SELECT 1 FROM assessments_decision d JOIN assessments_release r ON r.assessment_id = d.assessment_id
            CROSS JOIN LATERAL jsonb_array_elements(r.agreements) one
            WHERE d.id = about AND one -> 'decision' = to_jsonb(d.number) AND one ->> 'agree' IS NOT NULL)
$function$;
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('partnerships', '0001_baseline'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = grouped([
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('phase', models.CharField(choices=[('baseline', 'baseline'), ('midterm', 'midterm'), ('endline', 'endline'), ('other', 'other moment')], default='baseline', max_length=8, verbose_name='moment')),
                ('stage', models.CharField(choices=[('collecting', 'collecting decisions'), ('voting', 'voting'), ('rating', 'private ratings'), ('joint', 'joint session'), ('readback', 'read-back before closing'), ('closed', 'closed')], default='collecting', max_length=10)),
                ('private_ratings', models.BooleanField(default=True, verbose_name='start with private ratings')),
                ('mode_wanted', models.CharField(choices=[('by_side', 'by side'), ('all_together', 'all together'), ('named', 'named'), ('caucus', 'caucus')], default='by_side', max_length=12, verbose_name='who sees what of the private ratings')),
                ('mode', models.CharField(blank=True, choices=[('by_side', 'by side'), ('all_together', 'all together'), ('named', 'named'), ('caucus', 'caucus')], max_length=12)),
                ('k', models.PositiveSmallIntegerField(default=3, verbose_name='smallest number of organisations of a side that is shown')),
                ('rating_due', models.DateField(blank=True, null=True, verbose_name='answers are asked by')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('vote_opened_at', models.DateTimeField(blank=True, null=True)),
                ('vote_ended_at', models.DateTimeField(blank=True, null=True)),
                ('vote_result', models.JSONField(blank=True, null=True)),
                ('opened_at', models.DateTimeField(blank=True, null=True)),
                ('first_opened_at', models.DateTimeField(blank=True, null=True)),
                ('opened_with', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, db_default=[], default=list, size=None)),
                ('sides', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5), blank=True, db_default=[], default=list, size=None)),
                ('rating_closes_at', models.DateTimeField(blank=True, null=True)),
                ('rating_closed_at', models.DateTimeField(blank=True, null=True)),
                ('readback_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('imported_at', models.DateTimeField(blank=True, null=True)),
                ('joint_version', models.PositiveIntegerField(default=0)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('imported_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partnership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assessments', to='partnerships.partnership')),
                ('predecessor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='successors', to='assessments.assessment')),
            ],
            options={
                'ordering': ['-created_at'],
            },
        ),
        migrations.CreateModel(
            name='TrustedPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('email', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('language', models.CharField(blank=True, max_length=12)),
                ('digest', models.CharField(max_length=64, null=True, unique=True)),
                ('key', models.BinaryField(null=True)),
                ('to_mail', models.CharField(blank=True, max_length=40)),
                ('own_name', models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='your name')),
                ('own_role', models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='who you are')),
                ('named_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('replaced_at', models.DateTimeField(null=True)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trusted', to='assessments.assessment')),
            ],
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('text', models.TextField(max_length=1000, verbose_name='what will be done')),
                ('due', models.DateField(verbose_name='by when')),
                ('status', models.CharField(choices=[('planned', 'planned'), ('started', 'started'), ('done', 'done, says its owner'), ('confirmed', 'confirmed'), ('dropped', 'dropped')], default='planned', max_length=9)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='assessments.assessment')),
            ],
            options={
                'ordering': ['due', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ActionNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('planned', 'planned'), ('started', 'started'), ('done', 'done, says its owner'), ('confirmed', 'confirmed'), ('dropped', 'dropped')], max_length=9)),
                ('text', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('action', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='assessments.action')),
                ('membership', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='partnerships.membership')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ReplyDay',
            fields=[
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='reply_day', serialize=False, to='assessments.assessment')),
                ('due', models.DateField(verbose_name='last day for replies')),
            ],
        ),
        migrations.CreateModel(
            name='AnswerCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('taken_from', models.DateTimeField(null=True)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.assessment')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.membership')),
            ],
        ),
        migrations.CreateModel(
            name='ClosingConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='closing_confirmations', to='assessments.assessment')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.membership')),
            ],
        ),
        migrations.CreateModel(
            name='ConcernMail',
            fields=[
                ('trusted', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='assessments.trustedperson')),
            ],
        ),
        migrations.CreateModel(
            name='Concern',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.BinaryField()),
                ('writer_digest', models.CharField(max_length=64, unique=True)),
                ('writer_key', models.BinaryField()),
                ('answer', models.BinaryField(null=True)),
                ('trusted', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.trustedperson')),
            ],
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('number', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('position', models.IntegerField(default=0)),
                ('wording', models.CharField(max_length=300, verbose_name='decision')),
                ('original', models.CharField(max_length=300)),
                ('language', models.CharField(blank=True, max_length=12)),
                ('translations', models.JSONField(blank=True, default=dict)),
                ('topic', models.CharField(blank=True, choices=[('agenda', 'agenda and strategy'), ('theory-of-change', 'theory of change'), ('governance', 'governance rules'), ('partner-selection', 'partner selection'), ('money-countries', 'money among countries'), ('money-partners', 'money among partners'), ('money-projects', 'money to projects'), ('fundraising', 'fundraising and donor contact'), ('risk', 'risk and due diligence'), ('monitoring', 'monitoring and accountability'), ('communication', 'communication and representation'), ('implementation', 'implementation'), ('staffing', 'staffing')], max_length=20, verbose_name='topic')),
                ('left_out', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='assessments.assessment')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged', to='assessments.decision')),
                ('predecessor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='successors', to='assessments.decision')),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='partnerships.membership')),
            ],
            options={
                'ordering': ['number', 'position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Cause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('factor', models.SlugField(max_length=60)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='causes', to='assessments.decision')),
            ],
            options={
                'ordering': ['place'],
            },
        ),
        migrations.CreateModel(
            name='CaucusAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5)),
                ('version', models.PositiveIntegerField(default=1)),
                ('agree', models.BooleanField(null=True)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='assessments.decision')),
            ],
            options={
                'default_related_name': 'caucus_agreements',
            },
        ),
        migrations.AddField(
            model_name='assessment',
            name='current_decision',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='assessments.decision'),
        ),
        migrations.AddField(
            model_name='action',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='actions', to='assessments.decision'),
        ),
        migrations.CreateModel(
            name='Funder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='funders', to='assessments.assessment')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.partner')),
            ],
            options={
                'ordering': ['partner__position', 'partner_id'],
            },
        ),
        migrations.CreateModel(
            name='Guess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('differs', models.CharField(max_length=400)),
                ('decides', models.CharField(max_length=400)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='guesses', to='assessments.assessment')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.membership')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('release', 'Release'), ('agreed', 'Agreed'), ('report', 'Report')], max_length=8)),
                ('language', models.CharField(blank=True, max_length=12)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('wanted', models.PositiveIntegerField(default=1)),
                ('done', models.PositiveIntegerField(default=0)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('error', models.CharField(blank=True, max_length=200)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='work', to='assessments.assessment')),
            ],
        ),
        migrations.CreateModel(
            name='LaptopReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mutation', models.UUIDField()),
                ('receipt', models.JSONField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.assessment')),
            ],
        ),
        migrations.CreateModel(
            name='MissingVoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=partnerships.codes.new_code, editable=False, max_length=12, unique=True)),
                ('question', models.CharField(choices=[('absent', 'Who is affected by these decisions but not in the room?'), ('afterwards', 'Which decision did you hear of afterwards?')], max_length=10)),
                ('text', models.CharField(max_length=300)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='missing_voices', to='assessments.assessment')),
                ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='assessments.decision')),
            ],
            options={
                'ordering': ['text', 'code'],
            },
        ),
        migrations.CreateModel(
            name='NamedAcceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('accepted', models.BooleanField()),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='named_acceptances', to='assessments.assessment')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.membership')),
            ],
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agree', models.BooleanField(null=True)),
                ('note', models.TextField(blank=True, max_length=2000)),
                ('route', models.CharField(blank=True, choices=[('trial', 'a trial period'), ('mediator', 'a mediator'), ('governing', 'the governing body'), ('noted', 'leave it noted')], max_length=9, verbose_name='without consensus')),
                ('review_on', models.DateField(blank=True, null=True, verbose_name='review on')),
                ('discussed_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='outcome', to='assessments.decision')),
                ('updated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Participant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=160)),
                ('acronym', models.CharField(max_length=20)),
                ('side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5)),
                ('kind', models.CharField(choices=[('donor', 'donor'), ('ingo', 'international NGO'), ('office', 'country office or affiliate of an international NGO'), ('national', 'national NGO'), ('community', 'community-based organisation'), ('network', 'network'), ('other', 'other')], max_length=12)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='assessments.assessment')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='participations', to='partnerships.partner')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='NothingToAdd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('participant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='nothing_to_add', to='assessments.participant')),
            ],
        ),
        migrations.CreateModel(
            name='InfluenceChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(choices=[('more', 'more say'), ('same', 'the same'), ('less', 'less say')], max_length=4)),
                ('version', models.PositiveIntegerField(default=1)),
                ('name', models.CharField(max_length=160)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='influence_changes', to='assessments.decision')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='influence_changes', to='assessments.participant')),
            ],
        ),
        migrations.CreateModel(
            name='EvidenceConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agreed', models.BooleanField()),
                ('answered_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('membership', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='partnerships.membership')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence_consents', to='assessments.participant')),
            ],
        ),
        migrations.CreateModel(
            name='EverSubmitted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('counts_from', models.DateField()),
                ('participant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.participant')),
            ],
        ),
        migrations.CreateModel(
            name='CaucusLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('north', 'North'), ('south', 'South'), ('other', 'Other')], max_length=5)),
                ('version', models.PositiveIntegerField(default=1)),
                ('level', models.PositiveSmallIntegerField(null=True)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='assessments.decision')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='assessments.participant')),
            ],
            options={
                'default_related_name': 'caucus_levels',
            },
        ),
        migrations.CreateModel(
            name='AgreedLevel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('level', 'agreed level'), ('differs', 'we see this level differently'), ('unknown', 'nobody knows')], default='level', max_length=7)),
                ('actual', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('desired', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('one_view', models.CharField(blank=True, max_length=400)),
                ('other_view', models.CharField(blank=True, max_length=400)),
                ('version', models.PositiveIntegerField(default=1)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('updated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreed_levels', to='assessments.decision')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreed_levels', to='assessments.participant')),
            ],
        ),
        migrations.CreateModel(
            name='AgreedChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('lost', models.BooleanField(default=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undo_of', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='undone_by', to='assessments.agreedchange')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='assessments.decision')),
                ('participant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.participant')),
            ],
            options={
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='action',
            name='confirmer',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='actions_to_confirm', to='assessments.participant', verbose_name='which partner confirms that it was done'),
        ),
        migrations.AddField(
            model_name='action',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='owned_actions', to='assessments.participant', verbose_name='by which partner'),
        ),
        migrations.CreateModel(
            name='Pledge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=160)),
                ('signed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pledges', to='assessments.assessment')),
                ('membership', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='partnerships.membership')),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='partnerships.partner')),
            ],
            options={
                'ordering': ['signed_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PrivateBallot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked', models.JSONField(default=list)),
                ('result', models.CharField(choices=[('open', 'open'), ('all', 'all agree'), ('not_all', 'not all agree'), ('hidden', 'not shown')], default='open', max_length=7)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='private_ballot', to='assessments.decision')),
            ],
        ),
        migrations.CreateModel(
            name='BallotAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('agree', models.BooleanField(null=True)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.membership')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.participant')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.privateballot')),
            ],
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='assessments.decision')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='assessments.participant')),
            ],
        ),
        migrations.CreateModel(
            name='Rater',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(blank=True, max_length=80)),
                ('show_small_side', models.BooleanField(default=False)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='raters', to='assessments.assessment')),
                ('membership', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='raters', to='partnerships.membership')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.RESTRICT, related_name='raters', to='assessments.participant')),
            ],
        ),
        migrations.CreateModel(
            name='PrivateAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1)),
                ('mutation_id', models.UUIDField()),
                ('answered_at', models.DateTimeField()),
                ('agree', models.BooleanField(null=True)),
                ('reason_use', models.CharField(blank=True, choices=[('me', 'for me only'), ('group', 'for the group, reworded by me and without my name'), ('signed', 'for the group, signed')], max_length=6)),
                ('reason', models.TextField(blank=True, max_length=600)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='assessments.decision')),
                ('rater', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='assessments.rater')),
            ],
            options={
                'default_related_name': 'agreements',
            },
        ),
        migrations.CreateModel(
            name='HandIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mutation_id', models.UUIDField()),
                ('handed_in_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('answers', models.PositiveIntegerField()),
                ('code', models.CharField(max_length=12)),
                ('rater', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hand_ins', to='assessments.rater')),
            ],
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1)),
                ('mutation_id', models.UUIDField()),
                ('answered_at', models.DateTimeField()),
                ('level', models.PositiveSmallIntegerField(null=True)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='assessments.decision')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='assessments.participant')),
                ('rater', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='assessments.rater')),
            ],
            options={
                'default_related_name': 'ratings',
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(choices=[('by_side', 'by side'), ('all_together', 'all together'), ('named', 'named'), ('caucus', 'caucus')], max_length=12)),
                ('data', models.JSONField()),
                ('agreements', models.JSONField(default=list)),
                ('reasons', models.JSONField(default=dict)),
                ('basis', models.JSONField(default=dict)),
                ('figures', models.JSONField(default=dict)),
                ('method_version', models.CharField(max_length=20)),
                ('input_digest', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('shrunk_at', models.DateTimeField(blank=True, null=True)),
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='release', to='assessments.assessment')),
            ],
        ),
        migrations.CreateModel(
            name='Remark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('author', models.CharField(max_length=160)),
                ('by_facilitator', models.BooleanField(default=False)),
                ('text', models.TextField(max_length=2000)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='remarks', to='assessments.assessment')),
                ('membership', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='partnerships.membership')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RemovalObjection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='removal_objections', to='assessments.assessment')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.membership')),
            ],
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=600, verbose_name='reply')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('participant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reply', to='assessments.participant')),
            ],
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=12)),
                ('digest', models.CharField(max_length=64)),
                ('pdf', models.BinaryField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='assessments.assessment')),
            ],
        ),
        migrations.CreateModel(
            name='Response',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField(null=True)),
                ('words', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('about', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.participant')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='assessments.decision')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='responses', to='assessments.participant')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='SessionAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lines', models.JSONField(blank=True, default=list)),
                ('language', models.CharField(blank=True, max_length=12)),
                ('version', models.PositiveIntegerField(default=1)),
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='session_agreement', to='assessments.assessment')),
            ],
        ),
        migrations.CreateModel(
            name='Accepted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('accepted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.membership')),
                ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accepted', to='assessments.sessionagreement')),
            ],
        ),
        migrations.CreateModel(
            name='SideWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('matter', models.CharField(choices=[('close_rating', 'closing the private ratings'), ('move_day', 'moving the last day to answer'), ('reopen_decisions', 'going back to the decisions'), ('remove_member', 'ending a membership'), ('delete_assessment', 'deleting the assessment')], max_length=20)),
                ('day', models.DateField(null=True)),
                ('side', models.CharField(max_length=6)),
                ('given_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='side_words', to='assessments.assessment')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.membership')),
                ('subject', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.membership')),
            ],
        ),
        migrations.CreateModel(
            name='SpokenWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('passes', 'passes'), ('absent', 'not here')], max_length=6)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spoken_words', to='assessments.decision')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.participant')),
            ],
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('form', 'form of another tool'), ('sheet', 'spreadsheet')], max_length=5)),
                ('instance', models.CharField(max_length=80)),
                ('digest', models.CharField(max_length=64)),
                ('answered_at', models.DateTimeField()),
                ('imported_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='submissions', to='assessments.assessment')),
                ('imported_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.membership')),
            ],
            options={
                'ordering': ['-imported_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='AnswerEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.JSONField()),
                ('mutation_id', models.UUIDField()),
                ('base_version', models.PositiveIntegerField()),
                ('answered_at', models.DateTimeField()),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('won', models.BooleanField()),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.decision')),
                ('participant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.participant')),
                ('rater', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='assessments.rater')),
                ('submission', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='events', to='assessments.submission')),
            ],
        ),
        migrations.CreateModel(
            name='TrustedWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(blank=True, max_length=5)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.membership')),
                ('trusted', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='words', to='assessments.trustedperson')),
            ],
            options={
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='assessments.decision')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partnerships.membership')),
            ],
        ),
        migrations.CreateModel(
            name='Agenda',
            fields=[
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='agenda', serialize=False, to='assessments.assessment')),
                ('minutes', models.PositiveSmallIntegerField()),
                ('lines', models.JSONField(default=list)),
                ('version', models.PositiveIntegerField(default=1)),
                ('sent_at', models.DateTimeField(null=True)),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='LiveSession',
            fields=[
                ('assessment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='live', serialize=False, to='assessments.assessment')),
                ('phase', models.CharField(choices=[('lobby', 'arriving'), ('agreement', 'session agreement'), ('practice', 'practice'), ('silence', 'a silent minute'), ('decisions', 'decisions')], default='lobby', max_length=9)),
                ('phase_ends_at', models.DateTimeField(null=True)),
                ('timer_ends_at', models.DateTimeField(null=True)),
                ('timer_left', models.PositiveIntegerField(null=True)),
                ('turn', models.PositiveSmallIntegerField(default=0)),
                ('skipped', models.JSONField(default=list)),
                ('pause_from', models.DateTimeField(null=True)),
                ('pause_until', models.DateTimeField(null=True)),
                ('pause_counted', models.BooleanField(default=False)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('timer_ends_at__isnull', True), ('timer_left__isnull', True), _connector='OR'), name='live_timer_runs_or_stands'), models.CheckConstraint(condition=models.Q(models.Q(('pause_from__isnull', True), ('pause_until__isnull', True)), ('pause_from__lt', models.F('pause_until')), _connector='OR'), name='live_pause_has_an_end')],
            },
        ),
        migrations.CreateModel(
            name='AgreedResult',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('final', models.BooleanField(default=False)),
                ('scores', models.JSONField()),
                ('figures', models.JSONField(default=dict)),
                ('method_version', models.CharField(max_length=20)),
                ('input_digest', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreed_results', to='assessments.assessment')),
            ],
            options={
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(models.F('assessment'), models.F('version'), name='agreed_result_once_per_version'), models.UniqueConstraint(models.F('assessment'), condition=models.Q(('final', True)), name='agreed_result_final_once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agreedresult',
            trigger=pgtrigger.compiler.Trigger(name='agreed_result_final_stays', sql=partnerships.triggers.TriggerSql(func="IF OLD.final AND (NEW.scores <> OLD.scores OR NOT NEW.final) THEN\n    RAISE EXCEPTION 'the final result stays' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'agreed_result_final_stays';\nEND IF;\nRETURN NEW;", hash='0e4a2c016f4ae34fa36fdc8bb0d908dd352b72c5', operation='UPDATE', pgid='pgtrigger_agreed_result_final_stays_e3118', table='assessments_agreedresult', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='answercode',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('membership'), name='answer_code_once_per_membership'),
        ),
        migrations.AddConstraint(
            model_name='closingconfirmation',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('membership'), name='closing_confirmed_once'),
        ),
        migrations.AddConstraint(
            model_name='trustedperson',
            constraint=models.UniqueConstraint(models.F('assessment'), condition=models.Q(('confirmed_at__isnull', False), ('replaced_at', None)), name='trusted_person_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='trustedperson',
            constraint=models.UniqueConstraint(models.F('assessment'), condition=models.Q(('confirmed_at', None), ('replaced_at', None)), name='trusted_person_one_proposed'),
        ),
        migrations.AddConstraint(
            model_name='trustedperson',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('email', ''), _negated=True)), name='trusted_person_can_be_reached'),
        ),
        migrations.AddConstraint(
            model_name='trustedperson',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_at', None), models.Q(models.Q(('own_name', ''), _negated=True), models.Q(('own_role', ''), _negated=True), ('key__isnull', False)), _connector='OR'), name='trusted_person_says_who_she_is'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trustedperson',
            trigger=pgtrigger.compiler.Trigger(name='trusted_person_stays', sql=partnerships.triggers.TriggerSql(func="IF TG_OP = 'INSERT' THEN\n    IF NEW.key IS NOT NULL OR NEW.digest IS NOT NULL OR NEW.confirmed_at IS NOT NULL THEN\n        RAISE EXCEPTION 'a naming begins without a link'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'trusted_person_begins_unconfirmed';\n    END IF;\n    RETURN NEW;\nEND IF;\nIF (NEW.assessment_id, NEW.name, NEW.email) IS DISTINCT FROM (OLD.assessment_id, OLD.name, OLD.email)\n        OR OLD.key IS NOT NULL AND (NEW.digest, NEW.key) IS DISTINCT FROM (OLD.digest, OLD.key)\n        OR OLD.replaced_at IS NOT NULL AND NEW.replaced_at IS DISTINCT FROM OLD.replaced_at\n        OR OLD.replaced_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT FROM OLD.confirmed_at\n        OR OLD.confirmed_at IS NOT NULL AND (NEW.confirmed_at, NEW.own_name, NEW.own_role)\n            IS DISTINCT FROM (OLD.confirmed_at, OLD.own_name, OLD.own_role)\n        OR OLD.key IS NOT NULL AND NEW.to_mail NOT IN ('', OLD.to_mail) THEN\n    RAISE EXCEPTION 'another person is another row, so that nothing raised to one is read by another'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'trusted_person_stays';\nEND IF;\nIF OLD.key IS NULL AND NEW.key IS NOT NULL AND (\n        (SELECT count(*) FROM assessments_trustedword w WHERE w.trusted_id = NEW.id) < 2\n        OR EXISTS (\n            SELECT 1 FROM assessments_assessment a\n                JOIN partnerships_partner p ON p.partnership_id = a.partnership_id\n            WHERE a.id = NEW.assessment_id AND p.left_at IS NULL AND p.side IN ('north', 'south')\n                AND NOT EXISTS (\n                    SELECT 1 FROM assessments_trustedword w\n                        WHERE w.trusted_id = NEW.id AND w.side = p.side))) THEN\n    RAISE EXCEPTION 'a link is made after the words of two people, one of each side that has partners'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'trusted_person_by_both_sides';\nEND IF;\nRETURN NEW;", hash='9a28a41ceb94350619da227876c5e3c2fbc1913e', operation='INSERT OR UPDATE', pgid='pgtrigger_trusted_person_stays_3b067', table='assessments_trustedperson', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='concern',
            trigger=pgtrigger.compiler.Trigger(name='concern_alone', sql=partnerships.triggers.TriggerSql(condition='WHEN (pg_trigger_depth() = 0)', func="PERFORM pg_advisory_xact_lock('assessments_concern'::regclass::bigint);\nRETURN NULL;", hash='2329c1da7197b1d36edbbf7a969ae9dc25d03c5b', level='STATEMENT', operation='INSERT OR UPDATE', pgid='pgtrigger_concern_alone_bc46a', table='assessments_concern', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='concern',
            trigger=pgtrigger.compiler.Trigger(name='concern_by_the_rules', sql=partnerships.triggers.TriggerSql(condition='WHEN (pg_trigger_depth() = 0)', func="IF TG_OP = 'INSERT' AND NOT EXISTS (\n        SELECT 1 FROM assessments_trustedperson t\n            JOIN assessments_assessment a ON a.id = t.assessment_id\n        WHERE t.id = NEW.trusted_id AND t.replaced_at IS NULL AND t.confirmed_at IS NOT NULL\n            AND (a.closed_at IS NULL OR a.closed_at > now() - interval '365 days')) THEN\n    RAISE EXCEPTION 'a concern goes to the person who is confirmed, until a year after closing'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'concern_to_the_person_named';\nEND IF;\nIF TG_OP = 'UPDATE' AND ((NEW.id, NEW.trusted_id, NEW.sealed, NEW.writer_digest, NEW.writer_key)\n        IS DISTINCT FROM (OLD.id, OLD.trusted_id, OLD.sealed, OLD.writer_digest, OLD.writer_key)\n        OR OLD.answer IS NOT NULL AND NEW.answer IS DISTINCT FROM OLD.answer) THEN\n    RAISE EXCEPTION 'concern and answer stay as they were written'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'concern_stays';\nEND IF;\nRETURN NEW;", hash='a083412b62944f2a193cf53f164f336fe6445034', operation='INSERT OR UPDATE', pgid='pgtrigger_concern_by_the_rules_0b84e', table='assessments_concern', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='concern',
            trigger=pgtrigger.compiler.Trigger(name='concern_shuffle', sql=partnerships.triggers.TriggerSql(condition='WHEN (pg_trigger_depth() = 0)', func='WITH gone AS (DELETE FROM assessments_concern RETURNING *)\nINSERT INTO assessments_concern SELECT * FROM gone ORDER BY random();\nRETURN NULL;', hash='571c089aa107f05877b2f7dbda4285422fadbacb', level='STATEMENT', operation='INSERT OR UPDATE', pgid='pgtrigger_concern_shuffle_e08a4', table='assessments_concern', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('number'), name='decision_number_once'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('original'), models.F('assessment'), models.F('proposed_by'), name='decision_proposed_once'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='decision_not_merged_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.Exact(models.Func(models.F('translations'), function='jsonb_typeof', output_field=models.TextField()), 'object'), models.Q(models.Func(models.F('translations'), models.F('language'), function='jsonb_exists', output_field=models.BooleanField()), _negated=True)), name='decision_translations_are_by_language'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='decision',
            trigger=pgtrigger.compiler.Trigger(name='decision_words_stand', sql=partnerships.triggers.TriggerSql(func="IF (NEW.wording <> OLD.wording OR NOT NEW.translations @> OLD.translations)\n    AND (SELECT stage FROM assessments_assessment\n        WHERE id = NEW.assessment_id) NOT IN ('collecting', 'voting') THEN\n    RAISE EXCEPTION 'the words of a decision stand once people answer'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_words_stand';\nEND IF;\nRETURN NEW;", hash='7af9a13851931cdaa33951a0947129e224e90bf0', operation='UPDATE OF "wording", "translations"', pgid='pgtrigger_decision_words_stand_f0fcc', table='assessments_decision', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='cause',
            constraint=models.UniqueConstraint(models.F('decision'), models.F('place'), name='cause_once_per_place'),
        ),
        migrations.AddConstraint(
            model_name='cause',
            constraint=models.UniqueConstraint(models.F('decision'), models.F('factor'), name='cause_named_once'),
        ),
        migrations.AddConstraint(
            model_name='cause',
            constraint=models.CheckConstraint(condition=models.Q(('place__gte', 1), ('place__lte', 3)), name='cause_at_most_three'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='cause',
            trigger=pgtrigger.compiler.Trigger(name='cause_only_in_session', sql=partnerships.triggers.TriggerSql(declare='DECLARE home bigint; at text; own jsonb := to_jsonb(NEW);', func="SELECT a.id, a.stage INTO home, at FROM assessments_assessment a\n    JOIN assessments_decision d ON d.assessment_id = a.id\n    WHERE d.id = NEW.decision_id;\nIF at <> 'joint' THEN\n    RAISE EXCEPTION 'this changes in the joint session only'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'live_only_in_session';\nEND IF;\nIF EXISTS (SELECT 1 FROM unnest(ARRAY[own ->> 'participant_id', own ->> 'about_id']) one\n        WHERE one IS NOT NULL AND NOT EXISTS (\n            SELECT 1 FROM assessments_participant p WHERE p.id = one::bigint AND p.assessment_id = home)) THEN\n    RAISE EXCEPTION 'participant and decision belong to different assessments'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'live_within_one_assessment';\nEND IF;\nRETURN NEW;", hash='93a39af50cd4d175d0375049abfedd4e97da8a1f', operation='INSERT OR UPDATE', pgid='pgtrigger_cause_only_in_session_8c02c', table='assessments_cause', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='caucusagreement',
            constraint=models.UniqueConstraint(models.F('decision'), models.F('side'), name='caucus_agreement_once_per_decision'),
        ),
        migrations.AddConstraint(
            model_name='caucusagreement',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['north', 'south', 'other'])), name='caucus_agreement_side_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caucusagreement',
            trigger=pgtrigger.compiler.Trigger(name='caucus_agreement_by_the_rules', sql=partnerships.triggers.TriggerSql(declare='DECLARE home bigint; at text; chosen text;', func="SELECT a.id, a.stage, a.mode INTO home, at, chosen FROM assessments_assessment a\n    JOIN assessments_decision d ON d.assessment_id = a.id WHERE d.id = NEW.decision_id;\nIF chosen <> 'caucus' THEN\n    RAISE EXCEPTION 'sides answer together in caucus mode only'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'caucus_answer_only_in_caucus';\nEND IF;\nIF at <> 'rating' THEN\n    RAISE EXCEPTION 'the sides'' answers are closed'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'caucus_answer_only_while_open';\nEND IF;\nIF NOT EXISTS (SELECT 1 FROM assessments_participant WHERE assessment_id = home AND side = NEW.side) THEN\n    RAISE EXCEPTION 'nobody stands on this side'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'caucus_answer_of_a_side_that_is_there';\nEND IF;\nRETURN NEW;", hash='35cdfc37042332a1ed36fab7d4392f5b29dcd3e4', operation='INSERT OR UPDATE', pgid='pgtrigger_caucus_agreement_by_the_rules_f3a48', table='assessments_caucusagreement', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(fields=['-created_at', '-id'], name='assessment_newest'),
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(fields=['partnership', '-created_at', '-id'], name='assessment_newest_here'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('k__gte', 3)), name='assessment_k_upwards_only'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('stage', 'rating'), _negated=True), ('first_opened_at', None)), models.Q(('mode', ''), _negated=True), _connector='OR'), name='assessment_mode_fixed_when_rating_opens'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('rating_closes_at', None), ('stage', 'rating'), _connector='OR'), name='assessment_closing_day_while_open'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('stage', 'closed')), models.Q(models.Q(('stage', 'closed'), _negated=True), ('closed_at__isnull', True)), _connector='OR'), name='assessment_closed_has_a_date'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('vote_result__isnull', True), ('vote_ended_at__isnull', False), _connector='OR'), name='assessment_vote_counted_after_its_end'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='assessment_mode_locked', sql=partnerships.triggers.TriggerSql(func="IF OLD.first_opened_at IS NOT NULL THEN\n    IF (NEW.first_opened_at, NEW.opened_with, NEW.mode_wanted, NEW.k, NEW.private_ratings)\n            IS DISTINCT FROM (OLD.first_opened_at, OLD.opened_with, OLD.mode_wanted, OLD.k, OLD.private_ratings)\n        OR NEW.mode <> OLD.mode AND NOT (\n            OLD.mode = 'named' AND NEW.mode = 'by_side' AND OLD.stage IN ('collecting', 'voting') AND EXISTS (\n                SELECT 1 FROM partnerships_partner p WHERE p.partnership_id = OLD.partnership_id\n                    AND p.left_at IS NULL AND p.id <> ALL(OLD.opened_with))) THEN\n        RAISE EXCEPTION 'the mode is fixed when rating first opens'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_mode_locked';\n    END IF;\n    IF NOT NEW.sides @> OLD.sides THEN\n        RAISE EXCEPTION 'a side that took part keeps its word'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_sides_stay';\n    END IF;\nEND IF;\nIF OLD.stage = 'closed' AND NEW.stage <> 'closed' THEN\n    RAISE EXCEPTION 'a closed assessment stays closed' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'assessment_closed_is_final';\nEND IF;\nIF OLD.rating_closed_at IS NOT NULL AND NEW.rating_closed_at IS DISTINCT FROM OLD.rating_closed_at THEN\n    RAISE EXCEPTION 'rating closes once' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'assessment_rating_closes_once';\nEND IF;\nIF OLD.first_opened_at IS NOT NULL AND OLD.stage = 'rating' THEN\n    IF NEW.stage <> 'rating' AND NOT assessments_words_given(\n            OLD.id, CASE NEW.stage WHEN 'collecting' THEN 'reopen_decisions' ELSE 'close_rating' END,\n            NULL, NULL, NEW.stage <> 'collecting') THEN\n        RAISE EXCEPTION 'open ratings end by the words of both sides'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_words_decide';\n    END IF;\n    IF NEW.stage = 'rating' AND OLD.rating_due IS NOT NULL AND NEW.rating_due IS DISTINCT FROM OLD.rating_due\n        AND NOT assessments_words_given(OLD.id, 'move_day', NULL, NEW.rating_due, false) THEN\n        RAISE EXCEPTION 'the last day to answer moves by the words of both sides'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_day_moves_by_words';\n    END IF;\nEND IF;\nRETURN NEW;", hash='a3e26740a7eb4e500fb86c9c7c65c801159cfe4c', operation='UPDATE', pgid='pgtrigger_assessment_mode_locked_a5e2d', table='assessments_assessment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='rehearsal_says_so', sql=partnerships.triggers.TriggerSql(declare='DECLARE mark text;', func="SELECT name INTO mark FROM partnerships_partnership\n    WHERE id = NEW.partnership_id AND is_rehearsal;\nIF mark IS NOT NULL AND NOT starts_with(NEW.title, mark) THEN\n    NEW.title := left(mark || ' – ' || NEW.title, 160);\nEND IF;\nRETURN NEW;", hash='cc8ebee2020d94a4cadf5b3b14d23ae49988f213', operation='INSERT OR UPDATE OF "title", "partnership_id"', pgid='pgtrigger_rehearsal_says_so_38a62', table='assessments_assessment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='replies_have_their_time', sql=partnerships.triggers.TriggerSql(func="IF NEW.stage = 'closed' AND OLD.stage <> 'closed'\n        AND EXISTS (SELECT 1 FROM assessments_replyday\n            WHERE assessment_id = NEW.id AND due >= CURRENT_DATE)\n        AND EXISTS (SELECT 1 FROM assessments_participant p WHERE p.assessment_id = NEW.id\n            AND NOT EXISTS (SELECT 1 FROM assessments_reply r WHERE r.participant_id = p.id)\n            AND NOT EXISTS (SELECT 1 FROM assessments_nothingtoadd n\n                WHERE n.participant_id = p.id)) THEN\n    RAISE EXCEPTION 'organisations may still reply'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_closes_after_the_replies';\nEND IF;\nRETURN NEW;", hash='fa31612b1a5ee2588b3137f7aaf8a3ddcb204bf6', operation='UPDATE OF "stage"', pgid='pgtrigger_replies_have_their_time_7d322', table='assessments_assessment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='taps_end_with_session', sql=partnerships.triggers.TriggerSql(func="IF OLD.stage = 'joint' AND NEW.stage <> 'joint' THEN\n    DELETE FROM assessments_ballotanswer WHERE round_id IN (SELECT r.id\n        FROM assessments_privateballot r\n        JOIN assessments_decision d ON d.id = r.decision_id WHERE d.assessment_id = NEW.id);\nEND IF;\nRETURN NEW;", hash='d732498c95abdb792e1077c594ff327abf0dcd3e', operation='UPDATE OF "stage"', pgid='pgtrigger_taps_end_with_session_839f1', table='assessments_assessment', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='assessment',
            trigger=pgtrigger.compiler.Trigger(name='vote_ends_once', sql=partnerships.triggers.TriggerSql(func="IF OLD.vote_ended_at IS NOT NULL AND (NEW.vote_ended_at IS DISTINCT FROM OLD.vote_ended_at\n        OR NEW.vote_result IS DISTINCT FROM OLD.vote_result) THEN\n    RAISE EXCEPTION 'the vote has ended' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'vote_ends_once';\nEND IF;\nIF NEW.vote_result IS DISTINCT FROM OLD.vote_result AND (SELECT count(DISTINCT s.user_id)\n    FROM assessments_vote v\n        JOIN assessments_decision d ON d.id = v.decision_id\n            JOIN partnerships_membership s ON s.id = v.membership_id\n        WHERE d.assessment_id = NEW.id) < 5 THEN\n    RAISE EXCEPTION 'votes of fewer than five people are not counted'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'vote_result_of_five';\nEND IF;\nRETURN NEW;", hash='95dc6c97b9adfb54c30ebef22dba1100beac4524', operation='UPDATE OF "vote_ended_at", "vote_result"', pgid='pgtrigger_vote_ends_once_bf79e', table='assessments_assessment', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='funder',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('partner'), name='funder_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='funder',
            trigger=pgtrigger.compiler.Trigger(name='funder_is_a_partner', sql=partnerships.triggers.TriggerSql(func="IF NOT EXISTS (SELECT 1 FROM assessments_assessment a\n    JOIN partnerships_partner p ON p.partnership_id = a.partnership_id\n        WHERE a.id = NEW.assessment_id AND p.id = NEW.partner_id) THEN\n    RAISE EXCEPTION 'who gives money here is a partner of this partnership'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'funder_is_a_partner';\nEND IF;\nRETURN NEW;", hash='7ca62c7f2af900e9e8f1f4f6c5ffa4d150e04a2c', operation='INSERT OR UPDATE', pgid='pgtrigger_funder_is_a_partner_04d12', table='assessments_funder', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='guess',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('membership'), name='guess_once'),
        ),
        migrations.AddConstraint(
            model_name='guess',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('differs', ''), _negated=True), models.Q(('decides', ''), _negated=True)), name='guess_says_something'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='guess',
            trigger=pgtrigger.compiler.Trigger(name='guess_by_the_rules', sql=partnerships.triggers.TriggerSql(declare='DECLARE at text; private boolean; home bigint;', func="IF TG_OP = 'UPDATE' THEN\n    RAISE EXCEPTION 'a guess stands as it is' USING ERRCODE = 'check_violation', CONSTRAINT = 'guess_stands';\nEND IF;\nSELECT stage, private_ratings, partnership_id INTO at, private, home FROM assessments_assessment\n    WHERE id = NEW.assessment_id;\nIF at <> 'joint' OR private AND NOT EXISTS (\n        SELECT 1 FROM assessments_release WHERE assessment_id = NEW.assessment_id) THEN\n    RAISE EXCEPTION 'a guess comes between the release and the end of the session'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'guess_before_the_session';\nEND IF;\nIF NOT EXISTS (SELECT 1 FROM partnerships_membership WHERE id = NEW.membership_id AND partnership_id = home\n        AND role = 'facilitator') THEN\n    RAISE EXCEPTION 'facilitators guess' USING ERRCODE = 'check_violation', CONSTRAINT = 'guess_of_a_facilitator';\nEND IF;\nRETURN NEW;", hash='748c68d7e92af7aa128c1f4fa636de697da17c00', operation='INSERT OR UPDATE', pgid='pgtrigger_guess_by_the_rules_9dbfc', table='assessments_guess', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['state'], name='work_state'),
        ),
        migrations.AddConstraint(
            model_name='job',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('kind'), models.F('language'), name='work_once_per_kind'),
        ),
        migrations.AddConstraint(
            model_name='laptopreceipt',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('mutation'), name='laptop_change_once'),
        ),
        migrations.AddConstraint(
            model_name='missingvoice',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('text'), models.F('assessment'), models.F('question'), name='missing_voice_once_in_these_words'),
        ),
        migrations.AddConstraint(
            model_name='missingvoice',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='missing_voice_has_words'),
        ),
        migrations.AddConstraint(
            model_name='missingvoice',
            constraint=models.CheckConstraint(condition=models.Q(('question__in', ['absent', 'afterwards'])), name='missing_voice_question_known'),
        ),
        migrations.AddConstraint(
            model_name='missingvoice',
            constraint=models.CheckConstraint(condition=models.Q(('decision__isnull', True), ('question', 'afterwards'), _connector='OR'), name='missing_voice_only_afterwards_is_a_decision'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='missingvoice',
            trigger=pgtrigger.compiler.Trigger(name='missing_voice_by_the_rules', sql=partnerships.triggers.TriggerSql(func="IF TG_OP = 'INSERT' AND NOT EXISTS (SELECT 1 FROM assessments_assessment\n        WHERE id = NEW.assessment_id AND stage IN ('collecting', 'voting')) THEN\n    RAISE EXCEPTION 'this is answered while decisions are collected'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'missing_voice_while_collecting';\nEND IF;\nIF NEW.decision_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM assessments_decision\n        WHERE id = NEW.decision_id AND assessment_id = NEW.assessment_id) THEN\n    RAISE EXCEPTION 'answer and decision belong to different assessments'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'missing_voice_within_one_assessment';\nEND IF;\nRETURN NEW;", hash='3043bb9481865ba25a1e7c063bac83927943e7b9', operation='INSERT OR UPDATE', pgid='pgtrigger_missing_voice_by_the_rules_0005f', table='assessments_missingvoice', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='namedacceptance',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('membership'), name='named_acceptance_once'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(('route', ''), ('review_on__isnull', False), _connector='OR'), name='outcome_route_has_review'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('partner'), name='participant_once'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('number'), name='participant_number_once'),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['north', 'south', 'other'])), name='participant_side_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='participant',
            trigger=pgtrigger.compiler.Trigger(name='participant_side_frozen', sql=partnerships.triggers.TriggerSql(func="IF NEW.side <> OLD.side OR NEW.partner_id <> OLD.partner_id\n    OR NEW.assessment_id <> OLD.assessment_id THEN\n    RAISE EXCEPTION 'a participant''s side is frozen'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'participant_side_frozen';\nEND IF;\nRETURN NEW;", hash='c8ec8bf3a05f043c2e9df359f33940c5a8a48dad', operation='UPDATE', pgid='pgtrigger_participant_side_frozen_9f448', table='assessments_participant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='nothingtoadd',
            trigger=pgtrigger.compiler.Trigger(name='nothing_to_add_by_the_rules', sql=partnerships.triggers.TriggerSql(func="IF EXISTS (SELECT 1 FROM assessments_reply WHERE participant_id = NEW.participant_id) THEN\n    RAISE EXCEPTION 'this organisation has replied'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'reply_or_nothing';\nEND IF;\nIF NOT EXISTS (SELECT 1 FROM assessments_assessment a\n    JOIN assessments_participant p ON p.assessment_id = a.id\n        WHERE p.id = NEW.participant_id AND a.stage = 'readback') THEN\n    RAISE EXCEPTION 'this is said at the read-back'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'nothing_to_add_at_the_read_back';\nEND IF;\nRETURN NEW;", hash='da03390bdd7d1e348ee2771e8ea28a6f2b27d080', operation='INSERT', pgid='pgtrigger_nothing_to_add_by_the_rules_8367e', table='assessments_nothingtoadd', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='influencechange',
            constraint=models.UniqueConstraint(models.F('participant'), models.F('decision'), name='said_since_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='influencechange',
            constraint=models.CheckConstraint(condition=models.Q(('answer__in', ['more', 'same', 'less'])), name='said_since_is_known'),
        ),
        migrations.AddConstraint(
            model_name='influencechange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), ('by', None), _connector='OR'), name='said_since_has_a_name'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='influencechange',
            trigger=pgtrigger.compiler.Trigger(name='said_since_by_the_rules', sql=partnerships.triggers.TriggerSql(declare='DECLARE home bigint; at text; earlier bigint; own bigint;', func="SELECT a.id, a.stage, p.partner_id, b.id INTO home, at, own, earlier\n    FROM assessments_participant p JOIN assessments_assessment a ON a.id = p.assessment_id\n    LEFT JOIN assessments_assessment b ON b.id = a.predecessor_id AND b.partnership_id = a.partnership_id\n    WHERE p.id = NEW.participant_id;\nIF at <> 'joint' THEN\n    RAISE EXCEPTION 'this is said in the joint session only'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'said_since_only_in_session';\nEND IF;\nIF NOT EXISTS (SELECT 1 FROM assessments_participant WHERE assessment_id = earlier AND partner_id = own) THEN\n    RAISE EXCEPTION 'this organisation has no last time'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'said_since_by_who_was_there';\nEND IF;\nIF NEW.decision_id IS NOT NULL AND NOT EXISTS (\n        SELECT 1 FROM assessments_decision d JOIN assessments_decision e ON e.id = d.predecessor_id\n        WHERE d.id = NEW.decision_id AND d.assessment_id = home AND e.assessment_id = earlier) THEN\n    RAISE EXCEPTION 'this decision has no last time'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'said_since_of_a_decision_of_both';\nEND IF;\nIF NEW.version <> (CASE TG_OP WHEN 'INSERT' THEN 1 ELSE OLD.version + 1 END) THEN\n    RAISE EXCEPTION 'versions follow each other'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'said_since_in_versions';\nEND IF;\nRETURN NEW;", hash='7c73948cd8b3551f7a580c6858805dcbc4ccd1e2', operation='INSERT OR UPDATE OF "participant_id", "decision_id", "answer", "version"', pgid='pgtrigger_said_since_by_the_rules_8f8c1', table='assessments_influencechange', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='evidenceconsent',
            constraint=models.UniqueConstraint(models.F('participant'), models.F('membership'), name='evidence_consent_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='evidenceconsent',
            trigger=pgtrigger.compiler.Trigger(name='rehearsal_never_counts', sql=partnerships.triggers.TriggerSql(func="IF EXISTS (SELECT 1 FROM assessments_participant q\n    JOIN assessments_assessment a ON a.id = q.assessment_id\n        JOIN partnerships_partnership p ON p.id = a.partnership_id\n        WHERE q.id = NEW.participant_id AND p.is_rehearsal) THEN\n    RAISE EXCEPTION 'a rehearsal never counts as evidence'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'rehearsal_never_counts';\nEND IF;\nRETURN NEW;", hash='8d5615c7d4cad90da9a65545470d3e8bfdd5c023', operation='INSERT OR UPDATE', pgid='pgtrigger_rehearsal_never_counts_b884f', table='assessments_evidenceconsent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='eversubmitted',
            trigger=pgtrigger.compiler.Trigger(name='ever_submitted_only_while_open', sql=partnerships.triggers.TriggerSql(func="IF TG_OP = 'UPDATE' THEN\n    RAISE EXCEPTION 'a submission counts from one day on'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'ever_submitted_stays';\nEND IF;\nIF NOT EXISTS (SELECT 1 FROM assessments_participant p\n    JOIN assessments_assessment a ON a.id = p.assessment_id\n    WHERE p.id = NEW.participant_id AND a.stage = 'rating') THEN\n    RAISE EXCEPTION 'private ratings are closed'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'ever_submitted_only_while_open';\nEND IF;\nRETURN NEW;", hash='39873c800967c65a92ffb258d2e092edb767248f', operation='INSERT OR UPDATE', pgid='pgtrigger_ever_submitted_only_while_open_e4921', table='assessments_eversubmitted', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='eversubmitted',
            trigger=pgtrigger.compiler.Trigger(name='ever_submitted_stays', sql=partnerships.triggers.TriggerSql(constraint='CONSTRAINT', func="IF EXISTS (SELECT 1 FROM assessments_participant p\n    JOIN assessments_assessment a ON a.id = p.assessment_id\n    WHERE p.id = OLD.participant_id AND a.stage = 'rating') THEN\n    RAISE EXCEPTION 'a submission counts until rating closes'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'ever_submitted_stays';\nEND IF;\nRETURN NULL;", hash='95e982fa5d04207a169c7e3dc86a6d050570979e', operation='DELETE', pgid='pgtrigger_ever_submitted_stays_ead8b', table='assessments_eversubmitted', timing='DEFERRABLE INITIALLY DEFERRED', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='caucuslevel',
            constraint=models.UniqueConstraint(models.F('decision'), models.F('side'), models.F('participant'), name='caucus_level_once_per_cell'),
        ),
        migrations.AddConstraint(
            model_name='caucuslevel',
            constraint=models.CheckConstraint(condition=models.Q(('level__gte', 0), ('level__lte', 4)), name='caucus_level_0_to_4'),
        ),
        migrations.AddConstraint(
            model_name='caucuslevel',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['north', 'south', 'other'])), name='caucus_level_side_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caucuslevel',
            trigger=pgtrigger.compiler.Trigger(name='caucus_level_by_the_rules', sql=partnerships.triggers.TriggerSql(declare='DECLARE home bigint; at text; chosen text;', func="SELECT a.id, a.stage, a.mode INTO home, at, chosen FROM assessments_assessment a\n    JOIN assessments_decision d ON d.assessment_id = a.id WHERE d.id = NEW.decision_id;\nIF chosen <> 'caucus' THEN\n    RAISE EXCEPTION 'sides answer together in caucus mode only'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'caucus_answer_only_in_caucus';\nEND IF;\nIF at <> 'rating' THEN\n    RAISE EXCEPTION 'the sides'' answers are closed'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'caucus_answer_only_while_open';\nEND IF;\nIF NOT EXISTS (SELECT 1 FROM assessments_participant WHERE assessment_id = home AND side = NEW.side) THEN\n    RAISE EXCEPTION 'nobody stands on this side'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'caucus_answer_of_a_side_that_is_there';\nEND IF;\nRETURN NEW;", hash='5293c12bff295cc5c821f951918604f93e13490a', operation='INSERT OR UPDATE', pgid='pgtrigger_caucus_level_by_the_rules_def90', table='assessments_caucuslevel', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caucuslevel',
            trigger=pgtrigger.compiler.Trigger(name='caucus_level_within_one_assessment', sql=partnerships.triggers.TriggerSql(func="IF NOT EXISTS (SELECT 1 FROM assessments_participant p\n    JOIN assessments_decision d ON d.assessment_id = p.assessment_id\n        WHERE p.id = NEW.participant_id AND d.id = NEW.decision_id) THEN\n    RAISE EXCEPTION 'participant and decision belong to different assessments'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'caucus_answer_within_one_assessment';\nEND IF;\nRETURN NEW;", hash='a69a0f9ccea2f1c4f2234bd642d3412278f3d56a', operation='INSERT OR UPDATE', pgid='pgtrigger_caucus_level_within_one_assessment_cba17', table='assessments_caucuslevel', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='agreedlevel',
            constraint=models.UniqueConstraint(models.F('decision'), models.F('participant'), name='agreed_level_once_per_cell'),
        ),
        migrations.AddConstraint(
            model_name='agreedlevel',
            constraint=models.CheckConstraint(condition=models.Q(('actual__gte', 0), ('actual__lte', 4)), name='agreed_actual_0_to_4'),
        ),
        migrations.AddConstraint(
            model_name='agreedlevel',
            constraint=models.CheckConstraint(condition=models.Q(('desired__gte', 0), ('desired__lte', 4)), name='agreed_desired_0_to_4'),
        ),
        migrations.AddConstraint(
            model_name='agreedlevel',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'level'), ('actual__isnull', True), _connector='OR'), name='agreed_actual_only_where_agreed'),
        ),
        migrations.AddConstraint(
            model_name='agreedlevel',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'differs'), models.Q(('one_view', ''), ('other_view', '')), _connector='OR'), name='agreed_views_only_where_they_differ'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agreedlevel',
            trigger=pgtrigger.compiler.Trigger(name='agreed_only_in_session', sql=partnerships.triggers.TriggerSql(declare='DECLARE home bigint; at text;', func="SELECT a.id, a.stage INTO home, at FROM assessments_assessment a\n    JOIN assessments_decision d ON d.assessment_id = a.id\n    WHERE d.id = NEW.decision_id;\nIF at <> 'joint' THEN\n    RAISE EXCEPTION 'agreed levels change in the joint session only'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'agreed_only_in_session';\nEND IF;\nIF NOT EXISTS (SELECT 1 FROM assessments_participant\n    WHERE id = NEW.participant_id AND assessment_id = home) THEN\n    RAISE EXCEPTION 'participant and decision belong to different assessments'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'agreed_within_one_assessment';\nEND IF;\nRETURN NEW;", hash='5a3394087a57ec2fe5ae32302c2baa1d4f2e9a13', operation='INSERT OR UPDATE OF "decision_id", "participant_id", "state", "actual", "desired", "one_view", "other_view", "version"', pgid='pgtrigger_agreed_only_in_session_e7333', table='assessments_agreedlevel', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'confirmed'), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='action_confirmed_has_a_date'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('membership'), condition=models.Q(('withdrawn_at__isnull', True)), name='pledge_stands_once'),
        ),
        migrations.AddConstraint(
            model_name='pledge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), ('membership', None), _connector='OR'), name='pledge_has_a_name'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pledge',
            trigger=pgtrigger.compiler.Trigger(name='pledge_is_a_record', sql=partnerships.triggers.TriggerSql(func="IF (NEW.assessment_id, NEW.partner_id, NEW.signed_at)\n        IS DISTINCT FROM (OLD.assessment_id, OLD.partner_id, OLD.signed_at)\n    OR (NEW.name IS DISTINCT FROM OLD.name AND NOT (NEW.name = '' AND NEW.membership_id IS NULL))\n    OR (NEW.membership_id IS NOT NULL AND NEW.membership_id IS DISTINCT FROM OLD.membership_id)\n    OR (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at) THEN\n    RAISE EXCEPTION 'a pledge is kept as it was signed; it can be withdrawn, once'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_is_a_record';\nEND IF;\nRETURN NEW;", hash='1dc58856298615ddaf053edf56dfa0162518fa80', operation='UPDATE', pgid='pgtrigger_pledge_is_a_record_45233', table='assessments_pledge', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pledge',
            trigger=pgtrigger.compiler.Trigger(name='pledge_of_a_representative', sql=partnerships.triggers.TriggerSql(func="IF NOT EXISTS (SELECT 1 FROM partnerships_membership s\n    WHERE s.id = NEW.membership_id AND s.partner_id = NEW.partner_id\n        AND s.role = 'representative' AND s.admitted_at IS NOT NULL AND s.voided_at IS NULL)\n    OR NOT EXISTS (SELECT 1 FROM assessments_funder f\n        WHERE f.assessment_id = NEW.assessment_id AND f.partner_id = NEW.partner_id) THEN\n    RAISE EXCEPTION 'a representative of a partner that gives money here signs'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'pledge_of_a_representative';\nEND IF;\nRETURN NEW;", hash='e620834628d79a0d666f32961a79658a9f1e92bd', operation='INSERT', pgid='pgtrigger_pledge_of_a_representative_5090b', table='assessments_pledge', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='privateballot',
            constraint=models.CheckConstraint(condition=models.Q(('result__in', ['open', 'all', 'not_all', 'hidden'])), name='agree_round_result_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='privateballot',
            trigger=pgtrigger.compiler.Trigger(name='agree_asked_once', sql=partnerships.triggers.TriggerSql(func="IF TG_OP = 'INSERT' AND NEW.result <> 'open' THEN\n    RAISE EXCEPTION 'a question begins open' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'agree_round_begins_open';\nEND IF;\nIF NEW.result = 'open' AND (TG_OP = 'INSERT' OR OLD.result <> 'open') AND (\n        assessments_private_verdict(NEW.decision_id)\n        OR EXISTS (SELECT 1 FROM assessments_spokenword WHERE decision_id = NEW.decision_id)) THEN\n    RAISE EXCEPTION 'this question was asked' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'agree_asked_once';\nEND IF;\nRETURN NEW;", hash='ec9df200d347282c73acbdf3207e7df9fd329c05', operation='INSERT OR UPDATE', pgid='pgtrigger_agree_asked_once_e946d', table='assessments_privateballot', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='privateballot',
            trigger=pgtrigger.compiler.Trigger(name='agree_result_stands', sql=partnerships.triggers.TriggerSql(declare='DECLARE organisations int; agreed boolean;', func="IF OLD.result IN ('all', 'not_all') AND NEW.result <> OLD.result THEN\n    RAISE EXCEPTION 'this question has its result' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'agree_result_stands';\nEND IF;\nIF NEW.result IN ('all', 'not_all') AND NEW.result <> OLD.result THEN\n    SELECT count(DISTINCT participant_id), bool_and(agree) INTO organisations, agreed\n        FROM assessments_ballotanswer WHERE round_id = NEW.id AND agree IS NOT NULL;\n    IF organisations < 5 OR agreed <> (NEW.result = 'all') THEN\n        RAISE EXCEPTION 'a result takes five organisations'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'agree_result_of_five';\n    END IF;\nEND IF;\nIF NEW.result <> 'open' THEN\n    DELETE FROM assessments_ballotanswer WHERE round_id = NEW.id;\nEND IF;\nRETURN NEW;", hash='ef222f68ee7d34b9aa20b055708a68d85037822f', operation='UPDATE', pgid='pgtrigger_agree_result_stands_b7373', table='assessments_privateballot', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='privateballot',
            trigger=pgtrigger.compiler.Trigger(name='agree_round_only_in_session', sql=partnerships.triggers.TriggerSql(declare='DECLARE home bigint; at text; own jsonb := to_jsonb(NEW);', func="SELECT a.id, a.stage INTO home, at FROM assessments_assessment a\n    JOIN assessments_decision d ON d.assessment_id = a.id\n    WHERE d.id = NEW.decision_id;\nIF at <> 'joint' THEN\n    RAISE EXCEPTION 'this changes in the joint session only'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'live_only_in_session';\nEND IF;\nIF EXISTS (SELECT 1 FROM unnest(ARRAY[own ->> 'participant_id', own ->> 'about_id']) one\n        WHERE one IS NOT NULL AND NOT EXISTS (\n            SELECT 1 FROM assessments_participant p WHERE p.id = one::bigint AND p.assessment_id = home)) THEN\n    RAISE EXCEPTION 'participant and decision belong to different assessments'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'live_within_one_assessment';\nEND IF;\nRETURN NEW;", hash='c6a8650ceda1ea34fd4ba4b2edd3d17ecb048ea4', operation='INSERT OR UPDATE', pgid='pgtrigger_agree_round_only_in_session_179ff', table='assessments_privateballot', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='ballotanswer',
            constraint=models.UniqueConstraint(models.F('round'), models.F('membership'), name='agree_tap_once_per_membership'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='ballotanswer',
            trigger=pgtrigger.compiler.Trigger(name='agree_tap_while_open', sql=partnerships.triggers.TriggerSql(func="IF NOT EXISTS (SELECT 1 FROM assessments_privateballot r\n    JOIN assessments_decision d ON d.id = r.decision_id\n        JOIN assessments_participant p ON p.assessment_id = d.assessment_id\n        JOIN partnerships_membership s ON s.partner_id = p.partner_id\n        WHERE r.id = NEW.round_id AND r.result = 'open' AND p.id = NEW.participant_id\n            AND s.id = NEW.membership_id\n        AND s.role = 'representative') THEN\n    RAISE EXCEPTION 'a representative answers for her organisation while the question is open'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'agree_tap_while_open';\nEND IF;\nRETURN NEW;", hash='bce56cad3e1f08fb388a1bf833b4f44c3c8b519d', operation='INSERT OR UPDATE', pgid='pgtrigger_agree_tap_while_open_026f0', table='assessments_ballotanswer', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(models.F('decision'), models.F('participant'), name='proposal_once_per_cell'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('level__gte', 0), ('level__lte', 4)), name='proposal_level_0_to_4'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='proposal',
            trigger=pgtrigger.compiler.Trigger(name='proposal_only_in_session', sql=partnerships.triggers.TriggerSql(declare='DECLARE home bigint; at text; own jsonb := to_jsonb(NEW);', func="SELECT a.id, a.stage INTO home, at FROM assessments_assessment a\n    JOIN assessments_decision d ON d.assessment_id = a.id\n    WHERE d.id = NEW.decision_id;\nIF at <> 'joint' THEN\n    RAISE EXCEPTION 'this changes in the joint session only'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'live_only_in_session';\nEND IF;\nIF EXISTS (SELECT 1 FROM unnest(ARRAY[own ->> 'participant_id', own ->> 'about_id']) one\n        WHERE one IS NOT NULL AND NOT EXISTS (\n            SELECT 1 FROM assessments_participant p WHERE p.id = one::bigint AND p.assessment_id = home)) THEN\n    RAISE EXCEPTION 'participant and decision belong to different assessments'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'live_within_one_assessment';\nEND IF;\nRETURN NEW;", hash='76f59a8030c6bcc917b3f6a937358d35683de8b6', operation='INSERT OR UPDATE', pgid='pgtrigger_proposal_only_in_session_6f1a3', table='assessments_proposal', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='rater',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('membership'), name='rater_once_per_membership'),
        ),
        migrations.AddConstraint(
            model_name='rater',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('label'), condition=models.Q(('label', ''), _negated=True), name='rater_label_once'),
        ),
        migrations.AddConstraint(
            model_name='rater',
            constraint=models.CheckConstraint(condition=models.Q(('membership__isnull', False), models.Q(('label', ''), _negated=True), _connector='OR'), name='rater_has_membership_or_label'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rater',
            trigger=pgtrigger.compiler.Trigger(name='rater_not_in_caucus', sql=partnerships.triggers.TriggerSql(declare='DECLARE chosen text;', func="IF TG_TABLE_NAME = 'assessments_rater' THEN\n    SELECT mode INTO chosen FROM assessments_assessment WHERE id = NEW.assessment_id;\nELSE\n    SELECT a.mode INTO chosen FROM assessments_assessment a JOIN assessments_decision d ON d.assessment_id = a.id\n        WHERE d.id = NEW.decision_id;\nEND IF;\nIF chosen = 'caucus' THEN\n    RAISE EXCEPTION 'nobody answers alone in caucus mode'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'no_private_answer_in_caucus';\nEND IF;\nRETURN NEW;", hash='ece83d4cc9e5d5a68fdb6514a699b72cb11274cc', operation='INSERT', pgid='pgtrigger_rater_not_in_caucus_efc41', table='assessments_rater', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='privateagreement',
            constraint=models.UniqueConstraint(models.F('rater'), models.F('decision'), name='agreement_once_per_decision'),
        ),
        migrations.AddConstraint(
            model_name='privateagreement',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), models.Q(('reason_use', ''), _negated=True), _connector='OR'), name='agreement_reason_has_a_use'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='privateagreement',
            trigger=pgtrigger.compiler.Trigger(name='agreement_not_in_caucus', sql=partnerships.triggers.TriggerSql(declare='DECLARE chosen text;', func="IF TG_TABLE_NAME = 'assessments_rater' THEN\n    SELECT mode INTO chosen FROM assessments_assessment WHERE id = NEW.assessment_id;\nELSE\n    SELECT a.mode INTO chosen FROM assessments_assessment a JOIN assessments_decision d ON d.assessment_id = a.id\n        WHERE d.id = NEW.decision_id;\nEND IF;\nIF chosen = 'caucus' THEN\n    RAISE EXCEPTION 'nobody answers alone in caucus mode'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'no_private_answer_in_caucus';\nEND IF;\nRETURN NEW;", hash='85452fc04481c469fa7b7a57148218a280b0b90c', operation='INSERT OR UPDATE', pgid='pgtrigger_agreement_not_in_caucus_aaa13', table='assessments_privateagreement', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='privateagreement',
            trigger=pgtrigger.compiler.Trigger(name='agreement_only_while_open', sql=partnerships.triggers.TriggerSql(declare='DECLARE home bigint; at text;', func="SELECT a.id, a.stage INTO home, at FROM assessments_assessment a\n    JOIN assessments_decision d ON d.assessment_id = a.id\n    WHERE d.id = NEW.decision_id;\nIF at <> 'rating' THEN\n    RAISE EXCEPTION 'private ratings are closed' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'rating_only_while_open';\nEND IF;\nIF NOT EXISTS (SELECT 1 FROM assessments_rater WHERE id = NEW.rater_id AND assessment_id = home) THEN\n    RAISE EXCEPTION 'rater and decision belong to different assessments'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_within_one_assessment';\nEND IF;\nRETURN NEW;", hash='0fa86a0d301bf3917168d57cc67482e9809bff02', operation='INSERT OR UPDATE', pgid='pgtrigger_agreement_only_while_open_a7358', table='assessments_privateagreement', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='handin',
            constraint=models.UniqueConstraint(models.F('rater'), models.F('mutation_id'), name='hand_in_once_per_mutation'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.UniqueConstraint(models.F('rater'), models.F('decision'), models.F('participant'), name='rating_once_per_cell'),
        ),
        migrations.AddConstraint(
            model_name='rating',
            constraint=models.CheckConstraint(condition=models.Q(('level__gte', 0), ('level__lte', 4)), name='rating_level_0_to_4'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rating',
            trigger=pgtrigger.compiler.Trigger(name='rating_not_in_caucus', sql=partnerships.triggers.TriggerSql(declare='DECLARE chosen text;', func="IF TG_TABLE_NAME = 'assessments_rater' THEN\n    SELECT mode INTO chosen FROM assessments_assessment WHERE id = NEW.assessment_id;\nELSE\n    SELECT a.mode INTO chosen FROM assessments_assessment a JOIN assessments_decision d ON d.assessment_id = a.id\n        WHERE d.id = NEW.decision_id;\nEND IF;\nIF chosen = 'caucus' THEN\n    RAISE EXCEPTION 'nobody answers alone in caucus mode'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'no_private_answer_in_caucus';\nEND IF;\nRETURN NEW;", hash='4d51cf429f3a97afd0edf7c93e2c444c15df228c', operation='INSERT OR UPDATE', pgid='pgtrigger_rating_not_in_caucus_8cd5e', table='assessments_rating', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rating',
            trigger=pgtrigger.compiler.Trigger(name='rating_only_while_open', sql=partnerships.triggers.TriggerSql(declare='DECLARE home bigint; at text;', func="SELECT a.id, a.stage INTO home, at FROM assessments_assessment a\n    JOIN assessments_decision d ON d.assessment_id = a.id\n    WHERE d.id = NEW.decision_id;\nIF at <> 'rating' THEN\n    RAISE EXCEPTION 'private ratings are closed' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'rating_only_while_open';\nEND IF;\nIF NOT EXISTS (SELECT 1 FROM assessments_rater WHERE id = NEW.rater_id AND assessment_id = home) THEN\n    RAISE EXCEPTION 'rater and decision belong to different assessments'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_within_one_assessment';\nEND IF;\nRETURN NEW;", hash='a1b342c220ef5740023d7d6307a9cbf48d4bd762', operation='INSERT OR UPDATE', pgid='pgtrigger_rating_only_while_open_ee669', table='assessments_rating', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='release_adds_no_verdict', sql=partnerships.triggers.TriggerSql(func="IF EXISTS (SELECT 1 FROM assessments_decision d\n    JOIN assessments_privateballot b ON b.decision_id = d.id\n        CROSS JOIN LATERAL jsonb_array_elements(NEW.agreements) one\n        WHERE d.assessment_id = NEW.assessment_id AND one -> 'decision' = to_jsonb(d.number)\n        AND one ->> 'agree' IS NOT NULL) THEN\n    RAISE EXCEPTION 'a question was asked in the session'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'release_adds_no_verdict';\nEND IF;\nRETURN NEW;", hash='5b6bdbd9ac604187cbe3084cf874bf99f1850f32', operation='INSERT', pgid='pgtrigger_release_adds_no_verdict_ef738', table='assessments_release', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='release',
            trigger=pgtrigger.compiler.Trigger(name='release_only_shrinks', sql=partnerships.triggers.TriggerSql(func="IF coalesce(current_setting('powertool.shrink', true), '') <> 'on' THEN\n    RAISE EXCEPTION 'a release is made once' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'release_only_shrinks';\nEND IF;\nRETURN NEW;", hash='7ce2a1967cbfb3a23f31935084a703ebf60ecdca', operation='UPDATE', pgid='pgtrigger_release_only_shrinks_e4716', table='assessments_release', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='removalobjection',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('membership'), name='removal_objection_once'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('language'), name='report_once_per_language'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.UniqueConstraint(models.F('decision'), models.F('about'), models.F('participant'), name='response_once'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(('level__gte', 0), ('level__lte', 4)), name='response_level_0_to_4'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(('about', models.F('participant')), _negated=True), name='response_is_to_another'),
        ),
        migrations.AddConstraint(
            model_name='response',
            constraint=models.CheckConstraint(condition=models.Q(('level__isnull', False), ('words', ''), _connector='OR'), name='response_words_with_a_level'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='response',
            trigger=pgtrigger.compiler.Trigger(name='response_only_in_session', sql=partnerships.triggers.TriggerSql(declare='DECLARE home bigint; at text; own jsonb := to_jsonb(NEW);', func="SELECT a.id, a.stage INTO home, at FROM assessments_assessment a\n    JOIN assessments_decision d ON d.assessment_id = a.id\n    WHERE d.id = NEW.decision_id;\nIF at <> 'joint' THEN\n    RAISE EXCEPTION 'this changes in the joint session only'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'live_only_in_session';\nEND IF;\nIF EXISTS (SELECT 1 FROM unnest(ARRAY[own ->> 'participant_id', own ->> 'about_id']) one\n        WHERE one IS NOT NULL AND NOT EXISTS (\n            SELECT 1 FROM assessments_participant p WHERE p.id = one::bigint AND p.assessment_id = home)) THEN\n    RAISE EXCEPTION 'participant and decision belong to different assessments'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'live_within_one_assessment';\nEND IF;\nRETURN NEW;", hash='da485565df06622166be592d94890718305d8129', operation='INSERT OR UPDATE', pgid='pgtrigger_response_only_in_session_00b55', table='assessments_response', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='sessionagreement',
            constraint=models.CheckConstraint(condition=models.Q(django.db.models.lookups.Exact(models.Func(models.F('lines'), function='jsonb_typeof', output_field=models.TextField()), 'array'), django.db.models.lookups.In(models.Func(models.F('lines'), function='jsonb_array_length', output_field=models.IntegerField()), (0, 6))), name='session_agreement_has_six_lines'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sessionagreement',
            trigger=pgtrigger.compiler.Trigger(name='agreement_changed', sql=partnerships.triggers.TriggerSql(func='IF NEW.lines <> OLD.lines THEN\n    NEW.version := OLD.version + 1;\n    DELETE FROM assessments_accepted WHERE agreement_id = OLD.id;\nEND IF;\nRETURN NEW;', hash='84956e2d5acc169fe06731d50fc037d9a257901e', operation='UPDATE', pgid='pgtrigger_agreement_changed_90a21', table='assessments_sessionagreement', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='accepted',
            constraint=models.UniqueConstraint(models.F('agreement'), models.F('membership'), name='agreement_accepted_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accepted',
            trigger=pgtrigger.compiler.Trigger(name='accepted_as_it_stands', sql=partnerships.triggers.TriggerSql(func="IF NOT EXISTS (SELECT 1 FROM assessments_sessionagreement g\n        JOIN assessments_assessment a ON a.id = g.assessment_id\n        JOIN partnerships_membership s ON s.partnership_id = a.partnership_id\n        WHERE g.id = NEW.agreement_id AND g.version = NEW.version AND s.id = NEW.membership_id\n        AND s.admitted_at IS NOT NULL AND s.voided_at IS NULL) THEN\n    RAISE EXCEPTION 'a member accepts the words that stand'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'accepted_as_it_stands';\nEND IF;\nRETURN NEW;", hash='c01084189ebec893de75187b9ef47f910c841ff8', operation='INSERT', pgid='pgtrigger_accepted_as_it_stands_5852f', table='assessments_accepted', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='sideword',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('matter'), models.F('subject'), models.F('side'), name='side_word_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='sideword',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['north', 'south', 'other', 'second'])), name='side_word_side_known'),
        ),
        migrations.AddConstraint(
            model_name='sideword',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('matter', 'remove_member'), ('subject__isnull', False)), models.Q(models.Q(('matter', 'remove_member'), _negated=True), ('subject', None)), _connector='OR'), name='side_word_subject_of_a_removal'),
        ),
        migrations.AddConstraint(
            model_name='sideword',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('day__isnull', False), ('matter', 'move_day')), models.Q(models.Q(('matter', 'move_day'), _negated=True), ('day', None)), _connector='OR'), name='side_word_day_of_a_move'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sideword',
            trigger=pgtrigger.compiler.Trigger(name='word_is_its_sides', sql=partnerships.triggers.TriggerSql(func="IF NOT EXISTS (\n    SELECT 1 FROM assessments_assessment a\n    JOIN partnerships_membership s ON s.id = NEW.given_by_id AND s.partnership_id = a.partnership_id\n    LEFT JOIN partnerships_partner p ON p.id = s.partner_id\n    LEFT JOIN assessments_participant q ON q.assessment_id = a.id AND q.partner_id = s.partner_id\n    WHERE a.id = NEW.assessment_id AND s.role <> 'observer' AND s.admitted_at IS NOT NULL AND s.voided_at IS NULL\n        AND (NEW.side = 'second' OR NEW.side = coalesce(q.side,\n            CASE WHEN a.opened_at IS NULL THEN p.side END))) THEN\n    RAISE EXCEPTION 'a word is given by a member of its side'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'side_word_of_its_side';\nEND IF;\nIF EXISTS (\n    SELECT 1 FROM assessments_sideword w JOIN partnerships_membership s ON s.id = w.given_by_id\n    JOIN partnerships_membership mine ON mine.id = NEW.given_by_id AND mine.user_id = s.user_id\n    WHERE w.assessment_id = NEW.assessment_id AND w.matter = NEW.matter AND w.id <> NEW.id\n        AND w.subject_id IS NOT DISTINCT FROM NEW.subject_id) THEN\n    RAISE EXCEPTION 'one person does not speak for two sides'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'side_word_of_two_people';\nEND IF;\nIF EXISTS (\n    SELECT 1 FROM partnerships_membership s JOIN partnerships_membership mine ON mine.user_id = s.user_id\n    WHERE s.id = NEW.subject_id AND mine.id = NEW.given_by_id) THEN\n    RAISE EXCEPTION 'nobody gives a word on the own removal'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'side_word_not_on_oneself';\nEND IF;\nRETURN NEW;", hash='35df68e7001ff2aacea6dcbc0f50b8603a5636fb', operation='INSERT OR UPDATE OF "assessment_id", "matter", "subject_id", "side", "given_by_id"', pgid='pgtrigger_word_is_its_sides_9c45e', table='assessments_sideword', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='spokenword',
            constraint=models.UniqueConstraint(models.F('decision'), models.F('participant'), name='spoken_word_once'),
        ),
        migrations.AddConstraint(
            model_name='spokenword',
            constraint=models.CheckConstraint(condition=models.Q(('word__in', ['yes', 'no', 'passes', 'absent'])), name='spoken_word_is_known'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='spokenword',
            trigger=pgtrigger.compiler.Trigger(name='spoken_word_only_in_session', sql=partnerships.triggers.TriggerSql(declare='DECLARE home bigint; at text; own jsonb := to_jsonb(NEW);', func="SELECT a.id, a.stage INTO home, at FROM assessments_assessment a\n    JOIN assessments_decision d ON d.assessment_id = a.id\n    WHERE d.id = NEW.decision_id;\nIF at <> 'joint' THEN\n    RAISE EXCEPTION 'this changes in the joint session only'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'live_only_in_session';\nEND IF;\nIF EXISTS (SELECT 1 FROM unnest(ARRAY[own ->> 'participant_id', own ->> 'about_id']) one\n        WHERE one IS NOT NULL AND NOT EXISTS (\n            SELECT 1 FROM assessments_participant p WHERE p.id = one::bigint AND p.assessment_id = home)) THEN\n    RAISE EXCEPTION 'participant and decision belong to different assessments'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'live_within_one_assessment';\nEND IF;\nRETURN NEW;", hash='aa8464dd9cf06a0edec391c9512b2a68e08fca64', operation='INSERT OR UPDATE OF "decision_id", "participant_id", "word", "at"', pgid='pgtrigger_spoken_word_only_in_session_c0198', table='assessments_spokenword', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='spokenword',
            trigger=pgtrigger.compiler.Trigger(name='spoken_word_without_private_verdict', sql=partnerships.triggers.TriggerSql(func="IF assessments_private_verdict(NEW.decision_id)\n    OR EXISTS (SELECT 1 FROM assessments_privateballot\n        WHERE decision_id = NEW.decision_id AND result = 'open') THEN\n    RAISE EXCEPTION 'this question is asked privately'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'spoken_word_without_private_verdict';\nEND IF;\nRETURN NEW;", hash='137111d94f27aed94b1ab5048a2bbbbf1ccc911b', operation='INSERT OR UPDATE OF "word"', pgid='pgtrigger_spoken_word_without_private_verdict_75244', table='assessments_spokenword', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(models.F('assessment'), models.F('instance'), name='submission_once_per_instance'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('instance', ''), _negated=True), name='submission_has_an_instance'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='submission',
            trigger=pgtrigger.compiler.Trigger(name='submission_stays_put', sql=partnerships.triggers.TriggerSql(func="IF TG_OP = 'UPDATE' AND (NEW.membership_id <> OLD.membership_id\n    OR NEW.assessment_id <> OLD.assessment_id OR NEW.instance <> OLD.instance) THEN\n    RAISE EXCEPTION 'a form stays with the membership that filled it in'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_stays_with_its_membership';\nEND IF;\nIF NOT EXISTS (SELECT 1 FROM assessments_participant p\n    JOIN partnerships_membership s ON s.partner_id = p.partner_id\n        WHERE p.assessment_id = NEW.assessment_id AND s.id = NEW.membership_id\n            AND s.role = 'representative') THEN\n    RAISE EXCEPTION 'a form is filled in by a representative of a participant'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_of_a_representative';\nEND IF;\nRETURN NEW;", hash='a2ba19a7311c265018eb69a01e552bce5e72d366', operation='INSERT OR UPDATE OF "membership_id", "assessment_id", "instance"', pgid='pgtrigger_submission_stays_put_22a3c', table='assessments_submission', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='answerevent',
            constraint=models.UniqueConstraint(models.F('rater'), models.F('mutation_id'), name='mutation_once_per_rater'),
        ),
        migrations.AddConstraint(
            model_name='trustedword',
            constraint=models.UniqueConstraint(models.F('trusted'), models.F('side'), name='trusted_word_once_per_side'),
        ),
        migrations.AddConstraint(
            model_name='trustedword',
            constraint=models.UniqueConstraint(models.F('trusted'), models.F('by'), name='trusted_word_once_per_person'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='trustedword',
            trigger=pgtrigger.compiler.Trigger(name='trusted_word_is_of_its_membership', sql=partnerships.triggers.TriggerSql(func="IF TG_OP = 'UPDATE' OR NOT EXISTS (\n        SELECT 1 FROM partnerships_membership s\n            JOIN assessments_trustedperson t ON t.id = NEW.trusted_id\n            JOIN assessments_assessment a ON a.id = t.assessment_id\n            LEFT JOIN partnerships_partner p ON p.id = s.partner_id\n        WHERE s.id = NEW.membership_id AND s.user_id = NEW.by_id\n            AND s.partnership_id = a.partnership_id\n            AND s.admitted_at IS NOT NULL AND s.voided_at IS NULL\n                AND s.role IN ('facilitator', 'representative')\n            AND t.replaced_at IS NULL AND NEW.side IN ('', p.side)) THEN\n    RAISE EXCEPTION 'a word is given once, by a facilitator or representative, for the own side'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'trusted_word_is_of_its_membership';\nEND IF;\nRETURN NEW;", hash='60a7ea22b0b912303ade22fd0c5024367eba16a1', operation='INSERT OR UPDATE', pgid='pgtrigger_trusted_word_is_of_its_membership_c2b07', table='assessments_trustedword', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.UniqueConstraint(models.F('decision'), models.F('membership'), name='vote_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='vote',
            trigger=pgtrigger.compiler.Trigger(name='vote_while_open', sql=partnerships.triggers.TriggerSql(func="IF NOT EXISTS (SELECT 1 FROM assessments_assessment a\n    JOIN assessments_decision d ON d.assessment_id = a.id\n        WHERE d.id = NEW.decision_id AND a.stage = 'voting' AND a.vote_ended_at IS NULL) THEN\n    RAISE EXCEPTION 'the vote is not open' USING ERRCODE = 'check_violation',\n        CONSTRAINT = 'vote_while_open';\nEND IF;\nRETURN NEW;", hash='98a69fa9c6b85e5c907bba134011718972df7f83', operation='INSERT OR UPDATE', pgid='pgtrigger_vote_while_open_e76cb', table='assessments_vote', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='agenda',
            constraint=models.CheckConstraint(condition=models.Q(('minutes__gte', 60), ('minutes__lte', 600)), name='agenda_one_to_ten_hours'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='agenda',
            trigger=pgtrigger.compiler.Trigger(name='agenda_by_the_rules', sql=partnerships.triggers.TriggerSql(declare='DECLARE needed integer;', func="IF TG_OP = 'UPDATE' AND OLD.sent_at IS NOT NULL THEN\n    RAISE EXCEPTION 'the agenda stands as everybody has it'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'agenda_stands_once_sent';\nEND IF;\nIF NEW.sent_at IS NOT NULL THEN\n    SELECT coalesce(sum((line ->> 'minutes')::integer), 0) INTO needed FROM jsonb_array_elements(NEW.lines) line;\n    IF needed > NEW.minutes OR needed = 0 THEN\n        RAISE EXCEPTION 'the minutes of an agenda fit into the session'\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'agenda_adds_up';\n    END IF;\nEND IF;\nIF NOT EXISTS (SELECT 1 FROM assessments_assessment WHERE id = NEW.assessment_id AND stage = 'joint') THEN\n    RAISE EXCEPTION 'the agenda is made before the session ends'\n        USING ERRCODE = 'check_violation', CONSTRAINT = 'agenda_before_the_session';\nEND IF;\nRETURN NEW;", hash='b34508c0013a894b518a9ba866cda99f8f17b56f', operation='INSERT OR UPDATE OF "minutes", "lines", "sent_at"', pgid='pgtrigger_agenda_by_the_rules_444c6', table='assessments_agenda', when='BEFORE')),
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
    ])
