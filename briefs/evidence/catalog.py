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
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from briefs.evidence.rows import (
    PACKAGE,
    Breach,
    EvidenceError,
    RawTable,
    broken,
    read_bytes,
    read_package,
    read_table,
    read_text,
    unaccepted,
)
from briefs.evidence.schema import SOURCES, FieldSpec, Package, Resource, last_day
from briefs.files import write_file
from briefs.project import data_folder

__all__ = [
    "Breach",
    "EvidenceError",
    "accept",
    "check",
    "checksums",
    "data_root",
    "describe",
    "evidence_date",
    "labels",
    "load",
    "reads",
    "sources",
    "tables",
]

Stamp = tuple[int, int] | None
Stamps = tuple[Stamp, ...]

_read: set[str] = set()
if hasattr(os, "register_at_fork"):  # what a process has read ahead is not what its forks read
    os.register_at_fork(after_in_child=_read.clear)


def load(table: str, as_of: dt.date | None = None, *, root: Path | None = None) -> pd.DataFrame:
    """Return what had been published by a day.

    Parameters
    ----------
    table : str
        Name of a table, such as ``"model-prices"``; `tables` lists them.
    as_of : date, optional
        Keep rows published on that day or before, and blank announced dates that lie later.
        Without it, everything collected.
    root : Path, optional
        Folder of ``datapackage.json``; by default ``BRIEFS_DATA`` or the project's ``data/``.

    Returns
    -------
    DataFrame
        A fresh copy with the columns of the package, typed, in the order of the file. A partial
        ``published`` date is its last day; an unknown one is NaT and counts as `evidence_date`.
        ``verified`` (bool) is added: whether every source that the row names is verified.

    Raises
    ------
    EvidenceError
        When there is no such table, or the file, its keys or its sources break the contract.
    """
    root, package = _open(root)
    resource = _resource(package, table)
    frame = _frame(root, table, _stamps(root, package))
    _read.add(table)
    if as_of is None:
        return frame.copy()
    day, known = (
        pd.Timestamp(as_of),
        frame[resource.as_of.published].fillna(pd.Timestamp(package.created)),
    )
    frame = frame[known <= day].reset_index(drop=True)
    for column in resource.as_of.blank:
        frame[column] = frame[column].where(frame[column] <= day)
    return frame


def sources(ids: Iterable[str] | None = None, *, root: Path | None = None) -> pd.DataFrame:
    """List sources by id, in the order asked for; ``published`` stays as written, partial or empty."""
    root, package = _open(root)
    frame = load(SOURCES, root=root)
    frame["published"] = _parsed(root, SOURCES, _stamps(root, package)).raw["published"].to_numpy()
    if ids is None:
        return frame
    wanted, known = list(ids), set(frame["source_id"])
    if unknown := [i for i in wanted if i not in known]:
        file = _resource(package, SOURCES).path
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
    return [resource.name for resource in _open(root)[1].resources]


def describe(table: str, *, root: Path | None = None) -> dict[str, Any]:
    """Return what the package says of a table: title, description, fields with unit and meaning, keys."""
    resource = _resource(_open(root)[1], table)
    return resource.model_dump(by_alias=True, exclude_unset=True, mode="json")


def evidence_date(*, root: Path | None = None) -> dt.date:
    """Day on which the evidence was last collected."""
    return _open(root)[1].created


def checksums(*, root: Path | None = None) -> dict[str, str]:
    """SHA-256 of each table's file, byte for byte."""
    root, package = _open(root)
    return {r.name: hashlib.sha256(read_bytes(root, r.path)).hexdigest() for r in package.resources}


def reads(*, root: Path | None = None) -> dict[str, str]:
    """SHA-256 of each table that this process has read so far, and of those that their rows point to."""
    linked = {
        key.reference.resource
        for r in _open(root)[1].resources
        if r.name in _read
        for key in r.table.foreign_keys
    }
    return {name: digest for name, digest in checksums(root=root).items() if name in _read | linked}


def check(*, root: Path | None = None) -> list[Breach]:
    """Every breach in every table, instead of the first that stops a `load`."""
    try:
        root, package = _open(root)
    except EvidenceError as error:
        return error.breaches
    return list(
        dict.fromkeys(
            breach
            for resource in package.resources
            for breach in _breaches(root, package, resource)
        )
    )


def accept(*, root: Path | None = None) -> list[str]:
    """Take the tables as they are now for the evidence: the package then states their hash, bytes and rows.

    Returns
    -------
    list of str
        A line for each table that wasn't stated so already.

    Raises
    ------
    EvidenceError
        When a table breaks its contract otherwise; then nothing is written.
    """
    root, package = _open(root)
    if found := [b for r in package.resources for b in _contract_breaches(root, package, r)]:
        raise EvidenceError(dict.fromkeys(found))
    written, lines = json.loads(read_text(root, PACKAGE)), []
    for i, resource in enumerate(package.resources):
        state = _parsed(root, resource.name, _stamps(root, package)).state
        if list(unaccepted(resource, state)):
            before = "" if resource.rows is None else f" ({resource.rows} before)"
            lines.append(f"{resource.path}: {state['rows']} rows{before}, {state['bytes']} bytes")
            entry = written["resources"][i]
            first = {"name": entry["name"], "path": entry["path"], **state}  # above the long schema
            written["resources"][i] = first | entry | state
    if lines:
        text = json.dumps(written, indent=2, ensure_ascii=False)
        write_file(root / PACKAGE, f"{text}\n".encode())
    return lines


def data_root(root: Path | None = None) -> Path:
    """Folder of the evidence: the one given, else ``BRIEFS_DATA``, else the project's ``data/``."""
    root = Path(root) if root else data_folder()
    if not (root / PACKAGE).is_file():
        raise broken(
            str(root), f"holds no {PACKAGE}: set BRIEFS_DATA to the folder of the evidence"
        )
    return root


def _open(root: Path | None) -> tuple[Path, Package]:
    root = data_root(root)
    return root, _package(root, _stamp(root / PACKAGE))


def _resource(package: Package, table: str) -> Resource:
    for resource in package.resources:
        if resource.name == table:
            return resource
    names = [resource.name for resource in package.resources]
    near = difflib.get_close_matches(table.replace("_", "-"), names, 1)
    raise broken(
        PACKAGE,
        f"is no table; {f'did you mean {near[0]}?' if near else 'there are ' + ', '.join(names)}",
        value=table,
    )


def _stamp(path: Path) -> Stamp:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


def _stamps(root: Path, package: Package) -> Stamps:
    """Key for the caches: tables link to one another, so a change in any file counts."""
    return tuple(_stamp(root / path) for path in (PACKAGE, *(r.path for r in package.resources)))


@functools.lru_cache(maxsize=16)
def _package(root: Path, stamp: Stamp) -> Package:
    return read_package(root)


@functools.lru_cache(maxsize=256)
def _parsed(root: Path, name: str, stamps: Stamps) -> RawTable:
    return read_table(root, _resource(_open(root)[1], name))


@functools.lru_cache(maxsize=256)
def _frame(root: Path, name: str, stamps: Stamps) -> pd.DataFrame:
    """Typed table, the links followed; shared by all callers, so never handed out itself."""
    package = _open(root)[1]
    resource, parsed = _resource(package, name), _parsed(root, name, stamps)
    if breaches := _breaches(root, package, resource):
        raise EvidenceError(breaches)
    columns = {
        field.name: _column([getattr(row, f"c{i}") for row in parsed.rows], field)
        for i, field in enumerate(resource.table.fields)
    }
    day = resource.as_of.published
    frame = pd.DataFrame(columns | {day: _days(columns[day])})
    if name != SOURCES:
        frame["verified"] = _verified(frame, resource, _frame(root, SOURCES, stamps))
    return frame


def _verified(frame: pd.DataFrame, resource: Resource, known: pd.DataFrame) -> pd.Series:
    """Whether each row's sources, of the figure and of its date alike, are all verified."""
    good, verified = known.loc[known["verified"], "source_id"], pd.Series(True, index=frame.index)
    for key in resource.table.foreign_keys:
        if key.reference.resource == SOURCES:
            verified &= frame[key.fields[0]].isna() | frame[key.fields[0]].isin(good)
    return verified


def _breaches(root: Path, package: Package, resource: Resource) -> list[Breach]:
    """Breaches of a table's contract; without any, whether it is the file that was accepted."""
    state = _parsed(root, resource.name, _stamps(root, package)).state
    return _contract_breaches(root, package, resource) or list(unaccepted(resource, state))


def _contract_breaches(root: Path, package: Package, resource: Resource) -> list[Breach]:
    """Breaches of a table itself, and its cells that point to a row that isn't there."""
    stamps = _stamps(root, package)
    parsed = _parsed(root, resource.name, stamps)
    found = list(parsed.breaches)
    for key in resource.table.foreign_keys if len(parsed.raw) else ():
        target = _parsed(root, key.reference.resource, stamps)
        if target.raw.empty:  # nothing to compare with: the reason is the target's own
            found += target.breaches
            continue
        cells = parsed.raw[key.fields[0]]
        loose = cells[(cells != "") & ~cells.isin(target.raw[key.reference.fields[0]])]
        found += [
            Breach(resource.path, line, key.fields[0], value, f"is not in {key.reference.resource}")
            for line, value in loose.items()
        ]
    return list(dict.fromkeys(found))


def _column(values: list[Any], field: FieldSpec) -> pd.Series:
    required = field.constraints.required
    dtype = {
        "string": "str",
        "number": "float64",
        "date": "datetime64[ns]",
        "integer": "int64" if required else "Int64",
        "boolean": "bool" if required else "boolean",
    }[field.type]
    return pd.Series(values, dtype=dtype)


def _days(column: pd.Series) -> pd.Series:
    """Turn a dating column into days, each partial date into its last."""
    if column.dtype.kind == "M":
        return column
    days = [last_day(text) if isinstance(text, str) else None for text in column]
    return pd.Series(days, dtype="datetime64[ns]")
