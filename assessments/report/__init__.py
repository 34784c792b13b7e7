"""The report as a tagged PDF. No ORM: takes the content as plain data, in the language it is to have."""

from datetime import datetime
from pathlib import Path

from assessments.charts import colours
from assessments.typeset import typeset

TEMPLATE = Path(__file__).with_name("report.typ")
COLOURS = {"colours": {**colours.SIDES, "levels": colours.LEVELS}}


def pdf(content: dict, made_at: datetime) -> bytes:
    """Set the report's content as a PDF/UA-1."""
    return typeset(TEMPLATE, content | COLOURS, made_at)
