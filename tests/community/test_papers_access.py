"""Who gets in where: the pages of papers, asked by everybody in the same set-up."""

import pytest
from django.urls import reverse

from community import tasks
from community.models import Choice, ConsentAnswer, Item, WorkingGroup
from community.services.groups.memberships import writer_of
from community.services.papers import publishing, suggestions
from community.services.writing import Content
from community.urls import urlpatterns
from partnerships.models import Side
from tests.community.making import mutation, reader
from tests.community.papermaking import (
    call,
    change,
    closed,
    leader,
    make_paper,
    make_recommendation,
    make_section,
    say,
    someone,
    text_of,
)
from tests.community.test_access import LEADS, MEMBERS, POST_ONLY_MEMBERS, READERS, undone
from tests.factories import GuestFactory, UserFactory

# Status by person: a(nonymous) g(uest) o(utsider: an account, in no group) m(ember, who objected and suggested)
# w(riter of the paper, hence editor) l(ead) e(ditor named by the writer).
PEOPLE = "agomwle"
EVERYBODY = {**READERS, "e": 200}
PARTS = {**MEMBERS, "e": 200}
EDITORS = {**PARTS, "m": 403}
POST_ONLY = {**POST_ONLY_MEMBERS, "e": 405}
PAGES = {
    "papers": EVERYBODY,
    "paper-import": PARTS,
    "paper": EVERYBODY,
    "part-new": EDITORS,
    "round-new": EDITORS,
    "paper-publish": EDITORS,
    "section": EVERYBODY,
    "section-move": POST_ONLY,
    "recommendation": EVERYBODY,
    "grounds": EDITORS,
    "translate": PARTS,
    "suggest": PARTS,
    "suggestion": EVERYBODY,
    "suggestion-accept": POST_ONLY,
    "suggestion-decline": POST_ONLY,
    "round": EVERYBODY,
    "round-terms": POST_ONLY,
    "round-call-off": POST_ONLY,
    "round-answer": POST_ONLY,
    "objection-resolve": {**EVERYBODY, **dict.fromkeys("owle", 404)},
    "paper-version": EVERYBODY,
    "paper-files": EVERYBODY,
    "paper-file": EVERYBODY,
}
# What a post without the fields gets; 302 also where a rule says no politely.
DONE = {**PARTS, **dict.fromkeys("mwle", 302)}
BY_EDITORS = {**DONE, "m": 403}
POSTS = {
    "paper-import": {**PARTS, **dict.fromkeys("mwle", 422)},
    "part-new": {**EDITORS, **dict.fromkeys("wle", 422)},
    "round-new": {**EDITORS, **dict.fromkeys("wle", 422)},
    "paper-publish": BY_EDITORS,
    "section-move": BY_EDITORS,
    "grounds": {**EDITORS, **dict.fromkeys("wle", 404)},
    "translate": {**PARTS, **dict.fromkeys("mwle", 422)},
    "suggest": {**PARTS, **dict.fromkeys("mwle", 422)},
    "suggestion-accept": BY_EDITORS,
    "suggestion-decline": {**EDITORS, **dict.fromkeys("wle", 422)},
    "round-terms": {**LEADS, "e": 403, "l": 302},
    "round-call-off": BY_EDITORS,
    "round-answer": {**PARTS, **dict.fromkeys("mwle", 422)},
    "objection-resolve": {**EVERYBODY, **dict.fromkeys("owle", 404)},
}


@pytest.fixture
def people(db):
    return {
        "a": None,
        "g": GuestFactory(),
        "o": UserFactory(name="Otto Outsider"),
        "m": someone("Mina Member").user,
        "w": someone("Wanda Writer").user,
        "l": leader().user,
        "e": someone("Eda Editor", Side.NORTH).user,
    }


@pytest.fixture
def addresses(people):
    writes, mina = people["w"].group_memberships.get(), people["m"].group_memberships.get()
    paper = make_paper(writes)
    paper.editors.add(people["e"])
    section, ask = make_section(paper, writes), make_recommendation(paper, writes)
    over = call(paper, ask, by=writes)
    say(over, [mina], Choice.OBJECTION)
    closed(over)
    suggested = suggestions.suggest(section, writer_of(mina), Content("Why", "Other."), "So.", 1, mutation())
    version = publishing.publish(paper, people["w"], reader(writes))
    tasks.make_paper_file(version.files.get(format="docx").pk)
    objection = ConsentAnswer.objects.get()
    opened = call(paper, make_recommendation(paper, writes, "Another"), by=writes)
    codes = {
        "part-new": {"code": paper.code, "kind": "section"},
        "section": {"code": section.code},
        "section-move": {"code": section.code},
        "recommendation": {"code": ask.code},
        "grounds": {"code": ask.code},
        "translate": {"code": section.code},
        "suggest": {"code": section.code},
        "round": {"code": opened.code},
        "objection-resolve": {"code": objection.code},
        "paper-file": {"code": version.code, "wanted": "docx"},
        "round-answer": {"code": opened.code, "recommendation": text_of(opened).recommendation.code},
    }

    def address(name: str) -> str:
        beginnings = {"suggestion": suggested, "round": opened, "paper-version": version, "paper-files": version}
        found = next((one for start, one in beginnings.items() if name.startswith(start)), paper)
        found = paper if name == "round-new" else found
        bare = {} if name in {"papers", "paper-import"} else {"code": found.code}
        return reverse(f"community:{name}", kwargs=codes.get(name, bare))

    return {name: address(name) for name in PAGES}


def test_every_page_has_a_row():
    assert {one.name for one in urlpatterns if ".views.papers." in one.callback.__module__} == set(PAGES)


@pytest.mark.parametrize("who", PEOPLE)
def test_access(client, people, addresses, who):
    if user := people[who]:
        client.force_login(user)
    found = {name: client.get(address).status_code for name, address in addresses.items()}
    assert found == {name: row[who] for name, row in PAGES.items()}


@pytest.mark.parametrize("who", PEOPLE)
def test_writes(client, people, addresses, who):
    if user := people[who]:
        client.force_login(user)
    found = {
        page: undone(client, lambda page=page: client.post(addresses[page], {"do": "save"}).status_code)
        for page in POSTS
    }
    assert found == {page: row[who] for page, row in POSTS.items()}


def test_public_papers_are_read_by_anybody(client, people, addresses):
    WorkingGroup.objects.filter(pk=change().pk).update(is_public=True)
    found = {name for name, address in addresses.items() if client.get(address).status_code == 200}
    assert found == {
        "papers",
        "paper",
        "section",
        "recommendation",
        "suggestion",
        "round",
        "paper-version",
        "paper-files",
        "paper-file",
    }


def test_what_belongs_to_a_draft_is_not_reached(client, people, addresses):
    Item.objects.filter(kind="paper").update(state="draft", author=people["e"])
    client.force_login(people["l"])
    found = {name: client.get(address).status_code for name, address in addresses.items()}
    hidden = {"paper", "section", "recommendation", "suggestion", "round", "paper-version", "paper-file", "suggest"}
    assert {found[name] for name in hidden} == {404}
