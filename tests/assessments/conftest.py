"""What most tests of assessments begin with; a module that needs another one has its own under the same name."""

import pytest

from assessments.models import Assessment
from partnerships.models import Membership
from tests.assessments.making import rating


@pytest.fixture
def assessment(cast) -> Assessment:
    """An assessment in which everybody rates."""
    return rating(cast)


@pytest.fixture
def own(cast) -> Membership:
    """The membership of somebody who rates."""
    return cast.membership(cast.south_representative)
