"""Figures on cloud layers: shares by edition of the forecast, and growth."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from briefs.display import charts, i18n, style
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
    """Draw the share of each layer by year, a line per edition.

    Parameters
    ----------
    shares : DataFrame
        As ``market_cloud.layer_shares`` returns.
    """
    if shares.empty:
        return finding(
            "layer-shares-none",
            _("No spending by layer had been published by then."),
            claim="market-4",
        )
    last = (
        shares[shares["published"] == shares["published"].max()]
        .sort_values("year")
        .groupby("layer")
        .last()
    )

    def draw(ax: Axes) -> None:
        for layer, colour, marker in zip(LAYERS, style.THREE, style.MARKERS, strict=False):
            for _edition, own in shares[shares["layer"] == layer].groupby("source_id"):
                ax.plot(own["year"], own["share"], color=colour, ls=style.DASHES[1], lw=1.4)
                known = own[own["status"] != "forecast"]
                ax.plot(own["year"], own["share"], marker, color=colour, mfc="none", ms=6)
                ax.plot(known["year"], known["share"], marker, color=colour, ms=6)
                charts.mark(
                    ax,
                    own["year"],
                    own["share"],
                    [
                        _(
                            "{layer}, {year}: {share}, edition {edition} ({status})",
                            layer=_(LAYERS[layer]),
                            year=i18n.cell("year", r.year),
                            share=i18n.cell("percent", r.share),
                            edition=r.vintage,
                            status=_(r.status),
                        )
                        for r in own.itertuples()
                    ],
                )
        ax.set_ylim(0, None)
        ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _position: i18n.percent(value)))
        charts.y_title(ax, _("Share of the three layers"))
        charts.end_labels(
            ax,
            [
                (float(last["year"].max()), last.loc[layer, "share"], _(_SHORT[layer]), colour)
                for layer, colour in zip(LAYERS, style.THREE, strict=False)
            ],
        )

    words = {
        "n": i18n.number(shares["source_id"].nunique()),
        "paas": i18n.percent(last.loc["PaaS", "share"]),
        "iaas": i18n.percent(last.loc["IaaS", "share"]),
        "saas": i18n.percent(last.loc["SaaS", "share"]),
        "since": i18n.cell("year", shares["year"].min()),
        "until": i18n.cell("year", shares["year"].max()),
    }
    return charts.finish(
        draw,
        "fig-layer-shares",
        3.3,
        data=shares.assign(
            layer=[_(LAYERS[x]) for x in shares["layer"]], status=i18n.texts(shares["status"])
        ),
        sources=tuple(shares["source_id"]),
        title=_("Forecasts put platform services at {paas} in {until}", **words),
        subtitle=_(
            "Share of platform, infrastructure and software services in spending on the three, {n} editions of "
            "one publisher's forecast, world, {since} to {until}",
            **words,
        ),
        alt=_(
            "Line chart of the shares of three cloud layers in {n} editions of a forecast, where for {until} "
            "platform has {paas}, infrastructure {iaas} and software {saas}.",
            **words,
        ),
        note=_(
            "A dashed line is one edition; filled marks are its estimate of a past year, open marks forecasts. "
            "Definitions changed between editions, so a jump between lines is no change in the market."
        ),
        columns=(
            Column("vintage", _("Edition")),
            Column("layer", _("Layer")),
            Column("year", _("Year"), "year"),
            Column("share", _("Share"), "percent"),
            Column("status", _("Status")),
        ),
    )


def layer_growth(
    forecast: Mapping[str, Estimate],
    measured: Mapping[str, Estimate],
    companies: pd.DataFrame,
    year: int,
    sources: tuple[str, ...],
) -> Figure | Card:
    """Draw how fast the layers grow: forecast for a year, and read off companies since.

    Parameters
    ----------
    forecast, measured : mapping
        Layer -> growth, share per year.
    companies : DataFrame
        As ``market_cloud.company_growth`` returns.
    year : int
        Year of the forecast.
    """
    rows = [
        (
            _("{layer}, forecast {year}", layer=_(_SHORT[layer]), year=i18n.cell("year", year)),
            style.THREE[2],
            e,
        )
        for layer, e in forecast.items()
    ]
    rows += [
        (_("{layer}, companies since", layer=_(_SHORT[layer])), style.MAIN, e)
        for layer, e in measured.items()
    ]
    table = pd.DataFrame(
        [row for row in rows if row[2].known], columns=["label", "colour", "estimate"]
    )
    if table.empty:
        return finding(
            "layer-growth-none",
            _(
                "Neither a forecast by two editions nor a year of company results had "
                "been published by then."
            ),
            claim="market-7",
        )
    values = [e.value for e in table["estimate"]]

    def draw(ax: Axes) -> None:
        ax.axvline(0.1, color=style.QUIET, ls="--")
        ax.text(0.1, -0.75, _("strong: 10%"), ha="center", va="bottom")
        charts.forest(ax, list(table["label"]), list(table["estimate"]), list(table["colour"]))
        ax.set_xlim(0, None)
        ax.set_xlabel(_("Growth in a year"))

    known = {layer: e for layer, e in measured.items() if e.known}
    words = {
        "low": i18n.percent(min(values)),
        "high": i18n.percent(max(values)),
        "n": i18n.number(len(companies)),
        "year": i18n.cell("year", year),
        "m": i18n.number(len(known)),
    }
    return charts.finish(
        draw,
        "fig-layer-growth",
        0.36 * len(table) + 1.0,
        data=charts.spread(table),
        sources=sources,
        title=_("Layers grow {low} to {high} a year, forecast or measured", **words),
        subtitle=_(
            "Growth of spending forecast for {year} by edition, and of revenue of companies over their last "
            "four quarters, by layer, world",
            **words,
        ),
        alt=_(
            "Dot chart of yearly growth by cloud layer, from {low} to {high}, where company results stand for {m} "
            "layers.",
            **words,
        ),
        note=_(
            "Forecast: least and greatest edition. Companies: {level} interval of a bootstrap over companies, n = "
            "{n}. Companies stand for a layer only where they make up a third of its spending.",
            level=i18n.percent(next((e.level for e in known.values() if e.level), 0)),
            **words,
        ),
        columns=(
            Column("label", _("What")),
            *charts.spread_columns("percent", _("Growth in a year")),
        ),
    )
