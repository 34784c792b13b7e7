"""The three working groups, who takes part and from which side."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partnerships.codes import new_code
from partnerships.models import Side, User


class GroupKind(models.TextChoices):
    UNDERSTANDING = "understanding", _("Understanding the system")
    MEASURES = "measures", _("Counteracting inequality")
    CHANGE = "change", _("Changing the system")


QUESTIONS: dict[str, str | Promise] = {
    GroupKind.UNDERSTANDING: _("How does the system of funding and cooperation make some partners more powerful?"),
    GroupKind.MEASURES: _("What can partners themselves do, today, to share power more evenly?"),
    GroupKind.CHANGE: _("What must funders and governments change, so that power can be shared?"),
}


class WorkingGroup(models.Model):
    """One of the three rooms. Its name and question are the code's, unless its leads word the question anew."""

    kind = models.CharField(max_length=14, choices=GroupKind, unique=True)
    question = models.CharField(_("the group's question"), max_length=300, blank=True)
    joining_is_open = models.BooleanField(_("anybody with an account may join"), default=True)
    is_public = models.BooleanField(_("anybody may read, also without an account"), default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=GroupKind.values), name="working_group_kind_known")]

    def __str__(self) -> str:
        return str(GroupKind(self.kind).label)

    def get_absolute_url(self) -> str:
        return reverse("community:group", args=[self.kind])

    @property
    def asks(self) -> str:
        return self.question or str(QUESTIONS[self.kind])


class GroupRole(models.TextChoices):
    LEAD = "lead", _("lead")
    MEMBER = "member", _("member")


class Membership(models.Model):
    """A person in a working group, on the side that she declared herself."""

    group = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    side = models.CharField(_("your side"), max_length=5, choices=Side)
    organisation = models.CharField(_("your organisation"), max_length=160, blank=True)
    role = models.CharField(max_length=6, choices=GroupRole, default=GroupRole.MEMBER)
    joined_at = models.DateTimeField(default=timezone.now)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint("group", "user", name="membership_once"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="membership_side_known"),
            models.CheckConstraint(condition=Q(role__in=GroupRole.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def is_lead(self) -> bool:
        return self.role == GroupRole.LEAD


class GroupInvitation(models.Model):
    """A way into a group that does not take in everybody: a link, used once."""

    group = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="invitations")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    note = models.CharField(_("for whom"), max_length=160, blank=True)
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
