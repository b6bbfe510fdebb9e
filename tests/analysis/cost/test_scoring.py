"""Intervals of coverage and Diebold and Mariano's test, worked out by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from analysis.cost.scoring import block_interval, diebold_mariano


def p_of(statistic, freedom):
    return 2 * stats.t.sf(statistic, freedom)


@pytest.mark.parametrize(
    "difference, horizon, statistic",
    [
        # mean 2, variance 1/2, correction 3/4: 2 * sqrt(3/4 * 4 / (1/2))
        ([1, 2, 3, 2], 1, 2 * math.sqrt(6)),
        # the first autocovariance is 0; correction (4 + 1 - 4 + 2/4) / 4 = 3/8
        ([1, 2, 3, 2], 2, 2 * math.sqrt(3)),
        # 1/4 - 2 * 5/24 is below zero, so Newey and West's 1/4 - 5/24 = 1/24; correction 5/9
        ([0, 1, 0, 1, 0, 1], 2, 0.5 * math.sqrt(80)),
    ],
)
def test_diebold_and_mariano_by_hand(difference, horizon, statistic):
    found = diebold_mariano(np.array(difference, float), horizon)
    assert found == pytest.approx(p_of(statistic, len(difference) - 1))
    assert diebold_mariano(-np.array(difference, float), horizon) == pytest.approx(found)


@pytest.mark.parametrize("difference, horizon", [([1, 2, 3], 3), ([1.0], 1), ([2, 2, 2, 2], 1)])
def test_too_few_dates_or_losses_that_never_differ_tell_nothing(difference, horizon):
    assert math.isnan(diebold_mariano(np.array(difference, float), horizon))


def interval(hits, tries, block, n_boot=4000):
    rng = np.random.default_rng(1)
    return block_interval(np.array(hits), np.array(tries), block, 0.9, n_boot, rng)


def test_what_always_held_has_no_spread():
    assert interval([3, 3, 3], [3, 3, 3], 2) == (1, 1)


def test_no_interval_where_one_block_takes_in_all_dates():
    assert all(map(math.isnan, interval([1, 2, 3], [3, 3, 3], 3)))


def test_blocks_of_one_are_the_plain_bootstrap():
    # of 100 dates of one forecast each half held: a standard error of 0.05
    low, high = interval([0, 1] * 50, [1] * 100, 1)
    assert (low, high) == pytest.approx((0.5 - 1.645 * 0.05, 0.5 + 1.645 * 0.05), abs=0.011)


def test_forecasts_that_err_together_widen_it():
    hits = [0] * 10 + [1] * 10
    alone, together = interval(hits, [1] * 20, 1), interval(hits, [1] * 20, 6)
    assert together[1] - together[0] > 1.3 * (alone[1] - alone[0])


def test_every_date_counts_alike():
    # blocks go round the end: the mean over draws is the share itself
    rng = np.random.default_rng(2)
    ends = [
        block_interval(np.array([1, 0, 0, 0]), np.ones(4), 3, 1e-9, 1000, rng) for _ in range(40)
    ]
    assert np.mean(ends) == pytest.approx(0.25, abs=0.03)
