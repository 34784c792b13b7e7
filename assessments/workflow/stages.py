"""The stages in the words that pages show: where we are, what is asked, and who will see the answer."""

from typing import TypedDict

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from assessments.models import Assessment, Stage
from assessments.workflow import actions

ORDER = (Stage.COLLECTING, Stage.VOTING, Stage.RATING, Stage.JOINT, Stage.READBACK, Stage.CLOSED)

TITLES = {
    Stage.COLLECTING: gettext_lazy("Decisions"),
    Stage.VOTING: gettext_lazy("Vote"),
    Stage.RATING: gettext_lazy("Private ratings"),
    Stage.JOINT: gettext_lazy("Joint session"),
    Stage.READBACK: gettext_lazy("Read-back"),
    Stage.CLOSED: gettext_lazy("Results and follow-up"),
}

# One sentence for everyone: what is asked, and who will see the answer.
EXPLAINED = {
    Stage.COLLECTING: gettext_lazy(
        "Everybody proposes types of decisions that this partnership takes. Proposals are seen by all members, without "
        "the name of who made them."
    ),
    Stage.VOTING: gettext_lazy(
        "Everyone chooses up to five decisions that matter most. After the vote has ended, facilitators see how often "
        "each decision was chosen, if at least five people voted. They do not see who chose it."
    ),
    Stage.RATING: gettext_lazy(
        "Each representative says alone how much influence every partner has on every decision. The page above the "
        "first question says who sees what."
    ),
    Stage.JOINT: gettext_lazy(
        "Together you find the level you agree on, decision by decision, what you want instead, and what you will do. "
        "All members see what is recorded here."
    ),
    Stage.READBACK: gettext_lazy(
        "Everybody reads back what was agreed. Each organisation may reply; replies are printed in the report under "
        "its name."
    ),
    Stage.CLOSED: gettext_lazy(
        "The result is final. Actions are followed up, and the next assessment can measure the shift."
    ),
}

# Where each side answers together, the stage of the ratings is another one.
BY_SIDE = {
    "title": gettext_lazy("Each side's answer"),
    "explained": gettext_lazy(
        "Within each side, representatives agree on one answer: how much say every partner has in every decision. "
        "Only the side itself sees its answers until they are closed. Then everyone sees them."
    ),
}


def title_of(assessment: Assessment, stage: Stage) -> str | Promise:
    return BY_SIDE["title"] if stage == Stage.RATING and assessment.answers_by_side else TITLES[stage]


def explained(assessment: Assessment) -> str | Promise:
    """Say in one sentence what is asked now, and who will see the answer."""
    stage = Stage(assessment.stage)
    return BY_SIDE["explained"] if stage == Stage.RATING and assessment.answers_by_side else EXPLAINED[stage]


# What the overview offers at each stage: to facilitators the main one first, and what both sides decide together.
AFTER = {stage: actions.offered_at(stage) for stage in ORDER}
BY_BOTH_SIDES = {stage: actions.decided_by_both_at(stage) for stage in ORDER}

PAGES = {
    Stage.COLLECTING: "decisions",
    Stage.VOTING: "vote",
    Stage.RATING: "rate",
    Stage.JOINT: "session",
    Stage.READBACK: "closing",
    Stage.CLOSED: "dashboard",
}


def stages_of(assessment: Assessment) -> list[Stage]:
    """Return the stages that this assessment goes through: no vote unless it takes one, no ratings if it has none."""
    skipped = set()
    if assessment.stage != Stage.VOTING:
        skipped.add(Stage.VOTING)
    if not assessment.private_ratings:
        skipped.add(Stage.RATING)
    return [stage for stage in ORDER if stage not in skipped]


class StageLine(TypedDict):
    """One stage in the list that `parts/steps.html` shows."""

    title: str | Promise
    state: str  # done, current or todo
    url: str


def steps_of(assessment: Assessment) -> list[StageLine]:
    """Return the list of stages for `parts/steps.html`, the current one marked."""
    here = ORDER.index(Stage(assessment.stage))
    return [
        {
            "title": title_of(assessment, stage),
            "state": "done" if ORDER.index(stage) < here else "current" if stage == assessment.stage else "todo",
            "url": _url(assessment, stage) if stage == assessment.stage else "",
        }
        for stage in stages_of(assessment)
    ]


def _url(assessment: Assessment, stage: Stage) -> str:
    return reverse(f"assessments:{PAGES[stage]}", args=[assessment.code]) if stage != Stage.RATING else ""
