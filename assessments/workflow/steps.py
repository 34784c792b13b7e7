"""The five steps of an assessment, under the same five names everywhere."""

from enum import IntEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.models import Assessment, Stage


class Step(IntEnum):
    PREPARE = 1
    ANSWER = 2
    MEET = 3
    REVIEW = 4
    RESULTS = 5


NAMES: dict[Step, str | Promise] = {
    Step.PREPARE: pgettext_lazy("step of an assessment", "Prepare"),
    Step.ANSWER: pgettext_lazy("step of an assessment", "Answer"),
    Step.MEET: pgettext_lazy("step of an assessment", "Meet"),
    Step.REVIEW: _("Final review"),
    Step.RESULTS: pgettext_lazy("step of an assessment", "Results"),
}
OF_STAGE = {
    Stage.COLLECTING: Step.PREPARE,
    Stage.VOTING: Step.PREPARE,
    Stage.RATING: Step.ANSWER,
    Stage.JOINT: Step.MEET,
    Stage.FINAL_REVIEW: Step.REVIEW,
    Stage.CLOSED: Step.RESULTS,
}


def step_of(assessment: Assessment) -> Step:
    """Return the step that an assessment is at."""
    return OF_STAGE[Stage(assessment.stage)]


def steps_of(assessment: Assessment) -> dict[Step, int]:
    """Return the steps of an assessment, each with its number: without private ratings, nobody answers alone."""
    steps = (step for step in Step if step != Step.ANSWER or assessment.private_ratings)
    return {step: number for number, step in enumerate(steps, start=1)}
