"""How fast the price frontier falls: over all benchmarks, by calendar year, by age of the level.

Everything is a mean over benchmarks, with the spread between them in the interval (`pooled`), of
log changes per year whose errors come from providers drawn with replacement.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.cost import prices as cost
from analysis.uncertainty import Pooled, random_effects, student, transformed
from briefs.values import FACTOR_PER_YEAR, N_, SHARE_PER_YEAR, Estimate, Phrase

#: A rung needs a year of prices for a rate of its own.
MIN_MONTHS = 12
#: A benchmark counts in a year, or at an age, of which it shows half a year.
MIN_SEEN = 6
#: One benchmark alone shows nothing of how benchmarks differ.
MIN_POOLED = 2
#: Ages of a level, in months since it was first on sale; the last has no end.
AGES = (0, 6, 12, 18, 24)
LINE = N_("log-linear fit of the price frontier")
CHANGES = N_("mean monthly log change of the price frontier")
POOLED = {
    "benchmarks": N_(
        "{what}; benchmarks pooled by random effects, modified Knapp-Hartung interval"
    ),
    "levels": N_("{what}; all levels alike, errors from providers drawn with replacement"),
}


@dataclass(frozen=True, eq=False)
class Market:
    """A ladder's frontier as it is, and in each of several resampled markets."""

    ladder: cost.Ladder
    #: Rungs by months.
    frontier: np.ndarray
    #: Draws by rungs by months.
    drawn: np.ndarray

    def __repr__(self) -> str:
        return f"Market({self.ladder!r}, resampled {len(self.drawn)} times)"

    def to_frame(self) -> pd.DataFrame:
        """Return the frontier's prices; see `prices.Ladder.to_frame`."""
        return self.ladder.to_frame()

    @property
    def benchmarks(self) -> dict[str, np.ndarray]:
        """Rungs of each benchmark, in their order."""
        return dict(self.ladder.rungs.groupby("benchmark", sort=False).indices)

    @cached_property
    def steps(self) -> np.ndarray:
        """Monthly changes of log price, per year: the market as it is, then the draws."""
        frontier = np.concatenate([self.frontier[None], self.drawn])
        return 12 * np.diff(frontier, axis=-1)

    def until(self, followed: bool) -> "Market":
        """Keep only the months in which each benchmark followed the market, or all of them."""
        if not followed:
            return self
        kept = np.where(self.ladder.followed, 1.0, np.nan)
        return Market(self.ladder, self.frontier * kept, self.drawn * kept)


def market(
    ladder: cost.Ladder, share: float, n_boot: int, rng: np.random.Generator, whole: bool = False
) -> Market:
    """Frontier of a ladder, and of `n_boot` markets whose providers are drawn with replacement.

    References
    ----------
    A. C. Cameron, J. B. Gelbach, D. L. Miller (2008), Bootstrap-based improvements for
    inference with clustered errors, Review of Economics and Statistics 90(3).
    """
    counts = ladder.resampled(n_boot, rng)
    return Market(
        ladder, ladder.frontier(share, whole=whole), ladder.frontier(share, counts, whole)
    )


def slopes(frontier: np.ndarray, years: np.ndarray, groups: Sequence[np.ndarray]) -> np.ndarray:
    """Common slope of log price on time of each group of rungs, every rung at its own height.

    `frontier` has the shape (..., rungs, months), ``nan`` where unknown; a rung with under a year
    of prices doesn't count. Returns (..., groups), ``nan`` for a group without any.
    """
    known = np.isfinite(frontier)
    count = known.sum(axis=-1, keepdims=True)
    mean = np.where(known, years, 0).sum(axis=-1, keepdims=True) / np.maximum(count, 1)
    time = np.where(known, years - mean, 0)
    enough = count[..., 0] >= MIN_MONTHS
    cross = np.where(enough, (time * np.where(known, frontier, 0)).sum(axis=-1), 0)
    square = np.where(enough, (time**2).sum(axis=-1), 0)
    return _ratio(cross, square, groups)


def changes(
    frontier: np.ndarray, counted: np.ndarray, groups: Sequence[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Mean log change per year of each group of rungs over the monthly changes counted, and how many.

    `frontier` has the shape (..., rungs, months), `counted` (rungs, months - 1). Returns
    (..., groups) twice; ``nan`` where the changes are of fewer than `MIN_SEEN` months.
    """
    step = 12 * np.diff(frontier, axis=-1)
    known = np.isfinite(step) & counted
    count = known.sum(axis=-1)
    rates = _ratio(np.where(known, step, 0).sum(axis=-1), count, groups)
    seen, number = np.zeros(rates.shape), np.zeros(rates.shape, int)
    for i, group in enumerate(groups):
        seen[..., i] = known[..., group, :].any(axis=-2).sum(axis=-1)
        number[..., i] = count[..., group].sum(axis=-1)
    return np.where(seen >= MIN_SEEN, rates, np.nan), number


def _ratio(above: np.ndarray, below: np.ndarray, groups: Sequence[np.ndarray]) -> np.ndarray:
    """Sum over each group of rungs of one thing over that of another; ``nan`` where the latter is 0."""
    found = np.full((*above.shape[:-1], len(groups)), np.nan)
    for i, group in enumerate(groups):
        total, parts = above[..., group].sum(axis=-1), below[..., group].sum(axis=-1)
        found[..., i] = np.where(parts > 0, total / np.where(parts > 0, parts, 1), np.nan)
    return found


def pooled(found: Market, pooling: str = "benchmarks") -> Pooled:
    """Log change per year of the frontier: benchmarks by random effects, or all levels alike."""
    groups = list(found.benchmarks.values())
    if pooling == "levels":
        groups = [np.arange(len(found.frontier))]
    years, n = found.ladder.years, len(found.ladder.providers)
    return random_effects(
        slopes(found.frontier, years, groups), slopes(found.drawn, years, groups), n
    )


def decline(found: Market, level: float, pooling: str = "benchmarks") -> Estimate:
    """Annual decline of the price frontier; n counts benchmarks, or providers if levels are pooled."""
    fit = pooled(found, pooling)
    n = fit.k if pooling == "benchmarks" else len(found.ladder.providers)
    return _decline(fit, level, n, _method(LINE, pooling))


def none() -> Estimate:
    """No rate of decline, without any offer."""
    return Estimate.missing(SHARE_PER_YEAR, _method(LINE, "benchmarks"))


def further(found: Market, level: float) -> Estimate:
    """Range of the decline on a further benchmark of the same kind: the prediction interval.

    References
    ----------
    J. P. T. Higgins, S. G. Thompson, D. J. Spiegelhalter (2009), A re-evaluation of random-effects
    meta-analysis, Journal of the Royal Statistical Society A 172(1).
    """
    fit = pooled(found)
    method = N_("prediction interval of a further benchmark")
    return _fall(student(fit.mean, fit.scatter, fit.freedom, level, fit.k, "1", method))


def declines(found: Market, level: float) -> pd.DataFrame:
    """Annual decline of the frontier: all benchmarks together, and each of them.

    Columns: ``scope`` (all, benchmark), ``benchmark``, ``first_month``, ``last_month`` (with a price)
    and ``estimate`` (share per year).
    """
    groups, years = list(found.benchmarks.values()), found.ladder.years
    values, drawn = slopes(found.frontier, years, groups), slopes(found.drawn, years, groups)
    every = _window(found.frontier, found.ladder.months)
    rows: list[tuple[object, ...]] = [("all", None, *every, decline(found, level))]
    for i, (benchmark, group) in enumerate(found.benchmarks.items()):
        n = _sellers(found.ladder, group)
        fit = random_effects(values[i : i + 1], drawn[:, i : i + 1], n)
        window = _window(found.frontier[group], found.ladder.months)
        rows.append(("benchmark", benchmark, *window, _decline(fit, level, n, LINE)))
    names = ["scope", "benchmark", "first_month", "last_month", "estimate"]
    return pd.DataFrame(rows, columns=names)


def by_year(found: Market, level: float) -> pd.DataFrame:
    """Price factor per year in each calendar year: ``label``, ``changes`` (of rungs, monthly), ``estimate``."""
    year = found.ladder.months[1:].year.to_numpy()
    counted = [(str(y), np.broadcast_to(year == y, _steps(found))) for y in np.unique(year)]
    return _by(found, counted, level)


def by_age(found: Market, level: float) -> pd.DataFrame:
    """Price factor per year by the age of a level, months since it was first on sale; columns as `by_year`."""
    age = ages(found.frontier)
    ends = (*AGES[1:], None)
    counted = [
        (f"{low}\N{EN DASH}{high}" if high else f"{low}+", (age > low) & (age <= (high or np.inf)))
        for low, high in zip(AGES, ends, strict=True)
    ]
    return _by(found, counted, level)


def ages(frontier: np.ndarray) -> np.ndarray:
    """Age of each rung at the end of each monthly change, in months since it was first on sale."""
    known = np.isfinite(frontier)
    start = np.where(known.any(axis=1), known.argmax(axis=1), frontier.shape[1])
    return np.arange(1, frontier.shape[1])[None, :] - start[:, None]


def _steps(found: Market) -> tuple[int, int]:
    rungs, months = found.frontier.shape
    return rungs, months - 1


def _by(found: Market, counted: Sequence[tuple[str, np.ndarray]], level: float) -> pd.DataFrame:
    """Rates over parts of the monthly changes, benchmarks pooled; parts without a rate are absent."""
    groups, n = list(found.benchmarks.values()), len(found.ladder.providers)
    method = _method(CHANGES, "benchmarks")

    def rows() -> Iterator[tuple[str, int, Estimate]]:
        for label, part in counted:
            value, number = changes(found.frontier, part, groups)
            fit = random_effects(value, changes(found.drawn, part, groups)[0], n)
            if fit.k >= MIN_POOLED:
                line = student(fit.mean, fit.error, fit.freedom, level, fit.k, "1", method)
                number = number[np.isfinite(value)]
                yield label, int(number.sum()), transformed(line, np.exp, FACTOR_PER_YEAR)

    return pd.DataFrame(rows(), columns=["label", "changes", "estimate"])


def _method(what: str, pooling: str) -> Phrase:
    return Phrase(POOLED[pooling], {"what": ("message", what)})


def _decline(fit: Pooled, level: float, n: int, method: str | Phrase) -> Estimate:
    return _fall(student(fit.mean, fit.error, fit.freedom, level, n, "1", method))


def _fall(log_change: Estimate) -> Estimate:
    return transformed(log_change, lambda log: -np.expm1(log), SHARE_PER_YEAR)


def _sellers(ladder: cost.Ladder, rungs: np.ndarray) -> int:
    """Count the providers that ever sold any of the rungs while its benchmark followed the market."""
    sold = [
        seller[(in_force & ladder.followed[r]).any(axis=1)]
        for r in rungs
        for _price, seller, in_force in [ladder.offers[r]]
    ]
    return len(np.unique(np.concatenate(sold))) if sold else 0


def _window(frontier: np.ndarray, months: pd.DatetimeIndex) -> tuple[object, object]:
    """First and last month with a price."""
    known = np.flatnonzero(np.isfinite(frontier).any(axis=0))
    return (months[known[0]], months[known[-1]]) if known.size else (pd.NaT, pd.NaT)


def half_life(fall: Estimate) -> Estimate:
    """Months in which the price halves, from the annual decline."""
    return _months_to(2, fall)


def months_to_tenth(fall: Estimate) -> Estimate:
    """Months in which the price falls to a tenth, from the annual decline."""
    return _months_to(10, fall)


def _months_to(divisor: int, fall: Estimate) -> Estimate:
    """Months in which the price falls to one part in `divisor`; without end when it doesn't fall."""

    def months(rate: float) -> float:
        if rate >= 1:  # a draw so far out that nothing is left
            return 0.0
        return 12 * np.log(divisor) / -np.log1p(-rate) if rate > 0 else np.inf

    return transformed(fall, months, "months")
