"""Phones, and what is wrong with the pages that they show."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.e2e.crawling import WIDTH, Crawl


@pytest.fixture
def crawl(axe) -> Iterator[Crawl]:
    crawl = Crawl(axe)
    yield crawl
    assert crawl.faults == {}


@pytest.fixture
def phone(new_page) -> Callable[..., Page]:
    return lambda user=None: new_page(user, width=WIDTH, height=740)
