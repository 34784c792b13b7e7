"""The inventory in words: for the page on data protection and for docs/privacy.md."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from partnerships.privacy import PersonalField, Until
from powertool.privacy.personal_data import SECTIONS


@dataclass(frozen=True)
class Row:
    """What is kept, in the active language."""

    what: str
    reader: str
    until: str
    erasure: str
    is_exported: bool


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    rows: list[Row]


def until(period: Until) -> str:
    return str(period.label) % {"days": settings.RETENTION.get(period.value, 0)}


def sections() -> list[Section]:
    return [Section(key, str(title), list(rows(kept))) for key, title, kept in SECTIONS]


def rows(inventory: Iterable[PersonalField]) -> Iterable[Row]:
    for kept in inventory:
        yield Row(
            str(kept.what),
            str(kept.reader.label),
            until(kept.until),
            str(kept.erasure.label),
            kept.is_exported,
        )


HEAD = """# What is kept about people

Written by `manage.py privacy > docs/privacy.md` from the inventory (`partnerships/personal_data.py`,
`assessments/personal_data.py`, `community/personal_data.py`, `powertool/privacy/personal_data.py`). A test compares.
The page `/privacy/` is drawn from the same rows. A field of a model that no inventory names fails `tests/privacy`.
"""


def markdown() -> str:
    """Return docs/privacy.md."""
    parts = [HEAD]
    for section, (_key, _title, inventory) in zip(sections(), SECTIONS, strict=True):
        parts.append(f"\n## {section.title}\n\n| what | fields | read by | kept | on erasure | in the export |")
        parts.append("|---|---|---|---|---|---|")
        for row, kept in zip(section.rows, inventory, strict=True):
            fields = f"`{kept.model}`: {kept.fields}"
            exported = "yes" if row.is_exported else "no"
            parts.append(f"| {row.what} | {fields} | {row.reader} | {row.until} | {row.erasure} | {exported} |")
    return "\n".join(parts) + "\n"
