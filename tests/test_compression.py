"""Pages are compressed as the browser asks, and by a length that tells nothing."""

import gzip

import brotli
import pytest
from django.http import FileResponse, HttpResponse
from django.test import RequestFactory

from powertool.compression import Compression, compress

WORDS = b"A page with a secret in it. " * 50
OPENED = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


def answer(accepted: str, response) -> HttpResponse:
    return Compression(lambda request: response)(RequestFactory().get("/", headers={"accept-encoding": accepted}))


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br, zstd", "br"), ("br", "br"), ("gzip, deflate", "gzip"), ("identity", None), ("", None)],
)
def test_a_page_is_compressed_as_the_browser_asks(accepted, encoding):
    found = answer(accepted, HttpResponse(WORDS, headers={"ETag": '"one"'}))
    assert found.get("Content-Encoding") == encoding
    assert OPENED[encoding](found.content) == WORDS
    assert found.get("Content-Length", str(len(WORDS))) == str(len(found.content))
    assert found.headers["Vary"] == "Accept-Encoding"
    assert found.headers["ETag"] == ('W/"one"' if encoding else '"one"')


def test_what_is_short_or_compressed_already_stays_as_it_is():
    for plain in (HttpResponse(b"short"), HttpResponse(WORDS, headers={"Content-Encoding": "zstd"})):
        before = plain.content
        assert answer("br", plain).content == before


def test_a_file_that_is_sent_in_parts_is_still_sent_in_parts(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(WORDS)
    sent = answer("gzip, br", FileResponse(file.open("rb")))
    assert sent.streaming
    assert gzip.decompress(b"".join(sent)) == WORDS


def test_the_length_of_a_page_differs_each_time():
    assert len({len(answer("br", HttpResponse(WORDS)).content) for _time in range(40)}) > 10


@pytest.mark.parametrize("padding", [1, 4, 5, 100, 256])
def test_padding_is_no_part_of_the_page(padding):
    packed = compress(WORDS, padding)
    assert brotli.decompress(packed) == WORDS
    assert len(packed) == len(compress(WORDS, 1)) + padding - 1


@pytest.mark.django_db
def test_the_site_answers_by_brotli(client):
    page = client.get("/", headers={"accept-encoding": "gzip, br"})
    assert page.headers["Content-Encoding"] == "br"
    assert b"</html>" in brotli.decompress(page.content)
