"""How a claim's estimate and verdict moved with the date, drawn in the house style.

Dots with interval bars over time, the ranges that decide as bands, and the verdict of each
date above.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from briefs.display import i18n, style
from briefs.display.i18n import _
from briefs.display.marks import mark
from briefs.evidence.model import Ends, ReadingRule
from briefs.render import html, svg, wording
from briefs.render.claims_chart import Scale

#: Height of a drawing in inches; size of a verdict's icon, and its distance from the axes, in points.
_HEIGHT, _ICON, _GAP = 3.1, 14, 3
#: What a character takes of the width, and the room around the axes: right, below, and least on the left.
_CHARACTER, _RIGHT, _BELOW, _LEFT = 7, 21, 21, 19
#: Share of the width that the name of a month takes.
_MONTH = 0.3

#: Places on an axis with their labels.
Ticks = tuple[tuple[float, str], ...]
#: Low end, value and high end of an estimate.
Span = tuple[float, float, float]


@dataclass(frozen=True)
class Moment:
    """What a claim came to as of a date."""

    date: dt.date
    verdict: str
    estimate: dict[str, Any]

    @classmethod
    def of(cls, as_of: str, reading: dict[str, Any]) -> "Moment":
        return cls(dt.date.fromisoformat(as_of), reading["outcome"], reading.get("estimate") or {})

    @property
    def span(self) -> Span | None:
        """The estimate, if there is one; an end that there isn't is the value itself."""
        value, low, high = (self.estimate.get(name) for name in ("value", "low", "high"))
        if value is None:
            return None
        return (value if low is None else low), value, (value if high is None else high)

    @property
    def text(self) -> str:
        """What the drawing says when a reader points at it."""
        said = f"{i18n.day(self.date)}: {wording.verdict_word(self.verdict)}"
        found = wording.estimate(self.estimate)
        if not found:
            return said
        interval = f" ({found.interval})" if found.interval else ""
        return f"{said}, {found.value}{interval}"


@dataclass(frozen=True)
class Chart:
    """A drawing, what it shows in words, and whether its scale is logarithmic."""

    svg: str
    alt: str
    log: bool


def draw(name: str, moments: Sequence[Moment], rule: ReadingRule, quantity: str) -> Chart:
    """Draw how an estimate moved.

    `name` is the drawing's id on its page, `quantity` what was estimated, in the reader's
    language. The moments come earliest first, at least one with an estimate.
    """
    ranges, spans = (rule.partly, rule.supported), tuple(moment.span for moment in moments)
    scale = _scale(ranges, spans)
    drawn = _drawn(
        name,
        tuple((moment.date - moments[0].date).days for moment in moments),
        spans,
        tuple(moment.verdict for moment in moments),
        ranges,
        tuple((value, wording.tick(rule.unit, value)) for value in scale.values(6)),
        _dates([moment.date for moment in moments]),
    )
    texts = [escape(moment.text) for moment in moments]
    said = re.sub(r"(?<=<title>)\d+", lambda number: texts[int(number[0])], drawn)
    return Chart(said, alt(moments, quantity), scale.log)


def _scale(ranges: Sequence[Ends], spans: Sequence[Span | None]) -> Scale:
    return Scale.of(end for pair in (*ranges, *filter(None, spans)) for end in pair)


def _dates(dates: Sequence[dt.date]) -> Ticks:
    """Name the first and the last date, and each new year that has room between them."""
    first, last = dates[0], dates[-1]
    span = (last - first).days
    years = [dt.date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
    roomy = [y for y in years if _MONTH * span < (y - first).days < (1 - _MONTH) * span]
    named = dict.fromkeys([first, *roomy, last])
    return tuple(((date - first).days, i18n.month(date)) for date in named)


@lru_cache(maxsize=256)  # languages whose labels are the same share a drawing
def _drawn(
    name: str,
    days: tuple[int, ...],
    spans: tuple[Span | None, ...],
    verdicts: tuple[str, ...],
    ranges: tuple[Ends, ...],
    values: Ticks,
    dates: Ticks,
) -> str:
    """Draw it, with the number of each moment for what it says."""
    figure, ax = _empty(max(len(label) for _value, label in values))
    scale = _scale(ranges, spans)
    with style.house():
        ax.set_yscale("log" if scale.log else "linear")
        ax.set_ylim(scale.low, scale.high)
        ax.set_yticks(*zip(*values, strict=True))
        ax.set_yticks([], minor=True)
        ax.set_xticks(*zip(*dates, strict=True))
        ax.set_xlim(-0.04 * days[-1] - 1, 1.04 * days[-1] + 1)
        _bands(ax, *ranges)
        _points(ax, days, spans)
        drawn = svg.clean(style.svg(figure, name), name).removesuffix("</svg>")
    return f"{drawn}{_verdicts(ax, days, verdicts)}</svg>"


def _empty(characters: int) -> tuple[Figure, Axes]:
    """Return the one canvas, empty, with room for labels of so many characters."""
    figure, ax = _canvas()
    before: list[Any] = [*ax.containers, *ax.patches, *ax.artists]
    for artist in before:
        artist.remove()
    for line in list(ax.lines):
        line.remove()
    left = max(_LEFT, _CHARACTER * (1 + characters)) / (72 * style.WIDTH)
    right = 1 - _RIGHT / (72 * style.WIDTH)
    bottom, top = _BELOW / (72 * _HEIGHT), 1 - (_ICON + 2 * _GAP) / (72 * _HEIGHT)
    ax.set_position((left, bottom, right - left, top - bottom))
    return figure, ax


@lru_cache
def _canvas() -> tuple[Figure, Axes]:
    with style.house():
        figure, ax = style.canvas(_HEIGHT)
    figure.set_layout_engine("none")  # it measures every label, which takes longer than to draw
    return figure, ax


def _bands(ax: Axes, *ranges: Ends) -> None:
    """Draw the ranges that decide; an open end reaches the edge of the drawing."""
    bottom, top = ax.get_ylim()
    partly, supported = (
        (bottom if low is None else low, top if high is None else high) for low, high in ranges
    )
    ax.axhspan(*partly, facecolor=style.ACCENT, alpha=0.12, lw=0)
    for edge in partly:
        ax.axhline(edge, color=style.ACCENT, lw=0.8, ls=style.DASHES[2])
    ax.axhspan(*supported, facecolor=style.MAIN, alpha=0.3, lw=0)


def _points(ax: Axes, days: Sequence[int], spans: Sequence[Span | None]) -> None:
    known = [(day, *span) for day, span in zip(days, spans, strict=True) if span]
    xs, lows, values, highs = np.transpose(known)
    errors, dot = (values - lows, highs - values), style.MARKERS[0]
    ax.errorbar(xs, values, errors, fmt=dot, color=style.INK, elinewidth=1.5, capsize=4, zorder=3)
    heights = [span[1] if span else ax.get_ylim()[1] for span in spans]
    mark(ax, days, heights, map(str, range(len(days))))


def _verdicts(ax: Axes, days: Sequence[int], verdicts: Sequence[str]) -> str:
    """Draw the verdict of each date above the axes, in the colours of the page."""
    height = 72 * _HEIGHT - ax.bbox.y1 - _ICON - _GAP
    places = ax.get_xaxis_transform().transform([(day, 1) for day in days])
    return "".join(
        f'<path class="v-{verdict.replace(" ", "-")}" fill="currentColor" fill-rule="evenodd" '
        f'transform="translate({x - _ICON / 2:.1f} {height:.1f}) scale({_ICON / 16})" '
        f'd="{html.icons()[verdict]}"/>'
        for (x, _y), verdict in zip(places, verdicts, strict=True)
    )


def alt(moments: Sequence[Moment], quantity: str) -> str:
    """Say in a sentence or two what the chart shows."""
    known = [moment for moment in moments if moment.span]
    values = [text.value for moment in known if (text := wording.estimate(moment.estimate))]
    words = {"quantity": quantity, "last": values[-1], "to": i18n.day(known[-1].date)}
    if len(known) == 1:
        said = _("Dot chart of one estimate. {quantity}: {last} on {to}.", **words)
    else:
        said = _(
            "Dot chart with {n} dates. {quantity}: {first} on {start}, {last} on {to}.",
            **words,
            n=i18n.number(len(known)),
            first=values[0],
            start=i18n.day(known[0].date),
        )
    return f"{said} {_course([moment.verdict for moment in moments])}"


def _course(verdicts: Sequence[str]) -> str:
    first, last = wording.verdict_word(verdicts[0]), wording.verdict_word(verdicts[-1])
    if len(set(verdicts)) == 1:
        return _("The outcome is the same on every date: {verdict}.", verdict=first)
    if first == last:
        return _("The outcome was another in between, and is “{verdict}” again.", verdict=first)
    return _("The outcome was first “{first}” and is now “{last}”.", first=first, last=last)
