"""Memberships of a partnership: roles, who vouched for them, and the key of their browsers."""

from datetime import datetime

import pgtrigger
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.codes import new_code, new_secret
from partnerships.models import rules
from partnerships.models.accounts import User
from partnerships.models.partner import Partner
from partnerships.models.partnership import Partnership
from partnerships.names import former_name
from partnerships.triggers import Trigger


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
        return former_name(self.former_names, at) or self.user.name_at(at)


class SecondStepYes(models.Model):
    """A facilitator's yes to a change: that facilitators need a second step, or that they no longer need one."""

    by = models.OneToOneField(Membership, on_delete=models.CASCADE, related_name="second_step_yes")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = [
            Trigger(
                name="second_step_yes_of_a_facilitator",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM partnerships_membership WHERE id = NEW.by_id AND role = 'facilitator'
                        AND admitted_at IS NOT NULL AND voided_at IS NULL) THEN
                        RAISE EXCEPTION 'facilitators decide about a second step'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'second_step_yes_of_a_facilitator';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


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
