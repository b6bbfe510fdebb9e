"""Markdown cells in another language, piece by piece.

Translators get what a reader takes in at once: a paragraph, a heading, an item of a list, a cell
of a table. So a change to one sentence leaves the rest of a cell translated, and the marks
around a piece (``##``, ``-``, blank lines) are never theirs to lose: a translated cell has the
structure of the original.
"""

import re
from collections.abc import Callable, Iterator

#: What stands before the words of a heading, an item of a list, a quotation or a footnote.
_MARK = re.compile(r"\s*(?:(?:#{1,6} +|[-*+] +|\d+[.)] +|> ?|\[\^[^\]\s]+\]: *)+)?")
_TITLE = re.compile(r"\s*# +(?P<title>[^\n]*)(?:\n|\Z)")
_WORDS = re.compile(r"[^\W\d_]")


def split_title(text: str) -> tuple[str, str]:
    """Part the ``# Title`` that opens a notebook from the rest of its cell; without one it's empty."""
    found = _TITLE.match(text)
    return (found["title"].strip(), text[found.end() :]) if found else ("", text)


def pieces(text: str) -> list[str]:
    """List what there is to translate in a markdown cell, in order."""
    return [part for part, said in _parts(text) if said]


def translated(text: str, translate: Callable[[str], str]) -> str:
    """Put each piece of a markdown cell through `translate`, the marks around it as they were.

    Parameters
    ----------
    translate : callable
        Gives the translation of a piece.
    """
    return "".join(translate(part) if said else part for part, said in _parts(text))


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """Cut a cell into what stays as it is and pieces to translate; together they are the cell."""
    piece, fenced = "", False
    for line in text.splitlines(keepends=True):
        bare, mark = line.strip(), _mark(line)
        fence, row = bare.startswith(("```", "~~~")), bare.startswith("|")
        if piece and (fence or row or not bare or mark.strip()):
            yield from _piece(piece)
            piece = ""
        if fenced or fence or not bare:
            fenced ^= fence
            yield line, False
        elif row:
            for cell in re.split(r"((?<!\\)\|)", line):
                yield from _piece(cell)
        elif piece:
            piece += line
        else:
            yield mark, False
            piece = line[len(mark) :]
            if mark.lstrip().startswith("#"):
                yield from _piece(piece)
                piece = ""
    yield from _piece(piece)


def _mark(line: str) -> str:
    found = _MARK.match(line)
    return found[0] if found else ""


def _piece(text: str) -> Iterator[tuple[str, bool]]:
    """Part a piece from the blanks around it; without a letter there is nothing to translate."""
    inner = text.strip()
    if not _WORDS.search(inner):
        yield text, False
        return
    start = text.index(inner)
    yield text[:start], False
    yield inner, True
    yield text[start + len(inner) :], False
