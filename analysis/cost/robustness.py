"""Second opinions on the price decline: hedonic regression, break test, sensitivity to choices."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.cost import prices as cost
from analysis.uncertainty import (
    cluster_draws,
    percentile_interval,
    point,
    regression,
    stretched,
    transformed,
)
from briefs.values import N_, RATIO, SHARE, SHARE_PER_YEAR, Estimate, Phrase

#: Break test: months on either side of the date, the age in months up to which a rung counts,
#: and the least number of monthly changes on either side.
WINDOW_MONTHS = 18
MAX_AGE_MONTHS = 18
MIN_CHANGES = 24
SENSITIVITY_DRAWS = 200


def quality(score: pd.Series, benchmark: str) -> pd.Series:
    """Score on a log-odds scale, so that a step means the same at any height.

    Percent correct becomes ``log(p / (1 - p))``; Elo points the log odds of winning they stand for.
    """
    if benchmark == "LMArena-Elo":
        return score * np.log(10) / 400
    share = (score / 100).clip(0.005, 0.995)
    return np.log(share / (1 - share))


def hedonic(offered: pd.DataFrame, benchmark: str, level: float) -> Estimate:
    """Annual decline of the list price at equal quality, over all offers rather than the cheapest.

    Least squares of log price on time and quality; errors clustered by provider. Missing with
    fewer than 10 prices or 3 providers; n counts prices.

    References
    ----------
    J. E. Triplett (2006), Handbook on Hedonic Indexes and Quality Adjustments in Price Indexes, OECD.
    """
    rows = offered[offered["benchmark"] == benchmark]
    text = N_(
        "hedonic regression of log price on time and {benchmark} score, errors clustered by provider"
    )
    method = Phrase(text, {"benchmark": ("text", benchmark)})
    if len(rows) < 10 or rows["provider"].nunique() < 3:
        return Estimate.missing(SHARE_PER_YEAR, method, len(rows))
    x = pd.DataFrame(
        {
            "years": (rows["start"] - rows["start"].min()).dt.days / 365.25,
            "quality": quality(rows["score"], benchmark),
        }
    )
    fit = regression(np.log(rows["usd_per_mtok"]), x, level, rows["provider"]).loc["years"]
    slope = Estimate(fit["value"], fit["low"], fit["high"], level, len(rows), "1", method)
    return transformed(slope, lambda log: -np.expm1(log), SHARE_PER_YEAR)


def _changes(frontier: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Monthly changes of log price, and whether each counts: known, of a rung young enough."""
    change = np.diff(frontier, axis=1)
    known = np.isfinite(frontier)
    start = np.where(known.any(axis=1), known.argmax(axis=1), frontier.shape[1])
    age = np.arange(1, frontier.shape[1])[None, :] - start[:, None]
    return change, np.isfinite(change) & (age >= 1) & (age <= MAX_AGE_MONTHS)


def _windows(months: pd.DatetimeIndex, date: pd.Timestamp) -> tuple[np.ndarray, np.ndarray]:
    """Which monthly changes lie in the window before `date`, and which in that after."""
    offset = (months[1:].to_numpy().astype("datetime64[M]") - np.datetime64(date, "M")).astype(int)
    return (offset <= 0) & (offset > -WINDOW_MONTHS), (offset > 0) & (offset <= WINDOW_MONTHS)


def _sides(frontier: np.ndarray, windows: tuple[np.ndarray, np.ndarray]) -> tuple[float, float]:
    """Mean log change per year in each window; ``nan`` where too few changes are known."""
    change, counts = _changes(frontier)
    found = (change[counts & window] for window in windows)
    before, after = (12 * part.mean() if part.size >= MIN_CHANGES else np.nan for part in found)
    return before, after


def rate_change(
    ladder: cost.Ladder,
    date: pd.Timestamp,
    level: float,
    n_boot: int,
    rng: np.random.Generator,
) -> dict[str, Estimate]:
    """How the rate of decline differs after a date: an interrupted time series of monthly changes.

    A new rung falls fastest in its first months, so later dates would always look slower if old
    rungs stayed in; only changes in a rung's first 18 months count, 18 months either side. The
    month of the date itself still counts as before.

    Gives ``before``, ``after`` (decline, share per year) and ``ratio`` (annual price factor after
    over before: below 1 is a faster fall), missing until enough months have passed.

    References
    ----------
    J. Lopez Bernal, S. Cummins, A. Gasparrini (2017), Interrupted time series regression for the
    evaluation of public health interventions, International Journal of Epidemiology 46(1).
    """
    windows = _windows(ladder.months, date)

    def statistic(picks: np.ndarray | None) -> np.ndarray:
        before, after = _sides(ladder.frontier(picks), windows)
        return np.array([-np.expm1(before), -np.expm1(after), np.exp(after - before)])

    value = statistic(None)
    draws = cluster_draws(statistic, len(ladder.providers), n_boot, rng)
    method = N_("interrupted time series of monthly log changes, cluster bootstrap over providers")
    units = {"before": SHARE_PER_YEAR, "after": SHARE_PER_YEAR, "ratio": RATIO}
    n = len(ladder.providers)
    return {
        name: stretched(percentile_interval(value[i], draws[:, i], level, n, unit, method))
        for i, (name, unit) in enumerate(units.items())
    }


def month_after(date: pd.Timestamp) -> pd.Timestamp:
    """Return the same day a month later: the break test with the month of `date` counted as before."""
    return pd.Timestamp(date) + pd.DateOffset(months=1)


def placebo(ladder: cost.Ladder, date: pd.Timestamp) -> pd.DataFrame:
    """Apply the same test to every other month that has enough changes on both sides.

    Columns: ``month``, ``before``, ``after`` (declines per year), ``ratio`` and ``tested`` (the
    date's own month).
    """
    frontier, rows = ladder.frontier(), []
    for month in ladder.months:
        before, after = _sides(frontier, _windows(ladder.months, month))
        if np.isfinite(before) and np.isfinite(after):
            tested = (month.year, month.month) == (date.year, date.month)
            rates = -np.expm1(before), -np.expm1(after), np.exp(after - before)
            rows.append((month, *rates, tested))
    return pd.DataFrame(rows, columns=["month", "before", "after", "ratio", "tested"])


def placebo_share(dates: pd.DataFrame) -> Estimate:
    """Share of other dates with at least as large a speed-up as the one tested, from `placebo`.

    The count of all other dates has no sampling interval, so its ends are the share itself.
    """
    method = N_("rank among the same test at every other month")
    tested, others = dates[dates["tested"]], dates[~dates["tested"]]
    if tested.empty or others.empty:
        return Estimate.missing(SHARE, method, len(others))
    share = float((others["ratio"] <= tested["ratio"].iloc[0]).mean())
    return point(share, len(others), SHARE, method)


def _variants(
    prices: pd.DataFrame, capability: pd.DataFrame, input_share: float
) -> Iterator[tuple[str, pd.DataFrame]]:
    """Name each choice that could have been made otherwise, with the offers that it leads to."""
    scored = cost.scores(capability)
    every = tuple(prices["price_kind"].unique())
    best, own = cost.scores(capability, "max"), cost.scores(capability, by_developer=True)
    dated, provider = prices["date_basis"] != "first_seen", prices["provider"]
    yield "base", cost.offers(prices, scored, input_share)
    yield "best_score", cost.offers(prices, best, input_share)
    yield "developer_scores", cost.offers(prices, own, input_share)
    yield "even_blend", cost.offers(prices, scored, 0.5)
    yield "all_prices", cost.offers(prices, scored, input_share, every)
    yield "known_dates", cost.offers(prices[dated], scored, input_share)
    for name in ("DeepSeek", "OpenAI"):
        yield f"without_{name.lower()}", cost.offers(prices[provider != name], scored, input_share)


def sensitivity(
    prices: pd.DataFrame,
    capability: pd.DataFrame,
    as_of: pd.Timestamp,
    input_share: float,
    level: float,
    seed: int,
) -> pd.DataFrame:
    """Pooled decline under other choices of data and method, `SENSITIVITY_DRAWS` draws each.

    Columns: ``variant`` (``base`` first) and ``estimate``; variants that leave nothing to fit are
    absent.
    """
    rows = []
    for name, offered in _variants(prices, capability, input_share):
        if offered.empty:
            continue
        ladder, rng = cost.price_ladder(offered, as_of), np.random.default_rng(seed)
        rows.append((name, cost.pooled_decline(ladder, level, SENSITIVITY_DRAWS, rng)))
        if name == "base":
            ends = -np.expm1(cost.endpoint_slope(ladder.frontier(), ladder.years))
            method = N_("first to last month, no interval")
            rows.append(("endpoints", point(ends, len(ladder.providers), SHARE_PER_YEAR, method)))
    return pd.DataFrame([row for row in rows if row[1].known], columns=["variant", "estimate"])
