"""A workload's bill, past and to come, worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from analysis.cost import prices as cost, scenarios
from briefs.values import Estimate

RATES = pd.DataFrame(
    {
        "year": [2024, 2022, 2023, 2024],
        "currency": ["MYR", "MYR", "MYR", "SGD"],
        "units_per_usd": [4.5, 4.4, 4.6, 1.3],
        "source_id": ["new", "old", "old", "old"],
    }
)
NONE = RATES.iloc[:0]

CLAIMED = (0.85, 0.90)


def path_of(*usd, start="2024-01-01"):
    return pd.DataFrame(
        {
            "month": pd.date_range(start, periods=len(usd), freq="MS"),
            "usd_per_mtok": [float(u) for u in usd],
            "provider": "Acme",
            "model": "ALPHA",
            "score": 50.0,
            "source_id": "made_up",
        }
    )


def bill_of(amount=100.0, last="2024-12-31"):
    return pd.DataFrame({"month": pd.to_datetime(["2024-01-01", last]), "bill": [999.0, amount]})


def decline(value=0.5, low=0.36, high=0.75):
    return Estimate(value, low, high, 0.9, 8, "share per year", "made up")


def at(projection, scenario, date):
    row = projection[
        (projection["scenario"] == scenario) & (projection["date"] == pd.Timestamp(date))
    ]
    return row["value"].iloc[0]


# -- currency -----------------------------------------------------------------------------------


def test_dollars_need_no_rate():
    amounts, rate = scenarios.in_currency(pd.Series([1.0, 2.0]), NONE, "USD")
    assert (amounts.to_list(), rate) == ([1, 2], 1)


def test_the_latest_published_rate_holds_for_every_amount():
    amounts, rate = scenarios.in_currency(pd.Series([1.0, 2.0]), RATES, "MYR")
    assert (amounts.to_list(), rate) == ([4.5, 9], 4.5)  # that of 2024, though it stands first
    assert scenarios.in_currency(pd.Series([1.0]), RATES[RATES["year"] < 2024], "MYR")[1] == 4.6


@pytest.mark.parametrize(("rates", "currency"), [(NONE, "MYR"), (RATES, "EUR")])
def test_a_currency_without_a_rate_is_an_error(rates, currency):
    with pytest.raises(ValueError, match=f"no exchange rate for {currency}"):
        scenarios.in_currency(pd.Series([1.0]), rates, currency)


# -- bills --------------------------------------------------------------------------------------


def test_monthly_bill_by_hand():
    # 30 million tokens at 2 and at 0.5 dollars a million: 60 and 15 dollars, 270 and 67.50 ringgit.
    bill = scenarios.monthly_bill(path_of(2, 0.5), 30, RATES, "USD")
    assert list(bill) == ["month", "bill", "provider", "model", "source_id", "rate_source"]
    assert bill["bill"].to_list() == [60, 15]
    assert scenarios.monthly_bill(path_of(2, 0.5), 30, RATES, "MYR")["bill"].to_list() == [
        270,
        67.5,
    ]


def test_nobody_to_buy_from_is_an_empty_bill(prices_of, scored_of):
    offered = cost.offers(
        prices_of(("Acme", "alpha", "2024-01-01", None, 2, 2)), scored_of(("alpha", 40)), 0.75
    )
    for currency in ("USD", "MYR"):
        path = scenarios.price_path(offered, "GPQA-Diamond", 99, pd.Timestamp("2024-06-30"))
        bill = scenarios.monthly_bill(path, 30, RATES, currency)
        assert bill.empty
        assert scenarios.project(bill, 2030, decline(), CLAIMED).empty


LATEST = pd.Timestamp("2024-06-30")


def in_ringgit(prices, scored, levels, as_of=LATEST):
    return scenarios.in_ringgit(
        cost.offers(prices, scored, 0.75), "GPQA-Diamond", levels, as_of, 10, RATES
    )


def test_a_bill_in_ringgit_when_a_level_was_first_sold_and_now(prices_of, scored_of):
    prices = prices_of(
        ("Acme", "alpha", "2022-12-01", "2024-03-01", 40, 40),
        ("Acme", "able", "2024-03-01", None, 5, 5),
        ("Beta", "bright", "2024-01-01", None, 2, 2),
    )
    scored = scored_of(("alpha", 40), ("able", 60), ("bright", 45))
    found = in_ringgit(prices, scored, (35, 50, 80))
    # A score of 35: 10 million tokens at 40 dollars and the 4.4 ringgit of 2022; now at 4.5 ringgit the first
    # seller asks 5 dollars, the cheapest 2, and the price of 2022 would come to 1800. Able sells 50 alone, and
    # nobody reaches 80.
    assert found.drop(columns=["month", "sources"]).to_dict("list") == {
        "threshold": [35, 50],
        "model": ["ALPHA", "ABLE"],
        "provider": ["Acme", "Acme"],
        "then": [pytest.approx(1760), 225],
        "same_model": ["ABLE", "ABLE"],
        "same": [225, 225],
        "now_model": ["BRIGHT", "ABLE"],
        "now": [90, 225],
        "rate_alone": [1800, 225],
        "rate": [4.5, 4.5],
    }
    assert found["month"].to_list() == list(pd.to_datetime(["2022-12-01", "2024-03-01"]))
    assert found["sources"][0] == ["made_up", "made_up", "made_up", "old"]
    assert found["sources"][1][3] == "new"


def test_a_first_seller_that_left_has_no_price_now(prices_of, scored_of):
    prices = prices_of(
        ("Acme", "alpha", "2023-12-01", "2024-03-01", 40, 40),
        ("Beta", "bright", "2024-02-01", None, 2, 2),
    )
    found = in_ringgit(prices, scored_of(("alpha", 40), ("bright", 45)), (35,))
    assert found[["same", "same_model"]].isna().all(axis=None) and found["now"].to_list() == [90]


def test_a_year_without_a_rate_takes_the_latest(prices_of, scored_of):
    prices = prices_of(("Acme", "alpha", "2025-02-01", None, 2, 2))
    found = in_ringgit(prices, scored_of(("alpha", 40)), (35,), pd.Timestamp("2025-06-30"))
    assert found["then"].to_list() == found["now"].to_list() == [90]


def test_a_level_that_nobody_sells_now_has_no_bill(prices_of, scored_of):
    prices = prices_of(
        ("Acme", "alpha", "2024-01-01", "2024-06-01", 2, 2),
        ("Beta", "bright", "2024-01-01", None, 2, 2),
    )
    found = in_ringgit(prices, scored_of(("alpha", 60), ("bright", 30)), (50, 90))
    assert found.empty and "rate_alone" in found


# -- projections --------------------------------------------------------------------------------


def test_four_years_of_each_scenario_by_hand():
    # 31 December 2024 to 2028 is 1,461 days: four years exactly.
    found = scenarios.project(bill_of(100), 2028, decline(), CLAIMED)
    assert list(dict.fromkeys(found["scenario"])) == ["trend", "claimed", "half", "flat"]
    end = {name: at(found, name, "2028-12-31") for name in scenarios.SCENARIOS}
    # Half is left each year: 100/16. Half the log rate is the square root of that, so 100/4.
    assert end["trend"] == pytest.approx(6.25) and end["half"] == pytest.approx(25)
    # 0.15 and 0.10 are left, in the middle sqrt(0.015): 100 * 0.015**2.
    assert end["claimed"] == pytest.approx(0.0225) and end["flat"] == 100


def test_one_year_of_each_scenario_by_hand():
    # 365 days are a quarter of a day short of a year: within 0.2% of the whole year's factor.
    found = scenarios.project(bill_of(100), 2025, decline(), CLAIMED)
    year = {name: at(found, name, "2025-12-31") for name in scenarios.SCENARIOS}
    assert year["trend"] == pytest.approx(50, rel=2e-3)
    assert year["half"] == pytest.approx(100 * 0.5**0.5, rel=2e-3)
    assert year["claimed"] == pytest.approx(100 * 0.015**0.5, rel=2e-3)
    assert year["flat"] == 100


def test_a_projection_starts_with_the_last_bill_and_goes_by_quarters():
    found = scenarios.project(bill_of(70, last="2025-02-01"), 2025, decline(), CLAIMED, ["trend"])
    assert found["date"].dt.strftime("%m-%d").to_list() == [
        "02-01",
        "03-31",
        "06-30",
        "09-30",
        "12-31",
    ]
    assert found["value"].iloc[0] == 70
    assert list(found) == ["scenario", "date", "value"]


def test_a_rise_goes_on_as_a_rise():
    found = scenarios.project(bill_of(100), 2028, decline(-0.1, -0.2, 0), CLAIMED, ["trend"])
    assert at(found, "trend", "2028-12-31") == pytest.approx(146.41)  # 1.1**4


def test_without_an_estimate_there_is_no_projection():
    found = scenarios.project(bill_of(), 2030, Estimate.missing("share per year", "thin"), CLAIMED)
    assert found.empty and list(found) == ["scenario", "date", "value"]


@pytest.mark.parametrize("horizon", [1900, 2024])
def test_a_horizon_that_is_past_is_an_error(horizon):
    with pytest.raises(
        ValueError, match=f"horizon {horizon} is before the last month of the bill, 2024-12-31"
    ):
        scenarios.project(bill_of(), horizon, decline(), CLAIMED)


def test_an_unknown_scenario_is_an_error_that_names_the_known():
    with pytest.raises(ValueError, match="'boom' is not one of trend, claimed, half, flat"):
        scenarios.project(bill_of(), 2030, decline(), CLAIMED, ["flat", "boom"])


def test_scenarios_come_from_any_iterable():
    found = scenarios.project(bill_of(), 2030, decline(), CLAIMED, iter(["flat", "half"]))
    assert list(dict.fromkeys(found["scenario"])) == ["flat", "half"]


@settings(max_examples=40)
@given(st.floats(-0.5, 0.99), st.floats(0.01, 1e6), st.integers(2025, 2040))
def test_no_change_keeps_the_bill_and_every_scenario_reaches_the_horizon(rate, amount, horizon):
    found = scenarios.project(bill_of(amount), horizon, decline(rate, rate, rate), CLAIMED)
    assert (found["value"] > 0).all()
    assert np.allclose(found.loc[found["scenario"] == "flat", "value"], amount)
    assert found["date"].max() == pd.Timestamp(horizon, 12, 31)


@settings(max_examples=20)
@given(st.floats(0.01, 1e3))
def test_a_projection_grows_with_the_workload(factor):
    one, many = (scenarios.project(bill_of(a), 2030, decline(), CLAIMED) for a in (10, 10 * factor))
    assert np.allclose(one["value"] * factor, many["value"])


# -- a floor, and a fan -------------------------------------------------------------------------


def listed(*rows):
    names = ["display_name", "price_kind", "input_usd_per_mtok", "output_usd_per_mtok"]
    return pd.DataFrame(rows, columns=names)


def test_the_cheapest_ever_is_by_the_blend_and_by_standard_prices():
    rows = listed(["A", "list", 0.1, 0.1], ["B", "list", 0.02, 0.3], ["C", "promo", 0.01, 0.01])
    # 0.75 * 0.02 + 0.25 * 0.3 is 0.09; all input, B is at 0.02
    found = scenarios.cheapest_ever(rows, 0.75)
    assert (found["display_name"], found["usd_per_mtok"]) == ("B", pytest.approx(0.09))
    assert scenarios.cheapest_ever(rows, 0.0)["display_name"] == "A"


def test_no_scenario_falls_below_the_floor():
    found = scenarios.project(bill_of(100), 2028, decline(), CLAIMED, ["trend", "flat"], floor=30)
    assert at(found, "trend", "2025-12-31") == pytest.approx(50, rel=1e-3)
    assert at(found, "trend", "2028-12-31") == 30 and at(found, "flat", "2028-12-31") == 100


def test_a_bill_below_the_floor_stays_where_it_is():
    found = scenarios.project(bill_of(20), 2028, decline(), CLAIMED, floor=30)
    assert (found["value"] == 20).all()


FAN = pd.DataFrame(
    {
        "series": "GPQA-Diamond 50",
        "made": pd.Timestamp("2024-12-31"),
        "target": pd.to_datetime(["2025-03-31"] * 3 + ["2025-06-30"] * 3),
        "horizon_months": [3] * 3 + [6] * 3,
        "quantile": [0.1, 0.5, 0.9] * 2,
        "value": [0.5, 0.9, 1.0, 0.2, 0.6, 1.0],
    }
)


def test_a_fan_of_bills_opens_from_the_last_bill():
    found = scenarios.fan_of_bills(FAN, bill_of(100), 100)
    assert found["date"].dt.strftime("%m").to_list() == ["12", "03", "06"]
    assert found[0.1].to_list() == [100, 50, 20] and found[0.5].to_list() == [100, 90, 60]


def test_scenarios_begin_where_the_fan_ends():
    fan = scenarios.fan_of_bills(FAN, bill_of(100), 100)
    found = scenarios.project(bill_of(100), 2026, decline(), CLAIMED, ["trend"], 0.0, fan)
    assert found["date"].min() == pd.Timestamp("2025-06-30")
    assert found["value"].iloc[0] == pytest.approx(100 * 0.5**0.5, rel=5e-3)


@pytest.mark.parametrize("fan, bill", [(FAN.iloc[:0], bill_of()), (FAN, bill_of().iloc[:0])])
def test_without_a_fan_or_a_bill_there_is_no_fan_of_bills(fan, bill):
    found = scenarios.fan_of_bills(fan, bill, 100)
    assert found.empty
    rest = scenarios.project(bill_of(), 2026, decline(), CLAIMED, fan=found)
    assert rest["date"].min() == pd.Timestamp("2024-12-31")
