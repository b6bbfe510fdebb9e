"""Chips for AI: who sells them, how sure that is, and who else offers chips for inference.

No vendor discloses training and inference apart, so shares are the spread of what analysts publish.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import stats

from analysis.market.concentration import hhi, hhi_bounds, spread_of
from analysis.uncertainty import transformed
from briefs.values import N_, RATIO, SHARE, SHARE_PER_YEAR, Estimate, Phrase

#: Vendors that disclose the revenue in question, and the segment that holds it.
DISCLOSED = {"NVDA": "Data Center", "AMD": "Data Center", "AVGO": "AI semiconductors"}
#: What Broadcom's AI chips can at most be in a quarter in which it doesn't say.
UPPER = {"AVGO": "Semiconductor solutions"}
#: Years before and after the claim in which new chips are counted.
WINDOW_YEARS = 2


def share_spread(
    published: pd.DataFrame, market: str, bases: Iterable[str] | None = None
) -> Estimate:
    """Spread of the published shares of NVIDIA; forecasts don't count.

    `bases` are the bases of counting to keep; all by default. Median, least and greatest, the
    sources' own ranges included; n counts sources, and one alone gives no spread.
    """
    rows = published[
        (published["market"] == market)
        & (published["vendor"] == "NVIDIA")
        & (published["figure_kind"] == "estimate")
        & published["verified"]
    ]
    rows = rows if bases is None else rows[rows["basis"].isin(list(bases))]
    method = N_("least and greatest of published estimates")
    if rows.empty:
        return Estimate.missing(SHARE, method)
    share, sources = rows["share"], rows["source_id"].nunique()
    low, high = rows["low"].fillna(share).min(), rows["high"].fillna(share).max()
    return spread_of(share.median(), low, max(high, share.max()), sources, SHARE, method)


def ratio_of(part: Estimate, whole: Estimate) -> Estimate:
    """Ratio of two spreads, over every pair of ends; missing when either is."""
    method = N_("spread of one over spread of the other")
    n = min(part.n, whole.n)
    if not (part.known and whole.known):
        return Estimate.missing(RATIO, method, n)
    low, high = part.low / whole.high, part.high / whole.low
    return Estimate(part.value / whole.value, low, high, None, n, RATIO, method)


def quarters(revenue: pd.DataFrame) -> pd.DataFrame:
    """Revenue of the vendors of accelerators by calendar quarter.

    Columns: ``quarter`` (first day of the calendar quarter in which the middle of the fiscal one
    falls), ``ticker``, ``company``, ``segment``, ``revenue_usd_m``, ``upper`` (bool: a bound from
    above), ``source_id``.
    """
    rows = revenue[(revenue["frequency"] == "quarter") & (revenue["layer"] == "accelerators")]
    exact = rows["segment"] == rows["ticker"].map(DISCLOSED)
    bound = rows["segment"] == rows["ticker"].map(UPPER)
    rows = rows[exact | bound].assign(upper=bound[exact | bound])
    middle = rows["period_end"] - pd.Timedelta(days=45)
    rows = rows.assign(quarter=middle.dt.to_period("Q").dt.start_time)
    rows = rows.sort_values(["quarter", "ticker", "upper"])
    rows = rows.drop_duplicates(["quarter", "ticker"])  # a bound only where nothing is disclosed
    columns = "quarter ticker company segment revenue_usd_m upper source_id"
    return rows[columns.split()].reset_index(drop=True)


def two_largest(by_quarter: pd.DataFrame) -> pd.DataFrame:
    """NVIDIA's ``share`` of its own and AMD's data-centre revenue by ``quarter``.

    The longest series that both disclose; quarters that lack one of them are absent.
    """
    exact = by_quarter[~by_quarter["upper"]]
    wide = exact.pivot(index="quarter", columns="ticker", values="revenue_usd_m")
    wide = wide.reindex(columns=["NVDA", "AMD"]).dropna()
    return (wide["NVDA"] / wide.sum(axis=1)).rename("share").reset_index()


def vendor_concentration(by_quarter: pd.DataFrame, custom_share: float) -> pd.DataFrame:
    """HHI of vendors' revenue per quarter, with bounds for what isn't disclosed.

    Only quarters count in which all three vendors disclose. `custom_share` is the most that chips
    which cloud providers build for themselves may be of the whole.

    Columns: ``quarter``, ``estimate`` of the HHI (n counts vendors) and ``nvidia``: NVIDIA's share
    of disclosed revenue, the most that it can be.
    """
    method = N_(
        "disclosed revenue of three vendors; bounds for chips that cloud providers build themselves"
    )
    rows = []
    for quarter, found in by_quarter[~by_quarter["upper"]].groupby("quarter"):
        known = found.set_index("ticker")["revenue_usd_m"]
        if set(DISCLOSED) <= set(known.index):
            low, high = hhi_bounds(known, custom_share / (1 - custom_share) * known.sum())
            index = Estimate(hhi(known), low, high, None, len(known), "1", method)
            rows.append((quarter, index, known["NVDA"] / known.sum()))
    return pd.DataFrame(rows, columns=["quarter", "estimate", "nvidia"])


def custom_share(published: pd.DataFrame) -> float:
    """Largest published share of chips that cloud providers build for themselves; 0 when none is published."""
    rows = published[
        published["vendor"].str.startswith("Custom") & (published["market"] == "AI accelerator")
    ]
    return float(rows["high"].fillna(rows["share"]).max()) if len(rows) else 0.0


def inference_growth(revenue: pd.DataFrame, published: pd.DataFrame) -> Estimate:
    """Annual growth of revenue from inference chips: vendors' revenue times inference's share of computing.

    The one published share, of computing rather than revenue, gives the point. The ends let the share
    stay put between its least and greatest published value at either year, whichever way it may have
    moved. Missing without shares of two years and vendors' revenue in both; n counts vendors.
    """
    method = N_(
        "vendors' data-centre revenue times inference's published share of computing, ends by its extremes"
    )
    counted = published[
        (published["market"] == "inference share of AI compute")
        & (published["figure_kind"] == "estimate")
    ]
    part = counted.set_index("year")["share"].sort_index()
    rows = quarters(revenue)
    rows = rows[~rows["upper"] & rows["ticker"].isin(["NVDA", "AMD"])]
    means = rows.groupby([rows["quarter"].dt.year, "ticker"])["revenue_usd_m"].mean()
    total = means.unstack().dropna().sum(axis=1)
    years = [year for year in part.index if year in total.index]
    if len(years) < 2:
        return Estimate.missing(SHARE_PER_YEAR, method)
    first, last = years[0], years[-1]
    turnover, span = total[last] / total[first], last - first
    factors = [
        turnover * part[last] / part[first],
        turnover * part.min() / part.max(),
        turnover * part.max() / part.min(),
    ]
    value, low, high = (factor ** (1 / span) - 1 for factor in factors)
    return Estimate(value, low, high, None, 2, SHARE_PER_YEAR, method)


def offered(chips: pd.DataFrame) -> pd.DataFrame:
    """Chips, oldest first, with the day ``since`` which each counts: available where known, else announced."""
    since = chips["available"].fillna(chips["announced"])
    return chips.assign(since=since).sort_values("since", ignore_index=True)


def entrants(chips: pd.DataFrame, targets: Iterable[str]) -> pd.DataFrame:
    """How many vendors have offered a chip for one of the targets (inference, both, training), over time.

    A row per entrant: ``since``, ``vendor``, ``chip``, ``vendors`` (running count), ``source_id``.
    """
    first = chips[chips["target"].isin(list(targets))].drop_duplicates("vendor")
    first = first.assign(vendors=np.arange(1, len(first) + 1))
    return first[["since", "vendor", "chip", "vendors", "source_id"]]


def focus(chips: pd.DataFrame, claim_date: pd.Timestamp, level: float) -> Estimate:
    """Share of new chips made for inference alone, in the two years after the claim over the two before.

    n counts chips. Half a chip is added to every count, so that none is zero.

    References
    ----------
    D. Katz, J. Baptista, S. P. Azen, M. C. Pike (1978), Obtaining confidence intervals for the risk
    ratio in cohort studies, Biometrics 34(3).
    """
    day, span = pd.Timestamp(claim_date), pd.DateOffset(years=WINDOW_YEARS)
    before = chips[(chips["since"] > day - span) & (chips["since"] <= day)]
    after = chips[(chips["since"] > day) & (chips["since"] <= day + span)]
    text = N_(
        "chips for inference alone among new chips, {years} years each side, log interval of a risk ratio"
    )
    method = Phrase(text, {"years": ("integer", WINDOW_YEARS)})
    if after.empty or before.empty:
        return Estimate.missing(RATIO, method, len(before) + len(after))
    (a, n1), (b, n0) = (
        ((rows["target"] == "inference").sum() + 0.5, len(rows) + 0.5) for rows in (after, before)
    )
    log, error = np.log(a / n1 / (b / n0)), np.sqrt(1 / a - 1 / n1 + 1 / b - 1 / n0)
    half = stats.norm.ppf((1 + level) / 2) * error
    found = Estimate(log, log - half, log + half, level, len(after) + len(before), "1", method)
    return transformed(found, np.exp, RATIO)
