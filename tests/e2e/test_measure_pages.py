"""Every page of the measures in a browser, at 360 px."""

import pytest

from tests.community.test_measures_access import PAGES, addresses, people  # noqa: F401 (fixtures)
from tests.community.test_measures_adopting import action  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db(transaction=True)


def test_measures(crawl, phone, people, addresses):  # noqa: F811
    pages = {letter: phone(people[letter]) for letter in "lwra"}
    crawl.visit_room(pages, PAGES, addresses)
    assert crawl.visited == {f"community:{name}" for name, row in PAGES.items() if 200 in row.values()}
