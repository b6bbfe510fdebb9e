"""Whether forecasts hold what they say, and whether they beat others: coverage and tests over time.

Pinball loss and CRPS come from the library ``scoringrules``.
"""

import math

import numpy as np
from scipy import stats


def block_interval(
    hits: np.ndarray,
    tries: np.ndarray,
    block: int,
    level: float,
    n_boot: int,
    rng: np.random.Generator,
) -> tuple[float, float]:
    """Interval of the share of hits, by a circular block bootstrap over origins.

    `hits` of `tries` forecasts held at each origin, oldest first; blocks of `block` origins are drawn
    with replacement, since forecasts whose horizons overlap err together. Blocks go round the end, so
    that no origin counts less than another. ``nan`` where one block takes in all of them.

    References
    ----------
    D. N. Politis, J. P. Romano (1992), A circular block-resampling procedure for stationary data, in
    Exploring the Limits of Bootstrap, Wiley.
    """
    n = len(tries)
    if n <= block:
        return math.nan, math.nan
    first = rng.integers(n, size=(n_boot, math.ceil(n / block)))
    drawn = (first[:, :, None] + np.arange(block)).reshape(n_boot, -1)[:, :n] % n
    shares = hits[drawn].sum(axis=1) / tries[drawn].sum(axis=1)
    low, high = np.quantile(shares, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def diebold_mariano(difference: np.ndarray, horizon: int) -> float:
    """Two-sided p-value that two forecasts are equally good.

    `difference` is that of their losses at each origin, oldest first, of forecasts `horizon` steps
    ahead. The small-sample correction and Student's t are Harvey, Leybourne and Newbold's; where their
    estimate of the variance isn't positive, it is that of Newey and West. ``nan`` with no more
    origins than steps, or where the losses never differ.

    References
    ----------
    F. X. Diebold, R. S. Mariano (1995), Comparing predictive accuracy, Journal of Business and
    Economic Statistics 13(3). D. Harvey, S. Leybourne, P. Newbold (1997), Testing the equality of
    prediction mean squared errors, International Journal of Forecasting 13(2). W. K. Newey,
    K. D. West (1987), A simple, positive semi-definite, heteroskedasticity and autocorrelation
    consistent covariance matrix, Econometrica 55(3).
    """
    n = len(difference)
    if n <= max(horizon, 1) or not np.ptp(difference):
        return math.nan
    centred = difference - difference.mean()
    lags = np.arange(1, horizon)
    moments = np.array([centred[lag:] @ centred[: n - lag] for lag in lags]) / n
    own = centred @ centred / n
    variance = own + 2 * moments.sum()
    if variance <= 0:
        variance = own + 2 * ((1 - lags / horizon) * moments).sum()
    correction = (n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n
    statistic = difference.mean() * math.sqrt(correction * n / variance)
    return float(2 * stats.t.sf(abs(statistic), n - 1))
