"""Pages compressed by brotli for browsers that take it, by gzip for others.

Both end at a random length, since an attacker who sees lengths could else guess a secret of a page (BREACH).
"""

import re
import secrets
from typing import Any

import brotli
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

TAKES_BROTLI = re.compile(r"\bbr\b")
QUALITY = 5  # a tenth smaller than gzip, in the same time
LEAST = 200  # bytes, as for gzip


class Compression(GZipMiddleware):
    """Compresses what the views return."""

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        if not takes_brotli(request, response):
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        packed = compress(response.content, secrets.randbelow(self.max_random_bytes) + 1)
        if len(packed) < len(response.content):
            response.content = packed
            response.headers["Content-Encoding"] = "br"
            response.headers["Content-Length"] = str(len(packed))
            weaken_etag(response)
        return response


def takes_brotli(request: HttpRequest, response: Any) -> bool:
    """Return whether to compress this response by brotli. Gzip has the rest: parts that are sent one by one."""
    if response.streaming or response.has_header("Content-Encoding") or len(response.content) < LEAST:
        return False
    return bool(TAKES_BROTLI.search(request.headers.get("Accept-Encoding", "")))


def compress(content: bytes, padding: int) -> bytes:
    """Return the content by brotli, with so many bytes (1 to 256) that a browser passes over (RFC 7932, 9.2)."""
    compressor = brotli.Compressor(quality=QUALITY)
    packed = compressor.process(content) + compressor.flush()  # ends with a whole byte
    skipped = (0b010110 | padding - 1 << 6).to_bytes(2, "little") + bytes(padding)
    return packed + skipped + compressor.finish()


def weaken_etag(response: Any) -> None:
    """Say that the bytes differ from those of another encoding, as Django does for gzip."""
    if (etag := response.get("ETag", "")).startswith('"'):
        response.headers["ETag"] = f"W/{etag}"
