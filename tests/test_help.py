"""The help pages: open to everyone, linked from where questions come up, and written after the rules of texts."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from assessments.guide import CAUCUS, GUIDES
from assessments.ladder import LEVELS
from assessments.promises import PROMISES, UNDER_EACH
from powertool.help import urls
from powertool.help.views import GUIDES_OF_STEPS
from powertool.help.words import WORDS
from tests.assessments import making

pytestmark = pytest.mark.django_db
NAMES = tuple(pattern.name for pattern in urls.urlpatterns)
TEMPLATES = settings.BASE_DIR / "templates"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
# Words of docs/glossary/en.md's column "not", old words and contractions, which the help pages do without.
AVOIDED = re.compile(
    r"\b((a|much|no|less|more|which|gain) say|weight|hand(ed)? in|take back|bring in|mend|session agreement|read-?back"
    r"|seats?|trail|notices?|wall|lead organisation|north side|south side|nobody|nothing|anew|whom|shall|meanwhile"
    r"|thereof|beforehand|she|her|hers|(?<!e-)mails?|\w+n['’]t)\b|;",
    re.I,
)


class Page(HTMLParser):
    """The ids and the links of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.feed(html)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids |= {given["id"] or ""} if "id" in given else set()
        self.links |= {given["href"] or ""} if "href" in given else set()


def html_of(client, name: str) -> str:
    response = client.get(reverse(f"help:{name}"))
    assert response.status_code == 200
    return response.content.decode()


def texts_of(path) -> list[str]:
    """Return the texts of a template that are translated."""
    found = re.findall(r'{% translate "(.*?)"|{% blocktranslate[^%]*%}(.*?){%', path.read_text(), re.S)
    return [one or other for one, other in found]


def own_texts() -> list[str]:
    """Return every text that the help pages do not take from elsewhere."""
    with translation.override("en"):
        listed = [str(text) for word in WORDS for text in (word.term, word.meaning)]
    return listed + [text for path in sorted((TEMPLATES / "help").glob("*.html")) for text in texts_of(path)]


@pytest.mark.parametrize("name", NAMES)
def test_everyone_reads_help_in_every_language(cast, client, name):
    for person in (None, cast.guest, cast.outsider):
        if person:
            client.force_login(person)
        for code in LANGUAGES:
            response = client.get(reverse(f"help:{name}"), {"lang": code})
            assert (response.status_code, f'lang="{code}"' in response.content.decode()) == (200, True)


def test_a_help_page_takes_no_posts(client):
    assert [client.post(reverse(f"help:{name}")).status_code for name in NAMES] == [405] * len(NAMES)


def test_header_and_footer_link_to_help(cast, client):
    link = f'href="{reverse("help:index")}"'
    assert client.get(reverse("home")).content.decode().count(link) == 2
    client.force_login(cast.observer)
    assert client.get(reverse("home")).content.decode().count(link) == 2
    assert link in client.get(reverse("partnerships:join")).content.decode()


def test_every_help_page_is_linked_from_the_first(client):
    links = Page(html_of(client, "index")).links
    assert {reverse(f"help:{name}") for name in NAMES} <= links


def test_every_linked_anchor_of_help_exists(client):
    ids = {name: Page(html_of(client, name)).ids for name in NAMES}
    pattern = re.compile(r'{% url "help:(\w+)" %}#([\w-]+)')
    linked = {found for path in TEMPLATES.rglob("*.html") for found in pattern.findall(path.read_text())}
    assert {("questions", "side"), ("questions", "who-sees-what")} <= linked
    assert {(name, anchor) for name, anchor in linked if anchor not in ids[name]} == set()


def test_the_words_have_an_anchor_and_a_glossary_entry(client):
    glossary = (settings.BASE_DIR / "docs" / "glossary" / "en.md").read_text()
    explained = {term.strip() for line in glossary.splitlines() for term in line.split("|")[1:2]}
    terms = {term for entry in explained for term in (entry, *entry.split(", "))}
    with translation.override("en"):
        assert {str(word.term) for word in WORDS} - terms == set()
    assert {word.anchor for word in WORDS} <= Page(html_of(client, "words")).ids


def test_the_guide_on_help_is_the_whole_guide(client):
    shown = [guide for _step, guides in GUIDES_OF_STEPS for guide in guides]
    every = [CAUCUS, *(guide for guides in GUIDES.values() for guide in guides)]
    assert sorted(map(id, shown)) == sorted(map(id, every))
    assert html_of(client, "facilitate").count("<h4>What to say</h4>") == len(every)


def test_promises_and_ladder_come_from_their_one_place(client):
    questions = html_of(client, "questions")
    said = [str(paragraph) for promise in PROMISES.values() for paragraph in promise]
    assert [line for line in said + [str(line) for line in UNDER_EACH] if escaped(line) not in questions] == []
    assert [word for word in LEVELS.values() if str(word) not in html_of(client, "method")] == []


def escaped(text: str) -> str:
    return text.replace("'", "&#x27;")


def test_help_uses_none_of_the_avoided_words():
    assert len(own_texts()) > 80
    assert {text: found.group() for text in own_texts() if (found := AVOIDED.search(text))} == {}


def test_help_has_no_sentence_of_over_20_words():
    sentences = [sentence for text in own_texts() for sentence in re.split(r"(?<=[.?!:])\s+", text)]
    assert [sentence for sentence in sentences if len(sentence.split()) > 20] == []


def test_help_stays_short():
    assert sum(len(text.split()) for text in set(own_texts())) <= 1200


@pytest.mark.parametrize(
    ("stage", "page", "title"),
    [
        ("collecting", "decisions", "Collecting decisions"),
        ("voting", "vote", "Choosing the decisions"),
        ("closed", "actions", "Following up"),
        ("closed", "dashboard", "Following up"),
    ],
)
def test_only_facilitators_get_the_guide_beside_a_step(cast, client, stage, page, title):
    assessment = making.closed(cast) if stage == "closed" else making.make_assessment(cast)
    if stage == "voting":
        making.step(cast, assessment, "open_voting")
    address = reverse(f"assessments:{page}", args=[assessment.code])
    guide = f"s guide: {title}</summary>"
    client.force_login(cast.south_facilitator)
    assert guide in client.get(address).content.decode()
    client.force_login(cast.north_representative)
    page = client.get(address)
    assert (page.status_code, guide in page.content.decode()) == (200, False)
