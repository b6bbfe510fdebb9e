"""What each frozen edition was made of: the hash of every table as we had it, its numbers and verdicts.

A folder for each edition, ``editions/<id>/`` beside the tables, with this as ``vintage.json`` and
what changed since the one before as ``changes.json``. What was known on the day of an edition must
load byte-equal for ever.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from briefs.evidence import holdings
from briefs.evidence.feeds import FeedError
from briefs.evidence.holdings import Holdings
from briefs.evidence.model import Strict
from briefs.evidence.rows import EvidenceError
from briefs.evidence.schema import RECORDED, WITHDRAWN
from briefs.project import EDITION, data_folder

FOLDER, VINTAGE, CHANGES = "editions", "vintage.json", "changes.json"
Sha = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Vintage(Strict):
    """One frozen edition.

    `tables` are hashes of what was known on its `day`; `numbers` and `verdicts` stand by report, each
    number as ``results.json`` has it; `code` is the hash of the package that made them.
    """

    edition: Annotated[str, Field(pattern=f"^{EDITION.pattern}$")]
    day: dt.date
    code: str
    tables: dict[str, Sha]
    numbers: dict[str, dict[str, dict[str, Any]]]
    verdicts: dict[str, dict[str, str]]


def load(root: Path | None = None) -> tuple[Vintage, ...]:
    """Read the frozen editions, oldest first; none before the first is frozen."""
    paths = sorted(((root or data_folder()) / FOLDER).glob(f"*/{VINTAGE}"))
    return tuple(_load(path, path.stat().st_mtime_ns) for path in paths)


@lru_cache(maxsize=64)
def _load(path: Path, modified: int) -> Vintage:
    try:
        found = Vintage.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise FeedError(f"{_name(path.parent.name)}: {where}: {first['msg']}") from None
    if found.edition != path.parent.name:
        raise FeedError(f"{_name(path.parent.name)} is of edition {found.edition}")
    return found


def _name(edition: str, file: str = VINTAGE) -> str:
    return f"{FOLDER}/{edition}/{file}"


def files(vintage: Vintage, changes: dict[str, Any]) -> dict[str, bytes]:
    """Write an edition's two files, by their names below the folder of the evidence."""
    text = f"{json.dumps(changes, indent=1, ensure_ascii=False)}\n"
    return {
        _name(vintage.edition): written(vintage),
        _name(vintage.edition, CHANGES): text.encode(),
    }


def changes(edition: str, root: Path | None = None) -> dict[str, Any]:
    """Return what an edition changed; empty where that isn't written down."""
    path = (root or data_folder()) / _name(edition, CHANGES)
    return dict(json.loads(path.read_bytes())) if path.is_file() else {}


def moves(root: Path, since: dt.date, until: dt.date) -> list[dict[str, Any]]:
    """Count, of each table that changed, the rows taken in and given up after one day and by another."""
    found = []
    for held in holdings.dated(root):
        days = [
            [dt.date.fromisoformat(row[c]) for row in held.rows if row[c]]
            for c in (RECORDED, WITHDRAWN)
        ]
        added, given_up = (sum(since < day <= until for day in column) for column in days)
        if added or given_up:
            found.append({"table": held.resource.name, "added": added, "withdrawn": given_up})
    return found


def written(vintage: Vintage) -> bytes:
    """Write an edition's file."""
    content = vintage.model_dump(mode="json")
    return f"{json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False)}\n".encode()


def known(held: Holdings, day: dt.date) -> bytes:
    """Return the rows of a table that we had on a day, as its file had them, without our own two columns."""
    limit = day.isoformat()
    names = [n for n in held.resource.table.names if n not in (RECORDED, WITHDRAWN)]
    rows = [
        {name: row[name] for name in names}
        for row in held.rows
        if row[RECORDED] <= limit and (not row[WITHDRAWN] or row[WITHDRAWN] > limit)
    ]
    return holdings.written(names, rows)


def hashes(tables: Iterable[Holdings], day: dt.date) -> dict[str, str]:
    """Hash what was known on a day of each of some tables, by their names."""
    return {t.resource.name: hashlib.sha256(known(t, day)).hexdigest() for t in tables}


def breaches(root: Path | None = None) -> Iterator[str]:
    """Say, a line each, which tables no longer give what was known on the day of an edition."""
    folder = root or data_folder()
    if not (vintages := load(folder)):
        return
    try:
        tables = list(holdings.dated(folder))
    except EvidenceError:  # said by `catalog.check`
        return
    for vintage in vintages:
        now = hashes(tables, vintage.day)
        for table, digest in vintage.tables.items():
            if now.get(table) != digest:
                yield (
                    f"{_name(vintage.edition)}: {table} no longer gives what was known on "
                    f"{vintage.day}; rows are withdrawn and added, never edited, moved or taken out"
                )
