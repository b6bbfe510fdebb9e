"""The regulation evidence as it is: coded as its descriptions say, and marked where it isn't seen."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from analysis.regulation import decisions as regulation, rivalry
from briefs.evidence import catalog

TABLES = "instruments instrument-events obligations internet-acts surveys adoption".split()


@pytest.fixture(scope="module")
def instruments():
    return catalog.load("instruments")


@pytest.fixture(scope="module")
def events():
    return catalog.load("instrument-events")


def test_stringency_as_coded_is_what_the_rule_gives(instruments):
    assert (regulation.stringency(instruments) == instruments["stringency"]).all()


def test_nothing_rests_on_memory(events):
    for table in TABLES:
        assert "memory" not in set(catalog.load(table)["source_id"]), table
    assert set(events["date_basis"]) <= {"source", "month", "year"}
    assert (events["date_basis"] == "source").mean() > 0.95


def test_a_day_that_was_not_read_is_the_last_of_its_month_or_year(events):
    rows = events[events["date_basis"] != "source"]
    assert rows["date"].dt.is_month_end.all()
    assert rows.loc[rows["date_basis"] == "year", "date"].dt.is_year_end.all()


def test_decisions_were_coded_twice_but_for_those_that_could_not_be_coded_blind(events):
    repeats, second = events["event"].isin(regulation.REPEATS), events["direction_second"]
    assert second[repeats].isna().all() and second[~repeats].notna().mean() > 0.9
    assert set(second.dropna()) == {-1, 0, 1}


def test_no_revocation_counts_twice(events):
    """Where one act revokes another, only one of them carries the sign."""
    for act, target in (
        events.loc[events["acts_on"].notna(), ["instrument_id", "acts_on"]]
        .drop_duplicates()
        .itertuples(index=False)
    ):
        own = events[
            (events["instrument_id"] == target) & events["event"].isin(["revoked", "delayed"])
        ]
        assert (own["direction"] == 0).all(), (act, target)


def test_repeats_are_left_out_of_the_decisions(instruments, events):
    repeats = events["event"].isin(["in_force", "obligation_applies"])
    assert 0 < repeats.sum() == len(events) - len(regulation.decisions(instruments, events))


def test_an_event_is_known_on_its_day(events):
    assert (events["published"] == events["date"]).all()
    assert (events["published_basis"] == "event").all()
    early = catalog.load("instrument-events", dt.date(2025, 2, 1))
    assert early["date"].max() == pd.Timestamp(
        "2025-01-23"
    )  # the order that followed the revocation


def test_an_instrument_is_known_from_its_first_event(instruments, events):
    first = events.groupby("instrument_id")["date"].min()
    dated = instruments[instruments["instrument_id"].isin(first.index)]
    assert (dated["published"].to_numpy() == first.loc[dated["instrument_id"]].to_numpy()).all()
    assert set(
        instruments.loc[~instruments["instrument_id"].isin(first.index), "instrument_id"]
    ) == {"my-roadmap", "us-ga-540", "us-ia-2417", "us-id-1297", "us-or-1546", "us-wa-2225"}


def test_export_controls_are_marked_whatever_their_topic(instruments):
    marked = instruments[instruments["export_control"]]
    assert set(marked["topic"]) == {"export control", "frontier models"} and set(
        marked["jurisdiction"]
    ) == {"US", "MY"}
    assert (marked["stringency"] >= 3).all()


def test_an_answer_on_rules_has_a_label_and_no_other_has():
    surveys = catalog.load("surveys")
    on_rules = surveys["leaning"].isin(["more", "fewer", "uncertainty"])
    assert on_rules.any() and (surveys["label"].notna() == on_rules).all()
    assert (surveys.loc[surveys["answer"].str.contains("too far"), "leaning"] == "fewer").all()


def test_counters_are_never_mixed():
    counts = catalog.load("law-counts")
    states = counts[counts["measure"].str.startswith("us_state_ai_laws")]
    by_source = states.groupby("measure")["source_id"].nunique()
    assert (by_source == 1).all()


def test_the_internet_series_is_yearly_and_rises_in_the_united_states():
    rows = catalog.load("adoption").query("technology == 'internet' and jurisdiction == 'US'")
    assert (
        rows["date"].dt.year.to_list() == list(range(1990, 2006))
        and rows["percent"].is_monotonic_increasing
    )


def test_a_restated_survey_has_one_series_a_day_of_publication():
    rows = catalog.load("adoption").dropna(subset=["survey"])
    assert not rows.empty and not rows.duplicated(["survey", "date", "published"]).any()


def test_leads_lie_in_their_intervals_and_redrawing_hardly_narrows_them():
    rows = catalog.load("arena-gap")
    assert (rows["low"] <= rows["lead"]).all() and (rows["lead"] <= rows["high"]).all()
    assert ((rows["high"] - rows["low"]) > 0).all()
    assert (rows["low_redrawn"] < rows["high_redrawn"]).all()
    index = catalog.load("eci-gap").dropna()
    assert ((index["low"] < index["lead"]) & (index["lead"] < index["high"])).all()


def test_what_was_published_on_a_day_is_known_from_that_day():
    rows = rivalry.leads(catalog.load("arena-gap"))
    early = rivalry.leads(catalog.load("arena-gap", dt.date(2025, 2, 1)))
    assert early["date"].max() == pd.Timestamp("2025-01-31") < rows["date"].max()
    assert rivalry.leads(catalog.load("arena-gap", dt.date(2025, 6, 1)), "one_version").empty


def test_token_shares_follow_one_another_by_a_week():
    rows = catalog.load("token-shares")
    steps = np.diff(rows["week"].sort_values()).astype("timedelta64[D]").astype(int)
    assert set(steps) <= {6, 7, 8} and rows["open_share"].between(0, 1).all()


def test_parts_of_the_enacted_documents_are_no_more_than_all():
    rows = catalog.load("agora-enacted")
    for part in ("with_penalties", "with_licensing", "with_support"):
        assert (rows[part] <= rows["documents"]).all()
