"""Use of AI by size of firm, and newcomers: by hand, and what must hold for any survey."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from analysis.market import adoption

CLAIM = pd.Timestamp("2025-01-28")


def use_of(wording, size, shares, start, error=0.001):
    starts = pd.date_range(start, periods=len(shares), freq="14D")
    return pd.DataFrame(
        {
            "wording": wording,
            "size": size,
            "period_start": starts,
            "share": shares,
            "standard_error": error,
            "grade": "B",
        }
    )


def survey(small, large, wording="old", start="2025-01-21"):
    return pd.concat([use_of(wording, "1-4", small, start), use_of(wording, "250+", large, start)])


def test_an_odds_ratio_by_hand():
    # odds 1/9 to 1/4 among the small, 1 to 3/2 among the large: 2.25 over 1.5
    use = survey([0.1, 0.2], [0.5, 0.6])
    found = adoption.us_ratio(use, "1-4", CLAIM, 1, 0.9)
    assert found.value == pytest.approx(1.5) and found.n == 2
    # delta method: standard errors over p(1 - p), four of them
    error = 0.001 * np.sqrt(sum((1 / (p * (1 - p))) ** 2 for p in (0.1, 0.2, 0.5, 0.6)))
    assert np.log(found.high / found.value) == pytest.approx(1.645 * error, rel=0.02)


def test_wordings_are_multiplied_and_never_compared():
    old = survey([0.1, 0.2], [0.5, 0.6])
    # the new wording finds far more users at once, and no growth since
    new = survey([0.4, 0.4], [0.9, 0.9], "new", "2025-12-01")
    both = adoption.us_ratio(pd.concat([old, new]), "1-4", CLAIM, 1, 0.9)
    assert both.value == pytest.approx(1.5)
    assert len(adoption.us_growth(pd.concat([old, new]), "1-4", CLAIM, 1)) == 2


def test_growth_begins_with_the_last_periods_before_the_claim():
    small = [0.01, 0.1, 0.1, 0.2]
    use = survey(small, [0.5] * 4, start="2024-12-31")  # the third begins on the day of the claim
    found = adoption.us_growth(use, "1-4", CLAIM, 1)
    assert found["first"].iloc[0] == pd.Timestamp("2025-01-28")
    assert np.exp(found["value"].iloc[0]) == pytest.approx(2.25)
    assert adoption.us_growth(use, "1-4", pd.Timestamp("2025-03-01"), 1).empty  # none after


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99), st.floats(-2, 2))
def test_equal_steps_of_log_odds_are_no_difference(small, large, step):
    def moved(share):
        return 1 / (1 + np.exp(-adoption.log_odds(share) - step))

    use = survey([small, moved(small)], [large, moved(large)])
    assert adoption.us_ratio(use, "1-4", CLAIM, 1, 0.9).value == pytest.approx(1, rel=1e-6)


def eu_of(*rows):
    frame = pd.DataFrame(rows, columns=["year", "group", "share", "rounded"])
    return frame.assign(survey="firms_using_ai_eu", grade="A")


EU = [
    (2024, adoption.EU_SMALL, 0.10, False),
    (2024, adoption.EU_LARGE, 0.50, False),
    (2025, adoption.EU_SMALL, 0.20, False),
    (2025, adoption.EU_LARGE, 0.60, False),
]


def test_the_eu_survey_by_hand():
    found = adoption.eu_ratio(eu_of(*EU), CLAIM)
    assert found.value == pytest.approx(1.5) and found.level is None
    rounded = adoption.eu_ratio(eu_of(*((*row[:3], True) for row in EU)), CLAIM)
    odds = [p / (1 - p) for p in (0.195, 0.105, 0.605, 0.495)]
    assert rounded.low == pytest.approx(odds[0] / odds[1] / (odds[2] / odds[3]))
    assert rounded.low < found.low < 1.5 < found.high < rounded.high
    assert not adoption.eu_ratio(eu_of(*EU[:2]), CLAIM).known
    assert not adoption.eu_ratio(eu_of(*EU[:3]), CLAIM).known


def models_of(*rows):
    frame = pd.DataFrame(rows, columns=["year", "value", "published"])
    return frame.assign(
        measure="distinct_organizations",
        place="World",
        published=pd.to_datetime(frame["published"]),
        grade="B",
    )


EARLY, LATE = "2025-05-19", "2026-07-23"
EDITIONS = models_of((2024, 50, EARLY), (2024, 60, LATE), (2025, 45, LATE), (2026, 20, LATE))


def test_newcomers_are_held_against_the_last_edition_of_the_year_before():
    plain = adoption.newcomers(EDITIONS, CLAIM, 0.9, 2000, 1, "none")
    assert plain.value == pytest.approx(45 / 60) and plain.n == 105
    full = adoption.newcomers(EDITIONS, CLAIM, 0.9, 2000, 1, "full")
    assert full.value == pytest.approx(45 / 60 * 60 / 50)
    between = adoption.newcomers(EDITIONS, CLAIM, 0.9, 2000, 1)
    assert between.value == pytest.approx(45 / 60 * 1.1)
    assert plain.low < between.low and between.high < full.high


def test_newcomers_wait_for_a_full_year_after_the_claim():
    assert not adoption.newcomers(EDITIONS.head(1), CLAIM, 0.9, 100, 1).known
    assert not adoption.newcomers(EDITIONS.head(2), CLAIM, 0.9, 100, 1).known
    assert not adoption.newcomers(EDITIONS.head(0), CLAIM, 0.9, 100, 1).known
    later = pd.Timestamp("2026-03-01")
    assert not adoption.newcomers(EDITIONS, later, 0.9, 100, 1).known  # 2026 isn't over


def test_a_measure_s_change_is_within_the_last_edition():
    assert adoption.change_of(EDITIONS, "distinct_organizations", CLAIM) == (60, 45)
    assert np.isnan(adoption.change_of(EDITIONS.head(1), "distinct_organizations", CLAIM)[0])
