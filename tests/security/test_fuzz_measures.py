"""Every URL of the inventory of measures that takes posts, with one field wrong at a time."""

import pytest

from assessments.models import Action
from community.models import MaturityDecision, Measure
from community.services.measures import adoptions, maturity_decisions
from tests.community.test_measures import make_step
from tests.community.test_measures_access import PAGES, addresses, people  # noqa: F401 (fixtures)
from tests.community.test_measures_adopting import action  # noqa: F401 (a fixture)
from tests.security.fuzzing import Post, Scene, all_faults, at
from tests.security.queries import noted, query_faults  # noqa: F401 (a fixture)


def adopted_measure(scene: Scene) -> None:
    """Let the action use the measure."""
    adoptions.adopt(Measure.objects.get(), Action.objects.get(code=scene.codes["action"]), scene.people["r"])


def second_step(scene: Scene) -> dict[str, str]:
    """Let the measure have another step, which can go up."""
    made = make_step(Measure.objects.get(), scene.people["w"].group_memberships.get(), "Keep the order")
    return at("community", made.code, names=("step-change",))


def nobody_asks(scene: Scene) -> None:
    """Let nobody have asked for another maturity of the measure."""
    maturity_decisions.drop(MaturityDecision.objects.get(), scene.people["w"], coordinates=False)


STEP = {"base": "0", "mutation": "mutation-1", "title": "Ask", "text": "Whom?", "language": "en", "who": "All"}
POSTS = {
    "adopt": Post("r", {"action": "{action}"}),
    "adopt no more": Post("r", {"action": "{action}", "do": "give-up"}, state=adopted_measure),
    "step-add": Post("m", STEP),
    "step-change": Post("m", {"do": "up"}, state=second_step),
    "step-change out": Post("m", {"do": "out"}),
    "trial-add": Post("w", {"who": "An alliance", "where": "Here"}),
    "trial-remove": Post("w"),
    "maturity": Post("w", {"reason": "Because.", "to": "tried"}, state=nobody_asks),
    "maturity-decide": Post("l", {"do": "sign"}),
}


@pytest.mark.usefixtures("patient")
def test_no_wrong_field_breaks_and_nobody_refused_changes_a_row(cast, people, addresses, action):  # noqa: F811
    codes = {"foreign": "nothing-here", "action": action.code}
    assert not (wrong := all_faults(POSTS, people, addresses, codes)), wrong


@pytest.mark.usefixtures("patient")
def test_no_wrong_parameter_breaks_changes_a_row_or_comes_back_as_it_is(people, addresses, noted):  # noqa: F811
    names, wrong = query_faults(PAGES, people, addresses, noted)
    assert not wrong, wrong
    assert {"adopted": {"action"}}.items() <= names.items()
