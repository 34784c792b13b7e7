"""The printed names that go with the numbers in a result."""

from assessments.models import Assessment


def names_of(assessment: Assessment) -> dict:
    """Return `decisions` {number: words}, `partners` {number: {acronym, name, side}} and `sides` {side: word}."""
    return {
        "decisions": {one.number: one.said for one in assessment.decisions.active().order_by("number")},
        "partners": {
            number: {"acronym": acronym, "name": name, "side": side}
            for number, acronym, name, side in assessment.participants.values_list("number", "acronym", "name", "side")
        },
        "sides": assessment.partnership.side_words(),
    }
