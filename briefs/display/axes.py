"""Axes of charts and the labels in them: round values, years, ends of lines, beside points."""

import re
import textwrap
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cbook import STEP_LOOKUP_MAP
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator
from matplotlib.transforms import Bbox, offset_copy

from briefs.display import i18n, style


class End(NamedTuple):
    """The end of a line: where it is, the label there, and how the line looks."""

    x: Any
    y: float
    label: str
    colour: str
    dash: Any = "-"
    marker: str | None = None


#: Length of a label's piece of its line, points: some 30 pixels on the smallest phone.
_KEY = 24
#: Height of a line of a label, points.
_LINE = 14
#: Most characters in a line of such a label, narrow and wide, so that the chart keeps its width.
_WIDEST = (12, 22)
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
SIDES: tuple[tuple[float, float, str, str], ...] = (
    (-6, 4, "right", "bottom"),
    (6, -4, "left", "top"),
    (6, 4, "left", "bottom"),
    (-6, -4, "right", "top"),
    (-8, 0, "right", "center"),
    (8, 0, "left", "center"),
)
#: Where it may stand beside a falling step: above what follows, or below what went before.
BESIDE_STEPS = ((4, 2, "left", "bottom"), (-4, -2, "right", "top"))


def gid(part: str, colour: str) -> str:
    """Name a line, or the piece of it that leads to its label, in the drawing: so they can be told to be alike."""
    return f"{part}-{colour[1:].lower()}"


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
    return max((values for values in choices if len(values) <= at_most), key=len)


def log_axis(axis: Any, write: Callable[[float], str], at_most: int = 5) -> None:
    """Label a logarithmic axis at round values; call it once everything is drawn."""
    at_most *= 2 if axis.axis_name == "x" and style.wide(axis.axes) else 1
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
        at_most *= 2 if axis.axis_name == "x" and style.wide(axis.axes) else 1
        axis.set_major_locator(MaxNLocator(at_most, steps=(1, 2, 5, 10)))
    axis.set_major_formatter(FuncFormatter(lambda value, _position: i18n.percent(value)))


def whole_axis(axis: Any, at_most: int = 5) -> None:
    """Label an axis of counts, or of years as numbers, at whole values."""
    at_most *= 2 if axis.axis_name == "x" and style.wide(axis.axes) else 1
    axis.set_major_locator(MaxNLocator(at_most, integer=True, steps=(1, 2, 5, 10)))


def years_axis(ax: Any) -> None:
    """Label the horizontal axis with years, or with months when it spans less than a year and a half."""
    first, last = (_date(end) for end in ax.get_xlim())
    starts = pd.date_range(first, last, freq="MS", normalize=True)
    short = len(starts) < 18
    at_most = (3 if short else 5) * (2 if style.wide(ax) else 1)
    for every in (1, 3, 6) if short else (12, 24, 60, 120):
        ticks = [
            start
            for start in starts
            if (12 * start.year + start.month - 1) % every == 0 and start >= first
        ]
        if len(ticks) <= at_most:
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
        left, last = ax.get_xlim()[0], max(_on(ax, end)[0] for end in ends)
        ax.set_xlim(right=last + 0.03 * (last - left))
        end_labels(ax, ends)


def inside(ax: Axes, text: str) -> None:
    """Write how to read the marks into the lower left corner of a chart."""
    ax.annotate(text, (0, 0), (4, 4), xycoords="axes fraction", textcoords="offset points")


def _date(days: Any) -> pd.Timestamp:
    """Return the date of a place on an axis of dates, which counts days since 1970."""
    return pd.Timestamp(days, unit="D")


def point_labels(
    ax: Axes, points: Sequence[tuple[Any, float, str]], sides: Sequence[Any] = SIDES
) -> None:
    """Write labels (x, y, text) beside points, those that matter most first, where they cover least.

    Each stands at one of the `sides` of its point. One that would leave the axes is left out, and from
    the second on one that would cover anything but the grid.
    """
    style.lay_out(style.whole(ax))
    lines = [_drawn(line) for line in ax.lines if line.get_linestyle() != "None"]
    drawn = np.vstack([line.get_transform().transform(line.get_xydata()) for line in ax.lines])
    grid = ax.get_yaxis_transform().transform([(0, tick) for tick in ax.get_yticks()])[:, 1]
    taken: list[Bbox] = []
    for x, y, text in points:
        label = ax.annotate(
            text, (x, y), (0, 0), textcoords="offset points", ha="left", va="bottom"
        )
        here = (
            label.get_window_extent()
        )  # measured once: to measure takes longer than all else here
        boxes = [_beside(here, side, style.whole(ax).dpi / 72) for side in sides]
        faults = [
            1000 * sum(box.overlaps(other) for other in taken)
            + 100 * sum(not ax.bbox.contains(*corner) for corner in box.corners())
            + 10 * sum(line.intersects_bbox(box, filled=False) for line in lines)
            + 10 * int(np.all((box.min <= drawn) & (drawn <= box.max), axis=1).sum())
            + int(((box.y0 <= grid) & (grid <= box.y1)).sum())
            for box in boxes
        ]
        if min(faults) >= (10 if taken else 100):
            label.remove()
            continue
        best = int(np.argmin(faults))
        label.xyann, (align, level) = sides[best][:2], sides[best][2:]
        label.set(ha=align, va=level)
        taken.append(boxes[best].padded(2))


def _drawn(line: Line2D) -> Path:
    """Return where a line runs, in pixels; one of steps turns at its corners."""
    steps = STEP_LOOKUP_MAP[line.get_drawstyle()]
    points = np.column_stack(steps(*np.asarray(line.get_xydata()).T))
    return Path(line.get_transform().transform(points))


def _beside(box: Bbox, side: tuple[float, float, str, str], scale: float) -> Bbox:
    """Move what a label covers that stands to the right of its point and above it, to a side of the point."""
    right, up, align, level = side
    back = {"left": 0.0, "center": box.width / 2, "right": box.width}[align]
    down = {"bottom": 0.0, "center": box.height / 2, "top": box.height}[level]
    return box.translated(right * scale - back, up * scale - down)


def _on(ax: Any, end: End) -> tuple[float, float]:
    """Return where a line ends, in the numbers of its axes."""
    return float(ax.convert_xunits(end.x)), end.y


def end_labels(ax: Axes, ends: Sequence[End]) -> None:
    """Write labels to the right of lines' ends, broken if long, apart where they would touch.

    A piece of the line itself leads to its label, from its end where that is at the edge.
    """
    to_axes = ax.transData + ax.transAxes.inverted()
    spots = [to_axes.transform(_on(ax, end)) for end in ends]
    widest, high = _WIDEST[style.wide(ax)], 0.8 * 72 * style.whole(ax).get_figheight()
    texts = [textwrap.fill(end.label, widest, break_long_words=False) for end in ends]
    heights = [spot[1] for spot in spots]
    order = np.argsort(heights, kind="stable")
    rooms = [_LINE * (text.count("\n") + 1) / high for text in texts]
    for place, index in zip(_apart(heights, rooms, order), order, strict=True):
        start = spots[index] if 0.95 < spots[index][0] <= 1.001 else (1.01, place)
        _end_label(ax, ends[index], texts[index], start, place)


def _apart(heights: Sequence[float], rooms: Sequence[float], order: Any) -> np.ndarray:
    """Move labels apart that would touch, as little as may be, within the axes; `order` is from below."""
    placed, room = np.array(heights)[order], np.array(rooms)[order]
    least = (room[1:] + room[:-1]) / 2
    for _round in range(50):
        lack = np.maximum(0, least - np.diff(placed)) / 2
        if not lack.any():
            break
        placed[:-1] -= lack
        placed[1:] += lack
        placed += max(0, -placed[0]) - max(0, placed[-1] - 1)
    return np.asarray(placed)


def _end_label(ax: Any, end: End, text: str, start: Sequence[float], place: float) -> None:
    figure = style.whole(ax)
    beside, end_of_key = (
        offset_copy(ax.transAxes, figure, _KEY + room, units="points") for room in (8, 6)
    )
    ax.annotate(text, (1, place), xycoords=beside, ha="left", va="center")
    if end.dash:
        # apart from its text, round whose box matplotlib would clip it point by point
        look = {"arrowstyle": "-", "color": end.colour, "ls": end.dash, "lw": 2}
        key = ax.annotate(
            "",
            start,
            (1, place),
            xycoords="axes fraction",
            textcoords=end_of_key,
            arrowprops=look | {"shrinkA": 0, "shrinkB": 0},
        )
        key.arrow_patch.set_gid(gid("key", end.colour))
        key.set_in_layout(False)  # its text is further out
    else:
        middle = offset_copy(ax.transAxes, figure, _KEY / 2, units="points")
        mark = {"color": end.colour, "marker": end.marker, "transform": middle, "clip_on": False}
        ax.plot([1], [place], ls="none", ms=6, gid=gid("key", end.colour), **mark)


def break_titles(ax: Axes) -> None:
    """Break titles of axes that the drawing has no room for, never within brackets."""
    titles = (ax.get_title(loc="left"), ax.get_xlabel())
    if max(map(len, titles)) <= _SURELY_FITS:
        return
    figure = style.lay_out(style.whole(ax))
    page = figure.bbox
    for text in ax.findobj(Text, include_self=False):
        if isinstance(text, Text) and text.get_text() and text.get_text() in titles:
            width, room = text.get_window_extent().width, _room(text, page)
            if width > room:
                text.set_text(_broken(text.get_text(), int(len(text.get_text()) * room / width)))
                figure.set_layout_engine("constrained")  # again: now it's higher


def _room(text: Text, page: Any) -> float:
    box = text.get_window_extent()
    middle = (box.x0 + box.x1) / 2
    left = text.get_horizontalalignment() == "left"
    return float(page.x1 - box.x0 if left else 2 * min(middle - page.x0, page.x1 - middle))


def _broken(text: str, width: int) -> str:
    """Break a text into lines of so many characters, never within brackets."""
    whole = re.sub(r"\([^)]*\)", lambda match: match[0].replace(" ", "\u00a0"), text)
    return textwrap.fill(whole, width, break_long_words=False).replace("\u00a0", " ")
