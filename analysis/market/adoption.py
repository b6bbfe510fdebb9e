"""Smaller firms and newcomers: use of AI by size of firm, and the organisations behind notable models.

Use is compared by odds. A ratio of shares favours whoever starts low, since a share can't pass one, and
a difference in points favours whoever stands near a half; on log odds a step means the same everywhere.
"""

import numpy as np
import pandas as pd
from scipy import stats

from analysis.uncertainty import QUANTILES, generator, percentile_interval, published
from briefs.values import N_, RATIO, Estimate, Phrase

#: The largest size class, with which the small ones are compared.
LARGE = "250+"
EU_SMALL, EU_LARGE = "Small (10-49)", "Large (250+)"
#: Half a unit of the last digit, of a share in whole percent and of one with a decimal.
WHOLE, DECIMAL = 0.005, 0.0005


def log_odds(share: np.ndarray) -> np.ndarray:
    """Log odds of shares between 0 and 1, ends excluded."""
    return np.log(share / (1 - share))


def _mean_log_odds(rows: pd.DataFrame) -> tuple[float, float]:
    """Mean of log odds over periods, and its variance, periods being independent."""
    share, error = rows["share"].to_numpy(), rows["standard_error"].to_numpy()
    variance = (error / (share * (1 - share))) ** 2  # the delta method
    return float(log_odds(share).mean()), float(variance.sum() / len(rows) ** 2)


def us_growth(
    use: pd.DataFrame, small: str, claim_date: pd.Timestamp, periods: int
) -> pd.DataFrame:
    """Growth of log odds of use, small over large firms, within each wording since the claim.

    From the mean of the first `periods` to that of the last, none in both. The first ones of the
    wording that was asked on the day of the claim are the last before it. Columns: ``wording``,
    ``first``, ``last`` (days), ``value``, ``variance``, ``grade``.
    """
    rows, day = [], pd.Timestamp(claim_date)
    for wording, own in use[use["size"].isin([small, LARGE])].groupby("wording"):
        own = own.sort_values("period_start")
        days = own["period_start"].drop_duplicates()
        before = days[days <= day].tail(periods)
        kept = days[days >= before.iloc[0]] if len(before) else days
        if len(kept) < 2 * periods or kept.iloc[-1] <= day:
            continue
        value = variance = 0.0
        for size, sign in ((small, 1), (LARGE, -1)):
            of = own[own["size"] == size].set_index("period_start")
            for when, step in ((kept.head(periods), -1), (kept.tail(periods), 1)):
                mean, error = _mean_log_odds(of.loc[when])
                value, variance = value + sign * step * mean, variance + error
        rows.append((wording, kept.iloc[0], kept.iloc[-1], value, variance, own["grade"].max()))
    return pd.DataFrame(rows, columns="wording first last value variance grade".split())


def us_ratio(
    use: pd.DataFrame, small: str, claim_date: pd.Timestamp, periods: int, level: float
) -> Estimate:
    """Growth of the odds of using AI since the claim among small firms, over that among large ones.

    By the Census Bureau's survey. Its question changed in November 2025, and what was asked before and
    after is never compared: growth within each wording is multiplied, and the weeks between count as no
    growth. Standard errors are the bureau's, periods independent of one another: firms are asked in
    turn, the same ones again after twelve weeks, so the first and the last periods hold partly the same
    firms, which makes the true error smaller, not larger. n counts periods.
    """
    text = N_(
        "odds ratio within each wording of the survey, first to last {n} periods, delta method"
    )
    method = Phrase(text, {"n": ("integer", periods)})
    found = us_growth(use, small, claim_date, periods)
    if found.empty:
        return Estimate.missing(RATIO, method)
    n = 2 * periods * len(found)
    log, error = found["value"].sum(), np.sqrt(found["variance"].sum())
    draws = np.exp(log + error * stats.norm.ppf(QUANTILES))
    return percentile_interval(np.exp(log), draws, level, n, RATIO, method).graded(found["grade"])


def eu_ratio(adoption: pd.DataFrame, claim_date: pd.Timestamp) -> Estimate:
    """Growth of the odds of using AI among small firms over that among large ones, by Eurostat.

    From the survey of the year before the claim to the last one. Eurostat prints no standard errors;
    the ends are those that the rounding of the shares allows.
    """
    method = N_("odds ratio of the EU survey, ends by the rounding of its shares")
    rows = adoption[adoption["survey"] == "firms_using_ai_eu"]
    wide = rows.pivot(index="year", columns="group", values="share")
    base, pair = pd.Timestamp(claim_date).year - 1, [EU_SMALL, EU_LARGE]
    wide = wide[pair].dropna() if set(pair) <= set(wide) else wide.head(0)
    if base not in wide.index or wide.index.max() <= base:
        return Estimate.missing(RATIO, method)
    half = rows.pivot(index="year", columns="group", values="rounded").loc[wide.index, pair]
    error = np.where(half.to_numpy(bool), WHOLE, DECIMAL)
    ends = [wide.index.get_loc(base), len(wide) - 1]
    then, now = wide.to_numpy()[ends]
    e0, e1 = error[ends]
    ratios = []
    # what rounding hides moves the two groups, and the two years of each, against one another
    for s in (0, -1, 1):
        turn = s * np.array([1, -1])
        small, large = log_odds(now + turn * e1) - log_odds(then - turn * e0)
        ratios.append(np.exp(small - large))
    grades = rows.loc[rows["group"].isin(pair) & rows["year"].isin(wide.index[ends]), "grade"]
    return published(ratios, 4, RATIO, method).graded(grades)


def latest(models: pd.DataFrame) -> pd.DataFrame:
    """Counts of the last edition of the list of notable models."""
    return models[models["published"] == models["published"].max()]


def full_years(models: pd.DataFrame) -> pd.DataFrame:
    """Counts of the last edition, the year in which it came out left off."""
    rows = latest(models)
    return rows[rows["year"] < rows["published"].dt.year]


def newcomers(
    models: pd.DataFrame,
    claim_date: pd.Timestamp,
    level: float,
    size: int,
    seed: int,
    delay: str = "between",
) -> Estimate:
    """Organisations with notable models in the latest full year, over those of the year before the claim.

    Two things blur the ratio. Counts scatter: as independent Poisson counts, of which the one is a
    binomial part of both. And the list is filled with delay: between two editions the last year but
    one gained organisations, by a factor of which a draw adds anything from none to all to the later
    year ("none", "full" for the ends), as actuaries develop claims that are late to be reported (T. Mack,
    1993, Distribution-free calculation of the standard error of chain ladder reserve estimates, ASTIN
    Bulletin 23(2)). n counts organisations; missing while no full year after the base has been counted.
    """
    method = N_("count of organisations, allowing for those listed late and for chance")
    counts = models[models["measure"] == "distinct_organizations"]
    base = pd.Timestamp(claim_date).year - 1
    now = full_years(counts).set_index("year")["value"] if len(counts) else pd.Series(dtype=float)
    if base not in now.index or now.index.max() <= base:
        return Estimate.missing(RATIO, method)
    then, last = now[base], now[now.index.max()]
    late = _listed_late(counts, base)
    shift = {"between": (0.0, 1.0), "none": (0.0, 0.0), "full": (1.0, 1.0)}[delay]
    rng = generator(seed, "newcomers")
    part = rng.beta(last + 0.5, then + 0.5, size)
    grown = 1 + rng.uniform(*shift, size) * (late - 1) if late > 1 else np.ones(size)
    value = last / then * (1 + np.mean(shift) * max(late - 1, 0))
    draws = part / (1 - part) * grown
    n = int(last + then)
    return percentile_interval(value, draws, level, n, RATIO, method).graded(counts["grade"])


def _listed_late(counts: pd.DataFrame, year: int) -> float:
    """Factor by which a year's count grew from the first edition that has it to the last; 1 with one."""
    own = counts[counts["year"] == year].sort_values("published")["value"]
    return float(own.iloc[-1] / own.iloc[0]) if len(own) else 1.0


def change_of(models: pd.DataFrame, measure: str, claim_date: pd.Timestamp) -> tuple[float, float]:
    """A measure in the year before the claim and in the latest full year; ``nan`` where unknown."""
    rows = full_years(models[(models["measure"] == measure) & (models["place"] == "World")])
    by = rows.set_index("year")["value"]
    base = pd.Timestamp(claim_date).year - 1
    known = base in by.index and by.index.max() > base
    return (float(by[base]), float(by.iloc[-1])) if known else (np.nan, np.nan)
