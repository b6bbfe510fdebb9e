"""Intervals and the draws behind them: cluster bootstrap, regression, counts, simulation."""

import math
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

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


@dataclass(frozen=True)
class Pooled:
    """Mean of several effects, its standard error and degrees of freedom, and how they spread.

    `spread` is the standard deviation between the effects beyond what sampling explains; a further
    effect of the same kind lies around the mean with the standard deviation `scatter`.
    """

    mean: float
    error: float
    freedom: float
    spread: float
    k: int

    @property
    def scatter(self) -> float:
        """Standard deviation with which a further effect lies around the mean."""
        return math.hypot(self.spread, self.error)


def random_effects(effects: np.ndarray, draws: np.ndarray, clusters: int) -> Pooled:
    """Pool effects that are alike, not equal, and whose errors may go together.

    `effects` has shape (k,), `draws` (n_draws, k) are the same on resampled data, all k from the same
    resample, so their covariance is that of the errors; `clusters` were resampled. What is ``nan``, or
    never varies because one cluster holds all of it, doesn't count.

    Effects weigh by the inverse of their variance, that between them included (DerSimonian and
    Laird's moment, less what errors in common hide). The error is modified Knapp-Hartung: scaled by
    the spread that is seen, never downwards, and on Student's t with k - 1 degrees of freedom. With
    one effect it is that of its draws, with clusters - 1. Errors of resampled clusters are widened by
    the root of clusters over clusters - 1.

    References
    ----------
    C. Rover, G. Knapp, T. Friede (2015), Hartung-Knapp-Sidik-Jonkman approach and its modification for
    random-effects meta-analysis with few studies, BMC Medical Research Methodology 15(99).
    L. V. Hedges, E. Tipton, M. C. Johnson (2010), Robust variance estimation in meta-regression with
    dependent effect size estimates, Research Synthesis Methods 1(1).
    """
    known = np.isfinite(effects) & (np.isfinite(draws).mean(axis=0) >= USABLE_DRAWS)
    known[known] = np.nanstd(draws[:, known], axis=0) > 1e-6
    y, k = effects[known], int(known.sum())
    if k == 0 or clusters < 2:
        return Pooled(np.nan, np.nan, np.nan, np.nan, k)
    errors = pd.DataFrame(draws[:, known]).cov().fillna(0).to_numpy() * clusters / (clusters - 1)
    own = np.diag(errors)
    if k == 1:
        return Pooled(float(y[0]), math.sqrt(own[0]), clusters - 1, 0.0, 1)
    precision = 1 / own
    spread_of = np.diag(precision) - np.outer(precision, precision) / precision.sum()
    unexplained = y @ spread_of @ y - np.sum(spread_of * errors)
    between = max(0.0, unexplained / np.trace(spread_of))
    weights = 1 / (own + between)
    shares = weights / weights.sum()
    mean = shares @ y
    stretch = max(1.0, np.sum(weights * (y - mean) ** 2) / (k - 1))
    variance = stretch * (shares @ (errors + between * np.eye(k)) @ shares)
    return Pooled(float(mean), math.sqrt(variance), k - 1, math.sqrt(between), k)


def stretched(estimate: Estimate) -> Estimate:
    """Widen an interval, where needed, to hold its estimate: a prior keeps draws off the end of a scale."""
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
    with np.errstate(over="ignore"):  # an end so far away is none
        low, high = sorted((function(estimate.low), function(estimate.high)))
        draws = estimate.draws if estimate.draws is None else np.vectorize(function)(estimate.draws)
        value = function(estimate.value)
    return replace(estimate, value=value, low=low, high=high, unit=unit, draws=draws)
