"""The name, the moment and the digest of a report."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from assessments.models import Assessment


def digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def moment_of(assessment: Assessment) -> datetime:
    """Return the moment that the PDF names: one of the assessment's, so that equal content is equal bytes."""
    return assessment.closed_at or assessment.rating_closed_at or assessment.opened_at or assessment.created_at


def file_name(assessment: Assessment, language: str) -> str:
    """Return a file name of plain letters, whatever the title holds."""
    day: date = timezone.localdate(moment_of(assessment))
    return f"{slugify(assessment.title)[:60] or 'assessment'}-{day.isoformat()}-{slugify(language)}.pdf"
