"""What is asked at each stage and who will see the answer, and what the assessment's page offers there."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from assessments.models import Assessment, Stage
from assessments.workflow import actions

ORDER = (Stage.COLLECTING, Stage.VOTING, Stage.RATING, Stage.JOINT, Stage.FINAL_REVIEW, Stage.CLOSED)

# One sentence for everyone: what is asked, and who will see the answer.
EXPLAINED = {
    Stage.COLLECTING: gettext_lazy(
        "Everyone proposes types of decision that this partnership takes. All members see the proposals, but not the "
        "names of the people who made them."
    ),
    Stage.VOTING: gettext_lazy(
        "Everyone chooses up to five decisions that matter most. After the vote has ended, facilitators see how often "
        "each decision was chosen, if at least five people voted. They do not see who chose it."
    ),
    Stage.RATING: gettext_lazy(
        "Each representative says privately how much influence every partner has on every decision. Above the first "
        "question, they can read who will see what."
    ),
    Stage.JOINT: gettext_lazy(
        "Together, you agree on levels, decision by decision. You also say what you want instead, and what you will "
        "do. All members see what is recorded at this stage."
    ),
    Stage.FINAL_REVIEW: gettext_lazy(
        "Everyone rereads what was agreed. Each organisation may reply. Its reply is printed in the report under its "
        "name."
    ),
    Stage.CLOSED: gettext_lazy(
        "The result is final. Partners follow up the actions, and the next assessment can measure the change."
    ),
}

EXPLAINED_BY_SIDE = gettext_lazy(
    "Within each side, representatives agree on one answer: how much influence every partner has on every decision. "
    "Only the side itself can see its answers until answering closes. Then everyone can see them."
)


def explained(assessment: Assessment) -> str | Promise:
    """Say in one sentence what is asked now, and who will see the answer."""
    stage = Stage(assessment.stage)
    return EXPLAINED_BY_SIDE if stage == Stage.RATING and assessment.answers_by_side else EXPLAINED[stage]


# What the overview offers at each stage: to facilitators the main one first, and what both sides decide together.
AFTER = {stage: actions.offered_at(stage) for stage in ORDER}
BY_BOTH_SIDES = {stage: actions.decided_by_both_at(stage) for stage in ORDER}
