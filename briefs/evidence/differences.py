"""Comparing the rows of an upstream with ours: which are the same, and what the others propose."""

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from briefs.evidence.feeds import JOINT, LOOKED, Feed, text
from briefs.evidence.holdings import Cells, Holdings
from briefs.evidence.memory import ACCEPT, Memory
from briefs.evidence.proposals import Item
from briefs.evidence.schema import RECORDED, WITHDRAWN
from briefs.evidence.upstream.contract import Row, UpstreamError

#: A value so many times another of the same thing is a slip of units rather than news.
FACTOR = 30
#: An upstream of which such a share of so many rows moved at once is another one.
MOVED, AMONG = 0.3, 20


@dataclass(frozen=True)
class Seen:
    """A row of an upstream in our terms: which thing, since when, which values."""

    thing: tuple[str, ...]
    when: str
    values: tuple[float, ...]
    row: Row

    @property
    def name(self) -> str:
        return JOINT.join(self.thing)


@dataclass(frozen=True)
class Comparison:
    """What came of comparing a feed with its table."""

    items: list[Item]
    counts: dict[str, int]


def observed(feed: Feed, rows: Iterable[Row], memory: Memory) -> list[Seen]:
    """Put an upstream's rows into our terms; those that the feed doesn't take are left out."""
    names, found = memory.crosswalk(feed.id), []
    for row in rows:
        if any(text(row.get(column)) not in words for column, words in feed.take.items()):
            continue
        row = {**row, **{column: words[text(row[column])] for column, words in feed.take.items()}}
        thing = tuple(feed.columns[name].of(row, {}, name) for name in feed.entity)
        if known := names.get(JOINT.join(thing)):
            thing = tuple(known.ours.split(JOINT)) if known.state == ACCEPT else ()
        if thing:
            values = tuple(float(feed.columns[n].of(row, {}, n)) for n in feed.values)
            when = feed.columns[feed.when].of(row, {}, feed.when) if feed.when else ""
            found.append(Seen(thing, when, values, row))
    return sorted(found, key=lambda seen: (seen.thing, seen.when))


def compare(
    feed: Feed, version: str, rows: Iterable[Row], holdings: Holdings, memory: Memory
) -> Comparison:
    """Find what differs between an upstream and the rows that we have, without what was decided before.

    An `UpstreamError` if so much moved that it can't be news.
    """
    seen = observed(feed, rows, memory)
    differ = _Differ(feed, version, holdings, memory)
    items = [item for one in seen if (item := differ.item(one, seen))]
    differ.check_plausible()
    if feed.role == "rows":
        items += differ.vanished(seen)
    items = _gathered(items)
    decided = memory.decided()
    undecided = [item for item in items if item.id not in decided]
    counts = {"seen": len(seen), **differ.counts, "decided": len(items) - len(undecided)}
    return Comparison(undecided, counts)


def news(feed: Feed, version: str, rows: Iterable[Row], memory: Memory) -> Comparison:
    """Make an item of every row of an upstream that is only to be read."""
    items = []
    for row in rows:
        new = {name: text(value) for name, value in row.items() if name != LOOKED}
        thing, when = new.get("title", ""), new.get("date", "")
        items.append(Item(feed.id, version, "news", feed.table, thing, when, new=new))
    decided = memory.decided()
    fresh = [item for item in items if item.id not in decided]
    return Comparison(fresh, {"seen": len(items), "decided": len(items) - len(fresh)})


class _Differ:
    """Compares one upstream's rows with ours, a row at a time."""

    def __init__(self, feed: Feed, version: str, holdings: Holdings, memory: Memory):
        self.feed, self.version, self.holdings = feed, version, holdings
        self.machine, given_up = memory.machine(feed.table), memory.gone(feed.id)
        gone = [row for row in holdings.rows if holdings.key(row) in given_up]
        self.gone = {holdings.plain_key(row) for row in gone}
        self.welcome = {JOINT.join(row[name] for name in feed.entity) for row in gone} | {
            name.ours for name in memory.names if name.feed == feed.id and name.state == ACCEPT
        }
        self.own: dict[tuple[str, ...], list[Cells]] = defaultdict(list)
        self.rows = [row for row in holdings.current if all(row[name] for name in feed.values)]
        for row in self.rows:
            self.own[tuple(row[name] for name in feed.entity)].append(row)
        self.names = [JOINT.join(thing) for thing in self.own]
        self.lowest = {name: self._tenth(name) for name in self._least}
        self.counts = {"same": 0, "moved": 0, "new names": 0}

    @property
    def _least(self) -> list[str]:
        return self.feed.frontier.least if self.feed.frontier else []

    def _tenth(self, name: str) -> float:
        """Value that a tenth of our rows don't exceed."""
        values = sorted(float(row[name]) for row in self.rows)
        return values[len(values) // 10] if values else 0.0

    def item(self, seen: Seen, all_seen: Sequence[Seen]) -> Item | None:
        """Say what a row of the upstream proposes; None if it is as we have it."""
        own = self.own.get(seen.thing, [])
        if not own and seen.name not in self.welcome:
            self.counts["new names"] += 1
            if self.feed.role != "rows":
                return None
            near = difflib.get_close_matches(seen.name, self.names, 1, 0.85)
            return replace(self._item("unmatched", seen), near="".join(near))
        if self.feed.anywhen and any(self.alike(seen, row) for row in own):
            self.counts["same"] += 1
            return None
        kept = [row for row in own if self._counts(row)]
        if not seen.when and self.feed.when:
            return self._undated(seen, kept)
        at = [row for row in kept if self.feed.when and row[self.feed.when] == seen.when]
        return self._changed(seen, at[0]) if at else self._appeared(seen, kept, all_seen)

    def alike(self, seen: Seen, row: Cells) -> bool:
        """Whether values are the same, but for rounding."""
        ours = (float(row[name]) for name in self.feed.values)
        return all(
            abs(a - b) <= self.feed.same * abs(b) for a, b in zip(seen.values, ours, strict=True)
        )

    def _counts(self, row: Cells) -> bool:
        return all(row[name] in words for name, words in self.feed.where.items())

    def _changed(self, seen: Seen, row: Cells) -> Item | None:
        if self.alike(seen, row):
            self.counts["same"] += 1
            return None
        self.counts["moved"] += 1
        if self.feed.role == "check":
            return self._against(seen, row)
        key = self.holdings.key(row)
        item = self._item("changed" if key in self.machine else "disputed", seen, row)
        if item.kind == "disputed":
            item = replace(item, needs=("the row is curated",))
        new = self._built(seen, row) | {
            name: row[name] for name in (self.feed.until, *self.feed.where) if name
        }
        return self._held(seen, [row]) or replace(item, key=key, row=new)

    def _appeared(self, seen: Seen, kept: list[Cells], all_seen: Sequence[Seen]) -> Item | None:
        if self.feed.role == "check":
            latest = max(kept, key=self._day, default=None)
            return self._against(seen, latest) if self.feed.anywhen else None
        before = [row for row in kept if row[self.feed.when] < seen.when]
        row = self._built(seen, max(kept, key=self._day, default={}))
        if self.feed.until:
            later = [s.when for s in all_seen if s.thing == seen.thing and s.when > seen.when]
            row[self.feed.until] = min(later, default="")
        kind = "returned" if self.holdings.plain_key(row) in self.gone else "appeared"
        item = self._item(kind, seen, max(before, key=self._day, default=None))
        closed = [self.holdings.key(r) for r in closing(self.feed, kept, seen.when)]
        needs = ("it ends a curated row",) if set(closed) - self.machine else ()
        return self._held(seen, kept) or replace(item, row=row, needs=needs)

    def _day(self, row: Mapping[str, str]) -> str:
        return row[self.feed.when]

    def _undated(self, seen: Seen, kept: list[Cells]) -> Item | None:
        item = self._against(seen, max(kept, key=self._day, default=None))
        if item is None:
            return None
        why = "it has no day from which it holds; find that, and add the row by hand"
        return self._held(seen, kept) or replace(item, kind="held", reason=why)

    def _against(self, seen: Seen, row: Cells | None) -> Item | None:
        """Hold a row of an upstream that may only dispute against one of ours."""
        if row is None or self.alike(seen, row):
            return None
        item = self._item("held", seen, row)
        return replace(item, reason="another upstream feeds this table; this one only disputes")

    def _held(self, seen: Seen, own: list[Cells]) -> Item | None:
        """Hold back what isn't in force yet, what is beyond belief, and what is badly dated and beats the frontier."""
        if seen.when > str(seen.row.get(LOOKED, seen.when)):
            return self._hold(seen, own, f"it holds only from {seen.when}: look again then")
        for place, name in enumerate(self.feed.values):
            value, ours = seen.values[place], [float(row[name]) for row in own]
            if any(not 1 / FACTOR <= value / other <= FACTOR for other in ours if other):
                return self._hold(seen, own, f"{name} is more than {FACTOR} times another of it")
            badly = self.feed.frontier and name in self._least and self._badly_dated(seen)
            if badly and value < min(ours, default=self.lowest.get(name, 0.0)):
                why = f"{name} would be the lowest there is, and nobody says since when"
                return self._hold(seen, own, why)
        return None

    def _badly_dated(self, seen: Seen) -> bool:
        guard = self.feed.frontier
        return guard is not None and text(seen.row.get(guard.column)) in guard.undated

    def _hold(self, seen: Seen, own: list[Cells], why: str) -> Item:
        latest = max(own, key=self._day, default=None) if self.feed.when else None
        return replace(self._item("held", seen, latest), reason=why)

    def _built(self, seen: Seen, own: Mapping[str, str]) -> Cells:
        """Write the row that would be added; ``{source}`` and the day are put in when it is."""
        cells = {name: column.of(seen.row, own, name) for name, column in self.feed.columns.items()}
        cells |= dict(zip(self.feed.entity, seen.thing, strict=True))
        names = self.holdings.resource.table.names
        return {name: cells.get(name, "") for name in names} | {RECORDED: "", WITHDRAWN: ""}

    def _item(self, kind: str, seen: Seen, row: Cells | None = None) -> Item:
        new = {name: text(v) for name, v in zip(self.feed.values, seen.values, strict=True)}
        old = {name: row[name] for name in self.feed.values} if row else {}
        return Item(
            self.feed.id,
            self.version,
            kind,
            self.feed.table,
            seen.name,
            seen.when,
            severity=severity(seen.values, [float(v) for v in old.values()]) if old else None,
            old=old,
            new=new,
        )

    def vanished(self, seen: Sequence[Seen]) -> Iterator[Item]:
        """Yield the machine's rows of this feed's making that the upstream no longer has."""
        there = {(one.thing, one.when) for one in seen}
        for row in self.rows:
            key, thing = self.holdings.key(row), tuple(row[n] for n in self.feed.entity)
            when = row[self.feed.when] if self.feed.when else ""
            if key in self.machine and (thing, when) not in there and self._made(row):
                old = {name: row[name] for name in self.feed.values}
                about = (self.feed.id, self.version, "vanished", self.feed.table)
                name, why = JOINT.join(thing), "the upstream no longer has it"
                yield Item(*about, name, when, key, old=old, reason=why)

    def _made(self, row: Cells) -> bool:
        """Whether a row names a source of this feed."""
        begin = self.feed.source.id.partition("{")[0] if self.feed.source else ""
        return bool(begin) and any(cell.startswith(begin) for cell in row.values())

    def check_plausible(self) -> None:
        """Raise an `UpstreamError` where too much moved at once to be news."""
        moved, same = self.counts["moved"], self.counts["same"]
        if moved + same >= AMONG and moved > MOVED * (moved + same):
            raise UpstreamError("implausible", f"{moved} of {moved + same} rows have other values")


def closing(feed: Feed, rows: Iterable[Cells], day: str) -> list[Cells]:
    """List those of `rows`, all of one thing, that a new row from `day` on would end."""
    if not feed.until:
        return []
    return [r for r in rows if r[feed.when] < day and (not r[feed.until] or r[feed.until] > day)]


def severity(new: Iterable[float], old: Iterable[float]) -> float:
    """Greatest |a − b| / (|a| + |b|), from 0 for equal to 1."""
    pairs = zip(new, old, strict=True)
    return max((abs(a - b) / (abs(a) + abs(b)) for a, b in pairs if a or b), default=0.0)


def _gathered(items: Iterable[Item]) -> list[Item]:
    """Make one item of all rows under an unmatched name; the others stay."""
    unmatched = [item for item in items if item.kind == "unmatched"]
    others = [item for item in items if item.kind != "unmatched"]
    for _thing, found in groupby(unmatched, lambda item: item.thing):
        rows = list(found)
        others.append(replace(rows[-1], new={}, when="", count=len(rows)))
    return others
