"""Which way decisions point: the net index, where, before and since a day, and how sure that is.

The net index is loosening less tightening decisions as a share of both: 1 when all loosen, -1 when
all tighten, nought when they balance. Where texts are weighted, so are the decisions.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.regulation.decisions import UNITED_STATES, between, signs, since
from analysis.uncertainty import generator, percentile_interval, stretched, wilson
from briefs.values import N_, SHARE, Estimate

METHOD = N_("loosening less tightening over both, Bayesian bootstrap of instruments")
#: Weight of one loosening and one tightening decision in Jeffreys' prior.
PRIOR = 0.5


def clusters(instruments: pd.Series, signed: np.ndarray, votes: str = "decision") -> np.ndarray:
    """Loosening and tightening decisions of each instrument, added up: an array of two columns.

    With one vote per ``"instrument"``, the sign of the sum counts, and what cancels out drops out.
    Instruments with neither are left out.
    """
    codes, names = pd.factorize(instruments)
    if votes == "instrument":
        signed = np.sign(np.bincount(codes, signed, len(names)))
        codes = np.arange(len(names))
    parts = (np.maximum(sign * signed, 0) for sign in (-1, 1))
    found = np.column_stack([np.bincount(codes, part, len(names)) for part in parts])
    return found[found.any(axis=1)]


def index_draws(found: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw the net index of the instruments that might have been listed as well as those that were.

    Every instrument, with all its decisions, has an exponential weight, and one loosening and one
    tightening decision that nobody took have weights that are half as large. So with a decision an
    instrument these are exactly the draws of Jeffreys' posterior of a share, whose intervals keep
    their level for small counts and for shares of nought and one, where a bootstrap that picks
    instruments would see no error at all; and decisions on one instrument move together.

    References
    ----------
    D. B. Rubin (1981), The Bayesian bootstrap, Annals of Statistics 9(1). L. D. Brown, T. T. Cai,
    A. DasGupta (2001), Interval estimation for a binomial proportion, Statistical Science 16(2).
    """
    weight = rng.standard_exponential((size, len(found)))
    loose, tight = (weight @ found + rng.standard_gamma(PRIOR, (size, 2))).T
    return (loose - tight) / (loose + tight)


def net_index(
    rows: pd.DataFrame,
    signed: np.ndarray,
    level: float,
    size: int,
    rng: np.random.Generator,
    votes: str = "decision",
) -> Estimate:
    """Net index of decisions that `signs` has signed; n counts instruments.

    The list was chosen, so the interval says how far the index depends on which instruments are on
    it, were they as good as drawn; it can't say how the choice leans.
    """
    found = clusters(rows["instrument_id"], signed, votes)
    if not len(found):
        return Estimate.missing(SHARE, METHOD)
    loose, tight = found.sum(axis=0)
    value = (loose - tight) / (loose + tight)
    draws = index_draws(found, size, rng)
    made = percentile_interval(value, draws, level, len(found), SHARE, METHOD)
    return stretched(made).graded(rows["grade"].to_numpy()[signed != 0])


def difference(one: Estimate, other: Estimate, level: float) -> Estimate:
    """One net index less another, of different instruments; n counts instruments of both."""
    method = N_("difference of two net indices, independent draws")
    if one.draws is None or other.draws is None:
        return Estimate.missing(SHARE, method, one.n + other.n)
    draws = one.draws - other.draws
    value = one.value - other.value
    made = percentile_interval(value, draws, level, one.n + other.n, SHARE, method)
    return stretched(made).graded([*one.grade, *other.grade])


def readings(
    recent: pd.DataFrame,
    level: float,
    size: int,
    seed: int,
    votes: str = "decision",
    **choices: str,
) -> dict[str, Estimate]:
    """Net index since a day: overall, in the United States, and that less the index elsewhere."""
    signed = signs(recent, **choices)
    home = recent["place"].isin(UNITED_STATES).to_numpy()

    def index(kept: np.ndarray, purpose: str) -> Estimate:
        rng = generator(seed, purpose)
        return net_index(recent, np.where(kept, signed, 0), level, size, rng, votes)

    here, elsewhere = index(home, "united states"), index(~home, "elsewhere")
    return {
        "overall": index(np.full(len(recent), True), "overall"),
        "united_states": here,
        "us_lead": difference(here, elsewhere, level),
    }


def scopes(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Cut decisions by place and by kind, with and without export controls."""
    federal, other = rows["place"] == "US-federal", ~rows["place"].isin(UNITED_STATES)
    return {
        "all": rows,
        "us": rows[~other],
        "us_federal": rows[federal],
        "us_states": rows[rows["place"] == "US-states"],
        "elsewhere": rows[other],
        "binding": rows[rows["kind"] == "binding"],
        "soft": rows[rows["kind"] == "soft"],
        "proposal": rows[rows["kind"] == "proposal"],
        "no_export_controls": rows[~rows["export_control"]],
        "us_federal_no_export_controls": rows[federal & ~rows["export_control"]],
    }


def directions(
    rows: pd.DataFrame,
    start: pd.Timestamp,
    day: pd.Timestamp,
    level: float,
    size: int,
    seed: int,
) -> pd.DataFrame:
    """Net index before and since a day, by scope, and its change.

    Before is from `start` to the eve of `day`. An instrument with decisions on both sides counts on
    each, so that the change takes the two as independent.

    Columns: ``scope``, ``before_loosening``, ``before_tightening``, ``after_loosening``,
    ``after_tightening``, and the Estimates ``before``, ``estimate`` (index since) and ``change``.
    """
    found = []
    for scope, subset in scopes(rows).items():
        parts = {"before": between(subset, start, day), "after": since(subset, day)}
        index = {
            when: net_index(part, signs(part), level, size, generator(seed, f"{when} {scope}"))
            for when, part in parts.items()
        }
        counts = {
            f"{when}_{word}": int((part["direction"] == sign).sum())
            for when, part in parts.items()
            for word, sign in (("loosening", -1), ("tightening", 1))
        }
        change = difference(index["after"], index["before"], level)
        entry = {"before": index["before"], "estimate": index["after"], "change": change}
        found.append({"scope": scope} | counts | entry)
    return pd.DataFrame(found)


def kappa(rows: pd.DataFrame, level: float, size: int, rng: np.random.Generator) -> Estimate:
    """Agreement of the two readers of decisions, beyond chance; n counts decisions that both coded.

    Resamples instruments, since a reader who takes a text one way takes all its decisions that way.

    References
    ----------
    J. Cohen (1960), A coefficient of agreement for nominal scales, Educational and Psychological
    Measurement 20(1).
    """
    method = N_("Cohen's kappa of two readers, bootstrap of instruments")
    both = rows.dropna(subset=["direction_second"])
    if both.empty:
        return Estimate.missing("1", method)
    cells = 3 * (both["direction"] + 1) + both["direction_second"].astype(int) + 1
    counts = pd.crosstab(both["instrument_id"], cells).reindex(columns=range(9), fill_value=0)
    every = counts.to_numpy()
    picks = rng.multinomial(len(every), np.full(len(every), 1 / len(every)), size)
    value = _kappa(every.sum(axis=0)[None])[0]
    made = percentile_interval(value, _kappa(picks @ every), level, len(both), "1", method)
    return made.graded(both["grade"])


def _kappa(cells: np.ndarray) -> np.ndarray:
    """Kappa of tables of three codes each, one a row: first reader's code by the second's."""
    share = (cells / cells.sum(axis=1, keepdims=True)).reshape(-1, 3, 3)
    seen = np.trace(share, axis1=1, axis2=2)
    chance = (share.sum(axis=1) * share.sum(axis=2)).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (seen - chance) / (1 - chance)


def documents(counts: pd.DataFrame, year: int, level: float) -> pd.DataFrame:
    """Documents that penalise among those enacted, before a year and from it on, by authority.

    The cross-check of the list with a larger collection, which codes no direction: penalties stand
    for tightening, support by government for the other way.

    Columns: ``authority`` (United States, elsewhere), ``documents``, ``since`` (whether from `year`
    on), ``penalties`` and ``support`` (Estimates), ``source_id``.
    """
    home = counts["authority"].str.startswith("US")
    found = []
    for name, part in (("US", counts[home]), ("elsewhere", counts[~home])):
        for later in (False, True):
            rows = part[(part["year"] >= year) == later]
            n = int(rows["documents"].sum())
            shares = {
                what: _part(rows[f"with_{what}"], n, level).graded(rows["grade"])
                for what in ("penalties", "support")
            }
            found.append({"authority": name, "since": later, "documents": n} | shares)
    return pd.DataFrame(found).assign(source_id=next(iter(counts["source_id"]), None))


def _part(counts: Iterable[float], n: int, level: float) -> Estimate:
    method = N_("share of enacted documents, Wilson interval")
    return wilson(sum(counts) / n if n else 0.0, n, level, method)
