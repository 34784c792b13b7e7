"""The printed names that go with the numbers in a result."""

from assessments.models import Assessment
from partnerships.models import Kind


def names_of(assessment: Assessment) -> dict:
    """Return the words for what has a number, by number, and for the sides.

    `decisions` {number: words}, `partners` {number: {acronym, name, side, donor}}, `sides` {side: word} and `groups`
    {side: the words for its partners}.
    """
    return {
        "decisions": {one.number: one.said for one in assessment.decisions.active().order_by("number")},
        "partners": {
            number: {"acronym": acronym, "name": name, "side": side, "donor": kind == Kind.DONOR}
            for number, acronym, name, side, kind in assessment.participants.values_list(
                "number", "acronym", "name", "side", "kind"
            )
        },
        "sides": assessment.partnership.side_words(),
        "groups": assessment.partnership.side_groups(),
    }
