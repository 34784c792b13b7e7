"""What organisations said of their influence since the last assessment."""

from typing import Any

from assessments.models import Assessment
from assessments.results import influence_change
from assessments.results.presenters import Results


def since_of(assessment: Assessment, results: Results) -> dict[str, Any] | None:
    """Return what organisations said of their say since last time; None where nobody said anything."""
    rows = influence_change.statements_of(assessment, results.compared)
    if not any(row["said"] or row["decisions"] for row in rows):
        return None
    for row in rows:
        row["side_word"] = results.names["sides"][row["side"]]
    return {"words": influence_change.column_texts(), "rows": rows}
