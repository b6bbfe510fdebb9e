"""The early-1990s analogy, measured: adoption and law-making of the internet and of AI side by side.

Time runs in years. An age counts from a take-off: of the internet, a parameter; of AI, the day
the first product for everybody came out. The eras are not like for like: internet figures count
people who use it, those of AI differ in who is asked and in what counts as use, and laws on the
internet were few and large where those on AI are many and small.
"""

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from analysis.regulation.decisions import NEAR
from analysis.uncertainty import QUANTILES, published
from briefs.values import N_, RATIO, YEAR, Estimate

#: ChatGPT's release: the first AI product that the public took up.
AI_START = dt.date(2022, 11, 30)
#: The web opened to the public: an earlier take-off than the graphical browser's.
WEB_PUBLIC = dt.date(1991, 8, 6)
#: AI figures older than this are no longer "today".
CURRENT_MONTHS = 18
#: Whose use compares with the internet series, which counts people.
PEOPLE = {
    "people": ("population", "adults"),
    "population": ("population",),
    "adults": ("adults",),
}
#: Federal laws on AI a year, a measure of ``law-counts``.
AI_LAWS = "us_federal_ai_laws"
RATES = N_("ratio of two Poisson rates, exact conditional interval")
#: Take-offs of the internet -> the columns of `align` that count from them.
TAKE_OFFS = {"both": ["ratio", "web_ratio"], "browser": ["ratio"], "web": ["web_ratio"]}


def decimal_year(days: pd.Series) -> pd.Series:
    """Turn days into years with a fraction: the end of 1995 is 1996.0."""
    days = pd.to_datetime(days)
    return days.dt.year + days.dt.day_of_year / np.where(days.dt.is_leap_year, 366, 365)


def _decimal(day: dt.date) -> float:
    return float(decimal_year(pd.Series([pd.Timestamp(day)])).iloc[0])


def curve(adoption: pd.DataFrame, where: str) -> pd.DataFrame:
    """Internet use in a country, or the World.

    Columns: ``year`` (decimal), ``percent`` (of people), ``source_id``, oldest first.
    """
    rows = adoption[(adoption["technology"] == "internet") & (adoption["jurisdiction"] == where)]
    rows = rows.sort_values("date").assign(year=lambda dated: decimal_year(dated["date"]))
    return rows[["year", "percent", "source_id"]].reset_index(drop=True)


def use_today(
    adoption: pd.DataFrame,
    where: str,
    as_of: pd.Timestamp,
    current_months: float = CURRENT_MONTHS,
    counted: str = "people",
    sources: str = "all",
) -> pd.DataFrame:
    """Published figures of people's use of AI in a country, of the last year and a half.

    Where a survey was restated, only the series published last counts, so that the two never mix.
    `counted` says whose use counts, of `PEOPLE`; ``"near"`` sources are those of grades A and B.

    Columns: ``measure``, ``date``, ``year`` (decimal), ``percent``, ``source_id``, ``grade``, oldest
    first.
    """
    recent = pd.Timestamp(as_of) - pd.DateOffset(months=int(current_months))
    rows = adoption[
        (adoption["technology"] == "ai")
        & (adoption["jurisdiction"] == where)
        & adoption["counted"].isin(PEOPLE[counted])
    ]
    last = rows.groupby("survey")["published"].transform("max")
    rows = rows[(rows["survey"].isna() | (rows["published"] == last)) & (rows["date"] >= recent)]
    if sources == "near":
        rows = rows[rows["grade"].isin(NEAR)]
    rows = rows.sort_values("date").assign(year=lambda dated: decimal_year(dated["date"]))
    columns = ["measure", "date", "year", "percent", "source_id", "grade"]
    return rows[columns].reset_index(drop=True)


def read_off(internet: pd.DataFrame, wanted: str, **known: Any) -> Any:
    """``year`` in which the internet reached a ``percent``, or the other way round; ``nan`` outside its series."""
    [(given, value)] = known.items()
    if len(internet) < 2:
        return np.nan
    return np.interp(value, internet[given], internet[wanted], np.nan, np.nan)


def align(internet: pd.DataFrame, today: pd.DataFrame, start: dt.date) -> pd.DataFrame:
    """Set every AI figure against the internet at equal adoption, and at equal age.

    Age counts from `start`, and from the opening of the public web as a second take-off.

    The rows of `today` with ``equal_year`` (decimal), ``age`` (years since AI's take-off), and
    ``internet_percent``, ``ratio`` (AI over internet) from `start`, ``web_percent``, ``web_ratio``
    from the public web.
    """
    age = today["year"] - _decimal(AI_START)
    found = today.assign(age=age, equal_year=read_off(internet, "year", percent=today["percent"]))
    for name, origin in (("internet", start), ("web", WEB_PUBLIC)):
        found[f"{name}_percent"] = read_off(internet, "percent", year=_decimal(origin) + age)
    return found.assign(
        ratio=found["percent"] / found["internet_percent"],
        web_ratio=found["percent"] / found["web_percent"],
    )


def equal_adoption(aligned: pd.DataFrame) -> Estimate:
    """Calendar year, with a fraction, when internet use stood where AI use stands.

    The figures are as published, each of its own definition, so their spread has no probability. n
    counts AI figures.
    """
    method = N_("internet series read at each published share of AI users")
    years = aligned["equal_year"].to_numpy(float)
    return published(years, len(aligned), YEAR, method).graded(aligned["grade"])


def equal_age(aligned: pd.DataFrame, take_off: str = "both") -> Estimate:
    """AI use over internet use at the same age; n counts AI figures.

    Ends go over the take-offs of the internet that `take_off` names, of `TAKE_OFFS`.
    """
    method = N_("published AI figures over the internet series at equal age, two take-offs")
    ratios = aligned[TAKE_OFFS[take_off]].to_numpy(float).ravel()
    return published(ratios, len(aligned), RATIO, method).graded(aligned["grade"])


def laws_ratio(
    acts: pd.DataFrame, counts: pd.DataFrame, start: dt.date, as_of: dt.date, level: float
) -> Estimate:
    """Laws on AI a year over laws on the internet a year, both federal and at the same age.

    AI's are those of the last year counted, the internet's those from `start` to the age that AI has
    `as_of`. n counts laws of both eras.
    """
    age = as_of - AI_START
    national = acts[(acts["jurisdiction"] == "US") & (acts["kind"] == "law")]
    young = national[national["date"].between(str(start), str(start + age), inclusive="left")]
    counts = counts[(counts["jurisdiction"] == "US") & (counts["measure"] == AI_LAWS)]
    if counts.empty:
        return Estimate.missing(RATIO, RATES)
    last = counts.loc[counts["year"].idxmax()]
    ratio = rate_ratio(int(last["value"]), 1, len(young), age.days / 365.25, level)
    return ratio.graded([max(young["grade"], default="C"), last["grade"]])


def rate_ratio(
    count: int, years: float, base_count: int, base_years: float, level: float
) -> Estimate:
    """Ratio of two yearly rates of events, by the conditional exact test of two Poisson counts.

    Given the total, the count is binomial; its share has the interval of Clopper and Pearson, and
    draws from the posterior of Jeffreys' prior. Missing when either count is zero, since an end would
    then be open.

    References
    ----------
    J. Przyborowski, H. Wilenski (1940), Homogeneity of results in testing samples from Poisson
    series, Biometrika 31(3/4).
    """
    total = count + base_count
    if not (count and base_count and years > 0 and base_years > 0):
        return Estimate.missing(RATIO, RATES, total)
    ends = stats.binomtest(count, total).proportion_ci(level, "exact")
    shares = stats.beta.ppf(QUANTILES, count + 0.5, base_count + 0.5)
    low, value, high = (p / (1 - p) for p in (ends.low, count / total, ends.high))
    scale = base_years / years
    draws = scale * shares / (1 - shares)
    return Estimate(scale * value, scale * low, scale * high, level, total, RATIO, RATES, draws)
