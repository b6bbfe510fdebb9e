"""Markdown cells: parsed once into a small tree of plain dictionaries, then walked.

Page and PDF are both written from the tree, and nothing outside its few kinds of node
exists in it: raw HTML is text, a link that is not safe is its words alone. So neither
HTML nor Typst code in a cell can reach a page as code.

=============  ============================================================
node           fields besides ``type`` and, unless said otherwise, ``children``
=============  ============================================================
``heading``    ``level`` (2 to 6), ``id``
``paragraph``  also ``quote``, ``item``, ``em``, ``strong``, ``strike``
``list``       ``ordered``, ``start``
``table``      ``head`` (cells), ``rows`` (lists of cells), ``align``; no children
``link``       ``url`` (safe, or empty)
``footnote``   ``number``, ``first`` (whether the first reference); no children
``text``       ``text``; also ``code`` and ``pre``; no children
``break``      no fields; also ``rule``
=============  ============================================================
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import mistune
from markupsafe import Markup, escape
from mistune.util import unescape

from briefs.display import i18n

Node = dict[str, Any]
Token = dict[str, Any]

_markdown = mistune.create_markdown(renderer=None, plugins=["footnotes", "table", "strikethrough"])
_CONTAINERS = {
    "paragraph": "paragraph",
    "block_text": "plain",
    "list_item": "item",
    "block_quote": "quote",
    "emphasis": "em",
    "strong": "strong",
    "strikethrough": "strike",
}
_TAGS = {
    "paragraph": "p",
    "item": "li",
    "quote": "blockquote",
    "em": "em",
    "strong": "strong",
    "strike": "del",
}
#: Nodes of the tokens that hold nothing; None where there is nothing on the page either.
_EMPTY: dict[str, Node | None] = {
    "blank_line": None,
    "softbreak": {"type": "text", "text": "\n"},
    "linebreak": {"type": "break"},
    "thematic_break": {"type": "rule"},
}
_UNDEFINED_NOTE = re.compile(r"\[\^[^\]\s]+\]")


class MarkdownError(ValueError):
    """A markdown cell asks for something that a page can't show."""


def slug(text: str) -> str:
    """Turn a heading into an id: lower-case ASCII words joined by hyphens."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "-".join(re.findall(r"[a-z0-9]+", bare.lower())) or "section"


def safe_url(url: str) -> str:
    """Return `url` if a page may link to it (http, https, mailto, a relative address), else ``""``."""
    url = re.sub(r"[\x00-\x20\x7f]", "", unescape(url))
    if url.startswith("//") or "\\" in url:
        return ""
    try:
        scheme = urlsplit(url).scheme.lower()
    except ValueError:
        return ""
    head = re.split(r"[/?#]", url, maxsplit=1)[0]
    return url if scheme in ("http", "https", "mailto") or ":" not in head else ""


def plain(nodes: Iterable[Node]) -> str:
    """Return the words of a tree without their markup."""
    return "".join(node.get("text", "") or plain(node.get("children", ())) for node in nodes)


def _parse(text: str) -> list[Token]:
    tokens = _markdown(text)
    assert isinstance(tokens, list)  # without a renderer
    return tokens


def _headings(tokens: Iterable[Token]) -> Iterator[str]:
    """Words of the headings among tokens, in order."""
    for token in tokens:
        if token["type"] == "heading":
            yield _raw(token)
        else:
            yield from _headings(token.get("children", ()))


def _raw(token: Token) -> str:
    """Words of a token without their markup."""
    if token["type"] == "footnote_ref":
        return ""
    return unescape(token.get("raw", "")) + "".join(map(_raw, token.get("children", ())))


class Reader:
    """Reads the markdown cells of one page, in order.

    Parameters
    ----------
    taken : iterable of str
        Ids that headings must not take.

    Attributes
    ----------
    ids : set of str
        Every id on the page so far.
    notes : list of dict
        Footnotes met so far: ``number`` and ``children``.
    """

    def __init__(self, taken: Iterable[str] = ()):
        self.ids = set(taken)
        self.notes: list[dict[str, Any]] = []
        self._seen: set[int] = set()
        self._offset = 0
        self._level = 1
        self._names: list[str] = []

    def read(self, text: str, original: str = "") -> list[Node]:
        """Parse one cell.

        Parameters
        ----------
        original : str, optional
            The cell as it was before translation: its headings give the ids, so that a link to a
            section holds in every language.

        Raises
        ------
        MarkdownError
            At a picture, or at a footnote without text.
        """
        self._offset = len(self.notes)
        self._names = list(_headings(_parse(original))) if original != text else []
        tokens = _parse(text)
        if tokens and tokens[-1]["type"] == "footnotes":
            # all are numbered before any is read, since one may refer to another
            notes = {note["attrs"]["index"]: note["children"] for note in tokens.pop()["children"]}
            self.notes += [{"number": self._offset + n, "children": []} for n in notes]
            for number, children in notes.items():
                self.notes[self._offset + number - 1]["children"] = self._all(children)
        return self._all(tokens)

    def unique(self, text: str) -> str:
        """Make a new id from `text`."""
        base, count = slug(text), 1
        name = base
        while name in self.ids:
            count += 1
            name = f"{base}-{count}"
        self.ids.add(name)
        return name

    def _all(self, tokens: Iterable[Token]) -> list[Node]:
        return [node for token in tokens if (node := self._one(token))]

    def _one(self, token: Token) -> Node | None:
        kind = token["type"]
        if kind in _EMPTY:
            return _EMPTY[kind]
        if kind in _CONTAINERS:
            return {"type": _CONTAINERS[kind], "children": self._all(token["children"])}
        make = getattr(self, f"_{kind}", None)
        if make is None:
            raise MarkdownError(f"markdown of the kind {kind!r} has no form on a page")
        node: Node = make(token)
        return node

    def _text(self, token: Token) -> Node:
        text = unescape(token["raw"])
        if lost := _UNDEFINED_NOTE.search(text):
            raise MarkdownError(f"footnote {lost[0]} has no text in this cell")
        return {"type": "text", "text": text}

    def _inline_html(self, token: Token) -> Node:
        return {"type": "text", "text": token["raw"]}

    def _block_html(self, token: Token) -> Node:
        return {"type": "paragraph", "children": [{"type": "text", "text": token["raw"].strip()}]}

    def _codespan(self, token: Token) -> Node:
        return {"type": "code", "text": token["raw"]}

    def _block_code(self, token: Token) -> Node:
        return {"type": "pre", "text": token["raw"].rstrip("\n")}

    def _image(self, token: Token) -> Node:
        raise MarkdownError(
            "a picture in markdown has no data and no source; show a Figure instead"
        )

    def _link(self, token: Token) -> Node:
        url = safe_url(token["attrs"]["url"])
        return {"type": "link", "url": url, "children": self._all(token["children"])}

    def _list(self, token: Token) -> Node:
        attrs = token["attrs"]
        return {
            "type": "list",
            "ordered": attrs["ordered"],
            "start": attrs.get("start") or 1,
            "children": self._all(token["children"]),
        }

    def _heading(self, token: Token) -> Node:
        # A screen reader's reader moves by levels: none may be skipped, and h1 is the title.
        self._level = max(2, min(token["attrs"]["level"], self._level + 1))
        children = self._all(token["children"])
        name = self.unique(self._names.pop(0) if self._names else plain(children))
        return {"type": "heading", "level": self._level, "id": name, "children": children}

    def _footnote_ref(self, token: Token) -> Node:
        number = self._offset + token["attrs"]["index"]
        first = number not in self._seen
        self._seen.add(number)
        return {"type": "footnote", "number": number, "first": first}

    def _table(self, token: Token) -> Node:
        head, *bodies = token["children"]
        rows = [row for body in bodies for row in body["children"]]
        return {
            "type": "table",
            "align": [cell["attrs"]["align"] or "left" for cell in head["children"]],
            "head": [self._all(cell["children"]) for cell in head["children"]],
            "rows": [[self._all(cell["children"]) for cell in row["children"]] for row in rows],
        }


def to_html(nodes: Iterable[Node]) -> Markup:
    """Write a tree as HTML, every text escaped."""
    return Markup("").join(map(_html, nodes))


def _html(node: Node) -> Markup:
    kind = node["type"]
    if kind == "text":
        return escape(node["text"])
    if kind in _TAGS:
        return Markup("<{0}>{1}</{0}>").format(Markup(_TAGS[kind]), to_html(node["children"]))
    return _WRITERS[kind](node)


def _html_heading(node: Node) -> Markup:
    return Markup(
        '<h{0} id="{1}">{2} <a class="anchor" href="#{1}" aria-label="{3}">#</a></h{0}>'
    ).format(node["level"], node["id"], to_html(node["children"]), i18n._("Link to this section"))


def _html_list(node: Node) -> Markup:
    inner, start = to_html(node["children"]), node["start"]
    if not node["ordered"]:
        return Markup("<ul>{}</ul>").format(inner)
    numbered = Markup(' start="{}"').format(start) if start != 1 else ""
    return Markup("<ol{}>{}</ol>").format(numbered, inner)


def _html_link(node: Node) -> Markup:
    inner = to_html(node["children"])
    return Markup('<a href="{}">{}</a>').format(node["url"], inner) if node["url"] else inner


def _html_footnote(node: Node) -> Markup:
    anchor = Markup(' id="fnref:{}"').format(node["number"]) if node["first"] else ""
    return Markup('<sup{0}><a href="#fn:{1}" aria-label="{2}">{1}</a></sup>').format(
        anchor, node["number"], i18n._("Note {number}", number=node["number"])
    )


def _html_table(node: Node) -> Markup:
    head = _html_row(node["head"], node["align"], Markup('<th scope="col" class="{}">{}</th>'))
    cell = Markup('<td class="{}">{}</td>')
    rows = Markup("").join(_html_row(cells, node["align"], cell) for cells in node["rows"])
    return Markup(
        '<div class="scroll" role="region" tabindex="0" aria-label="{}"><table><thead>{}</thead>'
        "<tbody>{}</tbody></table></div>"
    ).format(i18n._("Table"), head, rows)


def _html_row(cells: list[list[Node]], sides: list[str], form: Markup) -> Markup:
    made = (form.format(side, to_html(cell)) for side, cell in zip(sides, cells, strict=False))
    return Markup("<tr>{}</tr>").format(Markup("").join(made))


_WRITERS = {
    "plain": lambda node: to_html(node["children"]),
    "code": lambda node: Markup("<code>{}</code>").format(node["text"]),
    "pre": lambda node: Markup('<pre tabindex="0"><code>{}</code></pre>').format(node["text"]),
    "break": lambda node: Markup("<br>"),
    "rule": lambda node: Markup("<hr>"),
    "heading": _html_heading,
    "list": _html_list,
    "link": _html_link,
    "footnote": _html_footnote,
    "table": _html_table,
}
