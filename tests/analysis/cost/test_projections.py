"""The random walk and its calibration, worked out by hand."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from analysis.cost import projections
from analysis.cost.projections import PRIOR, WIDTH

steps = st.lists(st.floats(-2, 0.5), min_size=2, max_size=30)


def walk(step, age=None, start=0, horizon=2):
    age = np.full(len(step), 3) if age is None else np.array(age)
    return projections.walks(age, np.array(step, float), np.array([start]), (horizon,))[0, 0]


def at(distribution, *probabilities):
    return list(projections.quantiles(distribution, np.array(probabilities)))


def test_two_months_of_halving_or_nothing():
    # -1 or 0 with one half each: after two months -2, -1 and 0 with 1/4, 1/2 and 1/4
    found = walk([-1, 0])
    assert at(found, 0.2, 0.25, 0.26, 0.5, 0.75, 0.76) == pytest.approx([-2, -2, -1, -1, -1, 0])


def test_steps_near_the_age_of_the_level_count_most():
    # log 101 - log 2 is 3.92 standard deviations: the other step weighs exp(-7.69) of this one
    found = walk([-1, 0], age=[1, 100], start=0, horizon=1)
    below = projections.position(found[None], np.array([-1.0]))[0]
    assert below == pytest.approx([0, 1 / (1 + np.exp(-((np.log(101) - np.log(2)) ** 2) / 2))])


def test_the_age_grows_on_the_way():
    # a step of -1 at age 1, of 0 at any great age: the second month's age is 2, nearer to 1 than to 400
    both = walk([-1, 0], age=[1, 400], start=0, horizon=2)
    assert at(both, 0.5) == [-2]
    assert at(walk([-1, 0], age=[1, 400], start=398, horizon=2), 0.5) == [0]


def test_where_an_outcome_fell():
    found = np.stack([walk([-1, 0])] * 3)
    fell = projections.position(found, np.array([-2.0, -1.0, 0.5]))
    np.testing.assert_allclose(fell, [[0, 0.25], [0.25, 0.75], [1, 1]], atol=1e-9)


def test_calibration_by_hand():
    # as many forecasts as the prior weighs, all outcomes in the lower half: G(1/2) = (1/2 + 1) / 2
    fell = np.tile([0.0, 0.5], (PRIOR, 1))
    assert projections.calibrated(fell, np.array([0.375, 0.75])) == pytest.approx([0.25, 0.5])


def test_without_past_forecasts_nothing_is_corrected():
    asked = projections.calibrated(np.empty((0, 2)), projections.PROBABILITIES)
    np.testing.assert_allclose(asked, projections.PROBABILITIES, atol=1e-9)


def test_prices_that_never_moved_give_a_fan_without_width():
    assert set(at(walk([0] * 30, horizon=12), 0.01, 0.5, 0.99)) == {0}


@settings(max_examples=25)
@given(steps, st.integers(0, 40), st.integers(0, 60))
def test_quantiles_never_cross_and_a_wider_band_holds_the_narrower(step, start, low):
    fell = np.tile([low / 100, low / 100 + 0.3], (20, 1))
    asked = projections.calibrated(fell, projections.PROBABILITIES)
    found = projections.quantiles(walk(step, start=start, horizon=6), asked)
    assert (np.diff(asked) >= 0).all() and (np.diff(found) >= 0).all()


@settings(max_examples=25)
@given(steps, st.integers(1, 12))
def test_the_mean_of_the_walk_is_that_of_its_steps(step, horizon):
    step = np.round(step, 2)  # on the grid
    mass = np.diff(walk(step, horizon=horizon), prepend=0)
    grid = (np.arange(projections.BINS) - projections.ZERO) * WIDTH
    if horizon * step.min() > -29 and horizon * step.max() < 10:
        assert mass @ grid == pytest.approx(horizon * step.mean(), abs=1e-6)


def test_the_brief_says_how_often_the_test_origins_were_looked_at():
    notebook = Path(__file__).parents[3] / "notebooks" / "cost-revolution.ipynb"
    said = {1: "they were looked at once.", 2: "they were looked at twice."}
    assert said[projections.LOOKS] in notebook.read_text(encoding="utf-8")
