"""The working groups in the marked language."""

import pytest

from tests.e2e.test_group_pages import addresses, people, test_groups  # noqa: F401 (the test and its fixtures)

pytestmark = pytest.mark.django_db(transaction=True)
