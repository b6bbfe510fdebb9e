"""What a look at an upstream proposes for a table: the rows that differ, as items to be decided.

==============  ================================================================================
kind            what it means
==============  ================================================================================
``changed``     a row of the machine's has other values now
``disputed``    the same of a curated row: only a person may replace it
``appeared``    a thing that we know has a new row
``returned``    the same, of a row that was given up because the upstream no longer had it
``vanished``    a row of the machine's is no longer there
``held``        implausible, or without a day it holds from: not to be accepted as it is
``unmatched``   a name that we don't know
``news``        to be read by a person
==============  ================================================================================

An item's id hangs on what it says, so that what was decided isn't asked again and what changed
once more is.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from briefs.evidence.feeds import JOINT
from briefs.evidence.holdings import Cells

KINDS = "changed disputed appeared returned vanished held unmatched news".split()
#: Kinds whose items change a row of the table.
OF_ROWS = ("changed", "disputed", "appeared", "returned", "vanished")
#: Where tiers of severity begin: above the first, between the two, below.
TIERS = (0.15, 0.01)


@dataclass(frozen=True)
class Item:
    """One thing to decide; `old` and `new` are the cells that differ, `row` is what would be added.

    `severity` is |a − b| / (|a| + |b|) of the value that differs most; of what has no counterpart, None.
    `also` names other feeds that say the same, `needs` why a reviewer must give a name.
    """

    feed: str
    version: str
    kind: str
    table: str
    thing: str
    when: str = ""
    key: str = ""
    severity: float | None = None
    old: Cells = field(default_factory=dict)
    new: Cells = field(default_factory=dict)
    row: Cells = field(default_factory=dict)
    reason: str = ""
    needs: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    near: str = ""
    count: int = 1

    @property
    def id(self) -> str:
        """Name on the command line: feed, kind and a hash of what is said."""
        said = [self.table, self.thing, self.when, self.key, self.new]
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        return JOINT.join((self.feed, self.kind, digest[:8]))

    @property
    def tier(self) -> int:
        """1 is the worst; what appeared or vanished has none, 0."""
        if self.severity is None:
            return 0
        return 1 + sum(self.severity < limit for limit in TIERS)

    def stated(self) -> dict[str, Any]:
        """Return it as a proposal has it."""
        return {"id": self.id, "tier": self.tier, **asdict(self)}


def merged(items: Iterable[Item]) -> list[Item]:
    """Drop what a feed says that an earlier one says too, which then names it; the worst comes first."""
    first: dict[tuple[str, ...], Item] = {}
    for item in items:
        says = "value" if item.new and item.kind != "news" else item.kind
        own = item.feed if item.kind == "unmatched" else ""  # each upstream has names of its own
        said = json.dumps(item.new, sort_keys=True)
        place = (item.table, item.thing, item.when, says, said, own)
        before = first.setdefault(place, item)
        if before is not item:
            first[place] = replace(before, also=(*before.also, item.feed))
    return sorted(first.values(), key=rank)


def rank(item: Item) -> tuple[Any, ...]:
    """Order of a proposal: rows that change by severity, what appeared and vanished, the rest; near names first."""
    kind = 0 if item.kind in ("changed", "disputed") else KINDS.index(item.kind)
    return kind, -(item.severity or 0), not item.near, item.table, item.thing, item.when, item.feed
