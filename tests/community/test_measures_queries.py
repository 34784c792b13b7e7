"""The inventory's number of queries does not grow with its rows: pinned at 10 and at 1,000 items."""

import pytest
from django.utils import timezone

from community.models import Evidence, GroupKind, Measure, Step, Trial
from community.services import findings
from tests.community.making import lead, the_group
from tests.community.test_measures import make_measure, page
from tests.community.test_queries import counted
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def fill(measure: Measure, n: int) -> None:
    """Make n measures, and n steps, sources and trials of one."""
    now = timezone.now()
    shared = {"group": measure.group, "side": "south", "state": "published", "published_at": now}
    people = [UserFactory() for _ in range(10)]
    factors = findings.factors()
    for number in range(n):
        author = people[number % 10]
        more = Measure.objects.create(
            kind="measure", author=author, title=f"Measure {number}", plain="words", topics=["risk"], **shared
        )
        more.factors.set(factors[:3])
        Step.objects.create(kind="step", author=author, title="Do", text="@lena-lead", whole=measure, **shared)
        evidence = Evidence.objects.create(item=measure, kind="document", title="A report", by=author)
        Trial.objects.create(measure=measure, evidence=evidence, who="Somebody", by=author)


def test_queries_do_not_grow(client):
    leads = lead(group=the_group(GroupKind.MEASURES))
    measure = make_measure(leads)
    client.force_login(leads.user)
    pages = {
        "measures": page("measures") + "?q=words&topic=risk",
        "measure": measure.get_absolute_url(),
        "trial-add": page("trial-add", measure.code),
        "maturity": page("maturity", measure.code),
        "group": measure.group.get_absolute_url(),
    }
    fill(measure, 10)
    few = counted(client, pages)
    fill(measure, 990)
    many = counted(client, pages)
    assert many == few
    assert max(many.values()) <= 26, many
