"""One plain sentence for each claim on rules, for readers outside the field, and what leads the brief."""

from analysis.regulation.summary import Summary
from analysis.uncertainty import transformed
from briefs.display import i18n
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card
from briefs.values import N_, POINTS, Estimate


def answers(found: Summary) -> dict[str, str]:
    """Say what was found of each claim, in the order of the claims."""
    said = regulation_1, regulation_2, regulation_3, regulation_4
    return {f"regulation-{number}": say(found) for number, say in enumerate(said, 1)}


def lead(found: Summary) -> str:
    """Say what was found above all: which way rules go, and what became of America's lead."""
    balance, gap = found.regulation_1.readings[0].estimate, found.regulation_4.readings[1].estimate
    said = _(
        _direction_message(balance),
        more="",
        day=i18n.day(found.p.change_date),
        balance=i18n.size(_in_hundred(balance), i18n.number),
    )
    if not gap.known:
        return said
    if gap.value < 0:
        text = N_("America's lead over China has shrunk by {points} rating points.")
    else:
        text = N_("America's lead over China has grown by {points} rating points.")
    return f"{said} " + _(text, points=i18n.size(gap, i18n.number))


def card(found: Summary) -> Card:
    """Show the lead at the head of the brief."""
    main = found.regulation_1.readings[0], found.regulation_4.readings[1]
    numbers = {reading.id: reading.estimate for reading in main}
    return finding("finding-lead", lead(found), None, True, **numbers)


def regulation_1(found: Summary) -> str:
    """Which way decisions on AI rules go, and whether the United States goes further."""
    overall, _home, lead = found.regulation_1.readings
    balance = overall.estimate
    words = {
        "day": i18n.day(found.p.change_date),
        "balance": i18n.size(_in_hundred(balance), i18n.number),
        "more": "",
    }
    if lead.outcome in ("supported", "partly supported") and lead.estimate.value > 0:
        words["more"] = (
            _(", though less so in America") if balance.value < 0 else _(", and more so in America")
        )
    return _(_direction_message(balance), **words)


def _in_hundred(balance: Estimate) -> Estimate:
    """By how many of a hundred decisions those that tighten outnumber those that loosen, or the reverse."""
    sign = -100 if balance.value < 0 else 100
    return transformed(balance, lambda share: sign * share, POINTS)


def _direction_message(balance: Estimate) -> str:
    if not balance.known:
        return N_("No decision on AI rules since {day} was known by then.")
    if balance.value < 0:
        return N_(
            "AI rules have tightened more often than eased since {day}, by {balance} in 100 decisions{more}."
        )
    return N_(
        "AI rules have eased more often than tightened since {day}, by {balance} in 100 decisions{more}."
    )


def regulation_2(found: Summary) -> str:
    """Whether worry about too much regulation grows."""
    main = found.regulation_2.headline
    if main is None or not (change := main.estimate).known:
        return _(
            "No survey that was found asks twice whether AI is over-regulated, so whether that worry grows isn't known."
        )
    words = {"points": i18n.size(change, i18n.number)}
    if main.id == "public_worry" and change.value > 0:
        text = N_("The share of the public that finds AI rules excessive rose {points} points.")
    elif main.id == "public_worry":
        text = N_("The share of the public that finds AI rules excessive fell {points} points.")
    elif change.value > 0:
        text = N_("The share of experts who find AI rules excessive rose {points} points.")
    else:
        text = N_("The share of experts who find AI rules excessive fell {points} points.")
    return _(text, **words)


def regulation_3(found: Summary) -> str:
    """When the internet stood where AI stands."""
    main = found.regulation_3.headline
    if main is None or not main.estimate.known:
        return _("How many people use AI hadn't been published by then, so no year can be named.")
    words = {"years": i18n.estimate(main.estimate), "times": i18n.times(main.estimate)}
    if main.id == "equal_age":
        text = N_(
            "At the same age of the technology, {times} as many people use AI as the internet."
        )
    elif main.id == "laws":
        text = N_(
            "Federal laws on AI come {times} as often as laws on the internet did at its age."
        )
    elif main.cause == "weak sources":
        text = N_(
            "By weak sources alone, use of AI in the United States stands where that of the internet stood in {years}."
        )
    elif main.outcome == "contradicted":
        text = N_(
            "Judged by use, AI in the United States stands where the internet stood in {years}, not in the early 1990s."
        )
    else:
        text = N_(
            "Judged by use, AI in the United States stands where the internet stood in {years}."
        )
    return _(text, **words)


def regulation_4(found: Summary) -> str:
    """Whether prices fell faster once rivals came, and what became of America's lead."""
    price, gap, used = found.regulation_4.readings
    words = {
        "times": i18n.times(price.estimate),
        "more": _moved(gap.estimate),
        "points": i18n.size(gap.estimate, i18n.number),
        "share": i18n.size(used.estimate, i18n.number),
    }
    if price.estimate.known:
        text = _PRICES[price.outcome]
    elif gap.estimate.known and gap.estimate.value < 0:
        text = N_(
            "America's lead over China shrank by {points} rating points; whether prices fell faster isn't known."
        )
    elif gap.estimate.known:
        text = N_(
            "America's lead over China grew by {points} rating points; whether prices fell faster isn't known."
        )
    elif used.estimate.known and used.estimate.value > 0:
        text = N_(
            "Open models' share of use rose {share} points; prices and America's lead aren't known."
        )
    elif used.estimate.known:
        text = N_(
            "Open models' share of use fell {share} points; prices and America's lead aren't known."
        )
    else:
        text = N_("Neither prices nor rankings from after rivals came had been published by then.")
    return _(text, **words)


def _moved(gap: Estimate) -> str:
    if not gap.known:
        return ""
    if gap.value < 0:
        return _("; America's lead over China narrowed")
    return _("; America's lead over China held")


_PRICES = {
    "supported": N_(
        "Prices probably fell faster: a year on they were {times} what the old pace implied{more}."
    ),
    "contradicted": N_(
        "Prices probably fell more slowly: a year on they were {times} what the old pace implied{more}."
    ),
    "unresolved": N_(
        "Whether prices fell faster is open: a year on, {times} what the old pace implied{more}."
    ),
}
