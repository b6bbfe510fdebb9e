import math

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from briefs.display import i18n, likelihood as calibrated
from briefs.likelihood import LIKELY, likelihood
from briefs.values import GRADES, Estimate, Reading, Specifications, Verdict


@pytest.mark.parametrize(
    ("p", "term", "written"),
    [
        (1, "virtually certain", "virtually certain (99–100%)"),
        (0.97, "extremely likely", "extremely likely (95–100%)"),
        (0.93, "very likely", "very likely (90–100%)"),
        (0.7, "likely", "likely (66–100%)"),
        (0.5, "about as likely as not", "about as likely as not (33–66%)"),
        (0.2, "unlikely", "unlikely (0–33%)"),
        (0.08, "very unlikely", "very unlikely (0–10%)"),
        (0.03, "extremely unlikely", "extremely unlikely (0–5%)"),
        (0.0, "exceptionally unlikely", "exceptionally unlikely (0–1%)"),
    ],
)
def test_the_narrowest_band_that_holds_a_probability(p, term, written):
    assert (calibrated.term(p), calibrated.with_band(p)) == (term, written)
    i18n.activate("ms")
    assert calibrated.term(p) != term and calibrated.with_band(p).startswith(calibrated.term(p))


@pytest.mark.parametrize(
    ("p", "term"),
    [
        (0.99, "virtually certain"),
        (0.95, "extremely likely"),
        (0.9, "very likely"),
        (0.66, "likely"),
        (0.33, "unlikely"),
        (0.1, "very unlikely"),
        (0.05, "extremely unlikely"),
        (0.01, "exceptionally unlikely"),
    ],
)
def test_an_end_belongs_to_the_stronger_band(p, term):
    assert calibrated.term(p) == term


@pytest.mark.parametrize("p", [-0.01, 1.01, math.nan, math.inf])
def test_no_word_without_a_probability(p):
    with pytest.raises(ValueError, match="probability"):
        calibrated.term(p)


@given(st.floats(0, 1))
def test_every_probability_lies_in_the_band_of_its_term(p):
    found = likelihood(p)
    assert found.low <= p <= found.high


@given(st.floats(LIKELY, 1))
def test_what_decides_a_verdict_is_at_least_likely(p):
    assert likelihood(p).message.endswith(("likely", "certain")) and likelihood(p).low >= 0.66


@pytest.mark.parametrize(
    ("evidence", "agreement", "term"),
    [
        ("limited", "low", "very low confidence"),
        ("limited", "medium", "low confidence"),
        ("limited", "high", "medium confidence"),
        ("medium", "low", "low confidence"),
        ("medium", "medium", "medium confidence"),
        ("medium", "high", "high confidence"),
        ("robust", "low", "medium confidence"),
        ("robust", "medium", "high confidence"),
        ("robust", "high", "very high confidence"),
    ],
)
def test_confidence_rises_with_either_grade(evidence, agreement, term):
    assert calibrated.confidence(evidence, agreement) == term


def test_a_grade_that_is_none_is_an_error():
    with pytest.raises(ValueError, match="not 'strong'"):
        calibrated.confidence("strong", "high")


def judged(*outcomes, combine="measures", grade="A", n=50, share=None):
    """A verdict on readings with these outcomes, that holds in a share, k of n, of other choices."""
    found = tuple(
        Reading(
            f"r{i}",
            {"en": "what"},
            (0, 1),
            (0, 2),
            outcome,
            Estimate.missing("1", "m")
            if outcome == "untested"
            else Estimate(1, 0, 2, 0.9, n, "1", "m", grade=grade),
        )
        for i, outcome in enumerate(outcomes)
    )
    tried = share and Specifications(pd.DataFrame(), *share)
    return Verdict({"id": "x", "combine": combine}, "unresolved", (), found, tried=lambda: tried)


S, P, C, U, X = "supported", "partly supported", "contradicted", "unresolved", "untested"


@pytest.mark.parametrize(
    ("grade", "evidence"),
    list(zip(GRADES, ["robust", "medium", "limited", "limited"], strict=True)),
)
def test_evidence_is_as_good_as_the_sources_of_the_headline(grade, evidence):
    """However many observations it has; and the headline is the first reading that was tested."""
    for n in (1, 5000):
        assert calibrated.grades(judged(S, grade=grade, n=n)) == (evidence, "high")
    assert calibrated.grades(judged(X, S, grade=grade)) == (evidence, "high")


@pytest.mark.parametrize(
    ("outcomes", "agreement"),
    [
        ([S], "high"),
        ([U], "high"),
        ([S, S, S], "high"),
        ([S, X], "high"),  # what wasn't tested says nothing
        ([S, P], "medium"),
        ([S, U], "medium"),
        ([C, U], "medium"),
        ([S, C], "low"),
        ([C, P, U], "low"),
        ([S, S, S, C], "low"),
    ],
)
def test_measures_of_one_thing_agree_as_far_as_they_come_out_alike(outcomes, agreement):
    assert calibrated.grades(judged(*outcomes)) == ("robust", agreement)


@pytest.mark.parametrize("combine", ["parts", "senses", None])
def test_parts_and_senses_may_differ(combine):
    assert calibrated.grades(judged(S, C, combine=combine)) == ("robust", "high")


@pytest.mark.parametrize(
    ("share", "agreement"),
    [
        (None, "high"),
        ((0, 0), "high"),  # no other choice allowed an estimate
        ((12, 12), "high"),
        ((8, 12), "high"),  # two thirds
        ((7, 12), "medium"),
        ((4, 12), "medium"),  # a third
        ((3, 12), "low"),
        ((0, 12), "low"),
    ],
)
def test_a_verdict_that_holds_under_few_other_choices_agrees_less(share, agreement):
    assert calibrated.grades(judged(S, share=share)) == ("robust", agreement)


@pytest.mark.parametrize(
    ("outcomes", "share", "agreement"),
    [
        ([S, C], (12, 12), "low"),
        ([S, P], (12, 12), "medium"),
        ([S, P], (1, 12), "low"),
        ([S, S], (6, 12), "medium"),
    ],
)
def test_the_lesser_of_the_two_agreements_counts(outcomes, share, agreement):
    assert calibrated.grades(judged(*outcomes, share=share)) == ("robust", agreement)


def test_a_verdict_on_which_nothing_was_tested_has_very_low_confidence():
    for nothing in (judged(X), judged(X, X, share=(12, 12)), judged()):
        assert calibrated.grades(nothing) == ("limited", "low")
        assert calibrated.confidence(*calibrated.grades(nothing)) == "very low confidence"
