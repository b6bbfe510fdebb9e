"""What is remembered between looks at the upstreams, in the folder ``upstream/`` beside the tables.

=================  ==============================================================================
file               what it holds
=================  ==============================================================================
``lock.json``      of each feed: the snapshot that was dealt with, and the day of the last look
``crosswalk.csv``  what an upstream calls a thing, and what we call it, or why it isn't ours
``decisions.csv``  what was accepted or rejected, when, by whom, why; rows accepted here are the
                   machine's, all others are curated
=================  ==============================================================================

Both tables are only ever added to; of several lines on one thing the last counts.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar

from briefs.evidence.feeds import FOLDER, FeedError

LOCK, CROSSWALK, DECISIONS = (
    f"{FOLDER}/{name}" for name in ("lock.json", "crosswalk.csv", "decisions.csv")
)
ACCEPT, REJECT = "accept", "reject"


@dataclass(frozen=True)
class Name:
    """A thing of an upstream: ours by the name `ours`, or not (`state` is reject), and why."""

    feed: str
    upstream: str
    ours: str
    state: str
    reason: str
    reviewer: str
    day: str


@dataclass(frozen=True)
class Decision:
    """What became of an item of a proposal; `added` is the key of the row that it added, if any."""

    item: str
    feed: str
    version: str
    kind: str
    table: str
    key: str
    decision: str
    reason: str
    reviewer: str
    day: str
    added: str = ""


@dataclass(frozen=True)
class Memory:
    """All of it."""

    lock: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    names: tuple[Name, ...] = ()
    decisions: tuple[Decision, ...] = ()

    def decided(self) -> dict[str, Decision]:
        """Return the decisions by their items."""
        return {decision.item: decision for decision in self.decisions}

    def crosswalk(self, feed: str) -> dict[str, Name]:
        """Return what is known of the names of a feed."""
        return {name.upstream: name for name in self.names if name.feed == feed}

    def machine(self, table: str) -> set[str]:
        """Return the keys of the rows of a table that were accepted from an upstream."""
        return {d.added for d in self.decisions if d.table == table and d.added}

    def gone(self, feed: str) -> set[str]:
        """Return the keys of rows that were given up because the upstream no longer had them."""
        last = {d.key: d for d in self.decisions if d.feed == feed and d.decision == ACCEPT}
        return {key for key, decision in last.items() if decision.kind == "vanished"}


def load(root: Path) -> Memory:
    """Read what is remembered; nothing where there are no files."""
    return Memory(
        _lock(root / LOCK), _rows(root, CROSSWALK, Name), _rows(root, DECISIONS, Decision)
    )


def files(memory: Memory) -> dict[str, bytes]:
    """Write it, by the names of the files."""
    lock = f"{json.dumps(memory.lock, indent=2, sort_keys=True, ensure_ascii=False)}\n"
    return {
        LOCK: lock.encode(),
        CROSSWALK: _csv(Name, memory.names),
        DECISIONS: _csv(Decision, memory.decisions),
    }


def _lock(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise FeedError(f"{LOCK}: isn't valid JSON: {error}") from None
    if not isinstance(found, dict):
        raise FeedError(f"{LOCK}: must hold an entry for each feed")
    return found


Kind = TypeVar("Kind", Name, Decision)


def _rows(root: Path, name: str, kind: type[Kind]) -> tuple[Kind, ...]:
    path = root / name
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream, strict=True)
        columns = [part.name for part in fields(kind)]
        if reader.fieldnames != columns:
            raise FeedError(f"{name}: must have the columns {', '.join(columns)}")
        try:
            return tuple(kind(**row) for row in reader)
        except (csv.Error, TypeError) as error:
            raise FeedError(f"{name}, line {reader.line_num}: {error}") from None


def _csv(kind: type[Name] | type[Decision], rows: Iterable[Name | Decision]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, [part.name for part in fields(kind)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return stream.getvalue().encode()
