"""The direction of regulation: small made-up lists of decisions, worked out by hand."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from analysis.regulation import decisions as regulation

START, END = pd.Timestamp("2024-01-01"), pd.Timestamp("2025-12-31")
FEATURES = ("duty_before_release", "penalties", "reach_abroad", "outright_bans")


def law(
    name, jurisdiction="EU", features="P", kind="statute", binding=True, stance="tightening", **more
):
    """One instrument; `features` holds P, M, $, X, B, and s for a soft norm."""
    letters = dict(zip("M$XB", FEATURES, strict=True))
    return {
        "instrument_id": name,
        "jurisdiction": jurisdiction,
        "short_title": name.upper(),
        "instrument_type": kind,
        "binding": binding,
        "stance": stance,
        "topic": "horizontal",
        "export_control": False,
        "binds_private_actors": "P" in features,
        "soft_norm_or_government_only": "s" in features,
        **{column: letter in features for letter, column in letters.items()},
        "published": pd.Timestamp("2024-01-01"),
        "source_id": "a",
        "grade": "A",
    } | more


def happened(name, date, event="adopted", direction=1, **more):
    return {
        "instrument_id": name,
        "date": pd.Timestamp(date),
        "event": event,
        "direction": direction,
        "acts_on": None,
        "date_basis": "source",
        "note": "",
        "published": pd.Timestamp(date),
        "source_id": "a",
        "grade": "A",
        "direction_second": direction,
    } | more


def listed(laws, events, **options):
    return regulation.decisions(pd.DataFrame(laws), pd.DataFrame(events), **options)


@pytest.fixture
def rows():
    laws = [
        law("act", features="P$X"),
        law("order", "US", features="s", kind="executive_order"),
        law("bill", "US-CA", kind="bill", binding=False),
        law("chips", "US", "PM$X", "regulation", export_control=True),
    ]
    return listed(
        laws,
        [
            happened("act", "2024-02-01"),
            happened("act", "2024-08-01", "in_force"),
            happened("chips", "2024-06-01"),
            happened("bill", "2024-09-01", "vetoed", -1),
            happened("act", "2025-03-01", "delayed", -1),
            happened("order", "2025-05-01", "signed", -1, acts_on="act"),
            happened("chips", "2025-06-01", source_id="b"),
        ],
    )


# -- coding ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("features", "score"),
    [("", 0), ("s", 1), ("$XB", 0), ("P", 2), ("P$", 2), ("PMX", 3), ("P$XB", 4), ("PM$XB", 4)],
)
def test_stringency_is_the_written_rule(features, score):
    assert regulation.stringency(pd.DataFrame([law("a", features=features)])).to_list() == [score]


def test_places_split_the_united_states():
    assert regulation.place(pd.Series(["US", "US-NY", "EU", "US-CA"])).to_list() == [
        "US-federal",
        "US-states",
        "EU",
        "US-states",
    ]


def test_what_repeats_a_decision_is_none(rows):
    assert len(rows) == 6 and "in_force" not in set(rows["event"])
    assert listed([law("a")], [happened("a", "2025-01-01", "in_force")]).empty
    assert len(listed([law("a")], [happened("a", "2025-01-01", "in_force")], repeats=True)) == 1


def test_a_draft_and_a_bill_are_proposals():
    laws = [
        law("a", kind="bill", binding=False),
        law("b", kind="regulation", binding=False),
        law("c"),
        law("d", kind="guidance", binding=False),
        law("e", kind="executive_order"),
    ]
    rows = listed(laws, [happened(name, "2025-01-01") for name in "abcde"])
    assert rows["kind"].to_list() == ["proposal", "proposal", "binding", "soft", "binding"]


def test_an_act_that_takes_back_another_weighs_as_much_as_that(rows):
    assert dict(zip(rows["instrument_id"], rows["stringency"], strict=True)) == {
        "act": 3,
        "chips": 4,
        "bill": 2,
        "order": 3,
    }  # the order itself scores 1


def test_a_decision_is_as_good_as_the_worse_of_its_sources():
    rows = listed(
        [law("a", grade="C"), law("b", grade="B")],
        [
            happened("a", "2025-01-01", grade="B"),
            happened("b", "2025-01-02", grade="D"),
            happened("b", "2025-01-03"),
        ],
    )
    assert rows["grade"].to_list() == ["C", "D", "B"]


# -- the index ---------------------------------------------------------------------------------


def steps(index, name):
    rows = index[index["place"] == name]
    return list(zip(rows["date"].dt.strftime("%Y-%m-%d"), rows["index"], strict=True))


def test_the_index_of_three_events_by_hand():
    rows = listed(
        [law("act", features="P$X"), law("guide", features="s", kind="guidance", binding=False)],
        [
            happened("act", "2024-02-01"),
            happened("guide", "2024-05-01"),
            happened("act", "2025-03-01", "delayed", -1),
        ],
    )
    index = regulation.stance(rows, START, END, ["EU"], "equal")
    assert steps(index, "EU") == [
        ("2024-01-01", 0),
        ("2024-02-01", 1),
        ("2024-05-01", 2),
        ("2025-03-01", 1),
        ("2025-12-31", 1),
    ]
    # Weighted: 3/2, then 1/2 more, then 3/2 less.
    weighted = regulation.stance(rows, START, END, ["EU"], "stringency")
    assert steps(weighted, "EU")[1:4] == [
        ("2024-02-01", 1.5),
        ("2024-05-01", 2.0),
        ("2025-03-01", 0.5),
    ]


def test_decisions_before_the_start_or_elsewhere_do_not_count(rows):
    index = regulation.stance(rows, pd.Timestamp("2025-01-01"), END, ["EU", "CN"], "equal")
    assert steps(index, "EU")[-1] == ("2025-12-31", -1)
    assert steps(index, "CN") == [("2025-01-01", 0), ("2025-12-31", 0)]


def test_every_decision_of_a_day_counts():
    rows = listed(
        [law("a"), law("b", kind="guidance", binding=False)],
        [
            happened("a", "2024-05-01"),
            happened("b", "2024-05-01"),
            happened("a", "2025-03-01", "delayed", -1),
            happened("b", "2025-03-01", "revoked", -1),
        ],
    )
    index = regulation.stance(rows, START, END, ["EU"], "equal")
    assert steps(index, "EU")[1:3] == [("2024-05-01", 2), ("2025-03-01", 0)]


@pytest.mark.parametrize(
    ("choices", "signed"),
    [
        ({}, [1, -1]),
        ({"weighting": "stringency"}, [1.5, -1]),
        ({"counted": "binding"}, [1, 0]),
        ({"counted": "enacted"}, [1, 0]),
        ({"coding": "second"}, [0, -1]),
        ({"sources": "near"}, [0, -1]),
    ],
)
def test_choices_sign_the_rows_that_their_names_say(choices, signed):
    rows = listed(
        [law("a", features="P$X", grade="C"), law("b", "US", kind="bill", binding=False)],
        [
            happened("a", "2024-05-01", direction_second=0),
            happened("b", "2024-06-01", "proposed", -1),
        ],
    )
    assert regulation.signs(rows, **choices).tolist() == signed


def test_what_the_second_reader_left_uncoded_counts_as_the_first_did():
    rows = listed([law("a")], [happened("a", "2025-01-01", direction_second=None)])
    assert regulation.signs(rows, coding="second").tolist() == [1]


def test_export_controls_can_be_left_out(rows):
    assert regulation.signs(rows, export_controls="left_out").tolist() == [1, 0, -1, -1, -1, 0]


decision_lists = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.dates(dt.date(2024, 1, 1), dt.date(2025, 12, 30)),
        st.sampled_from((-1, 0, 1)),
        st.sampled_from(("x", "y", "z")),
    ),
    min_size=1,
    max_size=12,
)
LAWS = [
    law("a", "EU", "P$XB"),
    law("b", "US", "s", "guidance", binding=False),
    law("c", "US-CA", "P"),
    law("d", "CN", "", "strategy", binding=False),
]


def made(events):
    return listed(
        LAWS,
        [
            happened(name, day, direction=sign, source_id=source)
            for name, day, sign, source in events
        ],
    )


@settings(max_examples=40)
@given(decision_lists, st.sampled_from(("equal", "stringency")))
def test_the_index_adds_up_over_places(events, weighting):
    rows, places = made(events), ["EU", "US-federal", "US-states", "CN"]
    index = regulation.stance(rows, START, END, places, weighting)
    total = regulation.signs(rows, weighting=weighting).sum()
    assert index.groupby("place")["index"].last().sum() == pytest.approx(total)


@settings(max_examples=40)
@given(decision_lists)
def test_dropping_what_weighs_nothing_changes_nothing(events):
    rows = made(events)
    kept = rows[(rows["direction"] != 0) & (rows["stringency"] > 0)]
    ends = [
        regulation.stance(part, START, END, ["EU", "US-federal", "US-states", "CN"], "stringency")
        .groupby("place")["index"]
        .last()
        for part in (rows, kept)
    ]
    pd.testing.assert_series_equal(*ends)


def test_the_day_itself_belongs_to_after():
    rows = listed([law("a")], [happened("a", "2025-01-01"), happened("a", "2024-12-31")])
    day = pd.Timestamp("2025-01-01")
    assert len(regulation.since(rows, day)) == len(regulation.between(rows, START, day)) == 1


def test_sources_of_most_rows_come_first():
    events = [happened("a", f"2025-01-0{n}", source_id=source) for n, source in enumerate("yxx", 1)]
    assert regulation.sources_of(listed([law("a")], events)) == ["x", "y"]
