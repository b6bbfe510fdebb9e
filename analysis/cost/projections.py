"""What the cheapest price at a level of capability will be: a random walk with past steps.

The model, written down and committed before any test origin was looked at:

1. **Level.** All models with at least a score on a benchmark; its price is that of the cheapest
   offer in force on the first day of a month. Prices stand still in most months, then jump.
2. **Walk.** The log price moves by a monthly step, independent of the one before, drawn from all
   steps of all levels known at the origin. A past step weighs more the nearer the age at which
   it came is to the level's: normal kernel on log(1 + months on sale), standard deviation
   `BANDWIDTH`. So drift and spread go with age and the fan is as lopsided as the past. It's the
   geometric random walk with drift of Farmer and Lafond, with steps as they came for normal ones.
   The distribution at a horizon is the convolution of the steps of the ages on the way.
3. **Calibration.** At each horizon the quantiles asked for are replaced by those that past
   forecasts of the same walk would have needed: the inverse of the distribution of where outcomes
   fell within their forecasts, mixed with the uniform one, which weighs as `PRIOR` forecasts
   (distributional conformal prediction, shrunk to no correction). Only outcomes known at the
   origin count.
4. **Drawn** is a fan at a horizon when, over the origins held out, the 80% fan holds 75% to 85% of
   outcomes and the 90% fan 85% to 95%, CRPS is better than that of no change, and there are
   at least as many origins, one a month, as the horizon has months (`hindcast.drawn`).

Steps in blocks of 2, 3 and 6 months, other bandwidths, quantiles of past errors at the horizon
itself, and equal mixtures of both, were compared on origins whose outcome was known before July
2025; they scored alike or worse, and blocks and past errors held too little. Nothing was chosen by
what came later. An earlier review had tried quantiles of past errors by age on all origins at once
and told how much they held (92, 81 and 65% of 90% at 3, 6 and 12 months); this was known.

The test origins were looked at `LOOKS` times. By the first look no horizon had passed: prices all
but stood still where the walk, and the calibration still more, expected the falls of 2024 to go on.
The model stayed as it was. Changed after it were only the blocks of the bootstrap, which now go
round the end (intervals of coverage, on which nothing depends), and the grid, made wider so that a
sum of 18 months fits (CRPS at 3 and 6 months stayed, at 12 and 18 it moved by less than 0.005).
A walk that forgets old steps would follow such a turn, but only origins to come can test it.

References
----------
J. D. Farmer, F. Lafond (2016), How predictable is technological progress?, Research Policy 45(3).
V. Chernozhukov, K. Wuthrich, Y. Zhu (2021), Distributional conformal prediction, PNAS 118(48).
"""

from collections.abc import Sequence

import numpy as np

#: How often scores of the test origins were looked at.
LOOKS = 1
#: Months ahead that are forecast, tested, and drawn where they pass.
HORIZONS = (3, 6, 12, 18)
#: Probability contents of the bands.
NOMINAL = (0.5, 0.8, 0.9)
#: Probabilities at which a forecast is given, evenly spaced.
PROBABILITIES = np.arange(1, 100) / 100
#: Standard deviation of the kernel, in log(1 + age in months).
BANDWIDTH = 1.0
#: Steps that a walk needs.
MIN_STEPS = 24
#: Weight of "no correction" in the calibration, in forecasts.
PRIOR = 100
#: Log changes are counted in hundredths, from -30 to 10.95: sums beyond would come round the end.
WIDTH, ZERO, BINS = 0.01, 3000, 4096
#: Slack for the rounding of the Fourier transform.
SLACK = 1e-9


def walks(
    age: np.ndarray, step: np.ndarray, start: np.ndarray, horizons: Sequence[int] = HORIZONS
) -> np.ndarray:
    """Distribution of the log change of price over each horizon, from past steps.

    `age` and `step` are the ages at the end of past monthly steps and the steps; `start` the ages
    of the levels to forecast. Gives the distribution function on the grid: levels by horizons by
    bins.
    """
    months = max(horizons)
    ages = np.arange(start.max() + months + 1)
    near = np.log1p(ages)[:, None] - np.log1p(age)[None, :]
    weight = np.exp(-((near / BANDWIDTH) ** 2) / 2)
    weight /= weight.sum(axis=1, keepdims=True)
    mass = np.zeros((BINS, len(ages)))
    np.add.at(mass, _bins(step), weight.T)
    transform = np.fft.rfft(np.roll(mass, -ZERO, axis=0).T)
    total, found = np.ones((len(start), transform.shape[1]), complex), []
    for month in range(1, months + 1):
        total = total * transform[start + month]
        if month in horizons:
            found.append(np.roll(np.fft.irfft(total, BINS), ZERO, axis=1).cumsum(axis=1))
    return np.stack(found, axis=1)


def quantiles(distribution: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Log changes at some probabilities, of distributions on the grid (the last axis)."""
    flat = distribution.reshape(-1, BINS)
    at = np.array([np.searchsorted(row, probabilities - SLACK) for row in flat])
    return ((at - ZERO) * WIDTH).reshape(*distribution.shape[:-1], len(probabilities))


def position(distribution: np.ndarray, change: np.ndarray) -> np.ndarray:
    """Where a change fell in its distribution: the probabilities below it, and up to it.

    They differ where the change has a probability of its own, as no change has. Gives changes by 2.
    """
    at, row = _bins(change), np.arange(len(change))
    below = np.where(at > 0, distribution[row, at - 1], 0)
    return np.clip(np.stack([below, distribution[row, at]], axis=1), 0, 1)


def calibrated(fell: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Probabilities to ask of the walk so that its quantiles hold what they say.

    `fell` is as `position` gives it for past forecasts; an outcome counts as spread evenly between
    its two probabilities. Without any the probabilities come back as they are.
    """
    grid = np.linspace(0, 1, 1001)
    low, high = fell[:, :1], np.maximum(fell[:, 1:], fell[:, :1] + 1e-6)
    share = np.clip((grid - low) / (high - low), 0, 1).sum(axis=0)
    found: np.ndarray = np.interp(probabilities, (PRIOR * grid + share) / (PRIOR + len(fell)), grid)
    return found


def _bins(change: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(change / WIDTH).astype(int) + ZERO, 0, BINS - 1)
