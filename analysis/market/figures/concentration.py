"""Figures on a century of concentration and on use of AI; a sentence where nothing had been published."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure

#: Year -> exchange whose firms the series counts from then on.
_JOINED = {1962: "AMEX", 1973: "NASDAQ"}
_TICK: Any = {"color": style.INK, "ms": 12, "mew": 1.5}
_ABOVE = ((-6, 6, "left", "bottom"), (0, 6, "center", "bottom"), (4, 6, "right", "bottom"))


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
    top = pd.DataFrame({"year": [peak["year"]], "share": [peak["peak_share"]]})
    top["measure"] = _("Largest tenth, highest month of the 1930s")
    words = {
        "then": i18n.percent(peak["peak_share"]),
        "year": i18n.cell("year", peak["year"]),
        "now": i18n.percent(tenth["share"].iloc[-1]),
        "until": i18n.cell("year", tenth["year"].iloc[-1]),
        "ten": i18n.percent(stocks["share"].iloc[-1]),
        "since": i18n.cell("year", tenth["year"].iloc[0]),
    }
    return charts.figure(
        charts.drawing("fig-century", 2.9, _draw_century, tenth, stocks, top, wide=4.4),
        words,
        pd.concat([tenth, top, stocks], ignore_index=True),
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


def _draw_century(ax: Axes, tenth: pd.DataFrame, stocks: pd.DataFrame, peak: pd.DataFrame) -> None:
    say = charts.say(
        _("{what}, {year}: {share}"), what="measure", year="year:year", share="share:percent"
    )
    measures = {
        _ended(_("Largest tenth"), tenth): tenth,
        _ended(_("Ten largest"), stocks): stocks,
    }
    colours = (style.MAIN, style.ACCENT)
    ax.axvspan(1929, 1939, color=style.QUIET, alpha=0.25, lw=0)
    ax.text(1940, 0.02, _("Depression"), ha="left", va="bottom")
    looks: Any = {"colours": colours, "dashes": ("-", ""), "markers": (None, "s")}
    ends = charts.lines(ax, measures, "year", "share", say, **looks)
    ax.set_ylim(0, 1.02)
    axes.percent_axis(ax.yaxis)
    axes.whole_axis(ax.xaxis)
    axes.measure(ax, _("Share of market value"), ends)
    ax.plot(peak["year"], peak["share"], "o", color=style.MAIN, ms=6)
    charts.mark_rows(ax, peak, "year", "share", say)
    labels = _turns(tenth, peak, style.wide(ax))
    if style.wide(ax):
        joins = _joins(tenth)
        ax.plot(*zip(*(point[:2] for point in joins), strict=True), "|", **_TICK)
        labels += joins
    axes.point_labels(ax, labels, (*_ABOVE, *axes.SIDES))


def _ended(name: str, rows: pd.DataFrame) -> str:
    """Name a line with the share at its end."""
    if rows.empty:
        return name
    share = i18n.percent(rows["share"].iloc[-1])
    return _("{name}, {share}", name=name, share=share)


def _joins(tenth: pd.DataFrame) -> list[tuple[float, float, str]]:
    """Labels of the years in which firms of another exchange came in, which lifted the line."""
    rows = tenth[tenth["year"].isin(_JOINED)]
    texts = [_("{exchange} joins", exchange=_JOINED[year]) for year in rows["year"]]
    return list(zip(rows["year"], rows["share"], texts, strict=True))


def _turns(tenth: pd.DataFrame, peak: pd.DataFrame, wide: bool) -> list[tuple[float, float, str]]:
    """Labels of the peak of the 1930s, and where it's wide of that around 2000."""
    second = tenth[tenth["year"].between(1990, 2005)].nlargest(1 if wide else 0, "share")
    rows = pd.concat([peak, second])
    texts = [
        f"{i18n.cell('year', row.year)}: {i18n.percent(row.share)}" for row in rows.itertuples()
    ]
    return list(zip(rows["year"], rows["share"], texts, strict=True))


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
        charts.drawing("fig-adoption", 2.8, _draw_adoption, rows, [*sizes.values()], wide=4.0),
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
        parts = [own[own["employees"] == size] for size in sizes]
        groups = {_ended(size, part): part for size, part in zip(sizes, parts, strict=True)}
        ends = charts.lines(ax, groups, "period_start", "share", say, dashes=style.DASHES)
    ax.set_ylim(0, None)
    axes.percent_axis(ax.yaxis)
    axes.over_time(ax, _("Firms that use AI, by employees"), ends)
