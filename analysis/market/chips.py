"""Chips for AI: whose chips train models and ship, what part is inference, who else offers chips.

No vendor discloses training and inference apart: of both there are counts of models, an estimate of
computing power shipped, one statement by NVIDIA of a year, and published shares of little authority.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import stats

from analysis.market.cloud import yearly
from analysis.market.concentration import MIN_SOURCES
from analysis.uncertainty import (
    QUANTILES,
    generator,
    percentile_interval,
    published,
    stretched,
    wilson,
)
from briefs.values import N_, RATIO, SHARE, SHARE_PER_YEAR, Estimate, Phrase

#: Vendors that disclose the revenue in question, and the segment that holds it.
DISCLOSED = {"NVDA": "Data Center", "AMD": "Data Center", "AVGO": "AI semiconductors"}
#: Growth that counts as strong, for the share of inference at which it would no longer be.
STRONG = 0.1
#: Probability between the ends that Epoch AI gives for computing power shipped.
SHIPPED_LEVEL = 0.9
#: Markets of the table of published shares.
INFERENCE_PART = "inference share of AI compute"


def trained_share(
    hardware: pd.DataFrame,
    years: int,
    level: float,
    population: str = "notable",
    joint: str = "whole",
) -> Estimate:
    """Share of models with known training hardware that were trained on NVIDIA's chips, in full years.

    The `years` latest full ones of the latest edition count. A model trained on two makers' chips
    counts for NVIDIA as a whole, or with `joint` "mentions" once for each maker. The score interval
    is that of chance alone: whose hardware is known isn't chance, as Google names its own chips more
    often than others name theirs. n counts models.
    """
    method = N_("count of models by maker of their training hardware, score interval")
    rows = hardware[hardware["population"] == population]
    full = rows[rows["year"] < rows["published"].max().year] if len(rows) else rows
    if full.empty:
        return Estimate.missing(SHARE, method)
    full = full[full["year"] > full["year"].max() - years]
    known = full.drop_duplicates("year")["with_known_hardware"].sum()
    n = int(known if joint == "whole" else full["models"].sum())
    own = full.loc[full["vendor"] == "NVIDIA", "models"].sum()
    return wilson(own / n, n, level, method).graded(full["grade"])


def shipped_share(shipments: pd.DataFrame, level: float, size: int, seed: int) -> Estimate:
    """NVIDIA's share of the computing power that the counted makers shipped in the latest full year.

    A year is full when every maker has all four quarters. The error of a chip's estimate (two-piece
    normal through the published percentiles) is taken to be the same in all quarters and for all
    chips of a maker, since it comes from prices and revenue shares that they have in common: the
    widest that the percentiles allow. Makers that aren't counted would lower the share. n counts
    makers.
    """
    method = N_("computing power shipped by the makers counted, errors alike within a maker")
    rows = shipments.assign(year=shipments["quarter_end"].dt.year)
    quarters = rows.groupby(["year", "vendor"])["quarter_end"].nunique().unstack()
    full = quarters.index[(quarters == 4).all(axis=1)] if len(rows) else quarters.index
    if full.empty:
        return Estimate.missing(SHARE, method)
    rows = rows[rows["year"] == full.max()]
    low, mid, high = (rows.groupby("vendor")[c].sum() for c in ("h100e_low", "h100e", "h100e_high"))
    half = stats.norm.ppf((1 + SHIPPED_LEVEL) / 2)
    z = generator(seed, "shipments").standard_normal((size, len(mid)))
    step = np.where(z < 0, (mid - low).to_numpy(), (high - mid).to_numpy()) / half
    power = np.maximum(mid.to_numpy() + z * step, 0)
    draws = power[:, mid.index.get_loc("NVIDIA")] / power.sum(axis=1)
    value = mid["NVIDIA"] / mid.sum()
    return percentile_interval(value, draws, level, len(mid), SHARE, method).graded(rows["grade"])


def published_share(
    shares: pd.DataFrame, market: str, bases: Iterable[str] | None = None
) -> Estimate:
    """Spread of the published shares of NVIDIA in a market, sources' own ranges included.

    Forecasts don't count; `bases` are the bases of counting to keep, all by default. n counts sources,
    and one alone gives no spread.
    """
    rows = shares[
        (shares["market"] == market)
        & (shares["vendor"] == "NVIDIA")
        & (shares["figure_kind"] == "estimate")
    ]
    rows = rows if bases is None else rows[rows["basis"].isin(list(bases))]
    method, n = N_("least and greatest of published estimates"), rows["source_id"].nunique()
    if n < MIN_SOURCES:
        return Estimate.missing(SHARE, method, n)
    figures = rows[["share", "low", "high"]].to_numpy(float).ravel()
    return published(figures, n, SHARE, method).graded(rows["grade"])


def inference_parts(shares: pd.DataFrame) -> pd.DataFrame:
    """Published parts of AI computing that are inference, oldest year first.

    Of all vendors, or of the one that sells most; one buyer's part isn't the market's, and forecasts
    don't count.
    """
    of_market = shares["vendor"].isin(["All vendors", "NVIDIA"])
    estimated = shares["figure_kind"] == "estimate"
    rows = shares[(shares["market"] == INFERENCE_PART) & of_market & estimated]
    return rows.sort_values("year")


def _turnover(revenue: pd.DataFrame, tickers: Iterable[str]) -> pd.Series:
    """Revenue of vendors together by calendar year, where every vendor's is known."""
    own = revenue[revenue["segment"] == revenue["ticker"].map(DISCLOSED)]
    wide = yearly(own[own["ticker"].isin(list(tickers))]).reindex(columns=list(tickers))
    return wide.dropna().sum(axis=1)


def inference_growth(
    revenue: pd.DataFrame, shares: pd.DataFrame, tickers: Iterable[str] = tuple(DISCLOSED)
) -> Estimate:
    """Annual growth of revenue from inference chips: vendors' revenue times inference's part of it.

    Between the first and the last year for which both are known. Every published part of the one is
    held against every one of the other: they measure different things (NVIDIA's revenue, spending on
    compute, power), so they say how far the part may be off, not what it is; `turning_point` says how
    low it would have to be. n counts sources; missing with fewer than two.
    """
    method = N_("vendors' revenue times every published part of it that is inference")
    parts, total = inference_parts(shares), _turnover(revenue, tickers)
    parts = parts[parts["year"].isin(total.index)]
    n = parts["source_id"].nunique()
    if parts["year"].nunique() < 2 or n < MIN_SOURCES:
        return Estimate.missing(SHARE_PER_YEAR, method, n)
    first, last = parts["year"].min(), parts["year"].max()
    then, now = (parts.loc[parts["year"] == year, "share"].to_numpy() for year in (first, last))
    factors = total[last] / total[first] * now[:, None] / then[None, :]
    growth = factors.ravel() ** (1 / (last - first)) - 1
    ends = parts[parts["year"].isin([first, last])]
    return published(growth, n, SHARE_PER_YEAR, method).graded(ends["grade"])


def turning_point(revenue: pd.DataFrame, shares: pd.DataFrame) -> Estimate:
    """Part of the last year's revenue below which inference would have grown less than strongly.

    From the greatest published part of the first year, the harder test.
    """
    method = N_("part of revenue at which growth would be a tenth a year")
    parts, total = inference_parts(shares), _turnover(revenue, DISCLOSED)
    parts = parts[parts["year"].isin(total.index)]
    if parts["year"].nunique() < 2:
        return Estimate.missing(SHARE, method)
    first, last = parts["year"].min(), parts["year"].max()
    then = parts.loc[parts["year"] == first, "share"].to_numpy()
    needed = (1 + STRONG) ** (last - first) * then * total[first] / total[last]
    return published(needed[needed == needed.max()], len(then), SHARE, method)


def competition(
    shipped: Estimate, trained: Estimate, shares: pd.DataFrame, level: float, seed: int
) -> Estimate:
    """NVIDIA's share in inference over that in training, as its share of all chips implies.

    Of all chips a part i serves inference and the rest training, so NVIDIA's share of all is a mean of
    its shares in the two: T = i s + (1 - i) t, and s = (T - (1 - i) t) / i. T is from computing power
    shipped, t from models trained; i is anywhere between the least and the greatest published part of
    the last year. Draws for which s isn't a share can't be, and are left out. That a count of models
    stands for computing power in training is an assumption: were NVIDIA's share of it smaller, so
    would be the gap.
    """
    method = N_(
        "from shares of all chips and of training, inference's part between its published extremes"
    )
    parts = inference_parts(shares)
    parts = parts[parts["year"] == parts["year"].max()]
    n = parts["source_id"].nunique()
    if n < MIN_SOURCES or not (shipped.known and trained.known):
        return Estimate.missing(RATIO, method, n)
    low, high = parts["share"].min(), parts["share"].max()
    rng = generator(seed, "competition")
    whole, training = (rng.choice(found.figures, 1000) for found in (shipped, trained))
    part = rng.uniform(low, high, 1000)
    inference = (whole - (1 - part) * training) / part
    draws = np.where((inference >= 0) & (inference <= 1), inference / training, np.nan)
    middle = (low + high) / 2
    value = (shipped.value - (1 - middle) * trained.value) / middle / trained.value
    grades = (shipped.grade, trained.grade, *parts["grade"])
    return stretched(percentile_interval(value, draws, level, n, RATIO, method)).graded(grades)


def published_ratio(shares: pd.DataFrame) -> Estimate:
    """NVIDIA's published share in inference over that in training, every pair of sources."""
    method = N_("every published share in inference over every one in training")
    own = shares[(shares["vendor"] == "NVIDIA") & (shares["figure_kind"] == "estimate")]
    over, under = (own[own["market"] == market] for market in ("inference", "training"))
    n = pd.concat([over, under])["source_id"].nunique()
    if over.empty or under.empty or n < MIN_SOURCES:
        return Estimate.missing(RATIO, method, n)
    ratios = over["share"].to_numpy()[:, None] / under["share"].to_numpy()[None, :]
    return published(ratios.ravel(), n, RATIO, method).graded(over["grade"], under["grade"])


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


def focus(
    chips: pd.DataFrame,
    claim_date: pd.Timestamp,
    years: float,
    level: float,
    seed: int,
    targets: str = "alone",
) -> Estimate:
    """Share of new chips made for inference alone, in the years after the claim over those before.

    Both shares have the posterior of Jeffreys' prior, independent of one another. With `targets`
    "stated" only the maker's word counts, not the compiler's judgement. n counts chips; missing
    without a chip for inference before the claim, as there would be nothing to divide by.

    References
    ----------
    L. D. Brown, T. T. Cai, A. DasGupta (2001), Interval estimation for a binomial proportion,
    Statistical Science 16(2).
    """
    text = N_(
        "chips for inference alone among new chips, {years} years each side, Jeffreys' posteriors"
    )
    method = Phrase(text, {"years": ("integer", int(years))})
    day, span = pd.Timestamp(claim_date), pd.DateOffset(years=int(years))
    own = chips["target"] == "inference"
    own &= (targets == "alone") | (chips["target_basis"] == "stated")
    sides = (
        own[(chips["since"] > day) & (chips["since"] <= day + span)],
        own[(chips["since"] > day - span) & (chips["since"] <= day)],
    )
    n = sum(map(len, sides))
    if sides[0].empty or not sides[1].any():
        return Estimate.missing(RATIO, method, n)
    after, before = (
        stats.beta.ppf(QUANTILES, side.sum() + 0.5, (~side).sum() + 0.5) for side in sides
    )
    draws = after / generator(seed, "focus").permutation(before)
    value = sides[0].mean() / sides[1].mean()
    counted = chips.loc[sides[0].index.union(sides[1].index), "grade"]
    # with no chip for inference after the claim the value is zero, where no posterior reaches
    found = percentile_interval(value, draws, level, n, RATIO, method)
    return stretched(found).graded(counted)
