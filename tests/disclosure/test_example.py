"""The release of the example: two Northern organisations that ticked, five Southern ones that did not, one other."""

import pytest

from assessments.disclosure import release
from tests.disclosure.plain import plain_release
from tests.disclosure.tables import example_ratings

EXPECTED = {
    "D01": (3.0, 3.0), "D02": (0.0, 1.5), "D03": (2.0, 3.0), "D04": (0.0, 1.5), "D05": (2.5, 3.0), "D06": (2.0, 3.0),
    "D07": (-2.0, -1.5), "D08": (0.5, 2.0), "D09": (2.5, 3.0), "D10": (2.0, 3.0), "D11": (-2.0, 0.0), "D12": (3.0, 3.0),
}  # fmt: skip


def test_the_example_by_side():
    released = release(example_ratings(), {"NSF", "FjA", "SFGO"}, "by_side")
    assert {d["decision"]: (d["north"], d["south"]) for d in released["decisions"]} == EXPECTED
    assert released["assessment"] == {
        "north": 1.1,
        "south": 2.0,
        "difference": -0.9,
        "agreement": 0.8,
        "answered": {"north": 2, "south": 5},
    }


@pytest.mark.parametrize("ticks", [(), {"NSF"}, {"NSF", "FjA", "SFGO"}])
@pytest.mark.parametrize("mode", ["by_side", "all_together"])
def test_the_example_is_what_the_rules_say(mode, ticks):
    released = release(example_ratings(), ticks, mode)
    del released["assessment"]["agreement"]
    assert released == plain_release(example_ratings(), ticks, mode)


def test_the_example_hides_the_north_when_one_of_it_refuses():
    released = release(example_ratings(), {"NSF"}, "by_side")
    assert {d["decision"]: (d["north"], d["south"]) for d in released["decisions"]} == {
        d: (None, south) for d, (_, south) in EXPECTED.items()
    }
    assert released["assessment"] | {"agreement": None} == {
        "north": None, "south": 2.0, "difference": None, "agreement": None, "answered": {"north": None, "south": 5},
    }  # fmt: skip


def test_the_example_all_together():
    released = release(example_ratings(), {"NSF"}, "all_together")
    first = {c["partner"]: c["band"] for c in released["cells"] if c["decision"] == "D01"}
    assert first == dict.fromkeys(["RVWN", "LBYA", "CSD", "RAD", "CHC"], "0–1") | {
        "NSF": "3–4",
        "FjA": "3–4",
        "SFGO": "2",
    }
    assert released["assessment"]["answered"] == {"all": 8}
    assert len(released["cells"]) == 96
