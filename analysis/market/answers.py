"""One plain sentence for each claim on markets, for readers outside the field, and what leads the brief."""

from functools import partial

from analysis.market.summary import Summary
from analysis.uncertainty import transformed
from briefs.display import i18n
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card
from briefs.values import N_, SHARE, Estimate, Reading

LAYERS = {
    "market-4": N_("platform services"),
    "market-5": N_("infrastructure services"),
    "market-6": N_("software services"),
}

LAYERS_GROWN = dict(
    zip(
        ("platform_growth", "infrastructure_growth", "software_growth"),
        LAYERS.values(),
        strict=True,
    )
)


def answers(found: Summary) -> dict[str, str]:
    """Say what was found of each claim, in the order of the claims."""
    said = (
        *(market_1, market_2, market_3, market_4, market_5),
        *(market_6, market_7, market_8, market_9),
    )
    return {f"market-{number}": say(found) for number, say in enumerate(said, 1)}


def lead(found: Summary) -> str:
    """Say what was found above all: what the day did, and what is left of it."""
    known = found.market_1.readings[1].estimate.known
    return f"{day(found)} {_since(found)}" if known else day(found)


def day(found: Summary) -> str:
    """Say what the day of the news did to the shares that it touched."""
    fall = found.market_1.readings[1].estimate
    words = {"size": i18n.size(fall), "day": i18n.day(found.traded)}
    if not fall.known:
        return market_1(found)
    if fall.value < 0:
        text = N_(
            "On {day} shares exposed to AI lost {size} against the market in a single session."
        )
    else:
        text = N_(
            "On {day} shares exposed to AI gained {size} against the market in a single session."
        )
    return _(text, **words)


def _since(found: Summary) -> str:
    weigh = found.market_9.readings[0].estimate
    words = {"size": i18n.size(_beyond_one(weigh)), "month": i18n.month(found.p.claim_date)}
    if not weigh.known:
        return _("What became of the market since couldn't be measured by then.")
    if weigh.value > 1:
        text = N_("The ten largest stocks have since come to weigh {size} more.")
    else:
        text = N_("The ten largest stocks have since come to weigh {size} less.")
    return _(text, **words)


def card(found: Summary) -> Card:
    """Show the lead at the head of the brief."""
    main = found.market_1.readings[1], found.market_9.readings[0]
    numbers = {reading.id: reading.estimate for reading in main}
    return finding("finding-lead", lead(found), None, True, **numbers)


def _beyond_one(ratio: Estimate) -> Estimate:
    """How much more than one a ratio is, as a share."""
    return transformed(ratio, lambda value: value - 1, SHARE)


def market_1(found: Summary) -> str:
    """What the news did to shares on the day."""
    shock, exposed, _above = (reading.estimate for reading in found.market_1.readings)
    words = {
        "day": i18n.day(found.traded),
        "times": i18n.times(shock),
        "size": i18n.percent(abs(exposed.value)),
        "interval": i18n.size(exposed),
    }
    down = exposed.value < 0
    if shock.known and exposed.known and down:
        text = N_(
            "On {day} technology shares moved apart {times} as much as usual, and AI-exposed shares lost {size} "
            "against the market."
        )
    elif shock.known and exposed.known:
        text = N_(
            "On {day} technology shares moved apart {times} as much as usual, but AI-exposed shares gained {size} on "
            "the market."
        )
    elif shock.known:
        text = N_("On {day} technology shares moved apart {times} as much as usual.")
    elif exposed.known and down:
        text = N_("On {day} AI-exposed shares lost {interval} against the market.")
    elif exposed.known:
        text = N_("On {day} AI-exposed shares gained {interval} on the market.")
    else:
        text = N_("No share prices that show what the day did had been published by then.")
    return _(text, **words)


def market_2(found: Summary) -> str:
    """How much of training runs on NVIDIA's chips."""
    main = found.market_2.headline
    if main is None or not main.estimate.known:
        return _("No count of the chips that AI models are trained on had been published by then.")
    words = {"share": i18n.estimate(main.estimate), "n": i18n.number(main.estimate.n)}
    if not main.estimate.known:
        text = N_("No count of the chips that AI models are trained on had been published by then.")
    elif main.id == "training_models":
        text = N_(
            "Of {n} notable AI models whose training chips are known, {share} were trained on NVIDIA's."
        )
    elif main.id == "shipments":
        text = N_("NVIDIA made {share} of the AI computing power shipped in the latest year.")
    else:
        text = N_("Analysts put NVIDIA's share of sales of AI chips at {share}.")
    return _(text, **words)


def market_3(found: Summary) -> str:
    """How sales of chips that run AI grow, and whether NVIDIA holds less of them."""
    growth, competition, focus = (reading.estimate for reading in found.market_3.readings)
    words = {
        "size": i18n.size(growth),
        "part": i18n.estimate(competition, i18n.percent),
        "times": i18n.times(focus),
    }
    return _(_inference_message(growth, competition, focus), **words)


def _inference_message(growth: Estimate, competition: Estimate, focus: Estimate) -> str:
    if growth.known and growth.value <= 0:
        return N_("Sales of chips for running AI fell {size} a year.")
    if growth.known and not competition.known:
        return N_("Sales of chips for running AI grew {size} a year.")
    if growth.known and competition.value < 1:
        return N_(
            "Sales of chips for running AI grew {size} a year, and NVIDIA holds less of them than of training chips."
        )
    if growth.known:
        return N_(
            "Sales of chips for running AI grew {size} a year, but NVIDIA holds no less of them than of training chips."
        )
    if competition.known:
        return N_(
            "NVIDIA's share of chips for running AI is {part} of its share of training chips."
        )
    if focus.known:
        return N_(
            "Chips for running AI alone are {times} as common among new chips as before the claim; sales aren't known."
        )
    return N_("Sales of chips for running AI couldn't be told from what was published by then.")


def market_4(found: Summary) -> str:
    """How the share of platform services moved."""
    return _share_of_layer(found, "market-4", found.market_4.readings[0])


def market_5(found: Summary) -> str:
    """How the share of infrastructure services moved."""
    return _share_of_layer(found, "market-5", found.market_5.readings[0])


def market_6(found: Summary) -> str:
    """How the share of software services moved."""
    return _share_of_layer(found, "market-6", found.market_6.readings[0])


def _share_of_layer(found: Summary, claim: str, main: Reading) -> str:
    change = main.estimate
    words = {
        "layer": _(LAYERS[claim]),
        "year": i18n.cell("year", found.p.claim_date.year - 1),
        "points": i18n.size(change, partial(i18n.number, digits=1)),
        "low": i18n.signed(change.low, i18n.number),
        "high": i18n.signed(change.high, i18n.number),
    }
    if not change.known:
        text = N_(
            "How {layer} fare isn't known: no full year of cloud spending since the claim had been counted by then."
        )
    elif change.bounded:
        text = N_(
            "Nobody counts {layer} apart: since {year} they may have moved anywhere from {low} to {high} points of "
            "cloud spending."
        )
    elif change.value < 0:
        text = N_(
            "Of all cloud spending, {layer} have lost {points} percentage points since {year}."
        )
    else:
        text = N_(
            "Of all cloud spending, {layer} have gained {points} percentage points since {year}."
        )
    return _(text, **words)


def market_7(found: Summary) -> str:
    """How fast each layer of cloud services grows."""
    platform, infrastructure, software = (r.estimate for r in found.market_7.readings)
    words = {
        "platform": _growth(platform),
        "infrastructure": _growth(infrastructure),
        "software": _growth(software),
    }
    known = [estimate.known for estimate in (platform, infrastructure, software)]
    if all(known) and platform.bounded:
        text = N_(
            "Yearly growth is {software} in software, {platform} in platforms and {infrastructure} in infrastructure, "
            "which nobody counts apart."
        )
    elif all(known):
        text = N_(
            "Yearly growth is {software} in software, {platform} in platforms and {infrastructure} in infrastructure."
        )
    elif main := next((r for r in found.market_7.readings if r.estimate.known), None):
        words |= {"layer": _(LAYERS_GROWN[main.id]), "growth": _growth(main.estimate)}
        text = N_("Yearly growth of {layer} is {growth}; of the other layers too little is known.")
    else:
        text = N_(
            "No full year of cloud spending since the claim had been counted by then, so growth isn't known."
        )
    return _(text, **words)


def _growth(found: Estimate) -> str:
    """Write a rate of growth; of bounds, only these."""
    if not found.bounded:
        return i18n.estimate(found)
    return _("{low} to {high}", low=i18n.percent(found.low), high=i18n.percent(found.high))


def market_8(found: Summary) -> str:
    """Whether the largest firms weigh more in the stock market than in the 1930s."""
    main = found.market_8.headline
    if main is None or not (ratio := main.estimate).known:
        return _(
            "No figure that compares today's stock market with that of the 1930s had been published by then."
        )
    words = {"size": i18n.size(_beyond_one(ratio)), "times": i18n.times(ratio)}
    return _(_depression_message(main.id, ratio), **words)


def _depression_message(measure: str, ratio: Estimate) -> str:
    if measure == "speakers_measure":
        return N_(
            "Against a large but ordinary stock, the largest one weighs {times} what it did in 1932."
        )
    if measure == "largest_tenth" and ratio.value >= 1:
        return N_("The largest tenth of listed shares weighs {size} more than at its 1930s peak.")
    if measure == "largest_tenth":
        return N_("The largest tenth of listed shares weighs {size} less than at its 1930s peak.")
    if ratio.low < 1 < ratio.high and ratio.value >= 1:
        return N_(
            "Published figures disagree: the ten largest stocks weigh {size} more in the market than at their 1930s "
            "peak."
        )
    if ratio.low < 1 < ratio.high:
        return N_(
            "Published figures disagree: the ten largest stocks weigh {size} less in the market than at their 1930s "
            "peak."
        )
    if ratio.value >= 1:
        return N_(
            "The ten largest stocks weigh {size} more in the market than at their 1930s peak."
        )
    return N_("The ten largest stocks weigh {size} less in the market than at their 1930s peak.")


def market_9(found: Summary) -> str:
    """Whether the largest stocks weigh less, and small firms catch up."""
    weigh, small, entrants = found.market_9.readings
    words = {
        "size": i18n.size(_beyond_one(weigh.estimate)),
        "month": i18n.month(found.p.claim_date),
        "times": i18n.times(small.estimate),
        "makers": i18n.size(_beyond_one(entrants.estimate)),
    }
    return _(_small_message(weigh, small, entrants), **words)


def _small_message(weigh: Reading, small: Reading, entrants: Reading) -> str:
    heavier, faster = weigh.estimate.value > 1, small.outcome in ("supported", "partly supported")
    if weigh.estimate.known and heavier and faster:
        return N_(
            "The ten largest stocks weigh {size} more than in {month}, though small firms probably take up AI faster "
            "than large ones."
        )
    if weigh.estimate.known and heavier:
        return N_(
            "The ten largest stocks weigh {size} more than in {month}, and nothing shows small firms catching up."
        )
    if weigh.estimate.known and faster:
        return N_(
            "The ten largest stocks weigh {size} less than in {month}, and small firms probably take up AI faster than "
            "large ones."
        )
    if weigh.estimate.known:
        return N_(
            "The ten largest stocks weigh {size} less than in {month}, but nothing shows small firms catching up."
        )
    if small.estimate.known:
        return N_(
            "Since {month} the odds that a firm uses AI grew {times} as fast among small as large ones."
        )
    if entrants.estimate.known and entrants.estimate.value > 1:
        return N_("The makers of notable AI models number {makers} more than in the year before.")
    if entrants.estimate.known:
        return N_("The makers of notable AI models number {makers} fewer than in the year before.")
    return N_("No figures from after the claim that show who gains had been published by then.")
