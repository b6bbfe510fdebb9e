"""Concentration: of markets by revenue, of the stock market over a century, of AI's builders and users.

Shares are numbers between 0 and 1. The Herfindahl-Hirschman index (HHI) is the sum of squared
shares, between one over the number of firms and one; one over it is the effective number of firms.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.uncertainty import point
from briefs.values import N_, RATIO, Estimate, Phrase, joined

#: A spread of published figures needs two sources: one number alone has none.
MIN_SOURCES = 2
#: Weights rolled forward with prices stay this close to the next disclosure (share of the top ten).
ROLL_ERROR = 0.003
#: Half a unit of the last digit of a figure given in whole percent, and in hundredths of a percent.
ROUNDING, FINE_ROUNDING = 0.005, 0.00005
#: A source that gives the 1930s only in words, "similar to the early 1960s": series -> that year.
LIKE_THE_1930S = {"CRSP, Mauboussin & Callahan": 1963}
RECENT_DAYS = 90
#: Eras of the comparison: name -> first and last year.
ERAS = {
    "1930s": (1929, 1940),
    "1960s and 1970s": (1960, 1979),
    "2000": (1999, 2000),
    "now": (2023, 2100),
}


def shares(values: Sequence[float] | np.ndarray) -> np.ndarray:
    """Scale amounts, not negative and not all zero, to shares of their sum."""
    amounts = np.asarray(values, float)
    return amounts / amounts.sum()


def hhi(values: Sequence[float] | np.ndarray) -> float:
    """Sum of squared shares of amounts: from one over the number of firms to 1."""
    return float((shares(values) ** 2).sum())


def hhi_bounds(known: Sequence[float], hidden: float) -> tuple[float, float]:
    """Range of the HHI when part of a market isn't disclosed.

    `hidden` is the most that all firms not in `known` may have together. Least: the hidden part is as
    large as may be, and scattered over many firms. Greatest: there is none, or one firm has all of it,
    whichever gives more.
    """
    amounts = np.asarray(known, float)
    total, squares = amounts.sum() + hidden, (amounts**2).sum()
    return float(squares / total**2), float(max(hhi(amounts), (squares + hidden**2) / total**2))


def spread_of(value: float, low: float, high: float, n: int, unit: str, method: str) -> Estimate:
    """Estimate whose ends are the least and greatest of published figures; missing with too few sources."""
    if n < MIN_SOURCES:
        few = Phrase(N_("fewer than {n} sources"), {"n": ("integer", MIN_SOURCES)})
        return Estimate.missing(unit, joined(method, few), n)
    return Estimate(value, low, high, None, n, unit, method)


def index_path(snapshots: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Concentration of the S&P 500 day by day, rolled weights filling the days between disclosures.

    Columns: ``date``, ``basis`` (disclosed, rolled), ``top1``, ``top10``, ``effective_number``,
    ``error`` (of ``top10``, either way), ``source_id``; oldest first.
    """
    measures = ["top1", "top10", "effective_number"]
    columns = ["date", "basis", *measures, "error", "source_id"]
    means = dict.fromkeys(measures, "mean") | {"source_id": "first"}
    disclosed = snapshots.groupby("date", as_index=False).agg(means)
    disclosed = disclosed.assign(basis="disclosed", error=FINE_ROUNDING)
    rolled = figures[figures["series"].str.startswith("rolled") & figures["measure"].isin(measures)]
    rolled = rolled.pivot(index="date", columns="measure", values="value")
    rolled = rolled.reindex(columns=measures).reset_index()
    rolled = rolled.assign(
        date=pd.to_datetime(rolled["date"]),
        basis="rolled",
        error=ROLL_ERROR,
        source_id="computed_roll",
    )
    parts = [part for part in (disclosed, rolled) if len(part)]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts)[columns].sort_values("date", ignore_index=True)


def since_claim(path: pd.DataFrame, claim_date: pd.Timestamp) -> Estimate:
    """Top-ten share of the last three months known, over that of the month of the claim.

    Shares move by a point within a month, so every day of the one is held against every day of the
    other, with the error of rolled weights. Missing until there are days on both sides.
    """
    method = N_(
        "top-ten weight of the S&P 500, last 90 days known over the month of the claim, every pair of days"
    )
    day, dates = pd.Timestamp(claim_date), path["date"]
    then = path[(dates.dt.year == day.year) & (dates.dt.month == day.month)] if len(path) else path
    recent = pd.Timedelta(days=RECENT_DAYS)
    now = path[dates > max(dates.max() - recent, day + recent)]
    if then.empty or now.empty:
        return Estimate.missing(RATIO, method)
    value = now["top10"].mean() / then["top10"].mean()
    low = (now["top10"] - now["error"]).min() / (then["top10"] + then["error"]).max()
    high = (now["top10"] + now["error"]).max() / (then["top10"] - then["error"]).min()
    return spread_of(value, low, high, len(now) + len(then), RATIO, method)


def top_ten_ratio(figures: pd.DataFrame) -> Estimate:
    """Top-ten share of the latest year over its peak in the 1930s, within each source that has both.

    Ends are the least and greatest that the rounding of the sources allows.
    """
    ratios = []
    for series, rows in figures[figures["measure"] == "top10"].groupby("series"):
        year = rows["year"].replace({LIKE_THE_1930S.get(series): 1935})
        then, now = rows.loc[year.between(*ERAS["1930s"]), "value"], rows[year >= ERAS["now"][0]]
        if len(then) and len(now):
            last, peak = now.sort_values("year")["value"].iloc[-1], then.max()
            ratios.append([(last + e) / (peak - e) for e in (0, -ROUNDING, ROUNDING)])
    method = N_(
        "within each source, latest year over the highest figure for the 1930s, ends by rounding"
    )
    if not ratios:
        return Estimate.missing(RATIO, method)
    value, low, high = np.array(ratios).T
    return spread_of(float(np.median(value)), low.min(), high.max(), len(ratios), RATIO, method)


def _peaks(years: pd.Series, values: pd.Series) -> dict[str, float]:
    """Highest value within each era; the latest for now."""
    peaks = {}
    for era, (first, last) in ERAS.items():
        chosen = values[years.between(first, last)]
        if len(chosen):
            peaks[era] = float(chosen.iloc[-1] if era == "now" else chosen.max())
    return peaks


def by_measure(figures: pd.DataFrame, deciles: pd.DataFrame, path: pd.DataFrame) -> pd.DataFrame:
    """Concentration in four eras by each measure that has more than one of them.

    Columns: ``measure``, ``universe``, a column per era of `ERAS` (its peak; the latest for now),
    ``ratio`` (now over the 1930s) and ``sources`` (tuple of ids).
    """
    published, rows = figures[~figures["series"].str.startswith("rolled")], []
    top10 = published[published["measure"] == "top10"]
    for (universe, series), found in top10.groupby(["universe", "series"]):
        found = found.sort_values("year")
        year = found["year"].replace({LIKE_THE_1930S.get(series): 1935})
        peaks = _peaks(found["year"], found["value"]) | _peaks(year, found["value"])
        rows.append(("top10", universe, peaks, tuple(found["source_id"].unique())))
    top1 = published[published["measure"] == "top1"].sort_values("year")
    largest = _peaks(top1["year"], top1["value"])
    if len(path):
        largest["now"] = path["top1"].iloc[-1]
    sources = (*top1["source_id"], *path["source_id"].iloc[-1:])
    rows.append(("top1", "US market, S&P 500", largest, tuple(dict.fromkeys(sources))))
    for measure, column in (("tenth", "peak_share"), ("decile", "decile_share")):
        peaks = _peaks(deciles["year"], deciles[column])
        rows.append((measure, "US market", peaks, tuple(deciles["source_id"][:1])))
    table = pd.DataFrame(
        [
            {"measure": m, "universe": u, **dict.fromkeys(ERAS), **peaks, "sources": s}
            for m, u, peaks, s in rows
            if len(peaks) > 1
        ],
        columns=["measure", "universe", *ERAS, "sources"],
    )
    return table.assign(ratio=pd.to_numeric(table["now"]) / pd.to_numeric(table["1930s"]))


def organisations_ratio(models: pd.DataFrame, claim_date: pd.Timestamp) -> Estimate:
    """Organisations with notable models in the latest full year, over those of the year before the claim.

    Missing while no full year after the base has been counted.
    """
    method = N_("count of organisations, latest full year over the year before the claim")
    counts = models[models["measure"] == "distinct_organizations"].set_index("year")["value"]
    base = pd.Timestamp(claim_date).year - 1
    if base not in counts.index or counts.index.max() <= base:
        return Estimate.missing(RATIO, method)
    return point(counts[counts.index.max()] / counts[base], int(counts.iloc[-1]), RATIO, method)


def small_over_large(adoption: pd.DataFrame, claim_date: pd.Timestamp) -> Estimate:
    """Growth of AI use among small firms over that among large firms, since the last survey before the claim.

    Ratio of growth factors of the shares; ends by the rounding of the shares.
    """
    method = N_(
        "EU survey, growth factor of small firms' use over that of large firms', ends by rounding"
    )
    rows = adoption[adoption["survey"] == "firms_using_ai_eu"]
    wide = rows.pivot(index="year", columns="group", values="share")
    half = rows.pivot(index="year", columns="group", values="rounded")
    half = half.replace({True: ROUNDING, False: FINE_ROUNDING})
    base, pair = pd.Timestamp(claim_date).year - 1, ["Small (10-49)", "Large (250+)"]
    if base not in wide.index or wide.index.max() <= base or not set(pair) <= set(wide):
        return Estimate.missing(RATIO, method)
    then, now = wide.loc[base, pair], wide.loc[wide.index.max(), pair]
    error = half.astype(float).loc[[base, wide.index.max()], pair].to_numpy()
    # what rounding hides moves the two groups, and the two years of each, against one another
    value, low, high = (
        (now + s * error[1] * [1, -1]) / (then - s * error[0] * [1, -1]) for s in (0, -1, 1)
    )
    value, low, high = (factor.iloc[0] / factor.iloc[1] for factor in (value, low, high))
    return Estimate(value, low, high, None, 4, RATIO, method)
