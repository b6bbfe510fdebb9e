"""The decision rule: from estimates to a verdict."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from briefs.evidence import reasons
from briefs.evidence.model import Claim, ClaimError, ReadingRule, closed
from briefs.likelihood import LIKELY
from briefs.values import Estimate, Phrase, Reading, Specifications, Trial, Verdict

#: Draws of an estimate's error on which its power is computed.
POWER_DRAWS = 400
#: Units whose errors are proportional, and those of a fall, where what is left is.
_PROPORTIONAL = {"USD", "MYR", "ratio", "factor per year", "months", "years", "FLOP"}


def judge(
    claim: Claim,
    estimates: Mapping[str, Estimate],
    otherwise: Trial | None = None,
    first: bool = False,
) -> Verdict:
    """Apply a claim's rule to estimates.

    A reading is supported when its quantity lies in the range for support with a probability of two
    thirds or more; else partly supported when it lies in the wider range with such a probability;
    contradicted when it lies there with one third or less; else unresolved. Published figures are
    counted instead: all in a range, or none. What rests on sources of grade D alone settles nothing,
    and what has no estimate is untested and has no vote.

    `otherwise` estimates the readings anew, given a choice for each axis of the claim's grid; `first`
    says that the estimates given are those of the first choice of each.
    """
    _check_estimates(claim, estimates)
    if claim.kind == "opinion":
        return Verdict(claim.context(), "opinion", (Phrase(reasons.OPINION, {}),), ())
    results = tuple(_result(claim, r, estimates[r.id]) for r in claim.readings)
    verdict = combine(claim.combine, [r.outcome for r in results])
    if claim.opinion_part and verdict != "mixed":  # the rest is a part that stays untested
        verdict = combine("parts", [verdict, "untested"])
    tested = [r for r in results if r.outcome != "untested"]
    open_ = [r.cause for r in tested if r.cause] or [r.cause for r in results if r.cause]
    cause = open_[0] if verdict == "unresolved" else ""
    reason = tuple(reasons.reason(claim, results, verdict))

    def tried() -> Specifications | None:
        if not (otherwise and claim.grid):
            return None
        return specifications(claim, verdict, otherwise, estimates if first else None)

    return Verdict(claim.context(), verdict, reason, results, cause, tried)


def combine(how: str | None, outcomes: Sequence[str]) -> str:
    """Verdict of a claim from the outcomes of its readings, the main one first.

    Of measures the first that is tested decides. Parts all have to hold; where some do and some are
    contradicted, or none holds and not all are contradicted, the claim is mixed. Senses that differ
    make it mixed, too.
    """
    tested = [outcome for outcome in outcomes if outcome != "untested"]
    kinds = set(tested)
    if not tested:
        return "unresolved"
    if how != "parts":
        return tested[0] if how != "senses" or len(kinds) == 1 else "mixed"
    if len(set(outcomes)) == 1 and kinds != {"unresolved"}:
        return tested[0]
    if "contradicted" in kinds:
        return "mixed"
    return "partly supported" if kinds & {"supported", "partly supported"} else "unresolved"


def specifications(
    claim: Claim, verdict: str, otherwise: Trial, ours: Mapping[str, Estimate] | None = None
) -> Specifications:
    """Judge a claim under every combination of the choices of its grid; untested ones don't count.

    Of the first, `ours` are the estimates, where they are known: those of the claim, of more draws.
    """
    rows = []
    for number, combination in enumerate(itertools.product(*(a.choices for a in claim.grid))):
        chosen: dict[str, Any] = {
            axis.id: c.id for axis, c in zip(claim.grid, combination, strict=True)
        }
        found = judge(claim, otherwise(**chosen) if number or ours is None else ours)
        if found.headline and found.headline.outcome != "untested":
            judged = {"verdict": found.verdict, "cause": found.cause}
            rows.append(
                {**chosen, **judged, "reading": found.headline.id, "estimate": found.estimate}
            )
    names = [*(axis.id for axis in claim.grid), "verdict", "cause", "reading", "estimate"]
    table = pd.DataFrame(rows, columns=names)
    return Specifications(table, int((table["verdict"] == verdict).sum()), len(table))


def _check_estimates(claim: Claim, estimates: Mapping[str, Estimate]) -> None:
    units = {r.id: r.unit for r in claim.readings}
    if unknown := ", ".join(name for name in estimates if name not in units):
        raise ClaimError(
            f"{claim.id} has no reading {unknown}; its readings are {', '.join(units) or 'none'}"
        )
    if absent := ", ".join(name for name in units if name not in estimates):
        raise ClaimError(
            f"{claim.id} needs an estimate for {absent}; give Estimate.missing if there is none"
        )
    for name, unit in units.items():
        given = estimates[name]
        if given.unit != unit:
            raise ClaimError(
                f"{claim.id}, reading {name}: the rule is in {unit!r}, the estimate in {given.unit!r}"
            )
        if given.known and given.level is not None and given.draws is None:
            raise ClaimError(
                f"{claim.id}, reading {name}: an estimate with an interval needs draws to be judged on"
            )
        if given.known and not given.grade:
            raise ClaimError(
                f"{claim.id}, reading {name}: nothing says how good its sources are; see Estimate.graded"
            )


def _result(claim: Claim, rule: ReadingRule, estimate: Estimate) -> Reading:
    supported, partly = closed(rule.supported), closed(rule.partly)
    quantity = rule.quantity.model_dump()
    if not estimate.known:
        cause = "waits for an outcome" if claim.kind == "forecast" else "no data"
        return Reading(rule.id, quantity, supported, partly, "untested", estimate, cause=cause)
    inside = estimate.within(*supported), estimate.within(*partly)
    needed = (LIKELY, 1 - LIKELY) if estimate.level else (1.0, 0.0)
    outcome, cause = _outcome(*inside, *needed), ""
    if outcome == "unresolved":
        published = estimate.level is None and not estimate.bounded
        cause = "sources disagree" if published else "too imprecise"
    elif estimate.grade == "D":
        outcome, cause = "unresolved", "weak sources"
    if not estimate.level:
        return Reading(rule.id, quantity, supported, partly, outcome, estimate, cause=cause)
    chance = power(rule, estimate)
    return Reading(rule.id, quantity, supported, partly, outcome, estimate, inside, chance, cause)


def _outcome(in_supported: float, in_partly: float, enough: float, too_little: float) -> str:
    # sums of draws miss a third by a rounding error, so what is equal but for that is equal
    if in_supported >= enough - 1e-9:
        return "supported"
    if in_partly >= enough - 1e-9:
        return "partly supported"
    return "contradicted" if in_partly <= too_little + 1e-9 else "unresolved"


def power(rule: ReadingRule, estimate: Estimate) -> float:
    """Probability that evidence as precise as an estimate's says *supported* if the claim is right.

    The estimate's error, on the scale of its unit, is put around the value that the claim gives: once
    for where the estimate falls, and once more for how sure it then looks.

    References
    ----------
    D. J. Schuirmann (1987), A comparison of the two one-sided tests procedure and the power approach
    for assessing the equivalence of average bioavailability, Journal of Pharmacokinetics and
    Biopharmaceutics 15(6): a test whose power isn't known says nothing when it fails.
    """
    unit, draws = rule.unit, _scaled(estimate.figures, rule.unit)
    if np.isneginf(draws).any():  # nought or less is no factor of anything
        unit, draws = "1", estimate.figures
    draws = np.sort(draws[np.isfinite(draws)])
    if not draws.size:
        return math.nan
    ends = sorted(_scaled(np.array(closed(rule.supported)), unit))
    right = float(_scaled(np.array([rule.right]), unit)[0])
    errors = draws - np.median(draws)
    centres = right - np.quantile(errors, (np.arange(POWER_DRAWS) + 0.5) / POWER_DRAWS)
    up_to = np.searchsorted(errors, ends[1] - centres, "right")
    inside = (up_to - np.searchsorted(errors, ends[0] - centres)) / len(errors)
    return float(np.mean(inside >= LIKELY))


def _scaled(values: np.ndarray, unit: str) -> np.ndarray:
    """Put values on the scale on which errors of the unit are even."""
    if unit == "share per year":
        values = 1 - values
    elif unit not in _PROPORTIONAL:
        return values
    with np.errstate(divide="ignore"):
        return np.log(np.maximum(values, 0))
