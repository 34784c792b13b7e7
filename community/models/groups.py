"""The three working groups, who takes part and from which side."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.models import rules
from community.models.languages import NAMED, Language
from partnerships.codes import new_code
from partnerships.models import Partnership, Side, User
from partnerships.triggers import Trigger

LEAST_PEOPLE = 3  # of each side, in a valid consent round
LEAST_ORGANISATIONS = 2  # that they come from


class GroupKind(models.TextChoices):
    UNDERSTANDING = "understanding", _("Understanding the system")
    MEASURES = "measures", _("Counteracting inequality")
    CHANGE = "change", _("Changing the system")


QUESTIONS: dict[str, str | Promise] = {
    GroupKind.UNDERSTANDING: _(
        "How does the system of funding and cooperation give some partners more power than others?"
    ),
    GroupKind.MEASURES: _("What can partners do now to share power more equally?"),
    GroupKind.CHANGE: _("What must funders and governments change so that power can be shared?"),
}


PURPOSES: dict[str, str | Promise] = {
    GroupKind.UNDERSTANDING: _(
        "This group collects what partners have found out about the system, and the evidence for their findings."
    ),
    GroupKind.MEASURES: _(
        "This group collects measures. They show, step by step, what partners do to share influence."
    ),
    GroupKind.CHANGE: _("This group writes policy papers. Northern and Southern members agree on each recommendation."),
}


class WorkingGroup(models.Model):
    """One of the three rooms. Its name and question are the code's, unless its coordinators word the question anew."""

    kind = models.CharField(max_length=14, choices=GroupKind, unique=True)
    question = models.CharField(_("the group's question"), max_length=300, blank=True)
    joining_is_open = models.BooleanField(_("anyone with an account may join"), default=True)
    is_public = models.BooleanField(_("anyone may read, even without an account"), default=False)
    created_at = models.DateTimeField(default=timezone.now)
    # Of each side, for a valid consent round. Coordinators of both sides set them together (a trigger holds that).
    people_needed = models.PositiveSmallIntegerField(default=LEAST_PEOPLE, editable=False)
    organisations_needed = models.PositiveSmallIntegerField(default=LEAST_ORGANISATIONS, editable=False)
    # Beside a paper's own; they set them in the same way. Empty until they do: each paper's own choice counts.
    languages = ArrayField(
        models.CharField(max_length=3, choices=Language), default=list, db_default=[], blank=True, editable=False
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=GroupKind.values), name="working_group_kind_known"),
            models.CheckConstraint(
                condition=Q(people_needed__gte=LEAST_PEOPLE, organisations_needed__gte=LEAST_ORGANISATIONS),
                name="working_group_quorum",
            ),
            models.CheckConstraint(condition=Q(languages__contained_by=NAMED), name="working_group_languages_known"),
        ]
        triggers = [
            Trigger(
                name="group_quorum",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((NEW.people_needed, NEW.organisations_needed, NEW.languages) "
                    "IS DISTINCT FROM (OLD.people_needed, OLD.organisations_needed, OLD.languages))"
                ),
                func=rules.GROUP_QUORUM,
            ),
            Trigger(
                name="group_quorum_begins",
                operation=pgtrigger.Insert,
                func=rules.GROUP_QUORUM,
            ),
        ]

    def __str__(self) -> str:
        return str(GroupKind(self.kind).label)

    def get_absolute_url(self) -> str:
        return reverse("community:group", args=[self.kind])

    @property
    def purpose(self) -> str:
        """Say in one sentence what the group is for."""
        return str(PURPOSES[self.kind])

    @property
    def asks(self) -> str:
        return self.question or str(QUESTIONS[self.kind])


class GroupRole(models.TextChoices):
    COORDINATOR = "lead", _("coordinator")
    MEMBER = "member", _("member")


class GroupMembership(models.Model):
    """A person in a working group, with a side and an organisation that others confirm.

    `confirmed_at` is set by `services.groups.sides` alone. A trigger takes it away when side or organisation change.
    """

    group = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="group_memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="group_memberships")
    side = models.CharField(_("your side"), max_length=5, choices=Side)
    organisation = models.CharField(_("your organisation"), max_length=160, blank=True)
    role = models.CharField(max_length=6, choices=GroupRole, default=GroupRole.MEMBER)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The partnership that this person asked to stand behind side and organisation. Only its facilitators see which.
    asked_through = models.ForeignKey(
        Partnership, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint("group", "user", name="group_membership_once"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="group_membership_side_known"),
            models.CheckConstraint(condition=Q(role__in=GroupRole.values), name="group_membership_role_known"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(organisation__gt=""),
                name="group_membership_confirmed_with_organisation",
            ),
        ]
        triggers = [
            Trigger(
                name="group_membership_confirmed",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF TG_OP = 'INSERT' THEN
                        IF NEW.confirmed_at IS NOT NULL THEN
                            RAISE EXCEPTION 'others confirm a side' USING ERRCODE = 'check_violation',
                                CONSTRAINT = 'side_confirmed_by_others';
                        END IF;
                    ELSIF (NEW.group_id, NEW.user_id, NEW.side, NEW.organisation, NEW.left_at IS NULL)
                        IS DISTINCT FROM (OLD.group_id, OLD.user_id, OLD.side, OLD.organisation,
                            OLD.left_at IS NULL) THEN
                        NEW.confirmed_at := NULL;
                    ELSIF NEW.confirmed_at IS NOT NULL AND NEW.confirmed_at IS DISTINCT
                        FROM OLD.confirmed_at AND NOT (
                        NEW.left_at IS NULL AND community_side_is_confirmed(NEW)
                        AND NEW.confirmed_at >= (SELECT max(at) FROM community_sideconfirmation
                            WHERE group_membership_id = NEW.id)) THEN
                        RAISE EXCEPTION 'others confirm a side' USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'side_confirmed_by_others';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="group_membership_side_changed",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "((NEW.group_id, NEW.user_id, NEW.side, NEW.organisation, NEW.left_at IS NULL) "
                    "IS DISTINCT FROM (OLD.group_id, OLD.user_id, OLD.side, OLD.organisation, OLD.left_at IS NULL))"
                ),
                func="""
                    DELETE FROM community_sideconfirmation WHERE group_membership_id = NEW.id;
                    DELETE FROM community_consentanswer WHERE by_id = OLD.user_id AND text_id IN (
                        SELECT t.id FROM community_roundtext t JOIN community_consentround r ON r.id = t.round_id
                            JOIN community_item paper ON paper.id = r.paper_id
                        WHERE paper.group_id = OLD.group_id AND r.opened_at IS NOT NULL AND r.closed_at IS NULL
                            AND r.closes_at > clock_timestamp());
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def is_coordinator(self) -> bool:
        return self.role == GroupRole.COORDINATOR


class SideConfirmation(models.Model):
    """Somebody who may says that a member's side and organisation are right (a trigger holds who may).

    `side` is the side of who says so: one word of the North and one of the South confirm.
    """

    class Way(models.TextChoices):
        COORDINATOR = "coordinator", _("coordinator of the group")
        PARTNERSHIP = "partnership", _("partnership facilitator asked by the member")
        STAFF = "staff", _("staff member who appoints the coordinator")

    group_membership = models.ForeignKey(GroupMembership, on_delete=models.CASCADE, related_name="confirmations")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    side = models.CharField(max_length=5, choices=Side)
    way = models.CharField(max_length=11, choices=Way)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint("group_membership", "by", name="side_confirmed_once"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="side_confirmation_side_known"),
        ]
        triggers = [
            Trigger(
                name="side_confirmation",
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=rules.SIDE_CONFIRMATION_VARIABLES,
                func=rules.SIDE_CONFIRMATION,
            ),
        ]


class QuorumProposal(models.Model):
    """What a coordinator proposes that a valid consent round needs; one of the other side confirms it, or nothing."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    group = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="quorum_proposals")
    people = models.PositiveSmallIntegerField(_("number of people on each side who must answer"))
    organisations = models.PositiveSmallIntegerField(
        _("number of organisations that the people on each side must come from")
    )
    languages = ArrayField(models.CharField(max_length=3, choices=Language), default=list, db_default=[], blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    proposed_side = models.CharField(max_length=5, choices=Side)
    at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    confirmed_side = models.CharField(max_length=5, choices=Side, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint("group", condition=Q(confirmed_at=None), name="quorum_proposed_once"),
            models.CheckConstraint(
                condition=Q(people__gte=LEAST_PEOPLE, organisations__gte=LEAST_ORGANISATIONS)
                & Q(organisations__lte=F("people")),
                name="quorum_proposal_not_too_low",
            ),
            models.CheckConstraint(condition=Q(languages__contained_by=NAMED), name="quorum_proposal_languages_known"),
        ]
        triggers = [
            Trigger(
                name="quorum_proposal",
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=rules.QUORUM_PROPOSAL,
            ),
        ]


class GroupInvitation(models.Model):
    """A way into a group that does not take in everybody: a link, used once."""

    group = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="invitations")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    note = models.CharField(_("name of the person"), max_length=160, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]


class Profile(models.Model):
    """What the community knows of a person beside her account: how she is mentioned, and the key of her feeds."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="profile")
    handle = models.SlugField(max_length=40, unique=True)  # @handle
    feed_key = models.CharField(max_length=12, unique=True, default=new_code)

    def __str__(self) -> str:
        return f"@{self.handle}"
