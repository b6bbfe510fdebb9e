"""How fast a frontier falls: rates that were built in are found, and markets with a known slope are covered."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from analysis.cost import decline, prices as cost
from briefs.values import Estimate

GPQA, MMLU = "GPQA-Diamond", "MMLU"
BENCHMARKS = Path(__file__).parents[3] / "benchmarks"


def rng(seed=1):
    return np.random.default_rng(seed)


def falling(months, rate, level=0.0):
    """Log prices that fall by the share `rate` a year from exp(level)."""
    return level + np.arange(months) / 12 * np.log(1 - rate)


def interval(value, low, high):
    return Estimate(value, low, high, 0.9, 3, "share per year", "made up")


def market_of(ladder, draws=60, seed=1):
    return decline.market(ladder, cost.CHEAPEST, draws, rng(seed))


@pytest.fixture
def two(make_ladder):
    """Two benchmarks that fall by 75% and by half a year; sellers differ by up to a tenth of that."""
    tilt = np.linspace(-0.05, 0.05, 4)[:, None] * np.arange(36) / 12
    gpqa, mmlu = falling(36, 0.75, 3) + tilt, falling(36, 0.5) + tilt
    return make_ladder([gpqa, gpqa + 1, mmlu], benchmarks=[GPQA, GPQA, MMLU])


# -- slopes -------------------------------------------------------------------------------------


def test_a_common_slope_is_exact_whatever_levels_and_windows():
    rows = np.array([falling(30, 0.75, 5), falling(30, 0.75, -2), falling(30, 0.75, 1)])
    rows[1, :10], rows[2, 20:] = np.nan, np.nan
    found = decline.slopes(rows, np.arange(30) / 12, [np.arange(3), np.array([1])])
    assert found == pytest.approx(np.log([0.25, 0.25]))


def test_a_common_slope_weighs_long_windows_more():
    # Spread of n months about their mean is n(n\N{SUPERSCRIPT TWO} - 1)/12: 143 for 12 months, 1150 for 24.
    rows = np.full((2, 24), np.nan)
    rows[0, :12], rows[1] = -1 * np.arange(12) / 12, -3 * np.arange(24) / 12
    found = decline.slopes(rows, np.arange(24) / 12, [np.arange(2)])
    assert found == pytest.approx((-1 * 143 - 3 * 1150) / (143 + 1150))


def test_rungs_with_under_a_year_of_prices_do_not_count():
    rows, years = np.full((2, 24), np.nan), np.arange(24) / 12
    rows[0], rows[1, :11] = falling(24, 0.5), 9 * np.arange(11)
    groups = [np.arange(2), np.array([1])]
    assert decline.slopes(rows, years, groups) == pytest.approx([np.log(0.5), np.nan], nan_ok=True)
    rows[1, 11] = 99
    assert np.isfinite(decline.slopes(rows, years, groups)).all()  # twelve months count


def test_draws_are_worked_out_together():
    rows = rng().normal(size=(5, 3, 20))
    groups, years = [np.array([0, 2]), np.array([1])], np.arange(20) / 12
    together = decline.slopes(rows, years, groups)
    assert together == pytest.approx(np.array([decline.slopes(row, years, groups) for row in rows]))


# -- declines -----------------------------------------------------------------------------------


def test_declines_of_all_and_of_each_benchmark(two):
    found = decline.declines(market_of(two), 0.9)
    assert found["scope"].to_list() == ["all", "benchmark", "benchmark"]
    assert found["benchmark"].to_list()[1:] == [GPQA, MMLU]
    values = [estimate.value for estimate in found["estimate"]]
    # The cheapest seller falls by 0.05 a year more. Both benchmarks weigh alike: the mean of their logs.
    steep, flat = np.log([0.25, 0.5]) - 0.05
    rates = [(steep + flat) / 2, steep, flat]
    assert values == pytest.approx(1 - np.exp(rates), abs=2e-3)
    assert [e.n for e in found["estimate"]] == [2, 4, 4]  # benchmarks, then sellers
    assert found["last_month"].eq(pd.Timestamp("2026-12-01")).all()


def test_the_interval_holds_the_spread_between_benchmarks(two, make_ladder):
    wide = decline.decline(market_of(two), 0.9)
    alike = decline.decline(market_of(two), 0.9, "levels")
    assert wide.low < 0.5 < 0.75 < wide.high  # two benchmarks say little of a third
    assert alike.high - alike.low < 0.1 and alike.n == 4
    further = decline.further(market_of(two), 0.9)
    assert further.low <= wide.low and further.high >= wide.high


def test_an_estimate_carries_its_draws_and_lies_strictly_inside(two):
    found = decline.decline(market_of(two), 0.9)
    assert found.low < found.value < found.high
    assert np.quantile(found.draws, [0.05, 0.95]) == pytest.approx(
        [found.low, found.high], rel=0.05
    )


def test_without_rungs_there_is_no_decline(make_ladder):
    ladder = make_ladder(np.empty((0, 2, 12)))
    found = decline.declines(market_of(ladder), 0.9)
    assert found["scope"].to_list() == ["all"] and not found["estimate"].iloc[0].known


def test_what_one_seller_alone_sells_has_no_interval_and_no_rate(make_ladder):
    none = np.full(24, np.nan)
    ladder = make_ladder([[falling(24, 0.5), none, none]])
    assert not decline.decline(market_of(ladder), 0.9).known


def test_months_after_the_coverage_are_left_out_or_not(two):
    two.followed[:, 24:] = False
    found = decline.market(two, 0.0, 20, rng(), whole=True)
    assert np.isfinite(found.until(False).frontier).sum(axis=1).tolist() == [36] * 3
    assert np.isfinite(found.until(True).frontier).sum(axis=1).tolist() == [24] * 3
    assert np.isfinite(found.until(True).drawn).sum(axis=2).max() == 24


def test_same_seed_same_decline(two):
    first, again, other = (decline.decline(market_of(two, seed=s), 0.9) for s in (1, 1, 2))
    assert first == again and first != other and first.value == pytest.approx(other.value, abs=0.01)


@settings(max_examples=15)
@given(st.floats(0.01, 100), st.integers(0, 99))
def test_another_unit_of_price_leaves_the_decline_alone(make_ladder, factor, seed):
    prices = rng(seed).normal(size=(3, 4, 18))
    names = [GPQA, MMLU, MMLU]
    one, other = (
        decline.decline(market_of(make_ladder(prices + shift, benchmarks=names)), 0.9)
        for shift in (0, np.log(factor))
    )
    assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))


# -- by year and by age -------------------------------------------------------------------------


def test_rates_by_year_are_those_built_in(make_ladder):
    # From January 2024: 0.1 a month in the first year, 0.3 in the second; the step into 2025 belongs to 2025.
    path = np.concatenate([-0.1 * np.arange(12), -1.1 - 0.3 * np.arange(1, 13)])
    noise = np.linspace(-0.002, 0.002, 4)[:, None] * np.arange(24)
    ladder = make_ladder([path + noise, path + noise], benchmarks=[GPQA, MMLU])
    found = decline.by_year(market_of(ladder), 0.9)
    assert found["label"].to_list() == ["2024", "2025"] and found["changes"].to_list() == [22, 24]
    assert [e.value for e in found["estimate"]] == pytest.approx(np.exp([-1.2, -3.6]), rel=0.05)
    assert {(e.unit, e.n) for e in found["estimate"]} == {("factor per year", 2)}


def test_rates_by_age_start_when_a_level_is_first_sold(make_ladder):
    # Whenever it starts, a level falls by 0.2 a month for half a year and then stands still.
    rows, none = [], np.nan
    for start in (0, 5, 9):
        path = np.full(24, none)
        path[start:] = -0.2 * np.minimum(np.arange(24 - start), 6)
        rows.append(path + np.linspace(-0.002, 0.002, 4)[:, None] * np.arange(24))
    found = decline.by_age(market_of(make_ladder(rows, benchmarks=[GPQA, MMLU, MMLU])), 0.9)
    assert found["label"].to_list()[:2] == ["0\N{EN DASH}6", "6\N{EN DASH}12"]
    assert [e.value for e in found["estimate"]][:2] == pytest.approx([np.exp(-2.4), 1], rel=0.05)


def test_one_benchmark_or_a_few_months_give_no_rate_of_their_own(make_ladder):
    prices = rng().normal(size=(2, 4, 14))
    alone = make_ladder(prices, benchmarks=[GPQA, GPQA])
    assert decline.by_year(market_of(alone), 0.9).empty
    both = make_ladder(prices, benchmarks=[GPQA, MMLU])  # to February of the second year
    assert decline.by_year(market_of(both), 0.9)["label"].to_list() == ["2024"]


# -- half-lives ---------------------------------------------------------------------------------


def test_half_life_and_tenth_by_hand():
    fall = interval(0.75, 0.5, 0.9)
    # 75% a year is a quarter left: two halvings in 12 months. 50% is one in 12; 90% is 12 ln 2 / ln 10 = 3.61.
    half = decline.half_life(fall)
    assert (half.value, half.low, half.high) == pytest.approx((6, 12 * np.log(2) / np.log(10), 12))
    assert half.unit == "months"
    # A tenth: ln 10 / ln 4 years at 75%, one year at 90%, ln 10 / ln 2 years at 50%.
    tenth = decline.months_to_tenth(fall)
    assert (tenth.value, tenth.low, tenth.high) == pytest.approx(
        (12 * np.log(10) / np.log(4), 12, 12 * np.log(10) / np.log(2))
    )


def test_a_price_that_may_not_fall_may_never_halve():
    half = decline.half_life(interval(0.5, -0.1, 0.75))
    assert (half.value, half.low, half.high) == pytest.approx((12, 6, np.inf))
    assert decline.half_life(interval(0, -0.5, 0.5)).to_json()["value"] is None
    assert not decline.months_to_tenth(Estimate.missing("share per year", "thin")).known


# -- markets with a known slope -----------------------------------------------------------------


@pytest.fixture(scope="module")
def coverage():
    spec = importlib.util.spec_from_file_location(
        "coverage_of_declines", BENCHMARKS / "coverage.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_intervals_hold_the_known_slope_about_as_often_as_they_say(coverage):
    random, found = rng(7), []
    for _market in range(40):
        found.append(coverage.tested(random, 60, cost.TENTH, 0))
    held, inside = np.array(found).mean(axis=0)
    # 40 markets at 90%: fewer than 31 or all of them by chance alone once in 60.
    assert held >= 31 / 40 and inside == 1


def test_without_spread_the_pooled_estimate_is_right_on_average(coverage):
    random = rng(8)
    markets = (coverage.market(random, 0, spread=0.0) for _ in range(15))
    rates = [decline.pooled(decline.market(m, cost.TENTH, 20, random)).mean for m in markets]
    assert np.mean(rates) == pytest.approx(coverage.SLOPE, abs=0.12)
