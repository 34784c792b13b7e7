"""Lists, countries and names of languages, as each language has them."""

import pytest
from django.conf import settings
from django.utils import translation

from partnerships.locales import countries, country_name, language_name, listed


@pytest.mark.parametrize(
    ("language", "two", "three", "choice"),
    [
        ("en", "A and B", "A, B and C", "A, B or C"),
        ("fr", "A et B", "A, B et C", "A, B ou C"),
        ("es", "A y B", "A, B y C", "A, B o C"),
        ("pt", "A e B", "A, B e C", "A, B ou C"),
        ("ar", "A وB", "A وB وC", "A أو B أو C"),
        ("nl", "A en B", "A, B en C", "A, B of C"),
    ],
)
def test_things_are_listed_as_the_language_does(language, two, three, choice):
    with translation.override(language):
        assert (listed("AB"), listed("ABC"), listed("ABC", "or")) == (two, three, choice)
        assert (listed([]), listed(["A"])) == ("", "A")


@pytest.mark.parametrize(("language", "name"), [("en", "Germany"), ("fr", "Allemagne"), ("ar", "ألمانيا")])
def test_a_country_has_its_name_in_the_language(language, name):
    with translation.override(language):
        assert country_name("DE") == name
        assert ("DE", name) in countries()


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_country_has_a_name_in_every_language(language):
    with translation.override(language):
        assert [code for code, name in countries() if name == code] == []
        assert len(countries()) == 249


def test_countries_stand_in_the_order_of_the_language():
    with translation.override("fr"):
        names = [name for _code, name in countries()]
    assert names.index("Égypte") < names.index("Émirats arabes unis") < names.index("Équateur") < names.index("Espagne")


def test_a_sentence_names_a_language_in_the_readers_own():
    with translation.override("nl"):
        assert language_name("fr") == "Frans"
    assert language_name("fr") == "French"
