"""The printed names that go with the numbers in a result."""

from assessments.models import Assessment
from assessments.shapes import Names


def names_of(assessment: Assessment) -> Names:
    """Return `decisions` {number: words}, `partners` {number: {acronym, name, side}} and `sides` {side: word}."""
    return {
        "decisions": {one.number or 0: one.said for one in assessment.decisions.active().order_by("number")},
        "partners": {
            number: {"acronym": acronym, "name": name, "side": side}
            for number, acronym, name, side in assessment.participants.values_list("number", "acronym", "name", "side")
        },
        "sides": assessment.partnership.side_words(),
    }


def partner_name(names: Names, number: int) -> str:
    """Return the name of a partner, empty where there is none with this number."""
    partner = names["partners"].get(number)
    return partner["name"] if partner else ""
