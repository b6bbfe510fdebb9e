"""An executed notebook read for publishing: markdown and records, or why there can be no page.

What JupyterLab shows and a reader must never see (a traceback, a warning, a printed
line, a bare output, a path of this machine) stops the build here, with the cell that made it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from briefs.display.records import LAB_ONLY, MIME
from briefs.render import sanitize

#: Ids of the page's own parts, which nothing in a notebook may take.
RESERVED = (
    "main",
    "contents",
    "key-findings",
    "scoreboard",
    "introduction",
    "notes",
    "changes",
    "sources",
    "made",
)
#: Tags of cells whose code says nothing of how a result was made: the parameters stand in a table.
_UNSHOWN = {"parameters", "injected-parameters"}
#: What a reader must never meet in a text: what it holds at least, its whole form, and what it is.
_LEAKS = (
    (
        "/",
        re.compile(
            r"(?<![\w./:~-])/(?:home|Users|root|tmp|mnt|private|var/folders|opt|srv|workspace)/[\w.-]+"
        ),
        "a path of the machine that built it",
    ),
    (
        "\\",
        re.compile(r"(?<!\w)[A-Z]:\\+(?:Users|Temp|Windows)\\"),
        "a path of the machine that built it",
    ),
    ("file:///", re.compile(r"(?<!\w)file:///"), "a path of the machine that built it"),
    ("Traceback", re.compile(r"Traceback \(most recent call last\)"), "a traceback"),
    ("Warning: ", re.compile(r"\b[A-Z]\w+Warning: "), "a warning"),
    (" at 0x", re.compile(r"<[\w.]+ (?:object )?at 0x[0-9a-fA-F]+>"), "an object's address"),
    ("]:", re.compile(r"\b(?:In|Out) ?\[\d+\]:"), "a prompt of Jupyter"),
)
_ID = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_REQUIRED = {
    "brief": ("report", "title", "language", "as_of"),
    "finding": ("id", "text"),
    "verdict": ("id", "verdict", "statement"),
    "figure": ("id", "title", "alt", "sources", "columns", "rows"),
    "table": ("id", "title", "sources", "columns", "rows"),
    "sources": ("items",),
}


@dataclass(frozen=True)
class Place:
    """A cell of a notebook: its position from 1, and its first line."""

    number: int
    line: str

    def __str__(self) -> str:
        return f"cell {self.number} ({self.line!r})" if self.line else f"cell {self.number}"


class PublishError(ValueError):
    """An executed notebook can't be published.

    Attributes
    ----------
    cell : int or None
        Position of the cell that is at fault, from 1; ``None`` if it's the notebook as a whole.
    line : str
        First line of that cell.
    message : str
        What is wrong, without naming the cell.
    """

    def __init__(self, message: str, place: Place | None = None):
        super().__init__(f"{place}: {message}" if place else message)
        self.message = message
        self.cell, self.line = (place.number, place.line) if place else (None, "")


@dataclass(frozen=True)
class Entry:
    """One thing that a notebook publishes.

    ``kind`` is that of its record, else ``markdown``, ``html`` (made safe) or ``code`` (of a
    cell, before what that shows); ``text`` holds those, and the drawing of a figure.
    """

    place: Place
    kind: str
    record: dict[str, Any]
    text: str = ""


def entries(notebook: Any) -> list[Entry]:
    """List what an executed notebook publishes, in its order.

    Raises
    ------
    PublishError
        At the first fault, naming the cell.
    """
    found: list[Entry] = []
    for number, cell in enumerate(notebook["cells"], 1):
        source = _joined(cell["source"])
        place = Place(
            number, next((line.strip() for line in source.splitlines() if line.strip()), "")[:100]
        )
        if cell["cell_type"] == "markdown":
            found.append(Entry(place, "markdown", {}, source))
        elif cell["cell_type"] == "code":
            if source.strip() and not _UNSHOWN & set(cell["metadata"].get("tags", ())):
                found.append(Entry(place, "code", {}, source.strip()))
            found += [entry for output in cell["outputs"] for entry in _read(output, place)]
    for entry in found:
        _check_texts(entry)
    _check_page(found)
    return found


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _read(output: dict[str, Any], place: Place) -> Iterator[Entry]:
    kind = output["output_type"]
    if kind == "error":
        raise PublishError(f"ended with {output['ename']}: {output['evalue']}", place)
    if kind == "stream":
        if text := _joined(output["text"]).strip():
            raise PublishError(f"wrote to {output['name']}: {text[:120]!r}", place)
        return
    if output.get("metadata", {}).get(LAB_ONLY):
        return
    data = output.get("data", {})
    record = data.get(MIME)
    if record is None and "text/html" in data:
        safe = sanitize.clean(_joined(data["text/html"]))
        if not safe:
            raise PublishError("shows HTML of which nothing may stand in a page", place)
        yield Entry(place, "html", {}, safe)
        return
    if not isinstance(record, dict):
        raise PublishError(
            f"shows {', '.join(sorted(data)) or 'nothing'} without a record; "
            "show a figure, table or finding",
            place,
        )
    _check_record(record, place)
    drawing = _joined(data.get("image/svg+xml", ""))
    if record["kind"] == "figure" and not drawing:
        raise PublishError(f"figure {record['id']!r} has no drawing (image/svg+xml)", place)
    yield Entry(place, record["kind"], record, drawing)


def _check_record(record: dict[str, Any], place: Place) -> None:
    kind = record.get("kind")
    if kind not in _REQUIRED:
        raise PublishError(f"left a record of the unknown kind {kind!r}", place)
    name = record.get("id", record.get("report", ""))
    if lacking := [field for field in _REQUIRED[kind] if not record.get(field)]:
        raise PublishError(f"{kind} {name!r} has no {', '.join(lacking)}", place)
    # An id becomes a link target and the name of a file.
    if kind != "sources" and not _ID.fullmatch(name):
        raise PublishError(
            f"{kind} id {name!r} must be small letters, digits, '-', '_' and '.'", place
        )
    if record.get("id") in RESERVED:
        raise PublishError(f"{kind} id {name!r} is the name of a part of the page", place)
    width = len(record.get("columns", ()))
    if any(len(row) != width for row in record.get("rows", ())):
        raise PublishError(f"{kind} {name!r} has rows that aren't {width} values wide", place)


def _check_texts(entry: Entry) -> None:
    """Find what a notebook's readers see in the lab and a page's readers must not."""
    words = unescape(entry.text) if entry.kind == "html" else entry.text
    texts = "\n".join((words, *_strings(entry.record)))
    for part, pattern, what in _LEAKS:
        if part in texts and (leak := pattern.search(texts)):
            raise PublishError(f"would publish {what}: {leak[0]!r}", entry.place)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _check_page(found: list[Entry]) -> None:
    for kind in ("brief", "sources"):
        extra = [entry for entry in found if entry.kind == kind][1:]
        if extra:
            raise PublishError(f"shows a second {kind} record", extra[0].place)
    if not any(entry.kind == "brief" for entry in found):
        raise PublishError("the notebook has no brief record (title, language, as-of date)")
    taken: dict[str, Entry] = {}
    for entry in found:
        first = taken.setdefault(entry.record["id"], entry) if "id" in entry.record else entry
        if first is not entry:
            raise PublishError(
                f"{entry.kind} {entry.record['id']!r} has the id of the {first.kind} in "
                f"cell {first.place.number}",
                entry.place,
            )
    known = {
        item["source_id"]
        for entry in found
        if entry.kind == "sources"
        for item in entry.record["items"]
    }
    for entry in found:
        if lost := [source for source in entry.record.get("sources", ()) if source not in known]:
            raise PublishError(
                f"{entry.kind} {entry.record['id']!r} names sources that the sources record lacks: "
                f"{', '.join(lost)}",
                entry.place,
            )
