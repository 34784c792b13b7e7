"""The rules of writing: a text that breaks each and one that obeys, and exceptions that are named."""

import pytest
from babel.messages.catalog import Message

from supply import voice
from supply.voice import Text

OBEYS = "You can correct your answers until the facilitators close rating."
TWENTY = " ".join(["word"] * 20) + "."


def rules(words: str, limit: int | None = 20) -> list[str]:
    return [fault.rule for fault in voice.faults(Text("here", words, limit))]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Return a function that writes the docs of an empty project, which has no exceptions and no catalogue texts."""
    monkeypatch.setattr(voice, "HOME", tmp_path)
    monkeypatch.setattr(voice, "EXCEPTIONS", tmp_path / "exceptions.txt")
    (tmp_path / "exceptions.txt").write_text("")
    monkeypatch.setattr(voice, "CATALOGUE", tmp_path / "fr.po")
    (tmp_path / "fr.po").write_text("")
    return (tmp_path / "README.md").write_text


def test_text_that_obeys_has_no_fault():
    assert rules(OBEYS) == []


def test_sentence_has_at_most_twenty_words():
    assert rules(TWENTY) == []
    assert rules(f"More {TWENTY}") == ["a sentence of 21 words"]


def test_sentences_are_counted_one_by_one():
    assert rules(f"{TWENTY} W{TWENTY[1:]}") == []


def test_sentence_of_docs_has_at_most_twenty_eight_words():
    assert rules(f"Seven more words are allowed in here: {TWENTY}", 28) == []
    assert rules(f"And yet nine more are not allowed in here: {TWENTY}", 28) == ["a sentence of 29 words"]


def test_value_and_tag_count_as_the_reader_sees_them():
    assert rules(f'<a href="x" class="y z">%(name)s</a> {TWENTY[5:]}') == []
    assert rules("%(seat)s") == []


@pytest.mark.parametrize(
    ("words", "rule"),
    [("Sent; read it.", "a semicolon"), ("It isn’t here.", 'the contraction "isn’t"')],
)
def test_semicolon_and_contraction_are_faults(words, rule):
    assert rules(words) == [rule]


@pytest.mark.parametrize("words", ["Sent &amp; read.", "The facilitator's page", "Partners’ answers"])
def test_entity_and_possessive_are_no_faults(words):
    assert rules(words) == []


def test_person_who_may_be_anyone_is_they():
    assert rules("A guest opens her page.") == ['"her"']
    assert rules("A guest opens their page. There it is.") == []


@pytest.mark.parametrize(
    ("words", "found", "instead"),
    [
        ("How much say has each partner?", "much say", "influence"),
        ("Hand in my answers", "Hand in", "submit"),
        ("Nobody can read this.", "Nobody", "no one"),
        ("Whom does it concern?", "Whom", "who"),
        ("Levels of the North side", "the North side", "Northern partners"),
        ("Send a mail", "mail", "e-mail"),
        ("95 % of all answers", "95 %", "without a space"),
    ],
)
def test_forbidden_word_names_its_replacement(words, found, instead):
    [fault] = voice.faults(Text("here", words, 20))
    assert fault.rule == f'"{found}"'
    assert instead in fault.instead


@pytest.mark.parametrize(
    "words", ["2 consulted beforehand", "Send an e-mail", "The wall kit", "We say thank you.", "95%"]
)
def test_allowed_twin_of_a_forbidden_word(words):
    assert rules(words) == []


def test_place_of_a_message_is_its_file_and_its_words():
    message = Message(("%(n)s answer", "%(n)s answers; more"), locations=[("templates/x.html", 3)])
    found = list(voice.of_message(message))
    assert [text.place for text in found] == [
        'templates/x.html "%(n)s answer"',
        'templates/x.html "%(n)s answers; more"',
    ]


def test_docs_are_read_in_sentences_without_code():
    page = "# Title\n\nOne\nsentence. Two [links](x;y).\n\n- item `a;b`\n\n```\nno; text\n```\n\n| cell | c |\n"
    found = [(text.place, text.words) for text in voice.of_document("x.md", page)]
    assert found[:2] == [("x.md:1", "Title"), ("x.md:3", "One sentence.")]
    assert found[2:4] == [("x.md:3", "Two links."), ("x.md:6", "item code")]
    assert [words for _place, words in found[4:]] == ["cell", "c"]


def test_line_of_docs_has_at_most_120_characters():
    assert list(voice.of_document("x.md", "a" * 120)) == [Text("x.md:1", "a" * 120, 28)]
    assert rules("a" * 121, None) == ["a line of 121 characters"]
    assert [text.limit for text in voice.of_document("x.md", "a" * 121)] == [28, None]


def test_new_fault_names_place_rule_and_replacement(project, capsys):
    project("Nobody reads this.")
    assert voice.main() == 1
    assert capsys.readouterr().out == 'Voice: README.md:1: "Nobody": no one, or "You cannot …"\n'


def test_only_a_named_exception_may_break_a_rule(project):
    voice.EXCEPTIONS.write_text("# a comment\nNobody reads > a quotation\n")
    project("Nobody reads this.")
    assert voice.main() == 0
    project("Nobody reads this.\n\nNobody writes this.")
    assert voice.main() == 1


def test_exception_without_a_text_is_a_fault(project, capsys):
    voice.EXCEPTIONS.write_text("Nobody reads > a quotation\n")
    project("No one reads this.")
    assert voice.main() == 1
    assert 'exceptions.txt: no text that starts with "Nobody reads" breaks a rule' in capsys.readouterr().out


def test_each_exception_has_a_reason():
    assert all(" > " in line for line in voice.data_lines(voice.EXCEPTIONS))
    assert voice.words()
