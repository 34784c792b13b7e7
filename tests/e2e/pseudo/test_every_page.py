"""Accounts, partnerships, assessments and the demo, in the marked language."""

import pytest

from tests.e2e.test_every_page import (  # noqa: F401 (tests, and the fixtures they ask for)
    ama,
    partnership_addresses,
    test_accounts,
    test_assessments,
    test_partnerships,
    test_the_demo,
)

pytestmark = pytest.mark.django_db(transaction=True)
