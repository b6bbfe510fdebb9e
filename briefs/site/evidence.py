"""The evidence as its pages show it: tables, and what a reader needs to know before using one.

A table that states no licence, or one that doesn't let others pass it on, stops the build:
nothing may be published that its owner forbids.
"""

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from briefs.evidence import catalog
from briefs.evidence.rows import PACKAGE as PACKAGE
from briefs.evidence.schema import RECORDED, SOURCES, WITHDRAWN
from briefs.site.reports import SiteError

#: Licences by their Frictionless names that let anyone pass the data on.
OPEN = set(
    "CC0-1.0 CC-BY-4.0 CC-BY-SA-4.0 ODC-PDDL-1.0 ODC-BY-1.0 ODbL-1.0 OGL-UK-3.0 public-domain".split()
)


@dataclass(frozen=True)
class Freshness:
    """How old the last row was when the evidence was collected, against what is expected, in days.

    A `closed` table is about what is over, so no row is expected.
    """

    last: dt.date | None
    age: int
    expected: int | None
    closed: bool = False

    @property
    def overdue(self) -> bool:
        """Whether a newer row was to be expected."""
        return bool(self.last and self.expected and self.age > self.expected)

    @property
    def next(self) -> dt.date | None:
        """Day by which the next row is expected."""
        return self.last + dt.timedelta(self.expected) if self.last and self.expected else None


def licence_fault(licences: Iterable[Mapping[str, Any]]) -> str:
    """Say why a table with these licences can't be published; nothing if it can."""
    names = [licence.get("name") for licence in licences]
    if not names:
        return "states no licence, so it can't be published"
    if closed := [name for name in names if name not in OPEN]:
        return (
            f"has the licence {closed[0]!r}, which isn't known to let others pass it on; "
            f"those that do are {', '.join(sorted(OPEN))}"
        )
    return ""


class Table:
    """One table of the evidence, with what a reader needs to know before using it."""

    def __init__(self, name: str, sources: dict[str, dict[str, Any]], sha256: str) -> None:
        self.name, self.sha256, self._sources = name, sha256, sources
        self.about = catalog.describe(name)
        self.frame = catalog.load(name)

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @cached_property
    def data(self) -> bytes:
        return bytes((catalog.data_root() / self.about["path"]).read_bytes())

    def check(self) -> None:
        if fault := licence_fault(self.about.get("licenses") or ()):
            raise SiteError(f"{PACKAGE}: table {self.name} {fault}")

    @cached_property
    def rows(self) -> list[dict[str, str]]:
        """Rows that weren't withdrawn, each cell as the file has it, with the grade of the row's source."""
        read = csv.DictReader(io.StringIO(self.data.decode("utf-8")))
        grades = self.frame["grade"] if len(self.frame) else ()
        kept = [row for row in read if not row.pop(WITHDRAWN, "")]
        return [{**row, "grade": grade} for row, grade in zip(kept, grades, strict=True)]

    @property
    def key(self) -> list[str]:
        """Columns that name a row: a row that was corrected keeps its name."""
        return [name for name in self.about["schema"]["primaryKey"] if name != RECORDED]

    @cached_property
    def span(self) -> tuple[dt.date, dt.date] | None:
        """First and last day from which a row could be known; None if no row is dated."""
        days = self.frame[self.about["asOf"]["published"]].dropna()
        return (days.min().date(), days.max().date()) if len(days) else None

    @property
    def source_columns(self) -> list[str]:
        return [
            key["fields"][0]
            for key in self.about["schema"].get("foreignKeys", ())
            if key["reference"]["resource"] == SOURCES
        ]

    @cached_property
    def sources(self) -> list[dict[str, Any]]:
        """Sources of the rows, those behind most rows first."""
        named = zip(*(self.frame[column] for column in self.source_columns), strict=True)
        # a row may name a source in two columns
        counts = Counter(
            name for row in named for name in set(row) if isinstance(name, str) and name
        )
        rows = [{**self._sources[name], "rows": count} for name, count in counts.items()]
        return sorted(rows, key=lambda row: (-row["rows"], row["publisher"], row["title"]))

    @property
    def grades(self) -> dict[str, float]:
        """Share of the rows with each grade of source, best first."""
        if "grade" not in self.frame:
            return {}
        return dict(self.frame["grade"].value_counts(normalize=True).sort_index())

    def freshness(self, collected: dt.date) -> Freshness:
        """Compare the last row with the day on which the evidence was collected."""
        expected, closed = self.about.get("updatePeriodDays"), self.about.get("closed", False)
        if not self.span:
            return Freshness(None, 0, expected, closed)
        last = min(self.span[1], collected)
        return Freshness(last, (collected - last).days, expected, closed)


@dataclass(frozen=True)
class Evidence:
    """All tables, the sources last, and what is known of each source; `collected` is the day of the last change."""

    tables: list[Table]
    sources: dict[str, dict[str, Any]]
    collected: dt.date

    @classmethod
    def read(cls) -> "Evidence":
        """Read the tables of the data folder; raise `SiteError` if one of them must not be published."""
        sources = {
            row["source_id"]: {**row, "url": row["url"] if row["url"].startswith("http") else ""}
            for row in catalog.sources().fillna("").to_dict("records")
        }
        checksums = catalog.checksums()
        names = sorted(catalog.tables(), key=lambda name: name == SOURCES)
        tables = [Table(name, sources, checksums[name]) for name in names]
        for table in tables:
            table.check()
        return cls(tables, sources, catalog.evidence_date())
