"""The market model and its groups: numbers worked by hand, and what must hold for any returns."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings, strategies as st

from analysis.market import event_study
from briefs.evidence import catalog

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


def test_an_abnormal_return_by_hand():
    # market +1% and -1% by turns; the share does twice that plus 0.1%, and falls 10% on the day when the market
    # falls 1%: expected 0.1% - 2% = -1.9%, abnormal -8.1%
    market = np.tile([0.01, -0.01], 30)[:60]
    share = 0.001 + 2 * market
    share[55], market[55] = -0.10, -0.01
    daily = returns_of({"A": share, "SPY": market})
    model = event_study.market_model(daily[["A"]], daily["SPY"], 40, 5)
    assert model.abnormal["A"].iloc[55] == pytest.approx(-0.081)
    assert model.beta["A"].iloc[55] == pytest.approx(2)
    assert model.alpha["A"].iloc[55] == pytest.approx(0.001)


def test_the_model_is_that_of_a_regression_on_the_window():
    daily, window, gap, day = random_daily(), 120, 10, 300
    model = event_study.market_model(daily[["A", "B"]], daily["SPY"], window, gap)
    rows = slice(day - gap - window, day - gap)
    fit = sm.OLS(daily["A"].to_numpy()[rows], sm.add_constant(daily["SPY"].to_numpy()[rows])).fit()
    assert model.alpha["A"].iloc[day] == pytest.approx(fit.params[0])
    assert model.beta["A"].iloc[day] == pytest.approx(fit.params[1])
    assert model.sigma["A"].iloc[day] == pytest.approx(np.sqrt(fit.scale))
    forecast = fit.get_prediction([1, daily["SPY"].iloc[day]])
    found = event_study.cumulative(model, "A", day, 1, 0.9)
    assert found.value == pytest.approx(daily["A"].iloc[day] - forecast.predicted_mean[0])
    low, high = forecast.conf_int(obs=True, alpha=0.1)[0]
    assert (found.high - found.low) == pytest.approx(high - low)
    assert found.n == window and found.level == 0.9 and found.unit == "share"


def test_a_window_adds_up_abnormal_returns_of_one_fit():
    daily, day = random_daily(), 250
    model = event_study.market_model(daily[["A"]], daily["SPY"], 100, 0)
    rows = slice(day, day + 4)
    by_hand = (
        (daily["A"] - model.alpha["A"].iloc[day] - model.beta["A"].iloc[day] * daily["SPY"])
        .iloc[rows]
        .sum()
    )
    found = event_study.cumulative(model, "A", day, 4, 0.9)
    assert found.value == pytest.approx(by_hand)
    # twice as wide at least as the single day's, since four days' noise adds up
    alone = event_study.cumulative(model, "A", day, 1, 0.9)
    assert found.high - found.low >= 1.9 * (alone.high - alone.low)


def test_the_days_before_a_full_window_have_no_model():
    daily = random_daily(60)
    model = event_study.market_model(daily[["A"]], daily["SPY"], 40, 5)
    known = model.abnormal["A"].notna().to_numpy()
    assert not known[:45].any() and known[45:].all()


def test_a_share_that_is_listed_later_waits_for_its_window():
    daily = random_daily(100)
    daily.loc[daily.index[:20], "A"] = np.nan
    model = event_study.market_model(daily[["A", "B"]], daily["SPY"], 40, 5)
    assert model.abnormal["A"].first_valid_index() == daily.index[65]
    assert model.abnormal["B"].first_valid_index() == daily.index[45]


def test_nothing_after_the_window_changes_the_fit():
    daily = random_daily()
    changed = daily.copy()
    changed.iloc[291:] = changed.iloc[291:] * 7 + 0.3
    first, second = (
        event_study.market_model(d[["A"]], d["SPY"], 120, 10) for d in (daily, changed)
    )
    pd.testing.assert_frame_equal(first.beta.iloc[:301], second.beta.iloc[:301])


@settings(max_examples=25)
@given(scale=st.floats(0.1, 10), seed=st.integers(0, 1000))
def test_scaling_returns_scales_what_is_abnormal(scale, seed):
    daily = random_daily(120, seed)
    one, two = (event_study.market_model(d[["A"]], d["SPY"], 60, 5) for d in (daily, daily * scale))
    np.testing.assert_allclose(two.abnormal, one.abnormal * scale, rtol=1e-6, atol=1e-12)


def test_a_missing_event_has_no_estimate():
    daily = random_daily(100)
    model = event_study.market_model(daily[["A"]], daily["SPY"], 40, 5)
    for day, days in (
        (None, 1),
        (99, 2),
        (10, 1),
    ):  # unknown; window beyond the data; no estimation window
        assert not event_study.cumulative(model, "A", day, days, 0.9).known


def test_a_portfolio_is_the_plain_mean_of_its_shares():
    daily = returns_of({"A": [0.1, 0.2], "B": [0.3, np.nan], "C": [-0.5, -0.5]})
    grouped = event_study.portfolios(daily, ["one"], {"one": ("A", "B"), "two": ("C",)})
    assert list(grouped) == ["exposed", "one", "two"]
    assert grouped["one"].tolist() == pytest.approx([0.2, 0.2])
    assert grouped["exposed"].tolist() == grouped["one"].tolist()


def test_no_share_is_in_two_groups_and_all_are_held():
    tickers = [t for group in event_study.GROUPS.values() for t in group]
    assert len(tickers) == len(set(tickers))
    held = set(catalog.load("event-returns")["ticker"])
    assert set(tickers) | {"SPY", "RSP", "QQQ", "IWM"} == held


def test_the_event_is_the_first_trading_day_on_or_after_its_date():
    days = pd.DatetimeIndex(["2025-01-24", "2025-01-27", "2025-01-28"])
    assert event_study.event_day(days, "2025-01-27") == 1
    assert event_study.event_day(days, "2025-01-25") == 1  # a Saturday
    assert event_study.event_day(days, "2025-01-29") is None


# -- the parts of the claim ------------------------------------------------------------------------


def test_the_placebo_counts_other_days_with_as_large_a_fall():
    values = pd.Series([-0.05, 0.01, np.nan, -0.02, -0.05, -0.06, 0.0])
    found = event_study.placebo_share(values, 4, 0.9)  # of five others, two fell 5% or more
    assert (found.value, found.n) == (0.4, 5)
    assert not event_study.placebo_share(values, 2, 0.9).known
    assert not event_study.placebo_share(values, None, 0.9).known


def technology(seed=3, days=200):
    """Returns of every technology share and the market; a third of the move of a day is in common."""
    rng = np.random.default_rng(seed)
    market = rng.normal(0, 0.01, days)
    tickers = [t for group in event_study.GROUPS for t in event_study.GROUPS[group]]
    return returns_of({"SPY": market} | {t: market + rng.normal(0, 0.02, days) for t in tickers})


def test_the_excess_over_other_shares_agrees_with_a_regression_on_a_dummy_of_the_day():
    # another route than forecasting: the day joins the sample with a dummy of its own, whose coefficient is
    # the abnormal return and whose standard error is that of the forecast (Karafiath 1988)
    daily, exposed, day, window, gap = technology(), ("accelerators", "power"), 170, 120, 10
    found = event_study.above_all(daily, exposed, daily["SPY"], day, window, gap, 0.9)
    own = [t for g in exposed for t in event_study.GROUPS[g]]
    others = [t for g in ("equipment", "cloud", "software", "rest") for t in event_study.GROUPS[g]]
    rows = [*range(day - gap - window, day - gap), day]
    gone = (daily[own].mean(axis=1) - daily[others].mean(axis=1)).to_numpy()[rows]
    dummy = np.append(np.zeros(window), 1.0)
    x = np.column_stack([np.ones(window + 1), daily["SPY"].to_numpy()[rows], dummy])
    fit = sm.OLS(gone, x).fit()
    assert found.value == pytest.approx(fit.params[2], rel=1e-6)
    low, high = fit.conf_int(0.1)[2]
    assert (found.low, found.high) == pytest.approx((low, high), rel=1e-6)


def test_without_other_technology_shares_there_is_no_excess():
    daily = technology()
    everything = tuple(event_study.GROUPS)
    assert not event_study.above_all(daily, everything, daily["SPY"], 170, 120, 10, 0.9).known


def test_a_shock_by_hand():
    # every share moves by the same sizes each day, twice as far on the day itself
    tickers = [t for g in event_study.TECHNOLOGY for t in event_study.GROUPS[g]]
    sizes = np.linspace(-0.01, 0.01, len(tickers))
    moves = np.tile(sizes, (60, 1))
    moves[55] *= 2
    daily = pd.DataFrame(moves, index=DAYS[:60], columns=tickers)
    for measure in ("standard", "absolute"):
        rng = np.random.default_rng(1)
        found = event_study.shock(daily, 55, 40, 5, 0.9, 50, rng, measure)
        assert (found.value, found.low, found.high) == pytest.approx((2, 2, 2))
        assert found.n == len(tickers)
    # a move that all share is no shock to the industry's shares apart
    daily.iloc[55] = sizes + 0.1
    assert event_study.shock(
        daily, 55, 40, 5, 0.9, 50, np.random.default_rng(1)
    ).value == pytest.approx(1)


@pytest.mark.parametrize("day", [None, 20])
def test_without_days_before_there_is_no_shock(day):
    rng = np.random.default_rng(1)
    assert not event_study.shock(technology(), day, 40, 5, 0.9, 50, rng).known
