"""A corpus of attack strings: Markdown, HTML, SVG and file names stay harmless wherever they are shown."""

import io
import re
import zipfile
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from community.markdown import TAGS, mentioned, normalise, plain, render
from community.models import Attachment, WorkingGroup
from community.services import attachments
from partnerships.services import Refused
from tests.community.making import make_finding, member, posted

CORPUS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://tracker.example/pixel.png)",
    '![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+ "t")',
    "<svg onload=alert(1)><use href='data:image/svg+xml,x#y'/></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '[x](https://example.org "\\" onmouseover=alert(1) x=\\"")',
    "[x](https://example.org/'\"><script>alert(1)</script>)",
    "`<script>alert(1)</script>`",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "| <script>alert(1)</script> | b |\n|--|--|\n| <img src=x onerror=alert(1)> | c |",
    "<style>body{display:none}</style>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<object data=x></object><embed src=x>",
    "<form action=//evil.example><input name=csrfmiddlewaretoken></form>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?>",
    "<details open ontoggle=alert(1)>",
    "<p style='position:fixed' class=btn id=main onclick=alert(1)>x",
    "@<script>alert(1)</script>",
    '@mina-member"><script>alert(1)</script>',
    "\u202egnp.exe \u2066x\u2069",
    "{{ 7|add:7 }}{% debug %}",
    "\ue000script\ue001alert(1)",
]
ALLOWED = {"a": {"href", "title", "rel"}, "ol": {"start"}, "span": {"class"}}


class Seen(HTMLParser):
    """What a browser would make of a page's text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        if tag not in TAGS:
            self.problems.append(tag)
        self.problems += [f"{tag} {name}" for name, _ in attrs if name not in ALLOWED.get(tag, set())]
        for name, value in attrs:
            if name == "href" and not re.match(r"(https?|mailto):|[/#.]|[^:]*$", value or "", re.IGNORECASE):
                self.problems.append(f"{tag} {value}")
            if name == "rel" and value != "nofollow noopener":
                self.problems.append(f"{tag} {value}")

    handle_startendtag = handle_starttag

    def handle_comment(self, data: str) -> None:
        self.problems.append("comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


class PageSeen(HTMLParser):
    """What a browser would run or fetch of a whole page, beside the site's own."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in {"img", "iframe", "object", "embed", "base", "style", "math"}:
            self.problems.append(tag)
        if tag in {"script", "use"} and not (values.get("src") or values.get("href", "")).startswith("/static/"):
            self.problems.append(tag)
        if tag == "meta" and "http-equiv" in values:
            self.problems.append(tag)
        self.problems += [f"{tag} {name}" for name in values if name.startswith("on") or name == "style"]
        self.problems += [
            f"{tag} {url}" for url in (values.get("href"), values.get("action")) if url and "script:" in url
        ]

    handle_startendtag = handle_starttag


def test_the_watch_sees():
    assert PageSeen("<p onclick=x>").problems
    assert PageSeen("<svg><use href='data:x'/></svg>").problems
    assert PageSeen("<script>1</script>").problems
    assert Seen("<img src=x onerror=1><a href=javascript:x rel=opener>").problems
    assert not Seen(render("A **word**, a [link](https://example.org) and\n\n1. a list")).problems


@pytest.mark.parametrize("text", CORPUS)
def test_markdown_is_harmless(text):
    assert not Seen(render(normalise(text), {"mina-member"})).problems


@given(st.text(alphabet="<>&;:#\"'`[]()!*_-|\\/ \nabscriptjvhref=@1x.\t", max_size=80))
def test_anything_is_harmless(text):
    assert not Seen(render(text, {"a", "x"})).problems
    assert plain(text) is not None


def test_links_are_marked_as_not_ours():
    assert render("[x](https://example.org)") == (
        '<p><a href="https://example.org" rel="nofollow noopener">x</a></p>\n'
    )


def test_mentions_are_marked_where_somebody_is_named():
    assert '<span class="mention">@ama</span>' in render("Ask @ama.", {"ama"})
    assert "mention" not in render("Ask @ama, mail me@ama or `@ama`.", set())
    assert mentioned("Ask @ama and `@ben`, not me@carla.org or https://x/@dora") == {"ama"}


@pytest.mark.django_db
def test_pages_stay_harmless(client):
    """Every string as title, text, tag, comment and search, on every page that shows it."""
    mina = member()
    client.force_login(mina.user)
    write = reverse("community:write", args=["understanding", "finding"])
    for text in CORPUS:
        answer = client.post(write, posted(title=text, text=text, tags=text, note=text))
        item = client.get(answer.headers["Location"]).context["item"]
        client.post(reverse("community:comment", args=[item.code]), posted(text=text))
        edit = reverse("community:edit", args=[item.code])
        client.post(edit, posted(title=f"{text} again", text=f"{text}\n\n{text}", base=1, note=text, do="save"))
        pages = [reverse(f"community:{name}", args=[item.code]) for name in ("finding", "edit", "history", "compare")]
        for page in pages:
            assert not PageSeen(client.get(page).content.decode()).problems
        found = client.get(reverse("community:search"), {"q": text, "tag": text, "kind": text})
        assert found.status_code == 200
        assert not PageSeen(found.content.decode()).problems
    for page in (reverse("community:group", args=["understanding"]), reverse("community:groups")):
        assert not PageSeen(client.get(page).content.decode()).problems


@pytest.mark.django_db
def test_feed_stays_well_formed(client):
    from xml.dom.minidom import parseString

    mina = member()
    WorkingGroup.objects.update(is_public=True)
    for text in CORPUS:
        make_finding(mina, text or "x", text)
    feed = client.get(reverse("community:feed", args=["understanding"]))
    parsed = parseString(feed.content)  # noqa: S318 (our own)
    assert len(parsed.getElementsByTagName("entry")) == 30
    assert not parsed.getElementsByTagName("script")


# --- files


def package(**parts: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
    return data.getvalue()


ODT = "application/vnd.oasis.opendocument.text"
GOOD = {
    "report.pdf": b"%PDF-1.7\n1 0 obj",
    "photo.jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "chart.png": b"\x89PNG\r\n\x1a\n\x00\x00",
    "letter.docx": package(**{"[Content_Types].xml": "x", "word/document.xml": "<w/>"}),
    "table.xlsx": package(**{"[Content_Types].xml": "x", "xl/workbook.xml": "<x/>"}),
    "letter.odt": package(mimetype=ODT),
    "table.ods": package(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
    "data.csv": "région;montant\n".encode(),
    "notes.txt": b"\xef\xbb\xbfhello",
    "notes.md": b"# hello",
}
BAD = {
    "page.html": b"<html><script>alert(1)</script>",
    "picture.svg": b"<svg onload='alert(1)'/>",
    "report.pdf": b"<html><script>alert(1)</script>",
    "report.pdf.exe": b"MZ\x90\x00",
    "macro.docx": package(**{"word/document.xml": "x", "word/vbaProject.bin": "x"}),
    "packed.docx": package(**{"setup.exe": "MZ"}),
    "letter.odt": package(mimetype="text/html"),
    "broken.docx": b"PK\x03\x04broken",
    "notes.txt": b"nul\x00byte",
    "latin.txt": "né".encode("latin-1"),
    "noname": b"hello",
    "empty.png": b"",
}


@pytest.mark.parametrize("name", GOOD)
def test_allowed_kinds_are_told_by_content(name):
    kind = attachments.kind_of(GOOD[name], name)
    assert kind in attachments.TYPES
    if kind not in attachments.TEXTS:
        assert attachments.kind_of(GOOD[name], "innocent.txt") == kind


@pytest.mark.parametrize("name", BAD)
def test_other_kinds_are_refused(name):
    with pytest.raises(Refused):
        attachments.kind_of(BAD[name], name)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\windows\\win.ini", "win_ini.pdf"),
        ("report\r\nSet-Cookie: x=1.pdf", "report__Set-Cookie_ x=1.pdf".replace("=", "_")),
        ('a"; filename="b.html', "a__ filename__b_html.pdf"),
        ("cod\u202efdp.exe", "cod_fdp_exe.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("<img src=x>.pdf", "img src_x.pdf"),
        ("CON.pdf", "file.pdf"),
        ("", "file.pdf"),
        ("x" * 300, f"{'x' * 80}.pdf"),
        ("Rapport d'été (1).pdf", "Rapport d_été (1).pdf"),
        ("تقرير.pdf", "تقرير.pdf"),
    ],
)
def test_names_are_made_safe(name, safe):
    assert attachments.safe_name(name, "pdf") == safe


def upload(client, item, name="report.pdf", data=GOOD["report.pdf"]):
    return client.post(
        reverse("community:attach", args=[item.code]), {"file": SimpleUploadedFile(name, data)}, follow=True
    )


@pytest.mark.django_db
def test_a_file_is_a_download_and_nothing_else(client):
    mina = member()
    item = make_finding(mina)
    client.force_login(mina.user)
    assert b"has been attached" in upload(client, item, '<script>"x.html').content
    file = item.attachments.get()
    answer = client.get(reverse("community:download", args=[item.code, file.code]))
    assert answer.content == GOOD["report.pdf"]
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "\n" not in answer.headers["Content-Disposition"]
    assert "<" not in file.name


@pytest.mark.django_db
def test_uploads_are_limited(client, monkeypatch):
    mina = member()
    item = make_finding(mina)
    client.force_login(mina.user)
    assert b"at most 10 MB" in upload(client, item, data=b"%PDF-" + b"x" * attachments.LARGEST).content
    assert b"has been attached" in upload(client, item, data=b"%PDF-" + b"x" * (attachments.LARGEST - 5)).content
    monkeypatch.setattr(attachments, "MOST_A_DAY", attachments.LARGEST + 10)
    assert b"You have added" in upload(client, item, data=b"%PDF-12345678").content
    assert Attachment.objects.count() == 1
    monkeypatch.undo()
    monkeypatch.setattr(attachments, "MOST_OF_AN_ITEM", 1)
    assert b"already has 20 files" in upload(client, item, data=b"%PDF-other").content


@pytest.mark.django_db
def test_the_same_bytes_are_kept_once(client):
    mina = member()
    item = make_finding(mina)
    client.force_login(mina.user)
    upload(client, item)
    upload(client, item, "again.pdf")
    assert item.attachments.count() == 1
