"""Decisions: proposed by everybody, clustered by the facilitator, voted on when they are many."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Cast, Lower
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assessments.models.assessment import Assessment, Topic
from assessments.models.limits import LONGEST_WORDING
from partnerships.codes import new_code
from partnerships.models import Membership
from partnerships.search_words import JoinedWords, SearchWords
from partnerships.triggers import Trigger


class DecisionQuerySet(models.QuerySet["Decision"]):
    def active(self) -> "DecisionQuerySet":
        """Return the decisions that are neither merged into another nor left out."""
        return self.filter(merged_into__isnull=True, left_out=False)

    def heads(self) -> "DecisionQuerySet":
        return self.filter(merged_into__isnull=True)


class Decision(models.Model):
    """A type of decision that the partnership takes. The proposer's own words stay, unnamed."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="decisions")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    number = models.PositiveSmallIntegerField(null=True, blank=True)  # given when the list is fixed
    position = models.IntegerField(default=0)
    wording = models.CharField(_("decision"), max_length=LONGEST_WORDING)
    original = models.CharField(max_length=LONGEST_WORDING)  # as proposed
    language = models.CharField(max_length=12, blank=True)  # of the wording, where it is known
    translations = models.JSONField(default=dict, blank=True)  # the wording in other languages: {code: text}
    topic = models.CharField(_("topic"), max_length=20, choices=Topic, blank=True)
    proposed_by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    merged_into = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="merged")
    left_out = models.BooleanField(default=False)
    predecessor = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="successors")
    created_at = models.DateTimeField(default=timezone.now)
    search = models.GeneratedField(  # also by the wording in other languages
        expression=JoinedWords(SearchWords("wording"), SearchWords(Cast("translations", models.TextField()))),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["number", "position", "id"]
        constraints = [
            models.UniqueConstraint("assessment", "number", name="decision_number_once"),
            models.UniqueConstraint(Lower("original"), "assessment", "proposed_by", name="decision_proposed_once"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="decision_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(
                    Exact(Func(F("translations"), function="jsonb_typeof", output_field=models.TextField()), "object")
                )
                & ~Q(
                    Func(F("translations"), F("language"), function="jsonb_exists", output_field=models.BooleanField())
                ),
                name="decision_translations_are_by_language",
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="decision_search")]
        triggers = [
            Trigger(
                name="decision_words_stand",
                operation=pgtrigger.UpdateOf("wording", "translations"),
                func="""
                    IF (NEW.wording <> OLD.wording OR NOT NEW.translations @> OLD.translations)
                        AND (SELECT stage FROM assessments_assessment
                            WHERE id = NEW.assessment_id) NOT IN ('collecting', 'voting') THEN
                        RAISE EXCEPTION 'the words of a decision stand once people answer'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_words_stand';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.wording_for_reader

    @property
    def wording_for_reader(self) -> str:
        """Return the decision in the reader's language where facilitators gave it in that, otherwise as worded."""
        return self.translations.get(get_language() or "") or self.wording

    @property
    def language_for_reader(self) -> str:
        """Return the language of `wording_for_reader`; empty if nobody knows."""
        return (get_language() or "") if self.wording_for_reader != self.wording else self.language


class Vote(models.Model):
    """One of the up to five decisions that a person finds most important."""

    MOST = 5
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="votes")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("decision", "membership", name="vote_once")]
        triggers = [
            Trigger(
                name="vote_while_open",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM assessments_assessment a
                        JOIN assessments_decision d ON d.assessment_id = a.id
                            WHERE d.id = NEW.decision_id AND a.stage = 'voting' AND a.vote_ended_at IS NULL) THEN
                        RAISE EXCEPTION 'the vote is not open' USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'vote_while_open';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
