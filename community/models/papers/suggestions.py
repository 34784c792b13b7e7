"""Suggested changes of a passage."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.models import rules
from community.models.items import MOST_TEXT, Item
from partnerships.codes import new_code
from partnerships.models import Side, User
from partnerships.triggers import Trigger


class SuggestionState(models.TextChoices):
    OPEN = "open", pgettext_lazy("state of a suggestion", "open")
    ACCEPTED = "accepted", pgettext_lazy("state of a suggestion", "accepted")
    DECLINED = "declined", pgettext_lazy("state of a suggestion", "declined")


class Suggestion(models.Model):
    """A member's other words for a passage, with the reason; an editor accepts or declines."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="suggestions")
    base = models.PositiveIntegerField()  # the version that it changes
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("suggested text"), max_length=MOST_TEXT, blank=True)
    reason = models.CharField(_("reason"), max_length=1000)
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="suggestions")
    side = models.CharField(max_length=5, choices=Side)
    mutation = models.CharField(max_length=36)
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=8, choices=SuggestionState, default=SuggestionState.OPEN)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("reason"), max_length=1000, blank=True)  # why it was declined
    version = models.PositiveIntegerField(null=True, blank=True)  # that it became

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint("author", "mutation", name="suggested_once"),
            models.CheckConstraint(condition=Q(state__in=SuggestionState.values), name="suggestion_state_known"),
            models.CheckConstraint(condition=Q(reason__gt=""), name="suggestion_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(state="declined") | Q(answer__gt=""), name="suggestion_declined_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(version__isnull=False), name="suggestion_accepted_has_a_version"
            ),
        ]
        triggers = [
            Trigger(
                name="suggestion_decided_once",
                operation=pgtrigger.UpdateOf("state", "answer", "version"),
                condition=pgtrigger.Condition("OLD.state <> 'open'"),
                func=rules.WORDS_STAY,
            ),
            Trigger(
                name="suggestion_stays",
                operation=pgtrigger.UpdateOf("item_id", "base", "title", "text", "reason", "at"),
                func=rules.WORDS_STAY,
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("community:suggestion", args=[self.code])

    @property
    def is_open(self) -> bool:
        return self.state == SuggestionState.OPEN
