"""The one door through which evidence enters: checked, typed, and as of a date.

``data/datapackage.json`` (a Frictionless Data Package) is the contract of every table. Beyond
the standard each resource states under ``asOf`` which column holds the day a row could first be
known (``published``) and which hold dates that may lie after it (``blank``).
"""

import datetime as dt
import difflib
import functools
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from briefs.evidence import transaction
from briefs.evidence.rows import (
    PACKAGE,
    Breach as Breach,
    EvidenceError as EvidenceError,
    RawTable,
    broken,
    read_bytes,
    read_package,
    read_table,
    read_text,
    unaccepted,
)
from briefs.evidence.schema import (
    RECORDED,
    SOURCES,
    WITHDRAWN,
    FieldSpec,
    Package,
    Resource,
    last_day,
)
from briefs.files import write_file
from briefs.project import KNOWN_VARIABLE, data_folder

Stamp = tuple[int, int] | None

_read: set[str] = set()
if hasattr(os, "register_at_fork"):  # what a process has read ahead is not what its forks read
    os.register_at_fork(after_in_child=_read.clear)


@dataclass(frozen=True)
class _Folder:
    """The evidence at one moment, a key for the caches: tables link to one another, so a change in any file counts."""

    root: Path
    package: Package = field(compare=False)
    stamps: tuple[Stamp, ...]

    def resource(self, table: str) -> Resource:
        for resource in self.package.resources:
            if resource.name == table:
                return resource
        names = [resource.name for resource in self.package.resources]
        near = difflib.get_close_matches(table.replace("_", "-"), names, 1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
        raise broken(PACKAGE, f"is no table; {hint}", value=table)


def load(
    table: str,
    as_of: dt.date | None = None,
    known: dt.date | None = None,
    *,
    root: Path | None = None,
) -> pd.DataFrame:
    """Return what had been published by a day, as a fresh copy in the order of the file.

    A partial ``published`` date is its last day; an unknown one is NaT and counts as
    `evidence_date`. ``grade`` is added: that of the worst source that the row names. It's an
    `EvidenceError` when there is no such table, or the file, its keys or its sources break the
    contract.

    `table` is one of `tables`. Rows published on the day `as_of` or before are kept, and announced
    dates that lie later are blanked; without it, everything collected is there. Of the rows, those
    count that we had on the day `known`, by default that of ``BRIEFS_KNOWN``: recorded by then and
    not yet withdrawn; without either, those that we have. `root` is the folder of
    ``datapackage.json``, by default ``BRIEFS_DATA`` or the project's ``data/``.
    """
    folder, known = _open(root), known or _known()
    resource, frame = folder.resource(table), _had(folder, table, known)
    _read.add(table)
    if as_of is None:
        return frame.copy()
    day, collected = pd.Timestamp(as_of), min(folder.package.created, known or dt.date.max)
    published = frame[resource.as_of.published].fillna(pd.Timestamp(collected))
    frame = frame[published <= day].reset_index(drop=True)
    for column in resource.as_of.blank:
        frame[column] = frame[column].where(frame[column] <= day)
    return frame


def _known() -> dt.date | None:
    """Day whose knowledge counts in this process: that of the edition which it runs, if any."""
    day = os.environ.get(KNOWN_VARIABLE)
    return dt.date.fromisoformat(day) if day else None


def sources(ids: Iterable[str] | None = None, *, root: Path | None = None) -> pd.DataFrame:
    """List sources by id, in the order asked for; ``published`` stays as written, partial or empty."""
    folder, frame = _open(root), load(SOURCES, root=root)
    frame["published"] = _current(_parsed(folder, SOURCES).raw, _known())["published"].to_numpy()
    if ids is None:
        return frame
    wanted, known = list(ids), set(frame["source_id"])
    if unknown := [i for i in wanted if i not in known]:
        file = folder.resource(SOURCES).path
        raise EvidenceError(
            Breach(file, None, "source_id", i, "is no known source") for i in unknown
        )
    return frame.set_index("source_id").loc[wanted].reset_index()


def labels(ids: Iterable[str] | None = None, *, root: Path | None = None) -> dict[str, str]:
    """How to name each source in a line: ``Publisher (year)``, without the year where unknown."""
    frame = sources(ids, root=root)
    return {
        row.source_id: f"{row.publisher} ({row.published[:4]})" if row.published else row.publisher
        for row in frame.itertuples()
    }


def tables(*, root: Path | None = None) -> list[str]:
    """Names of all tables, in the order of the package."""
    return [resource.name for resource in _open(root).package.resources]


def describe(table: str, *, root: Path | None = None) -> dict[str, Any]:
    """Return what the package says of a table: title, description, fields with unit and meaning, keys."""
    resource = _open(root).resource(table)
    return resource.model_dump(by_alias=True, exclude_unset=True, mode="json")


def evidence_date(*, root: Path | None = None) -> dt.date:
    """Day on which the evidence was last collected, as far as what was known then counts."""
    return min(_open(root).package.created, _known() or dt.date.max)


def checksums(*, root: Path | None = None) -> dict[str, str]:
    """SHA-256 of each table's file, byte for byte."""
    folder = _open(root)
    files = {resource.name: resource.path for resource in folder.package.resources}
    return {
        name: hashlib.sha256(read_bytes(folder.root, path)).hexdigest()
        for name, path in files.items()
    }


def reads(*, root: Path | None = None) -> dict[str, str]:
    """SHA-256 of each table that this process has read so far, and of those that their rows point to."""
    folder = _open(root)
    read = (r for r in folder.package.resources if r.name in _read)
    links = (key.reference.resource for r in read for key in r.table.foreign_keys)
    wanted = {*_read, *links}
    return {name: digest for name, digest in checksums(root=root).items() if name in wanted}


def check(*, root: Path | None = None) -> list[Breach]:
    """Every breach in every table, instead of the first that stops a `load`."""
    try:
        folder = _open(root)
    except EvidenceError as error:
        return error.breaches
    found = (breach for r in folder.package.resources for breach in _breaches(folder, r))
    return list(dict.fromkeys(found))


def accept(*, root: Path | None = None) -> list[str]:
    """Take the tables as they are now for the evidence: the package then states their hash, bytes and rows.

    Returns a line for each table that wasn't stated so already. Where a table breaks its contract
    otherwise, that is an `EvidenceError` and nothing is written.
    """
    folder = _open(root)
    resources = folder.package.resources
    if found := [breach for r in resources for breach in _contract_breaches(folder, r)]:
        raise EvidenceError(dict.fromkeys(found))
    written, lines = json.loads(read_text(folder.root, PACKAGE)), []
    for i, resource in enumerate(resources):
        state = _parsed(folder, resource.name).state
        if list(unaccepted(resource, state)):
            before = "" if resource.rows is None else f" ({resource.rows} before)"
            lines.append(f"{resource.path}: {state['rows']} rows{before}, {state['bytes']} bytes")
            entry = written["resources"][i]
            first = {"name": entry["name"], "path": entry["path"], **state}  # above the long schema
            written["resources"][i] = first | entry | state
    if lines:
        text = json.dumps(written, indent=2, ensure_ascii=False)
        write_file(folder.root / PACKAGE, f"{text}\n".encode())
    return lines


def data_root(root: Path | None = None) -> Path:
    """Folder of the evidence: the one given, else ``BRIEFS_DATA``, else the project's ``data/``."""
    root = Path(root) if root else data_folder()
    if not (root / PACKAGE).is_file():
        raise broken(
            str(root), f"holds no {PACKAGE}: set BRIEFS_DATA to the folder of the evidence"
        )
    return root


def _open(root: Path | None) -> _Folder:
    root = data_root(root)
    transaction.settle(root)
    stamp = _stamp(root / PACKAGE)
    package = _package(root, stamp)
    return _Folder(root, package, (stamp, *(_stamp(root / r.path) for r in package.resources)))


def _stamp(path: Path) -> Stamp:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


@functools.lru_cache(maxsize=16)
def _package(root: Path, stamp: Stamp) -> Package:
    return read_package(root)


@functools.lru_cache(maxsize=256)
def _parsed(folder: _Folder, name: str) -> RawTable:
    return read_table(folder.root, folder.resource(name))


@functools.lru_cache(maxsize=256)
def _frame(folder: _Folder, name: str) -> pd.DataFrame:
    """Typed table, the links followed; shared by all callers, so never handed out itself."""
    resource = folder.resource(name)
    if breaches := _breaches(folder, resource):
        raise EvidenceError(breaches)
    values = _parsed(folder, name).values
    frame = pd.DataFrame({f.name: _column(values[f.name], f) for f in resource.table.fields})
    day = resource.as_of.published
    frame[day] = _days(frame[day])
    return frame


@functools.lru_cache(maxsize=256)
def _had(folder: _Folder, name: str, known: dt.date | None) -> pd.DataFrame:
    """Rows that we had on a day, by default those that we have, with their grade of then; shared, too."""
    frame = _frame(folder, name)
    if WITHDRAWN in frame:
        kept = frame[WITHDRAWN].isna()
        if known is not None:
            day = pd.Timestamp(known)
            kept = (frame[RECORDED] <= day) & (kept | (frame[WITHDRAWN] > day))
        frame = frame[kept].drop(columns=[RECORDED, WITHDRAWN]).reset_index(drop=True)
    if name == SOURCES:
        return frame
    graded = _had(folder, SOURCES, known).set_index("source_id")["grade"]
    return frame.assign(grade=_grade(frame, folder.resource(name), graded))


def _current(raw: pd.DataFrame, known: dt.date | None = None) -> pd.DataFrame:
    """Rows of a file that aren't withdrawn, or weren't on a day."""
    if WITHDRAWN not in raw:
        return raw
    held = raw[WITHDRAWN] == ""
    if known is not None:
        day = known.isoformat()
        held = (raw[RECORDED] <= day) & (held | (raw[WITHDRAWN] > day))
    return raw[held]


def _grade(frame: pd.DataFrame, resource: Resource, graded: pd.Series) -> pd.Series:
    """Worst grade of each row's sources, of the figure and of its date alike."""
    columns = [
        frame[key.fields[0]].map(graded)
        for key in resource.table.foreign_keys
        if key.reference.resource == SOURCES
    ]
    return functools.reduce(_worse, columns) if columns else pd.Series("", frame.index)


def _worse(one: pd.Series, other: pd.Series) -> pd.Series:
    """Worse of two grades, or the only one, row by row: the letters stand in the order of what they mean."""
    # pandas would go through the text of all rows one by one
    return other.where(one.isna() | (other > one), one)


def _breaches(folder: _Folder, resource: Resource) -> list[Breach]:
    """Breaches of a table's contract; without any, whether it is the file that was accepted."""
    state = _parsed(folder, resource.name).state
    return _contract_breaches(folder, resource) or list(unaccepted(resource, state))


def _contract_breaches(folder: _Folder, resource: Resource) -> list[Breach]:
    """Breaches of a table itself, and its cells that point to a row that isn't there."""
    parsed = _parsed(folder, resource.name)
    found = [*parsed.breaches, *_late(folder, resource)]
    for key in resource.table.foreign_keys if len(parsed.raw) else ():
        target = _parsed(folder, key.reference.resource)
        if target.raw.empty:  # nothing to compare with: the reason is the target's own
            found += target.breaches
            continue
        cells = _current(parsed.raw)[key.fields[0]]
        there = _current(target.raw)[key.reference.fields[0]]
        loose = cells[(cells != "") & ~cells.isin(there)]
        found += [
            Breach(resource.path, line, key.fields[0], value, f"is not in {key.reference.resource}")
            for line, value in loose.items()
        ]
    return list(dict.fromkeys(found))


def _late(folder: _Folder, resource: Resource) -> Iterator[Breach]:
    """Rows dated after the day on which the evidence was collected, which no report would ever see."""
    column, last = resource.as_of.published, folder.package.created.isoformat()
    if (raw := _parsed(folder, resource.name).raw).empty:
        return
    for line, text in raw[column].items():
        if text[:4].isdecimal() and text > last[: len(text)]:  # a month or year may end later
            rule = f"is later than the evidence was collected, {last} ({PACKAGE}, created)"
            yield Breach(resource.path, line, column, text, rule)


def _column(values: list[Any], spec: FieldSpec) -> pd.Series:
    required = spec.constraints.required
    dtype = {
        "string": "str",
        "number": "float64",
        "date": "datetime64[ns]",
        "integer": "int64" if required else "Int64",
        "boolean": "bool" if required else "boolean",
    }[spec.type]
    return pd.Series(values, dtype=dtype)


def _days(column: pd.Series) -> pd.Series:
    """Turn a dating column into days, each partial date into its last."""
    if column.dtype.kind == "M":
        return column
    days = [last_day(text) if isinstance(text, str) else None for text in column]
    return pd.Series(days, dtype="datetime64[ns]")
