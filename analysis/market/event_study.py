"""What one day's news did to share prices: the market model, and how unusual the day was.

Returns are simple, daily, as shares of the price. A share's *abnormal* return is what remains
after the part that the whole market explains, by least squares on a window of trading days that
ends before the event. Groups are equally weighted portfolios, so that shares falling together on
one day count as one observation (A. C. MacKinlay, 1997, Event studies in economics and finance,
Journal of Economic Literature 35(1)).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.uncertainty import cluster_draws, percentile_interval, student, wilson
from briefs.values import N_, RATIO, SHARE, Estimate, Phrase

#: Who stands for what.
GROUPS: dict[str, tuple[str, ...]] = {
    "accelerators": ("NVDA", "AMD", "AVGO", "MRVL", "ARM", "TSM", "MU", "ASML"),
    "equipment": ("SMCI", "DELL", "ANET", "VRT"),
    "power": ("CEG", "VST", "GEV"),
    "cloud": ("MSFT", "AMZN", "GOOGL", "META", "ORCL"),
    "software": tuple("CRM ADBE NOW WDAY INTU SAP CRWD DDOG SNOW MDB NET PLTR".split()),
    "rest": ("AAPL", "TSLA", "IBM", "BABA", "INTC", "QCOM"),
}
#: Name of the portfolio of every exposed share, and the fund that stands for the whole market.
EXPOSED, MARKET = "exposed", "SPY"
#: Every group but the suppliers of power is of the technology industry.
TECHNOLOGY = tuple(group for group in GROUPS if group != "power")


@dataclass(frozen=True)
class Model:
    """Market model of several return series, one fit per day; frames are by day and series."""

    #: By the fit of the day; ``nan`` without a full window.
    abnormal: pd.DataFrame
    #: Standard deviation of the residuals in the window (n - 2 degrees of freedom).
    sigma: pd.DataFrame
    alpha: pd.DataFrame
    beta: pd.DataFrame
    #: The series themselves.
    returns: pd.DataFrame
    #: By day, of the benchmark: ``mean`` and ``spread`` (sum of squares) in the window, and ``return``.
    market: pd.DataFrame
    #: Days in the window.
    window: int


def panel(returns: pd.DataFrame) -> pd.DataFrame:
    """Lay the table ``event-returns`` out by trading day, oldest first, and ticker."""
    return returns.pivot(index="date", columns="ticker", values="return").sort_index()


def portfolios(
    daily: pd.DataFrame,
    exposed: Iterable[str],
    groups: Mapping[str, Iterable[str]] = GROUPS,
) -> pd.DataFrame:
    """Return equally weighted portfolios, rebalanced daily: one of the exposed groups, and one per group."""
    members = {EXPOSED: [ticker for group in exposed for ticker in groups[group]], **groups}
    return pd.DataFrame(
        {
            name: daily.reindex(columns=list(tickers)).mean(axis=1)
            for name, tickers in members.items()
        }
    )


def _windowed(values: np.ndarray, window: int, gap: int) -> np.ndarray:
    """Sum over the `window` rows that end `gap` rows before each row; ``nan`` where there are fewer."""
    total = np.vstack([np.zeros(values.shape[1]), np.cumsum(values, axis=0)])
    sums = np.full(values.shape, np.nan)
    first = window + gap
    if first < len(values):
        sums[first:] = total[window : len(values) - gap] - total[: len(values) - first]
    return sums


def market_model(series: pd.DataFrame, market: pd.Series, window: int, gap: int) -> Model:
    """Fit the market model for every day on the days before it.

    A day counts for a series when every day of its window has a return.

    `series` has daily returns, a column each, `market` the benchmark's on the same days. Each fit uses
    `window` trading days, and `gap` of them are left out between those and the day itself.
    """
    y, m = series.to_numpy(float), market.to_numpy(float)[:, None]
    known = np.isfinite(y)
    filled = np.where(known, y, 0.0)
    count = _windowed(known.astype(float), window, gap)
    mean_m = _windowed(m, window, gap) / window
    spread = _windowed(m**2, window, gap) - window * mean_m**2
    mean_y = _windowed(filled, window, gap) / window
    cross = _windowed(filled * m, window, gap) - window * mean_m * mean_y
    beta = cross / spread
    squares = _windowed(filled**2, window, gap) - window * mean_y**2 - beta * cross
    full = count == window
    alpha = np.where(full, mean_y - beta * mean_m, np.nan)
    sigma = np.sqrt(np.maximum(squares, 0) / (window - 2))
    about = pd.DataFrame(
        {"mean": mean_m[:, 0], "spread": spread[:, 0], "return": m[:, 0]}, index=series.index
    )
    abnormal, sigma, alpha, beta = (
        pd.DataFrame(part, series.index, series.columns)
        for part in (y - alpha - beta * m, sigma, alpha, beta)
    )
    return Model(abnormal, sigma, alpha, beta, series, about, window)


def event_day(days: pd.DatetimeIndex, date: pd.Timestamp) -> int | None:
    """Row of the event among trading days: the first on or after its date, None when it isn't known yet."""
    day = int(days.searchsorted(pd.Timestamp(date)))
    return day if day < len(days) else None


def cumulative(model: Model, name: str, day: int | None, days: int, level: float) -> Estimate:
    """Cumulative abnormal return over `days` trading days that begin with the event.

    The variance counts the error of the fitted line once for all days of the window, and grows
    with the market's own move, as for a prediction outside the sample: Student's t interval. n counts
    the days of the estimation window; missing when that isn't complete.
    """
    text = N_(
        "market model, portfolio approach, t interval of the forecast error; trading days added up: {days}"
    )
    method = Phrase(text, {"days": ("integer", days)})
    if day is None or day + days > len(model.abnormal):
        return Estimate.missing(SHARE, method)
    about, moves = model.market.iloc[day], model.market["return"].iloc[day : day + days].sum()
    # all days of the window are judged by the fit that ends before the first
    expected = days * model.alpha[name].iloc[day] + model.beta[name].iloc[day] * moves
    value = model.returns[name].iloc[day : day + days].sum(skipna=False) - expected
    drift = moves - days * about["mean"]
    error = model.sigma[name].iloc[day] * np.sqrt(
        days + days**2 / model.window + drift**2 / about["spread"]
    )
    return student(value, error, model.window - 2, level, model.window, SHARE, method)


def group_effects(model: Model, day: int | None, days: int, level: float) -> pd.DataFrame:
    """Abnormal returns of every series: ``group``, ``day`` and ``window``, an `Estimate` each."""
    rows = [
        (name, *(cumulative(model, name, day, length, level) for length in (1, days)))
        for name in model.abnormal
    ]
    return pd.DataFrame(rows, columns=["group", "day", "window"])


def above_all(
    daily: pd.DataFrame,
    exposed: Iterable[str],
    market: pd.Series,
    day: int | None,
    window: int,
    gap: int,
    level: float,
) -> Estimate:
    """Abnormal return of the exposed portfolio on the day, less that of all other technology shares.

    The market model is fitted to the difference of the two portfolios, so that what moves both alike
    cancels out of the forecast error, too. Missing when no technology share is left to compare with.
    """
    chosen = set(exposed)
    others = [t for group in TECHNOLOGY if group not in chosen for t in GROUPS[group]]
    own = [t for group in chosen for t in GROUPS[group]]
    if not others:
        return Estimate.missing(SHARE, N_("no technology share is left to compare with"))
    gone = daily.reindex(columns=own).mean(axis=1) - daily.reindex(columns=others).mean(axis=1)
    model = market_model(gone.to_frame("difference"), market, window, gap)
    return cumulative(model, "difference", day, 1, level)


def fall(
    daily: pd.DataFrame,
    exposed: Iterable[str],
    market: pd.Series,
    day: int | None,
    window: int,
    gap: int,
    level: float,
) -> dict[str, Estimate]:
    """Abnormal return of the exposed shares on the day, and by how much it is beyond that of others."""
    groups = portfolios(daily, exposed)[[EXPOSED]]
    own = cumulative(market_model(groups, market, window, gap), EXPOSED, day, 1, level)
    excess = above_all(daily, exposed, market, day, window, gap, level)
    return {"exposed": own, "above_all": excess}


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


def _spread(returns: np.ndarray, measure: str) -> np.ndarray:
    """Spread across shares, the last axis: standard deviation, or mean distance from the median."""
    if measure == "standard":
        return returns.std(axis=-1, ddof=1)
    return np.abs(returns - np.median(returns, axis=-1, keepdims=True)).mean(axis=-1)


def shock(
    daily: pd.DataFrame,
    day: int | None,
    window: int,
    gap: int,
    level: float,
    n_boot: int,
    rng: np.random.Generator,
    measure: str = "standard",
) -> Estimate:
    """Spread of technology shares' returns on the day, over that of the median day before.

    The days before are those of the estimation window. A shock to an industry moves its shares apart
    when some gain from it what others lose, so the spread shows it even where an index stands still
    (W. G. Christie, R. D. Huang, 1995, Following the pied piper, Financial Analysts Journal 51(4), use
    the measure on days of stress). The interval is from shares drawn with replacement, days as they
    are; n counts shares.
    """
    method = N_("cross-sectional spread of returns, bootstrap over shares")
    first = -1 if day is None else day - gap - window
    if day is None or first < 0:
        return Estimate.missing(RATIO, method)
    tickers = [t for group in TECHNOLOGY for t in GROUPS[group] if t in daily]
    rows = daily[tickers].to_numpy(float)[[*range(first, day - gap), day]]
    rows = rows[:, np.isfinite(rows).all(axis=0)]
    if rows.shape[1] < 3:
        return Estimate.missing(RATIO, method, rows.shape[1])

    def ratio(shares: np.ndarray) -> np.ndarray:
        spread = _spread(rows[:, shares], measure)
        return spread[-1] / np.median(spread[:-1])

    n = rows.shape[1]
    draws = cluster_draws(ratio, n, n_boot, rng)
    value = float(ratio(np.arange(n)))
    return percentile_interval(value, draws, level, n, RATIO, method)
