"""Figures on chips: published shares, vendors' revenue, entrants."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from briefs.display import charts, i18n, style
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
    """Draw every published share of NVIDIA, by market.

    Parameters
    ----------
    published : DataFrame
        Table ``accelerator-shares``.
    names : dict
        Source id -> how to name it.

    Returns
    -------
    Figure or Card
        A sentence when nothing had been published.
    """
    rows = published[
        (published["vendor"] == "NVIDIA")
        & published["market"].isin(_MARKETS)
        & (published["figure_kind"] == "estimate")
    ]
    if rows.empty:
        return finding(
            "shares-none",
            _(
                "No share of NVIDIA's in these markets had been published by then, as far as "
                "the dates of the sources are known."
            ),
            claim="market-2",
        )
    order = {market: place for place, market in enumerate(_MARKETS)}
    rows = rows.sort_values(
        ["market", "share"],
        key=lambda c: c.map(order) if c.name == "market" else c,
        ignore_index=True,
    )
    rows = rows.assign(
        label=[f"{_(_MARKETS[r.market])}, {r.year}" for r in rows.itertuples()],
        basis=[_(_BASES[basis]) for basis in rows["basis"]],
        who=rows["source_id"].map(names).map(i18n.name, na_action="ignore"),
    )

    def draw(ax: Axes) -> None:
        for row in rows.itertuples():
            colour = style.FOUR[order[row.market]]
            ax.plot(
                [
                    row.low if row.low == row.low else row.share,
                    row.high if row.high == row.high else row.share,
                ],
                [row.Index] * 2,
                color=colour,
                lw=2.5,
                solid_capstyle="butt",
            )
            ax.plot(row.share, row.Index, style.MARKERS[order[row.market]], color=colour, ms=7)
        charts.mark(ax, rows["share"], rows.index, [_share_text(row) for row in rows.itertuples()])
        ax.set_yticks(rows.index, rows["label"])
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(0, 1.02)
        ax.grid(axis="x")
        ax.grid(visible=False, axis="y")
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _position: i18n.percent(value)))
        ax.set_xlabel(_("NVIDIA's share"))

    words = {
        "n": i18n.number(rows["source_id"].nunique()),
        "low": i18n.percent(rows["share"].min()),
        "high": i18n.percent(rows["share"].max()),
        "since": i18n.cell("year", rows["year"].min()),
        "until": i18n.cell("year", rows["year"].max()),
    }
    return charts.finish(
        draw,
        "fig-chip-shares",
        0.3 * len(rows) + 1.0,
        data=rows,
        sources=tuple(rows["source_id"]),
        title=_("Published shares of NVIDIA run from {low} to {high}", **words)
        if len(rows) > 1
        else _("The one published share of NVIDIA is {low}", **words),
        subtitle=_(
            "NVIDIA's share of markets for AI chips, by market and year, as {n} sources publish it, world, "
            "{since} to {until}",
            **words,
        ),
        alt=_(
            "Dot chart of NVIDIA's share of AI chip markets in {n} sources, from {low} to {high}, where only one "
            "source gives training apart.",
            **words,
        ),
        note=_(
            "Lines: ranges that a source gives itself, without a level; n = {n} sources. Sources count "
            "revenue, units or computing power, many state no method, and no vendor discloses training and "
            "inference apart.",
            **words,
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


def _share_text(row: object) -> str:
    """Say what a published share is, of what, and by whom."""
    words = {
        "what": row.label,
        "share": i18n.cell("percent", row.share),
        "basis": row.basis,
        "source": row.who,
    }
    if pd.isna(row.low) or pd.isna(row.high):
        return _("{what}: {share} ({basis}; {source})", **words)
    return _(
        "{what}: {share}, {low} to {high} ({basis}; {source})",
        low=i18n.cell("percent", row.low),
        high=i18n.cell("percent", row.high),
        **words,
    )


def vendor_revenue(by_quarter: pd.DataFrame) -> Figure | Card:
    """Draw the vendors' data-centre revenue by quarter.

    Parameters
    ----------
    by_quarter : DataFrame
        As ``market_chips.quarters`` returns; bounds are left out.
    """
    rows = by_quarter[~by_quarter["upper"].astype(bool)].assign(
        usd=by_quarter["revenue_usd_m"] * 1e6
    )
    if rows.empty:
        return finding(
            "vendor-revenue-none",
            _("No vendor's data-centre revenue had been published by then."),
            claim="market-3",
        )
    nvidia = rows[rows["ticker"] == "NVDA"]

    def draw(ax: Axes) -> None:
        ax.set_yscale("log")
        ends = []
        for (_ticker, own), colour, marker in zip(
            rows.groupby("ticker"), style.THREE, style.MARKERS, strict=False
        ):
            ax.plot(own["quarter"], own["usd"], color=colour, marker=marker, ms=4)
            ends.append(
                (own["quarter"].iloc[-1], own["usd"].iloc[-1], own["company"].iloc[0], colour)
            )
            charts.mark(
                ax,
                own["quarter"],
                own["usd"],
                [
                    _(
                        "{company}, quarter from {month}: {revenue}",
                        company=r.company,
                        month=i18n.month(r.quarter),
                        revenue=i18n.money(r.usd),
                    )
                    for r in own.itertuples()
                ],
            )
        charts.log_money(ax.yaxis)
        charts.years_axis(ax)
        charts.y_title(ax, _("Revenue of a quarter (log scale)"))
        charts.end_labels(ax, ends)

    words = {
        "first": i18n.money(nvidia["usd"].iloc[0]),
        "last": i18n.money(nvidia["usd"].iloc[-1]),
        "since": i18n.month(nvidia["quarter"].iloc[0]),
        "until": i18n.month(nvidia["quarter"].iloc[-1]),
        "n": i18n.number(rows["ticker"].nunique()),
    }
    return charts.finish(
        draw,
        "fig-vendor-revenue",
        3.2,
        data=rows,
        sources=tuple(rows["source_id"]),
        title=_("NVIDIA's data-centre revenue: from {first} to {last} a quarter", **words),
        subtitle=_(
            "Data-centre revenue (Broadcom: AI chips) of {n} vendors by calendar quarter nearest to the fiscal "
            "one, US$, world, {since} to {until}",
            **words,
        ),
        alt=_(
            "Line chart of quarterly data-centre revenue of {n} chip vendors on a log scale, where NVIDIA's went "
            "from {first} to {last}.",
            **words,
        ),
        note=_(
            "AMD's figure includes server processors. Broadcom gives AI chips in some quarters only. Chips that "
            "cloud providers design for themselves are sold to nobody and are missing. Quarters by their first "
            "month."
        ),
        columns=(
            Column("quarter", _("Quarter from"), "month"),
            Column("company", _("Vendor")),
            Column("usd", _("Revenue"), "usd"),
        ),
    )


def entrants(every: pd.DataFrame, alone: pd.DataFrame, claim_date: pd.Timestamp) -> Figure | Card:
    """Draw how many vendors have offered a chip for inference.

    Parameters
    ----------
    every : DataFrame
        As ``market_chips.entrants`` returns, for chips of which inference is one use.
    alone : DataFrame
        The same, for chips made for inference alone.
    """
    if every.empty:
        return finding(
            "entrants-none", _("No chip for inference is dated by then."), claim="market-3"
        )
    kinds = ((_("also for inference"), every), (_("inference alone"), alone))
    shown = pd.concat([rows.assign(kind=name) for name, rows in kinds], ignore_index=True)

    def draw(ax: Axes) -> None:
        ends, last = [], shown["since"].max()
        for (name, rows), colour, dash in zip(kinds, style.THREE, style.DASHES, strict=False):
            ax.step(
                [*rows["since"], last],
                [*rows["vendors"], len(rows)],
                where="post",
                color=colour,
                ls=dash,
            )
            ends.append((last, float(len(rows)), name, colour))
            charts.mark(
                ax,
                rows["since"],
                rows["vendors"],
                [
                    _(
                        "{vendor}, {day}: vendor number {n} ({kind})",
                        vendor=r.vendor,
                        day=i18n.day(r.since),
                        n=i18n.number(r.vendors),
                        kind=name,
                    )
                    for r in rows.itertuples()
                ],
            )
        ax.axvline(claim_date, color=style.QUIET, ls="--")
        ax.set_ylim(0, None)
        ax.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        charts.years_axis(ax)
        charts.y_title(ax, _("Vendors so far"))
        charts.end_labels(ax, ends)

    since = every[every["since"] > pd.Timestamp(claim_date)]
    words = {
        "n": i18n.number(len(every)),
        "new": i18n.number(len(since)),
        "alone": i18n.number(len(alone)),
        "day": i18n.month(claim_date),
        "first": i18n.cell("year", every["since"].dt.year.min()),
    }
    return charts.finish(
        draw,
        "fig-entrants",
        3.0,
        data=shown,
        sources=tuple(shown["source_id"]),
        title=_("{n} vendors have offered chips for inference, {new} of them since", **words),
        subtitle=_(
            "Vendors with a data-centre chip offered or announced by then, counted since {first}, world; "
            "dashed: {day}, when the claim was made",
            **words,
        ),
        alt=_(
            "Stepped line of vendors with a chip for inference, reaching {n}, of which {alone} have one for "
            "inference alone and {new} came after {day}.",
            **words,
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
