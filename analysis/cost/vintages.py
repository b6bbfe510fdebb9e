"""The cheapest price of each level of capability, month by month, as it was known in each month.

A *vintage* is the first day of a month and what had been published by then: prices, ends of sale,
scores. Its prices are those of ``prices.price_ladder`` and the cheapest offer, worked out for all
vintages at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.cost import prices

#: First vintage: before it, almost nothing that was on sale had a score.
FIRST = pd.Timestamp("2023-01-01")
NEVER = np.datetime64("2262-01-01")


@dataclass(frozen=True, eq=False)
class History:
    """Prices of levels by vintage and month; the vintages are the last of the months."""

    #: First days of months, oldest first.
    months: pd.DatetimeIndex
    #: How many of the months, the last, are vintages.
    n_vintages: int
    #: A row per level: ``benchmark``, ``threshold``.
    levels: pd.DataFrame
    #: Vintages by levels by months: log of US dollars per million tokens, ``nan`` where nobody sold
    #: the level, and after the vintage.
    price: np.ndarray
    #: Vintages by levels by months: whether the benchmark still followed the market.
    followed: np.ndarray
    #: Vintages by levels: reached by the same models as the level below, so it says nothing new.
    repeated: np.ndarray

    @property
    def first(self) -> int:
        """Position of the first vintage among the months."""
        return len(self.months) - self.n_vintages

    @property
    def vintages(self) -> pd.DatetimeIndex:
        """Days of the vintages."""
        return self.months[self.first :]

    @cached_property
    def start(self) -> np.ndarray:
        """Log price of each level in its vintage's own month: vintages by levels."""
        at = np.arange(self.n_vintages)
        found: np.ndarray = self.price[at, :, self.first + at]
        return found

    @cached_property
    def age(self) -> np.ndarray:
        """Months since each level was first on sale, by what each vintage knew; -1 when it wasn't."""
        known = np.isfinite(self.price)
        at = self.first + np.arange(self.n_vintages)[:, None]
        return np.where(known.any(axis=2), at - known.argmax(axis=2), -1)

    @cached_property
    def live(self) -> np.ndarray:
        """Vintages by levels: on sale, and its benchmark followed the market in the quarter before.

        Whether it does in the running quarter can't be known yet.
        """
        quarter = self.months.to_period("Q")
        before = np.array([(quarter == q - 1).nonzero()[0].max(initial=0) for q in quarter])
        at = np.arange(self.n_vintages)
        return np.isfinite(self.start) & self.followed[at, :, before[self.first + at]]

    def changes(self, vintage: int) -> tuple[np.ndarray, np.ndarray]:
        """Age at the end and size of every monthly change of log price that a vintage knows of."""
        price, new = self.price[vintage], ~self.repeated[vintage]
        known = np.where(self.followed[vintage] & new[:, None], price, np.nan)
        change, ever = np.diff(known, axis=1), np.isfinite(price)
        age = np.arange(1, known.shape[1])[None, :] - ever.argmax(axis=1)[:, None]
        usable = np.isfinite(change)
        return age[usable], change[usable]


def history(
    evidence: Mapping[str, pd.DataFrame],
    input_share: float,
    as_of: pd.Timestamp,
    rungs: Mapping[str, Iterable[float]] = prices.RUNGS,
) -> History:
    """Cheapest price of each level as each vintage up to `as_of` knew it.

    `evidence` are ``model-prices``, ``model-end-dates`` and ``capability``, loaded as of a day not
    before `as_of`; `input_share` is that of input tokens in the blend.
    """
    days = pd.date_range(FIRST, as_of, freq="MS")
    pairs, scores = _scores(evidence["capability"], days)
    offered = _offers(evidence, pairs, input_share)
    begin = min([FIRST, *offered["start"]])
    months = pd.date_range(begin + pd.offsets.MonthBegin(0), as_of, freq="MS")
    levels = pd.DataFrame(
        [(b, float(t)) for b, thresholds in rungs.items() for t in thresholds],
        columns=["benchmark", "threshold"],
    )
    shape = len(days), len(levels), len(months)
    price, followed = np.full(shape, np.nan), np.zeros(shape, bool)
    repeated = np.zeros(shape[:2], bool)
    column = {name: offered[name].to_numpy() for name in offered}
    for i, day in enumerate(days.to_numpy()):
        column["score"] = scores[i, column["pair"]]
        known = (column["published"] <= day) & np.isfinite(column["score"])
        if known.any():
            rows = {name: cells[known] for name, cells in column.items()}
            price[i], followed[i], repeated[i] = _vintage(rows, day, months, levels)
    return History(months, len(days), levels, price, followed, repeated)


def reported(capability: pd.DataFrame) -> pd.DataFrame:
    """Keep the scores whose report has a day: those dated by the model's release came later."""
    return capability[capability["published_basis"] != "release"]


def _offers(
    evidence: Mapping[str, pd.DataFrame], pairs: pd.DataFrame, share: float
) -> pd.DataFrame:
    """Every dated price of a scored model, with the end of its sale and the day of that notice.

    `pairs` are models and benchmarks, as `_scores` gives them; ``pair`` is the position of a row's.
    """
    listed, ends = evidence["model-prices"], evidence["model-end-dates"]
    ends = ends.rename(columns={"published": "notice"})[["provider", "model", "end_date", "notice"]]
    known = listed.rename(columns={"effective_from": "start"})
    known = known.groupby(["provider", "model", "start"], as_index=False)["published"].min()
    offered = prices.offers(listed, pairs.assign(grade="", pair=range(len(pairs))), share)
    offered = offered.merge(known, how="left").merge(ends, on=["provider", "model"], how="left")
    offered = offered[~(offered["end"] <= offered["start"])].reset_index(drop=True)
    quarter = offered["release_date"].dt.to_period("Q").astype("int64")
    return offered.assign(quarter=quarter, end=offered["end"].fillna(NEVER))


def _scores(capability: pd.DataFrame, days: pd.DatetimeIndex) -> tuple[pd.DataFrame, np.ndarray]:
    """Models and benchmarks with a report, and the median of those known on each day: days by pairs."""
    kept = capability[~capability["by_developer"]]
    pair = kept.groupby(["model", "benchmark"])
    pairs = pair["release_date"].min().reset_index()
    number, nth = pair.ngroup().to_numpy(), pair.cumcount().to_numpy()
    reports = np.full((len(days), len(pairs), nth.max(initial=0) + 1), np.inf)
    known = kept["published"].to_numpy() <= days.to_numpy()[:, None]
    reports[:, number, nth] = np.where(known, kept["score"].to_numpy(), np.inf)
    reports.sort(axis=2)
    count = np.isfinite(reports).sum(axis=2, keepdims=True)
    ends = [
        np.take_along_axis(reports, np.maximum(i, 0), 2) for i in ((count - 1) // 2, count // 2)
    ]
    middle = [np.where(count > 0, np.where(np.isfinite(end), end, 0), np.nan) for end in ends]
    return pairs, np.mean(middle, axis=0)[..., 0]


def _vintage(
    offered: Mapping[str, np.ndarray],
    day: np.datetime64,
    months: pd.DatetimeIndex,
    levels: pd.DataFrame,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Prices and whether they count, levels by months, and which levels repeat the one below."""
    noticed = np.where(offered["notice"] <= day, offered["end_date"], NEVER)
    end = np.fmin(offered["end"], noticed)
    start, month = offered["start"], months.to_numpy()
    sold = (start[:, None] <= month) & (month < end[:, None]) & (month <= day)
    log_price = np.where(sold, np.log(offered["usd_per_mtok"])[:, None], np.inf)
    benchmark, score = offered["benchmark"], offered["score"]
    model, quarter = offered["model"], offered["quarter"]
    price = np.full((len(levels), len(months)), np.nan)
    followed, repeated = np.zeros(price.shape, bool), np.zeros(len(levels), bool)
    before: tuple[str, frozenset[str]] = ("", frozenset())
    counted = {name: (benchmark == name) & (end > start) for name in levels["benchmark"].unique()}
    last = {name: _coverage_end(model[rows], quarter[rows]) for name, rows in counted.items()}
    for i, (name, threshold) in enumerate(levels.itertuples(index=False)):
        reach = (benchmark == name) & (score >= threshold)
        if not reach.any():
            continue
        these = name, frozenset(model[reach])
        repeated[i], before = these == before, these
        cheapest = log_price[reach].min(axis=0)
        price[i] = np.where(np.isfinite(cheapest), cheapest, np.nan)
        followed[i] = months <= last[name]
    return price, followed, repeated


def _coverage_end(model: np.ndarray, quarter: np.ndarray) -> pd.Timestamp:
    """Do what `prices.coverage_end` does, for the offers of one benchmark."""
    _models, first = np.unique(model, return_index=True)
    quarters, count = np.unique(quarter[first], return_counts=True)
    enough = quarters[count >= prices.MIN_NEW_MODELS]
    if not enough.size:
        return pd.Timestamp.min
    return pd.Period(ordinal=int(enough.max()), freq="Q").end_time.normalize()
