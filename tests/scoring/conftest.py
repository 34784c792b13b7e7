"""Fixtures of the example assessment."""

import pandas as pd
import pytest

from tests.scoring.example import read


@pytest.fixture(scope="session")
def sides() -> pd.Series:
    """The side of each partner by acronym."""
    return read("partners").set_index("acronym").side
