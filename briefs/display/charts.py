"""Parts that charts are made of: axes, labels, intervals, and the wrapping into a figure."""

import re
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from matplotlib.transforms import Bbox

from briefs.display import i18n, style
from briefs.display.i18n import _
from briefs.display.marks import mark
from briefs.display.records import Column, Figure
from briefs.values import Estimate

#: Least distance of two labels at the end of lines, as a share of the height.
_GAP = 0.095
#: Most characters in a line of such a label, so that the chart keeps its width.
_WIDEST = 14
#: Titles of axes up to so many characters fit in any drawing.
_SURELY_FITS = 28
#: Round values on a logarithmic axis, coarse to fine: decades from one to the next, values in a decade.
_ROUND = (
    *((step, (1,)) for step in (36, 18, 9, 6, 3, 2, 1)),
    (1, (1, 3)),
    (1, (1, 2, 5)),
    (1, tuple(range(1, 10))),
)
#: Where a label may stand beside its point: offset in points, and how it's aligned.
_SIDES = (
    (-6, 4, "right", "bottom"),
    (6, -4, "left", "top"),
    (6, 4, "left", "bottom"),
    (-6, -4, "right", "top"),
    (-8, 0, "right", "center"),
    (8, 0, "left", "center"),
)


def y_title(ax: Axes, text: str) -> None:
    """Put the title of the vertical axis above it, level."""
    ax.set_title(text, loc="left", fontsize=style.TEXT_SIZE, pad=8)


def log_axis(axis: Any, write: Callable[[float], str], at_most: int = 5) -> None:
    """Label a logarithmic axis at round values, as many as fit; call it once everything is drawn.

    Parameters
    ----------
    write : callable
        Writes a value.
    at_most : int
        Most labels.
    """
    low, high = sorted(axis.get_view_interval())
    powers = range(int(np.floor(np.log10(low))), int(np.ceil(np.log10(high))) + 1)
    choices = [
        [
            head * 10.0**power
            for power in powers
            if power % step == 0
            for head in heads
            if low <= head * 10.0**power <= high
        ]
        for step, heads in _ROUND
    ]
    axis.set_major_locator(
        FixedLocator([values for values in choices if len(values) <= at_most][-1])
    )
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _position: write(value)))


def log_money(axis: Any, currency: str = "USD", at_most: int = 5) -> None:
    """Label a logarithmic axis of money; see `log_axis`."""
    log_axis(axis, lambda value: i18n.round_money(value, currency), at_most)


def years_axis(ax: Axes, at_most: int = 6) -> None:
    """Label the horizontal axis with years, or with months when it spans less than a year and a half."""
    first, last = (pd.Timestamp(mdates.num2date(end)).tz_localize(None) for end in ax.get_xlim())
    starts = pd.date_range(first, last, freq="MS", normalize=True)
    short = len(starts) < 18
    for every in (1, 3, 6) if short else (12, 24, 60, 120):
        ticks = [
            start
            for start in starts
            if (12 * start.year + start.month - 1) % every == 0 and start >= first
        ]
        if len(ticks) <= (3 if short else at_most):
            break
    ax.xaxis.set_major_locator(FixedLocator(mdates.date2num(ticks)))
    ax.xaxis.set_major_formatter(
        FuncFormatter(
            lambda value, _position: (
                i18n.month(mdates.num2date(value)) if short else f"{mdates.num2date(value):%Y}"
            )
        )
    )


def point_labels(ax: Axes, points: Sequence[tuple[Any, float, str]]) -> None:
    """Write labels (x, y, text) beside points, the hardest first, each where it covers no label and least else."""
    style.lay_out(ax.get_figure())
    lines = [
        line.get_path().transformed(line.get_transform())
        for line in ax.lines
        if line.get_linestyle() != "None"
    ]
    drawn = np.vstack([line.get_transform().transform(line.get_xydata()) for line in ax.lines])
    grid = ax.get_yaxis_transform().transform([(0, tick) for tick in ax.get_yticks()])[:, 1]
    taken: list[Bbox] = []
    for x, y, text in points:
        label = ax.annotate(text, (x, y), (0, 0), textcoords="offset points")
        boxes = [_stand(label, side) for side in _SIDES]
        faults = [
            100 * sum(box.overlaps(other) for other in taken)
            + 10 * sum(not ax.bbox.contains(*corner) for corner in box.corners())
            + sum(line.intersects_bbox(box, filled=False) for line in lines)
            + sum(box.containsy(height) for height in grid)
            + sum(box.contains(*point) for point in drawn)
            for box in boxes
        ]
        taken.append(_stand(label, _SIDES[int(np.argmin(faults))]))


def _stand(label: Annotation, side: tuple[float, float, str, str]) -> Bbox:
    """Move a label to a side of its point, and say what it covers there."""
    label.xyann, (align, level) = side[:2], side[2:]
    label.set(ha=align, va=level)
    return label.get_window_extent()


def end_labels(ax: Axes, ends: Sequence[tuple[float, float, str, str]]) -> None:
    """Write labels to the right of lines' ends (x, y, text, colour), broken if long, apart where they would touch."""
    to_axes = ax.transData + ax.transAxes.inverted()
    heights = [
        to_axes.transform((mdates.date2num(x) if not np.isscalar(x) else x, y))[1]
        for x, y, *_rest in ends
    ]
    order = np.argsort(heights)
    placed = np.array(heights)[order]
    texts = [textwrap.fill(text, _WIDEST, break_long_words=False) for _x, _y, text, _colour in ends]
    lines = [texts[index].count("\n") + 1 for index in order]
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + _GAP * (lines[i] + lines[i - 1]) / 2)
    placed -= max(0, placed[-1] - 1) if len(placed) else 0
    for position, index in zip(placed, order, strict=True):
        colour = ends[index][3]
        ax.text(1.06, position, texts[index], transform=ax.transAxes, va="center", ha="left")
        ax.plot(
            [1.02, 1.04],
            [position, position],
            transform=ax.transAxes,
            color=colour,
            lw=3,
            clip_on=False,
        )


def told(what: str, estimate: Estimate, kind: str) -> str:
    """Say what an estimate is worth, as a mark of a chart does, with the decimals of the table."""
    value, low, high = (
        i18n.cell(kind, part) for part in (estimate.value, estimate.low, estimate.high)
    )
    what = " ".join(what.split())  # labels are broken into lines
    if estimate.low == estimate.high:
        return _("{what}: {value}", what=what, value=value)
    return _("{what}: {value} ({low} to {high})", what=what, value=value, low=low, high=high)


def forest(
    ax: Axes,
    labels: Sequence[str],
    estimates: Sequence[Estimate],
    colours: Sequence[str],
    kind: str = "percent",
) -> None:
    """Draw estimates with intervals, one a row, the first on top; `kind` is that of their column."""
    for row, (estimate, colour) in enumerate(zip(estimates, colours, strict=True)):
        ax.plot(
            [estimate.low, estimate.high], [row, row], color=colour, lw=2.5, solid_capstyle="butt"
        )
        ax.plot(estimate.value, row, style.MARKERS[0], color=colour, ms=7, clip_on=False)
    mark(
        ax,
        [e.value for e in estimates],
        range(len(labels)),
        [told(label, e, kind) for label, e in zip(labels, estimates, strict=True)],
    )
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.grid(axis="x")
    ax.grid(visible=False, axis="y")
    ax.xaxis.set_major_locator(
        MaxNLocator(5, steps=(1, 2, 5, 10))
    )  # no 87.5%, which would show as 88%
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _position: i18n.percent(value)))


def spread(frame: pd.DataFrame, estimates: str = "estimate") -> pd.DataFrame:
    """Turn a column of estimates into the columns value, low, high and n; a bare point has no ends."""
    parts = pd.DataFrame([e.to_json() for e in frame[estimates]], index=frame.index)
    parts.loc[parts["level"].isna() & (parts["low"] == parts["high"]), ["low", "high"]] = np.nan
    numbers = {name: parts[name].astype(float) for name in ("value", "low", "high")}
    return frame.drop(columns=estimates).assign(**numbers, n=parts["n"])


def spread_columns(kind: str, value: str) -> tuple[Column, ...]:
    """Columns of what `spread` makes."""
    return (
        Column("value", value, kind),
        Column("low", _("Low"), kind),
        Column("high", _("High"), kind),
        Column("n", "n", "integer"),
    )


def finish(draw: Callable[[Axes], None], name: str, height: float, **parts: Any) -> Figure:
    """Draw in the house style and wrap the drawing with what belongs to it."""
    with style.house():
        figure, ax = style.canvas(height)
        draw(ax)
        _break_titles(ax)
        return Figure(id=name, svg=style.svg(figure, name), **parts)


def _break_titles(ax: Axes) -> None:
    """Break titles of axes that the drawing has no room for, never within brackets."""
    titles = (ax.get_title(loc="left"), ax.get_xlabel())
    if max(map(len, titles)) <= _SURELY_FITS:
        return
    figure = ax.get_figure()
    style.lay_out(figure)
    for text in ax.findobj(Text, include_self=False):
        if text.get_text() in titles and text.get_text():
            box, page = text.get_window_extent(), figure.bbox
            middle = (box.x0 + box.x1) / 2
            room = (
                page.x1 - box.x0
                if text.get_ha() == "left"
                else 2 * min(middle - page.x0, page.x1 - middle)
            )
            if box.width > room:
                whole = re.sub(
                    r"\([^)]*\)", lambda match: match[0].replace(" ", "\u00a0"), text.get_text()
                )
                lines = textwrap.fill(
                    whole, int(len(whole) * room / box.width), break_long_words=False
                )
                text.set_text(lines.replace("\u00a0", " "))


def interval_note(estimate: Estimate, unit: str, estimates: Sequence[Estimate] = ()) -> str:
    """Say what the drawn intervals are, how they were made, and of how many things.

    Parameters
    ----------
    estimate : Estimate
        One of them, of the common level.
    unit : str
        What n counts: ``n counts decisions``.
    estimates : sequence of Estimate
        All that are drawn.
    """
    if estimate.level is None:
        return ""
    drawn = [e for e in estimates if e.level is not None] or [estimate]
    counts = [e.n for e in drawn]
    methods = "; ".join(dict.fromkeys(i18n.message(e.method) for e in drawn))
    words = {
        "level": i18n.percent(estimate.level),
        "method": methods,
        "unit": unit,
        "least": i18n.number(min(counts)),
        "most": i18n.number(max(counts)),
    }
    if min(counts) == max(counts):
        return _("Lines are {level} intervals ({method}); {unit}, n = {least}.", **words)
    return _("Lines are {level} intervals ({method}); {unit}, n = {least} to {most}.", **words)
