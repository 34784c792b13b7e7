"""What is inside a PDF."""

import re
import zlib
from collections.abc import Iterator


def streams(pdf: bytes) -> Iterator[bytes]:
    """Yield the inflated streams of a PDF that can be inflated."""
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.S):
        try:
            yield zlib.decompressobj().decompress(found[1])
        except zlib.error:
            continue
