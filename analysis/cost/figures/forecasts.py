"""Figure on forecasts that were scored: what their fans were to hold, and what they held."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure
from briefs.values import N_

#: Shift of each horizon's points sideways, so that their intervals stand apart.
_APART = 0.012


def calibration(
    scores: pd.DataFrame, split: pd.Timestamp, level: float, sources: Iterable[str]
) -> Figure | Card:
    """Draw nominal against observed coverage for each horizon, on the dates held out.

    `scores` are ``hindcast.scores`` with intervals of the probability content `level`; before any
    held-out forecast has an outcome, the dates before the `split` are drawn.
    """
    scored = scores[scores["n"] > 0]
    held_out = scored["part"].eq("test").any()
    rows = scored[scored["part"] == ("test" if held_out else "fit")].reset_index(drop=True)
    if rows.empty:
        text = _("No forecast made by then has had its outcome yet.")
        return finding("calibration-none", text)
    eighty = rows[rows["nominal"] == 0.8]
    first, last = eighty.iloc[0], eighty.iloc[-1]
    words = {
        "a": i18n.percent(first["coverage"]),
        "h": i18n.number(first["horizon_months"]),
        "b": i18n.percent(last["coverage"]),
        "k": i18n.number(last["horizon_months"]),
        "split": i18n.month(split),
        "level": i18n.percent(level),
        "least": i18n.number(eighty["n"].min()),
        "few": i18n.number(eighty["origins"].min()),
    }
    subtitle = N_(
        "Share of outcomes within bands of 50%, 80% and 90% of the forecast lowest price at a level of capability, "
        "world, forecasts made monthly since {split}"
    )
    earlier = N_(
        "Share of outcomes within bands of 50%, 80% and 90% of the forecast lowest price at a level of capability, "
        "world, forecasts made monthly before {split}"
    )
    title = N_("80% bands held {a} of outcomes at {h} months, {b} at {k}")
    if len(eighty) == 1:
        title = N_("80% bands held {a} of outcomes at {h} months")
    return charts.figure(
        charts.drawing("fig-calibration", 3.4, _draw, rows),
        words,
        rows.assign(what=_horizons(rows)),
        sources=sources,
        title=_(title),
        subtitle=_(subtitle if held_out else earlier),
        alt=_(
            "Line chart of the share of outcomes that forecast bands held against what they were to hold, where the "
            "80% band held {a} at {h} months and {b} at {k} months, the longest tested."
        ),
        note=_(
            "Diagonal: bands that hold what they say; below it they are too narrow. Lines are {level} intervals "
            "(block bootstrap over dates); none where dates are no more than the months ahead. n = {least} "
            "forecasts or more, from {few} dates or more."
        ),
        columns=(
            Column("what", _("Horizon")),
            Column("nominal", _("Band"), "percent"),
            Column("coverage", _("Held"), "percent"),
            Column("low", _("Low"), "percent"),
            Column("high", _("High"), "percent"),
            Column("n", "n", "integer"),
        ),
    )


def _horizons(rows: pd.DataFrame) -> list[str]:
    return [_("{n} months", n=i18n.number(months)) for months in rows["horizon_months"]]


def _draw(ax: Axes, rows: pd.DataFrame) -> None:
    say = charts.say(
        _("{series}, band of {nominal}: held {coverage}"),
        series="series",
        nominal="nominal:percent",
        coverage="coverage:percent",
    )
    ax.plot([0.4, 1], [0.4, 1], color=style.QUIET, lw=1.2)
    months = list(dict.fromkeys(rows["horizon_months"]))
    middle = (len(months) - 1) / 2
    place = rows["nominal"] + _APART * (rows["horizon_months"].map(months.index) - middle)
    rows = rows.assign(place=place, label=_horizons(rows))
    series = dict(iter(rows.groupby("label", sort=False)))
    ends = charts.lines(
        ax,
        series,
        "place",
        "coverage",
        say,
        colours=style.FOUR,
        dashes=style.DASHES,
        markers=style.MARKERS,
    )
    for (_label, part), colour in zip(series.items(), style.FOUR, strict=False):
        known = part[np.isfinite(part["low"])]
        ax.vlines(known["place"], known["low"], known["high"], color=colour, lw=2)
    ax.set_xticks(sorted(rows["nominal"].unique()))
    ax.set_xlim(0.45, 0.95)
    ax.set_ylim(-0.03, 1.03)
    ax.xaxis.set_major_formatter(lambda value, _at: i18n.percent(value))
    axes.percent_axis(ax.yaxis, 5)
    ax.set_xlabel(_("Outcomes that the band is to hold"))
    axes.measure(ax, _("Outcomes that it held"), ends)
