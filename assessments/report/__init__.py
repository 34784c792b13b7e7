"""The report as a tagged PDF. No ORM: takes the content as plain data, in the language it is to have."""

import json
from datetime import datetime
from pathlib import Path

import typst

TEMPLATE = Path(__file__).with_name("report.typ")


def pdf(content: dict, made_at: datetime) -> bytes:
    """Set the content as a PDF/UA-1; the same content and moment give the same bytes.

    All texts travel as JSON, so that none is ever read as typst's markup, and the template reads no other file.
    """
    return typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        format="pdf",
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(made_at.timestamp()),
    )
