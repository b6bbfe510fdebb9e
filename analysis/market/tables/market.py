"""Tables of the market-impact brief; a sentence where there is nothing to list yet."""

from collections.abc import Mapping

import pandas as pd

from analysis.market.figures.cloud import LAYERS
from briefs.display import charts, i18n
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Table
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


def published_shares(found: pd.DataFrame, names: Mapping[str, str]) -> Table | Card:
    """Show every share of NVIDIA in ``accelerator-shares``, by market; `names` says how to name a source."""
    own = (found["vendor"] == "NVIDIA") & (found["figure_kind"] == "estimate")
    rows = found[own & found["market"].isin(_MARKETS)]
    if rows.empty:
        text = _(
            "No share of NVIDIA's in these markets had been published by then, as far as "
            "the dates of the sources are known."
        )
        return finding("shares-none", text, "market-2")
    rows = rows.assign(place=rows["market"].map(list(_MARKETS).index))
    rows = rows.sort_values(["place", "share"], ignore_index=True)
    rows = rows.assign(
        what=[
            _(
                "{name}: {value}",
                name=_(_MARKETS[row.market]),
                value=i18n.name(names[row.source_id]),
            )
            for row in rows.itertuples()
        ],
        basis=[_(_BASES[basis]) for basis in rows["basis"]],
    )
    return charts.table(
        "tab-chip-shares",
        charts.extent(rows["share"]),
        rows,
        title=_("NVIDIA's published market shares run from {low} to {high}")
        if len(rows) > 1
        else _("NVIDIA's one published market share is {low}"),
        subtitle=_("NVIDIA's share of markets for AI chips as published, world"),
        note=_(
            "Low and high: ranges that a source gives itself, without a level. Sources count revenue, units or "
            "computing power, and many state no method."
        ),
        columns=(
            Column("what", _("Market and source")),
            Column("year", _("Year"), "year"),
            Column("share", _("Share"), "percent"),
            Column("low", _("Low"), "percent"),
            Column("high", _("High"), "percent"),
            Column("basis", _("Counted")),
        ),
    )


_GROUPS = {
    "platform": N_("PaaS"),
    "iaas": N_("Providers, several layers"),
    "saas": N_("SaaS"),
}


def companies(found: pd.DataFrame) -> Table | Card:
    """Show the growth of each company since the claim."""
    if found.empty:
        text = _("No full year of company results since the claim had been published by then.")
        return finding("companies-none", text, "market-7")
    rows = found.assign(
        layer=[_(_GROUPS[x]) for x in found["layer"]],
        last=found["last"] * 1e6,
        segment=i18n.texts(found["segment"]),
    )
    return charts.table(
        "tab-companies",
        charts.extent(rows["growth"]),
        rows,
        title=_("{n} companies grew {low} to {high} in a year"),
        subtitle=_(
            "Revenue of the last four quarters, US$, and growth on the four before, by layer, world"
        ),
        note=_(
            "A company is not its layer. The segments of the largest providers hold infrastructure, platforms, suites "
            "and servers together, and stand for no layer."
        ),
        columns=(
            Column("layer", _("Layer")),
            Column("company", _("Company")),
            Column("segment", _("Segment")),
            Column("last", _("Revenue"), "usd"),
            Column("growth", _("Growth"), "percent"),
            Column("period_end", _("Until"), "month"),
        ),
    )


def back_test(found: pd.DataFrame) -> Table | Card:
    """Show what shift-share would have said of a counted year, beside the count."""
    if found.empty:
        text = _("No year that was counted by layer can yet be held against the method.")
        return finding("back-test-none", text, "market-4")
    rows = charts.spread(found).assign(name=[_(LAYERS[x]) for x in found["layer"]])
    return charts.table(
        "tab-back-test",
        {"held": i18n.number(int(found["held"].sum())), "total": i18n.number(len(found))},
        rows,
        sources=found["source_id"],
        title=_("The method's interval held {held} of {total} counted changes"),
        subtitle=_(
            "Change of share as the method would have put it and as counted, percentage points, world"
        ),
        note=_(
            "Without the gaps between companies and layers, which are learned from such a year. Of platforms and "
            "infrastructure the method gives bounds, which are wide, so holding them proves little."
        ),
        columns=(
            Column("name", _("Layer")),
            Column("year", _("Year"), "year"),
            Column("value", _("Method"), "number"),
            Column("low", _("Low"), "number"),
            Column("high", _("High"), "number"),
            Column("counted", _("Counted"), "number"),
        ),
    )


_COUNTS = {"actual": N_("actual"), "estimate": N_("estimate")}


def foreseen(found: pd.DataFrame) -> Table | Card:
    """Show what each edition foresaw of a layer's spending in a year, beside what came."""
    if found.empty:
        text = _("No year that an edition forecast by layer had been counted by then.")
        return finding("foreseen-none", text, "market-4")
    rows = found.assign(
        name=[_(LAYERS[x]) for x in found["layer"]],
        foreseen=found["foreseen"] * 1e6,
        came=found["came"] * 1e6,
        times=found["came"] / found["foreseen"],
        basis=[_(_COUNTS[x]) for x in found["basis"]],
    )
    return charts.table(
        "tab-foreseen",
        charts.extent(rows["times"], i18n.factor),
        rows,
        sources=(*found["source_id"], *found["counted_by"]),
        title=_("What came was {low} to {high} of what editions foresaw"),
        subtitle=_(
            "Spending on a layer as an edition forecast it, and as the same publisher counted it since, US$, world"
        ),
        note=_(
            "Counted: the last figure called actual, else the last estimate of a past year. What counts as a platform "
            "widened between 2018 and 2022, so those misses are of definitions, too. Forecasts of one year share its "
            "surprises."
        ),
        columns=(
            Column("vintage", _("Edition")),
            Column("name", _("Layer")),
            Column("year", _("Year"), "year"),
            Column("foreseen", _("Foreseen"), "usd"),
            Column("came", _("Came"), "usd"),
            Column("times", _("Came over foreseen"), "factor"),
            Column("error", _("Log error"), "number"),
            Column("basis", _("Counted as")),
        ),
    )


_FACTS = {
    "nvda_market_cap_loss": N_("NVIDIA: market value lost"),
    "nvda_previous_record_loss": N_("Largest such loss before"),
    "nasdaq_composite_return": N_("Nasdaq Composite"),
    "sox_return": N_("Philadelphia Semiconductor Index"),
    "sp500_return": N_("S&P 500"),
    "avgo_market_cap_loss": N_("Broadcom: market value lost"),
    "dow_return": N_("Dow Jones Industrial Average"),
    "nvda_contribution_to_sp500": N_("NVIDIA's part of the move of the S&P 500"),
}


def facts(found: pd.DataFrame, date: pd.Timestamp) -> Table | Card:
    """Show what the press recorded of the day of the event; other days have no facts."""
    rows = found[(found["event_date"] == pd.Timestamp(date)) & found["measure"].isin(_FACTS)]
    if rows.empty:
        text = _("No facts of that day are held beside the returns.")
        return finding("facts-none", text, "market-1")
    rows = rows.sort_values(
        "measure", key=lambda measures: measures.map(list(_FACTS).index), kind="stable"
    )
    rows = rows.assign(
        what=[_(_FACTS[m]) for m in rows["measure"]],
        note=i18n.texts(rows["note"]),
        share=rows["value"].where(rows["unit"] == "share"),
        usd=(rows["value"] * 1e9).where(rows["unit"] == "USD bn"),
    )
    lost = rows.loc[rows["measure"] == "nvda_market_cap_loss", "usd"]
    return charts.table(
        "tab-event-facts",
        {"day": i18n.day(date), **charts.extent(lost, i18n.money)},
        rows,
        title=_("NVIDIA lost {low} to {high} of market value")
        if len(lost)
        else _("What the press recorded of the day"),
        subtitle=_("Index returns and market value lost on {day}, as recorded"),
        note=_("Figures for one company differ by the price and the count of shares they rest on."),
        columns=(
            Column("what", _("What")),
            Column("share", _("Return"), "percent"),
            Column("usd", "US$", "usd"),
            Column("note", _("Note")),
        ),
    )
