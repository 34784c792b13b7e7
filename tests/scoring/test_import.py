"""The method stands alone."""

import subprocess
import sys

import assessments.scoring

PROGRAM = """
import sys
from assessments.scoring import METHOD_VERSION
print(sorted({name.partition(".")[0] for name in sys.modules} & {"django", "celery", "plotly", "krippendorff"}))
"""


def test_the_method_loads_no_web_no_queue_and_no_charts():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "['krippendorff']"


def test_the_method_says_its_version_and_hands_on_its_names():
    assert isinstance(assessments.scoring.METHOD_VERSION, str)
    assert all(hasattr(assessments.scoring, name) for name in assessments.scoring.__all__)
