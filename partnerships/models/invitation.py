"""Invitations to a partnership."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.addresses import CANONICAL
from partnerships.codes import new_code
from partnerships.models import rules
from partnerships.models.membership import Membership, Role
from partnerships.models.partner import Partner
from partnerships.models.partnership import Partnership
from partnerships.triggers import Trigger


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        lasting = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
        return self.filter(lasting, withdrawn_at__isnull=True).filter(
            Q(channel=Invitation.Channel.JOIN_CODE) | Q(used_at__isnull=True)
        )

    def unsent(self) -> "InvitationQuerySet":
        """Return the invitations of an import that wait until somebody sends them."""
        return self.filter(expires_at__isnull=True)


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
    # An import makes invitations without an inviter. They last until they are first sent, and then as long as others.
    created_by = models.ForeignKey(Membership, on_delete=models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
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
            models.CheckConstraint(
                condition=Q(created_by__isnull=False, expires_at__isnull=False) | Q(channel="email"),
                name="invitation_of_an_import_by_mail",
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
                    IF EXISTS (SELECT 1 FROM partnerships_partnership WHERE id = NEW.partnership_id AND is_rehearsal
                        AND (created_by_id IS NOT NULL OR NEW.created_by_id IS NOT NULL
                            OR NEW.role <> 'facilitator')) THEN
                        RAISE EXCEPTION 'nobody is invited to a rehearsal'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'invitation_not_to_a_rehearsal';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {self.get_role_display()}"
