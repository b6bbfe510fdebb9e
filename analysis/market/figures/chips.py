"""Figures on chips: published shares, revenue, entrants; a sentence where nothing had been published."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure
from briefs.values import N_

_MARKETS = {
    "training": N_("Training"),
    "inference": N_("Inference"),
    "AI accelerator": N_("All accelerators"),
    "data-centre GPU": N_("GPUs alone"),
}
_BASES = {
    "revenue": N_("revenue"),
    "units": N_("units"),
    "compute": N_("computing power"),
    "unstated": N_("basis not stated"),
}


def published_shares(published: pd.DataFrame, names: dict[str, str]) -> Figure | Card:
    """Draw every share of NVIDIA in ``accelerator-shares``, by market; `names` says how to name a source."""
    rows = _shares(published, names)
    if rows.empty:
        text = _(
            "No share of NVIDIA's in these markets had been published by then, as far as "
            "the dates of the sources are known."
        )
        return finding("shares-none", text, "market-2")
    words = charts.period(rows["year"], "year") | {
        "n": i18n.number(rows["source_id"].nunique()),
        **charts.extent(rows["share"]),
    }
    return charts.figure(
        charts.drawing("fig-chip-shares", 0.3 * len(rows) + 1.0, _draw_shares, rows),
        words,
        rows,
        title=_("NVIDIA's published market shares run from {low} to {high}")
        if len(rows) > 1
        else _("NVIDIA's one published market share is {low}"),
        subtitle=_(
            "NVIDIA's share of markets for AI chips, by market and year, as {n} sources publish it, world, "
            "{since} to {until}"
        ),
        alt=_(
            "Dot chart of NVIDIA's share of AI chip markets in {n} sources, from {low} to {high}, by market "
            "and year."
        ),
        note=_(
            "Lines: ranges that a source gives itself, without a level; n = {n} sources. Sources count revenue, units "
            "or computing power, and many state no method."
        ),
        columns=(
            Column("label", _("Market and year")),
            Column("share", _("Share"), "percent"),
            Column("low", _("Low"), "percent"),
            Column("high", _("High"), "percent"),
            Column("basis", _("Counted")),
            Column("who", _("Source")),
        ),
    )


def _shares(published: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Rows to draw, market by market, from the least share to the greatest."""
    rows = published[
        (published["vendor"] == "NVIDIA")
        & published["market"].isin(_MARKETS)
        & (published["figure_kind"] == "estimate")
    ]
    rows = rows.assign(place=rows["market"].map(list(_MARKETS).index))
    rows = rows.sort_values(["place", "share"], ignore_index=True)
    return rows.assign(
        label=[f"{_(_MARKETS[r.market])}, {r.year}" for r in rows.itertuples()],
        basis=[_(_BASES[basis]) for basis in rows["basis"]],
        who=rows["source_id"].map(names).map(i18n.name, na_action="ignore"),
    )


def _draw_shares(ax: Axes, rows: pd.DataFrame) -> None:
    fields = {"what": "label", "source": "who", "share": "share:percent"}
    ends = {"low": "low:percent", "high": "high:percent"}
    point = charts.say(_("{what}: {share} ({basis}; {source})"), **fields)
    ranged = charts.say(_("{what}: {share}, {low} to {high} ({basis}; {source})"), **fields, **ends)

    def say(row: Any) -> str:
        return point(row) if pd.isna(row.low) or pd.isna(row.high) else ranged(row)

    looks = {
        "colour": [style.FOUR[place] for place in rows["place"]],
        "marker": [style.MARKERS[place] for place in rows["place"]],
    }
    charts.dots(ax, rows.assign(**looks), "share", say)
    ax.set_xlim(0, 1.02)
    axes.percent_axis(ax.xaxis)
    ax.set_xlabel(_("NVIDIA's share"))


def trained_on(hardware: pd.DataFrame) -> Figure | Card:
    """Draw ``training-hardware``: share of notable models trained on each maker's chips, by year."""
    rows = hardware[hardware["population"] == "notable"]
    if rows.empty:
        text = _("No count of what models were trained on had been published by then.")
        return finding("trained-on-none", text, "market-2")
    rows = rows[rows["year"] < rows["published"].dt.year].sort_values("year")
    rows = rows.assign(share=rows["models"] / rows["with_known_hardware"])
    own = rows[rows["vendor"] == "NVIDIA"]
    words = charts.period(own["year"], "year") | {
        "share": i18n.percent(own["share"].iloc[-1]),
        "first": i18n.percent(own["share"].iloc[0]),
        "n": i18n.number(own["with_known_hardware"].iloc[-1]),
        "all": i18n.number(own["all_models"].iloc[-1]),
    }
    return charts.figure(
        charts.drawing("fig-trained-on", 3.0, _draw_trained, rows),
        words,
        rows,
        title=_("NVIDIA's chips trained {share} of {until}'s models of known hardware"),
        subtitle=_(
            "Share of notable models with known training hardware that were trained on a maker's chips, by year of "
            "release, world, {since} to {until}"
        ),
        alt=_(
            "Line chart of the share of notable models trained on NVIDIA's chips, {first} in {since} and {share} in "
            "{until}, beside those of Google."
        ),
        note=_(
            "Hardware is known for {n} of {all} models of {until}, and for Google's models more often than for "
            "others. A model trained on two makers' chips counts for both. A year that isn't over is left off."
        ),
        columns=(
            Column("vendor", _("Maker")),
            Column("year", _("Year"), "year"),
            Column("share", _("Share"), "percent"),
            Column("models", _("Models"), "integer"),
            Column("with_known_hardware", _("Of known hardware"), "integer"),
        ),
    )


def _draw_trained(ax: Axes, rows: pd.DataFrame) -> None:
    say = charts.say(_("{vendor}, {year}: {share}"), year="year:year", share="share:percent")
    makers = {v: rows[rows["vendor"] == v] for v in ("NVIDIA", "Google TPU")}
    kept = {name: own for name, own in makers.items() if len(own)}
    ends = charts.lines(ax, kept, "year", "share", say, markers=style.MARKERS)
    ax.set_ylim(0, 1.02)
    axes.percent_axis(ax.yaxis)
    axes.whole_axis(ax.xaxis)
    axes.measure(ax, _("Share of models with known hardware"), ends)


def vendor_revenue(by_quarter: pd.DataFrame) -> Figure | Card:
    """Draw the vendors' data-centre revenue of ``chips.quarters``; bounds are left out."""
    rows = by_quarter[~by_quarter["upper"].astype(bool)].assign(
        usd=by_quarter["revenue_usd_m"] * 1e6
    )
    if rows.empty:
        text = _("No vendor's data-centre revenue had been published by then.")
        return finding("vendor-revenue-none", text, "market-3")
    nvidia = rows[rows["ticker"] == "NVDA"]
    words = charts.period(nvidia["quarter"]) | {
        "first": i18n.money(nvidia["usd"].iloc[0]),
        "last": i18n.money(nvidia["usd"].iloc[-1]),
        "n": i18n.number(rows["ticker"].nunique()),
    }
    return charts.figure(
        charts.drawing("fig-vendor-revenue", 3.2, _draw_revenue, rows),
        words,
        rows,
        title=_("NVIDIA's data-centre revenue: from {first} to {last} a quarter"),
        subtitle=_(
            "Data-centre revenue (Broadcom: AI chips) of {n} vendors by calendar quarter nearest to the fiscal "
            "one, US$, world, {since} to {until}"
        ),
        alt=_(
            "Line chart of quarterly data-centre revenue of {n} chip vendors on a log scale, where NVIDIA's went "
            "from {first} to {last}."
        ),
        note=_(
            "AMD's figure includes server processors. Broadcom gives AI chips in some quarters only. Chips that cloud "
            "providers design for themselves are sold to nobody and are missing. Quarters by their first month."
        ),
        columns=(
            Column("quarter", _("Quarter from"), "month"),
            Column("company", _("Vendor")),
            Column("usd", _("Revenue"), "usd"),
        ),
    )


def _draw_revenue(ax: Axes, rows: pd.DataFrame) -> None:
    say = charts.say(
        _("{company}, quarter from {month}: {revenue}"), month="quarter:month", revenue="usd:usd"
    )
    vendors = {own["company"].iloc[0]: own for _ticker, own in rows.groupby("ticker")}
    ax.set_yscale("log")
    ends = charts.lines(ax, vendors, "quarter", "usd", say, markers=style.MARKERS)
    axes.log_money(ax.yaxis)
    axes.over_time(ax, _("Revenue of a quarter (log scale)"), ends)


def entrants(every: pd.DataFrame, alone: pd.DataFrame, claim_date: pd.Timestamp) -> Figure | Card:
    """Draw ``chips.entrants``: vendors of every chip that serves inference, and of those for inference alone."""
    if every.empty:
        return finding("entrants-none", _("No chip for inference is dated by then."), "market-3")
    kinds = {_("also for inference"): every, _("inference alone"): alone}
    shown = pd.concat([rows.assign(kind=name) for name, rows in kinds.items()], ignore_index=True)
    words = {
        "n": i18n.number(len(every)),
        "new": i18n.number(int((every["since"] > pd.Timestamp(claim_date)).sum())),
        "alone": i18n.number(len(alone)),
        "day": i18n.month(claim_date),
        "first": i18n.cell("year", every["since"].dt.year.min()),
    }
    return charts.figure(
        charts.drawing("fig-entrants", 3.0, _draw_entrants, kinds, claim_date),
        words,
        shown,
        title=_("{n} vendors have offered chips for inference, {new} of them since"),
        subtitle=_(
            "Vendors with a data-centre chip offered or announced by then, counted since {first}, world; "
            "dashed: {day}, when the claim was made"
        ),
        alt=_(
            "Stepped line of vendors with a chip for inference, reaching {n}, of which {alone} have one for "
            "inference alone and {new} came after {day}."
        ),
        note=_(
            "A chip counts when it could be had, or when announced if that isn't known. An offering isn't a sale, "
            "and what a chip is for was mostly judged by the compiler."
        ),
        columns=(
            Column("kind", _("Kind")),
            Column("since", _("Since"), "date"),
            Column("vendor", _("Vendor")),
            Column("chip", _("First chip")),
            Column("vendors", _("Vendors so far"), "integer"),
        ),
    )


def _draw_entrants(ax: Axes, kinds: dict[str, pd.DataFrame], claim_date: pd.Timestamp) -> None:
    say = charts.say(
        _("{vendor}, {day}: vendor number {n} ({kind})"),
        day="since:date",
        n="vendors:integer",
        kind="series",
    )
    last = max(rows["since"].max() for rows in kinds.values())
    ends = charts.lines(ax, kinds, "since", "vendors", say, dashes=style.DASHES, until=last)
    ax.axvline(claim_date, color=style.QUIET, ls="--")
    ax.set_ylim(0, None)
    axes.whole_axis(ax.yaxis)
    axes.over_time(ax, _("Vendors so far"), ends)
