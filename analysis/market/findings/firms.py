"""Findings on concentration of the stock market, and on smaller firms."""

import datetime as dt
from collections.abc import Iterator

import pandas as pd

from briefs.display import charts, i18n
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card
from briefs.values import N_, Estimate


def depression(measures: pd.DataFrame, top_ten: Estimate) -> Card:
    """State how the comparison with the 1930s depends on the measure."""
    ratios = measures["ratio"].dropna()
    if ratios.empty:
        text = _("No measure that reaches back to the 1930s had been published by then.")
    elif len(ratios) == 1:
        text = _(
            "One measure alone reached back to the 1930s by then; it stands at {ratio} of its level of that time.",
            ratio=i18n.percent(ratios.iloc[0]),
        )
    else:
        text = _(
            "Of {n} measures that reach back to the 1930s, {more} are higher now: they stand at {low} to {high} of "
            "their level of that time.",
            n=i18n.number(len(ratios)),
            more=i18n.number(int((ratios > 1).sum())),
            **charts.extent(ratios, i18n.percent),
        )
    return finding("finding-depression", text, "market-8", top_ten_ratio=top_ten)


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
        text = N_(
            "The index's weights in the month of the claim and in a later quarter weren't both known by then."
        )
    elif change.low <= 1 <= change.high:
        text = N_(
            "The ten largest stocks weigh {ratio} of what they did in the month of the claim; no change lies within "
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
    said = _(text, ratio=i18n.estimate(change, i18n.percent))
    return finding("finding-fallen", said, "market-9", top_ten_since_claim=change)


def small_firms(american: Estimate, european: Estimate) -> Card:
    """State whether small firms take up AI faster than large ones, by two surveys."""
    words = {"us": i18n.times(american), "eu": i18n.times(european)}
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
        "ratio": i18n.estimate(ratio, i18n.percent),
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


def malaysia(found: pd.DataFrame) -> Card:
    """State how Malaysia's exports of chips grew beside all its exports, and what data centres were approved.

    `found` are rows of the table ``malaysia-market``; the latest of each measure count.
    """
    ends = found["period_end"].map(_end)
    latest = found.loc[ends.sort_values(kind="stable").index].groupby("measure").tail(1)
    latest = latest.set_index("measure")
    said = [*_exports(found, latest), *_data_centres(latest)]
    text = " ".join(said) or _("No figure on Malaysia had been published by then.")
    return finding("finding-malaysia", text)


def _exports(found: pd.DataFrame, latest: pd.DataFrame) -> Iterator[str]:
    if "growth of semiconductor exports" not in latest.index:
        return
    chips = latest.loc["growth of semiconductor exports"]
    all_exports = found[
        (found["measure"] == "growth of all exports")
        & (found["period_start"] == chips["period_start"])
        & (found["period_end"] == chips["period_end"])
    ]
    words = {"chips": i18n.percent(chips["value"], 1), "period": _period(chips)}
    if len(all_exports):
        all_growth = i18n.percent(all_exports["value"].iloc[0], 1)
        yield _(
            "Malaysia's exports of chips grew {chips} on the year before ({period}), all its exports {all}.",
            **words,
            all=all_growth,
        )
    else:
        yield _("Malaysia's exports of chips grew {chips} on the year before ({period}).", **words)


def _data_centres(latest: pd.DataFrame) -> Iterator[str]:
    if "data centre investment approved" in latest.index:
        row = latest.loc["data centre investment approved"]
        yield _(
            "Data centres worth {amount} have been approved there ({period}).",
            amount=i18n.money(row["value"] * 1e6, "MYR"),
            period=_period(row),
        )


def _period(row: pd.Series) -> str:
    first, last = (_part(str(row[end])) for end in ("period_start", "period_end"))
    return first if first == last else _("{first} to {last}", first=first, last=last)


def _end(text: str) -> str:
    """Return the last month of a period that ends with a year or a month of a table."""
    return text if "-" in text else f"{text}-12"


def _part(text: str) -> str:
    """Write a year or a month of a table."""
    return i18n.month(dt.date.fromisoformat(f"{text}-01")) if "-" in text else text
