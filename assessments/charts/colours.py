"""The colours that carry a meaning: of the sides and of the levels. `styles/_tokens.scss` is their one home."""

import re
from pathlib import Path

from assessments.scoring import levels

_SOURCE = Path(__file__).resolve().parent.parent.parent / "styles" / "_tokens.scss"
_TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", _SOURCE.read_text().partition("@media")[0]))

SIDES = {side: _TOKENS[side] for side in levels.SIDES}
LEVELS = tuple(_TOKENS[f"lv-{level}"] for level in levels.LEVELS)
