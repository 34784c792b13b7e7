"""Published versions: what they say, that they stay, their files with the numbers in them; drafts brought in."""

import contextlib
import io
import re
import struct
import subprocess
import zipfile
import zlib
from functools import cache

import pypandoc
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from community import tasks
from community.models import (
    Choice,
    ConsentAnswer,
    EvidenceSnapshot,
    Figure,
    Item,
    PaperFile,
    PaperVersion,
    PolicyPaper,
)
from community.publishing import drafts, pandoc
from community.publishing.blocks import blocks
from community.services import evidence, findings
from community.services.groups.memberships import writer_of
from community.services.papers import consent_rounds, editing, grounds, publishing
from community.services.writing import Content
from partnerships.models import Role
from partnerships.services import Refused
from tests.community.making import make_case_study, make_finding, member, mutation, reader, told
from tests.community.papermaking import (
    call,
    closed,
    make_paper,
    make_recommendation,
    make_section,
    people,
    say,
    someone,
)
from tests.community.test_hostile import CORPUS
from tests.factories import membership
from tests.waiting import wait_until

LEAD = {"words": "", "k": 9, "n": 11, "ties": 1, "share": 0.8, "low": 0.5, "high": 0.9}
TABLE = {"key": "gap-all", "shown": True, "since": "2026-01-02T00:00:00+00:00"}
TABLE["cells"] = [
    {
        "of": ["all"],
        "n": 12,
        "lead": LEAD,
        "north": 3.1,
        "south": 1.7,
        "levels": {},
        "gap": {"mean": 1.4, "low": 0.8, "high": 1.9},
    }
]


@pytest.fixture
def figure(db) -> Figure:
    snapshot = EvidenceSnapshot.objects.create(
        method_version="1", tables=[TABLE], digest="d" * 64, basis={"rows": {}, "struck": {}}
    )
    made = evidence.freeze(snapshot, "gap-all")
    assert made
    return made


@pytest.fixture
def paper(wanda, figure, cast):
    """A paper whose first recommendation is adopted with a minority note, and whose second nobody was asked about."""
    paper = make_paper(wanda)
    make_section(paper, wanda, "Why", "Money comes *late*.")
    ask, _other = make_recommendation(paper, wanda), make_recommendation(paper, wanda, "Listen", "To partners.")
    fiona = member("Fiona Finder")
    membership(cast.partnership, Role.REPRESENTATIVE, cast.partners["s1"], user=fiona.user)
    finding = make_finding(fiona, "The North leads")
    findings.cite_figure(finding, fiona.user, figure, "See for yourself.")
    make_case_study(finding, cast.partnership, fiona, "SECRET-CASE", "SECRET-WORDS")
    grounds.rest_on(ask, finding, wanda.user)
    asked = call(paper, ask, by=wanda)
    say(asked, people("north") + people("south", 2))
    say(asked, [someone("Olga Objects")], Choice.OBJECTION)
    say(asked, [someone("Rosa Resolves")], Choice.OBJECTION)
    rosa = ConsentAnswer.objects.get(by__name="Rosa Resolves")
    ConsentAnswer.objects.filter(pk=rosa.pk).update(reason="RESOLVED-REASON")
    closed(asked)
    consent_rounds.withdraw(rosa, rosa.by, "Explained.")
    return paper


@pytest.fixture
def version(paper, wanda):
    return publishing.publish(paper, wanda.user, reader(wanda))


ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


def words_of_pdf(pdf: bytes) -> str:
    """Return all glyphs of a PDF as text, by each of its fonts in turn."""
    streams = []
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        with contextlib.suppress(zlib.error):
            streams.append(zlib.decompressobj().decompress(found[1]).decode("latin-1"))
    maps = [re.findall(r"<([0-9A-F]{4})> <([0-9A-F]+)>", one) for one in streams if "begincmap" in one]
    fonts = [{int(code, 16): bytes.fromhex(char).decode("utf-16-be") for code, char in one} for one in maps]
    shown = "".join(one for one in streams if " Tf" in one)
    strings = [unescaped(one) for one in re.findall(r"\(((?:\\.|[^\\)])*)\)", shown, re.DOTALL)]
    return "\n".join("".join(decoded(one, font) for one in strings) for font in fonts)


def unescaped(text: str) -> bytes:
    def one(found: re.Match) -> str:
        return chr(int(found[1], 8)) if found[1].isdigit() else ESCAPED.get(found[1], found[1])

    return re.sub(r"\\([0-7]{1,3}|.)", one, text, flags=re.DOTALL).encode("latin-1")


def decoded(raw: bytes, font: dict[int, str]) -> str:
    return "".join(font.get(code, "") for (code,) in struct.iter_unpack(">H", raw[: len(raw) // 2 * 2]))


def words_of_package(data: bytes, part: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", package.read(part).decode()))


def test_a_version_says_what_was_adopted_by_whom_and_rests_on_what(client, version, wanda, figure):
    [first, second] = version.content["recommendations"]
    assert (first["standing"], second["standing"]) == ("adopted", "proposed")
    assert [one["reason"] for one in first["minority"]] == ["Because."]
    assert "Olga" not in str(version.content)  # she did not sign
    assert "RESOLVED-REASON" not in str(version.content)
    client.force_login(wanda.user)
    page = " ".join(client.get(version.get_absolute_url()).content.decode().split())
    for words in (
        "Northern partners have higher levels in 9 of 11 partnerships. "
        "Number of partnerships whose gap is zero (not counted): 1.",
        "average gap is 1.4",
        figure.digest,
        version.digest,
        "Version 1,",
        "Minority notes",
        "This instead.",
        "Responds to findings: [1]",
        "South: 4 people answered. Consent: 2. With a reservation: 0. Objection: 2 (resolved: 1). No position: 0.",
    ):
        assert words in page, words
    assert told("version") >= {"Wanda Writer", "Olga Objects"}
    assert "Fiona Finder" in told("answered")


def test_an_objection_is_signed_only_if_its_objector_wants_it(paper, wanda):
    answer = ConsentAnswer.objects.get(by__name="Olga Objects")
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentAnswer.objects.filter(pk=answer.pk).update(signed=True)  # not afterwards
    ask = make_recommendation(paper, wanda, "Third")
    asked = call(paper, ask, by=wanda)
    signs = someone("Sofia Signs")
    text = asked.texts.select_related("round").get()
    consent_rounds.save_answer(text, signs, Choice.OBJECTION, "No.", "Yes.", signed=True)
    closed(asked)
    made = publishing.publish(paper, wanda.user, reader(wanda))
    assert "Sofia Signs" in str(made.content)


def test_words_of_cases_are_never_printed(version):
    assert "SECRET" not in str(version.content)
    assert {"kind": "case", "against": False} in version.content["references"][0]["evidence"]


def test_a_version_stays(paper, version, wanda):
    for change in (
        lambda: PaperVersion.objects.filter(pk=version.pk).update(content={}),
        lambda: PaperVersion.objects.filter(pk=version.pk).update(digest=""),
        lambda: PaperVersion.objects.filter(pk=version.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    before = PaperVersion.objects.get(pk=version.pk).content
    section = paper.sections.get()
    editing.save(section, writer_of(wanda), Content("Why", "Other words."), 1, mutation())
    Item.objects.filter(title="The North leads").update(state="hidden")
    second = publishing.publish(paper, wanda.user, reader(wanda))
    assert PaperVersion.objects.get(pk=version.pk).content == before
    assert (second.number, second.digest != version.digest) == (2, True)
    assert evidence.digest(before) == version.digest
    assert second.content["references"] == []
    with pytest.raises(Refused):
        publishing.publish(paper, wanda.user, reader(wanda))


def test_hidden_and_draft_parts_are_not_printed(paper, wanda):
    Item.objects.filter(title="Listen").update(state="hidden")
    Item.objects.filter(title="Why").update(state="draft")
    made = publishing.publish(paper, wanda.user, reader(wanda))
    assert [one["title"] for one in made.content["recommendations"]] == ["Pay in advance"]
    assert made.content["sections"] == []


def test_the_files_have_the_words_and_the_numbers(version):
    for file in version.files.all():
        assert tasks.make_paper_file(file.pk)
        assert not tasks.make_paper_file(file.pk)  # once
    made = {file.format: bytes(file.data) for file in version.files.all()}
    docx = words_of_package(made["docx"], "word/document.xml")
    odt = words_of_package(made["odt"], "content.xml")
    pdf = words_of_pdf(made["pdf"])
    for text in (docx, odt, pdf):
        figures = ("higher levels in 9 of 11", "average gap is 1.4")
        for words in (*figures, "Pay in advance", "This instead.", version.digest[:20]):
            assert words.replace(" ", "") in text.replace(" ", ""), words
        assert "SECRET" not in text
    for mark in (b"/MarkInfo", b"/StructTreeRoot", b"pdfuaid:part"):
        assert mark in made["pdf"]


def test_the_same_version_gives_the_same_files(version):
    assert publishing.made(version, "pdf") == publishing.made(version, "pdf")
    assert publishing.made(version, "docx") == publishing.made(version, "docx")


def test_a_file_is_downloaded_when_it_is_there(client, version, wanda):
    client.force_login(wanda.user)
    address = reverse("community:paper-file", args=[version.code, "docx"])
    waits = reverse("community:paper-files", args=[version.code])
    assert client.get(address).status_code == 404
    assert client.get(waits + "?done=0").status_code == 204
    tasks.make_paper_file(version.files.get(format="docx").pk)
    response = client.get(address)
    assert response.headers["Content-Disposition"] == 'attachment; filename="pay-partners-in-time-v1.docx"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert address in client.get(waits + "?done=0").content.decode()
    assert client.get(reverse("community:paper-file", args=[version.code, "exe"])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_worker_makes_what_waits(celery_worker, wanda):
    paper = make_paper(wanda)
    version = publishing.publish(paper, wanda.user, reader(wanda))
    wait_until(lambda: not version.files.exclude(state="done").exists(), 60, "the files are made")
    PaperFile.objects.filter(format="pdf").update(state="waiting", data=None)
    assert tasks.sweep_paper_files() == 1
    wait_until(lambda: not version.files.exclude(state="done").exists(), 60, "the lost file is made again")


def test_hostile_words_stay_words_in_every_file(wanda):
    paper = make_paper(wanda, '#read("/etc/passwd") <b>$x$')
    make_section(paper, wanda, "`{=html}`", "\n\n".join(CORPUS)[:20_000])
    version = publishing.publish(paper, wanda.user, reader(wanda))
    for wanted in ("pdf", "docx", "odt"):
        made = publishing.made(version, wanted)
        assert b"root:" not in made
    html = publishing.version_html(version)
    assert "<script" not in html
    assert "javascript:" not in re.sub(r">[^<]*<", "><", html)


def test_markdown_becomes_a_tree_of_data():
    [quote] = blocks("> *a* [b](https://x.org) [c](mailto:a@b.org)")
    assert quote["t"] == "quote"
    kinds = [one["t"] for one in quote["c"][0]["c"]]
    assert kinds == ["em", "text", "link", "text", "link"]


# --- drafts


def word(markdown: str, title: str = "") -> bytes:
    options = ["--standalone", f"--metadata=title:{title}"] if title else []
    return pandoc.convert(markdown.encode(), "markdown", "docx", *options)


def brought(client, data: bytes, name="draft.docx", **more):
    form = {"file": SimpleUploadedFile(name, data), "language": "en"} | more
    return client.post(reverse("community:paper-import"), form)


UNPACKED = 60 * 1024 * 1024  # bytes of the file that is too large
TEXT = "# Why\n\nMoney comes **late**.\n\n## A detail\n\n- one\n- two\n\n# Recommendation 1: Pay in advance\n\nHalf.\n"


@pytest.mark.parametrize("data", [word(TEXT, "Pay in time"), b"# Pay in time\n\n" + TEXT.replace("# ", "## ").encode()])
def test_a_draft_comes_in_with_its_parts(client, wanda, data):
    client.force_login(wanda.user)
    assert brought(client, data).status_code == 302
    paper = PolicyPaper.objects.get()
    assert (paper.title, paper.state, paper.author) == ("Pay in time", "draft", wanda.user)
    section, ask = paper.sections.get(), paper.recommendations.get()
    assert (section.title, ask.title, ask.text) == ("Why", "Pay in advance", "Half.")
    assert "**late**" in section.text
    assert "A detail" in section.text
    assert section.revisions.count() == 1


@cache
def bomb() -> bytes:
    """Return a small Word file that unpacks to 60 MB."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * UNPACKED)
    return held.getvalue()


def lying_bomb(declared: int) -> bytes:
    """Return a Word file that says to unpack to less than it does."""
    return bomb().replace(struct.pack("<I", UNPACKED), struct.pack("<I", declared))


@pytest.mark.parametrize(
    "data",
    [
        bomb(),
        lying_bomb(1000),
        b"PK\x03\x04 nothing",
        b"\xff\xfe\x00",
        b"",
        b"x" * (drafts.LARGEST + 1),
        "\n\n".join(f"# {n}\n\nx" for n in range(100)).encode(),
        word("# One\n\nx", "T")[:-400],
        b"# " + b"a" * 30 + b"\n\n" + b"word " * 20_000,
    ],
    ids=["bomb", "lying-bomb", "no-zip", "no-text", "empty", "large", "many-parts", "cut", "long"],
)
def test_what_is_no_draft_is_said_at_the_form_and_nothing_is_left(client, wanda, data):
    client.force_login(wanda.user)
    response = brought(client, data, title="Mine")
    assert response.status_code == 422
    assert response.context["form"].errors["file"]
    assert not PolicyPaper.objects.exists()


@pytest.mark.parametrize(
    ("data", "why"), [(bomb(), "too large"), (lying_bomb(1000), "damaged")], ids=["bomb", "lying-bomb"]
)
def test_a_bomb_is_known_before_pandoc_opens_it(data, why):
    assert len(data) < 100_000
    with pytest.raises(drafts.NotADraft, match=why):
        drafts.check_package(data)
    drafts.check_package(word(TEXT))


def test_a_draft_without_a_title_needs_one(client, wanda):
    client.force_login(wanda.user)
    assert brought(client, b"Just words.", "draft.md").status_code == 422
    assert brought(client, b"Just words.", "draft.md", title="Mine").status_code == 302
    assert PolicyPaper.objects.get().text == "Just words."


@pytest.mark.parametrize(
    "heading",
    [
        "Recommendation 1: Pay",
        "Recommandation 1 : Pay",
        "Recomendación: Pay",
        "Recomendação 1. Pay",
        "Aanbeveling 1 – Pay",
        "التوصية 1: Pay",
        "توصية ١: Pay",
    ],
)
def test_a_recommendation_is_known_by_its_word_in_every_language(heading):
    found, other = drafts.parse_draft(f"# {heading}\n\nx\n\n# Recommended reading: Pay\n\ny".encode()).parts
    assert (found.is_recommendation, found.title, other.is_recommendation) == (True, "Pay", False)


def test_headings_in_code_and_lists_cut_nothing():
    draft = drafts.parse_draft(b"# A\n\n```\n# not\n```\n\n- # nor\n\n> # this\n\nB\n=\n\ny")
    assert [part.title for part in draft.parts] == ["A", "B"]


def test_pandoc_reads_no_file(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    rst = f".. include:: {secret}\n".encode()
    pypandoc_path = pypandoc.get_pandoc_path()
    command = [pypandoc_path, "-f", "rst", "-t", "html"]
    open_box = subprocess.run(command, input=rst, capture_output=True, check=True)  # noqa: S603
    assert b"SECRET" in open_box.stdout  # so the file is there to be read
    assert b"SECRET" not in pandoc.convert(rst, "rst", "html")


def test_other_papers_of_the_same_words_have_other_digests(wanda):
    one, two = (publishing.publish(make_paper(wanda), wanda.user, reader(wanda)) for _ in range(2))
    assert one.digest != two.digest


def test_a_figure_that_was_hidden_since_stands_in_no_new_version(client, version, paper, wanda, figure):
    Figure.objects.filter(pk=figure.pk).update(hidden_at=timezone.now())
    second = publishing.publish(paper, wanda.user, reader(wanda))
    client.force_login(wanda.user)
    pages = [client.get(one.get_absolute_url()).content.decode() for one in (version, second)]
    assert ["in 9 of 11" in page for page in pages] == [True, False], "what is published stays"
    assert "See for yourself." not in pages[1]
    assert "Not shown, to protect answers." in pages[1]
    assert all(figure.digest in page for page in pages)
