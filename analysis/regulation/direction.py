"""Which way decisions point: shares, and exact tests fit for small counts.

Decisions with a direction are as `decisions.since` and `decisions.between` return them.
"""

import functools

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep

from analysis.regulation.decisions import UNITED_STATES, between, codings, since
from briefs.values import N_, RATIO, SHARE, Estimate, Phrase, joined

#: Least number of decisions on either side of a ratio of two shares.
MIN_DECISIONS = 5


def share(count: int, total: int, level: float, method: str | Phrase = "") -> Estimate:
    """Share with its exact interval; `method` says what is counted.

    References
    ----------
    C. J. Clopper, E. S. Pearson (1934), The use of confidence or fiducial limits illustrated in the
    case of the binomial, Biometrika 26(4).
    """
    how = joined(method, N_("exact binomial interval (Clopper-Pearson)"))
    if not total:
        return Estimate.missing(SHARE, how)
    low, high = _exact_interval(count, total, level)
    return Estimate(count / total, low, high, level, total, SHARE, how)


@functools.cache  # most codings leave the same counts
def _exact_interval(count: int, total: int, level: float) -> tuple[float, float]:
    """Interval of a share by Clopper and Pearson."""
    ends = stats.binomtest(count, total).proportion_ci(level, "exact")
    return ends.low, ends.high


def loosening_share(rows: pd.DataFrame, level: float) -> Estimate:
    """Share of loosening among decisions with a direction; n counts decisions."""
    method = N_("loosening among decisions with a direction")
    return share(_loose(rows), len(rows), level, method)


def _loose(rows: pd.DataFrame) -> int:
    return int((rows["direction"] < 0).sum())


def lead(here: pd.DataFrame, elsewhere: pd.DataFrame, level: float) -> Estimate:
    """Loosening share here over that elsewhere, of decisions with a direction, with a score interval.

    Missing with fewer than 5 decisions on a side, when nothing loosened elsewhere, and when everything
    did on a side: the interval then can't be trusted. n counts decisions.

    References
    ----------
    P. A. R. Koopman (1984), Confidence intervals for the ratio of two binomial proportions,
    Biometrics 40(2).
    """
    method = N_("ratio of two loosening shares, score interval")
    loose, total, other, others = _loose(here), len(here), _loose(elsewhere), len(elsewhere)
    if min(total, others) < MIN_DECISIONS or other in (0, others) or loose == total:
        return Estimate.missing(RATIO, method, total + others)
    low, high = confint_proportions_2indep(
        loose, total, other, others, compare="ratio", method="score", alpha=1 - level
    )
    value = loose / total / (other / others)
    if not low <= value <= high:  # the library's search can fail at extreme shares
        return Estimate.missing(RATIO, method, total + others)
    return Estimate(value, low, high, level, total + others, RATIO, method)


def odds_ratio(before: pd.DataFrame, after: pd.DataFrame, level: float) -> tuple[Estimate, float]:
    """How the odds of loosening against tightening changed: Fisher's exact test.

    Gives the odds after over those before, conditional maximum likelihood with its exact interval,
    missing when a margin is empty or an end is infinite; and the two-sided p-value, ``nan`` when a
    margin is empty.

    References
    ----------
    R. A. Fisher (1935), The logic of inductive inference, Journal of the Royal Statistical Society 98(1).
    """
    method = N_("conditional odds ratio of loosening, exact interval")
    table = np.array(
        [[(rows["direction"] == sign).sum() for sign in (-1, 1)] for rows in (after, before)], int
    )
    n = int(table.sum())
    if not (table.sum(axis=0).all() and table.sum(axis=1).all()):
        return Estimate.missing(RATIO, method, n), np.nan
    found = stats.contingency.odds_ratio(table)
    ends = found.confidence_interval(level)
    p = float(stats.fisher_exact(table).pvalue)
    if not np.isfinite([found.statistic, ends.low, ends.high]).all():
        return Estimate.missing(RATIO, method, n), p
    return Estimate(found.statistic, ends.low, ends.high, level, n, RATIO, method), p


def rate_ratio(
    count: int, years: float, base_count: int, base_years: float, level: float
) -> Estimate:
    """Ratio of two yearly rates of events, by the conditional exact test of two Poisson counts.

    Missing when either count is zero, since an end would then be open.

    References
    ----------
    J. Przyborowski, H. Wilenski (1940), Homogeneity of results in testing samples from Poisson
    series, Biometrika 31(3/4).
    """
    method = N_("ratio of two Poisson rates, exact conditional interval")
    total = count + base_count
    if not (count and base_count and years > 0 and base_years > 0):
        return Estimate.missing(RATIO, method, total)
    least, most = _exact_interval(count, total, level)
    low, value, high = (p / (1 - p) * base_years / years for p in (least, count / total, most))
    return Estimate(value, low, high, level, total, RATIO, method)


def scopes(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Cut decisions by place and by kind, with and without export controls."""
    federal, other = rows["place"] == "US-federal", ~rows["place"].isin(UNITED_STATES)
    return {
        "all": rows,
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
    rows: pd.DataFrame, start: pd.Timestamp, day: pd.Timestamp, level: float
) -> pd.DataFrame:
    """Loosening share before and after a day, by scope, with the exact test of a change.

    Before is from `start` to the eve of `day`; after begins with `day`.

    Columns: ``scope``, ``before_loosening``, ``before_tightening``, ``after_loosening``,
    ``after_tightening``, ``before`` and ``estimate`` (share after), ``odds`` (Estimate) and ``p``.
    """
    found = []
    for scope, subset in scopes(rows).items():
        before, after = between(subset, start, day), since(subset, day)
        odds, p = odds_ratio(before, after, level)
        counts = {
            f"{when}_{word}": int((part["direction"] == sign).sum())
            for when, part in (("before", before), ("after", after))
            for word, sign in (("loosening", -1), ("tightening", 1))
        }
        found.append(
            {
                "scope": scope,
                **counts,
                "before": loosening_share(before, level),
                "estimate": loosening_share(after, level),
                "odds": odds,
                "p": p,
            }
        )
    return pd.DataFrame(found)


def net_per_instrument(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per instrument with the sign of all its decisions; those that cancel out are dropped."""
    net = np.sign(rows.groupby("instrument_id")["direction"].sum())
    kept = rows.drop_duplicates("instrument_id")
    kept = kept.assign(direction=kept["instrument_id"].map(net).astype(int))
    return kept[kept["direction"] != 0]


def sensitivity(
    rows: pd.DataFrame, without_day: pd.DataFrame, day: pd.Timestamp, level: float
) -> pd.DataFrame:
    """Loosening share since a day under codings that could have been chosen instead.

    Columns: ``variant`` and ``estimate``: the base, the subsets of `decisions.codings`, one vote
    per instrument, only days seen in a source, with `decisions.undated` instruments, neutral
    decisions counted as not loosening, and the source whose removal lowers or raises the share
    most.
    """
    after = since(rows, day)
    found = {
        name: loosening_share(after[kept], level)
        for name, kept, _how in codings(after, "equal")
        if name != "other_weighting"
    }
    dropped = {name: e for name, e in found.items() if name.startswith("without ") and e.known}
    kept = {name: e for name, e in found.items() if name not in dropped}
    kept["per_instrument"] = loosening_share(net_per_instrument(after), level)
    kept["undated"] = loosening_share(pd.concat([after, since(without_day, day)]), level)
    kept["known_days"] = loosening_share(after[after["date_basis"] == "source"], level)
    neutral = rows[rows["date"] >= pd.Timestamp(day)]
    counted = N_("neutral decisions counted")
    kept["neutral"] = share(_loose(neutral), len(neutral), level, counted)
    if dropped:
        kept["lowest_source"], kept["highest_source"] = (
            choose(dropped.values(), key=lambda e: e.value) for choose in (min, max)
        )
    return pd.DataFrame(list(kept.items()), columns=["variant", "estimate"])


def majority_probability(rows: pd.DataFrame) -> float:
    """Probability that loosening is the more frequent direction, from Jeffreys' prior; ``nan`` without rows."""
    loose = _loose(rows)
    return float(stats.beta.sf(0.5, loose + 0.5, len(rows) - loose + 0.5)) if len(rows) else np.nan
