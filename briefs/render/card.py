"""The picture that goes with a link to a brief: 1200 by 630 pixels, set by Typst in the PDF's own type."""

import json
from functools import lru_cache
from typing import Any

import typst

from briefs.render import exporters, metadata
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


def render(document: dict[str, Any]) -> bytes:
    """Draw the card of a document as PNG; the same document gives the same bytes.

    Raises
    ------
    PublishError
        If Typst can't set it, or it is heavier than those who show it accept.
    """
    shown = {name: document[name] for name in ("title", "language", "tally", "edition")}
    shown |= {
        "site": document["head"]["site"],
        "icons": exporters.icons(),
        "finding": document["findings"][0]["text"]
        if document["findings"]
        else document["subtitle"],
    }
    try:
        picture = _compiler().compile(
            format="png", ppi=72, sys_inputs={"document": json.dumps(shown, ensure_ascii=False)}
        )
    except typst.TypstError as error:
        raise PublishError(
            f"Typst can't set the card of {document['report']!r}: {error.message}"
        ) from error
    if len(picture) > LIMIT:
        raise PublishError(
            f"{metadata.CARD} of {document['report']!r} has {len(picture)} bytes, {LIMIT} at most"
        )
    return picture
