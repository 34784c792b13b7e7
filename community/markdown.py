"""Markdown to harmless HTML and to plain text. What is written here may come from anybody."""

import re
from collections.abc import Iterable
from functools import cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

TAGS = set(
    "p br hr strong em s code pre blockquote ul ol li a h3 h4 h5 h6 table thead tbody tr th td span".split()  # noqa: SIM905
)
SCHEMES = {"http", "https", "mailto"}
MENTION = re.compile(r"(?<![\w@./-])@([a-z0-9][a-z0-9-]{0,39})(?![\w@])")
# What no text needs: control characters, overrides that turn what follows around, the marks of `searching`.
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\u202d\u202e\ue000\ue001\ud800-\udfff]")


def normalise(text: str) -> str:
    """Return a text as it is kept: one kind of line end, at most one empty line, nothing unprintable."""
    text = UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def one_line(text: str) -> str:
    return " ".join(UNWANTED.sub("", text).split())


def mentioned(text: str) -> set[str]:
    """Return the handles that a text names, outside of code."""
    inline = (child for token in parser().parse(text) for child in token.children or ())
    return {handle for child in inline if child.type == "text" for handle in MENTION.findall(child.content)}


def render(text: str, handles: Iterable[str] = ()) -> SafeString:
    """Return the text as clean HTML; `handles` are those who exist, and are marked where they are named."""
    html = parser().render(text, {"handles": set(handles)})
    return mark_safe(clean(html))  # noqa: S308 (cleaned in this very line)


def clean(html: str) -> str:
    """Return only what the allow-list knows; links say that they are not ours."""
    return nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags={"script", "style"},
        attributes={"a": {"href", "title"}, "ol": {"start"}, "span": {"class"}},
        attribute_filter=_only_mention,
        url_schemes=SCHEMES,
        link_rel="nofollow noopener",
    )


def plain(text: str) -> str:
    """Return what a reader reads, without marks; for search, excerpts and mails."""
    tokens = parser().parse(text)
    return "\n".join(filter(None, (_words(token) or _code(token) for token in tokens))).strip()


def excerpt(words: str, most: int = 60) -> str:
    """Return the first words on one line, with "…" where words were left out."""
    line = " ".join(words.split())
    if len(line) <= most:
        return line
    whole_words, space, _ = line[:most].rpartition(" ")
    return f"{whole_words} …" if space else f"{line[:most]}…"


@cache
def parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable(["image", "html_block"])
    made.disable("html_inline")
    made.core.ruler.push("lower_headings", _lower_headings)
    made.core.ruler.push("mentions", _mark_mentions)
    return made


def _only_mention(tag: str, attribute: str, value: str) -> str | None:
    return value if (tag, attribute) != ("span", "class") or value == "mention" else None


def _words(token: Token) -> str:
    return "".join(_word(child) for child in token.children or ())


def _word(child: Token) -> str:
    if child.type in {"softbreak", "hardbreak"}:
        return "\n"
    return child.content if child.type in {"text", "code_inline"} else ""


def _code(token: Token) -> str:
    return token.content.rstrip() if token.type in {"fence", "code_block"} else ""


def _lower_headings(state: StateCore) -> None:
    """The page has its own h1 and h2."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(6, int(token.tag[1]) + 2)}"


def _mark_mentions(state: StateCore) -> None:
    handles = state.env.get("handles")
    if not handles:
        return
    for token in state.tokens:
        if token.type == "inline" and "@" in token.content:
            token.children = [part for child in token.children or () for part in _split(child, handles)]


def _split(child: Token, handles: set[str]) -> list[Token]:
    if child.type != "text":
        return [child]
    parts, at = [], 0
    for mention in MENTION.finditer(child.content):
        if mention[1] in handles:
            parts += [_text(child.content[at : mention.start()]), *_mark(mention[0])]
            at = mention.end()
    return [*parts, _text(child.content[at:])]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _mark(name: str) -> list[Token]:
    opening = Token("mention_open", "span", 1, attrs={"class": "mention"})
    return [opening, _text(name), Token("mention_close", "span", -1)]
