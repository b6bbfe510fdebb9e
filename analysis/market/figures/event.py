"""Figures on the event study: abnormal returns by group, the event among all days, recovery."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from briefs.display import charts, i18n, style
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
    """Draw the abnormal return of each group on the event day.

    Parameters
    ----------
    effects : DataFrame
        As ``event_study.group_effects`` returns, the exposed portfolio first.
    date : date
        The event.

    Returns
    -------
    Figure or Card
        A sentence when the day isn't known, or has no estimation window.
    """
    rows = effects[[e.known for e in effects["day"]]].reset_index(drop=True)
    if rows.empty:
        return finding(
            "event-not-known",
            _(
                "No returns had been published by then for that day and the days before "
                "that the market model needs."
            ),
            claim="market-1",
        )
    main = rows["day"].iloc[0]
    labels = [_(GROUPS[group]) for group in rows["group"]]

    def draw(ax: Axes) -> None:
        ax.axvline(0, color=style.QUIET, lw=1.2)
        charts.forest(
            ax, labels, list(rows["day"]), [style.ACCENT, *[style.MAIN] * (len(rows) - 1)]
        )
        ax.set_xlabel(_("Abnormal return on the day"))

    words = {
        "day": i18n.day(date),
        "value": i18n.percent(abs(main.value)),
        "estimate": i18n.estimate(main),
        "benchmark": benchmark,
        "level": i18n.percent(main.level),
        "n": i18n.number(main.n),
    }
    return charts.finish(
        draw,
        "fig-event-groups",
        0.36 * len(rows) + 1.0,
        sources=tuple(sources),
        data=charts.spread(rows.assign(label=labels), "day"),
        title=_("AI shares fell {value} beyond the market that day", **words)
        if main.value < 0
        else _("AI shares rose {value} beyond the market that day", **words),
        subtitle=_(
            "Abnormal return of equally weighted groups of shares against {benchmark}, United States exchanges, "
            "{day}",
            **words,
        ),
        alt=_(
            "Dot chart of abnormal returns by group on {day}, where shares exposed to AI moved {estimate} and "
            "software did not follow.",
            **words,
        ),
        note=_(
            "Lines are {level} t intervals of the forecast error of the market model; n = {n} days of estimation.",
            **words,
        ),
        columns=(
            Column("label", _("Group")),
            *charts.spread_columns("percent", _("Abnormal return")),
        ),
    )


def placebo_days(
    bins: pd.DataFrame, share: Estimate, date: pd.Timestamp, sources: Iterable[str]
) -> Figure | Card:
    """Draw the event day among the abnormal returns of all days.

    Parameters
    ----------
    bins : DataFrame
        As ``event_tests.histogram`` returns.
    share : Estimate
        Share of other days with as large a fall.
    """
    if bins.empty or not share.known:
        return finding(
            "placebo-not-known",
            _("The day can't be held against other days: too few had been published by then."),
            claim="market-1",
        )
    event = bins[bins["event"].astype(bool)].iloc[0]

    def draw(ax: Axes) -> None:
        colours = np.where(bins["event"].astype(bool), style.ACCENT, style.MAIN)
        ax.bar((bins["low"] + bins["high"]) / 2, bins["days"], width=0.0085, color=colours, lw=0)
        middle = (event["low"] + event["high"]) / 2
        charts.mark(
            ax,
            (bins["low"] + bins["high"]) / 2,
            bins["days"],
            [
                _(
                    "From {low} to {high}: {days} of {total} days",
                    low=i18n.cell("percent", r.low),
                    high=i18n.cell("percent", r.high),
                    days=i18n.number(r.days),
                    total=i18n.number(bins["days"].sum()),
                )
                for r in bins.itertuples()
            ],
            width=0.01,
        )
        ax.plot(
            middle, event["days"], "D", color=style.ACCENT, ms=7
        )  # a bar of one day alone would not be seen
        ax.annotate(
            i18n.day(date),
            (middle, event["days"]),
            (0, 10),
            ha="left" if middle < 0 else "right",
            textcoords="offset points",
        )
        ax.xaxis.set_major_locator(MaxNLocator(6, steps=(1, 2, 5, 10)))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _position: i18n.percent(value)))
        ax.set_xlabel(_("Abnormal return of exposed shares"))
        charts.y_title(ax, _("Days"))

    words = {
        "k": i18n.number(round(share.value * share.n)),
        "n": i18n.number(share.n),
        "day": i18n.day(date),
        "low": i18n.percent(event["low"]),
        "high": i18n.percent(event["high"]),
        "share": i18n.estimate(share),
        "since": i18n.month(bins["first"].min()),
        "until": i18n.month(bins["last"].max()),
    }
    return charts.finish(
        draw,
        "fig-event-placebo",
        3.0,
        data=bins,
        sources=tuple(sources),
        title=_("{k} of {n} other days saw as large an abnormal fall", **words),
        subtitle=_(
            "Trading days by abnormal return of the portfolio of exposed shares, United States exchanges, every "
            "day with a full estimation window, {since} to {until}",
            **words,
        ),
        alt=_(
            "Bar chart of {n} days by abnormal return, where {day} lies at {low} to {high}, apart from all but {k} "
            "others.",
            **words,
        ),
        note=_(
            "Share of other days with as large a fall: {share}, {level} interval ({method}), n = {n} days. "
            "Neighbouring days share most of their estimation window.",
            level=i18n.percent(share.level or 0),
            method=i18n.message(share.method),
            **words,
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


def recovery_path(path: pd.DataFrame, date: pd.Timestamp, sources: Iterable[str]) -> Figure | Card:
    """Draw what groups were worth after the event, against the close before.

    Parameters
    ----------
    path : DataFrame
        As ``event_tests.worth_path`` returns.
    """
    if path.empty:
        return finding(
            "recovery-not-known",
            _("No returns had been published by then for the days after the event."),
            claim="market-1",
        )
    rows = path[path["group"].isin(_LINES)].assign(change=path["worth"] - 1)
    main = rows[rows["group"] == "accelerators"]

    def draw(ax: Axes) -> None:
        ends = []
        ax.axhline(0, color=style.QUIET, lw=1.2)
        for group, colour, dash in zip(_LINES, style.FOUR, style.DASHES, strict=False):
            own = rows[rows["group"] == group]
            ax.plot(own["date"], own["change"], color=colour, ls=dash)
            ends.append(
                (
                    own["date"].iloc[-1],
                    own["change"].iloc[-1],
                    _(_SHORT.get(group, GROUPS[group])),
                    colour,
                )
            )
            shown = own.groupby(
                own["date"].dt.to_period("M")
            ).last()  # five days apart, marks would lie on each other
            charts.mark(
                ax,
                shown["date"],
                shown["change"],
                [
                    _(
                        "{group}, {day}: {change} since the close before",
                        group=_(GROUPS[group]),
                        day=i18n.day(r.date),
                        change=i18n.cell("percent", r.change),
                    )
                    for r in shown.itertuples()
                ],
            )
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _position: i18n.percent(value)))
        charts.years_axis(ax)
        charts.y_title(ax, _("Change since the close before"))
        charts.end_labels(ax, ends)

    words = {
        "day": i18n.day(date),
        "last": i18n.percent(main["change"].iloc[-1]),
        "low": i18n.percent(main["change"].min()),
        "until": i18n.day(rows["date"].max()),
        "size": i18n.percent(abs(main["change"].iloc[-1])),
    }
    return charts.finish(
        draw,
        "fig-event-recovery",
        3.2,
        data=rows.assign(group=[_(GROUPS[g]) for g in rows["group"]]),
        sources=tuple(sources),
        title=_("Accelerator shares stood {size} higher by {until}", **words)
        if main["change"].iloc[-1] >= 0
        else _("Accelerator shares stood {size} lower by {until}", **words),
        subtitle=_(
            "Change in value of equally weighted groups since the close before {day}, dividends included, every "
            "fifth trading day, United States exchanges",
            **words,
        ),
        alt=_(
            "Line chart of the value of four groups of shares after {day}, where accelerators went as low as {low} "
            "and stood at {last} by {until}.",
            **words,
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
