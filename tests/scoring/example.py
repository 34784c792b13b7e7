"""The example assessment as frames, and how near a value must be to the published one."""

from pathlib import Path

import pandas as pd
import pytest

DATA = Path(__file__).parents[1] / "data"


def near(value):
    return pytest.approx(value, abs=5e-7, nan_ok=True)


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / "example" / f"{name}.csv").assign(assessment="example")
