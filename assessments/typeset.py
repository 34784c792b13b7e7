"""Setting data as a tagged PDF or a picture, in the scripts of all our languages. No ORM."""

import json
from datetime import datetime
from pathlib import Path
from typing import Literal

import typst

# Brought by `npm run build`. Latin letters come from typst's own Libertinus, Arabic ones from here.
FONTS = Path(__file__).resolve().parent.parent / "build" / "fonts"
DOTS_PER_INCH = 144


def typeset(
    template: Path, content: object, made_at: datetime, standards: tuple[Literal["ua-1"], ...] = ("ua-1",)
) -> bytes:
    """Set the content, as a PDF/UA-1 unless told otherwise; the same content and moment give the same bytes.

    All texts travel as JSON, so that none is ever read as typst's markup, and the template reads no file but those
    beside it.
    """
    return typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(FONTS)],
        format="pdf",
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
        pdf_standards=list(standards),
        timestamp=int(made_at.timestamp()),
    )


def draw(template: Path, content: object) -> bytes:
    """Draw the content as a PNG of one page; the template gives its size."""
    return typst.compile(
        str(template),
        root=str(template.parent),
        font_paths=[str(FONTS)],
        format="png",
        ppi=DOTS_PER_INCH,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
    )
