"""WHO works together: people, partnerships, partners (organisations with a side), memberships and invitations."""

from datetime import datetime
from typing import ClassVar

import pgtrigger
import pycountry
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships import rules
from partnerships.addresses import CANONICAL, canonical, known_as
from partnerships.codes import new_code, new_secret
from partnerships.names import past
from partnerships.triggers import Trigger


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str | None = None, password: str | None = None, **fields) -> "User":
        user = self.model(email=canonical(email) if email else None, **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def create_guest(self, name: str, **fields) -> "User":
        return self.create_user(name=name, is_guest=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=known_as(email or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Guests have no e-mail address and return by a resume code."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    name = models.CharField(_("your name"), max_length=120, blank=True)
    former_names = models.JSONField(
        default=list, db_default=[], blank=True, editable=False
    )  # {name, until}; a trigger keeps them
    language = models.CharField(max_length=12, blank=True)
    is_guest = models.BooleanField(default=False)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    # A pretend person lives in one rehearsal, goes with it, and can never sign in.
    pretend_in = models.ForeignKey(
        "Partnership", on_delete=models.CASCADE, null=True, blank=True, editable=False, related_name="pretend_people"
    )
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=None) | Q(email__regex=CANONICAL), name="user_email_canonical"),
            models.CheckConstraint(
                condition=Q(is_guest=True, email__isnull=True) | Q(is_guest=False, email__isnull=False),
                name="user_email_or_guest",
            ),
            models.CheckConstraint(
                condition=Q(pretend_in=None) | Q(is_guest=True, is_active=False, is_staff=False, is_superuser=False),
                name="user_pretend_never_signs_in",
            ),
        ]
        triggers = [
            Trigger(
                name="pretend_for_good",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("pretend_in_id"),
                func="""
                    IF TG_OP = 'UPDATE' AND NEW.pretend_in_id IS DISTINCT FROM OLD.pretend_in_id THEN
                        RAISE EXCEPTION 'nobody becomes a pretend person, or stops being one'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'pretend_for_good';
                    END IF;
                    IF NEW.pretend_in_id IS NOT NULL AND NOT EXISTS (
                            SELECT 1 FROM partnerships_partnership WHERE id = NEW.pretend_in_id AND is_rehearsal) THEN
                        RAISE EXCEPTION 'pretend people live in a rehearsal'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'pretend_in_a_rehearsal';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="user_former_names",
                operation=pgtrigger.Update,
                declare=[("old_name", "text := partnerships_shown_name(OLD.name, OLD.email)")],
                func="""
                    NEW.former_names := OLD.former_names;
                    IF partnerships_shown_name(NEW.name, NEW.email) <> old_name THEN
                        NEW.former_names := OLD.former_names
                            || jsonb_build_object('name', old_name, 'until', partnerships_moment());
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return " ".join(self.name.split()) or (self.email or "").split("@")[0] or str(_("Guest"))

    get_short_name = get_full_name

    def name_at(self, at: datetime) -> str:
        """Return the name that this person had at a moment."""
        return past(self.former_names, at) or self.get_full_name()


class GuestKey(models.Model):
    """The hash of a guest's resume code."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="guest_key")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = [
            Trigger(
                name="pretend_has_no_key",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("user_id"),
                func="""
                    IF EXISTS (SELECT 1 FROM partnerships_user WHERE id = NEW.user_id
                        AND pretend_in_id IS NOT NULL) THEN
                        RAISE EXCEPTION 'a pretend person never signs in'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'pretend_has_no_key';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def in_force(self) -> "ApiTokenQuerySet":
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class ApiToken(models.Model):
    """Lets a person's own program read what she may read. Shown once, kept as a hash; guests have none (a trigger)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    name = models.CharField(_("what it is for"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    once = models.UUIDField(unique=True)  # of the form that made it, so that a form sent twice makes one
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="api_token_ends_after_it_begins"),
        ]
        triggers = [
            Trigger(
                name="api_token_may_be",
                operation=pgtrigger.Insert,
                func="""
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
                """,
            ),
            Trigger(
                name="api_token_stays",
                operation=pgtrigger.Update,
                func="""
                    IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
                        OR (NEW.user_id, NEW.digest, NEW.expires_at) IS DISTINCT
                            FROM (OLD.user_id, OLD.digest, OLD.expires_at) THEN
                        RAISE EXCEPTION 'a token is of one person until one day, and what is revoked stays so'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'api_token_stays';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Side(models.TextChoices):
    NORTH = "north", _("North")
    SOUTH = "south", _("South")
    OTHER = "other", pgettext_lazy("side", "Other")


class Kind(models.TextChoices):
    DONOR = "donor", _("donor")
    INGO = "ingo", _("international NGO")
    OFFICE = "office", _("country office or affiliate of an international NGO")
    NATIONAL = "national", _("national NGO")
    COMMUNITY = "community", _("community-based organisation")
    NETWORK = "network", _("network")
    OTHER = "other", pgettext_lazy("kind of organisation", "other")


def validate_country(code: str) -> None:
    if pycountry.countries.get(alpha_2=code) is None:
        raise ValidationError(_("“%(code)s” is not a country of ISO 3166."), params={"code": code})


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def visible_to(self, user: User) -> "PartnershipQuerySet":
        return self.filter(memberships__in=Membership.objects.in_force().filter(user=user)).distinct()

    def real(self) -> "PartnershipQuerySet":
        """Return all but rehearsals."""
        return self.filter(is_rehearsal=False)


class Partnership(models.Model):
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    name = models.CharField(_("name of the partnership"), max_length=160)
    context = models.TextField(_("what you work on together"), blank=True, max_length=4000)
    countries = ArrayField(models.CharField(max_length=2, validators=[validate_country]), default=list, blank=True)
    north_label = models.CharField(_("word for the Northern side"), max_length=40, blank=True)
    south_label = models.CharField(_("word for the Southern side"), max_length=40, blank=True)
    other_label = models.CharField(_("word for those on neither side"), max_length=40, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    is_demo = models.BooleanField(default=False)
    is_rehearsal = models.BooleanField(default=False, editable=False)  # for good: a trigger holds that
    # The one invented partnership that everyone can read, without an account; only `manage.py example` makes it.
    is_example = models.BooleanField(default=False, db_default=False, editable=False)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            # Whatever is not counted for a demonstration is not counted for a rehearsal.
            models.CheckConstraint(
                condition=Q(is_rehearsal=False) | Q(is_demo=True), name="partnership_rehearsal_never_counts"
            ),
            # The example belongs to no one, is counted nowhere, and there is one.
            models.CheckConstraint(
                condition=Q(is_example=False) | Q(is_demo=True, is_rehearsal=False, created_by__isnull=True),
                name="partnership_example_of_no_one",
            ),
            models.UniqueConstraint("is_example", condition=Q(is_example=True), name="partnership_one_example"),
        ]
        triggers = [
            Trigger(
                name="rehearsal_for_good",
                operation=pgtrigger.UpdateOf("is_rehearsal", "name"),
                func="""
                    IF NEW.is_rehearsal IS DISTINCT FROM OLD.is_rehearsal OR OLD.is_rehearsal
                        AND NEW.name <> OLD.name THEN
                        RAISE EXCEPTION 'a rehearsal stays one, under its name; nothing becomes one'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'rehearsal_for_good';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="example_for_good",
                operation=pgtrigger.UpdateOf("is_example"),
                func="""
                    IF NEW.is_example IS DISTINCT FROM OLD.is_example THEN
                        RAISE EXCEPTION 'the example stays the example; no partnership becomes it'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'example_for_good';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partnerships:workspace", args=[self.code])

    def side_words(self) -> dict[str, str]:
        """Return the words this partnership uses for the sides, by side."""
        own = {Side.NORTH: self.north_label, Side.SOUTH: self.south_label, Side.OTHER: self.other_label}
        return {side.value: own[side] or str(side.label) for side in Side}


class Partner(models.Model):
    """An organisation in a partnership. Its side is declared by itself, never derived from its country."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="partners")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    name = models.CharField(_("name"), max_length=160)
    acronym = models.CharField(_("acronym"), max_length=20)
    country = models.CharField(_("country"), max_length=2, validators=[validate_country])
    side = models.CharField(_("side"), max_length=5, choices=Side)
    kind = models.CharField(_("kind of organisation"), max_length=12, choices=Kind, default=Kind.OTHER)
    receives_through = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="passes_on_to",
        verbose_name=_("receives money here through"),
    )
    identifier = models.CharField(_("organisation identifier"), max_length=80, blank=True)
    side_confirmed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    side_confirmed_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(Lower("acronym"), "partnership", name="partner_acronym_once"),
            models.UniqueConstraint(Lower("name"), "partnership", name="partner_name_once"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="partner_side_known"),
            models.CheckConstraint(condition=~Q(receives_through=F("id")), name="partner_not_through_itself"),
        ]
        triggers = [
            Trigger(
                name="partner_money_comes_from_here",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.receives_through_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM partnerships_partner WHERE id = NEW.receives_through_id
                            AND partnership_id = NEW.partnership_id) THEN
                        RAISE EXCEPTION 'money is received through a partner of another partnership'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partner_money_of_this_partnership';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="partner_side_stands",
                operation=pgtrigger.Update,
                func="""
                    IF NEW.side <> OLD.side AND EXISTS (SELECT 1 FROM assessments_participant
                        WHERE partner_id = OLD.id) THEN
                        RAISE EXCEPTION 'a side stands once rating has opened'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partner_side_stands';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    FACILITATOR = "facilitator", _("facilitator")
    REPRESENTATIVE = "representative", _("representative")
    OBSERVER = "observer", _("observer")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self) -> "MembershipQuerySet":
        """Return memberships that count: admitted and not voided."""
        return self.filter(admitted_at__isnull=False, voided_at__isnull=True)

    def waiting(self) -> "MembershipQuerySet":
        return self.filter(admitted_at__isnull=True, voided_at__isnull=True)

    def facilitators(self) -> "MembershipQuerySet":
        return self.filter(role=Role.FACILITATOR)

    def representatives(self) -> "MembershipQuerySet":
        return self.filter(role=Role.REPRESENTATIVE)


class Membership(models.Model):
    """A person's membership of a partnership in one role. It counts only once admitted."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="memberships")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=14, choices=Role)
    partner = models.ForeignKey(Partner, on_delete=models.RESTRICT, null=True, blank=True, related_name="memberships")
    employer = models.CharField(_("employer"), max_length=160, blank=True)
    invitation = models.ForeignKey(
        "Invitation", on_delete=models.SET_NULL, null=True, blank=True, related_name="memberships"
    )
    created_at = models.DateTimeField(default=timezone.now)
    admitted_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(
        null=True, blank=True
    )  # by the representative: "this is my organisation and side"
    former_names = models.JSONField(
        default=list, db_default=[], blank=True, editable=False
    )  # of a guest who went on with an account

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                "partnership", "user", "role", condition=Q(voided_at__isnull=True), name="membership_once_per_role"
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.REPRESENTATIVE) | Q(partner__isnull=False),
                name="membership_represents_a_partner",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]
        triggers = [
            Trigger(
                name="membership_is_kept",
                operation=pgtrigger.UpdateOf("voided_at", "admitted_at", "role", "partner_id", "partnership_id"),
                func=rules.MEMBERSHIP_IS_KEPT,
            ),
            Trigger(
                name="membership_former_names",
                operation=pgtrigger.Update,
                func="""
                    NEW.former_names := OLD.former_names;
                    IF NEW.user_id <> OLD.user_id THEN
                        NEW.former_names := OLD.former_names || (
                            SELECT u.former_names || jsonb_build_object(
                                'name', partnerships_shown_name(u.name, u.email),
                                'until', partnerships_moment())
                            FROM partnerships_user u WHERE u.id = OLD.user_id);
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="membership_partner_is_here",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=rules.PARTNER_IS_HERE,
            ),
            Trigger(
                name="membership_real_or_pretend",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("user_id", "partnership_id", "role"),
                func="""
                    IF EXISTS (SELECT 1 FROM partnerships_user u
                        JOIN partnerships_partnership p ON p.id = NEW.partnership_id
                            WHERE u.id = NEW.user_id AND (u.pretend_in_id IS NOT NULL AND u.pretend_in_id <> p.id
                                OR u.pretend_in_id IS NULL AND p.is_rehearsal
                                    AND (p.created_by_id IS DISTINCT FROM u.id OR NEW.role <> 'facilitator'))) THEN
                        RAISE EXCEPTION 'in a rehearsal sit its maker and its pretend people; these sit nowhere else'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_real_or_pretend';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="example_has_no_members",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("partnership_id"),
                func=rules.NOT_IN_THE_EXAMPLE,
            ),
            Trigger(
                name="membership_voided_stays",
                operation=pgtrigger.Update,
                func="""
                    IF OLD.voided_at IS NOT NULL AND NEW.voided_at IS DISTINCT FROM OLD.voided_at THEN
                        RAISE EXCEPTION 'a membership that was taken back stays so'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'membership_voided_stays';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    def get_full_name(self) -> str:
        return self.user.get_full_name()

    def name_at(self, at: datetime) -> str:
        """Return the name of whoever had this membership at a moment: before an account took it over, the guest's."""
        return past(self.former_names, at) or self.user.name_at(at)


class MembershipConfirmation(models.Model):
    """A facilitator vouches that this person sits where the membership says."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="confirmations")
    by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint("membership", "by", name="membership_confirmed_once"),
            models.CheckConstraint(condition=~Q(membership=F("by")), name="membership_not_confirmed_by_itself"),
        ]
        triggers = [
            Trigger(
                name="vow_is_from_here",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM partnerships_membership membership
                            JOIN partnerships_membership voucher USING (partnership_id)
                        WHERE membership.id = NEW.membership_id AND voucher.id = NEW.by_id
                            AND voucher.role = 'facilitator'
                            AND voucher.admitted_at IS NOT NULL AND voucher.voided_at IS NULL) THEN
                        RAISE EXCEPTION 'only a facilitator of this partnership vouches for a membership'
                            USING ERRCODE = 'check_violation',
                                CONSTRAINT = 'membership_confirmed_by_a_facilitator_here';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class DeviceKey(models.Model):
    """The key with which one membership's browsers encrypt what they keep. It never changes, or that would be lost."""

    membership = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="device_key")
    secret = models.BinaryField(default=new_secret)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(Exact(Func(F("secret"), function="octet_length", output_field=models.IntegerField()), 32)),
                name="device_key_has_256_bits",
            ),
        ]
        triggers = [
            Trigger(
                name="device_key_never_changes",
                operation=pgtrigger.Update,
                func="""
                    RAISE EXCEPTION 'what was encrypted with a key would be lost with it'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'device_key_never_changes';
                """,
            ),
        ]


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        return self.filter(withdrawn_at__isnull=True, expires_at__gt=timezone.now()).filter(
            Q(channel=Invitation.Channel.JOIN_CODE) | Q(used_at__isnull=True)
        )


class Invitation(models.Model):
    """A way in, by e-mail, link or join code. It expires, can be withdrawn, and names role and mostly partner."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("by e-mail")
        LINK = "link", _("by link")
        JOIN_CODE = "join_code", _("by join code")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="invitations")
    channel = models.CharField(max_length=9, choices=Channel)
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    role = models.CharField(max_length=14, choices=Role)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations")
    name = models.CharField(_("name"), max_length=120, blank=True, db_default="")  # how it is addressed
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=12, blank=True)
    message = models.TextField(blank=True, max_length=600)  # the inviter's own words, in the mail
    mailed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(channel="email", email__gt="") | Q(email="") & ~Q(channel="email"),
                name="invitation_email_where_mailed",
            ),
            models.CheckConstraint(
                condition=Q(email="") | Q(email__regex=CANONICAL), name="invitation_email_canonical"
            ),
            models.CheckConstraint(
                condition=~Q(channel="join_code", role="facilitator"), name="invitation_no_facilitator_by_join_code"
            ),
        ]
        triggers = [
            Trigger(
                name="invitation_partner_is_here",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=rules.PARTNER_IS_HERE,
            ),
            Trigger(
                name="example_invites_no_one",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("partnership_id"),
                func=rules.NOT_IN_THE_EXAMPLE,
            ),
            Trigger(
                name="no_way_into_a_rehearsal",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("partnership_id"),
                func="""
                    IF EXISTS (SELECT 1 FROM partnerships_partnership
                        WHERE id = NEW.partnership_id AND is_rehearsal) THEN
                        RAISE EXCEPTION 'nobody is invited to a rehearsal'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'invitation_not_to_a_rehearsal';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.get_role_display()}"


class Draft(models.Model):
    """What a person has typed about a new partnership and not sent yet. Only she reads it, from any device."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="draft")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)  # of what it becomes
    data = models.JSONField(default=dict)
    changed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.code


class Notice(models.Model):
    """Something a person should know, shown in the app and mailed. Each app owns the words of its kinds."""

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=60)
    url = models.CharField(max_length=300, blank=True)
    context = models.JSONField(default=dict, blank=True)
    dedupe = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["recipient", "-created_at"])]
        constraints = [
            models.UniqueConstraint("recipient", "kind", "dedupe", condition=~Q(dedupe=""), name="notice_once")
        ]
        triggers = [
            Trigger(
                name="rehearsal_tells_nobody",
                operation=pgtrigger.Insert,
                declare=[("codes", "text[] := string_to_array(NEW.url, '/')")],
                func="""
                    IF EXISTS (SELECT 1 FROM partnerships_user WHERE id = NEW.recipient_id
                        AND pretend_in_id IS NOT NULL)
                        OR EXISTS (SELECT 1 FROM partnerships_partnership WHERE is_rehearsal AND code = ANY(codes))
                        OR EXISTS (SELECT 1 FROM assessments_assessment a
                            JOIN partnerships_partnership p ON p.id = a.partnership_id
                            WHERE p.is_rehearsal AND a.code = ANY(codes)) THEN
                        RETURN NULL;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class ActivityLogEntry(models.Model):
    """Who did what when, for a partnership's facilitators. Private answers never appear here."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="activity_log")
    actor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    about = models.CharField(
        max_length=200, blank=True
    )  # never a person's name; whose membership it is about is `membership`
    membership = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["partnership", "-at"])]

    def __str__(self) -> str:
        return self.verb


class Impersonation(models.Model):
    """In a rehearsal, the facilitator sees the pages as one of its pretend people does. Nowhere else (a trigger)."""

    by = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="look")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(by=F("membership")), name="look_not_as_oneself")]
        triggers = [
            Trigger(
                name="look_in_rehearsals_only",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM partnerships_membership mine
                        JOIN partnerships_membership theirs USING (partnership_id)
                            JOIN partnerships_partnership p ON p.id = partnership_id
                            JOIN partnerships_user u ON u.id = theirs.user_id
                                JOIN partnerships_user me ON me.id = mine.user_id
                            WHERE mine.id = NEW.by_id AND theirs.id = NEW.membership_id AND p.is_rehearsal
                                AND u.pretend_in_id = p.id
                                AND me.pretend_in_id IS NULL AND mine.role = 'facilitator'
                                AND mine.admitted_at IS NOT NULL AND mine.voided_at IS NULL) THEN
                        RAISE EXCEPTION 'only in a rehearsal, and only as its pretend people'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'look_in_rehearsals_only';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class DailyRun(models.Model):
    """For which due time a daily job (`powertool.daily`) was last done, and until when a worker has taken it."""

    task = models.CharField(primary_key=True, max_length=100)
    done_for = models.DateTimeField(null=True, blank=True)
    taken_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.task
