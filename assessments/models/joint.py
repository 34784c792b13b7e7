"""The joint session: agreed levels, agreement, desired levels, actions. Named, and open to the assessment's members."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.models import rules
from assessments.models.assessment import Assessment, Participant
from assessments.models.decisions import Decision
from assessments.models.limits import LONGEST_ACTION, LONGEST_ACTION_NOTE, LONGEST_NOTE, LONGEST_VIEW
from partnerships.codes import new_code
from partnerships.models import Membership, User
from partnerships.search_words import SearchWords
from partnerships.triggers import Trigger


class LevelState(models.TextChoices):
    LEVEL = "level", _("agreed level")
    DIFFERS = "differs", _("we see this level differently")
    UNKNOWN = "unknown", _("no one knows")


class AgreedLevel(models.Model):
    """What the group found for one partner in one decision. No row: not discussed."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="agreed_levels")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="agreed_levels")
    state = models.CharField(max_length=7, choices=LevelState, default=LevelState.LEVEL)
    actual = models.PositiveSmallIntegerField(null=True, blank=True)
    desired = models.PositiveSmallIntegerField(null=True, blank=True)
    # both statements, where the level is seen differently
    one_view = models.CharField(max_length=LONGEST_VIEW, blank=True)
    other_view = models.CharField(max_length=LONGEST_VIEW, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint("decision", "participant", name="agreed_level_once_per_cell"),
            models.CheckConstraint(condition=Q(actual__gte=0, actual__lte=4), name="agreed_actual_0_to_4"),
            models.CheckConstraint(condition=Q(desired__gte=0, desired__lte=4), name="agreed_desired_0_to_4"),
            models.CheckConstraint(
                condition=Q(state="level") | Q(actual__isnull=True), name="agreed_actual_only_where_agreed"
            ),
            models.CheckConstraint(
                condition=Q(state="differs") | Q(one_view="", other_view=""), name="agreed_views_only_where_they_differ"
            ),
        ]
        triggers = [
            Trigger(
                name="agreed_only_in_session",
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf(
                    "decision_id", "participant_id", "state", "actual", "desired", "one_view", "other_view", "version"
                ),
                declare=rules.ONLY_IN_SESSION_VARIABLES,
                func=rules.only_in_session(
                    "participant_id", constraint="agreed_only_in_session", within="agreed_within_one_assessment"
                ),
            ),
            Trigger(
                name="wish_or_no_common_wish",
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("desired"),
                condition=pgtrigger.Q(new__desired__isnull=False),
                func=rules.NO_COMMON_WISH,
            ),
        ]


class AgreedChange(models.Model):
    """A change of a cell or an outcome: kept to undo it, and to show it to the person whose change lost a conflict."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="changes")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, null=True, related_name="+")
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    lost = models.BooleanField(default=False)  # met a newer version and was not applied
    undo_of = models.OneToOneField("self", on_delete=models.CASCADE, null=True, blank=True, related_name="undone_by")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]


class Outcome(models.Model):
    """What the group found on one decision as a whole: do we agree, and if not, where does it go?"""

    class Route(models.TextChoices):
        TRIAL = "trial", _("a trial period")
        MEDIATOR = "mediator", _("a mediator")
        GOVERNING = "governing", _("the governing body")
        NOTED = "noted", _("record the disagreement")

    decision = models.OneToOneField(Decision, on_delete=models.CASCADE, related_name="outcome")
    agree = models.BooleanField(null=True)  # do we agree with how partners are involved? One “no” makes it a “no”.
    note = models.TextField(blank=True, max_length=LONGEST_NOTE)
    no_common_wish = models.BooleanField(default=False, db_default=False)  # said aloud: not the same as no wish yet
    route = models.CharField(_("without consensus"), max_length=9, choices=Route, blank=True)
    review_on = models.DateField(_("review on"), null=True, blank=True)
    discussed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(route="") | Q(review_on__isnull=False), name="outcome_route_has_review"),
            models.CheckConstraint(
                condition=Q(no_common_wish=False) | Q(agree=False, agree__isnull=False),
                name="outcome_no_common_wish_after_a_no",
            ),
        ]
        triggers = [
            Trigger(
                name="no_common_wish_or_wishes",
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("no_common_wish"),
                condition=pgtrigger.Q(new__no_common_wish=True),
                func=rules.NO_COMMON_WISH,
            ),
        ]


class Action(models.Model):
    """What is planned for a decision, by which partner and when; a partner that should gain influence confirms it."""

    class Status(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("status of an action", "planned")
        STARTED = "started", pgettext_lazy("status of an action", "started")
        DONE = "done", pgettext_lazy("status of an action", "reported as done")
        CONFIRMED = "confirmed", pgettext_lazy("status of an action", "confirmed")
        DROPPED = "dropped", pgettext_lazy("status of an action", "dropped")

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="actions")
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="actions")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    text = models.TextField(_("planned action"), max_length=LONGEST_ACTION)
    owner = models.ForeignKey(
        Participant, on_delete=models.RESTRICT, related_name="owned_actions", verbose_name=_("responsible partner")
    )
    due = models.DateField(_("by when"))
    confirmer = models.ForeignKey(
        Participant,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="actions_to_confirm",
        verbose_name=_("which partner will confirm that the action has been done"),
    )
    status = models.CharField(max_length=9, choices=Status, default=Status.PLANNED)
    confirmed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    search = models.GeneratedField(
        expression=SearchWords("text"), output_field=SearchVectorField(), db_persist=True, editable=False
    )

    class Meta:
        ordering = ["due", "id"]
        indexes = [GinIndex(fields=["search"], name="action_search")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="confirmed") | Q(confirmed_at__isnull=False), name="action_confirmed_has_a_date"
            ),
        ]

    def __str__(self) -> str:
        return self.text


class ActionNote(models.Model):
    """A new status of an action, with a comment."""

    action = models.ForeignKey(Action, on_delete=models.CASCADE, related_name="notes")
    membership = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    status = models.CharField(max_length=9, choices=Action.Status)
    text = models.CharField(max_length=LONGEST_ACTION_NOTE, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]
