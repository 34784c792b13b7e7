"""Lists, countries, names of languages, dates and times, as each language has them."""

from datetime import datetime
from importlib import import_module

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import DateField, DateTimeField
from django.utils import translation
from django.utils.formats import FORMAT_SETTINGS, date_format, get_format, number_format

from partnerships.locales import countries, country_name, isolated, language_name, listed


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


def test_what_is_written_in_another_script_keeps_to_itself():
    assert (isolated("Budget 2"), isolated("ميزانية 2")) == ("Budget 2", "\u2068ميزانية 2\u2069")
    with translation.override("ar"):
        assert isolated("Budget (2)") == "\u2068Budget (2)\u2069"


AT = datetime(2026, 11, 24, 14, 5)
DAY, MOMENT = "24 November 2026", "24 November 2026 at 14:05"
AS_WRITTEN = {
    "DATE_FORMAT": DAY,
    "SHORT_DATE_FORMAT": DAY,
    "DATETIME_FORMAT": MOMENT,
    "SHORT_DATETIME_FORMAT": MOMENT,
    "TIME_FORMAT": "14:05",
    "MONTH_DAY_FORMAT": "24 November",
    "YEAR_MONTH_FORMAT": "November 2026",
}


def test_english_has_british_dates_and_a_24_hour_clock():
    names = {name for name in FORMAT_SETTINGS if name.endswith("_FORMAT")}
    assert {name: date_format(AT, name) for name in names} == AS_WRITTEN
    assert get_format("FIRST_DAY_OF_WEEK") == 1, "Monday"


@pytest.mark.parametrize("written", ["2026-11-24", "24/11/2026", "24/11/26", "24 November 2026", "24 Nov 2026"])
def test_a_day_may_be_written_in_the_british_way(written):
    assert DateField().clean(written) == AT.date()
    with pytest.raises(ValidationError):
        DateField().clean("11/24/2026")


@pytest.mark.parametrize("written", ["2026-11-24 14:05", "24/11/2026 14:05"])
def test_a_moment_may_be_written_in_the_british_way(written):
    assert DateTimeField().clean(written).replace(tzinfo=None) == AT


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES if code != "en"])
def test_dates_of_the_other_languages_are_those_of_django(language):
    django = vars(import_module(f"django.conf.locale.{language}.formats"))
    with translation.override(language):
        assert {name: get_format(name) for name in AS_WRITTEN if name in django}.items() <= django.items()


def test_moments_and_large_numbers_are_written_as_in_arabic():
    with translation.override("ar"):
        assert date_format(AT, "DATETIME_FORMAT") == f"{date_format(AT)}، {date_format(AT, 'TIME_FORMAT')}"
        assert date_format(AT, "SHORT_DATETIME_FORMAT").startswith(date_format(AT, "SHORT_DATE_FORMAT"))
        assert number_format(690000.5, force_grouping=True) == "690.000,5"
        assert number_format(2026.5) == "2026,5"


@pytest.mark.parametrize(("language", "locale"), [("en", "en-GB-u-nu-latn"), ("ar", "ar-u-nu-latn")])
def test_a_page_names_the_locale_for_its_scripts(client, language, locale):
    page = client.get(f"/privacy/?lang={language}").content.decode()
    assert f'data-locale="{locale}"' in page
