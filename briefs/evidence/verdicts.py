"""The decision rule: from estimates to a verdict, and the sentences that give the reason."""

import math
from collections.abc import Iterator
from typing import Any

from briefs.evidence.model import Claim, ClaimError, ReadingRule, closed, encloses
from briefs.values import N_, UNIT_FORMATS, Estimate, Phrase, Reading, Verdict

#: The sentences of a reason. Each is whole, so that a translator owns its word order.
MEASURED = {
    "level": N_("{quantity}: {value} ({level} interval {low} to {high})."),
    "published": N_("{quantity}: {value} (from {low} to {high} in published figures)."),
    "missing": N_("{quantity}: the evidence allows no estimate, which leaves it open."),
}
RULE = {
    "supported": {
        "between": N_(
            "All of that lies between {floor} and {ceiling}, fixed in advance for support."
        ),
        "least": N_("All of that is {floor} or more, fixed in advance for support."),
        "most": N_("All of that is {ceiling} or less, fixed in advance for support."),
    },
    "partly supported": {
        "between": N_(
            "All of that lies between {floor} and {ceiling}, fixed in advance for partial support."
        ),
        "least": N_("All of that is {floor} or more, fixed in advance for partial support."),
        "most": N_("All of that is {ceiling} or less, fixed in advance for partial support."),
    },
    "contradicted": {
        "between": N_(
            "None of that lies between {floor} and {ceiling}, fixed in advance for any support."
        ),
        "least": N_("None of that is {floor} or more, fixed in advance for any support."),
        "most": N_("None of that is {ceiling} or less, fixed in advance for any support."),
    },
    "unresolved": {
        "between": N_(
            "Only part of that lies between {floor} and {ceiling}, fixed in advance for any support."
        ),
        "least": N_("Only part of that is {floor} or more, fixed in advance for any support."),
        "most": N_("Only part of that is {ceiling} or less, fixed in advance for any support."),
    },
}
CONTRAST = {
    "supported": N_("{quantity}: {value} ({low} to {high}), which supports it."),
    "partly supported": N_("{quantity}: {value} ({low} to {high}), which supports it in part."),
    "contradicted": N_("{quantity}: {value} ({low} to {high}), which contradicts it."),
    "unresolved": N_("{quantity}: {value} ({low} to {high}), which leaves it open."),
}
POINT = {
    "supported": N_("{quantity}: {value}, which supports it."),
    "partly supported": N_("{quantity}: {value}, which supports it in part."),
    "contradicted": N_("{quantity}: {value}, which contradicts it."),
    "unresolved": N_("{quantity}: {value}, which leaves it open."),
}
AGREED = N_("The {n} readings agree.")
NONE_SETTLES = N_("None of the {n} readings settles it.")
TOGETHER = {
    "partly supported": N_("Together the readings support it in part."),
    "unresolved": N_("Together the readings leave it open."),
}
FORECAST = N_("A forecast decides nothing: the claim waits for what happened.")
OPINION = N_("This is an opinion: no figure could show it true or false.")
OPINION_PART = N_("The rest of the claim is opinion, not tested.")
UNVERIFIED = N_("These figures rest on sources that were not seen, so the claim stays unresolved.")


def judge(claim: Claim, estimates: dict[str, Estimate], *, verified: bool = True) -> Verdict:
    """Apply a claim's rule to estimates.

    A reading is supported or partly supported when the whole interval lies within the range
    for it, contradicted when the interval lies wholly outside both, else unresolved. The
    claim takes what its readings agree on; where they differ it's partly supported if any
    gives support, else unresolved. A claim with a part that is opinion is at best partly
    supported.
    """
    _check_estimates(claim, estimates)
    if claim.kind == "opinion":
        return Verdict(claim.context(), "opinion", (Phrase(OPINION, {}),), ())
    results = tuple(_result(r, estimates[r.id], verified) for r in claim.readings)
    verdict = combine([r.verdict for r in results if not r.forecast])
    if claim.opinion_part and verdict == "supported":
        verdict = "partly supported"
    return Verdict(claim.context(), verdict, tuple(_reason(claim, results, verified)), results)


def combine(verdicts: list[str]) -> str:
    """Verdict of a claim from those of its readings."""
    if len(set(verdicts)) == 1:
        return verdicts[0]
    return "partly supported" if {"supported", "partly supported"} & set(verdicts) else "unresolved"


def _check_estimates(claim: Claim, estimates: dict[str, Estimate]) -> None:
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
        if (given := estimates[name].unit) != unit:
            raise ClaimError(
                f"{claim.id}, reading {name}: the rule is in {unit!r}, the estimate in {given!r}"
            )


def _result(rule: ReadingRule, estimate: Estimate, verified: bool) -> Reading:
    outcome = _outcome(rule, estimate) if verified and estimate.known else "unresolved"
    return Reading(
        rule.id,
        rule.quantity.model_dump(),
        closed(rule.supported),
        closed(rule.partly),
        outcome,
        estimate,
        rule.forecast,
    )


def _outcome(rule: ReadingRule, estimate: Estimate) -> str:
    interval = (estimate.low, estimate.high)
    if encloses(rule.supported, interval):
        return "supported"
    if encloses(rule.partly, interval):
        return "partly supported"
    low, high = closed(rule.partly)
    return "contradicted" if estimate.high < low or high < estimate.low else "unresolved"


def _reason(claim: Claim, results: tuple[Reading, ...], verified: bool) -> Iterator[Phrase]:
    """Yield the sentences: the main estimate, its rule, then what the other readings change."""
    main, *others = results
    yield _measured(main)
    if not verified:
        yield Phrase(UNVERIFIED, {})
        return
    if main.estimate.known:
        yield _rule(main)
    if differing := next((r for r in others if r.verdict != main.verdict), None):
        yield _contrast(differing)
        if differing.forecast:
            yield Phrase(FORECAST, {})
        elif not claim.opinion_part:  # its own sentence has the last word
            yield Phrase(TOGETHER[combine([r.verdict for r in results if not r.forecast])], {})
    elif others:
        yield Phrase(
            NONE_SETTLES if main.verdict == "unresolved" else AGREED,
            {"n": ("integer", len(results))},
        )
    if claim.opinion_part:
        yield Phrase(OPINION_PART, {})


def _numbers(result: Reading) -> dict[str, tuple[str, Any]]:
    kind, e = UNIT_FORMATS[result.estimate.unit], result.estimate
    return {
        "quantity": ("localized", result.quantity),
        "value": (kind, e.value),
        "low": (kind, e.low),
        "high": (kind, e.high),
    }


def _measured(result: Reading) -> Phrase:
    values = _numbers(result)
    if not result.estimate.known:
        return Phrase(MEASURED["missing"], {"quantity": values["quantity"]})
    if result.estimate.level is None:
        return Phrase(MEASURED["published"], values)
    # a level is written alike in both languages, and without the decimal of other percentages
    return Phrase(
        MEASURED["level"], values | {"level": ("text", f"{result.estimate.level * 100:.4g}%")}
    )


def _rule(result: Reading) -> Phrase:
    kind = UNIT_FORMATS[result.estimate.unit]
    low, high = result.supported if result.verdict == "supported" else result.partly
    ends = {
        name: (kind, end) for name, end in (("floor", low), ("ceiling", high)) if math.isfinite(end)
    }
    shape = "between" if len(ends) == 2 else "least" if "floor" in ends else "most"
    return Phrase(RULE[result.verdict][shape], ends)


def _contrast(result: Reading) -> Phrase:
    found = result.estimate
    if not found.known:
        return _measured(result)
    sentences = POINT if found.low == found.high else CONTRAST
    return Phrase(sentences[result.verdict], _numbers(result))
