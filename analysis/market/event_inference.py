"""How unusual a day was for share prices, whether shares fell together, and what came back later."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from scipy import stats

from analysis.market.event_study import MARKET, Model
from analysis.uncertainty import wilson
from briefs.values import N_, SHARE, Estimate

#: Trading days after the event at which recovery is read: a week, a month, a quarter, half a year.
HORIZONS = (0, 5, 21, 63, 126)


def placebo_share(values: pd.Series, day: int | None, level: float) -> Estimate:
    """Share of all other days on which a series fell at least as much as on the event day.

    A diagnostic: where it is large, the day was none of the rare ones; it decides nothing.
    """
    method = N_("rank of the event day among all other days, score interval")
    if day is None or not np.isfinite(values.iloc[day]):
        return Estimate.missing(SHARE, method)
    others = values.drop(values.index[day]).dropna()
    share = (others <= values.iloc[day]).mean() if len(others) else np.nan
    return wilson(share, len(others), level, method)


def histogram(values: pd.Series, day: int | None, width: float = 0.01) -> pd.DataFrame:
    """Count days by abnormal return, in bins of `width`, and mark the bin that holds the event.

    Columns: ``low``, ``high`` (share), ``days``, ``first``, ``last`` (of those days) and ``event``
    (bool); empty when the event isn't known.
    """
    if day is None or not np.isfinite(values.iloc[day]):
        return pd.DataFrame(columns=["low", "high", "days", "first", "last", "event"])
    bins = np.floor(values.dropna() / width).astype(int)
    counts = bins.value_counts().sort_index()
    counts = counts.reindex(range(counts.index.min(), counts.index.max() + 1), fill_value=0)
    span = bins.index.to_series().groupby(bins).agg(["min", "max"]).reindex(counts.index)
    return pd.DataFrame(
        {
            "low": counts.index * width,
            "high": (counts.index + 1) * width,
            "days": counts.to_numpy(),
            "first": span["min"].to_numpy(),
            "last": span["max"].to_numpy(),
            "event": counts.index == np.floor(values.iloc[day] / width),
        }
    )


def correlation(residuals: np.ndarray) -> float:
    """Mean correlation between different series."""
    matrix = np.corrcoef(residuals, rowvar=False)
    n = len(matrix)
    return float((matrix.sum() - n) / (n * (n - 1)))


def adjusted_t(standardised: np.ndarray, mean_correlation: float) -> float:
    """Cross-sectional test of one day's abnormal returns, corrected for their moving together.

    `standardised` are abnormal returns over their own standard errors; the result is Student's t with
    n - 1 degrees of freedom.

    References
    ----------
    J. W. Kolari, S. Pynnönen (2010), Event study testing with cross-sectional correlation of abnormal
    returns, Review of Financial Studies 23(11), on E. Boehmer, J. Musumeci, A. B. Poulsen (1991).
    """
    n = len(standardised)
    plain = standardised.mean() * np.sqrt(n) / standardised.std(ddof=1)
    return float(plain * np.sqrt((1 - mean_correlation) / (1 + (n - 1) * mean_correlation)))


def _residuals(
    daily: pd.DataFrame, market: pd.Series, day: int, window: int, gap: int
) -> np.ndarray:
    """Residuals of every column in the estimation window of one day."""
    rows = slice(day - gap - window, day - gap)
    x = np.column_stack([np.ones(window), market.to_numpy()[rows]])
    y = daily.to_numpy(float)[rows]
    return y - x @ np.linalg.lstsq(x, y, rcond=None)[0]


def group_tests(
    daily: pd.DataFrame,
    model: Model,
    day: int | None,
    gap: int,
    members: Mapping[str, Iterable[str]],
    benchmark: str,
) -> pd.DataFrame:
    """Test whether the shares of each group fell together beyond what chance and the market explain.

    The `model` is of single shares; `members` maps a group to its tickers.

    Columns: ``group``, ``shares``, ``correlation`` (mean, of residuals), ``t`` and ``p``
    (two-sided) of `adjusted_t`; groups without two shares are absent.
    """
    columns = ["group", "shares", "correlation", "t", "p"]
    if day is None:
        return pd.DataFrame(columns=columns)
    about, today = model.market.iloc[day], model.abnormal.iloc[day]
    drift = (about["return"] - about["mean"]) ** 2 / about["spread"]
    scale, rows = np.sqrt(1 + 1 / model.window + drift), []
    for group, tickers in members.items():
        known = [t for t in tickers if t in today and np.isfinite(today[t])]
        if len(known) < 2:
            continue
        standardised = (model.abnormal[known] / model.sigma[known]).iloc[day].to_numpy() / scale
        together = correlation(_residuals(daily[known], daily[benchmark], day, model.window, gap))
        t = adjusted_t(standardised, together)
        rows.append((group, len(known), together, t, 2 * stats.t.sf(abs(t), len(known) - 1)))
    return pd.DataFrame(rows, columns=columns)


def recovery(daily: pd.DataFrame, grouped: pd.DataFrame, day: int | None) -> pd.DataFrame:
    """How much of the day's fall each group, and the market, had regained later, prices alone.

    Columns: ``group``, ``days`` (trading days after the event), ``date``, ``level`` (value of what
    was worth 1 at the close before), ``back`` (first day at or above 1, NaT if none). The last day
    known is a horizon too.
    """
    columns = ["group", "days", "date", "level", "back"]
    if day is None:
        return pd.DataFrame(columns=columns)
    worth = (1 + grouped.assign(market=daily[MARKET]).iloc[day:]).cumprod()
    rows = []
    for name in worth:
        path = worth[name]
        above = path.index[path >= 1]
        # a group that didn't fall on the day has nothing to win back
        back = above[0] if len(above) else pd.NaT
        rows += [
            (name, h, path.index[h], path.iloc[h], back)
            for h in sorted({*HORIZONS, len(path) - 1})
            if h < len(path)
        ]
    return pd.DataFrame(rows, columns=columns)


def worth_path(
    daily: pd.DataFrame, grouped: pd.DataFrame, day: int | None, every: int = 5
) -> pd.DataFrame:
    """Value over time of what was worth 1 in each group at the close before, every few trading days.

    Columns: ``date``, ``group``, ``worth``; the close before comes first, then the event day; the
    last day is there.
    """
    if not day:
        return pd.DataFrame(columns=["date", "group", "worth"])
    worth = (1 + grouped.assign(market=daily[MARKET]).iloc[day:]).cumprod()
    worth = worth[(np.arange(len(worth)) % every == 0) | (np.arange(len(worth)) == len(worth) - 1)]
    start = pd.DataFrame(1.0, index=[grouped.index[day - 1]], columns=worth.columns)
    return (
        pd.concat([start, worth])
        .rename_axis("date")
        .melt(ignore_index=False, var_name="group", value_name="worth")
        .reset_index()
    )
