"""The organisations of a partnership."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.codes import new_code
from partnerships.models.accounts import User
from partnerships.models.partnership import Partnership, Side, validate_country
from partnerships.triggers import Trigger


class Kind(models.TextChoices):
    DONOR = "donor", _("donor")
    INGO = "ingo", _("international NGO")
    OFFICE = "office", _("country office or affiliate of an international NGO")
    NATIONAL = "national", _("national NGO")
    COMMUNITY = "community", _("community-based organisation")
    NETWORK = "network", _("network")
    OTHER = "other", pgettext_lazy("kind of organisation", "other")


class Partner(models.Model):
    """An organisation in a partnership. Its side is declared by itself, never derived from its country."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="partners")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    name = models.CharField(_("name"), max_length=160)
    acronym = models.CharField(_("acronym"), max_length=20)
    country = models.CharField(_("country"), max_length=2, validators=[validate_country])
    side = models.CharField(_("side"), max_length=5, choices=Side, null=True)  # NULL: undeclared, in imports only
    kind = models.CharField(_("kind of organisation"), max_length=12, choices=Kind, default=Kind.OTHER)
    receives_through = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="passes_on_to",
        verbose_name=_("partner through which the organisation receives money in this partnership"),
    )
    identifier = models.CharField(_("organisation identifier"), max_length=80, blank=True)
    side_confirmed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    side_confirmed_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    from_import = models.BooleanField(default=False, db_default=False, editable=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(Lower("acronym"), "partnership", name="partner_acronym_once"),
            models.UniqueConstraint(Lower("name"), "partnership", name="partner_name_once"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="partner_side_known"),
            models.CheckConstraint(
                condition=Q(side__isnull=False) | Q(from_import=True), name="partner_side_undeclared_in_imports_only"
            ),
            models.CheckConstraint(
                condition=Q(side__isnull=False) | Q(side_confirmed_at__isnull=True),
                name="partner_side_declared_before_confirmed",
            ),
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
                    IF NEW.from_import <> OLD.from_import THEN
                        RAISE EXCEPTION 'what an import made stays marked'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partner_import_stands';
                    END IF;
                    IF NEW.side IS NULL AND OLD.side IS NOT NULL OR NEW.side <> OLD.side
                        AND EXISTS (SELECT 1 FROM assessments_participant WHERE partner_id = OLD.id) THEN
                        RAISE EXCEPTION 'a side stands once rating has opened'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'partner_side_stands';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name
