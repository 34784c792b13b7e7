"""People: accounts, guests, and what each signs in with."""

from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.addresses import CANONICAL, canonical, known_as
from partnerships.codes import new_code
from partnerships.names import former_name
from partnerships.triggers import Trigger


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str | None = None, password: str | None = None, **fields) -> "User":
        user = self.model(email=canonical(email) if email else None, **fields)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def create_guest(self, name: str, **fields) -> "User":
        return self.create_user(name=name, is_guest=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=known_as(email or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Guests have no e-mail address and return by a resume code."""

    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    name = models.CharField(_("your name"), max_length=120, blank=True)
    former_names = models.JSONField(
        default=list, db_default=[], blank=True, editable=False
    )  # {name, until}; a trigger keeps them
    language = models.CharField(max_length=12, blank=True)
    is_guest = models.BooleanField(default=False)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    # A pretend person lives in one rehearsal, goes with it, and can never sign in.
    pretend_in = models.ForeignKey(
        "Partnership", on_delete=models.CASCADE, null=True, blank=True, editable=False, related_name="pretend_people"
    )
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(email=None) | Q(email__regex=CANONICAL), name="user_email_canonical"),
            models.CheckConstraint(
                condition=Q(is_guest=True, email__isnull=True) | Q(is_guest=False, email__isnull=False),
                name="user_email_or_guest",
            ),
            models.CheckConstraint(
                condition=Q(pretend_in=None) | Q(is_guest=True, is_active=False, is_staff=False, is_superuser=False),
                name="user_pretend_never_signs_in",
            ),
        ]
        triggers = [
            Trigger(
                name="pretend_for_good",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("pretend_in_id"),
                func="""
                    IF TG_OP = 'UPDATE' AND NEW.pretend_in_id IS DISTINCT FROM OLD.pretend_in_id THEN
                        RAISE EXCEPTION 'nobody becomes a pretend person, or stops being one'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'pretend_for_good';
                    END IF;
                    IF NEW.pretend_in_id IS NOT NULL AND NOT EXISTS (
                            SELECT 1 FROM partnerships_partnership WHERE id = NEW.pretend_in_id AND is_rehearsal) THEN
                        RAISE EXCEPTION 'pretend people live in a rehearsal'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'pretend_in_a_rehearsal';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="user_former_names",
                operation=pgtrigger.Update,
                declare=[("old_name", "text := partnerships_shown_name(OLD.name, OLD.email)")],
                func="""
                    NEW.former_names := OLD.former_names;
                    IF partnerships_shown_name(NEW.name, NEW.email) <> old_name THEN
                        NEW.former_names := OLD.former_names
                            || jsonb_build_object('name', old_name, 'until', partnerships_moment());
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def save(self, *args, **kwargs) -> None:
        """Save; a changed password ends the person's tokens. Sessions end by themselves: they carry its hash."""
        # Django sets `_password` for a new password, and not for a newer hash of the same one.
        if self._password is None or self._state.adding:  # type: ignore[attr-defined]
            super().save(*args, **kwargs)
            return
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.api_tokens.filter(revoked_at=None).update(revoked_at=timezone.now())

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return " ".join(self.name.split()) or (self.email or "").split("@")[0] or str(_("Guest"))

    get_short_name = get_full_name

    def name_at(self, at: datetime) -> str:
        """Return the name that this person had at a moment."""
        return former_name(self.former_names, at) or self.get_full_name()


class GuestKey(models.Model):
    """The hash of a guest's resume code."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="guest_key")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        triggers = [
            Trigger(
                name="pretend_has_no_key",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("user_id"),
                func="""
                    IF EXISTS (SELECT 1 FROM partnerships_user WHERE id = NEW.user_id
                        AND pretend_in_id IS NOT NULL) THEN
                        RAISE EXCEPTION 'a pretend person never signs in'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'pretend_has_no_key';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def in_force(self) -> "ApiTokenQuerySet":
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class ApiToken(models.Model):
    """Lets a person's own program read what she may read. Shown once, kept as a hash; guests have none (a trigger)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    name = models.CharField(_("purpose"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    once = models.UUIDField(unique=True)  # of the form that made it, so that a form sent twice makes one
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="api_token_ends_after_it_begins"),
        ]
        triggers = [
            Trigger(
                name="api_token_may_be",
                operation=pgtrigger.Insert,
                func="""
                    PERFORM 1 FROM partnerships_user WHERE id = NEW.user_id AND NOT is_guest FOR NO KEY UPDATE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'guests have no tokens'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'api_token_of_an_account';
                    END IF;
                    IF (SELECT count(*) FROM partnerships_apitoken
                        WHERE user_id = NEW.user_id AND revoked_at IS NULL AND expires_at > now()) >= 10 THEN
                        RAISE EXCEPTION 'ten tokens are enough'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'api_token_ten_at_most';
                    END IF;
                    RETURN NEW;
                """,
            ),
            Trigger(
                name="api_token_stays",
                operation=pgtrigger.Update,
                func="""
                    IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
                        OR (NEW.user_id, NEW.digest, NEW.expires_at) IS DISTINCT
                            FROM (OLD.user_id, OLD.digest, OLD.expires_at) THEN
                        RAISE EXCEPTION 'a token is of one person until one day, and what is revoked stays so'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'api_token_stays';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.name
