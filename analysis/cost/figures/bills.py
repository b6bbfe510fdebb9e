"""Figure of a workload's bill: past, forecast where the forecast passed its test, and scenarios."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure
from briefs.values import N_

_SCENARIOS = {
    "trend": N_("trend"),
    "claimed": N_("as claimed"),
    "half": N_("half as fast"),
    "flat": N_("no change"),
}
#: Probability content of the fan's bands, the widest first, and the quantiles at their ends.
_BANDS = {0.9: (0.05, 0.95), 0.8: (0.1, 0.9), 0.5: (0.25, 0.75)}


def monthly_bill(
    past: pd.DataFrame,
    future: pd.DataFrame,
    fan: pd.DataFrame,
    floor: pd.Series,
    million_tokens: float,
    benchmark: str,
    threshold: float,
    currency: str,
    input_share: float,
) -> Figure | Card:
    """Draw a workload's monthly bill, past and projected.

    `past` is ``scenarios.monthly_bill``, `future` ``scenarios.project``, `fan`
    ``scenarios.fan_of_bills``, empty where no forecast passed; `floor` the lowest list price of any
    model, with the workload's ``bill`` at it. Bought are so many million tokens a month,
    `input_share` of them input, of a model that scores `threshold` on `benchmark`.
    """
    if past.empty or future.empty:
        text = (
            _("No bill can be shown: no model on sale by then reached the score.")
            if past.empty
            else _("No bill can be projected: the evidence by then gives no rate of decline.")
        )
        return finding("monthly-bill-none", text)
    score = i18n.score(threshold, benchmark)
    words = {
        "tokens": i18n.exact(million_tokens),
        "capability": _("{score} on {benchmark}", score=score, benchmark=benchmark),
        "first": i18n.money(past["bill"].iloc[0], currency),
        "now": i18n.money(past["bill"].iloc[-1], currency),
        "since": i18n.month(past["month"].iloc[0]),
        "month": i18n.month(past["month"].iloc[-1]),
        "until": i18n.cell("year", future["date"].max().year),
        "input": i18n.percent(input_share),
        "sign": i18n.CURRENCY_SIGNS[currency],
        "n": i18n.number(len(past)),
        "end": i18n.month(fan["date"].max()) if len(fan) else "",
    }
    ends = {"low": _("Low"), "high": _("High")}
    drawn = past, future, fan, floor, currency
    return charts.figure(
        charts.drawing("fig-monthly-bill", 3.5, _draw, *drawn, wide=4.6),
        words,
        _rows(past, future, fan),
        sources=(*past["source_id"], floor["source_id"], *filter(None, past["rate_source"])),
        title=_("{tokens} million tokens a month: {first} then, {now} now"),
        subtitle=_(
            "Monthly bill of {tokens} million tokens at {capability}, bought at the cheapest list price, "
            "{sign}, world, {since} to {month}, with scenarios to {until}"
        ),
        alt=_(
            "Line chart of the monthly bill for {tokens} million tokens on a log scale, where it went from {first} "
            "in {since} to {now} in {month}, with scenarios to {until}."
        ),
        note=_(_note(fan)),
        columns=(
            Column("scenario", _("Scenario")),
            Column("date", _("Date"), "month"),
            Column("value", _("Bill a month"), currency.lower()),
            *(Column(end, title, currency.lower()) for end, title in ends.items() if len(fan)),
        ),
    )


def _note(fan: pd.DataFrame) -> str:
    if fan.empty:
        return N_(
            "Named is the model that set a new low. Observed prices, n = {n} months; scenarios have no probability, "
            "and no forecast is drawn, since none passed its test. The floor is the bill at the lowest list price of "
            "any model so far; no scenario goes below it. The same tokens throughout, {input} of them input."
        )
    return N_(
        "Named is the model that set a new low. Observed prices, n = {n} months. The forecast, to {end}, passed its "
        "test and has bands of 50%, 80% and 90% from its past errors; scenarios have no probability. The floor is "
        "the bill at the lowest list price of any model so far; no scenario goes below it. The same tokens "
        "throughout, {input} of them input."
    )


def _rows(past: pd.DataFrame, future: pd.DataFrame, fan: pd.DataFrame) -> pd.DataFrame:
    """Put the bills of the past, of the fan and of the scenarios into one table."""
    observed = past.rename(columns={"month": "date", "bill": "value"})[["date", "value"]]
    projected = future.assign(scenario=[_(_SCENARIOS[name]) for name in future["scenario"]])
    return pd.concat(
        [observed.assign(scenario=_("observed")), *_bands(fan), projected], ignore_index=True
    )


def _bands(fan: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Rows of each band of the fan: its ends and the median, without the day it opens from."""
    for content, (low, high) in _BANDS.items() if len(fan) else ():
        rows = fan.iloc[1:].rename(columns={low: "low", high: "high", 0.5: "value"})
        label = _("forecast, {band} band", band=i18n.percent(content))
        yield rows[["date", "low", "value", "high"]].assign(scenario=label)


def _draw(
    ax: Axes,
    past: pd.DataFrame,
    future: pd.DataFrame,
    fan: pd.DataFrame,
    floor: pd.Series,
    currency: str,
) -> None:
    money = currency.lower()
    fields = {"month": "date:month", "scenario": "series", "bill": f"value:{money}"}
    observed = charts.say(
        _("{month}, {model}: {bill} a month"), month="month:month", bill=f"bill:{money}"
    )
    say = charts.say(_("{month}, {scenario}: {bill} a month"), **fields)
    scenarios = {_(label): future[future["scenario"] == s] for s, label in _SCENARIOS.items()}
    ax.set_yscale("log")
    ax.step(past["month"], past["bill"], where="post", color=style.INK)
    charts.mark_rows(ax, past, "month", "bill", observed)
    _draw_fan(ax, fan, money)
    labels = charts.lines(
        ax, scenarios, "date", "value", say, colours=style.FOUR, dashes=style.DASHES[1:]
    )
    _draw_floor(ax, floor, past["month"].iloc[0], currency)
    lows = _new_lows(past)
    ax.plot(lows["month"], lows["bill"], "o", color=style.INK, ms=4)
    axes.log_money(ax.yaxis, currency)
    axes.over_time(ax, _("Bill a month (log scale)"), labels)
    axes.point_labels(ax, _names(lows, currency, style.wide(ax)), axes.BESIDE_STEPS)
    ahead = _("scenarios") if fan.empty else _("forecast,\nthen scenarios")
    ax.annotate(ahead, (1, 1), xycoords="axes fraction", ha="right", va="top")


def _draw_floor(ax: Axes, floor: pd.Series, start: pd.Timestamp, currency: str) -> None:
    """Draw the floor of the scenarios, its name below it."""
    ax.axhline(floor["bill"], color=style.QUIET, lw=1.2)
    least, most = ax.get_ylim()
    ax.set_ylim(min(least, floor["bill"] * (least / most) ** 0.14), most)
    bill = i18n.money(floor["bill"], currency)
    text = (
        _("floor: {bill}, price of {model}", bill=bill, model=floor["display_name"])
        if style.wide(ax)
        else _("floor: {bill}", bill=bill)
    )
    ax.annotate(text, (start, floor["bill"]), (0, -4), textcoords="offset points", va="top")


def _new_lows(past: pd.DataFrame) -> pd.DataFrame:
    """Months in which the bill fell below all before, the first too; ``fall`` is by what factor."""
    before = past["bill"].cummin().shift()
    lows = past.assign(fall=(before / past["bill"]).fillna(np.inf))
    return lows[lows["fall"] > 1]


def _names(lows: pd.DataFrame, currency: str, wide: bool) -> list[tuple[Any, float, str]]:
    """Labels of new lows, the last and the largest falls first."""
    order = [lows.index[-1], *lows["fall"].sort_values(ascending=False).index]
    named = lows.loc[list(dict.fromkeys(order))]
    short = named["model"].str.replace(r" \(.*\)", "", regex=True)  # without its month
    texts = [
        _("{model}, {bill}", model=model, bill=i18n.money(bill, currency)) if wide else model
        for model, bill in zip(short, named["bill"], strict=True)
    ]
    return list(zip(named["month"], named["bill"], texts, strict=True))


def _draw_fan(ax: Axes, fan: pd.DataFrame, money: str) -> None:
    if fan.empty:
        return
    for low, high in _BANDS.values():
        ax.fill_between(fan["date"], fan[low], fan[high], color=style.INK, alpha=0.15, lw=0)
    ax.plot(fan["date"], fan[0.5], color=style.INK)
    say = charts.say(
        _("{month}, {scenario}: {low} to {high} a month, median {bill}"),
        month="date:month",
        low=f"low:{money}",
        high=f"high:{money}",
        bill=f"value:{money}",
    )
    for rows in _bands(fan):
        charts.mark_rows(ax, rows, "date", "high", say)
