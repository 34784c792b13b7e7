"""The measures in the marked language."""

import pytest

from tests.e2e.test_measure_pages import action, addresses, people, test_measures  # noqa: F401 (and its fixtures)

pytestmark = pytest.mark.django_db(transaction=True)
