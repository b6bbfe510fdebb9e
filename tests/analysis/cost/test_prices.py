"""Prices at a fixed capability: small made-up markets, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from analysis.cost import prices as cost, scenarios

AS_OF = pd.Timestamp("2024-06-30")
GPQA = "GPQA-Diamond"


@pytest.fixture
def market(prices_of, scored_of):
    """Three sellers of four models; every model was released in the first quarter of 2024."""
    prices = prices_of(
        ("Acme", "alpha", "2023-12-15", "2024-04-01", 4, 8),  # blended 5
        ("Acme", "alpha", "2024-04-01", None, 2, 6),  # 3
        ("Beta", "bright", "2024-02-01", "2024-05-01", 1, 5),  # 2, withdrawn in May
        ("Coda", "clever", "2024-03-10", None, 8, 16),
    )  # 10
    return cost.offers(prices, scored_of(("alpha", 40), ("bright", 55), ("clever", 70)), 0.75)


def path(offered, threshold, as_of=AS_OF, benchmark=GPQA):
    found = scenarios.price_path(offered, benchmark, threshold, as_of)
    return {f"{row.month:%Y-%m}": row.usd_per_mtok for row in found.itertuples()}


def frontiers(offered, as_of=AS_OF, rungs=None):
    """{(threshold, month): price} of every rung, as the ladder has it."""
    ladder = cost.price_ladder(offered, as_of, rungs or {GPQA: (35, 50, 65)})
    return {
        (rung.threshold, f"{month:%Y-%m}"): float(np.exp(price))
        for rung, row in zip(ladder.rungs.itertuples(), ladder.frontier(), strict=True)
        for month, price in zip(ladder.months, row, strict=True)
        if np.isfinite(price)
    }


def rng(seed=1):
    return np.random.default_rng(seed)


# -- dumb cases ---------------------------------------------------------------------------------


def test_nobody_sells_it(market):
    empty = scenarios.price_path(market, GPQA, 99, AS_OF)
    assert empty.empty and "usd_per_mtok" in empty
    assert scenarios.price_path(market, "MMLU", 40, AS_OF).empty


def test_no_offers_at_all(market):
    assert scenarios.price_path(market.iloc[:0], GPQA, 40, AS_OF).empty
    assert cost.coverage_end(market.iloc[:0]).empty


def test_a_model_without_a_score_or_a_price_is_no_offer(prices_of, scored_of):
    offered = cost.offers(
        prices_of(("Acme", "alpha", "2024-01-01", None, 4, 8)), scored_of(("beta", 50)), 0.75
    )
    assert offered.empty


# -- scores -------------------------------------------------------------------------------------


@pytest.fixture
def reports():
    return pd.DataFrame(
        {
            "model": ["alpha"] * 4 + ["beta"],
            "benchmark": [GPQA] * 3 + ["MMLU", GPQA],
            "score": [50.0, 56.0, 80.0, 70.0, 90.0],
            "by_developer": [False, False, True, False, True],
            "release_date": pd.to_datetime(
                ["2024-02-01", "2024-01-05", "2023-01-01", "2024-01-05", "2024-03-01"]
            ),
            "grade": list("BCABA"),
        }
    )


def test_scores_are_the_median_of_what_others_report(reports):
    found = cost.scores(reports)
    assert found[["model", "benchmark", "score"]].to_records(index=False).tolist() == [
        ("alpha", GPQA, 53.0),  # (50 + 56) / 2
        ("alpha", "MMLU", 70.0),
    ]  # and beta has its developer's word only
    assert found["release_date"].iloc[0] == pd.Timestamp("2024-01-05")  # the earliest
    assert found["grade"].to_list() == ["C", "B"]  # the worst of the reports that count


def test_the_best_score_is_a_choice(reports):
    assert cost.scores(reports, "max")["score"].to_list() == [56, 70]


# -- offers -------------------------------------------------------------------------------------


def test_blended_price_by_hand(prices_of, scored_of):
    prices = prices_of(("Acme", "alpha", "2024-01-01", None, 2, 10))
    blend = {
        share: cost.offers(prices, scored_of(("alpha", 40)), share)["usd_per_mtok"].item()
        for share in (0.75, 0.5, 0, 1)
    }
    # Three tokens in for one out: (3*2 + 10) / 4 = 4.
    assert blend == {0.75: 4, 0.5: 6, 0: 10, 1: 2}


def test_offers_carry_their_period_and_source(market):
    assert list(market) == [
        "provider",
        "model",
        "display_name",
        "usd_per_mtok",
        "start",
        "end",
        "source_id",
        "grade",
        "benchmark",
        "score",
        "release_date",
    ]
    acme = market[market["provider"] == "Acme"]
    assert acme["usd_per_mtok"].to_list() == [5, 3]
    assert acme["end"].iloc[0] == acme["start"].iloc[1] == pd.Timestamp("2024-04-01")
    assert pd.isna(acme["end"].iloc[1])
    assert set(market["source_id"]) == {"made_up"}


def test_an_offer_stands_on_every_benchmark_of_its_model(prices_of, scored_of):
    scored = pd.concat([scored_of(("alpha", 40)), scored_of(("alpha", 80), benchmark="MMLU")])
    offered = cost.offers(prices_of(("Acme", "alpha", "2024-01-01", None, 2, 10)), scored, 0.75)
    assert dict(zip(offered["benchmark"], offered["score"], strict=True)) == {GPQA: 40, "MMLU": 80}


def test_an_offer_is_no_better_than_its_price_or_its_score(prices_of, scored_of):
    row = ("Acme", "alpha", "2024-01-01", None, 2, 10)
    for price, score, both in (("A", "C", "C"), ("D", "B", "D"), ("B", "B", "B")):
        scored = scored_of(("alpha", 40)).assign(grade=score)
        assert cost.offers(prices_of(row, grade=price), scored, 0.75)["grade"].item() == both


def test_a_model_taken_off_sale_leaves_on_that_day(prices_of, scored_of):
    prices = prices_of(
        ("Acme", "alpha", "2024-01-01", None, 1, 1),
        ("Acme", "bright", "2024-01-01", "2024-02-01", 2, 2),
        ("Beta", "alpha", "2024-01-01", None, 3, 3),
        ("Acme", "gone", "2024-04-01", None, 1, 1),
    )
    ends = pd.DataFrame(
        {
            "provider": "Acme",
            "model": ["alpha", "bright", "gone"],
            "end_date": pd.to_datetime(["2024-04-01", "2024-06-01", "2024-03-01"]),
        }
    )
    found = cost.on_sale(prices, ends)
    # Beta goes on; bright's price had ended before its sale; gone was never sold at this price.
    assert found["effective_to"].dt.strftime("%m-%d").fillna("").to_list() == ["04-01", "02-01", ""]
    offered = cost.offers(found, scored_of(("alpha", 40)), 0.75)
    assert path(offered, 40) == dict.fromkeys(("2024-01", "2024-02", "2024-03"), 1) | dict.fromkeys(
        ("2024-04", "2024-05", "2024-06"), 3
    )


@pytest.mark.parametrize("kind", ["promo", "off_peak", "third_party_host", "third_party_blended"])
def test_only_undiscounted_prices_of_the_developer_count(prices_of, scored_of, kind):
    row, scored = ("Acme", "alpha", "2024-01-01", None, 2, 10), scored_of(("alpha", 40))
    assert cost.offers(prices_of(row, price_kind=kind), scored, 0.75).empty
    assert len(cost.offers(prices_of(row, price_kind="peak"), scored, 0.75)) == 1


# -- the frontier -------------------------------------------------------------------------------


def test_frontier_takes_the_cheapest_in_force_and_rises_when_an_offer_ends(market):
    # Acme's first price began on 15 December, so the first month read is January.
    assert path(market, 35) == {
        "2024-01": 5,
        "2024-02": 2,
        "2024-03": 2,
        "2024-04": 2,
        "2024-05": 3,
        "2024-06": 3,
    }
    # From 50 up only Beta and, on 1 April, Coda (10 March came too late for March).
    assert path(market, 50) == {
        "2024-02": 2,
        "2024-03": 2,
        "2024-04": 2,
        "2024-05": 10,
        "2024-06": 10,
    }
    assert path(market, 70) == {"2024-04": 10, "2024-05": 10, "2024-06": 10}  # at the score counts


def test_a_price_of_the_first_of_a_month_counts_in_it_and_its_last_day_does_not(
    prices_of, scored_of
):
    prices = prices_of(
        ("Acme", "alpha", "2024-02-01", "2024-03-01", 2, 2),
        ("Acme", "alpha", "2024-03-01", None, 1, 1),
    )
    assert path(
        cost.offers(prices, scored_of(("alpha", 40)), 0.75), 40, pd.Timestamp("2024-03-01")
    ) == {"2024-02": 2, "2024-03": 1}


def test_nothing_after_as_of(market):
    assert list(path(market, 35, pd.Timestamp("2024-03-31"))) == ["2024-01", "2024-02", "2024-03"]
    assert cost.price_ladder(market, pd.Timestamp("2024-02-29"), {GPQA: (35,)}).months[
        -1
    ] == pd.Timestamp("2024-02-01")


def test_the_path_names_its_sellers(market):
    found = scenarios.price_path(market, GPQA, 50, AS_OF)
    assert found["provider"].to_list() == ["Beta"] * 3 + ["Coda"] * 2
    assert found["model"].to_list() == ["BRIGHT"] * 3 + ["CLEVER"] * 2
    assert found["score"].to_list() == [55] * 3 + [70] * 2
    assert set(found["source_id"]) == {"made_up"}


def test_ladder_and_path_agree(market):
    for threshold in (35, 50, 65):
        on_ladder = {m: p for (t, m), p in frontiers(market).items() if t == threshold}
        # The last quarter with three new models is the first of 2024: the ladder stops there, the path doesn't.
        expected = {m: p for m, p in path(market, threshold).items() if m <= "2024-03"}
        assert on_ladder == pytest.approx(expected)


def test_ladder_counts_models_and_drops_a_rung_that_says_nothing_new(market):
    ladder = cost.price_ladder(market, AS_OF, {GPQA: (35, 41, 55, 70, 99), "MMLU": (40,)})
    # 41 and 55 are both reached by bright, at 55, and by clever, at 70; 99 by nobody.
    assert ladder.rungs.to_records(index=False).tolist() == [
        (GPQA, 35, 3),
        (GPQA, 41, 2),
        (GPQA, 70, 1),
    ]
    assert ladder.providers == ("Acme", "Beta", "Coda")
    assert ladder.frontier().shape == ladder.followed.shape == (3, 6)
    assert [len(offer[0]) for offer in ladder.offers] == [4, 2, 1]  # alpha has two prices
    assert ladder.years.tolist() == [0, 1 / 12, 2 / 12, 3 / 12, 4 / 12, 5 / 12]


def test_frontier_of_resampled_providers(market):
    ladder = cost.price_ladder(market, AS_OF, {GPQA: (35,)})
    found = np.exp(
        ladder.frontier(counts=np.array([[2, 0, 1], [0, 3, 0]]))
    )  # without Beta; Beta alone
    assert found[0, 0, :3] == pytest.approx([5, 5, 5])
    assert found[1, 0, :3] == pytest.approx([np.nan, 2, 2], nan_ok=True)
    drawn = ladder.resampled(50, rng())
    assert drawn.shape == (50, 3) and set(drawn.sum(axis=1)) == {3}


def test_a_ladder_is_a_line_and_a_frame_of_its_frontier(make_ladder):
    nan = np.nan
    ladder = make_ladder(np.log([[[4.0, 2.0, nan]], [[nan, 8.0, 1.0]]]))
    assert repr(ladder) == "Ladder(2 rungs of 1 benchmarks, 2024-01 to 2024-03, 1 providers)"
    frame = ladder.to_frame()
    assert frame["threshold"].tolist() == [0, 0, 10, 10]
    assert frame["month"].dt.month.tolist() == [1, 2, 2, 3]
    assert frame["usd_per_mtok"].to_numpy() == pytest.approx([4, 2, 8, 1])
    latest = ladder._repr_html_()
    assert latest.count("<tr>") == 2 and "<td>2.0</td>" in latest and "<td>4.0</td>" not in latest


def test_the_frontier_is_what_a_tenth_of_the_offers_do_not_exceed(make_ladder):
    # Eight sellers at 1 to 8: a tenth and an eighth of them is the first, a fifth the second, half the fourth.
    ladder = make_ladder(np.arange(1.0, 9)[None, :, None])
    shares = {share: ladder.frontier(share)[0, 0] for share in (0.0, 0.1, 0.125, 0.2, 0.5, 1.0)}
    assert shares == {0.0: 1, 0.1: 1, 0.125: 1, 0.2: 2, 0.5: 4, 1.0: 8}
    # A seller drawn eight times over is the whole market, and one drawn twice counts twice.
    eight, twice = np.eye(8)[4] * 8, np.array([0, 2, 1, 1, 1, 1, 1, 1])
    assert ladder.frontier(0.2, np.array([eight, twice]))[:, 0, 0].tolist() == [5, 2]


def test_months_that_a_benchmark_does_not_follow_count_only_if_asked_for(market):
    ladder = cost.price_ladder(market, AS_OF, {GPQA: (35,)})
    assert np.isfinite(ladder.frontier()).sum() == 3  # the first quarter
    assert np.isfinite(ladder.frontier(whole=True)).sum() == 6


# -- how long a benchmark follows the market ----------------------------------------------------


def released(scored_of, *rows):
    """Rows of (model, release date), each sold by Acme from that day on."""
    return pd.concat([scored_of((model, 50), release_date=day) for model, day in rows])


def test_coverage_ends_with_the_last_quarter_of_three_new_models(prices_of, scored_of):
    days = {
        "v": "2023-10-01",
        "w": "2023-10-02",
        "x": "2023-12-31",
        "y": "2023-12-31",  # four the quarter before
        "a": "2024-01-10",
        "b": "2024-02-10",
        "c": "2024-03-31",  # three in the first quarter
        "d": "2024-04-01",
        "e": "2024-05-01",  # two in the second
        "f": "2024-12-01",
    }  # one in the fourth
    prices = prices_of(*(("Acme", model, day, None, 1, 1) for model, day in days.items()))
    offered = cost.offers(prices, released(scored_of, *days.items()), 0.75)
    assert cost.coverage_end(offered).to_dict() == {GPQA: pd.Timestamp("2024-03-31")}
    assert cost.coverage_end(offered[offered["model"] != "c"]).to_dict() == {
        GPQA: pd.Timestamp("2023-12-31")
    }
    without = offered[~offered["model"].isin(["c", "v", "w"])]
    assert cost.coverage_end(without).empty  # no quarter has three, so nothing is followed
    assert np.isnan(cost.price_ladder(without, AS_OF, {GPQA: (50,)}).frontier()).all()


def test_a_model_with_two_prices_is_one_new_model(prices_of, scored_of):
    prices = prices_of(
        ("Acme", "a", "2024-01-10", "2024-02-10", 2, 2),
        ("Acme", "a", "2024-02-10", None, 1, 1),
        ("Beta", "b", "2024-02-10", None, 1, 1),
    )
    offered = cost.offers(
        prices, released(scored_of, ("a", "2024-01-10"), ("b", "2024-02-10")), 0.75
    )
    assert cost.coverage_end(offered).empty


# -- levels to show ------------------------------------------------------------------------------


def test_levels_around_moves_the_nearest_rung():
    assert scenarios.levels_around(GPQA, 50) == (35, 50, 65, 80)
    assert scenarios.levels_around(GPQA, 60) == (35, 50, 60, 80)
    assert scenarios.levels_around(GPQA, 10) == (10, 50, 65, 80)
    assert scenarios.levels_around("LMArena-Elo", 1450.0) == (1100, 1200, 1300, 1450)


@given(st.sampled_from(sorted(cost.RUNGS)), st.floats(0, 1700))
def test_levels_hold_the_one_asked_for(benchmark, threshold):
    levels = scenarios.levels_around(benchmark, threshold)
    assert threshold in levels and levels == tuple(sorted(levels)) and len(levels) == 4


# -- properties of any market -------------------------------------------------------------------


@st.composite
def markets(draw):
    """Rows of (provider, model, from, to, price, price) and of (model, score): up to eight offers."""
    count = draw(st.integers(3, 8))
    starts = draw(st.lists(st.integers(0, 20), min_size=count, max_size=count))
    lasts = draw(st.lists(st.one_of(st.none(), st.integers(1, 12)), min_size=count, max_size=count))
    usd = draw(st.lists(st.integers(1, 1000), min_size=count, max_size=count))
    sold, scored, month = [], [], pd.Timestamp("2023-01-01")
    for i, (start, last) in enumerate(zip(starts, lasts, strict=True)):
        begin = month + pd.DateOffset(months=start)
        end = None if last is None else begin + pd.DateOffset(months=last)
        sold.append((draw(st.sampled_from("ABC")), f"m{i}", begin, end, usd[i] / 100, usd[i] / 100))
        scored.append((f"m{i}", draw(st.integers(30, 80))))
    return sold, scored


END = pd.Timestamp("2024-12-31")
few = settings(max_examples=30)


def offered_of(prices_of, scored_of, sold, scored, factor=1.0):
    prices = prices_of(*sold)
    prices[["input_usd_per_mtok", "output_usd_per_mtok"]] *= factor
    # Released in one quarter, the last: the benchmark follows the market until the end.
    return cost.offers(prices, scored_of(*scored, release_date="2024-12-01"), 0.75)


def ladder_of(prices_of, scored_of, sold, scored, factor=1.0):
    return cost.price_ladder(
        offered_of(prices_of, scored_of, sold, scored, factor), END, {GPQA: (35, 50, 65)}
    )


@few
@given(markets(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(prices_of, scored_of, market, random):
    shuffled = tuple(random.sample(rows, len(rows)) for rows in market)
    ladders = [ladder_of(prices_of, scored_of, *rows) for rows in (market, shuffled)]
    pd.testing.assert_frame_equal(ladders[0].rungs, ladders[1].rungs)
    assert ladders[0].frontier().tobytes() == ladders[1].frontier().tobytes()
    offered = [offered_of(prices_of, scored_of, *rows) for rows in (market, shuffled)]
    paths = [scenarios.price_path(rows, GPQA, 35, END) for rows in offered]
    pd.testing.assert_frame_equal(*paths)


@few
@given(markets())
def test_the_names_of_providers_change_nothing(prices_of, scored_of, market):
    sold, scored = market
    renamed = [({"A": "Zeta", "B": "Mu", "C": "Alpha"}[row[0]], *row[1:]) for row in sold]
    frontier = [
        ladder_of(prices_of, scored_of, rows, scored).frontier() for rows in (sold, renamed)
    ]
    assert frontier[0].tobytes() == frontier[1].tobytes()


@few
@given(markets(), st.sampled_from("ABCD"), st.integers(0, 23), st.integers(30, 99))
def test_a_dearer_offer_never_lowers_the_frontier(
    prices_of, scored_of, market, provider, start, score
):
    sold, scored = market
    dear = (
        provider,
        "dear",
        pd.Timestamp("2023-01-01") + pd.DateOffset(months=start),
        None,
        10.01,
        10.01,
    )
    rungs = {GPQA: (35, 50, 65)}
    before = frontiers(offered_of(prices_of, scored_of, sold, scored), END, rungs)
    after = frontiers(
        offered_of(prices_of, scored_of, [*sold, dear], [*scored, ("dear", score)]), END, rungs
    )
    assert {key: after[key] for key in before} == before
    assert all(
        after[key] == pytest.approx(10.01)
        for key in after.keys() - before
        if key[0] in {k[0] for k in before}
    )


@few
@given(markets(), st.integers(1, 5000))
def test_another_offer_never_raises_the_frontier(prices_of, scored_of, market, cents):
    sold, scored = market
    new = ("D", "new", pd.Timestamp("2023-06-01"), None, cents / 100, cents / 100)
    before = frontiers(offered_of(prices_of, scored_of, sold, scored), END)
    after = frontiers(offered_of(prices_of, scored_of, [*sold, new], [*scored, ("new", 60)]), END)
    assert all(after[key] <= price for key, price in before.items())


@few
@given(markets())
def test_more_capability_never_costs_less(prices_of, scored_of, market):
    offered = offered_of(prices_of, scored_of, *market)
    low, high = path(offered, 40, END), path(offered, 60, END)
    assert all(low[month] <= price for month, price in high.items())
