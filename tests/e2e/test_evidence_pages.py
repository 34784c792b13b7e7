"""Every page of the evidence base in a browser, at 360 px."""

import pytest

from tests.community.test_evidence_access import PAGES, addresses, people  # noqa: F401 (fixtures)
from tests.e2e.crawling import NOT_PAGES

pytestmark = pytest.mark.django_db(transaction=True)


def test_evidence(crawl, phone, people, addresses):  # noqa: F811
    pages = {letter: phone(people[letter]) for letter in "lmf"}
    crawl.visit_room(pages, PAGES, addresses)
    expected = {f"community:{name}" for name, row in PAGES.items() if 200 in row.values()} - NOT_PAGES
    assert crawl.visited == expected
