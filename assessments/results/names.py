"""The printed names that go with the numbers in a result."""

from assessments.models import Assessment


def names_of(assessment: Assessment) -> dict:
    """Return `decisions` {number: wording}, `partners` {number: (acronym, name, side)}, `sides` {side: word}."""
    return {
        "decisions": dict(assessment.decisions.standing().order_by("number").values_list("number", "wording")),
        "partners": {
            number: {"acronym": acronym, "name": name, "side": side}
            for number, acronym, name, side in assessment.participants.values_list("number", "acronym", "name", "side")
        },
        "sides": assessment.partnership.side_words(),
    }
