"""Findings of the cost-revolution brief: sentences whose every number is an estimate."""

from dataclasses import replace

import pandas as pd

from briefs.display import i18n
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card
from briefs.values import N_, Estimate


def run_cost(cost: Estimate, claimed: float) -> Card:
    """State what DeepSeek's run is reported to have cost, against the amount claimed."""
    if not cost.known:
        text = _("No figure of DeepSeek's own for its final run had been published by then.")
    else:
        text = _(
            "DeepSeek's full training run is reported at {value} ({low} to {high} in published figures): {ratio} "
            "the {claimed} claimed.",
            value=i18n.money(cost.value),
            low=i18n.money(cost.low),
            high=i18n.money(cost.high),
            ratio=i18n.factor(cost.value / claimed),
            claimed=i18n.money(claimed),
        )
    return finding("finding-run-cost", text, "cost-1", headline=True, run_cost=cost)


def needed_standard(cost: Estimate, claimed: float) -> Card:
    """State which earlier standard would make a tenth true."""
    words = {"reported": i18n.money(10 * cost.value), "claimed": i18n.money(10 * claimed)}
    if not cost.known:
        text = N_(
            "For “a tenth” to hold for the amount claimed, the earlier standard would have to be {claimed}."
        )
    else:
        text = N_(
            "For “a tenth” to hold, the earlier standard would have to be {reported} for the run as reported, or "
            "{claimed} for the amount claimed."
        )
    return finding("finding-needed-standard", _(text, **words), "cost-2", run_cost=cost)


def compute_ratio(ratio: Estimate, in_dollars: Estimate) -> Card:
    """State how DeepSeek-V3's training compute compares, and whether its cost can be compared."""
    words = {
        "ratio": i18n.estimate(replace(ratio, unit="share")),
        "n": i18n.number(ratio.n),
        "dollars": i18n.estimate(replace(in_dollars, unit="share")),
    }
    if not ratio.known:
        text = N_(
            "Too few comparable models disclose their training compute to say what the earlier standard was."
        )
    elif in_dollars.known:
        text = N_(
            "DeepSeek-V3 used {ratio} of the typical training compute of {n} models of similar score from the "
            "months before, and cost {dollars} as much at rental prices."
        )
    else:
        text = N_(
            "DeepSeek-V3 used {ratio} of the typical training compute of {n} models of similar score from the "
            "months before; too few of them have a published cost to compare dollars."
        )
    numbers = {"compute_ratio": ratio, "cost_ratio": in_dollars}
    return finding("finding-compute-ratio", _(text, **words), "cost-2", headline=True, **numbers)


def training(fixed: Estimate, growth: Estimate) -> Card:
    """State the two trends of training cost that the claim blurs."""
    words = {"fixed": i18n.estimate(fixed), "growth": i18n.estimate(growth)}
    if fixed.known and growth.known:
        text = N_(
            "Training to a fixed capability gets {fixed} cheaper a year. A frontier run, though, costs {growth} "
            "as much each year."
        )
    elif fixed.known:
        text = N_("Training to a fixed capability gets {fixed} cheaper a year.")
    elif growth.known:
        text = N_(
            "A frontier training run costs {growth} as much each year; for a fixed capability no rate can be given."
        )
    else:
        text = N_("What had been published by then gives no rate for the cost of training.")
    numbers = {"training_fixed_capability": fixed, "training_frontier_growth": growth}
    return finding("finding-training", _(text, **words), "cost-3", headline=True, **numbers)


def inference(frontier: Estimate, hedonic: Estimate) -> Card:
    """State how fast inference prices fall, by both methods."""
    words = {"frontier": i18n.estimate(frontier), "hedonic": i18n.estimate(hedonic)}
    if frontier.known and hedonic.known:
        text = N_(
            "The cheapest list price at a fixed capability falls {frontier} a year; list prices of all offers, at "
            "equal quality, fall {hedonic}."
        )
    elif frontier.known:
        text = N_("The cheapest list price at a fixed capability falls {frontier} a year.")
    elif hedonic.known:
        text = N_("List prices of all offers, at equal quality, fall {hedonic} a year.")
    else:
        text = N_("What had been published by then gives no rate for the price of inference.")
    numbers = {"inference_price_decline": frontier, "inference_hedonic_decline": hedonic}
    return finding("finding-inference", _(text, **words), "cost-4", headline=True, **numbers)


def agreement(frontier: Estimate, hedonic: Estimate) -> Card:
    """State whether the two methods agree, and why they may not."""
    words = {"frontier": i18n.estimate(frontier), "hedonic": i18n.estimate(hedonic)}
    if not (frontier.known or hedonic.known):
        text = _("Neither of the two methods gives a rate.")
    elif not (frontier.known and hedonic.known):
        text = _("Only one of the two methods gives a rate.")
    elif frontier.low <= hedonic.high and hedonic.low <= frontier.high:
        text = _(
            "The two methods agree within their intervals: {frontier} for the cheapest offer, {hedonic} for all "
            "offers.",
            **words,
        )
        if hedonic.high - hedonic.low > frontier.high - frontier.low:
            text += " " + _(
                "The second is wider because sellers price alike quality very differently."
            )
    else:
        text = _(
            "The two methods disagree: {frontier} for the cheapest offer, {hedonic} for all offers.",
            **words,
        )
        if frontier.value > hedonic.value:
            text += " " + _(
                "The cheapest offer can fall faster than the market as a whole, since dear models stay on sale."
            )
    numbers = {"inference_price_decline": frontier, "inference_hedonic_decline": hedonic}
    return finding("finding-agreement", text, "cost-4", headline=False, **numbers)


def rate_change(before: Estimate, after: Estimate, ratio: Estimate) -> Card:
    """State whether the decline sped up after the date tested."""
    words = {
        "before": i18n.estimate(before),
        "after": i18n.estimate(after),
        "ratio": i18n.estimate(ratio),
    }
    if not ratio.known:
        text = N_(
            "Too few months had passed by then to tell whether prices fell faster after DeepSeek's arrival."
        )
    elif ratio.high < 1:
        text = N_(
            "Prices fell faster after DeepSeek's arrival: {after} a year, against {before} before."
        )
    elif ratio.low > 1:
        text = N_(
            "Prices fell more slowly after DeepSeek's arrival: {after} a year, against {before} before."
        )
    else:
        text = N_(
            "No change in speed can be told after DeepSeek's arrival: prices fell {after} a year, against "
            "{before} before."
        )
    numbers = {"decline_before": before, "decline_after": after, "rate_change": ratio}
    return finding("finding-rate-change", _(text, **words), "cost-5", headline=True, **numbers)


def neighbouring_month(ratio: Estimate, later: Estimate) -> Card:
    """State what the test gives when the month of the arrival itself counts as before."""
    words = {"ratio": i18n.estimate(ratio), "later": i18n.estimate(later)}
    if not (ratio.known and later.known):
        text = N_("Whether the answer hangs on that one month can't be told yet.")
    elif (ratio.low > 1, ratio.high < 1) == (later.low > 1, later.high < 1):
        text = N_(
            "With the month of the arrival itself counted as before, the ratio is {later} instead of {ratio}: the "
            "answer stays the same."
        )
    else:
        text = N_(
            "With the month of the arrival itself counted as before, the ratio is {later} instead of {ratio}: the "
            "answer hangs on that one month, in which DeepSeek's own price counts."
        )
    numbers = {"rate_change": ratio, "rate_change_month_later": later}
    return finding(
        "finding-neighbouring-month", _(text, **words), "cost-5", headline=False, **numbers
    )


def coverage(declines: pd.DataFrame, runs: pd.DataFrame) -> Card:
    """State until when the evidence on prices and on training costs reaches."""
    ends = declines.loc[declines["scope"] == "benchmark", "last_month"].dropna()
    text = _(
        "Prices are followed until {first} to {last}, by benchmark; the latest frontier run with a known cost "
        "came out in {run}.",
        first=i18n.month(ends.min()),
        last=i18n.month(ends.max()),
        run=i18n.month(runs["release_date"].max()),
    )
    return finding("finding-coverage", text)


def buyer(half: Estimate, tenth: Estimate) -> Card:
    """State what the rate means for a buyer."""
    if half.known and tenth.known:
        text = _(
            "At the estimated rate a price halves in {half} months and falls to a tenth in {tenth} months.",
            half=i18n.estimate(half),
            tenth=i18n.estimate(tenth),
        )
    else:
        text = _("No rate is known well enough to say in how many months a price halves.")
    return finding("finding-buyer", text, headline=True, months_to_half=half, months_to_tenth=tenth)
