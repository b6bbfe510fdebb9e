"""The picture that goes with a link to a brief: 1200 by 630 pixels, set by Typst in the PDF's own type."""

from briefs.render import metadata, pdf
from briefs.render.blocks import Document
from briefs.render.cells import PublishError

#: Most bytes that every reader of such pictures takes.
LIMIT = 300_000


def render(document: Document) -> bytes:
    """Draw the card of a document as PNG, no heavier than those who show it accept."""
    shown = {
        "title": document.title,
        "language": document.language,
        "tally": document.tally,
        "edition": document.frame.edition,
        "site": document.head["site"],
        "finding": document.lead,
    }
    name = f"the card of {document.report!r}"
    source = pdf.source("card.typ", shown)
    picture = pdf.typeset(name, source, format="png", ppi=72)
    if len(picture) > LIMIT:
        raise PublishError(f"{metadata.CARD}, {name}, has {len(picture)} bytes, {LIMIT} at most")
    return picture
