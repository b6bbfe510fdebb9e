"""The net index, its interval and the agreement of readers: worked out by hand and simulated."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa

from analysis.regulation import direction
from analysis.uncertainty import generator

DAY, START = pd.Timestamp("2025-01-01"), pd.Timestamp("2024-01-01")


def listed(*directions, place="EU", kind="binding", second=None, day="2025-03-01", names=None):
    """Decisions with these directions, each on an instrument of its own unless `names` says."""
    n = len(directions)
    return pd.DataFrame(
        {
            "instrument_id": list(names or [f"{place}{i}" for i in range(n)]),
            "date": pd.Timestamp(day),
            "event": "adopted",
            "direction": directions,
            "direction_second": pd.Series(second or directions, dtype="Int64"),
            "place": place,
            "kind": kind,
            "export_control": False,
            "stringency": 2,
            "date_basis": "source",
            "source_id": "a",
            "grade": "A",
        }
    )


def index(rows, votes="decision", level=0.9, size=20_000):
    signed = rows["direction"].to_numpy(float)
    return direction.net_index(rows, signed, level, size, generator(1, "test"), votes)


def test_the_index_by_hand():
    # 2 loosen, 1 tightens: (2 - 1) / 3; a neutral one is left out.
    found = index(listed(-1, -1, 1, 0))
    assert (found.value, found.n, found.unit) == (pytest.approx(1 / 3), 3, "share")
    assert index(listed(-1, -1)).value == 1 and index(listed(1)).value == -1
    assert not index(listed(0)).known and not index(listed()).known


def test_with_a_decision_an_instrument_the_draws_are_the_posterior_of_jeffreys():
    found = index(listed(*[-1] * 7, *[1] * 3))
    share = stats.beta(7.5, 3.5)
    ends = 2 * share.ppf([0.05, 0.95]) - 1
    assert [found.low, found.high] == pytest.approx(ends, abs=0.02)
    assert found.within(0, 1) == pytest.approx(share.sf(0.5), abs=0.01)


def test_decisions_on_one_instrument_move_together():
    """Six decisions on two instruments say less than six on six."""
    apart = index(listed(-1, -1, -1, 1, 1, 1))
    together = index(listed(-1, -1, -1, 1, 1, 1, names="aaabbb"))
    assert together.value == apart.value == 0
    assert together.high - together.low > 1.2 * (apart.high - apart.low)


def test_all_on_one_side_is_not_certain():
    found = index(listed(*[-1] * 5))
    assert found.value == found.high == 1 and found.low < 0.8


def test_one_vote_per_instrument_by_hand():
    # a cancels out, b loosens twice, c tightens: 1 : 1.
    rows = listed(1, -1, -1, -1, 1, names="aabbc")
    assert index(rows).value == pytest.approx(1 / 5)
    found = index(rows, "instrument")
    assert (found.value, found.n) == (0, 2)


def test_the_lead_is_a_difference_of_two_indices():
    home = pd.concat([listed(-1, -1, place="US-federal"), listed(1, 1, place="US-states")])
    rows = pd.concat([home, listed(1, 1, 1, -1)], ignore_index=True)
    found = direction.readings(rows, 0.9, 2000, 1)
    assert found["united_states"].value == 0 and found["us_lead"].value == pytest.approx(0.5)
    assert found["overall"].value == pytest.approx((3 - 5) / 8)
    assert found["us_lead"].low < 0.5 < found["us_lead"].high and found["us_lead"].n == 8
    assert all(e.grade == "A" and e.draws is not None for e in found.values())
    alone = direction.readings(home.reset_index(drop=True), 0.9, 200, 1)
    assert alone["united_states"].known and not alone["us_lead"].known


def test_directions_count_either_side_of_the_day():
    rows = pd.concat(
        [listed(1, 1, day="2024-05-01"), listed(-1, 1, day="2025-01-01")], ignore_index=True
    )
    found = direction.directions(rows, START, DAY, 0.9, 500, 1).set_index("scope").loc["all"]
    assert (found["before_tightening"], found["after_loosening"]) == (2, 1)
    assert found["before"].value == -1 and found["estimate"].value == 0
    assert found["change"].value == 1


def test_scopes_cut_by_place_and_kind():
    rows = pd.concat(
        [
            listed(1, place="US-federal"),
            listed(1, 1, place="US-states", kind="proposal"),
            listed(1, kind="soft"),
        ]
    ).assign(export_control=[True, False, False, False])
    assert {name: len(part) for name, part in direction.scopes(rows).items()} == {
        "all": 4,
        "us": 3,
        "us_federal": 1,
        "us_states": 2,
        "elsewhere": 1,
        "binding": 1,
        "soft": 1,
        "proposal": 2,
        "no_export_controls": 3,
        "us_federal_no_export_controls": 0,
    }


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from((-1, 1)), st.sampled_from("abcdef")), min_size=1))
def test_every_interval_holds_its_value_and_lies_on_the_scale(decisions):
    signs, names = zip(*decisions, strict=True)
    found = index(listed(*signs, names=names), size=200)
    assert -1 <= found.low <= found.value <= found.high <= 1


# -- agreement -----------------------------------------------------------------------------------


def test_kappa_by_hand():
    # Of 10, 7 agree; the first codes 5 : 5, the second 6 : 4. Chance: .5 * .6 + .5 * .4 = .5.
    first = [1] * 5 + [-1] * 5
    second = [1, 1, 1, 1, -1, -1, -1, -1, 1, 1]
    found = direction.kappa(listed(*first, second=second), 0.9, 2000, generator(1, "k"))
    assert (found.value, found.n) == (pytest.approx((0.7 - 0.5) / (1 - 0.5)), 10)
    assert found.low < found.value < found.high


def test_kappa_is_what_statsmodels_gives():
    rng = np.random.default_rng(3)
    first = rng.integers(-1, 2, 60)
    second = np.where(rng.random(60) < 0.7, first, rng.integers(-1, 2, 60))
    table = pd.crosstab(first, second).to_numpy()
    found = direction.kappa(listed(*first, second=list(second)), 0.9, 4000, generator(1, "k"))
    peer = cohens_kappa(table)
    assert found.value == pytest.approx(peer.kappa)
    assert (found.high - found.low) / 2 == pytest.approx(1.645 * peer.std_kappa, rel=0.15)


def test_without_a_second_reader_there_is_no_kappa():
    rows = listed(1, -1).assign(direction_second=pd.Series([None, None], dtype="Int64"))
    assert not direction.kappa(rows, 0.9, 100, generator(1, "k")).known


# -- documents -----------------------------------------------------------------------------------


def test_documents_by_hand():
    counts = pd.DataFrame(
        [("US-Congress", 2024, 8, 2), ("US-states", 2025, 4, 3), ("CN", 2025, 2, 0)],
        columns=["authority", "year", "documents", "with_penalties"],
    ).assign(with_support=0, source_id="a", grade="B")
    found = direction.documents(counts, 2025, 0.9).set_index(["authority", "since"])
    assert found["penalties"]["US", False].value == 0.25
    assert found["penalties"]["US", True].value == 0.75
    assert found["penalties"]["elsewhere", True].value == 0
    assert not found["penalties"]["elsewhere", False].known


# -- simulations with a known answer -------------------------------------------------------------


def covered(worlds, instruments, share, seed=2025):
    """How often the 90% interval holds the index of a made-up world of instruments.

    Each has one to three decisions that point one way, with the probability `share` of loosening.
    """
    rng = np.random.default_rng(seed)
    sizes = np.array([1, 2, 3])
    held = 0
    for _world in range(worlds):
        many = rng.choice(sizes, instruments, p=[0.7, 0.2, 0.1])
        loosens = rng.random(instruments) < share
        found = np.column_stack([many * loosens, many * ~loosens]).astype(float)
        draws = direction.index_draws(found, 300, rng)
        low, high = np.quantile(draws, [0.05, 0.95])
        held += low <= 2 * share - 1 <= high
    return held / worlds


@pytest.mark.parametrize(("instruments", "share"), [(20, 0.3), (80, 0.4), (12, 0.05)])
def test_the_interval_covers_a_known_index(instruments, share):
    assert (
        0.82 <= covered(300, instruments, share) <= 0.99
    )  # 88 to 95% of many worlds; see benchmarks/
