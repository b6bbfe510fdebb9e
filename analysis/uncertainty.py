"""Intervals and the draws behind them: cluster bootstrap, regression, counts, simulation."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.proportion import proportion_confint
from statsmodels.tools import add_constant

from briefs.values import SHARE, Estimate, Phrase

#: Least share of bootstrap draws that must give a number for the interval to be shown.
USABLE_DRAWS = 0.5
#: Evenly spread probabilities at which a known distribution is read: draws without a seed. They
#: come in order, so what combines two such estimates as independent must shuffle one of them.
QUANTILES = (np.arange(1000) + 0.5) / 1000


def generator(seed: int, purpose: str) -> np.random.Generator:
    """Return the random numbers of one purpose: others may come and go without changing them."""
    return np.random.default_rng([seed, zlib.crc32(purpose.encode())])


def percentile_interval(
    value: float,
    draws: np.ndarray,
    level: float,
    n: int,
    unit: str,
    method: str | Phrase,
) -> Estimate:
    """Estimate whose interval holds the middle `level` of the draws.

    `value` is from the data as they are, `draws` of shape (n_draws,) the same statistic on resampled
    data, ``nan`` where a draw allowed none; `n` counts the independent units (clusters). Missing when
    `value` is not finite or fewer than half of the draws are usable.
    """
    usable = draws[np.isfinite(draws)]
    if not np.isfinite(value) or usable.size < USABLE_DRAWS * draws.size:
        return Estimate.missing(unit, method, n)
    low, high = np.quantile(usable, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(value, low, high, level, n, unit, method, usable)


def student(
    value: float,
    error: float,
    freedom: float,
    level: float,
    n: int,
    unit: str,
    method: str | Phrase,
) -> Estimate:
    """Estimate with a standard error and Student's t interval; missing when either isn't finite."""
    if not np.isfinite(value + error):
        return Estimate.missing(unit, method, n)
    draws = value + error * stats.t.ppf(QUANTILES, freedom)
    half = error * stats.t.ppf((1 + level) / 2, freedom)
    return Estimate(value, value - half, value + half, level, n, unit, method, draws)


def published(figures: Sequence[float], n: int, unit: str, method: str | Phrase) -> Estimate:
    """Spread of published figures: their median, least and greatest; missing without any.

    A source's own range counts with both its ends. `n` counts sources.
    """
    found = np.asarray(figures, float)
    found = found[np.isfinite(found)]
    if not found.size:
        return Estimate.missing(unit, method)
    ends = found.min(), found.max()
    return Estimate(float(np.median(found)), *ends, None, n, unit, method, found)


def point(value: float, n: int, unit: str, method: str | Phrase) -> Estimate:
    """Estimate without an interval: a count, or one published figure; its ends are the value."""
    return Estimate(value, value, value, None, n, unit, method)


def wilson(share: float, n: int, level: float, method: str | Phrase) -> Estimate:
    """Share of `n` cases, with the score interval; missing when there are no cases.

    Draws are from the posterior of Jeffreys' prior, whose intervals all but equal the score interval.

    References
    ----------
    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22(158). L. D. Brown, T. T. Cai, A. DasGupta
    (2001), Interval estimation for a binomial proportion, Statistical Science 16(2).
    """
    if n == 0:
        return Estimate.missing(SHARE, method)
    low, high = proportion_confint(share * n, n, 1 - level, "wilson")
    draws = stats.beta.ppf(QUANTILES, share * n + 0.5, (1 - share) * n + 0.5)
    return Estimate(share, min(low, share), max(high, share), level, n, SHARE, method, draws)


def stretched(estimate: Estimate) -> Estimate:
    """Widen an interval, where needed, to hold its estimate.

    Resampled markets can only lose offers, so draws of a minimum may all lie on one side.
    """
    if not estimate.known:
        return estimate
    low, high = min(estimate.low, estimate.value), max(estimate.high, estimate.value)
    return replace(estimate, low=low, high=high)


def cluster_draws(
    statistic: Callable[[np.ndarray], np.ndarray],
    clusters: int,
    n_boot: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Recompute a statistic on clusters drawn with replacement, as many each time as there are.

    `statistic` takes the indices of the drawn clusters and returns an array of numbers.

    References
    ----------
    A. C. Cameron, J. B. Gelbach, D. L. Miller (2008), Bootstrap-based improvements for
    inference with clustered errors, Review of Economics and Statistics 90(3).
    """
    picks = rng.integers(clusters, size=(n_boot, clusters))
    return np.array([statistic(pick) for pick in picks])


def regression(
    y: pd.Series,
    x: pd.DataFrame,
    level: float,
    groups: pd.Series | None = None,
) -> pd.DataFrame:
    """Fit least squares with errors robust to unequal variance, or to groups that move together.

    A constant is added to the regressors `x`; `groups` is the cluster of each row, and without it
    errors are HC3. Gives a row per regressor: ``value``, ``se``, ``low``, ``high``. Intervals use
    Student's t with residual degrees of freedom, or the number of groups less one.

    References
    ----------
    J. G. MacKinnon, H. White (1985), Some heteroskedasticity-consistent covariance matrix
    estimators with improved finite sample properties, Journal of Econometrics 29(3).
    """
    options = (
        {"cov_type": "HC3"}
        if groups is None
        else {"cov_type": "cluster", "cov_kwds": {"groups": pd.factorize(groups)[0]}}
    )
    fit = OLS(y.to_numpy(float), add_constant(x.to_numpy(float))).fit(use_t=True, **options)
    low, high = fit.conf_int(1 - level).T
    table = pd.DataFrame({"value": fit.params, "se": fit.bse, "low": low, "high": high})
    return table.iloc[1:].set_axis(x.columns)


def geometric_mean(values: np.ndarray, level: float) -> tuple[float, float, float]:
    """Geometric mean of positive numbers, and the ends of Student's t interval on their logs."""
    logs = np.log(values)
    half = stats.t.ppf((1 + level) / 2, len(logs) - 1) * stats.sem(logs)
    return tuple(np.exp([logs.mean(), logs.mean() - half, logs.mean() + half]))


def split_normal(
    value: float,
    low: float,
    high: float,
    level: float,
    size: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw from the two-piece normal whose median and interval, at a level, are those published."""
    z = rng.standard_normal(size)
    half = stats.norm.ppf((1 + level) / 2)
    return value + z * np.where(z < 0, (value - low) / half, (high - value) / half)


def transformed(estimate: Estimate, function: Callable[[float], float], unit: str) -> Estimate:
    """Carry an estimate through a function that is monotone over its interval: ends map to ends.

    A fall turns the ends round.
    """
    if not estimate.known:
        return Estimate.missing(unit, estimate.method, estimate.n)
    low, high = sorted((function(estimate.low), function(estimate.high)))
    draws = estimate.draws if estimate.draws is None else np.vectorize(function)(estimate.draws)
    value = function(estimate.value)
    return replace(estimate, value=value, low=low, high=high, unit=unit, draws=draws)
