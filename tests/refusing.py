"""Writes that the database refuses."""

import pytest
from django.db import IntegrityError


def refused(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)
