"""Figures on chips: what models are trained on, entrants; a sentence where nothing had been published."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure

#: Makers that are drawn; few models are known to be trained on the chips of others.
_MAKERS = ("NVIDIA", "Google TPU")
#: Where the name of an entrant stands: above the step that it made.
_BESIDE: Any = {"textcoords": "offset points"}
_BEFORE = (
    (-4, 1, "right", "bottom"),
    (-4, 5, "right", "bottom"),
    (4, -4, "left", "top"),
    (4, 3, "left", "bottom"),
)


def trained_on(hardware: pd.DataFrame) -> Figure | Card:
    """Draw ``training-hardware``: share of notable models trained on each maker's chips, by year."""
    rows = hardware[(hardware["population"] == "notable") & hardware["vendor"].isin(_MAKERS)]
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
        charts.drawing("fig-trained-on", 2.8, _draw_trained, rows, wide=4.0),
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
    makers = {v: rows[rows["vendor"] == v] for v in _MAKERS}
    kept = {
        _("{name}, {share}", name=name, share=i18n.percent(own["share"].iloc[-1])): own
        for name, own in makers.items()
        if len(own)
    }
    ends = charts.lines(ax, kept, "year", "share", say, markers=style.MARKERS)
    ax.set_ylim(0, 1.02)
    axes.percent_axis(ax.yaxis)
    axes.whole_axis(ax.xaxis)
    axes.measure(ax, _("Share of models with known hardware"), ends)


def entrants(every: pd.DataFrame, alone: pd.DataFrame, claim_date: pd.Timestamp) -> Figure | Card:
    """Draw ``chips.entrants``: vendors of every chip that serves inference, and of those for inference alone."""
    if every.empty:
        return finding("entrants-none", _("No chip for inference is dated by then."), "market-3")
    kinds = {_("also for inference"): every, _("inference alone"): alone}
    shown = pd.concat([rows.assign(kind=name) for name, rows in kinds.items()], ignore_index=True)
    new = int((every["since"] > pd.Timestamp(claim_date)).sum())
    words = {
        "n": i18n.number(len(every)),
        "new": i18n.number(new),
        "alone": i18n.number(len(alone)),
        "day": i18n.month(claim_date),
        "first": i18n.cell("year", every["since"].dt.year.min()),
    }
    return charts.figure(
        charts.drawing("fig-entrants", 2.9, _draw_entrants, kinds, claim_date, wide=4.6),
        words,
        shown,
        title=_("{n} vendors have offered inference chips, {new} of them since {day}")
        if new
        else _("{n} vendors have offered inference chips, none of them since {day}"),
        subtitle=_(
            "Vendors with a data-centre chip offered or announced by then, counted since {first}, world"
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
    when, beside = ax.convert_xunits(claim_date), _BESIDE | {"xycoords": ax.get_xaxis_transform()}
    ax.annotate(_("claim"), (when, 0), (-4, 4), ha="right", **beside)
    ax.set_ylim(0, None)
    axes.whole_axis(ax.yaxis)
    axes.over_time(ax, _("Vendors so far"), ends)
    if style.wide(ax):
        named = next(iter(kinds.values())).sort_values("since", ascending=False)
        points = list(zip(named["since"], named["vendors"], named["vendor"], strict=True))
        axes.point_labels(ax, points[1:] + points[:1], _BEFORE)
