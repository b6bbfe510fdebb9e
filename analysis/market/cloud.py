"""Layers of cloud services: shares within each edition, what came of forecasts, growth of companies.

Definitions change between editions, so a share is only ever taken within one, and only of the
three layers in question: platform (PaaS), infrastructure (IaaS) and software (SaaS) services.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from analysis.market.concentration import MIN_SOURCES
from analysis.uncertainty import published
from briefs.values import N_, POINTS as POINTS, SHARE as SHARE, SHARE_PER_YEAR, Estimate

LAYERS = ("PaaS", "IaaS", "SaaS")
#: Segments that are a layer, or a part of one, under other names.
SEGMENTS = {
    **{layer: layer for layer in LAYERS},
    "SaaS applications (IDC)": "SaaS",
    "SaaS system infrastructure (IDC)": "SaaS",
}
#: How the revenue table calls companies by layer. What the four largest providers earn (iaas there)
#: reaches from infrastructure into platforms, suites and servers: they stand for no layer.
SOFTWARE, PROVIDERS, PLATFORM = "saas", "iaas", "platform"
#: Segments that are part of another segment of the same company.
PARTS = ("US commercial", "US government", "Cloud applications (SaaS)")
QUARTERS = 4


def layer_shares(spending: pd.DataFrame) -> pd.DataFrame:
    """Share of each layer in the three together, by edition and year.

    Columns: ``source_id`` (the edition), ``vintage``, ``published``, ``year``, ``layer``,
    ``status``, ``spending_usd_m``, ``share``, ``grade``; only years for which an edition has all
    three layers.
    """
    rows = spending[spending["segment"].isin(SEGMENTS)]
    rows = rows.assign(layer=rows["segment"].map(SEGMENTS))
    keys = ["source_id", "vintage", "published", "year", "layer", "status", "grade"]
    rows = rows.groupby(keys, as_index=False)["spending_usd_m"].sum()
    whole = rows.groupby(["source_id", "year"])["spending_usd_m"].agg(["sum", "count"])
    rows = rows.join(whole, on=["source_id", "year"])
    rows = rows[rows["count"] == len(LAYERS)]
    rows = rows.assign(share=rows["spending_usd_m"] / rows["sum"])
    columns = "source_id vintage published year layer status spending_usd_m share grade"
    return rows.sort_values(["published", "year", "layer"])[columns.split()].reset_index(drop=True)


def changes(shares: pd.DataFrame) -> pd.DataFrame:
    """Change of each layer's share from one year to the next within an edition.

    Columns: ``source_id``, ``vintage``, ``published``, ``layer``, ``year`` and ``status`` (of the
    later year), ``change`` (percentage points), ``growth`` (of spending, share), ``spending_usd_m``,
    ``grade``.
    """
    rows = shares.sort_values(["source_id", "layer", "year"])
    by = rows.groupby(["source_id", "layer"])
    rows = rows.assign(
        change=100 * by["share"].diff(),
        growth=by["spending_usd_m"].pct_change(),
        step=by["year"].diff(),
    )
    columns = (
        "source_id vintage published layer year status change growth spending_usd_m grade".split()
    )
    rows = rows.loc[rows["step"] == 1, columns]
    return rows.sort_values(["published", "year", "layer"], ignore_index=True)


def _editions(found: pd.Series, unit: str, method: str) -> Estimate:
    """Median of editions, from the least to the greatest; n counts them. Missing with one."""
    if len(found) < MIN_SOURCES:
        return Estimate.missing(unit, method, len(found))
    return published(found.to_numpy(), len(found), unit, method)


def expected_change(moves: pd.DataFrame, layer: str, claim_date: pd.Timestamp) -> Estimate:
    """Change of a layer's share that editions before the claim forecast for the year of the claim."""
    day = pd.Timestamp(claim_date)
    found = moves.loc[
        (moves["layer"] == layer) & (moves["year"] == day.year) & (moves["published"] <= day),
        "change",
    ]
    method = N_("change of share within each edition, least and greatest of editions")
    return _editions(found, POINTS, method)


def revisions(moves: pd.DataFrame) -> pd.DataFrame:
    """How far the forecast change of a share moved from one edition to the last one that has the year.

    Columns: ``layer``, ``year``, ``vintage``, ``first`` and ``last`` (percentage points),
    ``revision`` (last less first), ``source_id``.
    """
    rows = moves.sort_values("published")
    last = rows.groupby(["layer", "year"])[["change", "source_id"]].transform("last")
    rows = rows.assign(
        first=rows["change"], last=last["change"], revision=last["change"] - rows["change"]
    )
    columns = ["layer", "year", "vintage", "first", "last", "revision", "source_id"]
    return rows.loc[rows["source_id"] != last["source_id"], columns].reset_index(drop=True)


def typical(sizes: pd.Series, unit: str) -> Estimate:
    """Root mean square of signed errors or revisions, from the least to the greatest size.

    Missing with fewer than two.
    """
    size, method = sizes.abs(), N_("root mean square, least and greatest size")
    if len(size) < 2:
        return Estimate.missing(unit, method, len(size))
    value = float(np.sqrt((size**2).mean()))
    return Estimate(value, size.min(), size.max(), None, len(size), unit, method)


def forecast_growth(moves: pd.DataFrame, layer: str, year: int) -> Estimate:
    """Growth of spending on a layer in a year, over all editions that have it."""
    found = moves.loc[(moves["layer"] == layer) & (moves["year"] == year), "growth"]
    method = N_("growth within each edition, least and greatest of editions")
    return _editions(found, SHARE_PER_YEAR, method)


def company_growth(revenue: pd.DataFrame, claim_date: pd.Timestamp) -> pd.DataFrame:
    """Growth of each company's revenue: its last four quarters, all since the claim, over the four before.

    Columns: ``layer``, ``ticker``, ``company``, ``segment``, ``last``, ``before`` (US$ million),
    ``growth``, ``period_end`` (of the last quarter), ``source_id``.
    """
    groups = [SOFTWARE, PROVIDERS, PLATFORM]
    rows = revenue[(revenue["frequency"] == "quarter") & revenue["layer"].isin(groups)]
    rows = rows[~rows["segment"].isin(PARTS)].sort_values("period_end")
    found = []
    for (layer, ticker, segment), own in rows.groupby(["layer", "ticker", "segment"]):
        last = own.tail(2 * QUARTERS)
        ends, revenues = last["period_end"], last["revenue_usd_m"]
        # eight quarters in a row, the later four since the claim
        in_a_row = len(last) == 2 * QUARTERS and (ends.iloc[-1] - ends.iloc[0]).days <= 670
        if not in_a_row or ends.iloc[QUARTERS] <= pd.Timestamp(claim_date):
            continue
        before, after = revenues.head(QUARTERS).sum(), revenues.tail(QUARTERS).sum()
        name, source = own["company"].iloc[0], own["source_id"].iloc[-1]
        growth = after / before - 1
        found.append((layer, ticker, name, segment, after, before, growth, ends.iloc[-1], source))
    names = "layer ticker company segment last before growth period_end source_id"
    return pd.DataFrame(found, columns=names.split())


def yearly(revenue: pd.DataFrame) -> pd.DataFrame:
    """Revenue by calendar year and ticker: a company's own year, or the sum of four quarters.

    A period belongs to the year in which its middle falls.
    """
    half = revenue["frequency"].map(
        {"year": pd.Timedelta(days=183), "quarter": pd.Timedelta(days=45)}
    )
    rows = revenue.assign(year=(revenue["period_end"] - half).dt.year)
    by = rows.groupby(["frequency", "year", "ticker"])["revenue_usd_m"].agg(["sum", "count"])
    whole = by.index.get_level_values("frequency").map({"year": 1, "quarter": QUARTERS})
    by = by.loc[by["count"] == whole, "sum"]
    tables = {f: own.droplevel(0).unstack() for f, own in by.groupby(level="frequency")}
    years, sums = (tables.get(f, pd.DataFrame()) for f in ("year", "quarter"))
    return years.combine_first(sums)


def each_layer(
    measure: Callable[..., Estimate], moves: pd.DataFrame, *given: Any
) -> dict[str, Estimate]:
    """Take a measure of every layer: `measure(moves, layer, *given)`."""
    return {layer: measure(moves, layer, *given) for layer in LAYERS}
