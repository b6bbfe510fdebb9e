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
    #: the level, after the vintage, and where a level is reached by the same models as the one below.
    price: np.ndarray
    #: Vintages by levels by months: whether the benchmark still followed the market.
    followed: np.ndarray

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
        known = np.where(self.followed[vintage], self.price[vintage], np.nan)
        change, ever = np.diff(known, axis=1), np.isfinite(self.price[vintage])
        age = np.arange(1, known.shape[1])[None, :] - ever.argmax(axis=1)[:, None]
        usable = np.isfinite(change)
        return age[usable], change[usable]

    def came(self, vintage: int, month: int) -> np.ndarray:
        """Log price of each level in a month as a vintage knows it, ``nan`` where not followed by then."""
        held = self.followed[vintage, :, month]
        return np.where(held, self.price[vintage, :, month], np.nan)


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
    offered = _offers(evidence, input_share)
    begin = min(FIRST, offered["start"].min()) if len(offered) else FIRST
    months = pd.date_range(begin + pd.offsets.MonthBegin(0), as_of, freq="MS")
    days = months[months >= FIRST]
    scores = _scores(evidence["capability"], days)
    levels = pd.DataFrame(
        [(b, float(t)) for b, thresholds in rungs.items() for t in thresholds],
        columns=["benchmark", "threshold"],
    )
    shape = len(days), len(levels), len(months)
    price, followed = np.full(shape, np.nan), np.zeros(shape, bool)
    for i, day in enumerate(days):
        score = scores.iloc[i].reindex(offered["pair"]).to_numpy()
        known = (offered["published"] <= day).to_numpy() & np.isfinite(score)
        if known.any():
            rows = offered[known].assign(score=score[known])
            price[i], followed[i] = _vintage(rows, day, months, levels)
    return History(months, len(days), levels, price, followed)


def reported(capability: pd.DataFrame) -> pd.DataFrame:
    """Keep the scores whose report has a day: those dated by the model's release came later."""
    return capability[capability["published_basis"] != "release"]


def _offers(evidence: Mapping[str, pd.DataFrame], input_share: float) -> pd.DataFrame:
    """Every dated price of a scored model, with the end of its sale and the day of that notice."""
    ends = evidence["model-end-dates"].rename(columns={"published": "notice"})
    scored = evidence["capability"].query("not by_developer")
    models = scored.groupby(["model", "benchmark"], as_index=False)["release_date"].min()
    blank = models.assign(score=np.nan, grade="")
    offered = prices.offers(evidence["model-prices"], blank, input_share)
    known = evidence["model-prices"][["provider", "model", "effective_from", "published"]]
    known = known.rename(columns={"effective_from": "start"}).drop_duplicates(
        ["provider", "model", "start"]
    )
    offered = offered.merge(known, how="left").merge(
        ends[["provider", "model", "end_date", "notice"]], on=["provider", "model"], how="left"
    )
    offered = offered[~(offered["end"] <= offered["start"])]
    pair = list(zip(offered["model"], offered["benchmark"], strict=True))
    return offered.assign(pair=pair).reset_index(drop=True)


def _scores(capability: pd.DataFrame, days: pd.DatetimeIndex) -> pd.DataFrame:
    """Median of the reports known on each day (rows) for each model and benchmark (columns)."""
    kept = capability[~capability["by_developer"]]
    kept = kept.assign(nth=kept.groupby(["model", "benchmark"]).cumcount())
    table = kept.set_index(["model", "benchmark", "nth"])[["score", "published"]].unstack("nth")
    score = np.where(
        table["published"].to_numpy()[None] <= days.to_numpy()[:, None, None],
        table["score"].to_numpy()[None],
        np.inf,
    )
    score.sort(axis=2)
    count = np.isfinite(score).sum(axis=2, keepdims=True)
    middle = [
        np.take_along_axis(score, np.maximum(i, 0), 2) for i in ((count - 1) // 2, count // 2)
    ]
    median = np.where(count > 0, np.where(count > 0, middle, 0).mean(axis=0), np.nan)[..., 0]
    return pd.DataFrame(median, days, table.index.to_flat_index())


def _vintage(
    offered: pd.DataFrame, day: pd.Timestamp, months: pd.DatetimeIndex, levels: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Prices and whether they count, levels by months, from the offers known on a day."""
    noticed = offered["end_date"].where(offered["notice"] <= day)
    end = pd.concat([offered["end"], noticed], axis=1).min(axis=1).fillna(NEVER).to_numpy()
    start, month = offered["start"].to_numpy(), months.to_numpy()
    sold = (start[:, None] <= month) & (month < end[:, None]) & (month <= day.to_datetime64())
    log_price = np.where(sold, np.log(offered["usd_per_mtok"].to_numpy())[:, None], np.inf)
    benchmark, score = offered["benchmark"].to_numpy(), offered["score"].to_numpy()
    model, last = offered["model"].to_numpy(), prices.coverage_end(offered[end > start])
    price = np.full((len(levels), len(months)), np.nan)
    followed = np.zeros(price.shape, bool)
    before: tuple[str, frozenset[str]] = ("", frozenset())
    for i, (name, threshold) in enumerate(levels.itertuples(index=False)):
        reach = (benchmark == name) & (score >= threshold)
        these = name, frozenset(model[reach])
        if not these[1] or these == before:
            continue
        before = these
        cheapest = log_price[reach].min(axis=0)
        price[i] = np.where(np.isfinite(cheapest), cheapest, np.nan)
        followed[i] = months <= last.get(name, pd.Timestamp.min)
    return price, followed
