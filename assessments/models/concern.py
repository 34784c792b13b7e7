"""Concerns: sealed for the trusted person. No row says who wrote, or when; no other model or page knows of them."""

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
    told = models.BooleanField(default=False)  # the trusted person was mailed that something waits
