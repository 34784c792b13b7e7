"""Phones, and what is wrong with the pages that they show."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser import AXE
from tests.e2e.crawling import WIDTH, Crawl


@pytest.fixture
def crawl(axe) -> Iterator[Crawl]:
    crawl = Crawl(axe)
    yield crawl
    assert crawl.faults == {}


@pytest.fixture
def phone(new_page) -> Callable[..., Page]:
    """A phone whose pages all have axe-core: loaded into one after the other it takes a tenth of a crawl."""

    def phone(user=None) -> Page:
        page = new_page(user, width=WIDTH, height=740)
        page.context.add_init_script(path=AXE)
        return page

    return phone
