"""What the frame functions refuse, however keys come, and that many assessments at once are each as if alone."""

import math
import uuid

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import agreed, perceptions, score_agreed, score_perceptions
from tests.scoring.generated import agreed_frames, assert_same, frames, generated, ratings_frames

NAN = math.nan
KEYS = ["assessment", "decision", "partner", "rater", "rater_partner"]


@pytest.fixture
def agreed_levels():
    rows = [("A", d, p, s, 2, NAN) for d in ("D1", "D2") for p, s in (("N", "north"), ("S", "south"), ("O", "other"))]
    return pd.DataFrame(rows, columns=agreed.COLUMNS).astype({"actual": float})


@pytest.fixture
def ratings():
    sides = {"N": "north", "S": "south", "O": "other"}
    rows = [("A", d, p, sides[p], f"r{o}", o, sides[o], 2.0) for d in ("D1", "D2") for p in sides for o in sides]
    return pd.DataFrame(rows, columns=perceptions.COLUMNS)


def spoil(frame, column, value, row=2):
    """Put one wrong value into one row."""
    spoiled = frame.astype({column: object})
    spoiled.loc[row, column] = value
    return spoiled


WRONG_LEVELS = [5, -1, 2.5, 0.5, math.inf, -math.inf, "3", "x", True, "", 3 + 0j]
WRONG_SIDES = ["North", "east", "", None, NAN, 1]


@pytest.mark.parametrize("value", WRONG_LEVELS)
@pytest.mark.parametrize("column", ["actual", "desired"])
def test_a_wrong_agreed_level_is_named(agreed_levels, column, value):
    score_agreed(spoil(agreed_levels, column, 4))
    with pytest.raises(ValueError, match=rf"^{column}: ") as refused:
        score_agreed(spoil(agreed_levels, column, value))
    assert repr(value) in str(refused.value)


@pytest.mark.parametrize("value", WRONG_LEVELS)
def test_a_wrong_rating_is_named(ratings, value):
    score_perceptions(spoil(ratings, "level", None))
    with pytest.raises(ValueError, match=r"^level: ") as refused:
        score_perceptions(spoil(ratings, "level", value))
    assert repr(value) in str(refused.value)


def test_the_first_of_several_wrong_values_is_named(ratings):
    with pytest.raises(ValueError, match=r"^level: 7"):
        score_perceptions(ratings.assign(level=[2, 3, 7, 9, *[1] * (len(ratings) - 4)]))
    with pytest.raises(ValueError, match=r"^level: '7'"):
        score_perceptions(ratings.assign(level=[2, 3, "7", "9", *[1] * (len(ratings) - 4)]))


def test_levels_that_only_look_like_numbers_are_refused(ratings, agreed_levels):
    with pytest.raises(ValueError, match=r"^level: '2.0'"):
        score_perceptions(ratings.astype({"level": str}))
    with pytest.raises(ValueError, match=r"^actual: True"):
        score_agreed(agreed_levels.astype({"actual": bool}))


@pytest.mark.parametrize("value", WRONG_SIDES)
@pytest.mark.parametrize("column", ["partner_side", "rater_side"])
def test_a_wrong_side_is_named(ratings, agreed_levels, column, value):
    with pytest.raises(ValueError, match=rf"^{column}: ") as refused:
        score_perceptions(spoil(ratings, column, value))
    assert str(value) in str(refused.value)
    if column == "partner_side":
        with pytest.raises(ValueError, match=rf"^{column}: "):
            score_agreed(spoil(agreed_levels, column, value))


def test_a_side_that_is_only_a_category_and_never_used_is_no_error(ratings):
    sides = pd.CategoricalDtype(["west", "other", "south", "north"])
    assert_same(score_perceptions(ratings), score_perceptions(ratings.astype({"partner_side": sides})))


@pytest.mark.parametrize("column", perceptions.COLUMNS)
def test_a_missing_rating_column_is_named(ratings, column):
    with pytest.raises(ValueError, match=rf"^{column}: the column is missing"):
        score_perceptions(ratings.drop(columns=column))


@pytest.mark.parametrize("column", agreed.COLUMNS)
def test_a_missing_agreed_column_is_named(agreed_levels, column):
    with pytest.raises(ValueError, match=rf"^{column}: the column is missing"):
        score_agreed(agreed_levels.drop(columns=column))


@pytest.mark.parametrize("dtype", [object, "category", "str"])
@pytest.mark.parametrize("column", KEYS)
def test_a_missing_key_is_named(ratings, agreed_levels, column, dtype):
    with pytest.raises(ValueError, match=rf"^{column}: (nan|None) is not a key"):
        score_perceptions(spoil(ratings, column, None).astype({column: dtype}))
    if column in agreed.COLUMNS:
        with pytest.raises(ValueError, match=rf"^{column}: (nan|None) is not a key"):
            score_agreed(spoil(agreed_levels, column, None).astype({column: dtype}))


def test_a_duplicate_cell_is_named(agreed_levels):
    with pytest.raises(ValueError, match=r"^assessment, decision, partner: \('A', 'D1', 'O'\) occurs twice"):
        score_agreed(pd.concat([agreed_levels, agreed_levels[2:]]))


def test_a_duplicate_rating_is_named(ratings):
    named = r"^assessment, decision, partner, rater: \('A', 'D1', 'N', 'rO'\) occurs twice"
    for level in (2, NAN):
        with pytest.raises(ValueError, match=named):
            score_perceptions(pd.concat([ratings, ratings[2:3].assign(level=level)]))
    with pytest.raises(ValueError, match=named):
        score_perceptions(pd.concat([ratings, ratings[2:3].assign(rater_partner="S", rater_side="south")]))
    score_perceptions(pd.concat([ratings, ratings[2:3].assign(rater="another")]))


@pytest.mark.parametrize("column", ["partner_side", "rater_side"])
def test_a_partner_with_two_sides_is_named(ratings, column):
    named = rf"^{column}: 'N' is both 'north' and 'south' in assessment 'A'"
    whose = {"partner_side": "partner", "rater_side": "rater_partner"}[column]
    row = ratings.index[ratings[whose] == "N"][1]
    with pytest.raises(ValueError, match=named):
        score_perceptions(spoil(ratings, column, "south", row))


def test_an_agreed_partner_with_two_sides_is_named(agreed_levels):
    with pytest.raises(ValueError, match=r"^partner_side: 'S' is both 'south' and 'other' in assessment 'A'"):
        score_agreed(spoil(agreed_levels, "partner_side", "other", 4))


def test_a_partner_rated_on_one_side_and_rating_from_another_is_named(ratings):
    turned = ratings.assign(rater_side=ratings.rater_side.where(ratings.rater_partner != "N", "south"))
    with pytest.raises(ValueError, match=r"^rater_side: 'N' is both 'north' and 'south'"):
        score_perceptions(turned)


def test_a_partner_may_change_sides_between_assessments(agreed_levels):
    later = agreed_levels.assign(assessment="B", partner_side=agreed_levels.partner_side.replace("north", "other"))
    partners = score_agreed(pd.concat([agreed_levels, later])).partners
    assert list(partners[partners.partner == "N"].side) == ["north", "other"]


def test_neither_frame_is_changed(ratings, agreed_levels):
    for score, frame in (score_perceptions, ratings), (score_agreed, agreed_levels):
        before = frame.copy(deep=True)
        score(frame)
        pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("dtype", [None, "category"])
@pytest.mark.parametrize(
    ("score", "columns"), [(score_agreed, agreed.COLUMNS), (score_perceptions, perceptions.COLUMNS)]
)
def test_empty_frames_give_empty_results_with_their_columns(score, columns, dtype, agreed_levels, ratings):
    full = {score_agreed: agreed_levels, score_perceptions: ratings}[score]
    for frame in full[:0], pd.DataFrame(columns=columns):
        empty = frame.astype({key: dtype for key in KEYS if key in frame}) if dtype else frame
        scores = frames(score(empty))
        assert {name: list(found) for name, found in scores.items()} == {
            name: list(found) for name, found in frames(score(full)).items()
        }
        assert not any(map(len, scores.values()))


def as_integers(frame):
    """Number each column's keys in their order, and say how to go back."""
    shared = {"partner": ["partner", "rater_partner"], "rater_partner": ["partner", "rater_partner"]}
    labels = {
        key: sorted({value for column in shared.get(key, [key]) if column in frame for value in frame[column]})
        for key in KEYS
        if key in frame
    }
    numbers = {key: {label: 10 * i - 5 for i, label in enumerate(names)} for key, names in labels.items()}
    return frame.assign(**{key: frame[key].map(codes).astype(int) for key, codes in numbers.items()}), numbers


def back(scores, numbers):
    found = {}
    for name, frame in frames(scores).items():
        names = {key: {code: label for label, code in numbers[key].items()} for key in KEYS if key in frame}
        found[name] = frame.assign(**{key: frame[key].map(labels) for key, labels in names.items()})
    return found


def as_categories(frame):
    """Store keys and sides as categories in an order of their own, with one that is never used."""
    texts = [column for column in frame if frame[column].dtype != float]
    kinds = {column: pd.CategoricalDtype([*sorted(set(frame[column]), reverse=True), "~"]) for column in texts}
    return frame.astype(kinds)


scored = st.one_of(
    st.tuples(st.just(score_agreed), agreed_frames()), st.tuples(st.just(score_perceptions), ratings_frames())
)


@given(scored)
@generated
def test_strings_integers_and_categories_agree(case):
    score, frame = case
    expected = score(frame)
    assert_same(expected, score(as_categories(frame)))
    assert_same(expected, score(frame.astype({key: object for key in KEYS if key in frame})))
    numbered, numbers = as_integers(frame)
    assert_same(expected, back(score(numbered), numbers))
    assert_same(expected, back(score(as_categories(numbered)), numbers))


def test_codes_that_are_uuids_will_do(ratings):
    code = uuid.UUID(int=7)
    assert list(score_perceptions(ratings.assign(assessment=[code] * len(ratings))).assessments.assessment) == [code]


@given(scored, st.randoms())
@generated
def test_permuting_rows_changes_nothing(case, random):
    score, frame = case
    assert_same(score(frame), score(frame.sample(frac=1, random_state=random.randrange(99))))


@given(scored)
@generated
def test_many_assessments_at_once_equal_each_alone(case):
    score, frame = case
    together = score(frame)
    for code in set(frame.assessment):
        mine = {
            name: found[found.assessment == code].reset_index(drop=True) for name, found in frames(together).items()
        }
        assert_same(score(frame[frame.assessment == code]), mine)


@given(scored)
@generated
def test_integer_levels_are_levels(case):
    score, frame = case
    columns = [column for column in ("actual", "desired", "level") if column in frame]
    assert_same(score(frame), score(frame.astype(dict.fromkeys(columns, "Int64"))))
    whole = frame.dropna(subset=columns)
    assert_same(score(whole), score(whole.astype(dict.fromkeys(columns, int))))
