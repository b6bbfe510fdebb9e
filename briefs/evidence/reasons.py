"""The reason of a verdict in whole sentences, which a translator owns."""

import math
from collections.abc import Iterator
from typing import Any

from briefs.evidence.model import Claim
from briefs.likelihood import likelihood
from briefs.values import N_, UNIT_FORMATS, Estimate, Phrase, Reading

#: The sentences of a reason. Each is whole, so that a translator owns its word order.
MEASURED = {
    "level": N_("{quantity}: {value} ({level} interval {low} to {high})."),
    "published": N_("{quantity}: {value} (from {low} to {high} in published figures)."),
    "point": N_("{quantity}: {value}."),
    "bounds": N_("{quantity}: between {low} and {high}, by bounds for what isn't known."),
}
UNTESTED = {
    "no data": N_("{quantity}: no data allow an estimate, so it has no say."),
    "waits for an outcome": N_("{quantity}: this waits for an outcome, so it has no say."),
}
LIKELY_RULE = {
    "supported": N_("That this lies in the range for support, {range}, is {term} ({p})."),
    "partly supported": N_(
        "That this lies in the range for partial support, {range}, is {term} ({p}); for full support "
        "that can't be said."
    ),
    "contradicted": N_(
        "That this lies outside the range for any support, {range}, is {term} ({p})."
    ),
    "unresolved": N_(
        "That this lies in the range for any support, {range}, is {term} ({p}): too imprecise to decide."
    ),
}
PUBLISHED_RULE = {
    "supported": N_("All of the published figures lie in the range for support, {range}."),
    "partly supported": N_(
        "All of the published figures lie in the range for partial support, {range}."
    ),
    "contradicted": N_("None of the published figures lies in the range for any support, {range}."),
    "unresolved": N_(
        "Some of the published figures lie in the range for any support, {range}, and some don't: "
        "the sources disagree."
    ),
}
BOUND_RULE = {
    "supported": N_("Anything between these bounds lies in the range for support, {range}."),
    "partly supported": N_(
        "Anything between these bounds lies in the range for partial support, {range}."
    ),
    "contradicted": N_("Nothing between these bounds lies in the range for any support, {range}."),
    "unresolved": N_(
        "Only part of what lies between these bounds is in the range for any support, {range}: too "
        "imprecise to decide."
    ),
}
POINT_RULE = {
    "supported": N_("This lies in the range for support, {range}."),
    "partly supported": N_("This lies in the range for partial support, {range}."),
    "contradicted": N_("This lies outside the range for any support, {range}."),
}
RANGE = {
    "between": N_("{floor} to {ceiling}"),
    "least": N_("{floor} or more"),
    "most": N_("{ceiling} or less"),
}
CONTRAST = {
    "supported": N_("{quantity}: {value} ({low} to {high}), which supports it."),
    "partly supported": N_("{quantity}: {value} ({low} to {high}), which supports it in part."),
    "contradicted": N_("{quantity}: {value} ({low} to {high}), which contradicts it."),
    "unresolved": N_("{quantity}: {value} ({low} to {high}), which leaves it open."),
}
POINT_CONTRAST = {
    "supported": N_("{quantity}: {value}, which supports it."),
    "partly supported": N_("{quantity}: {value}, which supports it in part."),
    "contradicted": N_("{quantity}: {value}, which contradicts it."),
    "unresolved": N_("{quantity}: {value}, which leaves it open."),
}
WEAK = N_("It rests on reposts and compilations without sources alone, and those settle nothing.")
SECOND_HAND = N_("It rests on reports at second hand.")
LOW_POWER = N_(
    "Were the claim exactly right, evidence this imprecise would show support with a probability of "
    "{power} only."
)
AGREED = N_("The {n} readings agree.")
STEPS_IN = N_("The main measure has no estimate, so the next one that has decides.")
MIXED = {
    "parts": N_("Not all of what is claimed comes out alike."),
    "senses": N_("It depends on what the words mean."),
}
TOGETHER = N_("Together the parts support it in part.")
OPINION = N_("This is an opinion: no figure could show it true or false.")
OPINION_PART = N_("The rest of the claim is opinion, not tested.")


def reason(claim: Claim, results: tuple[Reading, ...], verdict: str) -> Iterator[Phrase]:
    """Yield the sentences: the headline estimate, its rule, then what the other readings say."""
    tested = [r for r in results if r.outcome != "untested"]
    if not tested:
        yield from (_untested(r) for r in results)
    else:
        main = tested[0]
        if claim.combine == "measures" and main is not results[0]:
            yield Phrase(STEPS_IN, {})
        yield from _decided(main)
        others = [r for r in results if r is not main]
        if len(tested) == len(results) > 1 and len({r.outcome for r in results}) == 1:
            yield Phrase(AGREED, {"n": ("integer", len(results))})
        elif claim.combine == "measures":
            yield from (_contrast(r) for r in others if r.outcome not in (main.outcome, "untested"))
        else:
            yield from (_contrast(r) for r in others)
            if verdict == "mixed":
                yield Phrase(MIXED["senses" if claim.combine == "senses" else "parts"], {})
            elif verdict == "partly supported" and claim.combine == "parts":
                yield Phrase(TOGETHER, {})
    if claim.opinion_part:
        yield Phrase(OPINION_PART, {})


def _decided(main: Reading) -> Iterator[Phrase]:
    """Yield what the headline reading found, how it fares by its rule, and how good the evidence is."""
    yield _measured(main)
    yield Phrase(WEAK, {}) if main.cause == "weak sources" else _rule(main)
    if main.estimate.grade == "C":
        yield Phrase(SECOND_HAND, {})
    if main.power < 0.5:
        yield Phrase(LOW_POWER, {"power": ("probability", main.power)})


def _numbers(result: Reading) -> dict[str, tuple[str, Any]]:
    kind, e = UNIT_FORMATS[result.estimate.unit], result.estimate
    return {
        "quantity": ("localized", result.quantity),
        "value": (kind, e.value),
        "low": (kind, e.low),
        "high": (kind, e.high),
    }


def _measured(result: Reading) -> Phrase:
    values, found = _numbers(result), result.estimate
    if found.level is None:
        return Phrase(MEASURED[_without_level(found)], values)
    # a level is written alike in both languages, and without the decimal of other percentages
    return Phrase(MEASURED["level"], values | {"level": ("text", f"{found.level * 100:.4g}%")})


def _without_level(found: Estimate) -> str:
    """Say what an estimate is that has no probability."""
    if found.bounded:
        return "bounds"
    return "point" if found.low == found.high else "published"


def _untested(result: Reading) -> Phrase:
    return Phrase(UNTESTED[result.cause], {"quantity": ("localized", result.quantity)})


def _rule(result: Reading) -> Phrase:
    kind = UNIT_FORMATS[result.estimate.unit]
    low, high = result.supported if result.outcome == "supported" else result.partly
    ends = {
        name: (kind, end) for name, end in (("floor", low), ("ceiling", high)) if math.isfinite(end)
    }
    shape = "between" if len(ends) == 2 else "least" if "floor" in ends else "most"
    values: dict[str, tuple[str, Any]] = {"range": ("message", Phrase(RANGE[shape], ends))}
    if result.estimate.level is None:
        sentences = {"bounds": BOUND_RULE, "point": POINT_RULE, "published": PUBLISHED_RULE}
        return Phrase(sentences[_without_level(result.estimate)][result.outcome], values)
    p = result.probability
    values |= {"p": ("probability", p), "term": ("message", likelihood(p).message)}
    return Phrase(LIKELY_RULE[result.outcome], values)


def _contrast(result: Reading) -> Phrase:
    found = result.estimate
    if result.outcome == "untested":
        return _untested(result)
    sentences = POINT_CONTRAST if found.low == found.high else CONTRAST
    return Phrase(sentences[result.outcome], _numbers(result))
