"""How a claim's verdict and estimate moved with the date: a small chart, its words, its CSV.

The chart is written by hand, since a page of the site has no notebook behind it: dots with
interval bars over time, the ranges that decide as bands, and the verdict of each date above.
"""

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.render import exporters, wording

#: Page units are CSS pixels on a phone, so that text is never smaller than written here.
WIDTH, TOP, PLOT, FOOT, TEXT = 324, 30, 170, 24, 12
ICON, CAP, DOT = 14, 4, 4.5
#: Widths of letters at that size in a wide typeface, so that labels have room in any.
_LETTER, _WIDE, _NARROW = (
    7.7,
    {"%": 11.5, "×": 10.1},
    {".": 3.9, ",": 3.9, " ": 3.9, "l": 3.4, "i": 3.4},
)
_LOG_FROM = 20
_NEAR = 62


@dataclass(frozen=True)
class Moment:
    """What a claim came to as of a date."""

    date: dt.date
    verdict: str
    estimate: dict[str, Any]

    @property
    def known(self) -> bool:
        return self.estimate.get("value") is not None

    @property
    def ends(self) -> tuple[float, float]:
        """Ends of the interval; the value itself where there is none."""
        value = self.estimate["value"]
        low, high = self.estimate.get("low"), self.estimate.get("high")
        return (value if low is None else low), (value if high is None else high)


@dataclass(frozen=True)
class Scale:
    """From values to heights."""

    low: float
    high: float
    log: bool

    @classmethod
    def over(cls, values: Sequence[float]) -> "Scale":
        """Span `values` with some air; logarithmic where they are positive and far apart."""
        low, high = min(values), max(values)
        if low > 0 and high / low >= _LOG_FROM:
            return cls(low / 1.25, high * 1.25, True)
        air = (high - low or abs(high) or 1) * 0.06
        return cls(low - air, high + air, False)

    def y(self, value: float) -> float:
        """Height of a value, kept within the plot; an infinite end lies on its edge."""
        if self.log:
            share = (math.log(max(value, 1e-300)) - math.log(self.low)) / (
                math.log(self.high) - math.log(self.low)
            )
        else:
            share = (value - self.low) / (self.high - self.low)
        return round(TOP + PLOT * (1 - min(1.0, max(0.0, share))), 1)

    def ticks(self) -> list[float]:
        """Round values to draw lines at: three to seven of them."""
        if not self.log:
            return _linear(self.low, self.high)
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        for steps in ((1,), (1, 3), (1, 2, 5)):
            found = [
                step * 10.0**power
                for power in powers
                for step in steps
                if self.low <= step * 10.0**power <= self.high
            ]
            if len(found) >= 3:
                return found[:: math.ceil(len(found) / 6)]
        return found


def _linear(low: float, high: float) -> list[float]:
    step = 10.0 ** math.floor(math.log10((high - low) / 2))
    step = next(step * part for part in (1, 2, 2.5, 5, 10) if (high - low) / (step * part) <= 5)
    first = math.ceil(low / step)
    return [round(step * n, 10) for n in range(first, math.floor(high / step) + 1)]


def chart(
    moments: Sequence[Moment],
    quantity: str,
    unit: str,
    supported: tuple[float | None, float | None],
    partly: tuple[float | None, float | None],
) -> dict[str, Any] | None:
    """Draw how an estimate moved.

    Parameters
    ----------
    moments : sequence of Moment
        Earliest first.
    quantity, unit : str
        What was estimated, in the reader's language, and the unit of the estimates.
    supported, partly : tuple
        The ranges of the claim's rule; ``None`` is an open end.

    Returns
    -------
    dict or None
        ``svg``, ``alt`` and ``log`` (whether the scale is logarithmic); None without any estimate.
    """
    known = [moment for moment in moments if moment.known]
    if not known:
        return None
    ends = [end for moment in known for end in (*moment.ends, moment.estimate["value"])]
    scale = Scale.over([*ends, *(end for end in (*supported, *partly) if end is not None)])
    ticks = scale.ticks()
    labels = [tick_text(unit, tick) for tick in ticks]
    left = max(map(_width, labels)) + 6
    across = _across(moments, left + 10, WIDTH - 10)
    parts = [
        *_bands(scale, left, supported, partly),
        *_grid(scale, left, ticks, labels),
        *_dates(moments, across),
        *(_mark(scale, moment, across(moment.date), unit) for moment in moments),
    ]
    words = alt(known, moments, quantity)
    height = TOP + PLOT + FOOT
    return {
        "alt": words,
        "log": scale.log,
        "svg": Markup(
            '<svg class="moves" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}">{}</svg>'
        ).format(words, WIDTH, height, WIDTH, height, Markup("").join(parts)),
    }


def _width(label: str) -> float:
    return sum(_WIDE.get(letter) or _NARROW.get(letter, _LETTER) for letter in label)


def _across(moments: Sequence[Moment], left: float, right: float):
    first, last = moments[0].date, moments[-1].date
    days = (last - first).days

    def x(date: dt.date) -> float:
        return round(left + (right - left) * ((date - first).days / days if days else 0.5), 1)

    return x


def _bands(
    scale: Scale, left: float, supported: Iterable[float | None], partly: Iterable[float | None]
):
    for name, (low, high) in (("partly", tuple(partly)), ("supported", tuple(supported))):
        top, bottom = (
            scale.y(math.inf if high is None else high),
            scale.y(-math.inf if low is None else low),
        )
        if bottom > top:
            yield Markup(
                '<rect class="band-{}" x="{:.1f}" y="{}" width="{:.1f}" height="{:.1f}"/>'
            ).format(name, left, top, WIDTH - left, bottom - top)


def _grid(scale: Scale, left: float, ticks: Sequence[float], labels: Sequence[str]):
    for tick, label in zip(ticks, labels, strict=True):
        y = scale.y(tick)
        yield Markup(
            '<path class="grid" d="M{:.1f} {}H{}"/><text x="{:.1f}" y="{:.1f}" text-anchor="end">{}</text>'
        ).format(left, y, WIDTH, left - 5, y + 4, label)


def _dates(moments: Sequence[Moment], across):
    """Name the first and the last date, and each new year that has room between them."""
    first, last = moments[0].date, moments[-1].date
    y = TOP + PLOT + 17
    edges = [(first, "start", across(first) - 10)] if first != last else []
    edges.append((last, "end", across(last) + 10))
    for date, anchor, x in edges:
        yield Markup('<text x="{:.1f}" y="{}" text-anchor="{}">{}</text>').format(
            x, y, anchor, i18n.month(date)
        )
    for year in range(first.year + 1, last.year + 1):
        x = across(dt.date(year, 1, 1))
        yield Markup('<path class="grid" d="M{} {}V{}"/>').format(x, TOP, TOP + PLOT)
        if min(x - across(first) + 10, across(last) + 10 - x) > 1.6 * _NEAR:
            yield Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
                x, y, i18n.month(dt.date(year, 1, 1))
            )


def _mark(scale: Scale, moment: Moment, x: float, unit: str) -> Markup:
    """Draw a date: its verdict on top, its interval and value below; pointing at it tells them."""
    found = wording.estimate(moment.estimate)
    told = f"{i18n.day(moment.date)}: {wording.verdict_word(moment.verdict)}" + (
        f", {found.value}" + (f" ({found.interval})" if found.interval else "") if found else ""
    )
    icon = Markup(
        '<path class="{}" fill="currentColor" fill-rule="evenodd" transform="translate({:.1f} 4) scale({})"'
        ' d="{}"/>'
    ).format(_css(moment.verdict), x - ICON / 2, ICON / 16, exporters.icons()[moment.verdict])
    drawn = Markup("")
    if moment.known:
        low, high = map(scale.y, moment.ends)
        y = scale.y(moment.estimate["value"])
        bar = (
            f"M{x} {high}V{low}M{x - CAP} {high}h{2 * CAP}M{x - CAP} {low}h{2 * CAP}"
            if low != high
            else ""
        )
        drawn = Markup('<path class="bar" d="{}"/><circle cx="{}" cy="{}" r="{}"/>').format(
            bar, x, y, DOT
        )
    return Markup("<g><title>{}</title>{}{}</g>").format(told, icon, drawn)


def _css(verdict: str) -> str:
    return "v-" + str(escape(verdict)).replace(" ", "-")


def tick_text(unit: str, value: float) -> str:
    """Write a value on the axis, without needless decimals."""
    kind = i18n.UNIT_FORMATS.get(unit, "number")
    if kind in ("usd", "myr"):
        return (
            "0"
            if value == 0
            else ("\u2212" if value < 0 else "") + i18n.round_money(abs(value), kind.upper())
        )
    if kind == "percent":
        return i18n.exact(round(value * 100, 6)) + "%"
    if kind == "factor":
        return i18n.exact(value) + "×"
    return i18n.cell(kind, value) if kind in ("flop", "year") else i18n.exact(value)


def _value(moment: Moment) -> str:
    found = wording.estimate(moment.estimate)
    return found.value if found else ""


def alt(known: Sequence[Moment], moments: Sequence[Moment], quantity: str) -> str:
    """Say in a sentence or two what the chart shows."""
    first, last = known[0], known[-1]
    words = {
        "quantity": quantity,
        "last": _value(last),
        "to": i18n.day(last.date),
    }
    if len(known) == 1:
        told = _("Dot chart of one estimate. {quantity}: {last} on {to}.", **words)
    else:
        told = _(
            "Dot chart with {n} dates. {quantity}: {first} on {start}, {last} on {to}.",
            **words,
            n=i18n.number(len(known)),
            first=_value(first),
            start=i18n.day(first.date),
        )
    verdicts = [moment.verdict for moment in moments]
    if len(set(verdicts)) == 1:
        return (
            told
            + " "
            + _(
                "The verdict is the same on every date: {verdict}.",
                verdict=wording.verdict_word(verdicts[0]),
            )
        )
    if verdicts[0] == verdicts[-1]:
        return (
            told
            + " "
            + _(
                "The verdict was another in between, and is “{verdict}” again.",
                verdict=wording.verdict_word(verdicts[0]),
            )
        )
    return (
        told
        + " "
        + _(
            "The verdict was first “{first}” and is now “{last}”.",
            first=wording.verdict_word(verdicts[0]),
            last=wording.verdict_word(verdicts[-1]),
        )
    )
