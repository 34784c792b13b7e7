"""Search: each text by its own language, best first, harmless, and never what is not for this reader."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.access import reader_of
from community.models import GroupMembership, Item, State, WorkingGroup
from community.services import comments, moderation
from community.services import search as searching
from community.services.groups.memberships import writer_of
from community.services.papers import consent_rounds
from community.services.search import Filters, Listed, excerpts, marked, search
from partnerships import page_sizes
from tests.community.making import lead, make_finding, member, mutation, reader
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def titles(who: GroupMembership, q: str, **filters) -> list[str]:
    return [item.title for item in search(reader(who), Filters(q, **filters))]


@pytest.fixture
def mina():
    return member()


def test_title_before_tag_before_text(mina):
    make_finding(mina, "In the text", "A word on overheads, and on much else.")
    make_finding(mina, "Tagged", "Nothing of it.", tags=["overheads"])
    make_finding(mina, "Overheads", "Nothing of it.")
    make_finding(mina, "Other", "Nothing.")
    assert titles(mina, "overheads") == ["Overheads", "Tagged", "In the text"]


@pytest.mark.parametrize(
    ("language", "text", "q"),
    [
        ("en", "Partners were deciding late", "decided"),
        ("fr", "Les partenaires décidaient tard", "décider"),
        ("es", "Las organizaciones decidieron", "organización"),
        ("pt", "As organizações decidiram", "organização"),
        ("nl", "De beslissingen vallen laat", "beslissing"),
        ("ar", "القرارات المتأخرة", "القرار"),
        ("sw", "Washirika waliamua", "washirika"),
        ("am", "አጋሮች ወሰኑ", "አጋሮች"),
    ],
)
def test_each_text_by_the_dictionary_of_its_language(mina, language, text, q):
    make_finding(mina, "Claim", text, language=language)
    assert titles(mina, q) == ["Claim"]


def test_another_language_has_another_dictionary(mina):
    make_finding(mina, "Claim", "Les partenaires décidaient tard", language="en")
    assert titles(mina, "décider") == []


def test_words_of_a_web_search(mina):
    make_finding(mina, "Late money", "Funds come after the work.")
    make_finding(mina, "Late reports", "They are long.")
    assert titles(mina, "late -money") == ["Late reports"]
    assert titles(mina, '"after the work"') == ["Late money"]
    assert set(titles(mina, "money or reports")) == {"Late money", "Late reports"}
    assert titles(mina, "'\"(:*&|!\\") == []


def test_filters(mina):
    make_finding(mina, "French", language="fr", tags=["budget"], topics=["risk"], translate_me=True)
    make_finding(mina, "English")
    assert (
        titles(mina, "", language="fr")
        == titles(mina, "", tag="Budget")
        == titles(mina, "", topic="risk")
        == ["French"]
    )
    assert titles(mina, "", kind="case") == titles(mina, "", group="change") == []
    assert len(titles(mina, "", kind="finding", group="understanding")) == 2


def test_only_what_this_reader_may_see(mina):
    shown, draft = make_finding(mina, "Zebra shown"), make_finding(mina, "Zebra draft", publish=False)
    hidden = make_finding(mina, "Zebra hidden")
    talk = comments.comment(hidden, writer_of(mina), "zebra in a comment", mutation())
    leads = lead()
    moderation.decide(hidden, leads.user, "hid", "Names a person.")
    other = reader_of(UserFactory())
    assert set(search(other, Filters("zebra"))) == {Item.objects.get(pk=shown.pk)}
    assert {item.pk for item in search(reader(mina), Filters("zebra"))} == {shown.pk, draft.pk, hidden.pk, talk.pk}
    assert {item.pk for item in search(reader(leads), Filters("zebra"))} == {shown.pk, hidden.pk, talk.pk}
    assert not search(reader_of(None), Filters("zebra"))  # type: ignore[arg-type]
    WorkingGroup.objects.update(is_public=True)
    assert [item.pk for item in search(reader_of(None), Filters("zebra"))] == [shown.pk]  # type: ignore[arg-type]


def test_parts_go_with_their_whole(mina):
    draft = make_finding(mina, "Whole", publish=False)
    part = Item.objects.create(
        kind="section",
        group=draft.group,
        whole=draft,
        title="Zebra",
        state=State.PUBLISHED,
        published_at=timezone.now(),
        author=mina.user,
        side="south",
    )
    assert not search(reader_of(UserFactory()), Filters("zebra"))
    Item.objects.filter(pk=draft.pk).update(state=State.PUBLISHED, published_at=timezone.now())
    assert [item.pk for item in search(reader_of(UserFactory()), Filters("zebra"))] == [part.pk]


def test_excerpts_mark_the_words_and_escape_the_rest(mina):
    text = "Before. " * 40 + "Then a < b & zebras \ue000came\ue001 <b>home</b>."
    item = make_finding(mina, "Claim", text)
    excerpt = excerpts([item], "zebra")[item.pk]
    assert excerpt == Listed(reader(mina), Filters("zebra"), "", 10).rows[0].excerpt
    assert "<mark>zebras</mark>" in excerpt
    assert "<b>" not in excerpt
    assert "a &lt; b &amp;" in excerpt
    assert "\ue000" not in excerpt


def test_marks_are_always_in_pairs():
    assert marked("\ue000<a>\ue001 & \ue001 \ue000b") == "<mark>&lt;a&gt;</mark> &amp;  b"


def test_page(client, mina):
    for n in range(11):
        make_finding(mina, f"Zebra {n:02}", tags=["animals"])
    client.force_login(mina.user)
    page = client.get(reverse("community:search"), {"q": "zebra", "tag": "animals", "language": "en"})
    assert b"11 texts" in page.content
    assert b"tag=animals&amp;language=en&amp;page=2" in page.content
    assert b"<mark>Zebra</mark>" in page.content
    second = client.get(reverse("community:search"), {"q": "zebra", "page": "2"})
    assert len(second.context["page"].object_list) == 1


def test_any_word_is_enough_and_more_words_are_better(mina):
    make_finding(mina, "Zebra", "One.")
    make_finding(mina, "Zebra and quagga", "Both.")
    make_finding(mina, "Neither", "None.")
    assert titles(mina, "zebra quagga okapi") == ["Zebra and quagga", "Zebra"]


def test_a_translation_is_found_and_its_words_are_marked(client, mina):
    item = make_finding(mina, "Money comes late", "After the work.")
    consent_rounds.translate(item, writer_of(mina), "fr", "L'argent arrive tard", "Après le travail des organisations.")
    client.force_login(mina.user)
    page = client.get(reverse("community:search"), {"q": "organisation travail"}).content.decode()
    assert "Money comes late" in page
    assert "<mark>travail</mark>" in page


def test_an_older_translation_is_not_found(mina):
    item = make_finding(mina)
    consent_rounds.translate(item, writer_of(mina), "fr", "Avant", "Un zèbre.")
    consent_rounds.translate(item, writer_of(mina), "fr", "Après", "Un quagga.")
    assert titles(mina, "zèbre") == []
    assert titles(mina, "quagga") == ["Money comes late"]


def test_of_very_many_the_best_come_first_and_all_follow(client, mina, monkeypatch):
    """Of more than `MOST`, those with the word in the title are ranked too, and the rest follow, newest first."""
    make_finding(mina, "Zebra of old", "Nothing.")
    for n in range(5):
        make_finding(mina, f"Text {n}", "Zebras.")
    client.force_login(mina.user)
    monkeypatch.setattr(searching, "MOST", 2)
    monkeypatch.setattr(page_sizes, "SEARCH_RESULTS", 4)
    pages = [client.get(reverse("community:search"), {"q": "zebra", "page": n}) for n in ("1", "2")]
    assert b"Many texts contain these words." in pages[0].content
    listed = [item.title for page in pages for item in page.context["page"].object_list]
    assert listed == ["Zebra of old", "Text 4", "Text 3", "Text 2", "Text 1", "Text 0"]


@pytest.mark.parametrize("q", ["zebra", ""])
def test_pages_show_each_text_once_in_one_order(mina, q):
    for n in range(7):
        make_finding(mina, f"Zebra {n}")
    best = [*search(reader(mina), Filters(q))]
    assert best[0].title == "Zebra 6"
    pages = [Listed(reader(mina), Filters(q), str(n), 3).paginator_page() for n in (1, 2, 3, 8, "x")]
    assert [item for page in pages[:3] for item in page.object_list] == best
    assert [page.number for page in pages] == [1, 2, 3, 3, 1]
    assert pages[3].object_list == best[6:]


def test_ten_thousand_texts_are_found_by_the_index(mina):
    Item.objects.bulk_create(
        Item(
            kind="finding",
            group=mina.group,
            author=mina.user,
            side="south",
            state=State.PUBLISHED,
            published_at=timezone.now(),
            title=f"Claim {n}",
            plain=f"words number{n} and others w{n % 50}",
        )
        for n in range(10_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE community_item")
        cursor.execute("SET LOCAL enable_seqscan = off")  # a table of such short rows is as quickly read whole
    found = search(reader(mina), Filters("number77"))
    assert [item.title for item in found] == ["Claim 77"]
    assert "item_search" in found.explain()
    who = reader(mina)
    with CaptureQueriesContext(connection) as asked:
        assert Listed(who, Filters("words"), "", 20).has_more
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked[1]['sql']}")
        assert "item_newest" in str(cursor.fetchall())  # which ends after a thousand, where every text has the word
