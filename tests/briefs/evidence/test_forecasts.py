"""Projections of editions: read strictly, added and never changed."""

import datetime as dt

import pandas as pd
import pytest

from briefs.evidence import forecasts
from briefs.evidence.catalog import EvidenceError

HEAD = "edition,report,series,made,target,unit,quantile,value\n"


def row(quantile=0.5, value=1.0, **changes):
    return {
        "report": "cycling",
        "series": "riders, all posts",
        "made": "2026-01-31",
        "target": "2026-07-31",
        "unit": "riders",
        "quantile": quantile,
        "value": value,
        **changes,
    }


ROWS = [row(0.05, 800.0), row(0.5, 1000.0), row(0.95, 1300.5)]


def test_without_files_there_are_no_rows(tmp_path):
    found = forecasts.load(root=tmp_path)
    assert found.empty and list(found.columns) == list(forecasts.COLUMNS)
    assert found["made"].dtype.kind == "M" and found["value"].dtype == float


def test_what_is_stored_is_read_again(tmp_path):
    assert forecasts.store("2026-01", ROWS, root=tmp_path) == [
        "forecasts/2026-01.csv: 3 rows (0 before)"
    ]
    found = forecasts.load(root=tmp_path)
    assert found["value"].tolist() == [800.0, 1000.0, 1300.5]
    assert found["edition"].unique().tolist() == ["2026-01"]
    assert found["target"].unique().tolist() == [pd.Timestamp("2026-07-31")]


def test_storing_the_same_again_changes_nothing(tmp_path):
    forecasts.store("2026-01", ROWS, root=tmp_path)
    path = tmp_path / "forecasts/2026-01.csv"
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert forecasts.store("2026-01", ROWS[::-1], root=tmp_path) == []
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_more_may_be_added_but_nothing_changed(tmp_path):
    forecasts.store("2026-01", ROWS, root=tmp_path)
    later = [row(q, v, series="riders, one post") for q, v in ((0.1, 5.0), (0.9, 9.0))]
    forecasts.store("2026-01", later, root=tmp_path)
    assert len(forecasts.load(root=tmp_path)) == 5
    kept = (tmp_path / "forecasts/2026-01.csv").read_bytes()
    for changed in (row(0.5, 1001.0), row(0.5, 1000.0, unit="bicycles")):
        with pytest.raises(EvidenceError, match="is stored as 1000 riders for"):
            forecasts.store("2026-01", [changed], root=tmp_path)
    assert (tmp_path / "forecasts/2026-01.csv").read_bytes() == kept


def test_the_last_digits_of_a_processor_make_no_other_value(tmp_path):
    forecasts.store("2026-01", [row(0.5, 1 / 3)], root=tmp_path)
    assert forecasts.store("2026-01", [row(0.5, 1 / 3 + 1e-15)], root=tmp_path) == []


def test_what_would_break_the_contract_is_not_written(tmp_path):
    with pytest.raises(
        EvidenceError, match="line 3, column value: '2' is less than that of a lower"
    ):
        forecasts.store("2026-01", [row(0.05, 3.0), row(0.5, 2.0)], root=tmp_path)
    assert not (tmp_path / "forecasts").exists()


def test_what_is_made_on_a_day_is_not_known_to_a_report_of_that_day(tmp_path):
    forecasts.store("2026-01", ROWS, root=tmp_path)
    assert forecasts.load(dt.date(2026, 1, 31), root=tmp_path).empty
    assert len(forecasts.load(dt.date(2026, 2, 1), root=tmp_path)) == 3


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("2026-01,r,s,2026-01-31,2026-07-31,u,0.5,x", "line 2, column value: 'x' must be a number"),
        ("2026-01,r,s,2026-01-31,2026-07-31,u,0.5,", "line 2, column value: must not be empty"),
        (
            "2026-01,r,s,31/1/2026,2026-07-31,u,0.5,1",
            "line 2, column made: '31/1/2026' must be a date",
        ),
        (
            "2026-01,r,s,2026-01-31,2026-07-31,u,0.4,1",
            "line 2, column quantile: '0.4' must be one of",
        ),
        ("2026-02,r,s,2026-01-31,2026-07-31,u,0.5,1", "column edition: '2026-02' must be 2026-01"),
        ("2026-01,r,s,2026-01-31,2026-01-31,u,0.5,1", "column target: .* must be after the day"),
        ("2026-01,r,s,2026-01-31", "line 2: .* has 4 cells where the header has 8"),
        (
            "2026-01,r,s,2026-01-31,2026-07-31,u,0.5,1\n2026-01,r,s,2026-01-31,2026-07-31,u,0.5,1",
            "line 3, column report, series, made, target, quantile: .* repeats the key of line 2",
        ),
        (
            "2026-01,r,s,2026-01-31,2026-07-31,u,0.9,1\n2026-01,r,s,2026-01-31,2026-07-31,u,0.5,2",
            "line 2, column value: '1' is less than that of a lower quantile",
        ),
    ],
)
def test_a_breach_names_file_line_and_column(tmp_path, line, message):
    folder = tmp_path / "forecasts"
    folder.mkdir()
    (folder / "2026-01.csv").write_text(f"{HEAD}{line}\n")
    with pytest.raises(EvidenceError, match=message) as caught:
        forecasts.load(root=tmp_path)
    assert str(caught.value).startswith("forecasts/2026-01.csv")


def test_an_unknown_column_and_a_strange_name_are_refused(tmp_path):
    folder = tmp_path / "forecasts"
    folder.mkdir()
    (folder / "2026-01.csv").write_text(f"{HEAD.strip()},why\n")
    with pytest.raises(EvidenceError, match="column why: is no column"):
        forecasts.load(root=tmp_path)
    (folder / "2026-01.csv").rename(folder / "spring.csv")
    (folder / "spring.csv").write_text(f"{HEAD}spring,r,s,2026-01-31,2026-07-31,u,0.5,1\n")
    with pytest.raises(EvidenceError, match="must have the name of an edition"):
        forecasts.load(root=tmp_path)


def test_what_is_missing_or_differs_is_said(tmp_path):
    assert len(forecasts.missing("2026-01", ROWS, root=tmp_path)) == 1
    forecasts.store("2026-01", ROWS[:2], root=tmp_path)
    (said,) = forecasts.missing("2026-01", ROWS, root=tmp_path)
    assert "1 of 3 published projections" in said and "0.95" in said
    forecasts.store("2026-01", ROWS, root=tmp_path)
    assert forecasts.missing("2026-01", ROWS, root=tmp_path) == []
