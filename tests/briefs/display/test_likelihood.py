import pytest
from hypothesis import given, strategies as st

from briefs.display import likelihood as calibrated
from briefs.values import Estimate, Reading, Verdict


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
    found = calibrated.likelihood(p)
    assert (found.term, found.with_band) == (term, written)


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
    assert calibrated.likelihood(p).term == term


@pytest.mark.parametrize("p", [-0.01, 1.01, float("nan"), float("inf")])
def test_no_word_without_a_probability(p):
    with pytest.raises(ValueError, match="probability"):
        calibrated.likelihood(p)


@given(st.floats(0, 1))
def test_every_probability_lies_in_the_band_of_its_term(p):
    found = calibrated.likelihood(p)
    assert found.low <= p <= found.high


@pytest.mark.parametrize(
    ("evidence", "agreement", "term"),
    [
        ("limited", "low", "very low confidence"),
        ("limited", "high", "medium confidence"),
        ("medium", "medium", "medium confidence"),
        ("robust", "low", "medium confidence"),
        ("medium", "high", "high confidence"),
        ("robust", "high", "very high confidence"),
    ],
)
def test_confidence_rises_with_either_grade(evidence, agreement, term):
    assert calibrated.confidence(evidence, agreement) == term


def test_a_grade_that_is_none_is_an_error():
    with pytest.raises(ValueError, match="not 'strong'"):
        calibrated.confidence("strong", "high")


def judged(*readings):
    found = tuple(
        Reading(
            f"r{i}",
            {"en": "what"},
            (0, 1),
            (0, 2),
            verdict,
            Estimate(1, 0, 2, 0.9, n, "1", "made up") if n else Estimate.missing("1", "made up"),
        )
        for i, (verdict, n) in enumerate(readings)
    )
    return Verdict({"id": "x"}, "unresolved", (), found)


@pytest.mark.parametrize(
    ("readings", "grades"),
    [
        ([("supported", 50)], ("robust", "high")),
        ([("supported", 12), ("supported", 3)], ("medium", "high")),
        ([("supported", 9)], ("limited", "high")),
        ([("supported", 50), ("unresolved", 0)], ("limited", "medium")),
        ([("supported", 50), ("contradicted", 50)], ("robust", "low")),
        ([("unresolved", 50)], ("robust", "low")),
        ([("contradicted", 50), ("unresolved", 9)], ("robust", "medium")),
    ],
)
def test_a_verdict_is_graded_by_its_readings(readings, grades):
    assert calibrated.grades(judged(*readings)) == grades


def test_the_kind_of_evidence_can_cap_its_grade():
    assert calibrated.grades(judged(("supported", 50)), "medium") == ("medium", "high")
    assert calibrated.grades(judged(("supported", 5)), "medium") == ("limited", "high")
