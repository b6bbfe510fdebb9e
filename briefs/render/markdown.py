"""Markdown cells: parsed into a small tree of plain dictionaries, in the reader's language.

The templates write page and PDF from the tree, and nothing outside its few kinds of node
exists in it: raw HTML is text, a link that is not safe is its words alone. So neither
HTML nor Typst code in a cell can reach a page as code.

Translators get what a reader takes in at once: a paragraph, a heading, an item of a list, a cell
of a table. So a change to one sentence leaves the rest of a cell translated, and the marks
around a piece (``##``, ``-``) are never theirs to lose.

======================  ===================================================================
node                    fields besides ``type`` and, unless said otherwise, ``children``
======================  ===================================================================
``h``                   ``level`` (2 to 6), ``id``
``p``                   also ``blockquote``, ``li``, ``em``, ``strong``, ``del``, ``ul``, and
                        ``plain``, which has no form of its own
``ol``                  ``start``
``table``               ``head`` (cells), ``rows`` (lists of cells), ``align``; no children
``a``                   ``url`` (safe, or empty)
``footnote``            ``number``, ``first`` (whether the first reference); no children
``text``                ``text``; also ``code`` and ``pre``; no children
``br``                  no fields; also ``hr``
======================  ===================================================================
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import mistune
from mistune.core import BlockState
from mistune.plugins import import_plugin
from mistune.util import unescape

from briefs.display import i18n

Node = dict[str, Any]
Token = dict[str, Any]

_CONTAINERS = {
    "paragraph": "p",
    "block_text": "plain",
    "list_item": "li",
    "block_quote": "blockquote",
    "emphasis": "em",
    "strong": "strong",
    "strikethrough": "del",
}
_TITLE = re.compile(r"\s*# +(?P<title>[^\n]*)(?:\n|\Z)")
_UNDEFINED_NOTE = re.compile(r"\[\^[^\]\s]+\]")
#: What of a heading doesn't go into its id: notes, and addresses of links.
_UNNAMED = re.compile(r"\[\^[^\]\s]+\]|(?<=\])\([^)]*\)")
_LETTER = re.compile(r"[^\W\d_]")


class MarkdownError(ValueError):
    """A markdown cell asks for something that a page can't show."""


class _Inline(mistune.InlineParser):
    """Puts the text of each paragraph, heading, item and cell through `write`, then looks for marks in it."""

    def __init__(self, write: Callable[[str], str]) -> None:
        super().__init__()
        self._write = write

    def __call__(self, s: str, env: Any) -> list[Token]:
        return super().__call__(self._write(s) if _LETTER.search(s) else s, env)


def _parser(write: Callable[[str], str]) -> mistune.Markdown:
    plugins = [import_plugin(name) for name in ("footnotes", "table", "strikethrough")]
    parser = mistune.Markdown(inline=_Inline(write), plugins=plugins)
    parser.before_render_hooks.append(_name_headings)
    return parser


def _name_headings(parser: mistune.Markdown, state: BlockState) -> None:
    """Keep headings as they were before translation: a link to one holds in every language."""

    def walk(tokens: Iterable[Token]) -> None:
        for token in tokens:
            if token["type"] == "heading":
                token["attrs"]["words"] = unescape(_UNNAMED.sub("", token["text"]))
            walk(token.get("children", ()))

    walk(state.tokens)


def split_title(text: str) -> tuple[str, str]:
    """Part the ``# Title`` that opens a notebook from the rest of its cell; without one it's empty."""
    found = _TITLE.match(text)
    return (found["title"].strip(), text[found.end() :]) if found else ("", text)


def pieces(text: str) -> list[str]:
    """List what there is to translate in a markdown cell, in order."""
    found: dict[str, str] = {}
    _parser(lambda piece: found.setdefault(piece, piece))(text)
    return list(found)


def translated(text: str) -> str:
    """Translate the pieces of a markdown cell where they stand, the marks around them as they were."""
    found = sorted(pieces(text), key=len, reverse=True)
    any_of_them = "|".join(map(re.escape, found))
    return re.sub(any_of_them, lambda piece: i18n._(piece[0]), text) if found else text


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


def anchors(nodes: Iterable[Node]) -> Iterator[Node]:
    """Yield the links of trees, those in tables too."""
    for node in nodes:
        if node.get("type") == "a":
            yield node
        rows = [*node.get("rows", ()), node.get("head", ())]
        yield from anchors(
            [*node.get("children", ()), *(n for row in rows for c in row for n in c)]
        )


class Reader:
    """Reads the markdown cells of one page, in order; headings get none of the ids that are `taken`.

    It gathers every id on the page in ``ids``, footnotes (``number`` and ``children``) in
    ``notes``, and ids that the last cell links to in ``targets``.
    """

    def __init__(self, taken: Iterable[str] = ()):
        self.ids = set(taken)
        self.notes: list[dict[str, Any]] = []
        self.targets: list[str] = []
        self._seen: set[int] = set()
        self._offset = 0
        self._level = 1
        self._parse = _parser(i18n._)

    def read(self, text: str) -> list[Node]:
        """Parse one cell, in the active language; a picture, or a note without text, is an error."""
        self._offset, self.targets = len(self.notes), []
        tokens: Any = self._parse(text)
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
        kind, text, attrs = token["type"], token.get("raw", ""), token.get("attrs", {})
        if kind == "table":
            return self._table(token)
        inner = self._all(token.get("children", ()))
        if kind in _CONTAINERS:
            return {"type": _CONTAINERS[kind], "children": inner}
        match kind:
            case "blank_line":
                return None
            case "text":
                return {"type": "text", "text": _checked(unescape(text))}
            case "softbreak":
                return {"type": "text", "text": "\n"}
            case "inline_html":
                return {"type": "text", "text": text}
            case "block_html":
                return {"type": "p", "children": [{"type": "text", "text": text.strip()}]}
            case "codespan":
                return {"type": "code", "text": text}
            case "block_code":
                return {"type": "pre", "text": text.rstrip("\n")}
            case "linebreak":
                return {"type": "br"}
            case "thematic_break":
                return {"type": "hr"}
            case "link":
                url = safe_url(attrs["url"])
                if url.startswith("#"):
                    self.targets.append(url[1:])
                return {"type": "a", "url": url, "children": inner}
            case "list" if attrs["ordered"]:
                return {"type": "ol", "start": attrs.get("start") or 1, "children": inner}
            case "list":
                return {"type": "ul", "children": inner}
            case "heading":
                # A screen reader's reader moves by levels: none may be skipped, and h1 is the title.
                self._level = max(2, min(attrs["level"], self._level + 1))
                name = self.unique(attrs.get("words") or plain(inner))
                return {"type": "h", "level": self._level, "id": name, "children": inner}
            case "footnote_ref":
                number = self._offset + attrs["index"]
                first = number not in self._seen
                self._seen.add(number)
                return {"type": "footnote", "number": number, "first": first}
            case "image":
                raise MarkdownError(
                    "a picture in markdown has no data and no source; show a Figure instead"
                )
        raise MarkdownError(f"markdown of the kind {kind!r} has no form on a page")

    def _table(self, token: Token) -> Node:
        head, *bodies = token["children"]
        rows = [row for body in bodies for row in body["children"]]
        return {
            "type": "table",
            "align": [cell["attrs"]["align"] or "left" for cell in head["children"]],
            "head": [self._all(cell["children"]) for cell in head["children"]],
            "rows": [[self._all(cell["children"]) for cell in row["children"]] for row in rows],
        }


def _checked(text: str) -> str:
    if lost := _UNDEFINED_NOTE.search(text):
        raise MarkdownError(f"footnote {lost[0]} has no text in this cell")
    return text
