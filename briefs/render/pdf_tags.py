"""What a reader of a PDF hears and Typst has no word for: headings of rows, captions, names of links."""

import io
import zlib
from collections.abc import Mapping
from typing import Any

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, Stream, String

#: Data whose last byte happens to be taken for a part of the line's end: validators then count wrongly.
_ENDS_UNCLEARLY = b"\r\nendstream"


def named(data: bytes, links: Mapping[str, str]) -> bytes:
    """Return a PDF of Typst with the first cell of each row as its heading; `links` has names by address.

    The file is packed closer on the way: what describes its structure takes more room than the text.
    """
    with Pdf.open(io.BytesIO(data)) as pdf:
        found = [item for item in pdf.objects if isinstance(item, Dictionary)]
        ids = pdf.Root.StructTreeRoot.get("/IDTree", Dictionary(Names=Array())).Names
        for number, row in enumerate(item for item in found if item.get("/S") == "/TR"):
            _head_row(row, String(f"row{number:05}"), ids)
        for item in found:
            _join_caption(item)
            _name_link(item, links)
        return _saved(pdf)


def _saved(pdf: Pdf) -> bytes:
    """Write a PDF whose data end clearly, if one of two ways of packing it has no such end."""
    for item in pdf.objects:
        if isinstance(item, Stream) and item.keys() <= {"/Filter", "/Length"}:
            _end_clearly(item)
    for again in (False, True):
        file = io.BytesIO()
        mode = ObjectStreamMode.preserve if again else ObjectStreamMode.generate
        pdf.save(file, deterministic_id=True, object_stream_mode=mode, recompress_flate=again)
        if _ENDS_UNCLEARLY not in file.getvalue():
            break
    return file.getvalue()


def _end_clearly(stream: Stream) -> None:
    """Add a space to what draws a page if the last byte packed, that of a check sum, ends a line."""
    data = stream.read_bytes()
    if zlib.adler32(data) & 0xFF == ord("\r"):
        stream.write(data + b" ")


def _head_row(row: Any, name: String, ids: Any) -> None:
    """Make the first cell of a row its heading, and have the others name it after their column's."""
    first, *others = row.K
    if first.S != "/TD":
        return
    first.S, first.ID = Name.TH, name
    _place(first).Scope = Name.Row
    for cell in others:
        _place(cell).Headers.append(name)
    ids.extend([name, first])  # sorted, as names given by Typst come before "row"


def _place(cell: Any) -> Any:
    """Return what a cell says of its place in the table."""
    return next(part for part in cell.A if part.O == "/Table")


def _name_link(note: Any, links: Mapping[str, str]) -> None:
    """Have a link say where it leads, not the address letter by letter."""
    if note.get("/Subtype") == "/Link" and "/A" in note:
        address = str(note.A.get("/URI", ""))
        if address in links:
            note.Contents = String(links[address])


def _join_caption(group: Any) -> None:
    """Put a caption into its table where Typst has left it outside, as before some page breaks."""
    kids = list(group.K) if isinstance(group.get("/K"), Array) else []
    if [_kind(kid) for kid in kids] == ["/Caption", "/Div"] and _kind(kids[1].K[0]) == "/Table":
        caption, table = kids[0], kids[1].K[0]
        table.K.insert(0, caption)
        caption.P = table
        group.K = Array(kids[1:])


def _kind(item: Any) -> Any:
    return item.get("/S") if isinstance(item, Dictionary) else None
