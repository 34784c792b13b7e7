"""Merging by paragraph: what one changed is taken, what both changed is asked, and nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from community.comparing import compare
from community.merging import MOST_PARAGRAPHS, Conflict, conflicts, joined, merge, paragraphs, resolved

BASE = "Money comes late.\n\nReports are long.\n\nNobody asks us."
text = st.lists(st.sampled_from(["a b c", "a b d", "x y", "z", "long words here", "long words there"]), max_size=7)
texts = text.map(joined)


def test_neighbouring_paragraphs_changed_by_two_people_both_survive():
    theirs = BASE.replace("Reports are long.", "Reports are far too long.")
    mine = BASE.replace("Nobody asks us.", "Nobody asks us first.")
    assert joined(merge(BASE, theirs, mine)) == (
        "Money comes late.\n\nReports are far too long.\n\nNobody asks us first."
    )


def test_paragraphs_put_in_at_one_place_both_stay():
    assert merge("A", "A\n\ntheirs", "A\n\nmine") == ["A", "theirs", "mine"]


def test_the_same_change_is_made_once():
    assert merge("A\n\nB", "A\n\nC\n\nD", "A\n\nC\n\nD") == ["A", "C", "D"]


def test_one_paragraph_changed_by_both_is_asked():
    pieces = merge("We decide.", "We decide little.", "We decide late.")
    assert pieces == [Conflict("We decide.", "We decide little.", "We decide late.")]


def test_deleted_by_one_and_changed_by_the_other_is_asked():
    assert conflicts(merge("A\n\nB one", "A", "A\n\nB two"))[0] == Conflict("B one", "", "B two")
    assert merge("A\n\nB", "A", "A\n\nB") == ["A"]


def test_answers_go_where_the_conflicts_are():
    pieces = merge("a 1\n\nb\n\nc 1", "a 2\n\nb\n\nc 2", "a 3\n\nb\n\nc 3")
    assert resolved(pieces, ["first", "second"]) == "first\n\nb\n\nsecond"


@given(texts, texts)
def test_without_another_change_mine_is_what_i_wrote(base, mine):
    assert joined(merge(base, base, mine)) == mine
    assert joined(merge(base, mine, base)) == mine
    assert joined(merge(base, mine, mine)) == mine


@given(texts, texts, texts)
def test_what_somebody_wrote_is_there_or_asked(base, theirs, mine):
    pieces = merge(base, theirs, mine)
    there = {piece for piece in pieces if isinstance(piece, str)}
    asked = conflicts(pieces)
    written = (set(paragraphs(theirs)) | set(paragraphs(mine))) - set(paragraphs(base))
    assert written <= there | {one.theirs for one in asked} | {one.mine for one in asked}


@given(texts, texts)
def test_comparison_holds_both_texts(before, after):
    blocks = compare(before, after)
    old = ["".join(s.text for s in b.spans if s.mark != "ins") for b in blocks if b.mark != "ins"]
    new = ["".join(s.text for s in b.spans if s.mark != "del") for b in blocks if b.mark != "del"]
    assert joined(old) == before
    assert joined(new) == after


def test_comparison_marks_words():
    (block,) = compare("Partners decide late.", "Partners decide early.")
    assert [(span.mark, span.text) for span in block.spans] == [
        ("same", "Partners decide "),
        ("del", "late"),
        ("ins", "early"),
        ("same", "."),
    ]


def test_texts_made_to_be_slow_are_compared_and_merged():
    """Few different paragraphs and words, many times: the hardest there is for a matcher."""
    words = " ".join(f"w{n % 7}" for n in range(10_000))
    assert [span.mark for span in compare(words, words[::-1])[0].spans] == ["del", "ins"]
    runs = [joined(f"{(n * step) % 13}" for n in range(MOST_PARAGRAPHS)) for step in (1, 2, 5)]
    assert merge(*runs)
    assert compare(runs[0], runs[1])
