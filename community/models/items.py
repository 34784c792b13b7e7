"""What people write here. Findings, measures, papers, their parts and comments are all items: one code path."""

from typing import TYPE_CHECKING

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from assessments.models import Topic
from community.markdown import excerpt
from community.models import rules
from community.models.groups import WorkingGroup
from community.models.languages import Language
from partnerships.codes import new_code
from partnerships.models import Side, User
from partnerships.search_words import TitleWords
from partnerships.triggers import Trigger

if TYPE_CHECKING:
    from community.access import Reader

MOST_TEXT = 60_000  # characters of one item


class ItemKind(models.TextChoices):
    FINDING = "finding", _("finding")
    CASE_STUDY = "case", _("case study")
    MEASURE = "measure", _("measure")
    STEP = "step", _("step of a measure")
    PAPER = "paper", _("policy paper")
    SECTION = "section", _("section")
    RECOMMENDATION = "recommendation", _("recommendation")
    COMMENT = "comment", _("comment")


# What has a page of its own; the rest is shown on the page of its whole.
PAGES = {
    ItemKind.FINDING: "finding",
    ItemKind.CASE_STUDY: "case-study",
    ItemKind.MEASURE: "measure",
    ItemKind.PAPER: "paper",
    ItemKind.SECTION: "section",
    ItemKind.RECOMMENDATION: "recommendation",
}
# What members may say in another language. Not cases: both sides approved those very words.
TRANSLATED = {ItemKind.FINDING, ItemKind.MEASURE, ItemKind.PAPER, ItemKind.SECTION, ItemKind.RECOMMENDATION}


class State(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("state of a text", "draft")
    PUBLISHED = "published", pgettext_lazy("state of a text", "published")
    HIDDEN = "hidden", pgettext_lazy("state of a text", "hidden by a coordinator")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a text", "withdrawn by its author")


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, reader: "Reader") -> "ItemQuerySet":
        """Return what this reader may see: what is published with its whole, her own, and what she moderates."""
        there = self.exclude(state=State.WITHDRAWN)
        groups = reader.readable_groups()
        shown = Q(state=State.PUBLISHED) & (Q(whole=None) | Q(whole__state=State.PUBLISHED))
        if reader.user is None:
            return there.filter(shown, group__in=groups)
        mine = Q(author=reader.user) | Q(whole__author=reader.user, state=State.PUBLISHED)
        moderated = [State.PUBLISHED, State.HIDDEN]
        coordinated = Q(group__in=reader.coordinated_groups(), state__in=moderated) & (
            Q(whole=None) | Q(whole__state__in=moderated)
        )
        return there.filter(shown & Q(group__in=groups) | mine | coordinated)

    def reached_by(self, reader: "Reader") -> "ItemQuerySet":
        """Return what this reader may see, and the places of withdrawn texts, which say so."""
        whole = Q(whole=None) | Q(whole__state__in=[State.PUBLISHED, State.WITHDRAWN])
        return self.visible_to(reader) | self.withdrawn_in(reader.readable_groups()).filter(whole)

    def withdrawn_in(self, groups: list[int]) -> "ItemQuerySet":
        return self.filter(state=State.WITHDRAWN, group__in=groups)

    def published(self) -> "ItemQuerySet":
        return self.filter(state=State.PUBLISHED)

    def works(self) -> "ItemQuerySet":
        """Return what stands by itself in lists: neither parts nor comments."""
        return self.filter(whole=None)

    def for_list(self) -> "ItemQuerySet":
        """Return items with what a list shows of each, in one query."""
        return self.select_related("author", "group", "whole").defer("text", "search", "whole__text", "whole__search")

    def for_search(self) -> "ItemQuerySet":
        """Return items with only what a list of all kinds shows of each, but for the group: readers have all groups."""
        whole = [f"whole__{name}" for name in ("code", "kind", "title", "plain", "state")]
        own = ["code", "kind", "group_id", "title", "plain", "language", "translate_me", "tags", "state", "side"]
        author = [f"author__{name}" for name in ("name", "email", "former_names")]
        return self.select_related("author", "whole").only(*own, "created_at", "updated_at", *whole, *author)


class Item(models.Model):
    """A text with a history. `whole` is the item on whose page a part or a comment stands."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    kind = models.CharField(max_length=14, choices=ItemKind)
    group = models.ForeignKey(WorkingGroup, on_delete=models.PROTECT, related_name="items")
    whole = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="parts")
    title = models.CharField(_("title"), max_length=300, blank=True)
    text = models.TextField(_("text"), max_length=MOST_TEXT, blank=True)  # Markdown, as in the newest revision
    plain = models.TextField(blank=True, editable=False)  # the same without marks, for search and excerpts
    language = models.CharField(_("language of the text"), max_length=3, choices=Language, default=Language.ENGLISH)
    translate_me = models.BooleanField(_("translation needed"), default=False)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    topics = ArrayField(models.CharField(max_length=18, choices=Topic), default=list, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    author = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="items")
    side = models.CharField(max_length=5, choices=Side)  # the author's, as declared then
    version = models.PositiveIntegerField(default=0)  # number of the newest revision
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)
    search = SearchVectorField(null=True, editable=False)  # a trigger fills it

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ItemKind.values), name="item_kind_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="item_state_known"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False), name="item_published_has_a_date"
            ),
            models.CheckConstraint(condition=~Q(whole=F("id")), name="item_not_part_of_itself"),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(title="", text="", plain=""), name="item_withdrawn_has_no_words"
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], name="item_search"),
            GinIndex(TitleWords("search"), name="item_title_words"),
            GinIndex(fields=["tags"], name="item_tags"),
            models.Index(fields=["group", "kind", "-updated_at"], name="item_latest"),
            models.Index(fields=["whole", "kind"], name="item_parts"),
            models.Index(fields=["-updated_at", "-id"], name="item_newest"),
        ]
        triggers = [
            Trigger(
                name="item_index",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("title", "plain", "tags", "language", "search"),
                declare=rules.ITEM_INDEX_VARIABLES,
                func=rules.ITEM_INDEX,
            ),
            Trigger(
                name="item_part_of_its_group",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("whole_id", "group_id"),
                func="""
                    IF NEW.whole_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM community_item WHERE id = NEW.whole_id AND group_id = NEW.group_id
                            AND whole_id IS NULL) THEN
                        RAISE EXCEPTION 'a part stands in the group of its whole, which is nobody''s part'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'item_part_of_its_group';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="item_withdrawn_is_blank",
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Condition("NEW.state = 'withdrawn'"),
                func="""
                    IF EXISTS (SELECT 1 FROM community_revision WHERE item_id = NEW.id AND blanked_at IS NULL)
                        OR EXISTS (SELECT 1 FROM community_translation WHERE item_id = NEW.id) THEN
                        RAISE EXCEPTION 'a withdrawn text has no words in any version'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'item_withdrawn_has_no_words';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="item_withdrawn_stays",
                operation=pgtrigger.UpdateOf("state"),
                condition=pgtrigger.Condition("OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn'"),
                func="""
                    RAISE EXCEPTION 'a withdrawn text stays withdrawn'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'item_withdrawn_stays';
                """,
            ),
        ]

    def __str__(self) -> str:
        return gettext("Withdrawn by its author") if self.is_withdrawn else self.title or excerpt(self.plain)

    def get_absolute_url(self) -> str:
        """Return the item's own page; for parts and comments an address that leads to their place on a page."""
        return reverse(f"community:{PAGES.get(ItemKind(self.kind), 'item')}", args=[self.code])

    @property
    def called(self) -> str:
        """Return what the kind is called, without walking through all kinds as Django does: lists have many."""
        return str(ItemKind(self.kind).label)

    @property
    def is_published(self) -> bool:
        return self.state == State.PUBLISHED

    @property
    def is_withdrawn(self) -> bool:
        return self.state == State.WITHDRAWN

    @property
    def is_hidden(self) -> bool:
        return self.state == State.HIDDEN


class Revision(models.Model):
    """One saved state of an item. It never changes, except that it can be blanked (a trigger holds that)."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    base = models.PositiveIntegerField(null=True)  # the revision its author had before her
    merged = models.BooleanField(default=False)  # with what others had saved since the base
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    note = models.CharField(_("what changed"), max_length=200, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    side = models.CharField(max_length=5, choices=Side)
    mutation = models.CharField(max_length=36)  # names the act of saving, so that a replay changes nothing
    at = models.DateTimeField(default=timezone.now)
    blanked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("item", "number", name="revision_number_once"),
            models.UniqueConstraint("author", "mutation", name="revision_saved_once"),
        ]
        triggers = [
            Trigger(
                name="revision_of_withdrawn",
                operation=pgtrigger.Insert,
                func=rules.NO_WORDS_OF_WITHDRAWN,
            ),
            Trigger(
                name="revision_stays",
                operation=pgtrigger.Update,
                func="""
                    IF (NEW.title, NEW.text) IS DISTINCT FROM (OLD.title, OLD.text)
                        AND (NEW.title, NEW.text) <> ('', '')
                        OR NEW.number <> OLD.number OR NEW.item_id <> OLD.item_id OR NEW.at <> OLD.at THEN
                        RAISE EXCEPTION 'a revision stays as it was saved'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_stays';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class Draft(models.Model):
    """What one person typed and has not saved, of an item or of a new one. Nobody else sees it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    mutation = models.CharField(max_length=36)  # of the form it belongs to
    item = models.ForeignKey(Item, on_delete=models.CASCADE, null=True, blank=True, related_name="drafts")
    group = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=14, choices=ItemKind)
    base = models.PositiveIntegerField(default=0)
    sequence = models.BigIntegerField(default=0)  # grows with each autosave of a form; an older one loses
    title = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint("user", "mutation", name="draft_once")]
