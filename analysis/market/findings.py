"""Findings of the market-impact brief: sentences whose every number is an estimate."""

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from analysis.market.figures.cloud import LAYERS
from analysis.uncertainty import point, transformed
from briefs.display import charts, i18n
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card
from briefs.values import N_, SHARE, SHARE_PER_YEAR, Estimate


def _decimals(write: Callable[[float, int], str], digits: int, found: Estimate) -> str:
    """Write an estimate and its interval with so many decimals."""
    if not found.known:
        return i18n.UNKNOWN
    value, low, high = (write(v, digits) for v in (found.value, found.low, found.high))
    return _("{value} ({low} to {high})", value=value, low=low, high=high)


#: Percentage points; and shares of which whole percent would hide too much.
_points, _fine = partial(_decimals, i18n.number, 2), partial(_decimals, i18n.percent, 1)


def event(day: Estimate, placebo: Estimate, date: pd.Timestamp) -> Card:
    """State what the day did to exposed shares, and how rare such a day is."""
    words = {
        "fall": i18n.estimate(transformed(day, lambda rise: -rise, day.unit)),
        "rise": i18n.estimate(day),
        "date": i18n.day(date),
        "n": i18n.number(placebo.n),
        "placebo": _fine(placebo),
    }
    if not day.known:
        text = N_("No returns had been published by then that would show what the day did.")
    elif day.value > 0:
        text = N_("Shares exposed to AI rose {rise} beyond the market on {date}.")
    elif placebo.known:
        text = N_(
            "Shares exposed to AI fell {fall} beyond the market on {date}; {placebo} of {n} other days saw as "
            "large a fall."
        )
    else:
        text = N_("Shares exposed to AI fell {fall} beyond the market on {date}.")
    numbers = {"abnormal_return": day, "placebo": placebo}
    return finding("finding-event", _(text, **words), "market-1", headline=True, **numbers)


def whole_market(placebo: Estimate) -> Card:
    """State how rare the day was for the market as a whole."""
    words = {"share": _fine(placebo), "n": i18n.number(placebo.n)}
    if placebo.known:
        text = N_(
            "For the market as a whole the day was less unusual: on {share} of {n} other days it fell as far."
        )
    else:
        text = N_("The market's fall of the day can't be held against other days yet.")
    return finding("finding-whole-market", _(text, **words), "market-1", market_fall=placebo)


def window(cumulative: Estimate, days: int) -> Card:
    """State how much of the abnormal fall was left after the event window."""
    words = {"days": i18n.number(days), "value": _fine(cumulative)}
    if not cumulative.known:
        text = N_("The days after the event hadn't all been published by then.")
    elif cumulative.low < 0 < cumulative.high:
        text = N_(
            "Over {days} trading days the abnormal returns add up to {value}, which can't be told from nothing."
        )
    else:
        text = N_("Over {days} trading days the abnormal returns add up to {value}.")
    numbers = {"cumulative_abnormal_return": cumulative}
    return finding("finding-event-window", _(text, **words), "market-1", headline=False, **numbers)


def chip_shares(training: Estimate, every: Estimate, inference: Estimate) -> Card:
    """State what is published on NVIDIA's share, and where there is only one source."""
    words = {
        "every": i18n.estimate(every),
        "training": i18n.estimate(training),
        "n": i18n.number(every.n),
    }
    if not every.known:
        text = N_(
            "Fewer than two dated sources give NVIDIA's share of revenue from AI accelerators by then."
        )
    elif training.known:
        text = N_(
            "Published estimates give NVIDIA {every} of revenue from AI accelerators and {training} from training "
            "chips."
        )
    else:
        text = N_(
            "NVIDIA has {every} of revenue from AI accelerators in {n} published estimates; for training alone "
            "there is one source at most, and so no spread."
        )
    numbers = {"accelerator_share": every, "training_share": training, "inference_share": inference}
    return finding("finding-chip-shares", _(text, **words), "market-2", headline=True, **numbers)


def chip_concentration(concentration: pd.DataFrame, largest: pd.DataFrame) -> Card:
    """State how concentrated vendors' revenue is, with bounds for what isn't disclosed."""
    if concentration.empty or largest.empty:
        text = _(
            "No quarter in which three vendors disclose their revenue had been published by then."
        )
        return finding("finding-chip-concentration", text, "market-2")
    last, first, now = concentration.iloc[-1], largest.iloc[0], largest.iloc[-1]
    text = _(
        "In the quarter from {quarter} the index of concentration (HHI) of vendors' revenue lay between {low} and "
        "{high}, and NVIDIA had at most {share}. Of its own and AMD's revenue together it had {first} in the "
        "quarter from {since} and {now} in that from {until}.",
        quarter=i18n.month(last["quarter"]),
        low=i18n.significant(last["estimate"].low),
        high=i18n.significant(last["estimate"].high),
        share=i18n.percent(last["nvidia"]),
        first=i18n.percent(first["share"]),
        now=i18n.percent(now["share"]),
        since=i18n.month(first["quarter"]),
        until=i18n.month(now["quarter"]),
    )
    index, top = last["estimate"], float(last["nvidia"])
    method = N_("share of disclosed revenue, an upper bound")
    most = Estimate(top, 0.0, top, None, index.n, SHARE, method)
    return finding("finding-chip-concentration", text, "market-2", hhi=index, nvidia_at_most=most)


def inference(growth: Estimate) -> Card:
    """State how fast revenue from inference chips grows."""
    if growth.known:
        text = _(
            "Revenue from inference chips grew about {growth} a year, if it follows the use of computing.",
            growth=i18n.estimate(growth),
        )
    else:
        text = _("What had been published by then doesn't give the growth of inference chips.")
    numbers = {"inference_growth": growth}
    return finding("finding-inference-chips", text, "market-3", headline=True, **numbers)


def focus(ratio: Estimate) -> Card:
    """State whether new chips turn to inference."""
    words = {"ratio": i18n.estimate(ratio), "n": i18n.number(ratio.n)}
    if not ratio.known:
        text = N_(
            "No chip since the claim is dated by then, so a shift towards inference can't be told."
        )
    elif ratio.low <= 1 <= ratio.high:
        text = N_(
            "The share of new chips made for inference alone is {ratio} of what it was, over {n} chips: no clear "
            "shift."
        )
    else:
        text = N_(
            "The share of new chips made for inference alone is {ratio} of what it was, over {n} chips."
        )
    return finding("finding-focus", _(text, **words), "market-3", inference_focus=ratio)


def layer_change(expected: Mapping[str, Estimate], typical: Estimate) -> Card:
    """State what forecasts said of each layer's share, beside how far such forecasts move."""
    known = {layer: e for layer, e in expected.items() if e.known}
    if not known:
        text = _("Fewer than two editions of a forecast covered the year by then.")
    else:
        parts = [
            _("{layer} {change}", layer=_(LAYERS[layer]), change=_points(e))
            for layer, e in known.items()
        ]
        text = _(
            "Forecast change of share in a year, in percentage points: {parts}. From one edition to the last, "
            "such forecasts moved by {typical} points.",
            parts=i18n.words(parts),
            typical=_points(typical),
        )
    numbers = {"revision": typical} | {f"expected_{x.lower()}": e for x, e in expected.items()}
    return finding("finding-layer-change", text, "market-4", headline=False, **numbers)


def forecast_error(error: Estimate) -> Card:
    """State how far forecasts of infrastructure spending were off what was counted later."""
    words = {"error": i18n.estimate(error), "n": i18n.number(error.n)}
    if error.known:
        text = N_(
            "Forecasts of infrastructure spending were off by {error} of what the same publisher later counted, "
            "over {n} forecasts."
        )
    else:
        text = N_("No forecast of a layer can yet be held against a later count.")
    return finding("finding-forecast-error", _(text, **words), "market-5", forecast_error=error)


def layer_growth(measured: Mapping[str, Estimate]) -> Card:
    """State how fast each layer has grown since the claim, where companies allow an answer."""
    known = {layer: e for layer, e in measured.items() if e.known}
    if not known:
        text = _(
            "No layer can be judged yet: companies with a full year of results since the claim make up too little "
            "of any."
        )
    else:
        parts = [
            _("{layer} {growth}", layer=_(LAYERS[layer]), growth=i18n.estimate(e))
            for layer, e in known.items()
        ]
        text = _(
            "Companies that make up enough of a layer grew in a year: {parts}.",
            parts=i18n.words(parts),
        )
        if lacking := [_(LAYERS[layer]) for layer in measured if layer not in known]:
            text += " " + _("For {layers} no companies do.", layers=i18n.words(lacking))
    numbers = {f"growth_{layer.lower()}": e for layer, e in measured.items()}
    return finding("finding-layer-growth", text, "market-7", headline=True, **numbers)


def combined_growth(growth: Estimate) -> Card:
    """State how fast infrastructure and platform services grew together, by another publisher's count."""
    words = {"growth": _fine(growth)}
    if growth.known:
        text = N_(
            "Infrastructure and platform services together grew {growth} a year by another publisher's count, "
            "which doesn't part the two."
        )
    else:
        text = N_(
            "No count of infrastructure and platform services together reaches past the claim by then."
        )
    return finding("finding-combined-growth", _(text, **words), "market-7", combined_growth=growth)


def company(companies: pd.DataFrame, ticker: str) -> Card:
    """State one platform company's growth, and that it isn't its layer's share."""
    own = companies[companies["ticker"] == ticker]
    if own.empty:
        text = _(
            "No full year of the company's results since the claim had been published by then."
        )
        return finding("finding-company", text, "market-4")
    row = own.iloc[0]
    method = N_("last four quarters over the four before")
    growth = point(row["growth"], 8, SHARE_PER_YEAR, method)
    text = _(
        "{company}, named as an example, grew {growth} in its last four quarters to {revenue}. That is one "
        "company's growth, and says nothing of the share of its layer.",
        company=row["company"],
        growth=i18n.estimate(growth),
        revenue=i18n.money(row["last"] * 1e6),
    )
    return finding("finding-company", text, "market-4", company_growth=growth)


def depression(measures: pd.DataFrame, top_ten: Estimate) -> Card:
    """State how the comparison with the 1930s depends on the measure."""
    ratios = measures["ratio"].dropna()
    if ratios.empty:
        text = _("No measure that reaches back to the 1930s had been published by then.")
    elif len(ratios) == 1:
        text = _(
            "One measure alone reaches back to the 1930s by then; it stands at {ratio} of that time's.",
            ratio=i18n.factor(ratios.iloc[0]),
        )
    else:
        text = _(
            "Of {n} measures that reach back to the 1930s, {more} are higher now; their ratios run from {low} to "
            "{high}.",
            n=i18n.number(len(ratios)),
            more=i18n.number(int((ratios > 1).sum())),
            **charts.extent(ratios, i18n.factor),
        )
    return finding("finding-depression", text, "market-8", headline=True, top_ten_ratio=top_ten)


def speakers_ratio(snapshots: pd.DataFrame) -> Card:
    """State the speaker's own measure within the index, the one universe for which it can be computed."""
    if snapshots.empty:
        text = _("The speaker's ratio can't be computed for any universe by then.")
        return finding("finding-speakers-ratio", text, "market-8")
    first, last = snapshots.iloc[0], snapshots.iloc[-1]
    ratios, method = snapshots["top_over_p75"], N_("least and greatest snapshot")
    value, low, high = last["top_over_p75"], ratios.min(), ratios.max()
    found = Estimate(value, low, high, None, len(ratios), "1", method)
    text = _(
        "Within the S&P 500 alone the largest issuer was {first} times the one at the 75th percentile in {since} "
        "and {last} times in {until}. Among all listed stocks, as the speaker has it, the ratio is far higher.",
        first=i18n.number(first["top_over_p75"]),
        since=i18n.month(first["date"]),
        last=i18n.number(last["top_over_p75"]),
        until=i18n.month(last["date"]),
    )
    return finding("finding-speakers-ratio", text, "market-8", largest_over_p75_in_index=found)


def fallen(change: Estimate) -> Card:
    """State whether the index has become less concentrated since the claim."""
    if not change.known:
        text = N_("Too little time had passed by then to tell whether concentration has fallen.")
    elif change.low <= 1 <= change.high:
        text = N_(
            "The ten largest stocks weigh {ratio} of what they did in the month of the claim: no fall that stands "
            "out from the swings within a month."
        )
    elif change.high < 1:
        text = N_(
            "The ten largest stocks weigh {ratio} of what they did in the month of the claim: concentration has "
            "fallen."
        )
    else:
        text = N_(
            "The ten largest stocks weigh {ratio} of what they did in the month of the claim: concentration has risen."
        )
    said = _(text, ratio=i18n.estimate(change))
    return finding("finding-fallen", said, "market-9", headline=True, top_ten_since_claim=change)


def small_firms(ratio: Estimate) -> Card:
    """State whether small firms take up AI faster than large ones."""
    words = {"ratio": i18n.estimate(ratio)}
    if ratio.known:
        text = N_(
            "In the EU survey, use of AI grew {ratio} as fast among small firms as among large ones, from a far "
            "lower start."
        )
    else:
        text = N_("No survey by size of firm after the claim was dated by then.")
    return finding("finding-small-firms", _(text, **words), "market-9", small_over_large=ratio)
