"""Figures on the event study: returns by group and day, recovery; a sentence where too little was published."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure
from briefs.values import N_, Estimate

GROUPS = {
    "exposed": N_("Exposed to AI"),
    "accelerators": N_("Accelerators"),
    "equipment": N_("Servers, networks"),
    "power": N_("Power"),
    "cloud": N_("Cloud"),
    "software": N_("Software"),
    "rest": N_("The rest"),
    "market": N_("Whole market"),
}
_SHORT = {"equipment": N_("Servers"), "market": N_("Market")}
_LINES = ("accelerators", "equipment", "power", "market")


def group_returns(
    effects: pd.DataFrame, date: pd.Timestamp, benchmark: str, sources: Iterable[str]
) -> Figure | Card:
    """Draw ``event_study.group_effects`` on the day of the event, the exposed portfolio first."""
    rows = effects[[e.known for e in effects["day"]]].reset_index(drop=True)
    if rows.empty:
        text = _(
            "No returns had been published by then for that day and the days before that the market model needs."
        )
        return finding("event-not-known", text, "market-1")
    rows = rows.assign(label=[_(GROUPS[group]) for group in rows["group"]])
    main = rows["day"].iloc[0]
    values = pd.Series([e.value for e in rows["day"]])
    words = {
        "day": i18n.day(date),
        "value": i18n.percent(abs(main.value)),
        "estimate": i18n.estimate(main),
        "benchmark": benchmark,
        "level": i18n.percent(main.level),
        "n": i18n.number(main.n),
        "lowest": rows.loc[values.idxmin(), "label"],
        "highest": rows.loc[values.idxmax(), "label"],
        **charts.extent(values),
    }
    return charts.figure(
        charts.drawing("fig-event-groups", 0.36 * len(rows) + 1.0, _draw_groups, rows),
        words,
        charts.spread(rows, "day"),
        sources=sources,
        title=_("AI shares fell {value} beyond the market on {day}")
        if main.value < 0
        else _("AI shares rose {value} beyond the market on {day}"),
        subtitle=_(
            "Abnormal return of equally weighted groups of shares against {benchmark}, United States exchanges, {day}"
        ),
        alt=_(
            "Dot chart of abnormal returns by group on {day}, where shares exposed to AI moved {estimate}, from "
            "{low} ({lowest}) to {high} ({highest})."
        ),
        note=_(
            "Lines are {level} t intervals of the forecast error of the market model; n = {n} days of estimation."
        ),
        columns=charts.spread_columns("percent", _("Abnormal return"), label=_("Group")),
    )


def _draw_groups(ax: Axes, rows: pd.DataFrame) -> None:
    ax.axvline(0, color=style.QUIET, lw=1.2)
    colours = [style.ACCENT, *[style.MAIN] * (len(rows) - 1)]
    charts.forest(ax, rows["label"], rows["day"], colours)
    ax.set_xlabel(_("Abnormal return on the day"))


def placebo_days(
    bins: pd.DataFrame, share: Estimate, date: pd.Timestamp, sources: Iterable[str]
) -> Figure | Card:
    """Draw ``event_inference.histogram``; `share` is that of other days with as large a fall."""
    if bins.empty or not share.known:
        text = _("The day can't be held against other days: too few had been published by then.")
        return finding("placebo-not-known", text, "market-1")
    event = bins[bins["event"].astype(bool)].iloc[0]
    words = {
        "k": i18n.number(round(share.value * share.n)),
        "n": i18n.number(share.n),
        "day": i18n.day(date),
        "low": i18n.percent(event["low"]),
        "high": i18n.percent(event["high"]),
        "share": i18n.estimate(share),
        "level": i18n.percent(share.level or 0),
        "method": i18n.message(share.method),
        **charts.period(pd.concat([bins["first"], bins["last"]])),
    }
    return charts.figure(
        charts.drawing("fig-event-placebo", 3.0, _draw_days, bins, i18n.day(date)),
        words,
        bins,
        sources=sources,
        title=_("{k} of {n} other days saw as large an abnormal fall"),
        subtitle=_(
            "Trading days by abnormal return of the portfolio of exposed shares, United States exchanges, every "
            "day with a full estimation window, {since} to {until}"
        ),
        alt=_(
            "Bar chart of {n} days by abnormal return, where {day} lies at {low} to {high} and {k} others lie "
            "as low."
        ),
        note=_(
            "Share of other days with as large a fall: {share}, {level} interval ({method}), n = {n} days. "
            "Neighbouring days share most of their estimation window."
        ),
        columns=(
            Column("low", _("From"), "percent"),
            Column("high", _("To"), "percent"),
            Column("days", _("Days"), "integer"),
            Column("first", _("First day"), "date"),
            Column("last", _("Last day"), "date"),
            Column("event", _("Holds the event")),
        ),
    )


def _draw_days(ax: Axes, bins: pd.DataFrame, day: str) -> None:
    say = charts.say(
        _("From {low} to {high}: {days} of {total} days"),
        low="low:percent",
        high="high:percent",
        days="days:integer",
        total="total:integer",
    )
    bins = bins.assign(middle=(bins["low"] + bins["high"]) / 2, total=bins["days"].sum())
    here = bins["event"].astype(bool)
    colours = np.where(here, style.ACCENT, style.MAIN)
    ax.bar(bins["middle"], bins["days"], width=0.0085, color=colours, lw=0)
    charts.mark_rows(ax, bins, "middle", "days", say, width=0.01)
    at, days = bins.loc[here, ["middle", "days"]].iloc[0]
    ax.plot(at, days, "D", color=style.ACCENT, ms=7)  # a bar of one day alone would not be seen
    side = "left" if at < 0 else "right"
    ax.annotate(day, (at, days), (0, 10), ha=side, textcoords="offset points")
    axes.percent_axis(ax.xaxis, 6)
    ax.set_xlabel(_("Abnormal return of exposed shares"))
    axes.y_title(ax, _("Days"))


def recovery_path(path: pd.DataFrame, date: pd.Timestamp, sources: Iterable[str]) -> Figure | Card:
    """Draw ``event_inference.worth_path``: groups after the event, against the close before."""
    if path.empty:
        text = _("No returns had been published by then for the days after the event.")
        return finding("recovery-not-known", text, "market-1")
    rows = path[path["group"].isin(_LINES)].assign(change=path["worth"] - 1)
    change = rows.loc[rows["group"] == "accelerators", "change"]
    words = {
        "day": i18n.day(date),
        "last": i18n.percent(change.iloc[-1]),
        "low": i18n.percent(change.min()),
        "until": i18n.day(rows["date"].max()),
        "size": i18n.percent(abs(change.iloc[-1])),
    }
    return charts.figure(
        charts.drawing("fig-event-recovery", 3.2, _draw_recovery, rows),
        words,
        rows.assign(group=[_(GROUPS[g]) for g in rows["group"]]),
        sources=sources,
        title=_("Accelerator shares stood {size} higher by {until}")
        if change.iloc[-1] >= 0
        else _("Accelerator shares stood {size} lower by {until}"),
        subtitle=_(
            "Change in value of equally weighted groups since the close before {day}, dividends included, every "
            "fifth trading day, United States exchanges"
        ),
        alt=_(
            "Line chart of the value of four groups of shares after {day}, where accelerators went as low as {low} "
            "and stood at {last} by {until}."
        ),
        note=_(
            "Prices alone, not abnormal returns: much else happened after the first days, so a recovery isn't an "
            "undoing of the news. Values at a mark are those of the last day of a month that is drawn."
        ),
        columns=(
            Column("date", _("Day"), "date"),
            Column("group", _("Group")),
            Column("change", _("Change"), "percent"),
        ),
    )


def _draw_recovery(ax: Axes, rows: pd.DataFrame) -> None:
    say = charts.say(
        _("{group}, {day}: {change} since the close before"),
        day="date:date",
        change="change:percent",
    )
    ends = []
    ax.axhline(0, color=style.QUIET, lw=1.2)
    for group, colour, dash in zip(_LINES, style.FOUR, style.DASHES, strict=False):
        own = rows[rows["group"] == group].assign(group=_(GROUPS[group]))
        ax.plot(own["date"], own["change"], color=colour, ls=dash)
        label = _(_SHORT.get(group, GROUPS[group]))
        ends.append((own["date"].iloc[-1], own["change"].iloc[-1], label, colour))
        # five days apart, marks would lie on each other
        monthly = own.groupby(own["date"].dt.to_period("M")).last()
        charts.mark_rows(ax, monthly, "date", "change", say)
    axes.percent_axis(ax.yaxis)
    axes.over_time(ax, _("Change since the close before"), ends)
