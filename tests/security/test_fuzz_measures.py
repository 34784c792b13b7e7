"""Every URL of the inventory of measures that takes posts, with one field wrong at a time."""

import pytest

from tests.community.test_measures_access import PAGES, addresses, people  # noqa: F401 (fixtures)
from tests.community.test_measures_adopting import action  # noqa: F401 (a fixture)
from tests.security.fuzzing import Post, all_faults
from tests.security.queries import noted, query_faults  # noqa: F401 (a fixture)

STEP = {"base": "0", "mutation": "mutation-1", "title": "Ask", "text": "Whom?", "language": "en", "who": "All"}
POSTS = {
    "adopt": Post("r", {"action": "{action}"}),
    "adopt no more": Post("r", {"action": "{action}", "do": "give-up"}, accepted=False),
    "step-add": Post("m", STEP),
    "step-change": Post("m", {"do": "up"}, accepted=False),
    "step-change out": Post("m", {"do": "out"}),
    "trial-add": Post("w", {"who": "An alliance", "where": "Here"}),
    "trial-remove": Post("w"),
    "maturity": Post("w", {"reason": "Because.", "to": "tried"}, accepted=False),
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
