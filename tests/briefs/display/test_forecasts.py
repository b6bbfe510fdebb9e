"""The record of forecasts: what is refused, what its record holds, and coverage in words."""

import json

import numpy as np
import pandas as pd
import pytest

from briefs.display import findings, forecasts, i18n
from briefs.display.records import DisplayError


@pytest.fixture
def given(sample):
    """What a notebook gives: the frames of the sample, NaN where nothing is known."""
    record = sample.FORECASTS
    frames = {name: pd.DataFrame(record[name]) for name in forecasts.FRAMES}
    numbers = ["came", "p_trend"]
    for frame in frames.values():
        for name in frame.columns.intersection(numbers):
            frame[name] = frame[name].astype(float)
    return {name: record[name] for name in ("id", "title", "lesson")} | frames


def test_the_record_is_plain_json_with_null_for_what_is_unknown(given, sample):
    given["misses"]["origin"] = pd.to_datetime(given["misses"]["origin"])
    record = findings.forecasts(**given).record()
    assert json.loads(json.dumps(record, allow_nan=False)) == sample.FORECASTS
    assert isinstance(record["scores"][0]["drawn"], bool)


def test_columns_that_are_none_of_the_record_stay_out(given):
    given["scores"] = given["scores"].assign(secret="a")
    assert "secret" not in findings.forecasts(**given).record()["scores"][0]


def test_a_horizon_without_any_forecast_is_left_out(given):
    scores = given["scores"]
    given["scores"] = pd.concat([scores, scores.assign(horizon_months=99, n=0, coverage=np.nan)])
    record = findings.forecasts(**given).record()
    assert len(record["scores"]) == len(scores)
    assert {row["horizon_months"] for row in record["scores"]} == set(scores["horizon_months"])


@pytest.mark.parametrize("part", ["title", "lesson"])
def test_words_are_needed(given, part):
    with pytest.raises(DisplayError, match=rf"^forecasts 'prices' has no {part}$"):
        findings.forecasts(**given | {part: ""})


def test_a_column_that_lacks_is_named_with_its_frame(given):
    given["scores"] = given["scores"].drop(columns=["coverage", "n"])
    with pytest.raises(DisplayError, match=r"^forecasts 'prices' has no coverage, n in scores$"):
        findings.forecasts(**given)


def test_frames_without_rows_and_no_projections_are_allowed(given):
    empty = {name: pd.DataFrame() for name in ("scores", "misses", "published")}
    record = findings.forecasts(**given | empty | {"now": None}).record()
    assert [record[name] for name in forecasts.FRAMES] == [[], [], [], []]


def test_coverage_is_that_of_held_out_dates_by_horizon(sample):
    assert forecasts.headings() == ["Months", "80% range held", "90% range held", "Forecasts"]
    assert forecasts.coverage(sample.FORECASTS["scores"]) == [
        ["3", "82% (72% to 87%)", "91% (81% to 96%)", "80"],
        ["12", "70% (60% to 75%)", "85% (75% to 90%)", "20"],
    ]


def test_without_held_out_dates_all_are_shown_and_a_level_may_lack(sample):
    scores = [row for row in sample.FORECASTS["scores"] if row["part"] == "fit"]
    assert forecasts.coverage(scores) == [["3", "60% (50% to 65%)", i18n.UNKNOWN, "200"]]


def test_a_span_of_equal_shares_is_one():
    assert forecasts.span([0.803, 0.797]) == "80%"
    assert forecasts.span([0.9, 0.7, 0.8]) == "70% to 90%"


def test_a_share_without_an_interval_stands_alone():
    assert forecasts.share({"coverage": 0.5, "low": None, "high": None}) == "50%"
