"""The heart of the product: nobody learns a level from a release, and the attack that shows it does find leaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.disclosure import release
from tests.disclosure.attack import attack
from tests.disclosure.tables import cases, examples

CLAIMS = ((1, 3), (3, 2))  # all together: against so many colluding organisations, so many levels remain possible


@examples(60)
@given(cases(), st.data())
def test_by_side_no_level_is_certain_even_if_all_others_collude(case, data):
    released = release(case.ratings, case.ticks, "by_side")
    if released["mode"] == "all_together":
        return assert_middle_is_safe(released, case, "by_side", data)
    alone = data.draw(st.sampled_from(case.organisations), label="attacked")
    others = set(case.organisations) - {alone}
    possible = attack(released, case.ratings, case.ticks, "by_side", others, enough=2)
    assert [key for key, levels in possible.items() if len(levels) < 2] == []


@examples(30)
@given(cases(), st.data())
def test_all_together_three_levels_remain_against_one_and_two_against_three(case, data):
    released = release(case.ratings, case.ticks, "all_together")
    assert_middle_is_safe(released, case, "all_together", data)


def assert_middle_is_safe(released, case, mode, data):
    members = data.draw(st.permutations(case.organisations), label="coalition, from the left")
    for size, remain in CLAIMS:
        possible = attack(released, case.ratings, case.ticks, mode, set(members[:size]), enough=remain)
        assert [key for key, levels in possible.items() if len(levels) < remain] == []
