"""A page's number of queries does not grow with its rows: pinned at 10 and at 1,000 items."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.models import Comment, Endorsement, Finding, GroupMembership, Item, ModerationEntry, Revision
from community.services import findings
from tests.community.making import lead, make_finding, the_group
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def page_names(item) -> dict[str, str]:
    group = ["understanding"]
    return {
        "groups": reverse("community:groups"),
        "group": reverse("community:group", args=group),
        "people": reverse("community:people", args=group),
        "moderation": reverse("community:moderation", args=group),
        "factors": reverse("community:factors", args=group),
        "feed": reverse("community:feed", args=group),
        "findings": reverse("community:findings") + "?q=words&topic=risk",
        "finding": item.get_absolute_url(),
        "history": reverse("community:history", args=[item.code]),
        "search": reverse("community:search") + "?q=words",
        "latest": reverse("community:search"),
        "write": reverse("community:write", args=[*group, "finding"]),
        "home": "/",
    }


def fill(item: Finding, leads: GroupMembership, n: int) -> None:
    """Make n findings, and n comments, endorsements, versions, reports and members around one of them."""
    now, group = timezone.now(), the_group()
    shared = {"group": group, "side": "south", "state": "published", "published_at": now, "topics": ["risk"]}
    people = [UserFactory() for _ in range(10)]
    factors = findings.factors()
    for number in range(n):
        author = people[number % 10]
        more = Finding.objects.create(
            kind="finding", author=author, title=f"Claim {number}", plain=f"words {number}", tags=["a", "b"], **shared
        )
        more.factors.set(factors[:3])
        Comment.objects.create(
            kind="comment",
            author=author,
            text=f"Words @lena-lead {number}",
            plain="words",
            whole=item,
            on=item,
            **shared,
        )
        ModerationEntry.objects.create(group=group, item=more, verb="reported", actor=author, reason="x")
    others = UserFactory.build_batch(n)
    for other in others:
        other.password = "!"
    others = type(others[0]).objects.bulk_create(others)
    GroupMembership.objects.bulk_create(GroupMembership(group=group, user=user, side="north") for user in others)
    Endorsement.objects.bulk_create(Endorsement(item=item, user=user, side="north", version=1) for user in others)
    last = item.revisions.count()
    Revision.objects.bulk_create(
        Revision(item=item, number=last + k + 1, author=others[k], side="north", mutation=f"m{k}") for k in range(n)
    )
    Item.objects.filter(pk=item.pk).update(version=last + n)


def counted(client, pages: dict[str, str]) -> dict[str, int]:
    found = {}
    for name, address in pages.items():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(address).status_code == 200
        found[name] = len(queries)
    return found


def test_queries_do_not_grow(client):
    leads = lead()
    item = make_finding(leads)
    client.force_login(leads.user)
    fill(item, leads, 10)
    few = counted(client, page_names(item))
    fill(item, leads, 990)
    many = counted(client, page_names(item))
    # Of more than a thousand texts with the words, those with the words in their titles are asked for as well.
    assert many == few | {"search": few["search"] + 1}
    assert max(many.values()) <= 24, many
