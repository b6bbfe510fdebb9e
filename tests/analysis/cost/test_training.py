"""Training costs: made-up runs, chips and records, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from analysis.cost import training

#: Student's t for a 90% interval with 2 degrees of freedom, from a table.
T2 = 2.919986


def rng(seed=1):
    return np.random.default_rng(seed)


def runs_of(*rows, **columns):
    """Rows of (model, release, compute, cost, basis)."""
    names = ["model", "release_date", "training_compute_flop", "training_cost_usd", "cost_basis"]
    frame = pd.DataFrame(rows, columns=names)
    defaults = {
        "capability_model": frame["model"].str.lower(),
        "gpu_hours": np.nan,
        "figure_kind": "estimated",
        "capability_anchor": None,
        "source_id": "made_up",
        "hardware": "NVIDIA H100",
        "grade": "B",
    }
    frame = frame.assign(**(defaults | columns))
    numbers = {"training_compute_flop": float, "training_cost_usd": float}
    return frame.astype(numbers).assign(release_date=pd.to_datetime(frame["release_date"]))


# -- frontier -----------------------------------------------------------------------------------

AMORTISED = training.FRONTIER_BASIS


def test_no_runs_have_no_frontier():
    frontier = training.frontier_runs(runs_of())
    assert frontier.empty
    assert not training.frontier_growth(frontier, 0.9).known


def test_frontier_is_the_ten_largest_at_release():
    first = [(f"first{i}", "2020-01-01", 100 + i, 5, AMORTISED) for i in range(10)]
    later = [
        ("eleventh", "2020-02-01", 99, 5, AMORTISED),  # ten were larger
        ("tenth", "2020-03-01", 100.5, 5, AMORTISED),  # nine were larger: 101 to 109
        ("largest", "2021-01-01", 999, 5, AMORTISED),
    ]
    kept = training.frontier_runs(runs_of(*later, *first))["model"]
    assert set(kept) == {"tenth", "largest", *(f"first{i}" for i in range(10))}
    assert kept.iloc[-1] == "largest"  # oldest first


def test_frontier_counts_runs_without_a_cost_but_never_later_ones():
    runs = runs_of(
        ("uncosted", "2020-01-01", 50, None, "none_published"),
        ("smaller", "2020-06-01", 40, 5, AMORTISED),  # the uncosted one was larger
        ("same day", "2020-06-01", 60, 5, "cloud"),  # another basis, but larger than 55
        ("shadowed", "2020-06-01", 55, 5, AMORTISED),
        ("led", "2021-01-01", 70, 5, AMORTISED),
        ("no cost", "2021-01-01", 80, None, AMORTISED),
        ("after", "2021-01-02", 90, 5, AMORTISED),
    )

    def largest(runs, basis=AMORTISED):
        return training.frontier_runs(runs, basis, rank=1)["model"].to_list()

    assert largest(runs) == ["after"]  # "no cost" of the same day beats "led"
    assert largest(runs, "cloud") == ["same day"]
    assert largest(runs[runs["model"] != "no cost"]) == ["led", "after"]


def doubling(count=6, factor=2.0):
    """Runs at uneven distances whose cost grows by exactly `factor` a year."""
    dates = pd.Timestamp("2021-01-01") + pd.to_timedelta(np.arange(count) ** 2 * 40, "D")
    years = (dates - dates[0]).days / 365.25
    return runs_of(
        *(
            ("m" + str(i), date, 10.0**i, 3e6 * factor**year, AMORTISED)
            for i, (date, year) in enumerate(zip(dates, years, strict=True))
        )
    )


@pytest.mark.parametrize("factor", [2, 3.5, 0.4])
def test_growth_of_an_exponential_is_exact(factor):
    found = training.frontier_growth(doubling(factor=factor), 0.9)
    assert (found.value, found.low, found.high) == pytest.approx((factor,) * 3)
    assert (found.n, found.unit, found.level) == (6, "factor per year", 0.9)


def test_growth_is_silent_under_five_runs():
    assert training.frontier_growth(doubling(5), 0.9).known
    found = training.frontier_growth(doubling(4), 0.9)
    assert not found.known and found.n == 4


@settings(max_examples=20)
@given(st.floats(1e-3, 1e6), st.permutations(range(6)))
def test_unit_and_order_leave_growth_alone(factor, order):
    runs = doubling()
    runs["training_cost_usd"] *= np.exp(rng().normal(0, 0.5, 6))
    other = runs.assign(training_cost_usd=factor * runs["training_cost_usd"]).iloc[order]
    one, two = (training.frontier_growth(frame, 0.9) for frame in (runs, other))
    assert (one.value, one.low, one.high) == pytest.approx((two.value, two.low, two.high), rel=1e-6)


# -- hardware and algorithms --------------------------------------------------------------------


def chips_of(*rows):
    """Rows of (chip, release, teraflops, price, kind, data centre, basis of the price)."""
    names = [
        "chip",
        "release_date",
        "peak_fp16_tflops",
        "price_usd",
        "fp16_kind",
        "datacentre",
        "price_basis",
    ]
    frame = pd.DataFrame(rows, columns=names).assign(grade="B")
    return frame.assign(release_date=pd.to_datetime(frame["release_date"]))


def test_only_chips_with_a_market_price_count():
    chips = chips_of(
        ("late", "2022-01-01", 300, 10_000, "tensor", True, "release price"),
        ("good", "2020-01-01", 100, 10_000, "tensor", True, None),
        ("vector", "2020-01-01", 100, 10_000, "vector", True, "release price"),
        ("desktop", "2020-01-01", 100, 10_000, "tensor", False, "release price"),
        ("unpriced", "2020-01-01", 100, None, "tensor", True, None),
        (
            "unsold",
            "2020-01-01",
            100,
            10_000,
            "tensor",
            True,
            "Epoch estimate of a purchase-equivalent price",
        ),
        (
            "unlisted",
            "2020-01-01",
            100,
            10_000,
            "tensor",
            True,
            "Epoch chip-sales estimate (not sold at list)",
        ),
    )
    kept = training.priced_chips(chips)
    assert kept["chip"].to_list() == ["good", "late"]  # oldest first
    # 100 teraflops are 1e14 operations a second; over 10,000 dollars 1e10 for one.
    assert kept["flops_per_usd"].to_list() == pytest.approx([1e10, 3e10])


def value_chips(factor=2.0, count=6, noise=0.0):
    """Chips of which a dollar buys exactly `factor` times the speed each year."""
    days = np.arange(count) * 200
    speed = 100 * factor ** (days / 365.25) * np.exp(noise * rng().normal(size=count))
    return training.priced_chips(
        chips_of(
            *(
                (
                    f"c{i}",
                    pd.Timestamp("2018-01-01") + pd.Timedelta(days=int(day)),
                    tflops,
                    10_000,
                    "tensor",
                    True,
                    None,
                )
                for i, (day, tflops) in enumerate(zip(days, speed, strict=True))
            )
        )
    )


def trends_of(value, low, high, level=0.95, trend_id=training.ALGORITHMS["preprint"]):
    return pd.DataFrame(
        [(trend_id, value, low, high, level, "B")],
        columns=["trend_id", "annual_factor", "low_factor", "high_factor", "bound_level", "grade"],
    )


def parts_of(chips, trends, level=0.95, n_boot=2000, seed=1):
    found = training.fixed_capability(chips, trends, level, n_boot, rng(seed))
    return dict(zip(found["part"], found["estimate"], strict=True))


def test_hardware_growth_is_exact():
    found = training.hardware_growth(value_chips(1.5), 0.9)
    assert (found.value, found.low, found.high) == pytest.approx((1.5, 1.5, 1.5))


def test_the_parts_multiply():
    # Twice the speed for a dollar halves the cost; algorithms need 0.3 of the compute: 0.5 * 0.3 = 0.15 is left.
    parts = parts_of(value_chips(2), trends_of(0.3, 0.3 - 1e-9, 0.3 + 1e-9))
    assert list(parts) == ["hardware", "algorithms", "both"]
    for part, value in {"hardware": 0.5, "algorithms": 0.7, "both": 0.85}.items():
        assert (parts[part].value, parts[part].low, parts[part].high) == pytest.approx(
            (value,) * 3, abs=1e-6
        ), part
    assert [parts[part].n for part in parts] == [6, 1, 7]


def test_algorithms_alone_give_the_published_interval_back():
    parts = parts_of(value_chips(2), trends_of(0.3, 0.15, 0.5), n_boot=20_000)
    # Factors 0.15 and 0.5 are declines of 85% and 50%.
    assert (parts["algorithms"].low, parts["algorithms"].high) == pytest.approx(
        (0.5, 0.85), abs=0.01
    )
    # Hardware adds no doubt of its own here: half of each end is left, 0.25 and 0.075.
    assert (parts["both"].low, parts["both"].high) == pytest.approx((0.75, 0.925), abs=0.01)


def test_hardware_alone_gives_its_own_interval_back():
    chips = value_chips(2, noise=0.3)
    growth = training.hardware_growth(chips, 0.95)
    parts = parts_of(chips, trends_of(1, 1 - 1e-9, 1 + 1e-9), n_boot=20_000)
    expected = (1 - 1 / growth.value, 1 - 1 / growth.low, 1 - 1 / growth.high)
    for part in ("hardware", "both"):
        assert (parts[part].value, parts[part].low, parts[part].high) == pytest.approx(
            expected, abs=0.02
        ), part


def test_both_parts_are_less_certain_than_either_and_combined_picks_them():
    table = training.fixed_capability(
        value_chips(2, noise=0.3), trends_of(0.3, 0.15, 0.5), 0.9, 2000, rng()
    )
    parts = table.set_index("part")["estimate"]
    spread = {part: np.log((1 - e.low) / (1 - e.high)) for part, e in parts.items()}
    assert spread["both"] > max(spread["hardware"], spread["algorithms"])
    assert training.combined(table) is parts["both"]


def test_same_seed_same_parts():
    chips, trends = value_chips(2, noise=0.3), trends_of(0.3, 0.15, 0.5)
    assert parts_of(chips, trends) == parts_of(chips, trends)
    assert parts_of(chips, trends, seed=2)["both"] != parts_of(chips, trends)["both"]


@pytest.mark.parametrize(
    ("chips", "trends"),
    [
        (value_chips(count=4), trends_of(0.3, 0.15, 0.5)),
        (value_chips(), trends_of(0.3, 0.15, 0.5, trend_id="another")),
        (value_chips(), trends_of(np.nan, np.nan, np.nan)),
        (value_chips().iloc[:0], trends_of(0.3, 0.15, 0.5).iloc[:0]),
    ],
)
def test_without_one_part_there_is_no_estimate(chips, trends):
    table = training.fixed_capability(chips, trends, 0.9, 100, rng())
    assert not training.combined(table).known


def test_the_version_in_print_is_another_estimate():
    trends = trends_of(0.3, 0.2, 0.4, trend_id=training.ALGORITHMS["proceedings"])
    found = training.fixed_capability(value_chips(), trends, 0.9, 100, rng(), "proceedings")
    assert training.combined(found).known and training.combined(found).grade == "B"
    missing = training.fixed_capability(value_chips(), trends, 0.9, 100, rng())
    assert not training.combined(missing).known


def test_every_chip_with_a_price_may_count():
    rows = (
        ("sold", "2020-01-01", 100, 10_000, "tensor", True, None),
        ("older", "2018-01-01", 10, 5_000, "vector", True, None),
        ("not sold", "2021-01-01", 200, 9_000, "tensor", True, "estimate"),
        ("no price", "2021-01-01", 200, None, "tensor", True, None),
        ("gaming", "2021-01-01", 200, 900, "tensor", False, None),
    )
    chips = chips_of(*rows)
    assert training.priced_chips(chips)["chip"].to_list() == ["sold"]
    assert training.priced_chips(chips, every=True)["chip"].to_list() == [
        "older",
        "sold",
        "not sold",
    ]


def test_a_published_rate_without_bounds_gives_no_interval():
    found = parts_of(value_chips(), trends_of(0.3, np.nan, np.nan))
    assert not found["both"].known and not found["algorithms"].known
    assert found["hardware"].known


# -- pairs and speed records --------------------------------------------------------------------


def test_anchored_pairs_by_hand():
    anchors = ["Tiny (MMLU 40)"] * 3 + ["Small"] * 2 + ["Lone"] + ["Short (a)", "Short (b)"]
    runs = runs_of(
        ("last", "2025-01-01", None, 1e6, "cloud"),  # 1,461 days, four years, after
        ("first", "2021-01-01", None, 16e6, "cloud"),
        ("between", "2023-01-01", None, 99e6, "press_claim"),
        ("costly", "2022-01-01", None, 5e6, "final_run_rental"),
        ("unknown", "2024-01-01", None, None, "cloud"),
        ("alone", "2022-01-01", None, 5e6, "cloud"),
        ("one", "2022-01-01", None, 5e6, "cloud"),
        ("two", "2022-06-30", None, 1e6, "cloud"),  # under half a year
        capability_anchor=anchors,
        source_id=list("bacdefgh"),
    )
    found = training.anchored_pairs(runs)
    assert len(found) == 1
    pair = found.iloc[0]
    # A sixteenth in four years: half each year.
    assert (pair["years"], pair["decline"]) == pytest.approx((4, 0.5))
    assert (pair["anchor"], pair["first_model"], pair["last_model"]) == ("Tiny", "first", "last")
    assert (pair["first_usd"], pair["last_usd"], pair["bases"]) == (16e6, 1e6, "cloud")
    assert pair["source_ids"] == ("a", "c", "b")  # in the order of release


def test_an_anchor_has_one_name_and_mixed_bases_are_said():
    runs = runs_of(
        ("first", "2021-01-01", None, 4e6, "cloud"),
        ("last", "2023-01-01", None, 1e6, "final_run_rental"),
        capability_anchor=["Big (MMLU 86)", "Big (MMLU 87)"],
    )
    pair = training.anchored_pairs(runs).iloc[0]
    # A quarter in two years (730 days, 730 / 365.25 of a year): half each year, but for half a day.
    assert pair["decline"] == pytest.approx(0.5, abs=1e-3)
    assert (pair["anchor"], pair["bases"], pair["source_ids"]) == (
        "Big",
        "cloud / final_run_rental",
        ("made_up",),
    )


def test_no_pairs_and_no_records_are_empty_tables():
    assert training.anchored_pairs(runs_of()).empty
    assert "decline" in training.anchored_pairs(runs_of())
    assert training.speedrun_declines(speedruns_of()).empty


def speedruns_of(*rows):
    """Rows of (series, record, date, gpu, hours, is_record)."""
    frame = pd.DataFrame(
        rows, columns=["series", "record", "date", "gpu", "gpu_hours", "is_record"]
    )
    return frame.astype({"is_record": bool}).assign(
        date=pd.to_datetime(frame["date"]), source_id="made_up"
    )


def test_speed_records_keep_one_chip_only():
    found = training.speedrun_declines(
        speedruns_of(
            ("small", 0, "2019-01-01", "old chip", 5000, True),
            ("small", 3, "2025-01-01", "chip", 1, True),
            ("small", 1, "2021-01-01", "chip", 16, True),
            ("small", 2, "2023-01-01", "chip", 3, True),
            ("small", 9, "2025-06-01", "chip", 0.1, False),  # not accepted as a record
            ("young", 1, "2024-01-01", "chip", 16, True),
            ("young", 2, "2024-12-30", "chip", 1, True),
        )
    )  # 364 days: under a year
    assert found["series"].to_list() == ["small"]
    row = found.iloc[0]
    assert (row["records"], row["first_hours"], row["last_hours"], row["years"]) == (3, 16, 1, 4)
    assert row["decline"] == pytest.approx(0.5)  # a sixteenth in four years


@settings(max_examples=20)
@given(st.permutations(range(4)))
def test_of_two_records_on_one_day_the_later_is_the_last(order):
    runs = speedruns_of(
        ("small", 1, "2021-01-01", "chip", 16, True),
        ("small", 2, "2021-01-01", "chip", 12, True),
        ("small", 3, "2025-01-01", "chip", 2, True),
        ("small", 4, "2025-01-01", "chip", 1, True),
    )
    found = training.speedrun_declines(runs.iloc[list(order)]).iloc[0]
    assert (found["first_hours"], found["last_hours"]) == (16, 1)


# -- DeepSeek -----------------------------------------------------------------------------------

FINAL, STAGE = "final_run_rental", "incremental_stage"


def amounts_of(*rows):
    """Rows of (model, amount, basis, kind)."""
    return pd.DataFrame(rows, columns=["model", "amount_usd", "basis", "figure_kind"]).assign(
        grade="B"
    )


BEFORE_STAGE = (
    ("DeepSeek-V3", 5.0e6, FINAL, "estimated"),
    ("DeepSeek-V3", 5.5e6, FINAL, "reported"),
    ("DeepSeek-R1", 7.0e6, FINAL, "estimated"),
    ("DeepSeek-V3", 1.0e6, FINAL, "claimed"),  # repeated in the press
    ("DeepSeek (company)", 1.6e9, "total_programme", "estimated"),
    ("DeepSeek-V3", 6.1e7, "hardware_value", "estimated"),
    ("DeepSeek-R1", 2.9e7, "press_error", "claimed"),
    ("MiniMax-M1 (not DeepSeek)", 5.3e5, STAGE, "reported"),
    ("DeepSeek (model not named)", 6.0e5, "unknown", "claimed"),
)
THE_STAGE = ("DeepSeek-R1", 3.0e5, STAGE, "reported")


def test_run_cost_before_the_stage_is_published():
    found = training.run_cost(amounts_of(*BEFORE_STAGE))
    # The developer's 5.5 million; others say 5 and 7 for the same scope: three figures.
    assert (found.value, found.low, found.high, found.level, found.n) == (
        5.5e6,
        5.0e6,
        7.0e6,
        None,
        3,
    )
    assert found.unit == "USD"


def test_run_cost_after_the_stage_is_published():
    found = training.run_cost(amounts_of(*BEFORE_STAGE, THE_STAGE))
    assert (found.value, found.low, found.high, found.n) == (5.8e6, 5.0e6, 7.0e6, 4)


def test_run_cost_lies_within_its_ends_without_other_figures():
    found = training.run_cost(amounts_of(BEFORE_STAGE[1], THE_STAGE))
    assert (found.value, found.low, found.high, found.n) == (5.8e6, 5.8e6, 5.8e6, 2)


def test_scope_figures_and_rent_of_the_run_are_choices():
    amounts = amounts_of(*BEFORE_STAGE, THE_STAGE)
    alone = training.run_cost(amounts, with_stage=False)
    assert (alone.value, alone.low, alone.high) == (5.5e6, 5.0e6, 5.5e6)  # R1 is another scope
    own = training.run_cost(amounts, others=False)
    assert (own.value, own.low, own.high, own.n) == (5.8e6, 5.8e6, 5.8e6, 2)
    dear = training.run_cost(amounts, rent=3)
    assert (dear.value, dear.high) == pytest.approx((8.7e6, 10.5e6))
    assert sorted(dear.draws) == pytest.approx([7.5e6, 8.7e6, 10.5e6])


def test_the_last_stage_alone_is_the_developer_s():
    found = training.last_stage(amounts_of(*BEFORE_STAGE, THE_STAGE), rent=1)
    assert (found.value, found.n, found.grade) == (1.5e5, 1, "B")
    assert not training.last_stage(amounts_of(*BEFORE_STAGE)).known


def test_without_the_developer_s_figure_there_is_no_run_cost():
    assert not training.run_cost(amounts_of()).known
    assert not training.run_cost(amounts_of(BEFORE_STAGE[0], THE_STAGE)).known


# -- comparable runs ----------------------------------------------------------------------------


def scores_of(**points):
    return pd.DataFrame(
        {
            "model": list(points),
            "score": [float(p) for p in points.values()],
            "benchmark": "GPQA-Diamond",
            "release_date": pd.Timestamp("2024-01-01"),
        }
    )


def compare(runs, scored, model="own", months=12, peers="close", margin=10):
    table = training.per_model(runs, scored, "GPQA-Diamond")
    return training.comparable_runs(table, months, peers, margin, model)


def test_comparable_runs_keep_to_window_and_margin():
    scored = scores_of(own=60, first=70, margin=50, below=49.9, above=70.1, early=60, sameday=55)
    runs = runs_of(
        ("own", "2024-12-26", 3, 6e6, FINAL),
        ("margin", "2024-06-01", 2, None, "none_published"),  # ten points lower still compares
        ("below", "2024-06-01", 2, None, "none_published"),
        ("above", "2024-06-01", 2, None, "none_published"),  # and no more than ten higher
        ("first", "2023-12-26", 2, None, "none_published"),  # twelve months to the day
        ("early", "2023-12-25", 2, None, "none_published"),
        ("late", "2024-12-27", 2, None, "none_published"),
        ("sameday", "2024-12-26", 2, None, "none_published"),
        ("unscored", "2024-06-01", 2, None, "none_published"),
    )
    found = compare(runs, scored)
    assert found["model"].to_list() == ["first", "margin", "sameday", "own"]
    assert found["compared"].to_list() == [False, False, False, True]
    assert compare(runs, scored, months=3)["model"].to_list() == ["sameday", "own"]
    assert compare(runs, scored, margin=5)["model"].to_list() == ["sameday", "own"]


def test_the_ten_largest_runs_of_the_window_are_peers_too():
    rows = [
        (f"m{i:02}", f"2024-06-{i + 1:02}", 10.0 + i, None, "none_published") for i in range(12)
    ]
    runs = runs_of(
        *rows,
        ("vast", "2023-01-01", 99, None, "none_published"),  # too early
        ("own", "2024-12-26", 3, 6e6, FINAL),
    )
    scored = scores_of(own=60, m00=60)
    assert compare(runs, scored)["model"].to_list() == ["m00", "own"]
    largest = [f"m{i:02}" for i in range(2, 12)]
    assert compare(runs, scored, peers="largest")["model"].to_list() == [*largest, "own"]
    assert compare(runs, scored, peers="either")["model"].to_list() == ["m00", *largest, "own"]


def test_an_unknown_model_or_score_compares_with_nothing():
    runs = runs_of(
        ("own", "2024-12-26", 3, 6e6, FINAL), ("peer", "2024-06-01", 2, None, "none_published")
    )
    for found in (
        compare(runs, scores_of(own=60, peer=60), "nobody"),
        compare(runs, scores_of(peer=60)),
        compare(runs, scores_of(own=60).assign(benchmark="MMLU")),
    ):
        assert found.empty and found["compared"].dtype == bool
        assert not training.ratio_to_comparable(found, "gpu_hours", 0.9).known


def test_a_model_of_several_rows_is_one_run_and_hours_of_one_kind_of_chip_are_its_rent():
    runs = runs_of(
        ("own", "2024-12-26", 3, 6e6, FINAL),
        ("own", "2024-12-26", 3, 5e6, FINAL),
        ("peer", "2024-06-01", 2, 90e6, "amortised_hw_energy"),
        ("old", "2024-07-01", 4, 90e6, "cloud"),
        figure_kind=["estimated", "reported", "estimated", "estimated"],
    ).assign(
        gpu_hours=[2.5e6, 3e6, 20e6, 30e6],
        hardware=["NVIDIA H800 SXM5", "NVIDIA H800 SXM5", "NVIDIA H100 SXM5 80GB", "NVIDIA A100"],
    )
    found = compare(runs, scores_of(own=60, peer=60, old=60)).set_index("model")
    assert list(found.index) == ["peer", "old", "own"]
    assert found["rental_usd"].to_dict() == pytest.approx(
        {"peer": 40e6, "old": np.nan, "own": 6e6}, nan_ok=True
    )


def peers(*values, own=2.0):
    compared = [False] * len(values) + [True]
    return pd.DataFrame({"gpu_hours": [*values, own], "compared": compared, "grade": "B"})


def test_ratio_to_comparable_by_hand():
    # Geometric mean of 1, 4, 16 is 4; logs are 0, L, 2L with L = ln 4: deviation L, standard error L / sqrt 3.
    found = training.ratio_to_comparable(peers(1, 4, 16, np.nan), "gpu_hours", 0.9)
    half = T2 * np.log(4) / 3**0.5
    assert found.value == pytest.approx(2 / 4)
    assert (found.low, found.high) == pytest.approx(
        (0.5 * np.exp(-half), 0.5 * np.exp(half)), rel=1e-5
    )
    assert (found.n, found.unit, found.level) == (3, "ratio", 0.9)
    assert "GPU-hours" in str(found.method)


def test_two_comparable_runs_are_a_spread_and_one_is_nothing():
    found = training.ratio_to_comparable(peers(1, 4, np.nan), "gpu_hours", 0.9)
    assert (found.low, found.high, found.level, found.n) == (0.5, 2, None, 2)
    assert not training.ratio_to_comparable(peers(1, np.nan), "gpu_hours", 0.9).known
    assert not training.ratio_to_comparable(peers(1, 4, 16, own=np.nan), "gpu_hours", 0.9).known


def test_a_ratio_to_the_median_and_without_any_one_run():
    found = training.ratio_to_comparable(peers(1, 2, 64), "gpu_hours", 0.9, "median")
    assert found.value == pytest.approx(1)
    # Geometric means without one of them: sqrt(128), sqrt(64), sqrt(2).
    low, high = training.leave_one_out(peers(1, 2, 64), "gpu_hours")
    assert (low, high) == pytest.approx((2 / 128**0.5, 2 / 2**0.5))
    assert np.isnan(training.leave_one_out(peers(1), "gpu_hours")).all()


def test_equal_runs_give_a_ratio_without_width():
    found = training.ratio_to_comparable(peers(10, 10, 10, own=1), "gpu_hours", 0.9)
    assert (found.value, found.low, found.high) == pytest.approx((0.1, 0.1, 0.1))


@settings(max_examples=30)
@given(
    st.lists(st.floats(0.01, 1e6), min_size=3, max_size=8),
    st.floats(0.01, 100),
    st.floats(0.01, 100),
)
def test_a_ratio_does_not_know_its_unit(values, own, factor):
    one = training.ratio_to_comparable(peers(*values, own=own), "gpu_hours", 0.9)
    two = training.ratio_to_comparable(
        peers(*(factor * v for v in values), own=factor * own), "gpu_hours", 0.9
    )
    assert (one.value, one.low, one.high) == pytest.approx((two.value, two.low, two.high), rel=1e-6)
    assert one.low <= one.value * (1 + 1e-9) and one.value <= one.high * (1 + 1e-9)
