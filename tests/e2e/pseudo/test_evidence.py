"""The evidence base in the marked language."""

import pytest

from tests.e2e.test_evidence_pages import addresses, people, test_evidence  # noqa: F401 (and its fixtures)

pytestmark = pytest.mark.django_db(transaction=True)
