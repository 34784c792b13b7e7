"""Comments, endorsements and mentions."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from partnerships.models import Side, User

if TYPE_CHECKING:
    pass
from community.models.items import Item


class Comment(Item):
    """An answer to an item or to another comment; `whole` is the page it stands on, `on` the very part."""

    on = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="answers")


class Endorsement(models.Model):
    """A member stands behind an item, in the version that she read."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="endorsements")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    side = models.CharField(max_length=5, choices=Side)
    version = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("item", "user", name="endorsed_once")]


class Mention(models.Model):
    """Somebody was named in an item; the row lets a text that is saved again tell her only once."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint("item", "user", name="mentioned_once")]
