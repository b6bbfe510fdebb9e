"""Figures on cloud layers: shares by edition of the forecast, and growth."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure
from briefs.values import N_, Estimate

LAYERS = {
    "PaaS": N_("Platform (PaaS)"),
    "IaaS": N_("Infrastructure (IaaS)"),
    "SaaS": N_("Software (SaaS)"),
}
_SHORT = {"PaaS": N_("Platform"), "IaaS": N_("Infrastructure"), "SaaS": N_("Software")}


def layer_shares(shares: pd.DataFrame) -> Figure | Card:
    """Draw the share of each layer of ``cloud.layer_shares`` by year, a line per edition."""
    if shares.empty:
        text = _("No spending by layer had been published by then.")
        return finding("layer-shares-none", text, "market-4")
    newest = shares[shares["published"] == shares["published"].max()]
    last = newest.sort_values("year").groupby("layer").last()
    words = charts.period(shares["year"], "year") | {
        "n": i18n.number(shares["source_id"].nunique()),
        "paas": i18n.percent(last.loc["PaaS", "share"]),
        "iaas": i18n.percent(last.loc["IaaS", "share"]),
        "saas": i18n.percent(last.loc["SaaS", "share"]),
        "last": i18n.cell("year", newest["year"].max()),
    }
    shown = shares.assign(
        code=shares["layer"],
        counted=shares["status"] != "forecast",
        layer=[_(LAYERS[x]) for x in shares["layer"]],
        status=i18n.texts(shares["status"]),
    )
    return charts.figure(
        charts.drawing("fig-layer-shares", 2.9, _draw_shares, shown, last, wide=4.4),
        words,
        shown,
        title=_("The last edition puts platform services at {paas} in {last}"),
        subtitle=_(
            "Share of platform, infrastructure and software services in spending on the three, {n} editions of "
            "two publishers, world, {since} to {until}"
        ),
        alt=_(
            "Line chart of the shares of three cloud layers in {n} editions, where for {last} "
            "platform has {paas}, infrastructure {iaas} and software {saas}."
        ),
        note=_(
            "A line is one edition, with its counts and estimates of past years and its forecasts. Definitions changed "
            "between editions, so a jump between lines is no change in the market."
        ),
        columns=(
            Column("vintage", _("Edition")),
            Column("layer", _("Layer")),
            Column("year", _("Year"), "year"),
            Column("share", _("Share"), "percent"),
            Column("status", _("Status")),
        ),
    )


def _draw_shares(ax: Axes, shares: pd.DataFrame, last: pd.DataFrame) -> None:
    say = charts.say(
        _("{layer}, {year}: {share}, edition {edition} ({status})"),
        year="year:year",
        share="share:percent",
        edition="vintage",
    )
    ends = []
    for layer, colour, marker in zip(LAYERS, style.THREE, style.MARKERS, strict=False):
        for _edition, own in shares[shares["code"] == layer].groupby("source_id"):
            known = own[own["counted"]]
            gid = axes.gid("line", colour)
            ax.plot(own["year"], own["share"], color=colour, ls=style.DASHES[1], gid=gid)
            ax.plot(own["year"], own["share"], marker, color=colour, mfc="none", ms=6)
            ax.plot(known["year"], known["share"], marker, color=colour, ms=6)
            charts.mark_rows(ax, own, "year", "share", say)
        end = last["year"].max(), last.loc[layer, "share"], _(_SHORT[layer]), colour
        ends.append(axes.End(*end, style.DASHES[1], marker))
    ax.set_ylim(0, None)
    axes.whole_axis(ax.xaxis)
    axes.percent_axis(ax.yaxis)
    axes.inside(ax, _("filled: counted, open: forecast"))
    axes.measure(ax, _("Share of the three layers"), ends)


def layer_growth(
    forecast: Mapping[str, Estimate],
    measured: Mapping[str, Estimate],
    year: int,
    sources: tuple[str, ...],
) -> Figure | Card:
    """Draw how fast the layers grow: `forecast` for a year, and since then as `measured`."""
    known = {layer: e for layer, e in measured.items() if e.known}
    rows = _growth(forecast, known, year)
    if rows.empty:
        text = _(
            "Neither a forecast by two editions nor a full year since had been published by then."
        )
        return finding("layer-growth-none", text, "market-7")
    level = next((e.level for e in known.values() if e.level), None)
    words = {
        "low": i18n.percent(min(e.low for e in rows["estimate"])),
        "high": i18n.percent(max(e.high for e in rows["estimate"])),
        "interval": _("{level} t interval", level=i18n.percent(level)) if level else i18n.UNKNOWN,
        "n": i18n.number(max((e.n for e in known.values()), default=0)),
        "year": i18n.cell("year", year),
        "m": i18n.number(len(known)),
    }
    return charts.figure(
        charts.drawing("fig-layer-growth", 0.31 * len(rows) + 1.0, _draw_growth, rows),
        words,
        charts.spread(rows),
        sources=sources,
        title=_("Layers grow {low} to {high} a year, forecast or since")
        if known
        else _("Layers were forecast to grow {low} to {high} in {year}"),
        subtitle=_(
            "Growth of spending forecast for {year} by edition, and growth since the year before, by layer, world"
        )
        if known
        else _("Growth of spending forecast for {year} by edition, by layer, world"),
        alt=_(
            "Dot chart of yearly growth by cloud layer, from {low} to {high}, where {m} layers have figures since "
            "the forecasts."
        )
        if known
        else _(
            "Dot chart of growth forecast for {year} by cloud layer, from {low} to {high}; growth since isn't known."
        ),
        note=_(
            "Forecast: least and greatest edition. Since, software: {interval} over n = {n} companies and the gap to "
            "their layer. Since, platforms and infrastructure: bounds, with none or all of their joint growth."
        )
        if known
        else _("Lines go from the least to the greatest edition."),
        columns=charts.spread_columns("percent", _("Growth in a year"), label=_("What")),
    )


def _growth(
    forecast: Mapping[str, Estimate], measured: Mapping[str, Estimate], year: int
) -> pd.DataFrame:
    """One row per known growth, with its label and colour."""
    when = i18n.cell("year", year)
    rows = [
        (_("{layer}, forecast {year}", layer=_(_SHORT[layer]), year=when), style.THREE[2], e)
        for layer, e in forecast.items()
        if e.known
    ]
    rows += [
        (_("{layer}, since", layer=_(_SHORT[layer])), style.MAIN, e)
        for layer, e in measured.items()
    ]
    return pd.DataFrame(rows, columns=["label", "colour", "estimate"])


def _draw_growth(ax: Axes, rows: pd.DataFrame) -> None:
    charts.reference(ax, 0.1, _("strong: 10%"))
    charts.forest(ax, rows["label"], rows["estimate"], rows["colour"])
    ax.set_xlim(0, None)
    ax.set_xlabel(_("Growth in a year"))
