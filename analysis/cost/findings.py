"""Findings of the cost-revolution brief: sentences whose every number is an estimate."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.uncertainty import point
from briefs.display import findings, i18n
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
    return finding("finding-run-cost", text, "cost-1", run_cost=cost)


def compute_ratio(ratio: Estimate, in_dollars: Estimate, without: tuple[float, float]) -> Card:
    """State how DeepSeek-V3's rent and computing work compare with those of its peers.

    `without` are the least and greatest ratio of work when any one of the peers is left out.
    """
    words = {
        "ratio": i18n.estimate(replace(ratio, unit="share")),
        "n": i18n.number(ratio.n),
        "dollars": i18n.estimate(replace(in_dollars, unit="share")),
        "m": i18n.number(in_dollars.n),
        "low": i18n.percent(without[0]),
        "high": i18n.percent(without[1]),
    }
    if not ratio.known:
        text = N_(
            "Too few comparable models disclose the computing work of their training to say what the earlier standard "
            "was."
        )
    elif in_dollars.known:
        text = N_(
            "At one rent per chip-hour, DeepSeek-V3 cost {dollars} of what {m} comparable models did. It took {ratio} "
            "of the computing work typical of {n} such models; leaving any one out, {low} to {high}."
        )
    else:
        text = N_(
            "DeepSeek-V3 took {ratio} of the computing work typical of {n} comparable models; leaving any one out, "
            "{low} to {high}. Too few have known chip hours to compare dollars."
        )
    numbers = {"compute_ratio": ratio, "cost_ratio": in_dollars}
    return finding("finding-compute-ratio", _(text, **words), "cost-2", headline=False, **numbers)


def training(fixed: Estimate, growth: Estimate) -> Card:
    """State the two trends of training cost that the claim blurs."""
    words = {"fixed": i18n.estimate(fixed), "growth": i18n.times(growth)}
    if fixed.known and growth.known:
        text = N_(
            "Training to a given standard gets {fixed} cheaper a year. Training the leading models, "
            "though, costs {growth} as much each year."
        )
    elif fixed.known:
        text = N_("Training to a given standard gets {fixed} cheaper a year.")
    elif growth.known:
        text = N_(
            "Training the leading models costs {growth} as much each year; for a given standard no rate can be given."
        )
    else:
        text = N_("What had been published by then gives no rate for the cost of training.")
    numbers = {"training_fixed_capability": fixed, "training_frontier_growth": growth}
    return finding("finding-training", _(text, **words), "cost-3", headline=False, **numbers)


def inference(frontier: Estimate, hedonic: Estimate) -> Card:
    """State how fast inference prices fall, by both methods."""
    words = {"frontier": i18n.estimate(frontier), "hedonic": i18n.estimate(hedonic)}
    falling = [e.known and e.value > 0 for e in (frontier, hedonic)]
    if all(falling):
        text = N_(
            "The lowest list prices for a given ability fall {frontier} a year; list prices of all offers, at "
            "equal quality, fall {hedonic}."
        )
    elif falling[0]:
        text = N_("The lowest list prices for a given ability fall {frontier} a year.")
    elif falling[1]:
        text = N_("List prices of all offers, at equal quality, fall {hedonic} a year.")
    elif frontier.known or hedonic.known:
        text = N_("What had been published by then shows no fall in the price of inference.")
    else:
        text = N_("What had been published by then gives no rate for the price of inference.")
    numbers = {"inference_price_decline": frontier, "inference_hedonic_decline": hedonic}
    return finding("finding-inference", _(text, **words), "cost-4", headline=False, **numbers)


def ageing(by_age: pd.DataFrame) -> Card:
    """State how the price of a level moves when it is new and when it is old; `by_age` are factors a year."""
    if len(by_age) < 2:
        text = _("How fast a price falls by the age of a level can't be told yet.")
        return finding("finding-ageing", text, "cost-4")
    first, last = by_age.iloc[0], by_age.iloc[-1]
    text = _(
        "At the speed of its first months on sale ({young}), a level of ability would cost {new} of its price after "
        "a year; at the speed of months {old}, {aged}.",
        young=first["label"],
        old=last["label"],
        new=i18n.estimate(first["estimate"], i18n.percent),
        aged=i18n.estimate(last["estimate"], i18n.percent),
    )
    numbers = {"price_factor_new": first["estimate"], "price_factor_old": last["estimate"]}
    return finding("finding-ageing", text, "cost-4", headline=False, **numbers)


def served(ratio: Estimate, least: float, date: pd.Timestamp) -> Card:
    """State whether prices sped up more where DeepSeek competed, and what could have been seen.

    `least` is the greatest speed-up short of which the data would most likely show none.
    """
    words = {
        "ratio": i18n.times(ratio),
        "date": i18n.cell("date", date),
        "least": i18n.significant(least),
    }
    if not ratio.known:
        text = N_(
            "Whether prices fell faster after {date} where DeepSeek competed than elsewhere can't be told: "
            "too few levels of one kind or the other have prices on both sides."
        )
    else:
        text = N_(
            "After {date}, prices where DeepSeek competed were a year on {ratio} what the course of other prices "
            "implied; below 1 they fell faster. Data like these would likely show only {least} times or less."
        )
    return finding("finding-served", _(text, **words), "cost-5", served_levels=ratio)


def rate_change(before: Estimate, after: Estimate, ratio: Estimate, date: pd.Timestamp) -> Card:
    """State whether prices at all levels fell faster after the date tested."""
    words = {
        "before": i18n.estimate(before, i18n.percent),
        "after": i18n.estimate(after, i18n.percent),
        "date": i18n.cell("date", date),
    }
    if not ratio.known:
        text = N_(
            "Too few months around {date} have prices to tell whether they fell faster afterwards."
        )
    elif ratio.high < 1:
        text = N_(
            "Prices fell faster after {date}: a year on they stood at {after} of their level, against {before} before, "
            "at the same age."
        )
    elif ratio.low > 1:
        text = N_(
            "Prices fell more slowly after {date}: a year on they stood at {after} of their level, against {before} "
            "before, at the same age."
        )
    else:
        text = N_(
            "Whether prices fell faster after {date} is open: a year on they stood at {after} of their level, against "
            "{before} before, at the same age."
        )
    numbers = {"factor_before": before, "factor_after": after, "rate_change": ratio}
    return finding("finding-rate-change", _(text, **words), "cost-5", headline=False, **numbers)


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
    return finding("finding-buyer", text, months_to_half=half, months_to_tenth=tenth)


def ringgit(rows: pd.DataFrame, threshold: float, benchmark: str, million_tokens: float) -> Card:
    """State what a workload cost in ringgit when a score was first sold, what it costs now, and how much the rate did.

    `rows` are as ``scenarios.in_ringgit`` gives them.
    """
    own = rows[rows["threshold"] == threshold]
    if own.empty:
        text = _("No model on sale reaches {score} on {benchmark}.", **_score(threshold, benchmark))
        return finding("finding-ringgit", text)
    row, method = own.iloc[0], N_("list prices at the average exchange rate")
    amounts = {name: point(row[name], 1, "MYR", method) for name in ("then", "now", "rate_alone")}
    text = _(
        "At {score} on {benchmark}, {tokens} million tokens cost {then} a month when first sold in {month} and {now} "
        "now; the exchange rate alone would have made it {rate_alone}.",
        **_score(threshold, benchmark),
        tokens=i18n.exact(million_tokens),
        month=i18n.month(row["month"]),
        **{name: i18n.money(amount.value, "MYR") for name, amount in amounts.items()},
    )
    numbers = {f"ringgit_{name}": amount for name, amount in amounts.items()}
    return finding("finding-ringgit", text, None, False, **numbers)


def _score(threshold: float, benchmark: str) -> dict[str, str]:
    return {"score": i18n.score(threshold, benchmark), "benchmark": benchmark}


def bill_ahead(
    bill: pd.DataFrame,
    fan: pd.DataFrame,
    scores: pd.DataFrame,
    claimed: Sequence[float],
    floor: float,
    currency: str,
) -> Card:
    """State what a workload's bill will be: within which bounds, and what it would be as claimed.

    `bill` is ``scenarios.monthly_bill``, `fan` ``scenarios.fan_of_bills``, `scores`
    ``hindcast.scores``; `claimed` a range, shares per year; `floor` the bill at the lowest list price.
    """
    if bill.empty:
        text = _("Without a bill there is none to forecast: no model on sale reached the score.")
        return finding("finding-bill-ahead", text)
    month, now = bill[["month", "bill"]].iloc[-1]
    end = fan["date"].max() if len(fan) else month + pd.DateOffset(years=1)
    months = 12 * (end.year - month.year) + end.month - month.month
    rate = np.log1p(-np.array(claimed)).mean()
    at_rate = point(
        now * np.exp(rate * months / 12), 1, currency, N_("the rate claimed, carried on")
    )
    words = {
        "months": i18n.number(months),
        "now": i18n.money(now, currency),
        "claimed": i18n.money(at_rate.value, currency),
    }
    numbers = {"bill_as_claimed": at_rate}
    if len(fan):
        ahead = _eighty(fan.iloc[-1], scores, months, currency)
        words |= {"low": i18n.money(ahead.low, currency), "high": i18n.money(ahead.high, currency)}
        numbers = {"bill_ahead": ahead, **numbers}
        text = N_(
            "The bill of {now} in {months} months: between {low} and {high} in four of five cases; by the claimed "
            "rate {claimed}."
        )
    elif scores.loc[scores["part"] == "test", "n"].any():
        text = N_(
            "How the bill of {now} moves can't be bounded: tried on past dates held out, no forecast both held what "
            "it says and beat “no change”. By the claimed rate it would be {claimed} in {months} months."
        )
    else:
        text = N_(
            "How the bill of {now} moves can't be bounded: too few forecasts have had their outcome by then to test "
            "one. By the claimed rate it would be {claimed} in {months} months."
        )
    least = _(
        "No model has been listed at less than {floor} yet.", floor=i18n.money(floor, currency)
    )
    said = [_(text, **words), *([least] if at_rate.value < floor else [])]
    return finding("finding-bill-ahead", " ".join(said), None, False, **numbers)


def _eighty(last: pd.Series, scores: pd.DataFrame, months: int, currency: str) -> Estimate:
    """Median and 80% band of the fan at its end; n counts the held-out forecasts that it was tested on."""
    tested = scores[(scores["part"] == "test") & (scores["horizon_months"] == months)]
    method = N_("random walk with past steps, calibrated on its own past errors")
    ends = last[0.5], last[0.1], last[0.9]
    return Estimate(*ends, 0.8, int(tested["n"].max()), currency, method)


def forecasts(scores: pd.DataFrame, split: pd.Timestamp) -> Card:
    """State how forecasts did on the dates held out, from the day `split` on."""
    return finding("finding-forecasts", lesson(scores, split))


def record_of_forecasts(
    scores: pd.DataFrame,
    misses: pd.DataFrame,
    published: pd.DataFrame,
    projected: pd.DataFrame,
    split: pd.Timestamp,
) -> Card:
    """Show how the forecasts did, see ``hindcast`` and ``published``, and leave what is projected now."""
    title, text = _("Forecasts of the lowest price"), lesson(scores, split)
    return findings.forecasts("price-forecasts", title, scores, misses, published, text, projected)


def lesson(scores: pd.DataFrame, split: pd.Timestamp) -> str:
    """Say what the forecasts that were scored teach; `scores` are ``hindcast.scores``."""
    tested = scores[(scores["part"] == "test") & (scores["n"] > 0) & (scores["nominal"] == 0.8)]
    if tested.empty:
        return _("No forecast made on the dates held out has had its outcome yet.")
    worse = tested[tested["skill_flat"] <= 0]
    drawn = tested.loc[tested["drawn"], "horizon_months"]
    words = {
        "split": i18n.month(split),
        "worse": i18n.words(map(i18n.number, worse["horizon_months"])),
        "drawn": i18n.words(map(i18n.number, drawn)),
    }
    if len(worse):
        text = N_(
            "On the dates held out, since {split}, “no change” forecast better at {worse} months: prices moved less "
            "than their past steps had led to expect. A forecast that forgets old steps might follow such a turn; "
            "only dates to come can test it."
        )
    elif len(drawn):
        text = N_(
            "On the dates held out, since {split}, the forecast held what it says and beat “no change” at {drawn} "
            "months; it is drawn there and no further."
        )
    else:
        text = N_(
            "On the dates held out, since {split}, the forecast beat “no change”, but its bands didn't hold what they "
            "say, or there are too few dates to tell."
        )
    return _(text, **words)
