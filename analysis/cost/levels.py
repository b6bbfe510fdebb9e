"""The cheapest price of chosen levels of capability: who sold them, and when that changed."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.cost import prices as cost


def price_path(
    offered: pd.DataFrame, benchmark: str, threshold: float, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Who sold a capability most cheaply, month by month: a score of at least `threshold`.

    Columns: ``month``, ``usd_per_mtok``, ``provider``, ``model`` (name to show), ``score``,
    ``source_id``; from the first month in which anyone sold it. Empty when nobody did.
    """
    columns = ["month", "usd_per_mtok", "provider", "model", "score", "source_id"]
    rows = offered[(offered["benchmark"] == benchmark) & (offered["score"] >= threshold)]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    months = pd.date_range(offered["start"].min() + pd.offsets.MonthBegin(0), as_of, freq="MS")
    log_price = cost.in_force(rows, months)
    sold = np.isfinite(log_price).any(axis=0)
    cheapest = rows.iloc[log_price.argmin(axis=0)[sold]].reset_index(drop=True)
    return cheapest.assign(month=months[sold], model=cheapest["display_name"])[columns]


def levels_around(benchmark: str, threshold: float) -> tuple[float, ...]:
    """Four levels of a benchmark to show: its rungs, with the nearest one moved to `threshold`."""
    rungs = cost.RUNGS[benchmark]
    nearest = min(rungs, key=lambda rung: abs(rung - threshold))
    return tuple(sorted({float(threshold if rung == nearest else rung) for rung in rungs}))


def price_changes(
    offered: pd.DataFrame,
    benchmark: str,
    thresholds: Iterable[float],
    as_of: pd.Timestamp,
) -> pd.DataFrame:
    """Months in which the cheapest price of a level, or its seller, changed.

    Columns of `price_path`, ``until`` (when the next row of the level takes over, or `as_of`) and
    ``threshold``; levels that nobody reached are absent.
    """
    rows = []
    for threshold in thresholds:
        path = price_path(offered, benchmark, threshold, as_of)
        offer = path[["usd_per_mtok", "provider", "model"]]
        changed = path[offer.ne(offer.shift()).any(axis=1)]
        until = changed["month"].shift(-1).fillna(pd.Timestamp(as_of))
        rows.append(changed.assign(until=until, threshold=threshold))
    return pd.concat(rows, ignore_index=True)
