"""Markdown as a tree of plain data, so that typst sets a text without ever reading it as markup. Pure."""

from typing import Any

from markdown_it.token import Token

from community.markdown import SCHEMES, parser

Node = dict[str, Any]
CONTAINERS = {
    "paragraph": "p",
    "heading": "h",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "quote",
    "table": "table",
    "thead": "rows",
    "tbody": "rows",
    "tr": "row",
    "th": "cell",
    "td": "cell",
}
INLINE = {"strong": "strong", "em": "em", "s": "s", "link": "link"}


def blocks(text: str) -> list[Node]:
    """Return the text as blocks (`p h ul ol li quote table rows row cell code rule`) with inline children."""
    return _tree(parser().parse(text))


def _tree(tokens: list[Token]) -> list[Node]:
    root: Node = {"t": "root", "c": []}
    open_nodes = [root]
    for token in tokens:
        into = open_nodes[-1]["c"]
        if token.nesting == -1:
            open_nodes.pop()
        elif token.type == "inline":
            into += _inline(token.children or [])
        elif token.nesting == 1:
            into.append(_opened(token))
            open_nodes.append(into[-1])
        elif token.type in {"fence", "code_block"}:
            into.append({"t": "code", "text": token.content.rstrip()})
        elif token.type == "hr":
            into.append({"t": "rule"})
    return root["c"]


def _opened(token: Token) -> Node:
    kind = CONTAINERS.get(token.type.removesuffix("_open"), "p")
    return {"t": kind, "c": []} | ({"start": token.attrs.get("start", 1)} if kind == "ol" else {})


def _inline(tokens: list[Token]) -> list[Node]:
    root: Node = {"t": "root", "c": []}
    open_nodes = [root]
    for token in tokens:
        into = open_nodes[-1]["c"]
        if token.nesting == -1:
            open_nodes.pop()
        elif token.nesting == 1:
            into.append({"t": INLINE.get(token.type.removesuffix("_open"), "span"), "c": [], **_address(token)})
            open_nodes.append(into[-1])
        elif token.type in {"softbreak", "hardbreak"}:
            into.append({"t": "text", "text": " "} if token.type == "softbreak" else {"t": "br"})
        elif token.content:
            into.append({"t": "mono" if token.type == "code_inline" else "text", "text": token.content})
    return root["c"]


def _address(token: Token) -> Node:
    """Return where a link leads; anything but the web and mail leads nowhere."""
    if token.type != "link_open":
        return {}
    address = str(token.attrs.get("href", ""))
    return {"to": address if address.split(":", 1)[0].lower() in SCHEMES else ""}
