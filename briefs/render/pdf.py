"""The document through Typst as PDF, and the picture that goes with a link to it."""

import dataclasses
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from briefs.display.i18n import _, in_language
from briefs.render import pdf_tags, pictures
from briefs.render.blocks import Block, Document, FigureBlock, Fold, ForecastsBlock, Prose, Section
from briefs.render.cells import PublishError
from briefs.render.html import icons
from briefs.render.markdown import anchors, plain
from briefs.render.metadata import CARD
from briefs.render.policy import TEMPLATES, read
from briefs.render.svg import silent

#: What the printed page has no use for.
_UNPRINTED = tuple("records head csv files cited links code whatif data lanes".split())
#: Most bytes that every reader of pictures of links takes.
CARD_LIMIT = 300_000
_PRINTED_DRAWING = '<svg color="#1c1b1a" font-family="DejaVu Sans" '


@lru_cache
def _compiler() -> typst.Compiler:
    # Fonts come from the typst wheel and from matplotlib, which draws with DejaVu Sans: a
    # bare machine has none of its own, and pages must not depend on the machine.
    import matplotlib

    folder = str(Path(matplotlib.get_data_path()) / "fonts/ttf")
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[folder])
    return typst.Compiler(b"", root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)


def _fields(part: Any) -> dict[str, Any]:
    """Return what the printed page needs of a part of the document."""
    # not by `dataclasses.asdict`, which copies every cell of every table
    names = [field.name for field in dataclasses.fields(part)]
    found = {name: getattr(part, name) for name in names if name not in _UNPRINTED}
    if isinstance(part, FigureBlock):
        drawing = silent(part.wide or part.svg)
        found |= {"svg": drawing.replace("<svg ", _PRINTED_DRAWING, 1), "wide": bool(part.wide)}
    return found


def render_pdf(document: Document) -> bytes:
    """Write what a document's page shows while its parts are closed: a brief of a few pages.

    It is a PDF/UA-1 and PDF/A-2a file, dated by its edition; the same gives the same bytes.
    """
    return _written(_open_parts(document), annex=False)


def render_annex(document: Document) -> bytes:
    """Write all of a document, its closed parts open, in the same form."""
    return _written(document, annex=True)


def _written(document: Document, annex: bool) -> bytes:
    name, content = repr(document.report), {**printed(document), "annex": annex}
    made = typeset(name, source("brief.typ", content), format="pdf", pdf_standards=["ua-1", "a-2a"])
    return pdf_tags.named(made, _links(document))


def _open_parts(document: Document) -> Document:
    """Leave out what the page shows closed; drawings are those for a phone, which fit beside words."""
    sections = [
        dataclasses.replace(part, blocks=[*map(_small, _kept(part))])
        for part in document.sections
        if not part.folded and _kept(part)
    ]
    return dataclasses.replace(document, sections=sections, sources=[], sources_intro=[])


def _kept(section: Section) -> list[Block]:
    return [block for block in section.blocks if not isinstance(block, Fold | ForecastsBlock)]


def _small(block: Block) -> Block:
    return dataclasses.replace(block, wide="") if isinstance(block, FigureBlock) else block


def _links(document: Document) -> dict[str, str]:
    """Map each address that the printed page leads to, to words for it."""
    with in_language(document.language):
        found = {document.frame.permalink: _("Permanent address")}
        record = _("The record of all forecasts and verdicts")
    blocks = [*document.blocks, *document.sources_intro]
    found |= {block.url: record for block in blocks if isinstance(block, ForecastsBlock)}
    prose = [node for block in blocks if isinstance(block, Prose) for node in block.nodes]
    for node in anchors([*prose, *document.notes]):
        found.setdefault(node["url"], plain(node["children"]))
    shown = (source for block in blocks for source in getattr(block, "sources", ()))
    found |= {item.url: item.title for item in (*document.sources, *shown)}
    return found | {document.licence_url: "CC BY 4.0"}


def printed(document: Document) -> dict[str, Any]:
    """Return what the printed page needs of a document, and its own words in that language."""
    messages = re.findall(r'gettext\("([^"]+)"\)', read("brief.typ"))
    with in_language(document.language):
        words = {message: _(message) for message in messages}
    return {**_fields(document), "messages": words}


def source(template: str, content: dict[str, Any]) -> bytes:
    """Write a template of Typst with its content before it, there called ``doc``."""
    # Not by `sys.inputs`: when they change, Typst forgets all that it could use again.
    text = json.dumps({**content, "icons": icons()}, ensure_ascii=False, default=_fields)
    quoted = text.replace("\\", r"\\").replace('"', r"\"")
    return f'#let doc = json(bytes("{quoted}"))\n{read(template)}'.encode()


def typeset(name: str, source: bytes, **options: Any) -> bytes:
    """Have Typst make one file, called `name` where it can't."""
    made = pages(name, source, **options)
    if len(made) > 1:
        raise PublishError(f"Typst can't set {name} as one file")
    return made[0]


def pages(name: str, source: bytes, **options: Any) -> list[bytes]:
    """Have Typst make files, of pictures one for each page, called `name` where it can't."""
    try:
        made = _compiler().compile(source, **options)
    except typst.TypstError as error:
        hints = " ".join(error.hints)
        raise PublishError(f"Typst can't set {name}: {error.message} {hints}".rstrip()) from error
    if made is None:
        raise PublishError(f"Typst makes nothing of {name}")
    return made if isinstance(made, list) else [made]


def render_pictures(document: Document) -> dict[str, bytes]:
    """Draw each figure as an SVG and a PNG of its own, two pixels a unit, named as its page links to them."""
    with in_language(document.language):
        drawn = {
            block.id: pictures.standalone(block, document)
            for block in document.blocks
            if isinstance(block, FigureBlock)
        }
    found = {f"data/{name}.svg": text.encode() for name, text in drawn.items()}
    shots = _pngs(document.report, list(drawn.values()))
    return found | {f"data/{name}.png": shot for name, shot in zip(drawn, shots, strict=True)}


def _pngs(report: str, drawn: list[str]) -> list[bytes]:
    """Have Typst set drawings at once, one a page: to start it for each takes as long again."""
    if not drawn:
        return []
    widths = [float(text.partition('width="')[2].partition('"')[0]) for text in drawn]
    shown = [{"svg": text, "width": width} for text, width in zip(drawn, widths, strict=True)]
    content = source("picture.typ", {"drawings": shown})
    return pages(f"the figures of {report!r}", content, format="png", ppi=144)


def render_card(document: Document) -> bytes:
    """Draw the picture that goes with a link to a brief: a PNG of 1200 by 630 pixels, in the PDF's own type."""
    shown = {
        "title": document.title,
        "language": document.language,
        "tally": document.tally,
        "edition": document.frame.edition,
        "site": document.head["site"],
        "finding": document.lead,
    }
    name = f"the card of {document.report!r}"
    picture = typeset(name, source("card.typ", shown), format="png", ppi=72)
    if len(picture) > CARD_LIMIT:
        raise PublishError(f"{CARD}, {name}, has {len(picture)} bytes, {CARD_LIMIT} at most")
    return picture
