"""Docs and template comments agree with the project: each file that they name exists."""

import re
from functools import cache

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
NOT_OURS = ("node_modules", "build", "var")
MADE = re.compile(r"(?:build|var)/|bench/results\.json|(?:site|rate)\.css|vendor/|</")  # by `make`; or HTML
PAGES = [
    *("README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/design.md"),
    *("docs/figures.md", "docs/settings.md", "docs/glossary/en.md"),
]
ENDINGS = r"\.(?:py|html|js|scss|css|md|toml|txt|po|yml|sh)\b"
PATH = re.compile(rf"(?<![\w.:/<…@-])(?:[\w*<][\w.*<>-]*/[\w./*<>-]*|[\w*-]+{ENDINGS})")
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))


@cache
def files() -> frozenset[str]:
    """Return all files of the project and their folders, each folder with a slash at its end."""
    folders = [path for path in ROOT.iterdir() if path.name not in NOT_OURS and not path.name.startswith(".")]
    found = {path for folder in folders for path in [folder, *folder.rglob("*")]}
    return frozenset(f"{path.relative_to(ROOT)}{'/' * path.is_dir()}" for path in found)


def exists(name: str) -> bool:
    """Return whether a path, or a name without a folder, is in the project; <app> and * are any name."""
    pattern = re.escape(re.sub(r"<\w+>", "*", name)).replace(r"\*", "[^/]*")
    return any(re.search(rf"(?:^|/){pattern}/?$", path) for path in files())


def missing(text: str) -> list[str]:
    """Return the files that a text names and the project does not have."""
    return sorted({name for name in PATH.findall(text) if not MADE.search(name) and not exists(name)})


def in_code(markdown: str) -> str:
    """Return what stands between backticks, outside blocks of code."""
    outside = re.sub(r"^```.*?^```", "", markdown, flags=re.S | re.M)
    return "\n".join(re.findall(r"`([^`\n]+)`", outside))


def comments(template: str) -> str:
    """Return the comments of a template."""
    return "\n".join(re.findall(r"{#.*?#}|{% comment %}.*?{% endcomment %}", template, re.S))


@pytest.mark.parametrize("page", PAGES)
def test_docs_name_files_that_exist(page):
    assert missing(in_code((ROOT / page).read_text())) == []


@pytest.mark.parametrize("page", sorted(path for path in files() if re.fullmatch(r"docs/.*\.md|[A-Z_]+\.md", path)))
def test_links_of_docs_lead_to_files(page):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", (ROOT / page).read_text())
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_pictures_of_the_readme_are_there_and_small():
    pictures = [ROOT / name for name in re.findall(r'<img src="([^"]+)"', (ROOT / "README.md").read_text())]
    assert [path.suffix for path in pictures] == [".webp", ".webp"]
    assert sum(path.stat().st_size for path in pictures) <= 250_000


def test_template_comments_name_files_that_exist():
    named = {path.relative_to(ROOT): missing(comments(path.read_text())) for path in TEMPLATES}
    assert {path: names for path, names in named.items() if names} == {}


def test_template_comments_name_scripts_with_their_folder():
    named = {
        path.relative_to(ROOT): re.findall(r"(?<![\w/])\w+\.js\b", comments(path.read_text())) for path in TEMPLATES
    }
    assert {path: names for path, names in named.items() if names} == {}


@pytest.mark.parametrize(
    "name", ["assessments/ladder.py", "*/access.py", "templates/<app>/notifications/", "ladder.py"]
)
def test_path_that_exists_is_not_missing(name):
    assert missing(f"see {name}") == []


@pytest.mark.parametrize("name", ["assessments/ladders.py", "*/accesses.py", "templates/<app>/notes/", "ladders.py"])
def test_path_that_does_not_exist_is_missing(name):
    assert missing(f"see {name}") == [name]
