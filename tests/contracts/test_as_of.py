"""What the science may know on a day: the real evidence, cut off, and what lies beyond the cut altered.

The tests hold for any later edition of the evidence, but for the figures named in
"what was known then", which are history.
"""

import csv
import dataclasses
import datetime as dt
import functools
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import overview
from analysis.cost import scenarios, training
from briefs.evidence import catalog
from briefs.values import Estimate, Verdict

DATA = Path(__file__).parents[2] / "data"
EARLY, LATE = dt.date(2025, 2, 1), dt.date(2025, 10, 15)
#: What a brief says of a later day: a projection, and dates that a law had announced by then.
AHEAD = {
    "future",
    "projection",
    "projected",
    "bill",
    "bills",
    "dates",
    "obligations",
    "calendar",
    "due",
}


def science(as_of, root=DATA, n_boot=100):
    """Every table and estimate that the three briefs take from their summaries, by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRIEFS_DATA", str(root))
        found = overview.summaries(as_of, 0.9, n_boot, 1)
        return {
            f"{type(theme).__module__.split('.')[1]}.{name}": getattr(theme, name)
            for theme in found
            for name, member in vars(type(theme)).items()
            if isinstance(member, functools.cached_property | property)
        }


def plain(value):
    """JSON of whatever a summary holds, so that unknown equals unknown and every digit counts."""
    if isinstance(value, Estimate):
        return [value.to_json(), plain(value.draws)]
    if isinstance(value, Verdict):
        return [value.verdict, value.cause, plain(value.readings), list(map(str, value.reason))]
    if isinstance(value, pd.DataFrame):
        return [list(map(str, value.columns)), [[repr(c) for c in r] for r in value.to_numpy()]]
    if isinstance(value, pd.Series | np.ndarray):
        return [repr(cell) for cell in np.asarray(value).ravel()]
    if isinstance(value, dict):
        return {str(name): plain(cell) for name, cell in value.items()}
    if isinstance(value, list | tuple):
        return [plain(cell) for cell in value]
    if dataclasses.is_dataclass(value):
        return [plain(getattr(value, field.name)) for field in dataclasses.fields(value)]
    return repr(value)


@pytest.fixture(scope="module")
def then():
    return science(EARLY)


@pytest.fixture(scope="module")
def today():
    return science(catalog.evidence_date())


def known_by(text, day):
    """Whether something published at `text`, perhaps a month or a year only, was out by `day` (no month's last)."""
    whole = day.isoformat()
    return text <= whole if len(text) == 10 else bool(text) and text < whole[: len(text)]


def altered(folder, day, drop=False):
    """Copy of the evidence whose rows published after `day` have other numbers, or are gone."""
    shutil.copytree(DATA, folder)
    resources = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    scored = set()
    for resource in resources:
        file = folder / resource["path"]
        if resource["name"] == "sources":
            continue
        with open(file, encoding="utf-8", newline="") as lines:
            rows = [change(row, resource, day) for row in csv.DictReader(lines)]
        linked = resource["name"] == "instruments"  # events of a law point to it
        kept = [row for known, row in rows if known or linked or not drop] or [rows[0][1]]
        if resource["name"] == "capability":
            scored = {row["model"] for row in kept if not row["withdrawn"]}
        for row in kept:  # a run must not point to a score that is gone
            if "capability_model" in row and row["capability_model"] not in scored:
                row["capability_model"] = ""
        with open(file, "w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, list(rows[0][1]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(kept)
    catalog.accept(root=folder)
    return folder


def change(row, resource, day):
    """(known by `day`, row): unknown ones with every number multiplied, each column by its own factor."""
    if known_by(row["published"], day):
        # An end announced for later is not known yet either: take it away.
        return True, row | {c: "" for c in resource["asOf"]["blank"] if row[c] > day.isoformat()}
    numbers = [f for f in resource["schema"]["fields"] if f["type"] == "number" and row[f["name"]]]
    return False, row | {
        f["name"]: str(other(float(row[f["name"]]), factor, f.get("constraints", {})))
        for factor, f in enumerate(numbers, start=7)
    }


def other(number, factor, constraints):
    """A number that its column allows: shares and returns, which have limits, shrink."""
    limited = "maximum" in constraints or constraints.get("minimum", 0) < 0
    return number / factor if limited else number * factor


# -- nothing later enters -----------------------------------------------------------------------


def dates_of(found):
    """(name, column, latest date) of every column of dates in the tables found, projections apart."""
    frames = {
        name: value.reset_index()
        for name, value in found.items()
        if isinstance(value, pd.DataFrame) and name.partition(".")[2] not in AHEAD
    }
    return [
        (name, column, frame[column].max())
        for name, frame in frames.items()
        for column in frame
        if pd.api.types.is_datetime64_any_dtype(frame[column])
    ]


def test_no_date_in_any_table_is_later(then):
    dates = dates_of(then)
    assert len({name for name, _column, _day in dates}) >= 10
    assert [found for found in dates if found[2] > pd.Timestamp(EARLY)] == []


def test_the_check_of_dates_can_fail(today):
    assert any(day > pd.Timestamp(EARLY) for _name, _column, day in dates_of(today))


def test_every_source_named_had_a_row_by_then(then):
    columns = [
        (table, key["fields"][0])
        for table in catalog.tables()
        for key in catalog.describe(table)["schema"].get("foreignKeys", ())
        if key["reference"]["resource"] == "sources"
    ]
    known = {
        source for table, c in columns for source in catalog.load(table, EARLY)[c].dropna().unique()
    }
    frames = [f for f in then.values() if isinstance(f, pd.DataFrame) and "source_id" in f]
    assert len(frames) > 5
    assert {source for frame in frames for source in frame["source_id"].dropna()} <= known


# -- what was known then: history, from the files themselves ------------------------------------


def raw(table):
    with open(DATA / catalog.describe(table)["path"], encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if not row["withdrawn"]]


@pytest.mark.parametrize(
    ("day", "usd"),
    [
        ((2025, 2, 1), 5_576_000),  # the base model's final run alone
        ((2025, 9, 16), 5_576_000),
        ((2025, 9, 17), 5_870_000),  # the reasoning stage, 294,000, is published
    ],
)
def test_the_reasoning_stage_counts_from_the_day_it_was_published(day, usd):
    assert training.run_cost(catalog.load("deepseek-claims", dt.date(*day))).value == usd


def test_no_amount_that_came_later_is_known():
    later = [
        row["claim_id"] for row in raw("deepseek-claims") if not known_by(row["published"], EARLY)
    ]
    assert {"r1_stage", "article_600k"} <= set(later)
    assert not set(catalog.load("deepseek-claims", EARLY)["claim_id"]) & set(later)


@pytest.mark.parametrize(("day", "rate"), [((2025, 1, 1), 4.5577), ((2025, 2, 1), 4.5747)])
def test_the_exchange_rate_is_that_of_the_last_year_that_was_out(day, rate):
    """The average of 2024 came out at the end of January 2025."""
    rates = catalog.load("exchange-rates", dt.date(*day))
    assert scenarios.in_currency(pd.Series([1.0]), rates, "MYR")[1] == rate


def test_a_chip_counts_from_the_day_its_price_was_seen():
    def chips(*day):
        return set(training.priced_chips(catalog.load("hardware", dt.date(*day)))["chip"])

    assert chips(2025, 2, 21) - chips(2025, 2, 20) == {"NVIDIA H800 SXM5"}


def test_nobody_could_tell_a_week_and_a_half_after(then):
    found = then["cost.cost_5"]
    assert (found.verdict, found.cause) == ("unresolved", "no data")
    assert {reading.outcome for reading in found.readings} == {"untested"}


def test_a_score_of_epoch_s_own_counts_from_the_day_of_its_run():
    runs = catalog.load("capability")
    runs = runs[runs["published_basis"] == "run"]
    assert (runs["published"] > runs["release_date"]).mean() > 0.5
    assert len(catalog.load("capability", EARLY).query("published_basis == 'run'")) < len(runs) / 2


def test_a_model_is_sold_until_the_day_that_was_known():
    ends = catalog.load("model-end-dates", EARLY)
    assert ends["end_date"].dropna().le(pd.Timestamp(EARLY)).all()
    assert len(ends) < len(catalog.load("model-end-dates"))


def test_a_leaderboard_read_in_december_2025_was_not_known():
    listed = {row["model"] for row in raw("capability") if row["source_id"] == "lmarena_catalog"}
    assert listed and "lmarena_catalog" not in set(catalog.load("capability", EARLY)["source_id"])


# -- what is published later can't be told from what is not there -------------------------------


@pytest.mark.parametrize(
    ("day", "drop"),
    [
        pytest.param(EARLY, False, id="early-other"),
        pytest.param(EARLY, True, id="early-gone", marks=pytest.mark.slow),
        pytest.param(LATE, False, id="late-other", marks=pytest.mark.slow),
        pytest.param(LATE, True, id="late-gone", marks=pytest.mark.slow),
    ],
)
def test_what_is_published_later_changes_nothing(tmp_path, then, day, drop):
    root = altered(tmp_path / "data", day, drop)
    assert catalog.check(root=root) == []
    expected = then if day == EARLY else science(day)
    found = science(day, root)
    assert list(found) == list(expected)
    assert [n for n, value in expected.items() if plain(found[n]) != plain(value)] == []


def test_what_is_published_later_changes_what_is_said_later(tmp_path, today):
    found = science(catalog.evidence_date(), altered(tmp_path / "data", EARLY))
    verdicts = [name for name, value in today.items() if isinstance(value, Verdict)]
    assert len(verdicts) == 18
    same = {name for name in verdicts if plain(found[name]) == plain(today[name])}
    # runs before DeepSeek's, one day's returns, directions (no numbers to change), and no data at all
    assert same == {
        "cost.cost_2",
        "market.market_1",
        "regulation.regulation_1",
        "regulation.regulation_2",
    }


def test_the_same_day_twice_gives_the_same_bytes(then):
    again = science(EARLY)
    assert {name: plain(value) for name, value in again.items()} == {
        name: plain(value) for name, value in then.items()
    }


# -- what the evidence is worth ------------------------------------------------------------------


def test_nothing_is_settled_on_the_worst_sources_alone(today):
    readings = [r for v in today.values() if isinstance(v, Verdict) for r in v.readings]
    settled = [r for r in readings if r.outcome not in ("unresolved", "untested")]
    assert len(settled) > 10 and "D" not in {r.estimate.grade for r in settled}
    assert all(r.cause for r in readings if r not in settled)


def test_at_most_six_readings_are_untested(today):
    readings = [r for v in today.values() if isinstance(v, Verdict) for r in v.readings]
    assert [r.id for r in readings if r.outcome == "untested"][6:] == []


def test_no_claim_repeated_in_the_press_enters_the_run_cost():
    amounts = catalog.load("deepseek-claims")
    assert (amounts["figure_kind"] == "claimed").sum() > 3
    own = training.run_cost(amounts[amounts["figure_kind"] != "claimed"])
    assert plain(training.run_cost(amounts)) == plain(own)
