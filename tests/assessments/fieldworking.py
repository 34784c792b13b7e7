"""Filled-in forms for tests: exports as Kobo and ODK write them, and spreadsheets as people fill them in."""

import csv
import io
import uuid
from datetime import UTC, datetime

from openpyxl import Workbook, load_workbook

from assessments.fieldwork.questions import questions_of
from assessments.services.rating import fieldwork


def row(assessment, membership=None, levels=None, instance=None, end="2026-11-20T10:00:00.000+00:00", **more) -> dict:
    """Return a row of an export: `levels` by (decision, partner), texts by the names of their questions."""
    found = {
        "start": "2026-11-20T09:00:00.000+00:00",
        "end": end,
        "form_key": questions_of(assessment).key,
        "answer_code": fieldwork.code_of(assessment, membership) if membership else "zzzzz-zzzzz",
        "_uuid": str(instance or uuid.uuid4()),
    }
    given = levels if levels is not None else {(1, 1): "3"}
    return found | {f"d{d}/d{d}_p{p}": value for (d, p), value in given.items()} | more


def everywhere(assessment, value="2") -> dict:
    questions = questions_of(assessment)
    return {(d, one.number): value for d in questions.decisions for one in questions.partners}


def columns(rows: list[dict]) -> list[str]:
    return list(dict.fromkeys(key for one in rows for key in [*one, "d1/d1_p1"]))


def as_csv(*rows: dict) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns(list(rows)), delimiter=";", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def as_xlsx(*rows: dict) -> bytes:
    book, head = Workbook(), columns(list(rows))
    book.active.append(head)
    for one in rows:
        book.active.append([one.get(name) for name in head])
    return saved(book)


def saved(book) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def opened(data: bytes):
    return load_workbook(io.BytesIO(data))


def named(data: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
