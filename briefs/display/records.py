"""What a notebook shows: each object displays itself and leaves a record in its output.

The record (JSON under `MIME`) holds everything that a page needs besides the drawing, so
the exporters never run science and the site always agrees with the notebook. A figure's
drawing is the ``image/svg+xml`` of the same output, its narrow one there under `NARROW_MIME`. What
JupyterLab and ``nbconvert --to html`` show is the output's ``text/html``; an output for them alone
is marked with ``metadata[LAB_ONLY]``, and exporters leave it out.

====================  ===========================================================================
kind                  fields besides ``kind``
====================  ===========================================================================
``brief``             report, title, subtitle, language, as_of, evidence_date, parameters (list of
                      name, value, meaning)
``finding``           id, text, headline (bool), claim (id or null), numbers (name -> estimate)
``verdict``           id, verdict, label, name, answer, reason, statement, quantity, said_by, said_on, outlet,
                      attribution, interest, wording, rule, sources (ids), estimate, readings
``figure``            id, title, subtitle, alt, note, sources (ids), columns, rows
``table``             id, title, subtitle, note, sources (ids), columns, rows; files (list of name,
                      mediatype, text) where there is more to download than the CSV
``grid``              as a table, and axes, chosen, sentence, texts, none, lane, span, unit: see `grids.Grid`
``forecasts``         id, title, lesson; scores, misses, published, now: lists of rows, see
                      `forecasts.FRAMES`
``sources``           items (source_id, publisher, title, url, published, accessed, license, grade,
                      best_source, note);
                      checksums (table -> sha256) of what was read
====================  ===========================================================================

``columns`` is a list of ``name`` (in the CSV), ``label`` (for the reader, with the unit) and
``kind`` (a key of `i18n.KINDS`); ``rows`` is a list of lists, dates as ISO text, unknown null.
"""

import datetime as dt
import html
import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import pandas as pd
from IPython import display

from briefs.display import i18n, lab

publish_display_data: Callable[..., None] = display.publish_display_data  # it has no types

MIME = "application/vnd.analysis.record+json"
#: A figure's narrow drawing, where its ``image/svg+xml`` is a wide one.
NARROW_MIME = "application/vnd.analysis.narrow+svg"
LAB_ONLY = "analysis.lab_only"

_sources: dict[str, str] = {}
_cited: dict[str, None] = {}


class DisplayError(ValueError):
    """A figure, table or finding lacks something that every reader needs."""


def name_sources(labels: dict[str, str]) -> None:
    """Set how displayed objects name a source: id -> ``publisher (year)``."""
    _cited.clear()
    _sources.clear()
    _sources.update(labels)


def cite(sources: Iterable[str]) -> None:
    """Note that something shown rests on these sources."""
    _cited.update(dict.fromkeys(sources))


def cited() -> list[str]:
    """Return the ids of the sources that anything shown so far rests on, in order."""
    return list(_cited)


def plain(value: Any) -> Any:
    """Turn one cell of a frame into a JSON value; dates to ISO text, unknown to None."""
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


@dataclass
class Session:
    """What a notebook shows while a form may have its cells run again.

    `cell` is the id of the cell that runs; `shown` has the record of each thing shown, by its place;
    while `replacing`, what is shown takes the place of what stood there.
    """

    cell: str = ""
    replacing: bool = False
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)


_session: Session | None = None


def watch(session: Session) -> None:
    """Have all that is shown from now on be noted, and shown so that it can be replaced."""
    global _session
    _session = session


def publish(data: dict[str, Any], metadata: dict[str, Any] | None = None) -> None:
    """Show an output, or replace the one that the same cell showed of the same thing."""
    if _session is None:
        publish_display_data(data, metadata)
        return
    record = data.get(MIME, {})
    place = f"{_session.cell}/{record.get('kind', '')}/{record.get('id', '')}"
    replaces = _session.replacing and place in _session.shown
    _session.shown[place] = record
    publish_display_data(data, metadata, transient={"display_id": place}, update=replaces)


@dataclass(frozen=True)
class Column:
    """A column of a shown table: its name in the data, its heading, its kind."""

    name: str
    label: str
    kind: str = "text"


def as_prose(text: str) -> str:
    """Have Jupyter show HTML as it is: what stands between two prices in dollars is no mathematics."""
    return f'<div class="mathjax_ignore tex2jax_ignore">{text}</div>'


@dataclass(frozen=True)
class Shown:
    """Base of everything shown; subclasses say what their record and their HTML are."""

    def record(self) -> dict[str, Any]:
        raise NotImplementedError

    def lab_html(self) -> str:
        """Return what JupyterLab shows."""
        raise NotImplementedError

    def drawings(self) -> dict[str, str]:
        """Return what is drawn, by type."""
        return {}

    def _ipython_display_(self) -> None:
        record = self.record()
        cite(record.get("sources", ()))
        names = ("alt", "title", "text", "kind")
        text = next(record[name] for name in names if record.get(name))
        shown = {MIME: record, "text/html": as_prose(self.lab_html()), **self.drawings()}
        publish({**shown, "text/plain": text})


@dataclass(frozen=True)
class Tabular(Shown):
    """Something with an id, a title, data and sources: a table, or a figure."""

    id: str
    title: str
    data: pd.DataFrame
    columns: tuple[Column, ...]
    sources: tuple[str, ...]
    subtitle: str = ""
    note: str = ""

    required: ClassVar[tuple[str, ...]] = ("id", "title", "columns", "sources")

    def __post_init__(self) -> None:
        most_rows_first = tuple(name for name, _count in Counter(self.sources).most_common())
        object.__setattr__(self, "sources", most_rows_first)
        lacking = [name for name in self.required if not str(getattr(self, name) or "").strip()]
        lacking += ["data"] if self.data.empty else []
        if lacking:
            name = f"{type(self).__name__.lower()} {self.id or '(no id)'!r}"
            raise DisplayError(f"{name} has no {', '.join(lacking)}")
        unknown = ", ".join(c.name for c in self.columns if c.name not in self.data.columns)
        if unknown:
            raise DisplayError(f"{self.id!r} shows columns that its data lack: {unknown}")

    @cached_property
    def _rows(self) -> list[list[Any]]:
        rows = self.data[[c.name for c in self.columns]].astype(object).to_numpy().tolist()
        return [[plain(value) for value in row] for row in rows]

    def record(self) -> dict[str, Any]:
        return {
            "kind": type(self).__name__.lower(),
            "id": self.id,
            "title": self.title,
            "subtitle": self.subtitle,
            "note": self.note,
            "sources": list(self.sources),
            "columns": [asdict(column) for column in self.columns],
            "rows": self._rows,
        }

    def _source_line(self) -> str:
        names = "; ".join(_sources.get(name, name) for name in self.sources)
        return html.escape(i18n._("Source: {names}", names=names))

    def to_frame(self) -> pd.DataFrame:
        """Return the data, with more columns than are shown where there are more."""
        return self.data.copy()

    def _html_table(self) -> str:
        head = [(column.label, column.kind) for column in self.columns]
        return lab.table(head, cells(self.record()), self._rows)

    def _html_head(self) -> str:
        return f"<h4>{html.escape(self.title)}</h4><p>{html.escape(self.subtitle)}</p>"

    def _html_foot(self) -> str:
        return f"<p><small>{html.escape(self.note)} {self._source_line()}</small></p>"


def cells(record: dict[str, Any]) -> list[list[str]]:
    """Write the rows of a table's or figure's record, each value by the kind of its column."""
    kinds = [column["kind"] for column in record["columns"]]
    return [[i18n.cell(*pair) for pair in zip(kinds, row, strict=True)] for row in record["rows"]]


@dataclass(frozen=True)
class Download:
    """A text file that goes with a table, such as a calendar."""

    name: str
    mediatype: str
    text: str


@dataclass(frozen=True)
class Table(Tabular):
    """A table with its title and sources, and files for download if it has any."""

    files: tuple[Download, ...] = ()

    def record(self) -> dict[str, Any]:
        record = super().record()
        return record | {"files": [asdict(file) for file in self.files]} if self.files else record

    def lab_html(self) -> str:
        return self._html_head() + self._html_table() + self._html_foot()


@dataclass(frozen=True)
class Figure(Tabular):
    """A drawing with its title, measure, text alternative, data and sources.

    ``svg`` is the drawing as `style.svg` makes it, ``wide`` another for whatever has room for it;
    ``alt`` says what kind of chart it is, of what, and what it shows, with at least one number.
    """

    svg: str = field(default="", repr=False)
    wide: str = field(default="", repr=False)
    alt: str = ""

    required: ClassVar[tuple[str, ...]] = (*Tabular.required, "subtitle", "alt", "svg")

    def __post_init__(self) -> None:
        super().__post_init__()
        if not any(map(str.isdigit, self.alt)):
            raise DisplayError(f"figure {self.id!r}: its alt says no number: {self.alt!r}")

    def record(self) -> dict[str, Any]:
        return {**super().record(), "alt": self.alt}

    def drawings(self) -> dict[str, str]:
        drawn = {"image/svg+xml": self.wide or self.svg}
        return drawn | {NARROW_MIME: self.svg} if self.wide else drawn

    def lab_html(self) -> str:
        summary = html.escape(i18n._("Data of this figure"))
        return (
            f"{self._html_head()}{lab.drawing(self.wide or self.svg, self.alt)}{self._html_foot()}"
            f"<details><summary>{summary}</summary>{self._html_table()}</details>"
        )


@dataclass(frozen=True)
class Card(Shown):
    """A ready-made record of one of the kinds without data: brief, finding, verdict, sources."""

    content: dict[str, Any]
    html: str

    def record(self) -> dict[str, Any]:
        return self.content

    def lab_html(self) -> str:
        return self.html
