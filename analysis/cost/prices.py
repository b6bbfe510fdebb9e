"""What a given capability costs to use: offers, and the price frontier of each level of capability.

Prices are list prices in US dollars per million tokens, blended by the share of input tokens.
A *rung* is a benchmark and a score. Its frontier is the price that a tenth of the offers in force
don't exceed, among all models with at least that score; `decline` says how fast it falls. Months
are read on their first day.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from briefs.values import GRADES

#: Four evenly spaced scores per benchmark.
RUNGS = {
    "GPQA-Diamond": (35, 50, 65, 80),
    "MMLU": (40, 55, 70, 85),
    "MATH-500": (30, 50, 70, 90),
    "HumanEval": (55, 65, 75, 85),
    "LMArena-Elo": (1100, 1200, 1300, 1400),
    "SWE-bench-Verified": (30, 40, 50, 60),
    "OTIS-Mock-AIME": (20, 40, 60, 80),
}
#: First-party prices without a discount; DeepSeek's peak rate is the undiscounted one.
STANDARD_KINDS = ("list", "peak")
#: Share of the offers that make the frontier.
TENTH, FIFTH, CHEAPEST = 0.1, 0.2, 0.0
#: A benchmark follows the market while three newly scored models come out in a quarter.
MIN_NEW_MODELS = 3


@dataclass(frozen=True)
class Ladder:
    """Offers that reach each rung, by month."""

    #: First days of months, oldest first.
    months: pd.DatetimeIndex
    #: Sellers; the clusters of every bootstrap.
    providers: tuple[str, ...]
    #: A row per rung: ``benchmark``, ``threshold``, and how many ``models`` reach it.
    rungs: pd.DataFrame
    #: For each rung, its offers from the cheapest up: log of US dollars per million tokens, index
    #: of the seller, and whether it is in force in each month (a row per offer).
    offers: tuple[tuple[np.ndarray, np.ndarray, np.ndarray], ...]
    #: Rungs by months: whether the rung's benchmark still followed the market.
    followed: np.ndarray

    def __repr__(self) -> str:
        first, last = (f"{month:%Y-%m}" for month in (self.months[0], self.months[-1]))
        return (
            f"Ladder({len(self.rungs)} rungs of {self.rungs['benchmark'].nunique()} benchmarks, "
            f"{first} to {last}, {len(self.providers)} providers)"
        )

    def _repr_html_(self) -> str:
        latest = self.to_frame().groupby(["benchmark", "threshold"], sort=False).tail(1)
        return f"<p>{self!r}</p>{latest.to_html(index=False)}"

    def to_frame(self) -> pd.DataFrame:
        """A row for each rung and month with offers: the price that a tenth of them don't exceed.

        Columns: ``benchmark``, ``threshold``, ``models``, ``month``, ``usd_per_mtok``, ``followed``
        (whether the benchmark still followed the market).
        """
        price = np.exp(self.frontier(whole=True))
        rung, month = np.nonzero(np.isfinite(price))
        return (
            self.rungs.iloc[rung]
            .assign(
                month=self.months[month],
                usd_per_mtok=price[rung, month],
                followed=self.followed[rung, month],
            )
            .reset_index(drop=True)
        )

    @property
    def years(self) -> np.ndarray:
        """Time of each month in years from the first."""
        return np.arange(len(self.months)) / 12

    def frontier(
        self, share: float = TENTH, counts: np.ndarray | None = None, whole: bool = False
    ) -> np.ndarray:
        """Log price that a `share` of the offers in force don't exceed, ``nan`` without any.

        That is the quantile frontier of Aragon, Daouia and Thomas-Agnan, conditional on a score of
        at least the rung's; 0 is the cheapest offer. Unlike the minimum it doesn't fall just because
        more sellers come, and resampling moves it both ways. `counts` says how often each provider
        stands in each resampled market (draws by providers); without it the market is as it is.
        Months in which the benchmark no longer followed the market count only if `whole`.

        Returns draws by rungs by months, or rungs by months without `counts`.

        References
        ----------
        Y. Aragon, A. Daouia, C. Thomas-Agnan (2003), A conditional quantile-based efficiency measure,
        GREMAQ working paper. C. Cazals, J.-P. Florens, L. Simar (2002), Nonparametric frontier
        estimation: a robust approach, Journal of Econometrics 106(1).
        """
        weights = np.ones((1, len(self.providers))) if counts is None else counts
        found = np.full((len(weights), len(self.offers), len(self.months)), np.nan)
        for i, (price, seller, sold) in enumerate(self.offers):
            active = np.flatnonzero(sold.any(axis=0) & (whole | self.followed[i]))
            found[:, i, active] = _quantile(price, weights[:, seller], sold[:, active], share)
        return found[0] if counts is None else found

    def resampled(self, n_boot: int, rng: np.random.Generator) -> np.ndarray:
        """How often each provider stands in each of `n_boot` markets, providers drawn with replacement."""
        n = len(self.providers)
        return rng.multinomial(n, np.full(n, 1 / n), size=n_boot).astype(np.float32)


def _quantile(price: np.ndarray, weight: np.ndarray, sold: np.ndarray, share: float) -> np.ndarray:
    """Weighted quantile of sorted prices: draws by months, from weights (draws by offers)."""
    total = np.cumsum(weight[:, :, None] * sold[None], axis=1)  # draws, offers, months
    needed = np.maximum(share * total[:, -1:], 1e-6)
    first = (total >= needed - 1e-9).argmax(axis=1)
    return np.where(total[:, -1] > 0, price[first], np.nan)


def scores(capability: pd.DataFrame, pick: str = "median") -> pd.DataFrame:
    """One score per model and benchmark, of several reporters and settings.

    `pick` (median or max) says how several reports become one; scores that the model's own developer
    reports don't count. ``grade`` is the worst of the reports.
    """
    kept = capability[~capability["by_developer"]]
    found = (
        kept.assign(grade=kept["grade"].map(GRADES.index))
        .groupby(["model", "benchmark"], as_index=False)
        .agg(score=("score", pick), release_date=("release_date", "min"), grade=("grade", "max"))
    )
    return found.assign(grade=found["grade"].map(dict(enumerate(GRADES))))


def on_sale(prices: pd.DataFrame, ends: pd.DataFrame) -> pd.DataFrame:
    """Let the prices of a model end when its provider takes it off sale, by ``model-end-dates``."""
    joined = prices.merge(
        ends[["provider", "model", "end_date"]], on=["provider", "model"], how="left"
    )
    until = joined[["effective_to", "end_date"]].min(axis=1)
    kept = joined.assign(effective_to=until).drop(columns="end_date")
    return kept[~(kept["effective_to"] <= kept["effective_from"])].reset_index(drop=True)


def offers(prices: pd.DataFrame, scored: pd.DataFrame, input_share: float) -> pd.DataFrame:
    """Every dated price of a scored model.

    `prices` is the table ``model-prices``, US dollars per million input and output tokens; `scored`
    is as `scores` returns. `input_share` is that of input tokens in the blend: 0.75 is three for one
    of output.

    Columns: ``provider``, ``model``, ``display_name``, ``benchmark``, ``score``, ``release_date``,
    ``usd_per_mtok``, ``start``, ``end`` (``NaT`` while in force), ``source_id``, ``grade`` (the
    worse of price and score), sorted by provider.
    """
    kept = prices[prices["price_kind"].isin(STANDARD_KINDS)]
    kept = kept.assign(
        usd_per_mtok=input_share * kept["input_usd_per_mtok"]
        + (1 - input_share) * kept["output_usd_per_mtok"]
    )
    kept = kept.rename(columns={"effective_from": "start", "effective_to": "end"})
    columns = ["provider", "model", "display_name", "usd_per_mtok", "start", "end", "source_id"]
    joined = kept[[*columns, "grade"]].merge(scored, on="model", suffixes=("", "_of_score"))
    price, score = joined["grade"], joined["grade_of_score"]
    joined["grade"] = price.where(price >= score, score)  # A is the best
    return joined.drop(columns="grade_of_score").sort_values(
        ["provider", "model", "start"], ignore_index=True
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
    """Offers on every rung and month up to `as_of`.

    A threshold reached by the same models as the one below it says nothing new and is left out.
    """
    offered = offered.sort_values(["usd_per_mtok", "provider", "model"], ignore_index=True)
    months = pd.date_range(offered["start"].min() + pd.offsets.MonthBegin(0), as_of, freq="MS")
    providers, seller = np.unique(offered["provider"], return_inverse=True)
    sold, ends = np.isfinite(in_force(offered, months)), coverage_end(offered)
    log_price, model = np.log(offered["usd_per_mtok"].to_numpy()), offered["model"].to_numpy()
    rows, reaching, followed = [], [], []
    for benchmark, thresholds in rungs.items():
        before = None
        score = offered["score"].where(offered["benchmark"] == benchmark).to_numpy()
        for threshold in thresholds:
            reach = score >= threshold
            models = frozenset(model[reach])
            if not models or models == before:
                continue
            before = models
            rows.append((benchmark, float(threshold), len(models)))
            reaching.append((log_price[reach], seller[reach], sold[reach]))
            followed.append(months <= ends.get(benchmark, pd.Timestamp.min))
    return Ladder(
        months,
        tuple(providers),
        pd.DataFrame(rows, columns=["benchmark", "threshold", "models"]),
        tuple(reaching),
        np.array(followed).reshape(len(rows), len(months)),
    )
