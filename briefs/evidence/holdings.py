"""The rows of one table as its file has them, as text, and changing them without losing any.

Rows are never edited: one that no longer holds gets the day on which it was given up, and another
is added. So what was known on any earlier day stays as it was.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from briefs.evidence.feeds import JOINT, FeedError
from briefs.evidence.rows import EvidenceError, read_package, read_table
from briefs.evidence.schema import RECORDED, WITHDRAWN, Resource

Cells = dict[str, str]


@dataclass(frozen=True)
class Holdings:
    """A table's rows, withdrawn ones included, in the order of its file."""

    resource: Resource
    rows: tuple[Cells, ...]

    @property
    def current(self) -> list[Cells]:
        return [row for row in self.rows if not row[WITHDRAWN]]

    def key(self, row: Mapping[str, str]) -> str:
        """Key of a row, with the day it was recorded."""
        return JOINT.join(row[name] for name in self.resource.table.primary_key)

    def plain_key(self, row: Mapping[str, str]) -> str:
        """Key of a row without that day: of all rows that took one another's place."""
        names = self.resource.table.primary_key
        return JOINT.join(row[name] for name in names if name != RECORDED)

    def without(self, key: str, day: str) -> "Holdings":
        """Give up the row with this key."""
        found = [row for row in self.current if self.key(row) == key]
        if len(found) != 1:
            raise FeedError(f"{self.resource.path} has no row {key} to withdraw; refresh again")
        if found[0][RECORDED] >= day:
            raise FeedError(f"{self.resource.path}: {key} was recorded on {day} or later")
        rows = [{**r, WITHDRAWN: day} if r is found[0] else r for r in self.rows]
        return Holdings(self.resource, tuple(rows))

    def having(self, row: Cells, after: Callable[[Cells], bool] | None = None) -> "Holdings":
        """Add a row below the last one that `after` is true of, else at the end."""
        held = {self.plain_key(other) for other in self.current}
        if self.plain_key(row) in held:
            raise FeedError(f"{self.resource.path} has a row {self.plain_key(row)} already")
        at = [i for i, other in enumerate(self.rows, 1) if after and after(other)]
        place = at[-1] if at else len(self.rows)
        return Holdings(self.resource, (*self.rows[:place], row, *self.rows[place:]))

    def data(self) -> bytes:
        """Write the file."""
        return written(self.resource.table.names, self.rows)


def read(root: Path, table: str) -> Holdings:
    """Read a table that has the two columns of days."""
    resource = next((r for r in read_package(root).resources if r.name == table), None)
    if resource is None:
        raise FeedError(f"there is no table {table}")
    if WITHDRAWN not in resource.table.names:
        raise FeedError(f"{table} has no columns {RECORDED} and {WITHDRAWN}: no feed can change it")
    return _read(root, resource)


def dated(root: Path) -> Iterator[Holdings]:
    """Read every table that has the two columns of days."""
    for resource in read_package(root).resources:
        if WITHDRAWN in resource.table.names:
            yield _read(root, resource)


def _read(root: Path, resource: Resource) -> Holdings:
    found = read_table(root, resource)
    if found.breaches:
        raise EvidenceError(found.breaches)
    return Holdings(resource, tuple(found.raw.to_dict("records")))


def written(names: list[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Write rows as CSV."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()
