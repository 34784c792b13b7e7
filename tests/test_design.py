"""What a machine can hold of docs/design.md: no inline code, small style sheets, readable colours, one set of words."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string

from assessments.ladder import LEVELS, NOT_SHOWN

ROOT = settings.BASE_DIR
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SPRITE = (ROOT / "static" / "icons.svg").read_text()
INLINE = {
    "style attribute": re.compile(r"<[a-z][^>]*\sstyle=", re.I),
    "style element": re.compile(r"<style", re.I),
    "event attribute": re.compile(r"<[a-z][^>]*\son[a-z]+=", re.I),
    "hx-on": re.compile(r"\shx-on[:=-]"),
    "script with a body": re.compile(r"<script(?![^>]*\b(src=|application/json))[^>]*>", re.I),
}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_template_has_no_inline_code(path):
    text = re.sub(r"{% comment %}.*?{% endcomment %}|{#.*?#}", "", path.read_text(), flags=re.S)
    assert [name for name, pattern in INLINE.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_template_compiles(path):
    get_template(named(path))


def test_every_icon_that_a_page_uses_is_drawn():
    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', SPRITE))
    used = set()
    for path in TEMPLATES:
        used |= set(re.findall(r'icons\.svg" %}#([a-z-]+)"', path.read_text()))
        used |= set(re.findall(r'\bicon="([a-z-]+)"', path.read_text()))
    assert used - drawn == set()


@pytest.mark.parametrize(("sheet", "budget"), [("site.css", 20_000), ("rate.css", 8_000)])
def test_style_sheet_stays_small(sheet, budget):
    assert len(gzip.compress((ROOT / "build" / "assets" / sheet).read_bytes())) <= budget


def colours(scheme: str) -> dict[str, str]:
    """Return the colour tokens of a scheme, from the source."""
    text = (ROOT / "styles" / "_tokens.scss").read_text()
    light, dark, _print = re.split(r"@media", text)
    pattern = r"--([a-z0-9-]+): (#[0-9a-f]{3,6});"
    return dict(re.findall(pattern, light)) | (dict(re.findall(pattern, dark)) if scheme == "dark" else {})


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2, 1 to 21."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#fff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)


TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "accent", "danger", "warn") for ground in ("paper", "surface")),
    *(("ink", ground) for ground in ("sunken", "accent-soft", "warn-soft", "danger-soft")),
    ("on-accent", "accent"), ("ink-2", "sunken"),
    ("danger", "danger-soft"), ("warn", "warn-soft"), ("accent-2", "accent-soft"),
]  # fmt: skip
SHAPES = [(shape, ground) for shape in ("north", "south", "other", "line-strong") for ground in ("paper", "surface")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_shapes_stand_out(scheme):
    of = colours(scheme)
    faint = [(ink, ground) for ink, ground in TEXT if contrast(of[ink], of[ground]) < 4.5]
    faint += [(shape, ground) for shape, ground in SHAPES if contrast(of[shape], of[ground]) < 3]
    assert faint == []


def test_digits_can_be_read_on_every_level():
    of = colours("light")
    marks = (ROOT / "styles" / "_marks.scss").read_text()
    written = dict(re.findall(r"--fill: var\(--(lv-\d)\); --on: (#[0-9a-f]{3,6});", marks))
    assert sorted(written) == [f"lv-{level}" for level in range(5)]
    assert {level: of[level] for level, on in written.items() if contrast(of[level], on) < 4.5} == {}


def test_sides_and_levels_keep_their_colours_in_the_dark():
    fixed = ["north", "south", *(f"lv-{level}" for level in range(5))]
    expected = ["#0072b2", "#d55e00", "#eff3ff", "#bdd7e7", "#6baed6", "#3182bd", "#08519c"]
    for scheme in ("light", "dark"):
        assert [colours(scheme)[name] for name in fixed] == expected


@pytest.mark.parametrize("level", range(5))
def test_ladder_speaks_the_same_words_everywhere(level):
    assert render_to_string("parts/level_word.html", {"level": level}).strip() == LEVELS[level]


def test_what_is_hidden_reads_as_the_one_sentence():
    assert str(NOT_SHOWN) in render_to_string("parts/not_shown.html")
