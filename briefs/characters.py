"""Characters in texts that may be a stranger's: what no page can hold, and what no terminal should be given."""

import re

#: What XML, and so a drawing or a feed, can't hold: controls, and halves of characters.
NO_TEXT = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_KEPT = "\n\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"


def visible(text: object) -> str:
    """Write out, as an escape, each character that shows nothing or moves a cursor; lines stay lines."""
    return "".join(c if c.isprintable() or c in _KEPT else ascii(c)[1:-1] for c in str(text))
