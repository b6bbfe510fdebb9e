"""From bytes to the rows of a table, with every breach of its contract on the way."""

import csv
import difflib
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from briefs.evidence.schema import RECORDED, WITHDRAWN, Package, Resource, rule_of
from briefs.files import OutsideError, inside

PACKAGE = "datapackage.json"
#: What takes tables as they are for the evidence.
ACCEPT = "`briefs check --accept`"


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a file breaks its contract; ``row`` is the line in the file, the header is 1."""

    file: str
    row: int | None
    column: str
    value: str
    rule: str

    def __str__(self) -> str:
        place = [self.file]
        if self.row is not None:
            place.append(f"line {self.row}")
        if self.column:
            place.append(f"column {self.column}")
        shown = self.value if len(self.value) <= 60 else self.value[:57] + "..."
        return f"{', '.join(place)}: {f'{shown!r} ' if self.value else ''}{self.rule}"


class EvidenceError(ValueError):
    """The evidence breaks its contract; ``breaches`` lists every place found."""

    SHOWN = 20

    def __init__(self, breaches: Iterable[Breach]):
        self.breaches = list(breaches)
        super().__init__(self.breaches)

    def __str__(self) -> str:
        lines = [str(breach) for breach in self.breaches[: self.SHOWN]]
        if (rest := len(self.breaches) - self.SHOWN) > 0:
            lines.append(f"... and {rest} more")
        return "\n".join(lines)


def broken(file: str, rule: str, *, row: int | None = None, value: str = "") -> EvidenceError:
    """Error of a single breach."""
    return EvidenceError([Breach(file, row, "", value, rule)])


@dataclass(frozen=True)
class RawTable:
    """A file as read: ``raw`` is the text of its well-formed rows, indexed by line number.

    ``values`` are the same cells by column, read as far as they can be; ``state`` is what the package
    states of a file that was accepted: hash, bytes, rows.
    """

    raw: pd.DataFrame
    values: dict[str, list[Any]]
    breaches: list[Breach]
    state: dict[str, Any]


def read_package(root: Path) -> Package:
    """Read ``datapackage.json``."""
    try:
        return Package.model_validate(json.loads(read_text(root, PACKAGE)))
    except json.JSONDecodeError as error:
        raise broken(PACKAGE, f"isn't valid JSON: {error.msg}", row=error.lineno) from None
    except ValidationError as error:
        found = (
            (".".join(map(str, e["loc"])), e["input"] if isinstance(e["input"], str) else "", e)
            for e in error.errors()
        )
        raise EvidenceError(
            Breach(PACKAGE, None, field, value, rule_of(e)) for field, value, e in found
        ) from None


def read_table(root: Path, resource: Resource) -> RawTable:
    """Read one table and hold it to its columns, types, constraints and keys; never raises for the file."""
    breaches: list[Breach] = []
    lines: dict[int, dict[str, str]] = {}
    try:
        data = read_bytes(root, resource.path)
        lines.update(_lines(_decoded(data, resource.path), resource, breaches))
    except EvidenceError as error:
        return RawTable(pd.DataFrame(), {}, breaches + error.breaches, {})
    digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
    state = {"hash": digest, "bytes": len(data), "rows": len(lines)}
    fields, names = resource.table.fields, resource.table.names
    raw = pd.DataFrame(list(lines.values()), index=list(lines), columns=names, dtype=object)
    values: dict[str, list[Any]] = {name: [] for name in names}
    for line, cells in lines.items():
        for field in fields:
            try:
                values[field.name].append(field.read(cells[field.name]))
            except ValueError as error:
                text = cells[field.name]
                breaches.append(Breach(resource.path, line, field.name, text, str(error)))
    return RawTable(raw, values, breaches + list(_repeated(raw, resource)), state)


def unaccepted(resource: Resource, state: Mapping[str, Any]) -> Iterator[Breach]:
    """Say if a file isn't byte for byte the one that the package states."""
    stated = {name: getattr(resource, name) for name in state}
    if None in stated.values():
        rule = f"states no {', '.join(state)} of {resource.path}; {ACCEPT} writes them"
        yield Breach(PACKAGE, None, "", resource.name, rule)
    elif stated != state:
        counted = "{0[rows]} rows and {0[bytes]} bytes"
        rule = (
            f"isn't the file that was accepted: it has {counted.format(state)}, that one had "
            f"{counted.format(stated)}. Undo what isn't meant; then {ACCEPT}"
        )
        yield Breach(resource.path, None, "", "", rule)


def read_bytes(root: Path, path: str) -> bytes:
    """Read a file below ``root``."""
    try:
        return inside(root, path).read_bytes()
    except OutsideError as error:
        raise broken(path, str(error)) from None
    except FileNotFoundError:
        raise broken(path, "is missing") from None
    except OSError as error:
        raise broken(path, f"can't be read: {error.strerror}") from None


def read_text(root: Path, path: str) -> str:
    """Read a file of UTF-8 text; a byte order mark is allowed and dropped."""
    return _decoded(read_bytes(root, path), path)


def _decoded(data: bytes, path: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise broken(path, "must be UTF-8 text; this looks like UTF-16")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise broken(
            path,
            "must be UTF-8 text; this looks like another encoding",
            row=data.count(b"\n", 0, error.start) + 1,
            value=f"byte 0x{data[error.start]:02x}",
        ) from None
    if not text.strip():
        raise broken(path, "is empty")
    return text


def _lines(
    text: str, resource: Resource, breaches: list[Breach]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and cells of each row with the right number of cells; note the others."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader)
        if faults := list(_header_faults(header, resource.table.names)):
            raise EvidenceError(
                Breach(resource.path, 1, column, "", rule) for column, rule in faults
            )
        start = line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                yield line, dict(zip(header, cells, strict=True))
            else:
                rule = f"has {len(cells)} cells where the header has {len(header)}"
                breaches.append(Breach(resource.path, line, "", ",".join(cells), rule))
            line = reader.line_num + 1
    except csv.Error as error:
        raise broken(resource.path, f"isn't valid CSV: {error}", row=reader.line_num) from None
    if line == start:
        raise broken(resource.path, "has a header but no rows", row=1)


def _header_faults(header: list[str], names: list[str]) -> Iterator[tuple[str, str]]:
    for column in dict.fromkeys(header):
        if column not in names:
            near = difflib.get_close_matches(column, names, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            yield column, f"is no column of the package{hint}"
        elif header.count(column) > 1:
            yield column, "stands twice in the header"
    yield from ((name, "is missing from the header") for name in names if name not in header)


def _repeated(raw: pd.DataFrame, resource: Resource) -> Iterator[Breach]:
    """Rows whose key, or whose cell in a unique column, an earlier row has already.

    A row that was withdrawn may have the key of the one that took its place. The day on which a row
    was recorded, which tells the two apart for other tools, doesn't make a second of those that count.
    """
    if WITHDRAWN in raw:
        raw = raw[raw[WITHDRAWN] == ""]
    keys = [[name for name in resource.table.primary_key if name != RECORDED]]
    unique = [[field.name] for field in resource.table.fields if field.constraints.unique]
    keys += [key for key in unique if key not in keys]
    for key in keys:
        first: dict[tuple[str, ...], int] = {}
        again = raw[raw.duplicated(key, keep=False)]
        for line, *values in again[key].itertuples(name=None):
            earlier = first.setdefault(tuple(values), line)
            if earlier != line and any(values):
                rule = f"repeats the key of line {earlier}"
                yield Breach(resource.path, line, ", ".join(key), ", ".join(values), rule)
