"""An executed notebook read for publishing: markdown and records, or why there can be no page.

What JupyterLab shows and a reader must never see (a traceback, a warning, a printed
line, a bare output, a path of this machine) stops the build here, with the cell that made it.
So does a record that lacks what a page needs: whatever reads the records later may rely on them.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from briefs.characters import NO_TEXT
from briefs.display import i18n
from briefs.display.forecasts import FRAMES, PARTS
from briefs.display.records import LAB_ONLY, MIME, NARROW_MIME
from briefs.evidence.schema import is_formula
from briefs.render.blocks import Record
from briefs.values import OUTCOMES, VERDICTS

#: Ids of the page's own parts, which nothing in a notebook may take.
RESERVED = tuple(
    "main contents answer answers scoreboard trust introduction notes changes sources made combinations".split()
)
#: Tags of cells whose code says nothing of how a result was made: the parameters stand in a table.
_UNSHOWN = {"parameters", "injected-parameters"}
#: Tag of markdown cells whose heading opens a part of the page that is closed at first.
FOLD = "fold"
#: Tag of cells for whoever opens the notebook: no page has them, and no build runs them.
EXPLORE = "explore"
_HOMES = "home|Users|root|tmp|mnt|private|var/folders|opt|srv|workspace"
_PATH = "a path of the machine that built it"
#: What a reader must never meet in a text: what it holds at least, its whole form, and what it is.
_LEAKS = (
    ("/", re.compile(rf"(?<![\w./:~-])/(?:{_HOMES})/[\w.-]+"), _PATH),
    ("\\", re.compile(r"(?<!\w)[A-Z]:\\+(?:Users|Temp|Windows)\\"), _PATH),
    ("file:///", re.compile(r"(?<!\w)file:///"), _PATH),
    ("Traceback", re.compile(r"Traceback \(most recent call last\)"), "a traceback"),
    ("Warning: ", re.compile(r"\b[A-Z]\w+Warning: "), "a warning"),
    (" at 0x", re.compile(r"<[\w.]+ (?:object )?at 0x[0-9a-fA-F]+>"), "an object's address"),
    ("]:", re.compile(r"\b(?:In|Out) ?\[\d+\]:"), "a prompt of Jupyter"),
    ("", NO_TEXT, "a character that is no text"),
)
_ID = re.compile(r"[a-z0-9][a-z0-9_.-]*")
#: Files beside a page that a notebook may add; a page of its own would have no policy.
_FILE_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.ics")
_CALENDAR = "text/calendar"
#: What each kind of record must have and can't be empty.
_REQUIRED = {
    "brief": ("report", "title", "language", "as_of"),
    "finding": ("id", "text"),
    "verdict": ("id", "verdict", "statement"),
    "figure": ("id", "title", "alt", "sources", "columns", "rows"),
    "table": ("id", "title", "sources", "columns", "rows"),
    "grid": "id title sources columns rows axes chosen sentence texts none lane span unit".split(),
    "forecasts": ("id", "title", "lesson"),
    "sources": ("items",),
}
#: Lists of records inside records, and what each item must have.
_LISTS = {
    "parameters": ("name", "value", "meaning"),
    "readings": ("outcome", "quantity"),
    "rule_history": ("date", "reason", "results_seen"),
    "columns": ("name", "label", "kind"),
    "files": ("name", "mediatype", "text"),
    "items": ("source_id",),
    "axes": ("id", "options"),
    **FRAMES,
}
_ESTIMATE = ("value", "unit")


@dataclass(frozen=True)
class CellRef:
    """A cell of a notebook: its position from 1, and its first line."""

    number: int
    line: str

    def __str__(self) -> str:
        return f"cell {self.number} ({self.line!r})" if self.line else f"cell {self.number}"


class PublishError(ValueError):
    """An executed notebook can't be published: ``message`` says why without naming the cell.

    ``cell`` is the position of the one that is at fault, from 1, and ``line`` its first line;
    ``None`` if it's the notebook as a whole.
    """

    def __init__(self, message: str, cell: CellRef | None = None) -> None:
        super().__init__(f"{cell}: {message}" if cell else message)
        self.message = message
        self.cell = cell.number if cell else None
        self.line = cell.line if cell else ""


@dataclass(frozen=True)
class Entry:
    """One thing that a notebook publishes.

    ``kind`` is that of its record, else ``markdown`` or ``code`` (of a cell, before what that
    shows); ``text`` holds those, and the drawing of a figure, ``narrow`` its other one for a phone.
    ``folded`` is markdown whose cell has the tag `FOLD`: what stands under its heading is closed until
    a reader opens it.
    """

    cell: CellRef
    kind: str
    record: Record
    text: str = ""
    narrow: str = ""
    folded: bool = False


def entries(notebook: Any) -> list[Entry]:
    """List what an executed notebook publishes, in its order; the first fault is a `PublishError`."""
    found: list[Entry] = []
    if not any(cell.get("outputs") for cell in notebook["cells"]):
        raise PublishError(
            "the notebook hasn't been run: run it first (Run All in JupyterLab, papermill, or "
            "jupyter nbconvert --execute)"
        )
    for number, cell in enumerate(notebook["cells"], 1):
        source, tags = cell["source"], cell["metadata"].get("tags", ())
        if EXPLORE in tags:
            continue
        lines = filter(None, map(str.strip, source.splitlines()))
        ref = CellRef(number, next(lines, "")[:100])
        if cell["cell_type"] == "markdown":
            found.append(Entry(ref, "markdown", {}, source, folded=FOLD in tags))
        elif cell["cell_type"] == "code":
            if source.strip() and not _UNSHOWN & set(tags):
                found.append(Entry(ref, "code", {}, source.strip()))
            found += [entry for output in cell["outputs"] for entry in _read(output, ref)]
    for entry in found:
        _check_texts(entry)
    _check_page(found)
    return found


def _read(output: dict[str, Any], cell: CellRef) -> Iterator[Entry]:
    kind = output["output_type"]
    if kind == "error":
        raise PublishError(f"ended with {output['ename']}: {output['evalue']}", cell)
    if kind == "stream":
        if text := output["text"].strip():
            raise PublishError(f"wrote to {output['name']}: {text[:120]!r}", cell)
        return
    if output.get("metadata", {}).get(LAB_ONLY):
        return
    data = output.get("data", {})
    record = data.get(MIME)
    if not isinstance(record, dict):
        raise PublishError(
            f"shows {', '.join(sorted(data)) or 'nothing'} without a record; "
            "show a figure, table or finding",
            cell,
        )
    _check_record(record, cell)
    drawing = data.get("image/svg+xml", "")
    if record["kind"] == "figure" and not drawing:
        raise PublishError(f"figure {record['id']!r} has no drawing (image/svg+xml)", cell)
    yield Entry(cell, record["kind"], record, drawing, data.get(NARROW_MIME, ""))


def _check_record(record: Record, cell: CellRef) -> None:
    kind = record.get("kind")
    if kind not in _REQUIRED:
        raise PublishError(f"left a record of the unknown kind {kind!r}", cell)
    name = record.get("id", record.get("report", ""))
    if lacking := [field for field in _REQUIRED[kind] if not record.get(field)]:
        raise PublishError(f"{kind} {name!r} has no {', '.join(lacking)}", cell)
    # An id becomes a link target and the name of a file.
    if kind != "sources" and not _ID.fullmatch(str(name)):
        raise PublishError(
            f"{kind} id {name!r} must be small letters, digits, '-', '_' and '.'", cell
        )
    if record.get("id") in RESERVED:
        raise PublishError(f"{kind} id {name!r} is the name of a part of the page", cell)
    for fault in _faults(record):
        raise PublishError(f"{kind} {name!r} {fault}", cell)


def _faults(record: Record) -> Iterator[str]:
    """Say what in a record, its lists and its estimates a page couldn't be made of."""
    for field, needed in _LISTS.items():
        for number, item in enumerate(record.get(field) or (), 1):
            if lacking := _lacking(item, needed):
                yield f"has no {', '.join(lacking)} in {field}, item {number}"
    readings = record.get("readings") or []
    estimates = [item["estimate"] for item in (record, *readings) if item.get("estimate")]
    for number in (*estimates, *(record.get("numbers") or {}).values()):
        if lacking := _lacking(number, _ESTIMATE):
            yield f"has an estimate without {', '.join(lacking)}"
    columns = record.get("columns", ())
    if any(len(row) != len(columns) for row in record.get("rows", ())):
        yield f"has rows that aren't {len(columns)} values wide"
    for file in record.get("files", ()):
        if not _FILE_NAME.fullmatch(file["name"]) or file["mediatype"] != _CALENDAR:
            yield f"has {file['name']!r}, which is no calendar to download (.ics, {_CALENDAR})"
    for cell in (value for row in record.get("rows", ()) for value in row):
        if isinstance(cell, str) and is_formula(cell):
            yield f"has a cell that a spreadsheet would run as a formula: {cell[:60]!r}"
    yield from _unknown("verdict", [record["verdict"]] if "verdict" in record else [], VERDICTS)
    parts = [row["part"] for row in record.get("scores", ())]
    yield from _unknown("part of the origins", parts, PARTS)
    yield from _unknown("outcome", [reading["outcome"] for reading in readings], OUTCOMES)
    yield from _unknown("kind of column", [column["kind"] for column in columns], i18n.KINDS)
    if record["kind"] == "brief":
        yield from _unknown("language", [record["language"]], i18n.LOCALES)


def _lacking(item: Any, fields: Collection[str]) -> list[str]:
    return [field for field in fields if not isinstance(item, dict) or field not in item]


def _unknown(what: str, found: Collection[str], known: Collection[str]) -> Iterator[str]:
    for value in found:
        if value not in known:
            yield f"has the {what} {value!r}, which is none of {', '.join(known)}"


def _check_texts(entry: Entry) -> None:
    """Find what a notebook's readers see in the lab and a page's readers must not."""
    texts = "\n".join((entry.text, entry.narrow, *_strings(entry.record)))
    for part, pattern, what in _LEAKS:
        if part in texts and (leak := pattern.search(texts)):
            raise PublishError(f"would publish {what}: {leak[0]!r}", entry.cell)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def _check_page(found: list[Entry]) -> None:
    """Check what the records of a page must be together: one brief, each id once, known sources."""
    for kind in ("brief", "sources"):
        for extra in [entry for entry in found if entry.kind == kind][1:]:
            raise PublishError(f"shows a second {kind} record", extra.cell)
    if not any(entry.kind == "brief" for entry in found):
        raise PublishError("the notebook has no brief record (title, language, as-of date)")
    taken: dict[str, Entry] = {}
    known = {item["source_id"] for entry in found for item in entry.record.get("items", ())}
    for entry in found:
        name = entry.record.get("id", "")
        first = taken.setdefault(name, entry) if name else entry
        if first is not entry:
            raise PublishError(
                f"{entry.kind} {name!r} has the id of the {first.kind} in cell {first.cell.number}",
                entry.cell,
            )
        if lost := [source for source in entry.record.get("sources", ()) if source not in known]:
            raise PublishError(
                f"{entry.kind} {name!r} names sources that the sources record lacks: "
                f"{', '.join(lost)}",
                entry.cell,
            )
