"""Compile the catalogues: `python locale/compile.py`. Needs Babel only, no GNU gettext, no settings.

Not `pybabel compile`: it holds the first plural form against the singular, but in Arabic the first form is zero.
"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

for path in Path(__file__).parent.glob("*/LC_MESSAGES/django.po"):
    with path.open("rb") as texts, path.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, read_po(texts, locale=path.parts[-3]))
