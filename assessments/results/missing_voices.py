"""Who is affected but not in the room, as everybody is shown it: at set-up, in the lobby and in the report."""

from assessments.models import Assessment, Question


def absent(assessment: Assessment) -> list[str]:
    return list(assessment.missing_voices.filter(question=Question.ABSENT).values_list("text", flat=True))
