"""Every page of the working groups in a browser, at 360 px."""

import pytest
from django.urls import reverse

from community.services import comments, findings
from community.services.groups.memberships import writer_of
from tests.community.making import make_finding, mutation
from tests.community.test_access import PAGES, addresses, people  # noqa: F401 (fixtures)
from tests.e2e.crawling import NOT_PAGES

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "The type of funding is fixed before partners are heard"
TABLE = "| Who decides | What they decide | Since when |\n|-|-|-|\n| The funders of the North | The budget | 2020 |"


def test_groups(crawl, phone, people, addresses):  # noqa: F811
    pages = {letter: phone(people[letter]) for letter in "lwra"}
    crawl.visit_room(pages, PAGES, addresses)
    draft = make_finding(people["w"].group_memberships.get(), publish=False)
    crawl.visit(pages["w"], reverse("community:discard", args=[draft.code]), "community:discard")
    long = make_finding(people["w"].group_memberships.get(), TITLE, TABLE)
    findings.add_document(long, people["w"], title="A report", source="Somebody", year=2024)
    comments.comment(long, writer_of(people["w"].group_memberships.get()), "A comment.", mutation())
    for name in ("finding", "edit", "history", "compare", "cite"):
        crawl.visit(pages["w"], reverse(f"community:{name}", args=[long.code]), f"community:{name}", "long")
    expected = {f"community:{name}" for name, row in PAGES.items() if 200 in row.values()} - NOT_PAGES
    assert crawl.visited == expected | {"community:discard"}
