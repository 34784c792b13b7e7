"""The short keys of what devices send: read by their words, and by nothing else."""

import pytest

from assessments.services.wire_keys import ANSWER, CELL, HAND_IN, HAND_IN_RECEIPT, readable, shortened


def test_an_object_is_read_by_its_words_without_what_is_no_key():
    assert readable({"d": 3, "decision": 4, "z": 5, "l": None}, ANSWER) == {"decision": 3, "level": None}


@pytest.mark.parametrize("sent", [[], None, "d", 7])
def test_what_is_no_object_is_refused(sent):
    with pytest.raises(TypeError):
        readable(sent, ANSWER)


@pytest.mark.parametrize("keys", [ANSWER, CELL, HAND_IN, HAND_IN_RECEIPT])
def test_what_is_shortened_is_read_again(keys):
    told = {word: number for number, word in enumerate(keys.values())}
    assert len(told) == len(keys)
    assert readable(shortened(told, keys), keys) == told


def test_a_word_without_a_key_is_refused():
    with pytest.raises(KeyError):
        shortened({"partnership": 1}, ANSWER)
