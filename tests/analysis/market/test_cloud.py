"""Cloud layers: shares and changes by hand, and what must hold for any spending."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from analysis.market import cloud

CLAIM = pd.Timestamp("2025-01-28")


def edition(source, published, *rows):
    """Rows of (year, status, PaaS, IaaS, SaaS): one edition of the forecast."""
    frame = pd.DataFrame(
        [
            (year, status, layer, amount)
            for year, status, *amounts in rows
            for layer, amount in zip(cloud.LAYERS, amounts, strict=True)
        ],
        columns=["year", "status", "segment", "spending_usd_m"],
    )
    return frame.assign(
        source_id=source, vintage=published, published=pd.Timestamp(published), grade="B"
    )


TWO = pd.concat(
    [
        edition(
            "gartner_a",
            "2024-05-01",
            (2024, "forecast", 20, 30, 50),
            (2025, "forecast", 30, 40, 55),
        ),
        edition(
            "gartner_b",
            "2024-11-01",
            (2024, "forecast", 25, 25, 50),
            (2025, "forecast", 30, 30, 60),
        ),
    ]
)


def test_a_share_change_by_hand():
    moves = cloud.changes(cloud.layer_shares(TWO)).set_index(["source_id", "layer"])
    assert moves.loc[("gartner_a", "PaaS"), "change"] == pytest.approx(
        100 * (30 / 125 - 0.2)
    )  # 4 points
    assert moves.loc[("gartner_a", "SaaS"), "change"] == pytest.approx(-6)
    assert moves.loc[("gartner_b", "PaaS"), "change"] == pytest.approx(0)
    assert moves.loc[("gartner_a", "IaaS"), "growth"] == pytest.approx(1 / 3)


amounts = st.tuples(*[st.floats(1, 1e6)] * 3)


@settings(max_examples=50)
@given(amounts, amounts, st.floats(1e-3, 1e3))
def test_shares_sum_to_one_and_do_not_depend_on_the_unit(first, second, scale):
    spending = edition("a", "2024-05-01", (2024, "estimate", *first), (2025, "forecast", *second))
    shares = cloud.layer_shares(spending)
    np.testing.assert_allclose(shares.groupby("year")["share"].sum(), 1)
    scaled = cloud.layer_shares(spending.assign(spending_usd_m=spending["spending_usd_m"] * scale))
    np.testing.assert_allclose(scaled["share"], shares["share"], rtol=1e-9)
    np.testing.assert_allclose(cloud.changes(shares).groupby("year")["change"].sum(), 0, atol=1e-9)


def test_a_year_without_all_layers_has_no_shares():
    spending = edition("a", "2024-05-01", (2024, "forecast", 1, 1, 1)).head(2)
    assert cloud.layer_shares(spending).empty


def test_years_that_do_not_follow_one_another_give_no_change():
    spending = edition("a", "2024-05-01", (2022, "estimate", 1, 1, 1), (2024, "forecast", 1, 1, 2))
    assert cloud.changes(cloud.layer_shares(spending)).empty


def test_the_expected_change_is_the_spread_of_editions_before_the_claim():
    moves = cloud.changes(cloud.layer_shares(TWO))
    found = cloud.expected_change(moves, "PaaS", CLAIM)
    assert (found.value, found.low, found.high, found.n) == pytest.approx((2, 0, 4, 2))
    assert found.unit == "percentage points"
    assert not cloud.expected_change(
        moves, "PaaS", pd.Timestamp("2024-06-01")
    ).known  # of 2024: no change known
    late = edition(
        "gartner_c", "2025-06-01", (2024, "estimate", 1, 1, 1), (2025, "forecast", 2, 1, 1)
    )
    later = cloud.changes(cloud.layer_shares(pd.concat([TWO, late])))
    assert cloud.expected_change(later, "PaaS", CLAIM).n == 2


def test_parts_of_a_layer_under_other_names_add_up():
    spending = edition("idc", "2024-06-19", (2023, "actual", 20, 30, 40))
    part = spending.iloc[[2]].assign(
        segment="SaaS system infrastructure (IDC)", spending_usd_m=10.0
    )
    renamed = spending.replace({"segment": {"SaaS": "SaaS applications (IDC)"}})
    shares = cloud.layer_shares(pd.concat([renamed, part])).set_index("layer")["share"]
    assert shares.to_dict() == pytest.approx({"PaaS": 0.2, "IaaS": 0.3, "SaaS": 0.5})


def test_the_typical_size_of_revisions_by_hand():
    size = cloud.typical(pd.Series([3.0, -4.0]), "share")
    assert size.value == pytest.approx(np.sqrt((9 + 16) / 2))
    assert (size.low, size.high, size.n) == (3, 4, 2)
    assert not cloud.typical(pd.Series([3.0]), "share").known


def test_a_revision_is_the_last_edition_less_an_earlier_one():
    found = cloud.revisions(cloud.changes(cloud.layer_shares(TWO))).set_index("layer")
    assert found.loc["PaaS", "revision"] == pytest.approx(-4)
    assert set(found["source_id"]) == {"gartner_a"}


def test_forecast_growth_is_the_spread_of_editions():
    found = cloud.forecast_growth(cloud.changes(cloud.layer_shares(TWO)), "PaaS", 2025)
    assert (found.low, found.high) == pytest.approx((0.2, 0.5))


def results_of(ticker, layer, quarters, start="2024-03-31", segment="Total"):
    ends = pd.date_range(start, periods=len(quarters), freq="QE")
    return pd.DataFrame(
        {
            "ticker": ticker,
            "company": ticker,
            "segment": segment,
            "layer": layer,
            "period_end": ends,
            "revenue_usd_m": np.array(quarters, float),
            "frequency": "quarter",
            "source_id": "made_up",
        }
    )


def test_growth_of_a_company_by_hand():
    found = cloud.company_growth(
        results_of("A", "saas", [10, 10, 10, 10, 12, 12, 12, 14]), CLAIM
    ).iloc[0]
    assert (found["before"], found["last"], found["growth"]) == pytest.approx((40, 50, 0.25))


@pytest.mark.parametrize(
    "rows",
    [
        results_of("A", "saas", [10] * 7),  # not two years
        results_of("A", "saas", [10] * 8, "2023-03-31"),  # the last year began before the claim
        results_of("A", "saas", [10] * 9).drop(index=4),  # a quarter is missing
        results_of("A", "accelerators", [10] * 8),
    ],
)
def test_a_company_without_two_full_years_since_does_not_count(rows):
    assert cloud.company_growth(rows, CLAIM).empty


def test_a_year_is_the_company_s_own_or_the_sum_of_four_quarters():
    quarterly = results_of("A", "saas", [1, 2, 3, 4, 5])
    yearly = results_of("B", "saas", [7], "2025-01-31").assign(frequency="year")
    found = cloud.yearly(pd.concat([quarterly, yearly]))
    assert found.loc[2024, ["A", "B"]].tolist() == [10, 7]
    assert 2025 not in found.index  # one quarter of A alone
