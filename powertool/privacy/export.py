"""Everything that is stored about a person, as a file: JSON with the page's names, and the files that she uploaded.

It reads by the personal data register alone: each entry names the look-up from a model to the person, and the fields
to print. Where a row leads to someone else, the file says no more than that: it is about one person.
"""

import base64
import json
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.models import AttachmentContent
from partnerships.models import Membership, User
from partnerships.privacy import PersonalField
from powertool.privacy.personal_data import SECTIONS

IN_MEMORY = 5 * 1024 * 1024  # bytes; a larger file is written to the disk while it is sent
SOMEBODY_ELSE = gettext_lazy("another person")
FILES = "files"


def everything(user: User) -> dict[str, Any]:
    """Return what is kept about a person, ready for JSON, in the active language. Days and times are ISO 8601."""
    return {
        "about": user.get_full_name(),
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "site": settings.BASE_URL,
        "operator": {"name": str(settings.OPERATOR_NAME), "email": settings.OPERATOR_EMAIL},
        "notes": notes(),
        "sections": [{"title": str(title), "kept": list(_entries(user, entries))} for _key, title, entries in SECTIONS],
    }


def notes() -> list[str]:
    return [
        _(
            "The file does not contain secrets, such as the code that checks your password. Otherwise, anyone with "
            "the file could sign in as you."
        ),
        _(
            "The file does not contain the concerns that you raised. Nothing shows that a concern is yours, and no "
            "one can open it on this website."
        ),
        _("The file does not contain what you wrote about missing voices, because your name is not stored with it."),
    ]


def _entries(user: User, entries: list[PersonalField]) -> Iterator[dict[str, Any]]:
    for entry in entries:
        if entry.is_exported and (rows := [_row(row, entry, user) for row in _rows(user, entry)]):
            yield {"what": str(entry.what), "from": entry.model, "rows": rows}


def _rows(user: User, entry: PersonalField) -> models.QuerySet[Any]:
    fields = entry.model_class()._meta
    links = [name for name in entry.exported_fields if fields.get_field(name).is_relation]
    return entry.rows_of(user).select_related(*links)


def _row(row: models.Model, entry: PersonalField, user: User) -> dict[str, Any]:
    return {name: _value(row, name, user) for name in entry.exported_fields}


def _value(row: models.Model, name: str, user: User) -> Any:
    value = getattr(row, name)
    if isinstance(value, models.Model):
        return _name(value, user)
    if value is not None and getattr(row._meta.get_field(name), "choices", None):
        return str(getattr(row, f"get_{name}_display")())
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    if value is None or isinstance(value, bool | int | float | list | dict):
        return value
    return str(value)


def _name(other: models.Model, user: User) -> str:
    """Return the name of what a row links to; of another person only that it is someone else."""
    if isinstance(other, User):
        return str(other) if other.pk == user.pk else str(SOMEBODY_ELSE)
    if isinstance(other, Membership):
        return str(other) if other.user_id == user.pk else str(SOMEBODY_ELSE)
    return str(other)


def make_archive(user: User) -> IO[bytes]:
    """Return the ZIP archive, open at its beginning; the caller closes it."""
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the response closes it)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("everything.json", json.dumps(everything(user), ensure_ascii=False, indent=1))
        for place, content in enumerate(_files(user), start=1):
            archive.writestr(f"{FILES}/{place:03d}-{content.attachment.name}", bytes(content.data))
    file.seek(0)
    return file


def _files(user: User) -> Iterator[AttachmentContent]:
    """Yield the files one by one, each by its own query: memory never has two of them."""
    files = AttachmentContent.objects.filter(attachment__by=user).select_related("attachment")
    for key in files.order_by("attachment__pk").values_list("pk", flat=True):
        yield from files.filter(pk=key)
