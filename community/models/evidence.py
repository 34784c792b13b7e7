"""The evidence base: which partnerships are real, what was published when, and the figures that texts cite."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.models import rules
from partnerships.codes import new_code
from partnerships.models import Partnership, User
from partnerships.triggers import Trigger


class JsonPathExists(models.Func):
    """Whether a path finds something in a JSON column."""

    function = "jsonb_path_exists"
    output_field = models.BooleanField()

    def __init__(self, column: str, path: str) -> None:
        super().__init__(models.F(column), Cast(models.Value(path), JsonPath()))


class JsonPath(models.Field):
    """PostgreSQL's type of a path, for casts only."""

    def db_type(self, connection) -> str:
        return "jsonpath"


class RealState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("state of a partnership's request to be counted", "asked")
    CONFIRMED = "confirmed", pgettext_lazy("state of a partnership's request to be counted", "confirmed")
    DECLINED = "declined", pgettext_lazy("state of a partnership's request to be counted", "declined")


class RealPartnership(models.Model):
    """A partnership's facilitators ask to be counted; a coordinator of the first group confirms it."""

    partnership = models.OneToOneField(Partnership, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    network = models.CharField(
        _("network or alliance"),
        max_length=160,
        blank=True,
        help_text=_(
            "If your partnership belongs to a network or alliance, enter its name. No network may account for more "
            "than half of the partnerships behind a number."
        ),
    )
    about = models.TextField(
        _("how can we see that the partnership is real?"),
        max_length=600,
        help_text=_(
            "Name a public page, a funder or a contact person. Only the group's coordinators will read your answer."
        ),
    )
    state = models.CharField(max_length=9, choices=RealState, default=RealState.ASKED)
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=600, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RealState.values), name="real_partnership_state_known"),
            models.CheckConstraint(
                condition=Q(state="asked") | Q(decided_at__isnull=False), name="real_partnership_decided_has_a_date"
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | Q(reason__gt=""), name="real_partnership_declined_has_a_reason"
            ),
        ]
        triggers = [
            Trigger(
                name="rehearsal_is_not_real",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF EXISTS (SELECT 1 FROM partnerships_partnership
                        WHERE id = NEW.partnership_id AND is_rehearsal) THEN
                        RAISE EXCEPTION 'a rehearsal is not a real partnership'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'rehearsal_is_not_real';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class SnapshotQuerySet(models.QuerySet["EvidenceSnapshot"]):
    def real(self) -> "SnapshotQuerySet":
        """Leave out the example."""
        return self.filter(is_example=False)


class EvidenceSnapshot(models.Model):
    """The evidence base as one refresh left it. It never changes (a trigger holds that)."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    taken_at = models.DateTimeField(default=timezone.now)
    method_version = models.CharField(max_length=20)
    tables = models.JSONField()  # what is published: numbers, and what is hidden
    measures = models.JSONField(default=list)  # the same, of the decisions that adopted each measure
    # How many confirmed partnerships adopted each measure, by its code, in steps of five. Under five: not there.
    adoptions = models.JSONField(default=dict, db_default={})
    digest = models.CharField(max_length=64)  # of `tables`
    # Private, never shown: which partnerships' values each newly published cell rests on, by name, without the values.
    basis = models.JSONField(default=dict)
    is_example = models.BooleanField(default=False, editable=False)  # of pretend partnerships; each table says so

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_example=True) & ~Q(JsonPathExists("tables", "$[*] ? (!(@.example == true))"))
                | Q(is_example=False) & ~Q(JsonPathExists("tables", "$[*] ? (@.example == true)")),
                name="evidence_example_is_marked",
            ),
        ]
        triggers = [
            Trigger(
                name="evidence_snapshot_one_decimal",
                operation=pgtrigger.Insert,
                declare=rules.ONE_DECIMAL_VARIABLES,
                func=rules.ONE_DECIMAL,
            ),
            Trigger(
                name="evidence_snapshot_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    RAISE EXCEPTION 'what was published stays as it was'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'evidence_stays';
                """,
            ),
        ]
