"""The rule: from draws and published figures to outcomes, from outcomes to a verdict and its reason."""

import dataclasses
import itertools
import math
import string
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from scipy import optimize, stats

from briefs.display import i18n
from briefs.evidence.claims import Claim, ClaimError, combine, judge, load_claims
from briefs.evidence.verdicts import power
from briefs.values import Estimate

CLAIMS = Path(__file__).parents[3] / "data" / "claims.yml"

S, P, C, U, X = "supported", "partly supported", "contradicted", "unresolved", "untested"
MIXED = "mixed"
MISSING = Estimate.missing("ratio", "too few prices")

#: A value for each place that a quantity can lie in, by the ranges of `reading`.
IN_SUPPORTED, IN_PARTLY, OUTSIDE = 3.0, 6.0, 20.0


def text(en="text", ms="teks"):
    return {"en": en, "ms": ms}


def reading(id="price", **changes):
    """A reading supported from 2 to 4 and partly from 1 to 8."""
    name = id.capitalize()
    return {
        "id": id,
        "quantity": text(f"{name} ratio", f"Nisbah {name}"),
        "unit": "ratio",
        "supported": [2, 4],
        "partly": [1, 8],
        "if_right": 3,
        **changes,
    }


def claim(*readings, **changes):
    return Claim.model_validate(
        {
            "id": "cost-1",
            "report": "cost-revolution",
            "name": text("Prices fall", "Harga turun"),
            "kind": "measurable",
            "statement": text("Prices fell.", "Harga menurun."),
            "wording": {"kind": "paraphrase", "text": "prices fell", "language": "en"},
            "said_by": text(),
            "said_on": "2025-01-28",
            "outlet": text(),
            "attribution": text(),
            "interest": None,
            "source_ids": ["article_under_test"],
            "readings": list(readings) or [reading()],
            "would_change": text(),
            **changes,
        }
    )


def several(how, count=2, **changes):
    """A claim of several readings r1, r2, ..."""
    return claim(*(reading(f"r{n}") for n in range(1, count + 1)), combine=how, **changes)


def drawn(draws, unit="ratio", level=0.9, grade="A"):
    """An estimate with these draws: only they decide, its value and interval are for show."""
    draws = np.asarray(draws, float)
    return Estimate(np.median(draws), draws.min(), draws.max(), level, 7, unit, "m", draws, grade)


def parted(supported, partly, outside, **more):
    """An estimate with so many draws in the range for support, in the wider one alone, and outside."""
    counts = (supported, partly, outside)
    return drawn(np.repeat([IN_SUPPORTED, IN_PARTLY, OUTSIDE], counts), **more)


def published(*figures, grade="A"):
    return drawn(figures, level=None, grade=grade)


#: An estimate for each outcome of a reading.
GIVING = {
    S: parted(9, 0, 0),
    P: parted(0, 9, 0),
    C: parted(0, 0, 9),
    U: parted(0, 5, 5),
    X: MISSING,
}


def judged(how, *outcomes, **changes):
    """Judge a claim on an estimate for each of these outcomes."""
    given_ = {f"r{n}": GIVING[outcome] for n, outcome in enumerate(outcomes, 1)}
    return judge(several(how, len(outcomes), **changes), given_)


def outcome_of(estimate, **ranges):
    return judge(claim(reading(**ranges)), {"price": estimate}).readings[0]


def reasons(verdict):
    return [i18n.phrase(sentence) for sentence in verdict.reason]


# --- one reading, from draws ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("supported", "partly", "outside", "expected"),
    [
        (300, 0, 0, S),
        (200, 0, 100, S),  # two thirds are enough
        (200, 100, 0, S),
        (199, 0, 101, U),  # a draw less, and nothing else holds
        (199, 1, 100, P),  # both ranges together have their two thirds
        (0, 300, 0, P),
        (0, 200, 100, P),
        (0, 199, 101, U),
        (100, 99, 101, U),
        (0, 150, 150, U),
        (101, 0, 199, U),
        (0, 101, 199, U),
        (100, 0, 200, C),  # a third is too little
        (0, 100, 200, C),
        (50, 50, 200, C),
        (0, 0, 300, C),
    ],
)
def test_two_thirds_and_one_third_of_the_draws_decide(supported, partly, outside, expected):
    found = outcome_of(parted(supported, partly, outside))
    assert found.outcome == expected
    assert found.probabilities == pytest.approx((supported / 300, (supported + partly) / 300))
    assert found.cause == ("too imprecise" if expected == U else "")


@pytest.mark.parametrize("size", [3, 6, 9, 21, 300, 999, 1000 * 3])
def test_no_rounding_moves_a_third(size):
    third = size // 3
    assert outcome_of(parted(size - third, 0, third)).outcome == S
    assert outcome_of(parted(0, size - third, third)).outcome == P
    assert outcome_of(parted(0, third, size - third)).outcome == C


@pytest.mark.parametrize(("at", "expected"), [(2, S), (4, S), (1, P), (8, P), (0.99, C), (8.01, C)])
def test_ends_belong_to_a_range(at, expected):
    assert outcome_of(drawn([at] * 9)).outcome == expected


@pytest.mark.parametrize(
    ("draws", "expected"), [([-1e9, 0, 1], S), ([0, 1, 9], S), ([0, 9, 9], C), ([0, 0, 9, 9], U)]
)
def test_an_open_end_has_no_limit(draws, expected):
    ranges = {"unit": "1", "supported": [None, 1], "partly": [None, 1], "if_right": 0}
    assert outcome_of(drawn(draws, "1"), **ranges).outcome == expected
    mirrored = ranges | {"supported": [-1, None], "partly": [-1, None]}
    assert outcome_of(drawn([-x for x in draws], "1"), **mirrored).outcome == expected


def test_a_draw_that_allowed_no_number_has_no_vote():
    found = outcome_of(parted(2, 0, 1))
    with_gaps = np.append(found.estimate.draws, [math.nan] * 5)
    again = outcome_of(dataclasses.replace(found.estimate, draws=with_gaps))
    assert (again.outcome, again.probabilities) == (S, found.probabilities)


@pytest.mark.parametrize(
    ("counts", "probability"),
    [((9, 1, 0), 0.9), ((1, 8, 1), 0.9), ((1, 0, 9), 0.9), ((2, 3, 5), 0.5)],
)
def test_the_probability_shown_is_that_of_the_outcome(counts, probability):
    """Of support, of any support, of none; of any support where nothing is settled."""
    assert outcome_of(parted(*counts)).probability == pytest.approx(probability)


places = st.lists(st.integers(0, 2), min_size=3, max_size=30)


@settings(max_examples=50)
@given(places, st.integers(0, 29), st.booleans())
def test_a_draw_nearer_to_the_claim_never_tells_against_it(draws, which, far):
    rank = [C, U, P, S].index
    nearer = list(draws)
    nearer[which % len(draws)] = max(0, nearer[which % len(draws)] - 1 - far)
    values = np.array([IN_SUPPORTED, IN_PARTLY, OUTSIDE])
    before, after = (outcome_of(drawn(values[d])).outcome for d in (draws, nearer))
    assert rank(after) >= rank(before)


@settings(max_examples=50)
@given(places, st.floats(-1e3, 1e3), st.integers(0, 99), st.sampled_from([0.5, 0.9, 0.99]))
def test_only_the_draws_decide(draws, value, n, level):
    found = drawn(np.array([IN_SUPPORTED, IN_PARTLY, OUTSIDE])[draws])
    other = dataclasses.replace(
        found, value=value, low=value - 1, high=value, n=n, level=level, method="another"
    )
    before, after = outcome_of(found), outcome_of(other)
    for name in ("outcome", "probabilities", "power", "cause"):
        assert getattr(before, name) == getattr(after, name)


# --- one reading, from published figures ------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([2, 3, 4], S),
        ([3], S),
        ([3, 3, 5], P),
        ([1, 8], P),
        ([5, 6], P),
        ([9, 10], C),
        ([0.5, 9], C),  # none agrees with the claim, on whichever side
        ([3, 3, 3, 3, 9], U),  # four of five aren't all
        ([9, 9, 9, 9, 8], U),
    ],
)
def test_all_published_figures_or_none(figures, expected):
    found = outcome_of(published(*figures))
    assert found.outcome == expected
    assert found.cause == ("sources disagree" if expected == U else "")
    assert all(map(math.isnan, (*found.probabilities, found.probability, found.power)))


@pytest.mark.parametrize(
    ("low", "value", "high", "expected"), [(2, 3, 4, S), (3, 4, 5, P), (3, 6, 9, U), (9, 10, 11, C)]
)
def test_a_spread_that_names_no_figures_is_its_value_and_ends(low, value, high, expected):
    estimate = Estimate(value, low, high, None, 3, "ratio", "m", grade="A")
    assert outcome_of(estimate).outcome == expected


# --- one reading, from bounds -----------------------------------------------------------------


def bounds(low, high, grade="A"):
    return Estimate((low + high) / 2, low, high, None, 3, "ratio", "m", grade=grade, bounded=True)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (2, 4, S),
        (2.5, 3, S),
        (1, 8, P),
        (2, 4.1, P),
        (9, 10, C),
        (0.2, 0.9, C),
        (0.9, 9, U),  # the range lies between the bounds: it may hold, and it may not
        (0.5, 20, U),  # though none of its ends, nor its middle, is in the range
        (3, 8.1, U),
    ],
)
def test_all_between_bounds_or_nothing(low, high, expected):
    found = outcome_of(bounds(low, high))
    assert found.outcome == expected
    assert found.cause == ("too imprecise" if expected == U else "")
    assert all(map(math.isnan, (*found.probabilities, found.probability, found.power)))


def test_bounds_carry_no_probability():
    with pytest.raises(ValueError, match="no level"):
        Estimate(3, 2, 4, 0.9, 3, "ratio", "m", bounded=True)


# --- what settles nothing ---------------------------------------------------------------------


@pytest.mark.parametrize("given_", [GIVING[S], GIVING[P], GIVING[C], published(3), published(9)])
def test_the_worst_sources_settle_nothing(given_):
    """Whatever they say; of the other grades the outcome is the same."""
    found = outcome_of(dataclasses.replace(given_, grade="D"))
    assert (found.outcome, found.cause) == (U, "weak sources")
    others = {outcome_of(dataclasses.replace(given_, grade=grade)).outcome for grade in "ABC"}
    assert len(others) == 1 and U not in others


def test_the_worst_sources_may_be_imprecise_or_disagree_as_well():
    assert outcome_of(dataclasses.replace(GIVING[U], grade="D")).cause == "too imprecise"
    assert outcome_of(published(3, 9, grade="D")).cause == "sources disagree"


@pytest.mark.parametrize("how", ["measures", "parts", "senses"])
def test_what_rests_on_the_worst_sources_still_votes_as_unresolved(how):
    estimates = {"r1": dataclasses.replace(GIVING[S], grade="D"), "r2": GIVING[S]}
    found = judge(several(how), estimates)
    assert found.verdict == {"measures": U, "parts": P, "senses": MIXED}[how]
    assert found.cause == ("weak sources" if how == "measures" else "")


@pytest.mark.parametrize(
    "missing", [MISSING, Estimate(3, 2, math.inf, 0.9, 3, "ratio", "m")], ids=["none", "endless"]
)
def test_no_estimate_has_no_vote(missing):
    found = judge(claim(), {"price": missing})
    assert (found.verdict, found.cause, found.readings[0].outcome) == (U, "no data", X)
    forecast = claim(kind="forecast", horizon=text())
    assert judge(forecast, {"price": missing}).cause == "waits for an outcome"
    assert judge(forecast, {"price": missing}).readings[0].cause == "waits for an outcome"


@pytest.mark.parametrize(
    ("how", "estimates", "cause"),
    [
        ("measures", (MISSING, GIVING[U]), "too imprecise"),  # the one that decides says why
        ("measures", (published(3, 9), GIVING[U]), "sources disagree"),
        ("measures", (GIVING[U], published(3, 9)), "too imprecise"),
        ("measures", (MISSING, MISSING), "no data"),
        ("parts", (MISSING, published(3, 9)), "sources disagree"),
        ("senses", (published(3, 9), GIVING[U]), "sources disagree"),
        ("measures", (MISSING, GIVING[S]), ""),  # settled: nothing to excuse
        ("parts", (GIVING[U], GIVING[S]), ""),
        ("senses", (GIVING[U], GIVING[S]), ""),
    ],
)
def test_an_open_claim_says_why(how, estimates, cause):
    found = judge(several(how), dict(zip(("r1", "r2"), estimates, strict=True)))
    assert (found.cause, found.verdict == U) == (cause, bool(cause))


# --- several readings: the whole truth table --------------------------------------------------


def oracle(how, outcomes):
    """The rule as the design's table writes it, row by row."""
    n = len(outcomes)
    s, p, c, u, x = map(list(outcomes).count, (S, P, C, U, X))
    if s + p + c + u == 0:
        return U
    if how == "measures":
        while outcomes[0] == X:  # the next that is tested
            outcomes = outcomes[1:]
        return outcomes[0]
    if how == "senses":
        for alike, count in ((S, s), (P, p), (C, c), (U, u)):
            if count == n - x:
                return alike
        return MIXED
    if s == n:
        return S
    if c == n:
        return C
    if c >= 1 and s + p >= 1:
        return MIXED
    if s + p >= 1:
        return P
    return MIXED if c else U


@pytest.mark.parametrize("how", ["measures", "parts", "senses"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_whole_truth_table(how, count):
    for outcomes in itertools.product((S, P, C, U, X), repeat=count):
        assert combine(how, outcomes) == oracle(how, outcomes), outcomes


#: Two readings, by hand: as parts, and as senses.
PAIRS = {
    (S, S): (S, S),
    (S, P): (P, MIXED),
    (S, C): (MIXED, MIXED),
    (S, U): (P, MIXED),
    (S, X): (P, S),
    (P, P): (P, P),
    (P, C): (MIXED, MIXED),
    (P, U): (P, MIXED),
    (P, X): (P, P),
    (C, C): (C, C),
    (C, U): (MIXED, MIXED),
    (C, X): (MIXED, C),
    (U, U): (U, U),
    (U, X): (U, U),
    (X, X): (U, U),
}


@pytest.mark.parametrize(("pair", "expected"), PAIRS.items())
def test_pairs_by_hand_through_the_estimates(pair, expected):
    """From the estimates on, in either order; of measures the first that is tested decides."""
    for first, second in {pair, pair[::-1]}:
        found = [judged(how, first, second) for how in ("parts", "senses", "measures")]
        main = next((o for o in (first, second) if o != X), U)
        assert [f.verdict for f in found] == [*expected, main]
        assert all([r.outcome for r in f.readings] == [first, second] for f in found)


@pytest.mark.parametrize("outcome", [S, P, C, U])
def test_a_single_reading_is_the_verdict(outcome):
    assert judge(claim(), {"price": GIVING[outcome]}).verdict == outcome
    assert combine(None, [outcome]) == outcome


@pytest.mark.parametrize("how", ["parts", "senses"])
def test_the_order_of_parts_and_of_senses_decides_nothing(how):
    for outcomes in itertools.combinations_with_replacement((S, P, C, U, X), 4):
        found = {combine(how, shuffled) for shuffled in itertools.permutations(outcomes)}
        assert len(found) == 1, outcomes


def test_an_opinion_is_not_judged():
    found = judge(claim(kind="opinion", readings=[]), {})
    assert (found.verdict, found.readings, found.estimate, found.headline) == (
        "opinion",
        (),
        None,
        None,
    )
    assert found.specifications is None
    assert reasons(found) == ["This is an opinion: no figure could show it true or false."]


@pytest.mark.parametrize(
    ("how", "outcomes", "expected"),
    [
        (None, [S], P),  # the opinion is a part that stays untested
        (None, [P], P),
        (None, [C], MIXED),
        (None, [U], U),
        (None, [X], U),
        ("measures", [S, C], P),
        ("senses", [S, S], P),
        ("senses", [S, C], MIXED),
        ("parts", [S, S], P),
        ("parts", [C, C], MIXED),
        ("parts", [S, C], MIXED),
        ("parts", [U, U], U),
    ],
)
def test_a_part_that_is_opinion_caps_support(how, outcomes, expected):
    found = judged(how, *outcomes, opinion_part=text())
    assert found.verdict == expected
    assert reasons(found)[-1] == "The rest of the claim is opinion, not tested."


# --- the headline -----------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["measures", "parts", "senses"])
def test_the_first_tested_reading_speaks_for_the_claim(how):
    for outcomes in itertools.product((S, C, U, X), repeat=3):
        found = judged(how, *outcomes)
        first = next((n for n, outcome in enumerate(outcomes) if outcome != X), 0)
        assert found.headline is found.readings[first]
        assert found.estimate is found.readings[first].estimate
        spoken = next(s for s in found.reason if "quantity" in s.values)
        assert spoken.values["quantity"][1]["en"] == f"R{first + 1} ratio"


# --- power ------------------------------------------------------------------------------------

NORMAL = stats.norm.ppf((np.arange(4000) + 0.5) / 4000)


def power_of(draws, supported, right, unit="1"):
    (rule,) = claim(
        reading(unit=unit, supported=supported, partly=supported, if_right=right)
    ).readings
    return power(rule, drawn(draws, unit))


def equivalence(error, half=1.0):
    """Power by scipy's normal integral: how far off may an estimate fall, and how often does it."""

    def too_sure(off):
        return stats.norm.cdf((half - off) / error) - stats.norm.cdf((-half - off) / error) - 2 / 3

    furthest = optimize.brentq(too_sure, 0, 10)
    return stats.norm.cdf(furthest / error) - stats.norm.cdf(-furthest / error)


@pytest.mark.parametrize("error", [0.2, 0.4, 0.6, 0.8, 1.0])
def test_power_of_a_normal_error_in_a_symmetric_range(error):
    assert power_of(error * NORMAL, [-1, 1], 0) == pytest.approx(equivalence(error), abs=0.01)


def test_power_is_on_the_scale_of_the_unit():
    """A factor is as far above as below; of a fall, what is left is such a factor."""
    expected = equivalence(0.3, math.log(1.5))
    factors, ends = np.exp(0.3 * NORMAL), np.array([1 / 1.5, 1.5])
    assert 0.1 < expected < 0.9
    assert power_of(factors, list(ends), 1, "ratio") == pytest.approx(expected, abs=0.01)
    falls = sorted(1 - 0.25 * ends)
    assert power_of(1 - 0.25 * factors, falls, 0.75, "share per year") == pytest.approx(
        expected, abs=0.01
    )


def test_where_the_estimate_lies_has_no_part_in_power():
    """It says what the evidence could have shown, not what it shows."""
    here, there = (power_of(0.5 * NORMAL + at, [-1, 1], 0) for at in (0, 40))
    assert here == pytest.approx(there) and 0 < here < 1


def test_power_is_none_where_no_estimate_could_look_sure():
    """Even one that falls on the claim itself has 2/3 of its error within 0.967 errors of it."""
    widest = 1 / stats.norm.ppf(5 / 6)
    assert power_of(1.01 * widest * NORMAL, [-1, 1], 0) == 0
    assert power_of(0.99 * widest * NORMAL, [-1, 1], 0) > 0


@pytest.mark.parametrize(("errors_inside", "expected"), [(stats.norm.ppf(2 / 3), 0.5), (0, 1 / 3)])
def test_power_near_the_end_of_an_open_range(errors_inside, expected):
    """An estimate has to fall 0.431 errors inside to look likely.

    A claim that lies just so far inside has a power of one half; one on the end itself, of a third.
    """
    assert power_of(NORMAL, [0, None], errors_inside) == pytest.approx(expected, abs=0.01)
    assert power_of(NORMAL, [None, 0], -errors_inside) == pytest.approx(expected, abs=0.01)


def test_power_of_a_lopsided_error_by_hand():
    """Of ten draws three lie 3 above the rest: the truth may be 3 higher than it looks.

    So if the claim, 0, is right, seven of ten estimates look like 0 to 3 and three like -3 to 0, where
    the lower value of each is the likely one.
    """
    draws = [0] * 7 + [3] * 3
    assert power_of(draws, [-1, 10], 0) == pytest.approx(0.7, abs=0.01)  # -3 is outside
    assert power_of(draws, [-10, 1], 0) == 1  # 3 is outside, but unlikely
    assert power_of(draws, [-10, 10], 0) == 1


def test_power_where_a_factor_may_be_nought_is_that_of_plain_differences():
    draws = 1 + 0.5 * NORMAL
    assert draws.min() < 0
    assert power_of(draws, [0.5, 1.5], 1, "ratio") == power_of(draws, [0.5, 1.5], 1, "1") > 0


@settings(max_examples=30)
@given(st.floats(0.05, 2), st.floats(1.01, 5), st.floats(-1, 1))
def test_power_rises_with_precision(error, factor, right):
    precise, vague = (power_of(e * NORMAL[::10], [-1, 1], right) for e in (error, error * factor))
    assert precise >= vague - 0.01


def test_every_tested_reading_has_its_power():
    found = judge(claim(reading(if_right=3)), {"price": drawn(3 * np.exp(0.1 * NORMAL))})
    assert found.readings[0].power == pytest.approx(1, abs=0.01)
    assert math.isnan(judged(None, X).readings[0].power)


# --- other choices ----------------------------------------------------------------------------

GRID = [
    {
        "id": "window",
        "name": text("Window", "Tempoh"),
        "choices": [12, 6.5, 24],
    },
    {
        "id": "peers",
        "name": text("Peers", "Setanding"),
        "choices": [{"id": "close", "name": text()}, {"id": "large", "name": text()}],
    },
]
#: What each combination makes of two measures, the main one first.
OTHERWISE = {
    (12, "close"): (S, U),
    (12, "large"): (S, X),
    (6.5, "close"): (P, S),
    (6.5, "large"): (X, X),
    (24, "close"): (X, S),
    (24, "large"): (C, S),
}


@pytest.fixture
def tried():
    """A verdict of *supported*, and the choices for which it was estimated anew so far."""
    asked = []

    def otherwise(window, peers):
        asked.append((window, peers))
        return dict(zip(("r1", "r2"), map(GIVING.get, OTHERWISE[window, peers]), strict=True))

    rule = several("measures", grid=GRID)
    return judge(rule, {"r1": GIVING[S], "r2": GIVING[U]}, otherwise), asked


def test_other_choices_are_counted(tried):
    """Of the six, one allows no estimate; of the five left three come out supported."""
    found = tried[0].specifications
    assert (found.holding, found.tested) == (3, 5)
    assert list(found.rows) == ["window", "peers", "verdict", "cause", "reading", "estimate"]
    assert not found.rows["cause"].any()
    assert found.rows["reading"].tolist() == ["r1", "r1", "r1", "r2", "r1"]
    assert found.rows[["window", "peers", "verdict"]].values.tolist() == [
        [12, "close", S],
        [12, "large", S],
        [6.5, "close", P],
        [24, "close", S],  # the second measure steps in
        [24, "large", C],
    ]
    assert found.rows["estimate"].tolist() == [GIVING[o] for o in (S, S, P, S, C)]


def test_other_choices_are_tried_when_asked_for_and_once(tried):
    verdict, asked = tried
    assert verdict.verdict == S and verdict.headline and asked == []
    assert verdict.specifications is verdict.specifications
    assert asked == list(itertools.product((12, 6.5, 24), ("close", "large")))


def test_the_estimates_of_the_first_choices_are_not_made_again():
    """What the page shows is what counts for them, whatever fewer draws would say."""

    def otherwise(window, peers):
        assert (window, peers) != (12, "close")
        return {"r1": GIVING[C], "r2": GIVING[C]}

    rule, estimates = several("measures", grid=GRID), {"r1": GIVING[S], "r2": GIVING[U]}
    found = judge(rule, estimates, otherwise, first=True).specifications
    assert (found.holding, found.tested) == (1, 6)
    assert found.rows.iloc[0][["verdict", "estimate"]].tolist() == [S, GIVING[S]]


def test_other_choices_that_leave_a_claim_open_say_why():
    given = {("r1", 12): U, ("r1", 24): S, ("r1", 6.5): X, ("r2", 6.5): U}

    def otherwise(window, peers):
        return {name: GIVING[given.get((name, window), S)] for name in ("r1", "r2")}

    rule = several("measures", grid=GRID)
    found = judge(rule, {"r1": GIVING[S], "r2": GIVING[S]}, otherwise).specifications.rows
    open_ = found.set_index("window").groupby(level=0)[["verdict", "cause"]].first()
    assert open_.loc[[12, 6.5, 24]].values.tolist() == [
        [U, "too imprecise"],
        [U, "too imprecise"],
        [S, ""],
    ]


def test_without_choices_or_anything_that_takes_them_there_is_no_curve():
    with_grid, estimates = claim(grid=GRID), {"price": GIVING[S]}
    assert judge(with_grid, estimates).specifications is None
    assert judge(claim(), estimates, lambda: estimates).specifications is None


def test_a_curve_on_which_nothing_was_tested_is_empty():
    found = judge(claim(grid=GRID), {"price": GIVING[S]}, lambda **_: {"price": MISSING})
    assert (found.specifications.holding, found.specifications.tested) == (0, 0)
    assert found.specifications.rows.empty


def test_a_choice_that_breaks_the_rule_is_an_error(tried):
    found = judge(claim(grid=GRID), {"price": GIVING[S]}, lambda **_: {})
    with pytest.raises(ClaimError, match="cost-1 needs an estimate for price"):
        _ = found.specifications


# --- the reason -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("estimate", "sentences"),
    [
        (
            parted(95, 5, 0),
            [
                "Price ratio: 3.0× (90% interval 3.0× to 6.0×).",
                "That this lies in the range for support, 2.0× to 4.0×, is extremely likely (95%).",
            ],
        ),
        (
            parted(1, 2, 1),
            [
                "Price ratio: 6.0× (90% interval 3.0× to 20×).",
                "That this lies in the range for partial support, 1.00× to 8.0×, is likely (75%); for "
                "full support that can't be said.",
            ],
        ),
        (
            parted(0, 8, 92),
            [
                "Price ratio: 20× (90% interval 6.0× to 20×).",
                "That this lies outside the range for any support, 1.00× to 8.0×, is very likely (92%).",
            ],
        ),
        (
            parted(1, 0, 1),
            [
                "Price ratio: 12× (90% interval 3.0× to 20×).",
                "That this lies in the range for any support, 1.00× to 8.0×, is about as likely as not "
                "(50%): too imprecise to decide.",
            ],
        ),
        (
            published(2, 3, 4),
            [
                "Price ratio: 3.0× (from 2.0× to 4.0× in published figures).",
                "All of the published figures lie in the range for support, 2.0× to 4.0×.",
            ],
        ),
        (
            published(9, 10),
            [
                "Price ratio: 9.5× (from 9.0× to 10× in published figures).",
                "None of the published figures lies in the range for any support, 1.00× to 8.0×.",
            ],
        ),
        (
            bounds(0.5, 20),
            [
                "Price ratio: between 0.50× and 20×, by bounds for what isn't known.",
                "Only part of what lies between these bounds is in the range for any support, 1.00× to "
                "8.0×: too imprecise to decide.",
            ],
        ),
        (
            published(3, 9),
            [
                "Price ratio: 6.0× (from 3.0× to 9.0× in published figures).",
                "Some of the published figures lie in the range for any support, 1.00× to 8.0×, and "
                "some don't: the sources disagree.",
            ],
        ),
        (
            published(6),
            [
                "Price ratio: 6.0×.",
                "This lies in the range for partial support, 1.00× to 8.0×.",
            ],
        ),
        (MISSING, ["Price ratio: no data allow an estimate, so it has no say."]),
        (
            published(3, grade="C"),
            [
                "Price ratio: 3.0×.",
                "This lies in the range for support, 2.0× to 4.0×.",
                "It rests on reports at second hand.",
            ],
        ),
        (
            published(3, grade="D"),
            [
                "Price ratio: 3.0×.",
                "It rests on reposts and compilations without sources alone, and those settle nothing.",
            ],
        ),
    ],
)
def test_the_reason_of_one_reading(estimate, sentences):
    found = reasons(judge(claim(), {"price": estimate}))
    assert [s for s in found if not s.startswith("Were the claim")] == sentences


def test_the_reason_names_an_open_end():
    def rule(**ranges):
        return reasons(judge(claim(reading(**ranges, if_right=3)), {"price": published(3)}))[1]

    assert rule(supported=[2, None], partly=[1, None]).endswith("support, 2.0× or more.")
    assert rule(supported=[None, 4], partly=[None, 8]).endswith("support, 4.0× or less.")


@pytest.mark.parametrize(("spread", "told"), [(0.05, False), (0.6, True)])
def test_low_power_is_told_and_power_is_not(spread, told):
    sentences = reasons(judge(claim(), {"price": drawn(3 * np.exp(spread * NORMAL))}))
    found = [s for s in sentences if s.startswith("Were the claim exactly right")]
    assert bool(found) is told
    assert not told or found[0].endswith("would show support with a probability of under 1% only.")


@pytest.mark.parametrize(
    ("how", "outcomes", "sentences"),
    [
        ("measures", [S, S], ["The 2 readings agree."]),
        ("parts", [C, C, C], ["The 3 readings agree."]),
        ("senses", [P, P], ["The 2 readings agree."]),
        ("measures", [S, C], ["R2 ratio: 20×, which contradicts it."]),
        ("measures", [S, X], []),
        (
            "measures",
            [X, S],
            ["The main measure has no estimate, so the next one that has decides."],
        ),
        (
            "parts",
            [S, C],
            [
                "R2 ratio: 20×, which contradicts it.",
                "Not all of what is claimed comes out alike.",
            ],
        ),
        (
            "senses",
            [C, S],
            ["R2 ratio: 3.0×, which supports it.", "It depends on what the words mean."],
        ),
        (
            "parts",
            [S, U],
            [
                "R2 ratio: 13× (6.0× to 20×), which leaves it open.",
                "Together the parts support it in part.",
            ],
        ),
        (
            "parts",
            [S, X],
            [
                "R2 ratio: no data allow an estimate, so it has no say.",
                "Together the parts support it in part.",
            ],
        ),
        ("senses", [P, X], ["R2 ratio: no data allow an estimate, so it has no say."]),
    ],
)
def test_the_reason_of_several_readings(how, outcomes, sentences):
    """After the headline's own; where the main measure stands back, that comes first."""
    found = [s for s in reasons(judged(how, *outcomes)) if not s.startswith("Were the claim")]
    own = 2
    others = found[:1] + found[1 + own :] if outcomes[0] == X else found[own:]
    assert others == sentences


def test_a_single_reading_supported_in_part_speaks_of_no_parts():
    assert not any("parts" in s for s in reasons(judge(claim(), {"price": GIVING[P]})))


def test_an_untested_claim_says_what_it_waits_for():
    forecast = several("parts", kind="forecast", horizon=text())
    assert reasons(judge(forecast, {"r1": MISSING, "r2": MISSING})) == [
        "R1 ratio: this waits for an outcome, so it has no say.",
        "R2 ratio: this waits for an outcome, so it has no say.",
    ]


def test_the_reason_reads_well_in_percent_and_money():
    fall = reading(unit="share per year", supported=[0.625, 0.8333], partly=[0.25, 0.9167])
    fall |= {"if_right": 0.75}
    found = judge(claim(fall), {"price": drawn([-1.6, -1.4, -1.2], "share per year")})
    assert reasons(found)[:2] == [
        "Price ratio: −140.0% (90% interval −160.0% to −120.0%).",
        "That this lies outside the range for any support, 25.0% to 91.7%, is virtually certain "
        "(over 99%).",
    ]
    cost = reading(unit="USD", supported=[4e5, 9e5], partly=[2e5, 1.8e6], if_right=6e5)
    found = judge(claim(cost), {"price": drawn([4.8e6, 5.6e6, 6.4e6], "USD")})
    assert reasons(found)[0] == (
        "Price ratio: US$5.6 million (90% interval US$4.8 million to US$6.4 million)."
    )


def spread_of_outcomes(rule):
    """Estimates of a reading that come to each outcome, of draws and of published figures."""
    low, high = (
        end if end is not None else -other
        for end, other in zip(rule.partly, rule.partly[::-1], strict=True)
    )
    far = high + 123.456 * (1 + abs(high - low)) if rule.partly[1] is not None else low - 1e3
    near = [end for end in rule.supported if end is not None]
    for level, grade in ((0.9, "A"), (None, "C")):
        for figures in (near, [far], [near[0], far]):
            yield drawn(figures, rule.unit, level, grade)
    yield drawn(near, rule.unit, None, "D")
    yield Estimate.missing(rule.unit, "m")


@pytest.mark.parametrize("claim_id", load_claims(CLAIMS))
def test_every_sentence_of_a_reason_can_be_written(claim_id):
    """Whatever the readings of a real claim come to; in both languages, and in few words."""
    judged_claim = load_claims(CLAIMS)[claim_id]
    for estimates in itertools.product(*map(spread_of_outcomes, judged_claim.readings)):
        ids = (r.id for r in judged_claim.readings)
        verdict = judge(judged_claim, dict(zip(ids, estimates, strict=True)))
        for sentence in verdict.reason:
            named = {name for _, name, _, _ in string.Formatter().parse(sentence.message) if name}
            assert named <= set(sentence.values)
            assert {kind for kind, _ in sentence.values.values()} <= {
                *i18n.KINDS,
                "localized",
                "message",
            }
        words = " ".join(map(str, verdict.reason))
        assert len(words.split()) <= 60 + 25 * len(verdict.readings), words


# --- calling it wrong -------------------------------------------------------------------------


def test_wrong_estimates_are_named():
    good = GIVING[S]
    for estimates, message in (
        ({"price": good, "prize": good}, "cost-1 has no reading prize; its readings are price"),
        ({}, "cost-1 needs an estimate for price; give Estimate.missing if there is none"),
        (
            {"price": drawn([1, 2], "USD")},
            "cost-1, reading price: the rule is in 'ratio', the estimate in 'USD'",
        ),
        (
            {"price": dataclasses.replace(good, draws=None)},
            "cost-1, reading price: an estimate with an interval needs draws to be judged on",
        ),
        (
            {"price": dataclasses.replace(good, grade="")},
            "cost-1, reading price: nothing says how good its sources are; see Estimate.graded",
        ),
        (
            {"price": dataclasses.replace(published(3), grade="")},
            "cost-1, reading price: nothing says how good its sources are; see Estimate.graded",
        ),
    ):
        with pytest.raises(ClaimError) as caught:
            judge(claim(), estimates)
        assert str(caught.value) == message
    with pytest.raises(ClaimError, match="its readings are none"):
        judge(claim(kind="opinion", readings=[]), {"price": good})


def test_published_figures_and_no_estimate_need_no_draws():
    judge(claim(), {"price": dataclasses.replace(published(3), draws=None)})
    judge(claim(), {"price": MISSING})
