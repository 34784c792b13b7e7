"""Private answers. Only `results` reads these rows, to make the Release; a representative sees her own."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models import rules
from assessments.models.assessment import Assessment, Participant
from assessments.models.decisions import Decision
from assessments.models.limits import LONGEST_REASON
from assessments.models.live import PrivateBallot
from partnerships.models import Membership, User
from partnerships.triggers import Trigger


class Rater(models.Model):
    """A representative's answer sheet in one assessment. It counts once handed in, and only then."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="raters")
    participant = models.ForeignKey(Participant, on_delete=models.RESTRICT, related_name="raters")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, null=True, blank=True, related_name="raters")
    label = models.CharField(max_length=80, blank=True)  # the rater's id in an imported file
    show_small_side = models.BooleanField(default=False)
    started_at = models.DateTimeField(default=timezone.now)
    submitted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("assessment", "membership", name="rater_once_per_membership"),
            models.UniqueConstraint("assessment", "label", condition=~Q(label=""), name="rater_label_once"),
            models.CheckConstraint(
                condition=Q(membership__isnull=False) | ~Q(label=""), name="rater_has_membership_or_label"
            ),
        ]
        triggers = [
            Trigger(
                name="rater_not_in_caucus",
                operation=pgtrigger.Insert,
                declare=rules.EACH_ALONE_VARIABLES,
                func=rules.EACH_ALONE,
            ),
        ]


class EverSubmitted(models.Model):
    """An organisation submitted once. The row stays if all is withdrawn or erased, and goes when rating closes.

    Only `services.rating.progress` reads it. It holds the day of the next refresh, not the time.
    """

    participant = models.OneToOneField(Participant, on_delete=models.CASCADE, related_name="+")
    counts_from = models.DateField()

    class Meta:
        triggers = [
            Trigger(
                name="ever_submitted_only_while_open",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF TG_OP = 'UPDATE' THEN
                        RAISE EXCEPTION 'a submission counts from one day on'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'ever_submitted_stays';
                    END IF;
                    IF NOT EXISTS (SELECT 1 FROM assessments_participant p
                        JOIN assessments_assessment a ON a.id = p.assessment_id
                        WHERE p.id = NEW.participant_id AND a.stage = 'rating') THEN
                        RAISE EXCEPTION 'private ratings are closed'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'ever_submitted_only_while_open';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="ever_submitted_stays",
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                operation=pgtrigger.Delete,
                func="""
                    IF EXISTS (SELECT 1 FROM assessments_participant p
                        JOIN assessments_assessment a ON a.id = p.assessment_id
                        WHERE p.id = OLD.participant_id AND a.stage = 'rating') THEN
                        RAISE EXCEPTION 'a submission counts until rating closes'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'ever_submitted_stays';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]


class PrivateAnswer(models.Model):
    """The fields of every private answer that let the newest of several devices win, and count none twice."""

    rater = models.ForeignKey(Rater, on_delete=models.CASCADE)
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE)
    version = models.PositiveIntegerField(default=1)
    mutation_id = models.UUIDField()
    answered_at = models.DateTimeField()

    class Meta:
        abstract = True


class Rating(PrivateAnswer):
    """The level one rater sees for one partner in one decision; NULL is “don't know / not applicable”, never 0."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE)
    level = models.PositiveSmallIntegerField(null=True)

    class Meta:
        default_related_name = "ratings"
        constraints = [
            models.UniqueConstraint("rater", "decision", "participant", name="rating_once_per_cell"),
            models.CheckConstraint(condition=Q(level__gte=0, level__lte=4), name="rating_level_0_to_4"),
        ]
        triggers = [
            Trigger(
                name="rating_not_in_caucus",
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=rules.EACH_ALONE_VARIABLES,
                func=rules.EACH_ALONE,
            ),
            Trigger(
                name="rating_only_while_open",
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=rules.RATING_IS_OPEN_VARIABLES,
                func=rules.RATING_IS_OPEN,
            ),
        ]


class ReasonUse(models.TextChoices):
    ME = "me", _("for me only")
    GROUP = "group", _("for the group, reworded by me and without my name")
    SIGNED = "signed", _("for the group, signed")


class PrivateAgreement(PrivateAnswer):
    """One rater's agree / don't agree with how partners are involved, with a reason whose use she chose first."""

    agree = models.BooleanField(null=True)
    reason_use = models.CharField(max_length=6, choices=ReasonUse, blank=True)
    reason = models.TextField(blank=True, max_length=LONGEST_REASON)

    class Meta:
        default_related_name = "agreements"
        constraints = [
            models.UniqueConstraint("rater", "decision", name="agreement_once_per_decision"),
            models.CheckConstraint(condition=Q(reason="") | ~Q(reason_use=""), name="agreement_reason_has_a_use"),
        ]
        triggers = [
            Trigger(
                name="agreement_not_in_caucus",
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=rules.EACH_ALONE_VARIABLES,
                func=rules.EACH_ALONE,
            ),
            Trigger(
                name="agreement_only_while_open",
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=rules.RATING_IS_OPEN_VARIABLES,
                func=rules.RATING_IS_OPEN,
            ),
        ]


class AnswerCode(models.Model):
    """The code by which a form filled in elsewhere belongs to a membership; it is derived from the server's secret."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField(default=1)  # grows when she takes another code
    # She withdrew then: nothing that was answered earlier comes back by an import.
    taken_from = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("assessment", "membership", name="answer_code_once_per_membership")]


class Submission(models.Model):
    """A form filled in elsewhere, as it was last imported, without its answers; those belong to the sheet."""

    class Kind(models.TextChoices):
        FORM = "form", _("form from another tool")
        SHEET = "sheet", _("spreadsheet")

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="submissions")
    kind = models.CharField(max_length=5, choices=Kind)
    instance = models.CharField(max_length=80)  # what the tool calls this one form, through all its corrections
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)  # keyed: tells whether a form changed, never what it says
    answered_at = models.DateTimeField()
    imported_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-imported_at", "-id"]
        constraints = [
            models.UniqueConstraint("assessment", "instance", name="submission_once_per_instance"),
            models.CheckConstraint(condition=~Q(instance=""), name="submission_has_an_instance"),
        ]
        triggers = [
            Trigger(
                name="submission_stays_put",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("membership_id", "assessment_id", "instance"),
                func="""
                    IF TG_OP = 'UPDATE' AND (NEW.membership_id <> OLD.membership_id
                        OR NEW.assessment_id <> OLD.assessment_id OR NEW.instance <> OLD.instance) THEN
                        RAISE EXCEPTION 'a form stays with the membership that filled it in'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_stays_with_its_membership';
                    END IF;
                    IF NOT EXISTS (SELECT 1 FROM assessments_participant p
                        JOIN partnerships_membership s ON s.partner_id = p.partner_id
                            WHERE p.assessment_id = NEW.assessment_id AND s.id = NEW.membership_id
                                AND s.role = 'representative') THEN
                        RAISE EXCEPTION 'a form is filled in by a representative of a participant'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'submission_of_a_representative';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class AnswerEvent(models.Model):
    """A change that a device sent, also if it lost against a newer answer. A change sent twice is known by its id."""

    rater = models.ForeignKey(Rater, on_delete=models.CASCADE, related_name="events")
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, null=True, related_name="+")
    answer = models.JSONField()
    mutation_id = models.UUIDField()
    base_version = models.PositiveIntegerField()
    answered_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    submission = models.ForeignKey(Submission, on_delete=models.SET_NULL, null=True, related_name="events")
    won = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint("rater", "mutation_id", name="mutation_once_per_rater")]


class HandIn(models.Model):
    """One submission of a sheet, with its receipt. A submission sent twice is known by its id."""

    rater = models.ForeignKey(Rater, on_delete=models.CASCADE, related_name="hand_ins")
    mutation_id = models.UUIDField()
    handed_in_at = models.DateTimeField(default=timezone.now)
    answers = models.PositiveIntegerField()
    code = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint("rater", "mutation_id", name="hand_in_once_per_mutation")]

    @property
    def grouped(self) -> str:
        """Return the code as it is shown: three groups of four capitals."""
        return "-".join(self.code[at : at + 4] for at in range(0, len(self.code), 4)).upper()


class BallotAnswer(models.Model):
    """One person's private yes, no or pass (NULL) in the session. It is kept until there is a result."""

    round = models.ForeignKey(PrivateBallot, on_delete=models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    agree = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint("round", "membership", name="agree_tap_once_per_membership")]
        triggers = [
            Trigger(
                name="agree_tap_while_open",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (SELECT 1 FROM assessments_privateballot r
                        JOIN assessments_decision d ON d.id = r.decision_id
                            JOIN assessments_participant p ON p.assessment_id = d.assessment_id
                            JOIN partnerships_membership s ON s.partner_id = p.partner_id
                            WHERE r.id = NEW.round_id AND r.result = 'open' AND p.id = NEW.participant_id
                                AND s.id = NEW.membership_id
                            AND s.role = 'representative') THEN
                        RAISE EXCEPTION 'a representative answers for her organisation while the question is open'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'agree_tap_while_open';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]
