"""What a given capability costs to use: the price frontier and how fast it falls.

Prices are list prices in US dollars per million tokens, blended by the share of input tokens.
A *rung* is a benchmark and a score; its frontier is the cheapest price in force at which a model
with at least that score could be bought. Months are read on their first day.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.uncertainty import cluster_draws, percentile_interval, stretched, transformed
from briefs.values import N_, SHARE_PER_YEAR, Estimate

#: Four evenly spaced scores per benchmark, fixed before any rate was computed.
RUNGS = {
    "GPQA-Diamond": (35, 50, 65, 80),
    "MMLU": (40, 55, 70, 85),
    "MATH-500": (30, 50, 70, 90),
    "HumanEval": (55, 65, 75, 85),
    "LMArena-Elo": (1100, 1200, 1300, 1400),
    "SWE-bench-Verified": (30, 40, 50, 60),
}
#: First-party prices without a discount; DeepSeek's peak rate is the undiscounted one.
STANDARD_KINDS = ("list", "peak")
#: A rung needs a year of prices, and its benchmark three newly scored models in a quarter.
MIN_MONTHS = 12
MIN_NEW_MODELS = 3


@dataclass(frozen=True)
class Ladder:
    """Cheapest log price of each provider, for each rung and month."""

    #: First days of months, oldest first.
    months: pd.DatetimeIndex
    #: Sellers; the clusters of every bootstrap.
    providers: tuple[str, ...]
    #: A row per rung: ``benchmark``, ``threshold``, and how many ``models`` reach it.
    rungs: pd.DataFrame
    #: Rungs by providers by months: log of US dollars per million tokens, ``inf`` without an offer.
    log_price: np.ndarray

    @property
    def years(self) -> np.ndarray:
        """Time of each month in years from the first."""
        return np.arange(len(self.months)) / 12

    def frontier(self, picks: np.ndarray | None = None) -> np.ndarray:
        """Cheapest log price over all providers, or over those picked by index."""
        prices = self.log_price if picks is None else self.log_price[:, picks]
        lowest = prices.min(axis=1)
        return np.where(np.isfinite(lowest), lowest, np.nan)


def scores(
    capability: pd.DataFrame, pick: str = "median", by_developer: bool = False
) -> pd.DataFrame:
    """One score per model and benchmark, of several reporters and settings.

    `pick` (median or max) says how several reports become one; `by_developer` whether to count
    scores that the model's own developer reports.
    """
    kept = capability if by_developer else capability[~capability["by_developer"]]
    return kept.groupby(["model", "benchmark"], as_index=False).agg(
        score=("score", pick), release_date=("release_date", "min")
    )


def offers(
    prices: pd.DataFrame,
    scored: pd.DataFrame,
    input_share: float,
    kinds: Iterable[str] = STANDARD_KINDS,
) -> pd.DataFrame:
    """Every dated price of a scored model.

    `prices` is the table ``model-prices``, US dollars per million input and output tokens; `scored`
    is as `scores` returns. `input_share` is that of input tokens in the blend: 0.75 is three for one
    of output.

    Columns: ``provider``, ``model``, ``display_name``, ``benchmark``, ``score``, ``release_date``,
    ``usd_per_mtok``, ``start``, ``end`` (``NaT`` while in force), ``source_id``, sorted by
    provider.
    """
    kept = prices[prices["price_kind"].isin(tuple(kinds))]
    kept = kept.assign(
        usd_per_mtok=input_share * kept["input_usd_per_mtok"]
        + (1 - input_share) * kept["output_usd_per_mtok"]
    )
    kept = kept.rename(columns={"effective_from": "start", "effective_to": "end"})
    columns = ["provider", "model", "display_name", "usd_per_mtok", "start", "end", "source_id"]
    return (
        kept[columns]
        .merge(scored, on="model")
        .sort_values(["provider", "model", "start"], ignore_index=True)
    )


def coverage_end(offered: pd.DataFrame) -> pd.Series:
    """Last day on which a benchmark still followed the market.

    That is the end of the last quarter with at least three newly released models that have both
    a score and a price: after it a flat frontier would only show that nobody ran the benchmark.
    """
    models = offered.drop_duplicates(["benchmark", "model"])
    quarter = models["release_date"].dt.to_period("Q")
    counts = models.groupby(["benchmark", quarter]).size()
    last = counts[counts >= MIN_NEW_MODELS].reset_index().groupby("benchmark")["release_date"].max()
    return last.dt.end_time.dt.normalize()


def in_force(offered: pd.DataFrame, months: pd.DatetimeIndex) -> np.ndarray:
    """Log price of each offer (row) in each month (column), ``inf`` when it wasn't in force."""
    start = offered["start"].to_numpy()[:, None]
    end = offered["end"].fillna(pd.Timestamp.max.normalize()).to_numpy()[:, None]
    month = months.to_numpy()[None, :]
    return np.where(
        (start <= month) & (month < end),
        np.log(offered["usd_per_mtok"].to_numpy())[:, None],
        np.inf,
    )


def price_ladder(
    offered: pd.DataFrame,
    as_of: pd.Timestamp,
    rungs: Mapping[str, Iterable[float]] = RUNGS,
) -> Ladder:
    """Cheapest price per provider on every rung and month up to `as_of`.

    A threshold reached by the same models as the one below it says nothing new and is left out.
    """
    months = pd.date_range(offered["start"].min() + pd.offsets.MonthBegin(0), as_of, freq="MS")
    providers, first = np.unique(offered["provider"], return_index=True)
    log_price, ends = in_force(offered, months), coverage_end(offered)
    model = offered["model"].to_numpy()
    rows, cubes = [], []
    for benchmark, thresholds in rungs.items():
        before = None
        within = (months <= ends.get(benchmark, pd.Timestamp.min))[None, :]
        score = offered["score"].where(offered["benchmark"] == benchmark).to_numpy()
        for threshold in thresholds:
            reach = score >= threshold
            models = frozenset(model[reach])
            if not models or models == before:
                continue
            before = models
            prices = np.where(reach[:, None] & within, log_price, np.inf)
            cubes.append(np.minimum.reduceat(prices, first, axis=0))
            rows.append((benchmark, float(threshold), len(models)))
    cube = np.array(cubes) if cubes else np.empty((0, len(providers), len(months)))
    return Ladder(
        months,
        tuple(providers),
        pd.DataFrame(rows, columns=["benchmark", "threshold", "models"]),
        cube,
    )


def pooled_slope(log_price: np.ndarray, years: np.ndarray) -> float:
    """Common slope of log price on time, each rung with its own level.

    `log_price` has a row per rung and a column per month, ``nan`` where unknown. Rungs with under
    a year of prices don't count; ``nan`` when none does.
    """
    return float(_slopes(log_price, years, [np.arange(len(log_price))])[0])


def endpoint_slope(log_price: np.ndarray, years: np.ndarray) -> float:
    """Change of log price per year from the first month to the last, all rungs together.

    Takes and returns the same as `pooled_slope`; rungs weigh by the length of their window.
    """
    change, span = 0.0, 0.0
    for row in log_price:
        known = np.flatnonzero(np.isfinite(row))
        if known.size >= MIN_MONTHS:
            change += row[known[-1]] - row[known[0]]
            span += years[known[-1]] - years[known[0]]
    return change / span if span else np.nan


def _slopes(frontier: np.ndarray, years: np.ndarray, groups: Sequence[np.ndarray]) -> np.ndarray:
    """`pooled_slope` of each group of rungs, then of each rung alone; of rows that all groups share."""
    known = np.isfinite(frontier)
    count = known.sum(axis=1, keepdims=True)
    mean = np.where(known, years, 0).sum(axis=1, keepdims=True) / np.maximum(count, 1)
    time = np.where(known, years - mean, 0)  # about its mean in each rung
    cross, square, enough = time * np.where(known, frontier, 0), time**2, count[:, 0] >= MIN_MONTHS
    kept = [group[enough[group]] for group in groups]
    pooled = [cross[rows].sum() / square[rows].sum() if rows.size else np.nan for rows in kept]
    return np.array([*pooled, *np.where(enough, cross.sum(axis=1), np.nan) / square.sum(axis=1)])


def declines(ladder: Ladder, level: float, n_boot: int, rng: np.random.Generator) -> pd.DataFrame:
    """Annual decline of the frontier price: all rungs, per benchmark, per rung.

    Each of `n_boot` draws of providers rebuilds the frontier of every rung. A resampled market can
    only lose offers, so the interval is stretched, where needed, to hold the estimate.

    Columns: ``scope`` (all, benchmark, rung), ``benchmark``, ``threshold``, ``models``,
    ``first_month``, ``last_month``, ``first_usd``, ``last_usd`` (per million tokens), ``endpoints``
    (decline from first to last, per year) and ``estimate`` (share per year).
    """
    frontier, years, rungs = ladder.frontier(), ladder.years, ladder.rungs
    members = [("all", None, None, rungs.index.to_numpy())]
    members += [
        ("benchmark", b, None, g) for b, g in rungs.groupby("benchmark", sort=False).indices.items()
    ]
    groups = [group for *_names, group in members]
    members += [("rung", r.benchmark, r.threshold, np.array([r.Index])) for r in rungs.itertuples()]
    value = _slopes(frontier, years, groups)
    draws = cluster_draws(
        lambda pick: _slopes(ladder.frontier(pick), years, groups),
        len(ladder.providers),
        n_boot,
        rng,
    )
    rows = []
    for i, (scope, benchmark, threshold, group) in enumerate(members):
        sellers = _sellers(ladder.log_price[group])
        rows.append(
            {
                "scope": scope,
                "benchmark": benchmark,
                "threshold": threshold,
                "models": int(rungs["models"].iloc[group].max()) if len(group) else 0,
                **_window(frontier[group], ladder.months),
                "endpoints": -np.expm1(endpoint_slope(frontier[group], years)),
                "estimate": _decline(value[i], draws[:, i], level, sellers),
            }
        )
    return pd.DataFrame(rows)


def pooled_decline(ladder: Ladder, level: float, n_boot: int, rng: np.random.Generator) -> Estimate:
    """Annual decline over all rungs, as in the first row of `declines`, without the others."""
    years = ladder.years
    draws = cluster_draws(
        lambda pick: np.array([pooled_slope(ladder.frontier(pick), years)]),
        len(ladder.providers),
        n_boot,
        rng,
    )
    return _decline(
        pooled_slope(ladder.frontier(), years), draws[:, 0], level, _sellers(ladder.log_price)
    )


def _sellers(log_price: np.ndarray) -> int:
    """Count the providers that ever sold any of the rungs."""
    return int(np.isfinite(log_price).any(axis=(0, 2)).sum())


def _decline(slope: float, draws: np.ndarray, level: float, n: int) -> Estimate:
    """Annual decline from log slopes; n counts providers."""
    method = N_(
        "log-linear fit of the price frontier, percentile interval of a cluster bootstrap over providers"
    )
    value, found = -np.expm1(slope), -np.expm1(draws)
    return stretched(percentile_interval(value, found, level, n, SHARE_PER_YEAR, method))


def _window(frontier: np.ndarray, months: pd.DatetimeIndex) -> dict[str, object]:
    """First and last month with a price, and the price then when there is one rung only."""
    known = np.flatnonzero(np.isfinite(frontier).any(axis=0))
    names = ("first_month", "last_month", "first_usd", "last_usd")
    if not known.size:
        return dict(zip(names, (pd.NaT, pd.NaT, np.nan, np.nan), strict=True))
    ends = known[[0, -1]]
    usd = np.exp(frontier[0, ends]) if len(frontier) == 1 else (np.nan, np.nan)
    return dict(zip(names, (*months[ends], *usd), strict=True))


def half_life(decline: Estimate) -> Estimate:
    """Months in which the price halves, from the annual decline."""
    return _months_to(2, decline)


def months_to_tenth(decline: Estimate) -> Estimate:
    """Months in which the price falls to a tenth, from the annual decline."""
    return _months_to(10, decline)


def _months_to(divisor: int, decline: Estimate) -> Estimate:
    """Months in which the price falls to one part in `divisor`; without end when it doesn't fall."""

    def months(fall: float) -> float:
        return 12 * np.log(divisor) / -np.log1p(-fall) if fall > 0 else np.inf

    return transformed(decline, months, "months")
