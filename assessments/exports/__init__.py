"""The results of an assessment as files that other programs read. No ORM: takes plain tables, writes bytes.

Every format says the same: `Export` holds all of it, in one language and the same for every reader.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

Value = str | int | float | None


@dataclass(frozen=True)
class Column:
    """A column: its stable code, its heading in the reader's language, its HXL tag, and what it means in which unit."""

    code: str
    heading: str
    tag: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """A table with its stable code; a row has one value per column, None where there is none or it is hidden."""

    code: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]

    def records(self) -> list[dict[str, Value]]:
        return [{c.code: v for c, v in zip(self.columns, row, strict=True)} for row in self.rows]


@dataclass(frozen=True)
class Export:
    """What a reader takes away: facts about the assessment as (code, label, text), how to read it, and the tables."""

    name: str  # of the file, without its ending
    moment: datetime  # of the assessment, so that equal content is equal bytes
    language: str
    right_to_left: bool
    title: str
    facts: tuple[tuple[str, str, str], ...]
    reading: tuple[str, ...]
    tables: tuple[Table, ...]

    def dictionary(self) -> Iterator[tuple[Table, Column]]:
        for table in self.tables:
            for column in table.columns:
                yield table, column
