"""Figures on a century of concentration and on use of AI; a sentence where nothing had been published."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure


def century(deciles: pd.DataFrame, figures: pd.DataFrame) -> Figure | Card:
    """Draw a century of concentration from ``size-deciles`` and ``concentration-figures``."""
    ten = figures[(figures["measure"] == "top10") & (figures["series"] == "Finaeon")]
    if deciles.empty or ten.empty:
        text = _("Series that reach back to the 1930s are only dated after that day.")
        return finding("century-none", text, "market-8")
    ten = ten[ten["year"] >= deciles["year"].min()].sort_values("year")
    tenth = deciles[["year"]].assign(share=deciles["december_share"])
    tenth["measure"] = _("Largest tenth of firms")
    stocks = ten[["year"]].assign(share=ten["value"], measure=_("Ten largest stocks"))
    peak = deciles.loc[deciles["peak_share"].where(deciles["year"].between(1929, 1940)).idxmax()]
    words = {
        "then": i18n.percent(peak["peak_share"]),
        "year": i18n.cell("year", peak["year"]),
        "now": i18n.percent(tenth["share"].iloc[-1]),
        "until": i18n.cell("year", tenth["year"].iloc[-1]),
        "ten": i18n.percent(stocks["share"].iloc[-1]),
        "since": i18n.cell("year", tenth["year"].iloc[0]),
    }
    return charts.figure(
        charts.drawing("fig-century", 3.2, _draw_century, tenth, stocks),
        words,
        pd.concat([tenth, stocks], ignore_index=True),
        sources=("french_me", *ten["source_id"]),
        title=_("The largest tenth of firms: {then} in {year}, {now} in {until}"),
        subtitle=_(
            "Share of the value of listed stocks held by the largest tenth of firms (a lower bound), and by the "
            "ten largest of the 500, United States, {since} to {until}"
        ),
        alt=_(
            "Line chart of the share of the largest tenth of US firms, {then} at its peak of the 1930s in {year} and "
            "{now} in {until}, with the ten largest at {ten}."
        ),
        note=_(
            "Exchanges join in 1962 and 1973, which adds small firms and lifts the upper line. The lower marks are "
            "rounded, ten years apart, and miss 1932."
        ),
        columns=(
            Column("measure", _("Measure")),
            Column("year", _("Year"), "year"),
            Column("share", _("Share"), "percent"),
        ),
    )


def _draw_century(ax: Axes, tenth: pd.DataFrame, stocks: pd.DataFrame) -> None:
    say = charts.say(
        _("{what}, {year}: {share}"), what="measure", year="year:year", share="share:percent"
    )
    measures = {_("Largest tenth"): tenth, _("Ten largest"): stocks}
    colours = (style.MAIN, style.ACCENT)
    ax.axvspan(1929, 1939, color=style.QUIET, alpha=0.3, lw=0)
    ax.text(1940, 1.0, _("Depression"), ha="left", va="top")
    looks: Any = {"colours": colours, "dashes": ("-", ""), "markers": (None, "s")}
    ends = charts.lines(ax, measures, "year", "share", say, **looks)
    ax.set_ylim(0, 1.02)
    axes.percent_axis(ax.yaxis)
    axes.whole_axis(ax.xaxis)
    axes.measure(ax, _("Share of market value"), ends)


def adoption(use: pd.DataFrame) -> Figure | Card:
    """Draw ``ai-use-by-size``: use of AI by size of firm, a line for each wording of the question."""
    if use.empty:
        text = _("No survey of firms by size is dated by then.")
        return finding("adoption-none", text, "market-9")
    sizes = {
        "250+": _("250 and more"),
        "20-49": _("20 to 49"),
        "1-4": _("1 to 4"),
    }
    rows = use[use["size"].isin(sizes)].sort_values("period_start")
    rows = rows.assign(employees=rows["size"].map(sizes))
    last = rows[rows["period_start"] == rows["period_start"].max()].set_index("size")["share"]
    words = charts.period(rows["period_start"]) | {
        "small": i18n.percent(last["1-4"]),
        "large": i18n.percent(last["250+"]),
        "changed": i18n.month(rows.groupby("wording")["period_start"].min().max()),
    }
    return charts.figure(
        charts.drawing("fig-adoption", 3.0, _draw_adoption, rows, list(sizes.values())),
        words,
        rows,
        title=_("{small} of the smallest and {large} of the largest firms use AI"),
        subtitle=_(
            "Share of firms that use AI, by number of employees, every two weeks, United States, {since} to {until}"
        ),
        alt=_(
            "Line chart of the share of US firms that use AI by number of employees, where at the end {large} of the "
            "largest and {small} of the smallest do."
        ),
        note=_(
            "The question changed in {changed}, from use in producing goods or services to use in any business "
            "function. What was asked before and after can't be compared, so lines break there."
        )
        if rows["wording"].nunique() > 1
        else _("The survey asks about use in producing goods or services."),
        columns=(
            Column("employees", _("Employees")),
            Column("period_start", _("From"), "date"),
            Column("share", _("Share using AI"), "percent"),
            Column("standard_error", _("Standard error"), "percent"),
        ),
    )


def _draw_adoption(ax: Axes, rows: pd.DataFrame, sizes: list[str]) -> None:
    say = charts.say(
        _("{employees} employees, from {day}: {share}"),
        day="period_start:date",
        share="share:percent",
    )
    ends: list[axes.End] = []
    for _wording, own in rows.groupby("wording", sort=False):
        groups = {size: own[own["employees"] == size] for size in sizes}
        ends = charts.lines(ax, groups, "period_start", "share", say, dashes=style.DASHES)
    ax.set_ylim(0, None)
    axes.percent_axis(ax.yaxis)
    axes.over_time(ax, _("Firms that use AI, by employees"), ends)
