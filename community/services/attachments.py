"""Attachments: what a file is, is told from its content; its name is made harmless; it is only ever downloaded."""

import hashlib
import io
import re
import unicodedata
import zipfile
from datetime import timedelta
from pathlib import PurePosixPath
from typing import NoReturn

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Attachment, AttachmentContent, Item
from partnerships.models import User
from partnerships.services import Refused

LARGEST = 10 * 1024 * 1024
MOST_OF_AN_ITEM = 20
MOST_A_DAY = 100 * 1024 * 1024  # bytes, of one person

OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN = "application/vnd.oasis.opendocument"
TYPES = {
    "pdf": "application/pdf",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
    "odt": f"{OPEN}.text",
    "ods": f"{OPEN}.spreadsheet",
    "png": "image/png",
    "jpg": "image/jpeg",
    "csv": "text/csv",
    "md": "text/markdown",
    "txt": "text/plain",
}
STARTS = {b"%PDF-": "pdf", b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
TEXTS = ("txt", "md", "csv")
PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


def kind_of(data: bytes, name: str) -> str:
    """Return which of the allowed kinds a file is, by its content; the name only tells texts apart."""
    for start, kind in STARTS.items():
        if data.startswith(start):
            return kind
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    ending = PurePosixPath(name.lower()).suffix.lstrip(".")
    return _text(data, ending) if ending in TEXTS else _refuse()


def safe_name(name: str, kind: str) -> str:
    """Return a file name of letters, digits and a few signs, with the ending that the content has."""
    stem = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = re.sub(rf"(\.{kind}|\.jpeg|\.markdown)$", "", stem, flags=re.IGNORECASE)
    stem = re.sub(r"[^\w \-+,()]", "_", stem).strip(" _")[:80].strip()
    return f"{'file' if not stem or RESERVED.match(stem) else stem}.{kind}"


@transaction.atomic
def attach(item: Item, user: User, name: str, data: bytes) -> Attachment:
    """Keep a file beside an item; the same bytes once."""
    if len(data) > LARGEST:
        raise Refused(_("This file is too large. Choose a file of at most 10 MB."))
    kind, digest = kind_of(data, name), hashlib.sha256(data).hexdigest()
    Item.objects.select_for_update(no_key=True, of=("self",)).get(pk=item.pk)
    if earlier := item.attachments.filter(digest=digest).first():
        return earlier
    _check_room(item, user, len(data))
    attachment = Attachment.objects.create(
        item_id=item.pk, name=safe_name(name, kind), kind=kind, size=len(data), digest=digest, by=user
    )
    AttachmentContent.objects.create(attachment=attachment, data=data)
    return attachment


def _check_room(item: Item, user: User, size: int) -> None:
    if item.attachments.count() >= MOST_OF_AN_ITEM:
        raise Refused(_("This text already has 20 files. Remove one first."))
    since = timezone.now() - timedelta(days=1)
    today = Attachment.objects.filter(by=user, at__gt=since).aggregate(all=Sum("size"))["all"] or 0
    if today + size > MOST_A_DAY:
        raise Refused(_("You have added 100 MB of files today. You can add more tomorrow."))


def _packed(data: bytes) -> str:
    """Tell the kind of an office document by what its package holds; nothing is unpacked but its short mimetype."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            if any(name.endswith("vbaProject.bin") or name.startswith("Basic/") for name in names):
                raise Refused(_("You cannot add files with macros. Save the file without macros, and try again."))
            if "mimetype" in names:
                with package.open("mimetype") as file:
                    mimetype = file.read(100).decode("ascii", "replace").strip()
                return next((kind for kind in ("odt", "ods") if TYPES[kind] == mimetype), None) or _refuse()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return _refuse()
    return next((kind for part, kind in PARTS.items() if part in names), None) or _refuse()


def _text(data: bytes, ending: str) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _refuse()
    return _refuse() if re.search("[\x00-\x08\x0e-\x1f]", text) else ending


def _refuse() -> NoReturn:
    raise Refused(
        _(
            "You cannot add this kind of file. Choose a PDF, Word (docx), Excel (xlsx), OpenDocument (odt, ods), "
            "PNG, JPEG or UTF-8 text file (txt, md, csv)."
        )
    )
