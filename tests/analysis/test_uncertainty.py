"""Intervals, against numbers worked out by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from analysis import uncertainty
from briefs.values import Estimate

#: Quantiles of Student's t that tables print, for a 90% interval: 1 and 2 degrees of freedom.
T1, T2 = 6.313752, 2.919986
#: Of the normal distribution, for a 90% interval.
Z = 1.644854


def rng(seed=1):
    return np.random.default_rng(seed)


def interval(draws, value=3.0, level=0.5):
    return uncertainty.percentile_interval(
        value, np.array(draws, float), level, 4, "USD", "made up"
    )


# -- dumb cases ---------------------------------------------------------------------------------


def test_constant_data_have_no_width():
    data = np.full(6, 7.0)
    draws = uncertainty.cluster_draws(lambda pick: np.array([data[pick].mean()]), 6, 100, rng())
    found = interval(draws[:, 0], value=7)
    assert (found.value, found.low, found.high) == (7, 7, 7)


def test_too_few_usable_draws_give_no_estimate():
    nan = np.nan
    assert not interval([1, 2, nan, nan, nan]).known  # 2 of 5 is under half
    assert interval([1, 2, 3, nan, nan]).known  # 3 of 5 is not
    assert not interval([nan] * 5).known


def test_an_infinite_draw_is_not_usable():
    assert not interval([1, 2, np.inf, -np.inf, np.inf]).known


def test_no_value_gives_no_estimate_and_keeps_the_count():
    found = interval([1, 2, 3], value=np.nan)
    assert not found.known
    assert (found.n, found.unit, found.method) == (4, "USD", "made up")


# -- percentile interval and draws --------------------------------------------------------------


def test_percentile_interval_by_hand():
    # Sorted 1 2 3 4 5: the middle half runs from position 0.25*4 = 1 to 0.75*4 = 3, that is 2 to 4.
    found = interval([5, 1, 4, 2, 3], value=2.5, level=0.5)
    assert found == Estimate(2.5, 2, 4, 0.5, 4, "USD", "made up")
    # The middle 80%: positions 0.4 and 3.6, between 1 and 2, and between 4 and 5.
    wide = interval([5, 1, 4, 2, 3], level=0.8)
    assert (wide.low, wide.high) == pytest.approx((1.4, 4.6))


def test_each_draw_takes_as_many_clusters_as_there_are():
    picks = uncertainty.cluster_draws(lambda pick: pick, 5, 40, rng())
    assert picks.shape == (40, 5)
    assert set(picks.ravel()) == set(range(5))
    assert any(len(set(pick)) < 5 for pick in picks)  # with replacement


def test_same_seed_same_bytes():
    def draws(seed, purpose="prices"):
        source = uncertainty.generator(seed, purpose)
        return uncertainty.cluster_draws(
            lambda pick: np.array([pick.mean()]), 5, 50, source
        ).tobytes()

    assert draws(2025) == draws(2025)
    assert draws(2025) != draws(2026)
    assert draws(2025) != draws(2025, "training")


# -- regression ---------------------------------------------------------------------------------


def test_regression_recovers_an_exact_line():
    x = pd.DataFrame({"years": [0.0, 1, 2, 4, 7], "quality": [1.0, 0, 0, 1, 3]})
    fit = uncertainty.regression(3 + 2 * x["years"] - 5 * x["quality"], x, 0.9)
    assert list(fit.index) == ["years", "quality"]
    assert list(fit.columns) == ["value", "se", "low", "high"]
    assert fit["value"].to_list() == pytest.approx([2, -5])
    assert fit["high"].to_list() == pytest.approx(fit["low"].to_list())


# Four points: the line is 3 + 2x, its residuals -1, 1, -1, 1, and the sum of squares of x is 4.
X, Y = pd.DataFrame({"x": [-1.0, -1, 1, 1]}), pd.Series([0.0, 2, 4, 6])


def test_robust_errors_by_hand():
    # Each point has leverage 1/4 + 1/4 = 1/2. HC3: sum of (x e / (1 - 1/2))² = 4 * 4 = 16; 16 / 4² = 1.
    fit = uncertainty.regression(Y, X, 0.9).loc["x"]
    assert fit["value"] == pytest.approx(2)
    assert fit["se"] == pytest.approx(1)
    assert (fit["low"], fit["high"]) == pytest.approx(
        (2 - T2, 2 + T2), rel=1e-5
    )  # 4 points - 2 coefficients


def test_clustered_errors_by_hand():
    # Groups {1, 4} and {2, 3}: sums of x e are 1 + 1 = 2 and -1 - 1 = -2, their squares add up to 8; 8 / 4² = 1/2.
    # Small-sample factor: G/(G-1) * (n-1)/(n-k) = 2 * 3/2 = 3, so the variance is 3/2.
    fit = uncertainty.regression(Y, X, 0.9, pd.Series(["a", "b", "b", "a"])).loc["x"]
    assert fit["se"] == pytest.approx(1.5**0.5)
    assert fit["high"] == pytest.approx(
        2 + T1 * 1.5**0.5, rel=1e-5
    )  # two groups leave one degree of freedom


def test_names_of_groups_and_labels_of_rows_do_not_matter():
    groups = pd.Series(["a", "b", "b", "a"])
    plain = uncertainty.regression(Y, X, 0.9, groups)
    index = [9, 4, 2, 7]
    other = uncertainty.regression(
        Y.set_axis(index), X.set_axis(index), 0.9, pd.Series(["z", "c", "c", "z"])
    )
    pd.testing.assert_frame_equal(plain, other)


# -- means, published intervals, transformations ------------------------------------------------


class Fixed:
    """Source of the standard normal numbers that a test chose."""

    def __init__(self, *z):
        self.z = np.array(z)

    def standard_normal(self, size):
        assert size == self.z.size
        return self.z


def test_split_normal_puts_the_published_ends_at_their_quantiles():
    # Down: 4 per half interval; up: 10. Twice as far out is twice as far from the median.
    found = uncertainty.split_normal(10, 6, 20, 0.9, 5, Fixed(-2 * Z, -Z, 0, Z, 2 * Z))
    assert found == pytest.approx([2, 6, 10, 20, 30], rel=1e-5)


def test_split_normal_reproduces_the_published_interval():
    draws = uncertainty.split_normal(10, 6, 20, 0.9, 40_000, rng())
    assert np.quantile(draws, [0.05, 0.5, 0.95]) == pytest.approx([6, 10, 20], abs=0.25)


def test_a_rising_function_keeps_the_ends_and_a_falling_one_swaps_them():
    rate = Estimate(0.5, 0.2, 0.8, 0.9, 3, "share", "fit")
    assert uncertainty.transformed(rate, lambda d: 100 * d, "percent") == Estimate(
        50, 20, 80, 0.9, 3, "percent", "fit"
    )
    left = uncertainty.transformed(rate, lambda d: 10 - 10 * d, "USD")
    assert (left.value, left.low, left.high) == pytest.approx((5, 2, 8))
    assert left.method == "fit"


def test_nothing_known_stays_unknown():
    found = uncertainty.transformed(Estimate.missing("share", "fit", 2), lambda d: 1 / 0, "months")
    assert not found.known
    assert (found.unit, found.n, found.method) == ("months", 2, "fit")


def test_the_score_interval_by_hand():
    # Wilson with z = 1.6449: none of 370 leaves z^2 / (n + z^2) = 2.7055 / 372.7055
    found = uncertainty.wilson(0, 370, 0.9, "made up")
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(2.705543 / 372.705543, rel=1e-5)
    assert not uncertainty.wilson(0, 0, 0.9, "made up").known


# -- properties ---------------------------------------------------------------------------------


numbers = st.floats(-1e6, 1e6)


@given(st.lists(numbers, min_size=1, max_size=30), st.floats(0.1, 0.98))
def test_a_wider_level_holds_a_narrower_one(draws, level):
    inner, outer = interval(draws, level=level), interval(draws, level=min(0.99, level + 0.01))
    slack = 1e-9 * max(map(abs, draws))  # rounding of the interpolation
    assert outer.low <= inner.low + slack and inner.low <= inner.high <= outer.high + slack
    assert min(draws) - slack <= outer.low and outer.high <= max(draws) + slack


@given(numbers, st.floats(0.01, 1e3), st.floats(0.01, 1e3))
def test_simulated_values_lie_on_their_side_of_the_median(value, down, up):
    draws = uncertainty.split_normal(value, value - down, value + up, 0.9, 50, rng(3))
    z = rng(3).standard_normal(50)
    assert ((draws >= value) == (z >= 0)).all()


@given(n=st.integers(1, 500), data=st.data(), level=st.sampled_from([0.5, 0.9, 0.99]))
def test_a_score_interval_holds_its_share_and_stays_within_bounds(n, data, level):
    share = data.draw(st.integers(0, n)) / n
    found = uncertainty.wilson(share, n, level, "made up")
    assert 0 <= found.low <= share <= found.high <= 1


# -- effects pooled -----------------------------------------------------------------------------


def together(effects, errors, common=0.0, draws=4000, seed=3):
    """Draws of effects with errors of their own and one that all share."""
    own = rng(seed).normal(size=(draws, len(effects))) * errors
    return np.array(effects) + own + common * rng(seed + 1).normal(size=(draws, 1))


def test_effects_alike_pool_to_their_precision_weighted_mean():
    effects = np.array([1.0, 1.1])
    found = uncertainty.random_effects(effects, together(effects, [0.1, 0.2]), 10**6)
    # Weights 100 and 25; no more spread than errors explain; error 1 / sqrt 125, not scaled down.
    assert found.spread == 0 and found.freedom == 1
    assert found.mean == pytest.approx(1.02, abs=2e-3)
    assert found.error == pytest.approx(125**-0.5, rel=0.05)


def test_effects_that_differ_weigh_alike_and_widen_the_error():
    effects = np.array([0.0, 2.0, 4.0])
    found = uncertainty.random_effects(effects, together(effects, [0.02] * 3), 10**6)
    # Deviation 2 between them: error 2 / sqrt 3; a further one lies around with sqrt(4 + 4/3).
    assert (found.mean, found.spread) == pytest.approx((2, 2), abs=0.01)
    assert found.error == pytest.approx(2 / 3**0.5, rel=0.01)
    assert found.scatter == pytest.approx((4 + 4 / 3) ** 0.5, rel=0.01)


def test_an_error_in_common_does_not_average_out():
    effects = np.full(5, 1.0)
    found = uncertainty.random_effects(effects, together(effects, [0.1] * 5, common=0.5), 10**6)
    assert found.error > 0.45


def test_one_effect_has_the_error_of_its_draws_and_few_clusters_widen_it():
    draws = together([2.0], [0.3])
    found = uncertainty.random_effects(np.array([2.0]), draws, 4)
    assert (found.mean, found.freedom, found.k) == (2, 3, 1)
    assert found.error == pytest.approx(0.3 * (4 / 3) ** 0.5, rel=0.05)


def test_what_is_unknown_or_never_varies_does_not_count():
    draws = together([1.0, 2.0, 3.0], [0.1, 0.1, 0.0])  # the third is one cluster's own
    draws[:, 1] = np.nan
    found = uncertainty.random_effects(np.array([1.0, 2.0, 3.0]), draws, 9)
    assert (found.mean, found.k) == (1, 1)
    assert uncertainty.random_effects(np.array([np.nan]), draws[:, :1], 9).k == 0
    assert np.isnan(uncertainty.random_effects(np.array([1.0]), draws[:, :1], 1).mean)


def test_pooled_intervals_cover_a_known_mean():
    random, held = rng(11), 0
    for _ in range(400):
        truth = random.normal(1, 0.5, 6)
        errors = random.uniform(0.1, 0.6, 6)
        effects = truth + errors * random.normal(size=6)
        draws = effects + errors * random.normal(size=(200, 6))
        found = uncertainty.random_effects(effects, draws, 10**6)
        held += abs(found.mean - 1) <= 2.015048 * found.error  # Student's t, 5 degrees of freedom
    assert 0.85 <= held / 400 <= 0.95
