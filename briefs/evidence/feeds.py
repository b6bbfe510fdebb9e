"""Which upstream feeds which table, and how: ``upstream/feeds.yml`` beside the tables.

Connectors know no table; a feed says what their rows mean for one, as data.
"""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from briefs import yaml_nodes
from briefs.evidence.model import Strict
from briefs.project import data_folder

FOLDER = "upstream"
FILE = f"{FOLDER}/feeds.yml"
#: Between the parts of a name or key, in files and on the command line.
JOINT = "/"
#: Column of the day of the look, which every row of an upstream gets.
LOOKED = "looked"


class FeedError(ValueError):
    """The feeds, or what is remembered of them, break their contract."""


def _listed(names: Any) -> Any:
    return [names] if isinstance(names, str) else names


class Column(Strict):
    """Where a column of ours comes from: our own latest row of that thing, the upstream, a constant.

    They are tried in this order, of several columns of the upstream the first that says something; `words`
    turns what it says into ours, and `suffix` is put behind it.
    """

    ours: bool = False
    upstream: Annotated[list[str], BeforeValidator(_listed)] = Field([], alias="from")
    words: dict[str, str] = Field({})
    constant: str = Field("", alias="is")
    suffix: str = ""

    def of(self, row: Mapping[str, Any], own: Mapping[str, str], name: str) -> str:
        """Return the cell for an upstream's row; `own` is our latest row of the same thing, if any."""
        if self.ours and own.get(name):
            return own[name]
        for source in (name for name in self.upstream if row.get(name) is not None):
            found = text(row[source])
            return self.words.get(found, found) + self.suffix
        return self.constant


class Source(Strict):
    """The row of ``sources`` that accepted rows name; ``{version}`` in `id` is that of the snapshot."""

    id: str
    grade: Literal["A", "B", "C", "D"]
    best_source: str
    note: str = ""


class Frontier(Strict):
    """Columns in which the least value matters to a claim, and words of a column that date a row badly."""

    least: list[str]
    column: str
    undated: list[str]


class Feed(Strict):
    """One upstream of one table.

    Rows are the same thing when they agree in `entity`, and the same row when they agree in `when` as
    well. `take` keeps the upstream's rows with these words, and gives ours for them. `role` is
    ``rows``, ``check`` (the upstream may only dispute), ``news`` (to be read) or ``gap``.
    """

    id: Annotated[str, Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]
    connector: str
    role: Literal["rows", "check", "news", "gap"] = "rows"
    table: str = ""
    why: str = ""
    settings: dict[str, Any] = Field({})
    take: dict[str, dict[str, str]] = Field({})
    entity: list[str] = Field([])
    when: str = ""
    until: str = ""
    values: list[str] = Field([])
    where: dict[str, list[str]] = Field({})
    same: float = 0.001
    anywhen: bool = False
    columns: dict[str, Column] = Field({})
    source: Source | None = None
    frontier: Frontier | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.role in ("rows", "check"):
            needed = {*self.entity, self.when, *self.values}
            if not self.table or not self.values or not self.source:
                raise ValueError("needs table, values and source")
            if lacking := sorted(filter(None, needed - self.columns.keys())):
                raise ValueError(f"says of no column where {', '.join(lacking)} comes from")
        return self


def text(value: Any) -> str:
    """Write a value as tables do."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dt.date():
            return value.isoformat()
        case float():
            return f"{value:.10g}"
    return str(value)


def load(root: Path | None = None) -> tuple[Feed, ...]:
    """Read the feeds, in their order; none where there is no file."""
    path = (root or data_folder()) / FILE
    if not path.is_file():
        return ()
    return _load(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _load(path: Path, modified: int) -> tuple[Feed, ...]:
    try:
        entries = yaml_nodes.values(yaml_nodes.compose(path.read_text("utf-8"), FILE))
    except yaml_nodes.YamlError as error:
        raise FeedError(str(error)) from None
    feeds = tuple(_feed(entry) for entry in entries or ())
    names = [feed.id for feed in feeds]
    if again := sorted({name for name in names if names.count(name) > 1}):
        raise FeedError(f"{FILE}: has {', '.join(again)} twice")
    return feeds


def _feed(entry: Any) -> Feed:
    try:
        return Feed.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        name = entry.get("id", "") if isinstance(entry, dict) else entry
        where = ".".join(map(str, first["loc"]))
        parts = filter(None, (f"{FILE}, feed {name!r}", where, first["msg"]))
        raise FeedError(": ".join(parts)) from None
