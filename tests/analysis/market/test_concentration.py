"""Concentration of the stock market: numbers worked by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.market import concentration as market

CLAIM = pd.Timestamp("2025-01-28")


# -- the index -------------------------------------------------------------------------------------


def snapshots_of(*rows):
    frame = pd.DataFrame(rows, columns=["date", "fund", "top10"])
    return frame.assign(
        date=pd.to_datetime(frame["date"]),
        top1=0.07,
        source_id="made_up",
        grade="B",
    )


def figures_of(*rows):
    columns = ["measure", "universe", "series", "date", "year", "value", "source_id"]
    return pd.DataFrame(rows, columns=columns).astype({"value": float}).assign(grade="B")


NO_FIGURES = figures_of()


def rolled(date, value, measure="top10"):
    return (
        measure,
        "S&P 500",
        "rolled from somewhere",
        date,
        int(date[:4]),
        value,
        "computed_roll",
    )


def test_funds_of_one_day_are_averaged_and_rolled_days_fill_in():
    path = market.index_path(
        snapshots_of(("2025-01-10", "SPY", 0.30), ("2025-01-10", "IVV", 0.32)),
        figures_of(rolled("2025-01-05", 0.35), rolled("2025-01-05", 0.06, "top1")),
    )
    assert path["top10"].tolist() == pytest.approx([0.35, 0.31])
    assert path["top1"].tolist() == pytest.approx([0.06, 0.07])
    assert path["error"].iloc[0] > path["error"].iloc[1]  # prices roll a weight away from the truth


def test_since_the_claim_agrees_with_a_test_of_two_means():
    then, now = (0.40, 0.42, 0.41), (0.44, 0.45)
    days = [*(f"2025-01-0{i}" for i in (2, 3, 6)), *(f"2026-01-0{i}" for i in (5, 6))]
    path = market.index_path(
        snapshots_of(*((day, "SPY", v) for day, v in zip(days, then + now, strict=True))),
        NO_FIGURES,
    ).assign(error=0.0)
    found = market.since_claim(path, CLAIM, 0.9)
    tested = stats.ttest_ind(np.log(now), np.log(then)).confidence_interval(0.9)
    assert found.value == pytest.approx(np.exp(np.log(now).mean() - np.log(then).mean()))
    assert (found.low, found.high) == pytest.approx(tuple(np.exp(tested)))
    assert found.n == 5


def test_rolled_weights_widen_the_interval():
    before = [("2025-01-02", "SPY", 0.4), ("2025-01-03", "SPY", 0.41)]
    told = market.index_path(snapshots_of(*before, ("2026-01-01", "SPY", 0.4)), NO_FIGURES)
    guessed = market.index_path(snapshots_of(*before), figures_of(rolled("2026-01-01", 0.4)))
    first, second = (market.since_claim(path, CLAIM, 0.9) for path in (told, guessed))
    assert second.low < first.low and first.high < second.high


def test_too_soon_after_the_claim_there_is_no_answer():
    for dates in (
        ("2025-01-02", "2025-03-01"),
        ("2024-01-02", "2026-01-02"),
    ):  # no days after; none in its month
        path = market.index_path(snapshots_of(*((d, "SPY", 0.4) for d in dates)), NO_FIGURES)
        assert not market.since_claim(path, CLAIM, 0.9).known
    nothing = market.index_path(snapshots_of(), NO_FIGURES)
    assert not market.since_claim(nothing, CLAIM, 0.9).known


# -- against the 1930s -----------------------------------------------------------------------------


def ten(series, year, value, source="made_up"):
    return ("top10", "US market", series, str(year), year, value, source)


NO_PATH = market.index_path(snapshots_of(), NO_FIGURES)


def test_the_ratio_to_the_1930s_is_taken_within_a_source():
    one = [ten("X", 1930, 0.2), ten("X", 1940, 0.25), ten("X", 1950, 0.9), ten("X", 2024, 0.4)]
    two = [ten("Y", 1935, 0.4), ten("Y", 2010, 0.9), ten("Y", 2023, 0.3), ten("Z", 2024, 0.9)]
    found = market.top_ten_ratio(figures_of(*one, *two), NO_PATH)
    assert found.value == pytest.approx((0.4 / 0.25 + 0.3 / 0.4) / 2, rel=0.02)
    assert found.low == pytest.approx(0.295 / 0.405)
    assert found.high == pytest.approx(0.405 / 0.245)
    assert found.n == 2
    # up to 1939 the first source's peak is lower; of the index there is none; the latest is another's
    assert market.top_ten_ratio(figures_of(*one), NO_PATH, 1939).value == pytest.approx(2)
    assert not market.top_ten_ratio(figures_of(*one, *two), NO_PATH, universe="index").known
    latest = market.top_ten_ratio(figures_of(*one, *two), NO_PATH, now="latest")
    assert latest.high == pytest.approx(0.905 / 0.245)


def test_a_source_that_likens_the_1930s_to_a_later_year_takes_that_year():
    series = next(iter(market.LIKE_THE_1930S))
    rows = [ten(series, 1963, 0.3), ten(series, 2023, 0.27)]
    assert market.top_ten_ratio(figures_of(*rows), NO_PATH).value == pytest.approx(0.9)


def test_the_speaker_s_ratio_needs_a_figure_for_both_times():
    now = ("top_over_p75", "US market", "G", "2024", 2024, 750, "made_up")
    then = ("top_over_p75", "US market", "G", "1932", 1932, 500, "made_up")
    assert not market.speakers_ratio(figures_of(now)).known
    assert market.speakers_ratio(figures_of(now, then)).value == pytest.approx(1.5)
    other = (*then[:2], "H", *then[3:])
    assert not market.speakers_ratio(figures_of(now, other)).known  # another source's


def deciles_of(*rows):
    frame = pd.DataFrame(rows, columns=["year", "peak_share", "decile_share"])
    return frame.assign(source_id="made_up", grade="B")


def test_the_largest_tenth_is_compared_by_its_bound_and_not_by_the_decile():
    deciles = deciles_of((1932, 0.75, 0.74), (1935, 0.70, 0.69), (2024, 0.90, 0.75))
    deciles["december_share"] = [0.72, 0.68, 0.87]
    found = market.tenth_ratio(deciles)
    assert (found.low, found.high) == pytest.approx((0.87 / 0.75, 0.90 / 0.75))
    assert not market.tenth_ratio(deciles.head(2)).known


def test_each_measure_is_shown_by_era_at_its_peak():
    figures = figures_of(
        ten("X", 1930, 0.2), ten("X", 1960, 0.28), ten("X", 1970, 0.26), ten("X", 2024, 0.38)
    )
    deciles = deciles_of(
        (1932, 0.75, 0.74), (1935, 0.70, 0.69), (2000, 0.85, 0.73), (2024, 0.87, 0.75)
    )
    table = market.by_measure(
        figures, deciles, market.index_path(snapshots_of(), NO_FIGURES)
    ).set_index("measure")
    assert table.loc["top10", ["1930s", "1960s and 1970s", "now"]].tolist() == [0.2, 0.28, 0.38]
    assert table.loc["top10", "ratio"] == pytest.approx(1.9)
    assert table.loc["tenth", ["1930s", "2000", "now"]].tolist() == [0.75, 0.85, 0.87]
    assert "top1" not in table.index  # one era at most


def test_sources_stand_in_the_order_of_their_years():
    years = {1930: "q", 1965: "b", 1975: "m", 2000: "z", 2024: "a"}
    figures = figures_of(
        *(("top1", "US market", "X", str(y), y, 0.05, source) for y, source in years.items())
    )
    table = market.by_measure(figures, deciles_of(), market.index_path(snapshots_of(), NO_FIGURES))
    assert table.set_index("measure").loc["top1", "sources"] == ("q", "b", "m", "z", "a")
