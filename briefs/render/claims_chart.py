"""The chart of all claims of a page: what would support each, against what was found.

Claims whose estimates share a unit share a scale, linear or logarithmic, so that their lengths can
be compared; a claim never has a scale of its own to look better or worse on. It is text and
numbers only: the page and the PDF draw it, each with its own means.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator

from briefs.display import axes, i18n
from briefs.display.i18n import _
from briefs.render import wording
from briefs.render.blocks import Record
from briefs.render.choices import Tick
from briefs.render.claim_blocks import ChartRow, ChartScale
from briefs.values import N_

#: Values this far apart stand on a logarithmic scale.
LOG_FROM = 20
#: Most labels of a scale, and the least characters between two of them.
_TICKS, _GAP = 5, 1
#: Characters that a scale is long, and that it is where a phone or longer words leave it less room.
_LONG, _SHORT = 22, 14
#: Ends of a range, None where it is open.
Ends = Sequence[float | None]
_TITLES = {
    "share per year": N_("Change in a year"),
    "factor per year": N_("Factor a year"),
    "share": N_("Share"),
    "ratio": N_("Ratio; 1× is no difference"),
    "percentage points": N_("Change in percentage points"),
    "USD": N_("US dollars"),
    "year": N_("Year"),
    "1": N_("Points"),
}


@dataclass(frozen=True)
class Scale:
    """A scale from `low` to `high`, logarithmic or linear."""

    low: float
    high: float
    log: bool

    @classmethod
    def of(cls, values: Iterable[float | None]) -> "Scale":
        """Span known values with some air around them."""
        known = [value for value in values if value is not None]
        low, high = min(known), max(known)
        if low > 0 and high / low >= LOG_FROM:
            return cls(low / 1.25, high * 1.25, True)
        air = (high - low or abs(high) or 1) * 0.06
        return cls(low - air, high + air, False)

    def place(self, value: float) -> float:
        """Return where a value lies, as a share of the length; one beyond an end lies at the end."""
        low, high = self.low, self.high
        if self.log:
            low, high, value = math.log(low), math.log(high), math.log(max(value, low))
        return round(min(max((value - low) / (high - low), 0), 1), 4)

    def values(self, at_most: int = _TICKS) -> list[float]:
        """Return round values to label, at most so many."""
        if self.log:
            return list(axes.round_values(self.low, self.high, at_most))
        found = MaxNLocator(at_most, steps=(1, 2, 2.5, 5, 10)).tick_values(self.low, self.high)
        return [value for value in np.asarray(found).tolist() if self.low <= value <= self.high]


def chart(claims: Iterable[tuple[Record, str]]) -> list[ChartScale]:
    """Chart claims, each a verdict's record, or what ``results.json`` has of it, and where it leads."""
    units: dict[str, list[tuple[Record, str]]] = {}
    for record, href in claims:
        units.setdefault(_main(record).get("unit", ""), []).append((record, href))
    return [_scale(unit, rows) for unit, rows in units.items()]


def _main(record: Record) -> dict[str, Any]:
    """Return what the chart draws of a claim: the reading that speaks for it, and its unit."""
    readings = record.get("readings") or []
    found = next((r for r in readings if r["id"] == record.get("reading")), None)
    main = found or (readings[0] if readings else {})
    return {**main, "unit": main["estimate"]["unit"]} if main else {}


def _scale(unit: str, claims: list[tuple[Record, str]]) -> ChartScale:
    mains = [_main(record) for record, _href in claims]
    name, marks, scale = title(unit), [], None
    ends = [end for main in mains for end in _ends(main)]
    if ends and any(_value(main) is not None for main in mains):
        scale = Scale.of(ends)
        name, marks = title(unit, scale), ticks(scale, unit)
    rows = [_row(main, *claim, scale) for main, claim in zip(mains, claims, strict=True)]
    return ChartScale(name, marks, rows)


def title(unit: str, scale: Scale | None = None) -> str:
    """Say what a scale of a unit measures."""
    name = i18n.message(_TITLES.get(unit, unit))
    return _("{title}, log scale", title=name) if scale and scale.log else name


def ticks(scale: Scale, unit: str) -> list[Tick]:
    """Label a scale at as many round values as have room, every other one spare where few have."""
    ways = [_way(scale, unit, most) for most in range(_TICKS, 1, -1)]
    found = next((way for way in ways if len(way) > 1 and _fit(way, _LONG)), None)
    if not found:
        # no two fit: the ends of what there is, which stand farthest apart
        most = next((way for way in reversed(ways) if len(way) > 1), ways[-1])
        return [most[0], most[-1]] if len(most) > 1 else most
    if len(found) == 2 or _fit(found, _SHORT):
        return found
    return [tick._replace(spare=number % 2 == 1) for number, tick in enumerate(found)]


def _way(scale: Scale, unit: str, most: int) -> list[Tick]:
    # the title says which currency
    sign = i18n.CURRENCY_SIGNS.get(unit, "")
    return [
        Tick(scale.place(value), wording.tick(unit, value).replace(sign, ""))
        for value in scale.values(most)
    ]


def _fit(way: list[Tick], room: int) -> bool:
    """Whether labels stand apart on a scale that is so many characters long."""
    return all(
        (after.place - tick.place) * room >= (len(tick.label) + len(after.label)) / 2 + _GAP
        for tick, after in pairwise(way)
    )


def _value(main: dict[str, Any]) -> float | None:
    return (main.get("estimate") or {}).get("value")


def _ends(main: dict[str, Any]) -> list[float]:
    """List the numbers that a claim brings to its scale."""
    estimate, ranges = main.get("estimate") or {}, main.get("ranges") or {}
    named = [estimate.get(name) for name in ("value", "low", "high")]
    ends = [*named, *ranges.get("partly", ()), *ranges.get("supported", ())]
    return [end for end in ends if end is not None]


def _row(main: dict[str, Any], record: Record, href: str, scale: Scale | None) -> ChartRow:
    estimate, ranges = main.get("estimate") or {}, main.get("ranges") or {}
    low, value, high = (estimate.get(name) for name in ("low", "value", "high"))
    span = (
        None if value is None else (value if low is None else low, value if high is None else high)
    )
    return ChartRow(
        id=record["id"],
        name=record.get("name") or record["statement"],
        href=href,
        verdict=record["verdict"],
        label=wording.verdict_word(record["verdict"]),
        partly=places(ranges.get("partly"), scale),
        supported=places(ranges.get("supported"), scale),
        span=places(span, scale),
        at=None if not scale or value is None or estimate.get("bounded") else scale.place(value),
        needed=i18n.span(main["unit"], ranges["supported"]) if ranges else "",
        found=_found(main, span, bool(estimate.get("bounded"))),
    )


def _found(main: dict[str, Any], span: tuple[float, float] | None, bounded: bool) -> str:
    """Write an estimate and its interval, or the bounds alone where nothing between them is likelier."""
    if span is None:
        return ""
    ends = i18n.span(main["unit"], span)
    value = i18n.amount(main["unit"], main["estimate"]["value"])
    if bounded or span[0] == span[1]:
        return ends if bounded else value
    return _("{value} ({ends})", value=value, ends=ends)


def places(ends: Ends | None, scale: Scale | None) -> tuple[float, float] | None:
    """Return where a range lies; an open end reaches that of the scale."""
    if ends is None or scale is None:
        return None
    low, high = ends
    return 0 if low is None else scale.place(low), 1 if high is None else scale.place(high)
