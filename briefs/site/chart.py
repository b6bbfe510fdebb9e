"""How a claim's estimate and verdict moved with the date, drawn in the house style.

Dots with interval bars over time, the ranges that decide as bands, and the verdict of each
date above.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from briefs.display import axes, i18n, style
from briefs.display.i18n import _
from briefs.display.marks import mark
from briefs.evidence.model import ReadingRule
from briefs.render import exporters, svg, wording
from briefs.values import UNIT_FORMATS

#: Height of a drawing in inches; size of a verdict's icon, and its distance from the axes, in points.
_HEIGHT, _ICON, _GAP = 3.1, 14, 3
#: Values this far apart stand on a logarithmic scale.
_LOG_FROM = 20
#: Share of the width that the name of a month takes.
_MONTH = 0.3


@dataclass(frozen=True)
class Moment:
    """What a claim came to as of a date."""

    date: dt.date
    verdict: str
    estimate: dict[str, Any]

    @classmethod
    def of(cls, as_of: str, reading: dict[str, Any]) -> "Moment":
        """Take it from the entry of a reading in ``results.json``."""
        return cls(dt.date.fromisoformat(as_of), reading["verdict"], reading.get("estimate") or {})

    @property
    def known(self) -> bool:
        return self.estimate.get("value") is not None

    @property
    def span(self) -> tuple[float, float, float]:
        """Low end, value and high end; an end that there isn't is the value itself."""
        value = self.estimate["value"]
        low, high = self.estimate.get("low"), self.estimate.get("high")
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

    Parameters
    ----------
    name : str
        Id of the drawing on its page.
    moments : sequence of Moment
        Earliest first, at least one with an estimate.
    rule : ReadingRule
        The reading of the claim, with its unit and the ranges that decide.
    quantity : str
        What was estimated, in the reader's language.
    """
    days = [(moment.date - moments[0].date).days for moment in moments]
    with style.house():
        figure, ax = style.canvas(_HEIGHT)
        room = (_ICON + _GAP) / (72 * _HEIGHT)  # above the axes, for the verdicts
        figure.set_layout_engine("constrained", rect=(0, 0, 1, 1 - room))
        _scale(ax, moments, rule)
        _bands(ax, rule)
        _points(ax, days, moments)
        _name_dates(ax, days, moments)
        _name_values(ax, rule.unit)
        drawn = svg.clean(style.svg(figure, name), name).removesuffix("</svg>")
    icons = _verdicts(ax, days, moments)  # only now is all laid out
    return Chart(f"{drawn}{icons}</svg>", alt(moments, quantity), ax.get_yscale() == "log")


def _scale(ax: Axes, moments: Sequence[Moment], rule: ReadingRule) -> None:
    """Make room for estimates and ranges."""
    edges = [end for end in (*rule.supported, *rule.partly) if end is not None]
    values = [*edges, *(end for moment in moments if moment.known for end in moment.span)]
    low, high = min(values), max(values)
    if low > 0 and high / low >= _LOG_FROM:
        ax.set_yscale("log")
        ax.set_ylim(low / 1.25, high * 1.25)
    else:
        air = (high - low or abs(high) or 1) * 0.06
        ax.set_ylim(low - air, high + air)


def _bands(ax: Axes, rule: ReadingRule) -> None:
    """Draw the ranges that decide; an open end reaches the edge of the drawing."""
    bottom, top = ax.get_ylim()
    partly, supported = (
        (bottom if low is None else low, top if high is None else high)
        for low, high in (rule.partly, rule.supported)
    )
    ax.axhspan(*partly, facecolor=style.ACCENT, alpha=0.12, lw=0)
    for edge in partly:
        ax.axhline(edge, color=style.ACCENT, lw=0.8, ls=style.DASHES[2])
    ax.axhspan(*supported, facecolor=style.MAIN, alpha=0.3, lw=0)


def _points(ax: Axes, days: Sequence[int], moments: Sequence[Moment]) -> None:
    known = [(day, *m.span) for day, m in zip(days, moments, strict=True) if m.known]
    xs, lows, values, highs = np.transpose(known)
    errors, dot = (values - lows, highs - values), style.MARKERS[0]
    ax.errorbar(xs, values, errors, fmt=dot, color=style.INK, elinewidth=1.5, capsize=4, zorder=3)
    top = ax.get_ylim()[1]
    heights = [moment.span[1] if moment.known else top for moment in moments]
    mark(ax, days, heights, [moment.text for moment in moments])


def _name_dates(ax: Axes, days: Sequence[int], moments: Sequence[Moment]) -> None:
    """Name the first and the last date, and each new year that has room between them."""
    first, last, span = moments[0].date, moments[-1].date, days[-1]
    years = [dt.date(year, 1, 1) for year in range(first.year + 1, last.year + 1)]
    roomy = [y for y in years if _MONTH * span < (y - first).days < (1 - _MONTH) * span]
    named = [first, *roomy, last] if span else [first]
    ax.set_xticks([(date - first).days for date in named], [i18n.month(date) for date in named])
    ax.set_xlim(-0.04 * span - 1, 1.04 * span + 1)


def _name_values(ax: Axes, unit: str) -> None:
    if ax.get_yscale() == "log":
        axes.log_axis(ax.yaxis, lambda value: tick_text(unit, value))
    else:
        ax.yaxis.set_major_locator(MaxNLocator(6, steps=(1, 2, 2.5, 5, 10)))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _position: tick_text(unit, value)))


def _verdicts(ax: Axes, days: Sequence[int], moments: Sequence[Moment]) -> str:
    """Draw the verdict of each date above the axes, in the colours of the page."""
    height = 72 * _HEIGHT - ax.bbox.y1 - _ICON - _GAP
    places = ax.get_xaxis_transform().transform([(day, 1) for day in days])
    return "".join(
        f'<path class="v-{moment.verdict.replace(" ", "-")}" fill="currentColor" fill-rule="evenodd" '
        f'transform="translate({x - _ICON / 2:.1f} {height:.1f}) scale({_ICON / 16})" '
        f'd="{exporters.icons()[moment.verdict]}"/>'
        for (x, _y), moment in zip(places, moments, strict=True)
    )


def tick_text(unit: str, value: float) -> str:
    """Write a value on the axis, without needless decimals."""
    kind = UNIT_FORMATS.get(unit, "number")
    if kind in ("usd", "myr"):
        amount = i18n.round_money(abs(value), kind.upper()) if value else "0"
        return f"\u2212{amount}" if value < 0 else amount
    if kind == "percent":
        return i18n.exact(round(value * 100, 6)) + "%"
    if kind == "factor":
        return i18n.exact(value) + "×"
    return i18n.cell(kind, value) if kind in ("flop", "year") else i18n.exact(value)


def alt(moments: Sequence[Moment], quantity: str) -> str:
    """Say in a sentence or two what the chart shows."""
    known = [moment for moment in moments if moment.known]
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
    """Say how the verdict moved."""
    first, last = wording.verdict_word(verdicts[0]), wording.verdict_word(verdicts[-1])
    if len(set(verdicts)) == 1:
        return _("The verdict is the same on every date: {verdict}.", verdict=first)
    if first == last:
        return _("The verdict was another in between, and is “{verdict}” again.", verdict=first)
    return _("The verdict was first “{first}” and is now “{last}”.", first=first, last=last)
