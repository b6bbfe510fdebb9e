"""What every connector states of its upstream, and what a look at it gives.

A connector fetches bytes and, apart, extracts rows from them: what was fetched once can be
extracted again without a network. Rows are in the upstream's own terms; what they mean for a
table stands in the project's ``feeds.yml``.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
Settings = Mapping[str, Any]

#: What can be wrong with an upstream, and the word for it in a proposal.
FAULTS = (
    "gap",  # no clean upstream exists: shown on purpose
    "unreachable",
    "too slow",
    "too large",
    "refused",  # a redirect, address or kind of content that isn't taken
    "broken",  # what came can't be read
    "layout",
    "too few rows",
    "repeated keys",
    "implausible",
)


class UpstreamError(ValueError):
    """One upstream can't be used now; the others can."""

    def __init__(self, fault: str, text: str):
        assert fault in FAULTS
        self.fault, self.text = fault, text
        super().__init__(f"{fault}: {text}")


@dataclass(frozen=True)
class Package:
    """A file inside a package of an ordinary registry, downloaded but never installed."""

    registry: str
    name: str
    member: str


@dataclass(frozen=True)
class Address:
    """A file on the web; `url` may have ``{settings}``, `types` are the kinds of content that are taken."""

    url: str
    types: tuple[str, ...]
    headers: Mapping[str, str] = field(default_factory=dict)
    most_bytes: int = 20_000_000


@dataclass(frozen=True)
class Listed:
    """A file on the web whose address another one says, as that of a company's newest report.

    `pick` reads from the `index` the settings that the address of the `file` lacks.
    """

    index: Address
    pick: Callable[[bytes, Settings], Settings]
    file: Address


@dataclass(frozen=True)
class Layout:
    """What an upstream's rows must look like; anything else is a loud error of that upstream alone.

    `bounds` are the least and greatest plausible value of a column, `must` the keys that have to be
    there: an upstream that lacks its best-known rows isn't the one that was looked at before.
    """

    columns: tuple[str, ...]
    key: tuple[str, ...]
    least: int = 1
    must: tuple[tuple[Any, ...], ...] = ()
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    #: Columns besides, which a row may do without.
    optional: tuple[str, ...] = ()

    def check(self, rows: list[Row], least: int | None = None) -> None:
        """Raise an `UpstreamError` unless `rows` look as expected; `least` may be more rows than ours."""
        if len(rows) < (needed := max(self.least, least or 0)):
            raise UpstreamError("too few rows", f"{len(rows)}, where {needed} or more are expected")
        known = {*self.columns, *self.optional}
        for row in rows:
            if lacking := [name for name in self.columns if name not in row]:
                raise UpstreamError("layout", f"a row lacks {', '.join(lacking)}: {row}")
            if odd := sorted(row.keys() - known):
                raise UpstreamError("layout", f"a row has {', '.join(odd)}, which nobody expects")
        self._check_keys(Counter(self.key_of(row) for row in rows))
        self._check_bounds(rows)

    def key_of(self, row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in self.key)

    def _check_keys(self, keys: Counter[tuple[Any, ...]]) -> None:
        if again := [key for key, count in keys.items() if count > 1]:
            raise UpstreamError("repeated keys", f"{len(again)}, the first {again[0]}")
        begins = {key[:length] for length in {len(must) for must in self.must} for key in keys}
        if lacking := [must for must in self.must if must not in begins]:
            raise UpstreamError("layout", f"nothing of {lacking[0]}, which was always there")

    def _check_bounds(self, rows: list[Row]) -> None:
        for name, (low, high) in self.bounds.items():
            for row in rows:
                value = row.get(name)
                if value is not None and not low <= value <= high:
                    raise UpstreamError(
                        "implausible",
                        f"{name} of {self.key_of(row)} is {value}, not in {low:g} to {high:g}",
                    )


@dataclass(frozen=True)
class Snapshot:
    """What an upstream had when it was looked at: bytes, and all that says which ones.

    `licence` is the hash of the licence's text as far as it came along.
    """

    url: str
    version: str
    retrieved: dt.date
    data: bytes
    licence: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def stated(self) -> dict[str, str]:
        """Return what the lock keeps of it."""
        day = self.retrieved.isoformat()
        found = {"url": self.url, "version": self.version, "retrieved": day, "sha256": self.sha256}
        return {**found, "licence": self.licence}


Extract = Callable[[bytes, Settings], Iterable[Row]]


@dataclass(frozen=True)
class Connector:
    """One upstream: whose it is, how often to look, where it lies, what it must look like.

    `extract` makes rows of bytes and raises an `UpstreamError`, or anything that reading strange
    bytes raises, which counts as *broken*. `rhythm` is in days. `gap` says why there is nothing to
    fetch. `dated` reads from the bytes the last day that they speak of.
    """

    id: str
    title: str
    publisher: str
    url: str
    licence: str
    rhythm: int
    transport: Package | Address | Listed | None
    layout: Layout
    extract: Extract
    gap: str = ""
    #: Rows are news to be read by a person, not rows of a table.
    watches: bool = False
    dated: Callable[[bytes], dt.date | None] = lambda data: None

    def rows(self, data: bytes, settings: Settings, least: int | None = None) -> list[Row]:
        """Extract rows and hold them to the layout."""
        try:
            found = list(self.extract(data, settings))
        except UpstreamError:
            raise
        except RecursionError:
            raise UpstreamError("broken", "nested too deep") from None
        except Exception as error:  # whatever strange bytes can raise
            raise UpstreamError("broken", f"{type(error).__name__}: {error}") from None
        self.layout.check(found, least)
        return found


def nothing(data: bytes, settings: Settings) -> Iterable[Row]:
    """Extract nothing: that of a connector which shows a gap."""
    return ()
