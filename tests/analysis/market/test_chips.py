"""Chips: spreads, quarters, bounds, entrants, by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.market import chips
from briefs.values import Estimate

CLAIM = pd.Timestamp("2025-01-28")


def shares_of(*rows):
    """Rows of (market, vendor, year, share, low, high, basis, kind, source)."""
    columns = [
        "market",
        "vendor",
        "year",
        "share",
        "low",
        "high",
        "basis",
        "figure_kind",
        "source_id",
    ]
    return pd.DataFrame(rows, columns=columns).assign(grade="C")


def share(
    value,
    source,
    low=np.nan,
    high=np.nan,
    *,
    market="training",
    basis="revenue",
    kind="estimate",
    year=2025,
    vendor="NVIDIA",
):
    return (market, vendor, year, value, low, high, basis, kind, source)


def test_a_spread_holds_the_sources_own_ranges():
    found = chips.published_share(
        shares_of(share(0.8, "a"), share(0.7, "b", 0.65, 0.75), share(0.9, "b")), "training"
    )
    assert (found.value, found.low, found.high, found.n) == (pytest.approx(0.75), 0.65, 0.9, 2)
    assert found.level is None


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [share(0.8, "a"), share(0.7, "a")],  # one source
        [share(0.8, "a"), share(0.7, "b", kind="forecast")],
        [share(0.8, "a"), share(0.7, "b", market="inference")],
        [share(0.8, "a"), share(0.7, "b", vendor="AMD")],
    ],
)
def test_without_two_sources_there_is_no_spread(rows):
    assert not chips.published_share(shares_of(*rows), "training").known


def test_bases_can_be_chosen():
    rows = shares_of(share(0.8, "a"), share(0.7, "b"), share(0.5, "c", basis="units"))
    assert chips.published_share(rows, "training").low == 0.5
    assert chips.published_share(rows, "training", bases=["revenue"]).low == 0.7


def test_a_ratio_of_published_shares_takes_every_pair():
    rows = shares_of(
        share(0.5, "a", market="inference"), share(0.8, "b", market="inference"), share(0.8, "a")
    )
    found = chips.published_ratio(rows)
    assert (found.low, found.high, found.n) == pytest.approx((0.625, 1.0, 2))
    assert not chips.published_ratio(rows.head(2)).known


def revenue_of(*rows):
    frame = pd.DataFrame(rows, columns=["ticker", "segment", "period_end", "revenue_usd_m"])
    return frame.assign(
        period_end=pd.to_datetime(frame["period_end"]),
        company=frame["ticker"],
        frequency="quarter",
        layer="accelerators",
        source_id="made_up",
        grade="B",
    )


THREE = [
    ("NVDA", "Data Center", "2025-04-27", 600.0),
    ("AMD", "Data Center", "2025-03-29", 300.0),
    ("AVGO", "AI semiconductors", "2025-05-04", 100.0),
]


def years_of(ticker, segment, *amounts):
    """Revenue of calendar years from 2023, a row of a company's own year each."""
    ends = [f"{2023 + i}-12-31" for i in range(len(amounts))]
    rows = revenue_of(*((ticker, segment, end, a) for end, a in zip(ends, amounts, strict=True)))
    return rows.assign(frequency="year")


PART = {"market": chips.INFERENCE_PART, "vendor": "All vendors"}
REVENUE = pd.concat(
    [years_of("NVDA", "Data Center", 60.0, 100, 200), years_of("AMD", "Data Center", 40.0, 50, 200)]
)


def test_inference_growth_by_hand():
    parts = shares_of(
        share(0.25, "a", year=2023, **PART),
        share(0.4, "b", year=2025, **PART),
        share(0.5, "c", year=2025, **PART),
    )
    found = chips.inference_growth(REVENUE, parts, ["NVDA", "AMD"])
    # turnover fourfold in two years; the part 1.6 or 2 times
    assert (found.low, found.high) == pytest.approx((6.4**0.5 - 1, 8**0.5 - 1))
    assert found.n == 3 and found.level is None and found.grade == "C"
    assert not chips.inference_growth(REVENUE, parts.head(1), ["NVDA", "AMD"]).known
    assert not chips.inference_growth(REVENUE, parts).known  # nothing of the third vendor


def test_one_buyer_s_part_and_a_forecast_do_not_count():
    parts = shares_of(
        share(0.25, "a", year=2023, **PART),
        share(0.9, "b", year=2025, **PART | {"vendor": "OpenAI"}),
        share(0.9, "c", year=2025, kind="forecast", **PART),
    )
    assert chips.inference_parts(parts)["share"].tolist() == [0.25]


def test_the_turning_point_is_where_growth_would_be_a_tenth():
    revenue = pd.concat([REVENUE, years_of("AVGO", "AI semiconductors", 0.0, 0, 0)])
    parts = shares_of(share(0.25, "a", year=2023, **PART), share(0.5, "b", year=2025, **PART))
    found = chips.turning_point(revenue, parts)
    assert found.value == pytest.approx(1.21 * 0.25 * 100 / 400)


def hardware_of(*rows):
    frame = pd.DataFrame(rows, columns="year vendor models with_known_hardware".split())
    return frame.assign(population="notable", published=pd.Timestamp("2026-07-23"), grade="B")


HARDWARE = hardware_of(
    (2023, "NVIDIA", 1, 10),
    (2024, "NVIDIA", 30, 40),
    (2024, "Google TPU", 12, 40),  # two were trained on both
    (2025, "NVIDIA", 15, 20),
    (2025, "Google TPU", 5, 20),
    (2026, "NVIDIA", 5, 5),  # not over
)


def test_training_share_by_hand():
    found = chips.trained_share(HARDWARE, 2, 0.9)
    assert (found.value, found.n, found.grade) == (pytest.approx(45 / 60), 60, "B")
    assert chips.trained_share(HARDWARE, 1, 0.9).value == pytest.approx(0.75)
    mentions = chips.trained_share(HARDWARE, 2, 0.9, joint="mentions")
    assert (mentions.value, mentions.n) == (pytest.approx(45 / 62), 62)
    assert not chips.trained_share(HARDWARE, 2, 0.9, "frontier").known
    assert not chips.trained_share(HARDWARE.head(0), 2, 0.9).known


def shipments_of(*rows):
    frame = pd.DataFrame(rows, columns="vendor quarter_end h100e".split())
    return frame.assign(
        quarter_end=pd.to_datetime(frame["quarter_end"]),
        h100e_low=frame["h100e"] * 0.8,
        h100e_high=frame["h100e"] * 1.25,
        grade="A",
    )


ENDS = ("03-31", "06-30", "09-30", "12-31")


def test_shipped_share_is_of_the_latest_year_that_every_maker_has_whole():
    year = [(v, f"2025-{e}", p) for v, p in (("NVIDIA", 3.0), ("AMD", 1.0)) for e in ENDS]
    part = [("NVIDIA", "2026-03-31", 99.0)]
    found = chips.shipped_share(shipments_of(*year, *part), 0.9, 500, 1)
    assert found.value == pytest.approx(0.75) and found.n == 2 and found.grade == "A"
    assert found.low < 0.75 < found.high
    assert found.low > 3 * 0.8 / (3 * 0.8 + 1.25)  # both at their worst at once is rarer
    assert not chips.shipped_share(shipments_of(*part), 0.9, 100, 1).known


def test_competition_by_hand():
    # all chips 0.7, training 0.8, half is inference: 0.6 in inference, three quarters of training's
    whole, training = (
        Estimate(v, v, v, 0.9, 4, "share", "", np.array([v]), "A") for v in (0.7, 0.8)
    )
    parts = shares_of(share(0.5, "a", **PART), share(0.5, "b", **PART))
    found = chips.competition(whole, training, parts, 0.9, 1)
    assert (found.value, found.low, found.high) == pytest.approx((0.75, 0.75, 0.75))
    assert not chips.competition(whole, training, parts.head(1), 0.9, 1).known
    assert not chips.competition(whole, Estimate.missing("share", ""), parts, 0.9, 1).known


def test_a_split_that_cannot_be_is_no_answer():
    # if nearly all chips are for training, a share of all that differs much from training's has no solution
    whole, training = (
        Estimate(v, v, v, 0.9, 4, "share", "", np.array([v]), "A") for v in (0.3, 0.8)
    )
    parts = shares_of(share(0.05, "a", **PART), share(0.1, "b", **PART))
    assert not chips.competition(whole, training, parts, 0.9, 1).known


def offerings_of(*rows):
    frame = pd.DataFrame(rows, columns=["vendor", "target", "announced", "available"])
    return chips.offered(
        frame.assign(
            announced=pd.to_datetime(frame["announced"]),
            chip="chip",
            target_basis="stated",
            grade="B",
            source_id="made_up",
            available=pd.to_datetime(frame["available"]),
        )
    )


def test_a_chip_counts_from_when_it_could_be_had():
    found = offerings_of(
        ("A", "both", "2024-01-01", "2024-06-01"), ("B", "both", "2024-02-01", None)
    )
    assert found[["vendor", "since"]].values.tolist() == [
        ["B", pd.Timestamp("2024-02-01")],
        ["A", pd.Timestamp("2024-06-01")],
    ]


def test_an_entrant_counts_once_with_its_first_chip_for_the_target():
    found = offerings_of(
        ("A", "training", None, "2020-01-01"),
        ("A", "inference", None, "2021-01-01"),
        ("B", "both", None, "2020-06-01"),
        ("A", "inference", None, "2022-01-01"),
    )
    assert chips.entrants(found, ["inference", "both"])[["vendor", "vendors"]].values.tolist() == [
        ["B", 1],
        ["A", 2],
    ]
    assert chips.entrants(found, ["inference"])["since"].tolist() == [pd.Timestamp("2021-01-01")]


def test_focus_by_hand():
    rows = [
        ("A", "inference", None, "2024-01-01"),
        ("B", "both", None, "2024-01-01"),
        ("C", "both", None, "2024-01-01"),
        ("D", "both", None, "2022-01-01"),  # too early to count
        ("E", "inference", None, "2025-06-01"),
        ("F", "both", None, "2025-06-01"),
    ]
    chosen = offerings_of(*rows)
    found = chips.focus(chosen, CLAIM, 2, 0.9, 1)
    assert found.value == pytest.approx((1 / 2) / (1 / 3)) and found.n == 5
    after, before = stats.beta(1.5, 1.5), stats.beta(1.5, 2.5)
    draws = after.rvs(200_000, random_state=1) / before.rvs(200_000, random_state=2)
    assert found.low == pytest.approx(np.quantile(draws, 0.05), rel=0.1)
    assert found.high == pytest.approx(np.quantile(draws, 0.95), rel=0.1)
    assert not chips.focus(offerings_of(*rows[:4]), CLAIM, 2, 0.9, 1).known  # none after
    assert not chips.focus(offerings_of(*rows[1:]), CLAIM, 2, 0.9, 1).known  # nothing to divide by
    none = chips.focus(offerings_of(*rows[:4], rows[5]), CLAIM, 2, 0.9, 1)
    assert none.value == none.low == 0 < none.high  # the ends hold the value
    judged = chosen.assign(target_basis="judgement")
    assert not chips.focus(judged, CLAIM, 2, 0.9, 1, "stated").known
