"""What the demo shows of the working groups."""

import pytest

from community.access import reader_of
from community.models import Case, Finding, Membership
from community.sample import fill
from community.services.searching import Filters, search
from tests.factories import make_cast

pytestmark = pytest.mark.django_db


def test_the_first_group_has_something_to_read(client):
    cast = make_cast()
    fill(cast.north_facilitator, cast.south_facilitator, cast.south_representative, cast.outsider, cast.partnership)
    assert Membership.objects.count() == 12
    assert {finding.status for finding in Finding.objects.all()} == {"supported", "proposed"}
    assert Case.objects.get().is_published
    found = search(reader_of(cast.observer), Filters("bailleur"))
    assert [item.language for item in found] == ["fr"]
    client.force_login(cast.observer)
    for finding in Finding.objects.all():
        assert client.get(finding.get_absolute_url()).status_code == 200
