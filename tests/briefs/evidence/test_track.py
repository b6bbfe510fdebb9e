"""Verdicts as forecasts: flips, reliability and Brier score on moments worked out by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from briefs.evidence import track

NAN = float("nan")
#: claim, day, verdict then, verdict now, probabilities then, outcome of that reading now.
MOMENTS = [
    ("a", "2025-01-31", "unresolved", "supported", NAN, NAN, "supported"),
    ("a", "2025-03-31", "unresolved", "supported", 0.5, 0.6, "supported"),
    ("a", "2025-06-30", "supported", "supported", 0.9, 1.0, "supported"),
    ("b", "2025-01-31", "supported", "contradicted", 0.8, 0.9, "contradicted"),
    ("b", "2025-03-31", "contradicted", "contradicted", 0.1, 0.2, "contradicted"),
    ("c", "2025-01-31", "mixed", "unresolved", 0.3, 0.5, "unresolved"),
    ("c", "2025-03-31", "unresolved", "unresolved", NAN, NAN, "untested"),
]
COLUMNS = "claim as_of verdict verdict_now supported partly outcome_now".split()


@pytest.fixture
def then():
    return pd.DataFrame(MOMENTS, columns=COLUMNS)


def test_each_change_from_one_day_to_the_next_is_listed(then):
    found = track.changes(then)
    assert found.to_numpy().tolist() == [
        ["a", "2025-03-31", "2025-06-30", "unresolved", "supported"],
        ["b", "2025-01-31", "2025-03-31", "supported", "contradicted"],
        ["c", "2025-01-31", "2025-03-31", "mixed", "unresolved"],
    ]


def test_the_order_of_the_rows_does_not_matter(then):
    pd.testing.assert_frame_equal(track.changes(then[::-1]), track.changes(then))


def test_what_became_of_earlier_verdicts(then):
    found = track.against_now(then)
    # same: a's third, b's second, c's second of 7
    assert (found["same"].value, found["same"].n, found["same"].claims) == (3 / 7, 7, 3)
    # of the four that were settled: b's first and c's first are no longer
    assert (found["flipped"].value, found["flipped"].n) == (0.5, 4)
    # of the three that were open: a's two are settled
    assert (found["settled"].value, found["settled"].n) == (2 / 3, 3)


def test_verdicts_of_each_date_that_are_those_of_now(then):
    assert track.by_date(then).to_numpy().tolist() == [
        ["2025-01-31", 0, 3],
        ["2025-03-31", 2, 3],
        ["2025-06-30", 1, 1],
    ]


def test_only_probabilities_whose_reading_is_settled_now_are_scored(then):
    found = track.borne_out(then, "supported")
    assert found["p"].tolist() == [0.5, 0.9, 0.8, 0.1]
    assert found["came"].tolist() == [True, True, False, False]


def test_partial_support_bears_out_the_wider_range_only(then):
    rows = then.assign(outcome_now="partly supported")
    assert not track.borne_out(rows, "supported")["came"].any()
    assert track.borne_out(rows, "partly")["came"].all()


def test_the_brier_score_by_hand(then):
    found = track.brier(track.borne_out(then, "supported"))
    assert found.value == pytest.approx((0.25 + 0.01 + 0.64 + 0.01) / 4)
    assert (found.n, found.claims) == (4, 2)
    # drawn twice, a alone gives 0.13 and b alone 0.325; both together the mean
    assert (found.low, found.high) == pytest.approx((0.13, 0.325))


def test_the_reliability_table_by_hand(then):
    found = track.reliability(track.borne_out(then, "supported"))
    # 0.1 stands in the second bin, 0.9 in the last
    assert found["n"].tolist() == [1, 1, 1, 1]
    assert found["low"].tolist() == pytest.approx([0.1, 1 / 3, 2 / 3, 0.9])
    assert found["p"].tolist() == [0.1, 0.5, 0.8, 0.9]
    assert found["came"].tolist() == [0, 1, 0, 1]


def test_without_moments_there_is_no_score(then):
    scored = track.borne_out(then[:0], "supported")
    found = track.brier(scored)
    assert math.isnan(found.value) and (found.n, found.claims) == (0, 0)
    assert track.reliability(scored).empty and track.changes(then[:0]).empty


def test_one_claim_has_no_interval():
    found = track.mean(pd.Series([1.0, 0.0]), pd.Series(["a", "a"]))
    assert found.value == 0.5 and math.isnan(found.low) and found.claims == 1


SCORED = st.lists(
    st.tuples(st.sampled_from("abcde"), st.floats(0, 1), st.booleans()), min_size=1, max_size=30
)


@settings(max_examples=50)
@given(SCORED)
def test_bins_hold_every_probability_once_and_scores_stay_in_range(rows):
    scored = pd.DataFrame(rows, columns=["claim", "p", "came"])
    table, score = track.reliability(scored), track.brier(scored)
    assert table["n"].sum() == len(scored)
    assert ((table["low"] <= table["p"] + 1e-9) & (table["p"] <= table["high"] + 1e-9)).all()
    assert 0 <= score.value <= 1
    np.testing.assert_allclose(
        (table["came"] * table["n"]).sum() / len(scored), scored["came"].mean()
    )
    if score.claims > 1:
        assert 0 <= score.low <= score.high <= 1
