"""The analogy with the internet: a made-up pair of curves, aligned by hand."""

import datetime as dt
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy import stats

from analysis.regulation import era

START, AS_OF = dt.date(1992, 12, 31), dt.date(2026, 6, 30)


def used(
    technology,
    date,
    percent,
    jurisdiction="US",
    counted="population",
    measure="use",
    survey=None,
    published="2026-06-01",
    grade="B",
):
    return {
        "technology": technology,
        "measure": measure,
        "counted": counted,
        "jurisdiction": jurisdiction,
        "date": pd.Timestamp(date),
        "percent": float(percent),
        "survey": survey,
        "published": pd.Timestamp(published),
        "source_id": "a",
        "grade": grade,
    }


@pytest.fixture
def adoption():
    internet = [
        used("internet", f"{year}-12-31", percent)
        for year, percent in ((1991, 0), (1993, 10), (1995, 20), (1997, 40), (1999, 60))
    ]
    return pd.DataFrame(
        [
            *internet,
            used("internet", "1995-12-31", 1, "MY"),
            used("ai", "2025-11-30", 30),
            used("ai", "2026-05-31", 50, measure="adults", counted="adults"),
            used("ai", "2026-05-31", 80, counted="organisations"),
            used("ai", "2023-01-01", 5),
        ]
    )


def test_the_end_of_a_year_is_the_next_year_and_halves_are_halves():
    assert era.decimal_year(pd.Series(["1995-12-31", "1996-12-31"])).to_list() == [1996, 1997]
    assert era.decimal_year(pd.Series(["2023-07-02"])).iloc[0] == pytest.approx(2023.5, abs=0.002)


def test_equal_adoption_by_hand(adoption):
    internet = era.curve(adoption, "US")
    # 30 lies half way between 20 (1996.0) and 40 (1998.0); 50 between 40 and 60 (2000.0).
    assert era.read_off(internet, "year", percent=30) == pytest.approx(1997)
    assert era.read_off(internet, "year", percent=50) == pytest.approx(1999)
    assert np.isnan(era.read_off(internet, "year", percent=61))  # beyond the series
    assert np.isnan(era.read_off(era.curve(adoption, "XX"), "year", percent=5))


def test_only_people_and_only_recent_figures_count(adoption):
    assert era.use_today(adoption, "US", AS_OF)["percent"].to_list() == [30, 50]
    assert era.use_today(adoption, "US", dt.date(2028, 1, 1)).empty


def test_a_restated_series_is_never_mixed_with_the_older(adoption):
    known = {"counted": "adults", "survey": "S"}
    rows = pd.DataFrame(
        [
            used("ai", "2025-08-31", 39, published="2025-09-01", **known),
            used("ai", "2025-08-31", 44, published="2026-05-01", **known),
            used("ai", "2026-04-30", 54, published="2026-05-01", **known),
            used("ai", "2026-05-31", 30),
        ]
    )
    assert era.use_today(rows, "US", AS_OF)["percent"].to_list() == [44, 54, 30]
    early = rows[rows["published"] < "2026-01-01"]
    assert era.use_today(early, "US", AS_OF)["percent"].to_list() == [39]


def test_other_choices_of_the_figures_of_use(adoption):
    def percent(**choices):
        return era.use_today(adoption, "US", AS_OF, **choices)["percent"].to_list()

    assert percent(counted="adults") == [50] and percent(counted="population") == [30]
    assert percent(current_months=48) == [5, 30, 50]
    assert percent(sources="near") == [30, 50]
    poor = adoption.assign(grade="C")
    assert era.use_today(poor, "US", AS_OF, sources="near").empty


def test_the_alignment_by_hand(adoption):
    aligned = era.align(era.curve(adoption, "US"), era.use_today(adoption, "US", AS_OF), START)
    # ChatGPT came out on 30 November 2022: at the end of November 2025 AI is three years old, and
    # the internet, from the end of 1992, was three at the end of 1995: 20%.
    first = aligned.iloc[0]
    assert first["age"] == pytest.approx(3, abs=1e-6)
    assert (first["internet_percent"], first["ratio"]) == (pytest.approx(20), pytest.approx(1.5))
    year = era.equal_adoption(aligned)
    assert (year.value, year.low, year.high, year.n, year.level) == (1998, 1997, 1999, 2, None)
    assert era.equal_age(aligned).low == pytest.approx(1.5)
    assert sorted(year.figures) == [1997, 1999] and year.grade == "B"
    web = aligned["web_ratio"].to_numpy()
    assert era.equal_age(aligned, "web").high == pytest.approx(web.max())


def test_no_figure_of_use_leaves_both_open(adoption):
    aligned = era.align(
        era.curve(adoption, "US"),
        era.use_today(adoption, "US", dt.date(2022, 1, 1)).iloc[:0],
        START,
    )
    assert not era.equal_adoption(aligned).known and not era.equal_age(aligned).known


@given(st.floats(0.1, 59.9))
def test_reading_the_curve_both_ways_gives_the_share_back(percent):
    internet = pd.DataFrame(
        {"year": [1992.0, 1994, 1996, 1998, 2000], "percent": [0.0, 10, 20, 40, 60]}
    )
    year = era.read_off(internet, "year", percent=percent)
    assert era.read_off(internet, "percent", year=year) == pytest.approx(percent)


@pytest.fixture
def acts():
    rows = [
        ("1994-06-01", "US", "law"),
        ("1996-01-01", "US", "law"),
        ("1998-01-01", "US", "law"),
        ("1994-01-01", "EU", "law"),
        ("1994-01-01", "US", "court"),
    ]
    return pd.DataFrame(
        [
            {
                "date": pd.Timestamp(d),
                "jurisdiction": j,
                "kind": k,
                "source_id": "a",
                "grade": "B",
            }
            for d, j, k in rows
        ]
    )


def test_laws_are_counted_to_the_same_age(acts):
    counts = pd.DataFrame(
        [
            {
                "measure": "us_federal_ai_laws",
                "jurisdiction": "US",
                "year": 2024,
                "value": 4.0,
                "source_id": "b",
                "grade": "C",
            }
        ]
    )
    # AI is 3.58 years old; from the end of 1992 that ends in July 1996: two US laws.
    ratio = era.laws_ratio(acts, counts, START, AS_OF, 0.9)
    age = (pd.Timestamp(AS_OF) - pd.Timestamp("2022-11-30")).days / 365.25
    assert ratio.value == pytest.approx(4 / (2 / age)) and ratio.n == 6 and ratio.grade == "C"
    assert not era.laws_ratio(acts, counts[:0], START, AS_OF, 0.9).known
    assert not era.laws_ratio(acts[:0], counts, START, AS_OF, 0.9).known


def test_the_rate_ratio_of_two_small_counts_by_hand():
    # 4 in 1 year against 1 in 2 years: (4/1) / (1/2) = 8. The ends are p/(1-p) * 2 with the exact p for 4 of 5.
    found = era.rate_ratio(4, 1, 1, 2, 0.9)
    low, high = found.low / (2 + found.low), found.high / (2 + found.high)
    assert (found.value, found.n) == (pytest.approx(8), 5)
    assert 5 * low**4 * (1 - low) + low**5 == pytest.approx(0.05, abs=1e-6)
    assert 1 - high**5 == pytest.approx(0.05, abs=1e-6)
    assert not era.rate_ratio(4, 1, 0, 2, 0.9).known


def test_the_draws_of_a_rate_ratio_are_those_of_a_share():
    found = era.rate_ratio(4, 1, 1, 2, 0.9)
    shares = found.draws / (2 + found.draws)  # p / (1 - p) * 2 turned round
    assert np.median(shares) == pytest.approx(stats.beta(4.5, 1.5).median(), abs=1e-3)


@pytest.mark.parametrize(("rate", "base"), [(4, 3), (12, 6)])
def test_the_interval_of_a_rate_ratio_covers_a_known_one(rate, base):
    rng = np.random.default_rng(2025)
    ratio = cache(lambda a, b: era.rate_ratio(a, 1, b, 1, 0.9))  # most counts come again
    found = list(map(ratio, rng.poisson(rate, 400), rng.poisson(base, 400)))
    held = np.mean([e.low <= rate / base <= e.high for e in found if e.known])
    assert held >= 0.88  # exact intervals cover at least their level; the rest is chance
