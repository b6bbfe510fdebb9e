"""Verdicts as forecasts: how those as of earlier days compare with those of now.

A moment is a claim as of one day. A frame of moments has the columns ``claim``, ``as_of`` and
``verdict``, ``verdict_now``, and of the reading that spoke for the claim then its probabilities
``supported`` and ``partly`` (nan where there was none) and its ``outcome_now``. The verdict of now
is no truth: it comes from the same rule on more evidence. Moments of one claim hang together, so
intervals draw claims with replacement (cluster bootstrap; Efron & Tibshirani 1993, chapter 8).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

OPEN = "unresolved"
#: Outcomes of a reading that bear each probability out.
EVENTS = {"supported": ("supported",), "partly": ("supported", "partly supported")}
SETTLED = (*EVENTS["partly"], "contradicted")
#: Edges of the bins of probabilities: one and two thirds are those of the rule.
EDGES = (0.0, 0.1, 1 / 3, 2 / 3, 0.9, 1.0)
DRAWS, LEVEL, SEED = 2000, 0.9, 2025


@dataclass(frozen=True)
class Share:
    """A mean over moments with the ends of its 90% interval, nan of fewer than two claims."""

    value: float
    low: float
    high: float
    n: int
    claims: int


def changes(moments: pd.DataFrame) -> pd.DataFrame:
    """Changes of a verdict from one day to the next.

    Columns: ``claim``, ``since`` and ``until`` (the two days), ``was``, ``became``. `moments` are those
    up to now, the last day included.
    """
    rows = moments.sort_values(["claim", "as_of"], kind="stable")
    by = rows.groupby("claim", sort=False)
    before = rows.assign(was=by["verdict"].shift(), since=by["as_of"].shift())
    found = before[before["was"].notna() & (before["was"] != before["verdict"])]
    found = found.rename(columns={"as_of": "until", "verdict": "became"})
    return found[["claim", "since", "until", "was", "became"]].reset_index(drop=True)


def against_now(then: pd.DataFrame) -> dict[str, Share]:
    """Shares of earlier moments by what became of their verdict.

    ``same``: it is the verdict of now. ``flipped``: it was settled, and now another is, or none.
    ``settled``: of those that were unresolved, the share that no longer are.
    """
    was_open = then["verdict"] == OPEN
    same = then["verdict"] == then["verdict_now"]
    return {
        "same": mean(same, then["claim"]),
        "flipped": mean((~same)[~was_open], then["claim"][~was_open]),
        "settled": mean((~same)[was_open], then["claim"][was_open]),
    }


def by_date(then: pd.DataFrame) -> pd.DataFrame:
    """Count, by day, the moments (``n``) and those whose verdict is the one of now (``same``)."""
    same = then["verdict"] == then["verdict_now"]
    found = then.assign(same=same).groupby("as_of")["same"].agg(["sum", "size"])
    return found.rename(columns={"sum": "same", "size": "n"}).reset_index()


def borne_out(then: pd.DataFrame, event: str) -> pd.DataFrame:
    """Moments with a probability of an event of `EVENTS` whose reading is settled now.

    Columns: ``claim``, ``as_of``, ``p``, ``came`` (whether the event is so now).
    """
    rows = then[then[event].notna() & then["outcome_now"].isin(SETTLED)]
    rows = rows.assign(p=rows[event].astype(float), came=rows["outcome_now"].isin(EVENTS[event]))
    return rows[["claim", "as_of", "p", "came"]].reset_index(drop=True)


def reliability(scored: pd.DataFrame) -> pd.DataFrame:
    """How often what had a probability came, by bin of the probability.

    Columns: ``low``, ``high`` (of the bin, which holds its low end, the last its high one too), ``n``,
    ``claims``, ``p`` (mean), ``came`` (share); bins without moments are left out.
    """
    place = np.clip(np.searchsorted(EDGES, scored["p"], side="right") - 1, 0, len(EDGES) - 2)
    by = scored.groupby(np.asarray(place, int))
    found = by.agg(
        n=("p", "size"), claims=("claim", "nunique"), p=("p", "mean"), came=("came", "mean")
    )
    ends = {"low": [EDGES[i] for i in found.index], "high": [EDGES[i + 1] for i in found.index]}
    return found.assign(**ends).reset_index(drop=True)[["low", "high", "n", "claims", "p", "came"]]


def brier(scored: pd.DataFrame) -> Share:
    """Mean squared error of the probabilities (Brier 1950): 0 is perfect, saying one half always 0.25."""
    return mean((scored["p"] - scored["came"]) ** 2, scored["claim"])


def mean(values: pd.Series, claims: pd.Series) -> Share:
    """Mean over moments, with the interval of a bootstrap over their claims."""
    by = values.astype(float).groupby(claims.to_numpy()).agg(["sum", "size"])
    if by.empty:
        return Share(np.nan, np.nan, np.nan, 0, 0)
    value, n, count = by["sum"].sum() / by["size"].sum(), int(by["size"].sum()), len(by)
    if count < 2:
        return Share(float(value), np.nan, np.nan, n, count)
    drawn = np.random.default_rng(SEED).integers(count, size=(DRAWS, count))
    sums, sizes = (by[name].to_numpy()[drawn].sum(axis=1) for name in ("sum", "size"))
    low, high = np.quantile(sums / sizes, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Share(float(value), float(low), float(high), n, count)
