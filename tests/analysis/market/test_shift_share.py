"""Shift-share: bounds and intervals by hand, and what must hold for any growth."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from analysis.market import cloud, shift_share

CLAIM = pd.Timestamp("2025-01-28")
SPENT = {"PaaS": 25.0, "IaaS": 25.0, "SaaS": 50.0}


def basis(joint=0.2, growth=(0.1, 0.1), gap=0.0, part=(0.4, 0.6), sizes=(10.0, 10.0)):
    before = np.array(sizes)
    pair = np.array([before, before * (1 + np.array(growth))])
    return shift_share.Basis(2024, 2025, SPENT, joint, 0.0, pair, gap, part, ("B",))


def change(found, layer, **choices):
    return shift_share.share_change(shift_share.grown(found, 200, 1, **choices), layer, 0.9)


def test_a_change_of_share_by_hand():
    # software 50 -> 55, the other two together 50 -> 60: software falls from 50% to 55/115
    found = change(basis(), "SaaS")
    assert found.value == pytest.approx(100 * (55 / 115 - 0.5))
    assert (found.low, found.high) == pytest.approx((found.value, found.value))
    assert found.level == 0.9 and found.n == 2 and found.grade == "B"


def test_bounds_give_none_or_all_of_the_joint_growth_to_either():
    found = change(basis(), "PaaS")
    assert (found.low, found.high) == pytest.approx(
        (100 * (25 / 115 - 0.25), 100 * (35 / 115 - 0.25))
    )
    assert found.level is None and found.bounded  # nothing says where between them
    narrower = change(basis(), "PaaS", split="published")
    assert (narrower.low, narrower.high) == pytest.approx(
        (100 * (29 / 115 - 0.25), 100 * (31 / 115 - 0.25))
    )


def test_growth_is_a_year_s():
    two_years = shift_share.Basis(
        2023, 2025, SPENT, 0.21, 0.0, basis(growth=(0.44, 0.44)).software, 0.0, (0, 1), ("B",)
    )
    found = shift_share.layer_growth(shift_share.grown(two_years, 50, 1), "SaaS", 0.9)
    assert found.value == pytest.approx(0.2)
    bounds = shift_share.layer_growth(shift_share.grown(two_years, 50, 1), "IaaS", 0.9)
    assert (bounds.low, bounds.high) == pytest.approx((0, 1.42**0.5 - 1))


def test_software_takes_on_none_to_all_of_the_gap():
    wide = basis(gap=0.1)
    values = {
        how: shift_share.layer_growth(shift_share.grown(wide, 2000, 1, software=how), "SaaS", 0.9)
        for how in shift_share.SOFTWARE_GAP
    }
    assert values["companies"].value == pytest.approx(0.1)
    assert values["corrected"].value == pytest.approx(0.2)
    assert values["between"].value == pytest.approx(0.15)
    assert values["between"].low == pytest.approx(0.105, abs=0.003)
    assert values["between"].high == pytest.approx(0.195, abs=0.003)


@settings(max_examples=40)
@given(st.floats(-0.5, 2), st.floats(-0.5, 2), st.floats(0, 1))
def test_changes_of_shares_add_to_nothing(joint, software, part):
    found = shift_share.grown(basis(joint, (software, software)), 2, 1)
    growth = found.layers(part)
    now = {x: SPENT[x] * (1 + growth[x][0]) for x in cloud.LAYERS}
    assert now["PaaS"] + now["IaaS"] == pytest.approx(50 * (1 + joint))
    assert sum(now.values()) == pytest.approx(50 * (1 + joint) + 50 * (1 + software))


@pytest.mark.parametrize("sizes", [(5.0, 5.0), (30.0, 30.0)])
def test_companies_must_cover_between_a_third_and_all_of_software(sizes):
    assert shift_share.grown(basis(sizes=sizes), 50, 1) is None
    assert not change(basis(sizes=sizes), "SaaS").known


def company(ticker, layer, frequency, *rows):
    frame = pd.DataFrame(rows, columns=["period_end", "revenue_usd_m"])
    return frame.assign(
        period_end=pd.to_datetime(frame["period_end"]),
        ticker=ticker,
        segment="Total",
        layer=layer,
        frequency=frequency,
        grade="B",
    )


def edition(source, published, status, *rows):
    return pd.DataFrame(
        [
            (source, published, pd.Timestamp(published), year, layer, status, amount, "B")
            for year, *amounts in rows
            for layer, amount in zip(cloud.LAYERS, amounts, strict=True)
        ],
        columns="source_id vintage published year segment status spending_usd_m grade".split(),
    )


def world():
    """Evidence of a made-up market: software companies grow by a tenth, their layer by a fifth."""
    ends = [f"{year}-12-31" for year in range(2022, 2026)]
    revenue = pd.concat(
        company(t, "saas", "year", *zip(ends, 20 * 1.1 ** np.arange(4), strict=True)) for t in "AB"
    )
    quarters = pd.DataFrame(
        {
            "quarter_end": pd.to_datetime(ends),
            "year_usd_bn": [100.0, 120.0, 150.0, 195.0],
            "grade": "A",
        }
    )
    spending = pd.concat(
        [
            edition("idc_x", "2024-06-19", "actual", (2022, 20, 20, 50), (2023, 25, 26, 60)),
            edition("gartner_x", "2024-11-20", "forecast", (2024, 30, 30, 80), (2025, 40, 35, 90)),
        ]
    )
    shares = cloud.layer_shares(spending)
    return shares, cloud.changes(shares), quarters, revenue


def test_what_is_known_is_gathered_from_the_tables():
    found = shift_share.basis_of(*world(), CLAIM)
    assert (found.first, found.last) == (2024, 2025)
    assert found.spent == {"IaaS": 30, "PaaS": 30, "SaaS": 80}
    assert found.joint == pytest.approx(0.3)
    # counted: 40 -> 51 together against 20% by the quarters; software 20% against companies' 10%
    assert found.joint_gap == pytest.approx(51 / 40 - 1.2)
    assert found.software_gap == pytest.approx(0.1)
    # platforms had 5 of 11 in the counted year, and are to have 10 of 15
    assert found.part == pytest.approx((5 / 11, 2 / 3))


@pytest.mark.parametrize("claim, weights", [("2023-05-01", "gartner"), ("2026-05-01", "gartner")])
def test_without_shares_of_the_year_or_growth_since_there_is_nothing_to_gather(claim, weights):
    assert shift_share.basis_of(*world(), pd.Timestamp(claim), weights) is None


def test_the_method_is_tried_on_the_counted_year_without_its_own_gaps():
    _shares, moves, quarters, revenue = world()
    found = shift_share.back_test(moves, quarters, revenue, 0.9, 200, 1).set_index("layer")
    told = found.loc["SaaS", "estimate"]
    assert told.value == pytest.approx(100 * (55 / (55 + 48) - 50 / 90))
    assert found.loc["SaaS", "counted"] == pytest.approx(100 * (60 / 111 - 50 / 90))
    assert not found.loc["SaaS", "held"] and found.loc["PaaS", "held"]
