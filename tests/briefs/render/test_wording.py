import pytest

from briefs.render import wording


def reading(name, verdict, **more):
    return {
        "quantity": name,
        "verdict": verdict,
        "estimate": {"value": 0.5, "unit": "share", "n": 1},
        **more,
    }


@pytest.mark.parametrize(
    ("verdict", "readings", "shown"),
    [
        ("supported", [reading("main", "supported"), reading("other", "supported")], "main"),
        (
            "partly supported",
            [reading("main", "unresolved"), reading("other", "supported")],
            "other",
        ),
        (
            "partly supported",
            [reading("main", "contradicted"), reading("other", "supported")],
            "main",
        ),
        (
            "partly supported",
            [
                reading("main", "unresolved"),
                reading("foreseen", "supported", forecast=True),
                reading("other", "supported"),
            ],
            "other",
        ),
        ("unresolved", [reading("main", "unresolved"), reading("other", "contradicted")], "main"),
    ],
)
def test_one_line_shows_the_reading_that_settled_a_claim(verdict, readings, shown):
    assert wording.deciding_reading({"verdict": verdict, "readings": readings})["quantity"] == shown


def test_a_claim_without_readings_shows_its_own_estimate():
    claim = {"verdict": "opinion", "quantity": None, "estimate": None}
    assert wording.deciding_reading(claim) == {"quantity": None, "estimate": None}


def test_a_forecast_says_that_it_does_not_count():
    assert (
        wording.quantity(reading("Share", "supported", forecast=True))
        == "Share (a forecast, which doesn't count)"
    )
    assert wording.quantity(reading("Share", "supported")) == "Share"
