"""Findings of the regulatory-outlook brief: sentences whose every number is an estimate."""

import datetime as dt
import math

import pandas as pd

from analysis.regulation.words import jurisdiction
from analysis.uncertainty import point
from briefs.display import i18n
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.likelihood import likelihood
from briefs.display.records import Card
from briefs.values import N_, SHARE, Estimate, Reading


def direction(overall: Estimate, before: Estimate, majority: float, change: dt.date) -> Card:
    """State which way decisions went since a day, against before, and how likely a loosening majority is."""
    numbers = {"loosening_share": overall, "loosening_share_before": before}
    if not overall.known or math.isnan(majority):
        text = _(
            "No decision since {day} was known by then, so no direction can be told.",
            day=i18n.day(change),
        )
        return finding("finding-direction", text, "regulation-1", headline=True, **numbers)
    words = {
        "value": i18n.estimate(overall),
        "n": i18n.number(overall.n),
        "day": i18n.day(change),
        "before": i18n.estimate(before),
        "nb": i18n.number(before.n),
        "term": likelihood(majority).with_band,
    }
    text = _(
        "Since {day}, {value} of {n} decisions loosened, up from {before} of {nb}; that loosening is the more "
        "frequent direction is {term}.",
        **words,
    )
    method = N_("Beta posterior from Jeffreys' prior")
    numbers["loosening_majority"] = point(majority, overall.n, SHARE, method)
    return finding("finding-direction", text, "regulation-1", headline=True, **numbers)


def united_states(federal: Estimate, states: Estimate) -> Card:
    """State how the two levels of the United States moved."""
    numbers = {"loosening_share_us_federal": federal, "loosening_share_us_states": states}
    words = {
        "federal": i18n.estimate(federal),
        "nf": i18n.number(federal.n),
        "states": i18n.estimate(states),
        "ns": i18n.number(states.n),
    }
    if not (federal.known and states.known):
        text = N_(
            "Too few decisions of the United States were known by then to tell its two levels apart."
        )
    elif federal.value > 0.5 > states.value:
        text = N_(
            "In the United States, Washington loosens and the states tighten: {federal} of {nf} federal decisions "
            "loosened, {states} of {ns} by states."
        )
    else:
        text = N_(
            "In the United States {federal} of {nf} federal decisions loosened, and {states} of {ns} by states."
        )
    return finding(
        "finding-united-states", _(text, **words), "regulation-1", headline=True, **numbers
    )


def abroad(lead: Estimate) -> Card:
    """State how the United States as a whole compares with elsewhere."""
    words = {"lead": i18n.estimate(lead), "n": i18n.number(lead.n)}
    if lead.known:
        text = N_(
            "Federal and state decisions together loosen {lead} as often as those elsewhere, out of {n} in all."
        )
    else:
        text = N_(
            "Too few decisions were known by then to compare the United States with elsewhere."
        )
    return finding("finding-abroad", _(text, **words), "regulation-1", us_lead=lead)


def coding(variants: pd.DataFrame, reading: Reading) -> Card:
    """State in how many other codings the main reading would come out otherwise for its low end alone."""
    found = dict(zip(variants["variant"], variants["estimate"], strict=True))
    base, others = found.pop("base"), [e for e in found.values() if e.known]
    if not (base.known and others):
        text = _("No decision was known by then that could be coded otherwise.")
        return finding("finding-coding", text, "regulation-1")
    edge = reading.partly[0]
    below = sum(e.low < edge for e in others)
    words = {"k": i18n.number(below), "n": i18n.number(len(others)), "edge": i18n.percent(edge, 1)}
    if base.low < edge:
        text = _(
            "The interval reaches below {edge}, the edge of partial support, as it does in {k} of {n} other codings.",
            **words,
        )
    elif below:
        text = _(
            "In {k} of {n} other codings the interval reaches below {edge}, the edge of partial support, and the "
            "reading would stay open: the verdict hangs on the coding.",
            **words,
        )
    else:
        text = _(
            "In all of {n} other codings the interval stays above {edge}, the edge of partial support.",
            **words,
        )
    count = point(below, len(others), "1", N_("count of other codings"))
    return finding("finding-coding", text, "regulation-1", codings_below_edge=count)


def opinion(public: Estimate, experts: Estimate, opinions: pd.DataFrame) -> Card:
    """State whether any survey shows worry about over-regulation growing, and what single surveys say."""
    numbers = {"public_worry_change": public, "expert_worry_change": experts}
    if public.known:
        text = _(
            "The share that finds regulation too much changed by {change} points.",
            change=i18n.estimate(public),
        )
    elif len(opinions):
        text = _(
            "No survey that was found asks the same people twice whether regulation goes too far, so whether "
            "worry about it grows can't be told from {n} answers.",
            n=i18n.number(len(opinions)),
        )
    else:
        text = _("No survey that was found asks whether regulation goes too far.")
    return finding("finding-opinion", text, "regulation-2", headline=True, **numbers)


def analogy(equal: Estimate, age: Estimate) -> Card:
    """State where the analogy with the internet puts AI."""
    ends = {"low": i18n.cell("year", equal.low), "high": i18n.cell("year", equal.high)}
    if not equal.known:
        text = _(
            "What had been published by then gives no share of people who use AI, so the analogy can't be dated."
        )
    elif equal.low >= 1995:
        text = _(
            "By use, AI in the United States stands where the internet stood between {low} and {high}, not in the "
            "early 1990s.",
            **ends,
        )
    else:
        text = _(
            "By use, AI in the United States stands where the internet stood between {low} and {high}.",
            **ends,
        )
    if age.known:
        text += " " + _(
            "At the same age its use is {ratio} the internet's.", ratio=i18n.estimate(age)
        )
    numbers = {"equal_adoption": equal, "equal_age": age}
    return finding("finding-analogy", text, "regulation-3", headline=True, **numbers)


def laws(ratio: Estimate, decade: Estimate) -> Card:
    """State how law-making compares between the eras."""
    words = {
        "ratio": i18n.estimate(ratio),
        "decade": i18n.estimate(decade),
        "n": i18n.number(ratio.n),
    }
    if ratio.known and decade.known:
        text = N_(
            "Federal laws on AI came {ratio} as often as those on the internet at the same age ({n} laws), and "
            "{decade} as often over a decade each."
        )
    elif ratio.known:
        text = N_(
            "Federal laws on AI came {ratio} as often as those on the internet at the same age ({n} laws)."
        )
    else:
        text = N_("Laws of the two eras can't be compared from what had been published by then.")
    numbers = {"laws_ratio": ratio, "laws_ratio_decade": decade}
    return finding("finding-laws", _(text, **words), "regulation-3", headline=False, **numbers)


def rivalry(gap: Estimate, controls: int) -> Card:
    """State what became of the gap between countries, and how many controls rivalry brought."""
    words = {"gap": i18n.estimate(gap), "n": i18n.number(controls)}
    if gap.known:
        text = N_(
            "The Arena gap between the United States and China is {gap} that of early 2025; rivalry also brought "
            "{n} decisions that tighten export controls."
        )
    else:
        text = N_(
            "No gap between countries had been published for two dates by then; rivalry brought {n} decisions "
            "that tighten export controls."
        )
    count = point(controls, controls, "1", N_("count of decisions that tighten export controls"))
    numbers = {"gap_ratio": gap, "export_controls": count}
    return finding("finding-rivalry", _(text, **words), "regulation-4", headline=True, **numbers)


def prices(ratio: Estimate) -> Card:
    """State whether prices fell faster after foreign rivals came."""
    words = {"ratio": i18n.estimate(ratio)}
    if not ratio.known:
        text = N_(
            "Whether prices fell faster after foreign rivals came can't be tested from what was known by then."
        )
    elif ratio.high < 1:
        text = N_(
            "Prices fell faster after foreign rivals came: the yearly price factor after is {ratio} that before."
        )
    elif ratio.low > 1:
        text = N_(
            "Prices fell more slowly after foreign rivals came: the yearly price factor after is {ratio} that before."
        )
    else:
        text = N_(
            "No change in the fall of prices after foreign rivals came can be told: the yearly price factor after "
            "is {ratio} that before."
        )
    return finding("finding-prices", _(text, **words), "regulation-4", rate_change=ratio)


def outlook(dates: pd.DataFrame, as_of: dt.date) -> Card:
    """State what comes next."""
    if dates.empty:
        text = _("No obligation with a later date was known by then.")
        return finding("finding-outlook", text)
    first, horizon = dates.iloc[0], pd.Timestamp(as_of) + pd.DateOffset(years=1)
    within = int((dates["date"] <= horizon).sum())
    text = _(
        "In the year after {as_of}, {n} of {total} known obligations start to apply or fall due, the first in "
        "{place} on {first}.",
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
    net, binding = int(rows["direction"].sum()), int((rows["kind"] == "binding").sum())
    text = _(
        "Among Malaysia's {n} dated steps on AI, those that add or remove duties number {directed}, those on "
        "binding law {binding}.",
        n=i18n.number(len(rows)),
        binding=i18n.number(binding),
        directed=i18n.number(int((rows["direction"] != 0).sum())),
    )
    return finding(
        "finding-malaysia",
        text,
        headline=True,
        malaysia_steps=point(len(rows), len(rows), "1", N_("count of dated steps")),
        malaysia_net=point(net, len(rows), "1", N_("tightening less loosening steps")),
    )


def trust(surveys: pd.DataFrame, country: str) -> Card:
    """State how far adults of a country trust it to regulate AI, as one survey found."""
    asked = surveys[
        (surveys["leaning"] == "trust") & surveys["question"].str.contains("own government")
    ]
    rows = asked[asked["population"].str.contains(country)]
    if rows.empty:
        text = _("No survey of trust in the state to regulate AI had been published by then.")
        return finding("finding-trust", text)
    value = rows["percent"].iloc[-1] / 100
    everywhere = asked[asked["population"].str.contains("countries")]["percent"].mean() / 100
    text = _(
        "{share} of adults asked in {country} trust their government to regulate AI, against {all} over all "
        "countries asked ({survey}; the number asked in the country is not stated).",
        share=i18n.percent(value),
        country=_(country),
        all=i18n.percent(everywhere),
        survey=i18n.texts(rows["survey"])[-1],
    )
    share = point(value, 1, SHARE, N_("one published share"))
    return finding("finding-trust", text, trust_in_government=share)
