"""The policy papers in the marked language."""

import pytest

from tests.e2e.test_paper_pages import test_papers  # noqa: F401 (a test)

pytestmark = pytest.mark.django_db(transaction=True)
