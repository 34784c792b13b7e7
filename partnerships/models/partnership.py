"""A partnership, and the sides that it compares."""

import pgtrigger
import pycountry
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partnerships.codes import new_code
from partnerships.models import rules
from partnerships.models.accounts import User
from partnerships.triggers import Trigger


class Side(models.TextChoices):
    """The sides, in the order of every table."""

    NORTH = "north", _("North")
    SOUTH = "south", _("South")
    OTHER = "other", pgettext_lazy("side", "Other")

    @classmethod
    def position(cls, side: str | None) -> int:
        """Return the place of a side in the order of every table; undeclared ones come last."""
        return cls.values.index(side) if side else len(cls.values)

    @classmethod
    def order(cls, side: str | None, number: int) -> tuple[int, int]:
        """Return what sorts partners in every table: by side, then as they were listed."""
        return cls.position(side), number


UNDECLARED = _("Side not declared")


class SideWords(dict[str, str]):
    """The words for the sides, by side. The side of an imported partner is None until somebody declares it."""

    def __missing__(self, side: str | None) -> str:
        if side is None:
            return str(UNDECLARED)
        raise KeyError(side)


BOTH_SIDES = (Side.NORTH, Side.SOUTH)  # the two that share power; "other" is neither


def validate_country(code: str) -> None:
    if pycountry.countries.get(alpha_2=code) is None:
        raise ValidationError(_("“%(code)s” is not an ISO 3166 country code."), params={"code": code})


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def visible_to(self, user: User) -> "PartnershipQuerySet":
        """Return the partnerships in which this person has a membership that counts."""
        memberships = apps.get_model("partnerships.Membership").objects.in_force().filter(user=user)
        return self.filter(memberships__in=memberships).distinct()

    def real(self) -> "PartnershipQuerySet":
        """Return all but rehearsals."""
        return self.filter(is_rehearsal=False)

    def not_archived(self) -> "PartnershipQuerySet":
        return self.filter(archived_at=None)

    def archived(self) -> "PartnershipQuerySet":
        return self.filter(archived_at__isnull=False)


class Partnership(models.Model):
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    name = models.CharField(_("name of the partnership"), max_length=160)
    context = models.TextField(_("what you work on together"), blank=True, max_length=4000)
    countries = ArrayField(models.CharField(max_length=2, validators=[validate_country]), default=list, blank=True)
    north_label = models.CharField(_("word for Northern partners"), max_length=40, blank=True)
    south_label = models.CharField(_("word for Southern partners"), max_length=40, blank=True)
    other_label = models.CharField(_("word for partners on neither side"), max_length=40, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)  # off the lists; nothing is deleted
    # Facilitators open the pages only after a second step of signing in; facilitators of both sides decide it.
    second_step_required = models.BooleanField(default=False, db_default=False, editable=False)
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
            models.CheckConstraint(
                condition=Q(archived_at=None) | Q(is_rehearsal=False, is_example=False),
                name="partnership_archived_is_real",
            ),
            models.CheckConstraint(
                condition=Q(second_step_required=False) | Q(is_rehearsal=False, is_example=False),
                name="partnership_second_step_is_real",
            ),
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
                name="running_is_not_archived",
                operation=pgtrigger.UpdateOf("archived_at"),
                func="""
                    IF NEW.archived_at IS NOT NULL AND OLD.archived_at IS NULL
                        AND EXISTS (SELECT 1 FROM assessments_assessment
                            WHERE partnership_id = NEW.id AND stage IN ('rating', 'joint', 'readback')) THEN
                        RAISE EXCEPTION 'an assessment of this partnership is running'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'running_is_not_archived';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="second_step_by_both_sides",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("second_step_required"),
                func=rules.SECOND_STEP_BY_BOTH_SIDES,
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
        return SideWords({side.value: own[side] or str(side.label) for side in Side})

    def side_groups(self) -> dict[str, str]:
        """Return the words for the partners of each side, by side."""
        own = {Side.NORTH: self.north_label, Side.SOUTH: self.south_label, Side.OTHER: self.other_label}
        usual = {
            Side.NORTH: _("Northern partners"),
            Side.SOUTH: _("Southern partners"),
            Side.OTHER: _("Other partners"),
        }
        return {
            side.value: str(_("%(side)s partners") % {"side": own[side]} if own[side] else usual[side]) for side in Side
        }
