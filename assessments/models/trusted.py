"""The person outside the grant line to whom members can raise a concern. Who she is, all members see."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import rules
from assessments.models.assessment import Assessment
from partnerships.addresses import CANONICAL
from partnerships.codes import keyed_hash
from partnerships.models import Membership, User
from partnerships.triggers import Trigger


class TrustedPersonQuerySet(models.QuerySet["TrustedPerson"]):
    def proposed(self) -> "TrustedPersonQuerySet":
        """Return who is named and not confirmed: by words of both sides, then by herself."""
        return self.filter(confirmed_at=None, replaced_at=None)

    def confirmed(self) -> "TrustedPersonQuerySet":
        """Return who receives concerns now."""
        return self.filter(confirmed_at__isnull=False, replaced_at=None)


class TrustedPerson(models.Model):
    """One naming of one person, with the public key of her link.

    Named by a facilitator; a link once both sides gave their word; confirmed once she said who she is. The link's code
    goes to her by mail and is not kept after that. Another name or address is another row, which starts from nothing.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="trusted")
    name = models.CharField(_("name"), max_length=120)  # as a facilitator named her
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(max_length=12, blank=True)
    digest = models.CharField(max_length=64, unique=True, null=True)  # of her code, to find her page
    key = models.BinaryField(null=True)
    to_mail = models.CharField(max_length=40, blank=True)  # the code, until the mail is out
    own_name = models.CharField(
        _("your name"), max_length=120, blank=True, default="", db_default=""
    )  # as she says herself
    own_role = models.CharField(_("who you are"), max_length=200, blank=True, default="", db_default="")
    named_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    objects = TrustedPersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "assessment",
                condition=Q(replaced_at=None, confirmed_at__isnull=False),
                name="trusted_person_one_at_a_time",
            ),
            models.UniqueConstraint(
                "assessment", condition=Q(replaced_at=None, confirmed_at=None), name="trusted_person_one_proposed"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(email=""), name="trusted_person_can_be_reached"),
            models.CheckConstraint(condition=Q(email__regex=CANONICAL), name="trusted_person_email_canonical"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | ~Q(own_name="") & ~Q(own_role="") & Q(key__isnull=False),
                name="trusted_person_says_who_she_is",
            ),
        ]
        triggers = [
            Trigger(
                name="trusted_person_stays",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=rules.TRUSTED_PERSON_STAYS,
            ),
        ]

    def __str__(self) -> str:
        return self.own_name or self.name

    @property
    def mark(self) -> str:
        """Return a mark for forms, by which a change of the person since the page was shown is noticed."""
        return keyed_hash("trusted", str(self.pk))[:16]


class TrustedWord(models.Model):
    """The word of one side that this person may be trusted; `side` is empty for a second word of a single side."""

    trusted = models.ForeignKey(TrustedPerson, on_delete=models.CASCADE, related_name="words")
    side = models.CharField(max_length=5, blank=True)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint("trusted", "side", name="trusted_word_once_per_side"),
            models.UniqueConstraint("trusted", "by", name="trusted_word_once_per_person"),
        ]
        triggers = [
            Trigger(
                name="trusted_word_is_of_its_membership",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF TG_OP = 'UPDATE' OR NOT EXISTS (
                            SELECT 1 FROM partnerships_membership s
                                JOIN assessments_trustedperson t ON t.id = NEW.trusted_id
                                JOIN assessments_assessment a ON a.id = t.assessment_id
                                LEFT JOIN partnerships_partner p ON p.id = s.partner_id
                            WHERE s.id = NEW.membership_id AND s.user_id = NEW.by_id
                                AND s.partnership_id = a.partnership_id
                                AND s.admitted_at IS NOT NULL AND s.voided_at IS NULL
                                    AND s.role IN ('facilitator', 'representative')
                                AND t.replaced_at IS NULL AND NEW.side IN ('', p.side)) THEN
                        RAISE EXCEPTION 'a word is given once, by a facilitator or representative, for the own side'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'trusted_word_is_of_its_membership';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
