"""What editions projected, a file for each below ``forecasts/``, kept to be scored when its date has come.

A file is append-only: a projection that was published is never changed, and none is taken away.
"""

import csv
import datetime as dt
import functools
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from briefs.evidence.rows import Breach, EvidenceError, RawTable, read_table
from briefs.evidence.schema import Resource
from briefs.files import inside, write_file
from briefs.project import EDITION, data_folder

FOLDER = "forecasts"
QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
KEY = ("report", "series", "made", "target", "quantile")
COLUMNS = ("edition", "report", "series", "made", "target", "unit", "quantile", "value")
#: Digits in which values are kept; beyond them processors differ.
_DIGITS = 9
_TYPES = dict.fromkeys(COLUMNS, "string") | {
    **dict.fromkeys(("made", "target"), "date"),
    **dict.fromkeys(("quantile", "value"), "number"),
}


def load(as_of: dt.date | None = None, *, root: Path | None = None) -> pd.DataFrame:
    """Return the stored quantiles that were made before a day, of all editions.

    Columns: those of `COLUMNS`, ``made`` and ``target`` being days. What is made on the day `as_of`
    itself isn't there, so that a report doesn't change when its own projections are stored. Without a
    file there are no rows.

    Raises
    ------
    EvidenceError
        Naming file, line and column, if a file breaks its contract: columns, types, the quantiles of
        `QUANTILES` rising with their values, no key twice, dates in order, the edition of its name.
    """
    folder = (root or data_folder()) / FOLDER
    read = [_read(path, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.csv"))]
    if breaches := [breach for _frame, found in read for breach in found]:
        raise EvidenceError(breaches)
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in COLUMNS})
    rows = pd.concat([frame for frame, _found in read], ignore_index=True) if read else empty
    rows = rows.astype({"made": "datetime64[ns]", "target": "datetime64[ns]"})
    rows = rows.astype({"quantile": float, "value": float})
    return (
        rows if as_of is None else rows[rows["made"] < pd.Timestamp(as_of)].reset_index(drop=True)
    )


def store(
    edition: str, rows: Iterable[Mapping[str, Any]], *, root: Path | None = None
) -> list[str]:
    """Add the projections of an edition to its file; return a line if that changed the file.

    `rows` have the columns of `COLUMNS` but for ``edition``, days in ISO form. The file is written
    whole or not at all.

    Raises
    ------
    EvidenceError
        If what is stored has another unit or value, or the file would break its contract.
    """
    path = inside((root or data_folder()) / FOLDER, f"{edition}.csv")
    before, after = _texts(path), dict(_texts(path))
    for row in rows:
        texts = written(edition, row)
        kept = after.setdefault(_key(texts), texts)
        if kept != texts:
            place = {name: texts[name] for name in KEY}
            rule = f"is stored as {kept['value']} {kept['unit']} for {place}, and stays so"
            raise EvidenceError([Breach(_name(path), None, "value", texts["value"], rule)])
    if after == before:
        return []
    data = _csv(after[key] for key in sorted(after))
    with tempfile.TemporaryDirectory() as trial:
        tried = Path(trial) / FOLDER / path.name
        write_file(tried, data)
        _texts(tried)
    write_file(path, data)
    return [f"{_name(path)}: {len(after)} rows ({len(before)} before)"]


def written(edition: str, row: Mapping[str, Any]) -> dict[str, str]:
    """Write a row as its file has it."""
    numbers = {name: f"{float(row[name]):.{_DIGITS}g}" for name in ("quantile", "value")}
    return {name: str({**row, **numbers, "edition": edition}[name]) for name in COLUMNS}


def missing(
    edition: str, rows: Iterable[Mapping[str, Any]], *, root: Path | None = None
) -> list[str]:
    """Say, a line each, which projections of a published edition aren't stored as they were published."""
    path = inside((root or data_folder()) / FOLDER, f"{edition}.csv")
    stored = _texts(path)
    texts = [written(edition, row) for row in rows]
    lost = [t for t in texts if stored.get(_key(t)) != t]
    if not lost:
        return []
    first = ", ".join(lost[0][name] for name in KEY)
    return [
        f"{_name(path)}: {len(lost)} of {len(texts)} published projections aren't stored as they were "
        f"published, the first {first}; `briefs check --site DIR --accept` stores what is not there yet"
    ]


def _name(path: Path) -> str:
    return f"{FOLDER}/{path.name}"


def _key(texts: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(texts[name] for name in KEY)


def _texts(path: Path) -> dict[tuple[str, ...], dict[str, str]]:
    """Rows of a file by their key; empty if there is none."""
    if not path.is_file():
        return {}
    found = read_table(path.parent.parent, _resource(_name(path)))
    if breaches := list(_breaches(path.stem, found)):
        raise EvidenceError(breaches)
    return {_key(row): row for row in found.raw.to_dict("records")}


@functools.lru_cache(maxsize=64)
def _read(path: Path, modified: int) -> tuple[pd.DataFrame, list[Breach]]:
    """Rows of a file, typed, and its breaches."""
    found = read_table(path.parent.parent, _resource(_name(path)))
    breaches = list(_breaches(path.stem, found))
    return pd.DataFrame(found.values if not breaches else {}, columns=list(COLUMNS)), breaches


def _resource(path: str) -> Resource:
    """Contract of a file, which `read_table` holds it to."""
    fields = [
        {"name": name, "type": kind, "constraints": {"required": True}}
        for name, kind in _TYPES.items()
    ]
    schema = {"fields": fields, "primaryKey": list(KEY)}
    about = {"name": FOLDER, "path": path, "schema": schema, "asOf": {"published": "made"}}
    return Resource.model_validate(about)


def _breaches(edition: str, found: RawTable) -> Iterator[Breach]:
    """Breaches of a file: those of every table, then what only projections must keep."""
    yield from found.breaches
    if found.breaches:
        return
    file, values = f"{FOLDER}/{edition}.csv", pd.DataFrame(found.values, found.raw.index)
    rules = {
        "edition": (values["edition"] != edition, f"must be {edition}, as the file's name"),
        "quantile": (~values["quantile"].isin(QUANTILES), f"must be one of {QUANTILES}"),
        "target": (values["target"] <= values["made"], "must be after the day it was made"),
    }
    if not EDITION.fullmatch(edition):
        yield Breach(file, None, "", "", "must have the name of an edition, YYYY-MM.csv")
    ordered = values.sort_values("quantile", kind="stable")
    steps = ordered.groupby(["report", "series", "made", "target"])["value"].diff()
    rules["value"] = ((steps < 0).reindex(values.index), "is less than that of a lower quantile")
    for column, (wrong, rule) in rules.items():
        for line in values.index[wrong]:
            yield Breach(file, int(line), column, found.raw.loc[line, column], rule)


def _csv(rows: Iterable[Mapping[str, str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()
