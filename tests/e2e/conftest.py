"""Phones that speak the marked language, and what is wrong with the pages that they show."""

from collections.abc import Callable, Iterator

import pytest
from django.utils.translation.trans_real import DjangoTranslation
from playwright.sync_api import Page

from tests.e2e import marked_language as marked
from tests.e2e.crawling import Crawl
from tests.e2e.looks import PHONE


@pytest.fixture(scope="session")
def marked_words(tmp_path_factory) -> DjangoTranslation:
    return marked.marked_words(tmp_path_factory.mktemp("locale"))


@pytest.fixture
def own_words(marked_words) -> Iterator[DjangoTranslation]:
    """Let a language say the marked words, and give its own."""
    with marked.saying(marked_words) as own:
        yield own


@pytest.fixture
def new_crawl(axe, own_words) -> Callable[[], Crawl]:
    return lambda: Crawl(axe, own_words)


@pytest.fixture
def crawl(new_crawl) -> Iterator[Crawl]:
    crawl = new_crawl()
    yield crawl
    assert crawl.faults == {}


@pytest.fixture
def phone(own_words, new_page) -> Callable[..., Page]:
    def phone(user=None) -> Page:
        page = new_page(user, width=PHONE, height=740)
        marked.ask_for(page.context)
        return page

    return phone
