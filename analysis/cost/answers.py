"""One plain sentence for each claim on costs, for readers outside the field, and what leads the brief."""

from analysis.cost.summary import Summary
from analysis.uncertainty import transformed
from briefs.display import i18n
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card
from briefs.values import N_, Estimate, Reading


def answers(found: Summary) -> dict[str, str]:
    """Say what was found of each claim, in the order of the claims."""
    said = cost_1, cost_2, cost_3, cost_4, cost_5
    return {f"cost-{number}": say(found) for number, say in enumerate(said, 1)}


def lead(found: Summary) -> str:
    """Say what was found above all."""
    use, train = found.cost_4.readings[0].estimate, found.cost_3.readings[0].estimate
    run = found.cost_1.readings[0].estimate
    if use.known and train.known and min(use.value, train.value) > 0:
        first = _(
            "AI of a given ability gets {use} cheaper to use each year and {train} cheaper to train.",
            use=i18n.size(_change(use)),
            train=i18n.size(_change(train)),
        )
    else:
        first = cost_4(found)
    if not run.known:
        return first
    ratio = i18n.significant(run.value / found.claimed_amount)
    return f"{first} " + _("DeepSeek's own model cost {ratio} times what was claimed.", ratio=ratio)


def card(found: Summary) -> Card:
    """Show the lead at the head of the brief."""
    main = found.cost_4.readings[0], found.cost_3.readings[0], found.cost_1.readings[0]
    numbers = {reading.id: reading.estimate for reading in main}
    return finding("finding-lead", lead(found), None, True, **numbers)


def _change(decline: Estimate) -> Estimate:
    """Turn a fall into a change, whose sign is then that of the price."""
    return transformed(decline, lambda fall: -fall, decline.unit)


def cost_1(found: Summary) -> str:
    """What DeepSeek's training run cost, against the amount claimed."""
    main = found.cost_1.headline
    if main is None or not (cost := main.estimate).known:
        return _("No figure for what DeepSeek's training cost had been published by then.")
    words = {
        "cost": i18n.estimate(cost),
        "claimed": i18n.money(found.claimed_amount),
        "ratio": i18n.significant(cost.value / found.claimed_amount),
    }
    if main.id == "last_stage":
        text = N_(
            "Of DeepSeek's whole training run no cost is published; its last stage alone cost {cost}, against the "
            "{claimed} claimed."
        )
    elif main.outcome != "supported" and cost.value > found.claimed_amount:
        text = N_(
            "Published figures put DeepSeek's final training run at {cost}, {ratio} times the {claimed} claimed."
        )
    else:
        text = N_(
            "Published figures put DeepSeek's final training run at {cost}, against the {claimed} claimed."
        )
    return _(text, **words)


def cost_2(found: Summary) -> str:
    """How DeepSeek's model compares with the models before it."""
    main = found.cost_2.headline
    if main is None or not main.estimate.known:
        return _(
            "Too few comparable models had said by then what their training took to compare DeepSeek's with them."
        )
    words = {
        "part": i18n.estimate(main.estimate, i18n.percent),
        "n": i18n.number(main.estimate.n),
    }
    if main.id == "cost_ratio":
        text = N_(
            "Training DeepSeek-V3 cost {part} of what {n} comparable models did, against the tenth claimed."
        )
    else:
        text = N_(
            "DeepSeek-V3 took {part} of the computing work of {n} comparable models, against the tenth claimed; costs "
            "aren't known."
        )
    return _(text, **words)


def cost_3(found: Summary) -> str:
    """How training costs move, in either sense of the words."""
    fixed, frontier = (reading.estimate for reading in found.cost_3.readings)
    words = {
        "fixed": i18n.size(_change(fixed)),
        "growth": i18n.significant(frontier.value),
        "times": i18n.times(frontier),
    }
    if fixed.known and fixed.value <= 0:
        text = N_("Training to a given standard got no cheaper: its cost rose {fixed} a year.")
    elif fixed.known and frontier.known and frontier.value > 1:
        text = N_(
            "Training to a given standard gets {fixed} cheaper a year, but training the leading models costs {growth} "
            "times as much each year."
        )
    elif fixed.known and frontier.known:
        text = N_(
            "Training to a given standard gets {fixed} cheaper a year, and training the leading models costs {growth} "
            "times as much each year."
        )
    elif fixed.known:
        text = N_("Training to a given standard gets {fixed} cheaper a year.")
    elif frontier.known:
        text = N_(
            "Training the leading models costs {times} as much each year; for a given standard no rate is known."
        )
    else:
        text = N_("No rate at which training costs change had been published by then.")
    return _(text, **words)


def cost_4(found: Summary) -> str:
    """How fast prices of using AI fall."""
    main = found.cost_4.headline
    if main is None or not main.estimate.known:
        return _("No prices had been published by then that show how fast using AI gets cheaper.")
    return _(_price_message(main), fall=i18n.size(_change(main.estimate)))


def _price_message(main: Reading) -> str:
    fall, (least, most) = main.estimate, main.supported
    if fall.value <= 0:
        return N_("Using AI of a given ability got no cheaper: prices rose {fall} a year.")
    if main.id == "quality_adjusted":
        return N_("At equal quality, the average price of using AI falls {fall} a year.")
    if main.id == "published_rates":
        return N_("Other studies put the yearly fall in the price of using AI at {fall}.")
    if main.outcome == "unresolved":
        return N_(
            "Using AI of a given ability gets {fall} cheaper a year at the lowest prices, too uncertain to judge the "
            "rate claimed."
        )
    if fall.value < least:
        return N_(
            "Using AI of a given ability gets {fall} cheaper a year at the lowest prices, more slowly than claimed."
        )
    if fall.value > most:
        return N_(
            "Using AI of a given ability gets {fall} cheaper a year at the lowest prices, faster than claimed."
        )
    return N_(
        "Using AI of a given ability gets {fall} cheaper a year at the lowest prices, close to the rate claimed."
    )


def cost_5(found: Summary) -> str:
    """Whether prices fell faster where DeepSeek competed, or else after its arrival."""
    main, date = found.cost_5.headline, i18n.day(found.date)
    if main is None or not main.estimate.known:
        return _(
            "Too few prices from before and after {date} had been published by then to tell whether they fell faster.",
            date=date,
        )
    text = (_EVERYWHERE if main.id == "rate_change" else _SERVED)[main.outcome]
    return _(text, times=i18n.times(main.estimate), date=date)


_SERVED = {
    "supported": N_(
        "Where DeepSeek competed, prices probably fell faster: a year on they were {times} what others' course "
        "implied."
    ),
    "contradicted": N_(
        "Where DeepSeek competed, prices probably fell more slowly: a year on they were {times} what others' course "
        "implied."
    ),
    "unresolved": N_(
        "Whether prices fell faster where DeepSeek competed is open: a year on they were {times} what others' course "
        "implied."
    ),
}
_EVERYWHERE = {
    "supported": N_(
        "After {date} prices probably fell faster: a year on they were {times} what the old pace implied."
    ),
    "contradicted": N_(
        "After {date} prices probably fell more slowly: a year on they were {times} what the old pace implied."
    ),
    "unresolved": N_(
        "Whether prices fell faster after {date} is open: a year on they were {times} what the old pace implied."
    ),
}
