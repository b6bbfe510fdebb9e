"""The direction of regulation: small made-up lists of decisions, worked out by hand."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from analysis.regulation import decisions as regulation, direction

DAY, START, END = pd.Timestamp("2025-01-01"), pd.Timestamp("2024-01-01"), pd.Timestamp("2025-12-31")
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
        "verified": True,
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
        "verified": True,
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


def test_memory_marks_the_decision_whether_of_the_instrument_or_of_its_day():
    rows = listed(
        [law("a", verified=False), law("b")],
        [
            happened("a", "2025-01-01"),
            happened("b", "2025-01-02", verified=False),
            happened("b", "2025-01-03"),
        ],
    )
    assert rows["seen"].to_list() == [False, False, True]
    assert (
        regulation.any_seen(rows)
        and not regulation.any_seen(rows[:2])
        and regulation.any_seen(rows[:0])
    )


# -- the index ---------------------------------------------------------------------------------


def steps(index, name, column="index"):
    rows = index[index["place"] == name]
    return list(zip(rows["date"].dt.strftime("%Y-%m-%d"), rows[column], strict=True))


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
    # In March: base 1, weighted 0.5, binding only 1 - 1 = 0, and nothing when the one source is dropped.
    assert steps(index, "EU", "low")[3] == ("2025-03-01", 0) and steps(index, "EU", "high")[3] == (
        "2025-03-01",
        1,
    )


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
    # The binding one alone makes 1; both have one source, and without it there is nothing.
    assert steps(index, "EU", "low")[1:3] == [("2024-05-01", 0), ("2025-03-01", 0)]


def test_codings_keep_the_rows_that_their_names_say():
    rows = listed(
        [law("a", verified=False), law("b", kind="bill", binding=False)],
        [
            happened("a", "2024-05-01", source_id="x"),
            happened("b", "2024-06-01", "proposed", source_id="y"),
        ],
    )
    assert {
        name: (kept.tolist(), how) for name, kept, how in regulation.codings(rows, "stringency")
    } == {
        "base": ([True, True], "stringency"),
        "other_weighting": ([True, True], "equal"),
        "binding": ([True, False], "stringency"),
        "enacted": ([True, False], "stringency"),
        "no_export_controls": ([True, True], "stringency"),
        "seen": ([False, True], "stringency"),
        "without x": ([False, True], "stringency"),
        "without y": ([True, False], "stringency"),
    }


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


@settings(max_examples=40, deadline=None)
@given(decision_lists, st.sampled_from(("equal", "stringency")))
def test_the_index_adds_up_over_places(events, weighting):
    rows, places = made(events), ["EU", "US-federal", "US-states", "CN"]
    index = regulation.stance(rows, START, END, places, weighting)
    total = (rows["direction"] * regulation.weights(rows, weighting)).sum()
    assert index.groupby("place")["index"].last().sum() == pytest.approx(total)


@settings(max_examples=40, deadline=None)
@given(decision_lists, st.sampled_from(("equal", "stringency")))
def test_the_band_holds_the_base_case(events, weighting):
    index = regulation.stance(
        made(events), START, END, ["EU", "US-federal", "US-states", "CN"], weighting
    )
    assert (index["low"] <= index["index"]).all() and (index["index"] <= index["high"]).all()


@settings(max_examples=40, deadline=None)
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


# -- direction ---------------------------------------------------------------------------------


def test_the_share_by_hand(rows):
    found = direction.loosening_share(regulation.since(rows, DAY), 0.9)
    assert (found.value, found.n) == (pytest.approx(2 / 3), 3)
    # Clopper-Pearson, 2 of 3: P(2 or more) = 3p^2 - 2p^3 is 0.05 at the low end, P(2 or fewer) = 1 - p^3 at the high.
    assert 3 * found.low**2 - 2 * found.low**3 == pytest.approx(0.05, abs=1e-6)
    assert 1 - found.high**3 == pytest.approx(0.05, abs=1e-6)


def test_nothing_to_count_gives_no_estimate(rows):
    none = regulation.since(rows, pd.Timestamp("2026-01-01"))
    assert not direction.loosening_share(none, 0.9).known
    assert np.isnan(direction.majority_probability(none))
    assert not direction.lead(none, rows, 0.9).known
    found = direction.directions(none, START, DAY, 0.9)
    assert not any(e.known for e in found["estimate"]) and found["p"].isna().all()


def test_the_day_itself_belongs_to_after():
    rows = listed(
        [law("a")], [happened("a", "2025-01-01"), happened("a", "2024-12-31", direction=0)]
    )
    assert len(regulation.since(rows, DAY)) == 1 and regulation.between(rows, START, DAY).empty


def signs(loose, tight):
    return pd.DataFrame({"direction": [-1] * loose + [1] * tight})


def test_fisher_on_a_small_table_by_hand():
    # The tea tasting: margins of 4 and 4, three right; p = 34/70, and R's fisher.test has 6.408.
    odds, p = direction.odds_ratio(signs(1, 3), signs(3, 1), 0.95)
    assert p == pytest.approx(34 / 70)
    assert odds.value == pytest.approx(6.4083, abs=1e-3)
    for psi, most in (
        (odds.low, 2),
        (odds.high, 3),
    ):  # P(X >= 3) is 0.025 at the low end, P(X <= 3) at the high
        terms = np.array([1, 16, 36, 16, 1]) * psi ** np.arange(5.0)
        below = terms[: most + 1].sum() / terms.sum()
        assert below == pytest.approx(0.975 if most == 2 else 0.025, abs=1e-6)


def test_an_infinite_odds_ratio_is_no_estimate_but_has_a_p():
    odds, p = direction.odds_ratio(signs(0, 5), signs(5, 0), 0.9)
    assert not odds.known and p == pytest.approx(2 / 252)


def test_the_rate_ratio_of_two_small_counts_by_hand():
    # 4 in 1 year against 1 in 2 years: (4/1) / (1/2) = 8. The ends are p/(1-p) * 2 with the exact p for 4 of 5.
    found = direction.rate_ratio(4, 1, 1, 2, 0.9)
    low, high = found.low / (2 + found.low), found.high / (2 + found.high)
    assert (found.value, found.n) == (pytest.approx(8), 5)
    assert 5 * low**4 * (1 - low) + low**5 == pytest.approx(0.05, abs=1e-6)
    assert 1 - high**5 == pytest.approx(0.05, abs=1e-6)
    assert not direction.rate_ratio(4, 1, 0, 2, 0.9).known


def test_the_lead_is_the_ratio_of_the_shares():
    found = direction.lead(signs(4, 4), signs(2, 6), 0.9)
    assert found.value == pytest.approx(2) and found.n == 16 and found.low < 1 < found.high
    assert not direction.lead(signs(4, 4), signs(0, 6), 0.9).known
    assert not direction.lead(signs(2, 2), signs(2, 6), 0.9).known  # too few


@settings(max_examples=60, deadline=None)
@given(st.tuples(*[st.integers(0, 30)] * 4))
def test_every_interval_holds_its_value(counts):
    here, there = signs(*counts[:2]), signs(*counts[2:])
    for found in (
        direction.lead(here, there, 0.9),
        direction.odds_ratio(here, there, 0.9)[0],
        direction.loosening_share(here, 0.9),
        direction.rate_ratio(counts[0], 2, counts[1], 3, 0.9),
    ):
        assert not found.known or found.low <= found.value <= found.high, (counts, found)


def test_one_vote_per_instrument_drops_those_that_cancel_out():
    rows = listed(
        [law("a"), law("b"), law("c")],
        [
            happened("a", "2025-01-01"),
            happened("a", "2025-02-01", "revoked", -1),
            happened("b", "2025-01-01", "signed", -1),
            happened("b", "2025-02-01", "delayed", -1),
            happened("c", "2025-01-03"),
        ],
    )
    net = direction.net_per_instrument(rows)
    assert dict(zip(net["instrument_id"], net["direction"], strict=True)) == {"b": -1, "c": 1}


def test_scopes_cut_by_place_kind_and_export_control(rows):
    sizes = {name: len(part) for name, part in direction.scopes(rows).items()}
    assert sizes == {
        "all": 6,
        "us_federal": 3,
        "us_states": 1,
        "elsewhere": 2,
        "binding": 5,
        "soft": 0,
        "proposal": 1,
        "no_export_controls": 4,
        "us_federal_no_export_controls": 1,
    }


def test_sensitivity_names_each_choice_once(rows):
    none = regulation.undated(pd.DataFrame([law("x")]), pd.DataFrame([happened("x", "2025-01-01")]))
    found = direction.sensitivity(rows, none, DAY, 0.9).set_index("variant")["estimate"]
    assert found["base"].value == pytest.approx(2 / 3) and found.index.is_unique
    assert found["no_export_controls"].value == 1  # the chip rule was the one that tightened
    assert found["lowest_source"].value == 0 and found["highest_source"].value == 1


def test_what_has_no_recorded_day_counts_once_by_its_text():
    laws = pd.DataFrame(
        [
            law("a"),
            law("b", stance="loosening", published=pd.Timestamp("2025-06-01")),
            law("c", stance="promoting"),
            law("d"),
        ]
    )
    events = pd.DataFrame([happened("a", "2025-01-01"), happened("d", "2025-02-01", "in_force")])
    rows = regulation.undated(laws, events)
    assert dict(zip(rows["instrument_id"], rows["direction"], strict=True)) == {"b": -1, "d": 1}
    assert rows.set_index("instrument_id")["date"]["b"] == pd.Timestamp("2025-06-01")


def test_the_probability_of_a_loosening_majority_is_even_when_counts_are():
    assert direction.majority_probability(signs(5, 5)) == pytest.approx(0.5)
    assert (
        direction.majority_probability(signs(9, 1))
        > 0.99
        > direction.majority_probability(signs(6, 4))
    )


def test_sources_nobody_saw_come_last():
    rows = listed(
        [law("a")],
        [
            happened("a", f"2025-01-0{n}", source_id=source, verified=source != "memory")
            for n, source in enumerate(("memory", "memory", "y", "x", "x"), 1)
        ],
    )
    assert regulation.sources_of(rows) == ["x", "y", "memory"]
