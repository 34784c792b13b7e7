"""Every URL of policy papers that takes posts, with one field wrong at a time."""

import pytest

from tests.community.making import make_finding, member
from tests.community.test_papers_access import PAGES, addresses, people  # noqa: F401 (fixtures)
from tests.security.fuzzing import Post, all_faults
from tests.security.queries import noted, query_faults  # noqa: F401 (a fixture)

PART = {"base": "0", "mutation": "mutation-of-the-fuzz", "title": "Why", "text": "So.\n\nMore.", "language": "en"}
POSTS = {
    "paper-import": Post("m", {"title": "Ours", "language": "en", "file": b"# Why\n\nSo.\n"}, sends="file"),
    "part-new": Post("w", PART),
    "round-new": Post("w", {"days": "14"}),
    "paper-publish": Post("w"),
    "section-move": Post("w", {"to": "up"}, accepted=False),
    "grounds": Post("w", {"add": "{finding}"}),
    "grounds removed": Post("w", {"remove": "{finding}"}, accepted=False),
    "translate": Post("m", {"language": "fr", "title": "Pourquoi", "text": "Voilà."}),
    "suggest": Post("m", PART | {"base": "1", "reason": "It is shorter."}),
    "suggestion-accept": Post("w", {"seen": "1"}),
    "suggestion-decline": Post("w", {"reason": "It says less."}),
    "round-terms": Post("l", {"days": "30"}, accepted=False),
    "round-call-off": Post("w", accepted=False),
    "round-answer": Post("m", {"choice": "objection", "reason": "No.", "proposal": "Rather so."}),
    "objection-resolve": Post("m", {"because": "It was reworded."}),
}


@pytest.mark.usefixtures("patient")
def test_no_wrong_field_breaks_and_nobody_refused_changes_a_row(people, addresses):  # noqa: F811
    codes = {"foreign": "nothing-here", "finding": make_finding(member("Dora")).code}
    assert not (wrong := all_faults(POSTS, people, addresses, codes)), wrong


@pytest.mark.usefixtures("patient")
def test_no_wrong_parameter_breaks_changes_a_row_or_comes_back_as_it_is(people, addresses, noted):  # noqa: F811
    names, wrong = query_faults(PAGES, people, addresses, noted)
    assert not wrong, wrong
    assert {"paper-files": {"done"}}.items() <= names.items()
