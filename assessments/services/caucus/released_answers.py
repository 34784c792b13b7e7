"""What each side answered about one decision in a caucus, for the pages of the joint session; only once released."""

from dataclasses import dataclass, field

from assessments import sentences
from assessments.models import Assessment, Decision, Release
from assessments.sentences.sentence import Text

Sentence = tuple[str, str, Text]  # side, its word, what it said


@dataclass
class OfSides:
    """The gap of each side, whether it agrees, and its levels by the partner's number."""

    gaps: list[Sentence] = field(default_factory=list)
    agrees: list[Sentence] = field(default_factory=list)
    levels: dict[int, list[Sentence]] = field(default_factory=dict)


def of_sides_on(assessment: Assessment, decision: Decision) -> OfSides | None:
    """Return what the sides answered about a decision; None in other modes, and before the release is there."""
    if not (assessment.answers_by_side and assessment.rating_closed_at):
        return None
    release = Release.objects.filter(assessment=assessment).only("data").first()
    if release is None:
        return None
    side_words, number, data = assessment.partnership.side_words(), decision.number, release.data
    answers, there = OfSides(), dict.fromkeys(cell["side"] for cell in data["cells"])
    for cell in data["cells"]:
        if cell["decision"] == number:
            level = "–" if cell["level"] is None else str(cell["level"])
            answers.levels.setdefault(cell["partner"], []).append((cell["side"], side_words[cell["side"]], level))
    gaps: dict = next((row for row in data["decisions"] if row["decision"] == number), {})
    agrees: dict = next((row for row in data["agreements"] if row["decision"] == number), {})
    for side in there:
        gap = sentences.caucus_view(gaps.get(side), {"sides": side_words})
        answers.gaps.append((side, side_words[side], gap.text))
        answers.agrees.append((side, side_words[side], sentences.caucus_agrees(agrees.get(side))))
    return answers
