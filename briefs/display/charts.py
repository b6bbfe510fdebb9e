"""Shapes that charts share: lines over time, dots with intervals, and the figure around a drawing.

A chart is drawn by a function of its axes, mostly a few calls of what is here and in `axes`;
`figure` wraps the drawing with its words and data.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from briefs.display import axes, i18n, style
from briefs.display.i18n import _
from briefs.display.marks import mark
from briefs.display.records import Column, Figure, Table
from briefs.values import Estimate


def say(message: str, **fields: str) -> Callable[[Any], str]:
    """Return what writes the text of a row's mark from a translated message.

    `fields` say of its placeholders which column has the value and how to write it, a key of
    `i18n.KINDS`: ``day="released:date"``; without that it's text. Others are columns of text.
    """
    parts = {name: field.partition(":") for name, field in fields.items()}

    def write(row: Any) -> str:
        values = {
            name: i18n.cell(kind or "text", getattr(row, column))
            for name, (column, _colon, kind) in parts.items()
        }
        return message.format(**row._asdict() | values)

    return write


def mark_rows(
    ax: Axes, rows: pd.DataFrame, x: str, y: str, write: Callable[[Any], str], width: float = 0
) -> None:
    """Say what the rows of a frame are worth; `write` makes the text of one. See `marks.mark`."""
    mark(ax, rows[x], rows[y], map(write, rows.itertuples()), width)


def lines(
    ax: Axes,
    series: Mapping[str, pd.DataFrame],
    x: str,
    y: str,
    write: Callable[[Any], str],
    *,
    colours: Sequence[str] = style.THREE,
    dashes: Sequence[Any] = ("-",) * 4,
    markers: Sequence[str | None] = (None,) * 4,
    until: Any = None,
) -> list[axes.End]:
    """Draw series of values, and return their ends for `axes.end_labels`, to be called when the axes have their limits.

    `series` maps labels to rows; one without rows isn't drawn, and the others keep their looks.
    `write` makes the text of a mark from its row, which knows the label of its series as
    ``series``. `until` is where steps end: a value holds until the next. Without it values are joined.
    """
    ends = []
    for (label, rows), *looks in zip(series.items(), colours, dashes, markers, strict=False):
        if rows.empty:
            continue
        colour, dash, marker = looks
        xs, ys, how = list(rows[x]), list(rows[y]), "default"
        if until is not None:
            xs, ys, how = [*xs, until], [*ys, ys[-1]], "steps-post"
        look: Any = {"color": colour, "marker": marker, "gid": axes.gid("line", colour)}
        ax.plot(xs, ys, ls=dash, ms=5, drawstyle=how, **look)
        ends.append(axes.End(xs[-1], ys[-1], label, colour, dash, marker))
        mark_rows(ax, rows.assign(series=label), x, y, write)
    return ends


def dots(ax: Axes, rows: pd.DataFrame, x: str, write: Callable[[Any], str]) -> None:
    """Draw values of rows with their ranges, the first on top, each with what `write` says of it.

    Rows have ``label``; ``low`` and ``high``, an unknown end being the value; and ``colour``,
    ``marker`` and ``filled`` where they differ in these. What they have as ``told`` is written to the
    right of a wide drawing. Rows of one ``group`` stand together, its name above them.
    """
    ax.grid(axis="x")
    ax.grid(visible=False, axis="y")
    places = _places(ax, rows)
    for place, row in zip(places, rows.to_dict("records"), strict=True):
        colour, marker = row.get("colour", style.MAIN), row.get("marker", "o")
        low, high = (row[x] if pd.isna(row.get(end)) else row[end] for end in ("low", "high"))
        if low < high:
            ax.plot([low, high], [place, place], color=colour, lw=2.5, solid_capstyle="butt")
        fill = colour if row.get("filled", True) else "none"
        ax.plot(row[x], place, marker, color=colour, mfc=fill, ms=7, clip_on=False)
        if style.wide(ax) and row.get("told"):
            beside: Any = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points"}
            ax.annotate(row["told"], (1, place), (10, 0), va="center", **beside)
    mark(ax, rows[x], places, map(write, rows.itertuples()))
    ax.set_ylim(places[-1] + 0.6, -0.6)


def _places(ax: Axes, rows: pd.DataFrame) -> list[int]:
    """Name rows and their groups from above, and return the places of the rows."""
    groups = list(rows["group"]) if "group" in rows else [""] * len(rows)
    names: list[str] = []
    places = []
    for before, group, label in zip(["", *groups], groups, rows["label"], strict=False):
        names += [group] if group != before else []
        places.append(len(names))
        names.append(label)
    ax.set_yticks(range(len(names)), names)
    for place, text in enumerate(ax.get_yticklabels()):
        text.set_fontweight("normal" if place in places else "bold")
    return places


def forest(
    ax: Axes,
    labels: Iterable[str],
    estimates: Iterable[Estimate],
    colours: Iterable[str],
    kind: str = "percent",
    **looks: Any,
) -> None:
    """Draw estimates with intervals, one a row, the first on top; `kind` is that of their column.

    `looks` are further columns of `dots`.
    """
    rows = [
        (what, e.value, e.low, e.high, colour, _valued(e, kind))
        for what, e, colour in zip(labels, estimates, colours, strict=True)
    ]
    names = ["label", "value", "low", "high", "colour", "told"]
    frame = pd.DataFrame(rows, columns=names).assign(**looks)
    dots(ax, frame, "value", lambda row: _described(row.label, row.told))
    axes.percent_axis(ax.xaxis, 4)


def _valued(estimate: Estimate, kind: str) -> str:
    """Write an estimate with the decimals of the table."""
    return i18n.estimate(estimate, partial(i18n.cell, kind))


def _described(what: str, value: str) -> str:
    """Say what an estimate is worth, as a mark of a chart does."""
    return _("{what}: {value}", what=" ".join(what.split()), value=value)  # labels have lines


def reference(ax: Axes, at: float, label: str, colour: str = style.QUIET) -> None:
    """Draw a dashed line through the rows of a chart of dots, its label above."""
    ax.axvline(at, color=colour, ls="--")
    above(ax, at, label)


def above(ax: Axes, at: float, label: str) -> None:
    """Write a label above the first row of a chart of dots."""
    ax.text(at, -0.75, label, ha="center", va="bottom")


def spread(frame: pd.DataFrame, estimates: str = "estimate") -> pd.DataFrame:
    """Turn a column of estimates into the columns value, low, high and n; a bare point has no ends."""
    parts = pd.DataFrame([e.to_json() for e in frame[estimates]], index=frame.index)
    parts.loc[parts["level"].isna() & (parts["low"] == parts["high"]), ["low", "high"]] = np.nan
    numbers = {name: parts[name].astype(float) for name in ("value", "low", "high")}
    return frame.drop(columns=estimates).assign(**numbers, n=parts["n"])


def spread_columns(kind: str, value: str, label: str = "") -> tuple[Column, ...]:
    """Columns of what `spread` makes, after that of ``label`` if it has a title."""
    first = (Column("label", label),) if label else ()
    return (
        *first,
        Column("value", value, kind),
        Column("low", _("Low"), kind),
        Column("high", _("High"), kind),
        Column("n", "n", "integer"),
    )


def extent(
    values: pd.Series,
    write: Callable[[Any], str] = i18n.percent,
    names: Sequence[str] = ("low", "high"),
) -> dict[str, str]:
    """Write the least and the greatest of some values, as values for the placeholders of a figure's words."""
    return {name: write(end) for name, end in zip(names, (values.min(), values.max()), strict=True)}


def period(
    times: pd.Series, kind: str = "month", names: Sequence[str] = ("since", "until")
) -> dict[str, str]:
    """Write the first and the last of some times; see `extent`."""
    return extent(times, partial(i18n.cell, kind), names)


class Drawn(NamedTuple):
    """A figure's id, and its two drawings as SVG."""

    name: str
    svg: str
    wide: str


def drawing(
    name: str,
    height: float,
    draw: Callable[..., None],
    *given: Any,
    panels: int | None = None,
    wide: float | None = None,
) -> Drawn:
    """Draw in the house style, once for a phone and once for a wide screen, for `figure`.

    The drawings are `height` and `wide` inches high, alike by default, as rows need. `draw` draws
    what is `given` on the axes, its first argument: a list of them if `panels` are asked for. Where
    the wide drawing shows more, it asks `style.wide` of its axes.
    """
    narrow = small(name, height, draw, *given, panels=panels)
    with style.house():
        canvas = style.canvas(wide or height, panels, style.WIDE)
        return Drawn(name, narrow, _drawn(f"{name}-wide", canvas, draw, *given))


def small(
    name: str, height: float, draw: Callable[..., None], *given: Any, panels: int | None = None
) -> str:
    """Draw only what `drawing` has for a phone."""
    with style.house():
        return _drawn(name, style.canvas(height, panels), draw, *given)


def _drawn(name: str, canvas: tuple[Any, Any], draw: Callable[..., None], *given: Any) -> str:
    drawn, panes = canvas
    draw(panes, *given)
    for ax in drawn.axes:
        axes.break_titles(ax)
    return style.svg(drawn, name)


def figure(
    drawn: Drawn,
    words: Mapping[str, str],
    data: pd.DataFrame,
    *,
    sources: Iterable[str] = (),
    intervals: str = "",
    **parts: Any,
) -> Figure:
    """Put drawings together with what belongs to them; sources are by default those of the rows.

    `parts` are the columns, and title, subtitle, alt and note, translated, with placeholders for
    `words` and for ``n``, by default the number of rows; what `interval_note` says stands before the
    note.
    """
    parts["note"] = f"{intervals} {parts['note']}".strip()
    filled = _filled(parts, words, data, sources)
    return Figure(id=drawn.name, svg=drawn.svg, wide=drawn.wide, **filled)


def table(
    name: str,
    words: Mapping[str, str],
    data: pd.DataFrame,
    *,
    sources: Iterable[str] = (),
    **parts: Any,
) -> Table:
    """Make a table of its rows and words, as `figure` makes a figure."""
    return Table(id=name, **_filled(parts, words, data, sources))


def _filled(
    parts: dict[str, Any], words: Mapping[str, str], data: pd.DataFrame, sources: Iterable[str]
) -> dict[str, Any]:
    """Fill the placeholders of those parts that are text, and add the data and their sources."""
    values = {"n": i18n.number(len(data)), **words}
    filled = {
        name: part.format(**values) if isinstance(part, str) else part
        for name, part in parts.items()
    }
    return {**filled, "data": data, "sources": tuple(sources) or tuple(data["source_id"])}


def interval_note(estimates: Iterable[Estimate], unit: str) -> str:
    """Say what the drawn intervals are, how they were made, and of how many things.

    Those `estimates` that have an interval share a level; `unit` says ``n counts decisions``.
    """
    drawn = [e for e in estimates if e.level is not None]
    if not drawn:
        return ""
    least, most = min(e.n for e in drawn), max(e.n for e in drawn)
    words = {
        "level": i18n.percent(drawn[0].level),
        "method": "; ".join(dict.fromkeys(i18n.message(e.method) for e in drawn)),
        "unit": unit,
        "least": i18n.number(least),
        "most": i18n.number(most),
    }
    if least == most:
        return _("Lines are {level} intervals ({method}); {unit}, n = {least}.", **words)
    return _("Lines are {level} intervals ({method}); {unit}, n = {least} to {most}.", **words)
