"""Second opinions on the decline: each must find the rate that was built in, and keep silent when it can't."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from analysis.cost import robustness as price_tests

GPQA = "GPQA-Diamond"


def rng(seed=1):
    return np.random.default_rng(seed)


# -- quality ------------------------------------------------------------------------------------


def test_quality_by_hand():
    # Log odds: 50% is 0; 75% is ln 3; 100% and 0% are held at 99.5% and 0.5%, that is at +-ln 199.
    found = price_tests.quality(pd.Series([50.0, 75, 100, 0]), "MMLU")
    assert found.to_list() == pytest.approx([0, np.log(3), np.log(199), -np.log(199)])


def test_quality_of_elo_by_hand():
    # 400 points are odds of ten to one.
    assert price_tests.quality(pd.Series([1200.0, 1600]), "LMArena-Elo").diff().iloc[
        1
    ] == pytest.approx(np.log(10))


# -- hedonic regression -------------------------------------------------------------------------


def priced(count=12, providers="ABC", benchmark=GPQA, per_year=0.25, per_quality=1.5, factor=1.0):
    """Offers whose price is exactly 8 * per_year ** years * exp(per_quality * quality)."""
    days, scores = np.arange(count) * 97 % 700, np.arange(count) * 37 % 60 + 20.0
    years, quality = days / 365.25, np.log(scores / (100 - scores))
    return pd.DataFrame(
        {
            "provider": [providers[i % len(providers)] for i in range(count)],
            "benchmark": benchmark,
            "start": pd.Timestamp("2023-01-01") + pd.to_timedelta(days, "D"),
            "score": scores,
            "grade": "B",
            "usd_per_mtok": factor * 8 * per_year**years * np.exp(per_quality * quality),
        }
    )


def test_hedonic_recovers_the_decline_built_in():
    found = price_tests.hedonic(priced(), GPQA, 0.9)
    # A quarter is left after a year.
    assert (found.value, found.low, found.high) == pytest.approx((0.75, 0.75, 0.75))
    assert (found.n, found.unit, found.level) == (12, "share per year", 0.9)
    assert found.grade == "B" and found.draws == pytest.approx(0.75)


def test_hedonic_finds_a_rise_as_a_negative_decline():
    assert price_tests.hedonic(priced(per_year=1.5), GPQA, 0.9).value == pytest.approx(-0.5)


def test_hedonic_with_noise_keeps_the_ends_in_order():
    rows = priced()
    rows["usd_per_mtok"] *= np.exp(rng().normal(0, 0.2, len(rows)))
    found = price_tests.hedonic(rows, GPQA, 0.9)
    assert found.low < found.value < found.high
    assert found.low < 0.75 < found.high


def test_prices_repeated_by_their_seller_add_no_certainty():
    rows = priced()
    rows["usd_per_mtok"] *= np.exp(rng().normal(0, 0.2, len(rows)))
    once, fourfold = (
        price_tests.hedonic(frame, GPQA, 0.9) for frame in (rows, pd.concat([rows] * 4))
    )
    width = [np.log((1 - found.low) / (1 - found.high)) for found in (once, fourfold)]
    # All that changes is the small-sample factor (n - 1)/(n - 3) of the variance: from 11/9 to 47/45.
    assert width[1] / width[0] == pytest.approx(((47 / 45) / (11 / 9)) ** 0.5)


@pytest.mark.parametrize("rows", [priced(9), priced(12, providers="AB"), priced(benchmark="MMLU")])
def test_hedonic_is_silent_when_the_evidence_is_thin(rows):
    found = price_tests.hedonic(rows, GPQA, 0.9)
    assert not found.known
    assert found.n == (rows["benchmark"] == GPQA).sum()


def test_ten_prices_of_three_providers_are_enough():
    assert price_tests.hedonic(priced(10), GPQA, 0.9).known


@settings(max_examples=20)
@given(st.floats(0.01, 100), st.permutations(range(12)))
def test_unit_and_order_of_prices_leave_the_hedonic_decline_alone(factor, order):
    rows = priced(factor=factor)
    rows["usd_per_mtok"] *= np.exp(rng().normal(0, 0.2, len(rows)))
    base = priced()
    base["usd_per_mtok"] *= np.exp(rng().normal(0, 0.2, len(base)))
    one, other = (price_tests.hedonic(frame, GPQA, 0.9) for frame in (base, rows.iloc[order]))
    assert (one.value, one.low, one.high) == pytest.approx(
        (other.value, other.low, other.high), abs=1e-9
    )


# -- rates of others ----------------------------------------------------------------------------


def trend(source, factor, kind="estimate", metric="price at fixed capability", low=None, high=None):
    return {
        "source_id": source,
        "annual_factor": factor,
        "low_factor": low,
        "high_factor": high,
        "figure_kind": kind,
        "metric": metric,
        "grade": "B",
    }


def test_each_source_that_measured_counts_once():
    rows = pd.DataFrame(
        [
            trend("one", 0.1),
            trend("many", 0.2),
            trend("many", 0.4, low=0.3, high=0.5),
            trend("many", 0.3),
            trend("range", np.nan, low=0.05, high=0.15),
            trend("claim", 0.9, kind="claim"),
            trend("forecast", 0.9, kind="forecast"),
            trend("other", 0.9, metric="hardware cost"),
            trend("none", np.nan),
        ]
    )
    found = price_tests.published_rates(rows)
    assert sorted(found.draws) == pytest.approx([0.7, 0.85, 0.9, 0.95])
    assert (found.low, found.high, found.n, found.level) == pytest.approx((0.7, 0.95, 3, None))
    assert found.grade == "B"
    assert not price_tests.published_rates(rows.iloc[-4:]).known
