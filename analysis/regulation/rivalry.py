"""What people say of regulation, what rivalry between countries did, and what comes next.

Gaps and shares are as published, rating points or percentage points. Surveys word their questions
differently, so an answer compares only with the same answer to the same question.
"""

import datetime as dt

import numpy as np
import pandas as pd

from analysis.uncertainty import percentile_interval, point, split_normal, student, wilson
from briefs.values import N_, POINTS, SHARE, Estimate

#: A reading stands for a date when it is of no more than this many days from it.
NEAR_DAYS = 92
#: Probability content of the intervals of the Arena's ratings.
ARENA_LEVEL = 0.95
#: Probability content of those of the Capabilities Index.
INDEX_LEVEL = 0.9
#: Which end of the votes a look back on one leaderboard goes by.
ONE_VERSION = "style control"
#: Columns of the intervals of a lead: of the models named best, or of whichever is.
ENDS = {"named": ["low", "high"], "redrawn": ["low_redrawn", "high_redrawn"]}
#: Weeks that a move of the shares of token use may last.
LASTING = 4
OPENNESS = {"flags": "open_share", "names": "open_share_by_name"}
#: Variance of a weighted survey over that of a simple random sample of its size.
DESIGN_EFFECT = 1.5
#: Freedom of a normal distribution, for `student`.
NORMAL = 1e9
#: Members of ASEAN in the evidence, and ASEAN itself.
ASEAN = ("MY", "ASEAN", "SG", "ID", "VN")


def leads(arena: pd.DataFrame, leaderboard: str = "as_published") -> pd.DataFrame:
    """Lead of the best model of the United States over China's on the Arena, oldest first.

    ``"as_published"`` is what could be read on each day; ``"one_version"`` looks back with the votes
    of the last catalogue, by the score that is the board's own since May 2025, and so lacks models
    that were retired by then.

    Columns: ``date``, ``lead``, ``low``, ``high``, ``low_redrawn``, ``high_redrawn``, ``best_us``,
    ``best_china``, ``source_id``, ``grade``.
    """
    rows = arena[arena["basis"] == leaderboard]
    if leaderboard == "one_version":
        rows = rows[rows["leaderboard"].str.contains(ONE_VERSION)]
    columns = ["date", "lead", *ENDS["named"], *ENDS["redrawn"], "best_us", "best_china"]
    return rows.sort_values("date", ignore_index=True)[[*columns, "source_id", "grade"]]


def lead_change(
    rows: pd.DataFrame,
    day: dt.date,
    level: float,
    size: int,
    rng: np.random.Generator,
    best: str = "named",
    readings: float = 1,
    content: float = ARENA_LEVEL,
) -> Estimate:
    """Change of a lead from the readings nearest to a day to the last, in rating points.

    A difference, since the lead at the day may lie within its own error. Each end is the mean of some
    `readings`; neighbours share models and votes, so their errors are taken as one. The errors of the
    two ends are normal on either side of the lead, with the interval published, and independent.
    Missing without a reading within a quarter of a year of the day, and later ones beyond that. n
    counts readings.
    """
    method = N_("difference of two leads, independent normals")
    n = int(readings)
    away = (rows["date"] - pd.Timestamp(day)).dt.days
    near = away.abs().sort_values(kind="stable").index[:n]
    base = rows.loc[near[away[near].abs() <= NEAR_DAYS]]
    now = rows[away > NEAR_DAYS].tail(n)
    if base.empty or now.empty:
        return Estimate.missing("1", method)
    ends = [part[["lead", *ENDS[best]]].mean().to_list() for part in (base, now)]
    before, after = (split_normal(v, lo, hi, content, size, rng) for v, lo, hi in ends)
    value, total = ends[1][0] - ends[0][0], len(base) + len(now)
    made = percentile_interval(value, after - before, level, total, "1", method)
    return made.graded(base["grade"], now["grade"])


def index_leads(eci: pd.DataFrame) -> pd.DataFrame:
    """Lead on the Capabilities Index by month, of the vintage published last, where it has an interval."""
    rows = eci[eci["vintage"] == eci["vintage"].max()].dropna(subset=["low", "high"])
    return rows.sort_values("date", ignore_index=True)


def open_share_change(
    tokens: pd.DataFrame, level: float, weeks: float = 4, openness: str = "flags"
) -> Estimate:
    """Change of open models' share of use, percentage points, from the first weeks to the last.

    Each end is the mean of some `weeks`. The share moves from week to week, by free promotions above
    all, which last some weeks: so the weeks of an end are taken to move as one, and the error of the
    change is the standard deviation of the changes over `LASTING` weeks, which a steady trend leaves
    alone (Rice's estimator of a variance, over a longer lag, times two). Changes that overlap are no
    observations of their own, so Student's freedom counts those that don't. n counts weeks.

    References
    ----------
    J. Rice (1984), Bandwidth choice for nonparametric regression, Annals of Statistics 12(4).
    """
    method = N_("mean of the last weeks less that of the first, error from week to week")
    rows, n = tokens.sort_values("week"), int(weeks)
    shares = 100 * rows[OPENNESS[openness]].to_numpy(float)
    if len(shares) < max(2 * n, 3 * LASTING):
        return Estimate.missing(POINTS, method, len(shares))
    error = np.std(shares[LASTING:] - shares[:-LASTING], ddof=1)
    value = shares[-n:].mean() - shares[:n].mean()
    made = student(value, error, len(shares) // LASTING - 1, level, len(shares), POINTS, method)
    return made.graded(rows["grade"])


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


def worry_change(
    surveys: pd.DataFrame,
    experts: bool,
    level: float,
    measure: str = "too_much",
    design_effect: float = DESIGN_EFFECT,
    waves: str = "first_last",
) -> Estimate:
    """Change, in percentage points, in the share of experts, or of others, that finds regulation too much.

    ``"net"`` takes off the share that finds it too little. Missing unless a survey put the same
    question, whether rules go too far, to the same population in two years and says how many it asked.
    """
    too_far = surveys["question"].str.contains("too far|too much")
    rows = surveys[too_far & (surveys["population"].str.contains("expert") == experts)]
    sides = rows.assign(sign=rows["leaning"].map({"fewer": 1, "more": -1 * (measure == "net")}))
    return repeated(sides[sides["sign"].fillna(0) != 0], level, design_effect, waves)


def repeated(
    rows: pd.DataFrame,
    level: float,
    design_effect: float = DESIGN_EFFECT,
    waves: str = "first_last",
) -> Estimate:
    """Change between two waves of a question in its share of answers, each times its ``sign``.

    A survey is the same when its name is but for the year. The error is that of two multinomial
    samples, its variance raised by a design effect, since surveys are weighted. Of several questions
    the one asked of most people counts. n counts people.
    """
    method = N_("same question to the same population in two years, normal interval")
    series = rows["survey"].str.replace(r"\s*\d{4}", "", regex=True)
    rows = rows.assign(series=series).dropna(subset=["n"])
    found = []
    for _key, same in rows.groupby(["series", "population", "question"]):
        if same["year"].nunique() < 2:
            continue
        asked = same.assign(
            net=same["sign"] * same["percent"] / 100,
            spread=same["sign"].abs() * same["percent"] / 100,
        )
        by_year = asked.groupby("year").agg(
            {"net": "sum", "spread": "sum", "n": "max", "sign": "size"}
        )
        by_year = by_year[by_year["sign"] == by_year["sign"].max()]  # waves that have every answer
        if len(by_year) > 1:
            ends = by_year.iloc[[0, -1] if waves == "first_last" else [-2, -1]]
            variance = ((ends["spread"] - ends["net"] ** 2) / ends["n"]).sum()
            error, n = 100 * np.sqrt(design_effect * variance), int(ends["n"].sum())
            change = 100 * (ends["net"].iloc[1] - ends["net"].iloc[0])
            made = student(change, error, NORMAL, level, n, POINTS, method)
            found.append(made.graded(same["grade"]))
    return max(found, key=lambda e: e.n, default=Estimate.missing(POINTS, method))


def confidence(surveys: pd.DataFrame, population: str) -> pd.DataFrame:
    """Answers on confidence in government to regulate AI of a survey asked twice; ``sign`` is 1."""
    asked = surveys[
        (surveys["leaning"] == "trust")
        & (surveys["population"] == population)
        & surveys["question"].str.startswith("Confidence")
    ]
    return asked.assign(sign=1).sort_values("year", ignore_index=True)


def calendar(obligations: pd.DataFrame, instruments: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Rows of `obligations` that start to apply after a day, with ``short_title``, soonest first."""
    rows = obligations[obligations["date"] > pd.Timestamp(as_of)]
    rows = rows.merge(instruments[["instrument_id", "short_title"]], on="instrument_id", how="left")
    return rows.sort_values(["date", "jurisdiction", "what_applies"], ignore_index=True)
