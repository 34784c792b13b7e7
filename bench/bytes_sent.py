"""What a page costs on the wire: bodies as compressed for a browser, with every asset that its HTML names."""

import re
import sys
import urllib.request
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

ASSET = re.compile(r'(?:<script[^>]*\bsrc|<link[^>]*\bhref)="(/static/[^"]+)"')


@dataclass(frozen=True)
class Page:
    """A page that somebody opens with a cold cache: what it is called, its address, and who looks (a session key)."""

    name: str
    address: str
    session: str = ""


def sent(base: str, path: str, session: str = "") -> tuple[int, str]:
    """Return the bytes of a response's body on the wire, and its text where it is readable."""
    headers = {"Accept-Encoding": "br, gzip", "Cookie": f"sessionid={session}" if session else ""}
    with urllib.request.urlopen(urllib.request.Request(base + path, headers=headers)) as answer:  # noqa: S310
        body = answer.read()
        encoding = answer.headers.get("Content-Encoding", "")
    return len(body), _text(body, encoding)


def _text(body: bytes, encoding: str) -> str:
    import brotli

    if encoding == "gzip":
        import gzip

        body = gzip.decompress(body)
    elif encoding == "br":
        body = brotli.decompress(body)
    return body.decode("utf-8", "replace")


def tell(base: str, pages: Iterable[Page]) -> list[dict[str, Any]]:
    """Print a row per page, HTML, assets and requests, and return the rows."""
    rows = []
    sys.stdout.write(f"\n{'bytes of HTML':>14} {'with assets':>12} {'requests':>9}  page\n")
    for page in pages:
        size, html = sent(base, page.address, page.session)
        assets = sorted(set(ASSET.findall(html)))
        total = size + sum(sent(base, asset)[0] for asset in assets)
        sys.stdout.write(f"{size:14,} {total:12,} {1 + len(assets):9}  {page.name}\n")
        rows.append({"what": page.name, "html": size, "bytes": total, "requests": 1 + len(assets)})
    return rows
