"""Concentration of the stock market: day by day, and over a century by several measures."""

import numpy as np
import pandas as pd

from analysis.uncertainty import published, student, transformed
from briefs.values import N_, RATIO, Estimate

#: A spread of published figures needs two sources: one number alone has none.
MIN_SOURCES = 2
#: Weights rolled forward with prices stay this close to the next disclosure (share of the top ten).
ROLL_ERROR = 0.003
#: Half a unit of the last digit of a figure given in whole percent, and in hundredths of a percent.
ROUNDING, FINE_ROUNDING = 0.005, 0.00005
#: A source that gives the 1930s only in words, "similar to the early 1960s": series -> that year.
LIKE_THE_1930S = {"CRSP, Mauboussin & Callahan": 1963}
RECENT_DAYS = 90
#: Universe -> how its figures in the tables are called.
UNIVERSES = {"index": "S&P 500", "market": "US market"}
#: Eras of the comparison: name -> first and last year.
ERAS = {
    "1930s": (1929, 1940),
    "1960s and 1970s": (1960, 1979),
    "2000": (1999, 2000),
    "now": (2023, 2100),
}


def index_path(snapshots: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Concentration of the S&P 500 day by day, rolled weights filling the days between disclosures.

    Columns: ``date``, ``top1``, ``top10``, ``error`` (of ``top10``, either way), ``source_id``,
    ``grade``; oldest first.
    """
    measures = ["top1", "top10"]
    columns = ["date", *measures, "error", "source_id", "grade"]
    means = dict.fromkeys(measures, "mean") | {"source_id": "first", "grade": "max"}
    disclosed = snapshots.groupby("date", as_index=False).agg(means)
    disclosed = disclosed.assign(error=FINE_ROUNDING)
    rolled = figures[figures["series"].str.startswith("rolled") & figures["measure"].isin(measures)]
    grade = rolled["grade"].max() if len(rolled) else ""
    rolled = rolled.pivot(index="date", columns="measure", values="value")
    rolled = rolled.reindex(columns=measures).reset_index()
    rolled = rolled.assign(
        date=pd.to_datetime(rolled["date"]),
        error=ROLL_ERROR,
        source_id="computed_roll",
        grade=grade,
    )
    parts = [part for part in (disclosed, rolled) if len(part)]
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts)[columns].sort_values("date", ignore_index=True)


def since_claim(path: pd.DataFrame, claim_date: pd.Timestamp, level: float) -> Estimate:
    """Top-ten share of the last three months known, over that of the month of the claim.

    Each side is known on a few days only, from which it swings by a point: a difference of mean logs,
    with Student's t and a variance that both sides share. Rolled weights of one side have an error in
    common, even between its ends, on top of that. Missing until there are days on both sides, three in
    all; n counts them.
    """
    method = N_(
        "top-ten weight of the S&P 500, mean of the last 90 days known over the month of the claim, t interval"
    )
    day, dates = pd.Timestamp(claim_date), path["date"]
    then = path[(dates.dt.year == day.year) & (dates.dt.month == day.month)] if len(path) else path
    recent = pd.Timedelta(days=RECENT_DAYS)
    now = path[dates > max(dates.max() - recent, day + recent)]
    n = len(now) + len(then)
    if then.empty or now.empty or n < 3:
        return Estimate.missing(RATIO, method, n)
    logs = [np.log(rows["top10"].to_numpy()) for rows in (now, then)]
    spread = sum(((log - log.mean()) ** 2).sum() for log in logs) / (n - 2)
    rolled = sum((rows["error"] / rows["top10"]).mean() ** 2 / 3 for rows in (now, then))
    error = np.sqrt(spread * (1 / len(now) + 1 / len(then)) + rolled)
    found = student(logs[0].mean() - logs[1].mean(), error, n - 2, level, n, "1", method)
    return transformed(found, np.exp, RATIO).graded(now["grade"], then["grade"])


def _era(rows: pd.DataFrame, last: int) -> pd.Series:
    """Figures of a series for the 1930s; where it gives them only in words, of the year that is like them."""
    year = rows["year"].replace({LIKE_THE_1930S.get(rows["series"].iloc[0]): 1935})
    return rows.loc[year.between(ERAS["1930s"][0], last), "value"]


def top_ten_ratio(
    figures: pd.DataFrame,
    path: pd.DataFrame,
    last: int = ERAS["1930s"][1],
    universe: str = "every",
    now: str = "same_source",
) -> Estimate:
    """Top-ten share now over its peak in the 1930s, within each source that has both.

    The 1930s are the years from 1929 to `last`. Of the sources that reach back, one gives a year in ten
    and one the 1930s in words alone, so that the peak of the Depression itself may be missing. With
    `now` "latest" the figure for now is the latest of the same universe, whoever gives it. Every ratio
    counts with the ends that the rounding of the sources allows; n counts sources.
    """
    method = N_("latest figure over the highest for the 1930s, of one universe, ends by rounding")
    rows = figures[figures["measure"] == "top10"]
    if universe != "every":
        rows = rows[rows["universe"] == UNIVERSES[universe]]
    ratios, grades = [], []
    for (place, series), own in rows.groupby(["universe", "series"]):
        then, recent = _era(own, last), own[own["year"] >= ERAS["now"][0]].sort_values("year")
        if now == "latest":
            recent = _latest(figures, path, place)
        if series and len(then) and len(recent):
            value, peak = recent["value"].iloc[-1], then.max()
            ratios += [(value + e) / (peak - e) for e in (0, -ROUNDING, ROUNDING)]
            grades += [*own.loc[then.index, "grade"], recent["grade"].iloc[-1]]
    return published(ratios, len(ratios) // 3, RATIO, method).graded(grades)


def _latest(figures: pd.DataFrame, path: pd.DataFrame, universe: str) -> pd.DataFrame:
    """Top-ten share of a universe, oldest first: of the index its path, else the published figures."""
    if universe == UNIVERSES["index"]:
        return path.rename(columns={"top10": "value"})
    rows = figures[(figures["measure"] == "top10") & (figures["universe"] == universe)]
    return rows[rows["year"] >= ERAS["now"][0]].sort_values("date")


def tenth_ratio(deciles: pd.DataFrame) -> Estimate:
    """Share of the largest tenth of all listed firms in the latest year, over its peak in the 1930s.

    By the year's end and by its peak. The largest decile by the exchange's own breakpoints won't do: it
    held a tenth of firms then and holds a twentieth now. So the tenth is interpolated between deciles,
    a lower bound, and a tighter one then than now: the ratio is a lower bound, too. The number of firms
    grew fivefold meanwhile, most of them small, which raises such a share by itself.
    """
    method = N_("lower bound, latest year's end and peak over the highest month of the 1930s")
    then = deciles[deciles["year"].between(*ERAS["1930s"])]
    now = deciles[deciles["year"] >= ERAS["now"][0]].tail(1)
    if then.empty or now.empty:
        return Estimate.missing(RATIO, method)
    figures = now[["december_share", "peak_share"]].to_numpy()[0] / then["peak_share"].max()
    return published(figures, 1, RATIO, method).graded(then["grade"], now["grade"])


def speakers_ratio(figures: pd.DataFrame) -> Estimate:
    """The speaker's measure, the largest stock over that at the 75th percentile, now over the 1930s.

    Within one source; missing as long as none gives a figure for both.
    """
    method = N_("largest stock over that at the 75th percentile by size, within one source")
    rows, ratios, grades = figures[figures["measure"] == "top_over_p75"], [], []
    for _series, own in rows.groupby("series"):
        then = own.loc[own["year"].between(*ERAS["1930s"]), "value"]
        now = own[own["year"] >= ERAS["now"][0]].sort_values("year")
        if len(then) and len(now):
            ratios.append(now["value"].iloc[-1] / then.max())
            grades += list(own["grade"])
    return published(ratios, len(ratios), RATIO, method).graded(grades)


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
    told, rows = figures[~figures["series"].str.startswith("rolled")], []
    top10 = told[told["measure"] == "top10"]
    for (universe, series), found in top10.groupby(["universe", "series"]):
        found = found.sort_values("year")
        year = found["year"].replace({LIKE_THE_1930S.get(series): 1935})
        peaks = _peaks(found["year"], found["value"]) | _peaks(year, found["value"])
        rows.append(("top10", universe, peaks, tuple(found["source_id"].unique())))
    top1 = told[told["measure"] == "top1"].sort_values("year")
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
