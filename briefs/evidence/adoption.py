"""What is decided on a proposal, made into files: tables, their package, and what is remembered.

Nothing is written here but by `transaction.write`, all at once.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Container, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from briefs.evidence import feeds, holdings, memory as memories, transaction, vintages
from briefs.evidence.differences import closing
from briefs.evidence.feeds import JOINT, Feed, FeedError
from briefs.evidence.holdings import Cells, Holdings
from briefs.evidence.memory import ACCEPT, REJECT, Decision, Name
from briefs.evidence.proposals import OF_ROWS, Item
from briefs.evidence.rows import PACKAGE, read_package, read_text
from briefs.evidence.schema import RECORDED, SOURCES, WITHDRAWN
from briefs.evidence.upstream.contract import Connector

#: What a proposal says of each feed's snapshot; see `contract.Snapshot.stated`.
Snapshots = Mapping[str, Mapping[str, Any]]


class Adoption:
    """Decisions on items, one after another, on a state of the evidence that isn't written yet."""

    def __init__(
        self, root: Path, day: dt.date, snapshots: Snapshots, reviewer: str = "", reason: str = ""
    ):
        self.edition = max((edition.day for edition in vintages.load(root)), default=dt.date.min)
        self.root, self.day = root, day.isoformat()
        self.snapshots, self.reviewer, self.reason = snapshots, reviewer, reason
        self.memory = memories.load(root)
        self.feeds = {feed.id: feed for feed in feeds.load(root)}
        self.tables: dict[str, Holdings] = {}

    def table(self, name: str) -> Holdings:
        if name not in self.tables:
            self.tables[name] = holdings.read(self.root, name)
        return self.tables[name]

    def accept(self, item: Item, connectors: Mapping[str, Connector], ours: str = "") -> None:
        """Make an item so; `ours` is our name of an unmatched thing, by default the upstream's own.

        Raises
        ------
        FeedError
            If it can't be so: it's held, lacks a reviewer, or the table has changed in between.
        """
        if item.kind == "held":
            raise FeedError(f"{item.id} can't be accepted: {item.reason}")
        if item.needs and not self.reviewer:
            raise FeedError(f"{item.id} needs --reviewer: {'; '.join(item.needs)}")
        if item.kind == "unmatched":
            self._name(item, ours or item.thing, ACCEPT)
        added = self._adopt(item, connectors) if item.kind in OF_ROWS else ""
        self._remember(item, ACCEPT, added)

    def reject(self, item: Item) -> None:
        """Remember why an item isn't taken, so that it isn't asked again."""
        if not self.reason.strip():
            raise FeedError("say why with --reason: it is all that the next reader has")
        if item.kind == "unmatched":
            self._name(item, "", REJECT)
        self._remember(item, REJECT)

    def _remember(self, item: Item, decision: str, added: str = "") -> None:
        about = (item.id, item.feed, item.version, item.kind, item.table, item.key)
        made = Decision(*about, decision, self.reason, self.reviewer, self.day, added)
        self.memory = replace(self.memory, decisions=(*self.memory.decisions, made))

    def _name(self, item: Item, ours: str, state: str) -> None:
        if ours and len(ours.split(JOINT)) != len(self.feeds[item.feed].entity):
            raise FeedError(f"{ours!r} names nothing: write it as {item.thing!r} is written")
        made = Name(item.feed, item.thing, ours, state, self.reason, self.reviewer, self.day)
        self.memory = replace(self.memory, names=(*self.memory.names, made))

    def _adopt(self, item: Item, connectors: Mapping[str, Connector]) -> str:
        """Change the table as an item says; return the key of the row that it adds."""
        if self.day <= self.edition.isoformat():
            raise FeedError(
                f"{self.edition} is the day of an edition: what was known then stays so"
            )
        feed, table = self.feeds[item.feed], self.table(item.table)
        if item.key:
            table = table.without(item.key, self.day)
        added = ""
        if item.row:
            source = self._source(item, feed, connectors[item.feed])
            row = {name: cell.replace("{source}", source) for name, cell in item.row.items()}
            row |= {RECORDED: self.day, WITHDRAWN: ""}
            table = (
                self._ended(table, feed, row) if item.kind in ("appeared", "returned") else table
            )
            row = _until_next(table, feed, row)
            table, added = table.having(row, _same_thing(feed, row)), table.key(row)
        self.tables[item.table] = table
        return added

    def _ended(self, table: Holdings, feed: Feed, row: Cells) -> Holdings:
        """End the rows of the same thing that were in force when a new one begins."""
        own = [other for other in table.current if _same_thing(feed, row)(other)]
        own = [r for r in own if all(r[name] in words for name, words in feed.where.items())]
        for other in closing(feed, own, row[feed.when]) if feed.when else ():
            table = table.without(table.key(other), self.day)
            ended = {**other, feed.until: row[feed.when], RECORDED: self.day}
            table = table.having(ended, _same_thing(feed, row))
        return table

    def _source(self, item: Item, feed: Feed, connector: Connector) -> str:
        """Return the id of the source of a snapshot; its row is added if it isn't there yet."""
        assert feed.source is not None
        version = "".join(c if c.isalnum() else "_" for c in item.version.lower())
        name = feed.source.id.format(version=version)
        table = self.table(SOURCES)
        if not any(row["source_id"] == name for row in table.current):
            cells = {
                "source_id": name,
                "publisher": connector.publisher,
                "title": f"{connector.title} {item.version}",
                "url": connector.url,
                "published": self.snapshots.get(item.feed, {}).get("dated") or self.day,
                "accessed": self.day,
                "license": connector.licence,
                **feed.source.model_dump(include={"grade", "best_source", "note"}),
                RECORDED: self.day,
            }
            names = table.resource.table.names
            row = {column: cells.get(column, "") for column in names}
            self.tables[SOURCES] = table.having(row, lambda other: other["source_id"] < name)
        return name

    def looked(self, still_open: Container[str]) -> None:
        """Remember that the upstreams were looked at; of feeds with nothing left open, their snapshot too."""
        lock = {name: dict(entry) for name, entry in self.memory.lock.items()}
        for name, snapshot in self.snapshots.items():
            dealt = "sha256" in snapshot and name not in still_open
            lock[name] = {
                **(snapshot if dealt else lock.get(name, {})),
                "looked": snapshot["looked"],
            }
        self.memory = replace(self.memory, lock=lock)

    def files(self) -> dict[str, bytes]:
        """Return every file that is to be written."""
        found = {table.resource.path: table.data() for table in self.tables.values()}
        found = {n: data for n, data in found.items() if data != (self.root / n).read_bytes()}
        package = {PACKAGE: self._package(found)} if found else {}
        return {**found, **memories.files(self.memory), **package}

    def write(self) -> list[str]:
        """Write all, whole or not at all; return the names of the files."""
        files = self.files()
        transaction.write(self.root, files)
        return list(files)

    def _package(self, found: Mapping[str, bytes]) -> bytes:
        """State hash, bytes and rows of the new tables, and the day of the collection."""
        written = json.loads(read_text(self.root, PACKAGE))
        rows = {table.resource.path: len(table.rows) for table in self.tables.values()}
        for entry in written["resources"]:
            if (data := found.get(entry["path"])) is not None:
                digest = f"sha256:{hashlib.sha256(data).hexdigest()}"
                entry |= {"hash": digest, "bytes": len(data), "rows": rows[entry["path"]]}
        created = max(self.day, read_package(self.root).created.isoformat())
        written["created"] = created + written["created"][10:]
        return f"{json.dumps(written, indent=2, ensure_ascii=False)}\n".encode()


def _same_thing(feed: Feed, row: Cells) -> Any:
    return lambda other: all(other[name] == row[name] for name in feed.entity)


def _until_next(table: Holdings, feed: Feed, row: Cells) -> Cells:
    """End a row where the next of the same thing begins, if that is sooner."""
    if not feed.until or not feed.when:
        return row
    same = _same_thing(feed, row)
    own = [other for other in table.current if same(other) and other[feed.when] > row[feed.when]]
    own = [r for r in own if all(r[name] in words for name, words in feed.where.items())]
    ends = [end for end in (row[feed.until], *(other[feed.when] for other in own)) if end]
    return {**row, feed.until: min(ends, default="")}
