"""The pictures and the one page, set by typst from the same frames as the report."""

from datetime import datetime
from pathlib import Path

from assessments.report import COLOURS
from assessments.sharing.content import Content, Picture
from assessments.typeset import draw, typeset

TEMPLATES = Path(__file__).parent.parent / "report"
ON_ONE_PAGE = 1  # pictures
FACTS_ON_ONE_PAGE = 2  # subjects


def picture(content: Content, chosen: Picture) -> bytes:
    """Return one chart as PNG, with its title, its note and where it comes from."""
    return draw(TEMPLATES / "picture.typ", {**content, **COLOURS, "picture": chosen})


def one_page(content: Content, made_at: datetime) -> bytes:
    """Return the results in short on one page, as PDF/UA."""
    short = [_shortened(one) for one in content["pictures"][:ON_ONE_PAGE]]
    more = {"on_one_page": short, "facts_on_one_page": content.get("facts", [])[:FACTS_ON_ONE_PAGE]}
    return typeset(TEMPLATES / "one_page.typ", {**content, **COLOURS, **more}, made_at)


def _shortened(chart: Picture) -> Picture:
    """Keep the five widest gaps."""
    return {**chart, "data": {**chart["data"], "rows": chart["data"]["rows"][:5]}}
