"""The hindcast: scores by hand on made-up forecasts, and what must hold on the real evidence."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.cost import hindcast, prices, projections, published, vintages
from analysis.cost.hindcast import Forecasts
from briefs.evidence import catalog, forecasts

TABLES = ("model-prices", "model-end-dates", "capability")
CLAIMED = (0.75, 0.75)
UNIFORM = projections.PROBABILITIES


def made(changes, quantiles=UNIFORM, origin="2025-07-01", horizon=3, **columns):
    n = len(changes)
    origins = pd.date_range(origin, periods=n, freq="MS")
    rows = pd.DataFrame(
        {
            "vintage": range(n),
            "level": 0,
            "benchmark": "GPQA-Diamond",
            "threshold": 50.0,
            "horizon_months": horizon,
            "origin": origins,
            "target": origins + pd.DateOffset(months=horizon),
            "age": 1,
            "start": np.log(2.0),
            "trend": 0.5,
            "repeated": False,
            "change": np.array(changes, float),
        }
        | columns
    )
    return Forecasts(rows, np.tile(quantiles, (n, 1)))


def scored(forecasts, n_boot=200):
    return hindcast.scores(forecasts, CLAIMED, 0.9, n_boot, np.random.default_rng(0))


def row(table, part="test", horizon=3, nominal=0.8):
    chosen = (table["part"] == part) & (table["horizon_months"] == horizon)
    return table[chosen & (table["nominal"] == nominal)].iloc[0]


# -- scores by hand -----------------------------------------------------------------------------


def test_coverage_by_hand():
    # bands of 80% from 0.1 to 0.9, of 50% from 0.25 to 0.75: three and one of four lie in them
    table = scored(made([0.1, 0.5, 0.9, 0.95]))
    assert [row(table, nominal=n)["coverage"] for n in (0.5, 0.8, 0.9)] == [0.25, 0.75, 1]
    assert row(table)["n"] == row(table)["origins"] == 4


def test_the_pinball_loss_by_hand():
    # the quantile at 90% is 0.9: 0.9 * 0.1 for an outcome of 1, 0.1 * 0.4 for one of 0.5
    assert hindcast.pinball(made([1, 0.5]), 0.9) == pytest.approx([0.09, 0.04])
    # that at 10% is 0.1: 0.1 * 0.9 and 0.1 * 0.4; the mean of all four
    assert hindcast.pinballs(made([1, 0.5]))["test", 3] == pytest.approx(0.26 / 4)


def test_crps_and_skill_by_hand():
    # uniform between 0 and 1 against 1/2: 1/12; against no change 1/2, the mean step 0
    table = scored(made([0.5] * 4))
    assert row(table)["crps"] == pytest.approx(1 / 12, rel=0.01)
    assert row(table)["skill_flat"] == pytest.approx(1 - 2 / 12, abs=0.002)
    # a fall of 75% a year is log 4 / 4 in three months
    assert row(table)["skill_claimed"] == pytest.approx(
        1 - 1 / 12 / (0.5 + np.log(4) / 4), abs=0.002
    )


def test_a_number_as_a_forecast_has_its_error_as_crps():
    lost = hindcast.losses(made([0.7], quantiles=np.full(99, 0.2)), CLAIMED)
    assert lost["fan"][0] == pytest.approx(0.5) and lost["flat"][0] == pytest.approx(0.7)
    assert lost["trend"][0] == pytest.approx(0.2)


def test_a_forecast_as_bad_as_no_change_has_no_skill():
    still = scored(made([0.0] * 6, quantiles=np.zeros(99)))
    assert row(still)["skill_flat"] == 0 and not row(still)["drawn"]


def test_origins_before_the_split_are_those_fitted():
    table = scored(made([0.5] * 4, origin="2025-05-01"))
    assert [row(table, part)["n"] for part in ("fit", "test")] == [2, 2]


def test_a_level_that_says_nothing_new_and_what_has_not_come_are_not_scored():
    assert row(scored(made([0.5, np.nan, 0.5])))["n"] == 2
    assert row(scored(made([0.5] * 3, repeated=[True, False, False])))["n"] == 2
    assert row(scored(made([0.5] * 3, origin="2023-11-01")), "fit")["n"] == 1


#: Of twenty outcomes sixteen in the band of 80% and eighteen in that of 90%.
RIGHT = [0.5] * 16 + [0.93, 0.93, 0.99, 0.99]


@pytest.mark.parametrize(
    "changes, horizon, drawn",
    [
        (RIGHT, 3, True),
        (RIGHT, 18, True),
        ([0.5] * 20, 3, False),  # holds too much
        ([0.5] * 14 + [0.99] * 6, 3, False),  # too little
        (RIGHT[4:], 18, False),  # fewer dates than months ahead
    ],
)
def test_a_fan_is_drawn_by_the_rule(changes, horizon, drawn):
    table = scored(made(changes, horizon=horizon))
    assert table.loc[table["horizon_months"] == horizon, "drawn"].eq(drawn).all()
    assert not table.loc[table["horizon_months"] != horizon, "drawn"].any()


def test_a_fan_worse_than_no_change_is_not_drawn():
    shifted = np.linspace(-9, 0, 99)  # its band of 80% reaches from -8.2 to -0.8
    changes = [-0.85] * 16 + [-0.5] * 2 + [0.5] * 2
    table = scored(made(changes, quantiles=shifted))
    held = [row(table, nominal=n)["coverage"] for n in (0.8, 0.9)]
    assert held == [0.8, 0.9] and row(table)["skill_flat"] < 0 and not row(table)["drawn"]


def test_without_forecasts_there_is_a_row_for_each_horizon_and_none_is_drawn():
    table = scored(made([]))
    assert len(table) == 2 * 4 * 3 and not table["drawn"].any() and not table["n"].any()
    assert table["coverage"].isna().all() and hindcast.misses(made([])).empty


def test_the_worst_misses_by_hand():
    found = hindcast.misses(made([0.5, 2, 1.2, -3], threshold=[50.0, 50, 35, 80]))
    assert found["series"].to_list() == ["GPQA-Diamond 80", "GPQA-Diamond 50", "GPQA-Diamond 35"]
    worst = found.iloc[0]
    ends = worst[["low", "median", "high", "came"]].to_list()
    assert ends == pytest.approx(list(2 * np.exp([0.05, 0.5, 0.95, -3])))
    assert worst["target"] == pd.Timestamp("2026-01-01")


# -- the real evidence --------------------------------------------------------------------------


def evidence(day=None):
    return {table: catalog.load(table, day) for table in TABLES}


def forecast(tables, day):
    return hindcast.forecasts(vintages.history(tables, 0.75, pd.Timestamp(day)))


@pytest.fixture(scope="module")
def real():
    return forecast(evidence(), dt.date(2026, 3, 1))


def test_what_came_to_be_known_later_changes_no_earlier_forecast(real):
    day = dt.date(2025, 2, 1)
    then = forecast(evidence(day), day)
    before = real.where(real.rows["origin"] <= pd.Timestamp(day))
    columns = ["origin", "benchmark", "threshold", "horizon_months", "age", "start", "trend"]
    pd.testing.assert_frame_equal(then.rows[columns], before.rows[columns])
    np.testing.assert_array_equal(then.quantiles, before.quantiles)
    assert len(then.rows) > 100


def test_twice_the_prices_are_twice_the_forecasts(real):
    tables, day = evidence(), dt.date(2025, 2, 1)
    dear = tables["model-prices"].copy()
    dear[["input_usd_per_mtok", "output_usd_per_mtok"]] *= 2
    found = forecast(tables | {"model-prices": dear}, day)
    before = real.where(real.rows["origin"] <= pd.Timestamp(day))
    np.testing.assert_allclose(found.rows["start"], before.rows["start"] + np.log(2))
    np.testing.assert_allclose(found.quantiles, before.quantiles, atol=projections.WIDTH * 1.01)


def test_prices_that_are_all_the_same_give_no_width_and_no_skill():
    tables = evidence()
    same = tables["model-prices"].assign(input_usd_per_mtok=1.0, output_usd_per_mtok=1.0)
    found = forecast(tables | {"model-prices": same}, dt.date(2026, 3, 1))
    assert len(found.rows) > 100 and not found.quantiles.any()
    table = scored(found)
    seen = table[table["n"] > 0]
    assert (seen["coverage"] == 1).all() and (seen["skill_flat"] == 0).all()
    assert not table["drawn"].any()


def test_quantiles_never_cross_and_a_wider_band_holds_the_narrower(real):
    assert (np.diff(real.quantiles, axis=1) >= 0).all()
    (low, high), (lower, higher) = real.band(0.5), real.band(0.9)
    assert (lower <= low).all() and (low <= high).all() and (high <= higher).all()
    assert (lower < low).mean() > 0.5


def test_vintages_are_the_price_ladder_of_the_day():
    tables = evidence()
    found = vintages.history(tables, 0.75, pd.Timestamp("2026-06-01"))
    for i in range(6, found.n_vintages, 8):
        day = found.vintages[i]
        known = {name: table[table["published"] <= day] for name, table in tables.items()}
        listed = prices.on_sale(known["model-prices"], known["model-end-dates"])
        offered = prices.offers(listed, prices.scores(known["capability"]), 0.75)
        ladder = prices.price_ladder(offered, day)
        frontier = ladder.frontier(prices.CHEAPEST, whole=True)
        at = found.months.get_indexer(ladder.months)
        keys = list(found.levels.itertuples(index=False, name=None))
        rungs = ladder.rungs[["benchmark", "threshold"]].itertuples(index=False, name=None)
        places = [keys.index(rung) for rung in rungs]
        np.testing.assert_allclose(found.price[i][places][:, at], frontier)
        np.testing.assert_array_equal(found.followed[i][places][:, at], ladder.followed)
        new = np.isfinite(found.price[i]).any(axis=1) & ~found.repeated[i]
        assert set(np.flatnonzero(new)) == set(places)


def test_a_report_counts_from_its_day_when_only_dated_reports_count():
    rows = pd.DataFrame({"published_basis": ["run", "release", "stated"]})
    assert vintages.reported(rows)["published_basis"].to_list() == ["run", "stated"]


# -- editions -----------------------------------------------------------------------------------


def test_rows_of_an_edition_have_the_columns_and_quantiles_that_are_stored(real):
    made = published.latest(real, "GPQA-Diamond", [50.0])
    rows = published.rows(made, pd.Timestamp("2026-03-20"))
    assert list(rows.columns) == "series made target unit quantile value".split()
    assert rows["quantile"].to_list() == [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95] * 3
    assert set(rows["made"]) == {pd.Timestamp("2026-03-20")}
    targets = rows["target"].dt.strftime("%Y-%m").unique()
    assert targets.tolist() == ["2026-06", "2026-09", "2027-03"]  # 18 months aren't stored
    assert all(part["value"].is_monotonic_increasing for _, part in rows.groupby("target"))


def test_what_was_published_is_held_against_what_came(real):
    chosen = published.latest(real.where(real.rows["origin"] == "2025-01-01"), "GPQA-Diamond", [50])
    rows = published.rows(chosen, pd.Timestamp("2025-01-15")).assign(edition="first")
    found = published.published(rows, evidence(), 0.75, pd.Timestamp("2025-09-15"))
    assert found["target"].dt.strftime("%Y-%m").to_list() == ["2025-04", "2025-07", "2026-01"]
    outcome = np.exp(chosen.rows["start"] + chosen.rows["change"])
    assert found["came"].iloc[0] == pytest.approx(outcome.iloc[0])
    assert np.isnan(found["came"].iloc[2]) and found["inside"].iloc[2] is None
    first = found.iloc[0]
    assert first["inside"] == (first["low"] <= first["came"] <= first["high"])
    assert (found["level"] == 0.8).all() and (found["low"] <= found["median"]).all()


def test_nothing_published_is_an_empty_table():
    none = forecasts.load(pd.Timestamp("2000-01-01"))
    found = published.published(none, evidence(), 0.75, pd.Timestamp("2025-09-15"))
    assert found.empty and {"series", "came", "inside"} <= set(found.columns)
