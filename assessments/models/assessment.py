"""The assessment itself, and the snapshot of the partners that take part."""

from collections.abc import Iterable, Sequence
from typing import Self

import pgtrigger
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.models import rules
from partnerships.codes import new_code
from partnerships.locales import listed
from partnerships.models import Kind, Membership, Partner, Partnership, Side, User
from partnerships.search_words import SearchWords
from partnerships.triggers import OwnersTrigger, Trigger


class Stage(models.TextChoices):
    COLLECTING = "collecting", _("collecting decisions")
    VOTING = "voting", _("voting")
    RATING = "rating", _("private ratings")
    JOINT = "joint", _("joint session")
    FINAL_REVIEW = "readback", _("final review")
    CLOSED = "closed", pgettext_lazy("stage of an assessment", "closed")


class Mode(models.TextChoices):
    BY_SIDE = "by_side", _("by side")
    ALL_TOGETHER = "all_together", _("all together")
    NAMED = "named", _("named")
    CAUCUS = "caucus", _("caucus")


# The mode as a setting, in words that need no other explanation.
MODE_TITLES: dict[str, Promise] = {
    Mode.BY_SIDE.value: _("By side"),
    Mode.ALL_TOGETHER.value: _("All together"),
    Mode.NAMED.value: _("Named, if everyone accepts"),
    Mode.CAUCUS.value: _("Caucus: one open answer per side"),
}
SECOND = "second"  # where all partners are of one side, a second person speaks instead of the other side


def deciding_sides(sides: Iterable[str]) -> list[str]:
    """Return whose two words decide: North and South; other partners, or a second person, for a side without any.

    Source: METHOD.md §4 rule 6.
    """
    there = set(sides)
    return [*(side for side in Side if side in there), SECOND][:2]


class Phase(models.TextChoices):
    BASELINE = "baseline", _("baseline")
    MIDTERM = "midterm", _("midterm")
    ENDLINE = "endline", _("endline")
    OTHER = "other", _("another time")


class Topic(models.TextChoices):
    """What kind of decision it is. The partnership chooses; the list is the field's, and opt-in."""

    AGENDA = "agenda", _("agenda and strategy")
    THEORY_OF_CHANGE = "theory-of-change", _("theory of change")
    GOVERNANCE = "governance", _("governance rules")
    PARTNER_SELECTION = "partner-selection", _("partner selection")
    MONEY_COUNTRIES = "money-countries", _("money among countries")
    MONEY_PARTNERS = "money-partners", _("money among partners")
    MONEY_PROJECTS = "money-projects", _("money to projects")
    FUNDRAISING = "fundraising", _("fundraising and donor contact")
    RISK = "risk", _("risk and due diligence")
    MONITORING = "monitoring", _("monitoring and accountability")
    COMMUNICATION = "communication", _("communication and representation")
    IMPLEMENTATION = "implementation", _("implementation")
    STAFFING = "staffing", _("staffing")


class OneOf(Func):
    """Whether a value is in an array."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = models.BooleanField()


class Newest(Func):
    """The keys of the newest assessments of some partnerships: the newest of each by its index, then of those."""

    template = """ARRAY(
        SELECT each.id FROM unnest(%(expressions)s) AS own(partnership)
        CROSS JOIN LATERAL (
            SELECT id, created_at FROM assessments_assessment
            WHERE partnership_id = own.partnership%(also)s
            ORDER BY created_at DESC, id DESC LIMIT %(most)s
        ) AS each
        ORDER BY each.created_at DESC, each.id DESC LIMIT %(most)s)"""
    output_field = ArrayField(models.BigIntegerField())

    def __init__(self, partnerships: ArraySubquery, most: int, stages: Sequence[str]) -> None:
        named = ", ".join(f"'{Stage(each).value}'" for each in stages)
        also = f" AND stage IN ({named})" if named else ""
        super().__init__(partnerships, most=int(most), also=f" AND archived_at IS NULL{also}")


def _memberships_of(user: User) -> models.QuerySet[Membership]:
    return Membership.objects.in_force().filter(user=user, partnership__is_rehearsal=False).order_by()


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: User) -> "AssessmentQuerySet":
        """Return the assessments of a person's partnerships, except rehearsals."""
        # As an array, read once: for a subquery the planner joins and sorts all there is, to show the newest ten.
        return self.filter(OneOf(F("partnership_id"), ArraySubquery(_memberships_of(user).values("partnership"))))

    def newest_of(self, user: User, most: int, stages: Sequence[str] = ()) -> "AssessmentQuerySet":
        """Return the newest assessments that a person may see, newest first: at most so many, of some stages or of all.

        What is archived is not among them. They are among the newest of each of her partnerships. Looking for them by
        date alone passes over everybody else's first, and the planner does that, since it does not know how few are
        hers.
        """
        active = _memberships_of(user).filter(partnership__archived_at=None)
        own = ArraySubquery(active.values("partnership").distinct())
        return self.filter(OneOf(F("pk"), Newest(own, most, stages))).order_by("-created_at", "-pk")

    def archived(self) -> "AssessmentQuerySet":
        """Return those that are archived, alone or with their partnership."""
        return self.filter(Q(archived_at__isnull=False) | Q(partnership__archived_at__isnull=False))


class Assessment(models.Model):
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="assessments")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    title = models.CharField(_("title"), max_length=160)
    phase = models.CharField(_("timing of the assessment"), max_length=8, choices=Phase, default=Phase.BASELINE)
    predecessor = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="successors")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.COLLECTING)
    private_ratings = models.BooleanField(_("start with private ratings"), default=True)
    mode_wanted = models.CharField(
        _("who sees what from the private ratings"), max_length=12, choices=Mode, default=Mode.BY_SIDE
    )
    mode = models.CharField(max_length=12, choices=Mode, blank=True)  # in effect; fixed when rating opens
    k = models.PositiveSmallIntegerField(_("minimum number of organisations needed to show a side"), default=3)
    rating_due = models.DateField(_("last day to answer"), null=True, blank=True)
    session_at = models.DateTimeField(null=True, blank=True)
    session_zone = models.CharField(max_length=40, blank=True, db_default="")  # in which the hour was given
    session_place = models.CharField(_("place or link for the session"), max_length=500, blank=True, db_default="")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    vote_opened_at = models.DateTimeField(null=True, blank=True)
    vote_ended_at = models.DateTimeField(null=True, blank=True)
    vote_result = models.JSONField(null=True, blank=True)  # counted once, at the end; NULL of fewer than five people
    opened_at = models.DateTimeField(null=True, blank=True)
    # Of the first time that rating opened, and kept after it was reopened: the mode hangs on them (a trigger).
    first_opened_at = models.DateTimeField(null=True, blank=True)
    opened_with = ArrayField(models.BigIntegerField(), default=list, db_default=[], blank=True)  # the partners' ids
    sides = ArrayField(  # at all openings
        models.CharField(max_length=5, choices=Side), default=list, db_default=[], blank=True
    )
    rating_closes_at = models.DateTimeField(null=True, blank=True)  # what everyone is told; from the sides' words
    rating_closed_at = models.DateTimeField(null=True, blank=True)
    readback_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)  # off the lists; nothing is deleted
    # Whoever imported ratings saw them, and is named for it: here where all came at once, else by the forms.
    imported_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    imported_at = models.DateTimeField(null=True, blank=True)
    current_decision = models.ForeignKey("Decision", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    joint_version = models.PositiveIntegerField(default=0)  # grows with every change that screens of the session follow
    search = models.GeneratedField(
        expression=SearchWords("title"), output_field=SearchVectorField(), db_persist=True, editable=False
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            # Lists begin with the newest, of all one's partnerships or of one.
            models.Index(fields=["-created_at", "-id"], name="assessment_newest"),
            models.Index(fields=["partnership", "-created_at", "-id"], name="assessment_newest_here"),
            GinIndex(fields=["search"], name="assessment_search"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(k__gte=3), name="assessment_k_upwards_only"),
            models.CheckConstraint(
                condition=~Q(stage="rating") & Q(first_opened_at=None) | ~Q(mode=""),
                name="assessment_mode_fixed_when_rating_opens",
            ),
            models.CheckConstraint(
                condition=Q(rating_closes_at=None) | Q(stage="rating"), name="assessment_closing_day_while_open"
            ),
            models.CheckConstraint(
                condition=Q(stage="closed", closed_at__isnull=False) | ~Q(stage="closed") & Q(closed_at__isnull=True),
                name="assessment_closed_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(vote_result__isnull=True) | Q(vote_ended_at__isnull=False),
                name="assessment_vote_counted_after_its_end",
            ),
            models.CheckConstraint(
                condition=Q(archived_at=None) | Q(stage__in=["collecting", "voting", "closed"]),
                name="assessment_archived_at_rest",
            ),
        ]
        triggers = [
            Trigger(
                name="assessment_mode_locked",
                operation=pgtrigger.Update,
                func=rules.MODE_IS_LOCKED,
            ),
            Trigger(
                name="archived_partnership_rests",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("stage"),
                func="""
                    IF (TG_OP = 'INSERT' OR NEW.stage IN ('rating', 'joint', 'readback'))
                        AND EXISTS (SELECT 1 FROM partnerships_partnership
                            WHERE id = NEW.partnership_id AND archived_at IS NOT NULL) THEN
                        RAISE EXCEPTION 'the partnership is archived'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'archived_partnership_rests';
                    END IF;
                    RETURN NEW;
                """,
            ),
            OwnersTrigger(
                name="held_facts_open",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("stage"),
                func=rules.HELD_FACTS_OPEN,
            ),
            Trigger(
                name="rehearsal_says_so",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("title", "partnership_id"),
                declare=[("mark", "text")],
                func="""
                    SELECT name INTO mark FROM partnerships_partnership
                        WHERE id = NEW.partnership_id AND is_rehearsal;
                    IF mark IS NOT NULL AND NOT starts_with(NEW.title, mark) THEN
                        NEW.title := left(mark || ' – ' || NEW.title, 160);
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="replies_have_their_time",
                operation=pgtrigger.UpdateOf("stage"),
                func="""
                    IF NEW.stage = 'closed' AND OLD.stage <> 'closed'
                            AND EXISTS (SELECT 1 FROM assessments_replyday
                                WHERE assessment_id = NEW.id AND due >= CURRENT_DATE)
                            AND EXISTS (SELECT 1 FROM assessments_participant p WHERE p.assessment_id = NEW.id
                                AND NOT EXISTS (SELECT 1 FROM assessments_reply r WHERE r.participant_id = p.id)
                                AND NOT EXISTS (SELECT 1 FROM assessments_nothingtoadd n
                                    WHERE n.participant_id = p.id)) THEN
                        RAISE EXCEPTION 'organisations may still reply'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'assessment_closes_after_the_replies';
                    END IF;
                    RETURN NEW;
                """,
            ),
            OwnersTrigger(
                name="taps_end_with_session",
                operation=pgtrigger.UpdateOf("stage"),
                func="""
                    IF OLD.stage = 'joint' AND NEW.stage <> 'joint' THEN
                        DELETE FROM assessments_ballotanswer WHERE round_id IN (SELECT r.id
                            FROM assessments_privateballot r
                            JOIN assessments_decision d ON d.id = r.decision_id WHERE d.assessment_id = NEW.id);
                        DELETE FROM assessments_proposal WHERE NOT shown AND decision_id IN (
                            SELECT id FROM assessments_decision WHERE assessment_id = NEW.id);
                    END IF;
                    RETURN NEW;
                """,
            ),
            OwnersTrigger(
                name="vote_ends_once",
                operation=pgtrigger.UpdateOf("vote_ended_at", "vote_result"),
                func="""
                    IF OLD.vote_ended_at IS NOT NULL AND (NEW.vote_ended_at IS DISTINCT FROM OLD.vote_ended_at
                            OR NEW.vote_result IS DISTINCT FROM OLD.vote_result) THEN
                        RAISE EXCEPTION 'the vote has ended' USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'vote_ends_once';
                    END IF;
                    IF NEW.vote_result IS DISTINCT FROM OLD.vote_result AND (SELECT count(DISTINCT s.user_id)
                        FROM assessments_vote v
                            JOIN assessments_decision d ON d.id = v.decision_id
                                JOIN partnerships_membership s ON s.id = v.membership_id
                            WHERE d.assessment_id = NEW.id) < 5 THEN
                        RAISE EXCEPTION 'votes of fewer than five people are not counted'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'vote_result_of_five';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("assessments:overview", args=[self.code])

    @property
    def is_archived(self) -> bool:
        """Say whether it is archived, alone or with its partnership."""
        return bool(self.archived_at or self.partnership.archived_at)

    @property
    def answers_by_side(self) -> bool:
        """Say whether each side agrees on one open answer (caucus), so that nobody answers alone."""
        return self.private_ratings and (self.mode or self.mode_wanted) == Mode.CAUCUS

    @property
    def tells_importers(self) -> bool:
        """Say whether it is told who imported private ratings: from closing on, since it tells that some answered."""
        return bool(self.rating_closed_at and (self.imported_at or self.imported_by_id))

    @property
    def word_sides(self) -> list[str]:
        """Return whose two words decide, of the sides that took part when rating opened."""
        return deciding_sides(self.sides)

    @property
    def is_protected(self) -> bool:
        """Say whether rating has opened and not closed yet, so that one facilitator alone ends no membership."""
        return self.first_opened_at is not None and self.rating_closed_at is None

    @property
    def mode_said(self) -> str | Promise:
        """Return who sees what, in the same words for everyone; *named* is no fact before rating opens."""
        if self.mode == Mode.NAMED:
            return capfirst(Mode.NAMED.label)
        return MODE_TITLES[self.mode or self.mode_wanted]

    def importers(self) -> list[User]:
        """Return who imported private ratings, and therefore saw them: all at once, or forms filled in elsewhere."""
        if not self.tells_importers:
            return []
        by_form = self.submissions.filter(kind="form").values("imported_by")
        return list(User.objects.filter(Q(pk=self.imported_by_id) | Q(pk__in=by_form)).order_by("pk"))

    def importer_names(self) -> str:
        names = [user.get_full_name() for user in self.importers()]
        return listed(names) or str(_("someone who has left"))


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def undeclared(self) -> Self:
        """Return imported partners whose side nobody has declared yet: results by side wait for them."""
        return self.filter(side__isnull=True)

    def in_order(self) -> Self:
        """Order by side (North, South, other), then as the partners were listed: the order of every table."""
        place = Case(*(When(side=side, then=Value(Side.position(side))) for side in Side))
        return self.order_by(place, "number")


class Participant(models.Model):
    """A partner as it stood when rating opened. Its side never changes afterwards (a trigger holds that)."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="participants")
    partner = models.ForeignKey(Partner, on_delete=models.RESTRICT, related_name="participations")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    acronym = models.CharField(max_length=20)
    side = models.CharField(max_length=5, choices=Side, null=True)  # NULL: its imported partner declared none yet
    kind = models.CharField(max_length=12, choices=Kind)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint("assessment", "partner", name="participant_once"),
            models.UniqueConstraint("assessment", "number", name="participant_number_once"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="participant_side_known"),
        ]
        triggers = [
            Trigger(
                name="participant_side_declared",
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.side IS NULL AND (
                            EXISTS (SELECT 1 FROM partnerships_partner WHERE id = NEW.partner_id AND side IS NOT NULL)
                            OR EXISTS (SELECT 1 FROM assessments_assessment
                                WHERE id = NEW.assessment_id AND private_ratings)) THEN
                        RAISE EXCEPTION 'private ratings need a declared side'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'participant_side_declared';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="participant_side_frozen",
                operation=pgtrigger.Update,
                func="""
                    IF NEW.partner_id <> OLD.partner_id OR NEW.assessment_id <> OLD.assessment_id
                        OR NEW.side IS DISTINCT FROM OLD.side AND (OLD.side IS NOT NULL OR NEW.side IS DISTINCT FROM
                            (SELECT side FROM partnerships_partner WHERE id = NEW.partner_id)) THEN
                        RAISE EXCEPTION 'a participant''s side is frozen'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'participant_side_frozen';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, assessment: Assessment, partner: Partner, number: int) -> "Participant":
        """Return a snapshot of a partner, unsaved."""
        now = {name: getattr(partner, name) for name in ("name", "acronym", "side", "kind")}
        return cls(assessment=assessment, partner=partner, number=number, **now)


class NamedAcceptance(models.Model):
    """A representative's private yes or no to the named mode, before rating opens. Nobody else sees it."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="named_acceptances")
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    accepted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint("assessment", "membership", name="named_acceptance_once")]
