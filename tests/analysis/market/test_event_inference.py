"""Placebo, tests of groups, recovery: numbers worked by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.market import event_inference as event_tests, event_study

DAYS = pd.bdate_range("2024-01-01", periods=400, name="date")


def returns_of(columns):
    """Wide frame of returns by ticker, on business days."""
    return pd.DataFrame(columns, index=DAYS[: len(next(iter(columns.values())))])


def random_daily(days=400, seed=1, tickers=("A", "B", "SPY")):
    rng = np.random.default_rng(seed)
    market = rng.normal(0, 0.01, days)
    return returns_of(
        {t: market if t == "SPY" else 1.5 * market + rng.normal(0, 0.02, days) for t in tickers}
    )


def test_mean_correlation_by_hand():
    x = np.array([1.0, -1.0, 1.0, -1.0])
    assert event_tests.correlation(np.column_stack([x, x, -x])) == pytest.approx((1 - 1 - 1) / 3)


def test_adjusted_t_by_hand():
    values = np.array([-1.0, -2.0, -3.0])
    plain = -2 * np.sqrt(3) / 1  # mean -2, standard deviation 1
    assert event_tests.adjusted_t(values, 0) == pytest.approx(plain)
    assert event_tests.adjusted_t(values, 0.4) == pytest.approx(plain * np.sqrt(0.6 / 1.8))


def test_shares_that_move_together_count_for_less():
    rng = np.random.default_rng(3)
    common, own = rng.normal(0, 0.02, 200), rng.normal(0, 0.02, (200, 4))
    market = rng.normal(0, 0.01, 200)
    tickers = dict.fromkeys(["W", "X", "Y", "Z"])
    apart = returns_of({t: own[:, i] for i, t in enumerate(tickers)} | {"SPY": market})
    together = returns_of(
        {t: common + 0.2 * own[:, i] for i, t in enumerate(tickers)} | {"SPY": market}
    )
    found = {}
    for name, daily in (("apart", apart), ("together", together)):
        model = event_study.market_model(daily, daily["SPY"], 100, 5)
        table = event_tests.group_tests(daily, model, 150, 5, {"g": tuple(tickers)}, "SPY")
        found[name] = table.iloc[0]
        assert table["shares"].tolist() == [4]
        assert table["p"].iloc[0] == pytest.approx(2 * stats.t.sf(abs(table["t"].iloc[0]), 3))
    assert abs(found["apart"]["correlation"]) < 0.2 < 0.9 < found["together"]["correlation"]


def test_groups_of_one_share_and_unknown_events_are_not_tested():
    daily = random_daily(100)
    model = event_study.market_model(daily, daily["SPY"], 40, 5)
    assert event_tests.group_tests(daily, model, 80, 5, {"g": ("A",)}, "SPY").empty
    assert event_tests.group_tests(daily, model, None, 5, {"g": ("A", "B")}, "SPY").empty


def test_the_placebo_counts_other_days_with_as_large_a_fall():
    values = pd.Series([-0.05, 0.01, np.nan, -0.02, -0.05, -0.06, 0.0])
    found = event_tests.placebo_share(values, 4, 0.9)  # of five others, two fell 5% or more
    assert (found.value, found.n) == (0.4, 5)
    assert not event_tests.placebo_share(values, 2, 0.9).known
    assert not event_tests.placebo_share(values, None, 0.9).known


def test_the_histogram_counts_every_known_day_once():
    values = pd.Series([-0.131, 0.004, 0.005, -0.001, np.nan])
    bins = event_tests.histogram(values, 0)
    assert bins["days"].sum() == 4
    event = bins[bins["event"]].iloc[0]
    assert event["low"] <= -0.131 < event["high"] and event["days"] == 1
    assert event_tests.histogram(values, 4).empty and event_tests.histogram(values, None).empty


def test_recovery_by_hand():
    # falls by half, doubles on the fifth day after: back at what it was
    path = np.array([0.0, -0.5, 0, 0, 0, 0, 1.0, 0.1])
    daily = returns_of({"A": path, "SPY": np.zeros(8)})
    grouped = event_study.portfolios(daily, ["g"], {"g": ("A",)})
    rows = event_tests.recovery(daily, grouped, 1).query("group == 'g'").set_index("days")
    assert rows["level"].to_dict() == pytest.approx({0: 0.5, 5: 1.0, 6: 1.1})
    assert (rows["back"] == DAYS[6]).all()
    assert event_tests.recovery(daily, grouped, None).empty


def test_what_never_came_back_has_no_day():
    daily = returns_of({"A": [0.0, -0.5, 0.1], "SPY": [0.0, 0.0, 0.0]})
    grouped = event_study.portfolios(daily, ["g"], {"g": ("A",)})
    rows = event_tests.recovery(daily, grouped, 1)
    assert rows.query("group == 'g'")["back"].isna().all()
    assert (rows.query("group == 'market'")["back"] == DAYS[1]).all()


def test_the_path_begins_at_the_close_before_and_ends_on_the_last_day():
    daily = returns_of({"A": [0.0, -0.5, 0.0, 1.0], "SPY": np.zeros(4)})
    grouped = event_study.portfolios(daily, ["g"], {"g": ("A",)})
    path = event_tests.worth_path(daily, grouped, 1, every=5).query("group == 'g'")
    assert list(path["date"]) == [DAYS[0], DAYS[1], DAYS[3]]
    assert list(path["worth"]) == pytest.approx([1, 0.5, 1])
    assert event_tests.worth_path(daily, grouped, None).empty
