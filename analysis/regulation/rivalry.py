"""What people say of regulation, what rivalry between countries did, and what comes next.

Gaps and shares are as published, percent or percentage points. Surveys word their questions
differently, so an answer compares only with the same answer to the same question.
"""

import datetime as dt

import numpy as np
import pandas as pd
from scipy import stats

from analysis.uncertainty import point, wilson
from briefs.values import N_, POINTS, RATIO, SHARE, Estimate

ARENA_GAP, ARENA_SCORE = "us_lead_over_china_arena", "arena_top_score"
#: A figure stands for a date when it is of no more than this many days from it.
NEAR_DAYS = 92
#: Half of the last digit of the published gap (percent) and of the scores (points).
HALF_DIGIT = {ARENA_GAP: 0.05, ARENA_SCORE: 0.5}
#: Members of ASEAN in the evidence, and ASEAN itself.
ASEAN = ("MY", "ASEAN", "SG", "ID", "VN")


def _series_date(text: pd.Series) -> pd.Series:
    """Days of partial dates: a year alone counts at its end."""
    return pd.to_datetime(text.where(text.str.len() == 10, text.str[:4] + "-12-31"))


def gaps(competition: pd.DataFrame) -> pd.DataFrame:
    """Lead of the best model of the United States over that of China.

    Columns: ``test``, ``date``, ``value``, ``unit``, ``source_id``; a row per reading, tests in
    order of their first.
    """
    rows = competition[competition["measure"].str.startswith("us_lead_over_china_")]
    test = rows["measure"].str.removeprefix("us_lead_over_china_")
    rows = rows.assign(test=test, date=_series_date(rows["date"])).sort_values(["date", "test"])
    return rows[["test", "date", "value", "unit", "source_id"]].reset_index(drop=True)


def _readings(competition: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Gap by day: as published, or first less second of the published scores."""
    rows = competition[competition["measure"] == measure]
    rows = rows.assign(date=_series_date(rows["date"]))
    if measure == ARENA_SCORE:
        wide = rows.pivot(index="date", columns="jurisdiction", values="value")
        wide = wide.reindex(columns=["US", "CN"]).dropna()
        return pd.DataFrame({"date": wide.index, "value": (wide["US"] - wide["CN"]).to_numpy()})
    return rows[["date", "value"]].sort_values("date")


def gap_ratio(competition: pd.DataFrame, day: pd.Timestamp) -> Estimate:
    """Gap between countries on the Arena now over that at a day.

    Two published forms are compared, in percent and in points. The ends go over both, with each
    figure moved by what its rounding hides; they carry no probability. The reading nearest to `day`
    is the base; without one within a quarter of a year, and a later one, the ratio is missing. n
    counts forms.
    """
    method = N_("Arena gap, latest over first, in percent and in points, with rounding")
    found = []
    for measure, half in HALF_DIGIT.items():
        rows = _readings(competition, measure)
        near = (rows["date"] - pd.Timestamp(day)).dt.days.abs()
        later = rows[(rows["date"] > pd.Timestamp(day)) & (near > NEAR_DAYS)]
        if len(rows) and near.min() <= NEAR_DAYS and len(later):
            base, now = rows.loc[near.idxmin(), "value"], later["value"].iloc[-1]
            width = half if measure == ARENA_GAP else 2 * half  # a difference of two rounded scores
            found.append([(now + e) / (base - e) for e in (0, -width, width)])
    if not found:
        return Estimate.missing(RATIO, method)
    value, low, high = zip(*found, strict=True)
    middle = np.exp(np.mean(np.log(value)))
    return Estimate(middle, min(low), max(high), None, len(found), RATIO, method)


def open_shares(competition: pd.DataFrame) -> pd.DataFrame:
    """Share of notable models whose weights can be downloaded.

    Columns: ``place`` (country), ``year``, ``percent`` (of models whose access is known),
    ``source_id``.
    """
    rows = competition[competition["measure"].str.startswith("open_weight_share_of_notable_models")]
    rows = rows.assign(
        place=rows["jurisdiction"],
        year=rows["date"].str[:4].astype(int),
        percent=rows["value"],
    )
    columns = ["place", "year", "percent", "source_id"]
    return rows[columns].sort_values(["place", "year"], ignore_index=True)


def opinions(surveys: pd.DataFrame, level: float) -> pd.DataFrame:
    """Answers that want more or fewer rules, or name unclear ones as an obstacle.

    With ``estimate``: the share with Wilson's interval where n is known, as of a simple random
    sample; without n the ends are the share itself. Sorted by leaning, then share.
    """
    rows = surveys[surveys["leaning"].isin(["more", "fewer", "uncertainty"])]
    found = [_opinion(r.percent / 100, r.n, level) for r in rows.itertuples()]
    order = rows["leaning"].map({"more": 0, "fewer": 1, "uncertainty": 2})
    rows = rows.assign(estimate=found, order=order).sort_values(
        ["order", "percent"], ascending=[True, False], ignore_index=True
    )
    return rows.drop(columns="order")


def _opinion(value: float, n: int, level: float) -> Estimate:
    if pd.isna(n):
        return point(value, 0, SHARE, N_("published share, number asked not stated"))
    return wilson(value, int(n), level, N_("Wilson interval of a simple random sample"))


def worry_change(surveys: pd.DataFrame, experts: bool, level: float) -> Estimate:
    """Change, in percentage points, in the share of experts, or of others, that finds regulation too much.

    Missing unless a survey put the same question to the same population in two years and says how
    many it asked.
    """
    method = N_("same question to the same population in two years, normal interval")
    rows = surveys[
        (surveys["leaning"] == "fewer") & (surveys["population"].str.contains("expert") == experts)
    ]
    series = rows["survey"].str.replace(r"\s*\d{4}", "", regex=True)
    rows = rows.assign(series=series).dropna(subset=["n"])
    for _key, same in rows.groupby(["series", "population", "question", "answer"]):
        if same["year"].nunique() > 1:
            ends = same.sort_values("year").iloc[[0, -1]]
            shares, n = ends["percent"].to_numpy(float) / 100, ends["n"].to_numpy(float)
            half = stats.norm.ppf((1 + level) / 2) * np.sqrt((shares * (1 - shares) / n).sum())
            change = shares[1] - shares[0]
            value, low, high = (100 * end for end in (change, change - half, change + half))
            return Estimate(value, low, high, level, int(n.sum()), POINTS, method)
    return Estimate.missing(POINTS, method)


def calendar(obligations: pd.DataFrame, instruments: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Rows of `obligations` that start to apply after a day, with ``short_title``, soonest first."""
    rows = obligations[obligations["date"] > pd.Timestamp(as_of)]
    rows = rows.merge(instruments[["instrument_id", "short_title"]], on="instrument_id", how="left")
    return rows.sort_values(["date", "jurisdiction", "what_applies"], ignore_index=True)
