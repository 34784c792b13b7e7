"""The deck: four slides that open in PowerPoint, Impress and Keynote (python-pptx)."""

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from assessments.sharing.content import Content, Picture

WIDTH, HEIGHT, MARGIN = Inches(13.333), Inches(7.5), Inches(0.7)
TITLE_ONLY = 5  # the layout of the library's template
INK, GREY = RGBColor(0x1D, 0x1F, 0x23), RGBColor(0x54, 0x57, 0x5F)
FIRST_STEPS = 6


def deck(content: Content, drawn: dict[str, bytes], made_at: datetime) -> bytes:
    """Return the deck as PPTX: the results in short, a slide per picture (at most two), facts, and what comes next.

    `drawn` are the pictures as PNG, by name. Each picture carries its numbers in words as alternative text.
    """
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = WIDTH, HEIGHT
    slides = _Slides(presentation, content)
    slides.text(content["headline"], [*content["lines"], f"{content['partnership']} · {content['title']}"])
    for picture in content["pictures"][:2]:
        slides.picture(picture, drawn[picture["name"]])
    if not content["pictures"]:
        slides.text(content["words"]["picture"], [content["words"]["not_shown"]])
    if content.get("facts"):
        slides.text(content["facts_title"], content["facts"])
    slides.text(content["next_title"], content["next_steps"][:FIRST_STEPS])
    return _saved(presentation, content, made_at)


class _Slides:
    """Adds slides in the direction and language of the content."""

    def __init__(self, presentation: Any, content: Content) -> None:
        self.presentation, self.content = presentation, content

    def text(self, title: str, paragraphs: list[str]) -> None:
        slide = self._with_title(title)
        box = slide.shapes.add_textbox(MARGIN, Inches(2.4), WIDTH - 2 * MARGIN, Inches(4.2))
        box.text_frame.word_wrap = True
        for place, text in enumerate(paragraphs):
            paragraph = box.text_frame.paragraphs[0] if place == 0 else box.text_frame.add_paragraph()
            paragraph.space_after = Pt(10)
            self._write(paragraph, text, Pt(20), INK)

    def picture(self, picture: Picture, png: bytes) -> None:
        slide = self._with_title(picture["title"])
        shape = slide.shapes.add_picture(BytesIO(png), MARGIN, Inches(1.7))
        _fit(shape, WIDTH - 2 * MARGIN, Inches(4.9))
        shape.left = Emu(int((WIDTH - shape.width) / 2))
        shape._element.nvPicPr.cNvPr.set("descr", picture["alternative"])  # the library has no name for it
        box = slide.shapes.add_textbox(MARGIN, Inches(6.7), WIDTH - 2 * MARGIN, Inches(0.6))
        box.text_frame.word_wrap = True
        self._write(box.text_frame.paragraphs[0], picture["note"], Pt(12), GREY)

    def _with_title(self, text: str) -> Any:
        slide = self.presentation.slides.add_slide(self.presentation.slide_layouts[TITLE_ONLY])
        title = slide.shapes.title
        title.left, title.top, title.width, title.height = MARGIN, Inches(0.5), WIDTH - 2 * MARGIN, Inches(1.1)
        title.text_frame.word_wrap = True
        title.text_frame.vertical_anchor = MSO_ANCHOR.TOP
        self._write(title.text_frame.paragraphs[0], text, Pt(28), INK)
        return slide

    def _write(self, paragraph: Any, text: str, size: Any, colour: RGBColor) -> None:
        run = paragraph.add_run()
        run.text, run.font.size, run.font.color.rgb = text, size, colour
        run._r.get_or_add_rPr().set("lang", self.content["language"])
        paragraph.alignment = PP_ALIGN.RIGHT if self.content["rtl"] else PP_ALIGN.LEFT
        if self.content["rtl"]:
            paragraph._p.get_or_add_pPr().set("rtl", "1")


def _fit(shape: Any, width: int, height: int) -> None:
    """Make a picture as large as the place allows, in its own proportions."""
    scale = min(width / shape.width, height / shape.height)
    shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))


def _saved(presentation: Any, content: Content, made_at: datetime) -> bytes:
    properties, moment = presentation.core_properties, made_at.astimezone(UTC).replace(tzinfo=None)
    properties.title, properties.author = content["title"], content["partnership"]
    properties.language, properties.created, properties.modified = content["language"], moment, moment
    buffer = BytesIO()
    presentation.save(buffer)
    return buffer.getvalue()
