"""The list of a person's assessments, over all her partnerships."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment
from assessments.services.setup import rehearsal
from partnerships.models import Role
from partnerships.page_sizes import ASSESSMENTS
from tests.assessments.making import make_assessment, rating
from tests.factories import make_cast, membership

pytestmark = pytest.mark.django_db


def titles(client, **asked) -> list[str]:
    html = client.get(reverse("assessments:mine"), asked).content.decode()
    return re.findall(r'<h2 class="h3">\s*<a [^>]*>([^<]*)</a>', html)


def test_all_of_ones_partnerships_newest_first_and_nothing_else(client, cast):
    other, foreign = make_cast(), make_cast()
    membership(other.partnership, Role.OBSERVER, other.partners["n1"], user=cast.north_facilitator)
    membership(
        foreign.partnership, Role.OBSERVER, foreign.partners["n1"], user=cast.north_facilitator, admitted_at=None
    )
    for where, title in ((cast, "First"), (other, "Second"), (cast, "Third"), (foreign, "Foreign")):
        make_assessment(where, title=title)
    rehearsal.start(cast.north_facilitator)
    client.force_login(cast.north_facilitator)
    assert titles(client) == ["Third", "Second", "First"]
    assert reverse("assessments:mine") in client.get("/").content.decode()


def test_of_one_stage_page_by_page(client, cast):
    rating(cast, title="Open")
    now = {"partnership": cast.partnership, "mode": "by_side"}
    Assessment.objects.bulk_create(Assessment(title=f"Number {n}", **now) for n in range(2 * ASSESSMENTS))
    client.force_login(cast.north_facilitator)
    first, second = titles(client, stage="collecting"), titles(client, stage="collecting", page="2")
    assert len(first) == len(second) == ASSESSMENTS
    assert len({*first, *second}) == 2 * ASSESSMENTS
    assert titles(client, stage="rating") == ["Open"]
    assert len(titles(client, page="3")) == 1
    assert titles(client, page="4") == []
    for wrong in ("0", "-1", "x", "9" * 30, "²"):
        assert len(titles(client, page=wrong, stage="nowhere")) == ASSESSMENTS
    html = client.get(reverse("assessments:mine"), {"stage": "collecting"}).content.decode()
    assert "?page=2&amp;stage=collecting" in html
    assert "?page=3" not in client.get(reverse("assessments:mine"), {"stage": "collecting", "page": 2}).content.decode()


def test_the_newest_of_each_partnership_are_looked_up_and_the_newest_of_those(cast):
    other, now = make_cast(), timezone.now()
    membership(other.partnership, Role.OBSERVER, other.partners["n1"], user=cast.north_facilitator)
    Assessment.objects.bulk_create(
        Assessment(partnership=where.partnership, title=str(n), mode="by_side", created_at=now - timedelta(hours=n % 5))
        for n in range(12)
        for where in (cast, other)
    )
    mine = Assessment.objects.visible_to(cast.north_facilitator).order_by("-created_at", "-pk")
    for most in (1, 7, 11, 30):
        assert list(Assessment.objects.newest_of(cast.north_facilitator, most)) == list(mine[:most])
