"""Texts in another language."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import rules
from community.models.items import MOST_TEXT, Item
from community.models.languages import Language
from partnerships.models import Side, User
from partnerships.triggers import Trigger


class Translation(models.Model):
    """An item's words of one version in another language. Rows are only added; the newest counts."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=3, choices=Language)
    version = models.PositiveIntegerField()  # of the item, which it says in another language
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("text"), max_length=MOST_TEXT, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    side = models.CharField(max_length=5, choices=Side)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(title__gt=""), name="translation_has_a_title")]
        triggers = [
            Trigger(
                name="translation_index",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Delete,
                func=rules.TRANSLATION_INDEX,
            ),
            Trigger(
                name="translation_of_withdrawn",
                operation=pgtrigger.Insert,
                func=rules.NO_WORDS_OF_WITHDRAWN,
            ),
            Trigger(
                name="translation_stays",
                operation=pgtrigger.UpdateOf("item_id", "language", "version", "title", "text", "at"),
                func=rules.WORDS_STAY,
            ),
        ]
