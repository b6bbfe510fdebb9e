"""Second opinions on the price decline: hedonic regression, rates of others."""

import numpy as np
import pandas as pd

from analysis.uncertainty import published, regression, student, transformed
from briefs.values import N_, SHARE_PER_YEAR, Estimate, Phrase


def quality(score: pd.Series, benchmark: str) -> pd.Series:
    """Score on a log-odds scale, so that a step means the same at any height.

    Percent correct becomes ``log(p / (1 - p))``; Elo points the log odds of winning they stand for.
    """
    if benchmark == "LMArena-Elo":
        return score * np.log(10) / 400
    share = (score / 100).clip(0.005, 0.995)
    return np.log(share / (1 - share))


def hedonic(offered: pd.DataFrame, benchmark: str, level: float) -> Estimate:
    """Annual decline of the list price at equal quality, over all offers rather than the cheapest.

    Least squares of log price on time and quality; errors clustered by provider. Missing with
    fewer than 10 prices or 3 providers; n counts prices.

    References
    ----------
    J. E. Triplett (2006), Handbook on Hedonic Indexes and Quality Adjustments in Price Indexes, OECD.
    """
    rows = offered[offered["benchmark"] == benchmark]
    text = N_(
        "hedonic regression of log price on time and {benchmark} score, errors clustered by provider"
    )
    method = Phrase(text, {"benchmark": ("text", benchmark)})
    if len(rows) < 10 or rows["provider"].nunique() < 3:
        return Estimate.missing(SHARE_PER_YEAR, method, len(rows))
    x = pd.DataFrame(
        {
            "years": (rows["start"] - rows["start"].min()).dt.days / 365.25,
            "quality": quality(rows["score"], benchmark),
        }
    )
    providers = rows["provider"]
    fit = regression(np.log(rows["usd_per_mtok"]), x, level, providers).loc["years"]
    freedom = providers.nunique() - 1
    slope = student(fit["value"], fit["se"], freedom, level, len(rows), "1", method)
    fall = transformed(slope, lambda log: -np.expm1(log), SHARE_PER_YEAR)
    return fall.graded(rows["grade"])


def published_rates(trends: pd.DataFrame) -> Estimate:
    """What others measured at fixed capability: the spread of one figure from each source.

    Estimates alone count, not what somebody claims or forecasts. A source with several rates, for
    several scores, stands with their median; one that gives only a range, with both its ends.
    """
    method = N_("one figure of each source: the median of its estimates, or its range")
    rows = trends[
        (trends["metric"] == "price at fixed capability") & (trends["figure_kind"] == "estimate")
    ]
    stated = rows.dropna(subset=["annual_factor"]).groupby("source_id")["annual_factor"].median()
    ranged = rows[~rows["source_id"].isin(stated.index)].dropna(subset=["low_factor"])
    left = [*stated, *ranged["low_factor"], *ranged["high_factor"]]
    n = len(stated) + ranged["source_id"].nunique()
    found = published([1 - factor for factor in left], n, SHARE_PER_YEAR, method)
    used = rows["source_id"].isin([*stated.index, *ranged["source_id"]])
    return found.graded(rows[used].groupby("source_id")["grade"].first())
