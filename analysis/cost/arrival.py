"""Whether prices fell faster after a seller's arrival: before and after, and levels served or not.

A new level of capability falls fastest in its first months, so a change counts by how it differs
from what levels of the same age did before the date. The age of a level is in months since it was
first on sale.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from analysis.cost import decline, prices as cost
from analysis.uncertainty import Pooled, random_effects, student, transformed
from briefs.values import FACTOR_PER_YEAR, N_, RATIO, Estimate

#: Months on either side of the date that are compared.
WINDOW_MONTHS = 18
#: Levels are finer here: they are the units that were served or not.
FINE = {b: tuple(np.linspace(r[0], r[-1], 10)) for b, r in cost.RUNGS.items()}
SELLER = "DeepSeek"
#: Days after the date by which the seller has to offer a level for it to count as served.
DAYS = {"within_month": 31, "within_half_year": 183}
#: Power and one-sided error for which the smallest detectable change is given.
POWER, ERROR = 0.8, 0.05
PLACEBO_DRAWS = 100


@dataclass(frozen=True)
class Sides:
    """Log changes per year after a date, and those of levels of the same age before it."""

    #: Draws by rungs by monthly changes, and those expected; ``nan`` where nothing counts.
    after: np.ndarray
    expected: np.ndarray
    groups: dict[str, np.ndarray]
    providers: int

    def means(self, values: np.ndarray, rungs: np.ndarray | None = None) -> np.ndarray:
        """Mean over each benchmark's changes, of all rungs or those marked: draws by benchmarks."""
        columns = [
            _mean(values[:, g if rungs is None else g[rungs[g]]]) for g in self.groups.values()
        ]
        return np.stack(columns, axis=-1) if columns else np.empty((len(values), 0))

    def pooled(self, by_draw: np.ndarray) -> Pooled:
        """Pool benchmarks; the first draw is the market as it is."""
        return random_effects(by_draw[0], by_draw[1:], self.providers)


def sides(
    found: decline.Market, date: pd.Timestamp, months: int = WINDOW_MONTHS, by_age: bool = True
) -> Sides:
    """Compare monthly changes in the months after a date with those before it, at the same age.

    The month of the date itself still counts as before. Without `by_age` all changes before the
    date are one.
    """
    offset = (found.ladder.months[1:].year - date.year) * 12 + found.ladder.months[1:].month
    offset = np.asarray(offset - date.month)
    within = (offset > -months) & (offset <= months)
    step, age = found.steps[..., within], decline.ages(found.frontier)[:, within]
    before, after = offset[within] <= 0, offset[within] > 0
    bins = np.digitize(age, np.array(decline.AGES) + 1) if by_age else np.ones_like(age)
    expected = np.full_like(step, np.nan)
    for part in np.unique(bins[age > 0]):
        member = (bins == part) & (age > 0)
        usual = _mean(np.where(member & before, step, np.nan))
        expected = np.where(member & after, usual[:, None, None], expected)
    seen = np.isfinite(step) & np.isfinite(expected)
    groups, n = found.benchmarks, len(found.ladder.providers)
    return Sides(np.where(seen, step, np.nan), np.where(seen, expected, np.nan), groups, n)


def _mean(values: np.ndarray) -> np.ndarray:
    """Mean of each draw's known changes, ``nan`` where they are of less than half a year."""
    known = np.isfinite(values)
    seen = known.any(axis=1).sum(axis=-1)
    total = np.where(known, values, 0).sum(axis=(1, 2))
    return np.where(seen >= decline.MIN_SEEN, total / np.maximum(known.sum(axis=(1, 2)), 1), np.nan)


def rate_change(compared: Sides, level: float) -> dict[str, Estimate]:
    """How the rate of decline differs after a date from what it was before, at the same age of levels.

    An interrupted time series of monthly changes. Gives ``before`` and ``after`` (price factor per
    year; before is that of levels as old as those after) and their ``ratio`` (below 1 is a faster
    fall), missing until enough months have passed.

    References
    ----------
    J. Lopez Bernal, S. Cummins, A. Gasparrini (2017), Interrupted time series regression for the
    evaluation of public health interventions, International Journal of Epidemiology 46(1).
    """
    after, before = compared.means(compared.after), compared.means(compared.expected)
    method = N_(
        "interrupted time series of monthly log changes at the same age of levels; benchmarks pooled by "
        "random effects, modified Knapp-Hartung interval"
    )
    fits = {name: compared.pooled(part) for name, part in (("before", before), ("after", after))}
    fits["ratio"] = compared.pooled(after - before)
    units = {"before": FACTOR_PER_YEAR, "after": FACTOR_PER_YEAR, "ratio": RATIO}
    return {name: _factor(fit, level, units[name], method) for name, fit in fits.items()}


def served(
    offered: pd.DataFrame, rungs: pd.DataFrame, date: pd.Timestamp, days: int
) -> tuple[np.ndarray, np.ndarray]:
    """Which rungs the seller's models on sale so many days after the date reached, and which not.

    A rung of a benchmark on which none of them has a score is neither.
    """
    own = offered[
        (offered["provider"] == SELLER) & (offered["start"] <= date + pd.Timedelta(days=days))
    ]
    best = rungs["benchmark"].map(own.groupby("benchmark")["score"].max()).to_numpy(float)
    threshold = rungs["threshold"].to_numpy()
    return best >= threshold, best < threshold


def difference(
    compared: Sides, reached: np.ndarray, others: np.ndarray, level: float
) -> tuple[Estimate, float]:
    """How much more the fall sped up at levels that the seller served than at those it didn't.

    A difference in differences: after less before, at the same age of levels, served less not
    served, on each benchmark that has both. Levels above a new seller's best are young, most with
    no price before its arrival, so *before* is what other levels did at that age.

    Gives the ratio of annual price factors (below 1: those served fell faster) and the one that
    these data could have shown: with a power of 80%, at a one-sided error of 5%.

    References
    ----------
    D. Card, A. B. Krueger (1994), Minimum wages and employment: a case study of the fast-food
    industry in New Jersey and Pennsylvania, American Economic Review 84(4).
    """
    gap = compared.after - compared.expected
    fit = compared.pooled(compared.means(gap, reached) - compared.means(gap, others))
    method = N_(
        "difference in differences of monthly log changes, levels served less others; benchmarks pooled "
        "by random effects, modified Knapp-Hartung interval"
    )
    return _factor(fit, level, RATIO, method), detectable(fit)


def detectable(fit: Pooled) -> float:
    """Ratio of price factors that would be told from 1, one-sided at 5%, with a probability of 80%.

    References
    ----------
    H. S. Bloom (1995), Minimum detectable effects, Evaluation Review 19(5).
    """
    if fit.k < decline.MIN_POOLED:
        return np.nan
    needed = stats.t.ppf(1 - ERROR, fit.freedom) + stats.t.ppf(POWER, fit.freedom)
    return float(np.exp(-needed * fit.error))


def _factor(fit: Pooled, level: float, unit: str, method: str) -> Estimate:
    if fit.k < decline.MIN_POOLED:
        return Estimate.missing(unit, method, fit.k)
    line = student(fit.mean, fit.error, fit.freedom, level, fit.k, "1", method)
    return transformed(line, np.exp, unit)


def placebo(found: decline.Market, date: pd.Timestamp, level: float) -> pd.DataFrame:
    """Apply `rate_change` at every month that has enough changes on both sides: a diagnostic.

    Of the resampled markets `PLACEBO_DRAWS` serve, for the weights of the benchmarks.

    Columns: ``month``, ``before``, ``after`` (price factors per year), ``ratio`` and ``tested`` (the
    date's own month).
    """
    rows, few = [], decline.Market(found.ladder, found.frontier, found.drawn[:PLACEBO_DRAWS])
    for month in found.ladder.months:
        rates = rate_change(sides(few, month), level)
        if all(rate.known for rate in rates.values()):
            tested = (month.year, month.month) == (date.year, date.month)
            rows.append((month, *(rate.value for rate in rates.values()), tested))
    return pd.DataFrame(rows, columns=["month", "before", "after", "ratio", "tested"])
