"""Every page of the policy papers in a browser, at 360 px."""

import pytest
from django.urls import reverse

from community.models import Choice
from community.services.groups.memberships import writer_of
from community.services.papers import consent_rounds, grounds, publishing, suggestions
from community.services.writing import Content
from partnerships.models import Side
from tests.community.making import make_finding, mutation, reader
from tests.community.papermaking import (
    call,
    closed,
    make_paper,
    make_recommendation,
    make_section,
    people,
    say,
    someone,
    text_of,
)

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = {
    "papers",
    "paper-import",
    "paper",
    "part-new",
    "round-new",
    "paper-publish",
    "section",
    "recommendation",
    "grounds",
    "translate",
    "suggest",
    "suggestion",
    "round",
    "objection-resolve",
    "paper-version",
}
POST_ONLY = {
    "section-move",
    "suggestion-accept",
    "suggestion-decline",
    "round-terms",
    "round-call-off",
    "round-answer",
}


def test_papers(crawl, phone, transactional_db):
    wanda, mina = someone("Wanda Writer"), someone("Mina Member")
    paper = make_paper(wanda, languages=["fr"])
    section, ask, other = (
        make_section(paper, wanda),
        make_recommendation(paper, wanda),
        make_recommendation(paper, wanda),
    )
    grounds.rest_on(ask, make_finding(), wanda.user)
    consent_rounds.translate(ask, writer_of(mina), "fr", "Payer d'avance", "La moitié.")
    consent_rounds.translate(other, writer_of(mina), "fr", "Écouter", "Toujours.")
    content = Content(section.title, "Money comes very late.\n\nAnd so on.")
    suggested = suggestions.suggest(section, writer_of(mina), content, "It is worse.", 1, mutation())
    ended, objector = objected(paper, ask, wanda)
    running = call(paper, other, by=wanda)
    version = publishing.publish(paper, wanda.user, reader(wanda))
    ways = [
        # page, its codes; as the writer and as another member, where both may
        ("papers", [], "wm"),
        ("paper-import", [], "w"),
        ("paper", [paper.code], "wm"),
        ("part-new", [paper.code, "section"], "w"),
        ("part-new", [paper.code, "recommendation"], "w"),
        ("round-new", [paper.code], "w"),
        ("paper-publish", [paper.code], "w"),
        ("section", [section.code], "wm"),
        ("recommendation", [ask.code], "wm"),
        ("grounds", [ask.code], "w"),
        ("translate", [section.code], "m"),
        ("suggest", [section.code], "m"),
        ("suggestion", [suggested.code], "wm"),
        ("round", [ended.code], "wm"),
        ("round", [running.code], "mw"),
        ("objection-resolve", [objector.code], "o"),
        ("paper-version", [version.code], "wm"),
    ]
    pages = {"w": phone(wanda.user), "m": phone(mina.user), "o": phone(objector.by)}
    for place, (name, codes, who) in enumerate(ways):
        for letter in who:
            path = reverse(f"community:{name}", args=codes)
            crawl.visit(pages[letter], path, f"community:{name}", str(place))
    assert crawl.visited == {f"community:{name}" for name in PAGES}


def objected(paper, ask, wanda):
    """Return a round that ended with an objection, and the objection."""
    asked = call(paper, ask, by=wanda)
    say(asked, [*people(Side.NORTH), *people(Side.SOUTH)])
    say(asked, [someone("Olga Objects")], Choice.OBJECTION)
    ended = closed(asked)
    return ended, text_of(ended).answers.get(choice=Choice.OBJECTION)
