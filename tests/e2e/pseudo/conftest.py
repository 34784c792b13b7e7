"""Phones that speak the marked language, and a crawl that hears what is not marked."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as ours
from playwright.sync_api import Page

from partnerships.templatetags import frame
from tests.e2e.crawling import WIDTH
from tests.e2e.pseudo import spoken


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory) -> Path:
    return spoken.write(spoken.pseudo(spoken.collected()), tmp_path_factory.mktemp("locale"))


@pytest.fixture
def marked_language(catalogue, settings) -> Iterator[None]:
    """Let one language say the catalogue, also in what the frame of pages keeps of it."""
    settings.LOCALE_PATHS = [catalogue]
    frame.rendered.cache_clear()
    yield
    frame.rendered.cache_clear()


@pytest.fixture
def crawl(marked_language) -> Iterator[spoken.PseudoCrawl]:
    crawl = spoken.PseudoCrawl()
    yield crawl
    assert crawl.faults == {}


@pytest.fixture
def phone(marked_language, new_page, live_server) -> Callable[..., Page]:
    cookie = {"name": ours.LANGUAGE_COOKIE_NAME, "value": spoken.LANGUAGE, "url": live_server.url}

    def phone(user=None) -> Page:
        page = new_page(user, width=WIDTH, height=740)
        page.context.add_cookies([cookie])
        return page

    return phone
