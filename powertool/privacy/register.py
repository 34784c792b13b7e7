"""The personal data register as text: for the page on data protection and for docs/privacy.md."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from partnerships.privacy import PersonalField, Until
from powertool.privacy.personal_data import SECTIONS


@dataclass(frozen=True)
class Row:
    """One entry of the register, in the active language."""

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


def period_label(period: Until) -> str:
    return str(period.label) % {"days": settings.RETENTION.get(period.value, 0)}


def sections() -> list[Section]:
    return [Section(key, str(title), list(rows(entries))) for key, title, entries in SECTIONS]


def rows(entries: Iterable[PersonalField]) -> Iterable[Row]:
    for entry in entries:
        yield Row(
            str(entry.what),
            str(entry.reader.label),
            period_label(entry.stored_until),
            str(entry.erasure.label),
            entry.is_exported,
        )


HEAD = """# What is kept about people

Written by `manage.py privacy > docs/privacy.md` from the register (`partnerships/personal_data.py`,
`assessments/personal_data.py`, `community/personal_data.py`, `powertool/privacy/personal_data.py`). A test compares.
The page `/privacy/` is drawn from the same rows. A field that no list decides about fails `tests/privacy`.
"""


def markdown() -> str:
    """Return docs/privacy.md."""
    parts = [HEAD]
    for section, (_key, _title, entries) in zip(sections(), SECTIONS, strict=True):
        parts.append(f"\n## {section.title}\n\n| what | fields | read by | kept | on erasure | in the export |")
        parts.append("|---|---|---|---|---|---|")
        for row, entry in zip(section.rows, entries, strict=True):
            fields = f"`{entry.model}`: {entry.fields}"
            exported = "yes" if row.is_exported else "no"
            parts.append(f"| {row.what} | {fields} | {row.reader} | {row.until} | {row.erasure} | {exported} |")
    return "\n".join(parts) + "\n"
