"""Concerns: sealed for the trusted person. No row says who wrote, or when; no other model or page knows of them.

With each concern and each answer the database writes all rows anew, in random order, so that neither where a row lies
nor which transaction wrote it tells which came last.
"""

import uuid

from django.db import models

from assessments.models.trusted import TrustedPerson


class Concern(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trusted = models.ForeignKey(TrustedPerson, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    writer_digest = models.CharField(max_length=64, unique=True)  # of the writer's code, to find the answer
    writer_key = models.BinaryField()
    answer = models.BinaryField(null=True)  # sealed for the writer


class ConcernMail(models.Model):
    """Something waits for the trusted person; the row goes when her mail is out. It does not say what, nor how much."""

    trusted = models.OneToOneField(TrustedPerson, on_delete=models.CASCADE, primary_key=True, related_name="+")
