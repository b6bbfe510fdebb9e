"""The values that all parts share: what they refuse, and what they leave in results.json."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from briefs.values import Estimate, Phrase, Reading, Verdict


def estimate(value=2.0, low=1.0, high=3.0, level=0.9):
    return Estimate(value, low, high, level, 5, "USD", "made up")


# -- dumb cases ---------------------------------------------------------------------------------


def test_no_estimate_is_null_in_json():
    nothing = Estimate.missing("USD", "too thin", 2)
    assert not nothing.known
    text = json.dumps(nothing.to_json(), allow_nan=False)  # NaN is not JSON
    assert json.loads(text) == {
        "value": None,
        "low": None,
        "high": None,
        "level": None,
        "n": 2,
        "unit": "USD",
        "method": "too thin",
        "grade": "",
        "bounded": False,
    }


def test_nothing_is_known_of_a_value_without_an_end():
    assert estimate().known
    for broken in (estimate(value=math.nan), estimate(low=math.nan), estimate(high=math.inf)):
        assert not broken.known
        assert None in broken.to_json().values()


def test_an_infinite_end_is_null_and_the_rest_stays():
    assert estimate(high=math.inf).to_json() == {
        "value": 2.0,
        "low": 1.0,
        "high": None,
        "level": 0.9,
        "n": 5,
        "unit": "USD",
        "method": "made up",
        "grade": "",
        "bounded": False,
    }


def test_ends_the_wrong_way_round_are_refused():
    with pytest.raises(ValueError, match=r"from low to high, not 3\.0 to 1\.0"):
        estimate(low=3, high=1)


def test_a_point_is_an_interval():
    assert estimate(2, 2, 2).known


@pytest.mark.parametrize("level", [90, 1, 0, -0.1, 1.5])
def test_a_level_is_a_probability(level):
    with pytest.raises(ValueError, match="between 0 and 1"):
        estimate(level=level)


def test_ends_without_probability_have_no_level():
    assert estimate(level=None).to_json()["level"] is None


def test_numbers_of_numpy_become_plain():
    plain = estimate(np.float32(2), np.int64(1), 3)
    assert {type(plain.value), type(plain.low), type(plain.high)} == {float}
    assert json.dumps(plain.to_json())


def test_an_estimate_cannot_be_changed():
    with pytest.raises(AttributeError):
        estimate().value = 7


# -- draws and grades ---------------------------------------------------------------------------


def made_of(*figures, level=0.9):
    return replace(estimate(level=level), draws=np.array(figures, float))


@pytest.mark.parametrize(
    ("found", "low", "high", "share"),
    [
        (made_of(1, 2, 3, 4), 2, 3, 0.5),  # ends belong to a range
        (made_of(1, 2, 3, 4), -math.inf, 3.5, 0.75),
        (made_of(1, 2, 3, 4), 5, math.inf, 0),
        (made_of(1, 2, math.nan), 1, 1, 0.5),  # a draw that allowed no number is none
        (made_of(1, 2, math.inf), 0, 9, 2 / 3),  # an endless one is outside
        (made_of(1, 2, 3, level=None), 1, 2, 2 / 3),  # of published figures, their share
        (estimate(2, 1, 3, None), 1, 2, 2 / 3),  # of what names none: low, value, high
        (estimate(2, 2, 2, None), 2, 2, 1),
    ],
)
def test_within_is_the_part_of_the_draws_in_a_range(found, low, high, share):
    assert found.within(low, high) == pytest.approx(share)


def test_draws_stay_out_of_json_and_of_comparison():
    assert "draws" not in made_of(1, 2).to_json() and "draws" not in repr(made_of(1, 2))
    assert made_of(1, 2) == estimate()


@pytest.mark.parametrize(
    ("grades", "grade"),
    [
        (["A"], "A"),
        (["C", "A", "A"], "A"),  # the typical row, in whatever order
        (["A", "B", "C"], "B"),
        (["A", "C"], "C"),  # of two in the middle the worse
        (["D", "D", "D"], "D"),
        (["D", "A", "D"], "C"),  # D stands only where no row is better
        (["D", "D", "C"], "C"),
        (["D", "A", "A"], "A"),
    ],
)
def test_an_estimate_is_as_good_as_its_typical_row(grades, grade):
    assert estimate().graded(grades).grade == grade
    assert estimate().graded(grades[:1], grades[1:]).grade == grade  # columns count together
    assert estimate().graded(grades).to_json()["grade"] == grade


def test_no_rows_say_nothing_of_a_grade():
    assert estimate().graded([]).grade == "" and estimate().graded(["B"]).graded([]).grade == "B"


def test_a_grade_that_is_none_is_refused():
    with pytest.raises(ValueError, match="grade is one of A, B, C, D, not 'E'"):
        estimate().graded(["E"])


# -- phrases and verdicts -----------------------------------------------------------------------


def test_a_phrase_reads_as_english():
    phrase = Phrase(
        "{what}: {value} of {n} ({word}).",
        {
            "what": ("localized", {"en": "Price", "ms": "Harga"}),
            "value": ("usd", 1234567.0),
            "n": ("number", 12),
            "word": ("text", "list"),
        },
    )
    assert str(phrase) == "Price: 1.235e+06 of 12 (list)."


def test_a_phrase_without_values_is_its_message():
    assert str(Phrase("Nothing is known.", {})) == "Nothing is known."


def test_a_phrase_that_lacks_a_value_says_which():
    with pytest.raises(KeyError, match="value"):
        str(Phrase("It is {value}.", {}))


def verdict(*outcomes):
    readings = tuple(
        Reading(f"r{n}", {"en": "x"}, (0, 1), (0, 2), outcome, estimate(n + 1))
        for n, outcome in enumerate(outcomes)
    )
    return Verdict({"id": "x"}, "unresolved", (), readings)


@pytest.mark.parametrize(
    ("outcomes", "name"),
    [
        (["supported", "contradicted"], "r0"),
        (["unresolved", "supported"], "r0"),  # open is tested, too
        (["untested", "contradicted", "supported"], "r1"),
        (["untested", "untested"], "r0"),
    ],
)
def test_the_first_tested_reading_is_the_headline(outcomes, name):
    found = verdict(*outcomes)
    assert found.headline.id == name and found.estimate is found.headline.estimate


def test_without_readings_there_is_no_headline():
    assert verdict().headline is verdict().estimate is None


def test_other_choices_are_tried_once_and_only_when_asked_for():
    asked = []
    found = Verdict({"id": "x"}, "supported", (), (), tried=lambda: asked.append(1))
    assert asked == []
    assert found.specifications is found.specifications is None and asked == [1]


@pytest.mark.parametrize(
    ("outcome", "probability"),
    [("supported", 0.7), ("partly supported", 0.9), ("contradicted", 0.1), ("unresolved", 0.9)],
)
def test_the_probability_of_a_reading_is_that_of_its_outcome(outcome, probability):
    found = Reading("r", {"en": "x"}, (0, 1), (0, 2), outcome, estimate(), (0.7, 0.9))
    assert found.probability == pytest.approx(probability)
    none = Reading("r", {"en": "x"}, (0, 1), (0, 2), outcome, estimate())
    assert math.isnan(none.probability) and math.isnan(none.power)


def test_an_opinion_has_no_estimate():
    assert Verdict({"id": "x"}, "opinion", (), ()).estimate is None


# -- phrases --------------------------------------------------------------------------------------


def test_a_method_with_numbers_is_text_in_json():
    few = Phrase("fewer than {n} sources", {"n": ("integer", 2)})
    assert Estimate.missing("USD", few).to_json()["method"] == "fewer than 2 sources"
