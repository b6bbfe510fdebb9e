"""The values that all parts share: what they refuse, and what they leave in results.json."""

import json
import math

import numpy as np
import pytest

from briefs.values import VERDICTS, Estimate, Phrase, Reading, Verdict, joined


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


def test_the_first_reading_is_the_verdict_s_estimate():
    readings = tuple(
        Reading(name, {"en": name}, (0, 1), (0, 2), VERDICTS[0], estimate(value))
        for name, value in (("main", 1.5), ("other", 2.5))
    )
    assert Verdict({"id": "x"}, VERDICTS[0], (), readings).estimate.value == 1.5


def test_an_opinion_has_no_estimate():
    assert Verdict({"id": "x"}, "opinion", (), ()).estimate is None


# -- phrases --------------------------------------------------------------------------------------


def test_methods_are_joined_and_stay_text_in_json():
    few = Phrase("fewer than {n} sources", {"n": ("integer", 2)})
    both = joined("a spread", few)
    assert str(both) == "a spread; fewer than 2 sources"
    assert Estimate.missing("USD", both).to_json()["method"] == "a spread; fewer than 2 sources"


@pytest.mark.parametrize(
    "first, second, text", [("", "fit", "fit"), ("fit", "", "fit"), ("", "", "")]
)
def test_a_method_alone_stays_as_it_is(first, second, text):
    assert joined(first, second) == text
