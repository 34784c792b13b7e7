"""The catalogues: every text of code, templates and mails is there in every language, and says what it must."""

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings

from tests.english import OTHERS

ROOT = settings.BASE_DIR
FOLDERS = ("assessments", "community", "partnerships", "powertool", "templates")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?[a-z][^>]*>")
# The same word in that language, or no word at all. Whoever adds one here has read it.
# fmt: off
SAME = {
    "": {"Power Awareness Tool", "JSON", "Total"},
    "fr": {
        "%(count)s transaction", "%(kind)s, %(status)s, version %(version)s", "%(n)s transaction",
        "%(year)s (%(count)s transaction)", "Action", "Actions", "Budget", "Code", "Date", "Dates", "E-mail", "E-mails",
        "Guides", "Invitation", "Messages", "Minutes", "Moment", "Notifications", "Objection", "Organisation",
        "Organisation %(rater)s", "Organisations", "Original", "Page", "Pages", "Pause", "Position", "Question",
        "Suggestions", "Version %(n)s", "Version %(number)s, %(date)s", "Versions", "action", "document", "influence",
        "minutes", "moment", "publications", "section",
    },
    "es": {"Agenda", "Factor", "Cause %(number)s", "No", "Original", "agenda", "no"},
    "pt": {"Agenda", "E-mail", "E-mails", "Feeds", "Original", "agenda", "link"},
    "ar": set(),
    "nl": {
        "Agenda", "Browser", "Budget", "Code", "Dashboard", "E-mail", "E-mails", "Factor", "Cause %(number)s",
        "Feeds", "Help", "Later", "Parameters", "Partner", "Partners", "Status", "agenda", "document", "donor",
        "ladder", "link", "moment", "open", "status",
    },
}
# fmt: on


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


@cache
def translated(code: str) -> Catalog:
    return catalogue(ROOT / "locale" / code / "LC_MESSAGES" / "django.po")


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Catalog:
    """The texts that stand in the code today, collected as `make messages` does."""
    if shutil.which("xgettext") is None:
        pytest.fail("GNU gettext was not found: run `make gettext`", pytrace=False)
    folder = tmp_path_factory.mktemp("texts")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.mo", "__pycache__", "migrations"))
    command = [sys.executable, "-m", "django", "makemessages", "--locale=fr", "--no-wrap", "--no-obsolete"]
    (folder / "locale").mkdir()
    plain = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=folder, env=plain, check=True, capture_output=True)  # noqa: S603
    return catalogue(folder / "locale" / "fr" / "LC_MESSAGES" / "django.po")


def key(message: Message) -> tuple:
    return message.context, message.id


def texts(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def entries(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


@pytest.mark.parametrize("code", OTHERS)
def test_the_catalogue_has_just_the_texts_of_the_code(source, code):
    """Red after a text was added or changed: run `make messages` and translate what is empty."""
    now, kept = ({key(one) for one in entries(catalog)} for catalog in (source, translated(code)))
    assert now - kept == set()
    assert kept - now == set()


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_is_empty_or_fuzzy(code):
    assert [one.id for one in entries(translated(code)) if not all(forms(one))] == []
    assert [one.id for one in entries(translated(code)) if one.fuzzy] == []


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_is_left_in_english(code):
    same = SAME[""] | SAME[code]
    left = [
        one.id
        for one in entries(translated(code))
        if forms(one)[0] == texts(one)[0]
        and re.search(r"[^\W\d_]{2}", PLACEHOLDER.sub("", texts(one)[0]))
        and texts(one)[0] not in same
    ]
    assert left == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_translation_has_the_placeholders_of_its_text(code):
    """A plural form may say its number in words; none may name what the code does not give."""
    wrong = []
    for one in entries(translated(code)):
        allowed = set(PLACEHOLDER.findall(" ".join(texts(one))))
        for form in forms(one):
            found = set(PLACEHOLDER.findall(form))
            if found - allowed or (len(forms(one)) == 1 and found != allowed):
                wrong.append((one.id, form))
    assert wrong == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_has_all_plural_forms(code):
    catalog = translated(code)
    plural = [one for one in entries(catalog) if not isinstance(one.id, str)]
    assert plural
    assert {len(one.string) for one in plural} == {catalog.num_plurals}


@pytest.mark.parametrize("code", OTHERS)
def test_a_catalogue_says_that_it_awaits_review(code):
    assert "Awaiting review by native speakers" in translated(code).header_comment
