"""The picture that goes with a link to a brief: 1200 by 630 pixels, set by Typst in the PDF's own type."""

import json
from functools import lru_cache

import typst

from briefs.render import exporters, metadata
from briefs.render.blocks import Document
from briefs.render.cells import PublishError

#: Most bytes that every reader of such pictures takes.
LIMIT = 300_000


@lru_cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(
        exporters.TEMPLATES / "card.typ",
        root=exporters.TEMPLATES,
        font_paths=exporters.fonts(),
        ignore_system_fonts=True,
    )


def render(document: Document) -> bytes:
    """Draw the card of a document as PNG; the same document gives the same bytes.

    Raises
    ------
    PublishError
        If Typst can't set it, or it is heavier than those who show it accept.
    """
    shown = {
        "title": document.title,
        "language": document.language,
        "tally": [vars(count) for count in document.tally],
        "edition": document.frame.edition,
        "site": document.head["site"],
        "icons": exporters.icons(),
        "finding": document.lead,
    }
    name = f"the card of {document.report!r}"
    picture = exporters.typeset(
        _compiler(),
        name,
        format="png",
        ppi=72,
        sys_inputs={"document": json.dumps(shown, ensure_ascii=False)},
    )
    if len(picture) > LIMIT:
        raise PublishError(f"{metadata.CARD}, {name}, has {len(picture)} bytes, {LIMIT} at most")
    return picture
