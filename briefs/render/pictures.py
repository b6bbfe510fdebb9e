"""Charts as files of their own, with all that whoever takes one needs to say.

On a page a drawing stands between its title and its source and follows the page's colours and
type. Alone it has a title, what is measured, its source, whose it is and where it stands, in named
colours on white and in a named font.
"""

import re
import textwrap
from collections.abc import Iterable

from markupsafe import Markup, escape

from briefs.display.i18n import _
from briefs.render.blocks import Document, FigureBlock
from briefs.render.svg import silent

#: Named first what the drawing was laid out with, then what is as wide on other machines.
FONT = "DejaVu Sans, Verdana, sans-serif"
INK, QUIET, PAPER = "#1c1b1a", "#5a5754", "#ffffff"
_MARGIN = 14
#: Size of a line's text, its height and its weight; a character is taken to be so wide, in sizes.
_TITLE, _MEASURE, _SOURCE = (16, 21, 700, 0.68), (11, 15, 400, 0.59), (9, 12.5, 400, 0.59)
_ROOT = re.compile(r"<svg ([^>]*)>(.*)</svg>", re.DOTALL)


def standalone(block: FigureBlock, document: Document) -> str:
    """Return the wide drawing of a figure, or its only one, as a file that needs nothing else."""
    found = _ROOT.fullmatch(silent(block.wide or block.svg))
    assert found, "a drawing is one <svg> element"
    size = {side: float(_attribute(found[1], side)) for side in ("width", "height")}
    width = size["width"] + 2 * _MARGIN
    head = [*_lines(block.title, *_TITLE, width), *_lines(block.subtitle, *_MEASURE, width)]
    foot = [*_lines(_sources(block), *_SOURCE, width), *_lines(_home(document), *_SOURCE, width)]
    texts, top = _set(head, _MARGIN, INK)
    ends, height = _set(foot, top + 8 + size["height"] + 6, QUIET)
    parts = "".join((*texts, _placed(found[1], found[2], top + 8), *ends))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height + _MARGIN:g}" '
        f'width="{width:g}" height="{height + _MARGIN:g}" font-family="{FONT}" color="{INK}">'
        f"<title>{escape(block.title)}</title><desc>{escape(block.alt)}</desc>"
        f'<rect width="100%" height="100%" fill="{PAPER}"/>{parts}</svg>'
    )


def embed(block: FigureBlock) -> str:
    """Return the code that shows the published file of a figure on another page, with a link to it."""
    code = Markup('<a href="{}"><img src="{}" alt="{}" width="100%"></a>')
    return str(code.format(block.link, block.picture, block.alt))


def _attribute(head: str, name: str) -> str:
    return re.search(rf'\b{name}="([^"]*)"', head)[1]  # type: ignore[index]


def _lines(
    text: str, size: float, high: float, weight: int, wide: float, width: float
) -> list[tuple[str, float, float, int]]:
    """Break a text into lines of a width."""
    characters = int((width - 2 * _MARGIN) / (size * wide))
    return [(line, size, high, weight) for line in textwrap.wrap(text, characters)]


def _set(
    lines: Iterable[tuple[str, float, float, int]], top: float, fill: str
) -> tuple[list[str], float]:
    """Set lines below each other, and say where the last ends."""
    texts = []
    for text, size, high, weight in lines:
        top += high
        place = f'x="{_MARGIN}" y="{top:g}" font-size="{size}" font-weight="{weight}"'
        texts.append(f'<text {place} fill="{fill}">{escape(text)}</text>')
    return texts, top


def _placed(head: str, inner: str, top: float) -> str:
    """Place what a drawing holds, with what all of it inherits."""
    shared = re.sub(r'\b(?:xmlns|viewBox|width|height)="[^"]*" ?', "", head)
    return f'<g transform="translate({_MARGIN} {top:g})" {shared}>{inner}</g>'


def _sources(block: FigureBlock) -> str:
    with_years = [
        f"{source.publisher or source.title} ({source.year})" for source in block.sources[:3]
    ]
    more = _("and {n} more", n=len(block.sources) - 3) if len(block.sources) > 3 else ""
    return f"{_('Source')}: {'; '.join(with_years)} {more}".rstrip() + "."


def _home(document: Document) -> str:
    return f"{document.head['site']}, CC BY 4.0 · {document.frame.permalink}"
