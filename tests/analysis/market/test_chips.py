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
    return pd.DataFrame(rows, columns=columns).assign(verified=True)


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
    found = chips.share_spread(
        shares_of(share(0.8, "a"), share(0.7, "b", 0.65, 0.75), share(0.9, "b")), "training"
    )
    assert (found.value, found.low, found.high, found.n) == (pytest.approx(0.8), 0.65, 0.9, 2)
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
    assert not chips.share_spread(shares_of(*rows), "training").known


def test_bases_can_be_chosen():
    rows = shares_of(share(0.8, "a"), share(0.7, "b"), share(0.5, "c", basis="units"))
    assert chips.share_spread(rows, "training").low == 0.5
    assert chips.share_spread(rows, "training", bases=["revenue"]).low == 0.7


def test_figures_from_sources_not_seen_do_not_count():
    rows = shares_of(share(0.8, "a"), share(0.7, "b"))
    assert not chips.share_spread(rows.assign(verified=[True, False]), "training").known


def test_a_ratio_of_spreads_takes_every_pair_of_ends():
    found = chips.ratio_of(
        Estimate(0.6, 0.5, 0.8, None, 3, "share", ""), Estimate(0.8, 0.7, 0.9, None, 2, "share", "")
    )
    assert (found.value, found.low, found.high) == pytest.approx((0.75, 0.5 / 0.9, 0.8 / 0.7))
    assert found.n == 2
    assert not chips.ratio_of(found, Estimate.missing("share", "")).known


def revenue_of(*rows):
    frame = pd.DataFrame(rows, columns=["ticker", "segment", "period_end", "revenue_usd_m"])
    return frame.assign(
        period_end=pd.to_datetime(frame["period_end"]),
        company=frame["ticker"],
        frequency="quarter",
        layer="accelerators",
        source_id="made_up",
    )


THREE = [
    ("NVDA", "Data Center", "2025-04-27", 600.0),
    ("AMD", "Data Center", "2025-03-29", 300.0),
    ("AVGO", "AI semiconductors", "2025-05-04", 100.0),
]


def test_fiscal_quarters_fall_into_the_calendar_quarter_of_their_middle():
    found = chips.quarters(revenue_of(*THREE, ("NVDA", "Data Center", "2025-01-26", 1.0)))
    assert found["quarter"].dt.strftime("%Y-%m").tolist() == [
        "2024-10",
        "2025-01",
        "2025-01",
        "2025-01",
    ]


def test_a_bound_counts_only_where_nothing_is_disclosed():
    semis = "Semiconductor solutions"
    found = chips.quarters(
        revenue_of(
            *THREE,
            ("AVGO", semis, "2025-05-04", 900.0),
            ("AVGO", semis, "2025-08-03", 950.0),
            ("NVDA", "Total", "2025-04-27", 999.0),
        )
    )
    broadcom = found[found["ticker"] == "AVGO"]
    assert broadcom[["revenue_usd_m", "upper"]].values.tolist() == [[100.0, False], [950.0, True]]
    assert (found.loc[found["ticker"] == "NVDA", "revenue_usd_m"] == 600).all()


def test_vendor_concentration_by_hand():
    found = chips.vendor_concentration(chips.quarters(revenue_of(*THREE)), 0.2).iloc[0]
    assert found["estimate"].value == pytest.approx(0.36 + 0.09 + 0.01)
    assert found["estimate"].high == pytest.approx(0.46)
    assert found["estimate"].low == pytest.approx(
        0.46 * 0.8**2
    )  # a fifth of the whole is scattered
    assert found["estimate"].n == 3 and found["nvidia"] == pytest.approx(0.6)
    assert chips.vendor_concentration(chips.quarters(revenue_of(*THREE[:2])), 0.2).empty


def test_two_largest_by_hand():
    found = chips.two_largest(
        chips.quarters(revenue_of(*THREE, ("NVDA", "Data Center", "2025-07-27", 5.0)))
    )
    assert found["share"].tolist() == pytest.approx([2 / 3])
    assert chips.two_largest(chips.quarters(revenue_of())).empty


def test_the_custom_share_is_the_largest_published():
    rows = shares_of(
        share(0.2, "a", 0.15, 0.25, market="AI accelerator", vendor="Custom silicon"),
        share(0.22, "b", market="AI accelerator", vendor="Custom ASIC servers"),
    )
    assert chips.custom_share(rows) == 0.25
    assert chips.custom_share(shares_of()) == 0


def test_inference_growth_by_hand():
    part = {"market": "inference share of AI compute", "vendor": "All vendors"}
    published = shares_of(share(0.25, "a", year=2023, **part), share(0.5, "a", year=2025, **part))
    revenue = revenue_of(
        ("NVDA", "Data Center", "2023-06-30", 60.0),
        ("AMD", "Data Center", "2023-06-30", 40.0),
        ("NVDA", "Data Center", "2025-06-30", 200.0),
        ("AMD", "Data Center", "2025-06-30", 200.0),
    )
    found = chips.inference_growth(revenue, published)
    # turnover fourfold in two years; share doubled: eightfold; at worst halved: twofold
    assert (found.value, found.low, found.high) == pytest.approx(
        (8**0.5 - 1, 2**0.5 - 1, 8**0.5 - 1)
    )
    assert not chips.inference_growth(revenue, published.head(1)).known


def offerings_of(*rows):
    frame = pd.DataFrame(rows, columns=["vendor", "target", "announced", "available"])
    return chips.offered(
        frame.assign(
            announced=pd.to_datetime(frame["announced"]),
            chip="chip",
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
        ("F", "inference", None, "2025-06-01"),
    ]
    found = chips.focus(offerings_of(*rows), CLAIM, 0.9)
    assert found.value == pytest.approx((2.5 / 2.5) / (1.5 / 3.5))
    half = stats.norm.ppf(0.95) * np.sqrt(1 / 2.5 - 1 / 2.5 + 1 / 1.5 - 1 / 3.5)
    assert found.high / found.value == pytest.approx(np.exp(half))
    assert found.n == 5
    assert not chips.focus(offerings_of(*rows[:4]), CLAIM, 0.9).known
