"""How the report writes a decision, a level of the matrix and a day."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from partnerships.locales import isolated


def label(row: dict[str, Any]) -> str:
    return f"{row['number']}. {isolated(row['wording'])}"


def matrix_cell(cell: dict[str, Any]) -> dict[str, Any]:
    return {"text": str(cell["text"]), "level": cell["level"], "want": cell["want"], "css": cell["css"]}


def written_day(day: date | None) -> str:
    """Write a day, or the day of a moment, as the active language does."""
    return date_format(timezone.localdate(day) if isinstance(day, datetime) else day or "", "DATE_FORMAT")
