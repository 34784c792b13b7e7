"""Notifications to a person."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnerships.models.accounts import User
from partnerships.triggers import Trigger


class Notification(models.Model):
    """Something a person should know, shown in the app and mailed. Each app owns the words of its kinds."""

    recipient = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=60)
    url = models.CharField(max_length=300, blank=True)
    context = models.JSONField(default=dict, blank=True)
    dedupe = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "partnerships_notice"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["recipient", "-created_at"])]
        constraints = [
            models.UniqueConstraint("recipient", "kind", "dedupe", condition=~Q(dedupe=""), name="notice_once")
        ]
        triggers = [
            Trigger(
                name="rehearsal_tells_nobody",
                operation=pgtrigger.Insert,
                declare=[("codes", "text[] := string_to_array(NEW.url, '/')")],
                func="""
                    IF EXISTS (SELECT 1 FROM partnerships_user WHERE id = NEW.recipient_id
                        AND pretend_in_id IS NOT NULL)
                        OR EXISTS (SELECT 1 FROM partnerships_partnership WHERE is_rehearsal AND code = ANY(codes))
                        OR EXISTS (SELECT 1 FROM assessments_assessment a
                            JOIN partnerships_partnership p ON p.id = a.partnership_id
                            WHERE p.is_rehearsal AND a.code = ANY(codes)) THEN
                        RETURN NULL;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.kind
