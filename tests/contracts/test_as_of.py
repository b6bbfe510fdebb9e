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

from analysis import uncertainty
from analysis.cost import (
    levels as price_levels,
    prices as cost,
    robustness as price_tests,
    scenarios,
    training,
)
from briefs.evidence import catalog, claims

DATA = Path(__file__).parents[2] / "data"
TABLES = [
    "model-prices",
    "capability",
    "training-runs",
    "hardware",
    "deepseek-claims",
    "published-trends",
    "training-speedruns",
    "exchange-rates",
]
EARLY, LATE = dt.date(2025, 2, 1), dt.date(2025, 10, 15)
BREAK = dt.date(2025, 1, 20)
HEADLINES = (
    "decline",
    "hedonic",
    "fixed_capability",
    "growth",
    "run_cost",
    "compute_ratio",
    "rate_ratio",
)
# The rows whose source nobody saw: the article under test, and two price cuts dated from memory.
UNVERIFIED = {
    ("deepseek-claims", "article_600k"),
    ("model-prices", "gemini-1.5-flash-001"),
    ("model-prices", "gemini-1.5-pro-002"),
}


def evidence(as_of, root=DATA):
    return {table: catalog.load(table, as_of, root=root) for table in TABLES}


def science(tables, as_of, n_boot=100):
    """Every table and estimate of the notebook, by the same calls."""
    found = prices_of(tables, as_of, n_boot) | training_of(tables, n_boot)
    path, rates = (
        price_levels.price_path(found["offered"], "GPQA-Diamond", 50, as_of),
        tables["exchange-rates"],
    )
    return found | {
        "path": path,
        "bill": scenarios.monthly_bill(path, 100, rates, "MYR"),
        "future": scenarios.project(
            path.assign(bill=path["usd_per_mtok"]), 2030, found["decline"], (0.85, 0.9)
        ),
        "bills": scenarios.bills_by_level(
            found["offered"], "GPQA-Diamond", (35, 50, 65), as_of, 100, rates
        ),
    }


def prices_of(tables, as_of, n_boot):
    scored = cost.scores(tables["capability"])
    offered = cost.offers(tables["model-prices"], scored, 0.75)
    ladder = cost.price_ladder(offered, as_of)
    declines = cost.declines(ladder, 0.9, n_boot, uncertainty.generator(1, "prices"))
    change = price_tests.rate_change(ladder, BREAK, 0.9, n_boot, uncertainty.generator(1, "break"))
    dates = price_tests.placebo(ladder, BREAK)
    return {
        "scored": scored,
        "offered": offered,
        "coverage": cost.coverage_end(offered).to_frame("last"),
        "rungs": ladder.rungs,
        "frontier": pd.DataFrame(ladder.frontier().T, index=ladder.months),
        "declines": declines,
        "decline": declines["estimate"].iloc[0],
        "hedonic": price_tests.hedonic(offered, "GPQA-Diamond", 0.9),
        **{f"rate_{name}": estimate for name, estimate in change.items()},
        "placebo": dates,
        "placebo_share": price_tests.placebo_share(dates),
        "changes": price_levels.price_changes(offered, "GPQA-Diamond", (35, 50, 65), as_of),
    }


def training_of(tables, n_boot):
    runs, scored = tables["training-runs"], cost.scores(tables["capability"])
    chips, frontier = training.priced_chips(tables["hardware"]), training.frontier_runs(runs)
    parts = training.fixed_capability(
        chips, tables["published-trends"], 0.9, n_boot, uncertainty.generator(1, "t")
    )
    peers = training.comparable_runs(runs, scored, "DeepSeek-V3", "GPQA-Diamond", 12)
    return {
        "chips": chips,
        "frontier_runs": frontier,
        "parts": parts,
        "fixed_capability": training.combined(parts),
        "growth": training.frontier_growth(frontier, 0.9),
        "pairs": training.anchored_pairs(runs),
        "peers": peers,
        "speedruns": training.speedrun_declines(tables["training-speedruns"]),
        "run_cost": training.run_cost(tables["deepseek-claims"]),
        "compute_ratio": training.ratio_to_comparable(peers, "training_compute_flop", 0.9),
        "cost_ratio": training.ratio_to_comparable(peers, "rental_usd", 0.9),
    }


def plain(value):
    """JSON of a table or an estimate, so that unknown equals unknown and every digit counts."""
    if isinstance(value, pd.DataFrame):
        return [plain(value.reset_index().to_dict("list"))]
    if isinstance(value, dict):
        return {str(name): [plain(cell) for cell in cells] for name, cells in value.items()}
    if hasattr(value, "to_json"):
        return value.to_json()
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
            scored = {row["model"] for row in kept}
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
    assert then["rate_before"].known
    assert not then["rate_after"].known and not ratio.known and not share.known
    assert claims.assess("cost-5", rate_change=ratio, placebo=share).verdict == "unresolved"


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


# -- what nobody verified -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def checked():
    """The science on verified rows alone."""
    return science(
        {name: frame[frame["verified"]] for name, frame in evidence(None).items()},
        catalog.evidence_date(),
    )


def test_the_unverified_rows_are_those_named_here():
    # A new one must be looked at: does a headline number lean on it?
    found = set()
    for table in TABLES:
        frame = catalog.load(table)
        column = "claim_id" if table == "deepseek-claims" else "model"
        found |= {
            (table, name)
            for name in (frame.loc[~frame["verified"], column] if column in frame else [])
        }
        assert column in frame or frame["verified"].all()
    assert found == UNVERIFIED


@pytest.mark.parametrize("name", HEADLINES)
def test_no_headline_rests_on_unverified_rows_alone(today, checked, name):
    assert today[name].known
    assert checked[name].known


@pytest.mark.parametrize("name", [name for name in HEADLINES if name != "rate_ratio"])
def test_headlines_stay_within_two_percent_without_unverified_rows(today, checked, name):
    assert checked[name].value == pytest.approx(today[name].value, rel=0.02)
    assert checked[name].low == pytest.approx(today[name].low, rel=0.05)
    assert checked[name].high == pytest.approx(today[name].high, rel=0.05)


def test_the_break_test_leans_on_two_prices_dated_from_memory_but_its_verdict_does_not(
    today, checked
):
    # Both cuts, of Gemini 1.5 Flash in August and 1.5 Pro in October 2024, fall in the months before: they take
    # part in the ratio. Both intervals still reach from a far faster fall to a far slower one.
    whole, verified = today["rate_ratio"], checked["rate_ratio"]
    for one, other in ((whole, verified), (verified, whole)):
        assert one.low < 2 / 3 and one.high > 3 / 2
        assert one.low < other.value < one.high
    verdicts = [
        claims.assess(
            "cost-5", rate_change=found["rate_ratio"], placebo=found["placebo_share"]
        ).verdict
        for found in (today, checked)
    ]
    assert verdicts == ["unresolved"] * 2


def test_no_verdict_turns_on_unverified_rows(today, checked):
    def verdicts(found):
        decline = training.decline_of(found["growth"])
        return [
            claims.assess(claim, **estimates).verdict
            for claim, estimates in {
                "cost-1": {"run_cost": found["run_cost"]},
                "cost-2": {
                    "compute_ratio": found["compute_ratio"],
                    "cost_ratio": found["cost_ratio"],
                },
                "cost-3": {"fixed_capability": found["fixed_capability"], "frontier": decline},
                "cost-4": {
                    "frontier_price": found["decline"],
                    "quality_adjusted": found["hedonic"],
                },
            }.items()
        ]

    assert verdicts(today) == verdicts(checked)


def test_unverified_amounts_never_enter_the_run_cost():
    amounts = catalog.load("deepseek-claims")
    assert (~amounts["verified"]).any()
    for size in (1.0, 1e12):  # whatever they say
        changed = amounts.assign(amount_usd=amounts["amount_usd"].where(amounts["verified"], size))
        assert training.run_cost(changed) == training.run_cost(amounts[amounts["verified"]])


def test_no_claim_repeated_in_the_press_enters_the_run_cost():
    amounts = catalog.load("deepseek-claims")
    assert (amounts["figure_kind"] == "claimed").sum() > 3
    assert training.run_cost(amounts) == training.run_cost(
        amounts[amounts["figure_kind"] != "claimed"]
    )
