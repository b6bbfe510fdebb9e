"""Axes of charts and the labels in them: round values, years, ends of lines, beside points."""

import re
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Annotation, Text
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from matplotlib.transforms import Bbox

from briefs.display import i18n, style

#: The end of a line: where it is, the label there, and the line's colour.
End = tuple[Any, float, str, str]

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


def round_values(low: float, high: float, at_most: int = 5) -> list[float]:
    """Return the round values of a logarithmic axis, as many as fit."""
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
    return [values for values in choices if len(values) <= at_most][-1]


def log_axis(axis: Any, write: Callable[[float], str], at_most: int = 5) -> None:
    """Label a logarithmic axis at round values; call it once everything is drawn."""
    low, high = sorted(axis.get_view_interval())
    axis.set_major_locator(FixedLocator(round_values(low, high, at_most)))
    axis.set_minor_locator(NullLocator())
    axis.set_major_formatter(FuncFormatter(lambda value, _position: write(value)))


def log_money(axis: Any, currency: str = "USD", at_most: int = 5) -> None:
    """Label a logarithmic axis of money; see `log_axis`."""
    log_axis(axis, lambda value: i18n.round_money(value, currency), at_most)


def percent_axis(axis: Any, at_most: int | None = None) -> None:
    """Label an axis of shares in percent, given `at_most` only at whole ones: no 88% for 87.5%."""
    if at_most:
        axis.set_major_locator(MaxNLocator(at_most, steps=(1, 2, 5, 10)))
    axis.set_major_formatter(FuncFormatter(lambda value, _position: i18n.percent(value)))


def whole_axis(axis: Any) -> None:
    """Label an axis of counts, or of years as numbers, at whole values."""
    axis.set_major_locator(MaxNLocator(5, integer=True))


def years_axis(ax: Any) -> None:
    """Label the horizontal axis with years, or with months when it spans less than a year and a half."""
    first, last = (_date(end) for end in ax.get_xlim())
    starts = pd.date_range(first, last, freq="MS", normalize=True)
    short = len(starts) < 18
    for every in (1, 3, 6) if short else (12, 24, 60, 120):
        ticks = [
            start
            for start in starts
            if (12 * start.year + start.month - 1) % every == 0 and start >= first
        ]
        if len(ticks) <= (3 if short else 6):
            break
    write = i18n.month if short else lambda date: str(date.year)
    ax.xaxis.set_major_locator(FixedLocator(ax.convert_xunits(ticks)))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _position: write(_date(value))))


def over_time(ax: Axes, title: str, ends: Sequence[End] = ()) -> None:
    """Label a chart over dates: years or months below, what it measures above, lines at their ends."""
    years_axis(ax)
    measure(ax, title, ends)


def measure(ax: Axes, title: str, ends: Sequence[End] = ()) -> None:
    """Write what a chart measures above it, and what its lines are at their ends."""
    y_title(ax, title)
    if ends:
        end_labels(ax, ends)


def _date(days: Any) -> pd.Timestamp:
    """Return the date of a place on an axis of dates, which counts days since 1970."""
    return pd.Timestamp(days, unit="D")


def point_labels(ax: Axes, points: Sequence[tuple[Any, float, str]]) -> None:
    """Write labels (x, y, text) beside points, the hardest first, each where it covers no label and least else."""
    style.lay_out(ax)
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


def end_labels(ax: Any, ends: Sequence[End]) -> None:
    """Write labels to the right of lines' ends, broken if long, apart where they would touch."""
    to_axes = ax.transData + ax.transAxes.inverted()
    heights = [to_axes.transform((ax.convert_xunits(x), y))[1] for x, y, *_rest in ends]
    order = np.argsort(heights)
    placed = np.array(heights)[order]
    texts = [textwrap.fill(text, _WIDEST, break_long_words=False) for _x, _y, text, _colour in ends]
    lines = [texts[index].count("\n") + 1 for index in order]
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + _GAP * (lines[i] + lines[i - 1]) / 2)
    placed -= max(0, placed[-1] - 1) if len(placed) else 0
    line: Any = {"transform": ax.transAxes, "lw": 3, "clip_on": False}
    for position, index in zip(placed, order, strict=True):
        ax.text(1.06, position, texts[index], transform=ax.transAxes, va="center", ha="left")
        ax.plot([1.02, 1.04], [position, position], color=ends[index][3], **line)


def break_titles(ax: Axes) -> None:
    """Break titles of axes that the drawing has no room for, never within brackets."""
    titles = (ax.get_title(loc="left"), ax.get_xlabel())
    if max(map(len, titles)) <= _SURELY_FITS:
        return
    page = style.lay_out(ax).bbox
    for text in ax.findobj(Text, include_self=False):
        if isinstance(text, Text) and text.get_text() and text.get_text() in titles:
            width, room = text.get_window_extent().width, _room(text, page)
            if width > room:
                text.set_text(_broken(text.get_text(), int(len(text.get_text()) * room / width)))


def _room(text: Text, page: Any) -> float:
    box = text.get_window_extent()
    middle = (box.x0 + box.x1) / 2
    left = text.get_horizontalalignment() == "left"
    return float(page.x1 - box.x0 if left else 2 * min(middle - page.x0, page.x1 - middle))


def _broken(text: str, width: int) -> str:
    """Break a text into lines of so many characters, never within brackets."""
    whole = re.sub(r"\([^)]*\)", lambda match: match[0].replace(" ", "\u00a0"), text)
    return textwrap.fill(whole, width, break_long_words=False).replace("\u00a0", " ")
