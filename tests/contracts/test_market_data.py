"""The market evidence: coded as its descriptions say, and nothing passed on that may not be."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.market import derive as derive_market
from briefs.evidence import catalog

CREATED = pd.Timestamp(catalog.evidence_date())


def test_returns_are_of_the_studied_shares_and_days_alone():
    frame = catalog.load("event-returns")
    assert set(frame["ticker"]) == set(derive_market.TICKERS)
    assert frame["date"].min() == pd.Timestamp("2024-01-03") and frame[
        "date"
    ].max() == pd.Timestamp("2025-12-31")
    assert (frame["date"] == frame["published"]).all() and (
        frame["published_basis"] == "event"
    ).all()
    assert not set(frame) & {"close", "adj_close", "price"}  # prices are not ours to pass on


def test_the_fall_of_the_day_agrees_with_closing_prices_of_another_set():
    facts = catalog.load("event-facts").set_index("measure")["value"]
    returns = catalog.load("event-returns").set_index(["ticker", "date"])["return"]
    before, after = facts["nvda_close_2025_01_24"], facts["nvda_close_2025_01_27"]
    assert returns["NVDA", "2025-01-27"] == pytest.approx(after / before - 1, abs=1e-4)
    assert returns["SPY", "2025-01-27"] == pytest.approx(facts["sp500_return"], abs=1e-3)


def test_every_day_has_every_share_once_it_is_listed():
    wide = catalog.load("event-returns").pivot(index="date", columns="ticker", values="return")
    late = wide.columns[wide.isna().any()]
    assert list(late) == ["GEV"]
    assert wide.loc[wide["GEV"].first_valid_index() :].notna().all().all()


def test_snapshots_hold_together():
    frame = catalog.load("index-snapshots")
    assert (frame["top1"] < frame["top5"]).all() and (frame["top5"] < frame["top10"]).all()
    assert ((1 / frame["issuers"] <= frame["hhi"]) & (frame["hhi"] <= 1)).all()
    np.testing.assert_allclose(frame["effective_number"], 1 / frame["hhi"], rtol=1e-4)
    assert frame["issuers"].between(495, 505).all()


def test_deciles_peak_at_least_at_the_year_s_end():
    frame = catalog.load("size-deciles")
    assert (frame["peak_share"] >= frame["december_share"]).all()
    assert frame["year"].tolist() == list(range(1926, 2025))
    assert (frame["peak_month"].str[:4].astype(int) == frame["year"]).all()


def test_rolled_weights_are_near_the_disclosures_beside_them():
    figures = catalog.load("concentration-figures")
    rolled = figures[figures["series"].str.startswith("rolled") & (figures["measure"] == "top10")]
    told = catalog.load("index-snapshots").set_index("date")["top10"]["2026-04-10"]
    near = rolled.set_index("date")["value"]["2026-03-31"]
    assert abs(near - told) < 0.02
    assert (rolled["published_basis"] == "event").all()


def test_universes_are_two_and_no_row_mixes_them():
    frame = catalog.load("concentration-figures")
    assert set(frame["universe"]) == {"S&P 500", "US market"}
    shares = frame[~frame["measure"].isin(["effective_number", "top_over_p75"])]
    assert shares["value"].between(0, 1).all()


def test_percentiles_of_shipments_enclose_their_median():
    frame = catalog.load("chip-shipments")
    assert (frame["h100e_low"] <= frame["h100e"]).all()
    assert (frame["h100e"] <= frame["h100e_high"]).all()
    ends = frame["quarter_end"]
    assert (ends == ends + pd.offsets.QuarterEnd(0)).all()


def test_no_maker_trained_more_models_than_are_known():
    frame = catalog.load("training-hardware")
    assert (frame["models"] <= frame["with_known_hardware"]).all()
    assert (frame["with_known_hardware"] <= frame["all_models"]).all()
    by = frame.groupby(["population", "year"])[["with_known_hardware", "all_models"]].nunique()
    assert (by == 1).all().all()


def test_the_two_wordings_of_the_survey_do_not_overlap():
    frame = catalog.load("ai-use-by-size")
    ends = frame.groupby("wording")["period_start"].agg(["min", "max"])
    assert ends.loc["old", "max"] < ends.loc["new", "min"]
    assert (frame["published"] > frame["period_start"]).all()
    assert not frame.duplicated(["size", "period_start"]).any()
    assert (frame["standard_error"] < frame["share"] / 3).all()


def test_a_year_of_cloud_spending_is_about_four_of_its_quarters():
    frame = catalog.load("cloud-infrastructure").dropna(subset=["year_usd_bn", "spending_usd_bn"])
    ratio = frame["year_usd_bn"] / frame["spending_usd_bn"]
    assert len(frame) >= 8 and ratio.between(3.4, 4).all()


def test_the_counted_layers_are_the_total():
    frame = catalog.load("cloud-spending").query("source_id == 'idc_2024_06_table'")
    for _year, rows in frame.groupby("year"):
        amounts = rows.set_index("segment")["spending_usd_m"]
        assert amounts.drop("Total").sum() == pytest.approx(amounts["Total"], rel=1e-3)


@pytest.mark.parametrize("low, high", [("low", "share"), ("share", "high")])
def test_published_ranges_enclose_their_share(low, high):
    frame = catalog.load("accelerator-shares").dropna(subset=[low, high])
    assert (frame[low] <= frame[high]).all()


def test_forecasts_speak_of_years_not_over_when_they_came_out():
    frame = catalog.load("cloud-spending")
    assert (
        frame.loc[frame["status"] == "forecast", "year"]
        >= frame.loc[frame["status"] == "forecast", "published"].dt.year
    ).all()
    assert (
        frame.loc[frame["status"] == "actual", "year"]
        < frame.loc[frame["status"] == "actual", "published"].dt.year
    ).all()


def test_the_layers_are_no_more_than_the_total():
    frame = catalog.load("cloud-spending")
    wide = frame.pivot(index=["source_id", "year"], columns="segment", values="spending_usd_m")
    wide = wide.dropna(subset=["Total", "PaaS", "IaaS", "SaaS"])
    assert len(wide) > 10 and (wide[["PaaS", "IaaS", "SaaS"]].sum(axis=1) < wide["Total"]).all()


def test_company_results_are_known_only_after_their_period():
    frame = catalog.load("company-revenue")
    lag = frame["published"] - frame["period_end"]
    filed = frame["published_basis"] == "event"
    assert (lag[filed] == pd.Timedelta(days=60)).all()
    assert lag[~filed].between(pd.Timedelta(days=10), pd.Timedelta(days=150)).all()
    year_ago = catalog.load("company-revenue", dt.date(2025, 1, 31))
    assert year_ago["period_end"].max() <= pd.Timestamp("2024-12-02")


def test_years_of_a_company_are_the_sum_of_their_quarters():
    frame = catalog.load("company-revenue").query("ticker == 'NVDA' and segment == 'Data Center'")
    year = frame.query("fiscal_period == 'FY2026' and frequency == 'year'")["revenue_usd_m"].iloc[0]
    quarters = frame[frame["fiscal_period"].str.fullmatch(r"FY2026Q\d")]["revenue_usd_m"]
    assert len(quarters) == 4 and quarters.sum() == pytest.approx(year)


def test_planned_chips_are_not_yet_to_be_had():
    frame = catalog.load("inference-offerings", catalog.evidence_date())
    assert not (frame["available"] > CREATED).any()
    planned = frame.query("chip == 'AI250'").iloc[0]
    assert pd.isna(planned["available"]) and planned["announced"] == pd.Timestamp("2025-10-27")
    assert frame[["announced", "available"]].notna().any(axis=1).all()


def test_sources_without_a_date_count_only_from_the_day_of_collection():
    frame = catalog.load("accelerator-shares")
    undated = frame["published"].isna()
    assert undated.any()
    assert len(catalog.load("accelerator-shares", dt.date(2026, 11, 22))) == (~undated).sum()


def test_malaysia_s_figures_have_a_unit_that_fits():
    frame = catalog.load("malaysia-market")
    assert frame.loc[frame["unit"] == "share", "value"].between(-1, 1).all()
    assert (frame.loc[frame["unit"] == "RM million", "value"] > 1000).all()
