"""The printed names that go with the numbers in a result."""

from assessments.models import Assessment
from assessments.shapes import Names
from partnerships.models import Kind


def names_of(assessment: Assessment) -> Names:
    """Return the words for what has a number, by number, and for the sides."""
    return {
        "decisions": {
            decision.number or 0: decision.wording_for_reader
            for decision in assessment.decisions.active().order_by("number")
        },
        "partners": {
            number: {"acronym": acronym, "name": name, "side": side, "donor": kind == Kind.DONOR}
            for number, acronym, name, side, kind in assessment.participants.values_list(
                "number", "acronym", "name", "side", "kind"
            )
        },
        "sides": assessment.partnership.side_words(),
        "groups": assessment.partnership.side_groups(),
    }


def partner_name(names: Names, number: int) -> str:
    """Return the name of a partner, empty where there is none with this number."""
    partner = names["partners"].get(number)
    return partner["name"] if partner else ""
