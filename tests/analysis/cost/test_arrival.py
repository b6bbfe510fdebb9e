"""Before and after an arrival: a change that was built in is found, and silence where nothing shows it."""

import numpy as np
import pandas as pd
import pytest

from analysis.cost import arrival, decline, prices as cost

GPQA, MMLU, ELO = "GPQA-Diamond", "MMLU", "LMArena-Elo"
DATE = pd.Timestamp("2025-07-20")
BREAK = 30  # its month, counted from January 2023


def rng(seed=1):
    return np.random.default_rng(seed)


def path(start, before, after, months=60):
    """Log price of a level first sold in a month, changing by so much a month before the date and after it."""
    row = np.full(months, np.nan)
    steps = [before if m <= BREAK else after for m in range(start + 1, months)]
    row[start:] = np.cumsum([1, *steps])
    return row


def sold(make_ladder, *paths, benchmarks, sellers=4):
    """A market in which every level is sold by sellers that are all but alike."""
    noise = rng(9).normal(0, 0.002, (len(paths), sellers, 60))
    prices = np.array(paths)[:, None, :] + noise
    ladder = make_ladder(prices, start="2023-01-01", benchmarks=benchmarks)
    return decline.market(ladder, cost.CHEAPEST, 60, rng())


@pytest.fixture
def faster(make_ladder):
    """On two benchmarks levels fall by 0.1 a month before the date, by 0.2 after it, whatever their age."""
    rows = [path(start, -0.1, -0.2) for start in (0, 12, 0, 12, 24)]
    return sold(make_ladder, *rows, benchmarks=[GPQA, GPQA, MMLU, MMLU, MMLU])


def test_a_change_of_speed_is_found(faster):
    found = arrival.rate_change(arrival.sides(faster, DATE), 0.9)
    expected = {"before": np.exp(-1.2), "after": np.exp(-2.4), "ratio": np.exp(-1.2)}
    assert {name: e.value for name, e in found.items()} == pytest.approx(expected, rel=0.05)
    assert [e.unit for e in found.values()] == ["factor per year"] * 2 + ["ratio"]
    assert all(
        e.low <= e.value <= e.high and e.n == 2 and e.draws is not None for e in found.values()
    )


def test_levels_of_another_age_are_no_change_of_speed(make_ladder):
    # A level falls by 0.4 a month in its first year and by 0.05 later. Before the date levels are young and old,
    # after it all are old: at the same age nothing changed, and without looking at age prices seem slower.
    def ageing(start):
        row = np.full(60, np.nan)
        months = np.arange(60 - start)
        row[start:] = -0.4 * np.minimum(months, 12) - 0.05 * np.maximum(months - 12, 0)
        return row

    rows = [ageing(start) for start in (0, 14, 0, 14)]
    market = sold(make_ladder, *rows, benchmarks=[GPQA, GPQA, MMLU, MMLU])
    aged, raw = (
        arrival.rate_change(arrival.sides(market, DATE, by_age=by_age), 0.9)["ratio"]
        for by_age in (True, False)
    )
    assert aged.value == pytest.approx(1, abs=0.15) and raw.value > 1.5


def test_the_month_of_the_date_is_before_and_the_next_is_after(make_ladder):
    rows = [path(0, 0.0, 0.0) for _ in range(2)]
    for row in rows:
        row[BREAK + 1 :] -= 13.0  # between 1 July and 1 August 2025
    market = sold(make_ladder, *rows, benchmarks=[GPQA, MMLU])
    found = arrival.rate_change(arrival.sides(market, DATE, months=12), 0.9)
    assert found["before"].value == pytest.approx(1, abs=0.05)
    assert found["after"].value == pytest.approx(np.exp(-13), rel=0.1)  # a thirteenth of it a month
    first, last = (arrival.sides(market, pd.Timestamp(day)) for day in ("2025-07-01", "2025-07-31"))
    assert np.array_equal(first.after, last.after, equal_nan=True)
    later = arrival.rate_change(
        arrival.sides(market, DATE + pd.DateOffset(months=1), months=12), 0.9
    )
    assert later["after"].value == pytest.approx(1, abs=0.05)


def test_too_few_months_on_either_side_give_nothing(make_ladder):
    early, late = path(0, -0.1, -0.2), path(0, -0.1, -0.2)
    early[BREAK + 5 :] = late[: BREAK - 4] = np.nan  # five changes after, or before
    for row in (early, late):
        market = sold(make_ladder, row, row, benchmarks=[GPQA, MMLU])
        assert not arrival.rate_change(arrival.sides(market, DATE), 0.9)["ratio"].known


def test_one_benchmark_alone_gives_nothing(make_ladder):
    market = sold(make_ladder, path(0, -0.1, -0.2), benchmarks=[GPQA])
    assert not arrival.rate_change(arrival.sides(market, DATE), 0.9)["ratio"].known


# -- levels served ------------------------------------------------------------------------------


def test_a_level_is_served_when_the_seller_reaches_it_in_time(prices_of, scored_of):
    prices = prices_of(
        ("DeepSeek", "d", "2025-08-01", None, 1, 1),
        ("DeepSeek", "later", "2025-12-01", None, 1, 1),
        ("Acme", "a", "2024-01-01", None, 1, 1),
    )
    scored = pd.concat(
        [
            scored_of(("d", 60), ("later", 75), ("a", 90)),
            scored_of(("a", 90), benchmark=MMLU),
        ]
    )
    offered = cost.offers(prices, scored, 0.75)
    rungs = pd.DataFrame({"benchmark": [GPQA] * 3 + [MMLU], "threshold": [60.0, 70, 80, 40]})
    reached, others = arrival.served(offered, rungs, DATE, arrival.DAYS["within_month"])
    assert reached.tolist() == [True, False, False, False]
    assert others.tolist() == [False, True, True, False]  # on MMLU it has no score: neither
    reached, _others = arrival.served(offered, rungs, DATE, arrival.DAYS["within_half_year"])
    assert reached.tolist() == [True, True, False, False]


def test_a_gap_between_levels_served_and_others_is_found(make_ladder):
    # Levels served fall by 0.3 a month after the date and the others, first sold then, by 0.2; both by 0.1 before.
    def three(start):
        return path(0, -0.1, -0.3), path(start, -0.1, -0.2), path(6, -0.1, -0.3)

    market = sold(make_ladder, *three(3), *three(3), benchmarks=[GPQA] * 3 + [MMLU] * 3)
    reached = np.array([True, False, True] * 2)
    compared = arrival.sides(market, DATE)
    ratio, least = arrival.difference(compared, reached, ~reached, 0.9)
    assert ratio.value == pytest.approx(np.exp(-1.2), rel=0.1) and ratio.n == 2
    assert 0 < least < 1
    none, nothing = arrival.difference(compared, np.ones(6, bool), np.zeros(6, bool), 0.9)
    assert not none.known and np.isnan(nothing)


def test_the_least_detectable_ratio_by_hand():
    from analysis.uncertainty import Pooled

    # Student's t with 2 degrees of freedom: 2.919986 at 95%, 1.060660 at 80%.
    found = arrival.detectable(Pooled(0.0, 0.5, 2, 0.0, 3))
    assert found == pytest.approx(np.exp(-0.5 * (2.919986 + 1.060660)), rel=1e-5)


# -- placebo ------------------------------------------------------------------------------------


def test_placebo_marks_the_one_month_tested(faster):
    dates = arrival.placebo(faster, DATE, 0.9)
    assert list(dates) == ["month", "before", "after", "ratio", "tested"]
    tested = dates[dates["tested"]]
    assert tested["month"].to_list() == [pd.Timestamp("2025-07-01")]
    found = arrival.rate_change(arrival.sides(faster, DATE), 0.9)
    assert tested["ratio"].item() == pytest.approx(found["ratio"].value, rel=0.02)
    assert len(dates) > 1 and dates["month"].is_unique


def placebo_table(*rows):
    return pd.DataFrame(rows, columns=["ratio", "tested"])
