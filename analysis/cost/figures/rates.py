"""Figures on how the fall of prices differs by calendar year and by age of the level."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.marks import mark
from briefs.display.records import Card, Column, Figure
from briefs.values import N_

_RATES = {
    "year": (
        N_("A year leaves {first} of a price in {start}, {last} in {end}"),
        N_(
            "What a year leaves of the lowest prices at a fixed level of capability, a factor by calendar year, "
            "world, {start} to {end}"
        ),
        N_("Year"),
    ),
    "age": (
        N_("A year leaves {first} of new levels' prices, {last} of old"),
        N_(
            "What a year leaves of the lowest prices at a fixed level of capability, a factor by months since the "
            "level was first sold, world, each over its own period"
        ),
        N_("Months on sale"),
    ),
}


def price_rates(rates: pd.DataFrame, by: str, sources: Iterable[str]) -> Figure | Card:
    """Draw ``decline.by_year`` or ``decline.by_age``: what a year leaves of a price (`by` year or age)."""
    if len(rates) < 2:
        text = _(
            "Too few years or ages of a level have a rate of their own by then to compare them."
        )
        return finding(f"price-rates-{by}-none", text, "cost-4")
    title, subtitle, column = map(_, _RATES[by])
    first, last = rates.iloc[0], rates.iloc[-1]
    words = {
        "first": i18n.cell("factor", first["estimate"].value),
        "last": i18n.cell("factor", last["estimate"].value),
        "start": first["label"],
        "end": last["label"],
        "by": column.lower(),
    }
    unit = _("n counts benchmarks")
    rows = charts.spread(rates)
    rows["months"] = 12 * np.log(0.5) / np.log(rows["value"].where(rows["value"] < 1))
    return charts.figure(
        charts.drawing(f"fig-rates-{by}", 2.9, _draw_rates, rows, column, wide=4.0),
        words,
        rows,
        sources=sources,
        title=title,
        subtitle=subtitle,
        alt=_(
            "Dot chart of what a year leaves of a price on a log scale, by {by}, where it is {first} at {start} and "
            "{last} at {end}."
        ),
        intervals=charts.interval_note(rates["estimate"], unit),
        note=_("Above 1 prices rose: offers end and models are taken off sale."),
        columns=(
            *charts.spread_columns("factor", _("Price after a year"), label=column),
            Column("months", _("Months to half"), "decimal"),
        ),
    )


def _draw_rates(ax: Axes, rows: pd.DataFrame, column: str) -> None:
    """Draw the rates from left to right, as time goes, each with its value."""
    say = charts.say(
        _("{label}: {value} ({low} to {high}) of the price left after a year"),
        value="value:factor",
        low="low:factor",
        high="high:factor",
    )
    places = np.arange(len(rows))
    ax.set_yscale("log")
    ax.margins(y=0.3 if style.wide(ax) else 0.18)
    ax.axhline(1, color=style.QUIET, lw=1.2)
    ax.annotate(_("no change"), (-0.45, 1), (0, 3), textcoords="offset points")
    ax.plot(places, rows["value"], color=style.QUIET, lw=1.2, ls=style.DASHES[2])
    ax.vlines(places, rows["low"], rows["high"], color=style.MAIN, lw=2.5)
    ax.plot(places, rows["value"], "o", color=style.MAIN, ms=8)
    mark(ax, places, rows["value"], map(say, rows.itertuples()))
    for place, row in enumerate(rows.itertuples()):
        _label(ax, place, row)
    ax.set_xticks(places, rows["label"])
    ax.set_xlim(-0.5, len(rows) - 0.5)
    ax.set_xlabel(column)
    axes.log_axis(ax.yaxis, lambda value: i18n.significant(value, 1) + "×")
    axes.y_title(ax, _("Left of a price after a year (log scale)"))


def _label(ax: Axes, place: int, row: Any) -> None:
    """Write a rate below its interval; where there is room, what it means as well."""
    text = i18n.cell("factor", row.value)
    if style.wide(ax) and np.isfinite(row.months):
        half = _("halves in\n{n} months", n=i18n.cell("decimal", row.months))
        text = f"{text}\n{half}"
    at: Any = {"textcoords": "offset points", "ha": "center", "va": "top"}
    ax.annotate(text, (place, row.low), (0, -4), **at)
