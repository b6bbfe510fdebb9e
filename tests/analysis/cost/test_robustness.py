"""Second opinions on the decline: each must find the rate that was built in, and keep silent when it can't."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from analysis.cost import prices as cost, robustness as price_tests

GPQA = "GPQA-Diamond"
BREAK = 30  # index of the month of the date under test, from January 2023: July 2025
DATE = pd.Timestamp("2025-07-20")


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
            "usd_per_mtok": factor * 8 * per_year**years * np.exp(per_quality * quality),
        }
    )


def test_hedonic_recovers_the_decline_built_in():
    found = price_tests.hedonic(priced(), GPQA, 0.9)
    # A quarter is left after a year.
    assert (found.value, found.low, found.high) == pytest.approx((0.75, 0.75, 0.75))
    assert (found.n, found.unit, found.level) == (12, "share per year", 0.9)


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


@settings(max_examples=20, deadline=None)
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


# -- break test ---------------------------------------------------------------------------------


def rung(start, end, per_month, months=60):
    """Log price of a rung from month `start` to `end`, changing by `per_month`: a number or {month: change}."""
    row = np.full(months, np.nan)
    changes = [
        per_month.get(m, 0) if isinstance(per_month, dict) else per_month
        for m in range(start + 1, end + 1)
    ]
    row[start : end + 1] = np.cumsum([1, *changes])
    return row


def kinked(make_ladder, copies=2, late=59):
    """Two rungs that fall by 0.1 a month before July 2025, two of later that fall by 0.2; wild where none may count."""
    old = dict.fromkeys(range(BREAK - 17, BREAK + 1), -0.1) | {
        BREAK + 1: 5
    }  # its 19th month: too old
    new = dict.fromkeys(range(BREAK + 1, BREAK + 19), -0.2) | {BREAK + 19: 5}
    early = dict.fromkeys(range(BREAK - 29, BREAK - 17), 7) | dict.fromkeys(
        range(BREAK - 17, BREAK - 11), -0.1
    )
    rows = [
        rung(BREAK - 18, late, old),
        rung(BREAK - 18, late, old),
        rung(BREAK - 30, late, early),
        rung(BREAK, late, new),
        rung(BREAK, late, new),
    ]
    return make_ladder([[row] * copies for row in rows], start="2023-01-01")


def test_rate_change_finds_the_kink_built_in(make_ladder):
    found = price_tests.rate_change(kinked(make_ladder), DATE, 0.9, 50, rng())
    # 12 months of -0.1 leave exp(-1.2) of a price, of -0.2 exp(-2.4); the factor of one over the other is exp(-1.2).
    expected = {"before": 1 - np.exp(-1.2), "after": 1 - np.exp(-2.4), "ratio": np.exp(-1.2)}
    assert list(found) == list(expected)
    for name, value in expected.items():
        assert (found[name].value, found[name].low, found[name].high) == pytest.approx(
            (value,) * 3
        ), name
    assert (found["ratio"].unit, found["before"].unit, found["ratio"].n) == (
        "ratio",
        "share per year",
        2,
    )


def test_every_change_of_the_window_counts_and_no_other(make_ladder):
    # Each rung's first 18 changes, within 18 months either side: 2 * 18 + 6 before, 2 * 18 after.
    ladder = kinked(make_ladder)
    change, counts = price_tests._changes(ladder.frontier())
    assert counts.sum(axis=1).tolist() == [18] * 5
    assert (change[2, counts[2]] == 7).sum() == 12  # of the early rung twelve lie before the window


def test_the_first_of_the_month_and_its_last_day_are_one_date(make_ladder):
    ladder = kinked(make_ladder)
    sides = {
        price_tests._sides(
            ladder.frontier(), price_tests._windows(ladder.months, pd.Timestamp(day))
        )
        for day in ("2025-07-01", "2025-07-31")
    }
    assert len(sides) == 1


def test_the_month_of_the_date_is_before_and_the_next_is_after(make_ladder):
    # Prices halve between 1 July and 1 August only: that is after 20 July.
    drop = rung(BREAK - 5, 59, {BREAK + 1: -np.log(2) * 13})
    ladder = make_ladder([[drop]] * 5, start="2023-01-01")
    before, after = price_tests._sides(ladder.frontier(), price_tests._windows(ladder.months, DATE))
    assert before == 0
    # Five rungs alike, 13 changes after in a rung's first 18: a mean of -ln 2 a month, -12 ln 2 a year.
    assert after == pytest.approx(-12 * np.log(2))


def test_no_months_after_give_no_ratio_but_a_rate_before(make_ladder):
    for late in (BREAK, BREAK + 11):  # 2 rungs * 11 months are 22 changes, under 24
        found = price_tests.rate_change(kinked(make_ladder, late=late), DATE, 0.9, 20, rng())
        assert found["before"].value == pytest.approx(1 - np.exp(-1.2))
        assert not found["after"].known and not found["ratio"].known
    assert price_tests.rate_change(kinked(make_ladder, late=BREAK + 12), DATE, 0.9, 20, rng())[
        "ratio"
    ].known


def test_nothing_before_gives_nothing(make_ladder):
    found = price_tests.rate_change(kinked(make_ladder), pd.Timestamp("2022-12-01"), 0.9, 20, rng())
    assert not found["before"].known and not found["ratio"].known


def test_same_seed_same_break(make_ladder):
    sellers = rng().normal(0, 0.5, (1, 6, 60))  # six sellers, each with ups and downs of its own
    ladder = make_ladder(kinked(make_ladder, copies=6).log_price + sellers, start="2023-01-01")
    first, again, other = (
        price_tests.rate_change(ladder, DATE, 0.9, 30, rng(seed)) for seed in (1, 1, 5)
    )
    assert first == again
    assert first["ratio"].value == other["ratio"].value
    assert (first["ratio"].low, first["ratio"].high) != (other["ratio"].low, other["ratio"].high)


# -- placebo ------------------------------------------------------------------------------------


def test_placebo_marks_the_one_month_tested(make_ladder):
    ladder = kinked(make_ladder)
    dates = price_tests.placebo(ladder, DATE)
    assert list(dates) == ["month", "before", "after", "ratio", "tested"]
    tested = dates[dates["tested"]]
    assert tested["month"].to_list() == [pd.Timestamp("2025-07-01")]
    found = price_tests.rate_change(ladder, DATE, 0.9, 10, rng())
    assert tested[["before", "after", "ratio"]].iloc[0].to_list() == pytest.approx(
        [found[name].value for name in ("before", "after", "ratio")]
    )
    assert len(dates) > 1 and dates["month"].is_unique


def test_placebo_of_a_date_that_cannot_be_tested(make_ladder):
    dates = price_tests.placebo(kinked(make_ladder, late=BREAK), DATE)
    assert not dates["tested"].any()
    assert not price_tests.placebo_share(dates).known


def placebo_table(*rows):
    return pd.DataFrame(rows, columns=["ratio", "tested"])


def test_placebo_share_by_hand():
    # Of four other dates, 0.5 and 0.8 fall at least as much faster as the tested 0.8.
    dates = placebo_table((0.5, False), (0.9, False), (0.8, True), (0.8, False), (1.2, False))
    found = price_tests.placebo_share(dates)
    assert (found.value, found.low, found.high, found.level, found.n) == (0.5, 0.5, 0.5, None, 4)


def test_placebo_share_needs_other_dates():
    assert not price_tests.placebo_share(placebo_table((0.8, True))).known
    assert not price_tests.placebo_share(placebo_table((0.8, False))).known
    assert not price_tests.placebo_share(placebo_table()).known


# -- sensitivity --------------------------------------------------------------------------------


@pytest.fixture
def evidence(prices_of):
    """OpenAI's price halves yearly in twelve steps; DeepSeek's one price was first seen late, on promotion."""
    months = pd.date_range("2023-01-01", periods=25, freq="MS")
    usd = 8 * 0.5 ** (np.arange(25) / 12)
    own = prices_of(
        *(
            ("OpenAI", "o", a, b, p, p)
            for a, b, p in zip(months, [*months[1:], None], usd, strict=True)
        )
    )
    promo = prices_of(
        ("DeepSeek", "d", "2023-01-01", None, 0.001, 0.001),
        price_kind="promo",
        date_basis="first_seen",
    )
    scores = [
        ("o", 40.0, False),
        ("o", 44.0, False),
        ("o", 90.0, True),
        ("d", 40.0, False),
        ("x", 40.0, False),
    ]
    capability = pd.DataFrame(scores, columns=["model", "score", "by_developer"]).assign(
        benchmark=GPQA, release_date=pd.Timestamp("2024-12-31")
    )
    third = prices_of(("Zeta", "x", "2024-12-31", None, 900, 900))
    return pd.concat([own, promo, third], ignore_index=True), capability


def sensitivity(evidence, monkeypatch, seed=1, minimum=1):
    monkeypatch.setattr(price_tests, "SENSITIVITY_DRAWS", 30)
    monkeypatch.setattr(cost, "MIN_NEW_MODELS", minimum)
    found = price_tests.sensitivity(*evidence, pd.Timestamp("2024-12-31"), 0.75, 0.9, seed)
    return dict(zip(found["variant"], found["estimate"], strict=True))


def test_sensitivity_has_the_base_first(evidence, monkeypatch):
    found = sensitivity(evidence, monkeypatch)
    assert list(found)[:2] == ["base", "endpoints"]
    assert {name: estimate.value for name, estimate in found.items()} == pytest.approx(
        {
            "base": 0.5,
            "endpoints": 0.5,
            "best_score": 0.5,
            "developer_scores": 0.5,
            "even_blend": 0.5,
            "known_dates": 0.5,
            "without_deepseek": 0.5,
            "all_prices": 0,
        }
    )  # the promotion is always cheapest and stands still
    assert found["endpoints"].level is None
    # Without OpenAI one price of one day is left: nothing to fit, so no row.


def test_sensitivity_is_the_same_every_time(evidence, monkeypatch):
    assert sensitivity(evidence, monkeypatch) == sensitivity(evidence, monkeypatch)


def test_sensitivity_where_nothing_can_be_fitted(evidence, monkeypatch):
    assert sensitivity(evidence, monkeypatch, minimum=9) == {}
    prices, capability = evidence
    assert sensitivity((prices.iloc[:0], capability), monkeypatch) == {}
