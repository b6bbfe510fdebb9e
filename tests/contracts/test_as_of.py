"""What the science may know on a day: the real evidence, cut off, and what lies beyond the cut altered.

The tests hold for any later edition of the evidence, but for the figures named in
"what was known then", which are history.
"""

import csv
import datetime as dt
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import params
from analysis.cost import levels as price_levels, prices as cost, scenarios, summary, training
from analysis.cost.arrival import placebo_share
from briefs.evidence import catalog

DATA = Path(__file__).parents[2] / "data"
TABLES = summary.TABLES
EARLY, LATE = dt.date(2025, 2, 1), dt.date(2025, 10, 15)
HEADLINES = (
    "decline",
    "hedonic",
    "others",
    "fixed_capability",
    "growth",
    "run_cost",
    "compute_ratio",
    "rate_ratio",
    "gap",
)


def evidence(as_of, root=DATA):
    return {table: catalog.load(table, as_of, root=root) for table in TABLES}


def science(tables, as_of, n_boot=100):
    """Every table and estimate of the notebook, by the same calls."""
    p = params.CostRevolution.parse({"as_of": as_of, "n_boot": n_boot, "seed": 1})
    found = summary.Summary(p, tables)
    path = price_levels.price_path(found.offered, "GPQA-Diamond", 50, p.as_of)
    bill = path.assign(bill=path["usd_per_mtok"])
    thresholds = (35, 50, 65)
    ladder = found.market.ladder
    return {
        "scored": found.scored,
        "offered": found.offered,
        "coverage": cost.coverage_end(found.offered).to_frame("last"),
        "rungs": ladder.rungs,
        "frontier": pd.DataFrame(found.market.frontier.T, index=ladder.months),
        "declines": found.declines,
        "decline": found.decline,
        "by_age": found.by_age,
        "by_year": found.by_year,
        "hedonic": found.hedonic,
        "others": found.others,
        **{f"rate_{name}": estimate for name, estimate in found.change.items()},
        "gap": found.gap[0],
        "placebo": found.other_dates,
        "placebo_share": placebo_share(found.other_dates),
        "changes": price_levels.price_changes(found.offered, "GPQA-Diamond", thresholds, p.as_of),
        "chips": found.chips,
        "frontier_runs": found.frontier,
        "parts": found.parts,
        "fixed_capability": found.fixed,
        "growth": found.growth,
        "pairs": training.anchored_pairs(tables["training-runs"]),
        "peers": found.peers,
        "speedruns": training.speedrun_declines(tables["training-speedruns"]),
        "run_cost": found.run_cost,
        "last_stage": found.last_stage,
        "compute_ratio": found.compute_ratio,
        "cost_ratio": found.cost_ratio,
        "path": path,
        "bill": scenarios.monthly_bill(path, 100, tables["exchange-rates"], "MYR"),
        "future": scenarios.project(bill, 2030, found.decline, (0.85, 0.9)),
        "bills": scenarios.bills_by_level(
            found.offered, "GPQA-Diamond", thresholds, p.as_of, 100, tables["exchange-rates"]
        ),
        "verdicts": found,
    }


def plain(value):
    """JSON of a table or an estimate, so that unknown equals unknown and every digit counts."""
    if isinstance(value, pd.DataFrame):
        return [plain(value.reset_index().to_dict("list"))]
    if isinstance(value, dict):
        return {str(name): [plain(cell) for cell in cells] for name, cells in value.items()}
    if hasattr(value, "to_json"):
        return value.to_json()
    if isinstance(value, summary.Summary):
        return [(verdict.verdict, verdict.cause) for verdict in value.verdicts]
    return repr(value)


@pytest.fixture(scope="module")
def then():
    return science(evidence(EARLY), EARLY)


@pytest.fixture(scope="module")
def today():
    return science(evidence(None), catalog.evidence_date())


def known_by(text, day):
    """Whether something published at `text`, perhaps a month or a year only, was out by `day` (no month's last)."""
    whole = day.isoformat()
    return text <= whole if len(text) == 10 else bool(text) and text < whole[: len(text)]


def altered(folder, day, drop=False):
    """Copy of the evidence whose rows published after `day` have other numbers, or are gone."""
    shutil.copytree(DATA, folder)
    scored = set()
    for resource in json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))[
        "resources"
    ]:
        if resource["name"] not in TABLES:
            continue
        file = folder / resource["path"]
        with open(file, encoding="utf-8", newline="") as lines:
            rows = [change(row, resource, day) for row in csv.DictReader(lines)]
        assert {known for known, _row in rows} == {True, False}
        kept = [row for known, row in rows if known or not drop]
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
        f["name"]: str(min(factor * float(row[f["name"]]), f["constraints"].get("maximum", np.inf)))
        for factor, f in enumerate(numbers, start=7)
    }


# -- nothing later enters -----------------------------------------------------------------------


def dates_of(found):
    """(name, column, latest date) of every column of dates in the tables found, projections apart."""
    frames = {
        name: value.reset_index()
        for name, value in found.items()
        if isinstance(value, pd.DataFrame) and name not in ("future", "coverage")
    }
    return [
        (name, column, frame[column].max())
        for name, frame in frames.items()
        for column in frame
        if pd.api.types.is_datetime64_any_dtype(frame[column])
    ]


def test_no_date_in_any_table_is_later(then):
    dates = dates_of(then)
    assert {name for name, _column, _day in dates} == {
        "scored",
        "offered",
        "frontier",
        "declines",
        "changes",
        "chips",
        "frontier_runs",
        "peers",
        "path",
        "bill",
        "placebo",
    }
    assert [found for found in dates if found[2] > pd.Timestamp(EARLY)] == []


def test_the_check_of_dates_can_fail(today):
    assert any(day > pd.Timestamp(EARLY) for _name, _column, day in dates_of(today))


def test_every_offer_was_known_and_its_end_too(then):
    offered = then["offered"]
    assert (offered["start"] <= pd.Timestamp(EARLY)).all()
    assert (offered["end"].dropna() <= pd.Timestamp(EARLY)).all()
    assert then["frontier"].index[-1] == pd.Timestamp("2025-02-01")


def test_every_model_chip_and_run_was_out(then):
    runs = catalog.load("training-runs").groupby("model")["release_date"].min()
    named = {
        *then["frontier_runs"]["model"],
        *then["peers"]["model"],
        *then["pairs"]["first_model"],
        *then["pairs"]["last_model"],
    }
    assert named and (runs[list(named)] <= pd.Timestamp(EARLY)).all()
    models = catalog.load("capability").groupby("model")["release_date"].min()
    assert (models[list(set(then["offered"]["model"]))] <= pd.Timestamp(EARLY)).all()


def test_every_source_named_had_a_row_by_then(then):
    known = {source for table in TABLES for source in catalog.load(table, EARLY)["source_id"]}
    frames = [
        frame for frame in then.values() if isinstance(frame, pd.DataFrame) and "source_id" in frame
    ]
    assert len(frames) > 5
    assert {source for frame in frames for source in frame["source_id"]} <= known
    assert {source for sources in then["pairs"]["source_ids"] for source in sources} <= known


# -- what was known then: history, from the files themselves ------------------------------------


def raw(table):
    with open(DATA / catalog.describe(table)["path"], encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("day", "usd", "figures"),
    [
        ((2025, 2, 1), 5_576_000, 3),  # the base model's final run alone
        ((2025, 9, 16), 5_576_000, 3),
        ((2025, 9, 17), 5_870_000, 4),  # the reasoning stage, 294,000, is published
    ],
)
def test_the_reasoning_stage_counts_from_the_day_it_was_published(day, usd, figures):
    found = training.run_cost(catalog.load("deepseek-claims", dt.date(*day)))
    assert (found.value, found.n) == (usd, figures)


def test_no_amount_that_came_later_is_in_the_run_cost():
    later = [
        row["claim_id"] for row in raw("deepseek-claims") if not known_by(row["published"], EARLY)
    ]
    assert {"r1_stage", "article_600k", "wood_23m"} <= set(later)
    assert not set(catalog.load("deepseek-claims", EARLY)["claim_id"]) & set(later)


def test_the_exchange_rate_is_that_of_the_year_before(then):
    assert then["bills"]["rate"].unique().tolist() == [
        4.5747
    ]  # the average of 2024, out in January 2025
    month_before = catalog.load("exchange-rates", dt.date(2025, 1, 1))
    assert scenarios.in_currency(pd.Series([1.0]), month_before, "MYR")[1] == 4.5577


def test_a_chip_counts_from_the_day_its_price_was_seen():
    def chips(*day):
        return set(training.priced_chips(catalog.load("hardware", dt.date(*day)))["chip"])

    assert chips(2025, 2, 21) - chips(2025, 2, 20) == {"NVIDIA H800 SXM5"}


def test_speed_records_stop_at_the_day(then):
    for row in then["speedruns"].itertuples():
        held = [
            r
            for r in raw("training-speedruns")
            if r["series"] == row.series and r["is_record"] == "true" and r["date"] <= "2025-02-01"
        ]
        assert row.last_hours == float(held[-1]["gpu_hours"])


def test_nobody_could_tell_a_week_and_a_half_after(then):
    ratio, share = then["rate_ratio"], then["placebo_share"]
    assert (
        not then["rate_after"].known
        and not ratio.known
        and not then["gap"].known
        and not share.known
    )
    verdict = then["verdicts"].cost_5
    assert (verdict.verdict, verdict.cause) == ("unresolved", "no data")


def test_a_score_of_epoch_s_own_counts_from_the_day_of_its_run():
    runs = catalog.load("capability")
    runs = runs[runs["published_basis"] == "run"]
    assert (runs["published"] > runs["release_date"]).mean() > 0.5
    assert len(catalog.load("capability", EARLY).query("published_basis == 'run'")) < len(runs) / 2


def test_a_model_is_sold_until_the_day_that_was_known(then):
    ends = catalog.load("model-end-dates", EARLY)
    assert ends["end_date"].dropna().le(pd.Timestamp(EARLY)).all()
    assert len(ends) < len(catalog.load("model-end-dates"))


def test_a_leaderboard_read_in_december_2025_was_not_known(then):
    listed = {row["model"] for row in raw("capability") if row["source_id"] == "lmarena_catalog"}
    assert listed and "lmarena_catalog" not in set(catalog.load("capability", EARLY)["source_id"])


# -- what is published later can't be told from what is not there -------------------------------


@pytest.mark.parametrize("drop", [False, True], ids=["other", "gone"])
@pytest.mark.parametrize("day", [EARLY, LATE], ids=str)
def test_what_is_published_later_changes_nothing(tmp_path, day, drop):
    root = altered(tmp_path / "data", day, drop)
    assert catalog.check(root=root) == []
    expected, found = (science(evidence(day, where), day) for where in (DATA, root))
    assert list(found) == list(expected)
    for name, value in expected.items():
        assert plain(found[name]) == plain(value), name


def test_what_is_published_later_changes_what_is_said_later(tmp_path, today):
    root = altered(tmp_path / "data", EARLY)
    found = science(evidence(None, root), catalog.evidence_date())
    same = {name for name in HEADLINES if plain(found[name]) == plain(today[name])}
    assert same == {"compute_ratio"}  # DeepSeek-V3 and its peers were all out by then


def test_the_same_day_twice_gives_the_same_bytes(then):
    again = science(evidence(EARLY), EARLY)
    assert {name: plain(value) for name, value in again.items()} == {
        name: plain(value) for name, value in then.items()
    }


# -- what is no source --------------------------------------------------------------------------


def test_nothing_rests_on_memory():
    for table in TABLES:
        frame = catalog.load(table)
        named = [column for column in ("source_id", "date_source_id") if column in frame]
        assert not frame[named].eq("memory").any(axis=None), table


def test_no_claim_repeated_in_the_press_enters_the_run_cost():
    amounts = catalog.load("deepseek-claims")
    assert (amounts["figure_kind"] == "claimed").sum() > 3
    assert training.run_cost(amounts) == training.run_cost(
        amounts[amounts["figure_kind"] != "claimed"]
    )
