"""Findings of the regulatory-outlook brief: sentences whose every number is an estimate."""

import datetime as dt
import math

import pandas as pd

from analysis.regulation.words import jurisdiction
from analysis.uncertainty import point, transformed
from briefs.display import i18n, likelihood
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card
from briefs.values import N_, POINTS, SHARE, Estimate


def direction(found: pd.DataFrame, change: dt.date) -> Card:
    """State which way decisions went since a day, against before, and how likely it is that they ease.

    `found` is ``direction.directions``.
    """
    row = found.iloc[0]
    since, before = row["estimate"], row["before"]
    numbers = {"net_index": since, "net_index_before": before, "net_index_change": row["change"]}
    if not since.known:
        text = _(
            "No decision since {day} was known by then, so no direction can be told.",
            day=i18n.day(change),
        )
        return finding("finding-direction", text, "regulation-1", headline=False, **numbers)
    eased = since.within(0, math.inf)
    words = {
        "now": _led(since),
        "loose": i18n.number(row["after_loosening"]),
        "tight": i18n.number(row["after_tightening"]),
        "day": i18n.day(change),
        "before": _led(before),
        "term": likelihood.with_band(eased),
    }
    text = _(
        "Since {day}, {loose} decisions loosened rules and {tight} tightened them: {now}; before, {before}. That "
        "loosening outweighs tightening is {term}.",
        **words,
    )
    numbers["loosening_outweighs"] = point(eased, since.n, SHARE, N_("share of the index's draws"))
    return finding("finding-direction", text, "regulation-1", headline=False, **numbers)


def _hundredfold(net: Estimate) -> Estimate:
    return transformed(net, lambda share: 100 * share, POINTS)


def _led(net: Estimate) -> str:
    """Say which decisions lead, and by how many in a hundred."""
    if not net.known:
        return _("no decision is known")
    by = _hundredfold(net if net.value > 0 else transformed(net, lambda share: -share, net.unit))
    text = N_("{by} more in 100 loosened") if net.value > 0 else N_("{by} more in 100 tightened")
    return _(text, by=i18n.size(by, i18n.number))


def united_states(federal: Estimate, states: Estimate) -> Card:
    """State how the two levels of the United States moved."""
    numbers = {"net_index_us_federal": federal, "net_index_us_states": states}
    words = {"federal": _led(federal), "states": _led(states)}
    if not (federal.known and states.known):
        text = N_(
            "Too few decisions of the United States were known by then to tell its two levels apart."
        )
    elif federal.value > 0 > states.value:
        text = N_(
            "In the United States, Washington loosens and the states tighten: of Washington's decisions {federal}, of "
            "the states' {states}."
        )
    else:
        text = N_(
            "In the United States, of Washington's decisions {federal}; of the states' {states}."
        )
    return finding(
        "finding-united-states", _(text, **words), "regulation-1", headline=False, **numbers
    )


def abroad(home: Estimate, elsewhere: Estimate, lead: Estimate) -> Card:
    """State how the United States as a whole compares with elsewhere."""
    words = {
        "home": _led(home),
        "elsewhere": _led(elsewhere),
        "lead": i18n.size(_hundredfold(lead), i18n.number),
    }
    if lead.known:
        text = N_(
            "Of federal and state decisions together {home}; of those elsewhere {elsewhere}. The difference is {lead}."
        )
    else:
        text = N_("Too few decisions were known by then for a comparison with elsewhere.")
    numbers = {"net_index_us": home, "net_index_elsewhere": elsewhere, "us_lead": lead}
    return finding("finding-abroad", _(text, **words), "regulation-1", headline=False, **numbers)


def reliability(kappa: Estimate) -> Card:
    """State how far two readers agree on the direction of decisions."""
    words = {"kappa": i18n.estimate(kappa, lambda x: i18n.number(x, 2)), "n": i18n.number(kappa.n)}
    if kappa.known:
        text = N_(
            "A second reader, a language model that saw no code, read {n} decisions: from 0, chance, to 1, full "
            "agreement, the two readings agree at {kappa}."
        )
    else:
        text = N_("No decision was known by then that two readers had coded.")
    return finding("finding-coding", _(text, **words), "regulation-1", coding_kappa=kappa)


def documents(found: pd.DataFrame, year: int) -> Card:
    """State whether a larger collection of enacted documents shows the same."""
    rows = found.set_index(["authority", "since"])
    numbers = {
        f"penalties_{place.lower()}_{'since' if later else 'before'}": share
        for (place, later), share in rows["penalties"].items()
    }
    if not all(e.known for e in numbers.values()):
        text = _(
            "No count of enacted documents before and since {year} was known by then.", year=year
        )
        return finding("finding-documents", text, "regulation-1")
    words = {
        "year": i18n.cell("year", year),
        "before": i18n.estimate(rows["penalties"]["US", False]),
        "since": i18n.estimate(rows["penalties"]["US", True]),
        "abroad_before": i18n.estimate(rows["penalties"]["elsewhere", False]),
        "abroad": i18n.estimate(rows["penalties"]["elsewhere", True]),
        "n": i18n.number(rows["documents"]["US", True]),
        "m": i18n.number(rows["documents"]["elsewhere", True]),
    }
    text = _(
        "In the AGORA collection, documents with penalties make up {since} of the {n} enacted in the United States "
        "since the start of {year}, against {before} earlier; elsewhere {abroad} of {m}, against {abroad_before}.",
        **words,
    )
    return finding("finding-documents", text, "regulation-1", headline=False, **numbers)


def opinion(public: Estimate, experts: Estimate, opinions: pd.DataFrame) -> Card:
    """State whether any survey shows worry about over-regulation growing, and what single surveys say."""
    numbers = {"public_worry_change": public, "expert_worry_change": experts}
    if public.known:
        text = _(
            "The share that finds regulation too much changed by {change} points.",
            change=i18n.estimate(public, i18n.number),
        )
    elif len(opinions):
        text = _(
            "No survey that was found asks the same people twice whether regulation goes too far, so whether "
            "worry about it grows can't be told from {n} answers.",
            n=i18n.number(len(opinions)),
        )
    else:
        text = _("No survey that was found asks whether regulation goes too far.")
    return finding("finding-opinion", text, "regulation-2", headline=False, **numbers)


def confidence(asked: pd.DataFrame, change: Estimate) -> Card:
    """State how confidence in the government to regulate AI moved in a survey asked twice."""
    if not change.known:
        text = _("No survey put a question on confidence in who regulates AI twice by then.")
        return finding("finding-confidence", text, "regulation-2")
    first, last = asked.iloc[0], asked.iloc[-1]
    text = _(
        "A question that was put twice is on trust: {first} of adults in the United States had little or no "
        "confidence in their government to regulate AI in {year}, {last} in {later}, a change of {change} points.",
        first=i18n.percent(first["percent"] / 100),
        last=i18n.percent(last["percent"] / 100),
        year=i18n.cell("year", first["year"]),
        later=i18n.cell("year", last["year"]),
        change=i18n.estimate(change, i18n.number),
    )
    return finding("finding-confidence", text, "regulation-2", confidence_change=change)


def analogy(equal: Estimate, age: Estimate) -> Card:
    """State where the analogy with the internet puts AI."""
    first, last = (i18n.cell("year", end) for end in (equal.low, equal.high))
    years = first if first == last else _("{first} to {last}", first=first, last=last)
    if not equal.known:
        text = _(
            "What had been published by then gives no share of people who use AI, so the analogy can't be dated."
        )
    elif equal.low >= 1995:
        text = _(
            "By use, AI in the United States stands where the internet stood in {years}, not in the early 1990s.",
            years=years,
        )
    else:
        text = _(
            "By use, AI in the United States stands where the internet stood in {years}.",
            years=years,
        )
    if age.known:
        text += " " + _("At the same age its use is {ratio} the internet's.", ratio=i18n.times(age))
    numbers = {"equal_adoption": equal, "equal_age": age}
    return finding("finding-analogy", text, "regulation-3", headline=False, **numbers)


def laws(ratio: Estimate) -> Card:
    """State how law-making compares between the eras."""
    words = {"ratio": i18n.times(ratio), "n": i18n.number(ratio.n)}
    if ratio.known:
        text = N_(
            "Federal laws on AI came {ratio} as often as those on the internet at the same age ({n} laws)."
        )
    else:
        text = N_("Laws of the two eras can't be compared from what had been published by then.")
    return finding("finding-laws", _(text, **words), "regulation-3", laws_ratio=ratio)


def rivalry(gap: Estimate, index: Estimate, controls: int, change: dt.date) -> Card:
    """State what became of the lead of the United States over China, and how many controls rivalry brought.

    `index` is the change on another scale, the Capabilities Index.
    """
    words = {
        "gap": i18n.size(gap, i18n.number),
        "index": i18n.estimate(index, i18n.number),
        "day": i18n.day(change),
        "n": i18n.number(controls),
    }
    if gap.known and gap.value < 0:
        text = N_(
            "From {day} on, the US lead over China shrank by {gap} points on the Arena, where users vote, and moved by "
            "{index} on the Capabilities Index; {n} decisions tightened export controls."
        )
    elif gap.known:
        text = N_(
            "From {day} on, the US lead over China grew by {gap} points on the Arena, where users vote, and moved by "
            "{index} on the Capabilities Index; {n} decisions tightened export controls."
        )
    else:
        text = N_(
            "No lead between countries had been published for two dates by then; rivalry brought {n} decisions "
            "that tighten export controls."
        )
    count = point(controls, controls, "1", N_("count of decisions that tighten export controls"))
    numbers = {"lead_change": gap, "lead_change_index": index, "export_controls": count}
    return finding("finding-rivalry", _(text, **words), "regulation-4", headline=False, **numbers)


def prices(ratio: Estimate, entry: dt.date) -> Card:
    """State whether prices fell faster after foreign rivals came, which `entry` dates."""
    words = {"ratio": i18n.times(ratio), "day": i18n.day(entry)}
    if not ratio.known:
        text = N_(
            "Whether prices fell faster after {day} can't be tested from what was known by then."
        )
    elif ratio.high < 1:
        text = N_(
            "Prices fell faster after {day}, taken as the entry of foreign rivals: a year on they were {ratio} what "
            "the old pace implied."
        )
    elif ratio.low > 1:
        text = N_(
            "Prices fell more slowly after {day}, taken as the entry of foreign rivals: a year on they were {ratio} "
            "what the old pace implied."
        )
    else:
        text = N_(
            "No change in the fall of prices after {day}, taken as the entry of foreign rivals, can be told: a year on "
            "they were {ratio} what the old pace implied."
        )
    return finding("finding-prices", _(text, **words), "regulation-4", rate_change=ratio)


def open_use(change: Estimate, tokens: pd.DataFrame) -> Card:
    """State how the share of token use that goes to open models moved."""
    if not change.known:
        text = _("No share of use of open models had been published for long enough by then.")
        return finding("finding-open-use", text, "regulation-4")
    if change.value > 0:
        text = N_(
            "From {since} to {until}, open models' share of the tokens of OpenRouter's most used models rose {change} "
            "points."
        )
    else:
        text = N_(
            "From {since} to {until}, open models' share of the tokens of OpenRouter's most used models fell {change} "
            "points."
        )
    text = _(
        text,
        change=i18n.size(change, i18n.number),
        since=i18n.day(tokens["week"].min()),
        until=i18n.day(tokens["week"].max()),
    )
    return finding("finding-open-use", text, "regulation-4", open_share_change=change)


def outlook(dates: pd.DataFrame, as_of: dt.date) -> Card:
    """State what comes next."""
    if dates.empty:
        text = _("No obligation with a later date was known by then.")
        return finding("finding-outlook", text)
    first, horizon = dates.iloc[0], pd.Timestamp(as_of) + pd.DateOffset(years=1)
    within = int((dates["date"] <= horizon).sum())
    text = _(
        "In the year after {as_of}, {n} of {total} known obligations start to apply or fall due, the first on "
        "{first} ({place}).",
        as_of=i18n.day(as_of),
        n=i18n.number(within),
        total=i18n.number(len(dates)),
        place=jurisdiction(first["jurisdiction"]),
        first=i18n.day(first["date"]),
    )
    count = point(within, len(dates), "1", N_("count of known dates"))
    return finding("finding-outlook", text, obligations_within_a_year=count)


def malaysia(rows: pd.DataFrame) -> Card:
    """State what Malaysia has decided, with the days on which its decisions take effect."""
    net, directed = int(rows["direction"].sum()), int((rows["direction"] != 0).sum())
    binds = rows[(rows["kind"] == "binding") & (rows["direction"] != 0)]
    words = {"n": i18n.number(len(rows)), "directed": i18n.number(directed)}
    text = _("Of Malaysia's {n} dated steps on AI, {directed} add or remove duties.", **words)
    if len(binds):
        titles = zip(i18n.texts(binds["short_title"]), binds["date"], strict=True)
        named = i18n.words([f"{title} ({i18n.day(date)})" for title, date in titles])
        text += " " + _("On binding law: {named}.", named=named)
    return finding(
        "finding-malaysia",
        text,
        malaysia_steps=point(len(rows), len(rows), "1", N_("count of dated steps")),
        malaysia_net=point(net, len(rows), "1", N_("tightening less loosening steps")),
    )
