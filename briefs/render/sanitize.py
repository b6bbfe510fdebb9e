"""HTML that a cell shows of itself, a DataFrame for one, reduced to what may stand in a page.

Only listed elements and attributes stay, by an allow-list library; no style, class or id, no
picture, nothing active. `nodes` gives the same content as the tree that the PDF is set from.
"""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import nh3

from briefs.render.markdown import Node, safe_url

_TABLE = {"table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"}
_BLOCKS = {"p", "div", "blockquote", "pre", "ul", "ol", "li", "dl", "dt", "dd", "hr"}
_TAGS = (
    _TABLE
    | _BLOCKS
    | {"a", "abbr", "b", "br", "code", "em", "i", "s", "small", "span", "strong", "sub", "sup"}
)
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "a": {"href"},
    "abbr": {"title"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"abbr", "colspan", "rowspan", "scope"},
}
#: Elements whose content goes with them; of others not listed the text stays.
_DROPPED = {
    "embed",
    "frame",
    "frameset",
    "iframe",
    "math",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "plaintext",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "xmp",
}
_MARKS = {"b": "strong", "strong": "strong", "em": "em", "i": "em", "s": "strike"}


def clean(text: str) -> str:
    """Return the allowed part of an HTML fragment; empty if nothing in it may be shown."""
    safe = nh3.clean(
        text,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        clean_content_tags=_DROPPED,
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
        attribute_filter=_absolute,
    ).strip()
    return safe if _words(safe) else ""


def _absolute(tag: str, attribute: str, value: str) -> str | None:
    """Drop links to places of the page or of the site, which a cell can't know."""
    return (
        value
        if attribute != "href" or re.match(r"(?:https?|mailto):", value.strip(), re.I)
        else None
    )


def _words(safe: str) -> str:
    return unescape(nh3.clean(safe, tags=set())).strip()


def caption(safe: str) -> str:
    """Return the words of the first caption of a cleaned fragment."""
    reader = _Tree()
    reader.feed(safe)
    reader.close()
    return reader.caption


def nodes(safe: str) -> list[Node]:
    """Turn a cleaned fragment into the tree of `markdown`: tables, and paragraphs of the rest."""
    reader = _Tree()
    reader.feed(safe)
    reader.close()
    return reader.nodes()


class _Tree(HTMLParser):
    """Gathers rows of cells, and text with its emphasis."""

    def __init__(self):
        super().__init__()
        self.caption = ""
        self._nodes: list[Node] = []
        self._inline: list[Node] = []
        self._marks: list[Any] = []
        self._rows: list[tuple[list[list[Node]], bool]] | None = None
        self._captioned = False

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self._paragraph()
            self._rows = []
        elif tag == "tr" and self._rows is not None:
            self._rows.append(([], True))
        elif tag in ("th", "td") and self._rows:
            self._inline = []
        elif tag == "br":
            self._inline.append({"type": "break"})
        elif tag in _BLOCKS and self._rows is None:
            self._paragraph()
        elif tag in _MARKS:
            self._marks.append(_MARKS[tag])
        elif tag == "a":
            self._marks.append({"type": "link", "url": safe_url(dict(attrs).get("href") or "")})
        self._captioned = tag == "caption" or (self._captioned and tag not in _TABLE)

    def handle_endtag(self, tag):
        if tag in ("th", "td") and self._rows:
            cells, heads = self._rows[-1]
            cells.append(self._inline)
            self._rows[-1] = (cells, heads and tag == "th")
            self._inline = []
        elif tag == "caption":
            self._captioned, self._inline = False, []
        elif tag == "table" and self._rows is not None:
            self._table()
        elif tag in _BLOCKS and self._rows is None:
            self._paragraph()
        elif (tag in _MARKS or tag == "a") and self._marks:
            self._marks.pop()

    def handle_data(self, data):
        if self._captioned:
            self.caption = self.caption or data.strip()
        node: Node = {"type": "text", "text": re.sub(r"\s+", " ", data)}
        for mark in reversed(self._marks):
            node = (
                {**mark, "children": [node]}
                if isinstance(mark, dict)
                else {"type": mark, "children": [node]}
            )
        self._inline.append(node)

    def _paragraph(self):
        if any(node.get("text", "x").strip() for node in self._inline):
            self._nodes.append({"type": "paragraph", "children": self._inline})
        self._inline = []

    def _table(self):
        rows = [(cells, heads) for cells, heads in self._rows or () if cells]
        self._rows, self._inline = None, []
        if self.caption:
            self._nodes.append(
                {"type": "paragraph", "children": [{"type": "text", "text": self.caption}]}
            )
        if not rows:
            return
        width = max(len(cells) for cells, _heads in rows)
        padded = [cells + [[]] * (width - len(cells)) for cells, _heads in rows]
        head = padded.pop(0) if rows[0][1] else [[] for _column in range(width)]
        self._nodes.append(
            {"type": "table", "align": ["left"] * width, "head": head, "rows": padded}
        )

    def nodes(self) -> list[Node]:
        """Return what was gathered."""
        self._paragraph()
        return self._nodes
