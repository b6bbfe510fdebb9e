"""Findings of the market-impact brief: sentences whose every number is an estimate."""

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd

from analysis.market.figures.cloud import LAYERS
from analysis.market.shift_share import Grown
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


def _days(found: Estimate) -> str:
    """Write what part of other days a placebo counts."""
    if found.value == 0:
        return _("none of {n} other days", n=i18n.number(found.n))
    return _("{share} of {n} other days", share=_fine(found), n=i18n.number(found.n))


def event(day: Estimate, placebo: Estimate, date: pd.Timestamp) -> Card:
    """State what the day did to exposed shares, and how rare such a day is."""
    words = {
        "fall": i18n.estimate(transformed(day, lambda rise: -rise, day.unit)),
        "rise": i18n.estimate(day),
        "date": i18n.day(date),
        "days": _days(placebo) if placebo.known else "",
    }
    if not day.known:
        text = N_("No returns had been published by then that would show what the day did.")
    elif day.value > 0:
        text = N_("Shares exposed to AI rose {rise} beyond the market on {date}.")
    elif placebo.known:
        text = N_(
            "Shares exposed to AI fell {fall} beyond the market on {date}; as large a fall was seen on {days}."
        )
    else:
        text = N_("Shares exposed to AI fell {fall} beyond the market on {date}.")
    numbers = {"abnormal_return": day, "placebo": placebo}
    return finding("finding-event", _(text, **words), "market-1", headline=True, **numbers)


def shock(ratio: Estimate, excess: Estimate, date: pd.Timestamp) -> Card:
    """State how far technology shares moved apart, and how far the exposed fell behind the others."""
    words = {
        "ratio": i18n.estimate(ratio),
        "n": i18n.number(ratio.n),
        "date": i18n.day(date),
        "excess": _fine(excess),
    }
    if not ratio.known:
        text = N_(
            "What had been published by then doesn't show how far technology shares moved apart."
        )
    elif excess.known:
        text = N_(
            "On {date} returns of {n} technology shares lay {ratio} as far apart as on the median day before. The "
            "exposed shares moved {excess} beyond the other technology shares."
        )
    else:
        text = N_(
            "On {date} returns of {n} technology shares lay {ratio} as far apart as on the median day before."
        )
    numbers = {"spread_ratio": ratio, "excess_return": excess}
    return finding("finding-shock", _(text, **words), "market-1", headline=True, **numbers)


def whole_market(placebo: Estimate) -> Card:
    """State how rare the day was for the market as a whole, which the claim doesn't speak of."""
    words = {"days": _days(placebo) if placebo.known else ""}
    if placebo.known:
        text = N_("The market as a whole, of which the claim doesn't speak, fell as far on {days}.")
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
            "Over {days} trading days the abnormal returns add up to {value}; zero lies within that interval."
        )
    else:
        text = N_("Over {days} trading days the abnormal returns add up to {value}.")
    numbers = {"cumulative_abnormal_return": cumulative}
    return finding("finding-event-window", _(text, **words), "market-1", headline=False, **numbers)


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
    elif told.known:
        text = N_("Published estimates give NVIDIA {told} of revenue from AI accelerators.")
    else:
        text = N_(
            "Neither a count of training hardware nor two dated shares of revenue had been published by then."
        )
    numbers = {"trained_on_nvidia": trained, "shipped_by_nvidia": shipped, "published_share": told}
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


def inference(growth: Estimate, turning_point: Estimate) -> Card:
    """State how fast revenue from inference chips grows, and when it would not."""
    words = {"growth": i18n.estimate(growth), "part": i18n.percent(turning_point.value)}
    if growth.known:
        text = N_(
            "Revenue from inference chips grew {growth} a year, by the published parts of it that are inference. It "
            "would have grown by less than a tenth only if that part had fallen below {part}."
        )
    else:
        text = N_("What had been published by then doesn't give the growth of inference chips.")
    numbers = {"inference_growth": growth, "turning_point": turning_point}
    said = _(text, **words)
    return finding("finding-inference-chips", said, "market-3", headline=True, **numbers)


def competition(ratio: Estimate) -> Card:
    """State how NVIDIA's share in inference compares with that in training."""
    words = {"ratio": i18n.estimate(ratio)}
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
    words = {"ratio": i18n.estimate(ratio), "n": i18n.number(ratio.n)}
    if not ratio.known:
        text = N_(
            "No chip since the claim is dated by then, so a shift towards inference can't be told."
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


def share_changes(measured: Mapping[str, Estimate], year: int) -> Card:
    """State how each layer's share has changed since a year, with bounds where nothing splits two."""
    known = {layer: e for layer, e in measured.items() if e.known}
    if not known:
        text = _("No full year of growth since the claim had been published by then.")
    else:
        parts = [
            _("{layer} {change}", layer=_(LAYERS[layer]), change=_points(e))
            for layer, e in known.items()
        ]
        text = _(
            "Change of share since {year}, in percentage points: {parts}. How platforms and infrastructure share "
            "their joint growth isn't published, so theirs are bounds.",
            year=i18n.cell("year", year),
            parts=i18n.words(parts),
        )
    numbers = {f"change_{layer.lower()}": e for layer, e in measured.items()}
    return finding("finding-share-changes", text, "market-4", headline=True, **numbers)


def layer_growth(measured: Mapping[str, Estimate]) -> Card:
    """State how fast each layer has grown since the claim."""
    known = {layer: e for layer, e in measured.items() if e.known}
    if not known:
        text = _(
            "No layer can be judged yet: no full year of growth since the claim had been published by then."
        )
    else:
        parts = [
            _("{layer} {growth}", layer=_(LAYERS[layer]), growth=i18n.estimate(e))
            for layer, e in known.items()
        ]
        text = _(
            "Growth in a year: {parts}. Of platforms and infrastructure, counted together, these are bounds.",
            parts=i18n.words(parts),
        )
    numbers = {f"growth_{layer.lower()}": e for layer, e in measured.items()}
    return finding("finding-layer-growth", text, "market-7", headline=True, **numbers)


def combined_growth(found: Grown | None) -> Card:
    """State how fast infrastructure and platform services grew together, by another publisher's count."""
    if found is None:
        text = _(
            "No count of infrastructure and platform services together reaches past the claim by then."
        )
        return finding("finding-combined-growth", text, "market-7")
    basis = found.basis
    growth = point(basis.joint, 1, SHARE_PER_YEAR, N_("sums of four quarters"))
    text = _(
        "Infrastructure and platform services together grew {growth} from {first} to {last} by another publisher's "
        "count, which doesn't split the two.",
        growth=i18n.percent(basis.joint, 1),
        first=i18n.cell("year", basis.first),
        last=i18n.cell("year", basis.last),
    )
    return finding("finding-combined-growth", text, "market-7", combined_growth=growth)


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


def speakers_ratio(snapshots: pd.DataFrame, figures: pd.DataFrame) -> Card:
    """State the speaker's own measure: within the index, and as reported of all listed stocks."""
    if snapshots.empty:
        text = _("The speaker's ratio can't be computed for any universe by then.")
        return finding("finding-speakers-ratio", text, "market-8")
    first, last = snapshots.iloc[0], snapshots.iloc[-1]
    ratios, method = snapshots["top_over_p75"], N_("least and greatest snapshot")
    value, low, high = last["top_over_p75"], ratios.min(), ratios.max()
    found = Estimate(value, low, high, None, len(ratios), "1", method)
    text = _(
        "Within the S&P 500 alone the largest issuer was {first} times the one at the 75th percentile in {since} "
        "and {last} times in {until}.",
        first=i18n.number(first["top_over_p75"]),
        since=i18n.month(first["date"]),
        last=i18n.number(last["top_over_p75"]),
        until=i18n.month(last["date"]),
    )
    told = figures[figures["measure"] == "top_over_p75"].sort_values("year")
    if len(told):
        text += " " + _(
            "Among all listed stocks it was {ratio} times in {year}, as the press reports a bank's chart; the chart's "
            "figure for the 1930s isn't printed.",
            ratio=i18n.number(told["value"].iloc[-1]),
            year=i18n.cell("year", told["year"].iloc[-1]),
        )
    return finding("finding-speakers-ratio", text, "market-8", largest_over_p75_in_index=found)


def fallen(change: Estimate) -> Card:
    """State whether the index has become less concentrated since the claim."""
    if not change.known:
        text = N_("Too little time had passed by then to tell whether concentration has fallen.")
    elif change.low <= 1 <= change.high:
        text = N_(
            "The ten largest stocks weigh {ratio} of what they did in the month of the claim; one lies within "
            "that interval."
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


def small_firms(american: Estimate, european: Estimate) -> Card:
    """State whether small firms take up AI faster than large ones, by two surveys."""
    words = {"us": i18n.estimate(american), "eu": i18n.estimate(european)}
    if american.known and european.known:
        text = N_(
            "Since the claim the odds of using AI grew {us} as fast among the smallest firms of the United States as "
            "among the largest, and {eu} as fast among small firms of the European Union."
        )
    elif american.known:
        text = N_(
            "Since the claim the odds of using AI grew {us} as fast among the smallest firms of the United States as "
            "among the largest."
        )
    else:
        text = N_("No survey by size of firm after the claim was dated by then.")
    numbers = {"small_over_large_us": american, "small_over_large_eu": european}
    return finding("finding-small-firms", _(text, **words), "market-9", headline=False, **numbers)


def newcomers(ratio: Estimate, top_five: tuple[float, float]) -> Card:
    """State whether more organisations make notable models, and what part the busiest five make."""
    then, now = top_five
    words = {
        "ratio": i18n.estimate(ratio),
        "then": i18n.percent(then),
        "now": i18n.percent(now),
    }
    if ratio.known:
        text = N_(
            "Organisations with notable models number {ratio} of what they did in the year before the claim, allowing "
            "for those listed late; the busiest five made {then} of the models then and {now} in the latest full year."
        )
    else:
        text = N_("No full year after the claim had been counted by then.")
    said = _(text, **words)
    return finding("finding-newcomers", said, "market-9", newcomers=ratio)
