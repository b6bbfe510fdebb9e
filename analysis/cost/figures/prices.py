"""Figures on prices: declines, the break test, a bill; a sentence where the evidence allows none."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.cost.arrival import WINDOW_MONTHS
from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure
from briefs.values import N_, Estimate


def price_declines(
    declines: pd.DataFrame,
    further: Estimate,
    hedonic: Estimate,
    benchmark: str,
    claimed: Sequence[float],
    sources: Iterable[str],
) -> Figure:
    """Draw the annual decline of inference prices by method and benchmark, with the range claimed.

    `declines` are ``decline.declines``; `further` is where a further benchmark would lie; `hedonic`
    is the decline of list prices at equal score on `benchmark`, and `claimed` a range, both shares
    per year.
    """
    pooled, parts = declines["estimate"].iloc[0], declines[declines["scope"] == "benchmark"]
    labels = [_("All benchmarks"), _("Equal quality"), *parts["benchmark"]]
    rows = pd.DataFrame({"label": labels, "estimate": [pooled, hedonic, *parts["estimate"]]})
    rows = rows[[e.known for e in rows["estimate"]]].reset_index(drop=True)
    low = min(e.low for e in rows["estimate"])
    left = min(max(0.3, low - 0.03), *(e.value - 0.05 for e in rows["estimate"]), claimed[0] - 0.03)
    height = 0.29 * len(rows) + 1.0
    further_note = [N_("A further benchmark would lie at {worst} to {best} (below zero: a rise).")]
    further_note = further_note if further.known else []
    cut = [N_("Intervals reaching beyond the left edge are cut.")] if low < left else []
    unit = _("n counts benchmarks, prices for the regression, and sellers for one benchmark")
    words = {
        "value": i18n.percent(pooled.value),
        "estimate": i18n.estimate(pooled),
        "low": i18n.percent(claimed[0]),
        "high": i18n.percent(claimed[1]),
        "benchmark": benchmark,
        "worst": i18n.percent(further.low),
        "best": i18n.percent(further.high),
        "since": i18n.month(declines["first_month"].iloc[0]),
        "until": i18n.month(declines["last_month"].iloc[0]),
    }
    return charts.figure(
        charts.drawing("fig-price-declines", height, _draw_declines, rows, claimed, left),
        words,
        charts.spread(rows),
        sources=sources,
        title=_("Inference prices at fixed capability fall {value} a year"),
        subtitle=_(
            "Annual fall of list prices per million tokens: lowest tenth at a fixed level, by benchmark, and all "
            "offers at equal {benchmark} score, world, {since} to {until}"
        ),
        alt=_(
            "Dot chart of the annual fall in inference prices, where the lowest prices fall {estimate} a year over "
            "all benchmarks, against {low} to {high} claimed."
        ),
        intervals=charts.interval_note(rows["estimate"], unit),
        note=" ".join(_(part) for part in (*further_note, *cut)),
        columns=charts.spread_columns("percent", _("Fall in a year"), label=_("What")),
    )


def _draw_declines(ax: Axes, rows: pd.DataFrame, claimed: Sequence[float], left: float) -> None:
    equal = rows["label"] == _("Equal quality")
    ax.axvspan(*claimed, color=style.QUIET, alpha=0.35, lw=0)
    charts.above(ax, sum(claimed) / 2, _("claimed"))
    charts.forest(ax, rows["label"], rows["estimate"], np.where(equal, style.ACCENT, style.MAIN))
    ax.set_xlim(left, 1)
    ax.set_xlabel(_("Fall of the price in a year"))


def break_test(dates: pd.DataFrame, ratio: Estimate, sources: Iterable[str]) -> Figure | Card:
    """Draw ``arrival.placebo``; `ratio` is that of the date tested."""
    tested, others = dates[dates["tested"]], dates[~dates["tested"]]
    if tested.empty or not ratio.known:
        text = _(
            "Too few months have passed since that date to compare rates of decline before and after it."
        )
        return finding("break-test-too-early", text, "cost-5")
    words = charts.period(dates["month"]) | {
        "k": i18n.number(int((others["ratio"] <= tested["ratio"].iloc[0]).sum())),
        "n": i18n.number(len(others)),
        "ratio": i18n.estimate(ratio),
        "month": i18n.month(tested["month"].iloc[0]),
        "level": i18n.percent(ratio.level),
        "window": i18n.number(WINDOW_MONTHS),
    }
    return charts.figure(
        charts.drawing("fig-break-test", 2.9, _draw_break, dates, ratio, wide=4.0),
        words,
        dates,
        sources=sources,
        title=_("{k} of {n} other dates show as large a speed-up"),
        subtitle=_(
            "Factor by which a year leaves more of the lowest prices after a month than of levels as old before it, "
            "{window} months either side, world, tested at {since} to {until}"
        ),
        alt=_(
            "Dot chart of the change in the rate of price decline at each month, where {month} has a ratio of "
            "{ratio} and {k} of {n} other months show at least as large a speed-up."
        ),
        note=_(
            "Below 1: prices fell faster afterwards. Filled diamond: {month}, with its {level} interval; circles: "
            "the same test at other months, n = {n}. A diagnostic: it doesn't decide."
        ),
        columns=(
            Column("month", _("Month"), "month"),
            Column("before", _("Left after a year, before"), "factor"),
            Column("after", _("Left after a year, after"), "factor"),
            Column("ratio", _("After relative to before"), "factor"),
        ),
    )


def _draw_break(ax: Axes, dates: pd.DataFrame, ratio: Estimate) -> None:
    say = charts.say(
        _("{month}: a year left {ratio} as much of a price as before"),
        month="month:month",
        ratio="ratio:factor",
    )
    others, tested = dates[~dates["tested"]], dates[dates["tested"]].iloc[0]
    month, colour = tested["month"], style.THREE[2]
    ax.set_yscale("log")
    ax.axhline(1, color=style.QUIET, lw=1.2)
    ax.plot(others["month"], others["ratio"], "o", color=colour, ms=6, mfc="none", mew=1.6)
    ax.plot([month, month], [ratio.low, ratio.high], color=style.ACCENT, lw=2.5)
    ax.plot(month, tested["ratio"], "D", color=style.ACCENT, ms=8)
    charts.mark_rows(ax, dates, "month", "ratio", say)
    beside: Any = {"xycoords": ax.get_yaxis_transform(), "textcoords": "offset points"}
    ax.annotate(_("slower fall"), (1, 1), (0, 3), ha="right", **beside)
    ax.annotate(_("faster fall"), (1, 1), (0, -3), ha="right", va="top", **beside)
    axes.log_axis(ax.yaxis, lambda value: i18n.significant(value, 1) + "×")
    axes.over_time(ax, _("Left after a year, relative to before (log scale)"))
    axes.point_labels(ax, [(month, tested["ratio"], i18n.month(month))])
