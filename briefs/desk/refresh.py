"""`briefs refresh`: look at the upstreams, propose, and carry out what was decided.

A look changes nothing in ``data/``: it writes ``reports/proposals/<day>/``, if there is anything
to decide, and ``last.json`` beside it, which `decide` reads.
"""

import datetime as dt
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

from briefs.desk import impact, redate
from briefs.evidence import catalog, differences, feeds, holdings, memory as memories, proposals
from briefs.evidence.adoption import Adoption
from briefs.evidence.feeds import Feed, FeedError
from briefs.evidence.memory import Memory
from briefs.evidence.proposals import OF_ROWS, Item
from briefs.evidence.rows import EvidenceError
from briefs.evidence.upstream import Fetch, connector, fetch
from briefs.evidence.upstream.contract import Connector, Row, Snapshot, UpstreamError
from briefs.files import write_file
from briefs.project import project

FOLDER, LAST, PROPOSAL = "proposals", "last.json", "proposal.json"
CONTACT = "BRIEFS_CONTACT"
#: Of the rows that a feed had last time, this part at least must be there.
LEAST = 0.8

Found = dict[str, Any]


@dataclass(frozen=True)
class Look:
    """How to look: at what evidence, on which day, with what that fetches."""

    root: Path
    day: dt.date
    fetch: Fetch

    @classmethod
    def now(cls, day: dt.date | None = None) -> "Look":
        """Look at the project's evidence as of today, through registries and the web."""
        cache = project().reports / ".cache" / "upstream"
        contact = os.environ.get(CONTACT, "")
        got = partial(fetch, contact=contact, cache=cache)
        return cls(catalog.data_root(), day or dt.datetime.now(dt.UTC).date(), got)


def wanted(root: Path, names: Sequence[str]) -> list[tuple[Feed, str]]:
    """Return the feeds that are asked for, all without names, each with the version asked for after @."""
    known = {feed.id: feed for feed in feeds.load(root)}
    asked = [name.partition("@") for name in names] or [(name, "", "") for name in known]
    for name, _at, _version in asked:
        if name not in known:
            raise FeedError(f"there is no feed {name}; there are {', '.join(known) or 'none'}")
    return [(known[name], version) for name, _at, version in asked]


def look(names: Sequence[str], how: Look) -> Found:
    """Look at upstreams; return what is proposed. What is wrong with one never keeps the others back."""
    memory, items, entries = memories.load(how.root), [], []
    for feed, version in wanted(how.root, names):
        entry: Found = {"feed": feed.id, "looked": how.day.isoformat(), "role": feed.role}
        try:
            more, found = _one(feed, version, how, memory)
        except UpstreamError as error:
            state = "gap" if error.fault == "gap" else "failed"
            more, found = {"state": state, "fault": error.fault, "text": error.text}, []
        entries.append({**entry, **more})
        items += found
    return {
        "schema": 1,
        "day": how.day.isoformat(),
        "evidence": catalog.checksums(root=how.root),
        "feeds": entries,
        "items": [item.stated() for item in proposals.merged(items)],
    }


def _one(feed: Feed, version: str, how: Look, memory: Memory) -> tuple[Found, list[Item]]:
    """Look at one upstream."""
    found, kept = connector(feed.connector), memory.lock.get(feed.id, {})
    if found.gap:
        raise UpstreamError("gap", found.gap)
    snapshot = how.fetch(found, feed.settings, version, how.day)
    stated: Found = {**snapshot.stated(), "looked": how.day.isoformat()}
    if kept.get("sha256") == snapshot.sha256:
        stated |= _kept(kept)
        return {**stated, "state": "equal", "notes": list(_notes(kept, stated))}, []
    rows = found.rows(snapshot.data, feed.settings, _least(kept, version))
    stated |= {"rows": len(rows), "columns": _columns(rows), "dated": _dated(found, snapshot)}
    compared = _compared(feed, snapshot, rows, how, memory)
    notes = list(_notes(kept, stated))
    return {**stated, "state": "changed", "counts": compared.counts, "notes": notes}, compared.items


def _kept(kept: Mapping[str, Any]) -> Found:
    return {name: kept[name] for name in ("rows", "columns", "dated") if name in kept}


def _least(kept: Mapping[str, Any], version: str) -> int | None:
    """Return how many rows there must be; an earlier version that was asked for may have had fewer."""
    return None if version else int(LEAST * kept.get("rows", 0))


def _columns(rows: Iterable[Row]) -> list[str]:
    return sorted({name for row in rows for name in row})


def _dated(found: Connector, snapshot: Snapshot) -> str:
    try:
        day = found.dated(snapshot.data)
    except Exception as error:
        raise UpstreamError("broken", f"its date can't be read: {error}") from None
    return day.isoformat() if day else ""


def _notes(kept: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Found]:
    """Say what else changed: the licence, the layout."""
    if kept.get("licence") and kept["licence"] != now["licence"]:
        yield {
            "what": "licence",
            "text": "the text of its licence is another; read it before accepting",
        }
    before, after = kept.get("columns"), now.get("columns")
    if before and after and before != after:
        words = {"lacks": set(before) - set(after), "has besides": set(after) - set(before)}
        said = (f"{word} {', '.join(sorted(names))}" for word, names in words.items() if names)
        yield {"what": "layout", "text": "; ".join(said)}


def _compared(
    feed: Feed, snapshot: Snapshot, rows: list[Row], how: Look, memory: Memory
) -> differences.Comparison:
    rows = [{**row, feeds.LOOKED: how.day.isoformat()} for row in rows]
    if feed.role == "news":
        return differences.news(feed, snapshot.version, rows, memory)
    try:
        held = holdings.read(how.root, feed.table)
    except EvidenceError as error:
        raise FeedError(str(error)) from None
    return differences.compare(feed, snapshot.version, rows, held, memory)


# -- what was proposed, kept ---------------------------------------------------------------------


def folder() -> Path:
    """Folder of the proposals."""
    return project().reports / FOLDER


def is_news(found: Found) -> bool:
    """Whether there is anything to decide or to see to."""
    noted = any(entry.get("notes") for entry in found["feeds"])
    return bool(found["items"]) or noted or any(e["state"] == "failed" for e in found["feeds"])


def keep(found: Found) -> None:
    """Keep what was proposed for `decide`."""
    text = json.dumps(found, indent=1, ensure_ascii=False)
    write_file(folder() / LAST, f"{text}\n".encode())


def last() -> Found:
    """Return what was proposed last."""
    try:
        found = json.loads((folder() / LAST).read_bytes())
    except FileNotFoundError:
        raise FeedError("nothing has been proposed yet: run `briefs refresh` first") from None
    assert isinstance(found, dict)
    return found


def item_of(stated: Mapping[str, Any]) -> Item:
    """Read an item of a proposal."""
    names = {field.name for field in fields(Item)}
    values = {name: value for name, value in stated.items() if name in names}
    for name in ("needs", "also"):
        values[name] = tuple(values.get(name, ()))
    return Item(**values)


def chosen(found: Found, only: Sequence[str]) -> list[Item]:
    """Return the items that are named, by id or pattern; each must name one at least."""
    items = [item_of(stated) for stated in found["items"]]
    for pattern in only:
        if not any(fnmatchcase(item.id, pattern) for item in items):
            raise FeedError(f"nothing that was proposed is called {pattern}")
    return [item for item in items if any(fnmatchcase(item.id, pattern) for pattern in only)]


# -- its impact ----------------------------------------------------------------------------------


def weigh(found: Found, how: Look) -> Found:
    """Add the impact of all rows that can be accepted together; what can't is listed as ``left_out``."""
    items = [item_of(stated) for stated in found["items"]]
    items = [item for item in items if item.kind in OF_ROWS]
    if not items:
        return {**found, "impact": None}

    left_out: list[str] = []

    def adopt(data: Path) -> None:
        trial = Adoption(data, how.day, _snapshots(found), reviewer="impact")
        for item in items:
            try:
                trial.accept(item, _connectors(data))
            except FeedError:  # two upstreams may say different things of one row
                left_out.append(item.id)
        trial.write()

    with tempfile.TemporaryDirectory(prefix="briefs-impact-") as scratch:
        tables = {item.table for item in items}
        try:
            weighed = impact.run(how.root, Path(scratch), adopt, tables, how.day)
        except FeedError as error:  # the notebooks don't run on it: that is what there is to know
            return {**found, "impact": None, "impact_fault": str(error)}
    return {**found, "impact": {**weighed, "left_out": left_out}}


# -- decisions -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ruling:
    """Who decides, why, and under which name an unmatched thing is ours."""

    accept: bool
    reason: str = ""
    reviewer: str = ""
    ours: str = ""


def decide(only: Sequence[str], ruling: Ruling, how: Look) -> list[str]:
    """Accept or reject items of the last proposal, all or none; return a line for each.

    Without any named, only the look is remembered.
    """
    found = last()
    items = chosen(found, only)
    if ruling.accept:
        _check(found, items, ruling, how)
    adoption = Adoption(how.root, how.day, _snapshots(found), ruling.reviewer, ruling.reason)
    connectors = _connectors(how.root)
    for item in items:
        if ruling.accept:
            adoption.accept(item, connectors, ruling.ours)
        else:
            adoption.reject(item)
    gone = {item.id for item in items}
    named = {item.feed for item in items if ruling.accept and item.kind == "unmatched"}
    # under a name that is ours now it has rows, which nobody has seen
    again = {*found.get("again", ()), *named}
    left = [stated for stated in found["items"] if stated["id"] not in gone]
    rest = {**found, "items": left, "again": sorted(again)}
    adoption.looked({stated["feed"] for stated in left} | again)
    adoption.write()
    _refreshed(rest, how)
    words = "accepted" if ruling.accept else "rejected"
    return [f"{words} {item.id}: {item.thing} {item.when}".rstrip() for item in items]


def _refreshed(rest: Found, how: Look) -> None:
    """Keep what is left to decide, and let what stands outside the evidence follow it."""
    keep({**rest, "evidence": catalog.checksums(root=how.root)})
    if how.root == project().data:
        redate.redate(project(), catalog.evidence_date(root=how.root))


def _check(found: Found, items: list[Item], ruling: Ruling, how: Look) -> None:
    """Refuse what may flip a verdict without a name, and what was proposed for other tables."""
    now, then = catalog.checksums(root=how.root), found["evidence"]
    tables = {item.table for item in items if item.kind in OF_ROWS}
    if changed := sorted(table for table in tables if now.get(table) != then.get(table)):
        raise FeedError(f"{', '.join(changed)} changed since: run `briefs refresh` again")
    if not tables or ruling.reviewer:
        return
    weighed = found.get("impact")
    if weighed is None:
        raise FeedError("its impact wasn't weighed (--no-impact): give the --reviewer's name")
    flips = [flip["claim"] for flip in weighed["flips"] if tables & set(flip["tables"])]
    if flips:
        raise FeedError(f"verdicts would flip ({', '.join(flips)}): give the --reviewer's name")


def _snapshots(found: Found) -> dict[str, Found]:
    """Return what the proposal says of each feed's snapshot, as the lock keeps it."""
    kept = "url version retrieved sha256 licence rows columns dated looked".split()
    return {e["feed"]: {n: e[n] for n in kept if n in e} for e in found["feeds"]}


def _connectors(root: Path) -> dict[str, Connector]:
    return {feed.id: connector(feed.connector) for feed in feeds.load(root)}
