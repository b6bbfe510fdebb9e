"""The tables that stand for bulk data: worked by hand, and written the same each time."""

import subprocess
import sys

import pandas as pd
import pytest

from analysis.market import derive as derive_market
from briefs.evidence import catalog


def test_a_daily_return_by_hand():
    prices = pd.DataFrame(
        [
            ("NVDA", "2024-01-02", 100.0),
            ("NVDA", "2024-01-03", 80.0),
            ("NVDA", "2024-01-04", 100.0),
            ("AMD", "2024-01-03", 50.0),
            ("AMD", "2024-01-04", 51.0),
            ("XYZ", "2024-01-04", 1.0),
            ("NVDA", "2027-01-04", 5.0),
        ],
        columns=["ticker", "date", "adj_close"],
    )
    found = derive_market.daily_returns(prices)
    assert found[["ticker", "date", "return"]].values.tolist() == [
        ["AMD", "2024-01-04", "0.020000"],
        ["NVDA", "2024-01-03", "-0.200000"],
        ["NVDA", "2024-01-04", "0.250000"],
    ]
    assert (found["published"] == found["date"]).all()


def test_a_snapshot_by_hand():
    weights = pd.DataFrame(
        {
            "ticker": ["GOOGL", "GOOG", "AAPL", "MSFT", "CASH"],
            "weight_percent": [30.0, 20.0, 25.0, 25.0, 0.0],
        }
    )
    found = derive_market.snapshot(weights)
    assert found["issuers"] == 3  # two classes of one issuer; nothing held is no issuer
    assert (found["top1"], found["top5"], found["hhi"]) == pytest.approx((0.5, 1.0, 0.375))
    assert found["effective_number"] == pytest.approx(1 / 0.375)
    assert found["top_over_p75"] == pytest.approx(0.5 / 0.375)


def test_weights_are_scaled_to_one():
    weights = pd.DataFrame({"ticker": ["A", "B"], "weight_percent": [60.0, 20.0]})
    assert derive_market.snapshot(weights)["top1"] == pytest.approx(0.75)


def test_a_year_shows_its_end_and_its_peak():
    tenth = "top10pct_firms_share_percent_lower_bound"
    monthly = pd.DataFrame(
        {
            "month": ["1932-07", "1932-12"],
            tenth: [75.3, 72.7],
            "firms_top_decile": [68, 68],
            "top_decile_share_percent": [75.31, 73.69],
            "firms_total": [680, 671],
        }
    )
    found = derive_market.yearly_deciles(monthly)
    assert found.iloc[0][
        ["year", "december_share", "peak_month", "peak_share", "decile_share", "firms"]
    ].tolist() == [1932, "0.72700", "1932-07", "0.75300", "0.73690", 671]


def downloads(folder):
    pd.DataFrame(
        [("SPY", f"2024-01-0{day}", 100.0 + day) for day in (2, 3, 4)],
        columns=["ticker", "date", "adj_close"],
    ).to_csv(folder / "event_prices.csv", index=False)
    pd.DataFrame(
        [
            ("2024-05-10", "SPY", t, "GH_X", w)
            for t, w in zip("ABCDEFGHIJK", range(11, 0, -1), strict=True)
        ],
        columns=["date", "fund", "ticker", "source_id", "weight_percent"],
    ).to_csv(folder / "sp500_weights.csv", index=False)
    pd.DataFrame(
        [("2024-12", 74.9, 180, 3613, 85.8)],
        columns=[
            "month",
            "top_decile_share_percent",
            "firms_top_decile",
            "firms_total",
            "top10pct_firms_share_percent_lower_bound",
        ],
    ).to_csv(folder / "size_decile_monthly.csv", index=False)


def test_the_command_writes_every_table_with_the_columns_of_the_package(tmp_path):
    downloads(tmp_path)
    (out := tmp_path / "out").mkdir()
    subprocess.run([sys.executable, "-m", "analysis.market.derive", tmp_path, out], check=True)
    written = {path.name: path.read_bytes() for path in out.iterdir()}
    assert set(written) == set(derive_market.DERIVED)
    for table in ("event-returns", "index-snapshots", "size-deciles"):
        resource = catalog.describe(table)
        head = written[resource["path"].rsplit("/")[-1]].splitlines()[0].decode()
        names = [field["name"] for field in resource["schema"]["fields"]]
        # the days on which a row is taken in and given up are written when it is
        assert [*head.split(","), "recorded", "withdrawn"] == names
    derive_market.main(tmp_path, out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == written


def test_without_a_folder_the_command_says_what_it_needs():
    done = subprocess.run(
        [sys.executable, "-m", "analysis.market.derive"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and "FOLDER" in done.stderr
