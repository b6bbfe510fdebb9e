"""Drawing of the lead of American models over Chinese ones."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure

#: Line of the day of the change.
_CHANGE: Any = {"color": style.INK, "lw": 1, "ls": style.DASHES[2]}


def leads(found: Mapping[str, pd.DataFrame], change: dt.date) -> Figure | Card:
    """Draw ``rivalry.leads``, as published and looked back on; a dotted line marks the day of `change`."""
    rows, back = found["as_published"], found["one_version"]
    if rows.empty:
        text = _("No lead of one country over another had been published by then.")
        return finding("gaps-none", text, "regulation-4")
    first, last = rows.iloc[0], rows.iloc[-1]
    words = charts.period(rows["date"]) | {
        "then": i18n.number(first["lead"]),
        "now": i18n.number(last["lead"]),
        "n": i18n.number(len(rows)),
        "day": i18n.day(change),
    }
    looks = {_("As published"): rows, _("Looked back on"): back}
    every = pd.concat([part.assign(what=name) for name, part in looks.items()], ignore_index=True)
    return charts.figure(
        charts.drawing("fig-gaps", 2.9, _draw_leads, looks, change, wide=4.2),
        words,
        every,
        sources=every["source_id"],
        title=_("US Arena lead: {then} points in {since}, {now} in {until}"),
        subtitle=_(
            "Rating of the best US model less that of the best Chinese model on the LMArena leaderboard, points, "
            "{since} to {until}"
        ),
        alt=_(
            "Line chart of the lead of the United States over China on the Arena in {n} readings as published, "
            "{then} points in {since} and {now} in {until}, with 95% bars, and as looked back on by one version."
        )
        if len(back)
        else _(
            "Line chart of the lead of the United States over China on the Arena in {n} readings as published, "
            "{then} points in {since} and {now} in {until}, with 95% bars."
        ),
        note=_(
            "Bars: 95% intervals, errors of the two ratings taken as independent, n = {n} readings. The look back "
            "lacks models that were retired by its day. The dotted line is {day}."
        )
        if len(back)
        else _(
            "Bars: 95% intervals, errors of the two ratings taken as independent, n = {n} readings. The dotted line "
            "is {day}."
        ),
        columns=(
            Column("what", _("What")),
            Column("date", _("Date"), "date"),
            Column("lead", _("Lead"), "number"),
            Column("low", _("Low"), "number"),
            Column("high", _("High"), "number"),
            Column("best_us", _("Best US model")),
            Column("best_china", _("Best Chinese model")),
        ),
    )


def _draw_leads(ax: Axes, looks: dict[str, pd.DataFrame], change: dt.date) -> None:
    say = charts.say(
        _("{what}, {day}: {lead} points"), what="series", day="date:date", lead="lead:number"
    )
    ax.axhline(0, color=style.QUIET, lw=1)
    ax.axvline(pd.Timestamp(change), **_CHANGE)
    published = next(iter(looks.values()))
    ax.vlines(published["date"], published["low"], published["high"], color=style.MAIN, lw=1.4)
    colours = (style.MAIN, style.ACCENT)
    ends = charts.lines(
        ax, looks, "date", "lead", say, colours=colours, dashes=style.DASHES, markers="oo"
    )
    axes.over_time(ax, _("US lead over China, points"), ends)
    axes.point_labels(ax, _rivals(published, style.wide(ax)))


def _rivals(rows: pd.DataFrame, wide: bool) -> list[tuple[Any, float, str]]:
    """Label the readings at which the lead fell most, and where it's wide those at which it rose most.

    Named is the model of the side that gained.
    """
    change = rows["lead"].diff()
    falls = rows.loc[change.nsmallest(2 if wide else 1).index]
    rises = rows.loc[change.nlargest(2 if wide else 0).index]
    found = pd.concat([falls.assign(name=falls["best_china"]), rises.assign(name=rises["best_us"])])
    return list(zip(found["date"], found["lead"], found["name"], strict=True))
