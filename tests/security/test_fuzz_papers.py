"""Every URL of policy papers that takes posts, with one field wrong at a time."""

import pytest

from community.models import Item, Recommendation, Section
from community.services.papers import grounds
from tests.community.making import make_finding, member
from tests.community.papermaking import call, make_paper, make_recommendation, make_section
from tests.community.test_papers_access import PAGES, addresses, people  # noqa: F401 (fixtures)
from tests.security.fuzzing import Post, Scene, all_faults, at
from tests.security.queries import noted, query_faults  # noqa: F401 (a fixture)


def second_section(scene: Scene) -> dict[str, str]:
    """Let the paper have another section, which can go up."""
    made = make_section(Section.objects.get().paper, scene.people["w"].group_memberships.get(), "How")
    return at("community", made.code, names=("section-move",))


def a_ground(scene: Scene) -> None:
    """Let the recommendation rest on the finding."""
    for ask in Recommendation.objects.all():
        grounds.rest_on(ask, Item.objects.get(code=scene.codes["finding"]), scene.people["w"])


def waiting_round(scene: Scene) -> dict[str, str]:
    """Let another consent round wait for a translation into French."""
    writes = scene.people["w"].group_memberships.get()
    paper = make_paper(writes, "Pay partners in full", languages=["fr"])
    asked = call(paper, make_recommendation(paper, writes), by=writes)
    return {"round": asked.get_absolute_url()} | at("community", asked.code, names=("round-terms", "round-call-off"))


PART = {"base": "0", "mutation": "mutation-of-the-fuzz", "title": "Why", "text": "So.\n\nMore.", "language": "en"}
POSTS = {
    "paper-import": Post("m", {"title": "Ours", "language": "en", "file": b"# Why\n\nSo.\n"}, sends="file"),
    "part-new": Post("w", PART),
    "round-new": Post("w", {"days": "14"}),
    "paper-publish": Post("w"),
    "section-move": Post("w", {"to": "up"}, state=second_section),
    "grounds": Post("w", {"add": "{finding}"}),
    "grounds removed": Post("w", {"remove": "{finding}"}, state=a_ground),
    "translate": Post("m", {"language": "fr", "title": "Pourquoi", "text": "Voilà."}),
    "suggest": Post("m", PART | {"base": "1", "reason": "It is shorter."}),
    "suggestion-accept": Post("w", {"seen": "1"}),
    "suggestion-decline": Post("w", {"reason": "It says less."}),
    "round-terms": Post("l", {"days": "30"}, page="{round}", state=waiting_round),
    "round-call-off": Post("w", state=waiting_round),
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
