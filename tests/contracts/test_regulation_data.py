"""The regulation evidence as it is: coded as its descriptions say, and marked where it isn't seen."""

import datetime as dt

import pandas as pd
import pytest

from analysis.regulation import decisions as regulation, direction
from briefs.evidence import catalog, claims

CHANGE = dt.date(2025, 1, 1)


@pytest.fixture(scope="module")
def instruments():
    return catalog.load("instruments")


@pytest.fixture(scope="module")
def events():
    return catalog.load("instrument-events")


@pytest.fixture(scope="module")
def after(instruments, events):
    return regulation.since(regulation.decisions(instruments, events), CHANGE)


def test_stringency_as_coded_is_what_the_rule_gives(instruments):
    assert (regulation.stringency(instruments) == instruments["stringency"]).all()


def test_what_rests_on_memory_stays_marked(instruments, events):
    assert (~instruments["verified"]).sum() == 23
    recalled = events["date_basis"] != "source"
    assert recalled.sum() == 68 and pytest.approx(recalled.mean(), abs=0.005) == 0.31
    assert (events.loc[~events["verified"], "date_basis"] == "memory").all()
    assert (events["verified"] == (events["source_id"] != "memory")).all()


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
    assert repeats.sum() == 48
    assert len(regulation.decisions(instruments, events)) == len(events) - 48


def test_an_event_is_known_on_its_day(events):
    assert (events["published"] == events["date"]).all() and (
        events["published_basis"] == "event"
    ).all()
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
    assert (
        set(marked["topic"]) == {"export control", "frontier models"}
        and (marked["jurisdiction"] == "US").all()
    )
    assert (marked.loc[marked["instrument_type"] != "bill", "stringency"] == 4).all()


def test_an_answer_on_rules_has_a_label_and_no_other_has():
    surveys = catalog.load("surveys")
    on_rules = surveys["leaning"].isin(["more", "fewer", "uncertainty"])
    assert on_rules.sum() == 16 and (surveys["label"].notna() == on_rules).all()
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


def estimates(rows):
    parts = direction.scopes(rows)
    return {
        "overall": direction.loosening_share(rows, 0.9),
        "us_federal": direction.loosening_share(parts["us_federal"], 0.9),
        "us_states": direction.loosening_share(parts["us_states"], 0.9),
        "us_lead": direction.lead(
            regulation.of_places(rows, regulation.UNITED_STATES), parts["elsewhere"], 0.9
        ),
    }


def test_no_headline_rests_on_memory(after):
    """Neither alone nor in the balance: without it every reading comes out the same."""
    seen = after[after["seen"]]
    assert len(seen) >= 0.9 * len(after)
    with_it, without = (claims.assess("regulation-1", **estimates(rows)) for rows in (after, seen))
    assert [r.verdict for r in with_it.readings] == [r.verdict for r in without.readings]


def test_a_verdict_from_memory_alone_stays_open(after):
    recalled = after[~after["seen"]]
    assert not regulation.any_seen(recalled)
    judged = claims.assess(
        "regulation-1", verified=regulation.any_seen(recalled), **estimates(after)
    )
    assert judged.verdict == "unresolved"
