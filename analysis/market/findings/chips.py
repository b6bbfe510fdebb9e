"""Findings on chips for training and for inference."""

from briefs.display import i18n
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card
from briefs.values import N_, Estimate


def chip_shares(trained: Estimate, shipped: Estimate, told: Estimate) -> Card:
    """State NVIDIA's share by what models were trained on, by computing power, and as published."""
    words = {
        "trained": i18n.estimate(trained),
        "n": i18n.number(trained.n),
        "shipped": i18n.estimate(shipped),
        "told": i18n.estimate(told),
    }
    if trained.known and shipped.known:
        text = N_(
            "Of {n} notable models whose training hardware is known, {trained} were trained on NVIDIA's chips. Of "
            "the computing power shipped by the makers counted NVIDIA has {shipped}."
        )
    elif trained.known:
        text = N_(
            "Of {n} notable models whose training hardware is known, {trained} were trained on NVIDIA's chips."
        )
    elif shipped.known:
        text = N_("Of the computing power shipped by the makers counted NVIDIA has {shipped}.")
    elif told.known:
        text = N_("Published estimates give NVIDIA {told} of revenue from AI accelerators.")
    else:
        text = N_(
            "Neither a count of training hardware nor of shipments, nor two dated shares of revenue, had "
            "been published by then."
        )
    numbers = {"trained_on_nvidia": trained, "shipped_by_nvidia": shipped, "published_share": told}
    return finding("finding-chip-shares", _(text, **words), "market-2", headline=False, **numbers)


def inference(growth: Estimate, turning_point: Estimate) -> Card:
    """State how fast revenue from inference chips grows, and when it would not."""
    words = {"growth": i18n.estimate(growth), "part": i18n.percent(turning_point.value)}
    if growth.known:
        text = N_(
            "Revenue from inference chips grew {growth} a year, by inference's published parts of all revenue; "
            "only with a part below {part} would it have grown by less than a tenth."
        )
    else:
        text = N_("What had been published by then doesn't give the growth of inference chips.")
    numbers = {"inference_growth": growth, "turning_point": turning_point}
    said = _(text, **words)
    return finding("finding-inference-chips", said, "market-3", headline=False, **numbers)


def competition(ratio: Estimate) -> Card:
    """State how NVIDIA's share in inference compares with that in training."""
    words = {"ratio": i18n.estimate(ratio, i18n.percent)}
    if ratio.known:
        text = N_(
            "NVIDIA's share in inference is {ratio} of its share in training, if its share of all chips is a mean of "
            "the two."
        )
    else:
        text = N_("NVIDIA's share in inference can't be had from what had been published by then.")
    return finding("finding-competition", _(text, **words), "market-3", inference_to_training=ratio)


def focus(ratio: Estimate) -> Card:
    """State whether new chips turn to inference."""
    words = {"ratio": i18n.estimate(ratio, i18n.percent), "n": i18n.number(ratio.n)}
    if not ratio.known:
        text = N_(
            "Too few chips before and since the claim are dated by then for a shift towards inference to be told."
        )
    else:
        text = N_(
            "The share of new chips made for inference alone is {ratio} of what it was before the claim, over {n} "
            "chips."
        )
    return finding("finding-focus", _(text, **words), "market-3", inference_focus=ratio)
